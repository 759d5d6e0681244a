"""Programs with many constructs at once, through all steps to the back ends and back."""

import pytest

from nsr.grammars.parser import parse
from nsr.language.check import check
from nsr.language.enumerate import solutions
from nsr.language.evaluate import check_structure
from nsr.limits import Budget
from nsr.reformulations import reformulate
from nsr.solvers import backend_names, get_backend
from nsr.solvers.jobs import SolutionsJob, decode_reply, encode_job
from nsr.solvers.work import work

MANY = """
type T = {a, b, c, d}
type Slot = 0..6
rel road(T, T) = {(a, b), (b, c)}
rel reach(T, T), good(T)
define members(x: T) = len(team(x))
var s: set of T
var team(T): set of T
pred u(T)
var start(T): Slot
var next(T): T distinct
var cost: 0..30
rule reach(X, Y) if road(X, Y)
rule reach(X, Z) if reach(X, Y), road(Y, Z)
rule good(X) if u(X)
rule good(X) if good(Y), X in team(Y), not u(Y)
constraint: len(s) == 2 and a in s
constraint: forall x in T if good(x): x in s
constraint: team(a) == {x for x in T if reach(a, x)}
constraint: members(b) == 1
constraint: no_overlap((start(j), 2) for j in {a, b, c})
constraint: cumulative(2, (start(j), 2, 1) for j in T) or u(a)
constraint: circuit(next)
constraint: piecewise(cost, [(0, 0), (10, 25), (20, 30)]) >= 12.5
find all
"""

SMALL = [
    """
type T = {a, b, c}
var s: set of T
rel in_reach(T)
rule in_reach(X) if X in s, X == a
rule in_reach(X) if in_reach(Y), X in s, X != Y
constraint: forall x in T: x in s implies in_reach(x)
find all
""",
    """
type T = {a, b}
pred e(T, T)
rel p(T), q(T)
rule p(X) if q(X)
rule q(X) if p(X)
rule p(X) if e(X, Y), not q(Y)
find all
""",
    """
type T = {a, b, c}
var next(T): T
var t(T): 0..1
constraint: circuit(next) iff no_overlap((t(x), 1) for x in T if x != c)
constraint: cumulative(t(c), (t(x), 1, 1) for x in T)
find all
""",
]


def typed(source):
    checked = check(parse(source).program, source)
    assert checked.program is not None, checked.diagnostics
    return checked.program


def found_by(backend, program, limit):
    job = SolutionsJob(program, limit=limit)
    return decode_reply(job, backend, work(encode_job(job, backend, 30.0, 0)))


def content(world):
    """A world without the atoms that do not hold: a relation may leave them out."""
    return frozenset((name, key, value) for name in world for key, value in world[name].items() if value is not False)


@pytest.mark.parametrize("backend", backend_names())
def test_many_constructs_at_once_reach_every_back_end(backend):
    program = typed(MANY)
    native = get_backend(backend).spec.native
    assert not reformulate(program, native, Budget()).features - native
    worlds = found_by(backend, program, 3).structures
    assert len(worlds) == 3
    for world in worlds:
        assert check_structure(program, program.questions[0], world) == ()


@pytest.mark.parametrize("backend", backend_names())
@pytest.mark.parametrize("source", SMALL)
def test_all_worlds_are_found_once(source, backend):
    program = typed(source)
    expected = list(solutions(program, program.questions[0]))
    found = found_by(backend, program, len(expected) + 1)
    assert found.is_complete
    assert len(found.structures) == len(expected)
    assert {content(world) for world in found.structures} == {content(world) for world in expected}
