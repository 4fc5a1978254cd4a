"""The web page as tests ask it: in this process, or served on a port as `jwgraph serve` does."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from threading import Thread

import uvicorn
from starlette.testclient import TestClient

from jwgraph.settings import Connection
from jwgraph.web.app import create_app
from jwgraph.web.guard import Access

HOST = "127.0.0.1:8765"
BASE = f"http://{HOST}"
HTML = {"Accept": "text/html"}


@contextmanager
def client(connection: Connection, access: Access | None = None) -> Iterator[TestClient]:
    """Give a client of the application, as a browser's first visit: without cookies."""
    with TestClient(create_app(connection, access=access), base_url=BASE, headers=HTML) as made:
        yield made


@contextmanager
def served(
    connection: Connection, access: Access | None = None, *, again: Callable[[], Connection | None] | None = None
) -> Iterator[str]:
    """Serve the application on a free port of this machine, and give its address."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app = create_app(connection, access=access, again=again)
    config = uvicorn.Config(app, access_log=False, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href" and tag == "a"]


def text(page: str) -> str:
    """Return the words of a page, white space folded."""
    parser = _Text()
    parser.feed(page)
    return " ".join("".join(parser.words).split())


def links(page: str) -> list[str]:
    """Return the addresses that a page links to."""
    parser = _Text()
    parser.feed(page)
    return parser.links


def command(page: str) -> list[str]:
    """Return the commands that a page shows beside its copy buttons."""
    import html

    return [html.unescape(found) for found in re.findall(r'<code tabindex="0">(.*?)</code>', page, re.DOTALL)]
