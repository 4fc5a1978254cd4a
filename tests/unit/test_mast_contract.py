"""jwgraph sends to MAST what `astroquery.mast` sends: both ask the same replay, and the requests are compared."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from jwgraph_loaders.mast import client
from jwgraph_loaders.mast.client import Client
from jwgraph_loaders.mast.contents import fetch
from jwgraph_loaders.mast.query import Query
from jwgraph_loaders.mast.session import MastSession
from tests.support.mast import reading
from tests.support.mast.reading import QUICK, Serve, page_size
from tests.support.mast.rows import asn_name, small
from tests.support.mast.server import COLUMNS, Replay, Seen

serve = reading.serve

TOKEN = "0123456789abcdef"
QUERIES = [
    Query(program="2733"),
    Query(obs_id="jw02733001001_02101_*"),
    Query(target="NGC 3132 / α&+'\"", since="2022-06-06T12:00:00"),
]
OBSIDS = [1, 2, 4]
FILE_SETS = ["jw02733001001_02101_00001", "jw02733001001_02101_00002"]
NAME = asn_name("image3", 1)
CONTENT = b'{"asn_type": "image3"}'
URI = f"mast:JWST/product/{NAME}"

ASTROQUERY = """
import json, sys
from astroquery.mast import Mast, Observations, conf
server, criteria, obsids, keywords, uri, token = json.loads(sys.argv[1])
assert conf.server == server, "the real MAST must not be asked"
if token:
    Mast.login(token)
    Observations.login(token)
for each in criteria:
    Observations.query_criteria_async(**each)
Observations.get_product_list_async([str(obsid) for obsid in obsids])
Mast.service_request_async(*keywords)
Observations.download_file(uri, local_path="downloaded.json", verbose=False)
print(conf.pagesize)
"""


def ask_with_astroquery(replay: Replay, home: Path, token: str, **settings: object) -> int:
    """Ask through the public functions of astroquery, with settings in its configuration file; return its page size."""
    folder = home / ".astropy" / "config"
    folder.mkdir(parents=True)
    lines = [f"{name} = {value}\n" for name, value in {"server": replay.url, **settings}.items()]
    (folder / "astroquery.cfg").write_text("".join(["[mast]\n", *lines]))
    criteria = [query.criteria() for query in QUERIES]
    keywords = Client.keyword_query("Nircam", FILE_SETS)
    given = json.dumps([replay.url, criteria, OBSIDS, keywords, URI, token])
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MAST_"))}
    done = subprocess.run(
        [sys.executable, "-c", ASTROQUERY, given],
        env=environment | {"HOME": str(home)},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def ask(replay: Replay) -> None:
    session = MastSession(replay.url, QUICK, lambda _text: None)
    found = Client(session)
    for query in QUERIES:
        found.search(query.filters())
    found.products(OBSIDS)
    found.keywords("Nircam", FILE_SETS)
    assert fetch(session, URI) == CONTENT


def sent(seen: Seen) -> tuple[object, ...]:
    """Return what MAST gets of a request, except for the cache breaker and the name of the program that asks."""
    # Of a download, any type is accepted.
    headers = [seen.headers.get(name) for name in ("Content-Type", "Accept") if not seen.file]
    body = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", seen.body)
    return seen.path, body, seen.cookie, *headers


@pytest.mark.parametrize("token", ["", TOKEN])
def test_requests_are_those_of_astroquery(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", token)
    replay = serve(Replay(*small(5), {NAME: CONTENT}, token=TOKEN))
    ask_with_astroquery(replay, tmp_path, token, pagesize=2)
    # jwgraph knows the types of its columns.
    theirs = [sent(seen) for seen in replay.seen if seen.path != COLUMNS]
    # Each of its two classes logs in.
    theirs = theirs[1:] if token else theirs
    assert (tmp_path / "downloaded.json").read_bytes() == CONTENT
    replay.seen.clear()
    with page_size(2):
        ask(replay)
    assert [sent(seen) for seen in replay.seen] == theirs
    assert {seen.page for seen in replay.of("Products")} == {1, 2, 3, 4, 5}
    assert [seen.path for seen in replay.seen].count("/whoami") == bool(token)


def test_the_columns_are_those_of_mast() -> None:
    """astroquery has a reply of MAST among the data of its tests."""
    data = files("astroquery.mast.tests.data") / "columnsconfig.json"
    recorded = json.loads(data.read_text(encoding="utf-8"))
    for query in QUERIES:
        for each in query.filters():
            column = recorded[str(each["paramName"])]
            assert column.get("separator") == each.get("separator")
            assert (column["vot.datatype"] == "double") == ("'min': " in str(each["values"]))


def test_the_page_size_is_that_of_astroquery(serve: Serve, tmp_path: Path) -> None:
    assert ask_with_astroquery(serve(Replay(*small(5), {NAME: CONTENT})), tmp_path, "") == client.PAGE_ROWS
