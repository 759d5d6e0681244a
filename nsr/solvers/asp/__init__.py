"""Answer set programming with clingo."""
