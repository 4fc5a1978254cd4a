"""Check a folder against the store: each of its files, and what it lacks."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from jwgraph.answers import selection
from jwgraph.answers.check import TO_FETCH, Checked, CheckRow, CheckState, LocalFile, compare
from jwgraph.answers.notes import KEYWORDS_OF, Note, between, number, sync, undisturbed
from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.export.repair import Repair
from jwgraph.model.vocabulary import Selection
from jwgraph.names.grammar import parse
from jwgraph.store import snapshot
from jwgraph.store.graph import Graph
from jwgraph_loaders.check_files import local_files
from jwgraph_loaders.text import quoted

BATCH = 1000

# Files of many Observations: to have one is not to have any of these.
_SHARED = frozenset({"association", "pool", "guide_star", "msa"})

# Notes on what is not loaded; a folder may have files of very many Observations.
_NOTES = 5


@dataclass(slots=True)
class Check:
    """A check of a folder; its rows are read once, and the rest is known after that.

    Attributes
    ----------
    folder
        Folder to check; its subfolders are checked too.
    select
        Files that the folder should have of each Observation of which it has a file; None for none.
    repairing
        Collect `repairs`.
    counts
        Number of files in each state.
    failed
        Number of files and folders that could not be read.
    repairs
        What a download would put right.
    lost
        Files in a wrong state that the archive does not have.
    """

    graph: Graph
    folder: Path
    select: Selection | None = Selection.MRP
    repairing: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    repairs: list[Repair] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    _unloaded: Counter[str] = field(default_factory=Counter)
    _no_context: Counter[bool] = field(default_factory=Counter)
    _of_answers: dict[Note, None] = field(default_factory=dict)
    _programs: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise UsageError(f"There is no folder {quoted(str(self.folder))}.")

    @property
    def wrong(self) -> bool:
        """Whether a file is to be fetched, or could not be read."""
        return self.failed > 0 or any(self.counts[state] for state in TO_FETCH)

    @property
    def notes(self) -> list[Note]:
        """What the check depends on and is not loaded."""
        of_programs = [
            Note(
                f"program {number(program)} is not loaded, so {files:,} of the files cannot be compared",
                sync(program=program),
            )
            for program, files in sorted(self._unloaded.items())
        ]
        # Where no context at all is known, none was expected.
        if self._no_context[True] and self._no_context[False]:
            files = f"the CRDS context of {self._no_context[True]:,} of the files cannot be compared"
            of_programs.append(Note(f"{KEYWORDS_OF}: {files}"))
        others = list(self._of_answers)
        more = [Note(f"{len(others) - _NOTES:,} more such notes")] if len(others) > _NOTES else []
        return [*of_programs, *others[:_NOTES], *more]

    def rows(self, on_files: Callable[[int], object] = lambda _number: None) -> Iterator[CheckRow]:
        """Yield the files of the folder, and then those that it lacks, in bounded memory.

        Parameters
        ----------
        on_files
            Called with the number of files so far.
        """
        # A database without a name is a temporary file, which goes when it is closed.
        with closing(sqlite3.connect("")) as names:
            names.execute("CREATE TABLE files (name TEXT PRIMARY KEY) WITHOUT ROWID")
            names.execute("CREATE TABLE owners (obs_id TEXT PRIMARY KEY) WITHOUT ROWID")
            found = local_files(self.folder)
            begun = snapshot.now(self.graph)
            read = 0
            while batch := list(islice(found, BATCH)):
                read += len(batch)
                on_files(read)
                batch.sort(key=lambda local: local.file)
                checked, said = undisturbed(self.graph, partial(_compared, self.graph, batch))
                self._of_answers.update(dict.fromkeys(said))
                self._programs.update(parse(local.filename).program for local in batch)
                _remember(names, checked)
                for each in checked:
                    self._note(each)
                    yield each.row
            for row in self._missing(names):
                self.counts[row.state] += 1
                yield row
        # Each batch is of one state of the store, and two may be of two.
        moved = snapshot.moved_since(self.graph, begun)
        self._of_answers = dict.fromkeys([*between(moved, self._programs), *self._of_answers])

    def _note(self, checked: Checked) -> None:
        local, row, known, unloaded = checked
        self.counts[row.state] += 1
        self.failed += local.failed
        if unloaded:
            self._unloaded[unloaded] += 1
        if local.crds_ctx and known is not None and known["archived"]:
            self._no_context[known["crds_ctx"] is None] += 1
        if not self.repairing or row.state not in TO_FETCH:
            return
        if known is None or known["withdrawn"] or not local.plain:
            self.lost.append(local.file)
        else:
            self.repairs.append(_repair(local, row, known))

    def _missing(self, names: sqlite3.Connection) -> Iterator[CheckRow]:
        """Yield the archived files of the selection that are not in the folder, each once."""
        if self.select is None:
            return
        for (obs_id,) in names.execute("SELECT obs_id FROM owners ORDER BY obs_id"):
            wanted = selection.select(self.graph, [obs_id], self.select)
            self._of_answers.update(dict.fromkeys(wanted.notes))
            for row in wanted:
                if row.archived and names.execute(_ADD, (row.productFilename,)).rowcount:
                    if self.repairing:
                        self.repairs.append(Repair(row, row.productFilename))
                    yield CheckRow(row.productFilename, CheckState.MISSING, _REASONS[self.select], row.obs_id)


_ADD = "INSERT OR IGNORE INTO files VALUES (?)"

_REASONS = {
    Selection.MRP: "recommended, and not in the folder",
    Selection.TREE: "in the tree, and not in the folder",
    Selection.OWN: "the Observation's own, and not in the folder",
    Selection.LINKED: "linked, and not in the folder",
    Selection.LINEAGE: "in the lineage, and not in the folder",
    Selection.INPUTS: "an input, and not in the folder",
}


def _compared(graph: Graph, batch: Sequence[LocalFile]) -> list[Checked]:
    return list(compare(graph, batch))


def _remember(names: sqlite3.Connection, checked: Iterable[Checked]) -> None:
    for each in checked:
        if not each.local.filename:
            continue
        names.execute(_ADD, (each.local.filename,))
        if each.known and each.known["obs_id"] and each.known["form"] not in _SHARED:
            names.execute("INSERT OR IGNORE INTO owners VALUES (?)", (each.known["obs_id"],))


def _repair(local: LocalFile, row: CheckRow, known: dict[str, object]) -> Repair:
    """Return the download of a file to the place where it is."""
    product = ProductRow(
        productFilename=local.filename,
        obs_id=row.obs_id,
        productType=None,
        calib_level=None,
        dataURI=known["dataURI"],  # type: ignore[arg-type]
        size=known["size"],  # type: ignore[arg-type]
        mrp=False,
        relation="",
        productLevel=None,
        archived=bool(known["archived"]),
    )
    parent, slash, _ = local.file.rpartition("/")
    same = local.size is None or local.size == known["size"] or known["size"] is None
    return Repair(product, f"{parent}{slash}{local.filename}", local.file if same else "")
