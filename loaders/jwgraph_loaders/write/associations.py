"""`AssociationRecord`: an association file, its members, and the products it is expected to make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jwgraph.model.records import AssociationRecord, Problem
from jwgraph.names.expected import Promise, promise
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.ranks import SEPARATOR, rank_of
from jwgraph_loaders.write.rows import Row, owned_file
from jwgraph_loaders.write.transaction import Changes, Stored


class _Content(NamedTuple):
    """One version of the content of an association file, and its expected products."""

    record: AssociationRecord
    promises: list[Promise]

    @property
    def rank(self) -> str:
        """Rank among contents with the same file name: by version_id, then by digest."""
        return rank_of((self.record.version_id or "").lower(), self.record.sha256)


class Associations(Kind[AssociationRecord]):
    """Collect all contents of each file name; the one with the highest rank is written."""

    def __init__(self) -> None:
        self._contents: dict[str, list[_Content]] = {}

    @staticmethod
    def key(record: AssociationRecord) -> tuple[str, str]:
        """Return the association."""
        return record.name.filename, record.name.program

    def add(self, record: AssociationRecord, nodes: Nodes) -> None:
        """Collect an association file with all that it names."""
        nodes.product(record.name, label="Association")
        made = [
            promise(record.asn_type, product.name, product.science_suffixes, record.asn_rule)
            for product in record.products
        ]
        self._contents.setdefault(record.name.filename, []).append(_Content(record, made))
        home = _home(record)
        nodes.programs.add(home)
        if record.pool is not None:
            nodes.product(record.pool, label="Pool")
        for expected, product in zip(made, record.products, strict=True):
            _add_expected(nodes, home, expected)
            for member in product.members:
                nodes.product(member.name)
                nodes.share(home, member.name.program)
            nodes.size += len(product.members)

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the highest-ranking content of each file name, replacing a lower one in the store."""
        if not self._contents:
            return
        winners, replaced = self._winners(stored, changes.conflicts)
        programs = {_home(each.record) for each in winners} | {each.record.name.program for each in winners}
        changes.add("association_clear", replaced, ())
        rows = [{"filename": each.record.name.filename, "properties": _properties(each)} for each in winners]
        changes.add("associations", rows, programs, now=changes.now)
        pools = [row for each in winners for row in _pool_rows(each.record)]
        changes.add("pools", pools, programs, edge="FROM_POOL")
        members = [row for each in winners for row in _member_rows(each.record)]
        changes.add("members", members, programs, edge="HAS_MEMBER")
        promises = [row for each in winners for row in _promise_rows(each)]
        changes.add("promises", promises, programs, edge="PRODUCES")

    def _winners(self, stored: Stored, conflicts: list[Problem]) -> tuple[list[_Content], list[str]]:
        """Choose the highest-ranking content of each file name, and record the others as conflicts."""
        known = stored.ranks("association_ranks", sorted(self._contents))
        winners: list[_Content] = []
        replaced: list[str] = []
        for filename, contents in sorted(self._contents.items()):
            best = max(contents, key=lambda content: content.rank)
            row = known.get(filename)
            rank, sha256 = (row["asn_rank"], row["sha256"]) if row else ("", "")
            if best.rank > rank:
                winners.append(best)
                rank, sha256, before = best.rank, best.record.sha256, sha256
                if before:
                    replaced.append(filename)
                    conflicts.append(_conflict(filename, rank, before))
            lost = {content.record.sha256 for content in contents} - {sha256}
            conflicts += [_conflict(filename, rank, loser) for loser in sorted(lost)]
        return winners, replaced


def _home(record: AssociationRecord) -> str:
    return record.name.program or record.program


def _add_expected(nodes: Nodes, home: str, made: Promise) -> None:
    main = made.main
    if main is None:
        # The datasets that a template stands for are of the program that it names.
        nodes.share(home, made.program or home)
        return
    nodes.product(main)
    nodes.share(home, main.program)
    if made.obs_id != main.obs_id:
        owner = nodes.observation(made.obs_id)
        nodes.share(home, owner.program)
        owner.own(owned_file(main.filename, "name"))


def _conflict(filename: str, rank: str, loser: str) -> Problem:
    version, _, digest = rank.rpartition(SEPARATOR)
    reason = (
        f"Two contents have the name {filename}: the one of version_id {version or 'none'} with digest "
        f"{digest[:12]}… holds, the one with digest {loser[:12]}… does not."
    )
    return Problem(source=filename, line=None, reason=reason, severity="conflict")


def _properties(content: _Content) -> Row:
    """Properties of an Association: what its file says, and the templates among its product names."""
    record, name = content.record, content.record.name
    templates = [made for made in content.promises if made.pattern]
    return {
        "sha256": record.sha256,
        "asn_rank": content.rank,
        "asn_type": record.asn_type or name.asn_type or None,
        "asn_rule": record.asn_rule,
        "asn_id": record.asn_id or name.candidate or None,
        "version_id": record.version_id or name.version_id or None,
        "code_version": record.code_version,
        "degraded_status": record.degraded_status,
        "target": record.target,
        "program": name.program or record.program,
        "products": sorted({product.name for product in record.products}),
        "templates": [made.product for made in templates],
        "template_patterns": [made.pattern for made in templates],
        "template_files": [made.file_pattern for made in templates],
        "template_suffixes": _suffixes(templates),
    }


def _suffixes(templates: Iterable[Promise]) -> list[str]:
    # Templates match Stage 3 datasets only, which Stage 2 associations do not make.
    return sorted({suffix for made in templates if made.product_level == "3" for suffix in made.suffixes})


def _pool_rows(record: AssociationRecord) -> Iterator[Row]:
    if record.pool is not None:
        yield {"filename": record.name.filename, "pool": record.pool.filename, "basis": "association"}


def _member_rows(record: AssociationRecord) -> Iterator[Row]:
    pairs = [(product, member) for product in record.products for member in product.members]
    for seq, (product, member) in enumerate(pairs):
        edge = {
            "seq": seq,
            "product": product.name,
            "expname": member.expname,
            "exptype": member.exptype,
            "exposerr": member.exposerr,
            "asn_candidate": member.asn_candidate,
        }
        yield {"filename": record.name.filename, "member": member.name.filename, "edge": edge}


def _promise_rows(content: _Content) -> Iterator[Row]:
    for made in content.promises:
        if made.main is not None:
            edge = {
                "product": made.product,
                "obs_id": made.obs_id,
                "productLevel": made.product_level,
                "suffixes": list(made.suffixes),
                "basis": "association",
            }
            yield {"filename": content.record.name.filename, "main": made.main.filename, "edge": edge}
