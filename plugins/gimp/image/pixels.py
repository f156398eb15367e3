"""Between GIMP's layers and the wire's: what the artist sees of a layer goes out, a result's pixels come in.

Pixels travel in the image's own format and colour space, so that an untouched one comes back bit by bit. Two pictures
are needed for that besides the artist's own: GEGL gives bytes of a format that is named, which is always in sRGB, and
of a layer's own format; so whatever must be converted is first put into a scratch image that has the right precision
and profile, where its own format is the one that is wanted.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, NamedTuple, Optional, Tuple

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from inkwash.protocol import Layer  # noqa: E402

from ..errors import NotALayer  # noqa: E402

P = Gimp.Precision
# Precision: depth on the wire, transfer function. 32-bit integers and doubles, which the wire has not, go as floats.
PRECISIONS = {
    P.U8_LINEAR: ("u8", "linear"),
    P.U8_NON_LINEAR: ("u8", "own"),
    P.U8_PERCEPTUAL: ("u8", "srgb"),
    P.U16_LINEAR: ("u16", "linear"),
    P.U16_NON_LINEAR: ("u16", "own"),
    P.U16_PERCEPTUAL: ("u16", "srgb"),
    P.HALF_LINEAR: ("f16", "linear"),
    P.HALF_NON_LINEAR: ("f16", "own"),
    P.HALF_PERCEPTUAL: ("f16", "srgb"),
    P.FLOAT_LINEAR: ("f32", "linear"),
    P.FLOAT_NON_LINEAR: ("f32", "own"),
    P.FLOAT_PERCEPTUAL: ("f32", "srgb"),
}
WIDER = {
    P.U32_LINEAR: P.FLOAT_LINEAR,
    P.U32_NON_LINEAR: P.FLOAT_NON_LINEAR,
    P.U32_PERCEPTUAL: P.FLOAT_PERCEPTUAL,
    P.DOUBLE_LINEAR: P.FLOAT_LINEAR,
    P.DOUBLE_NON_LINEAR: P.FLOAT_NON_LINEAR,
    P.DOUBLE_PERCEPTUAL: P.FLOAT_PERCEPTUAL,
}
SAMPLES = {"u8": "u8", "u16": "u16", "f16": "half", "f32": "float"}  # babl's names for the depths
CHANNELS = {  # babl's names for the models: linear, own, srgb
    "GRAY": {"linear": "Y", "own": "Y'", "srgb": "Y~"},
    "GRAYA": {"linear": "YA", "own": "Y'A", "srgb": "Y~A"},
    "RGB": {"linear": "RGB", "own": "R'G'B'", "srgb": "R~G~B~"},
    "RGBA": {"linear": "RGBA", "own": "R'G'B'A", "srgb": "R~G~B~A"},
}
TYPES = {
    "GRAY": Gimp.ImageType.GRAY_IMAGE,
    "GRAYA": Gimp.ImageType.GRAYA_IMAGE,
    "RGB": Gimp.ImageType.RGB_IMAGE,
    "RGBA": Gimp.ImageType.RGBA_IMAGE,
}
MODELS = {kind: model for model, kind in TYPES.items()}
OPAQUE = 127.5  # of 255, the mean alpha from which on a layer covers what is below it
Place = Tuple[int, int, int, int]  # x, y, width, height


class View(NamedTuple):
    """What of a layer is read."""

    place: Place  # in the layer's own coordinates, once it is scaled
    corner: Tuple[int, int]  # of the image, where the upper left one of `place` goes
    scale: float


@dataclass(frozen=True)
class Format:
    """How an image keeps its samples."""

    precision: Any  # Gimp.Precision, one that the wire has
    profile: Optional[Any]  # Gimp.ColorProfile; None is GIMP's own sRGB

    @classmethod
    def of(cls, image: Any) -> Format:
        """That of `image`, or the nearest that loses nothing that the wire could carry."""
        precision = image.get_precision()
        return cls(WIDER.get(precision, precision), image.get_color_profile())

    @property
    def depth(self) -> str:
        """Of one sample on the wire."""
        return PRECISIONS[self.precision][0]

    @property
    def curve(self) -> str:
        """The transfer function: "linear", "own" (the profile's) or "srgb"."""
        return PRECISIONS[self.precision][1]

    @property
    def space(self) -> str:
        """The same in the wire's words; what counts where there is no profile."""
        return "linear" if self.curve == "linear" and self.profile is None else "srgb"

    @property
    def icc(self) -> Optional[bytes]:
        """The profile of the samples as they are: GIMP keeps the image's beside a transfer function of its own."""
        profile = self.profile
        if profile is None:
            return None
        if self.curve == "linear":
            profile = Gimp.ColorProfile.new_linear_from_color_profile(profile) or profile
        elif self.curve == "srgb":
            profile = Gimp.ColorProfile.new_srgb_trc_from_color_profile(profile) or profile
        return bytes(profile.get_icc_profile())


def read(drawable: Any, name: str, *, page: bool = False, scale: float = 1) -> Layer:
    """What the artist sees of `drawable` as a layer called `name`: masks, effects and groups included; NotALayer.

    Its opacity goes along as the wire's; whether it is visible does not count. With `page` it is as large as its image:
    what a layer that is smaller does not reach is as its own paper, white if it is opaque, else transparent.
    `scale`, at most 1, makes all of it smaller.
    """
    layer = _layer(drawable)
    image = layer.get_image()
    form = Format.of(image)
    _, x, y = layer.get_offsets()
    opacity = layer.get_opacity() / 100
    size = layer.get_width(), layer.get_height()
    place = (-x, -y, image.get_width(), image.get_height()) if page else (0, 0, *size)
    corner = (0, 0) if page else (round(x * scale), round(y * scale))
    view = View(_scaled(place, scale), corner, scale)
    if _is_plain(layer) and image.get_precision() == form.precision:
        return _read(layer, name, form, view, opacity)
    with scratch(*size, form, gray=layer.is_gray()) as other:
        seen = _flattened(layer, other)
        return _read(seen, name, form, view, opacity)


def write(layer: Layer, image: Any, form: Format, label: str) -> Any:
    """A new GIMP layer for `image`, not yet in it, with the pixels of `layer`, called `label`.

    `form` is what the job's layers were read in; `layer` has the same, or is plain sRGB in the same precision.
    """
    with sheet(layer, form) as source:
        made = Gimp.Layer.new_from_drawable(source, image)
    made.set_name(label)
    made.set_offsets(layer.x, layer.y)
    return made


@contextmanager
def sheet(layer: Layer, form: Format) -> Iterator[Any]:
    """A GIMP layer of `form` with the pixels of `layer`, in an image of its own that nobody sees."""
    profile = form.profile if layer.icc is not None else None
    gray = layer.model in ("GRAY", "GRAYA")
    with scratch(layer.width, layer.height, Format(form.precision, None), gray=gray) as image:
        made = _new_layer(image, layer)
        if profile is not None:
            image.set_color_profile(profile)  # says what the samples are, and converts nothing
        yield made


@contextmanager
def scratch(width: int, height: int, form: Format, *, gray: bool) -> Iterator[Any]:
    """An empty image of `form` that nobody sees."""
    base = Gimp.ImageBaseType.GRAY if gray else Gimp.ImageBaseType.RGB
    image = Gimp.Image.new_with_precision(width, height, base, form.precision)
    try:
        image.undo_disable()
        if form.profile is not None:
            image.set_color_profile(form.profile)
        yield image
    finally:
        image.delete()


def _layer(drawable: Any) -> Any:
    if isinstance(drawable, Gimp.LayerMask):
        return Gimp.Layer.from_mask(drawable)
    if not isinstance(drawable, Gimp.Layer):
        raise NotALayer("What is selected is a channel, not a layer.", "Select the layer in the Layers dialog.")
    if drawable.is_floating_sel():
        raise NotALayer("What is selected is a floating selection.", "Anchor it, or make a layer of it, and try again.")
    return drawable


def _is_plain(layer: Any) -> bool:
    """Whether what the artist sees of `layer` is what is in its buffer."""
    masked = layer.get_mask() is not None and layer.get_apply_mask()
    return not (layer.is_group() or masked or layer.is_indexed() or layer.get_filters())


def _flattened(layer: Any, other: Any) -> Any:
    """A copy of `layer` in the image `other` with effects, mask and group made into pixels."""
    copy = Gimp.Layer.new_from_drawable(layer, other)
    other.insert_layer(copy, None, 0)
    copy.set_opacity(100)
    copy.set_mode(Gimp.LayerMode.NORMAL)
    copy.set_visible(True)
    if copy.get_filters():
        copy.merge_filters()
    if copy.is_group():
        copy = copy.merge()
    if copy.get_mask() is not None:
        keep = Gimp.MaskApplyMode.APPLY if copy.get_apply_mask() else Gimp.MaskApplyMode.DISCARD
        copy.remove_mask(keep)
    return copy


def _scaled(place: Place, scale: float) -> Place:
    x, y, width, height = place
    return round(x * scale), round(y * scale), max(1, round(width * scale)), max(1, round(height * scale))


def _read(layer: Any, name: str, form: Format, view: View, opacity: float) -> Layer:
    x, y, width, height = view.place
    whole = x >= 0 and x + width <= round(layer.get_width() * view.scale)
    whole = whole and y >= 0 and y + height <= round(layer.get_height() * view.scale)
    beyond = Gegl.AbyssPolicy.NONE if whole or not _is_opaque(layer) else Gegl.AbyssPolicy.WHITE
    # As the buffer has them: without a format.
    data = layer.get_buffer().get(Gegl.Rectangle.new(*view.place), view.scale, None, beyond)
    return Layer(
        name,
        width,
        height,
        *view.corner,
        model=MODELS[layer.type()],
        depth=form.depth,
        space=form.space,
        icc=form.icc,
        opacity=opacity,
        data=data,
    )


def _is_opaque(layer: Any) -> bool:
    if not layer.has_alpha():
        return True
    place = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    alpha = layer.get_buffer().get(place, 1.0, "A u8", Gegl.AbyssPolicy.NONE)
    return sum(alpha) > OPAQUE * len(alpha)


def _new_layer(image: Any, layer: Layer) -> Any:
    """`layer` in `image`, which is of its precision and has no profile yet."""
    made = Gimp.Layer.new(image, layer.name, layer.width, layer.height, TYPES[layer.model], 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(made, None, 0)
    curve = PRECISIONS[image.get_precision()][1]
    form = "{} {}".format(CHANNELS[layer.model][curve], SAMPLES[layer.depth])
    buffer = made.get_buffer()
    data = bytes(layer.data)  # anything else GIMP's Python hands over one number at a time: twenty times as slowly
    buffer.set(Gegl.Rectangle.new(0, 0, layer.width, layer.height), form, data)
    buffer.flush()
    made.update(0, 0, layer.width, layer.height)
    return made
