"""Readers of optimization sets: a text, and its optimum or a model in symbols.

The sets copy each other's records, and so do their formats: one reader knows the fields of all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nsr.datasets.fields import Unreadable, first, named, short_fields, text_of
from nsr.datasets.formulations import programs_of
from nsr.datasets.protocol import AnswerKind, Problem
from nsr.datasets.published import PublishedSet
from nsr.datasets.records import Record

__all__ = ["COMPLEXOR", "INDUSTRYOR", "MAMO", "NL4OPT", "NL4OPT_MODELS", "NLP4LP", "OPTIBENCH", "OPTMATH"]

_TEXTS = ("en_question", "Question", "question", "description", "problem", "document")
_ANSWERS = ("en_answer", "Answer", "answer")
_MAX_DATA = 20_000
"""Characters of the data that are put behind a description."""

_Reader = Callable[[Record], Iterator[Problem]]


def _worded(record: Record) -> Iterator[Problem]:
    """A text under any of the names that the sets use, and an answer."""
    fields = record.fields
    yield Problem(
        id=record.key or named(fields, record.place, "id", "index"),
        position=0,
        question=text_of(fields, *_TEXTS),
        gold=first(fields, _ANSWERS),
        meta=short_fields(fields, "id", *_TEXTS, *_ANSWERS),
    )


def _marks(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda r: all(n in r for n in names)


def _set(
    name: str,
    title: str,
    licence: str,
    source: str,
    problems: _Reader = _worded,
    marks: Callable[[Mapping[str, Any]], bool] = lambda r: False,
    called: tuple[str, ...] = (),
) -> PublishedSet:
    return PublishedSet(name, title, licence, source, AnswerKind.OPTIMUM, problems, marks, called)


NL4OPT = _set(
    "nl4opt",
    "NL4Opt, with optima",
    "MIT",
    "https://huggingface.co/datasets/CardinalOperations/NL4OPT",
)


def _formulated(record: Record) -> Iterator[Problem]:
    """The competition's records: `document`, `vars`, `obj_declaration`, `const_declarations`; no optimum."""
    fields = record.fields
    yield Problem(
        id=record.key or named(fields, record.place),
        position=0,
        question=text_of(fields, "document"),
        gold={"model": programs_of(fields)},
        meta={"unknowns": len(fields["vars"]), "constraints": len(fields["const_declarations"])},
    )


NL4OPT_MODELS = PublishedSet(
    name="nl4opt_models",
    title="NL4Opt of the competition, with models",
    licence="MIT",
    source="https://github.com/nl4opt/nl4opt-competition (generation_data)",
    kind=AnswerKind.MODEL,
    problems=_formulated,
    marks=_marks("document", "obj_declaration"),
)

MAMO = _set(
    "mamo",
    "MAMO (EasyLP and ComplexLP)",
    "CC BY-SA 4.0",
    "https://github.com/FreedomIntelligence/Mamo",
    marks=_marks("Question", "Answer"),
    called=("mamo_easy", "mamo_complex"),
)
INDUSTRYOR = _set(
    "industryor",
    "IndustryOR",
    "CC BY-NC 4.0",
    "https://huggingface.co/datasets/CardinalOperations/IndustryOR",
    marks=_marks("en_question", "en_answer", "difficulty"),
)
OPTMATH = _set("optmath", "OptMATH-Bench", "Apache-2.0", "https://github.com/optsuite/OptMATH (benchmark)")


def _valued(record: Record) -> Iterator[Problem]:
    """`question`, `results`: the values of all that is asked; the last one is the objective's."""
    fields = record.fields
    results = fields.get("results")
    if not isinstance(results, Mapping) or not results:
        raise Unreadable("'results' has no values")
    yield Problem(
        id=named(fields, record.place, "index", "id"),
        position=0,
        question=text_of(fields, "question"),
        gold=list(results.values())[-1],
        meta=short_fields(fields, "index", "id", "question", "code_solution"),
    )


OPTIBENCH = _set(
    "optibench",
    "OptiBench (ReSocratic)",
    "Apache-2.0",
    "https://github.com/yangzhch6/ReSocratic",
    _valued,
    _marks("question", "results", "type"),
)


def _parameters(record: Record) -> Iterator[Problem]:
    """`description`, `parameters`, `solution` with an `objective` (objects, or JSON in texts); or as the others."""
    fields = record.fields
    solution = _json(fields.get("solution"))
    if not isinstance(solution, Mapping):
        yield from _worded(record)
        return
    yield Problem(
        id=record.key or named(fields, record.place, "id", "index"),
        position=0,
        context=text_of(fields, "description"),
        question=_data(_json(fields.get("parameters"))),
        gold=first(solution, ("objective", "obj", "objective_value")),
        meta={},
    )


def _data(values: Any) -> str:
    """Parameters as `name = value` lines; a description that a parameter brings along comes behind it."""
    if not isinstance(values, Mapping) or not values:
        return ""
    lines = []
    for name, value in values.items():
        told = value.get("value", value) if isinstance(value, Mapping) else value
        why = f" ({value['description']})" if isinstance(value, Mapping) and "description" in value else ""
        lines.append(f"{name} = {json.dumps(told, ensure_ascii=False)}{why}")
    text = "\n".join(lines)
    if len(text) > _MAX_DATA:
        raise Unreadable(f"the data have {len(text):,} characters, at most {_MAX_DATA:,} are read")
    return f"Data:\n{text}"


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


NLP4LP = _set(
    "nlp4lp",
    "NLP4LP",
    "CC BY-NC 4.0, research only",
    "https://huggingface.co/datasets/udell-lab/NLP4LP",
    _parameters,
    _marks("description", "parameters", "solution"),
)


def _sampled(record: Record) -> Iterator[Problem]:
    """A folder a problem: `description.txt`, `sample.json` (`input`, `output`); one problem for each sample."""
    fields = record.fields
    samples = fields.get("sample")
    if samples is None:
        yield from _worded(record)
        return
    if not isinstance(samples, list) or not all(isinstance(s, Mapping) and "output" in s for s in samples):
        raise Unreadable("'sample' is not a list of objects with 'input' and 'output'")
    for number, sample in enumerate(samples, 1):
        output = sample["output"]
        identifier = record.key or record.place
        yield Problem(
            id=identifier if len(samples) == 1 else f"{identifier}_{number}",
            position=0,
            context=text_of(fields, "description"),
            question=_data(sample.get("input")),
            gold=output[0] if isinstance(output, list) and len(output) == 1 else output,
            meta={},
        )


COMPLEXOR = _set(
    "complexor",
    "ComplexOR",
    "none named",
    "https://github.com/xzymustbexzy/Chain-of-Experts (dataset/ComplexOR)",
    _sampled,
    _marks("description", "sample"),
)
