"""`encodings.md`: program to encoding, as text."""

import os
import re
from pathlib import Path

from nsr.grammars.parser import parse
from nsr.language.check import check
from nsr.limits import Budget
from nsr.reformulations import reformulate
from nsr.solvers import backend_names, get_backend

FILE = Path(__file__).with_name("encodings.md")
SECTION = re.compile(r"(?m)^## .*\n(?:(?!^## ).*\n?)*")
SOURCE = re.compile(r"```nsr\n(.*?)```", re.DOTALL)


def encoded(source, backend):
    program = check(parse(source).program, source).program
    assert program is not None
    adapter = get_backend(backend)
    ground, features = reformulate(program, adapter.spec.native, Budget())
    assert not features - adapter.spec.native
    return adapter.compile(ground, Budget()).text()


def written(section):
    """The section with the encodings of its program."""
    head = section[: SOURCE.search(section).end()]
    source = SOURCE.search(section).group(1)
    parts = [f"{backend}:\n\n```text\n{encoded(source, backend)}\n```" for backend in backend_names()]
    return head + "\n\n" + "\n\n".join(parts) + "\n\n"


def test_encodings_are_as_written_down():
    text = FILE.read_text(encoding="utf-8")
    sections = SECTION.findall(text)
    assert len(sections) >= 4
    whole = text[: text.index(sections[0])] + "".join(map(written, sections)).rstrip("\n") + "\n"
    if os.environ.get("NSR_UPDATE_GOLDEN"):
        FILE.write_text(whole, encoding="utf-8")
    assert text == whole or os.environ.get("NSR_UPDATE_GOLDEN")
