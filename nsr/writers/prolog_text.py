"""Atoms and the predicates that come along in Prolog files: those of the runtime that a text calls."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

__all__ = ["BUILT_IN", "blocks", "helpers", "quoted"]

BUILT_IN = frozenset(
    """
    abolish abs all_distinct append apply arg asked assert asserta assertz atom atom_chars atom_codes
    atom_concat atom_length atom_number atomic bagof between call catch cd char_code circuit clause close
    compare compound consult copy_term cumulative current_op div dynamic element erase exists fail false findall
    flatten float foldl forall format functor get global_cardinality ground halt if in include indomain
    initialization ins instance integer is is_list keysort label labeling last length list listing load ls main
    maplist max_list member memberchk min_list mod module msort nl none nonvar nth0 nth1 number number_codes
    once op open permutation phrase print put put_char rational rdiv read recorda rem rename repeat requirements
    retract reverse see seen select setof shell show skip solution sort statistics string sub_atom subtract succ
    sum sum_list tab table tell term_to_atom throw time tnot told transpose true tuples_in use_module var write
    writeln writeq xor
    """.split()  # noqa: SIM905 - a page of words
)
"""Names that predicates of ours do not take: those of Prolog's libraries, and of the file itself."""

ATOM = re.compile(r"[a-z][A-Za-z0-9_]*")


def quoted(text: str) -> str:
    """A text as a Prolog atom."""
    if ATOM.fullmatch(text) and text not in BUILT_IN:
        return text
    inside = "".join([c if c.isprintable() else f"\\x{ord(c):x}\\" for c in text.replace("\\", "\\\\")])
    return "'" + inside.replace("'", "\\'") + "'"


@cache
def blocks() -> dict[str, list[str]]:
    """The predicates of the runtime that programs call, as text."""
    folder = files("nsr.solvers.prolog")
    texts = [folder.joinpath(name).read_text("utf-8") for name in ("runtime.pl", "reals.pl")]
    found: dict[str, list[str]] = {}
    for block in "\n\n".join([text.partition("% What goals of programs call\n")[2] for text in texts]).split("\n\n"):
        told = re.search(r"^(nsr_\w+)[(:]|^:- meta_predicate (nsr_\w+)", block, re.MULTILINE)
        if told and not block.startswith("% "):
            found.setdefault(told[1] or told[2], []).append(block.strip("\n"))
    return found


def helpers(text: str) -> str:
    """The predicates of the runtime that a text calls, and those that these call."""
    known = blocks()
    wanted: list[str] = []
    waiting = sorted(set(re.findall(r"\bnsr_\w+", text)))
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in wanted:
            wanted.append(name)
            waiting += sorted(set(re.findall(r"\bnsr_\w+", "\n".join(known[name]))))
    return "\n".join(["\n\n".join(known[name]) + "\n" for name in wanted])
