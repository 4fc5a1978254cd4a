"""Run ad-hoc queries, with limits on what they may do, on time and on rows."""

from __future__ import annotations

import json
import re
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, LiteralString

from neo4j import Query, Session, Transaction
from neo4j.exceptions import Neo4jError
from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

from jwgraph.adhoc import gate, notices
from jwgraph.errors import RefusedError, UsageError
from jwgraph.store.explain import Step, plan_of, steps_of
from jwgraph.store.graph import Graph
from jwgraph.store.interrupt import interrupted, interruptible
from jwgraph.store.parameters import pairs
from jwgraph.store.readings import Purpose, Reading

LIMIT = 1000
TIMEOUT = 30.0
LONGEST = 86_400.0

CHANGES = (
    *("nodes_created", "nodes_deleted", "relationships_created", "relationships_deleted"),
    *("properties_set", "labels_added", "labels_removed"),
)

# On a line of its own: the positions in the server's messages are those of the user's text, one line down.
_EXPLAIN = "EXPLAIN\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """Result of an ad-hoc query.

    Attributes
    ----------
    columns
        Column names, in order.
    rows
        One dict per row; nodes, relationships, paths, points and times become dicts, lists and strings.
    cut
        True if there were more rows than the limit.
    plan
        Operators, result first, for EXPLAIN and PROFILE.
    changes
        Counts of what a write changed, such as `nodes_created`.
    explained
        True for EXPLAIN, which runs nothing.
    notices
        What the server says about the query, one sentence each: an unknown label, a deprecated function.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    cut: bool = False
    plan: tuple[Step, ...] = ()
    changes: dict[str, int] = field(default_factory=dict)
    explained: bool = False
    notices: tuple[str, ...] = ()


def run(
    graph: Graph,
    text: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    limit: int = LIMIT,
    timeout: float = TIMEOUT,
    write: bool = False,
) -> Answer:
    """Run one statement, and return its first rows.

    It runs only if its text (`gate.read_text`) and the server's plan (`gate.check_plan`) only read; then in one READ
    transaction, which is never retried and is rolled back.

    Parameters
    ----------
    parameters
        Values of its `$parameters`.
    limit
        Maximum number of rows; 0 for all.
    timeout
        Seconds, for the plan and for the run separately; overrides the time-out of the server.
    write
        Allow changes to nodes and relationships, in one transaction, while no load runs.

    Raises
    ------
    UsageError
        The server cannot parse the query, or a parameter is missing.
    RefusedError
        It does more than read, or exceeds the limits of time or memory.
    DatabaseError
        The server does not answer.
    """
    if limit < 0 or not 0 < timeout <= LONGEST:
        raise UsageError(f"The limit is 0 or more rows, and the time-out above 0 and at most {LONGEST:g} seconds.")
    statement = gate.read_text(text)
    return _both(graph, statement, dict(parameters or {}), limit, timeout, write=write)


def _both(
    graph: Graph, statement: gate.Statement, values: dict[str, Any], limit: int, timeout: float, *, write: bool
) -> Answer:
    """Get the plan, check it, and run the query."""
    with interrupted(), graph.explaining() as session:
        answer = _explain(session, statement, values, timeout, write=write)
        if statement.action == "EXPLAIN":
            return answer
        if not write:
            answer = replace(_run(session, statement.text, values, limit, timeout), notices=answer.notices)
            if reading := Reading.of(graph):
                # A transaction that is rolled back has no bookmark.
                reading.add(None, {"text": statement.text, **values}, answer.rows, frozenset())
            return answer
    with graph.exclusive(Purpose.WRITE), interrupted(), graph.session() as session:
        return replace(_run(session, statement.text, values, limit, timeout, commit=True), notices=answer.notices)


@contextmanager
def _transaction(session: Session, timeout: float) -> Iterator[Transaction]:
    """Open one transaction; it is rolled back unless committed. Only its session can be cancelled (driver 6)."""
    tx = session.begin_transaction(timeout=timeout)
    try:
        yield tx
    except CancelledError:
        raise
    except BaseException:
        tx.close()
        raise
    tx.close()


def _explain(
    session: Session, statement: gate.Statement, values: dict[str, Any], timeout: float, *, write: bool
) -> Answer:
    text = Query(_user_text(_EXPLAIN + statement.bare), timeout=timeout)
    with _sentences(timeout, lines=1), interruptible():
        found = plan_of(session, text, values)
    gate.check_plan(found.query_type, found.steps, write=write)
    said = notices.sentences(found.notices, lines=1)
    return Answer(found.columns, [], plan=found.steps, explained=True, notices=said)


