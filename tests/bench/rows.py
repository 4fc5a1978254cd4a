"""The rows that a benchmark loads: synthetic ones, the same in another order, and a real list."""

from __future__ import annotations

import csv
import os
import random
from dataclasses import dataclass
from pathlib import Path

from tests.bench import synthetic

REAL = "mast/products/jw05224-o004_parent_254258368.csv"
SMALL = 359


@dataclass(frozen=True, slots=True)
class Rows:
    """Files to load.

    Attributes
    ----------
    paths
        The product list and what else is loaded with it.
    number
        Rows of the product list.
    observations
        Level 3 Observations in it.
    """

    paths: tuple[Path, ...]
    number: int
    observations: int = 0

    @property
    def arguments(self) -> list[str]:
        """The paths as arguments of a command."""
        return [str(path) for path in self.paths]


def write(folder: Path, number: int) -> Rows:
    """Write this many rows of a synthetic product list, and the associations of its Observations."""
    folder.mkdir()
    products, associations, observations = synthetic.write(folder, number)
    return Rows((products, associations), number, observations)


def shuffled(rows: Rows, folder: Path) -> Rows:
    """Write the same rows in another order, to a file of another name, one row of each program changed.

    No hash of the file can tell then that most of it is known.
    """
    folder.mkdir()
    products, *others = rows.paths
    with products.open(newline="") as file:
        header, *lines = csv.reader(file)
    version, program = header.index("prvversion"), header.index("proposal_id")
    changed: set[str] = set()
    for line in lines:
        if line[program] not in changed:
            changed.add(line[program])
            line[version] = "1.18.0"
    random.Random(1).shuffle(lines)
    target = folder / "again.csv"
    with target.open("w", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    return Rows((target, *others), rows.number, rows.observations)


def small(folder: Path) -> tuple[Rows, str]:
    """Return a list of one Observation, and where it comes from: real where `JWGRAPH_SHARED` names the real data."""
    real = Path(os.environ.get("JWGRAPH_SHARED", "/nowhere")) / REAL
    if real.exists():
        return Rows((real,), SMALL), "a real list"
    return write(folder / "small", SMALL), "synthetic"
