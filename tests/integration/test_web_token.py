"""The token where other machines reach the page: who guesses it has to wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from jwgraph.web import throttle
from jwgraph.web.app import create_app
from jwgraph.web.guard import COOKIE, Access
from tests.support import web

TOKEN = "a-token-of-the-tests-0123456789"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
SAME = {"Origin": web.BASE}


class Clock:
    """A clock that tests move."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(throttle, "time", made)
    return made


@pytest.fixture
def locked(demo: Graph, connection: Connection, clock: Clock) -> Iterator[TestClient]:
    with web.client(connection, Access(token=TOKEN)) as made:
        yield made


def guesses(site: TestClient, number: int) -> list[int]:
    return [site.get("/", headers={"Authorization": f"Bearer guess-{n}"}).status_code for n in range(number)]


def test_after_ten_wrong_tokens_an_address_waits_for_a_minute(locked: TestClient, clock: Clock) -> None:
    assert guesses(locked, 12) == [401] * 10 + [429] * 2
    answer = locked.get("/", headers=RIGHT)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert answer.json()["detail"] == "Too many wrong tokens came from your address: wait for a minute."
    assert locked.post("/token", data={"token": TOKEN}, headers=SAME).status_code == 429
    clock.now += 59
    assert locked.get("/", headers=RIGHT).status_code == 429
    clock.now += 1
    assert locked.get("/", headers=RIGHT).status_code == 200


def test_the_form_and_the_cookie_count_too(locked: TestClient) -> None:
    assert [locked.post("/token", data={"token": "x"}, headers=SAME).status_code for _ in range(5)] == [401] * 5
    assert [locked.get("/", headers={"Cookie": f"{COOKIE}=x"}).status_code for _ in range(5)] == [401] * 5
    assert locked.get("/", headers=RIGHT).status_code == 429


def test_requests_without_a_token_do_not_count(locked: TestClient) -> None:
    assert {locked.get("/").status_code for _ in range(20)} == {401}
    assert locked.get("/", headers=RIGHT).status_code == 200


def test_right_tokens_are_not_slowed_down(locked: TestClient) -> None:
    assert guesses(locked, 9) == [401] * 9
    assert {locked.get("/", headers=RIGHT).status_code for _ in range(20)} == {200}


def test_other_addresses_need_not_wait(demo: Graph, connection: Connection, clock: Clock) -> None:
    app = create_app(connection, access=Access(token=TOKEN))

    def from_(address: str) -> TestClient:
        return TestClient(app, base_url=web.BASE, headers=web.HTML, client=(address, 50_000))

    with from_("10.0.0.5") as guessing:
        assert guesses(guessing, 11)[-1] == 429
        assert from_("10.0.0.6").get("/", headers=RIGHT).status_code == 200
        # A header does not make it another address, and a site has as many addresses of IPv6 as it likes.
        assert guessing.get("/", headers=RIGHT | {"X-Forwarded-For": "10.0.0.7"}).status_code == 429
        assert guesses(from_("2001:db8::1"), 10)[-1] == 401
        assert from_("2001:db8::2").get("/", headers=RIGHT).status_code == 429
        assert from_("2001:db8:0:1::1").get("/", headers=RIGHT).status_code == 200


def test_addresses_that_are_forgotten_are_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_ADDRESSES", 2)
    attempts = throttle.Attempts()
    scopes = [{"client": (f"10.0.0.{n}", 1)} for n in range(3)]
    for scope in scopes:
        for _ in range(throttle.WRONG):
            attempts.wrong(scope)
    assert [attempts.wait(scope) for scope in scopes] == [False, True, True]


def test_on_loopback_nothing_is_counted(demo: Graph, connection: Connection) -> None:
    with web.client(connection) as open_:
        assert set(guesses(open_, 15)) == {200}
