"""Compare files of a folder with what the store knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, NamedTuple

from jwgraph.answers.notes import number
from jwgraph.model.columns import Column
from jwgraph.names.grammar import parse
from jwgraph.store.graph import Graph, Row


class CheckState(StrEnum):
    """How a file of a folder compares with the archive."""

    CURRENT = "current"
    OUTDATED = "outdated"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNKNOWN = "unknown"


TO_FETCH = frozenset({CheckState.OUTDATED, CheckState.DAMAGED, CheckState.MISSING})


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A file of a folder, or one that the folder lacks, compared with the store."""

    COMMANDS: ClassVar = ("check",)

    file: Annotated[str, Column("Path in the folder, or the name of a missing file", "meta.id;meta.file")]
    state: Annotated[str, Column("current, outdated, damaged, missing or unknown", "meta.code")]
    reason: Annotated[str | None, Column("Why it is in this state", "meta.note")]
    obs_id: Annotated[str | None, Column("Observation that owns the file", "meta.id")]


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of a folder, as it was read.

    Attributes
    ----------
    file
        Path in the folder, as it can be shown.
    plain
        Whether the path is shown as it is.
    filename
        Name in the archive: without `.gz`; empty where the name cannot be in the store.
    size
        Bytes; None where the size cannot be compared.
    fits
        Whether it is a FITS file.
    cal_ver, crds_ctx, asntable, date
        Cards of its primary header.
    broken
        Why it is damaged.
    unread
        Why it was not checked.
    failed
        Whether it was to be read and could not be.
    """

    file: str
    filename: str = ""
    plain: bool = True
    size: int | None = None
    fits: bool = False
    cal_ver: str | None = None
    crds_ctx: str | None = None
    asntable: str | None = None
    date: str | None = None
    broken: str = ""
    unread: str = ""
    failed: bool = False


class Checked(NamedTuple):
    """A file and its state.

    Attributes
    ----------
    known
        What the store has; None where it was not asked.
    unloaded
        The program that is not loaded, if that is why the file is unknown.
    """

    local: LocalFile
    row: CheckRow
    known: Row | None = None
    unloaded: str = ""


def compare(graph: Graph, files: Sequence[LocalFile]) -> Iterator[Checked]:
    """Compare a batch of files with the store, by one query."""
    asked = [_question(place, each) for place, each in enumerate(files) if each.filename]
    found = {row["number"]: row for row in graph.read("internal/check_files", files=asked)}
    for place, local in enumerate(files):
        if place in found:
            yield _judged(local, found[place])
        else:
            yield Checked(local, CheckRow(local.file, CheckState.UNKNOWN, local.unread, None))


def _question(place: int, local: LocalFile) -> Row:
    name = parse(local.filename)
    return {
        "number": place,
        "filename": local.filename,
        "obs_id": name.obs_id or None,
        "program": name.program or None,
        "asntable": local.asntable,
    }


def _judged(local: LocalFile, known: Row) -> Checked:
    name = parse(local.filename)
    unloaded = ""
    if local.unread:
        state, reason = CheckState.UNKNOWN, local.unread
    elif local.broken:
        state, reason = CheckState.DAMAGED, local.broken
    elif not known["archived"]:
        state, reason = CheckState.UNKNOWN, _why_unknown(local.filename, known)
        unloaded = name.program if not known["loaded"] else ""
    else:
        state, reason = _state(local, known)
    row = CheckRow(local.file, state, reason or None, known["obs_id"] or name.obs_id or None)
    return Checked(local, row, known, unloaded)


def _why_unknown(filename: str, known: Row) -> str:
    """Return why the archive is not known to have a file; only a complete list says that it has not."""
    name = parse(filename)
    if not name.program:
        return "its name is not one of the archive's"
    if not known["loaded"]:
        return f"program {number(name.program)} is not loaded"
    if known["product_list"] == "complete":
        return f"not in the complete list of {known['obs_id']}"
    if name.obs_id:
        return f"the complete list of {name.obs_id} is not loaded"
    return f"no list of program {number(name.program)} that is loaded has it"


def _state(local: LocalFile, known: Row) -> tuple[CheckState, str]:
    """Return the state of a file that the archive lists, and the reason."""
    if known["withdrawn"]:
        return CheckState.OUTDATED, "it was withdrawn: a later product list of MAST lacks it"
    newest = max(_versions(local, known), key=_release, default=None)
    context = known["crds_ctx"] if _header_counts(local, known) else None
    pairs = (("CAL_VER", local.cal_ver, newest), ("CRDS_CTX", local.crds_ctx, context))
    compared = [(name, here, there, _release(here), _release(there)) for name, here, there in pairs if here and there]
    older = [f"{name} {here}, MAST has {there}" for name, here, there, mine, other in compared if mine < other]
    newer = [f"{name} {here}, loaded is {there}" for name, here, there, mine, other in compared if mine > other]
    if later := _later_association(local, known):
        older.append(f"made with {local.asntable}, later is {later}")
    if older:
        return CheckState.OUTDATED, "; ".join(older)
    if newer:
        return CheckState.CURRENT, f"newer than what is loaded: {'; '.join(newer)}"
    if None not in (local.size, known["size"]) and local.size != known["size"]:
        return _other_size(local, known["size"], newest)
    return CheckState.CURRENT, ""


def _other_size(local: LocalFile, size: int, newest: str | None) -> tuple[CheckState, str]:
    sizes = f"{local.size:,} bytes, MAST has {size:,}"
    if not local.fits:
        return CheckState.DAMAGED, sizes
    if local.cal_ver and newest:
        return CheckState.DAMAGED, f"{sizes} with the same CAL_VER {newest}"
    return CheckState.OUTDATED, f"{sizes}, and no CAL_VER is known to compare"


def _versions(local: LocalFile, known: Row) -> list[str]:
    """Return the versions of the pipeline that the archive's file has by its lists and by a header of it."""
    of_header = known["cal_ver"] if _header_counts(local, known) else None
    return [version for version in (known["prvversion"], of_header) if version]


def _header_counts(local: LocalFile, known: Row) -> bool:
    """Return whether the header in the store is the archive's, or that of a file made later than the one here."""
    return not known["seen"] or (known["date"] or "") > (local.date or "~")


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version (1.9.2 before 1.13.3) or of a context (jwst_1100.pmap)."""
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version)[:3])


def _later_association(local: LocalFile, known: Row) -> str:
    """Return the association that took the place of the one in the header: by content, or by the names alone."""
    if known["superseded_by"]:
        return str(known["superseded_by"])
    mine = parse(local.asntable or "")
    others = [(parse(name), name) for name in known["associations"]]
    later = [
        (other.version_id.lower(), name)
        for other, name in others
        if mine.version_id
        and (other.program, other.candidate, other.asn_type) == (mine.program, mine.candidate, mine.asn_type)
        if other.version_id.lower() > mine.version_id.lower()
    ]
    return max(later)[1] if later else ""
