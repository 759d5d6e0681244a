"""`docs/dialects.md`: each code of Logic-LM's notations has a page, each notation an example that reads strictly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nsr.dialects import DIALECTS, read, recognize
from nsr.engine.checking import check_source

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "dialects.md").read_text(encoding="utf-8")
OURS = [name for name, place in DIALECTS.items() if re.search(r"logiclm_(rules|csp|arlsat)", place)]


def test_every_code_has_a_page() -> None:
    paths = [p for p in sorted((ROOT / "nsr" / "dialects").glob("logiclm_*.py")) if p.stem != "logiclm_fol"]
    source = "".join(p.read_text(encoding="utf-8") for p in paths)
    codes = set(re.findall(r'\.(?:error|repair|fail)\(\s*"([a-z-]+)"', source))
    assert len(codes) > 40
    assert codes == set(re.findall(r"^### `(logiclm-[a-z-]+)`", TEXT, re.M))


@pytest.mark.parametrize("name", OURS)
def test_the_example_reads_strictly(name: str) -> None:
    assert f"| `{name}` |" in TEXT
    example = re.search(rf"```{name}\n(.*?)```", TEXT[TEXT.index("\n## ") : TEXT.index("## nsr convert")], re.S)
    assert example is not None
    reading = read(example[1], name, strict=True)
    assert reading.program is not None, reading.errors
    assert check_source(reading.source)[0] is not None
    recognized = recognize(example[1])
    assert recognized is not None
    assert recognized.name == name
