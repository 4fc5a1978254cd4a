"""The connection to Neo4j: named queries go in, rows come out."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from jwgraph.errors import DatabaseError
from jwgraph.model.vocabulary import GRAPH_FORMAT
from jwgraph.settings import Connection
from jwgraph.store import queries
from jwgraph.store.driver import (
    READ_ACCESS,
    WRITE_ACCESS,
    Bookmarks,
    Driver,
    DriverError,
    GraphDatabase,
    ManagedTransaction,
    Neo4jError,
    NotificationMinimumSeverity,
    Record,
    Session,
    SummaryCounters,
    Transaction,
    unit_of_work,
)
from jwgraph.store.failures import clear_errors
from jwgraph.store.interrupt import interrupted, interruptible
from jwgraph.store.readings import Marks, Purpose, Reading, State

Row = dict[str, Any]
T = TypeVar("T")

# Seconds.
PATIENCE = 60.0


class Graph:
    """One store. Use it in a `with` block: the driver is not closed by itself.

    In a cluster, reads go to any server and writes to the leader, and each sees all that those before it saw or wrote.

    Parameters
    ----------
    connection
        Where the server is and how to sign in.
    patience
        Seconds to wait for a server that does not answer, or says that it cannot yet.
    timeout
        Seconds after which the server ends a statement of `read`; None for no limit.

    Attributes
    ----------
    state
        What is known of the programs of the store, and when; None before the first answer.
    marks
        Bookmark of the first read.

    Raises
    ------
    DatabaseError
        The server does not answer, refuses the credentials, or has a store of another format.
    """

    def __init__(self, connection: Connection, *, patience: float = PATIENCE, timeout: float | None = None) -> None:
        self.connection = connection
        self._timeout = timeout
        self._owner = str(uuid.uuid4())
        self._held: Transaction | None = None
        self._asking = threading.Lock()
        self.state: State | None = None
        self.marks: Marks = frozenset()
        self._driver = _driver(connection, patience)
        # What was read or written last: a server of a cluster that does not have it yet waits until it does.
        self._seen = GraphDatabase.bookmark_manager()
        try:
            self._check_format()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._driver.close()

    def session(self, *, read: bool = False, after: Marks = frozenset()) -> Session:
        """Open a session; with `read` the server refuses every write in it, and has what others read `after`."""
        return self._driver.session(
            database=self.connection.database,
            default_access_mode=READ_ACCESS if read else WRITE_ACCESS,
            bookmarks=Bookmarks.from_raw_values(after),
            bookmark_manager=self._seen,
        )

    def read(self, name: str, /, **parameters: Any) -> list[Row]:
        """Run one named query in read mode and return its rows.

        Parameters
        ----------
        name
            `folder/stem` of a file in `cypher/`.
        parameters
            Its parameters; those with a default in the header may be left out.
        """
        return self.read_after(frozenset(), name, **parameters)

    def read_after(self, marks: Marks, name: str, /, **parameters: Any) -> list[Row]:
        """Run one named query, as `read`, on a server that has all that the reads with these bookmarks saw."""
        query = queries.get(name)
        values = _with_defaults(query, parameters)
        with interrupted(), clear_errors(self.connection), self.session(read=True, after=marks) as session:
            records = session.execute_read(self._work(query, values))
            if reading := Reading.of(self):
                reading.add(query, values, records, session.last_bookmarks().raw_values)
        return list(_rows(query, records))

    def read_of_writer(self, name: str, /, **parameters: Any) -> list[Row]:
        """Run one named query on the server that takes the writes: it alone knows what goes on there."""
        query = queries.get(name)
        values = _with_defaults(query, parameters)
        with interrupted(), clear_errors(self.connection), self.session() as session:
            return list(_rows(query, session.execute_write(self._work(query, values))))

    def _work(self, query: queries.Query, values: dict[str, Any]) -> Callable[[ManagedTransaction], list[Record]]:
        @unit_of_work(timeout=self._timeout)
        def work(tx: ManagedTransaction) -> list[Record]:
            with interruptible():
                result = tx.run(query.text, values)
                _check_columns(query, result.keys())
                return list(result)

        return work

    def marks_now(self) -> frozenset[str]:
        """Return the server's bookmarks: they stay the same as long as nothing is written."""
        ping = queries.get("internal/ping").text
        with clear_errors(self.connection), self.session(read=True) as session:
            try:
                # Without a transaction of the driver's it is one exchange with the server, and not four.
                session.run(ping).consume()
            except (DriverError, Neo4jError) as error:
                if not error.is_retryable():
                    raise
                # A connection that a server left behind when it was restarted.
                session.execute_read(lambda tx: tx.run(ping).consume())
            return session.last_bookmarks().raw_values

    def stream(self, name: str, /, **parameters: Any) -> Iterator[Row]:
        """Run one named query in read mode and yield its rows as they come, in bounded memory."""
        query = queries.get(name)
        with clear_errors(self.connection), self.session(read=True) as session:
            result = session.run(query.text, _with_defaults(query, parameters))
            _check_columns(query, result.keys())
            reading = Reading.of(self)
            # What names nothing is not kept: it may be the whole graph.
            kept = reading is not None and "names" in query.depends
            seen: list[Record] = []

            def records() -> Iterator[Record]:
                for record in result:
                    if kept:
                        seen.append(record)
                    yield record

            try:
                yield from _rows(query, records())
            finally:
                if reading:
                    # An answer that is cut has no bookmark.
                    reading.add(query, parameters, seen, session.last_bookmarks().raw_values)

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Run a function in one write transaction, again where the server says that it may be retried."""
        tries = 0

        @unit_of_work(metadata={"owner": self._owner})
        def owned(tx: ManagedTransaction) -> T:
            nonlocal tries
            tries += 1
            if tries > 1:
                # What broke this connection may have broken the one that holds the write lock.
                self._check_lock()
            with interruptible():
                return work(tx)

        with interrupted(), clear_errors(self.connection), self.session() as session:
            return session.execute_write(owned)

    def terminate(self) -> None:
        """End the transactions of `write` that other threads have open; nothing of them is written."""
        # Of the server that has them: the one that takes writes.
        self.run("internal/terminate", owner=self._owner)

    def run(self, name: str, /, **parameters: Any) -> SummaryCounters:
        """Run one named write that manages its own transactions (`CALL … IN TRANSACTIONS`)."""
        query = queries.get(name)
        with interrupted(), clear_errors(self.connection), self.session() as session, interruptible():
            return session.run(query.text, parameters).consume().counters

    @contextmanager
    def explaining(self) -> Iterator[Session]:
        """Open a read session for EXPLAIN, its errors in one sentence each."""
        session = self._driver.session(
            database=self.connection.database,
            default_access_mode=READ_ACCESS,
            bookmark_manager=self._seen,
            # Here notifications are the answer: they name the parameters.
            notifications_min_severity=NotificationMinimumSeverity.INFORMATION,
        )
        with clear_errors(self.connection), _notifications_not_logged(), session:
            yield session

    @contextmanager
    def exclusive(self, purpose: Purpose = Purpose.LOAD) -> Iterator[None]:
        """Take the store's write lock: one load at a time, from any machine; closing the connection ends it.

        Parameters
        ----------
        purpose
            Readers see it in the metadata: what a writer left behind when it was cut off looks the same otherwise.
        """
        holder = f"{socket.gethostname()}:{os.getpid()}"
        # The node must be committed first: two transactions that both create it would not see each other's lock.
        self.write(lambda tx: tx.run(queries.get("internal/lock").text, holder=holder).consume())
        with interrupted(), clear_errors(self.connection), self.session() as session:
            tx = session.begin_transaction(metadata={"jwgraph": str(purpose)})
            with interruptible():
                # Others may hold it for long.
                tx.run(queries.get("internal/lock").text, holder=holder).consume()
            self._held = tx
            try:
                yield
                self._check_lock()
            finally:
                self._held = None

    def _check_lock(self) -> None:
        """Raise where the write lock that this connection held is lost: another load may write."""
        try:
            with self._asking:
                if self._held is not None:
                    self._held.run(queries.get("internal/ping").text).consume()
        except (DriverError, Neo4jError):
            raise DatabaseError(
                f"The connection to {self.connection.uri} was cut off, and the write lock with it: run the same "
                "command again."
            ) from None

    def _check_format(self) -> None:
        """Refuse a store whose graph has other names: its answers would be full of nulls.

        It is the first query on the connection, and shows that the server answers. It is not retried: where no server
        answers, people want to know at once.
        """
        with clear_errors(self.connection), self.session(read=True) as session:
            found = session.run(queries.get("internal/format").text).data()[0]
            self.marks = session.last_bookmarks().raw_values
        made_with = found["format"] or (1 if found["made"] else GRAPH_FORMAT)
        if made_with < GRAPH_FORMAT:
            raise DatabaseError(
                f"The store at {self.connection.uri} was made by an older jwgraph (format {made_with}, and this one "
                f"needs {GRAPH_FORMAT}): load its sources again into an empty store, such as a new folder JWGRAPH_HOME."
            )
        if made_with > GRAPH_FORMAT:
            raise DatabaseError(
                f"The store at {self.connection.uri} was made by a newer jwgraph (format {made_with}, and this one "
                f"reads {GRAPH_FORMAT}): upgrade jwgraph."
            )

    def server(self) -> str:
        """Return the version of the server, such as `Neo4j/5.26.29`."""
        with clear_errors(self.connection):
            return str(self._driver.get_server_info().agent)


def _check_columns(query: queries.Query, columns: Collection[str]) -> None:
    """Compare the columns with the header of a query of the user's own, which no test has compared with the server."""
    if not query.ours:
        query.check_columns(columns)


