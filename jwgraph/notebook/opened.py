"""An open store, which the methods of the notebook interface are about."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from types import TracebackType
from typing import Self, TypeVar

from jwgraph.errors import UsageError
from jwgraph.notebook.asking import Asker
from jwgraph.present.escape import visible
from jwgraph.settings import Connection

E = TypeVar("E", bound=StrEnum)

# One word or number, or several.
Texts = str | int | Iterable[str | int] | None


class Opened:
    """An open store.

    Attributes
    ----------
    graph
        The connection, as used by the functions in `jwgraph.answers.products` and the like.
    """

    def __init__(self, connection: Connection) -> None:
        self._asker = Asker(connection)
        self.graph = self._asker.graph

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; a managed server keeps running until `jwgraph server stop`."""
        self._asker.close()

    def __repr__(self) -> str:
        state = "open" if self._asker.alive else "closed"
        return f"<jwgraph store at {visible(self.graph.connection.uri)}, {state}>"


def one_of(kind: type[E], name: str, value: str) -> E:
    """Return the member of an enumeration that an argument names.

    Raises
    ------
    UsageError
        There is no such member; the message has those that there are.
    """
    try:
        return kind(value)
    except ValueError:
        raise UsageError(f"{name} is one of {', '.join(kind)}, not {value!r}.") from None


def texts(values: Texts) -> list[str]:
    """Return the words of an argument that takes one or several."""
    if values is None:
        return []
    return [str(values)] if isinstance(values, (str, int)) else [str(each) for each in values]
