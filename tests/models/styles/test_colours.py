import torch

from inkwash.models.styles.colours import keep_colours, luma


def test_lightness_is_new_and_colours_stay(sample) -> None:
    photo, painting = sample("photo.jpg"), sample("painting.jpg", 64)[..., :40, :40]
    photo = photo[..., :40, :40]
    made = keep_colours(painting, photo)
    torch.testing.assert_close(luma(made), luma(painting), atol=1e-5, rtol=0)
    before, after = photo - luma(photo), made - luma(made)
    cosine = torch.nn.functional.cosine_similarity(before, after, dim=1)
    assert (cosine[(before.norm(dim=1) > 0.05) & (after.norm(dim=1) > 0.01)] > 0.999).all()


def test_nothing_leaves_the_range() -> None:
    made = keep_colours(torch.rand(1, 3, 32, 32), torch.rand(1, 3, 32, 32))
    assert made.min() >= -1e-6
    assert made.max() <= 1 + 1e-6


def test_a_picture_with_its_own_lightness_stays_as_it_is() -> None:
    picture = torch.rand(1, 3, 8, 8)
    torch.testing.assert_close(keep_colours(picture, picture), picture)
