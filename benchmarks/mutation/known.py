"""Which modules compile for a back end, and the mutants of them that change nothing that could be seen."""

COMPILING: dict[str, tuple[str, ...]] = {
    "cpsat": ("nsr.solvers.cpsat.compile", "nsr.solvers.cpsat.model", "nsr.solvers.cpsat.schedules"),
    "z3": ("nsr.solvers.z3.write", "nsr.solvers.z3.polynomials", "nsr.solvers.z3.open", "nsr.solvers.z3.open_terms"),
}
"""Back end to modules."""

EQUIVALENT: dict[str, dict[str, str]] = {"cpsat": {}, "z3": {}}
"""Back end to name of the mutant to the reason."""
