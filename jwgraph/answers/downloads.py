"""What a download did: for each file, and in sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from jwgraph.model.columns import Column, Filename, Size


class FetchState(StrEnum):
    """What became of a file: fetched now, kept since it was there already, or failed."""

    FETCHED = "fetched"
    KEPT = "kept"
    FAILED = "failed"


_State = Annotated[str, Column("fetched, kept (it was there already) or failed", "meta.code")]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of a download."""

    productFilename: Filename
    state: _State
    size: Size | None
    reason: Annotated[str | None, Column("Why it failed", "meta.note")]


@dataclass(frozen=True, slots=True)
class DownloadRow:
    """The files of a download in one state."""

    COMMANDS: ClassVar = ("download",)

    state: _State
    files: Annotated[int, Column("Number of files", "meta.number")]
    bytes: Annotated[int, Column("Their size, where it is known", "phys.size;meta.file", "byte")]


def summary(rows: Sequence[Fetched]) -> list[DownloadRow]:
    """Return one row for each state, also for those of no file."""
    found = {state: [row for row in rows if row.state == state] for state in FetchState}
    return [DownloadRow(state, len(each), sum(row.size or 0 for row in each)) for state, each in found.items()]
