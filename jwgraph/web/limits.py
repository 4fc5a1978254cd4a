"""Limits of the size and number of requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Bytes of a URL and of a body; requests that run, and that wait for one of them; seconds for a body, and to wait.
LONGEST_URL, LARGEST_BODY = 32_768, 65_536
RUNNING, WAITING = 16, 400
BODY_SECONDS, WAIT_SECONDS = 10.0, 30.0

Refuse = Callable[[Scope, Receive, Send, int, str], Awaitable[None]]


class _TooMuchError(Exception):
    """The body of a request is too large, or comes too slowly."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Limits:
    """Refuse what is too large, and let a number of requests run at once; the others wait in line."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse
        self._running = asyncio.Semaphore(RUNNING)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_URL:
            await self._refuse(scope, receive, send, 414, f"The address is longer than {LONGEST_URL:,} bytes.")
            return
        try:
            body = await asyncio.wait_for(_body(scope, receive), BODY_SECONDS)
        except _TooMuchError as error:
            await self._refuse(scope, receive, send, error.status, error.reason)
            return
        except TimeoutError:
            await self._refuse(scope, receive, send, 408, "The request came too slowly.")
            return
        await self._in_line(scope, _replayed(body, receive), send)

    async def _in_line(self, scope: Scope, receive: Receive, send: Send) -> None:
        busy = "Too many requests at once: try again in a moment."
        if scope["path"].startswith("/static/") or scope["path"] == "/healthz":
            await self._app(scope, receive, send)
            return
        if self._waiting >= WAITING:
            await self._refuse(scope, receive, send, 503, busy)
            return
        self._waiting += 1
        try:
            await asyncio.wait_for(self._running.acquire(), WAIT_SECONDS)
        except TimeoutError:
            await self._refuse(scope, receive, send, 503, busy)
            return
        finally:
            self._waiting -= 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running.release()


async def _body(scope: Scope, receive: Receive) -> bytes:
    too_large = _TooMuchError(413, f"The request is larger than {LARGEST_BODY:,} bytes.")
    declared = Headers(scope=scope).get("content-length", "0")
    if not declared.isdecimal() or int(declared[:20]) > LARGEST_BODY:
        raise too_large
    found: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return found
        found += bytes(message.get("body", b""))
        if len(found) > LARGEST_BODY:
            raise too_large
        if not message.get("more_body", False):
            return found


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class Kept(StaticFiles):
    """Files that browsers keep: another version has another address."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """Return a file."""
        response = super().file_response(*given, **named)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class Tidy:
    """Redirect a form's address to the one without empty fields, so that each state of a page has one address.

    Of `mrp`, which a form sends twice where the box is ticked, the last value stays.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        query = scope.get("query_string", b"")
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or not query:
            await self._app(scope, receive, send)
            return
        found = tidy(query.decode("latin-1"))
        if found is None:
            await self._app(scope, receive, send)
            return
        # A query alone keeps the path, whatever it is. Some clients take an empty one for the address they come from.
        where = b"?" + found.encode("latin-1") if found else b"/" + scope["raw_path"].lstrip(b"/\\")
        headers = [(b"location", where), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def tidy(query: str) -> str | None:
    """Return a query string without empty fields and with one `mrp`; None if it is tidy already."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=2000)
    except ValueError:
        return None
    last = {name: value for name, value in pairs if name == "mrp"}
    kept = [(name, value) for name, value in pairs if value and name != "mrp"]
    kept = [*last.items(), *kept] if last.get("mrp") else kept
    same = len(kept) == len(pairs)
    return None if same else urlencode(kept)
