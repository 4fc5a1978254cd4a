"""jwgraph itself: its answers as Python gets them, with the notes on what is not known, which no peer gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from jwgraph.answers.choice import Choice
from jwgraph.answers.criteria import ask_each
from jwgraph.answers.lineage import impact, lineage
from jwgraph.answers.observations import observations
from jwgraph.answers.products import mrp, tree, trees
from jwgraph.model.vocabulary import Basis
from jwgraph.store import queries
from jwgraph.store.graph import Graph
from jwgraph.store.parameters import checked
from tests.bench.peers.questions import PING, Question, Rows

NAME = "jwgraph"
ABOUT = (
    "reads the product lists, searches, keywords, reference files, associations and pools, derives the rest; answers "
    "of `jwgraph.answers`, with their relation, roles, associations and notes, which the peers are not asked for"
)
_TREE = (
    "productFilename",
    "obs_id",
    "productType",
    "calib_level",
    "dataURI",
    "size",
    "mrp",
    "productLevel",
    "archived",
)
_MRP = tuple(name for name in _TREE if name not in ("obs_id", "mrp"))
_LINEAGE = (
    "productFilename", "depth", "obs_id", "productType", "calib_level", "dataURI", "size", "recommended",
    "productLevel", "archived",
)  # fmt: skip
_IMPACT = ("productFilename", "obs_id", "calib_level", "recommended", "depth")
_OBSERVATION = ("obs_id", "calib_level", "productLevel", "state", "listed", "products", "included", "mast_obsid")
# The named query of each kind, where there is one, and the names of its parameters that the question names otherwise.
QUERIES: dict[str, tuple[str, dict[str, str]]] = {
    PING: ("internal/ping", {}),
    "tree": ("query/tree", {"obs_id": "obs_ids"}),
    "mrp": ("query/mrp", {"obs_id": "obs_ids"}),
    "lineage_up": ("query/lineage_up", {}),
    "lineage_down": ("query/lineage_down", {}),
    "impact": ("query/impact", {"reference": "name"}),
    "observations": ("query/observations", {}),
}


class Ours:
    """Answers of jwgraph over a connection that stays open, as rows that compare with those of peers."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._asked: dict[str, Callable[[str], Rows]] = {
            PING: lambda _about: [(each["answer"],) for each in self._graph.read("internal/ping")],
            "tree": lambda obs_id: _rows(tree(self._graph, obs_id), _TREE),
            "mrp": lambda obs_id: _rows(mrp(self._graph, obs_id), _MRP),
            "lineage_up": lambda file: _rows(lineage(self._graph, file, up=True), _LINEAGE),
            "lineage_down": lambda file: _rows(lineage(self._graph, file, up=False), _LINEAGE),
            "impact": self._impact,
            "observations": lambda program: _rows(observations(self._graph, program=program), _OBSERVATION),
            "trees": self._trees,
        }

    def answer(self, question: Question) -> Rows:
        """Answer a question."""
        return self._asked[question.kind](question.about[0][1] if question.about else "")

    def alone(self, question: Question) -> list[dict[str, Any]]:
        """Run the query of a question alone: what the server and the driver take of an answer.

        Raises
        ------
        LookupError
            The answer has no query of its own.
        """
        name, renamed = QUERIES[question.kind]
        values = {renamed.get(key, key): value for key, value in question.about}
        return self._graph.read(name, **checked(queries.get(name), values))

    def _impact(self, reference: str) -> Rows:
        found = impact(self._graph, reference)
        # Peers are not asked what MAST's lists alone say.
        return _rows((row for row in found if row.basis == Basis.LINEAGE), _IMPACT)

    def _trees(self, program: str) -> Rows:
        _, _, found = ask_each(
            self._graph,
            (),
            Choice(program=program),
            lambda names: trees(self._graph, names),
            this="these are the trees of",
        )
        return [(name, *row) for name, rows in found.items() for row in _rows(rows, _TREE)]


def _rows(found: Iterable[Any], columns: tuple[str, ...]) -> Rows:
    return [tuple(getattr(row, name) for name in columns) for row in found]
