"""Shared by the steps of one reading: the cache of answers, progress, and when to stop asking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jwgraph.errors import RefusedError, SourceError
from jwgraph.model.records import Problem

if TYPE_CHECKING:
    from jwgraph_loaders.mast.resume import AnswerCache

NAME = "MAST"
GIVE_UP = 3
"""Consecutive failed requests (each after all its attempts) after which the remaining ones are skipped."""

AGAIN = "the same command within a day asks only for what is missing"


class Reading:
    """State of one reading.

    Parameters
    ----------
    answers
        Cache of the answers.
    progress
        Called with short messages.

    Attributes
    ----------
    complete
        Whether everything was answered so far; a file that MAST does not have is an answer too.
    over
        Whether to ask for nothing more, since MAST fails again and again.
    """

    def __init__(self, answers: AnswerCache, progress: Callable[[str], None]) -> None:
        self.answers = answers
        self.complete = True
        self.over = False
        self._progress = progress
        self._state = f"{NAME}: searching Observations"
        self._failed_in_a_row = 0

    def say(self, state: str) -> None:
        """Report the state of the reading."""
        self._state = f"{NAME}: {state}"
        self._progress(self._state)

    def waits(self, why: str) -> None:
        """Report the reason for a pause."""
        self._progress(f"{self._state}; {why}")

    def answered(self) -> None:
        """Note that MAST answers."""
        self._failed_in_a_row = 0

    def failed(self, *, lasting: bool = False) -> None:
        """Note that a request failed after all its attempts; after a lasting failure, no other one is useful."""
        self.complete = False
        self._failed_in_a_row += 1
        self.over = self.over or lasting or self._failed_in_a_row >= GIVE_UP


def missing(reading: Reading, error: SourceError | RefusedError, what: str) -> Problem:
    """Return the Problem for an answer that is missing."""
    rest = " and what follows were not asked for" if reading.over else " is missing"
    return Problem(NAME, None, f"{clause(error)}; {what}{rest}, {AGAIN}")


def clause(error: Exception) -> str:
    """Return the message of an error without its full stop."""
    return str(error).rstrip(".")
