"""The form that asks for the token, where the page can be reached from other machines."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from jwgraph.web.answer import page
from jwgraph.web.errors import respond
from jwgraph.web.guard import COOKIE, TOO_MANY, Access
from jwgraph.web.pages.common import Sent
from jwgraph.web.throttle import Attempts

router = APIRouter(include_in_schema=False)

_MONTH = 30 * 86400


@router.get("/token")
def show(request: Request) -> Response:
    """Show the form."""
    return page(request, "token.html", title="Token", sentence="This page needs the token that jwgraph serve printed.")


@router.post("/token")
def take(request: Request, sent: Sent) -> Response:
    """Set the cookie, if the token is right."""
    access: Access = request.app.state.access
    attempts: Attempts = request.app.state.attempts
    if access.token and attempts.wait(request.scope):
        return respond(request, 429, TOO_MANY)
    if access.token and not access.is_token(sent.get("token", "").strip()):
        attempts.wrong(request.scope)
        return respond(request, 401, "That is not the token that jwgraph serve printed.")
    response = RedirectResponse("/", 303)
    if access.token:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, access.cookie(), max_age=_MONTH, httponly=True, samesite="strict", secure=secure)
    return response
