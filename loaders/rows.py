"""Records become rows: what the write statements take, merged so that order does not matter.

Every rule of merging is a maximum over a total order or a union, here for one batch and in `cypher/write/` for the
store: the same records in any order and any batches give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from hashlib import md5
from typing import Any

from jwgraph.model import MAST_COLUMNS, AssociationRecord, EngineeringRecord, ProductRecord, ReferenceRecord
from jwgraph.names import Name, parse, parse_root
from jwgraph.products import Promise, promise

Row = dict[str, Any]

# Places in a row of `write/products`.
_ARCHIVED, _RANK, _MAST, _LABEL = 1, 4, 5, 6


@dataclass(slots=True)
class Batch:
    """Rows that are written in one transaction.

    Attributes
    ----------
    products
        By file name, for `write/products`.
    observations
        By obs_id, for `write/observations`; `files` is a dict by file name until it is sent.
    associations
        Every content of an association file, by name; the writer lets one win.
    references, engineering
        Rows for `write/references` and `write/engineering`.
    programs
        All programs that the rows touch.
    shares
        Pairs of programs that an association joins.
    shared
        The batch for edges of files that many Observations own (pools): a transaction that makes one locks the file,
        and side by side with others would make them wait.
    size
        How many nodes and members there are to write; the writer sends the batch when it is large enough.
    """

    products: dict[str, list[Any]] = field(default_factory=dict)
    observations: dict[str, Row] = field(default_factory=dict)
    associations: dict[str, list[AssociationRecord]] = field(default_factory=dict)
    references: list[Row] = field(default_factory=list)
    engineering: list[Row] = field(default_factory=list)
    programs: set[str] = field(default_factory=set)
    shares: set[tuple[str, str]] = field(default_factory=set)
    shared: Batch | None = None
    size: int = 0

    def add_product(self, record: ProductRecord, name: Name) -> None:
        """Add a file that something listed."""
        row = self._product(name, archived=True)
        if record.mast:
            rank, mast = _mast(record, name)
            if rank > (row[_RANK] or ""):
                row[_RANK], row[_MAST] = rank, mast
        if record.obs_id:
            owner = self._observation(record.obs_id)
            # A file that Observations of two programs own: what is derived for one concerns the other.
            self._share(owner["named"]["program"], name.program)
            _note_numbers(owner, record)
            # Only the row that MAST gives for the Observation itself says whether the file is recommended in it.
            own = record.obsid is not None and record.obsid == record.parent_obsid
            edge = [name.filename, "mast", record.calib_level, record.mrp if own else None]
            self._own(owner, name, edge)

    def add_association(self, record: AssociationRecord, name: Name) -> None:
        """Add an association file with all that it names."""
        # A file that is read as an association, or named as a pool, is one whatever its name is.
        self._product(name, archived=False)[_LABEL] = "Association"
        self.associations.setdefault(record.filename, []).append(record)
        home = name.program or record.program
        self.programs.add(home)
        if record.asn_pool:
            self._product(parse(record.asn_pool), archived=False)[_LABEL] = "Pool"
        for product in record.products:
            self._promised(home, promise(record.asn_type, product))
            for member in product.members:
                named = parse(member.filename)
                self._product(named, archived=False)
                self._share(home, named.program)
            self.size += len(product.members)

    def add_reference(self, record: ReferenceRecord, name: Name) -> None:
        """Add a reference file that was applied to a product; that alone does not make the product archived."""
        self._product(name, archived=False)
        self.references.append(
            {
                "filename": record.productFilename,
                "keyword": record.keyword,
                "reference": record.reference,
                "context": record.context,
            }
        )
        self.size += 1

    def add_engineering(self, record: EngineeringRecord) -> None:
        """Add an engineering mnemonic over a span of time."""
        name = f"{record.mnemonic}|{record.t_min!r}|{record.t_max!r}"
        self.engineering.append({"name": name, **asdict(record)})
        self.size += 1

    def _promised(self, home: str, made: Promise) -> None:
        if not made.main:
            return
        main = parse(made.main)
        self._product(main, archived=False)
        self._share(home, main.program)
        if made.dataset != main.dataset:
            self._share(home, named_observation(made.dataset)["program"])
            _merge_edge(self._observation(made.dataset)["files"], [main.filename, "name", None, None])

    def _own(self, owner: Row, name: Name, edge: list[Any]) -> None:
        if name.form != "pool" or self.shared is None:
            _merge_edge(owner["files"], edge)
            return
        self.shared._product(name, archived=False)
        _merge_edge(self.shared._observation(owner["obs_id"])["files"], edge)

    def _share(self, home: str, other: str) -> None:
        self.programs.add(other)
        if other != home:
            self.shares.add((home, other))

    def _product(self, name: Name, *, archived: bool) -> list[Any]:
        row = self.products.get(name.filename)
        if row is None:
            label = _LABEL_OF.get(name.form)
            row = [name.filename, archived, named_product(name), named_rest(name), None, None, label]
            self.products[name.filename] = row
            self.programs.add(name.program)
            self.size += 1
            if name.dataset:
                _merge_edge(self._observation(name.dataset)["files"], [name.filename, "name", None, None])
        elif archived:
            row[_ARCHIVED] = True
        return row

    def _observation(self, obs_id: str) -> Row:
        named = named_observation(obs_id)
        key = named["obs_id"]
        row = self.observations.get(key)
        if row is None:
            row = {"obs_id": key, "named": named, "mast_obsid": None, "mast_parents": [], "files": {}}
            self.observations[key] = row
            self.programs.add(named["program"])
            self.size += 1
        return row


def _note_numbers(owner: Row, record: ProductRecord) -> None:
    if record.obsid and record.obsid > (owner["mast_obsid"] or 0):
        owner["mast_obsid"] = record.obsid
    parent = record.parent_obsid
    if parent and parent != record.obsid and parent not in owner["mast_parents"]:
        owner["mast_parents"].append(parent)


_LABEL_OF = {"association": "Association", "pool": "Pool"}
_STRENGTH = {"association": 0, "name": 1, "mast": 2}


def _merge_edge(files: dict[str, list[Any]], edge: list[Any]) -> None:
    """Merge [filename, basis, calib_level, mast_mrp] as `cypher/write/observations` does."""
    known = files.setdefault(edge[0], edge)
    if known is edge:
        return
    if _STRENGTH[edge[1]] > _STRENGTH[known[1]]:
        known[1] = edge[1]
    for i in (2, 3):
        if edge[i] is not None and (known[i] is None or edge[i] > known[i]):
            known[i] = edge[i]


def _mast(record: ProductRecord, name: Name) -> tuple[str, list[Any]]:
    """Rank one MAST row of a file, and give its columns in the order of `MAST_COLUMNS`.

    Of several rows the newest processing holds, whole: by CAL_VER, then by the row's own text, so that it is the
    same one in any order. All columns are set, so that the winner leaves nothing of the loser. The rank is hexadecimal.
    """
    mast = [record.mast.get(column) for column in MAST_COLUMNS]
    if mast[_PRODUCT_TYPE] is None:
        mast[_PRODUCT_TYPE] = name.productType or None
    text = md5(repr(mast).encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
    return _version_key(str(mast[_PRVVERSION] or "")) + text[:20], mast


_PRODUCT_TYPE = MAST_COLUMNS.index("productType")
_PRVVERSION = MAST_COLUMNS.index("prvversion")


@lru_cache(maxsize=1024)
def _version_key(version: str) -> str:
    """Make version numbers sort as text, 1.9.2 before 1.13.3: twelve digits, short enough to be kept inline."""
    numbers = [int(part[:4]) if part[:4].isdecimal() else 0 for part in version.split(".")[:3]]
    return "".join(f"{number:04d}" for number in (*numbers, 0, 0, 0)[:3])


def named_product(name: Name) -> list[Any]:
    """Properties of a Product that its name tells, and that are the same wherever it is met."""
    return [
        name.form or None,
        name.suffix or None,
        name.stage or None,
        name.calib_level,
        name.productType or None,
        name.program,
    ]


def named_rest(name: Name) -> Row | None:
    """Properties that only some forms of names tell."""
    if name.form in ("guide_star", "msa"):
        return {"visit_id": name.visit_id}
    if name.form == "association":
        return {"asn_id": name.candidate, "asn_type": name.asn_type, "version_id": name.version_id}
    return None


@lru_cache(maxsize=65536)
def named_observation(obs_id: str) -> Row:
    """Properties of an Observation that its name tells; not to be changed by the caller."""
    root = parse_root(obs_id)
    row: Row = {"obs_id": root.dataset, "form": root.form or None, "program": root.program}
    if root.form == "exposure":
        row.update(visit_id=root.visit_id, detector=root.detector)
    return row


def association_rank(record: AssociationRecord) -> str:
    """Order the contents of one association file name: by version_id, then by digest; the greatest holds."""
    return f"{(record.version_id or '').lower()}|{record.sha256}"


def association_properties(record: AssociationRecord, name: Name, promises: Iterable[Promise]) -> Row:
    """Properties of an Association: what its file says, and the templates among its product names."""
    templates = [made for made in promises if made.pattern]
    return {
        "sha256": record.sha256,
        "asn_rank": association_rank(record),
        "asn_type": record.asn_type or name.asn_type or None,
        "asn_rule": record.asn_rule,
        "asn_id": record.asn_id or name.candidate or None,
        "version_id": record.version_id or name.version_id or None,
        "code_version": record.code_version,
        "degraded_status": record.degraded_status,
        "target": record.target,
        "program": name.program or record.program,
        "products": sorted({product.name for product in record.products}),
        "templates": [made.product for made in templates],
        "template_patterns": [made.pattern for made in templates],
        "template_files": [made.file_pattern for made in templates],
        "template_suffixes": sorted({suffix for made in templates for suffix in made.suffixes}),
    }
