"""Group the products of an Observation: its own, those of its included Observations, and linked files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jwgraph.answers.products import ProductRow
from jwgraph.model.vocabulary import RELATIONS, Family
from jwgraph.present.cells import MARK, count, size

LINKED = frozenset(str(relation) for relation, rule in RELATIONS.items() if rule.family is Family.LINKED)

EXPECTED = "not archived"


@dataclass(frozen=True, slots=True)
class Level:
    """The included Observations with the same highest product level, with their products."""

    level: int
    observations: dict[str, list[ProductRow]]

    @property
    def title(self) -> str:
        """Level, number of Observations and number of products."""
        products = count(sum(len(files) for files in self.observations.values()), "product")
        return f"exposures at level {self.level} ({count(len(self.observations), 'Observation')}, {products})"


@dataclass(frozen=True, slots=True)
class ProductTree:
    """The products of an Observation, grouped, each listed once.

    Attributes
    ----------
    own
        Products that the Observation owns, linked files last.
    included
        Products of the included Observations, highest level first.
    linked
        Files that are only linked to one of these Observations.
    recommended
        Number of Minimum Recommended Products.
    """

    obs_id: str
    own: list[ProductRow]
    included: list[Level]
    linked: list[ProductRow]
    recommended: int

    @property
    def own_title(self) -> str:
        """Level and number of its own products."""
        return f"level {_level(self.own)} ({count(len(self.own), 'product')})"

    @property
    def linked_title(self) -> str:
        """Number of linked products."""
        return f"linked ({count(len(self.linked), 'product')})"


def group(obs_id: str, rows: Sequence[ProductRow]) -> ProductTree:
    """Group the products of a tree.

    Parameters
    ----------
    obs_id
        Key of the Observation.
    """
    by_owner = by_observation(rows)
    own = by_owner.pop(obs_id, [])
    linked = by_owner.pop(None, [])
    levels: dict[int, dict[str, list[ProductRow]]] = {}
    for owner, files in sorted(by_owner.items(), key=lambda item: str(item[0])):
        levels.setdefault(_level(files), {})[str(owner)] = sorted(files, key=lambda row: row.productLevel or "~")
    return ProductTree(
        obs_id=obs_id,
        own=sorted(own, key=lambda row: (row.relation in LINKED, row.productLevel is None)),
        included=[Level(level, levels[level]) for level in sorted(levels, reverse=True)],
        linked=linked,
        recommended=sum(row.mrp for row in rows),
    )


def by_observation(rows: Iterable[ProductRow]) -> dict[str | None, list[ProductRow]]:
    """Group rows by the Observation that owns them, in order; files that are only linked have the key None."""
    found: dict[str | None, list[ProductRow]] = {}
    for row in rows:
        found.setdefault(row.obs_id, []).append(row)
    return found


def _level(rows: Sequence[ProductRow]) -> int:
    return max((row.calib_level or 0 for row in rows), default=0)


def short_name(filename: str, owner: str | None) -> str:
    """Shorten a file name by the name of its Observation, which is shown above it: `…_cal.fits`."""
    start = f"{owner}_"
    return f"…_{filename[len(start) :]}" if filename.startswith(start) else filename


def marked(row: ProductRow, otherwise: str = "") -> str:
    """Return the mark of a recommended product followed by a space, or the alternative."""
    return f"{MARK} " if row.mrp else otherwise


def details(row: ProductRow) -> str:
    """Return a short description of a product: type, level, size, relation."""
    return ", ".join(part for part in (row.productType, level(row.productLevel), size(row.size), row.relation) if part)


def level(product_level: str | None) -> str:
    """Format a processing level as in MAST's descriptions: L2b."""
    return f"L{product_level}" if product_level else ""
