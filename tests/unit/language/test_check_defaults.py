"""Defaults and preferences against a reading of their definition that knows nothing of auxiliary relations."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

import pytest
from language_programs import codes, diagnostics, program

from nsr.language.enumerate import Asked, Proved, answer

HEAD = "type P = {ann, bo}\nrel bird(P), penguin(P), ill(P)\nrel flies(P) two_sided\nfact bird(ann), ill(bo)\n"


@dataclass(frozen=True)
class Told:
    """A rule about one atom, whose body holds."""

    name: str
    is_default: bool
    sign: bool


class Loop(Exception):
    """Whether a rule yields depends on itself."""


class Reference:
    """Which rules conclude, by the words of the language's description."""

    def __init__(self, rules: list[Told], facts: set[bool], better: set[tuple[str, str]]) -> None:
        self.rules, self.facts, self.better = rules, facts, better
        self.open: set[tuple[str, str]] = set()

    def may_yield(self, rule: Told) -> bool:
        return rule.is_default or any(worse == rule.name for _, worse in self.better)

    def against(self, rule: Told) -> list[Told]:
        return [other for other in self.rules if other.sign != rule.sign]

    def yields(self, rule: Told) -> bool:
        if not self.may_yield(rule):
            return False
        key = ("yields", rule.name)
        if key in self.open:
            raise Loop
        self.open.add(key)
        try:
            return self._yields(rule)
        finally:
            self.open.discard(key)

    def _yields(self, rule: Told) -> bool:
        if rule.is_default and (not rule.sign) in self.facts:
            return True
        for other in self.against(rule):
            is_preferred = (other.name, rule.name) in self.better
            is_strict = rule.is_default and not other.is_default and (rule.name, other.name) not in self.better
            if (is_preferred or is_strict) and self.concludes(other):
                return True
        return False

    def cancelled(self, rule: Told) -> bool:
        if not rule.is_default or self.yields(rule):
            return False
        return any(
            other.is_default
            and (rule.name, other.name) not in self.better
            and (other.name, rule.name) not in self.better
            and not self.yields(other)
            for other in self.against(rule)
        )

    def concludes(self, rule: Told) -> bool:
        return not self.yields(rule) and not self.cancelled(rule)

    def known(self) -> set[bool]:
        return self.facts | {rule.sign for rule in self.rules if self.concludes(rule)}


