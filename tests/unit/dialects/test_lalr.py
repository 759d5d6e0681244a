"""Lines parsed over Lark's tables: the same trees as Lark's own, and the same refusals."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from lark import Tree, UnexpectedInput

import nsr.dialects
from nsr.dialects.lalr import LineParser, line_parser

FOLDER = Path(nsr.dialects.__file__).parent

WHOLE = {
    "logiclm_rules": (
        "Big($x, True) && Kind($x, False) >>> Red($x, True)",
        "not Red(Rex, True) and Big('the bear', False) -> Nice(Rex, Bob, True)",
        "¬Red(Rex) = False",
        "Not(Red(Rex, True), False)",
        "Rex is not a zumpus",
        "the old dog is kind <<< Likes(a, ?)",
    ),
    "logiclm_formula": (
        "a + 1 == b and not (c > 3 or d[1] != e)",
        "ForAll([m:meals], Implies(eats(m) == x, m != y))",
        "Count([t:trees], left(t) == red) >= 2 * -3",
        "x in [1, 2, 'three'] → (y <> 4)",
    ),
}


def _outcome(parser: LineParser, line: str) -> Any:
    try:
        return parser.lark.parse(line)
    except UnexpectedInput as error:
        return error.pos_in_stream


def _told(tree: Any) -> Any:
    """A tree as nested tuples, with places as far as there are any."""
    if not isinstance(tree, Tree):
        return (str(tree), tree.type, tree.start_pos, tree.end_pos)
    place = None if tree.meta.empty else (tree.meta.start_pos, tree.meta.end_pos)
    return (str(tree.data), place, tuple(_told(child) for child in tree.children))


def _spoiled(rng: random.Random, pieces: list[str]) -> str:
    """A line from pieces of whole ones, a few of them left out, doubled or exchanged."""
    changed = list(pieces)
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(changed))
        changed[at : at + rng.randrange(2)] = rng.choices(["(", ")", ",", "not", "x", "True", "==", "%", "is", ""], k=1)
    return rng.choice(["", " "]).join(changed)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_the_same_trees_as_lark(name: str) -> None:
    parser = line_parser(FOLDER / f"{name}.lark")
    rng = random.Random(7)
    fitting = 0
    for line in WHOLE[name]:
        assert isinstance(_outcome(parser, line), Tree), line
    for _ in range(600):
        line = _spoiled(rng, rng.choice(WHOLE[name]).replace("(", " ( ").replace(",", " , ").split(" "))
        told = _outcome(parser, line)
        quick = parser._tree(line)
        assert (quick is None) == (not isinstance(told, Tree)), line
        if quick is not None:
            fitting += 1
            assert _told(quick) == _told(told), line
            assert _told(parser.parse(line)) == _told(told), line
    assert fitting > 100


def test_what_does_not_fit_is_refused_in_the_words_of_lark() -> None:
    parser = line_parser(FOLDER / "logiclm_rules.lark")
    with pytest.raises(UnexpectedInput) as refused:
        parser.parse("Red(Rex, True) &&")
    assert refused.value.pos_in_stream == _outcome(parser, "Red(Rex, True) &&")
