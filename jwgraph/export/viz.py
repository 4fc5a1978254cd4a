"""Draw an Observation in a notebook with neo4j-viz: its files, included exposures, and how the files were made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from jwgraph.answers import products, resolve
from jwgraph.answers.notes import whole
from jwgraph.answers.products import ProductRow
from jwgraph.answers.relations import files
from jwgraph.errors import UsageError
from jwgraph.model.vocabulary import RELATIONS, Family, Relation
from jwgraph.present.escape import visible
from jwgraph.present.text import short
from jwgraph.present.tree import marked, short_name
from jwgraph.store.graph import Graph

if TYPE_CHECKING:
    from neo4j_viz import VisualizationGraph

# Okabe-Ito colours, distinguishable by colour-blind readers.
OBSERVATION = "#0072B2"
_OF_RELATION = {
    Relation.OWN: "#D55E00",
    Relation.ANTECEDENT: "#E69F00",
    Relation.CALIBRATION: "#CC79A7",
    Relation.PREREQUISITE: "#CC79A7",
    Relation.ASSOCIATION: "#009E73",
}
LINKED = "#999999"
_LEVEL = {family: number for number, family in enumerate(Family)}


@dataclass(frozen=True, slots=True)
class Dot:
    """A node of the picture, as in neo4j-viz; `properties` are shown on hover."""

    id: str
    caption: str
    color: str
    size: int
    properties: dict[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """An edge of the picture, between the keys of two nodes."""

    source: str
    target: str
    caption: str
    properties: dict[str, object]


def picture(graph: Graph, obs_id: str, *, limit: int, say: Callable[[str], None]) -> VisualizationGraph:
    """Return a picture of an Observation; see `jwgraph.notebook.store.Store.viz`.

    Parameters
    ----------
    limit
        Maximum number of nodes. The Observation's own files come first, then associated files, then linked files.
    say
        Called with a sentence about the files that were left out.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    UsageError
        neo4j-viz is not installed, or the limit is too small to show anything.
    """
    if limit < 1:
        raise UsageError(f"A picture has at least one node; the limit is {limit}.")
    try:
        import neo4j_viz  # noqa: F401
    except ImportError:
        raise UsageError("Pictures need neo4j-viz: `pip install 'jwgraph[viz]'`.") from None
    return _picture(graph, obs_id, limit, say)


@whole
def _picture(graph: Graph, obs_id: str, limit: int, say: Callable[[str], None]) -> VisualizationGraph:
    from neo4j_viz import Node, Relationship, VisualizationGraph

    root = resolve.require_observation(graph, obs_id)["obs_id"]
    rows = _in_order(root, products.tree(graph, root))
    chosen, observations = _choose(root, rows, limit)
    if len(chosen) < len(rows):
        say(f"The picture has {len(chosen)} of the {len(rows)} products of {root}, and a larger limit= has more.")
    made = VisualizationGraph(
        [Node(**asdict(each)) for each in (*map(_observation, observations), *map(_product, chosen))],
        [Relationship(**asdict(each)) for each in (*_owners(root, chosen, observations), *_made(graph, chosen))],
    )
    made.set_legend(nodes=_legend(chosen))
    return made


def _observation(name: str) -> Dot:
    return Dot(name, _caption(name, None), OBSERVATION, 30, {"label": "Observation", "name": name})


def _product(row: ProductRow) -> Dot:
    about = {"label": "Product", "name": row.productFilename, "relation": str(row.relation), "mrp": row.mrp}
    caption = marked(row) + _caption(row.productFilename, row.obs_id)
    return Dot(row.productFilename, caption, _colour(row), 18 if row.mrp else 12, about)


def _caption(name: str, owner: str | None) -> str:
    return short(visible(short_name(name, owner)), 32)


def _in_order(root: str, rows: list[ProductRow]) -> list[ProductRow]:
    def order(row: ProductRow) -> tuple[bool, bool, int, int]:
        family = RELATIONS[Relation(row.relation)].family
        return (not row.mrp, row.obs_id != root, _LEVEL[family], -(row.calib_level or 0))

    return sorted(rows, key=order)


def _choose(root: str, rows: list[ProductRow], limit: int) -> tuple[list[ProductRow], list[str]]:
    """Choose files, in order, that fit within the limit together with the Observations that own them."""
    chosen: list[ProductRow] = []
    observations = {root: None}
    for row in rows:
        fresh = 1 if row.obs_id is None or row.obs_id in observations else 2
        if len(chosen) + len(observations) + fresh <= limit:
            chosen.append(row)
            if row.obs_id is not None:
                observations[row.obs_id] = None
    return chosen, list(observations)


def _owners(root: str, chosen: list[ProductRow], observations: list[str]) -> Iterator[Line]:
    for name in observations:
        if name != root:
            yield Line(root, name, "INCLUDES", {})
    for row in chosen:
        if row.obs_id is not None:
            yield Line(row.productFilename, row.obs_id, "PART_OF", {})


def _made(graph: Graph, chosen: list[ProductRow]) -> Iterator[Line]:
    shown = {row.productFilename for row in chosen}
    for file in files(graph, chosen):
        name = file["filename"]
        for source, relation, role in sorted({(e["file"], e["relation"], e["role"]) for e in file["made_of"]}, key=str):
            yield Line(name, source, "COMPOSED_OF", {"relation": relation, "role": role})
        for target in sorted(set(file["linked_to"])):
            yield Line(name, target, "LINKED_TO", {})
        for association in sorted(set(file["made_by"]) & shown):
            yield Line(association, name, "PRODUCES", {})


def _colour(row: ProductRow) -> str:
    return _OF_RELATION.get(Relation(row.relation), LINKED)


def _legend(chosen: list[ProductRow]) -> dict[Any, Any]:
    colours = {"Observation": OBSERVATION}
    for row in chosen:
        colour = _colour(row)
        colours["linked" if colour == LINKED else row.relation] = colour
    return colours
