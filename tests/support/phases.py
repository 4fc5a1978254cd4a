"""A load in a process of its own, of which is known in which phase it is."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

import psutil

from jwgraph.settings import Connection

DERIVING = "deriving"
# Seconds within which any load ends, on a busy machine.
PATIENCE = 300.0
# Seconds after the beginning of a phase at which it is cut off, at most.
WITHIN = 0.02


def environment(connection: Connection) -> dict[str, str]:
    """Return the environment of a command that uses a server."""
    return os.environ | {
        "NEO4J_URI": connection.uri,
        "NEO4J_USERNAME": connection.username,
        "NEO4J_PASSWORD": connection.password,
        "NEO4J_DATABASE": connection.database,
    }


def load(connection: Connection, *arguments: str | Path) -> tuple[int, str]:
    """Load in another process, and return its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "jwgraph", "-q", "load", *map(str, arguments)],
        env=environment(connection),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr


class Loading:
    """One `jwgraph load` that goes on.

    Attributes
    ----------
    phases
        Those that have begun, in order.
    """

    def __init__(self, connection: Connection, *arguments: str | Path) -> None:
        self.phases: list[str] = []
        read, write = os.pipe()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.support.logged_load", str(write), "load", *map(str, arguments)],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(connection),
            text=True,
        )
        os.close(write)
        self._pipe = os.fdopen(read)
        self._begun = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.kill()
        self.ended()

    def _read(self) -> None:
        with self._pipe:
            for line in self._pipe:
                with self._begun:
                    self.phases.append(line.rstrip("\n"))
                    self._begun.notify_all()
        with self._begun:
            self._begun.notify_all()

    def wait_for(self, phase: str, chance: random.Random) -> None:
        """Wait until a phase has begun, and a little more; or the load has ended."""
        end = monotonic() + PATIENCE
        with self._begun:
            while phase not in self.phases and self._reader.is_alive() and monotonic() < end:
                self._begun.wait(0.5)
        sleep(chance.uniform(0, WITHIN))

    def processes(self) -> Sequence[psutil.Process]:
        """Return its worker processes: those that it has started and that live."""
        try:
            return psutil.Process(self.child.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def ended(self) -> tuple[int, str]:
        """Wait for its end, and return its exit code and what it said."""
        _, said = self.child.communicate(timeout=PATIENCE)
        self._reader.join()
        return self.child.returncode, said


def within_derivation(phase: str) -> bool:
    """Return whether a phase is one of the derivation."""
    return phase.startswith(DERIVING)


def spread(phases: Sequence[str], number: int) -> list[str]:
    """Choose phases for a number of faults, half of them within the derivation, as different ones as there are."""
    once = list(dict.fromkeys(phases))
    inside = [phase for phase in once if within_derivation(phase)]
    outside = [phase for phase in once if not within_derivation(phase)]
    half = number // 2
    pairs = zip_longest(_even(outside, number - half), _even(inside, half))
    # In turn, so that any part of a long run has both.
    return [phase for pair in pairs for phase in pair if phase is not None]


def _even(phases: Sequence[str], number: int) -> list[str]:
    """Choose so many, each in the middle of its share; some again where there are too few."""
    return [phases[(2 * place + 1) * len(phases) // (2 * number)] for place in range(number)]


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as aligned text."""
    names = list(rows[0]) if rows else []
    cells = [names, *([str(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )
