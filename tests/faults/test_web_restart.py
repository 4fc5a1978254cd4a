"""The database goes away and comes back under the page, while 200 clients ask."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from jwgraph import server
from jwgraph.answers.products import mrp, tree
from jwgraph.demo import OBS_ID, load_demo
from jwgraph.server import Home
from jwgraph.store import schema
from jwgraph.store.graph import Graph
from tests.support import backends, web

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(
        backends.chosen() != "managed", reason="it is about the managed server, and this run has another"
    ),
]

CLIENTS = 200
# A client that waits so long has found a fault.
LONGEST = 600.0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    server.down(made)


class Client:
    """One client that asks again and again, and what it got."""

    def __init__(self, address: str, box: str, names: set[str]) -> None:
        self.where = f"{address}/observations/{OBS_ID}?format=json&mrp={box}"
        self.names = names
        self.got: Counter[str] = Counter()
        self.session = requests.Session()

    def ask(self) -> bool:
        """Ask once, and return whether the answer was right; what is neither right nor a clean error is remembered."""
        answer = self.session.get(self.where, timeout=LONGEST)
        body = answer.json()
        if answer.status_code == 200:
            right = {row["productFilename"] for row in body["rows"]} == self.names
            self.got["right" if right else f"wrong: {len(body['rows'])} rows, {body['notes']}"] += 1
            return right
        clean = answer.status_code == 503 and answer.headers["retry-after"] == "5" and set(body) == {"status", "detail"}
        self.got["away" if clean else f"not clean: {answer.status_code} {body}"] += 1
        return False

    def until_right(self) -> bool:
        """Ask until an answer is right."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            if self.ask():
                return True
            time.sleep(0.2)
        return False


def test_the_database_is_restarted_while_200_clients_ask(home: Home) -> None:
    connection = server.up(home, progress=lambda _text: None)
    with Graph(connection) as graph:
        schema.ensure(graph)
        load_demo(graph)
        names = {
            "0": {row.productFilename for row in tree(graph, OBS_ID)},
            "1": {row.productFilename for row in mrp(graph, OBS_ID)},
        }
    back = threading.Event()
    with web.served(connection, again=lambda: server.running(home)) as address, ThreadPoolExecutor(CLIENTS) as pool:
        clients = [Client(address, box, names[box]) for number in range(CLIENTS) for box in [str(number % 2)]]

        def work(client: Client) -> bool:
            first = client.ask()
            while not back.is_set():
                client.ask()
                time.sleep(0.5)
            return first and client.until_right()

        started = [pool.submit(work, client) for client in clients]
        try:
            while not all(client.got["right"] for client in clients):
                time.sleep(0.1)
            server.down(home)
            while not any(client.got["away"] for client in clients):
                time.sleep(0.1)
            server.up(home, progress=lambda _text: None)
        finally:
            back.set()
        assert [each.result() for each in started] == [True] * CLIENTS
    assert set(sum((client.got for client in clients), Counter())) == {"right", "away"}