def _rows(query: queries.Query, records: Iterable[Record]) -> Iterator[Row]:
    # Once, and not for each row: it looks at paths.
    if query.ours:
        for record in records:
            # Ours return no nodes or edges, which `data` looks for in each value.
            yield dict(zip(record.keys(), record.values(), strict=True))
        return
    for record in records:
        row = record.data()
        query.check_row(row)
        yield row


def _with_defaults(query: queries.Query, parameters: dict[str, Any]) -> dict[str, Any]:
    defaults = {p.name: p.value(p.default) for p in query.params if p.default is not None}
    return {**defaults, **parameters}


def _driver(connection: Connection, patience: float) -> Driver:
    with clear_errors(connection):
        return GraphDatabase.driver(
            connection.uri,
            auth=(connection.username, connection.password),
            # Notifications speak of plans and of labels that an empty store has not seen: no news to a user.
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            connection_acquisition_timeout=patience,
            # The driver's own time-outs where there is patience.
            connection_timeout=min(patience, 30.0),
            max_transaction_retry_time=min(patience, 30.0),
        )


@contextmanager
def _notifications_not_logged() -> Iterator[None]:
    """Keep the driver from logging the notifications of a plan: whoever asks for the plan reads them there."""

    def reject(_record: logging.LogRecord) -> bool:
        return False

    logger = logging.getLogger("neo4j.notifications")
    logger.addFilter(reject)
    try:
        yield
    finally:
        logger.removeFilter(reject)
