"""`jwgraph mcp`, asked by the SDK's own client: the answers of the commands, what is not known, and refusals."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jwgraph.answers.lineage import lineage
from jwgraph.answers.products import mrp, tree
from jwgraph.demo import OBS_ID
from jwgraph.mcp import server
from jwgraph.questions import adhoc
from jwgraph.questions.database import Database
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.support import cli
from tests.support.mcp import Tools, process, session

pytestmark = pytest.mark.once

I2D = f"{OBS_ID}_i2d.fits"
TOOLS = {
    *("observations", "tree", "mrp", "product", "lineage", "links", "members", "why", "missing", "stale", "impact"),
    *("references", "schema", "cypher"),
}


SLOW = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a + b < 0 RETURN count(*)"


def variables(connection: Connection) -> dict[str, str]:
    """Return the variables that name a server."""
    return {
        "NEO4J_URI": connection.uri,
        "NEO4J_USERNAME": connection.username,
        "NEO4J_PASSWORD": connection.password,
        "NEO4J_DATABASE": connection.database,
    }


@pytest.fixture(scope="module")
def _session(connection: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tools]:
    log = tmp_path_factory.mktemp("mcp") / "stderr"
    with process(log, **variables(connection)) as made:
        yield made
    assert log.read_text() == ""


@pytest.fixture
def tools(_session: Tools, demo: Graph, environment: Path) -> Tools:
    """Return the session of a client, about a store with the sample."""
    return _session


def printed(*words: str) -> Any:
    """Return the JSON that a command prints."""
    return json.loads(cli.jwgraph(*words, "--format", "json").stdout)


def test_a_client_lists_the_tools_and_each_says_that_it_only_reads(tools: Tools) -> None:
    listed = tools.listed()
    assert tools.client.server_info is not None
    assert tools.client.server_info.name == "jwgraph"
    assert "not known" in str(tools.client.instructions)
    assert {tool.name for tool in listed} == TOOLS
    assert {tool.annotations.read_only_hint for tool in listed} == {True}
    by_name = {tool.name: tool for tool in listed}
    assert by_name["mrp"].input_schema["required"] == ["obs_id"]
    columns = by_name["mrp"].output_schema["properties"]["rows"]["items"]["properties"]
    assert columns["size"]["type"] == ["integer", "null"]
    assert columns["mrp"]["description"].startswith("One of the Minimum Recommended Products")


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("mrp", {"obs_id": OBS_ID}, ("mrp", OBS_ID)),
        ("tree", {"obs_id": OBS_ID}, ("tree", OBS_ID)),
        (
            "tree",
            {"obs_id": OBS_ID, "mrp": True, "extension": ["fits"], "previews": "no"},
            ("tree", OBS_ID, "--mrp", "--extension", "fits", "--no-previews"),
        ),
        ("observations", {"program": "2221"}, ("observations", "--program", "2221")),
        ("lineage", {"filename": I2D}, ("lineage", I2D, "--up")),
        ("lineage", {"filename": I2D, "direction": "down"}, ("lineage", I2D, "--down")),
        ("lineage", {"filename": I2D, "role": ["science"]}, ("lineage", I2D, "--up", "--role", "science")),
        ("links", {"filename": I2D}, ("links", I2D)),
        ("members", {"name": I2D}, ("members", I2D)),
        ("why", {"name": "jw01200003001_03103_00001_nis"}, ("why", "jw01200003001_03103_00001_nis")),
        ("missing", {"program": "2221"}, ("missing", "--program", "2221")),
        ("missing", {"obs_id": OBS_ID}, ("missing", "--obs-id", OBS_ID)),
        ("impact", {"name": "jwst_nircam_flat_0313.fits"}, ("impact", "crds://jwst_nircam_flat_0313.fits")),
        ("references", {"name": OBS_ID}, ("references", OBS_ID)),
        ("schema", {"names": ["Observation"]}, ("schema", "Observation")),
        (
            "cypher",
            {"query": "MATCH (o:Observation) RETURN count(o) AS n"},
            ("cypher", "MATCH (o:Observation) RETURN count(o) AS n"),
        ),
    ],
)
def test_an_answer_is_that_of_the_command(
    tools: Tools, tool: str, arguments: dict[str, Any], words: tuple[str, ...]
) -> None:
    found = tools.ask(tool, **arguments)
    assert not found.error, found.text
    of_command = printed(*words)
    assert found.content["rows"] == of_command["rows"]
    assert found.content["notes"] == of_command["notes"]
    assert json.loads(found.text) == found.content
    # The command that it names prints the same.
    assert printed(*shlex.split(found.content["command"])[1:]) == of_command


def test_the_mrp_and_the_lineage_of_the_sample(tools: Tools, demo: Graph) -> None:
    recommended = tools.ask("mrp", obs_id=OBS_ID)
    assert set(recommended.names) == {row.productFilename for row in mrp(demo, OBS_ID)}
    assert (len(recommended.names), recommended.content["summary"]) == (5, "5 rows")
    made_from = tools.ask("lineage", filename=I2D, limit=1000)
    assert made_from.names == [row.productFilename for row in lineage(demo, I2D, up=True)]
    assert I2D in tools.ask("lineage", filename="jw02221001001_03101_00001_nrca1_uncal.fits", direction="down").names


def test_what_was_taken_for_a_name_is_said(tools: Tools) -> None:
    found = tools.ask("mrp", obs_id=I2D)
    assert len(found.names) == 5
    assert found.content["notes"][0]["text"].endswith(f"these are the recommended products of {OBS_ID}")


def test_what_is_not_loaded_is_a_note_with_its_command(tools: Tools) -> None:
    found = tools.ask("tree", obs_id="jw02514160001_04201_00001_nrca1")
    assert "is not loaded" in found.content["notes"][0]["text"]
    assert found.content["notes"][0]["command"].startswith("jwgraph sync ")


def test_none_and_not_known_are_different(tools: Tools) -> None:
    none = tools.ask("tree", obs_id=OBS_ID, suffix=["x1d"])
    assert (none.error, none.content["rows"]) == (False, [])
    assert none.content["summary"] == "None of the 65 products matches suffix x1d."
    unknown = tools.ask("missing", program="9999")
    assert unknown.error
    assert unknown.text.startswith("unknown: no association of program 9999 is loaded")


def test_an_answer_with_more_rows_is_cut_and_says_so(tools: Tools, demo: Graph) -> None:
    every = tree(demo, OBS_ID)
    cut = tools.ask("tree", obs_id=OBS_ID, limit=3)
    assert cut.names == [row.productFilename for row in every[:3]]
    assert cut.content["summary"] == f"{len(every)} rows"
    assert cut.content["notes"][0] == {
        "text": f"only the first 3 of {len(every)} rows: the command prints all",
        "command": f"jwgraph tree {OBS_ID}",
    }
    own = tools.ask("cypher", query="UNWIND range(1, 5000) AS n RETURN n", limit=7)
    assert [row["n"] for row in own.content["rows"]] == [1, 2, 3, 4, 5, 6, 7]
    assert own.content["notes"][0]["text"] == "only the first 7 rows are shown; for all"


def test_an_answer_that_is_too_large_is_cut_too(tools: Tools) -> None:
    wide = "UNWIND range(1, $rows) AS n RETURN n, reduce(s = 'x', i IN range(1, $twice) | s + s) AS wide"
    found = tools.ask("cypher", query=wide, parameters={"rows": 100, "twice": 14})
    assert 10 < len(found.content["rows"]) < 100
    assert "of 100 rows" in found.content["notes"][0]["text"]
    one = tools.ask("cypher", query=wide, parameters={"rows": 1, "twice": 20})
    assert (one.error, "A row of the answer is larger than" in one.text) == (True, True)


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("cypher", {"query": "CREATE (n)"}, "The server says that this query writes, and only reading is allowed."),
        ("cypher", {"query": "LOAD CSV FROM 'http://127.0.0.1/x' AS row RETURN row"}, "LOAD CSV is not run"),
        ("cypher", {"query": "CALL dbms.shutdown()"}, "is not on the list"),
        ("cypher", {"query": "MATCH (n"}, "Neo4j does not understand the query"),
        ("cypher", {"query": "RETURN $x"}, "Expected parameter(s): x"),
        ("mrp", {"obs_id": "jw02221-o009_t001_nircam_clear-f187n"}, f"Did you mean {OBS_ID} or jw0222"),
        ("lineage", {"filename": "jw02221001001_03101_00001_nrca1_ca.fits"}, "Did you mean jw02221001001"),
        ("tree", {"obs_id": "jw02"}, "can be"),
        ("tree", {"obs_id": OBS_ID, "type": ["SCIENTIFIC"]}, "did you mean SCIENCE?"),
        ("impact", {"name": "crds://nothing.fits"}, "unknown: no loaded header says that a product used"),
        ("missing", {}, "Give an Observation (obs_id) or a program, one of the two."),
        ("observations", {"instrument": ["hst"]}, "No Observation has the instrument hst; there are: NIRCAM, NIRISS."),
        ("schema", {"names": ["Produkt"]}, "did you mean Product"),
        ("mrp", {}, "obs_id: field required."),
        ("mrp", {"obs_id": OBS_ID, "colour": "red"}, "There is no parameter 'colour' here."),
        ("mrp", {"obs_id": OBS_ID, "limit": 0}, "limit: input should be greater than or equal to 1."),
        ("drop", {}, "There is no tool 'drop': there are observations, tree, mrp"),
    ],
)
def test_a_refusal_is_an_error_with_one_sentence(
    tools: Tools, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    found = tools.ask(tool, **arguments)
    assert (found.error, found.content) == (True, None)
    assert sentence in found.text
    assert "\n" not in found.text


def test_nothing_is_written(tools: Tools, demo: Graph) -> None:
    before = demo.marks_now()
    for query in ("CREATE (n)", "MATCH (n) SET n.x = 1", "MATCH (n) DETACH DELETE n"):
        assert tools.ask("cypher", query=query).error
    assert demo.marks_now() == before


def test_what_takes_too_long_is_ended(demo: Graph, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(lambda: connection)
    monkeypatch.setattr(adhoc, "TIMEOUT", 0.5)
    with session(server.server(database)) as tools:
        ended = tools.ask("cypher", query=SLOW)
        monkeypatch.setattr(adhoc, "TIMEOUT", 5.0)
        monkeypatch.setattr(server, "SECONDS", 0.2)
        left = tools.ask("cypher", query=SLOW)
    database.close()
    assert (ended.error, "The query was ended after 0.5 s" in ended.text) == (True, True)
    assert (left.error, left.text) == (True, "It took longer than 0.2 s: ask for less, or again.")


def test_standard_output_has_the_protocol_and_nothing_else(environment: Path) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    }
    lines = [hello, {"jsonrpc": "2.0", "method": "notifications/initialized"}]
    done = cli.process("mcp", stdin="".join(f"{json.dumps(line)}\n" for line in lines) + "this is no message\n")
    assert done.returncode == 0
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [message["jsonrpc"] for message in messages] == ["2.0"] * len(messages)
    assert messages[0]["result"]["serverInfo"]["name"] == "jwgraph"


def test_a_database_that_is_away_is_an_error_of_the_tool(connection: Connection, tmp_path: Path) -> None:
    with process(tmp_path / "stderr", **(variables(connection) | {"NEO4J_URI": "bolt://127.0.0.1:1"})) as tools:
        found = tools.ask("mrp", obs_id=OBS_ID)
    assert (found.error, "No Neo4j answers" in found.text) == (True, True)


def test_without_the_extra_the_command_says_what_to_install(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("jwgraph.mcp")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp.server.lowlevel", None)
    done = cli.jwgraph("mcp")
    assert (done.returncode, "pip install 'jwgraph[mcp]'" in done.stderr) == (2, True)


def test_other_commands_do_not_import_it() -> None:
    script = (
        "import sys; sys.argv = ['jwgraph', 'name', 'jw02221001001_03101_00001_nrca1_cal.fits'];"
        "from jwgraph.cli import app\ntry: app.main()\nexcept SystemExit: pass\n"
        "print(sorted({'mcp', 'anyio', 'mcp_types'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
