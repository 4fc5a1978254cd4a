"""curl as a client of the data, of DataLink and of Cypher, with the words of docs/web.md."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from astropy.io.votable import parse

from jwgraph.answers.products import mrp, tree
from jwgraph.demo import OBS_ID
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from jwgraph.web.guard import Access
from tests.support import documents, web

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

I2D = f"{OBS_ID}_i2d.fits"
TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def address(demo: Graph, connection: Connection) -> Iterator[str]:
    with web.served(connection) as made:
        yield made


def curl(*words: str) -> str:
    """Run curl, which reads no settings of the user's, and return what it prints."""
    command = ["curl", "--disable", "--silent", "--show-error", "--noproxy", "*", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_rows_as_csv_and_json(demo: Graph, address: str) -> None:
    here = f"{address}/observations/{OBS_ID}"
    rows = list(csv.DictReader(io.StringIO(curl(f"{here}?mrp=0&format=csv"))))
    assert [row["productFilename"] for row in rows] == [row.productFilename for row in tree(demo, OBS_ID)]
    found = json.loads(curl(f"{here}?format=json"))
    assert {row["productFilename"] for row in found["rows"]} == {row.productFilename for row in mrp(demo, OBS_ID)}


def test_a_file_gets_the_name_that_the_server_gives_it(address: str, tmp_path: Path) -> None:
    where = ("--output-dir", str(tmp_path), f"{address}/observations/{OBS_ID}?format=csv")
    curl("--remote-name", "--remote-header-name", *where)
    (made,) = tmp_path.iterdir()
    assert made.name == f"{OBS_ID}.csv"


def test_what_is_not_known_is_a_header(address: str) -> None:
    printed = curl("--include", f"{address}/observations/jw02514160001_04201_00001_nrca1?mrp=0&format=csv")
    assert re.search(r"^jwgraph-note: .*is not loaded.*: `jwgraph sync ", printed, re.MULTILINE | re.IGNORECASE)


def test_datalink(address: str) -> None:
    printed = curl("--get", "--data-urlencode", f"ID=mast:JWST/product/{I2D}", f"{address}/datalink")
    table = parse(io.BytesIO(printed.encode())).get_first_table().array
    this = [str(row["description"]) for row in table if row["semantics"] == "#this"]
    assert this == [I2D]


def test_services_of_the_virtual_observatory(address: str) -> None:
    assert "<available>true</available>" in curl(f"{address}/availability")
    assert "DataLink#links-1.1" in curl(f"{address}/capabilities")
    assert json.loads(curl(f"{address}/openapi.json"))["openapi"].startswith("3.1")


def test_the_commands_of_the_page_on_the_web(demo: Graph, address: str) -> None:
    """They are run as they stand there, at the address of the test."""
    text = (documents.CHECKOUT / "docs" / "web.md").read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if line.startswith("curl ")]
    assert len(found) == 2
    files, counted = (curl(*shlex.split(line.replace("http://127.0.0.1:8765", address))[1:]) for line in found)
    named = [row["productFilename"] for row in csv.DictReader(io.StringIO(files))]
    assert named == [row.productFilename for row in tree(demo, OBS_ID) if "_cal" in row.productFilename]
    assert json.loads(counted)["rows"][0]["n"] > 10


@pytest.mark.parametrize(
    ("words", "path", "status", "sentence"),
    [
        ([], "/observations/jw02221-o009_t001_nircam_clear-f187n?format=json", 404, "Did you mean"),
        ([], "/?instrument=hst&format=csv", 422, "No Observation has the instrument hst"),
        (["--json", '{"query": "CREATE (n)"}'], "/cypher", 403, "only reading is allowed"),
        (["--data", "query=RETURN 1"], "/cypher", 403, "Nothing says where it comes from"),
        (["--header", "Host: evil.example"], "/", 421, "not known under that name"),
    ],
)
def test_errors_are_json_with_a_status(address: str, words: list[str], path: str, status: int, sentence: str) -> None:
    body, code = curl("--write-out", "\\n%{http_code}", *words, f"{address}{path}").rsplit("\n", 1)
    assert int(code) == status
    assert json.loads(body)["status"] == status
    assert sentence in json.loads(body)["detail"]


def test_a_bearer_and_the_cookie_of_the_form(demo: Graph, connection: Connection, tmp_path: Path) -> None:
    with web.served(connection, Access(token=TOKEN)) as where:
        code = ("--output", str(tmp_path / "body"), "--write-out", "%{http_code}")
        assert curl(*code, f"{where}/?format=json") == "401"
        assert curl(*code, "--header", f"Authorization: Bearer {TOKEN}", f"{where}/?format=json") == "200"
        jar = str(tmp_path / "cookies")
        given = ("--cookie-jar", jar, "--header", f"Origin: {where}", "--data", f"token={TOKEN}")
        assert curl(*code, *given, f"{where}/token") == "303"
        assert curl(*code, "--cookie", jar, f"{where}/?format=json") == "200"
