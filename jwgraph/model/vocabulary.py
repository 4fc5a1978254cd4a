"""The vocabulary: labels, relationships, relations, roles and the records that loaders yield.

Everything that names a thing of the graph reads it here. The terms are MAST's and CAOM's (`obs_id`,
`calib_level`, `productType`), those of the JWST pipeline (`exptype`, association, candidate), and the relation
families of the archive's *Data Product Linkages* page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from jwgraph.model import properties
from jwgraph.model.properties import Property


class Family(StrEnum):
    """How MAST relates a product to an Observation."""

    ASSOCIATED = "associated"
    LINKED = "linked"
    NEITHER = "neither"


class Relation(StrEnum):
    """The closed vocabulary of relations; `RELATIONS` says what each means."""

    OWN = "own"
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
    Relation.OWN: RelationRule(Family.ASSOCIATED, "The Observation asked for owns the product."),
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


# What a table of links may say; other relations are derived from names and associations.
TABLE_RELATIONS: tuple[Relation, ...] = (Relation.PRE_IMAGE, Relation.CONFIRMATION_IMAGE, Relation.FINDING_CHART)


class Reason(StrEnum):
    """Why a product that an association promises is not there, or a dataset has no Level 3.

    The first four are those of the archive's *Linkages in the Portal* page, section *What if L-3 Products are
    Absent?*; `unknown` if no evidence is loaded.
    """

    CALIBRATION = "calibration program"
    ENGINEERING = "engineering program"
    NOT_EXECUTED = "not executed yet"
    FAILED = "failed exposure"
    UNKNOWN = "unknown"


class MrpRule(StrEnum):
    """Why a file is one of the Minimum Recommended Products of its Observation, or is not: `mrp_rule` of `PART_OF`.

    `derive/70_mrp` decides which applies; `MRP_RULES` has the sentence of each.
    """

    WITHDRAWN = "withdrawn"
    OWN = "own"
    PREVIEW = "preview"
    GUIDE_STAR = "guide_star"
    EXPECTED = "expected"
    NOT_ARCHIVED = "not_archived"
    OBSERVATION_NOT_ARCHIVED = "observation_not_archived"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a rule code means: whether the file is recommended, and the reason as `jwgraph why` gives it."""

    recommended: bool
    sentence: str


MRP_RULES: dict[MrpRule, Recommendation] = {
    MrpRule.WITHDRAWN: Recommendation(False, "it was withdrawn: a later product list of MAST lacks it"),
    MrpRule.OWN: Recommendation(
        True, "it is the Observation's own product, and neither a preview nor a guide-star file"
    ),
    MrpRule.PREVIEW: Recommendation(False, "previews are never recommended"),
    MrpRule.GUIDE_STAR: Recommendation(False, "guide-star files are never recommended"),
    MrpRule.EXPECTED: Recommendation(False, "it is expected, and not there"),
    MrpRule.NOT_ARCHIVED: Recommendation(False, "no list and no folder has it"),
    MrpRule.OBSERVATION_NOT_ARCHIVED: Recommendation(False, "no product of the Observation is there"),
}

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


class Selection(StrEnum):
    """Which files to take: recommended, all, own, linked ones, what it was made from, or what makes it again."""

    MRP = "mrp"
    TREE = "tree"
    OWN = "own"
    LINKED = "linked"
    LINEAGE = "lineage"
    INPUTS = "inputs"


class InputLevel(StrEnum):
    """Where making an Observation again begins: raw exposures, count rates, or calibrated exposures."""

    UNCAL = "uncal"
    RATE = "rate"
    CAL = "cal"


class Basis(StrEnum):
    """How an edge is known: `basis` of PART_OF, PRODUCES, LINKED_TO, INCLUDES, FROM_POOL and CALIBRATED_WITH."""

    MAST = "mast"
    NAME = "name"
    ASSOCIATION = "association"
    ARCHIVED = "archived"
    LINEAGE = "lineage"
    HEADER = "header"
    TABLE = "table"


# What each basis means. Where several give one edge, PART_OF keeps the strongest: mast, then name, then association.
BASES: dict[Basis, str] = {
    Basis.MAST: "A MAST list or search.",
    Basis.NAME: "The file name.",
    Basis.ASSOCIATION: "The content of an association.",
    Basis.ARCHIVED: "An archived file that matches what an association is expected to make.",
    Basis.LINEAGE: "COMPOSED_OF edges from a member of the association.",
    Basis.HEADER: "A FITS header, or MAST's keywords of it.",
    Basis.TABLE: "A table of links or reference files.",
}

