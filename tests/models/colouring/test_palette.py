from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkwash.models.colouring.palette import drawn_by_lot, guessed, likeliest, odds_of, taken_from

OCHRE = (210, 160, 90)


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


def test_odds_shared_out_between_colours_of_the_cube_give_the_colour_back() -> None:
    for colour in (OCHRE, (0, 0, 0), (255, 255, 255), (17, 130, 240)):
        assert np.abs(likeliest(odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0]) - colour).max() < 16


def test_of_two_likely_colours_one_is_chosen_and_not_the_mean() -> None:
    red, blue = (odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0] for colour in ((250, 10, 10), (10, 10, 250)))
    chosen = likeliest(np.logaddexp(red + 0.5, blue))
    assert chosen[0] > 220
    assert chosen[2] < 35


@dataclass(frozen=True)
class Looking:
    """A place that looks like those of its kind."""

    area: int
    kind: str

    def like(self, other: Looking) -> bool:
        return self.kind == other.kind


def test_without_a_palette_a_place_gets_its_likeliest_colour() -> None:
    likely = np.stack([odds_of(np.float32([[colour]]) / 255, 125)[:, 0, 0] for colour in (OCHRE, (40, 120, 200))])
    found = guessed({0: Looking(9, "a"), 1: Looking(8, "b")}, likely, None, 0)
    assert np.abs(found.astype(int) - (OCHRE, (40, 120, 200))).max() < 16


def test_places_get_colours_of_the_palette_and_pairs_the_same() -> None:
    likely = np.stack([odds_of(np.float32([[OCHRE]]) / 255, 125)[:, 0, 0]] * 3)
    colours = drawn_by_lot(1)
    found = guessed({0: Looking(9, "eye"), 1: Looking(9, "eye"), 2: Looking(90, "face")}, likely, colours, 1).tolist()
    assert found[0] == found[1] != found[2]
    assert all(colour in colours.tolist() for colour in found)


def test_what_is_likely_white_stays_white() -> None:
    likely = odds_of(np.float32([[(255, 255, 255)]]) / 255, 125)[:, 0, 0][None]
    assert guessed({0: Looking(9, "a")}, likely, drawn_by_lot(1), 1).min() > 240


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
