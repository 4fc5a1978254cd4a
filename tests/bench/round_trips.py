"""Count the round trips of a piece of work: how often the conversation with the server turns."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from jwgraph.settings import Connection
from jwgraph.store.graph import Graph


class _Proxy:
    """A relay on loopback that counts how often the client speaks after the server has."""

    def __init__(self, host: str, port: int) -> None:
        self.turns = 0
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        server = socket.create_connection(self._target)
        other = {client: server, server: client}
        selector = selectors.DefaultSelector()
        for side in other:
            selector.register(side, selectors.EVENT_READ, side)
        last = server
        while True:
            for key, _ in selector.select():
                end: socket.socket = key.data
                data = end.recv(65536)
                if not data:
                    client.close()
                    server.close()
                    return
                if end is client and last is server:
                    self.turns += 1
                last = end
                other[end].sendall(data)

    def close(self) -> None:
        self._listener.close()


def count_round_trips(connection: Connection, work: Callable[[Graph], int]) -> tuple[int, int]:
    """Run the work through a counting relay, on a connection that is warm.

    Returns
    -------
    trips
        Round trips of the work alone.
    result
        What the work returned.
    """
    parts = urlsplit(connection.uri)
    proxy = _Proxy(parts.hostname or "127.0.0.1", parts.port or 7687)
    try:
        with Graph(replace(connection, uri=f"bolt://127.0.0.1:{proxy.port}")) as graph:
            work(graph)
            before = proxy.turns
            result = work(graph)
            return proxy.turns - before, result
    finally:
        proxy.close()
