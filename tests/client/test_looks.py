"""What a layer looks like, by its pixels."""

import pytest
from PIL import Image, ImageDraw

from inkwash.client.looks import BLANK, HINTS, LINES, PICTURE, UNKNOWN, look

CLEAR, WHITE, BLACK, RED = (0, 0, 0, 0), (255, 255, 255, 255), (0, 0, 0, 255), (220, 30, 40, 255)


def sheet(paper: tuple[int, ...], ink: tuple[int, ...] | None, width: int = 1) -> bytes:
    picture = Image.new("RGBA", (48, 40), paper)
    if ink is not None:
        draw = ImageDraw.Draw(picture)
        draw.ellipse([6, 6, 40, 34], outline=ink, width=width)
        draw.line([0, 20, 47, 25], fill=ink, width=width)
    return picture.tobytes()


def photo() -> bytes:
    return b"".join(bytes([5 * x, 6 * y, 255 - 5 * x, 255]) for y in range(40) for x in range(48))


@pytest.mark.parametrize(
    ("pixels", "looks"),
    [
        (sheet(WHITE, BLACK), LINES),
        (sheet(CLEAR, BLACK), LINES),
        (sheet((244, 238, 220, 255), (70, 66, 60, 255)), LINES),  # pencil on yellowed paper
        (sheet(CLEAR, (0, 0, 0, 60)), LINES),  # thin lines, made small
        (sheet(CLEAR, RED, 4), HINTS),
        (sheet(CLEAR, (30, 90, 200, 120), 6), HINTS),
        (sheet(CLEAR, WHITE), UNKNOWN),
        (sheet(CLEAR, None), BLANK),
        (sheet(WHITE, None), BLANK),
        (sheet(RED, None), BLANK),
        (photo(), PICTURE),
        (sheet(RED, BLACK, 3), PICTURE),
        (b"", BLANK),
    ],
)
def test_a_layer_is_known_by_its_looks(pixels: bytes, looks: str) -> None:
    assert look(pixels) == looks
