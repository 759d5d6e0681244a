"""Hostile programs: each must end in an answer, a limit outcome or a diagnostic, and touch nothing outside.

They come as language models and strangers may write them; by kind of what they try. `told` are the statuses that are
right where the program has an answer that must not be got wrong (name tricks, exact arithmetic).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HOSTILE", "Hostile"]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A program, what it tries, and the statuses that are right for it where there is an answer."""

    name: str
    kind: str
    source: str
    told: frozenset[str] = frozenset()


HOSTILE: list[Hostile] = []


def _add(kind: str, name: str, source: str, *told: str) -> None:
    HOSTILE.append(Hostile(name, kind, source.strip() + "\n", frozenset(told)))


def _lines(*lines: str) -> str:
    return "\n".join(lines)


# Time: hard for every solver


def _pigeons(birds: int) -> str:
    return _lines(
        f"type Bird = 1..{birds}",
        f"type Hole = 1..{birds - 1}",
        "pred sits(Bird, Hole)",
        "constraint: forall b in Bird: exists h in Hole: sits(b, h)",
        "constraint: forall h in Hole, a, b in Bird: a < b and sits(a, h) implies not sits(b, h)",
        "find one",
    )


_add("time", "pigeons", _pigeons(24), "no_solution")
_add("time", "factors", "var p, q: 2..4_000_000_000\nconstraint: p * q == 3_999_999_866_000_000_949\nfind one")
_add("time", "a sum of three cubes", "var x, y, z: int\nconstraint: x ** 3 + y ** 3 + z ** 3 == 114\nfind one")
_add("time", "an odd perfect square twice another", "var x, y: int in 1..\nconstraint: x * x == 2 * y * y\nfind one")
_add(
    "time",
    "magic square of 12",
    "type I = 1..12\nvar m(I, I): 1..144 distinct\n"
    "constraint: forall i in I: sum(m(i, j) for j in I) == 870 and sum(m(j, i) for j in I) == 870\nfind one",
)
_add("time", "count 2 to the 60", "type I = 1..60\npred on(I)\nconstraint: on(1) or on(2)\nfind count")
_add("time", "all of 2 to the 40", "type I = 1..40\npred on(I)\nconstraint: on(1)\nfind all on")
_add(
    "time",
    "tour of 60",
    "type C = 1..60\nparam far(C, C): int = "
    + str([[(a * 7919 + b * 104729) % 1009 for b in range(60)] for a in range(60)])
    + "\n"
    "var next(C): C distinct\nconstraint: circuit(next)\nminimize sum(far(c, next(c)) for c in C)",
)
_add(
    "time",
    "words without end",
    "type Thing\nvar s(Thing): Thing\nconst zero: Thing\npred less(Thing, Thing)\n"
    "premise: forall x in Thing: less(x, s(x))\n"
    "premise: forall x, y, z in Thing: less(x, y) and less(y, z) implies less(x, z)\n"
    "premise: forall x in Thing: not less(x, x)\nprove: exists x in Thing: less(x, zero)",
)

# Memory and grounding


def _clique(size: int, arity: int) -> str:
    names = [f"x{i}" for i in range(arity)]
    apart = " or ".join(f"{a} == {b}" for i, a in enumerate(names) for b in names[:i])
    return _lines(
        f"type N = 1..{size}",
        "pred r(N, N)",
        f"constraint: forall {', '.join(names)} in N: {apart} or r({names[0]}, {names[-1]})",
        "find one",
    )


