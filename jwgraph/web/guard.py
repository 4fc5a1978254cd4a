"""Refuse requests that other sites start, and those without the token; set the headers that browsers obey.

*Measured by whom it stops.* A page of another site can send this server any request through the user's browser, and can
give its own name this server's address (DNS rebinding). The first is stopped by `Origin` and `Sec-Fetch-Site`, which
scripts cannot set, the second by `Host`. Where the server is reachable from other machines, it demands a token.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jwgraph.web.throttle import Attempts

COOKIE = "jwgraph_token"
LOOPBACK_NAMES = frozenset({"localhost"})
# Paths that need no token: the form for it, its style, and what a monitor asks.
OPEN = ("/token", "/static/", "/healthz")
TOO_MANY = "Too many wrong tokens came from your address: wait for a minute."

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no referrer at all, browsers hide the origin of our own forms too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Refuse = Callable[[Scope, Receive, Send, int, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may reach the page.

    Attributes
    ----------
    names
        Host names besides `localhost` under which it may be asked for.
    token
        The token that every request needs; empty on loopback.
    """

    names: frozenset[str] = frozenset()
    token: str = ""

    def knows(self, host: str) -> bool:
        """Return whether a Host header is one of this server: other sites can only use a name of theirs."""
        name = _name_of(host)
        if name in LOOPBACK_NAMES or name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # A name can be pointed at any address; an address cannot. Off loopback the address may be a router's.
        return address.is_loopback or bool(self.token)

    def tries(self, headers: Headers) -> bool:
        """Return whether a request has something for a token, right or wrong."""
        return bool(self.token) and ("authorization" in headers or bool(_cookie(headers, COOKIE)))

    def cookie(self) -> str:
        """Return the value of the cookie; who sees it does not see the token."""
        return sha256(f"jwgraph cookie {self.token}".encode()).hexdigest()

    def admits(self, headers: Headers) -> bool:
        """Return whether a request has the token, as a bearer or in the cookie."""
        if not self.token:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(given.strip()):
            return True
        return compare_digest(_cookie(headers, COOKIE).encode(), self.cookie().encode())

    def is_token(self, text: str) -> bool:
        """Return whether a text is the token."""
        return bool(self.token) and compare_digest(text.encode(), self.token.encode())


def is_loopback(host: str) -> bool:
    """Return whether an address to listen on is of this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in LOOPBACK_NAMES


def _name_of(host: str) -> str:
    """Return the name in a Host header; empty if it is not a name with a port at most."""
    if set(host) & set("/\\@?# \t"):
        return ""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _cookie(headers: Headers, name: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def foreign(headers: Headers, method: str) -> str:
    """Return why a request counts as started by another site; empty if it does not."""
    site, mode = headers.get("sec-fetch-site", ""), headers.get("sec-fetch-mode", "")
    if method in ("GET", "HEAD"):
        # Links from elsewhere may lead here; pictures, scripts and frames of other sites may not.
        if site in ("cross-site", "same-site") and (mode != "navigate" or _framed(headers)):
            return "Another site asked for it: open the page itself."
        return ""
    origin = headers.get("origin")
    if origin is not None:
        parts = urlsplit(origin)
        if parts.scheme in ("http", "https") and parts.netloc.lower() == headers.get("host", "").lower():
            return "" if site in ("", "same-origin", "none") else "Another site sent it."
        return "" if site == "none" else "Another site sent it: only this page itself may."
    if site in ("same-origin", "none"):
        return ""
    # Without both headers it is no browser; and no foreign form can send JSON.
    if not site and headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return ""
    return "Nothing says where it comes from: send it from the page, or as application/json."


def _framed(headers: Headers) -> bool:
    return headers.get("sec-fetch-dest", "") in ("iframe", "frame", "embed", "object")


class Guard:
    """The checks of every request, and the headers of every response."""

    def __init__(self, app: ASGIApp, access: Access, refuse: Refuse, attempts: Attempts) -> None:
        self._app = app
        self._access = access
        self._refuse = refuse
        self._attempts = attempts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if "cache-control" not in headers:
                    headers["Cache-Control"] = "no-store" if self._access.token else "private, no-cache"
                headers.add_vary_header("Cookie")
            await send(message)

        status, reason = self._judged(scope)
        if status:
            await self._refuse(scope, receive, secured, status, reason)
        else:
            await self._app(scope, receive, secured)

    def _judged(self, scope: Scope) -> tuple[int, str]:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._access.knows(hosts[0].lower()):
            return 421, "This server is not known under that name: use the address that jwgraph serve prints."
        if reason := foreign(headers, scope["method"]):
            return 403, reason
        return (0, "") if scope["path"].startswith(OPEN) else self._admitted(scope, headers)

    def _admitted(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        tries = self._access.tries(headers)
        if tries and self._attempts.wait(scope):
            return 429, TOO_MANY
        if self._access.admits(headers):
            return 0, ""
        if tries:
            self._attempts.wrong(scope)
        return 401, "This page needs the token that jwgraph serve printed."
