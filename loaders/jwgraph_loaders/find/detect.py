"""Detect the loader for a source; for an unsupported source, describe its apparent type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from jwgraph.errors import UsageError
from jwgraph.model.records import Problem
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.formats.delimited import find_header
from jwgraph_loaders.pool import has_name_of_pool, what_is_missing
from jwgraph_loaders.product_list import no_name_column
from jwgraph_loaders.text import head_lines, quoted

GROUP = "jwgraph.loaders"

# First bytes of unsupported files, and the file type.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"XTENSION=", "a FITS extension without the file it belongs to"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "a gzip file inside an archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x89HDF", "an HDF5 file"),
    (b"#ASDF", "an ASDF file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
)

_COLUMN = re.compile(r"[A-Za-z_][\w .-]{0,60}")


@cache
def loaders() -> tuple[Loader, ...]:
    """Return the installed loaders by name, those of jwgraph first, then those of other packages.

    Raises
    ------
    UsageError
        No loader is installed, or one cannot be imported.
    """
    found = []
    for entry in sorted(entry_points(group=GROUP), key=_order):
        try:
            found.append(entry.load())
        except (ImportError, AttributeError) as error:
            raise UsageError(f"The loader {entry.value!r} cannot be imported: {error}.") from error
    if not found:
        raise UsageError("No loader is installed; install jwgraph with pip, in a checkout too.")
    return tuple(found)


def _order(entry: EntryPoint) -> tuple[bool, str]:
    return (not entry.value.startswith("jwgraph_loaders."), entry.name)


def detect(source: Source, among: Sequence[Loader] | None = None) -> Loader | Problem:
    """Return the loader for a source, or a Problem that describes its apparent type."""
    if not source.head:
        return Problem(source.name, None, "empty file")
    # An incomplete pool looks like a list of archived files; only its name shows that it is a pool.
    if has_name_of_pool(source.filename) and what_is_missing(source):
        return _incomplete_pool(source)
    for loader in loaders() if among is None else among:
        if loader.detect(source):
            return loader
    if what_is_missing(source):
        return _incomplete_pool(source)
    return Problem(source.name, None, _seems(source.head))


def _incomplete_pool(source: Source) -> Problem:
    return Problem(source.name, None, f"it is an association pool, but {what_is_missing(source)}")


def _seems(head: bytes) -> str:
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return f"it is {kind}"
    if head[257:262] == b"ustar":
        return "it is an archive inside an archive"
    if b"\0" in head:
        return "it is binary, not text"
    return _seems_text(head)


def _seems_text(head: bytes) -> str:
    lines = head_lines(head)
    header = find_header(head)
    if header is not None and len(header.cells) > 1 and all(map(_COLUMN.fullmatch, header.cells)):
        return f"it is a table, but {no_name_column(header.cells)}"
    first = next((line for line in lines if line.strip()), "")
    return f"it is not a kind of file that jwgraph can read: the first line is {quoted(first, 80)}"
