"""The list of Observations: search, facets, sorting, pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from jwgraph.answers.filters import Filter
from jwgraph.answers.listing import listing
from jwgraph.answers.notes import Answer, number
from jwgraph.answers.observations import Completeness, ObservationRow, completeness
from jwgraph.answers.why import why_each
from jwgraph.errors import JwgraphError, NotFoundError, UsageError
from jwgraph.model.vocabulary import Reason
from jwgraph.names.typed import typed
from jwgraph.present.cells import size as written_size
from jwgraph.questions.views import listed
from jwgraph.store.graph import Graph
from jwgraph.web.answer import data, page
from jwgraph.web.asked import ObservationsAsked
from jwgraph.web.cache import Cache
from jwgraph.web.errors import pieces, status_of
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter()

# Observations of a page; values of a facet; Observations whose sizes are counted to sort by them.
PAGE, FACET, SORTED_BY_SIZE = 50, 12, 500
_MJD = datetime(1858, 11, 17, tzinfo=UTC)

Key = Callable[[ObservationRow], Any]

# What the list can be sorted by: heading, and the value of a row.
SORTS: dict[str, tuple[str, Key]] = {
    "obs_id": ("Observation", lambda row: row.obs_id),
    "level": ("Level", lambda row: row.productLevel or ""),
    "instrument": ("Instrument", lambda row: (row.instrument, row.filters, row.gratings)),
    "target": ("Target", lambda row: row.targets),
    "observed": ("Observed", lambda row: row.t_min or 0.0),
}

FACETS: dict[str, tuple[str, Callable[[ObservationRow], Sequence[str]]]] = {
    "program": ("Program", lambda row: [number(row.program)]),
    "instrument": ("Instrument", lambda row: [row.instrument] if row.instrument else []),
    "filter": ("Filter", lambda row: row.filters),
    "grating": ("Grating", lambda row: row.gratings),
    "target": ("Target", lambda row: row.targets),
    "exp_type": ("Exposure type", lambda row: row.exp_types),
    "level3": ("Level 3", lambda row: ["yes" if row.calib_level == 3 else "no"]),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An Observation of the list, with what is counted for those of one page."""

    row: ObservationRow
    complete: Completeness
    reason: str

    @property
    def size(self) -> str:
        """Size of the files, as far as it is known."""
        found = self.complete
        if found.unsized == found.files:
            return "not known" if found.files else ""
        return ("at least " if found.unsized else "") + written_size(found.bytes)

    @property
    def observed(self) -> str:
        """Date of the start, UTC."""
        start = self.row.t_min
        return (_MJD + timedelta(days=start)).date().isoformat() if start is not None else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers that are kept between requests: whole lists, and what is counted for a page of one."""

    found: Cache[Answer[ObservationRow]]
    lines: Cache[list[Line]]


def kept() -> Kept:
    """Return room for answers, empty."""
    return Kept(Cache(), Cache())


def _key(asked: ObservationsAsked) -> str:
    return asked.model_dump_json(exclude={"page", "format"})


@router.get("/", responses=RESPONSES, tags=["Observations"])
def show(request: Request, store: Store, asked: Annotated[ObservationsAsked, Query()]) -> Response:
    """List the Observations that the MAST Portal lists, and those that a search selects."""
    problem: JwgraphError | None = None
    kept: Kept = request.app.state.lists
    found: Answer[ObservationRow] = Answer()
    try:
        found = kept.found.get(
            store, _key(asked), lambda: ordered(store, search_of(store, asked), asked.sort or "obs_id")
        )
    except (NotFoundError, UsageError) as error:
        if asked.format:
            raise
        problem = error
    table = listed(found, [name(asked.q)] if asked.q else [], asked.options())
    if asked.format:
        return data(table, asked.format)
    start = (asked.page - 1) * PAGE
    if problem is None and start and start >= len(found):
        problem = UsageError(f"There is no page {asked.page:,}: the list has {-(-len(found) // PAGE) or 1:,}.")
    shown = found[start : start + PAGE]
    counted = [] if problem else kept.lines.get(store, f"{start} {_key(asked)}", lambda: lines(store, shown))
    return page(
        request,
        "observations.html",
        status_of(problem) if problem else 200,
        found=Answer(found, (*found.notes, *(note for each in counted for note in each.complete.notes))),
        lines=counted,
        start=start,
        pages=-(-len(found) // PAGE),
        asked=asked,
        facets=facets(found, asked),
        active=active(asked),
        sorts=SORTS,
        command=table.command,
        problem=list(pieces(str(problem))) if problem else [],
    )


def name(text: str) -> str:
    """Return what a search box means: a name of any form, or else a part of a name."""
    word = typed(text.strip())
    if word.is_pattern or word.program or word.number is not None or word.is_file:
        return text.strip()
    return f"{word.name}*" if word.name.lower().startswith("jw") else f"*{word.name}*"


def search_of(store: Graph, asked: ObservationsAsked) -> Answer[ObservationRow]:
    """Return the Observations that a page asks for."""
    names = [name(asked.q)] if asked.q else []
    exposures = asked.include_exposures is not None
    return listing(store, names, asked.choice(), Filter(), include_exposures=exposures).rows


def ordered(store: Graph, found: Answer[ObservationRow], sort: str | None) -> Answer[ObservationRow]:
    """Return rows in the order asked for; raises UsageError if there is no such order."""
    sort = sort or "obs_id"
    key = sort.removeprefix("-")
    if key in ("files", "size"):
        if len(found) > SORTED_BY_SIZE:
            raise UsageError(f"At most {SORTED_BY_SIZE} Observations are sorted by {key}: narrow the list first.")
        counted = completeness(store, [row.obs_id for row in found])
        by: Key = lambda row: getattr(counted[row.obs_id], {"files": "files", "size": "bytes"}[key])  # noqa: E731
    elif key in SORTS:
        by = SORTS[key][1]
    else:
        raise UsageError(f"There is no column {key!r} to sort by: there are {', '.join((*SORTS, 'files', 'size'))}.")
    return Answer(sorted(found, key=by, reverse=sort.startswith("-")), found.notes)


def lines(store: Graph, rows: Sequence[ObservationRow]) -> list[Line]:
    """Return the rows of one page with files, size, completeness, and why there is no Level 3."""
    names = [row.obs_id for row in rows]
    complete = completeness(store, names)
    without = [row.obs_id for row in rows if row.calib_level != 3 and row.listed]
    reasons = {
        row.subject: f"{_reason(row.answer)}: {row.because}"
        for row in why_each(store, without, files=False)
        if row.question == "no Level 3"
    }
    return [Line(row, complete[row.obs_id], reasons.get(row.obs_id, "")) for row in rows]


def _reason(answer: str) -> str:
    return "reason not known" if answer == Reason.UNKNOWN else answer


@dataclass(frozen=True, slots=True)
class Facet:
    """A property, its most frequent values with their numbers, and how many values are left out."""

    field: str
    title: str
    values: list[tuple[str, int, str]]
    more: int


def facets(found: Sequence[ObservationRow], asked: ObservationsAsked) -> list[Facet]:
    """Return the values of a list, with the address of the list of each alone."""
    made = []
    for field, (title, values) in FACETS.items():
        # An exposure counts as at Level 3 where its Observation is, which its row does not say.
        if field == "level3" and asked.include_exposures:
            continue
        counted = Counter(value for row in found for value in values(row))
        if len(counted) > 1:
            shown = [
                (value, times, asked.url(**{field: value}, page=None)) for value, times in counted.most_common(FACET)
            ]
            made.append(Facet(field, title, shown, len(counted) - len(shown)))
    return made


def active(asked: ObservationsAsked) -> list[tuple[str, str]]:
    """Return the criteria of a search, each with the address of the page without it."""
    found = []
    for field, value in asked.model_dump(exclude_defaults=True, exclude={"page", "sort", "format"}).items():
        for each in value if isinstance(value, list) else [value]:
            rest = [other for other in value if other != each] if isinstance(value, list) else None
            label = {"q": "name", "include_exposures": "with exposures"}.get(field, field.replace("_", " "))
            shown = label if field == "include_exposures" else f"{label}: {each}"
            found.append((shown, asked.url(**{field: rest}, page=None)))
    return found
