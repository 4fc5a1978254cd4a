"""The schema at hand: `jwgraph schema`, `:schema`, and what the server says about words that do not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.adhoc import run
from jwgraph.answers.schema import schema
from jwgraph.errors import NotFoundError
from jwgraph.model.vocabulary import EDGES, LABELS, Edge, Label
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph, rows

pytestmark = pytest.mark.server_versions


def test_the_vocabulary_with_counts_of_the_store(small: Graph) -> None:
    found = {(row.name, row.property): row for row in schema(small)}
    kinds: list[Label | Edge] = [*LABELS, *EDGES]
    for kind in kinds:
        assert (kind.name, None) in found
        assert all((kind.name, each.name) in found for each in kind.properties)
    counts = {row["name"]: row["number"] for row in small.read("query/counts")}
    assert {name: found[name, None].count for name in counts} == counts
    assert found["Product", "filename"].count == counts["Product"]
    assert found["Load", None].count == 1
    assert found["Product", "size"].unit == "byte"
    assert found["PART_OF", None].type == "Product -> Observation"
    assert not [row for row in found.values() if row.description.startswith("Not of jwgraph")]


def test_what_something_else_wrote_is_listed_too(small: Graph, environment: Path) -> None:
    run.run(small, "MATCH (p:Program) SET p.note = 'mine' CREATE (:Note {of: p.program})", write=True)
    found = {(row.name, row.property): row for row in schema(small)}
    for key in (("Note", None), ("Note", "of"), ("Program", "note")):
        assert found[key].description == "Not of jwgraph: something else wrote it."
    done = jwgraph("schema", "note", "-f", "csv")
    assert [(row["kind"], row["name"], row["count"]) for row in rows(done.stdout)] == [
        ("label", "Note", str(found["Note", None].count)),
        ("property", "Note", str(found["Note", None].count)),
    ]


def test_a_name_that_does_not_exist(small: Graph, environment: Path) -> None:
    assert {row.name for row in schema(small, [":product", "part_of"])} == {"Product", "PART_OF"}
    with pytest.raises(NotFoundError, match="did you mean Observation"):
        schema(small, ["Observations"])
    done = jwgraph("schema", "Nothing")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)


def test_in_the_shell(small: Graph, environment: Path) -> None:
    done = jwgraph("shell", "--format", "csv", stdin=":schema Pool\n:schema Poll\n")
    assert {row["name"] for row in rows(done.stdout)} == {"Pool"}
    assert done.stderr == "jwgraph: There is no label or relationship type Poll: did you mean Pool?\n"


def test_words_that_do_not_exist_are_named(small: Graph, environment: Path) -> None:
    query = "MATCH (o:Obsrvation)-[:PART_FO]->(x)\nWHERE x.calib_levl = 1 AND x.qqqq = 1 RETURN o"
    done = jwgraph("cypher", query, "-f", "csv")
    assert (done.returncode, done.stdout) == (0, "o\n")
    assert done.stderr.splitlines() == [
        "There is no label Obsrvation (line 1, column 10): did you mean Observation?",
        "There is no relationship type PART_FO (line 1, column 24): did you mean PART_OF?",
        "There is no property calib_levl (line 2, column 9): did you mean calib_level or mast_calib_level?",
        "There is no property qqqq (line 2, column 30): `jwgraph schema` lists what there is.",
    ]
    assert jwgraph("--quiet", "cypher", query, "-f", "csv").stderr == ""
    explained = run.run(small, f"EXPLAIN {query}")
    assert len(explained.notices) == 4
    assert "(line 1, column 18)" in explained.notices[0]


def test_other_warnings_of_the_server_are_shown(small: Graph) -> None:
    (said,) = run.run(small, "MATCH (p:Product) RETURN id(p) LIMIT 1").notices
    assert said.startswith("id is deprecated")
    # Which plan is chosen is no news, and a query without fault has no notices.
    assert run.run(small, "MATCH (a:Program), (b:Program) RETURN a, b").notices == ()
