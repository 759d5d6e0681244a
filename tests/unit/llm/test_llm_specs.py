"""Specs, recordings and scripts."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from nsr.errors import LanguageModelUnavailable, OperationalError, UsageError
from nsr.llm import Completion, Generation, LanguageModel, Message, Request, Sampling, load, request_key
from nsr.llm.endpoint import GRAMMAR_FIELDS, EndpointModel, EndpointOptions
from nsr.llm.recorded import RecordedModel, Recorder
from nsr.llm.registry import embedded_folder
from nsr.testing.llm import ScriptedLLM


@pytest.mark.parametrize("spec", ["", "gpt", "local:", "recorded:", "ollama:llama", "file.jsonl"])
def test_an_unknown_spec_lists_the_forms(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(spec)
    for form in ("embedded", "local:FOLDER", "http://HOST:PORT/v1#NAME", "recorded:FILE"):
        assert form in str(caught.value)


def test_the_page_has_all_options_of_a_server_and_where_its_key_comes_from() -> None:
    page = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
    for option in dataclasses.fields(EndpointOptions):
        default = option.default if isinstance(option.default, str) else f"{option.default:g}"
        assert re.search(rf"^\| `{option.name}` \| `?{re.escape(default)}`? \|", page, re.M), option.name
    assert all(f"`{name}`" in page for name in (*GRAMMAR_FIELDS, "NSR_API_KEY", "OPENAI_API_KEY"))


def test_specs_lead_to_their_language_models(tiny_folder: Path, tmp_path: Path) -> None:
    local = load(f"local:{tiny_folder}")
    assert local.name == tiny_folder.name
    server = load("http://127.0.0.1:1/v1?grammar_field=structured_outputs&timeout_seconds=9&concurrency=2#some/name")
    assert isinstance(server, EndpointModel)
    assert server.name == "some/name"
    assert repr(server) == "EndpointModel('http://127.0.0.1:1/v1', 'some/name')"
    assert (server._options.timeout_seconds, server._options.concurrency) == (9.0, 2)
    file = tmp_path / "run.jsonl"
    file.write_text("")
    assert load(f"recorded:{file}").name == "recorded:run.jsonl"
    for llm in (local, server, ScriptedLLM([])):
        assert isinstance(llm, LanguageModel)
    assert embedded_folder().parent.name == "formalizers"


def test_a_missing_embedded_language_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nsr.llm.registry.embedded_folder", lambda: tmp_path)
    with pytest.raises(LanguageModelUnavailable, match="local:FOLDER"):
        load("embedded")


def test_options_of_a_server_are_checked() -> None:
    for spec, said in (
        ("http://h/v1?colour=red#x", "no option"),
        ("http://h/v1?timeout_seconds=soon#x", "not a number"),
        ("http://me:key@h/v1#x", "NSR_API_KEY"),
    ):
        with pytest.raises(UsageError, match=said):
            load(spec)


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "run.jsonl"
    requests = [Request("one"), Request((Message("user", "two"),), "start: WORD", Sampling(seed=3))]
    recorder = Recorder(ScriptedLLM(["first", ["second", "next best"]]), file)
    said = recorder.generate(requests)
    assert RecordedModel(file).generate(requests[::-1]) == said[::-1]
    line = json.loads(file.read_text().splitlines()[1])
    assert line["model"] == "scripted"
    assert line["prompt"] == [{"role": "user", "content": "two"}]
    with pytest.raises(LanguageModelUnavailable, match="no answer recorded"):
        RecordedModel(file).generate([Request("three")])


def test_broken_recordings_are_named(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    file.write_text('{"key": "x"}\n')
    with pytest.raises(UsageError, match=r"run.jsonl:1 is no recorded generation"):
        RecordedModel(file)
    with pytest.raises(UsageError, match="cannot be read"):
        RecordedModel(tmp_path / "none.jsonl")


def test_a_request_s_key_covers_all_of_it() -> None:
    variants = [
        Request("a"),
        Request("b"),
        Request("a", "g"),
        Request("a", sampling=Sampling(seed=1)),
        Request((Message("user", "a"),)),
        Request((Message("system", "a"),)),
    ]
    assert len({request_key(r) for r in variants}) == len(variants)
    assert request_key(Request("a")) == request_key(Request("a"))


def test_scripts() -> None:
    whole = Generation((Completion("z", None, 1, 1, 0, "stop"),))
    llm = ScriptedLLM(["x", ["a", "b"], whole, OperationalError("down")])
    first, second, third = llm.generate([Request("p q r", "g"), Request("s"), Request("t")])
    assert (first.completions[0].text, first.grammar_in_force) == ("x", "script")
    assert [c.log_probability for c in second.completions] == [0.0, -1.0]
    assert third is whole
    with pytest.raises(OperationalError, match="down"):
        llm.generate([Request("u")])
    with pytest.raises(UsageError, match="no answer left for request 5"):
        llm.generate([Request("v")])
    assert [r.prompt for r in llm.requests] == ["p q r", "s", "t", "u", "v"]
    by_function = ScriptedLLM(lambda request: str(request.prompt)[::-1])
    assert by_function.generate([Request("abc")])[0].completions[0].text == "cba"
