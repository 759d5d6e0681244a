"""Random programs with real unknowns beside finite ones: linear, satisfiable or not, with and without an objective.

Their worlds cannot be gone through, so what one back end answers is held against another one's answer.
"""

from __future__ import annotations

import random

__all__ = ["random_real_program"]

_BOUNDS = ("", " >= 0", " in -3..4", " in 0..5", " > 0", " > -1 <= 2", " >= 0.5 < 3", " in -2..", " > 0 < 1")
_NUMBERS = ("0", "1", "2", "3", "0.5", "1.25", "1/3", "7/2", "-1", "-2")
_FACTORS = ("2", "3", "-1", "0.5", "2/3", "-3", "1")
_COMPARISONS = ("<", "<=", "==", "!=", ">=", ">")


def random_real_program(seed: int, *, depth: int = 2) -> str:
    """A program; half of them have an objective, the others look for solutions."""
    return "\n".join(_Writer(random.Random(f"reals {seed}")).statements(depth)) + "\n"


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.reals = ["x", "y", "z"][: rng.choice((1, 2, 2, 3))]
        self.wholes = ["n", "m"][: rng.choice((0, 1, 2))]
        self.truths = ["b", "c"][: rng.choice((0, 1, 2))]
        self.bounded: set[str] = set()

    def statements(self, depth: int) -> list[str]:
        rng = self.rng
        lines = ["type Size = {0.5, 1.5, 4}", "param cost(Size): real = {0.5: 2.5, 1.5: 1/3, 4: 7}"]
        for name in self.reals:
            bounds = rng.choice(_BOUNDS)
            if (".." in bounds and not bounds.endswith("..")) or "<" in bounds:
                self.bounded.add(name)
            lines.append(f"var {name}: real{bounds}")
        lines += [f"var {name}: int in {rng.choice(('0..2', '-1..3', '0..9'))}" for name in self.wholes]
        lines += [f"var {name}: bool" for name in self.truths]
        lines.append("var s: Size")
        lines += [f"constraint: {self.formula(depth)}" for _ in range(rng.randint(1, 4))]
        if rng.random() < 0.5:
            lines.append(f"{rng.choice(('minimize', 'maximize'))}: {self.number(1)}")
            return lines
        shown = rng.choice(("", "x", "s", ", ".join([*self.wholes, "s"])))
        return [*lines, f"find {rng.randint(1, 4)} {shown}"]

    def formula(self, depth: int) -> str:
        rng = self.rng
        kind = rng.choice(("atom", "atom", "and", "or", "implies", "iff", "not", "if")) if depth else "atom"
        if kind == "atom":
            return self.atom(depth)
        if kind == "not":
            return f"not ({self.formula(depth - 1)})"
        parts = [f"({self.formula(depth - 1)})" for _ in range(2)]
        if kind == "if":
            return f"if {self.atom(0)} then {parts[0]} else {parts[1]}"
        return f" {kind} ".join(parts)

    def atom(self, depth: int) -> str:
        rng = self.rng
        if self.truths and rng.random() < 0.15:
            return rng.choice(self.truths)
        if rng.random() < 0.1:
            return f"s == {rng.choice(('0.5', '1.5', '4'))}"
        return f"{self.number(depth)} {rng.choice(_COMPARISONS)} {self.number(depth - 1)}"

    def number(self, depth: int) -> str:
        """A linear number in which real unknowns take part, most of the time."""
        rng = self.rng
        if depth <= 0:
            leaves = [
                *self.reals,
                *self.reals,
                *self.wholes,
                "s",
                "cost(s)",
                rng.choice(_NUMBERS),
                rng.choice(_NUMBERS),
            ]
            return rng.choice(leaves)
        kinds = ["sum", "sum", "scaled", "leaf", "if", "abs", "max", "min", "truth", "product"]
        kinds += ["floor", "rest"] if self.bounded else []
        inner = [self.number(depth - 1) for _ in range(2)]
        match rng.choice(kinds):
            case "sum":
                return f"({inner[0]} {rng.choice('+-')} {inner[1]})"
            case "scaled":
                return f"{rng.choice(_FACTORS)} * ({inner[0]})"
            case "if":
                return f"(if {self.atom(0)} then {inner[0]} else {inner[1]})"
            case "abs":
                return f"abs({inner[0]} - {inner[1]})"
            case "max" | "min" as kind:
                return f"{kind}({inner[0]}, {inner[1]})"
            case "truth":
                return f"({inner[0]} + (if {self.atom(0)} then 1 else 0))"
            case "floor":
                name = rng.choice(sorted(self.bounded))
                return rng.choice((f"floor(2 * {name})", f"ceil({name})", f"round({name} + 0.25)", f"({name} // 0.5)"))
            case "rest":
                return f"(({rng.choice(sorted(self.bounded))} + 1) % {rng.choice(('1', '0.75', '2'))})"
            case "product":
                return f"{rng.choice([*self.wholes, 's'])} * {rng.choice(self.reals)}"
            case _:
                return inner[0]
