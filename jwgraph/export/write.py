"""Write what a command makes to a file, whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from jwgraph.errors import UsageError


def to_file(text: Iterable[str], target: Path | None, *, executable: bool = False) -> None:
    """Write UTF-8, whatever the encoding of the terminal: the output is read by programs."""
    bytes_to_file((piece.encode("utf-8", "backslashreplace") for piece in text), target, executable=executable)


def bytes_to_file(pieces: Iterable[bytes], target: Path | None, *, executable: bool = False) -> None:
    """Write bytes to a file, or to standard output.

    Raises
    ------
    UsageError
        The file cannot be written.
    """
    if target is None:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    try:
        with NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name[:100]}-", delete=False) as file:
            made = Path(file.name)
            try:
                file.writelines(pieces)
                file.flush()
                made.chmod((0o777 if executable else 0o666) & ~_umask())
                made.replace(target)
            except BaseException:
                made.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise UsageError(f"Cannot write {target}: {error.strerror or error}.") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
