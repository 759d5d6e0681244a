"""What callers give from Python: folders as strings are taken, and wrong types end in a sentence about them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nsr

SOURCE = "var x: 1..3\nfind one"

untyped: Any = nsr
"""The functions as somebody calls them who does not check types."""


def test_a_folder_may_be_a_string(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("a,v\nann,3\n")
    source = 'type P = {ann}\nparam v(P): int from "v.csv"\ncompute v(ann)'
    for root in (tmp_path, str(tmp_path)):
        assert nsr.run(source, root=root).answer == 3
        assert nsr.run(nsr.parse(source, root=root)).answer == 3


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: untyped.run(b"find one"), "a program is its text or what `nsr.parse` gives, not bytes"),
        (lambda: untyped.run(None), "not NoneType"),
        (lambda: untyped.parse(None), "not NoneType"),
        (lambda: untyped.run(SOURCE, root=3), "`root` is a folder's path, not int"),
        (lambda: untyped.solve(None), "a text is a string, not NoneType"),
        (lambda: untyped.solve_many("text"), "texts are a list of strings, not str"),
        (lambda: untyped.run(SOURCE, limits={"wall_seconds": 3}), r"`limits` is .*; it is to be an `nsr\.Limits`"),
        (lambda: untyped.run(SOURCE, limits=nsr.Limits(wall_seconds="3")), r"`limits\.wall_seconds` is '3'"),  # type: ignore[arg-type]
        (lambda: untyped.run(SOURCE, seed="1"), "`seed` is '1'; it is to be a whole number"),
        (lambda: untyped.run(SOURCE, seed=True), "`seed` is True"),
        (lambda: untyped.run(SOURCE, confirm=1), "`confirm` is 1; it is to be `True` or `False`"),
        (lambda: untyped.run(SOURCE, backend=None), "`backend` is None; it is to be a string"),
        (lambda: untyped.run(SOURCE, timeout=3), r"there is no option `timeout`; .*`limits=nsr\.Limits"),
        (lambda: untyped.run(SOURCE, wall_seconds=3), r"`limits=nsr\.Limits"),
        (lambda: untyped.run(SOURCE, back_end="z3"), "there is no option `back_end`; did you mean `backend`"),
        (lambda: untyped.run(SOURCE, xyz=3), "there is no option `xyz`; there are model, backend, limits"),
        (lambda: untyped.Engine({"seed": 1}), "options are an `nsr.Options`, not dict"),
    ],
)
def test_wrong_arguments_are_usage_errors(call: Callable[[], object], says: str) -> None:
    with pytest.raises(nsr.UsageError, match=says):
        call()
