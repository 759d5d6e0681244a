"""Formulas of Logic-LM's Z3-like form whose meaning is beyond doubt though something is missing or idle in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nsr.dialects.logiclm_arlsat_names import Names
from nsr.dialects.logiclm_formula import Node, binders_of
from nsr.dialects.logiclm_names import fold
from nsr.dialects.repairs import Findings

__all__ = ["conjuncts", "for_all", "joined", "shape", "without_idle_calls"]

_LONGEST_VARIABLE = 2


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts of `And(...)` and `... and ...`; of anything else itself."""
    if node.kind == "and":
        return node.parts
    if node.kind == "call" and fold(node.text) == "and" and node.parts:
        return node.parts[0].parts if len(node.parts) == 1 and node.parts[0].kind == "list" else node.parts
    return (node,)


def joined(parts: Sequence[Node]) -> Node:
    """All of the parts."""
    return parts[0] if len(parts) == 1 else Node("and", "", tuple(parts), parts[0].span)


def shape(node: Node) -> str:
    """A node without its place."""
    return f"{node.kind} {node.text} ({','.join(map(shape, node.parts))})"


def for_all(node: Node, names: Names, findings: Findings) -> Node:
    """An implication about variables that nothing binds is about all that its condition speaks of.

    Only where each of them is an argument of a declared function in the condition: that says of what sort it is.
    """
    if not _is_implication(node):
        return node
    free = dict.fromkeys(_free(node, names, frozenset()))
    sorts = dict(_sorts(node.parts[0], names))
    if not free or not all(sorts.get(name) in names.sorts for name in free):
        return node
    binders = [Node("binder", n, (Node("name", names.sorts[sorts[n]].name, (), node.span),), node.span) for n in free]
    told = ", ".join(f"{b.text}:{b.parts[0].text}" for b in binders)
    message = f"this is said of all `{told}`"
    findings.repair("logiclm-free-variable", message, node.span, f"ForAll([{told}], ...)")
    return Node("call", "ForAll", (Node("list", "", tuple(binders), node.span), node), node.span)


def _is_implication(node: Node) -> bool:
    is_call = node.kind == "call" and fold(node.text) == "implies"
    return (node.kind == "implies" or is_call) and len(node.parts) == 2


def _free(node: Node, names: Names, bound: frozenset[str]) -> Iterator[str]:
    """The names in a formula that look like variables, and that nothing binds or declares."""
    if node.kind == "name":
        text = node.text
        is_short = len(text) <= _LONGEST_VARIABLE and text[0].islower()
        if is_short and text not in bound and not names.sorts_with(text) and names.function(text) is None:
            yield text
        return
    binders = binders_of(node.parts[0]) if node.kind == "call" and node.parts else ()
    bound |= {binder.text for binder in binders}
    for part in node.parts[1:] if binders else node.parts:
        if part.kind != "binder":
            yield from _free(part, names, bound)


def _sorts(node: Node, names: Names) -> Iterator[tuple[str, str]]:
    """The names that are arguments of declared functions, with the sort of the place."""
    function = names.function(node.text) if node.kind == "call" else None
    if function is not None and len(function.args) == len(node.parts):
        yield from ((p.text, sort) for p, sort in zip(node.parts, function.args, strict=True) if p.kind == "name")
    for part in node.parts:
        yield from _sorts(part, names)


def without_idle_calls(nodes: Sequence[Node], names: Names, findings: Findings) -> tuple[Node, ...]:
    """`f(ann) < f(third)` where `third` is a value of `f`, and nothing that `f` applies to: `f(ann) < third`."""
    found = []
    for node in nodes:
        function = names.function(node.text) if node.kind == "call" and len(node.parts) == 1 else None
        argument = node.parts[0] if function is not None and len(function.args) == 1 else None
        if function is not None and argument is not None and argument.kind in ("name", "string", "number"):
            sorts = names.sorts_with(argument.text)
            beside = (n for n in nodes if n is not node and n.kind == "call" and fold(n.text) == fold(node.text))
            if function.value in sorts and function.args[0] not in sorts and any(beside):
                message = f"`{argument.text}` is a value of `{node.text}` already"
                findings.repair("logiclm-value-applied", message, node.span, argument.text)
                node = argument
        found.append(node)
    return tuple(found)
