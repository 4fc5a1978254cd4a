"""A TCP proxy on loopback that cuts connections after a number of bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from jwgraph.settings import Connection

BLOCK = 4096


class Proxy:
    """Connections to a server, of which one or all are cut once so many bytes were sent to it.

    Parameters
    ----------
    port
        Of the server.
    after
        Bytes sent to the server in all connections together, after which it cuts, once; None for never.
    all_of_them
        Cut all connections that are open, not only the one that sent the last byte.

    Attributes
    ----------
    sent
        Bytes sent to the server so far.
    cut
        Number of connections that were cut.
    """

    def __init__(self, port: int, after: int | None, *, all_of_them: bool = False) -> None:
        self.sent = self.cut = 0
        self._port = port
        self._after = after
        self._all = all_of_them
        self._lock = threading.Lock()
        self._open: set[tuple[socket.socket, socket.socket]] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept nothing any more, and close what is open."""
        # A thread that waits in `accept` is woken.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for pair in list(self._open):
            _close(pair)

    def cut_all(self) -> None:
        """Cut all connections that are open."""
        with self._lock:
            pairs, self._open = self._open, set()
        for each in pairs:
            _close(each)
        self.cut += len(pairs)

    def cut_after(self, more: int) -> None:
        """Cut once so many more bytes were sent to the server."""
        with self._lock:
            self._after = self.sent + more

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._port))
                except OSError:
                    client.close()
                    continue
                pair = (client, server)
                with self._lock:
                    self._open.add(pair)
                threading.Thread(target=self._pass, args=(pair, client, server, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(pair, server, client, False), daemon=True).start()

    def _pass(
        self, pair: tuple[socket.socket, socket.socket], source: socket.socket, target: socket.socket, counted: bool
    ) -> None:
        with suppress(OSError):
            while block := source.recv(BLOCK):
                if counted and (rest := self._rest(len(block))) is not None:
                    # A part of a message is what breaks most.
                    target.sendall(block[:rest])
                    self._end(pair)
                    return
                target.sendall(block)
        _close(pair)
        with self._lock:
            self._open.discard(pair)

    def _rest(self, size: int) -> int | None:
        """Count bytes, and return how many of them still pass, if this is where it cuts."""
        with self._lock:
            before = self.sent
            self.sent += size
            if self._after is None or self.sent <= self._after:
                return None
            after, self._after = self._after, None
            return after - before

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            pairs = list(self._open) if self._all else [pair]
            self._open.difference_update(pairs)
        for each in pairs:
            _close(each)
        self.cut += len(pairs)


def _close(pair: tuple[socket.socket, socket.socket]) -> None:
    for each in pair:
        # Closing alone does not wake who waits for it.
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def proxied(
    connection: Connection, after: int | None = None, *, all_of_them: bool = False, scheme: str = "bolt"
) -> Iterator[tuple[Connection, Proxy]]:
    """Return a connection through a proxy to the server of another one, which is on loopback.

    With the scheme `neo4j` the server names the address that it was asked at in its routing table: the proxy's.
    """
    proxy = Proxy(int(connection.uri.rsplit(":", 1)[1]), after, all_of_them=all_of_them)
    try:
        yield replace(connection, uri=f"{scheme}://127.0.0.1:{proxy.port}"), proxy
    finally:
        proxy.close()
