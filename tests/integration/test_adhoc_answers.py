"""What a query of one's own answers: plain values, cut rows, positions of faults, plans, and writing when asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jwgraph.adhoc import run
from jwgraph.errors import UsageError
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph, rows
from tests.support.sources import L3, SMALL, A

pytestmark = pytest.mark.server_versions


def test_values_are_plain(stored: Graph) -> None:
    answer = run.run(
        stored,
        "MATCH p = (o:Observation {obs_id: $id})<-[r:PART_OF]-(f:Product {filename: $file}) "
        "RETURN o, r, p, date('2022-07-10') AS day, duration('P1D') AS d, 0.0/0.0 AS nan, "
        "point({x: 1.0, y: 2.0}) AS point, {a: [date('2022-07-10')]} AS map",
        parameters={"id": L3, "file": f"{L3}_i2d.fits"},
    )
    (row,) = answer.rows
    assert row["o"]["labels"] == ["Observation"]
    assert row["o"]["properties"]["obs_id"] == L3
    assert (row["r"]["type"], row["r"]["end"]) == ("PART_OF", row["o"]["id"])
    assert [len(row["p"][part]) for part in ("nodes", "relationships")] == [2, 1]
    assert (row["day"], row["d"], row["nan"]) == ("2022-07-10", "P1D", "nan")
    assert row["point"] == {"srid": 7203, "coordinates": [1.0, 2.0]}
    assert row["map"] == {"a": ["2022-07-10"]}


def test_rows_are_cut_and_it_is_said(stored: Graph, environment: Path) -> None:
    query = "UNWIND range(1, 100000000) AS x RETURN x"
    answer = run.run(stored, query, limit=3)
    assert ([row["x"] for row in answer.rows], answer.cut) == ([1, 2, 3], True)
    assert not run.run(stored, "UNWIND [1, 2, 3] AS x RETURN x", limit=3).cut
    assert len(run.run(stored, "UNWIND range(1, 1500) AS x RETURN x", limit=0).rows) == 1500
    done = jwgraph("cypher", query, "--limit", "2", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "x\n1\n2\n")
    assert done.stderr == "note: only the first 2 rows shown; use --limit 0 for all rows\n"


def test_faults_of_the_text_are_usage_with_a_position(stored: Graph) -> None:
    for text, says in (
        ("MATCH (o) RETRUN o", "line 1, column 11"),
        ("MATCH (o)\nRETURN x", "Variable `x` not defined (line 2, column 8)"),
        ("PROFILE RETURN x", "(line 1, column 16)"),
        ("EXPLAIN RETURN x", "(line 1, column 16)"),
        ("RETURN $a + $b", "Expected parameter"),
        ("RETURN 1/0", "/ by zero"),
        ("RETURN nothing(1)", "nothing"),
        (":play movies", "line 1, column 1"),
        ("", "no query"),
        (" // nothing\n;", "no query"),
        ("EXPLAIN PROFILE RETURN 1", "once"),
        ("CYPHER 5", "CYPHER takes"),
    ):
        with pytest.raises(UsageError) as reported:
            run.run(stored, text)
        assert says in str(reported.value), text
        assert "\n" not in str(reported.value)


def test_explain_runs_nothing_and_profile_measures(stored: Graph) -> None:
    explained = run.run(stored, "EXPLAIN UNWIND range(1, 1000000000) AS x RETURN count(x)", timeout=5)
    assert (explained.explained, explained.rows) == (True, [])
    assert explained.plan[0].operator == "ProduceResults"
    profiled = run.run(stored, f"PROFILE {SMALL}")
    assert (len(profiled.rows), profiled.explained) == (2, False)
    assert profiled.plan[0].details.startswith("2 rows")


def test_write(stored: Graph, environment: Path) -> None:
    query = "MATCH (o:Observation {obs_id: $id}) SET o.note = 'mine' CREATE (:Note {of: o.obs_id})"
    before = digest(stored)
    refused = jwgraph("cypher", query, "-p", f"id={L3}")
    assert (refused.returncode, refused.stderr.count("\n")) == (5, 1)
    assert "--write" in refused.stderr
    unasked = jwgraph("cypher", query, "-p", f"id={L3}", "--write")
    assert (unasked.returncode, "--yes" in unasked.stderr) == (5, True)
    assert digest(stored) == before
    done = jwgraph("cypher", query, "-p", f"id={L3}", "--write", "--yes")
    assert done.returncode == 0
    assert "Nodes created: 1, properties set: 2, labels added: 1." in done.stderr
    assert "no longer match" in done.stderr
    assert digest(stored) != before
    run.run(stored, "MATCH (n:Note) DELETE n", write=True)
    run.run(stored, "MATCH (o:Observation) REMOVE o.note", write=True)
    assert digest(stored) == before


def test_command_line(stored: Graph, environment: Path, tmp_path: Path) -> None:
    expected = [L3, A]
    file = tmp_path / "q.cypher"
    file.write_text(f"// what there is\n{SMALL};\n")
    for done in (
        jwgraph("cypher", SMALL, "--format", "csv"),
        jwgraph("cypher", "--file", str(file), "--format", "csv"),
        jwgraph("cypher", "-", "--format", "csv", stdin=SMALL),
        jwgraph("cypher", "--format", "csv", stdin=SMALL),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        assert sorted(row["obs_id"] for row in rows(done.stdout)) == sorted(expected)
    typed = jwgraph(
        "cypher", "RETURN $a AS a, $b AS b, $c AS c", "-p", "a=1", "-p", "b=x", "-p", "c=[1,null]", "--format", "json"
    )
    assert json.loads(typed.stdout) == {"rows": [{"a": 1, "b": "x", "c": [1, None]}], "notes": []}
    for arguments, code in (
        (("cypher", "RETRUN 1"), 2),
        (("cypher", SMALL, "--file", str(file)), 2),
        (("cypher", "--file", str(tmp_path / "none")), 2),
        (("cypher", SMALL, "-p", "x"), 2),
        (("cypher", SMALL, "--timeout", "0"), 2),
        (("cypher", "SHOW USERS"), 5),
    ):
        done = jwgraph(*arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1), arguments
    long = jwgraph("cypher", "UNWIND range(1, 1000000000) AS x RETURN count(x)", "--timeout", "1")
    assert (long.returncode, long.stdout) == (5, "")
    assert long.stderr == (
        "jwgraph: The query was ended after 1 s: narrow it, or allow more time (timeout). Use --timeout SECONDS.\n"
    )
    hostile = jwgraph("cypher", "RETURN $x AS `a\x1b[31m`, [$x] AS l", "-p", "x=\x1b[31m\x07", "--format", "csv")
    assert hostile.returncode == 0
    assert "\x1b" not in hostile.stdout + hostile.stderr


def test_a_relationship_alone_names_its_ends(stored: Graph) -> None:
    text = "MATCH (o:Observation)<-[r:PART_OF]-(f) RETURN r, elementId(f) AS f, elementId(o) AS o LIMIT 1"
    (row,) = run.run(stored, text).rows
    assert (row["r"]["start"], row["r"]["end"]) == (row["f"], row["o"])
