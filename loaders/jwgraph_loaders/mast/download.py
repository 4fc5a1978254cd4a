"""Download files of MAST into a folder: a few at once, resumed, and checked by their sizes.

The rules are those of the script of `jwgraph.export.curl`, and so are the names of partial files: each can go on where
the other one stopped.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import BinaryIO, Protocol

import requests
from urllib3.exceptions import HTTPError

from jwgraph import settings
from jwgraph.answers.downloads import Fetched, FetchState
from jwgraph.errors import RefusedError, SourceError, UsageError
from jwgraph.export.places import Place
from jwgraph_loaders.mast.session import LastingError, MastError, MastSession, RetryPolicy, TransientError

CONNECTIONS = 4
POLICY = RetryPolicy(longest_pause=30.0, timeout=120.0)

_CHUNK = 1 << 16
_STOP_SECONDS = 2.0
# No other file can be written then; RLIMIT_FSIZE gives the last.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})


class Watch(Protocol):
    """Something that shows the progress of a download; it is called from several threads."""

    def start(self, place: Place, have: int) -> None:
        """Show that a file is fetched, of which some bytes are there."""

    def advance(self, place: Place, number: int) -> None:
        """Show that more bytes were written; a negative number was thrown away."""

    def end(self, place: Place, row: Fetched) -> None:
        """Show that a file is done, whether it was fetched or not."""


class NoWatch:
    """Show nothing."""

    def start(self, place: Place, have: int) -> None:
        """Do nothing."""

    def advance(self, place: Place, number: int) -> None:
        """Do nothing."""

    def end(self, place: Place, row: Fetched) -> None:
        """Do nothing."""


def download(
    places: Sequence[Place],
    folder: Path,
    *,
    connections: int = CONNECTIONS,
    policy: RetryPolicy = POLICY,
    watch: Watch | None = None,
) -> list[Fetched]:
    """Fetch files into a folder, and return what became of each, in their order.

    A file of the right size that is there is kept. Others are written to `NAME.SIZE.part`, which a later download goes
    on with, and take their name when they are whole.

    Parameters
    ----------
    places
        The files; their names are fit to be names in a folder (`jwgraph.export.places`).
    folder
        Made if it does not exist.
    connections
        Number of files that are fetched at once.

    Raises
    ------
    UsageError
        The folder cannot be written.
    RefusedError
        MAST does not accept the token, or another process downloads into the folder.
    SourceError
        The disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"Cannot make the folder {folder}: {error.strerror}.") from None
    with _alone(folder):
        return _Download(places, folder, policy, watch or NoWatch()).run(connections)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes of this user from downloading into a folder: both would append to the same partial files."""
    from filelock import FileLock, Timeout

    key = sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    path = settings.cache() / "downloads" / f"{key}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path).acquire(timeout=0)
    except Timeout:
        raise RefusedError(f"Another jwgraph is downloading into {folder}: wait for it, or choose another.") from None
    except OSError as error:
        raise UsageError(f"Cannot write {path} ({error.strerror}): set JWGRAPH_CACHE to another folder.") from None
    with lock:
        yield


class _Stopped(Exception):
    """The download is to end."""


class _Download:
    """One download: threads that take files from a queue, one session each."""

    def __init__(self, places: Sequence[Place], folder: Path, policy: RetryPolicy, watch: Watch) -> None:
        self._places = places
        self._folder = folder
        self._policy = policy
        self._watch = watch
        self._server = settings.mast()
        self._stop = Event()
        self._rows: dict[int, Fetched] = {}
        self._failed: list[BaseException] = []
        self._waiting: SimpleQueue[int] = SimpleQueue()
        for number in range(len(places)):
            self._waiting.put(number)

    def run(self, connections: int) -> list[Fetched]:
        """Fetch everything; Ctrl-C ends it at once, and what is there stays."""
        # Daemons: one that waits for the server does not keep the process from ending.
        threads = [Thread(target=self._work, daemon=True) for _ in range(min(connections, len(self._places)))]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.1)
        finally:
            self._stop.set()
            end = monotonic() + _STOP_SECONDS
            for thread in threads:
                if thread.ident is not None:
                    thread.join(max(0.0, end - monotonic()))
        if self._failed:
            raise self._failed[0]
        return [self._rows[number] for number in range(len(self._places))]

    def _work(self) -> None:
        try:
            session = MastSession(self._server, self._policy, lambda _reason: None)
            while not self._stop.is_set():
                number = self._waiting.get_nowait()
                row = self._row(session, self._places[number])
                self._rows[number] = row
                self._watch.end(self._places[number], row)
        except (Empty, _Stopped):
            return
        except BaseException as error:  # handed to the main thread, which raises it
            self._failed.append(error)
            self._stop.set()

    def _row(self, session: MastSession, place: Place) -> Fetched:
        """Fetch one file, or return why it failed.

        Raises
        ------
        RefusedError, SourceError
            No other file can be fetched either.
        """
        try:
            state, size = self._file(session, place)
        except RefusedError as error:
            # The token may have expired since it was checked; then it is the same for all files.
            session.check_token()
            return Fetched(place.name, FetchState.FAILED, place.size, str(error))
        except MastError as error:
            return Fetched(place.name, FetchState.FAILED, place.size, f"{error}.")
        except OSError as error:
            if error.errno in _FULL:
                raise SourceError(
                    f"Cannot write {place.name} to {self._folder}: {error.strerror}; what is there stays, and the same "
                    "download goes on when there is room."
                ) from None
            return Fetched(place.name, FetchState.FAILED, place.size, f"It cannot be written: {error.strerror}.")
        return Fetched(place.name, state, size, None)

    def _file(self, session: MastSession, place: Place) -> tuple[FetchState, int]:
        target = self._folder / place.name
        if target.is_file() and place.size in (None, target.stat().st_size):
            return FetchState.KEPT, target.stat().st_size
        part = self._folder / f"{place.name}.{'' if place.size is None else place.size}.part"
        have = _size(part)
        if place.size is not None and have > place.size:
            part.unlink()
            have = 0
        self._watch.start(place, have)
        if place.size is None or have < place.size or not have:
            try:
                session.retry(lambda _last: self._get_on(session, place, part))
            except BaseException:
                if not _size(part):
                    part.unlink(missing_ok=True)
                raise
        size = _size(part)
        if place.size is not None and size != place.size:
            part.unlink(missing_ok=True)
            raise LastingError(_other_size(place, size))
        part.replace(target)
        return FetchState.FETCHED, size

    def _get_on(self, session: MastSession, place: Place, part: Path) -> None:
        """Fetch the rest of a file; a connection that breaks is no failed attempt as long as bytes come."""
        while True:
            have = _size(part)
            try:
                return self._get(session, place, part)
            except TransientError:
                if _size(part) <= have:
                    raise
                self._stop.wait(self._policy.first_pause)

    def _get(self, session: MastSession, place: Place, part: Path) -> None:
        if self._stop.is_set():
            raise _Stopped
        have = _size(part)
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with closing(session.open(place.url.removeprefix(self._server), headers)) as response:
            if response.status_code == 416:
                # The part is as long as the file, or longer, and not what the list says: begin anew.
                self._drop(place, part, have)
                raise TransientError("MAST has no more bytes of the file than are there")
            start, whole = _extent(response, have)
            if place.size is not None and whole not in (None, place.size):
                self._drop(place, part, have)
                raise LastingError(_other_size(place, whole))
            if start != have:
                # The server knows no ranges.
                self._drop(place, part, have)
            with _opened(part) as file:
                self._copy(response, place, file, start)
        if whole is not None and _size(part) < whole:
            raise TransientError("the connection to MAST broke")

    def _copy(self, response: requests.Response, place: Place, file: BinaryIO, have: int) -> None:
        pieces = response.raw.stream(_CHUNK, decode_content=False)
        while True:
            try:
                piece = next(pieces, None)
            except (HTTPError, requests.RequestException):
                raise TransientError("the connection to MAST broke") from None
            if self._stop.is_set():
                raise _Stopped
            if piece is None:
                return
            have += len(piece)
            if place.size is not None and have > place.size:
                file.truncate(0)
                raise LastingError(_other_size(place, None))
            _write(file, piece)
            self._watch.advance(place, len(piece))

    def _drop(self, place: Place, part: Path, have: int) -> None:
        part.unlink(missing_ok=True)
        self._watch.advance(place, -have)


def _other_size(place: Place, size: int | None) -> str:
    number = "more bytes" if size is None else f"{size} bytes"
    return (
        f"MAST has {number}, and the loaded list says {place.size}: it was probably processed anew; load the list again"
    )


def _extent(response: requests.Response, have: int) -> tuple[int, int | None]:
    """Return where in the file an answer starts, and the size of the whole file if the server says it."""
    if response.status_code == 206:
        given = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""), re.ASCII)
        if given is None or int(given[1]) != have:
            raise LastingError("MAST sent another part of the file than was asked for")
        return have, None if given[2] == "*" else int(given[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isascii() and length.isdigit() else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _opened(part: Path) -> BinaryIO:
    """Open a partial file to append to it, unbuffered: what came is on disk when the process ends."""
    # A link could lead out of the folder.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(part, flags, 0o666), "ab", buffering=0)


def _write(file: BinaryIO, piece: bytes) -> None:
    """Write all of a piece; a full disk takes the beginning of one first."""
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) :]
