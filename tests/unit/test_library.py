"""Query files: the header is read strictly, and an error names file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.errors import NotFoundError, UsageError
from jwgraph.store import queries
from jwgraph.store.parameters import checked, pairs
from jwgraph.store.queries import HeaderError, Param

GOOD = """\
// name: query/good
// summary: A good one.
// param: obs_id STRING  Observation identifier
// param: limit INTEGER = 10  at most so many
// returns: a STRING, b INTEGER
// returns: c BOOLEAN
// index: observation_obs_id
// allow: NodeByLabelScan
MATCH (o:Observation {obs_id: $obs_id}) // $ignored
RETURN o.a AS a, '$ignored' AS b, 1 AS c LIMIT $limit
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "good.cypher"
    path.write_text(text)
    return path


def test_a_good_file(tmp_path: Path) -> None:
    query = queries.parse(write(tmp_path, GOOD), "query/good")
    assert query.summary == "A good one."
    assert query.params == (
        Param("obs_id", "STRING", "Observation identifier"),
        Param("limit", "INTEGER", "at most so many", "10"),
    )
    assert query.returns == (("a", "STRING"), ("b", "INTEGER"), ("c", "BOOLEAN"))
    assert query.indexes == ("observation_obs_id",)
    assert query.allow == ("NodeByLabelScan",)
    assert query.mode == "read"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("// summary: A good one.\n", "", 1, "no summary"),
        ("// name: query/good", "// name: query/other", 1, "names 'query/other'"),
        ("// summary: A good one.", "// sumary: A good one.", 2, "unknown key 'sumary'"),
        ("// summary: A good one.", "// A good one.", 2, "`// key: value`"),
        ("// param: obs_id STRING  Obs", "// param: obs_id TEXT  Obs", 3, "a param is"),
        ("// returns: c BOOLEAN", "// returns: c BOOL", 6, "a column is"),
        ("// param: obs_id STRING  Observation identifier\n", "", 8, "$obs_id is not declared"),
        ("LIMIT $limit", "", 1, "limit is declared and never used"),
        ("// index: observation_obs_id", "// summary: Twice.", 7, "given twice"),
        ("// index: observation_obs_id", "// mode: maybe", 1, "mode is one of"),
        ("// index: observation_obs_id", "// param: limit STRING  again", 1, "declared twice"),
    ],
)
def test_a_bad_header_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(HeaderError) as error:
        queries.parse(path, "query/good")
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert says in str(error.value)


def test_every_file_of_the_project_is_good() -> None:
    for kind in ("schema", "write", "derive", "query"):
        assert queries.every(kind)


def test_a_checksum_knows_the_statement_and_not_its_comments(tmp_path: Path) -> None:
    first = queries.parse(write(tmp_path, GOOD), "query/good")
    spaced = queries.parse(
        write(tmp_path, GOOD.replace("A good one", "Another").replace("LIMIT", " LIMIT")), first.name
    )
    other = queries.parse(write(tmp_path, GOOD.replace("o.a AS a", "o.x AS a")), first.name)
    assert first.checksum == spaced.checksum
    assert first.checksum != other.checksum


def test_an_unknown_query_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match=r"no query 'trees'\. Known: .*tree"):
        queries.get("query/trees")


@pytest.mark.parametrize("name", ["query/../write/load", "../x", "query/Tree", "tree"])
def test_a_name_never_leaves_the_folder(name: str) -> None:
    with pytest.raises(NotFoundError):
        queries.get(name)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("STRING", "x", "x"),
        ("INTEGER", "-3", -3),
        ("FLOAT", "1.5", 1.5),
        ("BOOLEAN", "True", True),
        ("LIST<STRING>", "a,b", ["a", "b"]),
        ("LIST<STRING>", "", []),
    ],
)
def test_parameters_are_typed(kind: str, text: str, value: object) -> None:
    assert Param("p", kind, "a sentence").value(text) == value


@pytest.mark.parametrize(("kind", "text"), [("INTEGER", "x"), ("FLOAT", ""), ("BOOLEAN", "yes"), ("MAP", "{}")])
def test_a_parameter_of_another_type_is_refused(kind: str, text: str) -> None:
    with pytest.raises(UsageError, match="Parameter p"):
        Param("p", kind, "a sentence").value(text)


def test_arguments_are_checked(tmp_path: Path) -> None:
    query = queries.parse(write(tmp_path, GOOD), "query/good")
    assert checked(query, pairs(["obs_id=a=b", "limit=7"])) == {"obs_id": "a=b", "limit": 7}
    assert checked(query, {"obs_id": "x", "limit": None}) == {"obs_id": "x"}
    with pytest.raises(UsageError, match="needs obs_id=VALUE: "):
        checked(query, {})
    with pytest.raises(UsageError, match="no parameter 'obsid': it takes obs_id, limit"):
        checked(query, {"obsid": None})
    for text in ("obs_id", "=x", ""):
        with pytest.raises(UsageError, match="Write a parameter as KEY=VALUE"):
            pairs([text])


# --- queries of one's own ---


def test_a_folder_of_ones_own_is_read_the_same_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, GOOD)
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path))
    assert queries.get("query/good").params[1].default == "10"
    names = [query.name for query in queries.every("query")]
    assert "query/good" in names
    assert "query/tree" in names
    assert names == sorted(names)
    monkeypatch.delenv("JWGRAPH_QUERIES")
    with pytest.raises(NotFoundError, match="no query 'good'"):
        queries.get("query/good")


@pytest.mark.parametrize(
    ("filename", "text", "says"),
    [
        ("good.cypher", GOOD.replace("// summary: A good one.\n", ""), r"good\.cypher:1: the header has no summary"),
        ("good.cypher", GOOD.replace("// index", "// mode: write\n// index"), "are of mode read"),
        ("tree.cypher", GOOD.replace("query/good", "query/tree"), "jwgraph has a query of that name"),
    ],
)
def test_a_wrong_query_of_ones_own_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filename: str, text: str, says: str
) -> None:
    (tmp_path / filename).write_text(text)
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path))
    with pytest.raises(HeaderError, match=says):
        queries.get(f"query/{filename.removesuffix('.cypher')}")


def test_the_folder_of_ones_own_has_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="JWGRAPH_QUERIES"):
        queries.every("query")
