"""The objects of the notebook interface: an Observation, a file and a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from jwgraph.answers import associations, calibration, products, resolve
from jwgraph.answers.criteria import Filtering
from jwgraph.answers.lineage import ImpactRow, LineageRow, in_roles
from jwgraph.answers.lineage import impact as find_impact
from jwgraph.answers.lineage import lineage as find_lineage
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.missing import missing as find_missing
from jwgraph.answers.notes import Answer, Note
from jwgraph.answers.why import WhyRow
from jwgraph.answers.why import why as find_why
from jwgraph.errors import NotFoundError
from jwgraph.names.typed import typed
from jwgraph.notebook.asking import Asker, call
from jwgraph.notebook.several import filtered
from jwgraph.present import html
from jwgraph.present.columns import columns_of
from jwgraph.present.escape import visible
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows
from jwgraph.present.tree import group
from jwgraph.store.graph import Graph

if TYPE_CHECKING:
    from neo4j_viz import VisualizationGraph

    from jwgraph.figure.made import Figure

T = TypeVar("T")


class Tree(Rows[products.ProductRow]):
    """The products of an Observation; a notebook displays them as a tree by level and Observation."""

    def _repr_html_(self) -> str:
        return html.tree(self, group(self.info.subject, self))


class ObservationView:
    """One Observation, returned by `Store.observation`.

    Attributes
    ----------
    obs_id
        Its key.
    calib_level, productLevel, state, listed, included_in
        Values that the query `observation` returned when the object was created.
    """

    def __init__(self, asker: Asker, state: dict[str, Any], notes: Sequence[Note] = ()) -> None:
        self._asker = asker
        self._notes = tuple(notes)
        self.obs_id: str = state["obs_id"]
        self.calib_level: int | None = state["calib_level"]
        self.productLevel: str | None = state["productLevel"]
        self.state: str = state["state"]
        self.listed: bool = state["listed"]
        self.included_in: list[str] = state["included_in"]

    def __repr__(self) -> str:
        level = "no level" if self.calib_level is None else f"level {self.calib_level}"
        listed = "a row of the Portal" if self.listed else "not listed"
        return visible(f"<Observation {self.obs_id}: {level}, {self.state}, {listed}>")

    def tree(self, *, mrp: bool = False, **files: Unpack[Filtering]) -> Tree:
        """Return all products as the Download Manager lists them, or only the Minimum Recommended Products.

        Parameters
        ----------
        files
            Only files that meet these criteria: type, level, suffix, extension, detector, min_size, max_size,
            guide_star, previews.
        """
        found = self._asker.ask(
            lambda: filtered(products.tree(self._asker.graph, self.obs_id, mrp=mrp), files),
        )
        asked = self._written(call("tree", mrp=mrp or None, **files))
        info = AnswerInfo(asked, (*self._notes, *found.notes), subject=self.obs_id)
        return Tree(found, columns_of(products.ProductRow), info)

    def mrp(self, **files: Unpack[Filtering]) -> Rows[products.ProductRow]:
        """Return the Minimum Recommended Products, or those of them that meet criteria; see `tree`."""
        return self._rows(
            call("mrp", **files),
            products.ProductRow,
            lambda graph, obs_id: filtered(products.mrp(graph, obs_id), files),
        )

    def lineage(self, filename: str | None = None, *, up: bool = True, roles: Iterable[str] = ()) -> Rows[LineageRow]:
        """Return the files that its own products were made from (up) or feed (down), nearest first, each file once.

        Parameters
        ----------
        filename
            Only the lineage of this file in the Observation's tree.
        roles
            Only files in one of these roles (`exptype`).

        Raises
        ------
        NotFoundError
            The file is not in the Observation's tree.
        """
        wanted = [roles] if isinstance(roles, str) else list(roles)
        asked = call("lineage", *([] if filename is None else [filename]), up=up, roles=wanted or None)
        return self._asker.rows(
            self._written(asked), LineageRow, lambda: self._lineage(filename, up=up, roles=wanted), self._notes
        )

    def _lineage(self, filename: str | None, *, up: bool, roles: list[str]) -> Answer[LineageRow]:
        graph = self._asker.graph
        filename = None if filename is None else typed(filename).name
        tree = products.tree(graph, self.obs_id)
        if filename is not None and filename not in {row.productFilename for row in tree}:
            resolve.require_product(graph, filename)
            raise NotFoundError(f"{filename} is in the store, and not in {self.obs_id}: ask g.product({filename!r}).")
        own = [row.productFilename for row in tree if row.obs_id == self.obs_id and row.productType != "PREVIEW"]
        parts = [find_lineage(graph, name, up=up) for name in (own if filename is None else [filename])]
        every = Answer((row for part in parts for row in part), (note for part in parts for note in part.notes))
        found = in_roles(every, roles)
        nearest: dict[str, LineageRow] = {}
        for row in found:
            known = nearest.get(row.productFilename)
            if known is None or row.depth < known.depth:
                nearest[row.productFilename] = row
        return Answer(sorted(nearest.values(), key=lambda row: (row.depth, row.productFilename)), found.notes)

    def why(self) -> Rows[WhyRow]:
        """Explain its state and level, what includes it, and which of its files are recommended."""
        return self._rows("why()", WhyRow, find_why)

    def missing(self, *, include_archived: bool = False) -> Rows[MissingRow]:
        """Return expected products, of it or from its files, that are not there; optionally also those that are."""
        return self._rows(
            call("missing", include_archived=include_archived or None),
            MissingRow,
            lambda graph, obs_id: find_missing(graph, obs_id=obs_id, include_archived=include_archived),
        )

    def references(self) -> Rows[calibration.ReferenceRow]:
        """Return the reference files applied to its own files and to those of its included exposures."""
        return self._rows("references()", calibration.ReferenceRow, calibration.references)

    def engineering(self) -> Rows[calibration.EngineeringRow]:
        """Return the engineering data that overlaps its exposures in time."""
        return self._rows("engineering()", calibration.EngineeringRow, calibration.engineering)

    def members(self) -> Rows[associations.MemberRow]:
        """Return the members of the associations that make it."""
        return self._rows("members()", associations.MemberRow, associations.members)

    def history(self) -> Rows[associations.HistoryRow]:
        """Return all versions of the associations that make it, newest first."""
        return self._rows("history()", associations.HistoryRow, associations.history)

    def figure(self, *, style: str = "relations", mrp: bool | None = None) -> Figure:
        """Return a figure of it, after the archive's page *Linkages in the Portal*, shown as SVG.

        Parameters
        ----------
        style
            `relations`: what is associated, linked and neither; or `stages`: the way through the pipeline.
        mrp
            Whether the tree shows the Minimum Recommended Products alone; by default in `relations`.

        Raises
        ------
        UsageError
            There is no such style.
        """
        from jwgraph.figure.made import figure

        return self._asker.ask(lambda: figure(self._asker.graph, self.obs_id, style=style, mrp=mrp))

    def viz(self, *, limit: int = 300) -> VisualizationGraph:
        """Return a picture of it; see `Store.viz`."""
        return self._asker.picture(self.obs_id, limit)

    def _rows(self, asked: str, kind: type[T], ask: Callable[[Graph, str], Iterable[T]]) -> Rows[T]:
        return self._asker.rows(self._written(asked), kind, lambda: ask(self._asker.graph, self.obs_id), self._notes)

    def _written(self, rest: str) -> str:
        return f"g.observation({self.obs_id!r}).{rest}"


class ProductView:
    """One file, returned by `Store.product`.

    Attributes
    ----------
    filename
        Its key.
    about
        Everything known about it: `properties`, owners and associations, as shown by `jwgraph product`.
    """

    def __init__(self, asker: Asker, about: dict[str, Any], notes: Sequence[Note] = ()) -> None:
        self._asker = asker
        self._notes = tuple(notes)
        self.filename: str = about["productFilename"]
        self.about = about

    def __repr__(self) -> str:
        owners = ", ".join(owner["obs_id"] for owner in self.about["part_of"]) or "no Observation"
        return visible(f"<product {self.filename}: part of {owners}>")

    def lineage(self, *, up: bool = True, roles: Iterable[str] = ()) -> Rows[LineageRow]:
        """Return the files it was made from (up) or feeds (down), in any of the roles; nearest first, each once."""
        wanted = [roles] if isinstance(roles, str) else list(roles)
        asked = call("lineage", up=up, roles=wanted or None)
        return self._rows(asked, LineageRow, lambda graph, name: find_lineage(graph, name, up=up, roles=wanted))

    def links(self) -> Rows[products.LinkRow]:
        """Return the files linked to it or its Observation, and those that it is linked to."""
        return self._rows("links()", products.LinkRow, products.links)

    def impact(self) -> Rows[ImpactRow]:
        """Return everything made from it: products, then Observations."""
        return self._rows("impact()", ImpactRow, find_impact)

    def references(self) -> Rows[calibration.ReferenceRow]:
        """Return the reference files that were applied to it."""
        return self._rows("references()", calibration.ReferenceRow, calibration.references)

    def _rows(self, asked: str, kind: type[T], ask: Callable[[Graph, str], Iterable[T]]) -> Rows[T]:
        written = f"g.product({self.filename!r}).{asked}"
        return self._asker.rows(written, kind, lambda: ask(self._asker.graph, self.filename), self._notes)
