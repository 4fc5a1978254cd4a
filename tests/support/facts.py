"""What records say, before anything follows from it: which files there are, who owns them, which content counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from jwgraph.model.records import (
    AssociationRecord,
    HeaderRecord,
    LinkRecord,
    ListRecord,
    ObservationRecord,
    PoolRow,
    ProductRecord,
    Record,
    ReferenceRecord,
)
from jwgraph.names.expected import Promise, promise
from jwgraph.names.grammar import Name, parse, parse_root
from jwgraph.names.suffixes import suffixes
from tests.support.shapes import Linked

Tie = Callable[[ProductRecord | HeaderRecord], str]


class Entry(NamedTuple):
    """One member of an association."""

    product: str
    file: str
    role: str


class Content(NamedTuple):
    """What an association file says."""

    filename: str
    program: str
    candidate: str
    asn_type: str
    version: str
    promises: tuple[Promise, ...]
    members: tuple[Entry, ...]

    @property
    def rank(self) -> int:
        """An observation (o) comes before a candidate (c), and that before a discovered one (a)."""
        return {"o": 0, "c": 1, "a": 2}.get(self.candidate[:1], 3)

    @property
    def family(self) -> tuple[str, str, str]:
        """Program, candidate and type, which versions of one association have in common."""
        return self.program, self.candidate, self.asn_type


class Facts:
    """The records, by the file or the Observation that they speak of.

    Parameters
    ----------
    records
        As loaders yield them, in any order.
    tie
        Of several MAST rows, or headers, of one file and one processing the one with the greatest `tie` counts. No rule
        says which it is; the writer has to choose the same one in every order.

    Attributes
    ----------
    names
        Every file that anything names.
    archived
        Files that a MAST list or MAST's keyword search has.
    seen
        Files that a list of names, their own header or a table of links shows to be on disk.
    lists
        Time of the newest complete product list of each Observation that has one.
    listed
        For each file and owner, the Observations whose complete lists had the row, and the newest time.
    read_pools
        Pools whose content is loaded.
    kinds
        The productType of each file.
    observations
        Every dataset that owns a file, is promised, searched or linked to.
    owners
        Whether `mast` or the file's `name` says so, by file and Observation.
    contents
        The content that counts of each association file.
    pools
        Pairs of an association file and its pool, as its content or any header says.
    headers
        The header that counts of each file.
    planned
        Files that a pool lists.
    links
        What tables of links, and the headers that count, say.
    """

    def __init__(self, records: Iterable[Record], tie: Tie) -> None:
        self.names: dict[str, Name] = {}
        self.archived: set[str] = set()
        self.seen: set[str] = set()
        self.lists: dict[str, int] = {}
        self.listed: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self.read_pools: set[str] = set()
        self.observations: set[str] = set()
        self.owners: dict[tuple[str, str], str] = {}
        self.pools: set[tuple[str, str]] = set()
        self.planned: set[str] = set()
        self.links: set[Linked] = set()
        self.row_levels: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._searches: defaultdict[str, set[int]] = defaultdict(set)
        self._numbers: defaultdict[str, set[int]] = defaultdict(set)
        self._parents: defaultdict[str, set[int]] = defaultdict(set)
        self._rows: defaultdict[str, list[ProductRecord]] = defaultdict(list)
        self._associations: defaultdict[str, list[AssociationRecord]] = defaultdict(list)
        self._headers: defaultdict[str, list[HeaderRecord]] = defaultdict(list)
        for record in records:
            self._read(record)
        self._choose(tie)

    def _read(self, record: Record) -> None:
        if isinstance(record, ProductRecord):
            self._row(record)
        elif isinstance(record, AssociationRecord):
            self._association(record)
        elif isinstance(record, HeaderRecord):
            self._header(record)
        elif isinstance(record, ObservationRecord):
            self._searched(record)
        elif isinstance(record, PoolRow):
            self.read_pools.add(self._file(record.pool))
            self.planned.add(self._file(record.filename))
        elif isinstance(record, LinkRecord):
            self._link(record)
        elif isinstance(record, ListRecord):
            obs_id = self._observation(record.obs_id)
            self.lists[obs_id] = max(record.at, self.lists.get(obs_id, 0))
        elif isinstance(record, ReferenceRecord):
            self._file(record.productFilename)

    def _choose(self, tie: Tie) -> None:
        """Of several contents, headers or rows of one file, keep the newest, whole."""
        newest = {name: max(several, key=_version) for name, several in self._associations.items()}
        self.contents = {name: _content(record) for name, record in newest.items()}
        self.pools |= {(name, record.asn_pool) for name, record in newest.items() if record.asn_pool}
        self.headers = {
            name: max(several, key=lambda record: (_processing(record), tie(record)))
            for name, several in self._headers.items()
        }
        for name, header in self.headers.items():
            if header.msametfl:
                self.links.add(Linked(header.msametfl, name, "msa", "header"))
        self.kinds = {file: name.productType for file, name in self.names.items()}
        for name, rows in self._rows.items():
            row = max(rows, key=lambda record: (_release(record), tie(record)))
            self.kinds[name] = str(row.mast.get("productType") or self.kinds[name])

    def number(self, obs_id: str) -> int | None:
        """MAST's number of an Observation: of several the greatest."""
        return max(self._numbers[obs_id], default=None)

    def parents(self, obs_id: str) -> set[int]:
        """MAST's numbers of the Observations that list this one."""
        return self._parents[obs_id]

    def mast_level(self, obs_id: str) -> int | None:
        """The level that an observation search gives: of several the highest."""
        return max(self._searches[obs_id], default=None)

    def _file(self, filename: str, *, owned: bool = True) -> str:
        name = self.names.setdefault(filename, parse(filename))
        if name.obs_id and owned:
            self.owners.setdefault((filename, self._observation(name.obs_id)), "name")
        return filename

    def _observation(self, obs_id: str) -> str:
        key = dataset(obs_id)
        self.observations.add(key)
        return key

    def _row(self, record: ProductRecord) -> None:
        (self.seen if record.seen else self.archived).add(self._file(record.filename))
        if record.mast:
            self._rows[record.filename].append(record)
        if record.obs_id:
            obs_id = self._observation(record.obs_id)
            self.owners[record.filename, obs_id] = "mast"
            if record.listed_in:
                asked, at = self._observation(record.listed_in[0]), record.listed_in[1]
                times = self.listed[record.filename, obs_id]
                times[asked] = max(at, times.get(asked, 0))
            if record.calib_level is not None:
                self.row_levels[record.filename, obs_id].add(record.calib_level)
            if record.obsid:
                self._numbers[obs_id].add(record.obsid)
            if record.parent_obsid and record.parent_obsid != record.obsid:
                self._parents[obs_id].add(record.parent_obsid)

    def _association(self, record: AssociationRecord) -> None:
        self._associations[self._file(record.filename)].append(record)
        if record.asn_pool:
            self._file(record.asn_pool)
        content = _content(record)
        for made in content.promises:
            if made.main:
                self.owners.setdefault((self._file(made.main.filename), self._observation(made.obs_id)), "name")
        for member in content.members:
            self._file(member.file)

    def _header(self, record: HeaderRecord) -> None:
        (self.seen if record.seen else self.archived).add(self._file(record.filename))
        self._headers[record.filename].append(record)
        for named in (record.asntable, record.asnpool, record.msametfl):
            if named:
                self._file(named)
        if record.asntable and record.asnpool:
            self.pools.add((record.asntable, record.asnpool))

    def _searched(self, record: ObservationRecord) -> None:
        obs_id = self._observation(record.obs_id)
        if record.obsid:
            self._numbers[obs_id].add(record.obsid)
        if record.calib_level is not None:
            self._searches[obs_id].add(record.calib_level)

    def _link(self, record: LinkRecord) -> None:
        # A table of links says nothing of who owns a file; only a name of the archive does.
        plain = parse(record.productFilename).form == "plain"
        self.seen.add(self._file(record.productFilename, owned=not plain))
        target = record.linked_to
        if "." in target:
            self._file(target, owned=parse(target).form != "plain")
        else:
            target = self._observation(target)
        self.links.add(Linked(record.productFilename, target, record.relation, "table"))


