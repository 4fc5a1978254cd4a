"""Errors as responses: one sentence, as a page for people and as JSON for programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from jwgraph.errors import DatabaseError, JwgraphError, NotFoundError, RefusedError, UsageError
from jwgraph.questions.criteria import problem
from jwgraph.web.answer import observation, page, product
from jwgraph.web.throttle import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = {
    401: "Token needed",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    408: "Too slow",
    413: "Too large",
    414: "Too long",
    421: "Unknown name",
    422: "Not understood",
    429: "Too many attempts",
    500: "A bug in jwgraph",
    503: "Not available now",
    504: "It took too long",
}
# Seconds until it is worth to ask again.
_RETRY = {429: str(SECONDS), 503: "5"}
# Errors that more time would solve.
_SLOW = frozenset({"timeout", "narrow"})
_NAME = re.compile(r"\bjw\d{5}[\w-]*(?:\.[a-z]+)*")


def status_of(error: JwgraphError) -> int:
    """Return the status of an error."""
    if isinstance(error, RefusedError):
        return 504 if error.remedy in _SLOW else 403
    kinds = {UsageError: 422, NotFoundError: 404, DatabaseError: 503}
    return next((status for kind, status in kinds.items() if isinstance(error, kind)), 500)


def pieces(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a sentence, names with the addresses of their pages."""
    at = 0
    for found in _NAME.finditer(sentence):
        yield sentence[at : found.start()], ""
        yield found[0], product(found[0]) if "." in found[0] else observation(found[0])
        at = found.end()
    yield sentence[at:], ""


def respond(request: Request, status: int, sentence: str) -> Response:
    """Return the page of an error, or JSON where the request asks for data."""
    headers = {"Retry-After": _RETRY[status]} if status in _RETRY else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    response: Response
    if wants_data(request):
        response = JSONResponse({"status": status, "detail": sentence}, status)
    else:
        title = TITLES.get(status, "Error")
        template = "token.html" if status == 401 else "error.html"
        response = page(request, template, status, title=title, pieces=list(pieces(sentence)), sentence=sentence)
    response.headers.update(headers)
    return response


def wants_data(request: Request) -> bool:
    """Return whether a program asks: for a format, for JSON, or without accepting HTML."""
    if "format" in request.query_params or "authorization" in request.headers:
        return True
    accepted = request.headers.get("accept", "")
    return "text/html" not in accepted


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """Answer a request that no page has seen."""
    await respond(Request(scope), status, sentence)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Register the handlers of every error."""

    @app.exception_handler(JwgraphError)
    def _ours(request: Request, error: JwgraphError) -> Response:
        return respond(request, status_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        return respond(request, 422, " ".join(problem(each, skip=1) for each in error.errors()[:5]))

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        sentence = "There is no such page." if error.status_code == 404 else f"{error.detail}."
        response = respond(request, error.status_code, sentence)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    def _bug(request: Request, error: Exception) -> Response:
        # The exception goes to the log of the server; a page shows nothing of the inside.
        return respond(request, 500, f"This is a bug in jwgraph ({type(error).__name__}): please report it.")
