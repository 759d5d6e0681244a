"""Closure by left recursion: rules in a program against clauses written by hand for the same solver, in the same run.

    python -m benchmarks.closure [--backends asp prolog] [--runs 5] [--nodes 300]

Two graphs: a chain, and a random one with three edges a node. For each back end: the seconds from the checked program
to the finished structure (all pairs as values of the language), with the facts in the program and from a data file; and
the seconds that the solver takes over clauses written by hand until all pairs are numbers in Python. The number of
pairs is compared with a closure worked out here. Exit code 1 says that it differed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nsr.engine.checking import parse_program
from nsr.language.ir import Program
from nsr.solvers import backend_names
from nsr.solvers.jobs import SolutionsJob, decode_reply, encode_job
from nsr.solvers.work import warm_up, work

RULES = """rel reach(Node, Node)
rule reach(X, Y) if edge(X, Y)
rule reach(X, Z) if reach(X, Y), edge(Y, Z)
find one
"""


class Graph(NamedTuple):
    """A graph: its name, how many nodes, its edges."""

    name: str
    nodes: int
    edges: tuple[tuple[int, int], ...]


def chain(nodes: int) -> Graph:
    """A path through all nodes."""
    return Graph(f"chain of {nodes}", nodes, tuple([(i, i + 1) for i in range(nodes - 1)]))


def random_graph(nodes: int) -> Graph:
    """Three edges a node, the same every time."""
    rng = random.Random(7)
    found: dict[tuple[int, int], None] = {}
    while len(found) < 3 * nodes:
        found[rng.randrange(nodes), rng.randrange(nodes)] = None
    return Graph(f"{nodes} nodes, {3 * nodes} edges", nodes, tuple(found))


def pairs_of(graph: Graph) -> int:
    """How many pairs the closure has, by a search from each node."""
    after: dict[int, list[int]] = {}
    for start, end in graph.edges:
        after.setdefault(start, []).append(end)
    total = 0
    for node in range(graph.nodes):
        seen: set[int] = set()
        stack = list(after.get(node, ()))
        while stack:
            one = stack.pop()
            if one not in seen:
                seen.add(one)
                stack.extend(after.get(one, ()))
        total += len(seen)
    return total


# Programs


def with_facts(graph: Graph) -> Program:
    """The program with its facts in it."""
    names = ", ".join(f"n{i}" for i in range(graph.nodes))
    facts = "".join(f"fact edge(n{a}, n{b})\n" for a, b in graph.edges)
    return parse_program(f"type Node = {{{names}}}\nrel edge(Node, Node)\n{facts}{RULES}")


def with_file(graph: Graph) -> Program:
    """The program with nodes and edges from data files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "nodes.csv").write_text("node\n" + "".join(f"n{i}\n" for i in range(graph.nodes)), encoding="utf-8")
        rows = "".join(f"n{a},n{b}\n" for a, b in graph.edges)
        (root / "edges.csv").write_text(f"start,end\n{rows}", encoding="utf-8")
        source = f'type Node from "nodes.csv"\nrel edge(Node, Node) from "edges.csv"\n{RULES}'
        return parse_program(source, root=root)


def answered(program: Program, backend: str) -> int:
    """Solve, and read the structure: how many pairs are in the relation."""
    job = SolutionsJob(program, 0, 1)
    reply = work(encode_job(job, backend, 60.0, 0))
    assert not reply.get("gap"), reply
    outcome = decode_reply(job, backend, reply)
    return sum(1 for truth in outcome.structures[0]["reach"].values() if truth is True)


# By hand


def by_hand_asp(graph: Graph) -> int:
    """The same for clingo, written by hand; pairs are shown as numbers."""
    import clingo

    facts = "".join(f"edge({a},{b})." for a, b in graph.edges)
    rules = "reach(X,Y):-edge(X,Y). reach(X,Z):-reach(X,Y),edge(Y,Z). #show."
    control = clingo.Control(["--warn=none"])
    control.add("base", [], f"{facts}{rules}#show X*{graph.nodes}+Y:reach(X,Y).")
    control.ground([("base", [])])
    with control.solve(yield_=True) as handle:
        model = handle.model()
        assert model is not None
        return len([symbol.number for symbol in model.symbols(terms=True)])


_modules = itertools.count(1)


def by_hand_prolog(graph: Graph) -> int:
    """The same for SWI-Prolog in this process, loaded from a file; pairs come back as one text."""
    from pyswip import Prolog

    module = f"by_hand_{next(_modules)}"
    facts = "".join(f"edge({a},{b}).\n" for a, b in graph.edges)
    rules = ":- table reach/2.\nreach(X,Y):-edge(X,Y).\nreach(X,Z):-reach(X,Y),edge(Y,Z).\n"
    rules += f"pairs(T):-findall(P,(reach(X,Y),P is X*{graph.nodes}+Y),Ps),atomic_list_concat(Ps,' ',T).\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{module}.pl"
        path.write_text(f":- module({module}, []).\n{facts}{rules}", encoding="utf-8")
        Prolog.consult(str(path))
    (found,) = Prolog.query(f"{module}:pairs(Text), abolish_all_tables")
    return len(list(map(int, str(found["Text"]).split())))


BY_HAND: dict[str, Callable[[Graph], int]] = {"asp": by_hand_asp, "prolog": by_hand_prolog}

# Measuring


class Seconds(NamedTuple):
    """What runs took by the wall, and of processors (with children), which other work on the machine alters less."""

    wall: list[float]
    processor: list[float]


def timed(run: Callable[[], int], runs: int) -> tuple[int, Seconds]:
    """What a run says, and the seconds of several."""
    seconds = Seconds([], [])
    found = -1
    for _ in range(runs):
        start, busy = time.perf_counter(), sum(os.times()[:4])
        found = run()
        seconds.wall.append(time.perf_counter() - start)
        seconds.processor.append(sum(os.times()[:4]) - busy)
    return found, seconds


def told(seconds: Seconds) -> str:
    """The median and the ends."""
    wall, busy = seconds
    median = statistics.median
    return f"{median(wall):7.3f} s ({min(wall):.3f} to {max(wall):.3f}), {median(busy):.3f} s of a processor"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    there = [name for name in backend_names() if name in BY_HAND]
    parser.add_argument("--backends", nargs="+", choices=backend_names(), default=there)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--nodes", type=int, default=300)
    options = parser.parse_args(arguments)
    is_wrong = False
    for backend in options.backends:
        warm_up(backend)
        for graph in (chain(options.nodes), random_graph(options.nodes)):
            is_wrong |= measured(backend, graph, options.runs)
    return 1 if is_wrong else 0


def measured(backend: str, graph: Graph, runs: int) -> bool:
    """Measure and print; whether a number of pairs is wrong."""
    wanted = pairs_of(graph)
    results = {
        "facts": timed(partial(answered, with_facts(graph), backend), runs),
        "file": timed(partial(answered, with_file(graph), backend), runs),
    }
    if backend in BY_HAND:
        results["by hand"] = timed(partial(BY_HAND[backend], graph), runs)
    print(f"{backend}, {graph.name}: {wanted:,} pairs")
    for way, (found, seconds) in results.items():
        ratio = ""
        if way != "by hand" and "by hand" in results:
            own, other = (statistics.median(one.processor) for one in (seconds, results["by hand"][1]))
            ratio = f", {own / other:.1f} times by hand"
        print(f"  {way:8} {told(seconds)}{ratio}{'' if found == wanted else f', WRONG: {found:,} pairs'}", flush=True)
    return any(found != wanted for found, _ in results.values())


if __name__ == "__main__":
    sys.exit(main())
