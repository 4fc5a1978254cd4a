"""The application: its pages, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from jwgraph._version import __version__
from jwgraph.questions.database import Database
from jwgraph.settings import Connection
from jwgraph.web import errors
from jwgraph.web.answer import HERE, STATIC
from jwgraph.web.guard import Access, Guard
from jwgraph.web.limits import Kept, Limits, Tidy
from jwgraph.web.pages import cypher, figure, observation, observations, product, program, queries, token, vo
from jwgraph.web.throttle import Attempts

DESCRIPTION = (
    "How JWST archive files belong together. Every page is data too: `?format=json` (or csv, ecsv, votable) returns "
    "its rows; JSON has the notes on what is not known, other formats have them in the header `Jwgraph-Note`."
)


def create_app(
    connection: Connection, *, access: Access | None = None, again: Callable[[], Connection | None] | None = None
) -> ASGIApp:
    """Return the application for one store; it connects at the first request.

    Parameters
    ----------
    connection
        Where the server is.
    access
        Names and token; by default the page answers on loopback only, without a token.
    again
        Returns where the server is after it did not answer; None where it is not running.
    """
    database = Database(lambda: connection, again)
    allowed, attempts = access or Access(), Attempts()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        database.close()

    app = FastAPI(
        title="jwgraph",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.database = database
    app.state.access, app.state.attempts = allowed, attempts
    app.state.trees, app.state.lists = observation.kept(), observations.kept()
    errors.install(app)
    for each in (observations, observation, figure, product, program, queries, cypher, vo, token):
        app.include_router(each.router)
    app.mount(STATIC, Kept(directory=HERE / "static"))
    # Around the whole application, its own error pages included.
    return Guard(Limits(Tidy(app), errors.refuse), allowed, errors.refuse, attempts)
