"""What loaders yield, and the writer writes: one class for each kind of thing that a source can say.

A record parses the names that it has once, when it is made: a loader gives text, and the writer finds each name parsed
beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jwgraph.model import properties
from jwgraph.model.properties import names
from jwgraph.model.vocabulary import Exptype
from jwgraph.names.grammar import Name, parse
from jwgraph.names.identifiers import is_file

# Times outside it (1858 to 2132) are no MJD of JWST; simulators write Julian Dates, 2463670.0.
MJD_RANGE = (0.0, 100_000.0)


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A file that the archive listed, or, where `seen`, one that was only seen on disk.

    Attributes
    ----------
    filename
        MAST's `productFilename`: no directory, 1 to 255 bytes, no control characters.
    obs_id
        The dataset that owns the file, where the source says so (a MAST row); else empty.
    obsid, parent_obsid
        MAST's numbers of that dataset and of the Observation asked for; None where absent or 0.
    calib_level
        As the row has it (-1 planned, 1, 2, 3, 4); None where absent. It belongs to the row, not the file: one pool
        is level 2 under its exposures and 3 under the Level 3 Observation.
    mrp
        MAST's own flag, *Minimum Recommended Products*; None where the source has no such column.
    mast
        The columns of MAST that describe the file itself, all keys of `MAST_COLUMNS`, None where absent.
    seen
        A folder or a list of names has the file: that it is on disk does not make it archived.
    listed_in
        For a row of a complete product list, the Observation that MAST was asked for and the time of the answer,
        milliseconds since 1970; None for lists on disk and lists that were cut off, which may be parts.
    name
        `filename`, parsed.
    """

    filename: str
    obs_id: str = ""
    obsid: int | None = None
    parent_obsid: int | None = None
    calib_level: int | None = None
    mrp: bool | None = None
    mast: dict[str, str | int | None] = field(default_factory=dict)
    seen: bool = False
    listed_in: tuple[str, int] | None = None
    name: Name = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.filename))


@dataclass(frozen=True, slots=True)
class ListRecord:
    """The complete product list of one Observation, as MAST gave it at a time; its rows are `ProductRecord`s.

    An empty list has one too: what an earlier list had, and this one lacks, is withdrawn. `at` is in milliseconds since
    1970, the same as in `listed_in` of the rows.
    """

    obs_id: str
    at: int


# The columns of a MAST product list that describe the file itself, and are kept on the Product. `description` is not:
# it is wrong for associations and pools, and says elsewhere what stage and suffix say.
MAST_COLUMNS = names(properties.MAST_PRODUCT)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an association's product, as the file has it.

    `filename` is `expname` without directory; `expname` is kept as written. `exptype` is lower case, as in the
    association schema; an unknown one is kept. `name` is `filename`, parsed.
    """

    filename: str
    expname: str
    exptype: str
    exposerr: str | None = None
    asn_candidate: str | None = None
    name: Name = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.filename))


@dataclass(frozen=True, slots=True)
class AsnProduct:
    """A product of an association: its name (a root, or a template with `{source_id}` …) and its members."""

    name: str
    members: tuple[Member, ...]

    @property
    def science_suffixes(self) -> list[str]:
        """Suffixes of the science members, sorted, each once."""
        return sorted({member.name.suffix for member in self.members if member.exptype == Exptype.SCIENCE})


@dataclass(frozen=True, slots=True)
class AssociationRecord:
    """An association file, read whole.

    Attributes
    ----------
    filename
        Name of the file, no directory.
    sha256
        Digest of the canonical JSON of its content (sorted keys, no white space): same content, same digest.
    asn_type, asn_rule, asn_id, version_id, code_version, degraded_status, target
        As in the file, nulls in any spelling as None; `asn_type` is lower case.
    program
        Five digits, or empty where the file has none.
    asn_pool
        File name of the pool with its `.csv`, or None.
    products
        At least one, each with at least one member.
    name, pool
        `filename` and `asn_pool`, parsed.
    """

    filename: str
    sha256: str
    products: tuple[AsnProduct, ...]
    asn_type: str | None = None
    asn_rule: str | None = None
    asn_id: str | None = None
    version_id: str | None = None
    code_version: str | None = None
    degraded_status: str | None = None
    program: str = ""
    target: str | None = None
    asn_pool: str | None = None
    name: Name = field(init=False, repr=False, compare=False)
    pool: Name | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.filename))
        object.__setattr__(self, "pool", _parsed(self.asn_pool))


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """A static calibration reference file that was applied to a product.

    `keyword` is the header card (`R_FLAT`), `reference` the CRDS name (`crds://…`), `context` the CRDS context;
    `name` is `productFilename`, parsed.
    """

    productFilename: str
    keyword: str
    reference: str
    context: str | None = None
    name: Name = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.productFilename))


@dataclass(frozen=True, slots=True)
class EngineeringRecord:
    """An engineering mnemonic over a span of time; `t_min` and `t_max` are MJD, and t_min <= t_max."""

    mnemonic: str
    t_min: float
    t_max: float
    dataURI: str | None = None


# The columns of a pool that are kept on PLANS, besides `asn_candidate`. Their names are those of pools, lower case.
POOL_COLUMNS = names(properties.POOL)


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A row of an association pool: an exposure that was planned or executed; it does not make the file archived.

    Attributes
    ----------
    pool
        File name of the pool, with its `.csv`.
    filename
        File of the exposure (`…_uncal.fits`), no directory.
    program
        Five digits, or empty where the row has none.
    asn_candidate
        Candidates the exposure may enter, lower case and sorted: `o001`, `c1001`, `a3001`; empty where the pool has
        no such column.
    columns
        Of `POOL_COLUMNS` those that have a value, lower case where they are words of a vocabulary (`exp_type` is upper
        case, as in headers).
    name, pool_name
        `filename` and `pool`, parsed.
    """

    pool: str
    filename: str
    program: str = ""
    asn_candidate: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    name: Name = field(init=False, repr=False, compare=False)
    pool_name: Name = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.filename))
        object.__setattr__(self, "pool_name", parse(self.pool))


