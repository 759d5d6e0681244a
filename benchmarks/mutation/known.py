"""Which modules compile for a back end, and the mutants of them that change nothing that could be seen."""

COMPILING: dict[str, tuple[str, ...]] = {
    name: tuple([f"nsr.solvers.{name}.{module}" for module in modules])
    for name, modules in {
        "asp": ("cells", "compile", "model", "numbers", "rules"),
        "cpsat": ("compile", "model", "schedules"),
        "milp": ("compile", "linear", "model", "numbers", "sums", "tasks"),
        "prolog": ("constraints", "goals", "joins", "rules"),
        "z3": ("write", "polynomials", "open", "open_terms"),
    }.items()
}
"""Back end to modules."""

EQUIVALENT: dict[str, dict[str, str]] = {name: {} for name in COMPILING}
"""Back end to name of the mutant to the reason."""
