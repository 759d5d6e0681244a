"""The client of OpenAI-compatible servers, against a server on the loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_server import FakeServer, Reply, chat

from nsr.errors import LanguageModelUnavailable, OperationalError, UsageError
from nsr.llm.endpoint import EndpointModel, EndpointOptions
from nsr.llm.protocol import Message, Request, Sampling

KEY = "sk-secret-123"
REQUEST = Request((Message("system", "the manual"), Message("user", "a puzzle")), 'start: "x"', Sampling(max_tokens=50))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("NSR_API_KEY", KEY)


@pytest.fixture
def serve() -> Iterator[Callable[..., FakeServer]]:
    servers: list[FakeServer] = []

    def start(*replies: Reply) -> FakeServer:
        servers.append(FakeServer(*replies))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def model(server: FakeServer, **options: Any) -> EndpointModel:
    return EndpointModel(server.url, "big", options=EndpointOptions(**{"backoff_seconds": 0.01, **options}))


def test_a_reply_is_a_completion_with_its_costs(serve: Callable[..., FakeServer]) -> None:
    server = serve(chat("type T = {a}"))
    (generation,) = model(server).generate([REQUEST])
    (completion,) = generation.completions
    assert (completion.text, completion.finish, completion.log_probability) == ("type T = {a}", "stop", None)
    assert (completion.prompt_tokens, completion.completion_tokens, completion.forced_tokens) == (11, 7, 0)
    assert generation.grammar_in_force is None
    path, body, headers = server.asked[0]
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "big",
        "messages": [{"role": "system", "content": "the manual"}, {"role": "user", "content": "a puzzle"}],
        "max_tokens": 50,
        "temperature": 0.0,
        "top_p": 1.0,
        "seed": 0,
    }
    assert headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("structured_outputs", {"structured_outputs": {"grammar": 'start: "x"'}}),
        ("guided_grammar", {"guided_grammar": 'start: "x"'}),
        ("llguidance", {"grammar": '%llguidance {}\nstart: "x"'}),
    ],
)
def test_the_grammar_goes_into_the_field_that_the_server_takes(
    serve: Callable[..., FakeServer], field: str, sent: dict[str, Any]
) -> None:
    server = serve(chat("x"))
    (generation,) = model(server, grammar_field=field).generate([REQUEST])
    assert generation.grammar_in_force == field
    assert sent.items() <= server.asked[0][1].items()


def test_a_server_that_refuses_the_grammar_is_asked_without_it_from_then_on(serve: Callable[..., FakeServer]) -> None:
    refusal = Reply({"error": {"message": "structured_outputs is not supported"}}, status=400)
    server = serve(refusal, chat("x"))
    llm = model(server, grammar_field="structured_outputs")
    assert llm.generate([REQUEST])[0].grammar_in_force is None
    assert llm.generate([REQUEST])[0].grammar_in_force is None
    assert ["structured_outputs" in body for _, body, _ in server.asked] == [True, False, False]


def test_parameters_that_a_server_does_not_know_are_left_out(serve: Callable[..., FakeServer]) -> None:
    server = serve(
        Reply({"error": {"message": "Unsupported parameter: 'max_tokens' is not supported."}}, status=400),
        Reply({"error": {"message": "Unsupported value: 'temperature' does not support 0."}}, status=400),
        chat("x"),
    )
    llm = model(server)
    assert llm.generate([REQUEST])[0].completions[0].text == "x"
    body = server.asked[-1][1]
    assert body["max_completion_tokens"] == 50
    assert not {"max_tokens", "temperature"} & set(body)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_servers_are_asked_again(serve: Callable[..., FakeServer], status: int) -> None:
    server = serve(Reply({"error": "slow down"}, status=status, headers={"retry-after": "0.02"}), chat("x"))
    assert model(server).generate([REQUEST])[0].completions[0].text == "x"
    assert len(server.asked) == 2


def test_busy_servers_are_not_asked_for_ever(serve: Callable[..., FakeServer]) -> None:
    server = serve(Reply({"error": {"message": "over capacity"}}, status=429))
    with pytest.raises(LanguageModelUnavailable, match="answered 429: over capacity"):
        model(server, transport_retries=2).generate([REQUEST])
    assert len(server.asked) == 3


def test_a_refused_connection_is_named() -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    llm = EndpointModel(
        f"http://127.0.0.1:{port}/v1", "big", options=EndpointOptions(transport_retries=1, backoff_seconds=0.01)
    )
    with pytest.raises(LanguageModelUnavailable, match=rf"127.0.0.1:{port}/v1 cannot be reached"):
        llm.generate([REQUEST])


def test_a_slow_server_is_given_up(serve: Callable[..., FakeServer]) -> None:
    server = serve(Reply({}, pause=0.6))
    with pytest.raises(LanguageModelUnavailable, match=r"did not answer within 0.15 seconds"):
        model(server, timeout_seconds=0.15).generate([REQUEST])
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<html>not found</html>"),
        Reply({"object": "list"}),
        Reply({"choices": []}),
        Reply([1, 2]),
        Reply({"choices": [{"message": None}]}),
        Reply(None),
    ],
)
def test_garbage_is_shown(serve: Callable[..., FakeServer], reply: Reply) -> None:
    with pytest.raises(OperationalError, match="the reply of http://127"):
        model(serve(reply)).generate([REQUEST])


def test_a_reply_that_is_not_what_its_headers_say(serve: Callable[..., FakeServer]) -> None:
    with pytest.raises(LanguageModelUnavailable, match="cannot be reached: Error -3 while decompressing"):
        model(serve(*[Reply("no gzip", headers={"Content-Encoding": "gzip"})] * 5)).generate([REQUEST])


def test_an_error_is_told_in_the_server_s_words(serve: Callable[..., FakeServer]) -> None:
    server = serve(Reply({"error": {"message": "no such model: big"}}, status=404))
    with pytest.raises(LanguageModelUnavailable, match="answered 404: no such model: big") as caught:
        model(server).generate([REQUEST] * 3)
    assert caught.value.detail == "no such model: big"


def test_the_key_is_never_shown(serve: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(Reply({"error": {"message": f"Incorrect API key provided: {KEY}."}}, status=401))
    llm = model(server)
    with pytest.raises(LanguageModelUnavailable, match="NSR_API_KEY") as caught:
        llm.generate([REQUEST])
    for text in (str(caught.value), caught.value.detail, repr(llm), llm.name):
        assert KEY not in text
    monkeypatch.setenv("NSR_API_KEY", "")
    monkeypatch.setenv("OPENAI_API_KEY", "other")
    with pytest.raises(LanguageModelUnavailable):
        model(server).generate([REQUEST])
    assert server.asked[-1][2]["Authorization"] == "Bearer other"


def test_no_text_and_a_text_cut_off(serve: Callable[..., FakeServer]) -> None:
    with pytest.raises(OperationalError, match="without a text"):
        model(serve(chat(None))).generate([REQUEST])
    (completion,) = model(serve(chat(None, finish="length"))).generate([REQUEST])[0].completions
    assert (completion.text, completion.finish) == ("", "length")


def test_samples_are_asked_for_until_there_are_enough(serve: Callable[..., FakeServer]) -> None:
    server = serve(chat("a", "b"), chat("c"))
    request = Request("x", sampling=Sampling(temperature=0.7, n_best=3, seed=5))
    (generation,) = model(server).generate([request])
    assert [c.text for c in generation.completions] == ["a", "b", "c"]
    assert [(b.get("n"), b["seed"]) for _, b, _ in server.asked] == [(3, 5), (None, 7)]
    assert sum(c.completion_tokens for c in generation.completions) == 14


def test_answers_keep_the_order_of_the_requests(serve: Callable[..., FakeServer]) -> None:
    server = serve(chat("x"))
    requests = [Request(str(i)) for i in range(20)]
    assert len(model(server, concurrency=3).generate(requests)) == 20
    assert {body["messages"][0]["content"] for _, body, _ in server.asked} == {str(i) for i in range(20)}


def test_the_only_language_model_served_needs_no_name(serve: Callable[..., FakeServer]) -> None:
    server = serve(Reply({"data": [{"id": "only"}]}), chat("x"))
    llm = EndpointModel(server.url)
    llm.generate([REQUEST])
    assert llm.name == "only"
    with pytest.raises(UsageError, match="served there: a, b"):
        EndpointModel(serve(Reply({"data": [{"id": "a"}, {"id": "b"}]})).url).generate([REQUEST])


def test_the_blocking_door_opens_inside_an_event_loop(serve: Callable[..., FakeServer]) -> None:
    llm = model(serve(chat("x")))

    async def notebook() -> str:
        return llm.generate([REQUEST])[0].completions[0].text

    async def native() -> str:
        return (await llm.agenerate([REQUEST]))[0].completions[0].text

    assert asyncio.run(notebook()) == asyncio.run(native()) == "x"


def test_nonsense_is_refused_early() -> None:
    with pytest.raises(UsageError, match="no address"):
        EndpointModel("localhost:8000")
    with pytest.raises(UsageError, match="grammar_field is one of"):
        EndpointModel("http://x/v1", options=EndpointOptions(grammar_field="gbnf"))  # type: ignore[arg-type]
