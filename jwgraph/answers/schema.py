"""The schema of the graph: labels, relationship types and properties of the vocabulary, with counts of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, ClassVar

from jwgraph.errors import NotFoundError
from jwgraph.model.columns import Column
from jwgraph.model.properties import ASSOCIATION, POOL_FILE, PRODUCT, Property
from jwgraph.model.vocabulary import EDGES, LABELS, Edge, Label
from jwgraph.store.graph import Graph

_FOREIGN = "Not of jwgraph: something else wrote it."
_KINDS: list[Label | Edge] = [*LABELS, *EDGES]
# These are labels of the same nodes.
_FILES = ("Product", "Association", "Pool")


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A label, a relationship type, or a property of one of them."""

    COMMANDS: ClassVar = ("schema",)

    kind: Annotated[str, Column("label, relationship or property", "meta.code.class")]
    name: Annotated[str, Column("Label or relationship type", "meta.id")]
    property: Annotated[str | None, Column("Property of it; absent in the row of the label or type itself", "meta.id")]
    type: Annotated[str | None, Column("Neo4j's type; of a relationship, the labels of its ends", "meta.code.class")]
    unit: Annotated[str | None, Column("Unit of a number", "meta.unit")]
    description: Annotated[str, Column("What it means", "meta.note")]
    count: Annotated[int, Column("Nodes or relationships of the store that have it", "meta.number")]


def schema(graph: Graph, names: Sequence[str] = ()) -> list[SchemaRow]:
    """Return every label and relationship type with its properties, in the order of the vocabulary.

    What the store has besides the vocabulary comes last.

    Parameters
    ----------
    names
        Only these labels and types, in any case; all if there are none.

    Raises
    ------
    NotFoundError
        Neither the vocabulary nor the store has one of the names.
    """
    numbers: Counter[tuple[str, str, str]] = Counter()
    for row in graph.read("query/counts"):
        numbers[row["kind"], row["name"], ""] = row["number"]
    for row in graph.read("internal/property_counts"):
        numbers[row["kind"], row["name"], row["property"]] = row["number"]
    found = [*_known(numbers), *_foreign(numbers)]
    return _only(found, names) if names else found


def _known(numbers: Counter[tuple[str, str, str]]) -> Iterator[SchemaRow]:
    """Yield the vocabulary, and remove its counts from `numbers`."""
    for kind in _KINDS:
        if isinstance(kind, Edge):
            key, about, ends = "edge", "relationship", f"{kind.start} -> {kind.end}"
            number = numbers.pop((key, kind.name, ""), 0)
        else:
            key, about, ends = "node", "label", None
            numbers.pop((key, kind.name, ""), 0)
            # Every node has its key; the query that counts labels leaves the records of loads out.
            number = numbers[key, kind.name, kind.key]
        yield SchemaRow(about, kind.name, None, ends, None, kind.sentence, number)
        for each in _properties(kind):
            number = numbers.pop((key, kind.name, each.name), 0)
            yield SchemaRow("property", kind.name, each.name, each.type, each.unit or None, each.sentence, number)


def _properties(kind: Label | Edge) -> tuple[Property, ...]:
    """Return the properties of a label or type; an Association and a Pool have those of a Product too."""
    if kind.name not in ("Association", "Pool"):
        return kind.properties
    own = {each.name for each in kind.properties}
    return (*kind.properties, *(each for each in PRODUCT if each.name not in own))


def _foreign(numbers: Counter[tuple[str, str, str]]) -> Iterator[SchemaRow]:
    of_files = {each.name for each in (*PRODUCT, *ASSOCIATION, *POOL_FILE)}
    for (key, name, property), number in sorted(numbers.items()):
        if name in _FILES and property in of_files:
            continue
        about = "property" if property else "label" if key == "node" else "relationship"
        yield SchemaRow(about, name, property or None, None, None, _FOREIGN, number)


def _only(found: list[SchemaRow], names: Sequence[str]) -> list[SchemaRow]:
    known = {row.name.lower(): row.name for row in found}
    wanted = set()
    for name in names:
        key = name.lstrip(":").lower()
        if key not in known:
            near = " or ".join(known[each] for each in get_close_matches(key, known, n=2))
            hint = f"did you mean {near}?" if near else f"there are {', '.join(sorted(known.values()))}."
            raise NotFoundError(f"There is no label or relationship type {name}: {hint}")
        wanted.add(known[key])
    return [row for row in found if row.name in wanted]
