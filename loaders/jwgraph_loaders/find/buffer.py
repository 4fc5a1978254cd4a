"""Buffer one-shot streams (pipes, archive members), with size limits, so they can be re-read."""

from __future__ import annotations

import gzip
import io
import tempfile
import weakref
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from jwgraph.errors import SourceError

BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one archive or compressed file.

    Attributes
    ----------
    members
        Number of files.
    total
        Total unpacked bytes.
    ratio, ratio_from
        Maximum ratio of unpacked to packed bytes, checked above `ratio_from` unpacked bytes. Real archives of
        associations reach 20.
    memory
        Maximum bytes of one file buffered in memory; a longer file is buffered in a temporary file.
    """

    members: int = 1_000_000
    total: int = 16 << 30
    ratio: int = 200
    ratio_from: int = 64 << 20
    memory: int = 64 << 20


class LimitError(SourceError):
    """Raised when a file exceeds its limits."""


class Readable(Protocol):
    """The only stream method needed for buffering."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


class Bounded:
    """Unpacked data of a compressed stream; raises `LimitError` if it exceeds its limits."""

    def __init__(self, unpacked: Readable, packed: BinaryIO, limits: Limits) -> None:
        self._unpacked, self._packed, self._limits = unpacked, packed, limits
        self._count = 0

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        block = self._unpacked.read(min(size, BLOCK))
        self._count += len(block)
        if self._count > self._limits.total:
            raise LimitError(f"it holds more than {self._limits.total} bytes when unpacked")
        if self._count > self._limits.ratio_from and self._count > self._limits.ratio * self._packed.tell():
            raise LimitError(f"it unpacks to more than {self._limits.ratio} times its size")
        return block


class _Unpacking(io.RawIOBase):
    """Compressed stream, unpacked as it is read; it cannot seek, because that would unpack it again."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed, self._unpacked = packed, gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            # Read no more than needed, so that damage after a header does not affect reading the header.
            block = self._unpacked.read1(len(buffer))
        except (EOFError, zlib.error) as error:
            # Readers handle OSError only.
            raise OSError(str(error)) from error
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._unpacked.close()
        self._packed.close()
        super().close()


def unpacking(open_: Callable[[], BinaryIO]) -> BinaryIO:
    """Open a gzip file as a stream of its contents, unpacked as it is read.

    The stream cannot seek, and raises OSError if the compressed data is damaged or truncated.
    """
    return io.BufferedReader(_Unpacking(open_()))


class Buffer:
    """Buffered contents of a stream, in memory or in a temporary file that is removed when no longer used."""

    def __init__(self, data: bytes | Path) -> None:
        self._data = data
        if isinstance(data, Path):
            weakref.finalize(self, partial(data.unlink, missing_ok=True))

    def open(self) -> BinaryIO:
        """Return a stream positioned at the start."""
        return io.BytesIO(self._data) if isinstance(self._data, bytes) else self._data.open("rb")

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)


def buffer(stream: Readable, memory: int) -> Buffer:
    """Read a stream to its end and buffer it."""
    first = _read(stream, memory)
    more = stream.read(BLOCK)
    if not more:
        return Buffer(first)
    with tempfile.NamedTemporaryFile(prefix="jwgraph-", delete=False) as file:
        made = Buffer(Path(file.name))
        file.write(first)
        while more:
            file.write(more)
            more = stream.read(BLOCK)
    return made


def _read(stream: Readable, limit: int) -> bytes:
    """Read up to `limit` bytes; a single read of a pipe or archive may return fewer."""
    blocks, left = [], limit
    while left > 0 and (block := stream.read(min(left, BLOCK))):
        blocks.append(block)
        left -= len(block)
    return b"".join(blocks)
