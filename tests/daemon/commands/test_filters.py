import io
import json
import os
import shutil
import signal
import subprocess
import time

import numpy as np
import pytest
from PIL import Image

from inkwash.client import connect
from inkwash.models.filters.declaration import Input, Output, Step, filter

RED = (255, 204, 204)


def pixels(file) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image)


def test_a_filter_of_five_lines_is_a_command_with_no_other_change(call):
    @filter("five_lines", "Five", inputs=(Input("art", "Art", "Art."),), outputs=(Output("out", "Out"),))
    def five_lines(inputs, settings, context):
        """Do what five lines can."""
        yield Step(1, "done")
        return {"out": inputs["art"]}

    assert "five-lines" in call("--help").output
    text = call("five-lines", "--help").output
    assert "ART..." in text
    assert "Do what five lines can." in text


def test_the_help_says_every_range_unit_choice_and_default(call):
    text = " ".join(call("tint-lines", "--help").output.split())
    assert "--hint-strength N How much hints count. [0 to 2; default 1]" in text
    assert "--gap N Which gaps in lines are closed. [0 to 50 px; default 4]" in text
    assert "--shade / --no-shade Give shading apart. [default off]" in text
    assert "--finish NAME How it is painted. [painted | flat; default painted]" in text
    assert "--model NAME Which network. [none is installed; default first]" in text
    assert "--hints FILE Strokes of colour on nothing." in text


def test_the_help_has_what_only_a_researcher_turns_at_its_end(call):
    plain, advanced = call("restyle", "--help").output.split("Advanced options:")
    assert "--strength" in plain
    assert "--force" in plain
    assert "--gram" in advanced
    assert "--gram" not in plain


def test_colours_lie_below_the_lines_in_one_file_beside_the_picture(inkwash, lines, hints):
    result = inkwash("tint-lines", lines, "--hints", hints)
    assert result.exit_code == 0, result.output
    target = lines.with_name("page-tint-lines.png")
    assert result.stdout == f"{target}\n"
    assert result.stderr == "Note: Hints were used.\n"
    expected = np.full((6, 8, 3), RED, "u1")
    expected[:2, :2] = (0, 0, 255)
    expected[:, 4] = 0
    np.testing.assert_array_equal(pixels(target), expected)


def test_lines_with_transparency_lie_over_the_colours_unaltered(inkwash, tmp_path):
    samples = np.zeros((6, 8, 4), "u1")
    samples[:, 4] = (30, 60, 90, 255)
    Image.fromarray(samples).save(tmp_path / "ink.png")
    assert inkwash("tint-lines", tmp_path / "ink.png", "-o", tmp_path / "out.png").exit_code == 0
    assert pixels(tmp_path / "out.png")[0, 4].tolist() == [30, 60, 90]
    assert pixels(tmp_path / "out.png")[0, 0].tolist() == list(RED)


def test_a_result_that_replaces_stands_alone(inkwash, lines, tmp_path):
    assert inkwash("invert", lines, "-o", tmp_path / "out.png").exit_code == 0
    assert (pixels(tmp_path / "out.png")[:, 4] == 255).all()


def test_layers_come_apart(inkwash, lines, tmp_path):
    result = inkwash("tint-lines", lines, "--layers", "--shade", "-o", tmp_path / "out.png")
    assert result.stdout.split() == [str(tmp_path / "out.colour.png"), str(tmp_path / "out.shading.png")]
    assert not (tmp_path / "out.png").exists()
    assert (pixels(tmp_path / "out.colour.png") == RED).all()
    assert (pixels(tmp_path / "out.shading.png") == 128).all()


def test_the_single_picture_has_the_shading_too(inkwash, lines, tmp_path):
    inkwash("tint-lines", lines, "--shade", "-o", tmp_path / "out.png")
    assert pixels(tmp_path / "out.png")[0, 0].tolist() == [128, 102, 102]


def test_lines_that_come_back_take_the_place_of_the_given_ones(inkwash, lines, tmp_path):
    inkwash("tint-lines", lines, "--ink", "-o", tmp_path / "out.png")
    assert pixels(tmp_path / "out.png")[0, 4].tolist() == [0, 255, 0]
    assert pixels(tmp_path / "out.png")[0, 0].tolist() == list(RED)


