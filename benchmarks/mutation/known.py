"""Which modules compile for a back end, and the mutants of them that change nothing that could be seen."""

COMPILING: dict[str, tuple[str, ...]] = {
    name: tuple([f"nsr.solvers.{name}.{module}" for module in modules])
    for name, modules in {
        "asp": ("cells", "compile", "model", "numbers", "rules"),
        "cpsat": ("compile", "model", "schedules"),
        "milp": ("compile", "linear", "model", "numbers", "sums", "tasks", "vectors"),
        "prolog": ("constraints", "goals", "joins", "notation", "reals", "rules", "runs"),
        "z3": ("write", "polynomials", "open", "open_terms"),
    }.items()
}
"""Back end to modules."""

_ASP_DIGITS = "model: Model.chosen: `if number.high - number.low < (1 << number.count) - 1:` becomes "
_IMPLIED = "the bound that is written in addition says what the digits say already"

EQUIVALENT: dict[str, dict[str, str]] = {name: {} for name in COMPILING} | {
    "asp": {
        _ASP_DIGITS + "`if number.high - number.low <= (1 << number.count) - 1:`": _IMPLIED,
        _ASP_DIGITS + "`if number.high - number.low < (1 << number.count) + 1:`": _IMPLIED,
        _ASP_DIGITS + "`if number.high - number.low < (2 << number.count) - 1:`": _IMPLIED,
        "compile: Compiler._floor: `if divisor < 0:` becomes `if divisor < 1:`": "no divisor is 0 by then",
        "compile: Compiler.linear: `result = self._times(result, self.linear(arg))` becomes "
        "`result = self._times(self.linear(arg), result)`": "a product is the same in either order",
        "compile: Compiler.__init__: `self.write('#show.')` becomes `pass`": "of an answer set only numbers are read",
        "cells: Cells._advance: `if self._next >= LARGEST:` becomes `if self._next > LARGEST:`": (
            "the one number that is shown in addition has 31 bits, too"
        ),
        "cells: Cells._declare_digits: `args = [] if self._naming is None else [code(v, s) for v, s in "
        "zip(row, function.argum...` becomes `args = [] if not self._naming is None else [code(v, s) for v, s in "
        "zip(row, function.argum...`": "the arguments stand in names that people read only",
    },
    "cpsat": {
        "compile: Compiler._choice_of_numbers: `if not isinstance(rest, Literal) or not isinstance(rest.value, int):` "
        "becomes `if not isinstance(rest, Literal) or isinstance(rest.value, int):`": (
            "numbers chosen by conditions are written like any other conditional then"
        ),
        "model: Model.named_literal: `if domain == ((0, 1),):` becomes `if domain == ((1, 1),):`": (
            "a literal of its own is tied to the variable then"
        ),
        "model: Model.as_literal: `return self._known[key] if truth else -self._known[key] - 1` becomes "
        "`return self._known[key] if truth else self._known[key] - 1`": "arcs that are known to be false are left out",
        "schedules: _interval: `if False not in conditions:` becomes `if True not in conditions:`": (
            "the length of an interval that is not there says nothing"
        ),
        **dict.fromkeys(
            [
                "schedules: _interval: `if compiler.bounds(length)[0] < 1:` becomes "
                "`if compiler.bounds(length)[0] < 2:`",
                "schedules: _interval: `if compiler.bounds(length)[0] < 1:` becomes "
                "`if compiler.bounds(length)[0] <= 1:`",
            ],
            "the greatest of 1 and a length that is at least 1 is that length",
        ),
        "model: Model.require_permutation: `if len(linears) < 3 or any((len(one.terms) != 1 or one.constant for one in "
        "linears)):` becomes `if len(linears) < 4 or any((len(one.terms) != 1 or one.constant for one in linears)):`": (
            "three different values are written as any other list then"
        ),
        "schedules: require_circuit: `...les) == len(codes) and all((compiler.named_values(v, len(codes)) for v in "
        "variables)):` becomes `...les) == len(codes) and all((compiler.named_values(len(codes), v) for v in "
        "variables)):`": "what follows from a tour is written as well then",
        "compile: Compiler._require_different: `...on = f'enforcement_literal: {list(enforced)} ' if enforced else ''` "
        "becomes `...on = f'enforcement_literal: {list(enforced)} ' if not enforced else ''`": (
            "lists of different values come as whole requirements only"
        ),
    },
    "milp": {
        "tasks: _other_than: `if (own.low, own.high) == (0, 1):` becomes `if (own.low, own.high) == (1, 1):`": (
            "truth values are told apart as any other whole columns then"
        ),
        "numbers: Numbers.step: `return exact(Fraction(1, lcm(linear.constant.denominator, *[value.denominator for "
        "value in...` becomes `return exact(Fraction(1, lcm(*[value.denominator for value in "
        "linear.terms.values()], line...`": "the least common multiple is the same in any order",
    },
    "z3": dict.fromkeys(
        [
            "open_terms: TermWriter._typed: `return (f'(ite {self.formula(arg, env)} 1 0)', False)` becomes "
            "`return (f'(ite {self.formula(arg, env)} 1 0)', True)`",
            "open_terms: TermWriter._typed: `return (f'(+ 1 {self.value(arg, env)})', False)` becomes "
            "`return (f'(+ 1 {self.value(arg, env)})', True)`",
            "open_terms: TermWriter._literal: `return (numeral(value), False)` becomes `return (numeral(value), True)`",
            "open_terms: TermWriter._literal: `return (str(value.index), False)` becomes "
            "`return (str(value.index), True)`",
            "open_terms: TermWriter._operation: `parts = [(neutral, False), *[self._typed(arg, env) for arg in args]]` "
            "becomes `parts = [(neutral, True), *[self._typed(arg, env) for arg in args]]`",
        ],
        "Z3 takes whole numbers beside reals as reals itself, and whole reals as arguments that are integers",
    ),
}
"""Back end to name of the mutant to the reason."""

OPEN: dict[str, dict[str, str]] = {name: {} for name in COMPILING} | {
    "prolog": {
        "goals: Goals.formula: `case Quantified('forall', binders, body):` becomes "
        "`case Quantified('exists', binders, body):`": (
            "no case reaches a quantifier over all that is still one when rules are written"
        ),
    },
}
"""Mutants that should be noticed and are not yet: what is lacking."""