_add("grounding", "eight variables over 100", _clique(100, 8))
_add("grounding", "three variables over 1,000", _clique(1_000, 3))
_add(
    "grounding",
    "a million cells",
    "type N = 1..1000\nvar f(N, N): N\nconstraint: forall a, b in N: f(a, b) == f(b, a)\nfind one",
)
_add("grounding", "a billion cells", "type N = 1..1000\nvar f(N, N, N): N\nconstraint: f(1, 1, 1) == 2\nfind one")
_add(
    "grounding",
    "distinct over a million",
    "type N = 1..1_000_000\nvar f(N): N distinct\nconstraint: f(1) == 2\nfind one",
)
_add(
    "grounding",
    "a sum over 10 to the 12",
    "type N = 1..1_000_000\nvar x: int in 0..\nconstraint: x == sum(a * b for a, b in N)\nfind one",
)
_add(
    "grounding",
    "closure of 2,000 nodes joined three times",
    "type N = 1..2000\nrel e(N, N)\nrule e(X, Y) if X != Y\nrel t(N, N)\n"
    "rule t(X, Y) if e(X, Z), e(Z, W), e(W, Y)\nask t(1, X)",
)
_add(
    "grounding",
    "rules over five variables",
    "type N = 1..300\nrel p(N)\nfact p(1)\n"
    "rule p(E) if p(A), p(B), p(C), p(D), E == (A + B + C + D) % 300 + 1\nask p(X)",
)
_add(
    "memory",
    "a table of 10 to the 7",
    "type N = 1..10_000_000\nparam w(N): int = {7: 1} else 0\nvar x: N\nconstraint: w(x) == 1\nfind unique",
)
_add(
    "memory",
    "many names",
    "type T = {"
    + ", ".join(f"e{i}" for i in range(60_000))
    + "}\nvar f(T): T distinct\nconstraint: f(e1) == e2\nfind one",
)
_add(
    "memory",
    "sets of 64",
    "type N = 1..64\nvar s(N): set of N\nconstraint: forall a, b in N: a != b implies len(s(a) & s(b)) == 1\nfind one",
)
_add("memory", "powers of sums", "var x: 0..9\nconstraint: (" + " + ".join(["x"] * 40) + ") ** 40 > 3\nfind one")
_add(
    "memory",
    "nested counts",
    "type N = 1..60\npred p(N, N)\n"
    "constraint: count(a for a in N if count(b for b in N if count(c for c in N if "
    "p(a, b) and p(b, c) and p(c, a)) > 3) > 3) == 7\n"
    "find one",
)

# Depth


_add("depth", "100,000 brackets", "var x: 1..3\nconstraint: " + "(" * 100_000 + "x == 1" + ")" * 100_000 + "\nfind one")
_add("depth", "100,000 times not", "pred p\nconstraint: " + "not " * 100_000 + "p\nfind one")
_add(
    "depth",
    "a sum of 100,000",
    "var x: 0..1\nconstraint: " + " + ".join(["x"] * 100_000) + " == 100_000\nfind one",
    "solved",
)
_add("depth", "implications 20,000 long", "pred p\nconstraint: " + " implies ".join(["p"] * 20_000) + "\nfind one")
_add("depth", "minus signs", "var x: 0..1\nconstraint: " + "- " * 50_000 + "x == 1\nfind one")
_add(
    "depth",
    "conditionals 3,000 deep",
    "var x: 0..9\nconstraint: "
    + "".join(f"if x == {i % 10} then {i} else " for i in range(3_000))
    + "0 == 3\nfind one",
)
_add(
    "depth",
    "definitions that double 60 times",
    _lines(
        "var x: 0..1",
        "define d0 = x + x",
        *[f"define d{i} = d{i - 1} + d{i - 1}" for i in range(1, 60)],
        "constraint: d59 > 5",
        "find one",
    ),
)
_add(
    "depth",
    "definitions that call themselves",
    "define f(x: 0..9) = f(x) + 1\nvar y: 0..9\nconstraint: f(y) == 3\nfind one",
)
_add(
    "depth",
    "quantifiers 200 deep",
    "type N = 1..2\npred p(N)\nconstraint: " + "".join(f"forall x{i} in N: " for i in range(200)) + "p(x7)\nfind one",
)

# Rules that turn in circles