def test_a_result_that_hides_the_picture_stays_grey(inkwash, lines, tmp_path):
    assert inkwash("lineart", lines, "-o", tmp_path / "out.png").exit_code == 0
    assert pixels(tmp_path / "out.png").shape == (6, 8)


@pytest.fixture
def sample(tmp_path):
    """A picture of another size than `lines`, all in one colour."""
    Image.new("RGB", (3, 2), (10, 200, 30)).save(tmp_path / "sample.png")
    return tmp_path / "sample.png"


def test_a_picture_to_learn_from_is_named_last_and_has_any_size(inkwash, lines, sample, tmp_path):
    other = shutil.copy(lines, tmp_path / "other.png")
    result = inkwash("recolour", lines, other, sample, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.output
    for name in ("page", "other"):
        assert (pixels(tmp_path / "out" / f"{name}-recolour.png") == (10, 200, 30)).all()


def test_a_picture_to_learn_from_may_be_an_option(inkwash, lines, sample, tmp_path):
    assert inkwash("recolour", lines, "--sample", sample, "-o", tmp_path / "out.png").exit_code == 0
    assert pixels(tmp_path / "out.png").shape == (6, 8, 3)


def test_the_help_names_the_picture_to_learn_from(call):
    assert "PICTURE... SAMPLE" in call("recolour", "--help").output


def test_a_missing_picture_to_learn_from_is_asked_for(inkwash, lines):
    result = inkwash("recolour", lines)
    assert result.exit_code == 2
    assert "--sample FILE" in result.stderr


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bits_come_back_as_16_bits(inkwash, tmp_path, suffix):
    from inkwash.daemon.files import pictures
    from inkwash.daemon.files.samples import array_of, layer_of

    samples = np.full((4, 4, 3), 12345, "u2")
    pictures.write(layer_of(samples, "a"), tmp_path / f"a{suffix}")
    assert inkwash("invert", tmp_path / f"a{suffix}", "-o", tmp_path / f"b{suffix}").exit_code == 0
    layer = pictures.read(tmp_path / f"b{suffix}", "b").layer
    np.testing.assert_array_equal(array_of(layer), 65535 - samples)


def test_json_says_all_in_a_line_a_picture(inkwash, lines, tmp_path):
    result = inkwash("tint-lines", lines, tmp_path / "gone.png", "--json")
    assert result.exit_code == 2
    good, bad = map(json.loads, result.stdout.splitlines())
    assert good["input"] == str(lines)
    assert good["outputs"] == [str(lines.with_name("page-tint-lines.png"))]
    assert good["seconds"] > 0
    assert good["notices"] == []
    assert bad["input"] == str(tmp_path / "gone.png")
    assert set(bad["error"]) == {"code", "message", "hint"}
    assert result.stderr == ""


def test_a_folder_is_all_its_pictures_and_again_not_their_results(inkwash, lines):
    Image.open(lines).save(lines.with_name("page2.jpg"))
    (lines.parent / "notes.txt").write_text("no picture")
    for _ in range(2):
        result = inkwash("tint-lines", lines.parent, "--force")
        names = [line.rsplit("/", 1)[1] for line in result.stdout.splitlines()]
        assert names == ["page-tint-lines.png", "page2-tint-lines.png"]


def test_hints_may_be_a_folder_with_files_of_the_same_names(inkwash, lines, hints):
    folder = lines.parent / "my hints"
    folder.mkdir()
    hints.rename(folder / "page.png")
    Image.open(lines).save(lines.with_name("other.png"))
    out = lines.parent / "out"
    result = inkwash("tint-lines", lines, lines.with_name("other.png"), "--hints", folder, "-o", out)
    assert result.exit_code == 0
    assert pixels(out / "page-tint-lines.png")[0, 0].tolist() == [0, 0, 255]
    assert pixels(out / "other-tint-lines.png")[0, 0].tolist() == list(RED)
    assert "no hints picture for" in result.stderr


def test_a_second_picture_that_is_needed_is_asked_for_and_taken(inkwash, lines, tmp_path):
    result = inkwash("blend", lines, "-o", tmp_path / "out.png")
    assert result.exit_code == 2
    assert "--texture FILE" in result.stderr
    assert inkwash("blend", lines, "--texture", lines, "-o", tmp_path / "out.png").exit_code == 0


def test_pictures_go_through_pipes(service, program, lines):
    command = [*program, "tint-lines", "-"]
    result = subprocess.run(command, input=lines.read_bytes(), capture_output=True, check=True)
    assert pixels(io.BytesIO(result.stdout))[0, 0].tolist() == list(RED)
    assert result.stderr == b""


def test_tcp_gives_the_same(inkwash, lines, tmp_path):
    assert inkwash("tint-lines", lines, "--tcp", "-o", tmp_path / "out.png").exit_code == 0
    assert pixels(tmp_path / "out.png")[0, 0].tolist() == list(RED)


def test_progress_is_silent_when_nobody_looks(service, program, lines):
    result = subprocess.run([*program, "tint-lines", lines], capture_output=True, check=True)
    assert result.stderr == b""


def test_progress_shows_on_a_terminal(service, program, lines):
    ours, theirs = os.openpty()
    with open(ours, "rb", buffering=0) as terminal:
        environment = {**os.environ, "TERM": "xterm"}
        process = subprocess.run(
            [*program, "tint-lines", lines], stdout=subprocess.PIPE, stderr=theirs, env=environment, check=True
        )
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(terminal), b"")).decode()
    assert "starting" in shown or "tinting" in shown
    assert process.stdout.decode() == f"{lines.with_name('page-tint-lines.png')}\n"


