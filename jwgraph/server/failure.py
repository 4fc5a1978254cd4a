"""Find out why a managed server did not start."""

from __future__ import annotations

import shutil

from jwgraph.errors import ServerError
from jwgraph.server.home_folder import Home

# Bytes that a server needs free on its disk.
NO_SPACE = 20_000_000

IN_USE = "another process uses the store; stop it (`jwgraph server stop` if jwgraph started it)"
# Messages of a server that cannot start, and the sentence for each.
REASONS = (
    ("No space left on device", "the disk is full; free some space"),
    ("Not enough space", "the disk is full; free some space"),
    # Without space for its log, Neo4j makes a database read-only, and then fails on its own system database.
    ("'server.databases.read_only'", "the disk is full; free some space"),
    ("File size limit exceeded", "the disk is full; free some space"),
    ("Address already in use", "its port is taken; stop what uses it, or unset JWGRAPH_PORT"),
    (
        "Could not reserve enough space",
        "there is too little memory; set JWGRAPH_HEAP and JWGRAPH_PAGECACHE lower",
    ),
    ("Cannot allocate memory", "there is too little memory; set JWGRAPH_HEAP and JWGRAPH_PAGECACHE lower"),
    ("OutOfMemoryError", "there is too little memory; set JWGRAPH_HEAP higher"),
    ("is being used by another process", IN_USE),
    ("Lock file has been locked by another process", IN_USE),
    ("Store is locked", IN_USE),
    (
        "UnsupportedLogVersionException",
        "the store was made by a newer Neo4j; set JWGRAPH_NEO4J to its version",
    ),
    ("Unable to obtain lock on store", IN_USE),
)


class ExitedError(ServerError):
    """The server ended while it started."""


def why(home: Home, *, alive: bool = False) -> str:
    """Return the reason from the log why the server did not start."""
    try:
        lines = home.console.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "it left no log"
    # A server without disk space reports it in many ways, or not at all.
    if shutil.disk_usage(home.path).free < NO_SPACE:
        return "the disk is full; free some space"
    text = "\n".join(lines)
    for mark, sentence in REASONS:
        if mark in text:
            return sentence
    for line in reversed(lines):
        if "Caused by:" in line or "ERROR" in line or "Error" in line:
            return line.split("Caused by:")[-1].strip()[:300].rstrip(".")
    if not lines or " INFO " in lines[-1]:
        busy = "it is still starting; try again when the machine is less busy"
        return busy if alive else "it was killed, probably because the system ran out of memory"
    return lines[-1].strip()[:300].rstrip(".")
