"""The named queries, each with a form for its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from jwgraph.answers.notes import ask
from jwgraph.present.columns import columns_of_query, columns_of_values
from jwgraph.questions.command import command as written
from jwgraph.questions.table import Table
from jwgraph.store import queries
from jwgraph.store.parameters import checked
from jwgraph.web.answer import data, page
from jwgraph.web.asked import Form, parameters
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter()

FormatAsked = Annotated[Form | None, Query(alias="format", description="Return the rows as data in this format.")]


@router.get("/queries", responses=RESPONSES, tags=["Queries"])
def every(request: Request, form: FormatAsked = None) -> Response:
    """List the named queries."""
    rows = queries.listed()
    if form:
        about = columns_of_values(("name", "params", "summary"), rows)
        return data(Table(rows, about, (), written("query", "list"), "queries"), form)
    return page(request, "queries.html", rows=rows, command=written("query", "list"), url=_url({}))


@router.get("/queries/{name}", responses=RESPONSES, tags=["Queries"])
def show(
    request: Request,
    store: Store,
    name: Annotated[str, Path(description="Name of a query.", max_length=100)],
    form: FormatAsked = None,
) -> Response:
    """Run a named query; its parameters are those of the URL. A page without those that it needs is its form."""
    query = queries.get(f"query/{queries.short_name(name)}")
    short = queries.short_name(query.name)
    given = parameters(request.query_params, "format")
    needed = [param.name for param in query.params if param.default is None]
    table = None
    if form or given or not needed:
        values = checked(query, given)
        pairs = [f"{key}={value}" for key, value in given.items()]
        options = [word for pair in pairs for word in ("-p", pair)]
        line = written("query", "run", short, *options)
        found = ask(store, query.name, **values)
        table = Table(found, columns_of_query(query), found.notes, line, short)
    if form and table is not None:
        return data(table, form)
    return page(request, "query.html", query=query, given=given, table=table, name=short, url=_url(given))


def _url(given: Mapping[str, str]) -> Callable[..., str]:
    """Return a function that makes the address of the same answer in another format."""
    return lambda **changes: "?" + urlencode({**given, **changes})
