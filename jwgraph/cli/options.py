"""Arguments and options shared by several commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from jwgraph.cli import complete
from jwgraph.cli.output import Format
from jwgraph.model.vocabulary import InputLevel

if TYPE_CHECKING:
    from jwgraph.answers.filters import Filter, Part
    from jwgraph.answers.products import ProductRow


class Panel(NamedTuple):
    """One panel of `--help`: its title, and its commands in order."""

    title: str
    commands: tuple[str, ...]


ObsId = Annotated[
    str,
    typer.Argument(metavar="OBS_ID", help="Observation (obs_id in MAST).", autocompletion=complete.observations),
]
File = Annotated[str, typer.Argument(metavar="FILE", help="File name of a product.", autocompletion=complete.files)]
Asn = Annotated[str, typer.Argument(metavar="ASN", help="Association file name.", autocompletion=complete.files)]
Program = Annotated[str | None, typer.Option(help="Only this program, such as 2221.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the target if it exists.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=0, help="Maximum number of rows; 0 for all.")]
Timeout = Annotated[float, typer.Option(help="Seconds after which the server stops the query.")]
From = Annotated[
    InputLevel | None,
    typer.Option("--from", help="With --select inputs: level of the files to begin with.", show_default="cal"),
]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="Output format.", show_default="table on a terminal, else csv"),
]

_PANEL = "Filters"

# Option for each criterion of files.
_FLAGS = {
    "type": "--type",
    "level": "--level",
    "suffix": "--suffix",
    "extension": "--extension",
    "detector": "--detector",
    "min_size": "--min-size",
    "max_size": "--max-size",
    "guide_star": "--guide-star/--no-guide-star",
    "previews": "--previews/--no-previews",
}

# Keyed by the name of the criterion, which is that of the parameter.
_OPTIONS: dict[str, Any] = {
    "type": Annotated[
        list[str] | None,
        typer.Option(_FLAGS["type"], help="Product type: SCIENCE, PREVIEW, INFO or AUXILIARY.", rich_help_panel=_PANEL),
    ],
    "level": Annotated[
        list[str] | None,
        typer.Option(_FLAGS["level"], help="Calibration level (calib_level): 1, 2 or 3.", rich_help_panel=_PANEL),
    ],
    "suffix": Annotated[
        list[str] | None,
        typer.Option(
            _FLAGS["suffix"], help="Suffix of the file name, such as cal, or x1d,s2d.", rich_help_panel=_PANEL
        ),
    ],
    "extension": Annotated[
        list[str] | None,
        typer.Option(
            _FLAGS["extension"], help="Extension of the file name, such as fits, or jpg,png.", rich_help_panel=_PANEL
        ),
    ],
    "detector": Annotated[
        list[str] | None, typer.Option(_FLAGS["detector"], help="Detector, such as nrca1.", rich_help_panel=_PANEL)
    ],
    "min_size": Annotated[
        str | None,
        typer.Option(_FLAGS["min_size"], help="Minimum size: bytes, or 500k, 20M, 1.5G.", rich_help_panel=_PANEL),
    ],
    "max_size": Annotated[
        str | None,
        typer.Option(_FLAGS["max_size"], help="Maximum size: bytes, or 500k, 20M, 1.5G.", rich_help_panel=_PANEL),
    ],
    "guide_star": Annotated[
        bool | None,
        typer.Option(
            _FLAGS["guide_star"],
            help="Only guide-star files, or none of them.",
            rich_help_panel=_PANEL,
        ),
    ],
    "previews": Annotated[
        bool | None,
        typer.Option(_FLAGS["previews"], help="Only previews, or none of them.", rich_help_panel=_PANEL),
    ],
}


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Add the filter options to a command, which receives them as one `Filter` in its parameter `chosen`."""
    return extended(command, "chosen", _OPTIONS, _chosen)


def extended(
    command: Callable[..., None], into: str, options: dict[str, Any], made: Callable[[dict[str, Any]], object]
) -> Callable[..., None]:
    """Add options to a command, which receives what is made of their values in one parameter.

    Typer reads the options of a command from its signature, so the signature is extended.

    Parameters
    ----------
    options
        Annotations of the options, by name of their parameters; the default of each is None.
    """
    # Importing the classes imports the driver, which `--help` and completion do not need.
    signature = inspect.signature(command, locals={"Filter": object, "Choice": object}, eval_str=True)
    own = [parameter for name, parameter in signature.parameters.items() if name != into]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]
    parameters = [*own, *added]

    @wraps(command)
    def run(**given: Any) -> None:
        values = {name: given.pop(name) for name in options}
        command(**given, **{into: made(values)})

    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _chosen(values: dict[str, Any]) -> Filter:
    """Build the filter from the options; raises UsageError for an invalid value."""
    from jwgraph.answers.criteria import filter_of

    return filter_of(values)


def why_nothing(chosen: Filter, rows: Sequence[ProductRow]) -> str:
    """Return a sentence that names the options that exclude every row: a single one, or all together."""
    from jwgraph.answers import criteria

    return criteria.why_nothing(chosen, rows, as_option)


def as_option(part: Part) -> str:
    """Format a criterion of a filter as its option."""
    from jwgraph.answers.criteria import NAMES

    on, _, off = _FLAGS[NAMES[part.name]].partition("/")
    if isinstance(part.value, bool):
        return on if part.value else off
    values = part.value if isinstance(part.value, Sequence) else [part.value]
    return f"{on} {' '.join(map(str, values))}"
