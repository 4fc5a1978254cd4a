"""Java's classes, read and linked once: with the cache of an earlier run a server starts and warms up faster.

Java 25 calls it an AOT cache (JEP 483, 514, 515), Java 17 and 21 an archive of shared classes. It is made by a training
run, `jwgraph.training`, in the background of the first start, and belongs to one Java, one set of jars and one user.
Without it, or where Java refuses it, a server starts as it always did.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any

import psutil

from jwgraph import settings
from jwgraph.server import jars as jar_files
from jwgraph.server.runtime import Java

TRAINING = "jwgraph.training"
FOLDER = "java"
ATTEMPTS = 3
# A training run needs a second server for about a minute; the cache takes 160 MB.
MEMORY_NEEDED = 2_000_000_000
SPACE_NEEDED = 1_000_000_000
KEPT_SECONDS = 90 * 86400.0
_PIECE = 1 << 22
# Java 24 has the first half of it only.
_AOT_SINCE = 25


@dataclass(frozen=True, slots=True)
class ClassCache:
    """The cache of one Java and one set of jars.

    Attributes
    ----------
    file
        Where it is, or will be.
    release
        The release of Java.
    """

    file: Path
    release: int

    @property
    def about(self) -> Path:
        """File with size and checksum of the cache, or the number of attempts to make it."""
        return self.file.with_suffix(".json")

    def to_use(self) -> list[str]:
        """Return Java's options to use the cache; none where it is missing or damaged, and a damaged one is removed."""
        known = self._known()
        if "crc32" not in known:
            return []
        try:
            whole = (self.file.stat().st_size, _crc32(self.file)) == (known["size"], known["crc32"])
            if whole:
                # The last use: what nobody uses is removed one day.
                os.utime(self.about)
                return self._options("-XX:AOTCache", "-XX:SharedArchiveFile", self.file)
            self.remove()
        except OSError:
            pass
        return []

    def to_make(self, part: Path) -> list[str]:
        """Return Java's options to write a cache to a file when the server ends."""
        return self._options("-XX:AOTCacheOutput", "-XX:ArchiveClassesAtExit", part)

    def _options(self, newer: str, older: str, path: Path) -> list[str]:
        # A cache that does not fit is no news to a user.
        option, log = (newer, "aot") if self.release >= _AOT_SINCE else (older, "cds")
        return [f"{option}={path}", f"-Xlog:{log}*=off"]

    def wanted(self) -> bool:
        """Return whether a training run should make it now: not if that failed before, or memory or disk are short."""
        if self.file.exists() or self._known().get("attempts", 0) >= ATTEMPTS:
            return False
        try:
            space = shutil.disk_usage(settings.cache()).free
        except OSError:
            return False
        return space >= SPACE_NEEDED and int(psutil.virtual_memory().available) >= MEMORY_NEEDED

    def train_later(self, version: str) -> None:
        """Start a training run in the background, if the cache is wanted; it goes on when this process has ended."""
        if not sys.executable or not self.wanted():
            return
        try:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", TRAINING, version],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError:
            return
        # It outlives this process; Python would warn about a running child.
        child.returncode = 0

    def attempt(self) -> None:
        """Count an attempt, before it begins."""
        self._write({"attempts": self._known().get("attempts", 0) + 1})

    def keep(self, part: Path) -> None:
        """Take a finished cache: from now on servers use it. Those that nobody has used for months are removed."""
        found = {"size": part.stat().st_size, "crc32": _crc32(part)}
        part.replace(self.file)
        self._write(found)
        for about in self.file.parent.glob("*.json"):
            if about.stat().st_mtime < time() - KEPT_SECONDS:
                ClassCache(about.with_suffix(self.file.suffix), self.release).remove()

    def give_up(self) -> None:
        """Remove a cache with which no server starts, and make none again."""
        with suppress(OSError):
            self.remove()
            self._write({"attempts": ATTEMPTS})

    def remove(self) -> None:
        """Remove the cache."""
        self.about.unlink(missing_ok=True)
        self.file.unlink(missing_ok=True)

    def _known(self) -> dict[str, Any]:
        try:
            found = json.loads(self.about.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, known: dict[str, Any]) -> None:
        beside = self.about.with_suffix(".new")
        beside.write_text(json.dumps(known), encoding="utf-8")
        beside.replace(self.about)


def of(version: str, runtime: Java, jars: Path) -> ClassCache | None:
    """Return the cache of a version of Neo4j and a Java; None where the user wants none.

    Parameters
    ----------
    jars
        The folder of the jars: Java refuses a cache where they were written again.
    """
    if not settings.class_cache():
        return None
    try:
        release = (runtime.program.parent.parent / "release").read_bytes()
        written = (jars / jar_files.READY).stat().st_mtime_ns
    except OSError:
        return None
    key = sha256(b"%b %d %b" % (release, written, str(jars).encode())).hexdigest()[:12]
    folder = settings.cache() / FOLDER
    return ClassCache(folder / f"neo4j-{version}-java-{runtime.release}-{key}.cache", runtime.release)


def _crc32(path: Path) -> int:
    """Return a checksum that finds what a broken disk or a full one did, in a twentieth of a second."""
    found = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
    return found
