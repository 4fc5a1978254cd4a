"""Services of the IVOA: DataLink, and VOSI availability and capabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AnyUrl
from vo_models.vodataservice import ParamHTTP
from vo_models.voresource import AccessURL, Capability, Interface, UTCTimestamp
from vo_models.vosi.availability import Availability
from vo_models.vosi.capabilities import VOSICapabilities

from jwgraph.answers.meant import Wanted, about
from jwgraph.answers.notes import Answer, notes_of
from jwgraph.errors import DatabaseError, NotFoundError, UsageError
from jwgraph.export.datalink import Link, links, serialized
from jwgraph.export.datalink_file import fault, links_of_file
from jwgraph.names.identifiers import is_file
from jwgraph.store.graph import Graph
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter(tags=["Virtual Observatory"])

MOST_IDS = 20
DATALINK, XML = "application/x-votable+xml;content=datalink", "text/xml; charset=utf-8"
STARTED = UTCTimestamp.now(UTC)

# Standard, path, role of its interface; versions are those of the standards.
_SERVICES = (
    ("ivo://ivoa.net/std/VOSI#capabilities", "/capabilities", None),
    ("ivo://ivoa.net/std/VOSI#availability", "/availability", None),
    ("ivo://ivoa.net/std/DataLink#links-1.1", "/datalink", "std"),
)

_XML_RESPONSE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/xml": {"schema": {"type": "string"}}}}}
_VOTABLE_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/x-votable+xml": {"schema": {"type": "string"}}}}
}


@router.get("/datalink", response_class=Response, responses={**RESPONSES, **_VOTABLE_RESPONSE})
def datalink(
    store: Store,
    ids: Annotated[
        list[str],
        Query(
            alias="ID", description="Observation, file name, or mast:JWST/product/…; up to 20 of them.", max_length=20
        ),
    ],
) -> Response:
    """Return the files related to Observations or files, as a DataLink table."""
    answers = [_links(store, given) for given in dict.fromkeys(ids)]
    text = serialized([link for answer in answers for link in answer], notes_of(answers))
    return Response(text, media_type=DATALINK)


def _links(store: Graph, given: str) -> Answer[Link]:
    try:
        taken, found = about(store, given, Wanted.EITHER, lambda name: _of(store, name))
    except (NotFoundError, UsageError) as error:
        return Answer([fault(given, error)])
    # The identifiers of the table are those that were asked for.
    rows = (replace(link, ID=given) for link in found)
    return Answer(rows, (*taken.notes("these are the links of"), *found.notes))


def _of(store: Graph, name: str) -> Answer[Link]:
    return links_of_file(store, name) if is_file(name) else links(store, name)


@router.get("/availability", response_class=Response, responses=_XML_RESPONSE)
def availability(request: Request) -> Response:
    """Say whether the store answers (VOSI)."""
    try:
        with request.app.state.database.open() as graph:
            graph.read("internal/ping")
        found = Availability(available=True, up_since=STARTED)
    except DatabaseError:
        found = Availability(available=False, note=["The database does not answer; it is asked again by itself."])
    return _xml(found.to_xml(skip_empty=True))


@router.get("/capabilities", response_class=Response, responses=_XML_RESPONSE)
def capabilities(request: Request) -> Response:
    """List the services of the Virtual Observatory (VOSI)."""
    base = str(request.base_url).rstrip("/")
    return _xml(VOSICapabilities(capability=list(_capabilities(base))).to_xml(skip_empty=True))


def _capabilities(base: str) -> Iterator[Capability]:
    for standard, path, role in _SERVICES:
        # A base address takes parameters.
        where = AccessURL(value=AnyUrl(f"{base}{path}"), use="base" if role else "full")
        kind: Interface = ParamHTTP(access_url=[where], role=role, version="1.0")
        yield Capability(standard_id=AnyUrl(standard), interface=[kind])


@router.get("/healthz", tags=["Health"])
def healthz() -> dict[str, str]:
    """Say that the page answers; `/availability` says whether its database does."""
    return {"status": "ok"}


def _xml(made: str | bytes) -> Response:
    return Response(made, media_type=XML)
