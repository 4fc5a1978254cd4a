"""The command line, as a process: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph, rows
from tests.support.sources import ASN, ASSOCIATION, L3, LIST, A
from tests.support.store import Slate, nodes

PRODUCT_COLUMNS = ["productFilename", "obs_id", "productType", "calib_level", "dataURI", "size"]
OUR_COLUMNS = [*PRODUCT_COLUMNS, "mrp", "relation", "productLevel", "archived"]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / ASN).write_text(json.dumps(ASSOCIATION))
    (folder / "list.csv").write_text(LIST)
    return folder


@pytest.fixture
def loaded(slate: Slate, environment: Path, sources: Path) -> Path:
    def fill(_graph: Graph) -> None:
        done = jwgraph("--quiet", "load", str(sources))
        assert (done.returncode, done.stderr) == (0, "")

    slate.filled("two sources, by the command", fill)
    return sources


def test_load_says_what_it_read(graph: Graph, environment: Path, sources: Path) -> None:
    done = jwgraph("load", str(sources), "--format", "json")
    assert done.returncode == 0
    found = {(row["what"], row["kind"]): row["number"] for row in json.loads(done.stdout)["rows"]}
    assert found["sources", "association"] == 1
    assert found["sources", "mast_products"] == 1
    assert found["records", "read"] == 5
    assert found["new edges", "HAS_MEMBER"] == 1
    assert "deriving" in done.stderr


def test_new_edges_are_those_that_were_not_there(loaded: Path, tmp_path: Path) -> None:
    for names, expected in (
        ([f"{A}_rate.fits", f"{A}_cal.fits"], {"PART_OF": 1, "COMPOSED_OF": 2}),
        ([f"{A}_rate.fits", f"{A}_cal.fits"], {}),
    ):
        (tmp_path / "names.txt").write_text("\n".join(names))
        done = jwgraph("load", str(tmp_path / "names.txt"))
        found = {row["kind"]: int(row["number"]) for row in rows(done.stdout) if row["what"] == "new edges"}
        assert found == expected


def test_trees_and_lists(loaded: Path) -> None:
    done = jwgraph("tree", L3, "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].split(",") == OUR_COLUMNS
    tree = {row["productFilename"]: row for row in rows(done.stdout)}
    assert set(tree) == {
        f"{L3}_i2d.fits",
        f"{L3}_i2d.jpg",
        f"{A}_uncal.fits",
        f"{A}_cal.fits",
    }
    assert tree[f"{L3}_i2d.fits"] == {
        "productFilename": f"{L3}_i2d.fits",
        "obs_id": L3,
        "productType": "SCIENCE",
        "calib_level": "3",
        "dataURI": f"mast:JWST/product/{L3}_i2d.fits",
        "size": "100",
        "mrp": "true",
        "relation": "own",
        "productLevel": "3",
        "archived": "true",
    }
    box = jwgraph("tree", L3, "--mrp", "--format", "csv")
    assert [row["productFilename"] for row in rows(box.stdout)] == [f"{L3}_i2d.fits"]
    assert jwgraph("mrp", L3, "--format", "csv").stdout == box.stdout

    as_json = json.loads(jwgraph("mrp", L3, "--format", "json").stdout)["rows"]
    assert list(as_json[0]) == OUR_COLUMNS
    assert (as_json[0]["size"], as_json[0]["mrp"]) == (100, True)
    assert [json.loads(line) for line in jwgraph("mrp", L3, "--format", "jsonl").stdout.splitlines()] == as_json
    # Not a terminal: CSV unless asked for.
    assert jwgraph("mrp", L3).stdout == box.stdout


def test_lineage_members_links_product_digest(loaded: Path) -> None:
    up = jwgraph("lineage", f"{L3}_i2d.fits", "--up", "--format", "csv")
    assert up.stdout.splitlines()[0].split(",") == [
        *PRODUCT_COLUMNS,
        *("recommended", "relation", "productLevel", "archived", "depth", "role", "association"),
    ]
    assert [(row["productFilename"], row["depth"], row["association"]) for row in rows(up.stdout)] == [
        (f"{A}_cal.fits", "1", ASN),
        (f"{A}_uncal.fits", "2", ""),
    ]
    down = jwgraph("lineage", f"{A}_uncal.fits", "--down", "--format", "csv")
    assert [row["productFilename"] for row in rows(down.stdout)] == [f"{A}_cal.fits", f"{L3}_i2d.fits"]

    expected = [f"{ASN},{L3},{A}_cal.fits,science,true"]
    for name in (ASN, L3, f"{L3}_i2d.fits"):
        members = jwgraph("members", name, "--format", "csv").stdout.splitlines()
        assert members == ["association,product,expname,exptype,archived", *expected]

    links = jwgraph("links", f"{L3}_i2d.fits", "--format", "csv")
    assert [(row["productFilename"], row["relation"], row["linked_to"]) for row in rows(links.stdout)] == [
        (f"{L3}_i2d.jpg", "preview", f"{L3}_i2d.fits")
    ]
    card = json.loads(jwgraph("product", f"{A}_cal.fits", "--format", "json").stdout)
    assert [owner["obs_id"] for owner in card["part_of"]] == [A]
    assert [named["association"] for named in card["member_of"]] == [ASN]

    digest = jwgraph("store", "digest")
    assert re.fullmatch(r"[0-9a-f]{64}\n", digest.stdout)
    assert digest.stderr == ""
    listed = rows(jwgraph("observations", "--format", "csv").stdout)
    assert [(row["obs_id"], row["state"]) for row in listed] == [(L3, "archived")]
    every = rows(jwgraph("observations", "--include-exposures", "--program", "2733", "--format", "csv").stdout)
    assert {row["obs_id"] for row in every} == {L3, A}


def test_tables_are_for_people(loaded: Path) -> None:
    for arguments in (("tree", L3), ("lineage", f"{L3}_i2d.fits"), ("product", f"{A}_cal.fits"), ("mrp", L3)):
        done = jwgraph(*arguments, "--format", "table", NO_COLOR="1")
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "cal.fits" in done.stdout or "i2d.fits" in done.stdout


def test_what_is_not_there_is_exit_3_with_a_suggestion(loaded: Path) -> None:
    for arguments, near in (
        (("tree", f"{L3[:-1]}x"), L3),
        (("mrp", "jw02733-o001_t002"), L3),
        (("lineage", f"{A}_cal.fts"), f"{A}_cal.fits"),
        (("product", "nothing.fits"), "jwgraph observations"),
        (("members", "nothing_asn.json"), "jwgraph observations"),
        (("query", "show", "trees"), "tree"),
    ):
        done = jwgraph(*arguments)
        assert (done.returncode, done.stdout) == (3, "")
        assert near in done.stderr
        assert done.stderr.count("\n") == 1


def test_usage_is_exit_2(loaded: Path, tmp_path: Path) -> None:
    for arguments in (
        ("load", str(tmp_path / "nowhere")),
        ("tree",),
        ("tree", L3, "--format", "xml"),
        ("query", "run", "mrp"),
        ("query", "run", "mrp", "-p", "obsid=x"),
        ("query", "run", "observations", "-p", "limit=many"),
        ("query", "run", "mrp", "-p", "obs_id"),
        ("frobnicate",),
    ):
        done = jwgraph(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr


def test_no_database_is_exit_4() -> None:
    for environment, says in (
        ({"NEO4J_URI": "bolt://127.0.0.1:9", "NEO4J_PASSWORD": "secret"}, "No Neo4j answers at bolt://127.0.0.1:9"),
        ({"NEO4J_URI": "bolt://127.0.0.1:9"}, "NEO4J_PASSWORD"),
    ):
        done = jwgraph("observations", **environment)
        assert done.returncode == (4 if "NEO4J_PASSWORD" in environment else 2)
        assert says in done.stderr
        assert "secret" not in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_wrong_password_is_exit_4(environment: Path, graph: Graph) -> None:
    done = jwgraph("observations", NEO4J_PASSWORD="not the one")
    assert done.returncode == 4
    assert "refuses user 'neo4j'" in done.stderr


def test_queries(loaded: Path) -> None:
    listed = rows(jwgraph("query", "list", "--format", "csv").stdout)
    assert list(listed[0]) == ["name", "params", "summary"]
    assert {"tree", "mrp", "lineage_up", "members"} <= {row["name"] for row in listed}
    assert "MATCH (o:Observation {obs_id: obs_id})" in jwgraph("query", "show", "mrp").stdout
    plan = jwgraph("query", "explain", "mrp", "--format", "csv").stdout
    assert plan.startswith("operator,details\n")
    assert "NodeUniqueIndexSeek" in plan
    ran = rows(jwgraph("query", "run", "mrp", "-p", f"obs_id={L3}", "--format", "csv").stdout)
    assert [row["productFilename"] for row in ran] == [f"{L3}_i2d.fits"]


def test_names_need_no_server() -> None:
    nowhere = {"NEO4J_URI": "bolt://127.0.0.1:9", "NEO4J_PASSWORD": "x"}
    done = jwgraph("name", f"{A}_cal.fits", "notes.txt", "--format", "csv", **nowhere)
    assert done.returncode == 0
    first, second = rows(done.stdout)
    assert ",".join(first) == "filename,recognised,form,obs_id,suffix,productLevel,calib_level,productType,reason"
    assert (first["recognised"], first["obs_id"], first["productLevel"]) == ("true", A, "2b")
    assert second["recognised"] == "false"
    assert second["reason"]
    several = jwgraph("name", "-", "--format", "csv", stdin=f"{A}_rate.fits\nx\x1b[31m.fits\n\xff\n", **nowhere)
    assert len(rows(several.stdout)) == 3
    assert "\x1b" not in several.stdout


def test_what_a_name_says_is_the_same_in_every_format() -> None:
    names = (f"{A}_cal.fits", f"{A}_cal.fit", f"{ASN}")
    as_json = json.loads(jwgraph("name", *names, "--format", "json").stdout)["rows"]
    lines = jwgraph("name", *names, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == as_json
    assert as_json[1] == {
        "filename": f"{A}_cal.fit",
        "recognised": False,
        "form": "plain",
        "obs_id": A,
        "suffix": "cal",
        "productLevel": "2b",
        "calib_level": None,
        "productType": "",
        "reason": "names in cal end in .fits, and this one in .fit",
    }
    as_csv = rows(jwgraph("name", *names, "--format", "csv").stdout)
    assert [(row["filename"], row["recognised"], row["calib_level"]) for row in as_csv] == [
        (names[0], "true", "2"),
        (names[1], "false", ""),
        (names[2], "true", "3"),
    ]


def test_hostile_names_reach_no_terminal(loaded: Path, tmp_path: Path) -> None:
    red = "\x1b[31m"
    (tmp_path / f"{red}list.csv").write_text(f"a,b\n1,{red}\n")
    for arguments, code in (
        (("tree", red), 3),
        (("lineage", f"{red}\x07.fits"), 3),
        (("members", f"{red}_asn.json"), 3),
        (("query", "show", red), 3),
        (("query", "run", "mrp", "-p", f"{red}=1"), 2),
        (("load", str(tmp_path / f"{red}list.csv")), 6),
        (("load", f"{red}nowhere"), 2),
        ((red,), 2),
    ):
        done = jwgraph(*arguments)
        assert done.returncode == code, arguments
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr), arguments


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Run the command with a terminal for standard output, and return what it prints there."""
    ours, its = pty.openpty()
    env = os.environ | {"TERM": "xterm", "COLUMNS": "200"} | environment
    with subprocess.Popen([sys.executable, "-m", "jwgraph", *arguments], stdout=its, env=env) as process:
        os.close(its)
        found = b""
        try:
            while chunk := os.read(ours, 65536):
                found += chunk
        except OSError:  # The other side is closed: the end.
            pass
    os.close(ours)
    assert process.returncode == 0
    return found.decode()


