"""The sentence stage: the prompt of one tagged sentence, the grammar of its formula, and the way back to names.

A tag `P2` stands for the base element (the position) of a thing, `N1` for a number of the sentence, `D2(P1)` for
the value that the row of `P1` has in dimension 2. The reply is one formula over the tags, or `skip`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.declarations import Declarations, Scale, label_words
from nsr.formalizers.mentions import Mention, TaggedSentence, Thing
from nsr.formalizers.quantities import MULTIPLES, format_number

__all__ = ["SKIP", "grammar", "prompt", "put_back", "used_dimensions"]

SKIP = "skip"
"""The reply for a sentence that states nothing beyond the declarations."""


def prompt(tagged: TaggedSentence, declarations: Declarations) -> str:
    """The input of the sentence language model; it ends where the reply starts."""
    lines = [_header(tagged, declarations), tagged_text(tagged, declarations), ""]
    return "\n".join(lines)


def tagged_text(tagged: TaggedSentence, declarations: Declarations) -> str:
    """The sentence in lower case with its tags: `P7` for a sure mention, `horses|P3` or `birdP3P9` where in doubt.

    Names and values then cannot mislead the language model: it never sees those it need not read. Words for positions
    stay (`firstP2`), since `one of the first two` is about the word.
    """
    tag_of: dict[Thing, str] = {thing: tag for tag, thing in tagged.things.items()}
    number_of = {number.span: tag for tag, number in tagged.numbers.items()}
    parts = []
    at = 0
    for mention in tagged.mentions:
        tags = [tag_of[t] for t in mention.things if t in tag_of]
        number = number_of.get(mention.span)
        hidden = _is_sure(mention) and not _is_place(mention, declarations)
        parts.append(tagged.text[at : mention.span.start if hidden else mention.span.end])
        parts.append(("|" if mention.weak and tags else "") + "".join(tags) + (number or ""))
        at = mention.span.end
    parts.append(tagged.text[at:])
    return " ".join("".join(p if i % 2 else _lower(p) for i, p in enumerate(parts)).split())


def _is_sure(mention: Mention) -> bool:
    return len(mention.things) == 1 and not mention.weak


def _is_place(mention: Mention, declarations: Declarations) -> bool:
    return declarations.base_category.is_positions and mention.things[0].category == declarations.base


def _lower(text: str) -> str:
    return text.lower().replace("’", "'").replace("‘", "'").replace("`", "").replace("*", "")


def _header(tagged: TaggedSentence, declarations: Declarations) -> str:
    """Base, further dimensions and candidates: `P2 name`, or `P2 name | bob` where the match is in doubt."""
    base = declarations.base_category
    parts = [f"B {_kind(base.scale)} {_label(base.label, base.unit)}"]
    for tag, index in sorted(tagged.dimensions.items()):
        category = declarations.categories[index]
        parts.append(f"{tag} {_kind(category.scale)} {_label(category.label, category.unit)}")
    sure = {m.things[0] for m in tagged.mentions if _is_sure(m)}
    for tag, thing in tagged.things.items():
        category = declarations.categories[thing.category]
        label = "" if thing.category == declarations.base else _label(category.label, "")
        value = "" if thing in sure else f" | {_lower(category.values[thing.value].text)}"
        parts.append(f"{tag} {label or '='}{value}")
    return "; ".join(parts)


def _kind(scale: Scale) -> str:
    return {Scale.NONE: "-", Scale.ORDERED: "<", Scale.NUMERIC: "+"}[scale]


def _label(label: str, unit: str) -> str:
    words = label_words(label)
    return f"{words} {unit}".strip() if unit and unit not in words else words


_MULTIPLE = re.compile(rf"\b(?:{'|'.join(MULTIPLES)}|times)\b|fold\b", re.IGNORECASE)
"""Words without which no value is said to be a multiple of another."""


# Grammar


def grammar(tagged: TaggedSentence, declarations: Declarations) -> str:
    """The reply's grammar in llguidance's Lark: the sentence's tags only, orders only where there is one.

    No literal may begin with another that can stand in the same place unless every step between is one too: the lexer
    does not go back.
    """
    things = list(tagged.things)
    if not things:
        return f'start: "{SKIP}"\n'
    base = declarations.base_category.scale
    numbers = list(tagged.numbers)
    ordered = base is not Scale.NONE
    has_multiples = bool(_MULTIPLE.search(tagged.text))
    rules = [
        f'start: "{SKIP}" | formula',
        'formula: junction ((" implies " | " iff ") junction)?',
        'junction: item (" and " item)* | item (" or " item)+ | item (" xor " item)+',
        'item: atom | "(" atom (" and " atom)+ ")" | "(" atom (" or " atom)+ ")" | "(" atom (" xor " atom)+ ")"',
        f"p: {_choice(things)}",
    ]
    atoms = [*_equalities(things, ["first", "last"] if ordered else []), '"distinct(" p (", " p)+ ")"']
    amounts = ['"1"', '"2"']
    if numbers:
        rules.append(f"n: {_choice(numbers)}")
        amounts = ["n", 'n " + 1"', *amounts]
    rules.append(f"amount: {' | '.join(amounts)}")
    rules.append('compare: " == " | " != " | " < " | " > " | " <= " | " >= "')
    if ordered:
        atoms += _order_atoms("p", "end", has_numbers=bool(numbers), has_multiples=has_multiples)
        rules.append('end: p | "first" | "last"')
        rules.append('order: " < " | " > " | " <= " | " >= "')
    for tag in tagged.dimensions:
        name = tag.lower()
        rules.append(f'{name}: "{tag}(" p ")"')
        atoms += _order_atoms(name, name, has_numbers=bool(numbers), has_multiples=has_multiples)
    rules.append(f"atom: {' | '.join(dict.fromkeys(atoms))}")
    return "\n".join(rules) + "\n"


def _equalities(things: list[str], others: list[str]) -> list[str]:
    """A thing is never compared with itself: copying the same tag twice is a slip that small language models make."""
    found = []
    for thing in things:
        rest = [other for other in (*things, *others) if other != thing]
        if rest:
            found.append(f'"{thing}" (" == " | " != ") ({_choice(rest)})')
    return found


def _order_atoms(term: str, end: str, *, has_numbers: bool, has_multiples: bool) -> list[str]:
    found = [
        f"{term} {'order' if term == 'p' else 'compare'} {end}",
        f'{term} " + " amount compare {term}',
        f'{term} compare {term} " + " amount',
        f'"abs(" {term} " - " {term} ")" compare amount',
        f'{term} " < " {term} " < " {term}',
    ]
    if has_numbers and has_multiples:
        found.append(f'{term} compare {term} " * " n')
    if has_numbers:
        found += [
            f"{term} compare n",
            f'"pos(" {term} ")" compare n',
            f'"pos(" {term} ")" " + " n " > pos(last)"' if term == "p" else "",
        ]
    if term == "p":
        found.append('"pos(" p ")" " % 2 == " ("0" | "1")')
    return [f for f in found if f]


def _choice(words: list[str]) -> str:
    return " | ".join(f'"{w}"' for w in words)


_PAIRED = re.compile(r"\((P\d+) == (P\d+) and (P\d+) == (P\d+)\) or \(\1 == \4 and \3 == \2\)")
"""`Of Ann and the baker, one is Bo and the other has the cat`: Ann is not the baker."""


# Back to names


def put_back(formula: str, tagged: TaggedSentence, declarations: Declarations) -> str:
    """The formula in the language, with tags replaced by terms over declared names.

    Steps of one and counts in between are places on the scale: where elements are numbers, both sides go
    through `pos`. `skip` comes back as it is.
    """
    if formula == SKIP:
        return SKIP
    paired = _PAIRED.fullmatch(formula)
    if paired:
        first, second = (_restore(tag, tagged, declarations) for tag in (paired[1], paired[3]))
        restored = "".join(_restore(piece, tagged, declarations) for piece in _pieces(formula))
        return f"({restored}) and {first} != {second}"
    return "".join(_restore(piece, tagged, declarations) for piece in _pieces(formula))


def _pieces(formula: str) -> Iterator[str]:
    """Atoms and what joins them, in order."""
    at = 0
    for found in re.finditer(r" (?:and|or|xor|implies|iff) ", formula):
        yield formula[at : found.start()]
        yield found[0]
        at = found.end()
    yield formula[at:]


def _restore(piece: str, tagged: TaggedSentence, declarations: Declarations) -> str:
    base = declarations.base_category
    dimension = re.search(r"\bD\d+\b", piece)
    scale = declarations.categories[tagged.dimensions[dimension[0]]] if dimension else base
    is_rank = bool(re.search(r"(?<![A-Z\d])1\b", piece.replace("% 2 == 1", "")))
    wrap = is_rank and scale.scale is Scale.NUMERIC and not scale.is_positions

    def term(found: re.Match[str]) -> str:
        text = _term(found[0], tagged, declarations)
        if not wrap or found[0][0] not in "PD":
            return text
        # `pos(840)` has no meaning: a bare number does not tell its type. Its place is known.
        place = next((n for n, value in enumerate(scale.values, 1) if value.name == text), None)
        return f"pos({text})" if place is None else str(place)

    restored = re.sub(r"D\d+\(P\d+\)|\b[PN]\d+\b|\bfirst\b|\blast\b", term, piece)
    if base.is_positions:
        restored = re.sub(r"\bpos\(((?:[^()]|\([^()]*\))*)\)", r"\1", restored)
    return restored


def _term(tag: str, tagged: TaggedSentence, declarations: Declarations) -> str:
    base = declarations.base_category
    if tag in ("first", "last"):
        return base.values[0 if tag == "first" else -1].name
    if tag[0] == "N":
        return format_number(tagged.numbers[tag].number)
    inner = re.fullmatch(r"(D\d+)\((P\d+)\)", tag)
    if inner:
        index, thing = tagged.dimensions[inner[1]], tagged.things[inner[2]]
        category = declarations.categories[index]
        if thing.category == index:
            return category.values[thing.value].name
        return f"{category.inverse}({_term(inner[2], tagged, declarations)})"
    thing = tagged.things[tag]
    category = declarations.categories[thing.category]
    name = category.values[thing.value].name
    return name if thing.category == declarations.base else f"{category.function}({name})"


def used_dimensions(formula: str, tagged: TaggedSentence) -> frozenset[int]:
    """The further dimensions that a formula speaks of: those whose inverse the program needs."""
    return frozenset(tagged.dimensions[d] for d in re.findall(r"\bD\d+\b", formula))
