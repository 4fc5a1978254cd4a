"""The gate as text, without a server; plain values; parameters; completion."""

from __future__ import annotations

from typing import Any

import pytest

from jwgraph.adhoc import gate, run
from jwgraph.cli.shell import completions, split
from jwgraph.errors import RefusedError, UsageError
from jwgraph.store import queries
from jwgraph.store.explain import Step


def test_options_are_read_and_taken_out_in_place() -> None:
    for text, action, bare in (
        ("RETURN 1", "", "RETURN 1"),
        ("explain RETURN 1", "EXPLAIN", "        RETURN 1"),
        ("CYPHER 5 PROFILE RETURN 1", "PROFILE", "CYPHER 5         RETURN 1"),
        ("/* PROFILE */ RETURN 1", "", "/* PROFILE */ RETURN 1"),
        ("CYPHER 25 runtime=slotted planner = cost RETURN 1", "", "CYPHER 25 runtime=slotted planner = cost RETURN 1"),
    ):
        found = gate.read_text(text)
        assert (found.action, found.bare, found.text) == (action, bare, text)


@pytest.mark.parametrize(
    "text",
    [
        "RETURN COUNT { LOAD CSV FROM 'x' AS l RETURN l }",
        "RETURN '/*', COUNT { LOAD/**/CSV FROM 'x' AS l RETURN l }, '*/'",
        "RETURN '\\\\', COUNT { LOAD CSV FROM 'x' AS l RETURN l }",
        "RETURN 1 // '\nLOAD\u00a0\u200bCSV FROM 'x' AS l RETURN l",
        "RETURN 'x\\u0027'",
        "RETURN 'x\\U0027'",
        "CALL dbms.listConfig",
        "CALL`dbms`.`listConfig`()",
        "CALL dbms/**/./**/listConfig()",
        "CALL `dbms.listConfig`()",
        "RETURN apoc.load.json('x')",
        "RETURN `apoc.load.json` ('x')",
        "RETURN apoc . load . json ('x')",
        "RETURN graph.byName('x')",
        "USE system RETURN 1",
        "RETURN COUNT { SHOW TRANSACTIONS YIELD INDEX RETURN INDEX }",
        "SHOW ALL SETTINGS",
        "TERMINATE TRANSACTIONS 'x'",
        "CYPHER debug=tostring RETURN 1",
        "CYPHER 5 runtime=slotted replan=force RETURN 1",
    ],
)
def test_text_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        gate.read_text(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (l:Load {csv: 1}) RETURN l.load, l.csv",
        "RETURN 'LOAD CSV', \"CALL dbms.x()\", `apoc.x` // USE system\n",
        "RETURN point.distance(a.x, b.x), date.truncate('day', d), DateTime.fromEpoch(1, 0)",
        "MATCH (n) WHERE n.use = $use AND n.call = $call RETURN n:Show",
        "SHOW INDEXES",
        "SHOW RANGE INDEXES YIELD name",
        "SHOW ALL CONSTRAINTS",
        "CALL { MATCH (n) RETURN n } RETURN n",
        "CALL (n) { RETURN 1 AS x } RETURN x",
        "RETURN 1;",
    ],
)
def test_text_passes(text: str) -> None:
    gate.read_text(text)


def test_the_librarys_text_passes() -> None:
    for query in queries.every("query"):
        gate.read_text(query.text)


@pytest.mark.parametrize(
    "text", ["", ";", " ; ;", "// x", "/* x */", "EXPLAIN EXPLAIN RETURN 1", "CYPHER 5.0 RETURN 1"]
)
def test_no_query_is_usage(text: str) -> None:
    with pytest.raises(UsageError):
        gate.read_text(text)


def test_many_comments_take_no_time() -> None:
    gate.read_text("RETURN 1 " + "/**/" * 20_000 + "'" + "\\'" * 20_000)


def test_plan_is_judged_by_type_and_operator() -> None:
    read = (Step(0, "ProduceResults", ""), Step(1, "VarLengthExpand(Pruning,BFS,All)", ""))
    gate.check_plan("r", read)
    for query_type in ("w", "rw", "s", "", "new"):
        with pytest.raises(RefusedError):
            gate.check_plan(query_type, read)
    for operator in (
        "LoadCSV",
        "Create",
        "TransactionApply",
        "RunQueryAt",
        "ShowSettings",
        "TerminateTransactions",
        "New",
    ):
        with pytest.raises(RefusedError, match=operator):
            gate.check_plan("r", [Step(0, operator, "")])
    gate.check_plan("rw", [Step(0, "Create", "")], write=True)
    with pytest.raises(RefusedError):
        gate.check_plan("s", [Step(0, "AdministrationCommand", "")], write=True)
    gate.check_plan("r", [Step(0, "ProcedureCall", "db.labels() :: (label :: STRING)")])
    with pytest.raises(RefusedError, match=r"db\.info"):
        gate.check_plan("r", [Step(0, "ProcedureCall", "db.info() :: (id :: STRING)")])


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("RETURN 1;", True),
        ("RETURN 1; // x", True),
        ("RETURN 1", False),
        ("RETURN ';", False),
        ("RETURN ';'", False),
        ("RETURN 1 /* ;", False),
        ("RETURN 1 // ;", False),
        ("", False),
    ],
)
def test_a_statement_is_complete_at_its_semicolon(text: str, complete: bool) -> None:
    assert gate.is_complete(text) is complete


def test_parameters_are_json_or_text() -> None:
    given = ["a=1", "b=x", "c=[1, null]", "d=", "e=true", 'f="1"', "g=a=b", "h={"]
    expected: dict[str, Any] = {"a": 1, "b": "x", "c": [1, None], "d": "", "e": True, "f": "1", "g": "a=b", "h": "{"}
    assert run.parameters(given) == expected
    for wrong in ("x", "=1", f"x={2**63}"):
        with pytest.raises(UsageError):
            run.parameters([wrong])


def test_plain_values() -> None:
    assert run.plain([float("nan"), float("-inf"), b"\x01\xff", {"a": (1, None)}]) == [
        "nan",
        "-inf",
        "01ff",
        {"a": [1, None]},
    ]


def test_completion() -> None:
    words = ["MATCH", "Observation", "PART_OF", ":quit", "obs_id"]
    for before, part, found in (
        ("mat", "mat", ["MATCH"]),
        ("MATCH (n:Obs", "Obs", ["Observation"]),
        (")-[:PART", "PART", ["PART_OF"]),
        (":q", ":q", [":quit"]),
        ("RETURN o.ob", "ob", ["obs_id"]),
        ("MATCH (n:", "", []),
        ("x", "x", []),
        ("RETURN ", "", words),
    ):
        assert completions(words, before) == (part, found)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("RETURN 1;\nRETURN 2;\n", ["RETURN 1;\n", "RETURN 2;\n"]),
        ("RETURN\n\n1;\r\n:help\n", ["RETURN\n\n1;\n", ":help\n"]),
        ("\n  \nhelp\nQUIT;\n", ["help\n", "QUIT;\n"]),
        ("RETURN ';\n:help\n'", ["RETURN ';\n:help\n'\n"]),
        ("RETURN 1", ["RETURN 1\n"]),
        ("// nothing\n", []),
        ("", []),
    ],
)
def test_what_is_piped_in_is_split_into_commands_and_queries(text: str, entries: list[str]) -> None:
    assert list(split(text.splitlines(keepends=True))) == entries
