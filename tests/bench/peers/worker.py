"""A peer in a process of its own: its memory is that of nobody else, and its clock does not count the way to it."""

from __future__ import annotations

import multiprocessing
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from tests.bench.peers.given import Given
from tests.bench.peers.peer import Absent, Peer
from tests.bench.peers.questions import Question, Rows
from tests.bench.watching import Watching

Answering = Callable[[Question], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load took: seconds, most memory of all processes meanwhile (MB), and what is on disk then (MB)."""

    seconds: float
    memory: float
    disk: float
    version: str


class Worker:
    """The process of a peer.

    Raises
    ------
    Absent
        The peer cannot run on this machine.
    """

    def __init__(self, peer: type[Peer], folder: Path) -> None:
        folder.mkdir()
        self.peer = peer
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=_serve, args=(far, peer, folder), daemon=True)
        self._process.start()
        far.close()
        self._receive()

    def load(self, given: Given) -> Loaded:
        """Load the tables."""
        found: Loaded = self._call("load", given)
        return found

    def answer(self, question: Question) -> Rows:
        """Answer a question."""
        found: Rows = self._call("answer", question)
        return found

    def warm(self, questions: Sequence[Question], seconds: float) -> None:
        """Answer questions for some time."""
        self._call("warm", questions, seconds)

    def timed(self, questions: Sequence[Question]) -> list[float]:
        """Answer each question once; return milliseconds."""
        found: list[float] = self._call("timed", questions)
        return found

    def memory(self) -> float:
        """Return the most memory so far, MB."""
        found: float = self._call("memory")
        return found

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._pipe.send(("close", ()))
        self._process.join(30)
        if self._process.is_alive():
            self._process.kill()

    def _call(self, name: str, *given: Any) -> Any:
        self._pipe.send((name, given))
        return self._receive()

    def _receive(self) -> Any:
        try:
            found = self._pipe.recv()
        except EOFError:
            self._process.join()
            raise RuntimeError(f"{self.peer.NAME} ended by itself, with {self._process.exitcode}") from None
        if isinstance(found, Exception):
            self.close()
            raise found
        return found


def _serve(pipe: Connection, kind: type[Peer], folder: Path) -> None:
    peer = None
    try:
        peer = kind(folder)
        pipe.send(None)
        _answer_all(pipe, _Served(peer))
    except EOFError:
        # Whoever asked has gone.
        return
    except Absent as error:
        pipe.send(error)
    except Exception as error:
        # Errors of a peer's own may not travel.
        pipe.send(RuntimeError(f"{kind.NAME}: {type(error).__name__}: {error}"))
    finally:
        if peer is not None:
            peer.close()


def _answer_all(pipe: Connection, served: _Served) -> None:
    while True:
        name, given = pipe.recv()
        if name == "close":
            return
        pipe.send(getattr(served, name)(*given))


class _Served:
    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._others = 0.0

    def load(self, given: Given) -> Loaded:
        with _Others(self._peer) as others:
            before = time.perf_counter()
            self._peer.load(given)
            seconds = time.perf_counter() - before
        self._others = others.most
        return Loaded(seconds, self.memory(), self._peer.disk(), self._peer.version())

    def answer(self, question: Question) -> Rows:
        return self._peer.answer(question)

    def warm(self, questions: Sequence[Question], seconds: float) -> None:
        warm(self._peer.answer, questions, seconds)

    def timed(self, questions: Sequence[Question]) -> list[float]:
        return timed(self._peer.answer, questions)

    def memory(self) -> float:
        now = _shared_out(self._peer)
        self._others = max(self._others, now)
        return peak(psutil.Process()) + self._others


def warm(answering: Answering, questions: Sequence[Question], seconds: float) -> None:
    """Answer questions for some time, each once at least."""
    end = time.monotonic() + seconds
    while True:
        for question in questions:
            answering(question)
        if time.monotonic() > end:
            return


def timed(answering: Answering, questions: Sequence[Question]) -> list[float]:
    """Answer each question once; return milliseconds."""
    found = []
    for question in questions:
        before = time.perf_counter()
        answering(question)
        found.append((time.perf_counter() - before) * 1e3)
    return found


class _Others(Watching):
    """The most memory of a peer's other processes, looked at while it works."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(0.1)
        self._peer = peer
        self.most = 0.0

    def look(self) -> None:
        """Keep the most memory so far."""
        self.most = max(self.most, _shared_out(self._peer))


def _shared_out(peer: Peer) -> float:
    """Return the memory of a peer's other processes, MB; what they share counts once."""
    found = 0.0
    with suppress(psutil.Error):
        for each in peer.processes():
            with suppress(psutil.Error):
                found += each.memory_full_info().pss / 1e6
    return found


def peak(process: psutil.Process) -> float:
    """Return the most memory that a process has had so far, MB; Linux only."""
    text = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    assert found is not None
    return int(found[1]) / 1000