def test_a_terminal_gets_a_table(loaded: Path) -> None:
    colour = re.compile("\x1b\\[[0-9;]*[349][0-7]m")
    shown = on_a_terminal("tree", L3)
    assert "…_i2d.fits" in shown
    assert colour.search(shown)
    assert not colour.search(on_a_terminal("tree", L3, NO_COLOR="1"))
    shown = on_a_terminal("name", "x\x07\x1b]0;title\x07.fits", NO_COLOR="1")
    assert "\x07" not in shown
    assert "\x1b]" not in shown
    assert "x\\x07\\x1b]0;title\\x07.fits" in shown


def test_standard_input_is_a_source(graph: Graph, environment: Path) -> None:
    done = jwgraph("load", "-", stdin=f"# names\n{A}_rate.fits\nmast:JWST/product/{A}_uncal.fits\n")
    assert done.returncode == 0
    found = rows(jwgraph("mrp", A, "--format", "csv").stdout)
    assert [row["productFilename"] for row in found] == [f"{A}_rate.fits", f"{A}_uncal.fits"]


BAD: dict[str, tuple[bytes, str]] = {
    "truncated_asn.json": (json.dumps(ASSOCIATION).encode()[:-20], "truncated_asn.json"),
    "columns.csv": (b"a,b,c\n1,2,3\n", "columns.csv"),
    "binary.fits": (b"SIMPLE  =                    T" + bytes(3000), "it is cut"),
    "empty.csv": (b"", "empty"),
    "no_products_asn.json": (b'{"asn_type": "image3", "products": []}', "product"),
    "no_members_asn.json": (b'{"asn_type": "image3", "products": [{"name": "x", "members": []}]}', "member"),
    "control.txt": (f"{A}_rate.fits\nbad\x07name.fits\n".encode(), "control.txt:2"),
}


