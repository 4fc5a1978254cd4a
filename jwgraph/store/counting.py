"""How far a long step is: rows done, and the seconds that the rest will take."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

# Seconds between two sentences.
EVERY = 0.5


class Counting:
    """Count the rows of a step, from several threads, and say so from time to time.

    Parameters
    ----------
    what
        What is counted, such as `nodes`.
    total
        How many there will be, or 0 if that is not known.
    say
        Called with a sentence such as `nodes: 20,000 of 300,000, 12 s left`.
    """

    def __init__(self, what: str, total: int, say: Callable[[str], None]) -> None:
        self._what, self._total, self._say = what, total, say
        self._count = 0
        self._begun = self._said = monotonic()
        self._lock = Lock()
        say(what)

    def add(self, number: int) -> None:
        """Count more rows."""
        with self._lock:
            self._count += number
            now = monotonic()
            if now - self._said < EVERY:
                return
            self._said = now
            self._say(self._sentence(now - self._begun))

    def _sentence(self, seconds: float) -> str:
        if self._total < self._count or not self._count:
            return f"{self._what}: {self._count:,}"
        left = seconds / self._count * (self._total - self._count)
        return f"{self._what}: {self._count:,} of {self._total:,}, {left:.0f} s left"
