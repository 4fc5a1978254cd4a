"""One file: what it is, what it was made from and went into, and why it is recommended or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from jwgraph.answers.lineage import LineageRow, lineage
from jwgraph.answers.meant import Wanted
from jwgraph.answers.names import explain
from jwgraph.answers.notes import Answer
from jwgraph.answers.why import WhyRow, why
from jwgraph.present.cells import size
from jwgraph.present.product import lines
from jwgraph.questions.views import PRODUCT
from jwgraph.questions.views import product as described
from jwgraph.store.graph import Graph
from jwgraph.web.answer import data, page, product
from jwgraph.web.asked import ProductAsked
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter()

# Boxes of the drawing in one step of the lineage.
BOXES = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lineage in the drawing: some of its files, and how many it has."""

    depth: int
    files: list[LineageRow]
    total: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """A lineage as a drawing: the steps that are shown, and whether there are more."""

    steps: list[Step]
    deeper: bool


@router.get("/products/{filename:path}", responses=RESPONSES, tags=["Products"])
def show(
    request: Request,
    store: Store,
    filename: Annotated[str, Path(description="File name of a product, or any form of it.", max_length=300)],
    asked: Annotated[ProductAsked, Query()],
) -> Response:
    """Describe a file, or answer a question about it."""
    if asked.show is not None:
        return _view(request, store, filename, asked)
    table = described(store, filename)
    if asked.format:
        return data(table, asked.format)
    row = table.rows[0]
    name = row["productFilename"]
    up, down = (lineage(store, name, up=up) for up in (True, False))
    return page(
        request,
        "product.html",
        row=row,
        name=name,
        meaning=explain(name),
        lines=list(lines(row)),
        size=size(row["properties"].get("size")),
        up=_drawing(up, asked.steps),
        down=_drawing(down, asked.steps),
        steps=asked.steps,
        why=_why(store, name),
        notes=tuple(dict.fromkeys((*table.notes, *up.notes, *down.notes))),
        command=table.command,
        views=PRODUCT,
        asked=asked,
    )


def _why(graph: Graph, name: str) -> list[WhyRow]:
    """Return why the file is recommended or not, in each Observation that owns it."""
    return [row for row in why(graph, name) if row.subject == name and row.question in ("recommended", "part of")]


def _drawing(found: Answer[LineageRow], steps: int) -> Lineage:
    shown = []
    for depth in range(1, steps + 1):
        here = [row for row in found if row.depth == depth]
        if here:
            shown.append(Step(depth, here[:BOXES], len(here)))
    return Lineage(shown, any(row.depth > steps for row in found))


def _view(request: Request, store: Graph, text: str, asked: ProductAsked) -> Response:
    """Show the answer to a question about a file."""
    view = PRODUCT[str(asked.show)]
    name, table = view.about(store, text, Wanted.FILE)
    if asked.format:
        return data(table, asked.format)
    subject = {"kind": "File", "name": name, "address": product(name)}
    return page(request, "view.html", table=table, subject=subject, views=PRODUCT, view=asked.show, asked=asked)
