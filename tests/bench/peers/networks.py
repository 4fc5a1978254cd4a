"""networkx: the graph in the memory of one process, walked in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.peers.given import EDGE_TABLES, NODES, Given
from tests.bench.peers.peer import Peer, module
from tests.bench.peers.questions import Question, Rows

_OWNERLESS = frozenset({"association", "pool", "guide_star", "msa"})


class Networkx(Peer):
    """One directed graph for each kind of edge, the properties of nodes in dictionaries."""

    NAME = "networkx"
    ABOUT = (
        "one directed graph for each kind of edge, an index of the Observations of each program; all in memory, "
        "nothing on disk"
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._nx = module("networkx")
        self._nodes: dict[str, dict[str, Any]] = {}
        self._edges: dict[str, Any] = {}
        self._made: Any = None
        self._listed: defaultdict[str, list[str]] = defaultdict(list)

    def version(self) -> str:
        return f"networkx {self._nx.__version__}"

    def load(self, given: Given) -> None:
        for table in NODES:
            names = [each.name for each in table.columns]
            for _, *values in given.rows(table):
                found = {name: value for name, value in zip(names, values, strict=True) if value is not None}
                self._nodes[found[table.key]] = found
                if table.name == "observation" and found.get("listed"):
                    self._listed[found["program"]].append(found["obs_id"])
        for table in EDGE_TABLES:
            names = [each.name for each in table.columns]
            graph = self._edges[table.name] = self._nx.MultiDiGraph()
            # Both ends may be without edges of this kind.
            graph.add_edges_from(
                (start, end, {name: value for name, value in zip(names, values, strict=True) if value is not None})
                for start, end, *values in given.rows(table, named=True)
            )
        self._made = self._edges["composed_of"].reverse()

    def answer(self, question: Question) -> Rows:
        about = question.about[0][1] if question.about else ""
        return list(getattr(self, f"_{question.kind}")(about))

    def disk(self) -> float:
        return 0.0

    def _ping(self, _about: str) -> Iterator[tuple[Any, ...]]:
        yield (1,)

    def _into(self, kind: str, node: str) -> Any:
        graph = self._edges[kind]
        return graph.in_edges(node, data=True) if node in graph else ()

    def _out_of(self, kind: str, node: str) -> Any:
        graph = self._edges[kind]
        return graph.out_edges(node, data=True) if node in graph else ()

    def _tree(self, obs_id: str) -> Iterator[tuple[Any, ...]]:
        owners = [obs_id, *sorted(end for _, end, _ in self._out_of("includes", obs_id))]
        files: dict[str, tuple[str, bool, int | None]] = {}
        linked: set[str] = set()
        for place, owner in enumerate(owners):
            linked.update(start for start, _, _ in self._into("linked_to_observation", owner))
            for file, _, edge in self._into("part_of", owner):
                if "withdrawn" in edge:
                    continue
                if file not in files:
                    files[file] = owner, place == 0 and edge.get("mrp", False), edge.get("calib_level")
                linked.update(start for start, _, _ in self._into("linked_to_product", file))
        for file, (owner, mrp, level) in files.items():
            own = self._nodes[obs_id].get("calib_level") if owner == obs_id else None
            yield from self._file(file, owner, mrp, level, own)
        for file in linked - files.keys():
            yield from self._file(file, None, False, None, None)

    def _file(
        self, file: str, owner: str | None, mrp: bool, level: int | None, own: int | None
    ) -> Iterator[tuple[Any, ...]]:
        node = self._nodes[file]
        if node.get("visible"):
            level = node.get("calib_level", own) if level is None else level
            kind, uri, size = (node.get(name) for name in ("productType", "dataURI", "size"))
            yield file, owner, kind, level, uri, size, mrp, node.get("productLevel"), node.get("archived")

    def _trees(self, program: str) -> Iterator[tuple[Any, ...]]:
        for obs_id in self._listed[program]:
            for row in self._tree(obs_id):
                yield obs_id, *row

    def _mrp(self, obs_id: str) -> Iterator[tuple[Any, ...]]:
        own = self._nodes[obs_id].get("calib_level")
        for file, _, edge in self._into("part_of", obs_id):
            if edge.get("mrp"):
                node = self._nodes[file]
                level = edge.get("calib_level", node.get("calib_level", own))
                kind, uri, size = (node.get(name) for name in ("productType", "dataURI", "size"))
                yield file, kind, level, uri, size, node.get("productLevel"), node.get("archived")

    def _lineage_up(self, filename: str) -> Iterator[tuple[Any, ...]]:
        return self._lineage(filename, self._edges["composed_of"])

    def _lineage_down(self, filename: str) -> Iterator[tuple[Any, ...]]:
        return self._lineage(filename, self._made)

    def _lineage(self, filename: str, graph: Any) -> Iterator[tuple[Any, ...]]:
        if filename not in graph:
            return
        for file, depth in self._nx.single_source_shortest_path_length(graph, filename).items():
            if depth:
                node = self._nodes[file]
                names = ("obs_id", "productType", "calib_level", "dataURI", "size")
                values = [node.get(name) for name in names]
                there = node.get("archived", False) and "withdrawn" not in node
                yield file, depth, *values, node.get("recommended", False), node.get("productLevel"), there

    def _impact(self, reference: str) -> Iterator[tuple[Any, ...]]:
        starts = {start for start, _, _ in self._into("calibrated_with", reference)}
        layers = self._nx.bfs_layers(self._made, [each for each in starts if each in self._made])
        made = dict.fromkeys(starts, 0) | {file: depth for depth, layer in enumerate(layers) for file in layer}
        observations: dict[str, tuple[bool, int]] = {}
        for file, depth in made.items():
            node = self._nodes[file]
            recommended = node.get("recommended", False)
            owners: list[str] = []
            if node.get("form") not in _OWNERLESS and node.get("productType") != "PREVIEW":
                owners = [end for _, end, _ in self._out_of("part_of", file)]
            for owner in owners:
                known = observations.get(owner, (False, depth))
                observations[owner] = known[0] or recommended, min(known[1], depth)
            yield file, min(owners, default=None), node.get("calib_level"), recommended, depth
        for obs_id, (recommended, depth) in observations.items():
            yield None, obs_id, self._nodes[obs_id].get("calib_level"), recommended, depth

    def _observations(self, program: str) -> Iterator[tuple[Any, ...]]:
        for obs_id in sorted(self._listed[program]):
            node = self._nodes[obs_id]
            files = sum(
                self._nodes[file].get("present", False) and "withdrawn" not in edge
                for file, _, edge in self._into("part_of", obs_id)
            )
            level, product_level, state, number = (
                node.get(name) for name in ("calib_level", "productLevel", "state", "mast_obsid")
            )
            yield obs_id, level, product_level, state, True, files, len(self._out_of("includes", obs_id)), number
