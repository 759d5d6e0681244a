"""`docs/dialects.md`: each example gives the code it stands under, as repair or refusal, and each code has a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nsr.dialects
from nsr.dialects import DIALECTS, read

FOLDER = Path(nsr.dialects.__file__).parent
TEXT = (Path(__file__).parents[3] / "docs" / "dialects.md").read_text(encoding="utf-8")
SECTIONS = {m[1]: m for m in re.finditer(r"^### `([a-z-]+)`\n(.*?)(?=^##|\Z)", TEXT, re.M | re.S)}
EXAMPLES = [
    (code, name, text)
    for code, section in SECTIONS.items()
    for name, text in re.findall(r"```([a-z-]+)\n(.*?)```", section[2], re.S)
    if name in DIALECTS
]
REFUSALS_AT = TEXT.index("## Refusals")


@pytest.mark.parametrize(("code", "name", "text"), EXAMPLES)
def test_example_gives_its_code(code: str, name: str, text: str) -> None:
    reading = read(text, name)
    is_refusal = SECTIONS[code].start() > REFUSALS_AT
    assert {d.code for d in (reading.errors if is_refusal else reading.repairs)} == {code}
    assert is_refusal == (reading.program is None)


def test_every_code_of_first_order_dialects_has_a_page() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in sorted(FOLDER.glob("fol*.py")))
    codes = set(re.findall(r'\.(?:error|repair)\(\s*"([a-z-]+)"', source))
    assert len(codes) > 15
    assert codes <= set(SECTIONS)
    assert {c for c in SECTIONS if c.startswith("fol")} <= codes
    shown = {code for code, _, _ in EXAMPLES}
    assert codes - shown == {"fol-too-long", "fol-too-deep"}


def test_every_first_order_dialect_is_listed() -> None:
    for name, place in DIALECTS.items():
        if "fol" in place.partition(":")[0]:
            assert f"| `{name}` |" in TEXT
