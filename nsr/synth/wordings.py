"""Sentence frames of generated clues: each relation with its formula and many wordings.

Slots: `{A}` a noun phrase, `{A:v}` a verb phrase in the third person, `{A:n}` the same denied, `{A:b}` its base form,
`{A:s}` a relative clause (`who owns a cat`), `{A:less}` and the like a comparing predicate whose object is the thing,
`{n}` an amount, `{U}` what a position is called, `{P}` what a row is called. In formulas `<A>` is the position of a
thing, `[A]` its value in the dimension compared. `~` marks wordings that only the tests use.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RELATIONS", "SKIPPED", "Relation"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of clue. `needs`: `order` a scale, `number` numeric differences, `row` positions; `args` the slots.

    `different` names slots that are given different categories (an equality within one says nothing).
    """

    name: str
    weight: float
    args: str
    formula: str
    wordings: tuple[str, ...]
    needs: str = ""
    different: bool = True
    base_last: float = 0.0


def _relation(
    name: str,
    weight: float,
    args: str,
    formula: str,
    wordings: str,
    needs: str = "",
    *,
    different: bool = True,
    base_last: float = 0.0,
) -> Relation:
    lines = tuple(line.strip() for line in wordings.strip().splitlines())
    return Relation(name, weight, args, formula, lines, needs, different, base_last)


