"""The example puzzles once more, by hand: proves that each has one solution and that no clue of it can go.

Nothing of `nsr` is used here: every clue is a Python function of the rows that its values stand in, and all grids are
tried. A parameter is a value's name and receives the place, year or price of its row; `price_at` receives a function
from such a row to its price.

    python examples/puzzles/gold.py            check all puzzles against their gold files
    python examples/puzzles/gold.py --write    write the gold files anew
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

HERE = Path(__file__).parent

Clue: TypeAlias = tuple[Callable[..., bool], list[str]]


@dataclass(frozen=True)
class Puzzle:
    """Categories by heading, the first with the order of the rows, and the clues in the order of the text."""

    categories: dict[str, list[Any]]
    clues: list[Callable[..., bool]]

    def solutions(self, without: int | None = None) -> list[dict[str, Any]]:
        """All grids that the clues allow, as `{"header", "rows"}`; `without` leaves one clue out."""
        headings = list(self.categories)
        base = self.categories[headings[0]]
        marks = row_marks(base)
        known = {key(str(b)): m for b, m in zip(base, marks, strict=True)}
        clues = [(c, needs(c)) for number, c in enumerate(self.clues) if number != without]
        found = []
        for placed in search(self._values(headings[1:], clues, known), marks, known, clues):
            columns = [{placed[key(str(v))]: v for v in self.categories[h]} for h in headings[1:]]
            rows = [[b, *(c[m] for c in columns)] for b, m in zip(base, marks, strict=True)]
            found.append({"header": headings, "rows": rows})
        return found

    def _values(self, headings: list[str], clues: list[Clue], known: dict[str, Any]) -> list[tuple[str, str]]:
        """Values with their categories in an order that lets clues fail early."""
        left = {key(str(v)): h for h in headings for v in self.categories[h]}
        seen = set(known)
        order = []
        while left:
            missing = [{n for n in names if n not in seen} & set(left) for _, names in clues]
            smallest = min((m for m in missing if m), key=len, default=set(left))
            name = min(smallest, key=lambda n: (-sum(n in m for m in missing), n))
            order.append((name, left.pop(name)))
            seen.add(name)
        return order


def row_marks(base: list[Any]) -> list[int]:
    """What stands for a row in the clues: its place from 1, or its number where all base values are numbers."""
    if all(re.search(r"\d", str(v)) for v in base):
        return [number(str(v)) for v in base]
    return list(range(1, len(base) + 1))


def search(
    values: list[tuple[str, str]], marks: list[int], known: dict[str, Any], clues: list[Clue]
) -> Iterator[dict[str, Any]]:
    """Every way to give each value a row that no other value of its category has, and that no clue speaks against."""
    if not all(clue(*(known[n] for n in names)) for clue, names in clues if all(n in known for n in names)):
        return
    clues = [(clue, names) for clue, names in clues if not all(n in known for n in names)]
    if not values:
        yield known
        return
    (name, heading), *rest = values
    column = known.get(heading, {})
    for mark in marks:
        if mark not in column.values():
            more = {**column, name: mark}
            complete = (
                {f"{key(heading)}_at": {m: number(n) for n, m in more.items()}.__getitem__}
                if is_full(more, marks)
                else {}
            )
            yield from search(rest, marks, {**known, **complete, name: mark, heading: more}, clues)


def is_full(column: dict[str, int], marks: list[int]) -> bool:
    """Whether every row has a value, and all of them are numbers."""
    return len(column) == len(marks) and all(re.match(r"n\d", n) for n in column)


def number(name: str) -> int:
    """The number in a value's name."""
    return int(re.sub(r"\D", "", name))


def key(words: str) -> str:
    """A value or heading as a parameter's name: `25 metres` is `n25_metres`."""
    name = re.sub(r"\W+", "_", words.lower()).strip("_")
    return f"n{name}" if name[0].isdigit() else name


def needs(clue: Callable[..., bool]) -> list[str]:
    """The names of a clue's parameters."""
    return list(inspect.signature(clue).parameters)


def one_of_each(left: int, right: int, first: int, second: int) -> bool:
    """Of left and right, one is first and the other is second."""
    return {left, right} == {first, second} and left != right


