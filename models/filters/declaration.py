"""What a filter declares: its layers and parameters as data, from which every front end is built.

No torch is imported here, nor at the top of any filter module: the command line reads declarations
without paying seconds for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from inkwash.protocol.recolouring import parsed

from ..errors import BadParameter, UnknownFilter

if TYPE_CHECKING:
    import torch

    from ..cards import Card

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """A place where a filter may be cancelled, overtaken, or shown: yielded by its body."""

    fraction: float  # how much is done, 0 to 1
    stage: str  # what is being done, for the artist
    preview: torch.Tensor | None = None  # (1, C, H, W) sRGB, float in [0, 1] or uint8, any size


class Context(Protocol):
    """What the engine lends to a filter while it runs."""

    device: torch.device
    dtype: torch.dtype  # precision for networks; pictures stay float32
    tile: int  # longest side in pixels that a network may see at once; smaller after memory ran out
    pixels: int  # that a result may have at most

    @property
    def enough(self) -> bool:
        """Whether the artist wants what there is: a filter declared `stoppable` then returns it."""
        ...

    def network(self, name: str, role: str) -> torch.nn.Module:
        """The store's model `name` on `device` in `dtype`; BadModel if its role is another."""
        ...

    def notice(self, text: str) -> None:
        """A sentence that the artist gets with the result."""
        ...

    def keep(self, network: torch.nn.Module, card: Card) -> None:
        """Put a model among the artist's own; BadParameter if there is one of that name."""
        ...


Inputs = Mapping[str, "torch.Tensor"]
Outputs = dict[str, "torch.Tensor"]
Body = Callable[[Inputs, Settings, Context], Generator[Step, None, Outputs]]


@dataclass(frozen=True)
class Input:
    """A layer that a filter reads; it arrives as (1, C, H, W) float32, sRGB in [0, 1].

    `gray` (C = 1) and `rgb` (C = 3) are composited on white; `rgba` (C = 4) has straight alpha.
    An aligned input lies on the first one and arrives cropped to its rectangle; one that is not, such as a picture
    to learn from, has a size of its own and arrives whole. Of one for its `tones` only the colours count, wherever they
    are: a palette of the host will do. One `in_bytes` arrives as uint8: its filter looks at no more than that.
    """

    name: str
    label: str
    help: str
    kind: Literal["gray", "rgb", "rgba"] = "rgb"
    required: bool = True
    aligned: bool = True
    tones: bool = False
    in_bytes: bool = False


@dataclass(frozen=True)
class Output:
    """A layer that a filter gives back, and where it goes relative to the first input.

    It is (1, 1 | 3 | 4, H, W), sRGB, float in [0, 1]; or uint8, where it holds no more than that.
    One of `ink` is a drawing, (1, 1, H, W) and dark on white: where layers have alpha, nothing is left of the white.
    One that is `larger` than the first input lets the picture grow, or becomes a picture of its own.
    """

    name: str
    label: str
    place: Literal["below", "above", "replace"] = "above"
    blend: Literal["normal", "multiply", "screen"] = "normal"
    ink: bool = False
    larger: bool = False


@dataclass(frozen=True)
class When:
    """What must be so for a parameter to count: the value of another one, or whether an input is given."""

    name: str  # of the other parameter, or of the input
    values: tuple[Any, ...]  # one of these; for an input True: it is given, False: it is not


@dataclass(frozen=True)
class Number:
    """A real parameter."""

    type: ClassVar[str] = "number"
    name: str
    label: str
    help: str
    default: float
    minimum: float
    maximum: float
    unit: str = ""
    advanced: bool = False  # for those who study how it works: front ends fold it away
    when: tuple[When, ...] = ()  # it counts only where all of these hold: front ends grey it out otherwise

    def check(self, value: Any) -> float:
        """`value` as a float in range; BadParameter otherwise."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadParameter(f"{self.label} must be a number, not {value!r}.")
        if not self.minimum <= value <= self.maximum:
            span = f"between {self.minimum:g} and {self.maximum:g}"
            raise BadParameter(f"{self.label} must be {span}, not {value:g}.")
        return float(value)


@dataclass(frozen=True)
class Integer:
    """A whole-number parameter."""

    type: ClassVar[str] = "integer"
    name: str
    label: str
    help: str
    default: int
    minimum: int
    maximum: int
    unit: str = ""
    advanced: bool = False  # for those who study how it works: front ends fold it away
    when: tuple[When, ...] = ()  # it counts only where all of these hold: front ends grey it out otherwise

    def check(self, value: Any) -> int:
        """`value` as an int in range; BadParameter otherwise."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadParameter(f"{self.label} must be a whole number, not {value!r}.")
        if not self.minimum <= value <= self.maximum:
            span = f"between {self.minimum} and {self.maximum}"
            raise BadParameter(f"{self.label} must be {span}, not {value}.")
        return value


@dataclass(frozen=True)
class Toggle:
    """A parameter that is on or off."""

    type: ClassVar[str] = "toggle"
    name: str
    label: str
    help: str
    default: bool
    advanced: bool = False  # for those who study how it works: front ends fold it away
    when: tuple[When, ...] = ()  # it counts only where all of these hold: front ends grey it out otherwise

    def check(self, value: Any) -> bool:
        """`value` if it is a bool; BadParameter otherwise."""
        if not isinstance(value, bool):
            raise BadParameter(f"{self.label} must be on or off, not {value!r}.")
        return value


