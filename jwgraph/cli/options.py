"""Arguments and options shared by several commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from jwgraph.cli import complete
from jwgraph.cli.output import Format

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
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="Output format.", show_default="table on a terminal, else csv"),
]

_PANEL = "Filters"

# Option for each attribute of `Filter`.
_NAMES = {
    "types": "--type",
    "levels": "--level",
    "suffixes": "--suffix",
    "extensions": "--extension",
    "detectors": "--detector",
    "smallest": "--min-size",
    "largest": "--max-size",
    "guide_star": "--guide-star/--no-guide-star",
    "previews": "--previews/--no-previews",
}

# Keyed by the name of the parameter.
_OPTIONS: dict[str, Any] = {
    "types": Annotated[
        list[str] | None,
        typer.Option(
            _NAMES["types"], help="Product type: SCIENCE, PREVIEW, INFO or AUXILIARY.", rich_help_panel=_PANEL
        ),
    ],
    "levels": Annotated[
        list[str] | None,
        typer.Option(_NAMES["levels"], help="Calibration level (calib_level): 1, 2 or 3.", rich_help_panel=_PANEL),
    ],
    "suffixes": Annotated[
        list[str] | None,
        typer.Option(
            _NAMES["suffixes"], help="Suffix of the file name, such as cal, or x1d,s2d.", rich_help_panel=_PANEL
        ),
    ],
    "extensions": Annotated[
        list[str] | None,
        typer.Option(
            _NAMES["extensions"], help="Extension of the file name, such as fits or jpg.", rich_help_panel=_PANEL
        ),
    ],
    "detectors": Annotated[
        list[str] | None, typer.Option(_NAMES["detectors"], help="Detector, such as nrca1.", rich_help_panel=_PANEL)
    ],
    "smallest": Annotated[
        str | None,
        typer.Option(_NAMES["smallest"], help="Minimum size: bytes, or 500k, 20M, 1.5G.", rich_help_panel=_PANEL),
    ],
    "largest": Annotated[
        str | None,
        typer.Option(_NAMES["largest"], help="Maximum size: bytes, or 500k, 20M, 1.5G.", rich_help_panel=_PANEL),
    ],
    "guide_star": Annotated[
        bool | None,
        typer.Option(
            _NAMES["guide_star"],
            help="Only guide-star files, or none of them.",
            rich_help_panel=_PANEL,
        ),
    ],
    "previews": Annotated[
        bool | None,
        typer.Option(_NAMES["previews"], help="Only previews, or none of them.", rich_help_panel=_PANEL),
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
    from jwgraph.answers.filters import filter_of

    return filter_of(values)


def why_nothing(chosen: Filter, rows: Sequence[ProductRow]) -> str:
    """Return a sentence that names the options that exclude every row: a single one, or all together."""
    from jwgraph.present.filters import why_nothing as sentence

    return sentence(chosen, rows, _written)


def _written(part: Part) -> str:
    """Format a criterion of a filter as its option."""
    on, _, off = _NAMES[part.name].partition("/")
    if isinstance(part.value, bool):
        return on if part.value else off
    values = part.value if isinstance(part.value, Sequence) else [part.value]
    return f"{on} {' '.join(map(str, values))}"
