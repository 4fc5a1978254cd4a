"""One Observation: the Download Manager's tree with its MRP box, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from jwgraph.answers.meant import Wanted
from jwgraph.answers.notes import Note
from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.export import curl, manifest, places
from jwgraph.names.grammar import parse_root
from jwgraph.names.suffixes import suffixes
from jwgraph.present.tree import group
from jwgraph.questions.tree import Found, Tree, ask, filtered
from jwgraph.questions.views import OBSERVATION
from jwgraph.store.graph import Graph
from jwgraph.web import nodes
from jwgraph.web.answer import data, download, observation, page
from jwgraph.web.asked import TreeAsked
from jwgraph.web.cache import Cache
from jwgraph.web.nodes import Node
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter()

COOKIE = "jwgraph_mrp"
_YEAR = 365 * 86400


@dataclass(frozen=True, slots=True)
class Shown:
    """The tree of an Observation, its groups, and what is said of all of it."""

    tree: Tree
    top: list[Node]
    summary: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers that are kept between requests: trees as they are read, and as they are shown."""

    found: Cache[Found]
    shown: Cache[Shown]


def kept() -> Kept:
    """Return room for answers, empty."""
    return Kept(Cache(), Cache())


def find(store: Graph, kept: Kept, obs_id: str, asked: TreeAsked, *, mrp: bool) -> Shown:
    """Return the tree of what a text means, filtered."""
    chosen, folded = asked.filter(), asked.unfold is None

    def make() -> Shown:
        found = filtered(kept.found.get(store, obs_id, lambda: ask(store, obs_id)), chosen, mrp=mrp)
        top = nodes.tree(group(found.state["obs_id"], found.rows), folded=folded)
        return Shown(found, top, nodes.summary(found.rows, found.every))

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
    shown = find(store, request.app.state.trees, obs_id, asked, mrp=mrp)
    found, top = shown.tree, shown.top
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
        summary=shown.summary,
        command=found.table(asked.options()).command,
        root=parse_root(found.state["obs_id"]),
        suffixes=sorted({suffix for _, suffix in suffixes()}),
        views=OBSERVATION,
        ticked=set(asked.pick),
    )
    if asked.mrp is not None:
        response.set_cookie(COOKIE, asked.mrp, max_age=_YEAR, httponly=True, samesite="lax")
    return response


def _data(found: Tree, rows: Sequence[ProductRow], asked: TreeAsked) -> Response:
    obs_id, notes = found.state["obs_id"], found.notes
    if asked.format in ("curl", "manifest"):
        wanted, left = places.places(rows)
        said = (*notes, *_skipped(left))
        if asked.format == "curl":
            return download("".join(curl.script(wanted, said)), f"fetch_{obs_id}", "sh", "text/x-shellscript", said)
        return download("".join(manifest.manifest(wanted)), obs_id, "tsv", "text/tab-separated-values", said)
    return data(replace(found.table(asked.options()), rows=rows), str(asked.format))


def _skipped(left: Sequence[str]) -> list[Note]:
    return [Note(places.why_left(left))] if left else []


def _view(request: Request, store: Store, text: str, asked: TreeAsked) -> Response:
    """Show the answer to a question about an Observation."""
    if asked.format in ("curl", "manifest"):
        raise UsageError("Scripts and manifests are of files: remove show.")
    view = OBSERVATION[str(asked.show)]
    name, table = view.about(store, text, Wanted.OBSERVATION)
    if asked.format:
        return data(table, asked.format)
    subject = {"kind": "Observation", "name": name, "address": observation(name)}
    return page(request, "view.html", table=table, subject=subject, views=OBSERVATION, view=asked.show, asked=asked)