def test_bad_input_costs_nothing_else(graph: Graph, environment: Path, sources: Path, tmp_path: Path) -> None:
    (sources / "nothing").mkdir()
    for name, (content, _) in BAD.items():
        (sources / name).write_bytes(content)
    rejects = tmp_path / "rejects.jsonl"
    done = jwgraph("load", str(sources), "--rejects", str(rejects))
    assert done.returncode == 6
    for name, (_, says) in BAD.items():
        line = next(line for line in done.stderr.splitlines() if name in line)
        assert says in line
    written = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert {Path(problem["source"].split("!")[0]).name for problem in written} == set(BAD)
    assert all(set(problem) == {"source", "line", "severity", "reason", "text"} for problem in written)
    assert all(problem["reason"].isprintable() and problem["reason"] for problem in written)
    # The rest is loaded, the good line of the bad list too.
    tree = {row["productFilename"] for row in rows(jwgraph("tree", L3, "--format", "csv").stdout)}
    assert {f"{L3}_i2d.fits", f"{A}_cal.fits", f"{A}_rate.fits"} <= tree
    # Nothing of the bad ones is.
    assert {row[0] for row in nodes(graph, "Association", "filename")} == {ASN}
    assert {row[0] for row in nodes(graph, "Product", "filename")} == tree | {ASN, ASSOCIATION["asn_pool"]}
    assert {row[0] for row in nodes(graph, "Observation", "obs_id")} == {L3, A}


