"""The daemon's calls, over a real socket to the application in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch

from inkwash.models import networks
from inkwash.models.cards import Card
from inkwash.models.store import save
from inkwash.protocol import CONTENT_TYPE, PROTOCOL, PROTOCOL_HEADER, Layer

Start = Callable[..., Awaitable[Any]]


async def test_status_says_what_it_is_before_a_device_is_chosen(start: Start) -> None:
    status = await (await start()).get("/v1/status")
    assert status["protocol"] == PROTOCOL
    assert status["device"] == {"ready": False, "type": "auto", "fault": ""}
    assert status["models"] == []
    assert status["jobs"] == []


async def test_status_names_the_device_after_the_first_job(start: Start, invert: None) -> None:
    host = await start(device="cpu")
    await host.run("invert")
    device = (await host.get("/v1/status"))["device"]
    assert device["ready"]
    assert device["type"] == "cpu"
    assert device["precision"] in ("float32", "bfloat16")


async def test_a_filter_of_five_lines_is_listed_and_runs(start: Start, invert: None, make_picture: Any) -> None:
    host = await start()
    [listed] = [item for item in (await host.get("/v1/filters"))["filters"] if item["id"] == "invert"]
    assert listed["label"] == "Invert"
    assert listed["help"] == "Swap dark and light."
    assert listed["inputs"][0]["name"] == "picture"
    frame = await host.run("invert", [make_picture(value=100)])
    assert frame.message["type"] == "result"
    assert frame.message["notices"] == []
    assert frame.message["outputs"] == [
        {"name": "result", "label": "Result", "place": "replace", "blend": "normal", "ink": False, "larger": False}
    ]
    assert frame.message["seconds"] >= 0
    [layer] = frame.layers
    assert (layer.name, layer.width, layer.height) == ("result", 4, 3)
    assert set(bytes(layer.data)) == {155}


async def test_a_result_keeps_the_format_and_place_of_the_first_input(start: Start, invert: None) -> None:
    host = await start()
    data = bytes(range(2 * 3 * 4 * 2))
    layer = Layer("picture", 3, 2, x=-7, y=11, model="RGBA", order="BGRA", depth="u16", data=data)
    [result] = (await host.run("invert", [layer])).layers
    assert (result.x, result.y, result.order, result.depth) == (-7, 11, "BGRA", "u16")


async def test_the_stream_tells_progress_and_shows_previews(start: Start, gate: Any) -> None:
    host = await start()
    async with host.job("stepper", params={"steps": 2, "show": True}) as stream:
        assert stream.response.content_type == CONTENT_TYPE
        gate.allow()
        preview = await stream.until("preview")
        assert [layer.name for layer in preview.layers] == ["preview"]
        gate.allow()
        progress = await stream.until("progress")
        while progress.message["fraction"] < 1:
            progress = await stream.until("progress")
        assert progress.message["stage"] == "stepping"
        assert progress.message["seconds_left"] == 0
        assert (await stream.end()).message["type"] == "result"


async def test_a_large_picture_survives_the_way_there_and_back(start: Start, invert: None) -> None:
    host = await start()
    data = bytes(range(256)) * (1500 * 1000 * 3 // 256 + 1)
    layer = Layer("picture", 1500, 1000, model="RGB", data=data[: 1500 * 1000 * 3])
    [result] = (await host.run("invert", [layer])).layers
    assert bytes(result.data) == bytes(255 - value for value in layer.data)


async def test_a_job_can_be_asked_for_what_it_has(start: Start, gate: Any) -> None:
    host = await start()
    async with host.job("stepper", params={"steps": 1000}) as stream:
        [job] = (await host.get("/v1/jobs"))["jobs"]
        gate.allow()
        while not gate.done:
            await asyncio.sleep(0.01)
        async with host.client.delete(f"/v1/jobs/{job['id']}?keep=1") as response:
            assert await response.json() == {"finishing": job["id"]}
        gate.allow(2)
        assert (await stream.end()).message["type"] == "result"
    assert len(gate.done) <= 3


async def test_jobs_are_listed_and_can_be_cancelled_by_another(start: Start, gate: Any) -> None:
    host = await start()
    async with host.job("stepper", document="page 1") as stream:
        [job] = (await host.get("/v1/jobs"))["jobs"]
        assert (job["filter"], job["document"], job["priority"]) == ("stepper", "page 1", "user")
        assert job["state"] in ("waiting", "running")
        async with host.client.delete(f"/v1/jobs/{job['id']}") as response:
            assert await response.json() == {"cancelled": job["id"]}
        gate.allow()
        assert (await stream.end()).message["code"] == "cancelled"
    assert len(gate.done) <= 1
    async with host.client.delete(f"/v1/jobs/{job['id']}") as response:
        assert response.status == 404
        assert (await response.json())["code"] == "unknown_job"


async def test_models_are_listed_with_a_tag_and_a_dropped_file_appears(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(networks.ARCHITECTURES, "point", lambda: torch.nn.Conv2d(1, 1, 1))
    host = await start()
    async with host.client.get("/v1/models") as response:
        assert await response.json() == {"models": []}
        tag = response.headers["ETag"]
    async with host.client.get("/v1/models", headers={"If-None-Match": tag}) as response:
        assert response.status == 304
    card = Card("ink", "Ink", "test", "point", {}, "1", "MIT")
    save(tmp_path / "ink.safetensors", torch.nn.Conv2d(1, 1, 1), card)
    async with host.client.get("/v1/models", headers={"If-None-Match": tag}) as response:
        assert [model["label"] for model in (await response.json())["models"]] == ["Ink"]
        assert response.headers["ETag"] != tag


async def test_shutdown_sets_the_stop_event(start: Start) -> None:
    from inkwash.daemon import keys

    host = await start()
    async with host.client.post("/v1/shutdown") as response:
        assert await response.json() == {"stopping": True}
    assert host.client.app[keys.STOP].is_set()


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("GET", "/1"), ("DELETE", "/1")])
async def test_training_is_not_there_yet_and_says_so(start: Start, method: str, path: str) -> None:
    host = await start()
    async with host.client.request(method, f"/v1/training{path}") as response:
        assert response.status == 501
        assert set(await response.json()) == {"code", "message", "hint"}


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/", 404), ("PUT", "/v1/jobs", 405)])
async def test_an_unknown_call_is_answered_as_json(start: Start, method: str, path: str, status: int) -> None:
    host = await start()
    async with host.client.request(method, path) as response:
        assert response.status == status
        assert (await response.json())["code"] == "bad_request"


async def test_another_version_of_the_wire_is_told_to_upgrade(start: Start) -> None:
    host = await start()
    async with host.client.get("/v1/status", headers={PROTOCOL_HEADER: "2"}) as response:
        assert response.status == 426
        assert (await response.json())["code"] == "wrong_protocol"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"filter": "sepia"}, "unknown_filter"),
        ({"filter": 5}, "bad_request"),
        ({"filter": "invert", "type": "dance"}, "bad_request"),
        ({"filter": "invert", "priority": "now"}, "bad_request"),
        ({"filter": "invert", "params": []}, "bad_request"),
        ({"filter": "invert", "params": {"strength": 1}}, "bad_params"),
        ({"filter": "invert", "document": 1}, "bad_request"),
        ({"filter": "invert", "model": "CMYK"}, "bad_request"),
        ({"filter": "invert", "model": ["RGB"]}, "bad_request"),
        ({"filter": "invert", "document": "x" * 2000}, "bad_request"),
    ],
)
async def test_a_wrong_request_is_refused_before_it_waits(
    start: Start, invert: None, make_picture: Any, message: dict[str, Any], code: str
) -> None:
    from inkwash.protocol import encode

    host = await start()
    data = b"".join(encode({"type": "job", **message}, [make_picture()]))
    status, error = await host.refusal(data)
    assert status in (400, 404)
    assert error["code"] == code
    assert error["message"]


@pytest.mark.parametrize("names", [[], ["line"], ["picture", "picture"], ["picture", "line"], ["selection"]])
async def test_layers_that_the_filter_does_not_declare_are_refused(
    start: Start, invert: None, make_picture: Any, make_body: Any, names: list[str]
) -> None:
    host = await start()
    layers = [make_picture(name=name) for name in names]
    status, error = await host.refusal(make_body("invert", layers))
    assert (status, error["code"]) == (400, "bad_request")


async def test_a_full_queue_answers_busy(start: Start, gate: Any, make_body: Any) -> None:
    host = await start(queue_length=1)
    async with host.job("stepper") as running:
        await host.eventually(lambda: _running(host))
        async with host.job("stepper") as waiting:
            status, error = await host.refusal(make_body("stepper"))
            assert (status, error["code"]) == (503, "busy")
            gate.allow(6)
            assert (await running.end()).message["type"] == "result"
            assert (await waiting.end()).message["type"] == "result"


async def test_ten_at_once_all_get_their_own_result(start: Start, invert: None, make_picture: Any) -> None:
    host = await start()
    runs = (host.run("invert", [make_picture(value=20 * number)]) for number in range(10))
    frames = await asyncio.gather(*runs)
    assert [frame.layers[0].data[0] for frame in frames] == [255 - 20 * number for number in range(10)]


async def test_errors_are_json_that_a_host_can_show(start: Start) -> None:
    host = await start()
    async with host.client.post("/v1/jobs", data=b"") as response:
        assert response.content_type == "application/json"
        assert json.loads(await response.text())["hint"]


async def _running(host: Any) -> bool:
    return any(job["state"] == "running" for job in (await host.get("/v1/jobs"))["jobs"])


async def test_presets_are_kept_listed_and_deleted(start: Start, home: Path) -> None:
    host = await start()
    path = "/v1/presets/colorize/" + quote("flat / 平", safe="")
    async with host.client.put(path, json={"finish": "flat"}) as response:
        assert response.status == 200
    assert await host.get("/v1/presets") == {
        "presets": [{"filter": "colorize", "name": "flat / 平", "settings": {"finish": "flat"}}]
    }
    async with host.client.delete(path) as response:
        assert response.status == 200
    async with host.client.delete(path) as response:
        assert (response.status, (await response.json())["code"]) == (404, "unknown_preset")
    assert await host.get("/v1/presets") == {"presets": []}


@pytest.mark.parametrize(
    ("filter", "body", "code"),
    [
        ("nobody", b"{}", "unknown_filter"),
        ("colorize", b"[", "bad_request"),
        ("colorize", b"[]", "bad_request"),
        ("colorize", b'{"strength": "much"}', "bad_params"),
        ("colorize", b"[" * 100000, "bad_request"),
    ],
)
async def test_a_preset_that_makes_no_sense_is_refused(
    start: Start, home: Path, filter: str, body: bytes, code: str
) -> None:
    host = await start()
    async with host.client.put(f"/v1/presets/{filter}/mine", data=body) as response:
        assert 400 <= response.status < 500
        assert (await response.json())["code"] == code


@pytest.mark.parametrize(("model", "given"), [(None, "GRAY"), ("ALPHA", "GRAYA"), ("RGBA", "RGBA"), ("RGB", "RGB")])
async def test_lines_come_on_nothing_where_layers_have_alpha(start: Start, model: str | None, given: str) -> None:
    samples = np.full((40, 40, 3), 255, np.uint8)
    samples[18:22] = 0
    picture = Layer("picture", 40, 40, model="RGB", data=samples.tobytes())
    host = await start()
    message = {} if model is None else {"model": model}
    result = await host.run("lineart", [picture], params={"method": "adaptive"}, **message)
    (layer,) = result.layers
    assert layer.model == given
    pixels = np.frombuffer(layer.memory(), np.uint8).reshape(40, 40, -1)
    paper = pixels[5, 5]
    assert paper[-1] == (0 if given.endswith("A") else 255)
    ink = pixels[18, 20]
    assert ink.tolist() == ([0] * (len(ink) - 1) + [255] if given.endswith("A") else [0] * len(ink))


async def test_a_coloured_result_has_alpha_where_that_is_wanted(start: Start, invert: None, make_picture: Any) -> None:
    host = await start()
    (layer,) = (await host.run("invert", model="ALPHA")).layers
    assert layer.model == "RGBA"
