"""The rows that a benchmark loads: synthetic ones, the same in another order, and a real list."""

from __future__ import annotations

import csv
import os
import random
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench import synthetic
from tests.bench.archive import write as archive
from tests.bench.sample import Sample

REAL = "mast/products/jw05224-o004_parent_254258368.csv"
SMALL = 359
# Of a synthetic archive: some files are listed under several Observations, or in two versions.
PRODUCTS_A_ROW = 0.75
NEWER = "1.99.0"


@dataclass(frozen=True, slots=True)
class Rows:
    """Files to load.

    Attributes
    ----------
    paths
        The product list and what else is loaded with it.
    number
        Rows of the product list.
    sample
        What questions are about, in the middle of it; None where none are asked.
    """

    paths: tuple[Path, ...]
    number: int
    sample: Sample | None = None

    @property
    def arguments(self) -> list[str]:
        """The paths as arguments of a command."""
        return [str(path) for path in self.paths]


def write(folder: Path, number: int) -> Rows:
    """Write this many rows of a synthetic product list, and the associations of its Observations."""
    folder.mkdir(parents=True, exist_ok=True)
    products, associations, observations = synthetic.write(folder, number)
    middle = observations // 2
    program, within, level3 = synthetic.observation_id(middle)
    exposure = next(synthetic.exposures(program, within))
    sample = Sample(program, level3, f"{level3}_i2d.fits", synthetic.association(middle)[0], exposure)
    return Rows((products, associations), number, sample)


def write_archive(folder: Path, number: int) -> Rows:
    """Write a synthetic archive whose product lists have about this many rows, and all that comes with them."""
    made = archive.write(folder, int(number * PRODUCTS_A_ROW))
    return Rows(tuple(made.paths), made.rows, made.samples[len(made.samples) // 2])


def shuffled(rows: Rows, folder: Path) -> Rows:
    """Write the same rows in another order, to files of other names, one row of each program changed.

    So no hash of a file shows that most of it is known.
    """
    folder.mkdir()
    changed: set[str] = set()
    paths = []
    for number, path in enumerate(rows.paths):
        if not path.name.startswith("products"):
            paths.append(path)
            continue
        paths.append(folder / f"again-{number}.csv")
        _shuffle(path, paths[-1], changed)
    return replace(rows, paths=tuple(paths))


def _shuffle(source: Path, target: Path, changed: set[str]) -> None:
    with source.open(newline="") as file:
        header, *lines = csv.reader(file)
    version, program = header.index("prvversion"), header.index("proposal_id")
    for line in lines:
        # Previews have no version.
        if line[version] and line[program] not in changed:
            changed.add(line[program])
            line[version] = NEWER
    random.Random(1).shuffle(lines)
    with target.open("w", newline="") as file:
        csv.writer(file).writerows([header, *lines])


def small(folder: Path) -> tuple[Rows, str]:
    """Return a list of one Observation, and where it comes from: real where `JWGRAPH_SHARED` names the real data."""
    real = Path(os.environ.get("JWGRAPH_SHARED", "/nowhere")) / REAL
    if real.exists():
        return Rows((real,), SMALL), "a real list"
    return write(folder / "small", SMALL), "synthetic"
