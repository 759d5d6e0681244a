"""Words that put things in an order."""

from __future__ import annotations

import re

__all__ = ["ORDER"]

# Words of order in the widest sense: a formula that orders needs one of them.
ORDER = re.compile(
    r"left|right|before|after|earl|\blate|soon|prior|less|few|more|most|least|than\b|preced|follow|succe|behind|ahead|"
    r"front|"
    r"above|below|under|over\b|next|previous|between|until|since|beat|lead|led\b|rank|\btop|bottom|first|last|increas|"
    r"decreas|exceed|surpass|\bout(?:weigh|rank|pac|run|last)|\bout\w+(?:s|ed|n)\b|\blow|high|double|twice|half|times|\bthen\b|north|south|east\b|"
    r"west\b|"
    r"neighbou?r|trail|started|finished|within|\bby (?:\d|an?\b|one|two|three|four|five|six|seven|eight|nine|ten)|"
    r"\bago\b|"
    r"\bold\b|young|\bas \w+ as\b|\bback\b|subsequent|\blos[te]s?\b|flank|sandwich|separat|\bwon\b|defeat|advance|"
    r"minimum|maximum|short of|smaller|"
    r"larger|immediately|directly|consecutive|somewhere|side of|up to|down from|beyond|farther|further|closer",
    re.IGNORECASE,
)
