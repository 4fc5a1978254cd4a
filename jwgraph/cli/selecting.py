"""Options that select Observations, shared by several commands, and Observations from standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from jwgraph.cli import complete
from jwgraph.cli.options import Program, extended
from jwgraph.errors import UsageError

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.notes import Note
    from jwgraph.store.graph import Graph

T = TypeVar("T")

ObsIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="OBS_ID",
        help="Observations (obs_id in MAST); - reads them from standard input, one per line.",
        autocompletion=complete.observations,
        show_default="those that the options select",
    ),
]

NOTHING_READ = "Standard input has no Observation."

_PANEL = "Which Observations"


def _several(name: str, help: str) -> Any:
    return Annotated[list[str] | None, typer.Option(name, help=help, rich_help_panel=_PANEL)]


def _date(name: str, help: str) -> Any:
    return Annotated[str | None, typer.Option(name, metavar="DATE", help=help, rich_help_panel=_PANEL)]


# Keyed by the name of the criterion, which is that of the parameter.
_OPTIONS: dict[str, Any] = {
    "program": Program,
    "instrument": _several("--instrument", "Instrument, such as nircam."),
    "filter": _several("--filter", "Filter or other optical element, such as F200W."),
    "grating": _several("--grating", "Grating, grism or prism, such as G395H."),
    "target": _several("--target", "Target, such as NGC-3132 or 'NGC*'; spaces do not matter."),
    "exp_type": _several("--exp-type", "Exposure type, such as NRC_IMAGE."),
    "observation": _several("--observation", "Observation number in the program, such as 1."),
    "observed_since": _date("--observed-since", "Observed on or after this date, such as 2022-06-01."),
    "observed_until": _date("--observed-until", "Observed on or before this date."),
    "level3": Annotated[
        bool | None,
        typer.Option(
            "--level3/--no-level3",
            help="Only those that are at Level 3 or in such an Observation, or only the others.",
            rich_help_panel=_PANEL,
        ),
    ],
}


def selecting(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that select Observations; the command receives them as one `Choice` in its parameter `which`."""
    return extended(command, "which", _OPTIONS, _choice)


def _choice(values: dict[str, Any]) -> Choice:
    """Build the choice from the options; raises UsageError for an invalid value."""
    from jwgraph.answers.criteria import choice

    return choice(values.pop("program"), values)


def ask_each(
    graph: Graph, given: Iterable[str] | None, which: Choice, ask: Callable[[Sequence[str]], T], *, this: str
) -> tuple[tuple[str, ...], tuple[Note, ...], T]:
    """Ask a question about the Observations that arguments and options select; see `answers.criteria.ask_each`.

    Raises
    ------
    UsageError
        There is neither an argument nor an option.
    """
    from jwgraph.answers import criteria

    return criteria.ask_each(graph, which_names(given, which), which, ask, this=this)


def which_names(given: Iterable[str] | None, which: Choice) -> list[str]:
    """Return the names of arguments, those from standard input included.

    Raises
    ------
    UsageError
        There is neither an argument nor an option that selects.
    """
    names = given_names(given)
    if not names and not which.selects():
        raise UsageError("Give an OBS_ID, - to read them from standard input, or options such as --program 2221.")
    return names


def given_names(given: Iterable[str] | None) -> list[str]:
    """Return the names of arguments, those from standard input included.

    Raises
    ------
    UsageError
        There is nothing on standard input.
    """
    arguments = list(given or ())
    names = list(each_obs_id(arguments))
    if arguments and not names:
        raise UsageError(NOTHING_READ)
    return names


def each_obs_id(given: Iterable[str]) -> Iterator[str]:
    """Yield the Observations of arguments; of lines of a CSV file on standard input, the first column."""
    for name in given:
        if name == "-":
            lines = (line.partition(",")[0].strip() for line in each_name([name]))
            yield from (line for line in lines if line and line != "obs_id")
        else:
            yield name


def each_name(given: Iterable[str]) -> Iterator[str]:
    """Yield names from arguments, where - stands for the lines of standard input."""
    for name in given:
        if name == "-":
            # Names can contain any byte; bytes that are not UTF-8 are kept and shown as escapes.
            sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
            yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())
        else:
            yield name
