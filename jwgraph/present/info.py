"""Metadata of an answer, and the interface that its text and HTML output use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from jwgraph.answers.notes import Note
from jwgraph.model.columns import Column


@dataclass(frozen=True, slots=True)
class AnswerInfo:
    """Metadata of an answer: the call that produced it, notes, the total number of rows.

    Attributes
    ----------
    call
        The call, as Python source.
    notes
        Remarks: what the answer depends on and is not loaded, or that it was truncated.
    whole
        Total number of rows, if the answer is only part of them.
    subject
        The Observation, if the answer is a tree.
    """

    call: str
    notes: tuple[Note, ...] = ()
    whole: int | None = None
    subject: str = ""


class Tabular(Protocol):
    """Columns, metadata and values, as used by text and HTML output."""

    about: dict[str, Column]
    info: AnswerInfo

    def __len__(self) -> int:
        """Return the number of rows."""

    def values(self, name: str) -> list[Any]:
        """Return the values of one column."""
