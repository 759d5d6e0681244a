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
    },
    "cpsat": {
        "compile: Compiler._choice_of_numbers: `if not isinstance(rest, Literal) or not isinstance(rest.value, int):` "
        "becomes `if not isinstance(rest, Literal) or isinstance(rest.value, int):`": (
            "numbers chosen by conditions are written like any other conditional then"
        ),
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
