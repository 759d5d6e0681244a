"""Jobs worked off in this process: projections, limits, hostile programs, what does not fit."""

import pytest

from nsr.grammars.parser import parse
from nsr.language import ir
from nsr.language.check import check
from nsr.language.evaluate import NoEntry
from nsr.language.ir import Apply, Find, Function, Literal, Program, Question, Requirement
from nsr.language.projection import project
from nsr.language.sorts import BOOL, INT, IntSort
from nsr.limits import LimitKind, Limits
from nsr.solvers import Claim, CoreJob, Gap, SatisfiableJob, SolutionsJob, backend_names, route, run_sync
from nsr.solvers.jobs import decode_reply, encode_job, features_of_job
from nsr.solvers.work import work
from nsr.verify import verify
from nsr.workers import Family, request_sync, shut_down

BOTH = pytest.mark.parametrize("backend", backend_names())


@pytest.fixture(autouse=True, scope="module")
def _end_of_workers():
    yield
    shut_down()


def typed(source):
    parsed = parse(source)
    assert parsed.program is not None
    checked = check(parsed.program, source)
    assert checked.program is not None, checked.diagnostics
    return checked.program


def done(job, backend):
    return decode_reply(job, backend, work(encode_job(job, backend, 60.0, 0)))


def program_of(functions, *formulas):
    requirements = tuple(Requirement(f"s{n}", "constraint", f) for n, f in enumerate(formulas, 1))
    return Program({}, {f.name: f for f in functions}, {}, {}, requirements, (Question(Find("unique")),))


def unknown(name, sort, arguments=()):
    return Function(name, "var", arguments, sort)


def call(function, *args):
    return Apply(function.name, args, function.value)


CLOCK = """
type Day = [mon, tue, wed]
type Shop = {baker, smith}
var opens(Shop): Day
var closed: Shop optional
define late(s: Shop) = if opens(s) == wed then 2 else 1
constraint a: opens(baker) < opens(smith)
find all opens(smith)
"""


@BOTH
@pytest.mark.parametrize(
    ("terms", "answers"),
    [("opens(smith)", 2), ("opens", 3), ("closed", 3), ("opens(smith), closed", 6), ("late(smith)", 2), ("", 9)],
)
def test_solutions_differ_in_what_is_asked(backend, terms, answers):
    program = typed(CLOCK.replace("find all opens(smith)\n", f"find all {terms}\n"))
    goal = program.questions[0].goal
    outcome = done(SolutionsJob(program, 0, 100, goal.symbols, goal.terms), backend)
    assert outcome.is_complete
    assert len(outcome.structures) == answers
    assert len({project(program, goal, s) for s in outcome.structures}) == answers
    assert set(outcome.structures[0]) == {"opens", "closed"}
    verify(program, 0, outcome)


@BOTH
def test_a_limit_on_solutions_is_no_completeness(backend):
    program = typed("var x: 1..5\nfind all\n")
    assert not done(SolutionsJob(program, 0, 5), backend).is_complete
    assert done(SolutionsJob(program, 0, 6), backend).is_complete


@BOTH
def test_a_core_leaves_out_what_does_not_matter(backend):
    program = typed(
        "var x: 1..5\nvar y: 1..5\nconstraint a: x < y\nconstraint b: y < 4\nconstraint c: x > 2\n"
        "constraint d: y != 5\nfind unique\n"
    )
    outcome = done(CoreJob(program), backend)
    assert set(outcome.core) == {"a", "b", "c"}
    assert outcome.is_complete
    alone = done(CoreJob(program, 0, outcome.core), backend)
    assert set(alone.core) == set(outcome.core)
    assert done(CoreJob(program, 0, ("a", "b", "d")), backend).claim is Claim.SATISFIABLE


@BOTH
def test_a_core_can_be_empty_where_declarations_contradict(backend):
    program = typed("type T = {a, b, c}\nvar f(T): 1..2 distinct\nconstraint x: f(a) == 1\nfind unique\n")
    outcome = done(CoreJob(program), backend)
    assert outcome.claim is Claim.UNSATISFIABLE
    assert outcome.core == ()


