"""Events: first loads, and files that are new, reprocessed, public, withdrawn or superseded since a given time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

from jwgraph.answers.loaded import loaded, scope
from jwgraph.answers.notes import Answer, Note, sync, unknown, whole
from jwgraph.errors import UsageError
from jwgraph.model.columns import Column, Filename, Owner
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: the first load of a program, or a change of a file after that."""

    COMMANDS: ClassVar = ("events",)

    at: Annotated[
        str, Column("Start of the load, or time of the product list, that reported it, ISO 8601, UTC", "time.epoch")
    ]
    event: Annotated[str, Column("first load, new, reprocessed, public, withdrawn or superseded", "meta.code")]
    productFilename: Filename | None
    obs_id: Owner | None
    detail: Annotated[
        str | None,
        Column("What changed: CAL_VER, CRDS_CTX, ASNTABLE; the later version; the files of a first load", "meta.note"),
    ]


@whole
def events(graph: Graph, *, since: datetime, program: str = "*") -> Answer[EventRow]:
    """Return the events since a time: the latest event of each kind for each file, oldest first.

    The first load of a program is one event with the number of its files.

    Raises
    ------
    NotFoundError
        Nothing of the program was loaded since then.
    """
    begin = int(since.timestamp() * 1000)
    found = graph.read("query/events", since=begin, program=program)
    if not found:
        _require_load(graph, begin, program)
    for row in found:
        row["at"] = datetime.fromtimestamp(row["at"] / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Answer(EventRow(**row) for row in found)


def _require_load(graph: Graph, begin: int, program: str) -> None:
    state = loaded(graph, program)
    if not state.found:
        raise unknown(Note(f"nothing{scope('of', program)} is loaded", sync(program=program)))
    if state.last_load is None or state.last_load < begin:
        raise unknown(Note("nothing was loaded in that time", sync(program=program)))


def moment(text: str, now: datetime | None = None) -> datetime:
    """Parse a time: `2026-11-01`, `2026-11-01T12:00:00Z`, or `7d`, `12h`, `30m` ago. UTC if no zone is given.

    Raises
    ------
    UsageError
        The text is not a valid time.
    """
    units = {"d": "days", "h": "hours", "m": "minutes"}
    if text[:-1].isdecimal() and len(text) < 8 and text[-1:] in units:
        try:
            return (now or datetime.now(UTC)) - timedelta(**{units[text[-1]]: int(text[:-1])})
        except OverflowError:
            raise UsageError(f"{text} ago is before the calendar begins.") from None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is not a time: give a date such as 2026-11-01, or an age such as 7d, 12h or 30m."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
