"""Metadata of an answer, and the interface that its text and HTML output use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from jwgraph.model.columns import Column


@dataclass(frozen=True, slots=True)
class AnswerInfo:
    """Metadata of an answer: the call that produced it, a note, the total number of rows.

    Attributes
    ----------
    call
        The call, as Python source.
    note
        A remark, for example that the answer was truncated; may be empty.
    whole
        Total number of rows, if the answer is only part of them.
    subject
        The Observation, if the answer is a tree.
    """

    call: str
    note: str = ""
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
