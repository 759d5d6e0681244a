# ruff: noqa: E501  # phrases of one kind read best on one line
"""English for the generators: nouns for rows, verb forms, phrases that fit any dimension, made-up words, slips of the pen."""

from __future__ import annotations

import random

from nsr.formalizers.words import words_of

__all__ = [
    "GENERIC",
    "PERSON_NOUNS",
    "TEST_NOUNS",
    "THING_NOUNS",
    "UNKNOWN_NOUNS",
    "UNKNOWN_VERBS",
    "base_form",
    "deny",
    "future",
    "misspell",
    "ordinal_of",
    "plural_of",
    "unknown_word",
]

PERSON_NOUNS = words_of(
    "person person person person friend guest neighbor student woman man child player customer tourist "
    "contestant worker member girl boy resident runner patient"
)  # fmt: skip

THING_NOUNS = words_of(
    "item trip ship piece house order project experiment car tour class show game flight boat satellite "
    "auction customer cruise book lot route package dive mission film tour site home design sculpture "
    "shipment building appointment vacation species box photo program bridge"
)  # fmt: skip

TEST_NOUNS = ("volunteer", "traveler", "competitor"), ("exhibit", "delivery", "artifact", "session")

LIKE_CATEGORIES = (
    ("pet", "animal"), ("pet", "animal"), ("pet", "animal"), ("color", "haircolor"), ("color", "haircolor"), ("color", "eyes"), ("child", "mother"),
    ("child", "mother"), ("child", "spouse"), ("smoothie", "color"), ("nationality", "language"), ("subject", "lesson"), ("food", "sandwich"),
    ("hobby", "lesson"), ("color", "clothing"), ("drink", "tea"), ("flower", "plant"),
)  # fmt: skip
"""Categories that people confuse, put into one problem more often than chance would."""

IRREGULAR = {
    "has": "have", "does": "do", "goes": "go", "is": "be", "had": "have", "bought": "buy", "brought": "bring", "won": "win", "got": "get", "gave": "give",
    "went": "go", "came": "come", "chose": "choose", "ate": "eat", "made": "make", "saw": "see", "took": "take", "wore": "wear", "held": "hold", "hid": "hide",
    "rode": "ride", "built": "build", "sold": "sell", "cost": "cost", "paid": "pay", "spent": "spend", "bid": "bid", "ran": "run", "drove": "drive", "left": "leave",
    "caught": "catch", "threw": "throw", "drew": "draw", "wrote": "write", "did": "do", "began": "begin", "grew": "grow", "flew": "fly", "beat": "beat", "lost": "lose",
    "used": "use", "received": "receive", "baked": "bake", "raised": "raise", "arrived": "arrive", "placed": "place", "scored": "score", "measured": "measure",
    "toured": "tour", "featured": "feature", "hiked": "hike", "explored": "explore", "purchased": "purchase", "restored": "restore", "danced": "dance", "joined": "join",
    "plays": "play", "buys": "buy", "studies": "study", "flies": "fly", "carries": "carry", "teaches": "teach", "watches": "watch", "practises": "practise",
    "met": "meet", "kept": "keep", "slept": "sleep", "found": "find", "told": "tell", "heard": "hear", "hired": "hire", "released": "release", "performed": "perform",
    "starred": "star", "shopped": "shop", "stopped": "stop", "stocked": "stock", "programs": "program", "dresses": "dress", "passes": "pass", "reaches": "reach", "attends": "attend",
    "committed": "commit", "complained": "complain", "spotted": "spot", "included": "include", "traveled": "travel", "collected": "collect", "queued": "queue", "liked": "like",
    "located": "locate", "performs": "perform", "lies": "lie", "borrowed": "borrow", "got there": "get there", "photographed": "photograph", "jumped": "jump",
}  # fmt: skip

