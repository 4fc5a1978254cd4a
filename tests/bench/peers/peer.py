"""What every peer can do: load what it is given, and answer questions."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Collection
from pathlib import Path
from typing import Any, ClassVar

import psutil

from tests.bench.peers.given import Given
from tests.bench.peers.questions import Question, Rows


class Absent(Exception):
    """A peer cannot run on this machine; the message says why."""


class Peer(ABC):
    """A store that loads tables and answers questions, in a process of its own.

    Parameters
    ----------
    folder
        An empty folder of its own.
    """

    NAME: ClassVar[str]
    ABOUT: ClassVar[str]
    """How it is set up: what it is given, which indexes, how it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def version(self) -> str:
        """Return name and version of what is measured."""

    @abstractmethod
    def load(self, given: Given) -> None:
        """Load the tables, so that questions can be asked."""

    @abstractmethod
    def answer(self, question: Question) -> Rows:
        """Answer a question."""

    def processes(self) -> Collection[psutil.Process]:
        """Return the processes whose memory counts, besides this one."""
        return ()

    def disk(self) -> float:
        """Return what it has on disk, MB."""
        return sum(each.stat().st_size for each in self.folder.rglob("*") if each.is_file()) / 1e6

    def close(self) -> None:  # noqa: B027
        """End it; most have nothing to end."""


def module(name: str) -> Any:
    """Import a module of the extra `bench`.

    Raises
    ------
    Absent
        It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Absent(f"the Python package {name} is not installed: pip install 'jwgraph[bench]'") from None