_add(
    "rules",
    "left recursion",
    "type N = 1..50\nrel e(N, N), t(N, N)\nfact e(1, 2), e(2, 3), e(3, 1)\n"
    "rule t(X, Y) if t(X, Z), e(Z, Y)\nrule t(X, Y) if e(X, Y)\nask t(1, X)",
    "solved",
)
_add("rules", "a rule about itself", "type N = 1..3\nrel p(N)\nrule p(X) if p(X)\nask p(X)", "solved")
_add(
    "rules",
    "denial of itself",
    "type N = 1..3\nrel p(N)\nrule p(X) if not p(X)\nask p(X)",
    "inconsistent",
    "no_solution",
)
_add("rules", "counting up", "rel n(int)\nfact n(0)\nrule n(X + 1) if n(X)\nask n(X)")
_add("rules", "counting up in a wide range", "rel n(0..1_000_000_000)\nfact n(0)\nrule n(X + 1) if n(X)\nask n(X)")
_add("rules", "doubling", "rel n(int)\nfact n(1)\nrule n(X + X) if n(X)\nask n(X)")
_add(
    "rules",
    "an even circle of 40",
    _lines("type N = 1..40", "rel a(N), b(N)", "rule a(X) if not b(X)", "rule b(X) if not a(X)", "find count"),
)
_add(
    "rules",
    "Fibonacci",
    "rel fib(0..90, int)\nfact fib(0, 0), fib(1, 1)\nrule fib(N, A + B) if fib(N - 1, A), fib(N - 2, B)\n"
    "ask fib(90, X)",
)
_add(
    "rules",
    "Ackermann",
    "rel a(0..4, int, int)\nrule a(0, N, N + 1) if N >= 0\nrule a(M, 0, K) if M > 0, a(M - 1, 1, K)\n"
    "rule a(M, N, K) if M > 0, N > 0, a(M, N - 1, J), a(M - 1, J, K)\nask a(4, 2, X)",
)
_add(
    "rules",
    "a deep chain",
    _lines(
        "type N = 1..3000",
        "rel e(N, N), t(N)",
        "rule e(X, Y) if Y == X + 1",
        "fact t(1)",
        "rule t(Y) if t(X), e(X, Y)",
        "ask t(3000)",
    ),
)

# Domains without end


_add("infinite", "reals of a disc", "var x, y: real\nconstraint: x * x + y * y <= 1 and x + y > 1.4\nfind all")
_add("infinite", "all integers", "var x: int\nconstraint: x > 3\nfind all")
_add("infinite", "count the integers", "var x: int\nconstraint: x % 7 == 3\nfind count")
_add("infinite", "the greatest integer", "var x: int\nconstraint: x > 3\nmaximize x", "unbounded")
_add("infinite", "the least real above 1", "var x: real\nconstraint: x > 1\nminimize x", "unattained")
_add("infinite", "functions over integers", "var f(int): int\nconstraint: forall x in 1..3: f(x) == x\nfind one")
_add(
    "infinite",
    "a dense order",
    "type Thing\npred lt(Thing, Thing)\nconst a, b: Thing\n"
    "premise: forall x, y in Thing: lt(x, y) implies exists z in Thing: lt(x, z) and lt(z, y)\n"
    "premise: forall x in Thing: not lt(x, x)\n"
    "premise: forall x, y, z in Thing: lt(x, y) and lt(y, z) implies lt(x, z)\npremise: lt(a, b)\n"
    "prove: lt(b, a)",
)

# Huge numbers


_add("huge", "a power tower", "var x: 1..3\nconstraint: x < 10 ** 10 ** 10\nfind one")
_add("huge", "a long numeral", "var x: int\nconstraint: x == " + "9" * 20_000 + "\nfind one")
_add("huge", "a long fraction", "var x: real\nconstraint: x == 0." + "3" * 20_000 + "\nfind one")
_add("huge", "beyond 32 bits", "var x, y: 0..3_000_000_000\nconstraint: x + y == 6_000_000_000\nfind unique", "solved")
_add(
    "huge",
    "beyond 64 bits",
    "var x, y: 0..30_000_000_000_000_000_000\nconstraint: x + y == 60_000_000_000_000_000_000\nfind unique",
    "solved",
)
_add(
    "huge",
    "products beyond 64 bits",
    "var x, y: 4_000_000_000..4_000_000_001\n"
    "constraint: x * y * x * y == 256_000_000_000_000_000_000_000_000_000_000_000_000\nfind unique",
    "solved",
)
_add(
    "huge",
    "weights beyond 32 bits",
    "type N = 1..3\nvar on(N): bool\nmaximize sum(3_000_000_000 * n for n in N if on(n))",
    "optimal",
)
_add(
    "huge",
    "division by what may be nothing",
    "var x: -1..1\nconstraint: 1 // x == 1 or x % 0 == 1\nfind unique",
    "solved",
)
_add("huge", "a factorial", "var x: int\nconstraint: x == prod(n for n in 1..3000)\nfind one")
_add("huge", "a sum of a million terms", "var x: int\nconstraint: x == sum(n * n for n in 1..1_000_000)\nfind one")