@dataclass(frozen=True)
class Choice:
    """One of a few named values."""

    type: ClassVar[str] = "choice"
    name: str
    label: str
    help: str
    default: str
    choices: tuple[str, ...]
    advanced: bool = False  # for those who study how it works: front ends fold it away
    when: tuple[When, ...] = ()  # it counts only where all of these hold: front ends grey it out otherwise

    def check(self, value: Any) -> str:
        """`value` if it is one of the choices; BadParameter otherwise."""
        if value not in self.choices:
            raise BadParameter(f"{self.label} must be one of {', '.join(self.choices)}, not {value!r}.")
        return str(value)


@dataclass(frozen=True)
class ModelChoice:
    """A model of the store that has `role`; front ends list them with their thumbnails."""

    type: ClassVar[str] = "model"
    name: str
    label: str
    help: str
    default: str
    role: str
    advanced: bool = False  # for those who study how it works: front ends fold it away
    when: tuple[When, ...] = ()  # it counts only where all of these hold: front ends grey it out otherwise

    def check(self, value: Any) -> str:
        """`value` if it is a name; whether the store has it is known when the filter runs."""
        if not isinstance(value, str) or not value:
            raise BadParameter(f"{self.label} must be the name of a model, not {value!r}.")
        return value


@dataclass(frozen=True)
class Text:
    """A few words, or none."""

    type: ClassVar[str] = "text"
    name: str
    label: str
    help: str
    default: str = ""
    longest: int = 60  # characters
    advanced: bool = False  # for those who study how it works: front ends fold it away
    when: tuple[When, ...] = ()  # it counts only where all of these hold: front ends grey it out otherwise

    def check(self, value: Any) -> str:
        """`value` without spaces around it, if it is a text of one line; BadParameter otherwise."""
        if not isinstance(value, str) or not value.isprintable():
            raise BadParameter(f"{self.label} must be a line of text, not {value!r}.")
        if len(value.strip()) > self.longest:
            raise BadParameter(f"{self.label} must be no longer than {self.longest} characters.")
        return value.strip()


@dataclass(frozen=True)
class Swaps(Text):
    """Colours that stand for others, as `inkwash.protocol.recolouring` writes them; a text that is more than words."""

    longest: int = 1000  # characters
    of: str = ""  # the input whose colours they are: front ends can show them

    def check(self, value: Any) -> str:
        """`value` if it is pairs of colours; BadParameter otherwise."""
        text = super().check(value)
        try:
            parsed(text)
        except ValueError as error:
            raise BadParameter(
                f"{self.label} are pairs such as #ff0000=#00aa88 or #ff0000=empty, not {str(error)[:40]!r}."
            ) from error
        return text


Parameter = Number | Integer | Toggle | Choice | ModelChoice | Text


@dataclass(frozen=True)
class Filter:
    """A filter: its declaration and the body that runs it."""

    id: str
    label: str
    help: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    parameters: tuple[Parameter, ...]
    previews: bool
    stoppable: bool  # it can end early and keep what it has
    body: Body

    def settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter's value, `given` or default; BadParameter for an unknown or wrong one."""
        unknown = sorted(set(given) - {p.name for p in self.parameters})
        if unknown:
            raise BadParameter(
                f"{self.label} has no setting called {', '.join(unknown)}.",
                f"It knows: {', '.join(p.name for p in self.parameters) or 'none'}.",
            )
        return {p.name: p.check(given[p.name]) if p.name in given else p.default for p in self.parameters}

    def declaration(self) -> dict[str, Any]:
        """The declaration as JSON-ready data, as `GET /v1/filters` sends it."""
        return {
            "id": self.id,
            "label": self.label,
            "help": self.help,
            "inputs": [asdict(i) for i in self.inputs],
            "outputs": [asdict(o) for o in self.outputs],
            "parameters": [{"type": p.type, **asdict(p)} for p in self.parameters],
            "previews": self.previews,
            "stoppable": self.stoppable,
        }


_declared: dict[str, Filter] = {}


def filter(
    id: str,
    label: str,
    *,
    inputs: tuple[Input, ...],
    outputs: tuple[Output, ...],
    parameters: tuple[Parameter, ...] = (),
    previews: bool = False,
    stoppable: bool = False,
) -> Callable[[Body], Body]:
    """Declare the decorated generator function as a filter; its docstring is the filter's help."""

    def declare(body: Body) -> Body:
        help = " ".join((body.__doc__ or "").split())
        _declared[id] = Filter(id, label, help, inputs, outputs, parameters, previews, stoppable, body)
        return body

    return declare


def declared() -> tuple[Filter, ...]:
    """All filters, in the order of their declaration."""
    return tuple(_declared.values())


def find(id: str) -> Filter:
    """The filter called `id`; UnknownFilter if there is none."""
    try:
        return _declared[id]
    except KeyError:
        known = ", ".join(_declared)
        raise UnknownFilter(f"There is no filter called {id!r}.", f"There are: {known}.") from None
