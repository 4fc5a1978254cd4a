"""One batch in one transaction: in the store whole, or not at all."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import Any, NamedTuple

from neo4j import ManagedTransaction

from jwgraph.model.records import AssociationRecord, HeaderRecord, Reject
from jwgraph.names.expected import promise
from jwgraph.names.grammar import parse
from jwgraph.store import queries
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.batch import Batch
from jwgraph_loaders.write.properties import association_properties, association_rank, header_edges, header_properties


def write_batch(graph: Graph, batch: Batch, now: int) -> tuple[Counter[str], Counter[str], list[Reject]]:
    """Write one batch in one transaction.

    Parameters
    ----------
    now
        Time of the load, milliseconds since 1970: when what is new here became known.

    Returns
    -------
    nodes, edges
        How many were created, by label and by type.
    conflicts
        A Reject for each association file whose name another content holds.
    """
    return graph.write(lambda tx: _Transaction(tx, now).write(batch))


class _Transaction:
    """The statements of one batch, and what they created."""

    def __init__(self, tx: ManagedTransaction, now: int) -> None:
        self._tx = tx
        self._now = now
        self._nodes: Counter[str] = Counter()
        self._edges: Counter[str] = Counter()
        self._conflicts: list[Reject] = []

    def write(self, batch: Batch) -> tuple[Counter[str], Counter[str], list[Reject]]:
        # Sorted: transactions that lock the same nodes then wait for each other rather than block each other.
        products = [batch.products[name] for name in sorted(batch.products)]
        self._run("products", products, label="Product", now=self._now)
        owners = [_owner(batch.observations[obs_id]) for obs_id in sorted(batch.observations)]
        self._run("observations", owners, label="Observation", edge="PART_OF")
        self._run("searches", [batch.searches[obs_id] for obs_id in sorted(batch.searches)])
        self._run("references", _by_reference(batch.references), label="ReferenceFile", edge="CALIBRATED_WITH")
        self._run("engineering", batch.engineering, label="EngineeringData")
        self._run("plans", [batch.plans[key] for key in sorted(batch.plans)], edge="PLANS")
        self._run("links", sorted(batch.links, key=itemgetter("linked_to", "filename")), edge="LINKED_TO")
        if batch.associations:
            self._associations(batch)
        if batch.headers:
            self._headers(batch)
        return +self._nodes, +self._edges, self._conflicts

    def _run(self, name: str, rows: list[Any], *, label: str = "", edge: str = "", **more: Any) -> None:
        if rows:
            done = self._tx.run(queries.get(f"write/{name}").text, rows=rows, **more).consume().counters
            self._nodes[label] += done.nodes_created
            self._edges[edge] += done.relationships_created

    def _clear(self, name: str, filenames: list[str]) -> None:
        if filenames:
            self._tx.run(queries.get(f"write/{name}").text, filenames=filenames).consume()

    def _associations(self, batch: Batch) -> None:
        winners, replaced = _winners(self._tx, batch, self._conflicts)
        rows = [_association_rows(record) for record in winners]
        self._clear("association_clear", replaced)
        self._run("associations", [row["association"] for row in rows], now=self._now)
        self._run("pools", [row["pool"] for row in rows if row["pool"]], edge="FROM_POOL")
        self._run("members", [member for row in rows for member in row["members"]], edge="HAS_MEMBER")
        self._run("promises", [made for row in rows for made in row["promises"]], edge="PRODUCES")

    def _headers(self, batch: Batch) -> None:
        """Write the newest header of each file; nodes and pools that any of them names are there all the same."""
        query = queries.get("internal/header_ranks").text
        held = {r["filename"]: r["header_rank"] for r in self._tx.run(query, filenames=sorted(batch.headers))}
        told = {name: [_Header.of(record) for record in records] for name, records in batch.headers.items()}
        every = [header.edges for headers in told.values() for header in headers]
        self._run(
            "reference_files",
            sorted({r["reference"] for edges in every for r in edges["references"]}),
            label="ReferenceFile",
        )
        pools = {(row["filename"], row["pool"]): row for edges in every for row in edges["pools"]}
        self._run("pools", [pools[key] for key in sorted(pools)], edge="FROM_POOL")
        newest = {name: max(headers, key=lambda header: header.rank) for name, headers in sorted(told.items())}
        winners = {name: header for name, header in newest.items() if header.rank > held.get(name, "")}
        self._clear("header_clear", [name for name in winners if name in held])
        rows = [{"filename": name, "properties": header.properties} for name, header in winners.items()]
        self._run("headers", rows, now=self._now)
        edges = [header.edges for header in winners.values()]
        references = [row for each in edges for row in each["references"]]
        self._run("header_references", _by_reference(references), edge="CALIBRATED_WITH")
        self._run("header_associations", [row for each in edges for row in each["associations"]], edge="PRODUCES")
        self._run("header_links", [row for each in edges for row in each["links"]], edge="LINKED_TO")


class _Header(NamedTuple):
    """A header as rows."""

    rank: str
    properties: dict[str, Any]
    edges: dict[str, Any]

    @classmethod
    def of(cls, record: HeaderRecord) -> _Header:
        properties = header_properties(record)
        return cls(properties["header_rank"], properties, header_edges(record))


def _by_reference(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=itemgetter("reference", "filename", "keyword"))


def _owner(observation: dict[str, Any]) -> dict[str, Any]:
    files = observation["files"]
    return observation | {"files": [files[filename] for filename in sorted(files)]}


def _winners(
    tx: ManagedTransaction, batch: Batch, conflicts: list[Reject]
) -> tuple[list[AssociationRecord], list[str]]:
    """Choose the content that holds for each association file name, and note those that do not."""
    query = queries.get("internal/association_ranks").text
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
    version, _, digest = rank.rpartition("|")
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
    pool = {"filename": record.filename, "pool": record.asn_pool, "basis": "association"} if record.asn_pool else None
    return {
        "association": {
            "filename": record.filename,
            "properties": association_properties(record, name, promises),
        },
        "pool": pool,
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
