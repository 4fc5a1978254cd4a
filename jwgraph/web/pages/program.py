"""One program: what is missing, out of date, new, and which reference files were used."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from jwgraph.answers.events import moment
from jwgraph.answers.notes import number
from jwgraph.names.identifiers import program_number
from jwgraph.questions.table import Table
from jwgraph.questions.views import PROGRAM, View, events_view
from jwgraph.web.answer import data, page
from jwgraph.web.asked import ProgramAsked
from jwgraph.web.pages.common import RESPONSES, Store

router = APIRouter()


@router.get("/programs/{program}", responses=RESPONSES, tags=["Programs"])
def show(
    request: Request,
    store: Store,
    program: Annotated[str, Path(description="Program number, such as 2733.", max_length=40)],
    asked: Annotated[ProgramAsked, Query()],
) -> Response:
    """Answer a question about a program: what is missing, out of date, or new, or its reference files."""
    views: dict[str, View] = {**PROGRAM, "events": events_view(asked.since, moment(asked.since))}
    key = program_number(program)
    table: Table = views[asked.show].table(store, key)
    if asked.format:
        return data(table, asked.format)
    subject = {"kind": "Program", "name": number(key), "address": f"/programs/{number(key)}"}
    return page(request, "program.html", table=table, subject=subject, views=views, view=asked.show, asked=asked)