# The cards of a primary header that are kept on the Product, in lower case, besides those with a field of their own.
HEADER_CARDS = tuple(name.upper() for name in names(properties.HEADER))


@dataclass(frozen=True, slots=True)
class HeaderRecord:
    """The primary header of a FITS file that was seen on disk, or what MAST's keyword search says of one.

    Attributes
    ----------
    filename
        Name of the file in the archive: the name it was read under where that follows the grammar, else the card
        FILENAME where that does, else the name it was read under. No directory, no `.gz`.
    program
        Five digits (card PROGRAM), or empty.
    asntable, asnpool
        Association file that made the product, and its pool; None where absent, `N/A` or `singleton`.
    msametfl
        MSA metadata file, or None.
    references
        Pairs of keyword (`R_FLAT`) and reference file (`crds://…`), sorted; `N/A` and empty ones left out.
    t_min, t_max
        Start and end of the exposure, MJD (cards EXPSTART and EXPEND); both or none, and t_min <= t_max.
    cards
        Of `HEADER_CARDS`, in lower case, those that have a value.
    seen
        The header is that of a file on disk; false for a row of MAST's keyword search, which lists an archived file.
    name, association, pool, msa
        `filename`, `asntable`, `asnpool` and `msametfl`, parsed.
    """

    filename: str
    program: str = ""
    asntable: str | None = None
    asnpool: str | None = None
    msametfl: str | None = None
    references: tuple[tuple[str, str], ...] = ()
    t_min: float | None = None
    t_max: float | None = None
    cards: dict[str, str] = field(default_factory=dict)
    seen: bool = True
    name: Name = field(init=False, repr=False, compare=False)
    association: Name | None = field(init=False, repr=False, compare=False)
    pool: Name | None = field(init=False, repr=False, compare=False)
    msa: Name | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.filename))
        object.__setattr__(self, "association", _parsed(self.asntable))
        object.__setattr__(self, "pool", _parsed(self.asnpool))
        object.__setattr__(self, "msa", _parsed(self.msametfl))


# The columns of a MAST observation search that are kept on the Observation, besides those with a field of their own.
OBSERVATION_COLUMNS = names(properties.MAST_OBSERVATION)


@dataclass(frozen=True, slots=True)
class ObservationRecord:
    """A row of a MAST observation search (`Mast.Caom.Filtered`): the Observation is known, its files are not.

    Attributes
    ----------
    obs_id, obsid
        Identifier and MAST's number of the Observation.
    program
        Five digits (`proposal_id`, zero-filled), or empty.
    calib_level
        -1 where the Observation is planned and not executed; else its highest level.
    t_min, t_max, t_obs_release
        MJD, None where absent: span of the data, and when they are, or become, public.
    mast
        Of `OBSERVATION_COLUMNS` those that have a value.
    """

    obs_id: str
    obsid: int | None = None
    program: str = ""
    calib_level: int | None = None
    t_min: float | None = None
    t_max: float | None = None
    t_obs_release: float | None = None
    mast: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A link that no name shows: an external pre-image, a confirmation image, a finding chart.

    `productFilename` is the file that is linked (and so it was seen), `linked_to` a file or an obs_id, `relation` one
    of `TABLE_RELATIONS`. `name` is `productFilename`, parsed, and `target` is `linked_to`, parsed; None for an obs_id.
    """

    productFilename: str
    linked_to: str
    relation: str
    name: Name = field(init=False, repr=False, compare=False)
    target: Name | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", parse(self.productFilename))
        object.__setattr__(self, "target", parse(self.linked_to) if is_file(self.linked_to) else None)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with a source or a row of it: its position, and one sentence that says what is wrong.

    `severity` is `rejected` (the row or file is not in the graph), `conflict` (another content of that name is kept) or
    `warning` (loaded, and something in it is wrong; it does not change the exit code).
    """

    source: str
    line: int | None
    reason: str
    severity: str = "rejected"
    text: str = ""


Record = (
    ProductRecord
    | ListRecord
    | AssociationRecord
    | ReferenceRecord
    | EngineeringRecord
    | PoolRow
    | HeaderRecord
    | ObservationRecord
    | LinkRecord
)


def _parsed(filename: str | None) -> Name | None:
    return parse(filename) if filename else None
