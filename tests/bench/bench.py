"""What the sections of a benchmark share: the result, the folder, and the store that most of them need."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jwgraph import server
from tests.bench import offline, rows
from tests.bench import server as servers
from tests.bench.result import Result
from tests.bench.rows import Rows
from tests.bench.sample import Sample
from tests.bench.server import Server, Usage


@dataclass(frozen=True, slots=True)
class Traced:
    """A load with its steps: `{"steps": {step: [wall, server, Python]}}`, and functions where they were sampled."""

    usage: Usage
    found: dict[str, Any]


@dataclass
class Bench:
    """One run.

    Attributes
    ----------
    folder
        Where all its files are.
    number
        Rows of the large product list.
    against
        Interpreter of another checkout to compare with.
    repeat
        How often small things are measured.
    archive
        Whether the large list is that of a synthetic archive, with all that comes with it.
    sizes
        Rows of the lists that show how loads and answers grow.
    """

    result: Result
    folder: Path
    number: int
    against: str = ""
    repeat: int = 3
    archive: bool = False
    sizes: Sequence[int] = ()
    _open: ExitStack = field(default_factory=ExitStack)

    def close(self) -> None:
        """Stop the server that the sections share."""
        self._open.close()

    @contextmanager
    def fresh(self, python: str = sys.executable) -> Iterator[Server]:
        """Start a server with an empty store."""
        with servers.fresh(self.folder, python) as found:
            yield found

    @cached_property
    def rows(self) -> Rows:
        """The large product list."""
        return self.write("rows", self.number)

    def write(self, name: str, number: int) -> Rows:
        """Write rows to a folder."""
        return (rows.write_archive if self.archive else rows.write)(self.folder / name, number)

    @property
    def sample(self) -> Sample:
        """What questions about the large store are about."""
        assert self.rows.sample is not None
        return self.rows.sample

    @cached_property
    def again(self) -> Rows:
        """The same rows in another order, in a file of another name, one row of each program changed."""
        return rows.shuffled(self.rows, self.folder / "again")

    @cached_property
    def first_load(self) -> tuple[Server, Traced]:
        """The large list, loaded into a fresh store; its server runs until the end."""
        found = self._open.enter_context(self.fresh())
        return found, load(found, self.rows, self.folder)

    @cached_property
    def dumped(self) -> tuple[Path, Usage]:
        """The dump of the large store."""
        found, _ = self.first_load
        target = self.folder / "dump"
        return target, found.jwgraph("store", "dump", str(target))

    @cached_property
    def tables(self) -> offline.Tables:
        """The large store as tables for the offline import."""
        return offline.write_tables(self.dumped[0], self.folder / "tables")

    @cached_property
    def imports(self) -> list[Usage]:
        """The offline imports so far; `imported` adds one."""
        return []

    def imported(self) -> server.Home:
        """Import the large graph once more."""
        home = server.Home(Path(tempfile.mkdtemp(dir=self.folder, prefix="import-")))
        self.imports.append(offline.import_tables(self.tables, home))
        return home


def load(found: Server, what: Rows, folder: Path, *, sample: bool = False) -> Traced:
    """Load files in a process of its own."""
    out = folder / "traced.json"
    command = [sys.executable, "-m", "tests.bench.traced", str(found.home.path), str(out), *what.arguments]
    here = str(Path(__file__).resolve().parents[2])
    around = found.environment | {"PYTHONPATH": here}
    used = servers.run([*command, "--sample"] if sample else command, around, watched=found.process)
    return Traced(used, json.loads(out.read_text(encoding="utf-8")))