GENERIC = {
    "less": ("has a lower {L} than {B}", "has a smaller {L} than {B}", "has less {w} than {B}", "has fewer {w}s than {B}", "{w}ed less than {B}", "is lower than {B}",
             "{w}s less than {B}", "has a lesser {L} than {B}", "ranks below {B} in {L}", "~falls short of {B} in {L}"),
    "more": ("has a higher {L} than {B}", "has a larger {L} than {B}", "has more {w} than {B}", "has more {w}s than {B}", "{w}ed more than {B}", "is higher than {B}",
             "{w}s more than {B}", "has a greater {L} than {B}", "ranks above {B} in {L}", "~surpasses {B} in {L}"),
    "by_less": ("has a {L} {n} lower than {B}", "is {n} lower than {B}", "is {n} less than {B}", "{w}ed {n} less than {B}", "has {n} less {w} than {B}", "is {n} under {B}",
                "is {n} below {B}", "{w}s {n} less than {B}", "has {n} fewer than {B}", "is exactly {n} lower than {B}", "lags {n} behind {B}"),
    "by_more": ("has a {L} {n} higher than {B}", "is {n} higher than {B}", "is {n} more than {B}", "{w}ed {n} more than {B}", "has {n} more {w} than {B}", "is {n} over {B}",
                "is {n} above {B}", "{w}s {n} more than {B}", "has {n} more than {B}", "is exactly {n} higher than {B}", "~surpasses {B} by {n}"),
    "times": ("has {k} as much {w} as {B}", "is {k} as high as {B}", "{w}ed {k} as many as {B}", "has {k} the {L} of {B}", "amounts to {k} the {L} of {B}"),
}  # fmt: skip

UNKNOWN_VERBS = ("{w}s {v}", "{w}s the {v}", "{w}ed {v}", "is {w}ed by {v}", "was {w}ed in {v}", "{w}s with {v}", "has a {w} {v}", "{w}ed the {v}",
                  "is the {w} of {v}", "{w}s at {v}", "was {w}ed for {v}", "{w}s from {v}", "{w}s a {v}", "has {v} {w}s", "is {w} with {v}")  # fmt: skip

UNKNOWN_NOUNS = ("the {v} {w}", "the {w} {v}", "the {e} {w}ed by {v}", "the {w} of {v}", "the {e} with the {v} {w}", "the {w} from {v}", "the {w} with {v}",
                  "{v}'s {w}", "the {e} whose {w} is {v}", "the {e} {w}ing {v}", "the {w} in {v}", "the {e} {w}ed in {v}")  # fmt: skip


def unknown_word(rng: random.Random) -> str:
    """A made-up word, so that words no training knows are read as description and not as relation."""
    parts = rng.randrange(1, 3)
    onsets = words_of("b br c ch d dr f fl g gr h j k l m n p pl pr r s sh sk sl sp st t tr v w z")
    word = "".join(rng.choice(onsets) + rng.choice("aeiou") for _ in range(parts))
    return word + rng.choice(words_of("b ck d ft g l ll m mp n nd nk nt p r rk rt sh sk st t"))


def future(phrase: str) -> str:
    """A verb phrase in the third person put into the future."""
    verb, _, rest = phrase.partition(" ")
    if verb in ("must", "has", "will", "can") and rest.startswith(("be ", "to ")):
        return phrase
    return f"will {'be' if verb in ('is', 'was') else base_form(verb)} {rest}".rstrip()


def ordinal_of(number: int) -> str:
    return f"{number}{'th' if 10 <= number <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def deny(rng: random.Random, phrase: str) -> str:
    """A verb phrase in the third person, denied: `owns a cat` -> `does not own a cat`."""
    verb, _, rest = phrase.partition(" ")
    if verb == "will":
        return f"{rng.choice(['will not', 'will not', chr(119) + 'on' + chr(39) + 't'])} {rest}"
    if verb in ("is", "was"):
        return f"{verb}{rng.choice([' not', ' not', chr(110) + chr(39) + 't'])} {rest}"
    if verb == "has" and rest.startswith("reached"):
        return f"has not {rest}"
    past = verb.endswith("ed") or (verb in IRREGULAR and not verb.endswith("s") and verb != "has")
    helper = rng.choice(["did not", "didn't"]) if past else rng.choice(["does not", "doesn't", "does not"])
    return f"{helper} {base_form(verb)} {rest}".rstrip()


def base_form(verb: str) -> str:
    """The infinitive of a verb in the third person or the past tense."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb.endswith(("ied", "ies")):
        return verb[:-3] + "y"
    if verb.endswith("ed"):
        return verb[:-2]
    if verb.endswith(("ches", "shes", "sses", "xes")):
        return verb[:-2]
    return verb.removesuffix("s")


def plural_of(noun: str) -> str:
    irregular = {
        "person": "people",
        "woman": "women",
        "man": "men",
        "child": "children",
        "species": "species",
        "box": "boxes",
        "class": "classes",
        "delivery": "deliveries",
    }
    return irregular.get(noun) or (noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s")


def misspell(rng: random.Random, text: str) -> str:
    """One slip in a plain long word: a letter left out, doubled, or swapped."""
    words = text.split(" ")
    places = [i for i, w in enumerate(words) if w.isalpha() and w.islower() and len(w) > 4]
    if not places:
        return text
    index = rng.choice(places)
    word = words[index]
    at = rng.randrange(1, len(word) - 1)
    words[index] = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)