RELATIONS: tuple[Relation, ...] = (
    _relation("same", 18, "AB", "<A> == <B>", """
        {A} is {B}
        {A} is {B}
        {A} is {B}
        {A} {B:v}
        {A} {B:v}
        {A} is also {B}
        {A} is the same {P} as {B}
        {A} and {B} are the same {P}
        {A} and {B} are one and the same
        {A} is the one {B:s}
        It is {A} {B:s}
        {A} turns out to be {B}
        {A} also {B:v}
        The {P} {B:s} is also {A}
        {A} must be {B}
        {A} happens to be {B}
        {A} can only be {B}
        {A} certainly {B:v}
        {A} and {B} are the same individual
        {A} and {B} refer to the same {P}
        {A} is one and the same as {B}
        The {P} {B:s} is none other than {A}
        The one {B:s} is {A}
        {A} has to be {B}
        {A} is definitely {B}
        {A} is actually {B}
        {A} is in fact {B}
        {A} is, in fact, {B}
        {A} is the very {P} {B:s}
        {A} is the only {P} {B:s}
        {A} is the {P} {B:s}
        {A} is known to be {B}
        {A}, of course, {B:v}
        It was {A} {B:s}
        It is true that {A} {B:v}
        It is the case that {A} is {B}
        {A} was {B}
        {A} is the person we know as {B}
        ~{A} is none other than {B}
        ~{A} coincides with {B}
        ~{A} is identical to {B}
        ~{A} equals {B}
        ~You will see that {A} {B:v}""", base_last=0.3),
    _relation("different", 11, "AB", "<A> != <B>", """
        {A} is not {B}
        {A} is not {B}
        {A} isn't {B}
        {A} {B:n}
        {A} {B:n}
        {A} and {B} are different {Ps}
        {A} and {B} are two different {Ps}
        {A} is someone other than {B}
        It is not {A} {B:s}
        {A} cannot be {B}
        {A} can't be {B}
        {A} is never {B}
        {A} is not the one {B:s}
        {A} and {B} are not the same {P}
        {A} wasn't {B}
        {A} is not the {P} {B:s}
        {A} is different from {B}
        It isn't {A} {B:s}
        {A} is by no means {B}
        {A} is certainly not {B}
        {A} is definitely not {B}
        {A} is in no way {B}
        {A} and {B} are not one and the same
        {A} and {B} are distinct {Ps}
        {A} and {B} are separate {Ps}
        {A} and {B} are not the same individual
        {A} is a different {P} than {B}
        {A} is a different {P} from {B}
        {A} is someone else than {B}
        {A} does not match {B}
        {A} must not be {B}
        {A} can be ruled out as {B}
        It is not the case that {A} {B:v}
        It is false that {A} is {B}
        It was not {A} {B:s}
        {A} is any {P} but {B}
        Somebody other than {A} {B:v}
        Someone other than {A} is {B}
        The {P} {B:s} is not {A}
        {A}, however, {B:n}
        ~{A} does not coincide with {B}
        ~{A} is anyone but {B}
        ~{A} has nothing to do with {B}
        ~There is no way that {A} is {B}""", base_last=0.45),
    _relation("less", 7, "AB", "[A] < [B]", """
        {A} {B:less}""", "order", different=False),
    _relation("more", 7, "AB", "[A] > [B]", """
        {A} {B:more}""", "order", different=False),
    _relation("less_inverted", 1, "BA", "[A] < [B]", """
        {B:less_i} is {A}
        {B:less_i} you find {A}
        {B:less_i} comes {A}""", "order", different=False),
    _relation("more_inverted", 1, "BA", "[A] > [B]", """
        {B:more_i} is {A}
        {B:more_i} you find {A}
        {B:more_i} comes {A}""", "order", different=False),
    _relation("next_less_inverted", 0.4, "BA", "[A] + 1 == [B]", """
        {B:next_less_i} is {A}
        {B:next_less_i} comes {A}""", "step", different=False),
    _relation("next_more_inverted", 0.4, "BA", "[A] == [B] + 1", """
        {B:next_more_i} is {A}
        {B:next_more_i} comes {A}""", "step", different=False),
    _relation("not_less", 0.8, "AB", "[A] >= [B]", """
        {A} is not {B:lessc}
        {A} isn't {B:lessc}""", "order", different=False),
    _relation("not_more", 0.5, "AB", "[A] <= [B]", """
        {A} is not {B:morec}
        {A} isn't {B:morec}""", "order", different=False),
    _relation("next_less", 5, "AB", "[A] + 1 == [B]", """
        {A} {B:next_less}""", "step", different=False),
    _relation("next_more", 3.5, "AB", "[A] == [B] + 1", """
        {A} {B:next_more}""", "step", different=False),
    _relation("not_next_less", 0.6, "AB", "[A] + 1 != [B]", """
        {A} is not {B:next_lessc}
        {A} isn't {B:next_lessc}""", "step", different=False),
    _relation("not_next_more", 0.6, "AB", "[A] != [B] + 1", """
        {A} is not {B:next_morec}
        {A} isn't {B:next_morec}""", "step", different=False),
    _relation("by_less", 8, "AB", "[A] + <n> == [B]", """
        {A} {B:by_less}""", "number", different=False),
    _relation("by_more", 8, "AB", "[A] == [B] + <n>", """
        {A} {B:by_more}""", "number", different=False),
    _relation("apart", 2, "AB", "abs([A] - [B]) == <n>", """
        {A} and {B} are {n} apart
        {A} and {B} are exactly {n} apart
        {A} and {B} are separated by exactly {n}
        {A} and {B} differ by {n}
        {A} and {B} differ by exactly {n}
        The difference between {A} and {B} is {n}
        There is a difference of {n} between {A} and {B}
        {A} is either {n} more or {n} less than {B}
        {A} and {B} are separated by {n}
        The difference between {A} and {B} is exactly {n}
        {A} is {n} away from {B}
        {A} is either {n} above or {n} below {B}
        {A} is {n} more or less than {B}
        ~{A} and {B} lie {n} from each other
        ~The gap between {A} and {B} is {n}
        ~{A} and {B} have a gap of {n}""", "number", different=False),
    _relation("times", 2.5, "AB", "[A] == [B] * <k>", """
        {A} {B:times}""", "times", different=False),
    _relation("adjacent", 4.5, "AB", "abs(<A> - <B>) == 1", """
        {A} and {B} are next to each other
        {A} and {B} are next to each other
        {A} is next to {B}
        {A} lives next to {B}
        {A} and {B} are neighbors
        {A} and {B} are adjacent
        {A} is adjacent to {B}
        {A} lives beside {B}
        {A} is beside {B}
        {A} and {B} are side by side
        {A} lives next door to {B}
        {A} has {B} as a neighbor
        {A} and {B} are in neighboring {U}s
        {A} and {B} are directly next to each other
        {A} is directly next to {B}
        {A} is right next to {B}
        {A} neighbors {B}
        There is no {U} between {A} and {B}
        {A} is immediately to the left or right of {B}
        {A} and {B} have adjacent {U}s
        {A} sits next to {B}
        {A} and {B} are exactly one {U} apart
        {A} borders {B}
        {A} is bordering {B}
        {A} and {B} occupy adjacent {U}s
        {A} and {B} live in adjacent {U}s
        {A} and {B} are direct neighbors
        {A} is a direct neighbor of {B}
        {A} is a neighbor of {B}
        {A} is the neighbor of {B}
        {A} lives in a {U} next to {B}
        {A} is in the {U} next to {B}
        {A} is located next to {B}
        {A} is placed next to {B}
        {A} is seated next to {B}
        {A} is one {U} away from {B}
        {A} lives right beside {B}
        {A} is standing next to {B}
        {A} is either directly left or directly right of {B}
        {A} is just before or just after {B}
        {A} and {B} live side by side
        {A} and {B} are consecutive, in either order
        {A} and {B} come one right after the other, in some order
        {A} has a {U} next to {B}
        ~{A} and {B} occupy consecutive {U}s
        ~{A} shares a wall with {B}
        ~{A} lies alongside {B}
        ~{A} and {B} rub shoulders""", "row", different=False),
    _relation("not_adjacent", 2.2, "AB", "abs(<A> - <B>) != 1", """
        {A} and {B} are not next to each other
        {A} is not next to {B}
        {A} isn't next to {B}
        {A} does not live next to {B}
        {A} and {B} are not neighbors
        {A} is not adjacent to {B}
        {A} and {B} are not adjacent
        {A} and {B} aren't neighbors
        {A} and {B} are not in neighboring {U}s
        {A} doesn't sit beside {B}
        {A} is never beside {B}
        {A} and {B} are not side by side
        {A} does not border {B}
        {A} and {B} are not direct neighbors
        {A} is not a neighbor of {B}
        {A} and {B} do not live next to each other
        {A} and {B} do not live in adjacent {U}s
        {A} is not directly next to {B}
        {A} and {B} do not have adjacent {U}s
        {A} is not in a {U} next to {B}
        {A} cannot be next to {B}
        {A} doesn't have {B} as a neighbor
        There is at least one {U} between {A} and {B}
        ~{A} and {B} do not occupy consecutive {U}s
        ~{A} does not lie alongside {B}""", "row", different=False),
    _relation("between", 7, "AB", "abs(<A> - <B>) == <n> + 1", """
        There {is} {n} between {A} and {B}
        There {is} {n} between {A} and {B}
        There {is} exactly {n} between {A} and {B}
        {A} and {B} have {n} between them
        Exactly {n} {stand} between {A} and {B}
        {n} {stand} between {A} and {B}
        {A} and {B} are separated by {n}
        {n} {separate} {A} and {B}
        Between {A} and {B} there {is} {n}
        {A} and {B} are separated by exactly {n}
        {A} and {B} have exactly {n} between them
        You will find {n} between {A} and {B}
        {A} lives with {n} between herself and {B}
        There {is} {n} in between {A} and {B}
        {n} {lie} between {A} and {B}
        {A} is separated from {B} by {n}
        {A} and {B} have {n} in between
        Walking from {A} to {B} you pass {n}
        {A} lives with exactly {n} between him and {B}
        You pass {n} on the way from {A} to {B}
        Between {A} and {B} {stand} {n}
        Between {A} and {B} {lie} exactly {n}
        ~{n} {lie} in the middle of {A} and {B}
        ~{n} can be found in the space from {A} to {B}""", "gap", different=False),
    _relation("at_least_apart", 0.8, "AB", "abs(<A> - <B>) >= <n>", """
        {A} and {B} are at least {n} apart
        {A} is at least {n} away from {B}
        {A} lives at least {n} from {B}
        {A} and {B} are {n} or more apart
        {A} is {n} or more away from {B}
        {A} and {B} are no fewer than {n} apart
        {A} and {B} are not less than {n} apart
        ~{A} and {B} are no fewer than {n} from each other""", "gap", different=False),
    _relation("at_least_between", 0.5, "AB", "abs(<A> - <B>) > <n>", """
        There {is} at least {n} between {A} and {B}
        {A} and {B} have at least {n} between them
        ~{A} and {B} are separated by no fewer than {n}""", "gap", different=False),
    _relation("apart_row", 1.6, "AB", "abs(<A> - <B>) == <n>", """
        {A} and {B} are {n} apart
        {A} and {B} are exactly {n} apart
        {A} is {n} away from {B}
        {A} lives exactly {n} from {B}
        {A} is exactly {n} away from {B}
        {A} and {B} are exactly {n} away from each other
        {A} is {n} to the left or to the right of {B}
        ~{A} and {B} lie {n} from each other""", "gap2", different=False),
    _relation("at_most_apart", 0.7, "AB", "abs(<A> - <B>) <= <n>", """
        {A} and {B} are at most {n} apart
        {A} is at most {n} away from {B}
        {A} is no more than {n} from {B}
        {A} is within {n} of {B}
        {A} and {B} are no more than {n} apart
        {A} and {B} are not more than {n} apart
        {A} lives within {n} of {B}
        {A} and {B} are within {n} of each other
        ~{A} and {B} are not over {n} from each other""", "gap2", different=False),
    _relation("either", 5, "ABC", "<A> == <B> xor <A> == <C>", """
        {A} is either {B} or {C}
        {A} is either {B} or {C}
        {A} either {B:v} or {C:v}
        {A} {B:v} or else {C:v}
        {A} is either {B} or else {C}
        {A} is either the one {B:s} or the one {C:s}
        Either {A} {B:v}, or {A} {C:v}
        {A} is one of {B} and {C}
        {A} either is {B} or is {C}
        {A} is either {B} or {C}, but not both
        {A} must be either {B} or {C}
        {A} is {B} or {C}, but not both
        {A} is one of the two: {B} or {C}
        {A} is exactly one of {B} and {C}
        {A} is one of the following: {B} or {C}
        {A} can only be {B} or {C}
        {A} is either {B} or it is {C}
        {A} is {B}, or else {C}
        {A} is {B} or else {C}
        {A} has to be either {B} or {C}
        Either {A} is {B} or {A} is {C}
        Either {A} is {B} or it is {C}
        {A} either {B:v} or is {C}
        {A} either is {B} or {C:v}
        {A} was either {B} or {C}
        ~One thing is certain: {A} is either {B} or {C}
        ~As for {A}, it is either {B} or {C}
        ~{A} has two options, {B} or {C}""", base_last=0.15),
    _relation("either_subject", 2.5, "ABC", "<A> == <C> xor <B> == <C>", """
        Either {A} or {B} is {C}
        Either {A} or {B} {C:v}
        Either {A} or {B} is the one {C:s}
        Either {A} or {B}, but not both, is {C}
        It is either {A} or {B} {C:s}
        Exactly one of {A} and {B} is {C}
        One of {A} and {B} {C:v}
        One of {A} and {B} is {C}
        Either {A} is {C} or {B} is
        Either {A} {C:v} or {B} does
        Of {A} and {B}, one is {C}
        Of {A} and {B}, exactly one {C:v}
        It was either {A} or {B} {C:s}
        Only one of {A} and {B} {C:v}
        ~{C} is to be found among {A} and {B}""", base_last=0.3),
    _relation("either_object", 1.8, "CAB", "<C> == <A> xor <C> == <B>", """
        {C} is either {A} or {B}
        The {P} {C:s} is either {A} or {B}
        The one {C:s} is either {A} or {B}
        {C} is one of {A} and {B}
        {C} must be either {A} or {B}
        The {P} {C:s} must be {A} or {B}, but not both
        ~{C} turns out to be either {A} or {B}""", base_last=0.0),
    _relation("or", 2.6, "ABC", "<A> == <B> or <A> == <C>", """
        {A} is {B} or {C}
        {A} {B:v} or {C:v}
        {A} is {B} or {C}, or both
        {A} {B:v} or is {C}
        {A} is {B} or {C:v}
        {A} is at least one of {B} and {C}
        {A} is either {B} or {C} or both
        {A} either {B:v} or {C:v} or both
        {A} {B:v} or {C:v}, possibly both
        {A} is {B}, {C}, or both
        ~{A} is {B} and/or {C}""", base_last=0.4),
    _relation("or_subject", 2, "ABC", "<A> == <C> or <B> == <C>", """
        {A} or {B} is {C}
        {A} or {B} {C:v}
        At least one of {A} and {B} is {C}
        {A} or else {B} {C:v}
        At least one of {A} and {B} {C:v}
        {A} or {B} (or both) {C:v}
        Either {A} or {B} or both {C:v}
        ~{A} and/or {B} {C:v}""", base_last=0.5),
    _relation("neither", 3.5, "ABC", "<A> != <B> and <A> != <C>", """
        {A} is neither {B} nor {C}
        {A} is neither {B} nor {C}
        {A} neither {B:v} nor {C:v}
        {A} is not {B} or {C}
        {A} is not {B} and not {C}
        {A} isn't {B} or {C}
        {A} is not {B}, nor is it {C}
        {A} is not {B} and {C:n}
        {A} {B:n} and {C:n}
        {A} {B:n} and is not {C}
        {A} is not {B} and is also not {C}
        {A} is different from both {B} and {C}
        {A} is none of {B} and {C}
        {A} is neither of {B} and {C}
        {A} is none of the two: {B} or {C}
        {A} can be ruled out as {B} as well as {C}
        {A} is neither the one {B:s} nor the one {C:s}
        {A} isn't {B}, and isn't {C} either
        {A} isn't {B} nor {C}
        {A} is not {B} nor {C}
        {A} cannot be {B} or {C}
        {A} can be neither {B} nor {C}
        {A} {B:n}, nor is it {C}
        {A} {B:n}; it is not {C} either
        {A} wasn't {B} or {C}
        ~Rule out both {B} and {C} for {A}
        ~{A} is not either of {B} and {C}""", base_last=0.25),
    _relation("neither_subject", 3, "ABC", "<A> != <C> and <B> != <C>", """
        Neither {A} nor {B} is {C}
        Neither {A} nor {B} {C:v}
        Neither {A} nor {B} is the one {C:s}
        Both {A} and {B} are not {C}
        {A} is not {C}, and neither is {B}
        {A} {C:n}, and neither does {B}
        It is not {A} or {B} {C:s}
        It is neither {A} nor {B} {C:s}
        Neither {A} nor {B} can be {C}
        Neither {A} nor {B} was {C}
        {A} and {B} are not {C}
        {A} isn't {C} and neither is {B}
        Both {A} and {B} are someone other than {C}
        None of {A} and {B} {C:v}
        ~Not {A} and not {B} {C:v}
        ~{C} cannot be {A} or {B}""", base_last=0.35),
    _relation("neither_subject_twice", 0.9, "ACB", "<A> != <C> and <B> != <C>", """
        {A} is not {C} and neither is {B}
        {A} {C:n} and {B} doesn't either
        {A} {C:n}; nor does {B}
        {A} {C:n}, nor does {B}
        {A} is not {C}, nor is {B}
        {A} isn't {C}, and {B} isn't either""", base_last=0.35),
    _relation("pairing", 6, "ABCD", "(<A> == <C> and <B> == <D>) or (<A> == <D> and <B> == <C>)", """
        Of {A} and {B}, one is {C} and the other is {D}
        Of {A} and {B}, one {C:v} and the other {D:v}
        Of {A} and {B}, one is {C} and the other {D:v}
        Of {A} and {B}, one {C:v} and the other is {D}
        One of {A} and {B} is {C} and the other is {D}
        One of {A} and {B} {C:v} and the other {D:v}
        Between {A} and {B}, one is {C} and the other is {D}
        Of {A} and {B}, one is {C} while the other is {D}
        {A} and {B} are, in some order, {C} and {D}
        {A} and {B} are {C} and {D}, in some order
        {A} and {B} are {C} and {D}, not necessarily in that order
        Out of {A} and {B}, one is {C} and the other {D:v}
        Of the two, {A} and {B}, one is {C} and the other is {D}
        Of {A} and {B}, one {C:v}; the other {D:v}
        {A} and {B}: one is {C}, the other is {D}
        {A} and {B} are {C} and {D}, in either order
        {A} and {B} are {C} and {D}, but not necessarily in that order
        {A} and {B} are {C} and {D} in some order
        {A} and {B} are {C} and {D}, though not necessarily respectively
        In some order, {A} and {B} are {C} and {D}
        {A} and {B} are, in either order, {C} and {D}
        {A} and {B} are, not necessarily in that order, {C} and {D}
        Of {A} and {B}, one is {C}, the other {D:v}
        One of {A} and {B} is {C}, the other is {D}
        One of {A} and {B} is {C}; the other one is {D}
        Of {A} and {B}, one {C:v} and one {D:v}
        From {A} and {B}, one is {C} and the other is {D}
        Considering {A} and {B}, one is {C} and the other is {D}
        Among {A} and {B}, one is {C} and the other is {D}
        Of the {Ps} {A} and {B}, one is {C} and the other is {D}
        Either {A} is {C} and {B} is {D}, or {A} is {D} and {B} is {C}
        ~The two {Ps}, {A} and {B}, are {C} and {D} in one order or the other
        ~If you look at {A} and {B}, one is {C} and one is {D}
        ~{A} and {B} make up {C} and {D}
        ~Between them, {A} and {B} account for {C} and {D}
        ~{C} and {D} are {A} and {B} in one order or the other""", base_last=0.3),
    _relation("distinct3", 3, "ABC", "distinct(<A>, <B>, <C>)", """
        {A}, {B} and {C} are three different {Ps}
        {A}, {B}, and {C} are three different {Ps}
        {A}, {B} and {C} are all different {Ps}
        {A}, {B} and {C} are all different
        Three different {Ps} are {A}, {B} and {C}
        {A}, {B}, and {C} are different {Ps}
        {A}, {B} and {C} are not the same {P}
        The three {Ps} are {A}, {B} and {C}
        {A}, {B} and {C} are pairwise different
        No two of {A}, {B} and {C} are the same
        {A}, {B} and {C} are distinct {Ps}
        {A}, {B} and {C} are three separate {Ps}
        {A}, {B}, and {C} are all distinct
        {A}, {B} and {C} are three distinct {Ps}
        The three {Ps} are {A}, {B}, and {C}
        Three of the {Ps} are {A}, {B} and {C}
        The following three are all different: {A}, {B} and {C}
        None of {A}, {B} and {C} are the same {P}
        ~{A}, {B} and {C} never coincide""", base_last=0.1),
    _relation("distinct4", 3.2, "ABCD", "distinct(<A>, <B>, <C>, <D>)", """
        {A}, {B}, {C} and {D} are four different {Ps}
        {A}, {B}, {C}, and {D} are all different {Ps}
        {A}, {B}, {C} and {D} are all different
        The four {Ps} are {A}, {B}, {C} and {D}
        The four {Ps} are {A}, {B}, {C}, and {D}
        Four different {Ps} are {A}, {B}, {C} and {D}
        No two of {A}, {B}, {C} and {D} are the same
        {A}, {B}, {C} and {D} are distinct {Ps}
        {A}, {B}, {C} and {D} are four separate {Ps}
        {A}, {B}, {C}, and {D} are all distinct
        {A}, {B}, {C}, and {D} are four different {Ps}
        Four of the {Ps} are {A}, {B}, {C} and {D}
        The four {Ps} were {A}, {B}, {C} and {D}
        ~{A}, {B}, {C} and {D} never coincide""", base_last=0.1),
    _relation("distinct5", 2, "ABCDE", "distinct(<A>, <B>, <C>, <D>, <E>)", """
        {A}, {B}, {C}, {D} and {E} are five different {Ps}
        {A}, {B}, {C}, {D}, and {E} are all different {Ps}
        The five {Ps} are {A}, {B}, {C}, {D} and {E}
        The five {Ps} are {A}, {B}, {C}, {D}, and {E}
        No two of {A}, {B}, {C}, {D} and {E} are the same
        {A}, {B}, {C}, {D} and {E} are all different
        {A}, {B}, {C}, {D}, and {E} are five different {Ps}
        The five {Ps} were {A}, {B}, {C}, {D} and {E}
        ~{A}, {B}, {C}, {D} and {E} never coincide""", base_last=0.1),
    _relation("at_end", 1.4, "A", "<A> == first or <A> == last", """
        {A} is at one of the ends
        {A} is at an end
        {A} is at one end of the row
        {A} lives at either end
        {A} lives in one of the end {U}s
        {A} lives in one of the outermost {U}s
        {A} is at one of the two ends
        {A} has only one neighbor
        {A} is in a corner {U}
        {A} is on one end
        {A} is on the edge of the row
        {A} occupies one of the end {U}s
        {A} occupies an outer {U}
        {A} lives at one of the ends
        {A} lives at one end of the row
        {A} is at either end
        {A} is at either end of the row
        {A} is in the first or the last {U}
        {A} is either first or last
        {A} lives in either the first or last {U}
        {A} lives on the edge
        {A} is in an end {U}
        ~{A} is found at an extreme end
        ~{A} has neighbors on one side only""", "row"),
    _relation("not_at_end", 1.4, "A", "<A> != first and <A> != last", """
        {A} is not at either end
        {A} is not at an end
        {A} isn't at one of the ends
        {A} does not live at either end
        {A} is at neither end
        {A} does not live in one of the end {U}s
        {A} has two neighbors
        {A} is not on the edge of the row
        {A} has a neighbor on both sides
        {A} does not occupy an outer {U}
        {A} is neither in the first nor in the last {U}
        {A} is neither first nor last
        {A} is not in an end {U}
        {A} lives somewhere in the middle, not at an end
        {A} is not on either end
        ~{A} is found at neither extreme
        ~{A} has neighbors left and right""", "row"),
    _relation("between_two_things", 2, "ABC", "[B] < [A] < [C] or [C] < [A] < [B]", """
        {A} is somewhere between {B} and {C}
        {A} is between {B} and {C}
        {A} lives between {B} and {C}
        {A} lives somewhere between {B} and {C}
        {A} comes between {B} and {C}
        {A} stands somewhere between {B} and {C}
        {A} is located between {B} and {C}
        {A} lies in between {B} and {C}
        {A} is somewhere in between {B} and {C}
        {A} is in between {B} and {C}
        {A} sits between {B} and {C}
        {A} can be found between {B} and {C}
        {B} and {C} have {A} somewhere between them
        Somewhere between {B} and {C} is {A}
        {A} is found somewhere between {B} and {C}
        ~{A} is flanked, not necessarily closely, by {B} and {C}
        ~{A} separates {B} from {C}""", "order base", different=False),
    _relation("less_both", 1.0, "ABC", "[A] < [B] and [A] < [C]", """
        {A} {B:less} and {C:lessc}
        {A} {B:less} as well as {C}
        {A} {B:less} and {C}
        {A} {B:less} and also {C:lessc}
        {A} {B:less} and {C:less}
        {A} {B:less}, and also {C:less}""", "order", different=False),
    _relation("more_less", 1.4, "ABC", "[A] > [B] and [A] < [C]", """
        {A} {B:more} but {C:lessc}
        {A} {B:more} and {C:lessc}
        {A} {B:more} but {C:less}
        {A} {B:more} and {C:less}""", "order", different=False),
    _relation("less_more", 1.4, "ABC", "[A] < [B] and [A] > [C]", """
        {A} {B:less} but {C:morec}
        {A} {B:less} and {C:morec}
        {A} {B:less} but {C:more}
        {A} {B:less} and {C:more}""", "order", different=False),
    _relation("less_chain", 2, "ABC", "[A] < [B] and [B] < [C]", """
        {A} {B:less}, who {C:less}
        {A} {B:less}, and {B} {C:less}
        {A} {B:less}, which {C:less}
        {A} {B:less}, who in turn {C:less}
        {A} {B:less}; {B} {C:less}
        {A} {B:less} and {B} {C:less}
        {A} {B:less}, and the latter {C:less}""", "order", different=False),
    _relation("same_less", 2, "ABC", "<A> == <B> and [A] < [C]", """
        {A} {B:v} and {C:less}
        {A}, who {B:v}, {C:less}
        {A} is {B} and {C:less}
        {A} {B:v}, and {C:less}
        {A} {B:v} but {C:less}
        {A} is {B}, and {C:less}
        {A}, which {B:v}, {C:less}
        {A}, {B}, {C:less}""", "order"),
    _relation("same_more", 1.6, "ABC", "<A> == <B> and [A] > [C]", """
        {A} {B:v} and {C:more}
        {A}, who {B:v}, {C:more}
        {A} is {B} and {C:more}
        {A} {B:v}, and {C:more}
        {A} {B:v} but {C:more}
        {A} is {B}, and {C:more}
        {A}, which {B:v}, {C:more}
        {A}, {B}, {C:more}""", "order"),
    _relation("different_less", 1.2, "ABC", "<A> != <B> and [A] < [C]", """
        {A} is not {B} and {C:less}
        {A} {B:n} and {C:less}
        {A}, who is not {B}, {C:less}
        {A} is not {B} but {C:less}
        {A} isn't {B}, and {C:less}
        {A} {B:n} but {C:less}""", "order"),
    _relation("same_both", 2.2, "ABC", "<A> == <B> and <A> == <C>", """
        {A} {B:v} and {C:v}
        {A} is {B} and {C:v}
        {A}, who {B:v}, {C:v}
        {A}, who {B:v}, is {C}
        {A} is both {B} and {C}
        {A} is {B} and {C}
        {A} {B:v} and is also {C}
        {A} not only {B:v} but also {C:v}
        {A} {B:v} and moreover {C:v}
        {A} is {B} as well as {C}
        {A} is {B} and also {C}
        {A} {B:v}, and also {C:v}
        {A} {B:v} as well as being {C}
        {A} is {B} and is also {C}
        {A} is {B} and {A} {C:v}
        ~{A} {B:v} and, on top of that, {C:v}""", base_last=0.4),
    _relation("same_not", 1.5, "ABC", "<A> == <B> and <A> != <C>", """
        {A} {B:v} but {C:n}
        {A} is {B} but not {C}
        {A}, who {B:v}, {C:n}
        {A}, who {B:v}, is not {C}
        {A} is {B}, not {C}
        {A} {B:v} but is not {C}
        {A} {B:v}, yet {C:n}
        {A} {B:v}, but is not {C}
        {A} is {B} and not {C}
        {A} is {B} and is not {C}
        {A} {B:v} and {C:n}
        {A} {B:v}, though {A} is not {C}
        ~{A} {B:v}; nevertheless, {A} {C:n}""", base_last=0.4),
    _relation("two_facts", 1.4, "ABCD", "<A> == <B> and <C> == <D>", """
        {A} {B:v} and {C} {D:v}
        {A} is {B} and {C} is {D}
        {A} is {B}, and {C} {D:v}
        {A} {B:v}, while {C} {D:v}
        {A} is {B}; {C} is {D}
        {A} {B:v}, whereas {C} {D:v}
        {A} is {B} while {C} is {D}
        {A} {B:v}; {C} {D:v}
        {A} is {B}, whereas {C} is {D}
        {A} is {B} and {C} {D:v}
        {A} {B:v}, but {C} {D:v}
        ~{A} {B:v}; as for {C}, it is {D}""", base_last=0.4),
    _relation("two_denials", 0.8, "ABCD", "<A> != <B> and <C> != <D>", """
        {A} is not {B} and {C} is not {D}
        {A} {B:n} and {C} {D:n}
        {A} isn't {B}, and {C} {D:n}
        {A} is not {B}, and {C} is not {D}
        {A} isn't {B} and {C} isn't {D}
        {A} {B:n}, and {C} is not {D}
        ~{A} {B:n}, whereas {C} {D:n} either""", base_last=0.4),
    _relation("if", 1.6, "ABCD", "<A> == <B> implies <C> == <D>", """
        If {A} is {B}, then {C} is {D}
        If {A} {B:v}, then {C} {D:v}
        If {A} {B:v}, {C} {D:v}
        If {A} is {B}, {C} is {D}
        Should {A} be {B}, then {C} is {D}
        Whenever {A} is {B}, {C} is {D}
        Provided that {A} {B:v}, {C} {D:v}
        In case {A} is {B}, {C} is {D}
        {C} is {D} if {A} is {B}
        {C} {D:v} if {A} {B:v}
        {C} {D:v} whenever {A} {B:v}
        When {A} {B:v}, {C} {D:v}
        ~{A} being {B} means that {C} is {D}
        ~Assuming {A} {B:v}, {C} {D:v}""", base_last=0.4),
    _relation("if_not", 0.7, "ABCD", "<A> == <B> implies <C> != <D>", """
        If {A} is {B}, then {C} is not {D}
        If {A} {B:v}, then {C} {D:n}
        If {A} is {B}, {C} isn't {D}
        If {A} {B:v}, {C} {D:n}
        If {A} {B:v}, then {C} is not {D}
        When {A} is {B}, {C} is not {D}
        {C} is not {D} if {A} is {B}
        ~Provided that {A} {B:v}, {C} {D:n}""", base_last=0.4),
    _relation("not_if", 0.7, "ABCD", "<A> != <B> implies <C> == <D>", """
        If {A} is not {B}, then {C} is {D}
        If {A} {B:n}, then {C} {D:v}
        Unless {A} is {B}, {C} is {D}
        If {A} isn't {B}, then {C} is {D}
        If {A} {B:n}, {C} {D:v}
        {C} is {D} unless {A} is {B}
        {C} {D:v} if {A} {B:n}
        ~In case {A} is not {B}, {C} {D:v}""", base_last=0.4),
    _relation("only_if", 0.4, "ABCD", "<A> == <B> implies <C> == <D>", """
        {A} {B:v} only if {C} {D:v}
        {A} is {B} only if {C} is {D}""", base_last=0.4),
    _relation("iff", 0.7, "ABCD", "<A> == <B> iff <C> == <D>", """
        {A} is {B} if and only if {C} is {D}
        {A} {B:v} if and only if {C} {D:v}
        {A} {B:v} exactly if {C} {D:v}
        {A} is {B} exactly when {C} is {D}
        {A} is {B} precisely if {C} is {D}""", base_last=0.4),
    _relation("either_fact", 2, "ABCD", "<A> == <B> xor <C> == <D>", """
        Either {A} is {B} or {C} is {D}
        Either {A} {B:v} or {C} {D:v}
        Either {A} is {B} or {C} is {D}, but not both
        {A} is {B} or {C} is {D}, but not both
        Exactly one of these holds: {A} is {B}; {C} is {D}
        Either {A} {B:v}, or {C} {D:v}
        Either {A} is {B}, or else {C} is {D}
        Either {A} is {B} or {C} {D:v}, but not both
        Exactly one of these statements is true: {A} is {B}; {C} is {D}
        ~Only one of the following is true: {A} is {B} or {C} is {D}""", base_last=0.4),
    _relation("or_fact", 1.0, "ABCD", "<A> == <B> or <C> == <D>", """
        {A} is {B} or {C} is {D}
        {A} {B:v} or {C} {D:v}
        {A} is {B}, or {C} is {D}, or both
        At least one of these holds: {A} is {B}; {C} is {D}
        {A} is {B}, or {C} is {D}, possibly both
        At least one of these is true: {A} {B:v}; {C} {D:v}""", base_last=0.4),
    _relation("first_few", 0.8, "A", "pos(<A>) <= <n>", """
        {A} is in one of the first {few}
        {A} is one of the first {few}
        {A} lives in one of the first {few}
        {A} has one of the first {few}
        {A} is among the first {few}
        {A} is found within the first {few}
        {A} occupies one of the first {few}
        {A} lives within the first {few}""", "few"),
    _relation("last_few", 0.8, "A", "pos(<A>) + <n> > pos(last)", """
        {A} is in one of the last {few}
        {A} is one of the last {few}
        {A} lives in one of the last {few}
        {A} is among the last {few}
        {A} is found within the last {few}
        {A} occupies one of the last {few}
        {A} has one of the last {few}""", "few"),
    _relation("either_place", 1.8, "ABC", "<A> == <B> xor <A> == <C>", """
        {A} is in either the {B:o} or the {C:o} {U}
        {A} is in either {U} {B:d} or {U} {C:d}
        {A} is in {U} {B:d} or {U} {C:d}
        {A} is either in the {B:o} {U} or in the {C:o} {U}
        {A} lives in either the {B:o} or the {C:o} {U}
        {A} has the {B:o} or the {C:o} {U}
        {A} occupies either the {B:o} or the {C:o} {U}
        {A} is either in {U} {B:d} or in {U} {C:d}
        {A} lives in {U} {B:d} or {U} {C:d}
        {A} is in the {B:o} or {C:o} {U}
        {A} is in {U} {B:d} or {C:d}
        {A} is {B:o} or {C:o}
        {A} is either {B:o} or {C:o}
        ~It is in {U} {B:d} or {C:d} that you find {A}
        ~{A} can be found in {U} {B:d} or {C:d}""", "row places"),
    _relation("neither_place", 1.5, "ABC", "<A> != <B> and <A> != <C>", """
        {A} is in neither the {B:o} nor the {C:o} {U}
        {A} is not in the {B:o} or the {C:o} {U}
        {A} is not in {U} {B:d} or {C:d}
        {A} is neither in the {B:o} nor in the {C:o} {U}
        {A} lives in neither {U} {B:d} nor {U} {C:d}
        {A} is not in the {B:o} {U} and not in the {C:o} {U}
        {A} does not live in the {B:o} or {C:o} {U}
        {A} occupies neither the {B:o} nor the {C:o} {U}
        {A} isn't in {U} {B:d} or {U} {C:d}
        {A} is not in {U} {B:d} and not in {U} {C:d}
        {A} isn't in the {B:o} {U} nor in the {C:o} {U}
        {A} is neither {B:o} nor {C:o}
        {A} does not live in {U} {B:d} or {U} {C:d}
        ~It is not in {U} {B:d} or {C:d} that you find {A}
        ~{A} can be found in neither {U} {B:d} nor {U} {C:d}""", "row places"),
    _relation("odd", 0.5, "A", "pos(<A>) % 2 == 1", """
        {A} is in an odd-numbered {U}
        {A} lives in a {U} with an odd number
        The {U} number of {A} is odd
        {A} has an odd {U} number
        {A} occupies one of the odd {U}s
        {A} lives in an odd-numbered {U}""", "row"),
    _relation("even", 0.5, "A", "pos(<A>) % 2 == 0", """
        {A} is in an even-numbered {U}
        {A} lives in a {U} with an even number
        The {U} number of {A} is even
        {A} has an even {U} number
        {A} occupies one of the even {U}s
        {A} lives in an even-numbered {U}""", "row"),
)  # fmt: skip

