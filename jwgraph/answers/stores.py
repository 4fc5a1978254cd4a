"""Whole stores: what a store has, and what stays of a program that is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph._version import __version__
from jwgraph.model.columns import Column, Filename
from jwgraph.model.vocabulary import GRAPH_FORMAT
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A file of a forgotten program that stays by name, and a file of another program that names it."""

    COMMANDS: ClassVar = ("store forget",)

    productFilename: Filename
    named_by: Annotated[str, Column("File of another program that names it: association, pool or product", "meta.id")]


@dataclass(frozen=True, slots=True)
class InfoRow:
    """One fact about a store."""

    COMMANDS: ClassVar = ("store info",)

    what: Annotated[str, Column("What is counted or named", "meta.id")]
    value: Annotated[str | None, Column("Its value; absent where it is not known", "meta.note")]
    unit: Annotated[str | None, Column("Unit of a number", "meta.unit")]


def info(graph: Graph, *, disk: int | None = None) -> list[InfoRow]:
    """Return what a store has, where it is, and the versions of its server and its graph.

    Parameters
    ----------
    disk
        Bytes that its server takes on disk, where that is known.
    """
    (found,) = graph.read("internal/store_size")
    facts: list[tuple[str, object, str]] = [
        ("programs", found["programs"], ""),
        ("Observations", found["observations"], ""),
        ("Observations listed", found["listed"], ""),
        ("files", found["files"], ""),
        ("files archived", found["archived"], ""),
        ("size of archived files", found["bytes"], "byte"),
        ("associations read", found["associations"], ""),
        ("loads", found["loads"], ""),
        ("last load", found["last_load"], ""),
        ("programs not derived yet", ", ".join(found["unfinished"]) or "none", ""),
        ("programs forgotten in part", ", ".join(found["forgetting"]) or "none", ""),
        ("size on disk", disk, "byte"),
        ("address", graph.connection.uri, ""),
        ("server", graph.server(), ""),
        ("graph format", GRAPH_FORMAT, ""),
        ("jwgraph", __version__, ""),
    ]
    return [InfoRow(what, None if value is None else str(value), unit or None) for what, value, unit in facts]
