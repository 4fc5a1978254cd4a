"""Products and Observations of a batch: the files named by records of any kind become nodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

from jwgraph.names.grammar import Name, parse_root
from jwgraph_loaders.write.transaction import Transaction

Row = dict[str, Any]

LABEL_OF = {"association": "Association", "pool": "Pool"}
# Length of the time before the obs_id in an entry of `mast_lists`.
_STAMP = 14
_STRENGTH = {"association": 0, "name": 1, "mast": 2}


@dataclass(slots=True)
class ProductRow:
    """A row of `write/products`: a list, in the order of these fields (maps cost twice as much to send).

    Attributes
    ----------
    filename, archived, seen
        File name, whether the archive lists the file, and whether it was seen on disk.
    named
        Properties from the file name that every file has, in the order of `NAMED`.
    rest
        Properties that only some forms of names have.
    mast_rank, mast
        Rank of the winning MAST row, and its columns in the order of `MAST_COLUMNS`.
    labels
        Association, Pool or both, for files used as such; None for others.
    """

    filename: str
    archived: bool
    seen: bool
    named: list[Any]
    rest: Row | None
    mast_rank: str | None = None
    mast: list[Any] | None = None
    labels: list[str] | None = None


PRODUCT_FIELDS = tuple(ProductRow.__dataclass_fields__)
NAMED = ("form", "suffix", "productLevel", "calib_level", "productType", "program")


@dataclass(slots=True)
class FileRow:
    """A file in a row of `write/observations`: a list, in the order of these fields.

    Attributes
    ----------
    filename
        File owned by the Observation.
    basis
        Evidence for the ownership; `mast` takes precedence over `name`.
    calib_level, mast_mrp
        Level and flag from MAST for the file in this Observation; the maximum over several rows.
    mast_lists
        `<13 digits, ms> <obs_id>` for each Observation whose complete product list has the row, the newest time of it;
        None if there is no such list.
    """

    filename: str
    basis: str
    calib_level: int | None = None
    mast_mrp: bool | None = None
    mast_lists: list[str] | None = None

    def merge(self, other: FileRow) -> None:
        """Merge another row of the same file, as `cypher/write/observations` does."""
        if _STRENGTH[other.basis] > _STRENGTH[self.basis]:
            self.basis = other.basis
        self.calib_level = _greatest(self.calib_level, other.calib_level)
        self.mast_mrp = _greatest(self.mast_mrp, other.mast_mrp)
        if other.mast_lists:
            newest = {entry[_STAMP:]: entry for entry in sorted([*(self.mast_lists or ()), *other.mast_lists])}
            self.mast_lists = list(newest.values())


FILE_FIELDS = tuple(FileRow.__dataclass_fields__)


@dataclass(slots=True)
class ObservationRow:
    """A row of `write/observations`; `named` has the properties from `named_observation`."""

    obs_id: str
    named: Row
    mast_obsid: int | None = None
    mast_parents: list[int] = field(default_factory=list)
    files: dict[str, FileRow] = field(default_factory=dict)

    @property
    def program(self) -> str:
        """Program in the identifier, five digits; empty if there is no program."""
        return str(self.named["program"])

    def own(self, file: FileRow) -> None:
        """Add a file that the Observation owns."""
        known = self.files.setdefault(file.filename, file)
        if known is not file:
            known.merge(file)

    def row(self) -> Row:
        """Return the row as sent to the store."""
        files = [_listed(self.files[filename]) for filename in sorted(self.files)]
        return {
            "obs_id": self.obs_id,
            "named": self.named,
            "mast_obsid": self.mast_obsid,
            "mast_parents": self.mast_parents,
            "files": files,
        }


@dataclass(slots=True)
class Nodes:
    """The nodes of a batch.

    Attributes
    ----------
    products, observations
        Rows by file name and by obs_id.
    programs
        All programs affected by the rows.
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

    products: dict[str, ProductRow] = field(default_factory=dict)
    observations: dict[str, ObservationRow] = field(default_factory=dict)
    programs: set[str] = field(default_factory=set)
    shares: set[tuple[str, str]] = field(default_factory=set)
    shared: Nodes | None = None
    size: int = 0
    unowned: set[str] = field(default_factory=set)

    def product(
        self,
        name: Name,
        *,
        archived: bool = False,
        seen: bool = False,
        label: str | None = None,
        owned: bool = True,
    ) -> ProductRow:
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
        row = self.products.get(name.filename)
        if row is None:
            row = self._new_product(name, owned=owned)
        row.archived = row.archived or archived
        row.seen = row.seen or seen
        if label is not None and label not in (row.labels or ()):
            row.labels = [*(row.labels or ()), label]
        if owned and self.unowned and name.filename in self.unowned:
            self.unowned.discard(name.filename)
            self._own_by_name(name)
        return row

    def _new_product(self, name: Name, *, owned: bool) -> ProductRow:
        label = LABEL_OF.get(name.form)
        row = ProductRow(
            name.filename, False, False, named_product(name), named_rest(name), labels=[label] if label else None
        )
        self.products[name.filename] = row
        self.programs.add(name.program)
        self.size += 1
        if owned:
            self._own_by_name(name)
        else:
            self.unowned.add(name.filename)
        return row

    def _own_by_name(self, name: Name) -> None:
        if name.obs_id:
            self.observation(name.obs_id).own(FileRow(name.filename, "name"))

    def observation(self, obs_id: str) -> ObservationRow:
        """Add an Observation."""
        named = named_observation(obs_id)
        key = named["obs_id"]
        row = self.observations.get(key)
        if row is None:
            row = self.observations[key] = ObservationRow(key, named)
            self.programs.add(row.program)
            self.size += 1
        return row

    def own(self, owner: ObservationRow, name: Name, file: FileRow) -> None:
        """Add a file to an Observation; add a pool and its Observation to the shared nodes."""
        if name.form != "pool" or self.shared is None:
            owner.own(file)
            return
        self.shared.product(name)
        self.shared.observation(owner.obs_id).own(file)

    def share(self, home: str, other: str) -> None:
        """Record that two programs affect each other, so that their edges are derived together."""
        self.programs.add(other)
        if other != home:
            self.shares.add((home, other))

    def write(self, transaction: Transaction) -> None:
        """Write the nodes, and which Observation owns which file."""
        products = [_sent(self.products[name]) for name in sorted(self.products)]
        transaction.run("products", products, label="Product", now=transaction.now)
        owners = [self.observations[obs_id].row() for obs_id in sorted(self.observations)]
        transaction.run("observations", owners, label="Observation", edge="PART_OF")