SKIPPED: tuple[str, ...] = tuple(line.strip() for line in """
    Who owns the goldfish?
    Who {A:v}?
    Which {P} {A:v}?
    What can you say about {A}?
    Can you work out who {A:v}?
    Match each {P} to the right one in every category
    Match each {P} with a {L} and a {M}
    Using only the clues below, determine the {L} of each {P}
    Use the clues to work out the {L} and {M} of each {P}
    Your task is to find out which {P} goes with which {L}
    Each {P} has a different {L}
    No two {Ps} share the same {L}
    No {L} is used twice
    Each {P} has a unique {L} and a unique {M}
    Every {P} has exactly one {L}
    The {Ps} all know each other well
    It was a sunny day
    It rained all afternoon
    Everybody had a great time
    The {Ps} have been friends for years
    {A} is very happy with the result
    {A} had a wonderful time
    {A} likes to laugh
    Everyone agrees that {A} is nice
    The {L} of each {P} was chosen with care
    Help the organizer sort out who did what
    Figure out the {L} of every {P}
    There are {count} {Ps}, each with a different {L}
    A group of {count} {Ps} met last week
    {count} {Ps} took part, each with a different {L}
    Remember, as with all grid-based logic puzzles, no option in any category will ever be used more than once
    The following facts are known
    Here are the clues
    Determine the complete arrangement
    All of the {Ps} have different {L}s
    The neighbors like to chat over the fence
    This is a tricky one
    Nobody else was there
    Who is who?
    Find out who {A:v}
    Your job is to match each {P} with the right {L}
    Using the clues provided, match the {Ps} with their {L}s
    Each {L} was assigned to exactly one {P}
    No {P} shares a {L} with anybody else
    Every {L} belongs to one {P} only
    The {Ps} come from all over the country
    The day went by quickly
    Each of them has a story to tell
    {A} arrived early and stayed late
    Nobody knows more about it than {A}
    Good luck
    Have fun
    Find the full solution
    ~Work out everything about everyone
    {A} bought a new coat last spring
    ~The organizers were pleased with the turnout
    Which {L} belongs to {A}?
    ~Deduce who is who""".strip().splitlines())  # fmt: skip
