import cv2
import numpy as np

from inkwash.models.drawing.palette import dealt, drawn_by_lot, likeliest, odds_of, taken_from

OCHRE = (210, 160, 90)


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


def _odds(guess: np.ndarray) -> np.ndarray:
    """Odds in cells of four pixels for a guess (H, W, 3)."""
    return odds_of(guess[2::4, 2::4].astype(np.float32) / 255, 125)


def test_odds_shared_out_between_colours_of_the_cube_give_the_colour_back() -> None:
    for colour in (OCHRE, (0, 0, 0), (255, 255, 255), (17, 130, 240)):
        assert np.abs(likeliest(odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0]) - colour).max() < 16


def test_of_two_likely_colours_one_is_chosen_and_not_the_mean() -> None:
    red, blue = (odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0] for colour in ((250, 10, 10), (10, 10, 250)))
    chosen = likeliest(np.logaddexp(red + 0.5, blue))
    assert chosen[0] > 220
    assert chosen[2] < 35


def test_without_a_palette_a_region_gets_its_likeliest_colour() -> None:
    guess = np.full((200, 300, 3), OCHRE, np.uint8)
    guess[:, :110] = (40, 120, 200)
    hints = dealt(_faces(), _odds(guess), None, np.zeros((200, 300), bool), 0)
    assert np.abs(hints[100, 150, :3].astype(int) - OCHRE).max() < 16
    assert np.abs(hints[100, 70, :3].astype(int) - (40, 120, 200)).max() < 16


def test_closed_regions_get_colours_of_the_palette_pairs_the_same_and_the_paper_none() -> None:
    guess = np.full((200, 300, 3), OCHRE, np.uint8)
    colours = drawn_by_lot(1)
    hints = dealt(_faces(), _odds(guess), colours, np.zeros((200, 300), bool), 1)
    at = [tuple(map(int, hints[100, x])) for x in (70, 230, 150)]
    assert at[0] == at[1] != at[2]
    assert all(colour[3] == 255 and list(colour[:3]) in colours.tolist() for colour in at)
    assert not (hints[:5, :, :3][hints[:5, :, 3] > 0] < 240).any()


def test_what_is_hinted_gets_none_and_what_is_likely_white_stays_white() -> None:
    guess = np.full((200, 300, 3), OCHRE, np.uint8)
    guess[:, 200:] = 255
    taken = np.zeros((200, 300), bool)
    taken[100, 70] = True
    hints = dealt(_faces(), _odds(guess), drawn_by_lot(1), taken, 1)
    assert not hints[100, 70, 3]
    assert hints[100, 230].min() > 240
    assert hints[100, 150, :3].tolist() in drawn_by_lot(1).tolist()


def test_white_has_to_be_likelier_than_all_colours_together() -> None:
    white, ochre, blue = (
        np.exp(odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0]) for colour in ((255,) * 3, OCHRE, (20, 40, 250))
    )
    assert likeliest(np.log(2 * white + 1.5 * ochre + blue)).min() < 130
    assert likeliest(np.log(4 * white + 1.5 * ochre + blue)).min() > 200


def test_black_has_to_be_likelier_than_all_colours_together() -> None:
    black, ochre, blue = (
        np.exp(odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0]) for colour in ((0, 0, 0), OCHRE, (20, 60, 200))
    )
    assert likeliest(np.log(2 * black + 1.5 * ochre + blue)).max() > 130
    assert likeliest(np.log(4 * black + 1.5 * ochre + blue)).max() < 60