# Names of solvers' syntax


def _names(*names: str) -> str:
    elements = ", ".join(names)
    return _lines(
        f"type Thing = {{{elements}}}",
        "var next(Thing): Thing distinct",
        f"constraint: next({names[0]}) == {names[1]}",
        "find one",
    )


_add(
    "names",
    "SMT-LIB",
    _names("assert", "declare_const", "exit", "forall_", "let", "par", "check_sat"),
    "solved",
)
_add("names", "quoted brackets and bars", _names("`|)(exit)(|`", "`; (exit)`", "`a|b`"), "solved")
_add("names", "clingo", _names("`#script(python)`", "`#include`", "`p. :- q`", "`%*`", "`\\\\`"), "solved")
_add(
    "names",
    "Prolog",
    _names("halt", "shell", "halt_1", "consult", "assertz", "cut"),
    "solved",
)
_add("names", "quoted Prolog", _names("`halt.`", "`:- halt`", "`'), halt, ('`", "`$x`"), "solved")
_add("names", "protocol buffers", _names("`} constraints {`", "`variables { domain: 1 }`", "`]`", "`\\n`"), "solved")
_add("names", "LP files", _names("subject", "to_", "bounds", "end_", "free", "inf", "e12"), "solved")
_add("names", "Python itself", _names("__import__", "__class__", "eval", "exec", "os", "self_", "lambda_"), "solved")
_add("names", "letters of other scripts", _names("`Łódź`", "`Σ`", "`日本`", "`a\u200bb`", "`a\u202eb`"), "solved")
_add("names", "the solvers' own", _names("x0", "v0", "r0", "cell_0", "true_", "nil", "int_", "rank"), "solved")
_add("names", "of auxiliary symbols", 'pred p\npred "p known"\nconstraint: p\nfind one')

# Files and the network


_add(
    "files",
    "a table from outside",
    'type T = {a, b}\nparam w(T): int from "../../etc/passwd"\nvar x: T\nconstraint: w(x) == 1\nfind one',
)
_add(
    "files",
    "a table from the root",
    'type T = {a, b}\nparam w(T): int from "/etc/passwd"\nvar x: T\nconstraint: w(x) == 1\nfind one',
)
_add("files", "a type from a device", 'type T from "/dev/zero"\nvar x: T\nfind one')
_add("files", "a URL", 'type T from "http://127.0.0.1:9/x.csv"\nvar x: T\nfind one')
_add("files", "a library from outside", "include ../../etc/passwd\npred p\nconstraint: p\nfind one")
_add("files", "a Prolog directive", ":- shell('touch /tmp/nsr-was-here').\npred p\nconstraint: p\nfind one")
_add(
    "files",
    "a clingo script",
    '#script(python)\nimport os\nos.system("touch /tmp/nsr-was-here")\n#end.\npred p\nconstraint: p\nfind one',
)
_add(
    "files",
    "an SMT-LIB option",
    '(set-option :regular-output-channel "/tmp/nsr-was-here")\npred p\nconstraint: p\nfind one',
)
_add("files", "Python", "constraint: __import__('os').system('touch /tmp/nsr-was-here') == 0\nfind one")
_add("files", "bytes that are no text", "pred p\x00\x1b]0;x\x07\nconstraint: p\nfind one")
