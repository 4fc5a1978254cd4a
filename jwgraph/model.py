"""The vocabulary: labels, relationships, relations, roles and the records that loaders yield.

Everything that names a thing of the graph reads it here. The terms are MAST's and CAOM's (`obs_id`,
`calib_level`, `productType`), those of the JWST pipeline (`exptype`, association, candidate), and the relation
families of the archive's *Data Product Linkages* page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Family(StrEnum):
    """How MAST relates a product to an Observation."""

    ASSOCIATED = "associated"
    LINKED = "linked"
    NEITHER = "neither"


class Relation(StrEnum):
    """The closed vocabulary of relations; `RELATIONS` says what each means."""

    COMPOSITION = "composition"
    ANTECEDENT = "antecedent"
    MULTIPLICITY = "multiplicity"
    CALIBRATION = "calibration"
    PREREQUISITE = "prerequisite"
    ASSOCIATION = "association"
    PREVIEW = "preview"
    GUIDE_STAR = "guide_star"
    MSA = "msa"
    PRE_IMAGE = "pre_image"
    REFERENCE = "reference"
    ENGINEERING = "engineering"


@dataclass(frozen=True, slots=True)
class RelationRule:
    """One relation: the family MAST puts it in, and a sentence."""

    family: Family
    sentence: str


# MAST's two pages disagree on guide-star products (aggregation or linked) and on external pre-images (linked or
# contributing). The graph stores the relation; this table alone says which family it belongs to.
RELATIONS: dict[Relation, RelationRule] = {
    Relation.COMPOSITION: RelationRule(Family.ASSOCIATED, "A Level 3 product is made of lower-level ones by Stage 3."),
    Relation.ANTECEDENT: RelationRule(
        Family.ASSOCIATED, "A product is made of the one before it in the same exposure."
    ),
    Relation.MULTIPLICITY: RelationRule(Family.ASSOCIATED, "One Stage 3 run makes one product for each source."),
    Relation.CALIBRATION: RelationRule(
        Family.ASSOCIATED, "A contemporaneous calibration exposure was applied to the product."
    ),
    Relation.PREREQUISITE: RelationRule(
        Family.ASSOCIATED, "The exposure had to come first (target acquisition); nothing is made of it."
    ),
    Relation.ASSOCIATION: RelationRule(Family.ASSOCIATED, "The association file, or the pool it came from."),
    Relation.PREVIEW: RelationRule(Family.LINKED, "A picture of the product."),
    Relation.GUIDE_STAR: RelationRule(Family.LINKED, "Guide-star data of the visit."),
    Relation.MSA: RelationRule(Family.LINKED, "The micro-shutter configuration of NIRSpec exposures."),
    Relation.PRE_IMAGE: RelationRule(Family.LINKED, "An image taken before, elsewhere."),
    Relation.REFERENCE: RelationRule(Family.NEITHER, "A static calibration reference file (CRDS)."),
    Relation.ENGINEERING: RelationRule(Family.NEITHER, "Engineering data of the same time."),
}


class Exptype(StrEnum):
    """The role of an association's member: `exptype` of the association schema."""

    SCIENCE = "science"
    BACKGROUND = "background"
    IMPRINT = "imprint"
    PSF = "psf"
    SOURCECAT = "sourcecat"
    SEGMAP = "segmap"
    DIRECT_IMAGE = "direct_image"
    TARGET_ACQUISITION = "target_acquisition"
    SELFCAL = "selfcal"
    AUTOFLAT = "autoflat"
    AUTOWAVE = "autowave"
    DARK = "dark"
    FLAT = "flat"
    ENGINEERING = "engineering"
    TRACKING = "tracking"


# What a member in each role is to the product made with it. A `science` member is a composition where Stage 3
# makes the product and an antecedent where Stage 2 does. Roles that are absent, and unknown ones, make no
# COMPOSED_OF: the member is kept on HAS_MEMBER, and its exposure is included in the Observation.
ROLE_RELATION: dict[Exptype, Relation] = {
    Exptype.SCIENCE: Relation.COMPOSITION,
    Exptype.BACKGROUND: Relation.CALIBRATION,
    Exptype.IMPRINT: Relation.CALIBRATION,
    Exptype.PSF: Relation.CALIBRATION,
    Exptype.SOURCECAT: Relation.ANTECEDENT,
    Exptype.SEGMAP: Relation.ANTECEDENT,
    Exptype.DIRECT_IMAGE: Relation.ANTECEDENT,
    Exptype.SELFCAL: Relation.CALIBRATION,
    Exptype.AUTOFLAT: Relation.CALIBRATION,
    Exptype.AUTOWAVE: Relation.CALIBRATION,
    Exptype.DARK: Relation.CALIBRATION,
    Exptype.FLAT: Relation.CALIBRATION,
}