def named_product(name: Name) -> list[Any]:
    """Return the properties from a file name that every Product has, in the order of `NAMED`."""
    return [
        name.form or None,
        name.suffix or None,
        name.product_level or None,
        name.calib_level,
        name.productType or None,
        name.program,
    ]


def named_rest(name: Name) -> Row | None:
    """Return the properties that only some forms of names have."""
    if name.form in ("guide_star", "msa"):
        return {"visit_id": name.visit_id}
    if name.form == "association":
        return {"asn_id": name.candidate, "asn_type": name.asn_type, "version_id": name.version_id}
    return None


@lru_cache(maxsize=65536)
def named_observation(obs_id: str) -> Row:
    """Return the properties in an Observation identifier; the cached result must not be modified."""
    root = parse_root(obs_id)
    row: Row = {"obs_id": root.obs_id or obs_id, "form": root.form or None, "program": root.program}
    if root.form == "exposure":
        row.update(visit_id=root.visit_id, detector=root.detector)
    return row


def _greatest(one: Any, other: Any) -> Any:
    return one if other is None or (one is not None and one >= other) else other


_product_values = attrgetter(*PRODUCT_FIELDS)
_file_values = attrgetter(*FILE_FIELDS)


def _sent(row: ProductRow) -> list[Any]:
    return list(_product_values(row))


def _listed(row: FileRow) -> list[Any]:
    return list(_file_values(row))
