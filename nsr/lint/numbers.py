"""Numbers of the formula must come from the sentence, and number words of the sentence must come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from nsr.formalizers.quantities import read_quantity
from nsr.formalizers.variants import EITHER_WAY
from nsr.language import ir
from nsr.lint.findings import Finding
from nsr.lint.reading import Reading, Relation, Vocabulary, resembles

# Words for a step of one.
_NEXT = re.compile(
    r"\b(?:directly|immediately|immediate|next|adjacent|neighbou?r\w*|beside|besides|right (?:before|after|behind|"
    r"above|"
    r"below|under\w*|over|on top|beside|of|in front|ahead)|(?:last|first) (?:\w+ ){0,2}(?:before|after)|side by side|"
    r"adjoin\w*|border\w*|just|consecutive\w*|successive\w*|following|preceding|precedes|follows|previous|prior|"
    r"followed|preceded|abut\w*|touch\w*|sandwiched|flank\w*|succeed\w*|straight|either side|shares? a|"
    r"no \w+ (?:\w+ )?between|nobody between|nothing between|the \w+ (?:before|after|above|below|behind|ahead)|"
    r"(?:one|an?|single) (?:\w+ ){1,2}(?:before|after|away|apart|left|right|to the|earlier|later|ahead|behind|in front|"
    r"above|below|older|younger|more|less|fewer|higher|lower|from|further|farther|longer|shorter|taller|prior|than|"
    r"heavier|lighter|bigger|smaller|larger|beyond|off|sooner|up|down|over|past|separat\w*|between|cheaper|faster|"
    r"slower)|"
    r"by (?:one|an?)|exactly one|one)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:between|separat\w*|apart|gaps?|in the middle|in between|in the space from|away|"
    r"skip\w*|you pass|other side of|intervening)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(r"\bdifferen\w*|\bdiffer\w*|\bgap between\b|\bdistance\b|\bapart\b", re.IGNORECASE)
_ANY = re.compile(r"\b(?:somewhere|anywhere|some (?:point|place|time|distance|way)|at some|sometime)\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(?:next to each other|side by side|adjacent to each other|next door to each other|"
    r"in the middle of|shares? a wall|borders|you pass|(?:live|sit|stand)s? (?:directly |right )?next to)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:least|most|more|less|within|fewer|over|than|maximum|minimum|up to|not|no|never|beyond|several|far|closer|"
    r"farther|further|neighbou?rs?|adjacent|next|beside)\b|n['’]t\b",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    r"\b(?:directly|immediately) (?:to the )?(?:left|right|before|after|behind|ahead|above|below|in front|precedes|"
    r"follows)|"
    r"\b(?:straight|right) (?:before|after|behind|ahead)\b|"
    r"(?<!some )(?<!any )\bthe (?:hour|day|week|month|year) (?:before|after)\b",
    re.IGNORECASE,
)
_PARITY = re.compile(r"\b(?:even|odd|alternat\w*|every (?:other|second))\b", re.IGNORECASE)
_ONE_STEP = re.compile(
    r"\b(?:one|an?|1) (?:point|hour|minute|day|week|month|year|place|position|spot|mile|kilometer|floor|dollar|pound|"
    r"inch|foot|degree|step|house|seat|rank) (?:less|more|fewer|higher|lower|older|younger|before|after|earlier|later|"
    r"ahead|behind|above|below|closer|farther|further|longer|shorter|taller|heavier|lighter|cheaper|faster|slower|"
    r"prior)\b",
    re.IGNORECASE,
)
_FEW = re.compile(r"\b(?:one of|in|among|within|of) the (first|last) (\w+)\b", re.IGNORECASE)

_SPELLED: dict[Fraction, tuple[str, ...]] = {
    Fraction(1): (
        "directly",
        "immediately",
        "adjacent",
        "neighbor",
        "neighboring",
        "neighbour",
        "beside",
        "between",
        "right",
    ),
    Fraction(2): ("between", "middle"),
    Fraction(3): ("between", "middle"),
}


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Steps and distances need words for them; `somewhere` admits no fixed step; spoken numbers must be used."""
    spoken = {m.number for m in reading.mentions if m.number is not None}
    sentence, finding = reading.sentence, reading.finding
    is_between = bool(_BETWEEN.search(sentence))
    supported = set(spoken) | {n + 1 for n in spoken if is_between}
    if _NEXT.search(sentence):
        supported.add(Fraction(1))
    if is_between and re.search(r"\b(?:between|one|single|a|an)\b", sentence, re.IGNORECASE):
        supported.add(Fraction(2))
    is_difference = bool(_DIFFERENCE.search(sentence))
    taken = {m.number for m in reading.mentions if m.number is not None and reading.things.intersection(m.things)}
    free = {m.number for m in reading.mentions if m.number is not None and not reading.things.intersection(m.things)}
    stepped = [r for r in reading.relations if r.kind in ("shift", "distance")]
    counts_between = bool(free) and "between" in sentence.lower() and not is_difference
    # Things that stand in a row are separated by those between them, values that are measured by their difference.
    separates = bool(spoken) and bool(re.search(r"\bseparat", sentence, re.IGNORECASE)) and not is_difference
    for relation in reading.relations:
        step = Fraction(relation.step)
        if relation.kind == "apart" and not _VAGUE.search(sentence):
            yield finding("bound-not-in-sentence", "the formula leaves the distance open, the sentence does not")
        if relation.kind not in ("shift", "distance") or _is_reckoned(relation.step, reading, vocabulary):
            continue
        if step not in supported and not resembles(sentence, _SPELLED.get(step, ())):
            yield finding("number-not-in-sentence", f"the formula has a step of {step}, the sentence no word for it")
        elif (
            (counts_between or (separates and _is_of_places(relation, vocabulary)))
            and relation.kind == "distance"
            and step - 1 not in spoken
            # Where at least one is between, the two are no neighbours.
            and not (relation.is_denied and step in spoken)
        ):
            yield finding("number-not-in-sentence", f"the sentence counts what is between, which {step} does not fit")
        if _ANY.search(sentence):
            yield finding("step-not-in-sentence", "the sentence leaves the distance open, the formula fixes it")
    for number in _added(reading) - supported:
        yield finding("number-not-in-sentence", f"the formula adds {number}, the sentence has no word for it")
    if _BESIDE.search(sentence) and all(r.kind in ("equal", "less") for r in reading.relations) and reading.relations:
        yield finding("step-lost", "the sentence speaks of neighbours, the formula does not")
    if any(r.kind == "parity" for r in reading.relations) and not _PARITY.search(sentence):
        yield finding("parity-added", "the formula tells even from odd, the sentence does not")
    is_step = _DIRECT.search(sentence) or _ONE_STEP.search(sentence)
    if is_step and not stepped and any(r.kind == "less" for r in reading.relations):
        yield finding("step-lost", "the sentence speaks of a step of one, the formula of any distance")
    steps = {Fraction(r.step) for r in stepped}
    if free and steps & {n + k for n in taken for k in (0, 1)} and not steps & {n + k for n in free for k in (0, 1)}:
        yield finding("number-taken", "the number of the step names a thing in the sentence, another one is left")
    if EITHER_WAY.search(sentence) and len(reading.relations) == 1 and stepped and stepped[0].kind == "shift":
        yield finding("direction-added", "the sentence leaves open which comes first, the formula does not")
    yield from _unused(reading, vocabulary)
    if _misses_few(reading, vocabulary):
        yield finding("places-misread", "the formula has other places than the few that the sentence speaks of")


