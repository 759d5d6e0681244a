"""Every conformance case on the reference evaluator and the enumeration over small domains."""

from __future__ import annotations

import itertools

import pytest

from nsr.diagnostics import Severity
from nsr.grammars.libraries import read_library
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.enumerate import Chosen, answer, project, solutions
from nsr.language.evaluate import check_structure, evaluate
from nsr.language.open_types import open_sorts
from nsr.language.relations import components_of, extend
from nsr.language.sorts import Value, sort_size, sort_values
from nsr.testing.cases import CASES, WRITTEN_CASES, Case


def checked(source: str) -> ir.Program:
    parsed = parse(source)
    assert parsed.program is not None, parsed.diagnostics
    result = check(parsed.program, source, read_library=read_library)
    assert result.program is not None, result.diagnostics
    return result.program


def is_finite(program: ir.Program) -> bool:
    return not open_sorts(program) and all(sort_size(f.value) is not None for f in program.unknowns())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    program = checked(case.program)
    question = program.questions[0]
    if not is_finite(program):
        assert case.solutions is None
        return
    found = list(solutions(program, question, limit=(case.solutions or 0) + 500))
    if case.solutions is not None:
        assert len(found) == case.solutions
    for structure in found:
        assert check_structure(program, question, structure) == ()
    if case.answers is not None:
        assert isinstance(question.goal, ir.Find)
        wanted = {project(program, question.goal, s) for s in found}
        count = min(len(wanted), question.goal.count) if question.goal.mode == "some" else len(wanted)
        assert count == case.answers
    for cell, value in case.each.items():
        extended = checked(case.program + f"\nquestion own\nquestion extra\nfind {cell}\n") if case.each else program
        goal = extended.questions[-1].goal
        assert isinstance(goal, ir.Find)
        assert found
        for structure in found:
            (seen,) = [evaluate(t, structure, extended) for t in goal.terms] or [structure[cell][()]]
            told = str(seen).lower() if seen is None or isinstance(seen, bool) else str(seen)
            assert told == value.strip("`")
    if case.chosen:
        answers = [answer(program, q) for q in program.questions]
        assert tuple(a.label for a in answers if isinstance(a, Chosen)) == case.chosen


def all_structures(program: ir.Program) -> list[dict[str, dict[tuple[Value, ...], Value]]]:
    cells = []
    for function in program.unknowns():
        values = [*sort_values(function.value), *([None] if function.is_optional else [])]
        for args in itertools.product(*(sort_values(s) for s in function.arguments)):
            cells.append((function.name, args, values))
    structures = []
    for choice in itertools.product(*(values for _, _, values in cells)):
        structure: dict[str, dict[tuple[Value, ...], Value]] = {f.name: {} for f in program.unknowns()}
        for (name, args, _), value in zip(cells, choice, strict=True):
            structure[name][args] = value
        structures.append(structure)
    return structures


def in_order(structure: ir.Structure) -> str:
    return repr(sorted((name, sorted(map(repr, values.items()))) for name, values in structure.items()))


@pytest.mark.parametrize("case", WRITTEN_CASES, ids=lambda case: case.name)
def test_search_finds_what_trying_everything_finds(case: Case) -> None:
    """The pruned search against every structure there is, held to `check_structure`."""
    program = checked(case.program)
    if not is_finite(program):
        pytest.skip("infinitely many structures")
    size = 1
    for function in program.unknowns():
        cells = len(list(itertools.product(*(sort_values(s) for s in function.arguments))))
        size *= ((sort_size(function.value) or 0) + function.is_optional) ** cells
    if size > 5000:
        pytest.skip("too many structures to try all")
    for question in program.questions:
        components = components_of(program, question)
        complete = (s for given in all_structures(program) for s in extend(program, components, given))
        right = [s for s in complete if check_structure(program, question, s) == ()]
        assert sorted(map(in_order, solutions(program, question))) == sorted(map(in_order, right))


def test_no_case_has_errors_and_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert len(WRITTEN_CASES) >= 250
    for case in WRITTEN_CASES:
        assert not [d for d in checked(case.program).warnings if d.severity is Severity.ERROR]
