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
        "zip(row, function.arguments...` becomes `args = [] if not self._naming is None else [code(v, s) for v, s in "
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
    "prolog": dict.fromkeys(
        [
            "goals: Goals._applied: `if symbol not in self.names.tables:` becomes `if not symbol not in "
            "self.names.tables:`",
            "goals: Goals._applied: `if symbol not in self.names.tables:` becomes `if symbol in self.names.tables:`",
            "goals: Goals._applied: `values = self.arguments(args, env, goals)` becomes `values = "
            "self.arguments(env, args, goals)`",
            "joins: _Plan._scan: `...nstance(arg, Variable) else self._goals.arguments((arg,), self.env, "
            "own)[0] for arg in ato...` becomes `...nstance(arg, Variable) else "
            "self._goals.arguments(self.env, (arg,), own)[0] for arg in ato...`",
            "joins: _domain: `one = goals.value(term, env, inner)` becomes `one = goals.value(env, term, inner)`",
            "joins: _domain: `...last = (goals.number(low, env, own), goals.number(high, env, own))` becomes "
            "`...last = (goals.number(low, env, own), goals.number(env, high, own))`",
            "joins: _domain: `first, last = (goals.number(low, env, own), goals.number(high, env, own))` "
            "becomes `first, last = (goals.number(env, low, own), goals.number(high, env, own))`",
            "joins: _domain: `return goals.of_sort(bound.variable.sort, value)` becomes `return "
            "goals.of_sort(value, bound.variable.sort)`",
            "goals: Goals._both: `return (self.value(left, env, goals), self.value(right, env, goals))` "
            "becomes `return (self.value(left, env, goals), self.value(env, right, goals))`",
            "goals: Goals._both: `return (self.value(left, env, goals), self.value(right, env, goals))` "
            "becomes `return (self.value(env, left, goals), self.value(right, env, goals))`",
            "goals: Goals._both: `self.value(side, env, probe)` becomes `self.value(env, side, probe)`",
            "goals: Goals._product: `text, *parts = [self.number(arg, env, goals) for arg in args] or "
            "['(1)']` becomes `text, *parts = [self.number(env, arg, goals) for arg in args] or ['(1)']`",
        ],
        "rules that cannot be written are worked out before, with the same rows",
    )
    | dict.fromkeys(
        [
            "joins: _Plan._next_variable: `choices.append((size is None, size or 0, name))` becomes "
            "`choices.append((size is None, size and 0, name))`",
            "joins: _Plan._next_variable: `choices.append((size is None, size or 0, name))` becomes "
            "`choices.append((size is None, size or 1, name))`",
            "joins: _Plan._next_variable: `choices.append((size is None, size or 0, name))` becomes "
            "`choices.append((size is not None, size or 0, name))`",
            "joins: _Plan._next_variable: `size = sort_size(bound.variable.sort) if bound.domain is None else "
            "0` becomes `size = sort_size(bound.variable.sort) if not bound.domain is None else 0`",
            "joins: _Plan._next_variable: `...bound.variable.sort) if bound.domain is None else 0` becomes "
            "`...bound.variable.sort) if bound.domain is None else 1`",
            "joins: _Plan._next_variable: `...sort_size(bound.variable.sort) if bound.domain is None else 0` "
            "becomes `...sort_size(bound.variable.sort) if bound.domain is not None else 0`",
            "joins: _Plan._group: `return set() if is_small else group` becomes `return set() if not is_small "
            "else group`",
            "joins: _Plan._group: `is_small = len(group) == 1 and all((size is not None and size <= SMALL for "
            "size in sizes))` becomes `is_small = len(group) == 1 or all((size is not None and size <= SMALL "
            "for size in sizes))`",
            "joins: _Plan._group: `is_small = len(group) == 1 and all((size is not None and size <= SMALL for "
            "size in sizes))` becomes `is_small = len(group) == 1 and all((size is None and size <= SMALL for "
            "size in sizes))`",
            "joins: _Plan._group: `is_small = len(group) == 1 and all((size is not None and size <= SMALL for "
            "size in sizes))` becomes `is_small = len(group) != 1 and all((size is not None and size <= SMALL "
            "for size in sizes))`",
            "joins: _Plan._group: `is_small = len(group) == 1 and all((size is not None and size <= SMALL for "
            "size in sizes))` becomes `is_small = len(group) == 2 and all((size is not None and size <= SMALL "
            "for size in sizes))`",
            "joins: _Plan._group: `...small = len(group) == 1 and all((size is not None and size <= SMALL for "
            "size in sizes))` becomes `...small = len(group) == 1 and all((size is not None or size <= SMALL "
            "for size in sizes))`",
            "joins: _Plan._group: `...n(group) == 1 and all((size is not None and size <= SMALL for size in "
            "sizes))` becomes `...n(group) == 1 and all((size is not None and size < SMALL for size in "
            "sizes))`",
            "joins: _Plan._group: `grows = True` becomes `grows = False`",
            "joins: _Plan._group: `...t needed <= group) and (self._constraint(term) is not None):` becomes "
            "`...t needed <= group) and (self._constraint(term) is None):`",
            "joins: _Plan._scan: `self._bound(arg.name, is_inside=arg.sort == sort)` becomes `pass`",
        ],
        "variables get the same values in another order, or from their domain instead of CLP(FD)",
    )
    | dict.fromkeys(
        [
            "constraints: Constraints._element: `... (not isinstance(rest.value, int)) or (len(rows) < 2):` "
            "becomes `... (not isinstance(rest.value, int)) or (len(rows) <= 2):`",
            "constraints: Constraints._element: `...(not isinstance(rest.value, int)) or (len(rows) < 2):` "
            "becomes `...(not isinstance(rest.value, int)) or (len(rows) < 3):`",
            "constraints: Constraints._element: `...bject is None or not isinstance(rest, Literal) or (not "
            "isinstance(rest.value, int)) or (le...` becomes `...bject is None or not isinstance(rest, "
            "Literal) or isinstance(rest.value, int) or (len(rows...`",
            "constraints: Constraints._element: `if subject is None or not isinstance(rest, Literal) or (not "
            "isinstance(rest.value, int)) o...` becomes `if subject is not None or not isinstance(rest, "
            "Literal) or (not isinstance(rest.value, int...`",
            "constraints: Constraints._element: `rows.setdefault(int(key), int(value))` becomes `pass`",
            "constraints: Constraints._element: `if subject not in (None, name):` becomes `if not subject not "
            "in (None, name):`",
            "constraints: Constraints._element: `if subject not in (None, name):` becomes `if subject in "
            "(None, name):`",
            "constraints: Constraints._element: `...iteral(value), otherwise) if self._is_small(call) and "
            "isinstance(key, int) and isinstance(...` becomes `...iteral(value), otherwise) if "
            "self._is_small(call) or isinstance(key, int) or isinstance(va...`",
        ],
        "a chain of choices means the same as a table and case by case",
    )
    | dict.fromkeys(
        [
            "rules: Relations._looks_at: `return any((inside & (one.positive | one.other) for one in "
            "mentioned))` becomes `return any((inside | (one.positive | one.other) for one in mentioned))`",
        ],
        "every group of relations is worked out in rounds then, with the same rows",
    )
    | dict.fromkeys(
        [
            "joins: _Plan._run_through: `self.out.append(self._guard(whole, Quantified('exists', (bound,), "
            "bound.variable)))` becomes `self.out.append(self._guard(whole, Quantified('forall', (bound,), "
            "bound.variable)))`",
            "goals: Goals._both: `if self.may_lack(right) and (not isinstance(left, Literal | Variable)):` "
            "becomes `if self.may_lack(right) or not isinstance(left, Literal | Variable):`",
        ],
        "more is guarded or looked for than has to be",
    )
    | dict.fromkeys(
        [
            "reals: MixedConstraints._quotient: `number = dividend if divisor > 0 else f'(-{dividend})'` "
            "becomes `number = dividend if divisor >= 0 else f'(-{dividend})'`",
        ],
        "no divisor is 0",
    ),
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
    "prolog": dict.fromkeys(
        [
            "rules: Relations._looks_at: `return any((inside & (one.positive | one.other) for one in "
            "mentioned))` becomes `return any((inside & (one.positive & one.other) for one in mentioned))`",
        ],
        "no program is known whose rows are wrong where tables look at what is under way",
    )
    | dict.fromkeys(
        [
            "joins: _Plan._run_through: `self._unbound.discard(name)` becomes `pass`",
            "joins: _Plan._group: `if needed & group and (not needed <= group) and (self._constraint(term) is "
            "not None):` becomes `if not (needed & group and (not needed <= group) and "
            "(self._constraint(term) is not None))...`",
            "joins: _Plan._group: `if needed & group and (not needed <= group) and (self._constraint(term) is "
            "not None):` becomes `if needed & group or not needed <= group or self._constraint(term) is not "
            "None:`",
        ],
        "only the limit of time notices what never ends",
    ),
}
"""Mutants that should be noticed and are not yet: what is lacking."""
