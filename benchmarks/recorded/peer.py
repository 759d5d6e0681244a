"""Runs Logic-LM's own solver classes for `speed.py`; stands alone, for the Python that has their libraries.

    PYTHON peer.py CHECKOUT SET

CHECKOUT is Logic-LM's repository. Once its solver is loaded it writes `ready` or why it cannot be; then for each line
of JSON with `raw` it runs the program as their `models/logic_inference.py` does, and writes the answer or the error.
"""

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys

SOLVERS = {
    "prontoqa": ("pyke_solver.pyke_solver", "Pyke_Program", "ProntoQA"),
    "proofwriter": ("pyke_solver.pyke_solver", "Pyke_Program", "ProofWriter"),
    "logicaldeduction": ("csp_solver.csp_solver", "CSP_Program", "LogicalDeduction"),
    "folio": ("fol_solver.prover9_solver", "FOL_Prover9_Program", "FOLIO"),
    "arlsat": ("z3_solver.sat_problem_solver", "LSAT_Z3_Program", "AR-LSAT"),
}


def main():
    checkout, name = sys.argv[1:]
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what their code prints is no answer
    module, kind, dataset = SOLVERS[name]
    os.chdir(checkout)
    sys.path.insert(0, os.path.join(checkout, "models"))
    # Their `python` is the one on the path.
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    # As their loop does when it ends; what an earlier run has left keeps Pyke from working.
    shutil.rmtree(os.path.join("models", "compiled_krb"), ignore_errors=True)
    try:
        program_class = getattr(importlib.import_module(f"symbolic_solvers.{module}"), kind)
        if name == "folio":
            _check_prover9()
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
    else:
        told = "ready"
    print(json.dumps(told), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(program_class, json.loads(line)["raw"], dataset)), file=out, flush=True)


def _check_prover9():
    from nltk.inference.prover9 import Prover9

    with contextlib.redirect_stdout(sys.stderr):
        Prover9()._find_binary("prover9")


def answer(program_class, raw, dataset):
    """The answer, or what stood in the way, in the words of their loop."""
    try:
        program = program_class(raw, dataset)
        if not program.flag:
            return {"error": "parsing error"}
        found, told = program.execute_program()
        if found is None:
            return {"error": f"execution error: {told}"[:300]}
        return {"answer": program.answer_mapping(found)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    finally:
        signal.alarm(0)  # theirs goes on after a formula is parsed, and would strike between two programs


if __name__ == "__main__":
    main()