# Raised when names in the graph change: a store or dump of another format cannot be read.
GRAPH_FORMAT = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of node.

    Attributes
    ----------
    name, key
        Label, and the property that identifies the node.
    sentence
        What the node is.
    properties
        All properties it may have; those of Association and Pool are added to those of Product.
    """

    name: str
    key: str
    sentence: str
    properties: tuple[Property, ...]


LABELS: tuple[Label, ...] = (
    Label(
        "Product",
        "filename",
        "A file that the archive lists, that was seen on disk, or that an association or pool names.",
        properties.PRODUCT,
    ),
    Label(
        "Association",
        "filename",
        "A Product that is an association file: members and products.",
        properties.ASSOCIATION,
    ),
    Label(
        "Pool",
        "filename",
        "A Product that is an association pool: exposures that associations are made from.",
        properties.POOL_FILE,
    ),
    Label(
        "Observation",
        "obs_id",
        "A dataset, as in CAOM: an exposure, or what Stage 3 makes of several.",
        properties.OBSERVATION,
    ),
    Label("ReferenceFile", "name", "A static calibration reference file (CRDS).", properties.REFERENCE_FILE),
    Label("EngineeringData", "name", "An engineering mnemonic over a time span.", properties.ENGINEERING_DATA),
    Label("Program", "program", "A JWST program; the empty one is for names without a program.", properties.PROGRAM),
    Label("Load", "id", "One run of a loader.", properties.LOAD),
)


@dataclass(frozen=True, slots=True)
class Edge:
    """A kind of relationship.

    Attributes
    ----------
    name, start, end
        Type, and the labels of its ends; several labels are separated by `|`.
    sentence
        What it means.
    properties
        All properties it may have.
    """

    name: str
    start: str
    end: str
    sentence: str
    properties: tuple[Property, ...] = ()


_BASIS = Property("basis", "STRING", "How the edge is known.")
_RELATION = Property("relation", "STRING", "Relation, as in MAST's vocabulary.")

EDGES: tuple[Edge, ...] = (
    Edge(
        "PART_OF",
        "Product",
        "Observation",
        "The Observation owns the file.",
        (
            _BASIS,
            Property("calib_level", "INTEGER", "Calibration level in MAST's row for this Observation."),
            Property("mrp", "BOOLEAN", "Minimum Recommended Product of the Observation.", derived=True),
            Property("mrp_rule", "STRING", "Why it is recommended or not: a code of MrpRule.", derived=True),
            Property("mast_mrp", "BOOLEAN", "MAST's own flag in the row of the Observation itself."),
            Property(
                "mast_lists",
                "LIST<STRING>",
                "For each Observation whose complete product list had the file, the newest time (ms) and the obs_id.",
                bookkeeping=True,
            ),
            Property("withdrawn", "BOOLEAN", "Later complete product lists of MAST lack the file here.", derived=True),
        ),
    ),
    Edge(
        "INCLUDES",
        "Observation",
        "Observation",
        "The Level 3 Observation uses the exposure, or MAST lists the second under the first.",
        (
            Property("basis", "LIST<STRING>", "How the edge is known.", derived=True),
            Property("roles", "LIST<STRING>", "Roles (exptype) of the exposure in the association.", derived=True),
        ),
    ),
    Edge(
        "HAS_MEMBER",
        "Association",
        "Product",
        "The association names the file as a member.",
        (
            Property("product", "STRING", "Product of the association that has the member, as written."),
            Property("exptype", "STRING", "Role of the member."),
            Property("seq", "INTEGER", "Position in the association, from 0."),
            Property("expname", "STRING", "Name of the member, as written."),
            Property("exposerr", "STRING", "Why the exposure failed, as the association states."),
            Property("asn_candidate", "STRING", "Candidates of the member, as written."),
        ),
    ),
    Edge(
        "PRODUCES",
        "Association",
        "Product",
        "The file is, or is expected to be, made from the association.",
        (
            Property("product", "STRING", "Product of the association, as written."),
            Property("obs_id", "STRING", "Observation that owns what is made."),
            Property("productLevel", "STRING", "Processing level of what is made: 2b or 3."),
            Property("suffixes", "LIST<STRING>", "Suffixes that the association makes of the product."),
            _BASIS,
        ),
    ),
    Edge("FROM_POOL", "Association", "Pool", "The association was generated from the pool.", (_BASIS,)),
    Edge(
        "PLANS",
        "Pool",
        "Product",
        "The pool lists the exposure as planned or executed.",
        (
            Property("program", "STRING", "Program, five digits."),
            Property("asn_candidate", "LIST<STRING>", "Candidates that the exposure may enter."),
            *properties.POOL,
            Property("rank", "STRING", "Rank of the pool row that is kept; the highest wins."),
        ),
    ),
    Edge(
        "COMPOSED_OF",
        "Product",
        "Product",
        "The first file was made from the second.",
        (
            replace(_RELATION, derived=True),
            Property("role", "STRING", "Role (exptype) in which the second entered.", derived=True),
            Property("asn", "STRING", "Association that states it; absent where names imply it.", derived=True),
        ),
    ),
    Edge(
        "LINKED_TO",
        "Product",
        "Product|Observation",
        "The file is shown with the other, and was not used to make it.",
        (_RELATION, _BASIS),
    ),
    Edge(
        "CALIBRATED_WITH",
        "Product",
        "ReferenceFile",
        "The reference file was applied to the product.",
        (
            Property("keyword", "STRING", "Header card that names the reference file (R_FLAT)."),
            Property("context", "STRING", "CRDS context."),
            _BASIS,
        ),
    ),
    Edge("SHARES_WITH", "Program", "Program", "The programs share files, and are derived together."),
)
