"""Cache the answers of MAST until a load is complete, so that a failed load can resume.

Each command has a folder with a manifest and one file per answer. Files are written under a temporary name and then
renamed, so they are always complete. The cache expires after a day and never contains a token.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from jwgraph.errors import UsageError
from jwgraph_loaders.formats.json_rows import json_cell

KEEP = timedelta(days=1)
FORMAT = 2

_PREFIX = "mast-"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as in the JSON from MAST, one value per column."""

    columns: tuple[str, ...]
    rows: list[list[object]]

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """Yield each row as text, with its number."""
        for number, row in enumerate(self.rows, 1):
            yield number, [json_cell(value) for value in row]


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """Answer for a batch.

    Attributes
    ----------
    table
        The rows.
    cut
        Whether rows are missing.
    parts
        What is to be requested apart: Observations of which this answer does not say which files they have.
    at
        When MAST answered, milliseconds since 1970.
    """

    table: Table = field(default_factory=lambda: Table((), []))
    cut: bool = False
    parts: tuple[tuple[int, ...], ...] = ()
    at: int = 0


class AnswerCache:
    """Cache folder of the queries of one command.

    Parameters
    ----------
    cache
        Parent folder of all queries.
    server, queries
        Determine the folder name, together with the file format.
    """

    def __init__(self, cache: Path, server: str, queries: Sequence[Mapping[str, object]]) -> None:
        self._cache = cache
        self._about: dict[str, object] = {
            "format": FORMAT,
            "server": server,
            "queries": [dict(each) for each in queries],
        }
        self.folder = cache / (_PREFIX + _digest(self._about))

    def open(self) -> None:
        """Create the folder unless it exists, and remove folders older than a day."""
        with self._write_errors():
            self._cache.mkdir(parents=True, exist_ok=True)
            for folder in self._cache.glob(_PREFIX + "*"):
                if not _fresh(folder):
                    shutil.rmtree(folder, ignore_errors=True)
            if not (self.folder / _MANIFEST).exists():
                self._write(_MANIFEST, [self._about | {"date": datetime.now(UTC).isoformat(), "complete": False}])

    def get(self, name: str) -> BatchAnswer | None:
        """Return the cached answer with a name; None if it is missing or incomplete."""
        try:
            with self._file(name).open(encoding="utf-8") as file:
                head = json.loads(next(file, ""))
                rows = [json.loads(line) for line in file]
            whole = len(rows) == head["rows"] and all(len(row) == len(head["columns"]) for row in rows)
            parts = tuple(tuple(part) for part in head["parts"])
            table = Table(tuple(head["columns"]), rows)
            return BatchAnswer(table, head["cut"], parts, head["at"]) if whole else None
        except (OSError, ValueError, LookupError, TypeError):
            # After a system crash a file may be empty or incomplete: request it again.
            return None

    def put(self, name: str, answer: BatchAnswer) -> None:
        """Cache an answer under a name."""
        columns, rows = answer.table.columns, answer.table.rows
        head = {"name": name, "columns": columns, "rows": len(rows), "cut": answer.cut, "parts": answer.parts}
        head["at"] = answer.at
        with self._write_errors():
            self._write(self._file(name).name, [head, *rows])

    def get_content(self, name: str) -> bytes | None:
        """Return the cached content of a file; None if it is missing or incomplete."""
        try:
            kept = json.loads(self._file(f"content {name}").read_text(encoding="utf-8"))
            return str(kept["content"]).encode("latin-1")
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def put_content(self, name: str, content: bytes) -> None:
        """Cache the content of a file."""
        with self._write_errors():
            self._write(self._file(f"content {name}").name, [{"name": name, "content": content.decode("latin-1")}])

    def complete(self) -> None:
        """Mark the cache as complete."""
        with self._write_errors():
            about = json.loads((self.folder / _MANIFEST).read_text(encoding="utf-8"))
            self._write(_MANIFEST, [about | {"complete": True}])

    def remove_if_complete(self) -> bool:
        """Remove the folder if it is complete, and return whether it no longer exists."""
        about = _manifest(self.folder)
        if about.get("complete") is True:
            shutil.rmtree(self.folder, ignore_errors=True)
        return not self.folder.exists()

    def _file(self, name: str) -> Path:
        return self.folder / f"{_digest(name)}.jsonl"

    def _write(self, name: str, values: Sequence[object]) -> None:
        # Another load of the same query may have removed the folder.
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
    def _write_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise UsageError(
                f"{self._cache} cannot be written ({why}); name another folder in JWGRAPH_CACHE."
            ) from None


def now() -> int:
    """Return the time, milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:20]


def _manifest(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _fresh(folder: Path) -> bool:
    """Return whether a folder was created within the last day; a date in the future (a wrong clock) does not count."""
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(str(_manifest(folder).get("date")))
    except (ValueError, TypeError):
        return False
    return timedelta(0) <= age < KEEP
