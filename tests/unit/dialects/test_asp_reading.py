"""Answer-set programs read in: the answer sets are those that clingo finds, and what is not read is refused by name."""

import random

import pytest

from nsr.dialects import get_dialect, recognize
from nsr.dialects.asp import read_asp
from nsr.engine.checking import parse_program
from nsr.language.sorts import Element
from nsr.solvers.jobs import OptimizeJob, SolutionsJob, decode_reply, encode_job
from nsr.solvers.work import work

MOST = 400


def clingo_sets(text):
    import clingo

    control = clingo.Control([str(MOST), "--warn=none"])
    control.add("base", [], text)
    control.ground([("base", [])])
    found = set()
    with control.solve(yield_=True) as handle:
        for model in handle:
            found.add(frozenset(str(symbol) for symbol in model.symbols(shown=True)))
    return found


def written_of(text):
    reading, written = read_asp(text)
    assert reading.program is not None, [(d.code, d.message) for d in reading.errors]
    return parse_program(reading.source), written


def our_sets(text, backend="asp"):
    program, written = written_of(text)
    job = SolutionsJob(program, 0, MOST)
    reply = work(encode_job(job, backend, 60.0, 0))
    assert not reply.get("gap"), reply
    outcome = decode_reply(job, backend, reply)
    shown = set(program.questions[0].goal.symbols) or set(written.relations)
    found = [literals(structure, written, shown) for structure in outcome.structures]
    assert len(set(found)) == len(found)
    return set(found)


def literals(structure, written, shown):
    out = []
    for name, (predicate, _, is_negative) in written.relations.items():
        for args, truth in structure[name].items():
            if truth is True and name in shown:
                parts = [written.elements[a.name] if isinstance(a, Element) else str(a) for a in args]
                out.append(f"{'-' * is_negative}{predicate}{'(' + ','.join(parts) + ')' if parts else ''}")
    return frozenset(out)


