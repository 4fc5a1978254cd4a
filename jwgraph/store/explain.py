"""Get the plan of a query with EXPLAIN: columns, parameters, query type and operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import neo4j
from neo4j import GqlStatusObject, NotificationSeverity, Session

from jwgraph.store.graph import Graph
from jwgraph.store.queries import Query


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of a plan; `depth` counts from the result."""

    depth: int
    operator: str
    details: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning of the server about a query: GQLSTATUS, text, and position if it has one."""

    code: str
    text: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one query.

    Attributes
    ----------
    columns
        Names of the columns, in order.
    query_type
        `r` read, `w` write, `rw` both, `s` schema.
    parameters
        Names of all parameters: none is given, so the server reports each as missing.
    steps
        Operators, result first.
    notices
        Warnings about the query, except those about missing parameters.
    """

    columns: tuple[str, ...]
    query_type: str
    parameters: frozenset[str]
    steps: tuple[Step, ...]
    notices: tuple[Notice, ...] = ()


def explain(graph: Graph, query: Query) -> Plan:
    """Return the server's plan of a named query, without parameter values and without running it."""
    # The text comes from a file of jwgraph; only EXPLAIN is added.
    text: LiteralString = "EXPLAIN " + query.text
    with graph.explaining() as session:
        return plan_of(session, text)


def plan_of(session: Session, text: LiteralString | neo4j.Query, values: dict[str, Any] | None = None) -> Plan:
    """Run a text that starts with EXPLAIN, and return the plan."""
    result = session.run(text, values)
    columns = tuple(result.keys())
    summary = result.consume()
    missing: set[str] = set()
    notices: list[Notice] = []
    for status in summary.gql_status_objects:
        if status.gql_status == "01N60":
            missing.update(re.findall(r"\$`?(\w+)", status.status_description))
        elif status.severity is NotificationSeverity.WARNING:
            notices.append(_notice(status))
    steps = tuple(steps_of(summary.plan or {}))
    return Plan(columns, summary.query_type or "", frozenset(missing), steps, tuple(notices))


def _notice(status: GqlStatusObject) -> Notice:
    # "warn: label does not exist. The label `X` does not exist. …": the first sentence only classifies the second.
    text = re.sub(r"^\w+: [^.]*\. ", "", status.status_description)
    place = status.position
    return Notice(status.gql_status, text, *((place.line, place.column) if place else ()))


def steps_of(plan: dict[str, Any]) -> Iterator[Step]:
    """Yield the operators of a plan or of a profile, result first; those of a profile with their rows and hits."""
    for depth, step in nodes_of(plan):
        details = str(step.get("args", {}).get("Details", ""))
        if "rows" in step:
            details = f"{step['rows']} rows, {step.get('dbHits', 0)} db hits: {details}"
        yield Step(depth, operator_of(step), details)


def nodes_of(plan: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each operator of a plan or of a profile as the server gives it, result first, with its depth."""
    if not plan:
        return
    yield depth, plan
    for child in plan.get("children", []):
        yield from nodes_of(child, depth + 1)


def operator_of(step: dict[str, Any]) -> str:
    """Return the name of an operator, without the runtime."""
    return str(step.get("operatorType", "")).split("@")[0]
