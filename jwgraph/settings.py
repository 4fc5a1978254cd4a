"""Settings from the environment: the Neo4j server, and the address of MAST."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from jwgraph.errors import UsageError

MAST = "https://mast.stsci.edu"
MAST_VARIABLE = "JWGRAPH_MAST"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


@dataclass(frozen=True, slots=True)
class Connection:
    """Address and credentials of a Neo4j server; the password never shows."""

    uri: str
    username: str
    password: str = field(repr=False)
    database: str = "neo4j"


def from_environment() -> Connection | None:
    """Return the server that `NEO4J_URI` and its companions name, or None where it is unset.

    `NEO4J_USERNAME` and `NEO4J_DATABASE` default to `neo4j`.

    Raises
    ------
    UsageError
        The address has an unknown scheme or contains a password, or `NEO4J_PASSWORD` is unset.
    """
    uri = os.environ.get("NEO4J_URI", "").strip()
    if not uri:
        return None
    try:
        parts = address(uri)
    except ValueError:
        raise UsageError(f"NEO4J_URI is no address: {shown(uri)!r}.") from None
    if parts is None:
        raise UsageError(f"NEO4J_URI must be {', '.join(s + '://HOST' for s in SCHEMES[:4])} …, and is {shown(uri)!r}.")
    if parts.username or parts.password:
        raise UsageError("NEO4J_URI must not contain a user or password: use NEO4J_USERNAME and NEO4J_PASSWORD.")
    password = os.environ.get("NEO4J_PASSWORD")
    if password is None:
        raise UsageError(f"NEO4J_URI is set ({uri}) and NEO4J_PASSWORD is not: set it too.")
    return named_connection(uri, password)


def address(uri: str) -> SplitResult | None:
    """Return the parts of the address of a server, or None where it has no known scheme, no host or port 0.

    Raises
    ------
    ValueError
        It is no address at all.
    """
    parts = urlsplit(uri)
    return parts if parts.scheme in SCHEMES and parts.hostname and parts.port != 0 else None


def mast() -> str:
    """Return the address of MAST, or of the server that `JWGRAPH_MAST` names, without a slash at its end.

    Raises
    ------
    UsageError
        It is not an https address. Plain http is allowed on this machine only: the token would travel unencrypted.
    """
    given = os.environ.get(MAST_VARIABLE, "").strip() or MAST
    try:
        parts = urlsplit(given)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        complete = bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
        personal = bool(parts.username or parts.password)
    except ValueError:
        secure = complete = personal = False
    if not (secure and complete) or personal or not given.isprintable():
        raise UsageError(f"{MAST_VARIABLE} must be https://HOST, or http:// of this machine, and is not.")
    return given.rstrip("/")


def named_connection(uri: str, password: str) -> Connection:
    """Return a connection as the user and database that `NEO4J_USERNAME` and `NEO4J_DATABASE` name, else `neo4j`."""
    return Connection(
        uri=uri,
        username=os.environ.get("NEO4J_USERNAME") or "neo4j",
        password=password,
        database=os.environ.get("NEO4J_DATABASE") or "neo4j",
    )


def shown(uri: str) -> str:
    """Hide the part before an @: it may be a password."""
    return uri.rsplit("@", 1)[-1]
