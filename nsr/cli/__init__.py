"""The command line: thin doors over `nsr.Engine`.

Commands load when they are called, so that `nsr --help` is quick.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "solve": "Answer a problem stated in plain English.",
    "formulate": "Turn a problem in plain English into a checked program.",
    "run": "Answer a program in the nsr language.",
    "explain-plan": "Show which back ends a program reaches, and why not the others.",
    "check": "Show every error and warning of a program.",
    "fmt": "Print a program in its canonical form.",
    "convert": "Print a program in another notation.",
    "export": "Write a program for another tool.",
    "batch": "Answer every problem of a file, resumable.",
    "datasets": "List the data sets, or look a file of one over.",
    "score": "Compare a batch's answers with gold answers.",
    "compare": "Compare two batches pair by pair.",
    "report": "Write a batch as one HTML page, with search.",
    "synth": "Generate problems with their programs and answers.",
    "train": "Train the embedded language model.",
    "grammar": "Print the grammar, for parsers or for decoding.",
    "doctor": "Show what is installed and what works here.",
}

INTERRUPTED = 130
READER_GONE = 141
"""What a shell makes of SIGPIPE, by which other programs end when nobody reads on (`nsr ... | head`)."""


def main() -> None:
    """Entry point of the `nsr` command."""
    try:
        # Loading takes a moment, in which a person may think better of it.
        from nsr.cli.group import run

        code = run()
    except BrokenPipeError:
        # What is still in the buffer is for nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = READER_GONE
    except KeyboardInterrupt:
        _leave_at_once()
    sys.exit(code)


def _leave_at_once() -> NoReturn:
    """Ends an interrupted process; all that is to be kept is on disk, and solvers end with the process.

    The threads of a language model at work cannot be stopped, and Python would wait for them.
    """
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)