PROGRAMS = {
    "facts": 'p(a). p("B c"). q(1..3). r(x;y). s.',
    "recursion": "e(1,2). e(2,3). e(3,1). t(X,Y) :- e(X,Y). t(X,Z) :- t(X,Y), e(Y,Z).",
    "even loop": "p(a). p(b). in(X) :- p(X), not out(X). out(X) :- p(X), not in(X).",
    "odd loop": "p :- not p.",
    "strong negation": "p(a). -q(X) :- p(X), not q(X). q(X) :- p(X), not -q(X). r(X) :- -q(X).",
    "contradiction": "p. -p.",
    "shifted disjunction": "a | b :- c. c. d :- a, not e. e :- not d.",
    "choice": "n(1..3). 1 { in(X) : n(X) } 2. :- in(1), in(3).",
    "choice under a body": "row(1..2). col(1..2). 1 { q(R,C) : col(C) } 1 :- row(R). :- q(1,C), q(2,C).",
    "choice without bounds": "n(a). n(b). { in(X) : n(X) }. out(X) :- n(X), not in(X).",
    "chosen and derived": "n(a). n(b). { in(X) : n(X) }. in(a).",
    "chosen by name": "1 { red; green; blue } 1. :- red.",
    "arithmetic": "n(0..5). sq(X, X*X) :- n(X), X > 2. even(X) :- n(X), X \\ 2 = 0. half(X, X/2) :- even(X).",
    "sums in arguments": "n(1..4). next(X, X+1) :- n(X), n(X+1). p(X) :- next(X-1, X).",
    "constants": "#const k = 3. #const m = k*2. n(1..k). big(X) :- n(X), X*2 >= m. top(m).",
    "intervals in bodies": "p(X) :- X = 2..4. q(X) :- p(X), X != 3.",
    "pools in bodies": "p(1). p(3). q(X) :- p(X), p(1;3).",
    "counting": "p(a). p(b). q(a). many :- 2 <= #count { X : p(X) }. n(N) :- N = #count { X : p(X), not q(X) }.",
    "summing": "w(a,3). w(b,4). w(c,4). s(S) :- S = #sum { V,X : w(X,V) }. t(S) :- S = #sum { V : w(_,V) }.",
    "counted atoms": "p(1..4). { q(X) : p(X) }. ok :- 2 { q(X) : p(X), X < 4 } 3. :- not ok.",
    "anonymous": "e(a,b). e(c,b). has(X) :- e(X,_). lone(X) :- e(_,X), not e(X,_).",
    "shown": "p(1..2). q(X) :- p(X), X > 1. #show q/1.",
    "shown strong negation": "p(a). -q(X) :- p(X). #show -q/1.",
    "two arities": "p(a). p(a,b). q(X) :- p(X), p(X,_).",
    "names of ours": "rule(a). fact(X) :- rule(X), not type(X). type(b). sum(X) :- fact(X).",
    "numbers and constants": "p(a). p(1). q(X) :- p(X), X != a.",
    "number below constant": "n(1..2). p(X) :- n(X), X <= size.",
    "comments": "% a line\np. %* several\nlines *% q :- p.",
    "negative numbers": "d(-1;0;1). p(X) :- d(X), X < 0. q(-X) :- p(X).",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_answer_sets_are_those_of_clingo(name):
    assert our_sets(PROGRAMS[name]) == clingo_sets(PROGRAMS[name])


@pytest.mark.parametrize("name", ["recursion", "even loop", "choice", "strong negation", "counting"])
def test_they_are_found_without_clingo_too(name):
    assert our_sets(PROGRAMS[name], "cpsat") == clingo_sets(PROGRAMS[name])


def random_asp(seed):
    """A small program with negation of both kinds, choices, constraints and arithmetic."""
    rng = random.Random(seed)
    lines = ["n(1..3).", "c(a). c(b)."]
    predicates = [("p", "n"), ("q", "n"), ("r", "c"), ("s", "c")]

    def literal(variable, kind):
        name = rng.choice([p for p, sort in predicates if sort == kind])
        sign = "-" if rng.random() < 0.2 else ""
        return f"{'not ' if rng.random() < 0.45 else ''}{sign}{name}({variable})"

    for _ in range(rng.randrange(3, 8)):
        name, kind = rng.choice(predicates)
        body = [f"{kind}(X)", *[literal("X", kind) for _ in range(rng.randrange(1, 3))]]
        if kind == "n" and rng.random() < 0.4:
            body.append(rng.choice(["X > 1", "X != 2", "X + 1 < 4", "n(X+1)"]))
        if rng.random() < 0.3:
            other = "c" if kind == "n" else "n"
            body += [f"{other}(Y)", literal("Y", other)]
        head = f"{'-' if rng.random() < 0.15 else ''}{name}(X)"
        lines.append(f"{head} :- {', '.join(body)}.")
    if rng.random() < 0.5:
        lines.append(f"{rng.choice(['', '1 '])}{{ p(X) : n(X), X > {rng.randrange(3)} }}{rng.choice(['', ' 2'])}.")
    if rng.random() < 0.4:
        lines.append(f":- {literal('X', 'n')}, n(X), {literal('Y', 'c')}, c(Y).")
    if rng.random() < 0.3:
        lines.append("t(N) :- N = #count { X : p(X) }.")
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_have_the_answer_sets_of_clingo(seed):
    text = random_asp(seed)
    assert our_sets(text) == clingo_sets(text), text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_more_random_programs_have_the_answer_sets_of_clingo(seed):
    text = random_asp(seed)
    assert our_sets(text) == clingo_sets(text), text


def test_objectives_rank_by_priority():
    text = "n(1..4). 1 { in(X) : n(X) }. #maximize { X@2,X : in(X) }. #minimize { 1@1,X : in(X) }. :- in(1), in(2)."
    program, _ = written_of(text)
    job = OptimizeJob(program, 0)
    outcome = decode_reply(job, "asp", work(encode_job(job, "asp", 60.0, 0)))
    assert [o.value for o in outcome.objectives] == [-9, 3]


REFUSED = {
    "a | b. a :- b. b :- a.": "disjunction",
    "#script(python) x #end.": "#script",
    "#external p(a).": "#external",
    "#include <incmode>.": "#include",
    "&diff{ a - b } <= 3 :- p.": "theory atom",
    "p(@f(1)).": "function of a script",
    ":~ p(X). [X]": "weak constraint",
    "p(f(a)).": "function `f`",
    "p(a). q :- not not p(a).": "not not",
    "n(1..3). m(X) :- X = #min { Y : n(Y) }.": "#min",
    "p(a). p(b). q(X,Y) :- p(X), p(Y), X < Y.": "not ordered",
    "p(0). p(X+1) :- p(X).": "without end",
    "p(1..99999999).": "facts",
    "p(X).": "bound by no atom",
    "p(a). q(X) :- p(Y), not r(X).": "bound by no atom",
    "p(a). p(1). q(X+1) :- p(X).": "numbers and other constants",
    "p(99999999999).": "31 bits",
    "p(a": "no answer-set program",
    "p(" * 200: "brackets",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_read_is_refused_by_name(text):
    reading, _ = read_asp(text)
    assert reading.program is None
    assert any(REFUSED[text] in error.message for error in reading.errors), [e.message for e in reading.errors]
    assert all(0 <= error.span.start <= error.span.end <= len(text) for error in reading.errors)


@pytest.mark.parametrize("seed", range(60))
def test_any_text_is_read_or_refused(seed):
    rng = random.Random(seed)
    pieces = [
        "p",
        "(",
        ")",
        "X",
        "a",
        ",",
        ".",
        ":-",
        "not ",
        "-",
        "{",
        "}",
        "1",
        "..",
        ";",
        "#count",
        "#show",
        "%*",
        '"',
        "|",
        "=",
    ]
    read_asp("".join(rng.choice(pieces) for _ in range(rng.randrange(1, 60))))


def test_the_dialect_is_known_and_recognized():
    dialect = get_dialect("asp")
    assert dialect.read("p(a). q(X) :- p(X), not r(X).", False).program is not None
    assert recognize("p(a).\nq(X) :- p(X), not r(X).\n") is dialect
    assert recognize("type T = {a}\nrel p(T)\nrule p(X) if not p(X)\n") is not dialect
    assert recognize("∀x (P(x) → Q(x))") is not dialect
