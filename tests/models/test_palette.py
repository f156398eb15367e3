import cv2
import numpy as np

from inkwash.models.palette import dealt, drawn_by_lot, taken_from


def _faces() -> np.ndarray:
    """Three closed shapes on white paper, two of them alike, (200, 300)."""
    line = np.full((200, 300), 255, np.uint8)
    cv2.circle(line, (70, 100), 30, 0, 2)
    cv2.circle(line, (230, 100), 30, 0, 2)
    cv2.rectangle(line, (115, 40), (185, 170), 0, 2)
    return line


def test_a_picture_gives_its_main_colours_the_most_frequent_first() -> None:
    picture = np.full((60, 60, 4), (200, 30, 40, 255), np.uint8)
    picture[:20] = (20, 90, 220, 255)
    picture[50:] = (0, 255, 0, 0)  # transparent
    assert [tuple(map(int, colour)) for colour in taken_from(picture)][:2] == [(200, 30, 40), (20, 90, 220)]


def test_a_picture_that_is_all_transparent_or_of_one_colour_will_do() -> None:
    assert len(taken_from(np.zeros((9, 9, 4), np.uint8)))
    assert taken_from(np.full((9, 9, 4), 255, np.uint8)).tolist() == [[255, 255, 255]]


def test_every_seed_gives_another_palette_and_always_the_same() -> None:
    palettes = [drawn_by_lot(seed).tobytes() for seed in range(50)]
    assert len(set(palettes)) == 50
    assert drawn_by_lot(3).tobytes() == palettes[3]


def test_closed_regions_get_colours_of_the_palette_pairs_the_same_and_the_paper_none() -> None:
    guess = np.full((200, 300, 3), (210, 160, 90), np.uint8)
    colours = drawn_by_lot(1)
    hints = dealt(_faces(), guess, colours, np.zeros((200, 300), bool), 1)
    at = [tuple(map(int, hints[100, x])) for x in (70, 230, 150)]
    assert at[0] == at[1] != at[2]
    assert all(colour[3] == 255 and list(colour[:3]) in colours.tolist() for colour in at)
    assert not hints[:5, :, 3].any()


def test_what_is_hinted_or_guessed_white_gets_none() -> None:
    guess = np.full((200, 300, 3), (210, 160, 90), np.uint8)
    guess[:, 200:] = 255
    taken = np.zeros((200, 300), bool)
    taken[100, 70] = True
    hints = dealt(_faces(), guess, drawn_by_lot(1), taken, 1)
    assert not hints[100, 70, 3]
    assert not hints[100, 230, 3]
    assert hints[100, 150, 3]
