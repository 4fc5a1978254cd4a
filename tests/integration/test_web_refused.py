"""What the page refuses, and how it says so: bad input, attacks, a database that is away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from jwgraph.demo import OBS_ID
from jwgraph.questions import adhoc, database
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from jwgraph.web.answer import STATIC
from jwgraph.web.guard import COOKIE, Access
from tests.support import web

SAME = {"Origin": web.BASE}
COUNT = "MATCH (o:Observation) RETURN count(o) AS n"
TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def site(demo: Graph, connection: Connection) -> Iterator[TestClient]:
    with web.client(connection) as made:
        yield made


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/observations/jw02221-o009_t001_nircam_clear-f187n", 404, f"Did you mean {OBS_ID} or jw0222"),
        ("/products/jw02221001001_03101_00001_nrca1_ca.fits", 404, "or jw02221001001_03101_00001_nrca1_cal.fits or"),
        ("/observations/jw02", 422, "can be"),
        ("/programs/x", 422, "is not a program number"),
        ("/programs/9999", 404, "unknown: no association of program 9999 is loaded"),
        ("/?page=0", 422, "page: input should be greater than or equal to 1"),
        ("/?page=99", 422, "There is no page 99"),
        ("/?sort=colour", 422, "There is no column 'colour' to sort by"),
        ("/?instrument=hst", 422, "No Observation has the instrument hst; there are: NIRCAM, NIRISS."),
        ("/?observed_since=soon", 422, "'soon' is not a date"),
        ("/?colour=red", 422, "There is no parameter 'colour' here."),
        ("/?q=nothing-like-this", 404, "No name fits"),
        (f"/observations/{OBS_ID}?type=SCIENTIFIC", 422, "did you mean SCIENCE?"),
        (f"/observations/{OBS_ID}?min_size=large", 422, "'large' is not a size"),
        (f"/observations/{OBS_ID}?format=xml", 422, "format"),
        ("/queries/nothing", 404, "There is no query 'nothing'."),
        ("/queries/mrp?color=red", 422, "has no parameter 'color'"),
        ("/queries/observations?all=perhaps", 422, "takes BOOLEAN"),
        ("/nothing", 404, "There is no such page."),
        ("/programs/2221?show=events&since=x", 422, "'x' is not a time"),
        (f"/?q={'x' * 40_000}", 414, "longer than"),
    ],
)
def test_bad_input_is_one_sentence(site: TestClient, address: str, status: int, sentence: str) -> None:
    found = site.get(address)
    assert found.status_code == status
    assert sentence in web.text(found.text).replace("“", "'")
    assert "Traceback" not in found.text


def test_programs_get_errors_as_json(site: TestClient) -> None:
    found = site.get("/observations/jw02221-o009?format=json")
    assert found.status_code == 404
    assert found.json()["status"] == 404
    assert found.json()["detail"].startswith("There is no")


def test_near_names_are_links(site: TestClient) -> None:
    found = site.get("/observations/jw02221-o009_t001_nircam_clear-f187n").text
    assert f"/observations/{OBS_ID}" in web.links(found)


# Cypher


def test_an_address_shows_a_query_and_only_the_form_runs_it(site: TestClient) -> None:
    shown = site.get("/cypher", params={"query": COUNT})
    assert COUNT in shown.text
    assert "Answer" not in shown.text
    ran = site.post("/cypher", data={"query": COUNT}, headers=SAME)
    assert "Answer: 1 row" in web.text(ran.text)
    data = site.post("/cypher", json={"query": COUNT, "format": "json"})
    assert data.json()["rows"][0]["n"] > 10
    assert site.get("/cypher?format=json").status_code == 422


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("CREATE (n)", 403, "only reading is allowed"),
        ("MATCH (n) DETACH DELETE n", 403, "only reading is allowed"),
        ("LOAD CSV FROM 'http://127.0.0.1/x' AS row RETURN row", 403, "LOAD CSV is not run"),
        ("SHOW USERS", 403, "SHOW USERS is not run"),
        ("CALL dbms.shutdown()", 403, "is not on the list"),
        ("RETURN 1; RETURN 2", 403, "one is run at a time"),
        ("MATCH (n", 422, "Neo4j does not understand the query"),
        ("", 422, "There is no query in the text."),
    ],
)
def test_the_gate_refuses_with_the_reason(site: TestClient, query: str, status: int, reason: str) -> None:
    for found in (
        site.post("/cypher", data={"query": query}, headers=SAME),
        site.post("/cypher", json={"query": query, "format": "json"}),
    ):
        assert found.status_code == status
        assert reason in web.text(found.text)


def test_a_query_that_takes_too_long_is_ended(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adhoc, "TIMEOUT", 0.5)
    slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*)"
    found = site.post("/cypher", data={"query": slow}, headers=SAME)
    assert found.status_code == 504
    assert "The query was ended after 0.5 s" in web.text(found.text)


def test_a_named_query_that_takes_too_long_is_ended(
    demo: Graph, connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "slow.cypher").write_text(
        "// name: query/slow\n// summary: Takes long.\n// returns: n INTEGER\n"
        "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*) AS n\n"
    )
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path))
    monkeypatch.setattr(database, "TIMEOUT", 0.5)
    with web.client(connection) as made:
        found = made.get("/queries/slow?format=json")
    assert found.status_code == 504
    assert "took too long" in found.json()["detail"]


def test_a_huge_answer_is_cut_and_says_so(site: TestClient) -> None:
    found = site.post("/cypher", json={"query": "UNWIND range(1, 5000) AS n RETURN n", "format": "json"}).json()
    assert len(found["rows"]) == 1000
    assert found["notes"][0]["text"] == "only the first 1,000 rows are shown; for all"
    shown = site.post("/cypher", data={"query": "UNWIND range(1, 5000) AS n RETURN n"}, headers=SAME).text
    assert shown.count("<tr>") == 501
    assert "500 of 1,000 rows shown" in web.text(shown)


# The database


def test_a_database_that_is_away_is_503_and_comes_back(demo: Graph, connection: Connection) -> None:
    nowhere = replace(connection, uri="bolt://127.0.0.1:1")
    there: list[Connection] = []
    app_client = TestClient(
        __import__("jwgraph.web.app", fromlist=["create_app"]).create_app(
            nowhere, again=lambda: there[0] if there else None
        ),
        base_url=web.BASE,
        headers=web.HTML,
    )
    with app_client as made:
        away = made.get("/")
        assert away.status_code == 503
        assert away.headers["retry-after"] == "5"
        assert "No Neo4j answers" in web.text(away.text)
        assert connection.password not in away.text
        assert "<available>false</available>" in made.get("/availability").text
        assert made.get("/healthz").status_code == 200
        there.append(connection)
        statuses = [made.get("/").status_code for _ in range(50) if not __import__("time").sleep(0.1)]
        assert statuses[-1] == 200
        assert set(statuses) == {503, 200} or set(statuses) == {200}


# Attacks


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:8765"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": "localhost.evil.example"}, 421),
        ({"Host": "127.0.0.1@evil.example"}, 421),
        ({"Host": "evil.example#127.0.0.1"}, 421),
        ({"Host": "10.0.0.5"}, 421),
        ({"Host": "169.254.169.254"}, 421),
        ({"Host": ""}, 421),
        ({"Host": "[::1"}, 421),
        ({"Host": "2130706433"}, 421),
        ({"Host": "localhost"}, 200),
        ({"Host": "LOCALHOST:1"}, 200),
        ({"Host": "[::1]:8765"}, 200),
        # Pictures, scripts and frames of other sites; links from them are fine.
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"X-Forwarded-Host": "evil.example"}, 200),
    ],
)
def test_hosts_and_sites(site: TestClient, headers: dict[str, str], status: int) -> None:
    found = site.get("/", headers=headers)
    assert found.status_code == status
    assert "evil.example" not in found.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://127.0.0.1:8765.evil.example"}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": web.BASE, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}, 403),
        ({}, 403),
        ({"Content-Type": "text/plain"}, 403),
        ({"Origin": web.BASE}, 200),
        ({"Origin": web.BASE, "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Content-Type": "application/json"}, 200),
    ],
)
def test_only_this_page_runs_cypher(site: TestClient, headers: dict[str, str], status: int) -> None:
    if headers.get("Content-Type") == "application/json":
        found = site.post("/cypher", content=json.dumps({"query": COUNT}), headers=headers)
    else:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        found = site.post("/cypher", content=f"query={COUNT}", headers={**form, **headers})
    assert found.status_code == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/", f"/observations/{OBS_ID}", "/cypher", "/queries/mrp"])
def test_there_is_nothing_to_write_to(site: TestClient, method: str, address: str) -> None:
    assert site.request(method, address, headers=SAME).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/static/../app.py",
        f"{STATIC}/%2e%2e/app.py",
        f"{STATIC}/..%2f..%2fsettings.py",
        f"{STATIC}//etc/passwd",
        f"{STATIC}/",
    ],
)
def test_no_file_but_those_of_the_page_is_served(site: TestClient, address: str) -> None:
    found = site.get(address)
    assert found.status_code in (404, 405)
    assert "import" not in found.text


def test_an_address_cannot_lead_elsewhere(site: TestClient) -> None:
    for path in (
        "//evil.example/?q=&program=1",
        "//evil.example/?q=",
        "/%5c%5cevil.example/?q=",
        "/\\\\evil.example?q=",
    ):
        found = site.get(f"{web.BASE}{path}", follow_redirects=False)
        assert found.status_code == 303
        assert not found.headers["location"].startswith(("//", "/\\"))
        assert found.headers["location"][0] in "/?"


def test_large_bodies_are_refused(site: TestClient) -> None:
    found = site.post("/cypher", data={"query": "x" * 70_000}, headers=SAME)
    assert found.status_code == 413
    lying = site.post("/cypher", content=b"query=RETURN+1", headers={**SAME, "Content-Length": "9" * 30})
    assert lying.status_code == 413


def test_many_fields_are_refused(site: TestClient) -> None:
    address = "/?" + "x=&" * 2500
    assert site.get(address).status_code == 422


def test_the_headers_of_every_response(site: TestClient) -> None:
    for address in ("/", "/nothing", f"{STATIC}/page.js", "/openapi.json", f"/observations/{OBS_ID}?format=csv"):
        headers = site.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_browsers_keep_files_whose_address_changes_with_them(site: TestClient) -> None:
    for name in ("site.css", "page.js", "tree.js", "select.js", "icon.svg"):
        found = site.get(f"{STATIC}/{name}")
        assert (found.status_code, found.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert site.get("/").headers["cache-control"] == "private, no-cache"


def test_pages_have_no_script_or_style_of_their_own(site: TestClient) -> None:
    for address in ("/", f"/observations/{OBS_ID}?mrp=0", "/cypher", "/nothing"):
        text = site.get(address).text
        assert text.count("<script") == 1
        assert f'<script type="module" src="{STATIC}/page.js"></script>' in text
        assert " style=" not in text
        assert "<style" not in text
        assert " on" not in {part[:3] for part in text.split('"')}


def test_no_secret_is_shown(site: TestClient, connection: Connection) -> None:
    for address in ("/", "/openapi.json", "/capabilities", "/nothing"):
        assert connection.password not in site.get(address).text


# The token


@pytest.fixture
def locked(demo: Graph, connection: Connection) -> Iterator[TestClient]:
    with web.client(connection, Access(frozenset({"archive.example"}), TOKEN)) as made:
        yield made


@pytest.mark.parametrize("address", ["/", "/openapi.json", f"/observations/{OBS_ID}?format=csv", "/datalink?ID=x"])
def test_everything_needs_the_token(locked: TestClient, address: str) -> None:
    found = locked.get(address)
    assert found.status_code == 401
    assert found.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in found.text
    wrong = locked.get(address, headers={"Authorization": "Bearer wrong"})
    assert wrong.status_code == 401
    assert locked.get(address, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_the_token_is_given_in_a_form_and_kept_in_a_cookie(locked: TestClient) -> None:
    form = locked.get("/").text
    assert '<form method="post" action="/token"' in form
    wrong = locked.post("/token", data={"token": "wrong"}, headers=SAME)
    assert wrong.status_code == 401
    foreign = locked.post("/token", data={"token": TOKEN}, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403
    right = locked.post("/token", data={"token": TOKEN}, headers=SAME, follow_redirects=False)
    cookie = right.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    page = locked.get("/")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"


def test_a_token_in_an_address_does_not_count(locked: TestClient) -> None:
    assert locked.get(f"/?token={TOKEN}").status_code == 401


@pytest.mark.parametrize(
    "cookie", ["", "x", f"{COOKIE}={TOKEN}", f"{COOKIE}=", f'{COOKIE}="\\377"', "a=b; ;;=", f"{COOKIE}=é"]
)
def test_cookies_that_are_not_the_token(locked: TestClient, cookie: str) -> None:
    assert locked.get("/", headers={b"Cookie": cookie.encode()}).status_code == 401


def test_names_of_a_page_on_other_machines(locked: TestClient) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert locked.get("/", headers={**bearer, "Host": "archive.example"}).status_code == 200
    assert locked.get("/", headers={**bearer, "Host": "10.0.0.5:8765"}).status_code == 200
    assert locked.get("/", headers={**bearer, "Host": "evil.example"}).status_code == 421
    assert locked.get("/healthz").status_code == 200
