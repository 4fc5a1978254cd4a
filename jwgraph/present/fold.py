"""Fold what repeats in a tree: exposures with the same kinds of files become one branch, `…_cal.fits × 26`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from jwgraph.answers.products import ProductRow
from jwgraph.present.cells import count, total_size
from jwgraph.present.tree import level, marked, short_name

# Fewest Observations that are folded.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Files:
    """Files of the same kind, one of each Observation of a branch."""

    rows: tuple[ProductRow, ...]

    @property
    def name(self) -> str:
        """The part of their names that they share, and `× N` if they are several."""
        names = [short_name(row.productFilename, row.obs_id) for row in self.rows]
        start = commonprefix(names)  # noqa: RUF071 -- characters are compared, as wanted
        end = commonprefix([name[len(start) :][::-1] for name in names])[::-1]  # noqa: RUF071
        one = names[0] if len(set(names)) == 1 else f"{start}…{end}"
        return f"{one} × {len(names):,}" if len(names) > 1 else one

    @property
    def details(self) -> str:
        """Type, level, total size and relation."""
        row = self.rows[0]
        parts = (row.productType, level(row.productLevel), total_size(each.size for each in self.rows), row.relation)
        return ", ".join(part for part in parts if part)

    @property
    def mark(self) -> str:
        """The mark of recommended files, or spaces."""
        return marked(self.rows[0], "  ")


@dataclass(frozen=True, slots=True)
class Branch:
    """One Observation, or several with the same kinds of files."""

    observations: tuple[str, ...]
    files: tuple[Files, ...]

    @property
    def title(self) -> str:
        """The Observation, or how many, and the first and last."""
        if len(self.observations) == 1:
            return self.observations[0]
        number = count(len(self.observations), "Observation")
        return f"{number}, {self.observations[0]} … {self.observations[-1]}"


def branches(observations: Mapping[str, Sequence[ProductRow]], *, folded: bool) -> list[Branch]:
    """Return the branches of a level, folded where at least `FEWEST` Observations have the same kinds of files."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for obs_id, rows in observations.items():
        alike.setdefault(tuple(map(_kind, rows)) if folded else (obs_id,), []).append(obs_id)
    found = []
    for several in alike.values():
        groups = [several] if len(several) >= FEWEST else [[obs_id] for obs_id in several]
        found += [Branch(tuple(group), _files(observations[obs_id] for obs_id in group)) for group in groups]
    return sorted(found, key=lambda branch: branch.observations[0])


def _kind(row: ProductRow) -> tuple[object, ...]:
    """Return what files of the same kind have in common: their name without numbers, type, relation and mark."""
    name = re.sub(r"\d+", "#", short_name(row.productFilename, row.obs_id))
    return name, row.productType, row.productLevel, row.relation, row.mrp, row.archived


def _files(several: Iterable[Sequence[ProductRow]]) -> tuple[Files, ...]:
    return tuple(Files(rows) for rows in zip(*several, strict=True))
