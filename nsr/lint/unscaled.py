"""A sentence that speaks of an order needs values that have one: without, nothing it says can be written down."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nsr.formalizers.declarations import Scale
from nsr.lint.direction import AFTER
from nsr.lint.findings import Finding
from nsr.lint.polarity import without_values
from nsr.lint.reading import Reading, Vocabulary

_ORDER = re.compile(
    rf"\b(?:before|{AFTER}|ahead of|behind|(?:left|right) of|immediately|directly"
    r"|(?:earlier|later|older|younger|taller|shorter|higher|lower|more|less|fewer)(?: \w+){0,3} than)\b",
    re.IGNORECASE,
)


def check(reading: Reading, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Reports words of order where no category of the program is ordered."""
    if any(c.scale is not Scale.NONE for c in vocabulary.declarations.categories):
        return
    found = _ORDER.search(without_values(reading))
    if found:
        yield reading.finding(
            "order-without-scale",
            f"the sentence orders things (“{found[0]}”), and no values with an order are declared",
        )
