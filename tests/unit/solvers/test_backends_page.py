"""`docs/backends.md` says what the specs say."""

from pathlib import Path

from nsr.reformulations import in_order
from nsr.solvers import backend_names, get_backend
from nsr.solvers.registry import availability

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "backends.md").read_text(encoding="utf-8")


def row(name):
    spec = get_backend(name).spec
    positions = {}
    for feature in spec.native:
        positions.setdefault(feature.construct, set()).add(feature.position)
    everywhere = {c: len(p) for s in map(get_backend, backend_names()) for c, p in _positions(s.spec).items()}
    native = sorted(
        c.value + ("" if len(p) == max(everywhere[c], _most(c)) else f" ({', '.join(sorted(x.value for x in p))})")
        for c, p in positions.items()
    )
    tasks = ", ".join(sorted(task.name.lower() for task in spec.tasks))
    needs = ", ".join(f"`{r}`" for r in spec.requires)
    return f"| `{name}` ({spec.title}) | {needs} | {', '.join(native)} | {tasks} |"


def _positions(spec):
    out = {}
    for feature in spec.native:
        out.setdefault(feature.construct, set()).add(feature.position)
    return out


def _most(construct):
    return max(len(_positions(get_backend(name).spec).get(construct, ())) for name in backend_names())


def test_every_back_end_has_its_row():
    for name in backend_names():
        assert row(name) in PAGE


def test_every_reformulation_has_its_row_in_order():
    places = [PAGE.index(f"| `{step.name}` |") for step in in_order()]
    assert places == sorted(places)


def test_what_is_installed_is_available():
    for name in backend_names():
        assert availability(name) is None
