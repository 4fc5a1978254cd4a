"""A server of this machine that gives files as MAST does, and cuts, lies, delays and refuses where a test says so."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PIECE = 10_000


class Server(ThreadingHTTPServer):
    """Files by name, the faults of each, and what was asked."""

    daemon_threads = True

    def __init__(self, content: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = content
        self.ranges = True
        self.cut: Counter[str] = Counter()
        self.more: set[str] = set()
        self.lengths = True
        self.fault: dict[str, list[int]] = {}
        self.slow = 0.0
        self.elsewhere: dict[str, str] = {}
        self.anonymous = False
        self.asked: list[tuple[str, int]] = []
        self.cookies: set[str | None] = set()
        self.tokens: set[str | None] = set()
        self.busy = self.busiest = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def starts(self) -> Counter[str]:
        """Count how often each file was asked for from its beginning."""
        return Counter(name for name, start in self.asked if start == 0)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.cookies.add(self.headers["Cookie"])
        self.server.tokens.add(self.headers["Authorization"])
        if self.path == "/whoami":
            text = b'{"anon": true}' if self.server.anonymous else b'{"anon": false}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            return
        name = parse_qs(urlsplit(self.path).query)["uri"][0].removeprefix("mast:JWST/product/")
        asked = self.headers["Range"]
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.ranges else 0
        with self.server.lock:
            self.server.asked.append((name, start))
            self.server.busy += 1
            self.server.busiest = max(self.server.busiest, self.server.busy)
        try:
            self.answer(name, start, asked)
        finally:
            with self.server.lock:
                self.server.busy -= 1

    def answer(self, name: str, start: int, asked: str | None) -> None:
        content = self.server.content.get(name)
        faults = self.server.fault.get(name, [])
        if content is None or faults:
            self.send_error(faults.pop(0) if faults else 404)
            return
        if name in self.server.elsewhere:
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere[name])
            self.end_headers()
            return
        if start >= len(content) > 0 and asked:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if self.server.lengths:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        rest = content[start:] + (b"more" if name in self.server.more else b"")
        if self.server.cut[name] > 0:
            self.server.cut[name] -= 1
            rest = rest[: len(rest) // 2]
        for i in range(0, len(rest), PIECE):
            try:
                self.wfile.write(rest[i : i + PIECE])
            except OSError:
                return
            time.sleep(self.server.slow)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(content: dict[str, bytes]) -> Iterator[Server]:
    """Serve files until the end of the block."""
    made = Server(content)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
