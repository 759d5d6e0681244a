"""From a spec, as given to `--model`, to a language model."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from nsr.errors import LanguageModelUnavailable, UsageError

if TYPE_CHECKING:
    from nsr.llm.protocol import LanguageModel

__all__ = ["EMBEDDED", "FORMS", "embedded_folder", "load"]

EMBEDDED = "embedded"

FORMS = (
    "embedded                      the language model that is shipped with nsr",
    "embedded:FOLDER               one that `nsr train` made: it translates tagged sentences",
    "local:FOLDER                  a causal language model in a folder, run here",
    "http://HOST:PORT/v1#NAME      an OpenAI-compatible server (https too); key from NSR_API_KEY or OPENAI_API_KEY;",
    "                              options before the #: ?grammar_field=structured_outputs&timeout_seconds=60",
    "recorded:FILE                 answers replayed from a file",
)


def embedded_folder() -> Path:
    """Where the shipped language model lies, there or not."""
    return Path(__file__).resolve().parent.parent / "formalizers" / "embedded"


def load(spec: str = EMBEDDED) -> LanguageModel:
    """The language model that `spec` names. UsageError, with the forms a spec may have, if it names none."""
    kind, _, rest = spec.partition(":")
    if spec == EMBEDDED:
        from nsr.llm.local import LocalModel

        if not (embedded_folder() / "config.json").is_file():
            raise LanguageModelUnavailable(
                "this installation of nsr has no language model of its own; name another one with --model:\n  "
                + "\n  ".join(FORMS[1:])
            )
        return LocalModel(embedded_folder(), name=EMBEDDED)
    if kind == EMBEDDED and rest:
        from nsr.llm.local import LocalModel

        return LocalModel(Path(rest).expanduser(), name=spec)
    if kind == "local" and rest:
        from nsr.llm.local import LocalModel

        return LocalModel(Path(rest).expanduser())
    if kind in ("http", "https"):
        return _endpoint(spec)
    if kind == "recorded" and rest:
        from nsr.llm.recorded import RecordedModel

        return RecordedModel(Path(rest).expanduser())
    raise UsageError(f"{spec!r} names no language model; the forms are:\n  " + "\n  ".join(FORMS))


def _endpoint(spec: str) -> LanguageModel:
    from nsr.llm.endpoint import EndpointModel, EndpointOptions

    parts = urlsplit(spec)
    kinds = {f.name: f.type for f in dataclasses.fields(EndpointOptions)}
    options: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query):
        if name not in kinds:
            raise UsageError(f"{name!r} is no option of a server; there are: {', '.join(kinds)}")
        try:
            options[name] = {"float": float, "int": int}.get(str(kinds[name]), str)(value)
        except ValueError as exc:
            raise UsageError(f"{name}={value!r} is not a number") from exc
    if parts.username or parts.password:
        raise UsageError("a key does not belong into the address: put it into the environment as NSR_API_KEY")
    base = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return EndpointModel(base, parts.fragment, options=EndpointOptions(**options))
