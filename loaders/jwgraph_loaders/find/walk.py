"""Find the sources in the paths given by the user: files, folders, archives, standard input.

Archives are never unpacked into named files, links out of the given folder are not followed, and the size of archives
is limited before they are read.
"""

from __future__ import annotations

import gzip
import stat
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from jwgraph.errors import UsageError
from jwgraph.model.records import Problem
from jwgraph_loaders.base import FITS_START, HEAD_BYTES, Source
from jwgraph_loaders.find.buffer import Bounded, LimitError, Limits, buffer, unpacking
from jwgraph_loaders.text import quoted, show

STDIN = "-"
STDIN_NAME = "<stdin>"
PATH_LENGTH = 4096
_GZIP = b"\x1f\x8b"
_USTAR = slice(257, 262)

# Exceptions that the standard library raises for an invalid, damaged or truncated archive.
_BROKEN = (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, OverflowError)

OnFile = Callable[[str], None]


def sources(
    paths: Sequence[str], *, on_file: OnFile | None = None, limits: Limits | None = None
) -> Iterator[Source | Problem]:
    """Yield the sources in the paths, lazily, and a Problem for each unreadable file.

    Parameters
    ----------
    paths
        Files, folders, archives (`.tar`, `.tar.gz`), compressed text and FITS (`.gz`), and `-` for standard input.
    on_file
        Called with the name of each file before it is examined.
    limits
        Size limits for archives.

    Raises
    ------
    UsageError
        A path does not exist; raised before anything is read.
    """
    check(paths)
    return _Walk(on_file or (lambda _: None), limits or Limits()).walk(files(paths))


