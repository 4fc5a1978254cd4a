"""Queries of a user's own whose header does not fit: file and line, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph import connect
from jwgraph.store.graph import Graph
from jwgraph.store.queries import HeaderError
from tests.support.cli import jwgraph

pytestmark = pytest.mark.once

HEAD = "// name: query/mine\n// summary: Mine.\n"
WRONG = {
    "a column that the query lacks": (
        f"{HEAD}// returns: file STRING\n// returns: bytes INTEGER\nRETURN 'a' AS file, 1 AS size\n",
        ":4: the header has the column 'bytes', and the query returns file, size.",
    ),
    "a column that the header lacks": (
        f"{HEAD}// returns: file STRING\nRETURN 'a' AS file, 1 AS size\n",
        ":3: the query returns the column 'size', which the header lacks.",
    ),
    "no columns in the header": (f"{HEAD}RETURN 1 AS size\n", ":1: the query returns the column 'size'"),
    "another type": (
        f"{HEAD}// returns: file STRING, size INTEGER\nUNWIND [null, 1, 'large'] AS size RETURN 'a' AS file, size\n",
        ":3: the header says that size is INTEGER, and the query returns 'large'.",
    ),
    "another type of items": (
        f"{HEAD}// returns: sizes LIST<INTEGER>\nRETURN [1, 'a', null] AS sizes\n",
        ":3: the header says that sizes is LIST<INTEGER>, and the query returns [1, 'a', None].",
    ),
}


@pytest.fixture
def own(graph: Graph, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path))
    return tmp_path / "mine.cypher"


@pytest.mark.parametrize("case", WRONG)
def test_a_header_that_is_not_that_of_the_answer_is_named(own: Path, case: str) -> None:
    text, says = WRONG[case]
    own.write_text(text)
    with connect() as g, pytest.raises(HeaderError) as error:
        g.query("mine")
    assert f"{own}{says}" in str(error.value)


def test_the_command_line_says_so_too(own: Path) -> None:
    text, says = WRONG["a column that the query lacks"]
    own.write_text(text)
    done = jwgraph("query", "run", "mine", "--format", "csv")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"jwgraph: {own}{says}\n")
    typed = jwgraph("shell", stdin=":run mine\n")
    assert (typed.returncode, typed.stdout, typed.stderr) == (0, "", f"jwgraph: {own}{says}\n")


def test_a_header_that_fits_in_another_order(own: Path) -> None:
    own.write_text(
        f"{HEAD}// returns: size FLOAT, name STRING, roles LIST<STRING>, more MAP, there BOOLEAN\n"
        "UNWIND [1, 2.5, null] AS size RETURN true AS there, {a: 1} AS more, ['x', null] AS roles, 'a' AS name, size\n"
    )
    with connect() as g:
        assert g.query("mine").to_table()["size"].tolist() == [1.0, 2.5, None]
