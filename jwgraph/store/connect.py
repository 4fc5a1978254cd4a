"""Connect to the server that the environment names, or to the managed one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jwgraph.settings import (
    Connection,
    from_environment,
)


def connection(progress: Callable[[str], None], home: Path | None = None) -> Connection:
    """Return the server to use, starting the managed one where `NEO4J_URI` is unset.

    Parameters
    ----------
    progress
        Called with a sentence before each slow step.
    home
        Folder of a managed store to use instead, whatever the environment names.
    """
    given = from_environment() if home is None else None
    if given is not None:
        return given
    from jwgraph import server

    return server.up(server.Home(home) if home else server.home(), progress=progress)


def running() -> Connection | None:
    """Return the server to use where one runs already; None where the managed one would have to be started.

    It waits for nothing: a server that was started a moment ago may not answer yet.
    """
    given = from_environment()
    if given is not None:
        return given
    from jwgraph import server

    return server.running(server.home())