def _run(
    session: Session, text: str, values: dict[str, Any], limit: int, timeout: float, *, commit: bool = False
) -> Answer:
    # One explicit transaction: the driver would retry its managed ones, even those that ran out of memory.
    with _sentences(timeout), _transaction(session, timeout) as tx, interruptible():
        result = tx.run(_user_text(text), values)
        columns = tuple(result.keys())
        rows: list[dict[str, Any]] = []
        cut = False
        for record in result:
            if limit and len(rows) == limit:
                cut = True
                break
            rows.append({name: plain(value) for name, value in zip(columns, record.values(), strict=True)})
        if not commit:
            steps = () if cut else tuple(steps_of(result.consume().profile or {}))
            tx.rollback()
            return Answer(columns, rows, cut, steps)
        counters = result.consume().counters
        tx.commit()
    return Answer(columns, rows, cut, changes={name: n for name in CHANGES if (n := getattr(counters, name))})


def _user_text(text: str) -> LiteralString:
    """Mark a user's query, which has passed the gate, as accepted by the driver's types."""
    return text


def plain(value: Any) -> Any:
    """Convert a value of the driver to JSON types."""
    if isinstance(value, Node):
        return {"id": value.element_id, "labels": sorted(value.labels), "properties": plain(dict(value))}
    if isinstance(value, Relationship):
        # A node that was not returned has no properties, and is then false; its id is known.
        ends = [None if node is None else node.element_id for node in value.nodes]
        return {"type": value.type, "start": ends[0], "end": ends[1], "properties": plain(dict(value))}
    if isinstance(value, Path):
        return {"nodes": [plain(n) for n in value.nodes], "relationships": [plain(r) for r in value.relationships]}
    if isinstance(value, Point):
        return {"srid": value.srid, "coordinates": list(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    # A duration is a tuple too.
    if isinstance(value, (list, tuple, set, frozenset)) and not hasattr(value, "iso_format"):
        return [plain(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        # JSON has no such numbers.
        return str(value)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    iso_format: Callable[[], str] | None = getattr(value, "iso_format", None)
    return iso_format() if iso_format else str(value)


def parameters(given: list[str]) -> dict[str, Any]:
    """Read `KEY=VALUE` texts; a value is read as JSON if it is JSON, else as text.

    Raises
    ------
    UsageError
        A text has no `=` or no key, or an integer is too large for Neo4j.
    """
    values: dict[str, Any] = {}
    for key, text in pairs(given).items():
        try:
            values[key] = json.loads(text)
        except (ValueError, RecursionError):
            values[key] = text
        if isinstance(values[key], int) and not -(2**63) <= values[key] < 2**63:
            raise UsageError(f"Parameter {key} is too large for a Neo4j integer: quote it to pass it as text.")
    return values


@contextmanager
def _sentences(timeout: float, lines: int = 0) -> Iterator[None]:
    """Turn errors about a query into one sentence each; others are handled by the graph.

    Codes are those of the Neo4j status codes, "List of Neo4j error codes".
    """
    try:
        yield
    except Neo4jError as error:
        raise _sentence(error, timeout, lines) from None


def _sentence(error: Neo4jError, timeout: float, lines: int) -> Exception:
    code = (error.code or "").removeprefix("Neo.")
    if "TransactionTimedOut" in code or code.endswith(("Transaction.Terminated", "LockClientStopped")):
        return RefusedError(
            f"The query was ended after {timeout:g} s: narrow it, or allow more time (timeout).", remedy="timeout"
        )
    if "OutOfMemory" in code or "StackOverFlow" in code:
        return RefusedError("The query was ended: it needs more memory than the server has for it; narrow it.")
    if "exactly one statement" in (error.message or ""):
        return RefusedError("The text has several statements, and one is run at a time.")
    if code.endswith(("Statement.AccessMode", "Security.Forbidden", "UnsupportedAdministrationCommand")):
        return RefusedError(f"The server refuses the query: {_line(error, lines)}")
    if code.startswith(("ClientError.Statement.", "ClientError.Procedure.", "ClientError.Schema.")):
        return UsageError(f"Neo4j does not understand the query: {_line(error, lines)}")
    return error


def _line(error: Neo4jError, lines: int) -> str:
    """Return the server's message on one line, with the position in the user's text."""
    text = " ".join((error.message or "").splitlines()[0].split()) if error.message else str(error.code)
    place = re.search(r" ?\(line (\d+), column (\d+) \(offset: \d+\)\)", error.message or "")
    # The list of expected tokens is long; the position goes to the end.
    text = text.replace(place[0], "") if place else text
    short = text if len(text) <= 200 else text[:200].rsplit(" ", 1)[0] + " …"
    return f"{short} (line {int(place[1]) - lines}, column {place[2]})" if place else short
