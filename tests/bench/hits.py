"""What each named query reads: database hits by `PROFILE`, beside the time it takes, at the size of the store."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from jwgraph.store import queries
from jwgraph.store.explain import nodes_of, operator_of
from jwgraph.store.graph import Graph
from jwgraph.store.queries import Query
from tests.bench.bench import Bench
from tests.bench.sample import Sample
from tests.bench.starts import timed

SCANS = frozenset({"AllNodesScan", "NodeByLabelScan", "UndirectedAllRelationshipsScan", "DirectedAllRelationshipsScan"})
# Of the whole store, whatever is asked: they read more of a larger one.
WHOLE = frozenset({"counts"})
ASKED = 21


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query read.

    Attributes
    ----------
    hits
        Database hits of all its steps.
    rows
        Rows of the answer.
    scanned
        Rows that scans of a label, or of everything, found.
    """

    hits: int
    rows: int
    scanned: int


def asked_of(sample: Sample) -> Iterator[tuple[Query, dict[str, Any]]]:
    """Yield the named queries with their parameters, all about one Observation or its program."""
    calibrated = f"{sample.exposure}_cal.fits"
    values: dict[str, Any] = {
        "obs_id": sample.obs_id,
        "obs_ids": [sample.obs_id],
        "filename": calibrated,
        "name": sample.filename,
        "program": sample.program,
        "start": sample.filename,
        "end": f"{sample.exposure}_uncal.fits",
        # Nothing is as young as this: what such a query reads is what it looks through.
        "since": 2**53,
    }
    of_query: dict[str, dict[str, Any]] = {
        "association_members": {"filename": sample.association},
        # As it is asked for a file, see `jwgraph.answers.associations.members`.
        "members": {"name": sample.association, "program": "*"},
        "impact": {"name": calibrated},
        "missing": {"obs_ids": ["*"]},
        "references": {"name": sample.obs_id},
    }
    for query in queries.every("query"):
        mine = values | of_query.get(queries.short_name(query.name), {})
        given = {param.name: mine[param.name] for param in query.params if param.name in mine}
        yield query, given | {p.name: p.value(p.default) for p in query.params if p.default and p.name not in given}


def profiled(graph: Graph, query: Query, values: Mapping[str, Any]) -> Hits:
    """Run a named query under PROFILE."""
    text: LiteralString = "PROFILE " + query.text
    with graph.session(read=True) as session:
        result = session.run(text, dict(values))
        rows = sum(1 for _ in result)
        profile = result.consume().profile
    assert profile is not None
    steps = [step for _, step in nodes_of(profile)]
    scans = (step for step in steps if operator_of(step) in SCANS)
    return Hits(sum(step.get("dbHits", 0) for step in steps), rows, sum(step.get("rows", 0) for step in scans))


def hitting(bench: Bench) -> None:
    """Count the hits of each named query about the Observation in the middle, and time it, in turn with `RETURN 1`."""
    found, _ = bench.first_load
    details: dict[str, dict[str, float]] = {}
    with Graph(found.connection) as graph:
        for query, values in asked_of(bench.sample):
            hits = profiled(graph, query, values)
            bare, took = [], []
            for _ in range(ASKED):
                bare.append(_ms(graph, "internal/ping", {}))
                took.append(_ms(graph, query.name, values))
            p50, ping = statistics.median(took), statistics.median(bare)
            short = queries.short_name(query.name)
            details[short] = {"hits": hits.hits, "rows": hits.rows, "scanned": hits.scanned, "p50": p50, "ping": ping}
            note = f"p50 of {ASKED}: {p50:.2f} ms; RETURN 1 in turn: {ping:.2f} ms; {hits.rows} rows"
            if hits.scanned:
                note += f"; scans found {hits.scanned:,}"
            bench.result.add("hits", short, hits.hits, "", note)
    bench.result.details["hits"] = details


def _ms(graph: Graph, name: str, values: Mapping[str, Any]) -> float:
    return timed(lambda: graph.read(name, **values)) * 1e3
