"""The options of a filter's command, made from its declaration and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from inkwash.client.applying import reason
from inkwash.models.filters import Filter
from inkwash.models.filters.declaration import Choice, Input, Integer, ModelChoice, Number, Parameter, Text, Toggle

LISTED = 60  # models that a help counts up
INPUT, LAYER, PARAMETER = "input_", "layer_", "parameter_"  # keep declared names apart from our own options


class FilterCommand(click.Command):
    """A command whose help has what is `advanced` in a section of its own, at the end."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options that everybody turns first."""
        plain, advanced = list[tuple[str, str]](), list[tuple[str, str]]()
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            if record is not None:
                (advanced if isinstance(option, AdvancedOption) else plain).append(record)
        for title, records in (("Options", plain), ("Advanced options", advanced)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class AdvancedOption(click.Option):
    """An option of an `advanced` parameter."""


def options_of(filter: Filter) -> list[click.Parameter]:
    """The pictures, what goes with them, the filter's parameters, and where results go."""
    first, *others = filter.inputs
    kind = click.Path(path_type=Path, allow_dash=True)
    words = [f"{first.name.upper()}...", *(input.name.upper() for input in trailing(filter))]
    metavar = " ".join(words)
    pictures = click.Argument(["pictures"], nargs=-1, required=True, type=kind, metavar=metavar)
    inputs = [_input_option(input) for input in others]
    layers = [_layer_option(input) for input in filter.inputs]
    parameters = [
        *(_parameter_option(parameter, filter) for parameter in filter.parameters),
        *([_preset_option()] if filter.parameters else []),
    ]
    return [pictures, *inputs, *parameters, *layers, *_result_options(filter)]


def trailing(filter: Filter) -> list[Input]:
    """The inputs that may also be named after the pictures, as a copy's target is: `restyle PICTURE... STYLE`.

    They are those that the filter cannot do without and that are pictures of their own, one for all.
    """
    return [input for input in filter.inputs[1:] if input.required and not input.aligned]


def given(arguments: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Those of a command's arguments that were given, by their declared names."""
    return {
        name.removeprefix(prefix): value
        for name, value in arguments.items()
        if name.startswith(prefix) and value is not None
    }


def dashed(name: str) -> str:
    """A declared name as it is typed: `hint_strength` as `hint-strength`."""
    return name.replace("_", "-")


def _input_option(input: Input) -> click.Option:
    return click.Option(
        [f"--{dashed(input.name)}", INPUT + input.name],
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"{input.help} A folder: for each picture the file of the same name."
        + (" Needed, unless an .ora or .psd has it as a layer." if input.required else ""),
    )


def _layer_option(input: Input) -> click.Option:
    return click.Option(
        [f"--{dashed(input.name)}-layer", LAYER + input.name],
        metavar="NAME",
        help=f"In an .ora or .psd: the layer that is the {input.label.lower()}; else it is found by its name.",
    )


def _parameter_option(parameter: Parameter, filter: Filter) -> click.Option:
    told = [parameter.help, reason(filter.declaration(), asdict(parameter))]
    help = " ".join(part for part in told if part)
    name, dest = f"--{dashed(parameter.name)}", PARAMETER + parameter.name
    option = AdvancedOption if parameter.advanced else click.Option
    if isinstance(parameter, Toggle):
        off = f"--no-{dashed(parameter.name)}"
        default = "on" if parameter.default else "off"
        return option([f"{name}/{off}", dest], default=None, help=f"{help} [default {default}]".strip())
    kind, values = _kind(parameter)
    return option([name, dest], type=kind, metavar=_metavar_of(parameter), help=f"{help} [{values}]".strip())


def _kind(parameter: Number | Integer | Choice | ModelChoice | Text) -> tuple[click.ParamType[Any], str]:
    """The type of an option's value, and its range and default in words; the declaration checks the range."""
    if isinstance(parameter, Choice):
        return click.Choice(parameter.choices), f"{' | '.join(parameter.choices)}; default {parameter.default}"
    if isinstance(parameter, ModelChoice):
        return click.STRING, f"{_models(parameter.role)}; default {parameter.default}"
    if isinstance(parameter, Text):
        return click.STRING, f"default {parameter.default or 'none'}"
    whole = isinstance(parameter, Integer)
    lowest, highest, default = (
        f"{value:d}" if whole else f"{value:g}" for value in (parameter.minimum, parameter.maximum, parameter.default)
    )
    unit = f" {parameter.unit}" if parameter.unit else ""
    return click.INT if whole else click.FLOAT, f"{lowest} to {highest}{unit}; default {default}"


def _metavar_of(parameter: Number | Integer | Choice | ModelChoice | Text) -> str:
    return "NAME" if isinstance(parameter, (Choice, ModelChoice, Text)) else "N"


def _preset_option() -> click.Option:
    text = "A preset of yours, or a file that `inkwash presets show` printed; what is said besides wins."
    return click.Option(["--preset-file"], metavar="NAME|FILE", help=text)


def _models(role: str) -> str:
    from inkwash.models.store import Store

    names = [card.name for card in Store().cards(role)]
    more = [f"and {len(names) - LISTED} more"] if len(names) > LISTED else []
    return " | ".join([*names[:LISTED], *more]) or "none is installed"


def _result_options(filter: Filter) -> list[click.Parameter]:
    target = f"File, folder or - for the result; else NAME-{dashed(filter.id)}.png beside each picture."
    return [
        click.Option(["-o", "--out", "out"], type=click.Path(allow_dash=True), metavar="OUT", help=target),
        click.Option(["--layers"], is_flag=True, help="Save each layer of the result apart."),
        click.Option(["--force"], is_flag=True, help="Replace files that exist."),
        click.Option(["--skip-existing"], is_flag=True, help="Go on: leave out what has a result already."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print a line of JSON for each picture."),
        click.Option(["--tcp"], is_flag=True, help="Talk to the service over TCP, not a Unix socket."),
    ]
