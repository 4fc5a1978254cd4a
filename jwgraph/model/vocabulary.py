"""The vocabulary: labels, relationships, relations, roles and the records that loaders yield.

Everything that names a thing of the graph reads it here. The terms are MAST's and CAOM's (`obs_id`,
`calib_level`, `productType`), those of the JWST pipeline (`exptype`, association, candidate), and the relation
families of the archive's *Data Product Linkages* page.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    CONFIRMATION_IMAGE = "confirmation_image"
    FINDING_CHART = "finding_chart"
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
    Relation.CONFIRMATION_IMAGE: RelationRule(Family.LINKED, "An image that confirms where the telescope pointed."),
    Relation.FINDING_CHART: RelationRule(Family.LINKED, "A chart that shows where to look."),
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


# What a table of links may say; relations that names or associations show are derived, and not told by a table.
TOLD_RELATIONS: tuple[Relation, ...] = (Relation.PRE_IMAGE, Relation.CONFIRMATION_IMAGE, Relation.FINDING_CHART)


class Reason(StrEnum):
    """Why a product that an association promises is not there, or a dataset has no Level 3.

    The first four are those of the archive's *Linkages in the Portal* page, section *What if L-3 Products are
    Absent?*; `unknown` stands where nothing tells.
    """

    CALIBRATION = "calibration program"
    ENGINEERING = "engineering program"
    NOT_EXECUTED = "not executed yet"
    FAILED = "failed exposure"
    UNKNOWN = "unknown"


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
    Edge("PLANS", "Pool", "Product", "The pool lists the exposure as planned or executed."),
    Edge("COMPOSED_OF", "Product", "Product", "The first file was made of the second."),
    Edge("LINKED_TO", "Product", "Product|Observation", "The file is shown with the other, not made with it."),
    Edge("CALIBRATED_WITH", "Product", "ReferenceFile", "The reference file was applied to the product."),
    Edge("SHARES_WITH", "Program", "Program", "An association of the first program names files of the second."),
)
