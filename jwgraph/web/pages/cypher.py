"""Read-only Cypher: a URL shows its text, and only the form of the page runs it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from jwgraph.errors import JwgraphError, RefusedError, UsageError
from jwgraph.questions.adhoc import LIMIT, LONGEST, cypher
from jwgraph.questions.table import Table
from jwgraph.web.answer import data, page
from jwgraph.web.asked import Form
from jwgraph.web.errors import pieces, status_of, wants_data
from jwgraph.web.pages.common import RESPONSES, Sent, Store

router = APIRouter()

FORMATS = ("csv", "json", "ecsv", "votable")
EXAMPLE = "MATCH (o:Observation) WHERE o.listed RETURN o.obs_id, o.calib_level ORDER BY o.obs_id LIMIT 20"

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": {"type": "string", "maxLength": LONGEST},
                        "format": {"type": "string", "enum": list(FORMATS)},
                        "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT},
                    },
                }
            }
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
}


@router.get("/cypher", responses=RESPONSES, tags=["Cypher"])
def show(
    request: Request,
    query: Annotated[str, Query(max_length=LONGEST, description="Text of a query; it is shown and not run.")] = "",
    format: Annotated[Form | None, Query(description="Only by POST: the page returns an error.")] = None,
) -> Response:
    """Show the text of a query, with the form that runs it."""
    if format:
        raise UsageError("A query is run by POST only: a link must not start one.")
    return page(request, "cypher.html", query=query, example=EXAMPLE, table=None, limit=LIMIT, problem=[])


@router.post("/cypher", responses={**RESPONSES, 403: {"description": "Refused."}}, tags=["Cypher"], openapi_extra=_BODY)
def execute(request: Request, store: Store, sent: Sent) -> Response:
    """Run one statement that only reads, and return its first rows."""
    text, form, limit = sent.get("query", ""), sent.get("format", ""), _limit(sent.get("limit", ""))
    if form and form not in FORMATS:
        raise UsageError(f"format is one of {', '.join(FORMATS)}.")
    try:
        table = cypher(store, text, limit=limit)
    except (UsageError, RefusedError) as error:
        if form or wants_data(request):
            raise
        return _page(request, text, None, error)
    return data(table, form) if form else _page(request, text, table, None)


def _page(request: Request, text: str, table: Table | None, error: JwgraphError | None) -> Response:
    status = status_of(error) if error else 200
    problem = list(pieces(str(error))) if error else []
    return page(request, "cypher.html", status, query=text, example=EXAMPLE, table=table, limit=LIMIT, problem=problem)


def _limit(text: str) -> int:
    try:
        found = int(text or LIMIT)
    except ValueError:
        found = 0
    if not 0 < found <= LIMIT:
        raise UsageError(f"limit is a number of rows from 1 to {LIMIT:,}.")
    return found
