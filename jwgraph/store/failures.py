"""Say in one sentence what went wrong between jwgraph and Neo4j, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jwgraph.errors import DatabaseError, JwgraphError, RefusedError
from jwgraph.settings import Connection
from jwgraph.store.driver import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    WriteServiceUnavailable,
)

# What a server says that has no space for a transaction, and what it says from then on.
_STOPPED = (
    "Could not preallocate disk space",
    "Could not apply the transaction",
    "TransactionLogError",
    "critical error, and needs to be restarted",
    "is in read-only mode on this Neo4j instance",
)
_HINT = "Check NEO4J_URI, or unset it to let jwgraph start its own server."


@contextmanager
def clear_errors(connection: Connection) -> Iterator[None]:
    """Turn the driver's errors into one sentence each."""
    try:
        yield
    except AuthError:
        raise DatabaseError(
            f"{connection.uri} refuses user {connection.username!r}: check NEO4J_USERNAME and NEO4J_PASSWORD."
        ) from None
    except DriverError as error:
        said = _unreachable(connection.uri, error)
        if said is None:
            raise
        raise said from None
    except Neo4jError as error:
        raise _refused(connection, error) from error


def _unreachable(uri: str, error: DriverError) -> JwgraphError | None:
    if isinstance(error, WriteServiceUnavailable):
        return DatabaseError(f"No server of the cluster at {uri} takes writes now: run the same command again.")
    if isinstance(error, SessionExpired):
        # What a connection that is cut off is called where the driver knows of several servers.
        return DatabaseError(f"The connection to {uri} was cut off: run the same command again.")
    if isinstance(error, ServiceUnavailable):
        return DatabaseError(f"No Neo4j answers at {uri}. {_HINT}")
    if isinstance(error, ConfigurationError):
        return DatabaseError(f"{uri} is not a valid Neo4j address ({_first_line(error)}). {_HINT}")
    return None


def _refused(connection: Connection, error: Neo4jError) -> JwgraphError:
    code = error.code or ""
    if code.endswith("DatabaseNotFound"):
        return DatabaseError(f"{connection.uri} has no database {connection.database!r}.")
    if "TransactionTimedOut" in code:
        return RefusedError("The server ended the query, which took too long: narrow it.", remedy="narrow")
    if code.endswith(("BookmarkTimeout", "InvalidBookmark")):
        return DatabaseError(
            f"{connection.uri} does not have what was read from it before, as after a backup was restored: run the "
            "same command again, and start again what runs for long, such as `jwgraph serve`."
        )
    if any(mark in f"{code} {error.message}" for mark in _STOPPED):
        return DatabaseError(
            "Neo4j writes nothing any more, as it does when its disk is full: free some space, restart the server "
            "(`jwgraph server stop`; the next command starts it), and run the same command again."
        )
    cannot = "refuses the query" if isinstance(error, ClientError) else "cannot go on"
    return DatabaseError(f"Neo4j {cannot}: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    # The driver's own errors have a message as well, but it is a generic text.
    said = error.message if isinstance(error, Neo4jError) else None
    text = (said or str(error)).strip().splitlines()
    return text[0][:300] if text else type(error).__name__
