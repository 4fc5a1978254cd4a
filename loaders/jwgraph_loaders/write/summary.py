"""Summarise a load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jwgraph.answers.loads import LoadRow
from jwgraph_loaders.write.writer import Report


def summary(report: Report, changes: Mapping[str, int] | None = None) -> list[LoadRow]:
    """Return the numbers of a load; `changes` has those of files by what changed."""
    return list(_rows(report, changes or {}))


def _rows(report: Report, changes: Mapping[str, int]) -> Iterator[LoadRow]:
    yield from (LoadRow("sources", kind, number) for kind, number in sorted(report.sources.items()))
    yield LoadRow("records", "read", report.records)
    yield from (LoadRow("new nodes", label, number) for label, number in sorted(report.nodes.items()))
    yield from (LoadRow("new edges", kind, number) for kind, number in sorted(report.edges.items()) if number)
    yield LoadRow("programs", "derived", len(report.programs))
    yield from (LoadRow("rows", kind, number) for kind, number in sorted(report.severities.items()))
    yield from (LoadRow("changed", kind, number) for kind, number in changes.items())
