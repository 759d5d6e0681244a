"""Statements of the compile functions that no conformance case comes to: a change there would go unnoticed.

    python -m benchmarks.mutation.unreached cpsat

Each is listed with its module and line; it wants a case, or is dead.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator, Sequence

from benchmarks.mutation.known import COMPILING
from benchmarks.mutation.mutants import source_of_module
from benchmarks.mutation.reach import HIT, with_hits
from benchmarks.mutation.trial import reached_by
from nsr.testing.cases import CASES


def noted(source: str) -> Iterator[int]:
    """The lines of statements that an instrumented source notes."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(ast.Attribute(ast.Name(name), "add"), [ast.Constant(int(line))]) if name == HIT:
                yield line


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; the exit code is 1 if there are some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backend", choices=sorted(COMPILING))
    backend = parser.parse_args(arguments).backend
    sources = {module: with_hits(source_of_module(module)) for module in COMPILING[backend]}
    hits = set().union(*reached_by(sources, backend, CASES).values())
    count = 0
    for module, source in sources.items():
        lines = source_of_module(module).splitlines()
        for line in sorted(set(noted(source))):
            if (module, line) not in hits:
                count += 1
                print(f"{module}:{line}: {lines[line - 1].strip()}")
    print(f"{backend}: {count} statements that no case comes to")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
