"""Products and Observations of a batch: the files named by records of any kind become nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jwgraph.names.grammar import Name
from jwgraph_loaders.write.rows import (
    ARCHIVED,
    COMPARED,
    FILENAME,
    LABELS,
    NAMED_VALUES,
    OBS_ID,
    PROGRAM,
    SEEN,
    Row,
    merge_owned,
    named_observation,
    owned_file,
    product_row,
)
from jwgraph_loaders.write.transaction import Changes, Stored


@dataclass(slots=True)
class ObservationRow:
    """An Observation with its files; `named` has the properties from `named_observation`."""

    obs_id: str
    named: Row
    mast_obsid: int | None = None
    mast_parents: list[int] = field(default_factory=list)
    files: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def program(self) -> str:
        """Program in the identifier, five digits; empty if there is no program."""
        return str(self.named["program"])

    def own(self, file: list[Any]) -> None:
        """Add a file that the Observation owns, a list from `owned_file`."""
        known = self.files.setdefault(file[FILENAME], file)
        if known is not file:
            merge_owned(known, file)

    def numbers(self) -> list[Any]:
        """Return the row of `write/observations`."""
        return [self.obs_id, self.mast_obsid, self.mast_parents or None]


@dataclass(slots=True)
class Nodes:
    """The nodes of a batch.

    Attributes
    ----------
    products, observations
        Rows by file name and by obs_id.
    programs
        All programs that the rows name.
    shares
        Pairs of programs that are derived together.
    shared
        Nodes for edges of files with many owners (pools). Creating such an edge locks the file, so concurrent
        transactions would wait for each other.
    size
        Number of nodes and members to write; the writer sends the batch when it is large enough.
    unowned
        Files found only in link tables so far; a link table does not show which dataset owns a file.
    """

    products: dict[str, list[Any]] = field(default_factory=dict)
    observations: dict[str, ObservationRow] = field(default_factory=dict)
    programs: set[str] = field(default_factory=set)
    shares: set[tuple[str, str]] = field(default_factory=set)
    shared: Nodes | None = None
    size: int = 0
    unowned: set[str] = field(default_factory=set)
    # Observations by their identifiers as given, of which several may be one.
    _given: dict[str, ObservationRow] = field(default_factory=dict)

    def product(
        self,
        name: Name,
        *,
        archived: bool = False,
        seen: bool = False,
        label: str | None = None,
        owned: bool = True,
    ) -> list[Any]:
        """Add a file, and the Observation that owns it according to its name.

        Parameters
        ----------
        name
            Parsed file name.
        archived
            Whether the archive lists the file; False means unknown.
        seen
            Whether the file was seen on disk; False means unknown.
        label
            Association or Pool, for a file used as one, whatever its name.
        owned
            Whether its Observation is added too.
        """
        filename = name.filename
        row = self.products.get(filename)
        if row is None:
            row = self.products[filename] = product_row(name)
            self.programs.add(name.program)
            self.size += 1
            if owned:
                self._own_by_name(name, row)
            else:
                self.unowned.add(filename)
        elif owned and self.unowned and filename in self.unowned:
            self.unowned.discard(filename)
            self._own_by_name(name, row)
        if archived:
            row[ARCHIVED] = True
        if seen:
            row[SEEN] = True
        if label is not None and label not in (row[LABELS] or ()):
            row[LABELS] = [*(row[LABELS] or ()), label]
        return row

    def _own_by_name(self, name: Name, row: list[Any]) -> None:
        if name.obs_id:
            owner = self.observation(name.obs_id)
            owner.own(owned_file(name.filename, "name"))
            row[OBS_ID] = owner.obs_id

    def observation(self, obs_id: str) -> ObservationRow:
        """Add an Observation."""
        row = self._given.get(obs_id)
        if row is None:
            named = named_observation(obs_id)
            key = named["obs_id"]
            row = self.observations.get(key)
            if row is None:
                row = self.observations[key] = ObservationRow(key, named)
                self.programs.add(row.program)
                self.size += 1
            self._given[obs_id] = row
        return row

    def own(self, owner: ObservationRow, name: Name, file: list[Any]) -> None:
        """Add a file to an Observation; add a pool and its Observation to the shared nodes."""
        if name.form != "pool" or self.shared is None:
            owner.own(file)
            return
        self.shared.product(name)
        self.shared.observation(owner.obs_id).own(file)

    def share(self, home: str, other: str) -> None:
        """Record that two programs affect each other, so that their edges are derived together."""
        if other != home:
            self.programs.add(other)
            self.shares.add((home, other))

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the statements for nodes, and for which Observation owns which file.

        What is new is created, which is much faster than merging: all that writes is this load, and a node that another
        of its sessions creates at the same time is refused by its constraint.
        """
        made = self._compare_products(stored, changes) | self._compare_observations(stored, changes)
        new: list[tuple[ObservationRow, list[list[Any]]]] = []
        known: list[tuple[ObservationRow, list[list[Any]]]] = []
        for obs_id, row in sorted(self.observations.items()):
            files = [row.files[filename] for filename in sorted(row.files)]
            if obs_id in made:
                new.append((row, files))
                continue
            # Between two stored nodes another session may create the edge too: only MERGE waits for it.
            new.append((row, [file for file in files if file[FILENAME] in made]))
            known.append((row, [file for file in files if file[FILENAME] not in made]))
        _add_owners("new_owners", new, changes)
        _add_owners("owners", _differing(known, stored), changes)

    def _compare_products(self, stored: Stored, changes: Changes) -> set[str]:
        rows = [self.products[filename] for filename in sorted(self.products)]
        same, other = stored.held("products", [row[:COMPARED] for row in rows])
        new = [row for number, row in enumerate(rows) if number not in same and number not in other]
        changes.add("new_products", new, _programs(new), label="Product", now=changes.now)
        merged = [rows[number] for number in sorted(other)]
        changes.add("products", merged, _programs(merged), now=changes.now)
        return {row[FILENAME] for row in new}

    def _compare_observations(self, stored: Stored, changes: Changes) -> set[str]:
        observations = [self.observations[obs_id] for obs_id in sorted(self.observations)]
        rows = [each.numbers() for each in observations]
        same, other = stored.held("observations", rows)
        new = [number for number in range(len(rows)) if number not in same and number not in other]
        created = [[*rows[number], observations[number].named] for number in new]
        changes.add("new_observations", created, (observations[n].program for n in new), label="Observation")
        merged = [rows[number] for number in sorted(other)]
        changes.add("observations", merged, (observations[number].program for number in other))
        return {observations[number].obs_id for number in new}


def _programs(products: list[list[Any]]) -> Iterator[str]:
    return (row[NAMED_VALUES][PROGRAM] for row in products)


_Owners = list[tuple[ObservationRow, list[list[Any]]]]


def _differing(owners: _Owners, stored: Stored) -> _Owners:
    """Leave out the files whose ownership would not change."""
    rows, first = [], 0
    for row, files in owners:
        rows.append([row.obs_id, files, first])
        first += len(files)
    same = stored.same("owners", rows)
    number = iter(range(first))
    return [(row, [file for file in files if next(number) not in same]) for row, files in owners]


def _add_owners(statement: str, owners: _Owners, changes: Changes) -> None:
    found = [(row, files) for row, files in owners if files]
    rows = [[row.obs_id, files] for row, files in found]
    changes.add(statement, rows, (row.program for row, _ in found), edge="PART_OF")
