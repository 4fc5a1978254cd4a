"""Where the processor time of Python's threads goes: samples of all threads, each worth the time it has just had.

A profiler that counts calls makes small functions look slow, and sees one thread. Here every thread is looked at some
hundred times a second, and its processor time since the last look goes to the function that it is in.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType

from tests.bench.watching import Watching

EVERY = 0.003
SHOWN = 25


class Samples(Watching):
    """Samples of the threads of this process, taken in a `with` block."""

    def __init__(self) -> None:
        super().__init__(EVERY)
        self._own: defaultdict[CodeType, float] = defaultdict(float)
        self._within: defaultdict[CodeType, float] = defaultdict(float)
        self._before: dict[int, float] = {}

    def look(self) -> None:
        """Count what each thread but this one is in."""
        own = threading.get_ident()
        for thread, frame in sys._current_frames().items():
            if thread != own:
                self._count(thread, frame)

    def _count(self, thread: int, frame: FrameType) -> None:
        try:
            now = time.clock_gettime(time.pthread_getcpuclockid(thread))
        except OSError:
            # It has just ended.
            return
        spent = now - self._before.get(thread, now)
        self._before[thread] = now
        if not spent:
            return
        self._own[frame.f_code] += spent
        seen: set[CodeType] = set()
        at: FrameType | None = frame
        while at is not None:
            seen.add(at.f_code)
            at = at.f_back
        for code in seen:
            self._within[code] += spent

    def functions(self) -> list[tuple[str, float, float]]:
        """Return the functions with the most time: name, seconds in itself, seconds with all that it calls."""
        most = sorted(self._own.items(), key=lambda each: -each[1])[:SHOWN]
        return [(_name(code), own, self._within[code]) for code, own in most]

    def packages(self) -> dict[str, float]:
        """Return the seconds of each package."""
        found: defaultdict[str, float] = defaultdict(float)
        for code, own in self._own.items():
            found[_name(code).split(":")[0].split("/")[0]] += own
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def _name(code: CodeType) -> str:
    parts = Path(code.co_filename).parts
    for mark in ("site-packages", "loaders", f"python{sys.version_info.major}.{sys.version_info.minor}"):
        if mark in parts:
            start = len(parts) - parts[::-1].index(mark)
            return f"{'/'.join(parts[start:])}:{code.co_qualname}"
    start = next((place for place, part in enumerate(parts) if part == "jwgraph"), max(0, len(parts) - 2))
    return f"{'/'.join(parts[start:])}:{code.co_qualname}"