@BOTH
def test_formulas_in_a_program_without_a_world(backend):
    program = typed("var x: 1..2\nconstraint: x == 3\nfind unique\n")
    outcome = done(SatisfiableJob(program, 0, (ir.TRUE, ir.FALSE)), backend)
    assert outcome.claim is Claim.UNSATISFIABLE
    assert outcome.verdicts == (False, False)


def test_the_same_seed_gives_the_same_outcome():
    program = typed("var x: 1..50\nvar y: 1..50\nconstraint: x * y == 24 + x\nfind one\n")
    first, second = (done(SolutionsJob(program, 0, 3), "cpsat") for _ in range(2))
    assert first.structures == second.structures
    assert first.encoding == second.encoding


@BOTH
def test_a_list_of_different_values_inside_another(backend):
    source = (
        "type T = {a, b}\nvar f(T): 0..3\n"
        "constraint: BEFORE distinct(f(a), count(distinct(f(a), f(b)) for x in T), 1)\nfind all\n"
    )
    for before, wanted in (("", 8), ("f(b) == 0 and", 1), ("not", 8)):
        program = typed(source.replace("BEFORE", before))
        outcome = done(SolutionsJob(program, 0, 20), backend)
        assert outcome.is_complete
        assert len(outcome.structures) == wanted
        verify(program, 0, outcome)


# Routing


def test_integers_go_to_cpsat_and_are_confirmed_by_another():
    bounded = program_of([unknown("x", IntSort(0, 9))])
    unbounded = program_of([unknown("x", INT)])
    assert [route(p).backend for p in (bounded, unbounded)] == ["cpsat", "cpsat"]
    assert len(route(bounded).names()) > 1


def test_integers_beyond_62_bits_are_found_by_all_back_ends_that_take_them():
    x = unknown("x", IntSort(0, 1 << 70))
    wide = program_of([x], ir.Equal(ir.Product((ir.integer(3), call(x))), ir.integer(3 << 69)))
    names = route(wide).names()
    assert "z3" in names
    assert "cpsat" not in names
    for name in names:
        outcome = done(SolutionsJob(wide, 0, 2), name)
        assert outcome.is_complete
        assert [structure["x"][()] for structure in outcome.structures] == [1 << 69]


def test_a_gap_names_what_is_missing():
    with pytest.raises(Gap) as caught:
        route(program_of([unknown("x", IntSort(0, 1 << 70))]), "cpsat")
    assert caught.value.missing == ("integers beyond 62 bits",)
    assert caught.value.diagnostics[0].code == "unsupported"
    with pytest.raises(Gap):
        route(program_of([unknown("f", BOOL, (INT,))]))


def test_numbers_that_grow_too_large_on_the_way_are_solved_elsewhere_or_named():
    x = unknown("x", IntSort(1, 10**9))
    cube = ir.Product((call(x), call(x), call(x)))
    program = program_of([x], ir.Equal(cube, ir.integer(8 * 10**15)))
    outcome = run_sync(SolutionsJob(program, 0, 1), limits=Limits(wall_seconds=60))
    assert outcome.structures[0]["x"][()] == 2 * 10**5
    with pytest.raises(Gap, match="60 bits"):
        run_sync(SolutionsJob(program, 0, 1), backend="cpsat")


def test_a_missing_entry_is_named():
    source = "type T = {a, b}\nparam p(T): int = {a: 1}\nvar f: T\nfind unique\n"
    program = typed(source)
    asked = Requirement(
        "s", "constraint", ir.Equal(Apply("p", (Apply("f", (), program.sorts["T"]),), INT), ir.integer(1))
    )
    broken = Program(program.sorts, program.symbols, program.definitions, program.tables, (asked,), program.questions)
    with pytest.raises(NoEntry, match="p"):
        run_sync(SolutionsJob(broken, 0, 1))


# Hostile programs: each ends in a limit or an answer, and the next job is served


def _huge_range():
    x = unknown("x", IntSort(1, 10**9))
    v = ir.Variable("v", IntSort(1, 10**9))
    return program_of([x], ir.Quantified("forall", (ir.Bound(v),), ir.LessEqual(call(x), v)))


def _huge_interval():
    x = unknown("x", IntSort(1, 9))
    v = ir.Variable("v", INT)
    between = ir.Interval(ir.integer(1), ir.integer(10**9))
    return program_of([x], ir.Quantified("exists", (ir.Bound(v, between),), ir.Equal(call(x), v)))


def _nested_quantifiers(is_flat):
    x = unknown("x", IntSort(1, 9))
    variables = [ir.Variable(f"v{n}", IntSort(1, 200)) for n in range(8)]
    body = ir.Less(call(x), ir.Sum(tuple(variables)))
    if is_flat:
        return program_of([x], ir.Quantified("forall", tuple(map(ir.Bound, variables)), body))
    for v in variables:
        body = ir.Quantified("forall", (ir.Bound(v),), body)
    return program_of([x], body)


def _huge_function():
    return program_of([unknown("f", BOOL, (IntSort(1, 10**9),))], ir.TRUE)


def _doubling_definitions():
    x = unknown("x", IntSort(0, 9))
    symbols = {"x": x}
    definitions = {}
    body = call(x)
    for n in range(60):
        symbols[f"d{n}"] = Function(f"d{n}", "define", (), INT)
        definitions[f"d{n}"] = ir.Definition((), ir.Sum((body, body)))
        body = Apply(f"d{n}", (), INT)
    formula = Requirement("s1", "constraint", ir.Less(body, ir.integer(5)))
    return Program({}, symbols, definitions, {}, (formula,), (Question(Find("unique")),))


HOSTILE = {
    "a huge range": _huge_range,
    "a huge interval": _huge_interval,
    "nested quantifiers": lambda: _nested_quantifiers(True),
    "quantifiers in quantifiers": lambda: _nested_quantifiers(False),
    "a huge function": _huge_function,
    "definitions that double": _doubling_definitions,
}


@BOTH
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_program_ends_in_a_limit(name, backend):
    limits = Limits(wall_seconds=2, cpu_seconds=4, memory_mib=256)
    outcome = run_sync(SolutionsJob(HOSTILE[name](), 0, 2), backend=backend, limits=limits)
    assert outcome.claim is Claim.UNKNOWN
    assert outcome.limit in set(LimitKind)
    assert not outcome.structures
    easy = program_of([unknown("x", IntSort(1, 1))])
    assert run_sync(SolutionsJob(easy, 0, 2), backend=backend).is_complete


def test_long_and_deep_programs_are_answered_or_stopped():
    f = unknown("f", IntSort(0, 3), (IntSort(1, 100),))
    cells = [call(f, Literal(n, IntSort(1, 100))) for n in range(1, 101)]
    long = program_of([f], ir.And(tuple(ir.LessEqual(cells[n % 100], ir.integer(2)) for n in range(20_000))))
    x = unknown("x", IntSort(0, 3))
    formula = ir.Less(call(x), ir.integer(2))
    for _ in range(20_001):
        formula = ir.Not(formula)
    deep = program_of([x], formula)
    names = program_of([unknown(f"n{n}", IntSort(0, 1)) for n in range(10_000)])
    for program in (long, deep, names):
        outcome = run_sync(SolutionsJob(program, 0, 1), limits=Limits(wall_seconds=60, cpu_seconds=60))
        assert outcome.claim is Claim.SATISFIABLE or outcome.limit is not None
        if outcome.structures:
            assert outcome.backend == "cpsat"
    assert run_sync(SolutionsJob(deep, 0, 5), limits=Limits(wall_seconds=60)).is_complete


def test_exponential_counts_stop_at_the_number_asked_for():
    f = unknown("f", BOOL, (IntSort(1, 60),))
    outcome = run_sync(SolutionsJob(program_of([f]), 0, 1001), limits=Limits(wall_seconds=60))
    assert len(outcome.structures) == 1001
    assert not outcome.is_complete


def test_features_count_what_is_asked_about():
    program = program_of([unknown("x", IntSort(0, 9))])
    wide = ir.Less(Apply("x", (), IntSort(0, 9)), ir.integer(1 << 80))
    assert route(features_of_job(SatisfiableJob(program, 0, (wide,)))).backend == "z3"


def test_a_worker_answers_nonsense_with_an_error():
    from nsr.errors import WorkerCrashed

    with pytest.raises(WorkerCrashed):
        request_sync(Family("cpsat", "nsr.solvers.work"), ("nonsense",), Limits())