PUZZLES = {
    "harbour": Puzzle(
        {
            "Berth": [1, 2, 3, 4],
            "Skipper": ["Ada", "Bruno", "Clara", "Dmitri"],
            "Boat": ["cutter", "ketch", "sloop", "yawl"],
            "Cargo": ["salt", "timber", "wine", "wool"],
        },
        [
            lambda ketch, clara: ketch + 1 == clara,
            lambda ada, dmitri, yawl: yawl not in (ada, dmitri),
            lambda wool, timber: wool > timber,
            lambda wine, sloop: abs(wine - sloop) == 2,
            lambda ada, bruno: ada < bruno,
            lambda dmitri: dmitri == 2,
            lambda salt: salt == 2,
            lambda ada, timber: ada != timber,
        ],
    ),
    "bakery": Puzzle(
        {
            "Year": [2011, 2012, 2013, 2014, 2015],
            "Baker": ["Ingrid", "Jonas", "Karla", "Leif", "Mona"],
            "Loaf": ["barley", "oat", "rye", "spelt", "wheat"],
        },
        [
            lambda karla, oat: karla == oat + 2,
            lambda spelt, ingrid, leif: spelt in (ingrid, leif),
            lambda jonas, rye: one_of_each(jonas, rye, 2011, 2014),
            lambda mona, karla, wheat: wheat not in (mona, karla),
            lambda leif, wheat: leif + 1 == wheat,
        ],
    ),
    "orchestra": Puzzle(
        {
            "Chair": [1, 2, 3, 4],
            "Name": ["Nora", "Otto", "Paul", "Rita"],
            "Instrument": ["cello", "flute", "harp", "oboe"],
        },
        [
            lambda nora, harp: nora == harp + 1,
            lambda oboe: oboe == 1,
            lambda paul, flute: abs(paul - flute) != 1,
            lambda otto, oboe, harp: otto not in (oboe, harp),
            lambda rita, paul: rita < paul,
        ],
    ),
    "observatory": Puzzle(
        {
            "Dome": [1, 2, 3, 4],
            "Name": ["Maren", "Tobias", "Yusuf", "Zelda"],
            "Object": ["comet", "nebula", "pulsar", "quasar"],
            "Drink": ["black tea", "cocoa", "cold brew", "mint tea"],
            "Instrument": ["camera", "interferometer", "photometer", "spectrograph"],
        },
        [
            lambda tobias, comet: tobias == comet,
            lambda cocoa, pulsar: cocoa + 1 == pulsar,
            lambda photometer, mint_tea: photometer == mint_tea,
            lambda nebula, camera: abs(nebula - camera) == 3,
            lambda yusuf, spectrograph: yusuf > spectrograph,
            lambda spectrograph: spectrograph == 2,
            lambda maren, cold_brew: abs(maren - cold_brew) == 1,
            lambda zelda, cocoa: zelda == cocoa,
            lambda nebula, comet: nebula < comet,
        ],
    ),
    "auction": Puzzle(
        {
            "Price": ["$125", "$150", "$175", "$200"],
            "Bidder": ["Hollis", "Imogen", "Keiko", "Roderick"],
            "Lot": ["clock", "globe", "sextant", "violin"],
            "Town": ["Bremen", "Cadiz", "Galway", "Riga"],
        },
        [
            lambda violin, keiko: violin == keiko + 25,
            lambda sextant, riga, imogen: one_of_each(sextant, riga, imogen, 200),
            lambda clock, bremen, galway: clock in (bremen, galway),
            lambda hollis, globe, bremen: len({hollis, globe, bremen}) == 3,
            lambda keiko: keiko != 125,
            lambda roderick, cadiz: roderick == cadiz + 50,
        ],
    ),
    "market": Puzzle(
        {
            "Day": ["Monday", "Tuesday", "Wednesday", "Thursday"],
            "Stallholder": ["Anouk", "Bastien", "Celeste", "Didier"],
            "Goods": ["cheese", "honey", "olives", "soap"],
            "Village": ["Aubrac", "Belval", "Cernay", "Doussard"],
        },
        [
            lambda honey, bastien: honey + 1 == bastien,
            lambda anouk, belval, cernay: anouk in (belval, cernay),
            lambda doussard, olives: doussard == olives + 2,
            lambda celeste, cheese, soap: celeste not in (cheese, soap),
            lambda aubrac, tuesday: aubrac == tuesday,
            lambda didier, belval: didier < belval,
            lambda anouk, celeste, cheese, cernay: one_of_each(anouk, celeste, cheese, cernay),
        ],
    ),
    "race": Puzzle(
        {
            "Place": [1, 2, 3],
            "Runner": ["Vera", "Wim", "Xenia"],
            "Shirt": ["green", "orange", "white"],
        },
        [
            lambda vera, orange: vera < orange,
            lambda green, xenia: green == xenia + 1,
            lambda xenia: xenia != 1,
        ],
    ),
    "lighthouse": Puzzle(
        {
            "Year": [1861, 1874, 1887, 1900],
            "Lighthouse": ["Cape Alder", "Gull Rock", "Needle Point", "Storm Head"],
            "Height": ["18 metres", "22 metres", "26 metres", "30 metres"],
            "Keeper": ["Finch", "Marlow", "Oakes", "Penrose"],
        },
        [
            lambda needle_point, finch, height_at: height_at(needle_point) == height_at(finch) + 4,
            lambda gull_rock, n30_metres: gull_rock + 13 == n30_metres,
            lambda penrose, gull_rock: (penrose == gull_rock) != (penrose == 1861),
            lambda cape_alder, storm_head, marlow: one_of_each(cape_alder, storm_head, 1900, marlow),
            lambda n18_metres, cape_alder: n18_metres < cape_alder,
            lambda oakes, cape_alder: oakes + 39 == cape_alder,
        ],
    ),
    "expedition": Puzzle(
        {
            "Month": ["March", "April", "May", "June"],
            "Leader": ["Aksel", "Birgit", "Conrad", "Dagny"],
            "Region": ["Alaska", "Bolivia", "Nepal", "Svalbard"],
            "Sponsor": ["bank", "brewery", "museum", "radio station"],
        },
        [
            lambda birgit, museum, alaska: len({birgit, museum, alaska}) == 3,
            lambda aksel, conrad, bank, nepal: one_of_each(aksel, conrad, bank, nepal),
            lambda svalbard, brewery: svalbard + 1 == brewery,
            lambda dagny, aksel: dagny < aksel,
            lambda radio_station, birgit, conrad: radio_station in (birgit, conrad),
            lambda conrad, nepal: conrad > nepal,
            lambda bank, radio_station: bank == radio_station + 2,
        ],
    ),
    "studios": Puzzle(
        {
            "Studio": [1, 2, 3, 4, 5],
            "Name": ["Amara", "Callum", "Freya", "Hiro", "Noor"],
            "Craft": ["glass blowing", "pottery", "printmaking", "weaving", "woodcarving"],
            "Bicycle": ["black", "blue", "red", "silver", "yellow"],
            "Snack": ["almonds", "figs", "oat cakes", "popcorn", "rice crackers"],
            "Program": ["folk", "jazz", "news", "opera", "sport"],
        },
        [
            lambda pottery, opera: pottery + 1 == opera,
            lambda noor, black: noor == black,
            lambda figs: figs == 1,
            lambda weaving, silver: abs(weaving - silver) == 2,
            lambda jazz, blue: abs(jazz - blue) == 1,
            lambda glass_blowing, oat_cakes: glass_blowing == oat_cakes,
            lambda callum, folk: callum > folk,
            lambda popcorn, woodcarving: abs(popcorn - woodcarving) == 3,
            lambda amara, almonds: amara == almonds,
            lambda red, hiro: red < hiro,
            lambda news, blue: news == blue,
            lambda printmaking, glass_blowing: abs(printmaking - glass_blowing) == 1,
            lambda folk, black: folk == black,
            lambda woodcarving, callum: woodcarving == callum,
            lambda noor: noor == 4,
        ],
    ),
}


def report(name: str, puzzle: Puzzle) -> str | None:
    """What is wrong with a puzzle, or None."""
    found = puzzle.solutions()
    if len(found) != 1:
        return f"{name}: {len(found)} solutions"
    spare = [n + 1 for n in range(len(puzzle.clues)) if len(puzzle.solutions(without=n)) == 1]
    return f"{name}: clue {spare[0]} is not needed" if spare else None


def main() -> None:
    """Check every puzzle; with `--write`, write its gold file."""
    wrong = [said for name, puzzle in PUZZLES.items() if (said := report(name, puzzle)) is not None]
    if wrong:
        sys.exit("\n".join(wrong))
    for name, puzzle in PUZZLES.items():
        gold = json.dumps(puzzle.solutions()[0], ensure_ascii=False)
        path = HERE / f"{name}.gold.json"
        if "--write" in sys.argv:
            path.write_text(gold + "\n", encoding="utf-8")
        elif json.loads(path.read_text(encoding="utf-8")) != json.loads(gold):
            sys.exit(f"{name}: the gold file differs")
        print(f"{name}: one solution, {len(puzzle.clues)} clues, none can go")


if __name__ == "__main__":
    main()
