"""Records become rows: what the write statements take, merged so that order does not matter.

Every rule of merging is a maximum over a total order or a union, here for one batch and in `cypher/write/` for the
store: the same records in any order and any batches give the same rows.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import Any

from jwgraph.model.records import (
    AssociationRecord,
    EngineeringRecord,
    HeaderRecord,
    LinkRecord,
    ObservationRecord,
    PlanRecord,
    ProductRecord,
    ReferenceRecord,
)
from jwgraph.names.expected import Promise, promise
from jwgraph.names.grammar import Name, parse
from jwgraph_loaders.write.properties import (
    mast_row,
    named_observation,
    named_product,
    named_rest,
    plan_row,
    search_row,
)

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
    headers
        Every header of a file, by name; the writer lets one win.
    references, engineering, links
        Rows for `write/references`, `write/engineering` and `write/links`.
    plans, searches
        Rows for `write/plans` by pool and file, and for `write/searches` by obs_id.
    programs
        All programs that the rows touch.
    shares
        Pairs of programs that an association joins.
    shared
        The batch for edges of files that many Observations own (pools): a transaction that makes one locks the file,
        and side by side with others would make them wait.
    size
        How many nodes and members there are to write; the writer sends the batch when it is large enough.
    unowned
        Files met only in tables of links so far: such a table tells no dataset that owns the file.
    """

    products: dict[str, list[Any]] = field(default_factory=dict)
    observations: dict[str, Row] = field(default_factory=dict)
    associations: dict[str, list[AssociationRecord]] = field(default_factory=dict)
    headers: dict[str, list[HeaderRecord]] = field(default_factory=dict)
    references: list[Row] = field(default_factory=list)
    engineering: list[Row] = field(default_factory=list)
    searches: dict[str, Row] = field(default_factory=dict)
    links: list[Row] = field(default_factory=list)
    plans: dict[tuple[str, str], Row] = field(default_factory=dict)
    programs: set[str] = field(default_factory=set)
    shares: set[tuple[str, str]] = field(default_factory=set)
    shared: Batch | None = None
    size: int = 0
    unowned: set[str] = field(default_factory=set)

    def add_product(self, record: ProductRecord, name: Name) -> None:
        """Add a file that something listed."""
        row = self._product(name, archived=True)
        if record.mast:
            rank, mast = mast_row(record, name)
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

    def add_header(self, record: HeaderRecord, name: Name) -> None:
        """Add the header of a file; the file is there, so it is archived."""
        self._product(name, archived=True)
        self.headers.setdefault(record.filename, []).append(record)
        if record.asntable:
            named = parse(record.asntable)
            self._product(named, archived=False)[_LABEL] = "Association"
            self._share(named.program, name.program)
        if record.asnpool:
            self._product(parse(record.asnpool), archived=False)[_LABEL] = "Pool"
        if record.msametfl:
            self._product(parse(record.msametfl), archived=False)
        self.size += 1 + len(record.references)

    def add_plan(self, record: PlanRecord, name: Name) -> None:
        """Add a row of a pool: that the exposure is planned, not that its file is there."""
        self._product(parse(record.pool), archived=False)[_LABEL] = "Pool"
        self._product(name, archived=False)
        row = plan_row(record)
        known = self.plans.setdefault((record.pool, record.filename), row)
        if row["rank"] > known["rank"]:
            self.plans[record.pool, record.filename] = row
        self.size += 1

    def add_search(self, record: ObservationRecord) -> None:
        """Add a row of an observation search."""
        owner = self._observation(record.obs_id)
        row = search_row(owner["obs_id"], record)
        known = self.searches.setdefault(row["obs_id"], row)
        number = max(row["mast_obsid"] or 0, known["mast_obsid"] or 0) or None
        self.searches[row["obs_id"]] = max(known, row, key=itemgetter("rank")) | {"mast_obsid": number}
        self.size += 1

    def add_link(self, record: LinkRecord, name: Name) -> None:
        """Add a link that a table tells; the file that is linked is there."""
        self._product(name, archived=True, owned=name.form != "plain")
        row = {"filename": record.productFilename, "linked_to": record.linked_to, "relation": record.relation}
        # Files have an extension, Observations have none.
        if "." in record.linked_to:
            target = parse(record.linked_to)
            self._product(target, archived=False, owned=target.form != "plain")
            self.links.append(row | {"to": "file"})
        else:
            owner = self._observation(record.linked_to)
            self.links.append(row | {"linked_to": owner["obs_id"], "to": "dataset"})
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

    def _product(self, name: Name, *, archived: bool, owned: bool = True) -> list[Any]:
        row = self.products.get(name.filename)
        if row is None:
            label = _LABEL_OF.get(name.form)
            row = [name.filename, archived, named_product(name), named_rest(name), None, None, label]
            self.products[name.filename] = row
            self.programs.add(name.program)
            self.size += 1
            if not owned:
                self.unowned.add(name.filename)
            else:
                self._own_by_name(name)
            return row
        if archived:
            row[_ARCHIVED] = True
        if owned and self.unowned and name.filename in self.unowned:
            self.unowned.discard(name.filename)
            self._own_by_name(name)
        return row

    def _own_by_name(self, name: Name) -> None:
        if name.dataset:
            _merge_edge(self._observation(name.dataset)["files"], [name.filename, "name", None, None])

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
