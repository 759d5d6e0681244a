"""Programs that are written differently and mean the same; random programs against trying everything."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from language_programs import program

from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.enumerate import solutions
from nsr.language.evaluate import check_structure
from nsr.language.printer import print_program
from nsr.language.sorts import Value, sort_values
from nsr.testing.generate import programs, random_program

QUICK = settings(max_examples=40, deadline=None)


def found(checked: ir.Program) -> list[str]:
    return sorted(map(repr, solutions(checked, checked.questions[0])))


@settings(max_examples=150, deadline=None)
@given(programs())
def test_printing_and_reading_again_gives_the_same_program(source: str) -> None:
    parsed = parse(source).program
    assert parsed is not None
    again = print_program(parsed)
    # Places in the text differ, and warnings are places.
    assert replace(program(again), warnings=()) == replace(program(source), warnings=())


@QUICK
@given(programs(max_structures=600))
def test_pruning_loses_nothing(source: str) -> None:
    checked = program(source)
    question = checked.questions[0]
    cells: list[tuple[str, tuple[Value, ...], list[Value]]] = []
    for function in checked.unknowns():
        values = [*sort_values(function.value), *([None] if function.is_optional else [])]
        for args in itertools.product(*(sort_values(s) for s in function.arguments)):
            cells.append((function.name, args, values))
    right = []
    for choice in itertools.product(*(values for _, _, values in cells)):
        structure: dict[str, dict[tuple[Value, ...], Value]] = {f.name: {} for f in checked.unknowns()}
        for (name, args, _), value in zip(cells, choice, strict=True):
            structure[name][args] = value
        if not check_structure(checked, question, structure):
            right.append(repr(structure))
    assert found(checked) == sorted(right)


@QUICK
@given(st.integers(0, 10_000))
def test_order_of_statements_and_double_negation_change_nothing(seed: int) -> None:
    source = random_program(seed, max_structures=600)
    lines = source.splitlines()
    declared = [line for line in lines if not line.startswith(("constraint", "find"))]
    stated = [line for line in lines if line.startswith("constraint")]
    twins = []
    for line in stated:
        head, formula = line.split(":", 1)
        twins.append(f"{head}: not (not ({formula.strip()}))")
    twin = "\n".join(["find all", *reversed(twins), *reversed(declared)])
    checked, other = program(source), program(twin)

    def as_sets(p: ir.Program) -> list[list[str]]:
        return sorted(sorted(f"{n}{k}{v}" for n, t in s.items() for k, v in t.items()) for s in all_of(p))

    def all_of(p: ir.Program) -> list[ir.Structure]:
        return list(solutions(p, p.questions[0]))

    assert as_sets(checked) == as_sets(other)


@QUICK
@given(programs(max_structures=600))
def test_a_requirement_and_its_negation_share_the_structures(source: str) -> None:
    lines = [line for line in source.splitlines() if not line.startswith("constraint")]
    formula = next(line for line in source.splitlines() if line.startswith("constraint")).split(":", 1)[1]
    base = "\n".join(lines)
    counts = [
        len(found(program(f"{base}\n{extra}")))
        for extra in ("", f"constraint: {formula}", f"constraint: not ({formula})")
    ]
    assert counts[0] == counts[1] + counts[2]
