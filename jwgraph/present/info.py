"""Metadata of an answer, and what its text and its HTML need of it."""

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
        The call in Python.
    note
        A remark, such as that rows were cut; empty where there is none.
    whole
        Number of rows of the answer, where these are only some of them.
    subject
        The Observation of a tree.
    """

    call: str
    note: str = ""
    whole: int | None = None
    subject: str = ""


class Tabular(Protocol):
    """Columns, metadata and values: what text and HTML show."""

    about: dict[str, Column]
    info: AnswerInfo

    def __len__(self) -> int:
        """Return the number of rows."""

    def values(self, name: str) -> list[Any]:
        """Return one column."""
