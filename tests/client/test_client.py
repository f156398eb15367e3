"""The calls, over both transports, to a server whose answers are known."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from inkwash.client import ConnectionLost, NotRunning, Refused, WrongVersion, connect, find, stop
from inkwash.protocol import Layer, places


@pytest.fixture(params=["unix", "tcp"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_without_a_daemon_nothing_is_found() -> None:
    assert find() is None
    with pytest.raises(NotRunning) as error:
        connect(start=False)
    assert "inkwash daemon start" in error.value.hint


def test_calls_give_what_the_daemon_says(server: Any, transport: str) -> None:
    server.answers["/v1/filters"] = {"filters": [{"id": "lineart"}]}
    server.answers["/v1/jobs/7"] = {"cancelled": "7"}
    server.answers["/v1/shutdown"] = {"stopping": True}
    client = connect(start=False, transport=transport)
    assert client.status()["version"] == "0.1.0"
    assert client.filters() == [{"id": "lineart"}]
    client.cancel("7", keep=True)
    assert (server.seen[-1].path, server.seen[-1].query_string) == ("/v1/jobs/7", "keep=1")
    client.cancel("7")
    client.shutdown()
    assert [(r.method, r.path) for r in server.seen[-2:]] == [("DELETE", "/v1/jobs/7"), ("POST", "/v1/shutdown")]


def test_the_token_goes_over_tcp_only(server: Any, transport: str) -> None:
    connect(start=False, transport=transport).status()
    headers = server.seen[-1].headers
    assert headers["X-Inkwash-Protocol"] == "1"
    assert headers.get("Authorization") == ("Bearer " + "7" * 64 if transport == "tcp" else None)


def test_the_environment_can_force_a_transport(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(start=False)
    assert "Authorization" not in server.seen[-1].headers
    monkeypatch.setenv("INKWASH_TRANSPORT", "tcp")
    connect(start=False)
    assert "Authorization" in server.seen[-1].headers


def test_an_unknown_transport_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        connect(transport="pigeon")


def test_tcp_is_taken_where_the_unix_socket_cannot_be_seen(server: Any) -> None:
    server.publish(unix="/not/in/this/sandbox")
    assert connect(start=False).status()
    assert "Authorization" in server.seen[-1].headers


def test_models_are_sent_again_only_when_they_changed(server: Any) -> None:
    sent = []

    async def models(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"first"':
            return web.Response(status=304)
        sent.append(request)
        return web.json_response({"models": [{"name": "ink"}]}, headers={"ETag": '"first"'})

    server.answers["/v1/models"] = models
    client = connect(start=False)
    assert client.models() == client.models() == [{"name": "ink"}]
    assert len(sent) == 1


def test_a_job_id_cannot_lead_elsewhere(server: Any) -> None:
    with pytest.raises(Refused):
        connect(start=False).cancel("../shutdown?x")
    assert server.seen[-1].raw_path == "/v1/jobs/..%2Fshutdown%3Fx"


def test_a_refusal_has_the_daemons_words(server: Any) -> None:
    with pytest.raises(Refused) as error:
        connect(start=False).cancel("7")
    assert (error.value.code, error.value.message, error.value.hint) == ("bad_request", "No.", "Ask else.")


@pytest.mark.parametrize("status", [{"version": "9", "protocol": 9}, {"version": "0", "protocol": None}])
def test_a_daemon_of_another_protocol_is_refused(server: Any, status: dict[str, Any]) -> None:
    server.answers["/v1/status"] = status
    with pytest.raises(WrongVersion) as error:
        connect()
    assert "inkwash daemon stop" in error.value.hint


def test_a_daemon_that_refuses_our_protocol_is_of_another_version(server: Any) -> None:
    async def upgrade(request: web.Request) -> web.Response:
        return web.json_response({"code": "wrong_protocol", "message": "", "hint": ""}, status=426)

    server.answers["/v1/status"] = upgrade
    with pytest.raises(WrongVersion):
        connect()


def test_a_daemon_of_any_version_can_be_stopped(server: Any) -> None:
    server.answers["/v1/status"] = {"version": "9", "protocol": 9}
    server.answers["/v1/shutdown"] = {"stopping": True}
    assert stop()
    assert server.seen[-1].path == "/v1/shutdown"
    assert "X-Inkwash-Protocol" not in server.seen[-1].headers


def test_without_a_daemon_there_is_nothing_to_stop() -> None:
    assert not stop()


@pytest.mark.parametrize("answer", [[], "text", 5, None, {"filters": {}}, {}])
def test_an_answer_of_the_wrong_kind_is_no_answer(server: Any, answer: Any) -> None:
    async def filters(request: web.Request) -> web.Response:
        return web.json_response(answer)

    server.answers["/v1/filters"] = filters
    with pytest.raises(ConnectionLost):
        connect(start=False).filters()


@pytest.mark.parametrize("status", [{}, [], {"hello": 1}])
def test_a_stranger_on_the_port_is_not_the_daemon(server: Any, status: Any) -> None:
    async def stranger(request: web.Request) -> web.Response:
        return web.json_response(status)

    server.answers["/v1/status"] = stranger
    assert find() is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"unix": null, "tcp": null, "token": ""}',
        '{"unix": 5, "tcp": 5, "token": 5}',
        '{"unix": "a\\u0000b", "tcp": null, "token": ""}',
        '{"unix": "%s", "tcp": null, "token": ""}' % ("/long" * 100),
        '{"unix": null, "tcp": {"host": "127.0.0.1", "port": 99999}, "token": "a"}',
        '{"unix": null, "tcp": {"host": "127.0.0.1", "port": "80"}, "token": "a"}',
        '{"unix": null, "tcp": {"host": "127.0.0.1", "port": 1}, "token": "a\\r\\nb: c"}',
        '{"unix": null, "tcp": {"host": "example.com", "port": 80}, "token": "a"}',
        '{"unix": null, "tcp": {}, "token": "a"}',
        "[" * 100_000,
    ],
)
def test_a_damaged_endpoint_file_is_no_endpoint(text: str) -> None:
    places.endpoint_file().write_text(text)
    assert find() is None


def test_an_endpoint_file_of_other_bytes_is_no_endpoint() -> None:
    places.endpoint_file().write_bytes(b"\xff\xfe\x00")
    assert find() is None


def test_the_job_arrives_as_it_was_meant(server: Any, transport: str, picture: Layer) -> None:
    client = connect(start=False, transport=transport)
    frames = list(client.run("nothing", {"strength": 0.5}, [picture], document="page 1", priority="batch"))
    assert [frame.message["type"] for frame in frames] == ["accepted", "preview", "result"]
    assert frames[-1].layers == [picture]
    assert frames[-1].message["asked"] == {
        "type": "job",
        "filter": "nothing",
        "params": {"strength": 0.5},
        "document": "page 1",
        "priority": "batch",
    }
