"""All sources of training pictures, in the order in which they are prepared."""

from .shaded import Art4Apps, Fluent, FluentSolid, Noto, Portraits
from .sources import Cartoons, DiceBear, OpenClipart, OpenMoji, Paintings, Photographs, Source

SOURCES: tuple[type[Source], ...] = (
    OpenMoji, DiceBear, OpenClipart, Cartoons, Paintings, Photographs, Art4Apps, Fluent, FluentSolid, Noto,
    Portraits,
)  # fmt: skip