def transitive(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    closed = set(pairs)
    while new := {(a, d) for (a, b), (c, d) in itertools.product(closed, closed) if b == c} - closed:
        closed |= new
    return closed


def drawn(seed: int) -> tuple[str, set[bool]]:
    """A program about one atom, and what is known of it."""
    draw = random.Random(seed)
    rules = [Told(f"r{i}", draw.random() < 0.7, draw.random() < 0.5) for i in range(draw.randint(1, 5))]
    order = draw.sample(rules, len(rules))
    pairs = {(a.name, b.name) for a, b in itertools.combinations(order, 2) if draw.random() < 0.35}
    facts = {draw.random() < 0.5} if draw.random() < 0.2 else set()
    lines = ["type P = {ann}", "rel always(P)", "rel p(P) two_sided", "fact always(ann)"]
    lines += [f"fact {'' if sign else 'not '}p(ann)" for sign in facts]
    for rule in rules:
        word, sign = "default" if rule.is_default else "rule", "" if rule.sign else "not "
        lines.append(f"{word} {rule.name}: {sign}p(X) if always(X)")
    lines += [f"prefer {a} over {b}" for a, b in sorted(pairs)]
    return "\n".join([*lines, "prove p(ann)"]), Reference(rules, facts, transitive(pairs)).known()


VERDICTS = {
    frozenset(): "undetermined",
    frozenset({True}): "entailed",
    frozenset({False}): "refuted",
    frozenset({True, False}): "inconsistent",
}


@pytest.mark.parametrize("seed", range(150))
def test_what_is_known_is_what_the_words_say(seed: int) -> None:
    try:
        source, known = drawn(seed)
    except Loop:
        pytest.skip("two rules defeat each other in turn")
    checked = program(source)
    found = answer(checked, checked.questions[0])
    assert isinstance(found, Proved)
    assert found.verdict == VERDICTS[frozenset(known)], source


def asked(source: str) -> tuple[set[str], set[str]]:
    checked = program(HEAD + source + "\nask flies(X)")
    found = answer(checked, checked.questions[-1])
    assert isinstance(found, Asked)
    return {str(r[0]) for r in found.true}, {str(r[0]) for r in found.unknown}


@pytest.mark.parametrize(
    ("source", "true", "unknown"),
    [
        ("default flies(X) if bird(X)", {"ann"}, {"bo"}),
        ("default flies(X)\nrule not flies(X) if ill(X)", {"ann"}, set()),
        ("default flies(X) unless ill(X)", {"ann"}, {"bo"}),
        ("default flies(X)\nfact not flies(bo)", {"ann"}, set()),
        ("default flies(X)\ndefault not flies(X) if ill(X)", {"ann"}, {"bo"}),
        ("default flies(X)\ndefault e: not flies(X) if ill(X)\ndrop e", {"ann", "bo"}, set()),
        ("default d: flies(X)\ndefault e: not flies(X) if ill(X)\nprefer e over d\ndrop e", {"ann", "bo"}, set()),
        # Atom by atom: a default that yields at one thing holds at another.
        ("default d: flies(X) if bird(Y)\ndefault e: not flies(bo)\nprefer e over d", {"ann"}, set()),
        # A head with a constant meets a head with a variable.
        ("default d: flies(ann)\nrule r: not flies(X) if bird(X)\nprefer d over r", {"ann"}, {"bo"}),
        # What is known by default lets a strict rule fire.
        ("default flies(X) if bird(X)\nrule flies(bo) if flies(ann)", {"ann", "bo"}, set()),
        # `not` in a body is known false, `unless` not known true.
        ("fact not flies(ann)\nrule flies(bo) if not flies(ann)", {"bo"}, set()),
        ("rule flies(bo) if not flies(ann)", set(), {"ann", "bo"}),
        ("rule flies(bo) unless flies(ann)", {"bo"}, {"ann"}),
        ("rule flies(bo) unless not flies(ann)", {"bo"}, {"ann"}),
        ("fact not flies(ann)\nrule flies(bo) unless not flies(ann)", set(), {"bo"}),
        ("fact not flies(ann)\nrule flies(bo) if not (flies(ann) or ill(ann))", {"bo"}, set()),
        ("fact flies(ann)\nrule flies(bo) if exists x in P: not (flies(x) implies ill(x))", {"ann", "bo"}, set()),
    ],
)
def test_hand_picked(source: str, true: set[str], unknown: set[str]) -> None:
    assert asked(source) == (true, unknown)


def test_a_question_has_preferences_and_facts_of_its_own() -> None:
    source = (
        HEAD
        + """
        default d: flies(X)
        default e: not flies(X) if ill(X)
        question plain "?"
        ask flies(bo)
        question first "?"
        prefer d over e
        ask flies(bo)
        question second "?"
        prefer e over d
        ask flies(bo)
        question fact_wins "?"
        prefer e over d
        fact flies(bo)
        ask flies(bo)
        question without "?"
        drop e
        ask flies(bo)
        question more "?"
        rule not flies(X)
        ask flies(ann)
        """
    )
    checked = program(source)
    found = [answer(checked, q) for q in checked.questions]
    assert [f.verdict for f in found if isinstance(f, Asked)] == ["unknown", "yes", "no", "yes", "yes", "no"]


def test_strict_rules_that_conflict_are_a_contradiction() -> None:
    checked = program(HEAD + "rule flies(X) if bird(X)\nrule not flies(X)\nprove flies(ann)")
    found = answer(checked, checked.questions[0])
    assert isinstance(found, Proved)
    assert found.verdict == "inconsistent"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("default d: flies(X)\nprefer d over missing_one", ["unknown-label"]),
        ("constraint c: flies(ann)\ndefault d: flies(X)\nprefer d over c", ["unknown-label"]),
        ("default d: flies(X)\ndefault e: flies(ann)\nprefer d over e", ["no-conflict"]),
        ("default d: flies(X)\nrule e: not flies(X)\nprefer d over e\nprefer e over d", ["prefer-circle"]),
        ("default not bird(X)", ["negative-head"]),
    ],
)
def test_what_is_refused(source: str, expected: list[str]) -> None:
    assert codes(HEAD + "rule penguin(X) unless bird(X), ill(X), flies(X)\n" + source + "\nask penguin(X)") == expected


@pytest.mark.parametrize("keyword", ["rule", "default"])
@pytest.mark.parametrize("denied", ["", "not "])
def test_counted_recursion_names_the_relation_of_the_source(keyword: str, denied: str) -> None:
    body = f"count(y for y in P if {denied}p(y)) > 0"
    found = diagnostics(f"type P = {{a, b}}\nrel p(P) two_sided\n{keyword} {denied}p(X) if {body}, X == a\nask p(X)")
    told = [d.message for d in found if d.code == "recursive-aggregate"]
    assert told == ["`p` rests on a number or a set made from itself"]
