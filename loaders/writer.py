"""The one writer: records in, batches out to the store, then the edges of the touched programs are derived."""

from __future__ import annotations

import queue
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from zlib import crc32

from neo4j import ManagedTransaction

from jwgraph import library
from jwgraph.derive import derive
from jwgraph.graph import Graph
from jwgraph.model import AssociationRecord, EngineeringRecord, ProductRecord, Record, ReferenceRecord, Reject
from jwgraph.names import parse
from jwgraph.products import promise
from loaders.rows import Batch, association_properties, association_rank

BATCH_SIZE = 2000
WORKERS = 3

KEPT_REJECTS = 1000

Progress = Callable[[str, int], None]
OnReject = Callable[[Reject], None]


@dataclass(slots=True)
class Report:
    """What one load did.

    Attributes
    ----------
    sources
        Sources read, by kind of loader.
    records
        Records read: rows of lists and association files.
    nodes, edges
        Nodes and edges created, by label and by type; derived edges are created anew for each touched program.
    rejects
        The first of what could not be loaded, with the reason; warnings included.
    kinds
        How many rejects there are, by kind.
    programs
        Programs whose edges were derived.
    """

    sources: Counter[str] = field(default_factory=Counter)
    records: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    edges: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    programs: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rejects and conflicts there are, warnings aside."""
        return sum(number for kind, number in self.kinds.items() if kind != "warning")


def load(
    graph: Graph,
    records: Iterable[Record | Reject],
    *,
    batch_size: int = BATCH_SIZE,
    workers: int = WORKERS,
    progress: Progress = lambda _what, _count: None,
    on_reject: OnReject = lambda _reject: None,
) -> Report:
    """Write records to the store and derive the edges of the programs they touch.

    The result does not depend on the order, the batches, the number of workers or on repetition. A load that was
    cut off leaves its programs marked; the next load finishes them.

    Parameters
    ----------
    graph
        The store.
    records
        What loaders yield; rejects go to the report.
    batch_size
        Rows a transaction, 1 or more.
    workers
        Sessions that write side by side, 1 or more; an APT observation's records go through the same one.
    progress
        Is called with what goes on and how many records are done.
    on_reject
        Is called with every reject, as it comes; the report keeps the first `KEPT_REJECTS` only.
    """
    report = Report()
    graph.ensure_schema()
    with graph.exclusive():
        book = {"started": datetime.now(UTC), "state": "writing"}
        load_id = str(uuid.uuid4())
        graph.run("write/load", id=load_id, properties=book)
        _write(graph, records, batch_size, workers, report, progress, on_reject)
        progress("deriving", report.records)
        report.programs, derived = derive(graph, workers=workers, progress=progress)
        report.edges.update(derived)
        book = {"finished": datetime.now(UTC), "state": "complete", "records": report.records}
        graph.run("write/load", id=load_id, properties=book | {"rejects": report.rejected})
    return report


def _write(
    graph: Graph,
    records: Iterable[Record | Reject],
    batch_size: int,
    workers: int,
    report: Report,
    progress: Progress,
    on_reject: OnReject,
) -> None:
    # One lane more than workers: the last one has the edges of files that many Observations own.
    with _Lanes(graph, workers + 1, report, on_reject) as lanes:
        shared = Batch()
        batches = [Batch(shared=shared) for _ in range(workers)]
        for record in records:
            if isinstance(record, Reject):
                lanes.reject([record])
                continue
            lane = _add(batches, record)
            report.records += 1
            if batches[lane].size >= batch_size:
                lanes.put(lane, batches[lane])
                if shared.size >= batch_size:
                    lanes.put(workers, shared)
                    shared = Batch()
                    for batch in batches:
                        batch.shared = shared
                batches[lane] = Batch(shared=shared)
                progress("writing", report.records)
        for lane, batch in enumerate([*batches, shared]):
            if batch.size:
                lanes.put(lane, batch)


def _lane(filename: str, program: str, lanes: int) -> int:
    """Choose the lane of a file: all of one APT observation goes through the same one.

    Exposures (`jw02733001…`), Level 3 products and associations (`jw02733-o001…`) of an observation share most of
    the nodes they touch.
    """
    observation = filename[7:12].lstrip("-o")[:3]
    return crc32(f"{program}{observation}".encode(errors="surrogatepass")) % lanes


def _add(batches: list[Batch], record: Record) -> int:
    if isinstance(record, EngineeringRecord):
        batches[0].add_engineering(record)
        return 0
    name = parse(record.productFilename if isinstance(record, ReferenceRecord) else record.filename)
    lane = _lane(name.filename, name.program, len(batches))
    if isinstance(record, ProductRecord):
        batches[lane].add_product(record, name)
    elif isinstance(record, AssociationRecord):
        batches[lane].add_association(record, name)
    else:
        batches[lane].add_reference(record, name)
    return lane


class _Lanes:
    """Threads that write batches, one session each; a bounded queue before each keeps memory bounded."""

    def __init__(self, graph: Graph, workers: int, report: Report, on_reject: OnReject) -> None:
        self._graph = graph
        self._report = report
        self._on_reject = on_reject
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._failed: list[BaseException] = []
        self._queues: list[queue.Queue[Batch | None]] = [queue.Queue(maxsize=1) for _ in range(workers)]
        self._threads = [threading.Thread(target=self._work, args=(q,), daemon=True) for q in self._queues]

    def __enter__(self) -> _Lanes:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for lane in self._queues:
            lane.put(None)
        for thread in self._threads:
            thread.join()
        if kind is None:
            self._raise()

    def put(self, lane: int, batch: Batch) -> None:
        """Hand a batch over; waits while the lane is busy, and raises what a lane has raised."""
        self._raise()
        # Committed before the data: a load that is cut off leaves its programs marked.
        new = batch.programs - self._seen
        if new:
            self._graph.run("write/programs", programs=sorted(new))
            self._seen |= new
        if batch.shares:
            pairs = [{"a": a, "b": b} for a, b in sorted(batch.shares)]
            self._graph.run("write/shares", rows=pairs)
        self._queues[lane].put(batch)

    def _raise(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _work(self, lane: queue.Queue[Batch | None]) -> None:
        while (batch := lane.get()) is not None:
            if self._failed:
                continue
            try:
                nodes, edges, conflicts = write_batch(self._graph, batch)
            except BaseException as error:  # handed to the main thread, which raises it
                self._failed.append(error)
                continue
            with self._lock:
                self._report.nodes.update(nodes)
                self._report.edges.update(edges)
            self.reject(conflicts)

    def reject(self, found: Iterable[Reject]) -> None:
        """Count rejects, keep the first ones, and hand each on."""
        with self._lock:
            for reject in found:
                self._report.kinds[reject.kind] += 1
                if len(self._report.rejects) < KEPT_REJECTS:
                    self._report.rejects.append(reject)
                self._on_reject(reject)


def write_batch(graph: Graph, batch: Batch) -> tuple[Counter[str], Counter[str], list[Reject]]:
    """Write one batch in one transaction; it is in the store whole, or not at all.

    Returns
    -------
    nodes, edges
        How many were created, by label and by type.
    conflicts
        A Reject for each association file whose name another content holds.
    """

    def work(tx: ManagedTransaction) -> tuple[Counter[str], Counter[str], list[Reject]]:
        nodes: Counter[str] = Counter()
        edges: Counter[str] = Counter()

        def run(name: str, rows: list[Any], *, label: str = "", edge: str = "", key: str = "rows") -> None:
            if rows:
                done = tx.run(library.get(name).text, {key: rows}).consume().counters
                nodes[label] += done.nodes_created
                edges[edge] += done.relationships_created

        # Sorted: transactions that lock the same nodes then wait for each other rather than block each other.
        run("write/products", [batch.products[name] for name in sorted(batch.products)], label="Product")
        owners = [_owner(batch.observations[obs_id]) for obs_id in sorted(batch.observations)]
        run("write/observations", owners, label="Observation", edge="PART_OF")
        references = sorted(batch.references, key=itemgetter("reference", "filename"))
        run("write/references", references, label="ReferenceFile", edge="CALIBRATED_WITH")
        run("write/engineering", batch.engineering, label="EngineeringData")
        conflicts: list[Reject] = []
        if batch.associations:
            winners, replaced = _winners(tx, batch, conflicts)
            rows = [_association_rows(record) for record in winners]
            run("write/association_clear", replaced, key="filenames")
            run("write/associations", [row["association"] for row in rows])
            run("write/pools", [row["pool"] for row in rows if row["pool"]], edge="FROM_POOL")
            run("write/members", [member for row in rows for member in row["members"]], edge="HAS_MEMBER")
            run("write/promises", [made for row in rows for made in row["promises"]], edge="PRODUCES")
        return +nodes, +edges, conflicts

    return graph.write(work)


def _owner(observation: dict[str, Any]) -> dict[str, Any]:
    files = observation["files"]
    return observation | {"files": [files[filename] for filename in sorted(files)]}


def _winners(
    tx: ManagedTransaction, batch: Batch, conflicts: list[Reject]
) -> tuple[list[AssociationRecord], list[str]]:
    """Choose the content that holds for each association file name, and note those that do not."""
    query = library.get("write/association_ranks").text
    held = {r["filename"]: (r["asn_rank"], r["sha256"]) for r in tx.run(query, filenames=sorted(batch.associations))}
    winners: list[AssociationRecord] = []
    replaced: list[str] = []
    for filename, contents in sorted(batch.associations.items()):
        best = max(contents, key=association_rank)
        rank, sha256 = held.get(filename, ("", ""))
        if association_rank(best) > rank:
            winners.append(best)
            sha256, rank, before = best.sha256, association_rank(best), sha256
            if before:
                replaced.append(filename)
                conflicts.append(_conflict(filename, rank, before))
        lost = {content.sha256 for content in contents} - {sha256}
        conflicts.extend(_conflict(filename, rank, loser) for loser in sorted(lost))
    return winners, replaced


def _conflict(filename: str, rank: str, loser: str) -> Reject:
    version, digest = rank.split("|")
    reason = (
        f"Two contents have the name {filename}: the one of version_id {version or 'none'} with digest "
        f"{digest[:12]}… holds, the one with digest {loser[:12]}… does not."
    )
    return Reject(source=filename, line=None, reason=reason, kind="conflict")


def _association_rows(record: AssociationRecord) -> dict[str, Any]:
    promises = [promise(record.asn_type, product) for product in record.products]
    name = parse(record.filename)
    pairs = [(product, member) for product in record.products for member in product.members]
    members = [
        {
            "filename": record.filename,
            "member": member.filename,
            "edge": {
                "seq": seq,
                "product": product.name,
                "expname": member.expname,
                "exptype": member.exptype,
                "exposerr": member.exposerr,
                "asn_candidate": member.asn_candidate,
            },
        }
        for seq, (product, member) in enumerate(pairs)
    ]
    return {
        "association": {
            "filename": record.filename,
            "properties": association_properties(record, name, promises),
        },
        "pool": {"filename": record.filename, "pool": record.asn_pool} if record.asn_pool else None,
        "members": members,
        "promises": [
            {
                "filename": record.filename,
                "main": made.main,
                "edge": {
                    "product": made.product,
                    "dataset": made.dataset,
                    "stage": made.stage,
                    "suffixes": list(made.suffixes),
                    "basis": "association",
                },
            }
            for made in promises
            if made.main
        ],
    }
