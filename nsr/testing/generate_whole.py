"""What random programs have beyond puzzles: relations, sets, schedules, objectives, open types, all goals."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

__all__ = ["GOALS", "KINDS", "whole_lines"]


class Writer(Protocol):
    """What is declared, and formulas over it."""

    rng: random.Random
    low: int
    high: int
    days: tuple[str, ...]
    pets: tuple[str, ...]
    truths: list[str]
    numbers: list[str]
    pet_terms: list[str]

    def truth(self, depth: int) -> str:
        """A formula."""

    def compare_numbers(self, depth: int) -> str:
        """An atom that is never outside a type by itself."""


def whole_lines(writer: Writer, kinds: Collection[str]) -> list[str]:
    """The statements that show each of the kinds, and a goal: one of the kinds that are goals, else `find all`."""
    lines: list[str] = []
    for kind, write in KINDS.items():
        if kind in kinds and kind not in GOALS:
            lines += write(writer)
    # Beside an objective only `compute` and `find` may stand.
    goals = [kind for kind in GOALS if kind in kinds and (kind == "compute" or "objective" not in kinds)]
    lines += KINDS[writer.rng.choice(goals)](writer) if goals else ["find all"]
    return lines


def _some(rng: random.Random, values: Sequence[str], least: int = 1) -> list[str]:
    return sorted(rng.sample(list(values), rng.randint(least, len(values))))


def _set(writer: Writer, least: int = 1) -> str:
    return "{" + ", ".join(_some(writer.rng, writer.pets, least)) + "}"


def _relation(writer: Writer) -> list[str]:
    """A closure over facts, maybe cut down by an unknown condition, and its complement."""
    rng, pets = writer.rng, writer.pets
    edges = sorted({f"edge({rng.choice(pets)}, {rng.choice(pets)})" for _ in range(rng.randint(1, 4))})
    guard = rng.choice(("", f", {writer.truth(1)}", f" unless {writer.compare_numbers(1)}", " unless lone(Y)"))
    writer.truths.extend([f"reach({pets[0]}, {pets[-1]})", f"far({pets[0]})", f"far({pets[1]})"])
    more = rng.choice(
        (
            "rule reach(X, Z) if reach(X, Y), edge(Y, Z)",
            "rule reach(X, Z) if edge(X, Y), reach(Y, Z)",
            "rule reach(X, Z) if reach(X, Y), reach(Y, Z)",
        )
    )
    return [
        "rel edge(Pet, Pet), reach(Pet, Pet), lone(Pet), far(Pet)",
        f"param weight(Pet): int = {{{pets[0]}: {rng.randint(1, 2)}}}",
        f"fact {', '.join(edges)}",
        *([f"fact lone({rng.choice(pets)})"] if rng.random() < 0.5 else []),
        f"rule reach(X, Y) if edge(X, Y){guard}",
        more,
        rng.choice(
            (
                f"rule far(X) if not reach({pets[0]}, X)",
                "rule far(X) if count(y for y in Pet if reach(X, y)) < 2",
                "rule far(X) if edge(X, Y) unless reach(Y, X)",
                "rule far(X) if forall y in Pet: reach(X, y)",
                "rule far(X) if weight(X) > 1",
                "rule far(X) if not (weight(X) > 1), edge(X, Y)",
            )
        ),
    ]


def _negation(writer: Writer) -> list[str]:
    """Recursion through negation: none, one or several stable models."""
    rng, pets = writer.rng, writer.pets
    writer.truths.extend([f"inside({pets[0]})", f"outside({pets[-1]})"])
    lines = [
        "rel inside(Pet), outside(Pet)",
        "rule inside(X) if not outside(X)",
        rng.choice(("rule outside(X) unless inside(X)", f"rule outside(X) if {writer.truth(1)} unless inside(X)")),
    ]
    if rng.random() < 0.4:
        lines.append(
            rng.choice(
                (
                    f"rule inside({pets[0]}) if outside({pets[1]}), not inside({pets[0]})",
                    f"fact inside({pets[0]})",
                    "rule outside(X) if inside(Y), X != Y",
                )
            )
        )
    return lines


def _two_sided(writer: Writer) -> list[str]:
    rng, pets = writer.rng, writer.pets
    writer.truths.append(f"tame({pets[0]})")
    first, second = rng.sample(pets, 2)
    return [
        "rel tame(Pet), shy(Pet) two_sided",
        f"fact tame({first}), {rng.choice(('', 'not '))}shy({second})",
        rng.choice(
            (
                "rule not tame(X) if shy(X)",
                "rule not shy(X) if tame(X)",
                "rule shy(X) unless tame(X)",
                "default: tame(X) if not shy(X)",
            )
        ),
    ]


def _sets(writer: Writer) -> list[str]:
    rng, pets = writer.rng, writer.pets
    writer.truths.extend([f"({pets[0]} in group)", f"({_set(writer)} <= group)"])
    forms = [
        f"len(group) {rng.choice(('==', '<', '>='))} {rng.randint(0, 3)}",
        f"(group & {_set(writer)}) {rng.choice(('==', '!='))} {_set(writer, 0)}",
        f"(group | {_set(writer)}) == {_set(writer, 2)}",
        f"len(group - {_set(writer)}) <= {rng.randint(0, 1)}",
        f"exists x in group: x != {pets[0]}",
        f"group == {{x for x in Pet if {writer.compare_numbers(1)}}}",
        f"sum(2 for x in group) > {rng.randint(0, 3)}",
    ]
    return ["var group: set of Pet", *(f"constraint: {form}" for form in rng.sample(forms, rng.randint(1, 2)))]


def _schedule(writer: Writer) -> list[str]:
    rng = writer.rng
    lengths = ", ".join(f"{pet}: {rng.randint(0, 2)}" for pet in writer.pets)
    forms = [
        "no_overlap((begin(p), lasts(p)) for p in Pet)",
        f"cumulative({rng.randint(0, 3)}, (begin(p), lasts(p), {rng.randint(1, 2)}) for p in Pet)",
        f"no_overlap((begin(p), 1) for p in Pet if p != {writer.pets[0]})",
    ]
    chosen = rng.choice(forms)
    denied = rng.choice(("", "", "not "))
    writer.numbers.extend(f"begin({pet})" for pet in writer.pets)
    return [
        f"param lasts(Pet): int = {{{lengths}}}",
        f"var begin(Pet): {writer.low}..{writer.high}",
        f"constraint: {denied}{chosen}",
    ]


def _circuit(writer: Writer) -> list[str]:
    denied, mark = writer.rng.choice(("", "", "not ")), writer.rng.choice(("", "", " optional"))
    if writer.rng.random() < 0.5:
        writer.pet_terms.extend([f"follows({writer.pets[0]})", f"follows({writer.pets[-1]})"])
        return [f"var follows(Pet): Pet{mark}", f"constraint: {denied}circuit(follows)"]
    low = writer.low
    writer.numbers.extend([f"turn({low})", f"turn({low + 1})"])
    return [
        f"type Stop = {low}..{low + 2}",
        f"var turn(Stop): Stop{mark}",
        f"constraint: {denied}circuit(turn)",
    ]


def _piecewise(writer: Writer) -> list[str]:
    rng, low = writer.rng, writer.low
    points = f"[({low}, {rng.randint(0, 2)}), ({low + 1}, {rng.randint(0, 4)}), ({low + 3}, 1)]"
    shift = rng.choice(("", " - 1", " / 2"))
    writer.numbers.extend(["level", "level"])
    return [
        f"var level: {writer.low}..{writer.high}",
        f"constraint: piecewise(level{shift}, {points}) {rng.choice(('<=', '>=', '!='))} {rng.randint(0, 3)}",
    ]


def _open(writer: Writer) -> list[str]:
    rng = writer.rng
    forms = [
        "forall x in Thing: glad(x) implies kind(x)",
        "exists x in Thing: glad(x) and not kind(x)",
        "forall x in Thing: kind(x) or x == tom",
        "glad(tom) xor kind(una)",
        "exists x in Thing: x != tom and x != una and glad(x)",
    ]
    chosen = rng.sample(forms, rng.randint(1, 2))
    writer.truths.extend(["glad(tom)", "(exists x in Thing: kind(x))"])
    return [
        f"type Thing{rng.choice(('', ' may_coincide'))}",
        "const tom, una: Thing",
        "pred glad(Thing), kind(Thing)",
        *(f"premise: {form}" for form in chosen),
    ]


def _soft(writer: Writer) -> list[str]:
    rng = writer.rng
    weights = ("", " [2]", " [0.5]")
    return [f"soft{rng.choice(weights)}: {writer.truth(1)}" for _ in range(rng.randint(1, 2))]


def _objective(writer: Writer) -> list[str]:
    rng = writer.rng
    word = rng.choice(("minimize", "maximize"))
    lines = [f"{word}: {_total(writer)}"]
    if rng.random() < 0.4:
        lines.append(f"{rng.choice(('minimize', 'maximize'))}: {_total(writer)}")
    return lines


def _total(writer: Writer) -> str:
    """A number that always has a value."""
    factor = writer.rng.choice(("1", "2", "0.5"))
    return f"{factor} * count({writer.truth(1)} for q in Pet) + count(q for q in D if {writer.truth(1)})"


def _prove(writer: Writer) -> list[str]:
    return [f"prove: {writer.truth(2)}"]


def _ask(writer: Writer) -> list[str]:
    callable_ = [truth.split("(")[0] for truth in writer.truths if truth.endswith(")") and truth[0].isalpha()]
    unary = [name for name in ("far", "inside", "outside", "tame") if name in callable_]
    if not unary or writer.rng.random() < 0.2:
        return [f"ask {writer.truth(1)}"]
    return [f"ask {writer.rng.choice(unary)}(X)"]


def _compute(writer: Writer) -> list[str]:
    return [f"compute {_total(writer)}"]


def _choose(writer: Writer) -> list[str]:
    rng = writer.rng
    mode = rng.choice(
        ("could", "must", "cannot", "could except", "must except", "cannot except", "determines", "forces")
    )
    words = f"forces {writer.truth(1)}" if mode == "forces" else mode
    return [f"choose {words}", *(f"option {label}: {writer.truth(1)}" for label in "ABC")]


def _equivalent(writer: Writer) -> list[str]:
    options = [f"option {label}: {writer.truth(1)}" for label in "ABC"]
    return [f"constraint replaced: {writer.truth(1)}", "choose equivalent to replaced", *options]


def _modal(writer: Writer) -> list[str]:
    rng = writer.rng
    word = rng.choice(("possible", "certain", "fixed"))
    condition = f"{word}({writer.truth(1)})"
    forms = [
        f"compute count(q for q in Pet if {condition})",
        f"compute {{q for q in Pet if {word}(q == {writer.pets[0]} or {writer.truth(1)})}}",
        f"prove: {condition}",
    ]
    return [rng.choice(forms)]


KINDS: Mapping[str, Callable[[Writer], list[str]]] = {
    "relation": _relation,
    "negation": _negation,
    "two_sided": _two_sided,
    "set": _sets,
    "schedule": _schedule,
    "circuit": _circuit,
    "piecewise": _piecewise,
    "open": _open,
    "soft": _soft,
    "objective": _objective,
    "prove": _prove,
    "ask": _ask,
    "compute": _compute,
    "choose": _choose,
    "equivalent": _equivalent,
    "modal": _modal,
}
"""What a program can be made to have; those in `GOALS` are goals, of which it gets one."""

GOALS = ("prove", "ask", "compute", "choose", "equivalent", "modal")
