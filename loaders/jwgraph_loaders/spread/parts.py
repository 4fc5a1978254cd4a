"""Part files: lines in a folder or under an fsspec URL, each file named by the SHA-256 of its content.

A task may run twice, and object stores cannot rename: whoever writes a part again writes the same bytes under the same
name, and the manifest, which names the parts, is written last.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from socket import gethostname
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

from jwgraph.errors import SourceError, UsageError

MANIFEST = "manifest.json"


class Part(NamedTuple):
    """A part: the SHA-256 of its content, which is its name, and its rows."""

    sha256: str
    rows: int


@dataclass(slots=True)
class Manifest:
    """What was read, by all workers.

    Attributes
    ----------
    records
        Records read, those included that several sources have.
    log
        Parts with problems and with the reports of sources, in the order of the sources.
    programs
        Parts with the records of each program, sorted.
    references
        Names of reference files, which programs share; sorted.
    shares
        Pairs of programs that are derived together; sorted.
    """

    records: int = 0
    log: list[Part] = field(default_factory=list)
    programs: dict[str, list[Part]] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)
    shares: list[tuple[str, str]] = field(default_factory=list)


class Parts:
    """The part files of one load.

    Parameters
    ----------
    where
        A folder, or an fsspec URL such as `s3://bucket/folder`.
    """

    def __init__(self, where: str) -> None:
        self.where = where.rstrip("/")
        self._folder: _Local | _Remote = _Remote(self.where) if "://" in where else _Local(Path(where))

    def write(self, lines: list[bytes]) -> Part:
        """Write lines as one part."""
        data = b"\n".join(lines)
        part = Part(sha256(data).hexdigest(), len(lines))
        self._put(part.sha256, data)
        return part

    def read(self, part: Part) -> list[bytes]:
        """Return the lines of a part.

        Raises
        ------
        SourceError
            It is missing, or damaged.
        """
        data = self._get(part.sha256)
        lines = data.split(b"\n")
        if Part(sha256(data).hexdigest(), len(lines)) != part:
            raise SourceError(f"The part {self.where}/{part.sha256} is damaged: {AGAIN}.")
        return lines

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, when all parts are there."""
        self._put(MANIFEST, json.dumps(asdict(manifest), indent=1).encode("ascii"))

    def manifest(self) -> Manifest:
        """Read the manifest."""
        found = json.loads(self._get(MANIFEST))
        found["log"] = [Part(*each) for each in found["log"]]
        found["programs"] = {name: [Part(*each) for each in parts] for name, parts in found["programs"].items()}
        found["shares"] = [(one, other) for one, other in found["shares"]]
        return Manifest(**found)

    def _put(self, name: str, data: bytes) -> None:
        try:
            self._folder.put(name, data)
        except OSError as error:
            raise UsageError(
                f"{self.where} cannot be written on {gethostname()} ({_sentence(error)}): parts must be where all "
                "workers can write.",
                remedy="parts",
            ) from None

    def _get(self, name: str) -> bytes:
        try:
            return self._folder.get(name)
        except FileNotFoundError:
            raise SourceError(f"The part {self.where}/{name} is missing: {AGAIN}.") from None
        except OSError as error:
            raise SourceError(f"The part {self.where}/{name} cannot be read ({_sentence(error)}): {AGAIN}.") from None


AGAIN = "run the same command again"


@contextmanager
def own_parts(where: str | None) -> Iterator[Parts]:
    """Make a folder for the parts of one load, and remove it at the end.

    Parameters
    ----------
    where
        Folder or fsspec URL in which it is made; None for the folder of temporary files.

    Raises
    ------
    UsageError
        It cannot be made.
    """
    if where is None:
        with TemporaryDirectory(prefix="jwgraph-parts-", ignore_cleanup_errors=True) as name:
            yield Parts(name)
        return
    root = where.rstrip("/") if "://" in where else str(Path(where).absolute())
    made = Parts(f"{root}/jwgraph-{uuid4().hex}")
    try:
        made._folder.make()
    except OSError as error:
        raise UsageError(f"{where} cannot be used for parts: {_sentence(error)}.", remedy="parts") from None
    try:
        yield made
    finally:
        made._folder.remove()


class _Local:
    """A folder of this machine, or one that several machines share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def make(self) -> None:
        self._root.mkdir(parents=True)

    def put(self, name: str, data: bytes) -> None:
        with NamedTemporaryFile(dir=self._root, delete=False) as file:
            file.write(data)
        Path(file.name).replace(self._root / name)

    def get(self, name: str) -> bytes:
        return (self._root / name).read_bytes()

    def remove(self) -> None:
        shutil.rmtree(self._root, ignore_errors=True)


class _Remote:
    """A place that fsspec reaches."""

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            raise UsageError(f"{url} needs fsspec: `pip install 'jwgraph[dask]'`.") from None
        try:
            self._system, self._root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{url} cannot be used for parts: {_sentence(error)}.", remedy="parts") from None

    def make(self) -> None:
        self._system.makedirs(self._root, exist_ok=True)

    def put(self, name: str, data: bytes) -> None:
        self._system.pipe_file(f"{self._root}/{name}", data)

    def get(self, name: str) -> bytes:
        found: bytes = self._system.cat_file(f"{self._root}/{name}")
        return found

    def remove(self) -> None:
        try:
            self._system.rm(self._root, recursive=True)
        except OSError:
            # Of object stores, a folder without files does not exist.
            return


def _sentence(error: Exception) -> Any:
    return getattr(error, "strerror", None) or str(error).rstrip(".")
