"""What a managed server printed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from jwgraph.errors import ServerError
from jwgraph.server.home_folder import Home


def logs(home: Home, lines: int = 50) -> Iterator[str]:
    """Yield the last lines of the server's output since it last started.

    Raises
    ------
    ServerError
        It has never started.
    """
    try:
        with home.console.open(encoding="utf-8", errors="replace") as file:
            yield from (line.rstrip("\n") for line in deque(file, maxlen=lines))
    except (FileNotFoundError, NotADirectoryError):
        raise ServerError(f"No server has run in {home.path} yet: `jwgraph server start` starts one.") from None
    except OSError as error:
        raise ServerError(f"The log {home.console} cannot be read ({error.strerror or error}).") from None
