"""The port of a managed server."""

from __future__ import annotations

import socket
from typing import Any

from jwgraph import settings
from jwgraph.errors import ServerError


def choose(state: dict[str, Any]) -> int:
    """Choose the port: the requested one, else the last one, else any free one."""
    asked = settings.port()
    if asked is not None:
        if not _free(asked):
            raise ServerError(f"Port {asked} is taken: stop what uses it, or unset JWGRAPH_PORT to let jwgraph choose.")
        return asked
    last = state.get("port")
    if isinstance(last, int) and _free(last):
        return last
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