def test_an_empty_directory_is_named(graph: Graph, environment: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = jwgraph("load", str(tmp_path / "empty"))
    assert done.returncode == 6
    assert "no files" in done.stderr


def test_one_name_with_two_contents_is_reported(loaded: Path, tmp_path: Path) -> None:
    other: dict[str, Any] = ASSOCIATION | {"version_id": "20230710t161010"}
    (tmp_path / ASN).write_text(json.dumps(other))
    done = jwgraph("load", str(tmp_path / ASN))
    assert done.returncode == 6
    assert f"conflict: {ASN}: Two contents have the name {ASN}" in done.stderr


@pytest.mark.parametrize("form", ["csv", "jsonl", "json"])
def test_a_reader_that_goes_away_is_no_error(form: str, tmp_path: Path) -> None:
    # More than a pipe holds, so that the command meets the end of its reader.
    (tmp_path / "names").write_text(f"{A}_cal.fits\n" * 5000)
    command = f"{sys.executable} -m jwgraph name - --format {form} < {tmp_path}/names | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_a_reader_that_was_never_there_is_no_error() -> None:
    command = f"{sys.executable} -m jwgraph name x --format csv | true"
    assert subprocess.run(["bash", "-c", command], capture_output=True, check=False).stderr == b""


def test_quiet_is_silent(graph: Graph, environment: Path, sources: Path) -> None:
    done = jwgraph("--quiet", "load", str(sources))
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["load", "tree", "mrp", "lineage", "members", "links", "product", "name", "doctor"])
def test_help_has_an_example(command: str) -> None:
    done = jwgraph(command, "--help", COLUMNS="200")
    assert done.returncode == 0
    assert f"jwgraph {command}" in done.stdout.split("Example:")[1]
