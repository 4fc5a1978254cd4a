"""Run the application with uvicorn."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from threading import Timer

import uvicorn

from jwgraph.settings import Connection
from jwgraph.web.app import create_app
from jwgraph.web.guard import Access


def run(
    connection: Connection,
    listening: socket.socket,
    access: Access,
    *,
    again: Callable[[], Connection | None],
    opened: str = "",
) -> None:
    """Serve until Ctrl-C.

    Parameters
    ----------
    opened
        The address that the browser opens; empty for none.
    """
    config = uvicorn.Config(
        create_app(connection, access=access, again=again),
        # Addresses have names of files and queries, and are nobody's business; bugs are logged.
        access_log=False,
        log_level="error",
        server_header=False,
        # A header that a proxy sets could name any host.
        proxy_headers=False,
        h11_max_incomplete_event_size=65_536,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        ws="none",
    )
    if opened:
        timer = Timer(0.5, webbrowser.open, [opened])
        timer.daemon = True
        timer.start()
    uvicorn.Server(config).run(sockets=[listening])
