"""Whole logic-grid problems: a text, clues with their formulas, the one solution; unique and without a spare clue."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import product

from nsr.formalizers.declarations import goal, source
from nsr.formalizers.mentions import Tagger, Thing
from nsr.formalizers.sentence import put_back, used_dimensions
from nsr.language.printer import escaped
from nsr.synth.clues import Clue, gold, render, skipped
from nsr.synth.contexts import Context, Style, draw_context
from nsr.synth.drafts import Draft, draft
from nsr.synth.formula import World, holds, parse_reply
from nsr.synth.layout import lay_out
from nsr.synth.solving import Channel, Rows, Table, TooHard, count_solutions

__all__ = ["GeneratedClue", "Grid", "Record", "generate_logic_grids"]

ALIKE, SLIPS = 0.1, 0.1
"""In whole puzzles, unlike in training, categories share values about as seldom as in published ones (3 in 100), and
slips of the pen are rare."""


@dataclass(frozen=True, slots=True)
class GeneratedClue:
    """A clue of a problem: its sentence, its formula over declared names, and how it was worded."""

    text: str
    formula: str
    relation: str
    wording: str


@dataclass(frozen=True, slots=True)
class Record:
    """A generated problem. `solution` maps each category's label to its values in the order of the base elements."""

    family: str
    seed: str
    split: str
    text: str
    program: str
    clues: tuple[GeneratedClue, ...]
    solution: dict[str, tuple[str, ...]] = field(compare=False)
    base: str = ""
    layout: str = ""


def generate_logic_grids(
    n: int,
    seed: int,
    split: str = "train",
    *,
    unseen_wordings: bool = False,
    size: int | None = None,
    categories: int | None = None,
) -> Iterator[Record]:
    """`n` problems of a split; `unseen_wordings` (tests only) takes the wordings no training has seen."""
    made = tries = 0
    while made < n:
        rng = random.Random(f"logic_grid/{split}/{unseen_wordings}/{seed}/{tries}")
        record = _one(
            rng,
            f"{seed}/{tries}",
            Style(split == "test", unseen_wordings, alike=ALIKE, slips=SLIPS, tells=True),
            split,
            size,
            categories,
        )
        tries += 1
        if record is not None:
            made += 1
            yield record


