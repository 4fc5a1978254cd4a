"""Keeps what MAST has answered until the load is done, so that a load that failed goes on where it stopped.

A query has a folder, with a manifest and one file for each answer. A file is written under another name and renamed:
what stands there is whole. Nothing of it is older than a day, and no token is in it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from jwgraph.errors import UsageError

KEEP = timedelta(days=1)
FORMAT = 1

_PREFIX = "mast-"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as MAST's JSON has them, one value for each column."""

    columns: tuple[str, ...]
    rows: list[list[object]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of a batch: its rows, or the parts it had to be split into; `cut` where rows are missing."""

    table: Table = field(default_factory=lambda: Table((), []))
    cut: bool = False
    parts: tuple[tuple[int, ...], ...] = ()


class Kept:
    """The folder of one query.

    Parameters
    ----------
    cache
        The folder of all queries.
    server, query
        What the folder's name is made of, with the format of the files.
    """

    def __init__(self, cache: Path, server: str, query: Mapping[str, object]) -> None:
        self._cache = cache
        self._about = {"format": FORMAT, "server": server, "query": dict(query)}
        self.folder = cache / (_PREFIX + _digest(self._about))

    def open(self) -> None:
        """Begin, or go on: folders older than a day are removed, and this one is made if there is none."""
        with self._told():
            self._cache.mkdir(parents=True, exist_ok=True)
            for folder in self._cache.glob(_PREFIX + "*"):
                if not _fresh(folder):
                    shutil.rmtree(folder, ignore_errors=True)
            if not (self.folder / _MANIFEST).exists():
                self._write(_MANIFEST, [self._about | {"date": datetime.now(UTC).isoformat(), "complete": False}])

    def get(self, name: str) -> Piece | None:
        """Return what is kept under a name; None where there is nothing, or nothing whole."""
        try:
            with self._file(name).open(encoding="utf-8") as file:
                head = json.loads(next(file, ""))
                rows = [json.loads(line) for line in file]
            whole = len(rows) == head["rows"] and all(len(row) == len(head["columns"]) for row in rows)
            parts = tuple(tuple(part) for part in head["parts"])
            return Piece(Table(tuple(head["columns"]), rows), head["cut"], parts) if whole else None
        except (OSError, ValueError, LookupError, TypeError):
            # After a crash of the machine a file may be empty or half there: it is asked for again.
            return None

    def put(self, name: str, piece: Piece) -> None:
        """Keep what was answered under a name."""
        columns, rows = piece.table.columns, piece.table.rows
        head = {"name": name, "columns": columns, "rows": len(rows), "cut": piece.cut, "parts": piece.parts}
        with self._told():
            self._write(self._file(name).name, [head, *rows])

    def complete(self) -> None:
        """Note that everything is here."""
        with self._told():
            about = json.loads((self.folder / _MANIFEST).read_text(encoding="utf-8"))
            self._write(_MANIFEST, [about | {"complete": True}])

    def remove_if_complete(self) -> bool:
        """Remove the folder if everything is here, and tell whether it is gone."""
        about = _manifest(self.folder)
        if about.get("complete") is True:
            shutil.rmtree(self.folder, ignore_errors=True)
        return not self.folder.exists()

    def _file(self, name: str) -> Path:
        return self.folder / f"{_digest(name)}.jsonl"

    def _write(self, name: str, values: Sequence[object]) -> None:
        # Somebody else's load of the same query may have removed the folder since.
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=self.folder, suffix=".part", delete=False) as file:
            path = Path(file.name)
            try:
                file.writelines(json.dumps(value) + "\n" for value in values)
                file.close()
                path.replace(self.folder / name)
            except BaseException:
                path.unlink(missing_ok=True)
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise UsageError(
                f"{self._cache} cannot be written ({why}); name another folder in JWGRAPH_CACHE."
            ) from None


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:20]


def _manifest(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _fresh(folder: Path) -> bool:
    """Tell whether a folder was begun within a day; a date in the future is that of a clock that was wrong."""
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(str(_manifest(folder).get("date")))
    except (ValueError, TypeError):
        return False
    return timedelta(0) <= age < KEEP