def check(paths: Sequence[str]) -> None:
    """Raise UsageError if a path does not exist, or standard input is named twice."""
    for path in paths:
        if path != STDIN and not _exists(Path(path)):
            raise UsageError(f"There is no file or folder {quoted(path)}.")
    if paths.count(STDIN) > 1:
        raise UsageError("Standard input (-) can be read once only.")


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read, which may be an archive.

    Attributes
    ----------
    path
        Where it is.
    name
        Name shown to the user.
    named
        Whether the user named the file itself, not a folder that has it.
    """

    path: Path
    name: str
    named: bool = False

    @property
    def once(self) -> bool:
        """Whether it can be read once only: standard input, or a pipe that the user named."""
        return self.named and (self.name == STDIN_NAME or self.path.is_fifo())

    @classmethod
    def of(cls, path: Path, *, named: bool = False) -> File:
        """Return a file that is shown by its path."""
        return cls(path, show(str(path), PATH_LENGTH), named)


def files(paths: Sequence[str]) -> Iterator[File | Problem]:
    """Yield the files in the paths, lazily and in order, and a Problem for each link that is not followed."""
    for path in paths:
        if path == STDIN:
            yield File(Path(STDIN), STDIN_NAME, named=True)
        elif Path(path).is_dir():
            yield from _folder(Path(path))
        else:
            yield File.of(Path(path), named=True)


def opened(file: File) -> Iterator[Source | Problem]:
    """Yield the sources in a file, and a Problem for each part that cannot be read."""
    return _Walk(lambda _: None, Limits()).walk([file])


def _folder(root: Path) -> Iterator[File | Problem]:
    real_root = root.resolve()
    found, waiting = False, [root]
    while waiting:
        path = waiting.pop()
        try:
            if path is not root and path.is_symlink():
                found = True
                yield _link(path, real_root)
            elif path.is_dir():
                # Reversed because the last entry is taken first: the walk is in order of name.
                waiting.extend(sorted(path.iterdir(), reverse=True))
            else:
                found = True
                yield File.of(path)
        except OSError as error:
            found = True
            yield Problem(show(str(path), PATH_LENGTH), None, f"it cannot be read: {error.strerror or error}")
    if not found:
        yield Problem(show(str(root), PATH_LENGTH), None, "the folder holds no files")


def _link(path: Path, real_root: Path) -> File | Problem:
    name = show(str(path), PATH_LENGTH)
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return Problem(name, None, "it is a link that leads nowhere")
    if not target.is_relative_to(real_root):
        return Problem(name, None, "it is a link out of the folder; name its target to read it")
    if target.is_dir():
        return Problem(name, None, "it is a link to a folder that is read by itself", "warning")
    return File.of(path)


@dataclass(frozen=True, slots=True)
class _Walk:
    on_file: OnFile
    limits: Limits

    def walk(self, found: Iterable[File | Problem]) -> Iterator[Source | Problem]:
        for each in found:
            if isinstance(each, Problem):
                yield each
            elif each.name == STDIN_NAME and each.path == Path(STDIN):
                yield from self._stream(STDIN_NAME, "", sys.stdin.buffer)
            else:
                yield from self._file(each)

    def _file(self, file: File) -> Iterator[Source | Problem]:
        path, name = file.path, file.name
        try:
            mode = path.stat().st_mode
            # Read a pipe named by the user (`<(command)` in a shell); a pipe found in a folder would block.
            if stat.S_ISFIFO(mode) and file.named:
                with path.open("rb") as stream:
                    yield from self._stream(name, path.name, stream)
            elif stat.S_ISREG(mode):
                yield from self._regular(path, name)
            else:
                self.on_file(name)
                yield Problem(name, None, "it is not a regular file (a device, a socket or a pipe)")
        except OSError as error:
            yield Problem(name, None, f"it cannot be read: {error.strerror or error}")

    def _regular(self, path: Path, name: str) -> Iterator[Source | Problem]:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        yield from self._opened(name, path.name, head, partial(_open, path))

    def _stream(self, name: str, filename: str, stream: BinaryIO) -> Iterator[Source | Problem]:
        """Buffer a one-shot stream so that it can be re-read like a file."""
        buffered = buffer(stream, self.limits.memory)
        yield from self._opened(name, filename, buffered.head(HEAD_BYTES), buffered.open)

    def _opened(
        self, name: str, filename: str, head: bytes, open_: Callable[[], BinaryIO]
    ) -> Iterator[Source | Problem]:
        self.on_file(name)
        if head.startswith(_GZIP):
            yield from self._gzip(name, filename, open_)
        elif not head.startswith(FITS_START) and (head[_USTAR] == b"ustar" or filename.lower().endswith(".tar")):
            with open_() as stream:
                yield from self._tar(name, stream)
        else:
            yield Source(name, filename, head, open_)

    def _gzip(self, name: str, filename: str, open_: Callable[[], BinaryIO]) -> Iterator[Source | Problem]:
        """Read a compressed archive by member, a FITS file only as far as needed, and other files completely."""
        inner = filename[:-3] if filename.lower().endswith(".gz") else filename
        is_tar = filename.lower().endswith((".tar.gz", ".tgz"))
        try:
            with open_() as packed, gzip.GzipFile(fileobj=packed) as unpacked:
                bounded = Bounded(unpacked, packed, self.limits)
                head = unpacked.peek(512)
                if is_tar or head[_USTAR] == b"ustar":
                    yield from self._tar(name, bounded)
                    return
                if head.startswith(FITS_START):
                    yield Source(name, inner, head[:HEAD_BYTES], partial(unpacking, open_))
                    return
                buffered = buffer(bounded, self.limits.memory)
        except _BROKEN as error:
            yield Problem(name, None, f"it is not a readable gzip file: {_sentence(error)}")
            return
        except LimitError as error:
            yield Problem(name, None, str(error))
            return
        yield Source(name, inner, buffered.head(HEAD_BYTES), buffered.open)

    def _tar(self, name: str, stream: BinaryIO | Bounded) -> Iterator[Source | Problem]:
        """Yield the members of an archive in order, each buffered while in use."""
        count = 0
        try:
            with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]
                for member in archive:
                    if member.isdir():
                        continue
                    count += 1
                    if count > self.limits.members:
                        raise LimitError(f"the archive holds more than {self.limits.members} files")
                    yield self._member(name, archive, member)
        except _BROKEN as error:
            yield Problem(name, None, f"it is not a readable archive: {_sentence(error)}")
        except LimitError as error:
            yield Problem(name, None, str(error))
        else:
            if not count:
                yield Problem(name, None, "the archive holds no files")

    def _member(self, parent: str, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Source | Problem:
        name = f"{parent}!{show(member.name, PATH_LENGTH)}"
        self.on_file(name)
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not path.name:
            return Problem(name, None, "its name leads out of the archive")
        if member.issym() or member.islnk():
            return Problem(name, None, "it is a link; links in archives are not followed")
        # A sparse member expands to its declared size, however small it is in the archive.
        stream = archive.extractfile(member) if member.isreg() and not member.issparse() else None
        if stream is None:
            return Problem(name, None, "it is not a regular file")
        if member.size > self.limits.total:
            raise LimitError(f"the archive holds more than {self.limits.total} bytes")
        buffered = buffer(stream, self.limits.memory)
        return Source(name, path.name, buffered.head(HEAD_BYTES), buffered.open)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        # The name is too long, or a parent folder is not accessible.
        raise UsageError(f"{quoted(str(path))} cannot be reached: {error.strerror or error}.") from error


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _sentence(error: BaseException) -> str:
    return show(str(error)) or type(error).__name__
