"""Every conformance case on every back end whose plan reaches it; nothing is skipped by name."""

import pytest

from nsr.grammars.libraries import read_library
from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.enumerate import project
from nsr.language.evaluate import check_structure
from nsr.language.printer import print_name
from nsr.language.sorts import Element
from nsr.solvers import Claim, OptimizeJob, SatisfiableJob, SolutionsJob, backend_names, get_backend, route
from nsr.solvers.jobs import decode_reply, encode_job, features_of_job, tasks_of_job
from nsr.solvers.protocol import Gap, Giving, Prover
from nsr.solvers.work import work
from nsr.testing.cases import CASES

SECONDS = 120.0
FEW = 12
"""Back ends without an enumeration of their own are asked for cases with up to so many solutions."""


def program_of(case):
    parsed = parse(case.program)
    assert parsed.program is not None, case.name
    checked = check(parsed.program, case.program, read_library=read_library)
    assert checked.program is not None, case.name
    return checked.program


def done(job, backend):
    """The outcome of a job, worked off in this process."""
    reply = work(encode_job(job, backend, SECONDS, 0))
    if reply.get("gap"):
        raise Gap(reply["gap"])
    return decode_reply(job, backend, reply)


def reaches(job, backend):
    try:
        route(features_of_job(job), backend, tasks_of_job(job))
    except Gap:
        return False
    return True


def frozen(structure):
    return frozenset((name, frozenset(values.items())) for name, values in structure.items())


def cases_with(what):
    return [case for case in CASES if getattr(case, what)]


@pytest.mark.parametrize("backend", backend_names())
def test_solutions(backend):
    reached = too_large = 0
    for case in CASES:
        if case.solutions is None or (backend != "cpsat" and case.solutions > FEW):
            continue
        program = program_of(case)
        job = SolutionsJob(program, 0, case.solutions + 1)
        if not reaches(job, backend):
            continue
        reached += 1
        try:
            outcome = done(job, backend)
        except Gap:
            # How large numbers become is known only when they are written down; the matrix has these cases.
            too_large += 1
            continue
        assert len({frozen(s) for s in outcome.structures}) == len(outcome.structures) == case.solutions, case.name
        assert outcome.is_complete, case.name
        assert outcome.claim is (Claim.SATISFIABLE if case.solutions else Claim.UNSATISFIABLE), case.name
        for structure in outcome.structures[:20]:
            assert check_structure(program, program.questions[0], structure) == (), case.name
            for cell, value in case.each.items():
                assert spelled(program, structure, cell) == value, case.name
    assert reached > 200
    assert too_large < 5


def spelled(program, structure, cell):
    """The value of a cell written as in the language; a relation is false where it says nothing."""
    name, _, rest = cell.partition("(")
    wanted = [part.strip() for part in rest.rstrip(")").split(",") if part.strip()]
    for args, value in structure[name].items():
        if [text(a) for a in args] == wanted:
            return text(value)
    assert program.symbols[name].kind == "rel", cell
    return "false"


def text(value):
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case Element(_, name, _):
            return print_name(name)
        case _:
            return str(value)


@pytest.mark.parametrize("backend", backend_names())
def test_answers_go_by_what_is_asked(backend):
    reached = 0
    for case in cases_with("answers"):
        program = program_of(case)
        goal = program.questions[0].goal
        # `find 3` and `find one` stop there; else one more is asked for, to see that there is none.
        is_bounded = goal.mode in {"some", "one"}
        job = SolutionsJob(program, 0, case.answers + (not is_bounded), goal.symbols, goal.terms)
        if not reaches(job, backend):
            continue
        reached += 1
        outcome = done(job, backend)
        assert len(outcome.structures) == case.answers, case.name
        assert outcome.is_complete or is_bounded, case.name
        assert len({project(program, goal, s) for s in outcome.structures}) == case.answers, case.name
    assert reached


@pytest.mark.parametrize("backend", backend_names())
def test_options(backend):
    reached = 0
    for case in cases_with("chosen"):
        program = program_of(case)
        choices = [n for n, q in enumerate(program.questions) if isinstance(q.goal, ir.Choose)]
        for number, wanted in zip(choices, case.chosen, strict=True):
            goal = program.questions[number].goal
            formulas = [o.formula for o in goal.options]
            denied = [ir.Not(formula) for formula in formulas]
            job = SatisfiableJob(program, number, (*formulas, *denied))
            if not reaches(job, backend):
                continue
            reached += 1
            outcome = done(job, backend)
            could = outcome.verdicts[: len(formulas)]
            could_not = outcome.verdicts[len(formulas) :]
            has_world = outcome.claim is Claim.SATISFIABLE
            holds = {
                "could": list(could),
                "must": [has_world and not other for other in could_not],
                "cannot": [not some for some in could],
            }[goal.mode]
            right = [o.label for o, h in zip(goal.options, holds, strict=True) if h != goal.is_except]
            assert (right[0] if len(right) == 1 else None) == wanted, case.name
    assert reached


def test_every_back_end_declares_itself():
    for name in backend_names():
        spec = get_backend(name).spec
        assert spec.name == name
        assert spec.requires
        assert spec.native
        assert spec.tasks
        assert (Giving.DERIVATION in spec.evidence) == isinstance(get_backend(name), Prover)


MIXTURE = """
type Food = {oats, nuts}
var grams(Food): real >= 0
constraint enough: 2 * grams(oats) + 5 * grams(nuts) >= 100
minimize grams(oats) + 4 * grams(nuts)
"""


def test_evidence_is_given_by_those_that_declare_it():
    parsed = parse(MIXTURE)
    assert parsed.program is not None
    program = check(parsed.program, MIXTURE).program
    assert program is not None
    for name in backend_names():
        evidence = get_backend(name).spec.evidence
        try:
            found = done(OptimizeJob(program), name)
        except Gap:
            assert Giving.DUALS not in evidence
            continue
        assert (found.sensitivity is not None) == (Giving.DUALS in evidence), name
        assert bool(found.certificate) == (Giving.CERTIFICATE in evidence), name
