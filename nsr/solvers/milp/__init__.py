"""Linear and mixed integer programs with OR-Tools MathOpt."""