def _one(
    rng: random.Random, seed: str, style: Style, split: str, size: int | None, categories: int | None
) -> Record | None:
    context = draw_context(rng, style, size, categories)
    declared = context.declarations.categories
    if len(declared) < 2 or any(len(c.values) != context.size for c in declared):
        return None
    if len({c.label.casefold() for c in declared}) < len(declared):
        return None
    grid = Grid(context, rng)
    try:
        drafts = grid.choose(rng)
    except TooHard:
        return None
    if drafts is None:
        return None
    tagger = Tagger(context.declarations)
    clues: list[tuple[Clue, str]] = []
    linked: set[int] = set()
    for drafted in drafts:
        formula = None
        for _ in range(6):  # a wording in which every needed mention is found
            clue = render(rng, context, drafted)
            tagged = tagger.tag(clue.text)
            reply = gold(clue, tagged, context)
            if reply is not None:
                formula = put_back(reply, tagged, context.declarations)
                linked |= used_dimensions(reply, tagged)
                break
        if formula is None:
            return None
        words = clue.text[0].upper() + clue.text[1:]
        clues.append((replace(clue, text=words if words[-1] in ".?!" else words + "."), formula))
    rng.shuffle(clues)
    extra = [skipped(rng, context).text for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    text, layout = lay_out(rng, context, [c.text for c, _ in clues], extra)
    program = source(context.declarations, linked)
    program += "".join(f'constraint "{escaped(c.text)}": {f}\n' for c, f in clues) + goal(context.declarations)
    made = tuple(GeneratedClue(c.text, f, c.draft.relation.name if c.draft else "skip", c.wording) for c, f in clues)
    solution = {c.label: grid.column(i) for i, c in enumerate(declared)}
    return Record(
        "logic_grid",
        seed,
        split,
        text,
        program,
        made,
        solution,
        declared[context.declarations.base].label,
        layout,
    )


class Grid:
    """The hidden solution of a problem, and the clues that are true of it as tables."""

    def __init__(self, context: Context, rng: random.Random) -> None:
        self.context = context
        self.size = context.size
        declarations = context.declarations
        self.variable: dict[Thing, int] = {}
        self.groups: list[list[int]] = []
        self.truth: list[int] = []
        for index, category in enumerate(declarations.categories):
            places = list(range(self.size))
            if index != declarations.base:
                rng.shuffle(places)
            group = []
            for value in range(len(category.values)):
                self.variable[Thing(index, value)] = len(self.truth)
                group.append(len(self.truth))
                self.truth.append(places[value])
            self.groups.append(group)
        self.fixed = [Table((v,), Rows.of([(self.truth[v],)], 1, self.size)) for v in self.groups[declarations.base]]
        self.ranks: dict[tuple[Thing, int], int] = {}
        self.channels: list[Channel] = []
        self.others: list[list[int]] = []
        self.scales = [
            tuple(v.number if v.number is not None else Fraction(i + 1) for i, v in enumerate(c.values))
            for c in declarations.categories
        ]

    def column(self, index: int) -> tuple[str, ...]:
        """The values of a category in the order of the rows."""
        values = self.context.declarations.categories[index].values
        at = {self.truth[self.variable[Thing(index, v)]]: values[v].text for v in range(len(values))}
        return tuple(at[p] for p in range(self.size))

    def rank(self, thing: Thing, dimension: int) -> int:
        """The variable for a thing's place on a further dimension, made at first use."""
        key = (thing, dimension)
        if key not in self.ranks:
            self.ranks[key] = len(self.truth)
            row = self.truth[self.variable[thing]]
            members = tuple(self.groups[dimension])
            self.truth.append(next(i for i, m in enumerate(members) if self.truth[m] == row))
            self.channels.append(Channel(self.variable[thing], self.ranks[key], members))
        return self.ranks[key]

    def table(self, drafted: Draft) -> Table:
        """The draft as a table over variables."""
        base = self.context.declarations.base
        further = drafted.dimension is not None and drafted.dimension != base
        names: dict[str, int] = {}
        kinds: list[str] = []

        def tag(variable: int, kind: str) -> str:
            word = next((w for w, v in names.items() if v == variable), None)
            if word is None:
                word = f"P{len(names) + 1}"
                names[word] = variable
                kinds.append(kind)
            return word

        def ranked(found: re.Match[str]) -> str:
            thing = drafted.slots[found[1]]
            if further:
                assert drafted.dimension is not None
                return tag(self.rank(thing, drafted.dimension), "d")
            return tag(self.variable[thing], "b")

        text = re.sub(r"\[([A-E])\]", ranked, drafted.relation.formula)
        text = re.sub(r"<([A-E])>", lambda m: tag(self.variable[drafted.slots[m[1]]], "b"), text)
        text = re.sub(r"<[nk]>", "N1", text)
        scale = self.scales[base]
        other = self.scales[drafted.dimension] if drafted.dimension is not None else scale
        rows = _allowed(text, "".join(kinds), self.size, drafted.number, scale, other)
        return Table(tuple(names.values()), rows)

    def choose(self, rng: random.Random) -> list[Draft] | None:
        """Drafts of true clues that leave exactly this solution, none of which can go."""
        drafts: list[Draft] = []
        tables: list[Table] = []
        enough = 3 + self.size * (len(self.groups) - 1)
        for _ in range(120 * enough):
            drafted = draft(rng, self.context)
            if drafted is None:
                continue
            table = self.table(drafted)
            if not self._meets(self.truth, table) or table in tables or self._is_of_one(drafted):
                continue
            drafts.append(drafted)
            tables.append(table)
            if len(drafts) >= enough // 2 and self._is_unique(tables):
                return self._trim(rng, drafts, tables)
            if len(drafts) > 5 * enough:
                return None
        return None

    def _is_of_one(self, drafted: Draft) -> bool:
        """Whether the two things of a pairing (`of A and B, one … the other …`) are one: then the sentence is false."""
        rows = [self.truth[self.variable[drafted.slots[slot]]] for slot in "AB" if slot in drafted.slots]
        return drafted.relation.name == "pairing" and len(set(rows)) == 1

    def _is_unique(self, tables: Sequence[Table]) -> bool:
        """Whether no other solution meets the tables; those found on the way are tried first the next time."""
        for other in self.others:
            self._extend(other)
            if all(self._meets(other, t) for t in tables):
                return False
        found = count_solutions(self.size, len(self.truth), self.groups, [*self.fixed, *tables], self.channels)
        different = [list(f) for f in found if list(f) != self.truth]
        self.others += different
        return not different

    def _extend(self, places: list[int]) -> None:
        """Fill in the rank variables made since a solution was found."""
        for channel in self.channels:
            if channel.rank >= len(places):
                row = places[channel.thing]
                places.append(next(i for i, m in enumerate(channel.members) if places[m] == row))

    @staticmethod
    def _meets(places: Sequence[int], table: Table) -> bool:
        return tuple(places[v] for v in table.variables) in table.allowed

    def _trim(self, rng: random.Random, drafts: list[Draft], tables: list[Table]) -> list[Draft]:
        kept = list(range(len(drafts)))
        # Plain equalities go first, so that what is left is not all of one kind.
        order = sorted(
            kept,
            key=lambda i: (drafts[i].relation.name not in ("same", "different") or rng.random() < 0.5, rng.random()),
        )
        for index in order:
            rest = [i for i in kept if i != index]
            if self._is_unique([tables[i] for i in rest]):
                kept = rest
        return [drafts[i] for i in kept]


@lru_cache(maxsize=20_000)
def _allowed(
    text: str, kinds: str, size: int, number: Fraction | None, scale: tuple[Fraction, ...], other: tuple[Fraction, ...]
) -> Rows:
    names = [f"P{i + 1}" for i in range(len(kinds))]
    node = parse_reply(text)
    numbers = {"N1": number} if number is not None else {}
    scales = {name: other for name, kind in zip(names, kinds, strict=True) if kind == "d"}
    found = []
    for row in product(range(size), repeat=len(names)):
        world = World(dict(zip(names, row, strict=True)), numbers, scale, scales, {})
        if holds(node, world):
            found.append(row)
    return Rows.of(found, len(names), size)
