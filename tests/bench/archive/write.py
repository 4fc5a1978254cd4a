"""A synthetic archive of any size, as the files that the loaders read: `python -m tests.bench.archive.write`.

Product lists, observation searches, keywords, reference files as CSV; associations and pools in tar archives. The same
seed gives the same bytes, and the beginning of a larger archive is the smaller one. One observation is in memory at a
time, with the names and pools of its program.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from tests.bench.archive import listing, sky
from tests.bench.archive.listing import Listing, Row
from tests.bench.archive.sky import Association, Field, Program
from tests.bench.sample import Sample

SEED = 1
# Rows of one file, about.
ROWS = 500_000
# Files of one tar archive.
MEMBERS = 20_000
SAMPLES = 1000


@dataclass(slots=True)
class Archive:
    """What was written.

    Attributes
    ----------
    paths
        The files, in the order in which they are loaded.
    products, rows
        Different file names in the product lists, and their rows.
    samples
        Observations to ask about, some of many, from all of the archive.
    """

    paths: list[Path] = field(default_factory=list)
    products: int = 0
    rows: int = 0
    samples: list[Sample] = field(default_factory=list)


class _Table:
    """A table in files of a size that is bounded."""

    def __init__(self, folder: Path, name: str, header: Sequence[str], archive: Archive) -> None:
        self._folder, self._name, self._header, self._archive = folder, name, header, archive
        self._file: TextIO | None = None
        self._count = self._number = 0

    def add(self, rows: Iterable[Row]) -> int:
        """Add rows, and return how many there are."""
        if self._file is None or self._count >= ROWS:
            self.close()
            path = self._folder / f"{self._name}-{self._number:04d}.csv"
            self._number += 1
            self._count = 0
            self._archive.paths.append(path)
            self._file = path.open("w", newline="", encoding="ascii")
            self._file.write(",".join(self._header) + "\n")
        before = self._count
        writer = csv.writer(self._file, lineterminator="\n")
        for row in rows:
            writer.writerow(row)
            self._count += 1
        return self._count - before

    def close(self) -> None:
        """End the file."""
        if self._file is not None:
            self._file.close()


class _Packed:
    """Associations and pools in tar archives of a size that is bounded: one that is open remembers all its members."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self._folder, self._archive = folder, archive
        self._tar: tarfile.TarFile | None = None
        self._count = self._number = 0

    def add(self, name: str, text: str) -> None:
        """Add a file."""
        if self._tar is None or self._count >= MEMBERS:
            self.close()
            path = self._folder / f"associations-{self._number:04d}.tar"
            self._number += 1
            self._count = 0
            self._archive.paths.append(path)
            self._tar = tarfile.TarFile(path, "w", format=tarfile.USTAR_FORMAT)
        data = text.encode("ascii")
        info = tarfile.TarInfo(name)
        info.size = len(data)
        self._tar.addfile(info, io.BytesIO(data))
        self._count += 1

    def close(self) -> None:
        """End the archive."""
        if self._tar is not None:
            self._tar.close()


def write(
    folder: Path, products: int, *, seed: int = SEED, references: bool = True, most: int | None = None
) -> Archive:
    """Write an archive with at least this many products, ending with a whole observation.

    Parameters
    ----------
    references
        Whether the tables of reference files and of keywords are written too; they are as long as the lists.
    most
        Most observations of a program: for a small archive of many programs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = Archive()
    tables = {
        "products": _Table(folder, "products", listing.PRODUCTS, archive),
        "observations": _Table(folder, "observations", listing.OBSERVATIONS, archive),
    }
    if references:
        tables["keywords"] = _Table(folder, "keywords", listing.KEYWORDS, archive)
        tables["references"] = _Table(folder, "references", listing.REFERENCE_ROWS, archive)
    packed = _Packed(folder, archive)
    place = 0
    while archive.products < products:
        program, fields = sky.program(seed, place)
        _Written(archive, tables, packed, program, islice(fields, most), place).write(products)
        place += 1
    packed.close()
    for table in tables.values():
        table.close()
    return archive


class _Written:
    """One program while it is written."""

    def __init__(
        self,
        archive: Archive,
        tables: dict[str, _Table],
        packed: _Packed,
        program: Program,
        fields: Iterable[Field],
        place: int,
    ) -> None:
        self._archive, self._tables, self._packed = archive, tables, packed
        self._program, self._fields = program, fields
        self._listings = [Listing(program, place, turn) for turn in range(len(program.stamps))]
        self._pool: list[Row] = []
        self._names: set[str] = set()

    def write(self, products: int) -> None:
        """Write observation after observation until the archive is large enough."""
        before = self._archive.products
        for found in self._fields:
            self._field(found)
            self._archive.products = before + len(self._names)
            if self._archive.products >= products:
                break
        for stamp in self._program.stamps:
            lines = ("|".join(str(cell) for cell in row) for row in (listing.POOL, *self._pool))
            self._packed.add(self._program.pool(stamp), "\n".join(lines) + "\n")

    def _field(self, found: Field) -> None:
        for turn, (stamp, each) in enumerate(zip(self._program.stamps, self._listings, strict=True)):
            rows = list(each.products(found))
            self._names.update(str(row[14]) for row in rows)
            self._archive.rows += self._tables["products"].add(rows)
            for association in (*found.stage2, *found.stage3):
                text = json.dumps(self._content(association, stamp, turn))
                self._packed.add(association.filename(self._program, stamp), text)
        newest = self._listings[-1]
        self._pool += newest.pool(found)
        self._tables["observations"].add(newest.observations(found))
        if "references" in self._tables:
            self._tables["keywords"].add(newest.keywords(found))
            self._tables["references"].add(newest.references(found))
        self._sample(found)

    def _content(self, association: Association, stamp: str, turn: int) -> dict[str, object]:
        level = "Lv3" if association.combined else "Lv2"
        return {
            "asn_type": association.kind,
            "asn_rule": f"candidate_Asn_{level}{association.kind.title().replace('-', '')}",
            "version_id": stamp,
            "code_version": self._program.versions[turn],
            "degraded_status": "No known degraded exposures in association.",
            "program": self._program.number,
            "constraints": "No constraints",
            "asn_id": association.candidate,
            "target": "1",
            "asn_pool": self._program.pool(stamp),
            "products": [
                {
                    "name": association.product,
                    "members": [{"expname": file, "exptype": role} for file, role in association.members],
                }
            ],
        }

    def _sample(self, found: Field) -> None:
        """Keep an Observation of images of each field that has one, and every other one where they become many."""
        there = {each.calibrated for each in found.exposures if not each.missing}
        for association in found.stage3:
            combined = association.combined[0]
            member = next((file for file, _ in association.members if file in there), "")
            if association.kind == "image3" and combined.made and member:
                exposure = member.rpartition("_")[0]
                name = association.filename(self._program, self._program.stamp)
                kept = self._archive.samples
                kept.append(
                    Sample(self._program.number, combined.obs_id, f"{combined.obs_id}_i2d.fits", name, exposure)
                )
                if len(kept) > SAMPLES:
                    del kept[::2]
                return


def main() -> None:
    """Write an archive to a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.archive.write", description="Write an archive.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    made = write(given.folder, given.products, seed=given.seed)
    print(f"{made.products:,} products, {made.rows:,} rows, {len(made.paths)} files")


if __name__ == "__main__":
    main()
