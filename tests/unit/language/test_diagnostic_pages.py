"""`docs/diagnostics.md`: each example gives the code it stands under, and each code of the checker has a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nsr.language.check
from nsr.diagnostics import Severity
from nsr.grammars.parser import parse
from nsr.language.check import check

PAGE = Path(__file__).parents[3] / "docs" / "diagnostics.md"
TEXT = PAGE.read_text(encoding="utf-8")
SECTION = re.compile(r"^### `(?P<code>[a-z-]+)`\n(?P<body>.*?)(?=^##|\Z)", re.M | re.S)
SECTIONS = {m["code"]: m["body"] for m in SECTION.finditer(TEXT)}
WARNINGS_AT = TEXT.index("## Warnings")
EXAMPLES = {code: m[1] for code, body in SECTIONS.items() if (m := re.search(r"```nsr\n(.*?)```", body, re.S))}


@pytest.mark.parametrize("code", EXAMPLES)
def test_example_gives_its_code(code: str) -> None:
    parsed = parse(EXAMPLES[code])
    assert parsed.program is not None
    found = check(parsed.program).diagnostics
    assert [d.code for d in found] == [code]
    is_warning = TEXT.index(f"### `{code}`") > WARNINGS_AT
    assert found[0].severity is (Severity.WARNING if is_warning else Severity.ERROR)
    assert found[0].help or found[0].labels


def test_every_code_has_a_page() -> None:
    folder = Path(nsr.language.check.__file__).parent
    source = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))
    codes = set(re.findall(r'(?:\.error|\.warn|_fail)\(\s*"([a-z]+(?:-[a-z]+)+)"', source)) | {"unsupported"}
    assert codes == set(SECTIONS)
    assert set(SECTIONS) - set(EXAMPLES) == {"too-deep", "data-row", "data-columns"}
