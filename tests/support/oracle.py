"""The answers of the queries, computed again with networkx from the raw edges: an independent second opinion."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import networkx as nx

from jwgraph.store.graph import Graph


class Step(NamedTuple):
    """One step of a path."""

    target: str
    kind: str
    role: str | None
    relation: str | None
    forward: bool
    source: str

    def order(self) -> str:
        """Return what paths of one length are ordered by."""
        words = (self.target, self.kind, self.role or "", self.relation or "", str(self.forward).lower())
        return "".join(f"{word} " for word in words)


class Oracle:
    """The whole graph in memory, read by the two digest queries alone."""

    def __init__(self, graph: Graph) -> None:
        self.nodes: dict[str, dict[str, Any]] = {}
        for row in graph.stream("internal/nodes"):
            properties = row["properties"]
            name = properties.get("filename") or properties.get("obs_id")
            if name:
                self.nodes[f"{'p' if 'filename' in properties else 'o'}:{name}"] = properties
        self.edges: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
        for row in graph.stream("internal/edges"):
            self.edges.setdefault(row["type"], []).append((row["start"], row["end"], row["properties"]))
        self.made = nx.DiGraph((start, end) for start, end, _ in self.edges.get("COMPOSED_OF", []))

    def visible(self, filename: str) -> bool:
        found = self.nodes[f"p:{filename}"]
        return bool(found["present"] or found.get("expected"))

    def lineage(self, filename: str, *, up: bool) -> dict[str, int]:
        """Return every file reached and the length of the shortest way."""
        if filename not in self.made:
            return {}
        graph = self.made if up else self.made.reverse()
        lengths: dict[str, int] = nx.single_source_shortest_path_length(graph, filename)
        return {name: depth for name, depth in lengths.items() if name != filename}

    def impact(self, name: str) -> dict[str, int | None]:
        """Return what a reference file, a file or an Observation's files went into, and how many steps away it is.

        What MAST lists together with it has no number of steps.
        """
        starts = {start for start, end, _ in self.edges.get("CALIBRATED_WITH", []) if end == name}
        starts |= {name} if f"p:{name}" in self.nodes else set()
        kinds = ("INFO", "PREVIEW")
        own = {file for file in self.owned([name]) if self.visible(file)}
        starts |= {
            file for file in own if self.nodes[f"p:{file}"].get("productType") not in kinds and not self.shared(file)
        }
        found: dict[str, int | None] = dict.fromkeys(starts, 0)
        for start in starts:
            for file, depth in self.lineage(start, up=False).items():
                found[file] = min(depth, found.get(file) or depth) if file not in starts else 0
        return dict.fromkeys(self._listed_with(set(found)), None) | found

    def shared(self, filename: str) -> bool:
        """Return whether several Observations may own or link to a file, which is made into nothing."""
        found = self.nodes[f"p:{filename}"]
        return (
            found.get("form") in ("association", "pool", "guide_star", "msa") or found.get("productType") == "PREVIEW"
        )

    def _listed_with(self, files: set[str]) -> set[str]:
        """Return what is recommended of Observations that include the owners of files by MAST's lists alone."""
        owners = {end for start, end, _ in self.edges.get("PART_OF", []) if start in files and not self.shared(start)}
        above = {
            start
            for start, end, edge in self.edges.get("INCLUDES", [])
            if end in owners and edge["basis"] == ["mast"] and start not in owners
        }
        return {
            start
            for start, end, edge in self.edges.get("PART_OF", [])
            if end in above and edge.get("mrp") and not self.shared(start)
        }

    def references(self, name: str) -> set[tuple[str, str, str]]:
        """Return product, keyword and reference of a file or of an Observation and those it includes."""
        files = {name} | self.owned({name} | self.included(name))
        return {(s, edge["keyword"], end) for s, end, edge in self.edges.get("CALIBRATED_WITH", []) if s in files}

    def path(self, start: str, end: str) -> list[Step]:
        """Return the shortest path, the first of all of them by name; ownership counts where there is no other path."""
        lineage = ["COMPOSED_OF", "LINKED_TO", "PRODUCES", "HAS_MEMBER"]
        return self._path(start, end, lineage) or self._path(start, end, [*lineage, "FROM_POOL", "PART_OF", "INCLUDES"])

    def _path(self, start: str, end: str, kinds: list[str]) -> list[Step]:
        steps: dict[tuple[str, str], Step] = {}
        for kind in kinds:
            for a, b, edge in self.edges.get(kind, []):
                role, relation = edge.get("role") or edge.get("exptype"), edge.get("relation")
                for step in (Step(b, kind, role, relation, True, a), Step(a, kind, role, relation, False, b)):
                    ends = (step.source, step.target)
                    steps[ends] = min(step, steps.get(ends, step), key=Step.order)
        ways = nx.Graph(list(steps))
        if start == end or start not in ways or end not in ways or not nx.has_path(ways, start, end):
            return []
        found = ([steps[pair] for pair in pairwise(way)] for way in nx.all_shortest_paths(ways, start, end))
        return min(found, key=lambda path: "".join(step.order() for step in path))

    def links(self, filename: str) -> set[tuple[str, str]]:
        """Return pairs of a linked file and what it is linked to, around one file and its datasets."""
        edges = [(start, end) for start, end, _ in self.edges.get("LINKED_TO", [])]
        datasets = {end for start, end, _ in self.edges.get("PART_OF", []) if start == filename}
        own = {(start, end) for start, end in edges if filename in (start, end)}
        return own | {(start, end) for start, end in edges if end in datasets and start != filename}

    def members(self, association: str) -> list[tuple[int, str, str]]:
        """Return number, file and role of each member of an association file, in its order."""
        found = [(e["seq"], end, e["exptype"]) for s, end, e in self.edges.get("HAS_MEMBER", []) if s == association]
        return sorted(found)

    def promised(self) -> set[tuple[str, str]]:
        """Return association and product of each promise in force that nothing archived keeps."""
        kept = {
            (start, edge["product"])
            for start, end, edge in self.edges.get("PRODUCES", [])
            if (self.nodes[f"p:{end}"]["present"] and edge["basis"] != "header")
            or (
                edge["basis"] == "association"
                and (self.nodes[f"o:{edge['obs_id']}"].get("mast_calib_level") or 0)
                >= (3 if edge["productLevel"] == "3" else 2)
            )
        }
        held = [
            p
            for p in self.nodes.values()
            if p.get("sha256") and not p.get("superseded_by") and not p.get("duplicate_of")
        ]
        return {(p["filename"], product) for p in held for product in p["products"]} - kept

    def owned(self, obs_ids: Iterable[str]) -> set[str]:
        wanted = set(obs_ids)
        return {
            start for start, end, edge in self.edges.get("PART_OF", []) if end in wanted and not edge.get("withdrawn")
        }

    def included(self, obs_id: str) -> set[str]:
        return {end for start, end, _ in self.edges.get("INCLUDES", []) if start == obs_id}

    def tree(self, obs_id: str) -> set[str]:
        """Return own files, those of included Observations, and what is linked to any of them."""
        datasets = {obs_id} | self.included(obs_id)
        files = self.owned(datasets)
        ends = datasets | files
        linked = {start for start, end, _ in self.edges.get("LINKED_TO", []) if end in ends}
        return {name for name in files | linked if self.visible(name)}

    def mrp(self, obs_id: str) -> set[str]:
        """Apply the rule of docs/graph.md to the Observation's own files."""
        own = [(start, edge) for start, end, edge in self.edges.get("PART_OF", []) if end == obs_id]
        files = [(name, edge, self.nodes[f"p:{name}"]) for name, edge in own]
        there = [(n, e, p) for n, e, p in files if p["present"] and not e.get("withdrawn")]
        has = [p for _, e, p in there if p.get("productType") != "INFO" or e["basis"] == "mast"]
        if not has and not (self.nodes[f"o:{obs_id}"].get("mast_calib_level") or 0) > 0:
            return set()
        return {n for n, _, p in there if p.get("productType") != "PREVIEW" and p.get("form") != "guide_star"}

    def references_known(self) -> list[str]:
        return sorted({end for _, end, _ in self.edges.get("CALIBRATED_WITH", [])})

    def observations(self) -> list[str]:
        return sorted(key[2:] for key in self.nodes if key.startswith("o:"))

    def products(self) -> list[str]:
        return sorted(key[2:] for key in self.nodes if key.startswith("p:"))
