"""Every error that jwgraph raises on purpose, and the exit code that goes with it.

::

    JwgraphError                 1   never raised itself
    ├── UsageError               2   the request cannot be understood
    ├── NotFoundError            3   nothing of that name is in the graph
    ├── DatabaseError            4   no database, or it does not answer
    │   └── ServerError          4   the managed server cannot be started or stopped
    ├── RefusedError             5   understood, and not allowed
    └── SourceError              6   a source, or part of one, cannot be read

A message is one sentence for a person: what is wrong, where, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_OK = 0
EXIT_BUG = 1
EXIT_USAGE = 2
EXIT_NOT_FOUND = 3
EXIT_NO_DATABASE = 4
EXIT_REFUSED = 5
EXIT_REJECTS = 6
# As of a command that SIGINT ends.
EXIT_INTERRUPTED = 130


class JwgraphError(Exception):
    """Base of all errors a user can meet; its text is fit to be shown as it is.

    Parameters
    ----------
    remedy
        What would have allowed it, such as `timeout`; empty where nothing would. The text is read in notebooks too and
        names no option, so the command line adds its own.
    """

    exit_code: ClassVar[int] = EXIT_BUG

    def __init__(self, *message: object, remedy: str = "") -> None:
        super().__init__(*message)
        self.remedy = remedy


class UsageError(JwgraphError):
    """The request cannot be understood: an unknown option, parameter or path."""

    exit_code = EXIT_USAGE


class NotFoundError(JwgraphError):
    """The graph has nothing of the name asked for."""

    exit_code = EXIT_NOT_FOUND


class DatabaseError(JwgraphError):
    """No database answers, or it refuses the credentials or the schema."""

    exit_code = EXIT_NO_DATABASE


class ServerError(DatabaseError):
    """The managed Neo4j server cannot be installed, started or stopped."""


class RefusedError(JwgraphError):
    """The request is understood and not allowed."""

    exit_code = EXIT_REFUSED


class SourceError(JwgraphError):
    """A source file, or one record of it, cannot be read."""

    exit_code = EXIT_REJECTS
