from pathlib import Path

import numpy as np
import pytest

from inkwash.training.evaluation.pictures import entries


def test_of_prepared_pairs_only_the_kept_out_are_judged_with_their_own_lines(pairs: Path) -> None:
    chosen = entries(pairs, 40)
    assert {entry.set for entry in chosen} == {"flat"}
    assert len(chosen) == 3  # every fourth of twelve
    picture = chosen[0].read()
    assert picture.truth.shape == (*picture.line.shape, 3)
    assert picture.truth[picture.line < 10].max() < 11  # the truth has its lines


def test_the_same_pictures_are_chosen_every_time(pairs: Path) -> None:
    assert [e.name for e in entries(pairs, 2)] == [e.name for e in entries(pairs, 3)][:2]


def test_any_folder_of_pictures_is_judged_with_thresholded_lines(artwork: Path) -> None:
    chosen = entries(artwork, 10)
    assert len(chosen) == 3
    assert set(np.unique(chosen[0].read().line)) == {0, 255}


def test_a_set_that_is_not_there_is_refused_by_name(pairs: Path) -> None:
    with pytest.raises(ValueError, match="It has: flat"):
        entries(pairs, 10, ["portraits"])