def _read(terminal) -> bytes:
    try:
        return terminal.read(4096)
    except OSError:  # the other end has closed
        return b""


def _heed_ctrl_c():
    """As a terminal starts a program; what a script starts in the background ignores Ctrl-C, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_stops_the_job_in_the_service(service, program, home, lines):
    for name in ("slow.began", "slow.ended"):
        (home / name).unlink(missing_ok=True)
    process = subprocess.Popen(
        [*program, "slow", lines],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_heed_ctrl_c,
    )
    _wait_for(home / "slow.began")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err) == (b"", b"Stopped. Nothing is half-written.\n")
    _wait_for(home / "slow.ended")
    assert [file.name for file in lines.parent.iterdir()] == ["page.png"]


def test_ctrl_c_keeps_what_a_patient_filter_has(service, program, home, lines, tmp_path):
    (home / "slow.began").unlink(missing_ok=True)
    process = subprocess.Popen(
        [*program, "patient", lines, "-o", tmp_path / "out.png"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_heed_ctrl_c,
    )
    _wait_for(home / "slow.began")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Ctrl-C again" in err
    assert (pixels(tmp_path / "out.png")[:, 4] == 255).all()


def test_ten_at_once(service, program, lines, tmp_path):
    running = [
        subprocess.Popen([*program, "tint-lines", lines, "-o", tmp_path / f"{number}.png"]) for number in range(10)
    ]
    assert [process.wait() for process in running] == [0] * 10
    assert {tuple(pixels(tmp_path / f"{number}.png")[0, 0]) for number in range(10)} == {RED}


def test_a_service_that_dies_in_the_middle_is_said_and_the_next_picture_has_a_new_one(service, program, lines):
    result = subprocess.run([*program, "crash", lines], capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
    assert [file.name for file in lines.parent.iterdir()] == ["page.png"]
    service.ensure()
    assert subprocess.run([*program, "tint-lines", lines], stdout=subprocess.DEVNULL).returncode == 0


def test_a_client_that_is_killed_leaves_a_service_that_works(service, program, home, lines):
    (home / "slow.began").unlink(missing_ok=True)
    process = subprocess.Popen([*program, "slow", lines])
    _wait_for(home / "slow.began")
    process.kill()
    process.wait()
    assert subprocess.run([*program, "tint-lines", lines], stdout=subprocess.DEVNULL).returncode == 0
    assert connect(start=False).jobs() == []


def _wait_for(file) -> None:
    for _ in range(6000):
        if file.exists():
            return
        time.sleep(0.01)
    raise AssertionError(f"{file} never came")