def _misses_few(reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether `one of the last two places` is written as places that are not the last two."""
    base = vocabulary.declarations.base_category
    found = _FEW.search(reading.sentence)
    number = read_quantity(found[2]) if found else None
    if not found or number is None or not base.is_positions or any(r.kind == "bound" for r in reading.relations):
        return False
    places = {vocabulary.declarations.categories[t.category].values[t.value].number for t in reading.things}
    size, few = len(base.values), int(number.number)
    first = 1 if found[1].lower() == "first" else size - few + 1
    return 1 < few < size and not places.issuperset(range(first, first + few))


def _is_of_places(relation: Relation, vocabulary: Vocabulary) -> bool:
    base = vocabulary.declarations.base_category
    return base.is_positions and any(
        isinstance(t, ir.Apply) and str(ir.sort_of(t)) == base.type_name for t in (relation.low, relation.high)
    )


def _added(reading: Reading) -> set[Fraction]:
    """Amounts that are added to a thing before it is compared with a number (`name(ann) + 1 == 3`)."""
    if len(reading.relations) != 1:
        return set()
    (relation,) = reading.relations
    if relation.kind != "equal" or (relation.low is None) == (relation.high is None):
        return set()
    return {Fraction(n) for n in reading.numbers if n not in reading.loose}


def _unused(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    used = {Fraction(n) for n in (*reading.numbers, *reading.loose)} | {Fraction(r.step) for r in reading.relations}
    categories = vocabulary.declarations.categories
    named = {categories[t.category].values[t.value].number for t in reading.things}
    everything = {n for n in used | named if n is not None}
    spoken = spoken_numbers(reading, vocabulary)
    for mention in reading.mentions:
        number = mention.number
        if number is None or number <= 1 or mention.weak or number in everything or number + 1 in used:
            continue
        if _is_counting(reading, number) or any(t in reading.things for t in mention.things):
            continue
        # `2 places after the third`: the checker has reckoned both into one number.
        is_bare = not reading.numbers and not reading.loose and named <= {None}
        others = [n for n in spoken if not (is_bare and n == number)]
        if any(number + n in everything or n - number in everything or number - n in everything for n in others):
            continue
        yield reading.finding("number-not-in-formula", f"the sentence says {number}, the formula does not")


def spoken_numbers(reading: Reading, vocabulary: Vocabulary) -> tuple[Fraction, ...]:
    """The numbers of a sentence: amounts, and those of the values that it mentions."""
    categories = vocabulary.declarations.categories
    found = [m.number for m in reading.mentions if m.number is not None]
    found += [
        n
        for m in reading.mentions
        for t in m.things
        if (n := categories[t.category].values[t.value].number) is not None
    ]
    return tuple(dict.fromkeys(found))


def _is_reckoned(step: int | Fraction, reading: Reading, vocabulary: Vocabulary) -> bool:
    """Whether a step is the difference of a value and an amount of the sentence, which the checker has put together."""
    amounts = {m.number for m in reading.mentions if m.number is not None}
    return any(
        step + n in amounts or n - step in amounts for n in spoken_numbers(reading, vocabulary) if n != step
    ) and bool(reading.loose)


def _is_counting(reading: Reading, number: Fraction) -> bool:
    """`three different people`, `of the two`: a number of the things listed, which the formula shows by itself."""
    return number <= max(2, len(reading.things))
