"""What changes nothing is not written: every row that is left out, a whole load, the programs beside a changed row."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from neo4j import ManagedTransaction, Transaction

from jwgraph.model.records import ProductRecord, Record
from jwgraph.store import queries
from jwgraph.store.explain import plan_of
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.batch import Batch
from jwgraph_loaders.write.transaction import PLANNED_ONCE, Changes, Stored
from tests.bench import synthetic
from tests.support.store import load_paths, load_records, nodes, wipe
from tests.support.strategies import records

NOW = 1 << 42
FILE = "jw02733001001_02101_00001_nrca1_cal.fits"


class Everything(Stored):
    """Nothing is left out: all rows of stored nodes are merged."""

    def held(self, name: str, rows: Sequence[Any]) -> tuple[set[int], set[int]]:
        same, other = super().held(name, rows)
        return set(), same | other

    def same(self, name: str, rows: Sequence[Any]) -> set[int]:
        super().same(name, rows)
        return set()


def apply(tx: Any, some: list[Record], how: type[Stored]) -> Changes:
    batch = Batch()
    for record in some:
        batch.add(record)
    changes = Changes(NOW)
    batch.compare(how(tx), changes)
    changes.write(tx)
    return changes


def content(tx: Transaction | ManagedTransaction) -> list[str]:
    """Return all nodes and edges with all their properties, lists as sets."""
    found = []
    for name in ("internal/nodes", "internal/edges"):
        for row in tx.run(queries.get(name).text).data():
            properties = {name: _as_set(value) for name, value in row.pop("properties").items()}
            kept = {key: _as_set(value) for key, value in row.items()}
            found.append(repr((sorted(kept.items()), sorted(properties.items()))))
    return sorted(found)


def _as_set(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, list) else value


@pytest.mark.server_versions
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=records, then=records)
def test_a_row_that_is_left_out_changes_nothing(graph: Graph, before: list[Record], then: list[Record]) -> None:
    wipe(graph)
    load_records(graph, before)
    found = []
    for how in (Everything, Stored):
        with graph.session() as session, session.begin_transaction() as tx:
            apply(tx, then, how)
            found.append(content(tx))
            if how is Stored:
                assert not apply(tx, then, how), "what was just written is written again"
            tx.rollback()
    merged, chosen = found
    assert chosen == merged


@pytest.mark.server_versions
def test_the_plans_of_an_empty_store_serve_every_other(graph: Graph) -> None:
    with graph.session() as session:
        session.run("CALL db.clearQueryCaches()").consume()
    others = ("write/forget_", "write/restore_")
    written = [query for query in queries.every("write") if not query.name.startswith(others)]
    beginnings = ("internal/held_", "internal/same_")
    compared = [query for query in queries.every("internal") if query.name.startswith(beginnings)]
    assert compared
    for query in written + compared:
        with graph.explaining() as session:
            plan = plan_of(session, "EXPLAIN " + PLANNED_ONCE + query.text)
        assert not {step.operator for step in plan.steps} & {"NodeByLabelScan", "AllNodesScan"}, query.name


def shuffled(products: Path, folder: Path) -> Path:
    head, *rows = products.read_text().splitlines()
    random.Random(1).shuffle(rows)
    other = folder / "again.csv"
    other.write_text("\n".join([head, *rows, ""]))
    return other


def state(graph: Graph) -> list[str]:
    """Return the content of the store, but for the history of loads."""
    with graph.session(read=True) as session:
        return [row for row in session.execute_read(content) if "'Load'" not in row]


def test_the_same_rows_in_another_order_and_file_write_nothing(graph: Graph, tmp_path: Path) -> None:
    products, associations, _ = synthetic.write(tmp_path, 1500)
    load_paths(graph, products, associations, batch_size=100)
    before = state(graph)
    report = load_paths(graph, shuffled(products, tmp_path), associations, batch_size=70)
    assert (report.nodes, report.edges, report.programs) == ({}, {}, [])
    assert state(graph) == before


def test_only_the_program_of_a_changed_row_is_derived(graph: Graph, tmp_path: Path) -> None:
    names = [f"jw0{program}001001_02101_00001_nrca1_cal.fits" for program in (2731, 2732, 2733)]
    load_records(graph, [ProductRecord(name, seen=True) for name in names])
    report = load_records(graph, [ProductRecord(names[0], seen=True), ProductRecord(names[1])])
    assert report.programs == ["02732"]


def test_programs_are_marked_before_anything_is_written(graph: Graph) -> None:
    class Refused(Exception):
        pass

    def refuse(programs: set[str]) -> None:
        assert programs == {"02733"}
        raise Refused

    batch = Batch()
    batch.add(ProductRecord(FILE))
    with pytest.raises(Refused):
        batch.write(graph, NOW, refuse)
    assert not nodes(graph, "Product", "filename")


def test_a_file_that_another_session_creates_meanwhile_is_merged(graph: Graph) -> None:
    batch = Batch()
    batch.add(ProductRecord(FILE))
    marked = threading.Event()
    with graph.session() as session, session.begin_transaction() as tx:
        apply(tx, [ProductRecord(FILE, seen=True)], Stored)
        thread = threading.Thread(target=batch.write, args=(graph, NOW, lambda _programs: marked.set()))
        thread.start()
        # Compared with a store that does not have the file yet.
        assert marked.wait(60)
        tx.commit()
    thread.join(60)
    assert nodes(graph, "Product", "filename", "archived", "seen") == {(FILE, True, True)}
