"""Show the store to others: as a web page, and as tools for clients of language models."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph import settings
from jwgraph.cli import output
from jwgraph.cli.options import Panel
from jwgraph.errors import UsageError

if TYPE_CHECKING:
    from jwgraph.web.guard import Access

PANEL = Panel("Serve", ("serve", "mcp"))

PORT = 8765
SHORTEST_TOKEN = 16


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; other machines reach it only if it is not of loopback.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for a free one.")] = PORT,
    name: Annotated[
        list[str] | None, typer.Option(help="Host name under which browsers ask for the page; may be repeated.")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve the store as a web page, with the MRP box of MAST's Download Manager. Ctrl-C ends it.

    The page only reads. On an address that other machines reach it demands a token: the one that is printed at the
    start, or that of the variable JWGRAPH_TOKEN.

    Example: `jwgraph serve --open`
    """
    try:
        from jwgraph.web.serving import run
    except ModuleNotFoundError as error:
        raise UsageError(f"jwgraph serve needs the extra web ({error.name}): pip install 'jwgraph[web]'.") from None
    from jwgraph.store.connect import connection, running

    access = _access(host, name or [])
    # A port in use is said before the database is started.
    with _listen(host, port) as listening:
        with output.progress() as say:
            target = connection(say)
        address = f"http://{_shown(host)}:{listening.getsockname()[1]}/"
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        if access.token and not settings.WEB_TOKEN.read():
            sys.stderr.write(f"Token: {access.token}\n")
        run(target, listening, access, again=running, opened=address if open_ else "")


def mcp() -> None:
    """Answer the questions of a language model's client, over standard input and output (MCP).

    The client starts this command; see docs/mcp.md for how to enter it there. Its tools only read. The database is
    started at the first question.

    Example: `jwgraph mcp`
    """
    try:
        from jwgraph.mcp.server import serve as answer
    except ModuleNotFoundError as error:
        raise UsageError(f"jwgraph mcp needs the extra mcp ({error.name}): pip install 'jwgraph[mcp]'.") from None
    from jwgraph.settings import Connection
    from jwgraph.store.connect import connection, running

    def first() -> Connection:
        with output.progress() as say:
            return connection(say)

    if sys.stdin.isatty():
        output.note("Waiting for a client, which starts this command by itself: see docs/mcp.md. Ctrl-C ends it.")
    answer(first, running)


def _listen(host: str, port: int) -> socket.socket:
    """Return the socket that listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(f"Cannot listen on {host} port {port} ({reason}): give another --host or --port.") from None
    except OverflowError:
        raise UsageError(f"{port} is not a port.") from None
    # asyncio sets this only where a socket names its protocol. Without it the kernel holds the body of an answer back
    # until the client has acknowledged the head, which takes 40 ms; the connections have it from here.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _access(host: str, names: list[str]) -> Access:
    """Return who may reach the page; off loopback that takes a token."""
    from jwgraph.web.guard import Access, is_loopback

    known = frozenset(each.lower() for each in names)
    if is_loopback(host):
        return Access(known)
    token = settings.WEB_TOKEN.read() or secrets.token_urlsafe(32)
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise UsageError(f"{settings.WEB_TOKEN.name} must have at least {SHORTEST_TOKEN} ASCII characters.")
    return Access(known | {socket.gethostname().lower(), socket.getfqdn().lower()}, token)


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 -- shown, not listened on
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
