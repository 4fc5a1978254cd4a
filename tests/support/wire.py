"""What the driver sends to a server, as it logs it: transactions with access mode and bookmarks, their statements."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jwgraph.store import queries

_MESSAGE = re.compile(r"\[#(?P<port>\w+)\]\s+C: (?P<kind>BEGIN|RUN|COMMIT|ROLLBACK|ROUTE)\b ?(?P<rest>.*)", re.DOTALL)
_NAME = re.compile(r"// name: (\S+/[a-z0-9_]+)")


@dataclass(slots=True)
class Sent:
    """One transaction.

    Attributes
    ----------
    mode
        r or w.
    bookmarks
        What the server is to have before it begins.
    managed
        Whether it was begun, and the driver can repeat it; else it is a statement alone.
    names
        Named statements in it.
    ended
        COMMIT, ROLLBACK, or empty.
    """

    mode: str
    bookmarks: frozenset[str]
    managed: bool
    names: list[str] = field(default_factory=list)
    ended: str = ""

    @property
    def writes(self) -> bool:
        """Whether a statement in it writes."""
        return any(queries.get(name).mode != "read" for name in self.names)


class Wire(logging.Handler):
    """The messages of all connections, while it listens.

    Attributes
    ----------
    sent
        Transactions, in the order in which they began.
    routes
        Number of times that a routing table was asked for.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.sent: list[Sent] = []
        self.routes = 0
        self._open: dict[str, Sent] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message of the driver's."""
        match = _MESSAGE.match(record.getMessage())
        if match is None:
            return
        port, kind, rest = match["port"], match["kind"], match["rest"]
        if kind == "ROUTE":
            self.routes += 1
        elif kind == "BEGIN":
            self._open[port] = self._transaction(ast.literal_eval(rest), managed=True)
        elif kind == "RUN":
            # Text, parameters and what else there is, each as Python writes it.
            extra = ast.literal_eval(rest[rest.rindex("} {") + 2 :])
            found = self._open.get(port) or self._transaction(extra, managed=False)
            found.names += _NAME.findall(rest)[:1]
        elif port in self._open:
            self._open.pop(port).ended = kind

    def _transaction(self, extra: dict[str, Any], *, managed: bool) -> Sent:
        found = Sent(extra.get("mode", "w"), frozenset(extra.get("bookmarks", ())), managed)
        self.sent.append(found)
        return found


@contextmanager
def listening() -> Iterator[Wire]:
    """Listen to what the driver sends in the block."""
    logger, wire = logging.getLogger("neo4j.io"), Wire()
    before, spread = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    # What is sent is of no use in the report of another failure.
    logger.propagate = False
    logger.addHandler(wire)
    try:
        yield wire
    finally:
        logger.removeHandler(wire)
        logger.setLevel(before)
        logger.propagate = spread