EXPTYPES = frozenset(str(role) for role in Exptype)


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of node: its key property and a sentence."""

    name: str
    key: str
    sentence: str


LABELS: tuple[Label, ...] = (
    Label("Product", "filename", "A file of the archive, or one that an association names."),
    Label("Association", "filename", "The Product is an association file: which members make which product."),
    Label("Pool", "filename", "The Product is an association pool: the exposures associations are made from."),
    Label("Observation", "obs_id", "A dataset, as in CAOM: an exposure, or what Stage 3 makes of several."),
    Label("ReferenceFile", "name", "A static calibration reference file (CRDS)."),
    Label("EngineeringData", "name", "One mnemonic over a span of time."),
    Label("Program", "program", "A JWST program, five digits; empty where a name tells of none."),
    Label("Load", "id", "One run of a loader; left out of the digest."),
)


@dataclass(frozen=True, slots=True)
class Edge:
    """A kind of relationship: its ends and a sentence."""

    name: str
    start: str
    end: str
    sentence: str


EDGES: tuple[Edge, ...] = (
    Edge("PART_OF", "Product", "Observation", "The Observation owns the file."),
    Edge("INCLUDES", "Observation", "Observation", "The Observation is made with the other one's products."),
    Edge("HAS_MEMBER", "Association", "Product", "The association names the file as a member, in a role."),
    Edge("PRODUCES", "Association", "Product", "The file is what is made of the association."),
    Edge("FROM_POOL", "Association", "Pool", "The association was generated from the pool."),
    Edge("COMPOSED_OF", "Product", "Product", "The first file was made of the second."),
    Edge("LINKED_TO", "Product", "Product|Observation", "The file is shown with the other, not made with it."),
    Edge("CALIBRATED_WITH", "Product", "ReferenceFile", "The reference file was applied to the product."),
    Edge("SHARES_WITH", "Program", "Program", "An association of the first program names files of the second."),
)


# --- records: what a loader yields -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A file that something listed: it is archived.

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
    """

    filename: str
    obs_id: str = ""
    obsid: int | None = None
    parent_obsid: int | None = None
    calib_level: int | None = None
    mrp: bool | None = None
    mast: dict[str, str | int | None] = field(default_factory=dict)


# The columns of a MAST product list that describe the file itself, and are kept on the Product. `description` is not:
# it is wrong for associations and pools, and says elsewhere what stage and suffix say.
MAST_COLUMNS = (
    "dataURI",
    "size",
    "productType",
    "productSubGroupDescription",
    "dataproduct_type",
    "prvversion",
    "dataRights",
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an association's product, as the file has it.

    `filename` is `expname` without directory; `expname` is kept as written. `exptype` is lower case, as in the
    association schema; an unknown one is kept.
    """

    filename: str
    expname: str
    exptype: str
    exposerr: str | None = None
    asn_candidate: str | None = None


@dataclass(frozen=True, slots=True)
class AsnProduct:
    """A product of an association: its name (a root, or a template with `{source_id}` …) and its members."""

    name: str
    members: tuple[Member, ...]


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


@dataclass(frozen=True, slots=True)
class ReferenceRecord:
    """A static calibration reference file that was applied to a product.

    `keyword` is the header card (`R_FLAT`), `reference` the CRDS name (`crds://…`), `context` the CRDS context.
    """

    productFilename: str
    keyword: str
    reference: str
    context: str | None = None


@dataclass(frozen=True, slots=True)
class EngineeringRecord:
    """An engineering mnemonic over a span of time; `t_min` and `t_max` are MJD, and t_min <= t_max."""

    mnemonic: str
    t_min: float
    t_max: float
    dataURI: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A source, or a row of it, that cannot be loaded: where it stands, and one sentence why.

    `kind` is `rejected` (the row or file is not in the graph), `conflict` (another content of that name holds) or
    `warning` (loaded, and something in it is odd; it does not change the exit code).
    """

    source: str
    line: int | None
    reason: str
    kind: str = "rejected"
    text: str = ""


Record = ProductRecord | AssociationRecord | ReferenceRecord | EngineeringRecord
