"""Walk a folder and read of each file what `jwgraph check` compares, one at a time."""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from jwgraph.answers.check import LocalFile
from jwgraph.names.grammar import base
from jwgraph_loaders.base import FITS_START
from jwgraph_loaders.find.buffer import unpacking
from jwgraph_loaders.find.walk import PATH_LENGTH
from jwgraph_loaders.fits_headers import NO_ASSOCIATION, without_gz
from jwgraph_loaders.formats.fits import BrokenFits, card_values, read_primary
from jwgraph_loaders.text import name_fault, null, show

_CARDS = frozenset({"CAL_VER", "CRDS_CTX", "ASNTABLE", "DATE"})


def local_files(root: Path) -> Iterator[LocalFile]:
    """Yield each file of a folder and its subfolders, and what cannot be read, as the folders are read.

    Memory does not grow with the number of files. Links that lead out of the folder are not followed.
    """
    real_root = root.resolve()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = folder / entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    elif (found := _entry(path, root, real_root)) is not None:
                        yield found
        except OSError as error:
            shown = f"{_shown(folder, root)}/"
            yield LocalFile(shown, unread=f"the folder cannot be read: {_why(error)}", failed=True)


def _entry(path: Path, root: Path, real_root: Path) -> LocalFile | None:
    shown = _shown(path, root)
    filename = without_gz(path.name)
    plain = shown == path.relative_to(root).as_posix()
    make = partial(LocalFile, shown, "" if name_fault(filename) else filename, plain)
    try:
        if path.is_symlink():
            try:
                target = path.resolve(strict=True)
            except (OSError, RuntimeError):
                return make(unread="it is a link that leads nowhere")
            if not target.is_relative_to(real_root):
                return make(unread="it is a link out of the folder, and was not read")
            if target.is_dir():
                # It is read by itself.
                return None
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return make(unread="it is not a regular file")
        return _read(path, status.st_size, make)
    except OSError as error:
        return make(unread=f"it cannot be read: {_why(error)}", failed=True)


def _read(path: Path, size: int, make: partial[LocalFile]) -> LocalFile:
    packed = path.name.lower().endswith(".gz")
    compared = None if packed else size
    if fault := name_fault(without_gz(path.name)):
        return make(unread=f"its name is not one of the archive's: {fault}")
    if not without_gz(path.name).lower().endswith(".fits"):
        with path.open("rb"):
            return make(size=compared)
    try:
        with _opened(path, packed=packed) as stream:
            if stream.peek(len(FITS_START))[: len(FITS_START)] != FITS_START:  # type: ignore[attr-defined]
                return make(fits=True, size=compared, broken="it is empty" if not size else "it is not a FITS file")
            header = read_primary(stream)
    except BrokenFits as broken:
        return make(fits=True, size=compared, broken=str(broken))
    except (EOFError, gzip.BadGzipFile) as error:
        return make(fits=True, broken=f"it cannot be unpacked: {show(str(error))}")
    except OSError as error:
        # What unpacks a file raises errors without a number.
        if packed and error.errno is None:
            return make(fits=True, broken=f"it cannot be unpacked: {show(str(error))}")
        raise
    cards = card_values(header, _CARDS.__contains__)
    association = _text(cards.get("ASNTABLE"))
    if association is not None:
        association = base(association)
    return make(
        size=compared,
        fits=True,
        cal_ver=_text(cards.get("CAL_VER")),
        crds_ctx=_text(cards.get("CRDS_CTX")),
        asntable=None if association is None or association.lower() == NO_ASSOCIATION else association,
        date=_text(cards.get("DATE")),
    )


def _opened(path: Path, *, packed: bool) -> BinaryIO:
    return unpacking(lambda: path.open("rb")) if packed else path.open("rb")


def _text(value: object) -> str | None:
    return null(value.strip()) if isinstance(value, str) else None


def _shown(path: Path, root: Path) -> str:
    return show(path.relative_to(root).as_posix(), PATH_LENGTH)


def _why(error: OSError) -> str:
    return error.strerror or show(str(error)) or type(error).__name__
