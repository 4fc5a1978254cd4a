"""The store behind a page or tools: opened at the first request, and again after it was away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from jwgraph.errors import DatabaseError
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph

# Seconds: to wait for a server that does not answer, for one statement, and until a failed server is asked again.
PATIENCE, TIMEOUT, REST = 5.0, 30.0, 1.0


class Database:
    """One connection for all requests; a request that finds no server gets an error, and a later one tries again.

    Parameters
    ----------
    first
        Returns where the server is; it is asked at the first request, and may start one.
    again
        Returns where it is now, after it did not answer; None where it is not running.
    """

    def __init__(self, first: Callable[[], Connection], again: Callable[[], Connection | None] | None = None) -> None:
        self._first = first
        self._connection: Connection | None = None
        self._again = again
        self._graph: Graph | None = None
        self._lock = Lock()
        self._failed: tuple[float, DatabaseError] | None = None

    @contextmanager
    def open(self) -> Iterator[Graph]:
        """Give the connection to one request.

        Raises
        ------
        DatabaseError
            The server does not answer.
        """
        graph = self._get()
        try:
            yield graph
        except DatabaseError:
            self._look_again()
            raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            graph, self._graph = self._graph, None
        if graph is not None:
            graph.close()

    def _get(self) -> Graph:
        with self._lock:
            if self._graph is None:
                self._graph = self._opened()
            return self._graph

    def _opened(self) -> Graph:
        # While a server is away, every request would wait for it, one after the other.
        if self._failed is not None and time.monotonic() - self._failed[0] < REST:
            raise self._failed[1].with_traceback(None)
        try:
            if self._connection is None:
                self._connection = self._first()
            found = Graph(self._connection, patience=PATIENCE, timeout=TIMEOUT)
        except DatabaseError as error:
            self._failed = (time.monotonic(), error)
            self._move()
            raise
        self._failed = None
        return found

    def _look_again(self) -> None:
        """Use the server's new address, if it was started again elsewhere; the driver finds it again at the old one."""
        with self._lock:
            if self._move() and self._graph is not None:
                # Requests that still use it fail, and are asked again.
                self._graph.close()
                self._graph = None

    def _move(self) -> bool:
        found = self._again() if self._again else None
        if found is None or found == self._connection:
            return False
        self._connection = found
        return True
