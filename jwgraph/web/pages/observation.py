"""One Observation: the Download Manager's tree with its MRP box, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from jwgraph.answers import meant, products, resolve
from jwgraph.answers.criteria import why_nothing
from jwgraph.answers.filters import Filter
from jwgraph.answers.notes import Answer, Note
from jwgraph.answers.observations import why_empty
from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.export import curl, manifest, places
from jwgraph.names.grammar import parse_root
from jwgraph.names.suffixes import suffixes
from jwgraph.present.tree import group
from jwgraph.store.graph import Graph, Row
from jwgraph.web import nodes
from jwgraph.web.answer import data, download, observation, page, table_of
from jwgraph.web.asked import TreeAsked, command, part
from jwgraph.web.cache import Cache
from jwgraph.web.nodes import Node
from jwgraph.web.pages.common import RESPONSES, Store
from jwgraph.web.views import OBSERVATION

router = APIRouter()

COOKIE = "jwgraph_mrp"
_YEAR = 365 * 86400


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of an Observation, and what of it is shown."""

    taken: meant.Taken
    state: Row
    every: Answer[ProductRow]
    rows: list[ProductRow]
    mrp: bool
    chosen: Filter
    top: list[Node]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was taken for the name, and what is not known."""
        return (*self.taken.notes("this is the tree of"), *self.every.notes)

    @property
    def empty(self) -> str:
        """Why no file is shown; empty if one is."""
        if self.rows:
            return ""
        left = [row for row in self.every if row.mrp or not self.mrp]
        return why_nothing(self.chosen, left, part) if left else why_empty(self.state, mrp=self.mrp)


Found = tuple[meant.Taken, tuple[Row, Answer[ProductRow]]]


def _ask(store: Graph, text: str) -> Found:
    return meant.about(
        store,
        text,
        meant.Wanted.OBSERVATION,
        lambda name: (resolve.require_observation(store, name), products.tree(store, name)),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers that are kept between requests: trees as they are read, and as they are shown."""

    found: Cache[Found]
    shown: Cache[Tree]


def kept() -> Kept:
    """Return room for answers, empty."""
    return Kept(Cache(), Cache())


def find(store: Graph, kept: Kept, obs_id: str, asked: TreeAsked, *, mrp: bool) -> Tree:
    """Return the tree of what a text means, filtered."""
    chosen, folded = asked.filter(), asked.unfold is None

    def make() -> Tree:
        taken, (state, every) = kept.found.get(store, obs_id, lambda: _ask(store, obs_id))
        rows = chosen.apply([row for row in every if row.mrp or not mrp])
        top = nodes.tree(group(state["obs_id"], rows), folded=folded)
        return Tree(taken, state, every, rows, mrp, chosen, top)

    return kept.shown.get(store, repr((obs_id, mrp, chosen, folded)), make)


@router.get("/observations/{obs_id:path}", responses=RESPONSES, tags=["Observations"])
def show(
    request: Request,
    store: Store,
    obs_id: Annotated[str, Path(description="Observation (obs_id in MAST), in any form.", max_length=300)],
    asked: Annotated[TreeAsked, Query()],
) -> Response:
    """List the products of an Observation, as MAST's Download Manager does, or answer a question about it."""
    if asked.show is not None:
        return _view(request, store, obs_id, asked)
    mrp = (asked.mrp or request.cookies.get(COOKIE, "1")) != "0"
    found = find(store, request.app.state.trees, obs_id, asked, mrp=mrp)
    top = found.top
    if asked.format:
        return _data(found, nodes.picked(top, asked.pick) if asked.pick else found.rows, asked)
    if asked.rows:
        lines, more = nodes.below(top, asked.rows)
        return page(request, "rows.html", lines=lines, more=more, opened=set(), asked=asked, ticked=set())
    opened = nodes.opened(top, asked.open)
    lines, more = nodes.shown(top, opened)
    response = page(
        request,
        "observation.html",
        found=found,
        asked=asked,
        mrp=mrp,
        lines=lines,
        more=more,
        opened=set(opened),
        summary=nodes.summary(found.rows, found.every),
        command=_command(found, asked),
        root=parse_root(found.state["obs_id"]),
        suffixes=sorted({suffix for _, suffix in suffixes()}),
        views=OBSERVATION,
        ticked=set(asked.pick),
    )
    if asked.mrp is not None:
        response.set_cookie(COOKIE, asked.mrp, max_age=_YEAR, httponly=True, samesite="lax")
    return response


def _command(found: Tree, asked: TreeAsked) -> str:
    return command("tree", found.state["obs_id"], mrp=found.mrp or None, **asked.options())


def _data(found: Tree, rows: Sequence[ProductRow], asked: TreeAsked) -> Response:
    obs_id, notes = found.state["obs_id"], found.notes
    if asked.format in ("curl", "manifest"):
        wanted, left = places.places(rows)
        said = (*notes, *_skipped(left))
        if asked.format == "curl":
            return download("".join(curl.script(wanted, said)), f"fetch_{obs_id}", "sh", "text/x-shellscript", said)
        return download("".join(manifest.manifest(wanted)), obs_id, "tsv", "text/tab-separated-values", said)
    table = table_of(ProductRow, rows, notes, _command(found, asked), obs_id)
    return data(table, str(asked.format))


def _skipped(left: Sequence[str]) -> list[Note]:
    return [Note(places.why_left(left))] if left else []


def _view(request: Request, store: Store, text: str, asked: TreeAsked) -> Response:
    """Show the answer to a question about an Observation."""
    if asked.format in ("curl", "manifest"):
        raise UsageError("Scripts and manifests are of files: remove show.")
    view = OBSERVATION[str(asked.show)]
    taken, table = meant.about(store, text, meant.Wanted.OBSERVATION, lambda name: view.table(store, name))
    table = replace(table, notes=(*taken.notes("this is about"), *table.notes))
    if asked.format:
        return data(table, asked.format)
    subject = {"kind": "Observation", "name": taken.name, "address": observation(taken.name)}
    return page(request, "view.html", table=table, subject=subject, views=OBSERVATION, view=asked.show, asked=asked)