def dataset(obs_id: str) -> str:
    """The key of an Observation: lower case where the name follows the grammar."""
    return parse_root(obs_id).obs_id or obs_id


def _content(record: AssociationRecord) -> Content:
    """What the file says, and its name where the file is silent."""
    name = parse(record.filename)
    return Content(
        record.filename,
        name.program or record.program,
        record.asn_id or name.candidate,
        record.asn_type or name.asn_type,
        (record.version_id or name.version_id).lower(),
        tuple(
            promise(record.asn_type, product.name, product.science_suffixes, record.asn_rule)
            for product in record.products
        ),
        tuple(
            Entry(product.name, member.filename, member.exptype)
            for product in record.products
            for member in product.members
        ),
    )


def _version(record: AssociationRecord) -> tuple[str, str]:
    return (record.version_id or "").lower(), record.sha256


def _numbers(version: object) -> list[int]:
    """Compare 1.9.2 before 1.13.3."""
    numbers = [int(part) if part.isdecimal() else 0 for part in str(version or "").split(".")[:3]]
    return [*numbers, 0, 0, 0][:3]


def _release(record: ProductRecord) -> tuple[list[int], bool]:
    """Order the MAST rows of a file: the newest processing, then what is public."""
    return _numbers(record.mast.get("prvversion")), record.mast.get("dataRights") == "PUBLIC"


def _processing(record: HeaderRecord) -> tuple[bool, list[int], str, str]:
    cards = record.cards
    return record.seen, _numbers(cards.get("cal_ver")), cards.get("crds_ctx") or "", cards.get("date") or ""


def made_from(form: str, suffix: str) -> tuple[str, ...]:
    """Return the suffixes that a file may be made from, nearest first; plain names go by those of exposures first."""
    for each in ("exposure", "stage3") if form == "plain" else (form,):
        found = suffixes().get((each, suffix))
        if found and found.made_from:
            return found.made_from
    return ()
