"""Properties of nodes and edges: name, type, unit and meaning of each.

The tuples here that other modules share (columns of MAST, cards of headers, columns of pools) are also the lists of
what loaders keep, so that a column is named in one place.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a node or edge.

    Attributes
    ----------
    name
        As it is stored.
    type
        Neo4j's type: STRING, INTEGER, FLOAT, BOOLEAN, ZONED DATETIME, LIST<STRING> or LIST<INTEGER>.
    sentence
        What it means.
    unit
        Unit of a number: byte, d (days, MJD) or ms (milliseconds since 1970); else empty.
    derived
        Set by `cypher/derive`, and not by a source.
    bookkeeping
        About loads rather than files, or about which lists came from MAST itself, and so left out of the digest.
    """

    name: str
    type: str
    sentence: str
    unit: str = ""
    derived: bool = False
    bookkeeping: bool = False


def names(properties: tuple[Property, ...]) -> tuple[str, ...]:
    """Return the names of properties, in order."""
    return tuple(each.name for each in properties)


# Columns of a MAST product list that describe the file itself. `description` is left out: it is wrong for associations
# and pools, and otherwise repeats the level and the suffix.
MAST_PRODUCT = (
    Property("dataURI", "STRING", "MAST's URI of the file."),
    Property("size", "INTEGER", "Size of the file.", "byte"),
    Property("productType", "STRING", "SCIENCE, PREVIEW, INFO or AUXILIARY, as in MAST."),
    Property("productSubGroupDescription", "STRING", "Suffix, as MAST's product list gives it."),
    Property("dataproduct_type", "STRING", "image, spectrum, cube and so on, as in CAOM."),
    Property("prvversion", "STRING", "Version of the pipeline that made the file, as MAST's list gives it."),
    Property("dataRights", "STRING", "PUBLIC, EXCLUSIVE_ACCESS or RESTRICTED."),
    Property("filters", "STRING", "Optical elements, as MAST's product list gives them."),
)

# Columns of a MAST observation search, besides those with a field of their own.
MAST_OBSERVATION = (
    Property("target_name", "STRING", "Target, as MAST's search gives it."),
    Property("instrument_name", "STRING", "Instrument and mode, such as NIRCAM/IMAGE."),
    Property("filters", "STRING", "Optical elements, as MAST's search gives them."),
    Property("proposal_type", "STRING", "Type of the program: GO, GTO, CAL and so on."),
    Property("intentType", "STRING", "science or calibration."),
    Property("dataRights", "STRING", "PUBLIC, EXCLUSIVE_ACCESS or RESTRICTED."),
    Property("dataproduct_type", "STRING", "image, spectrum, cube and so on, as in CAOM."),
)

# Cards of a primary header, in lower case, besides those with a field of their own.
HEADER = (
    Property("cal_ver", "STRING", "Version of the calibration pipeline (CAL_VER)."),
    Property("crds_ctx", "STRING", "CRDS context (CRDS_CTX)."),
    Property("date", "STRING", "When the file was made, UTC (DATE)."),
    Property("exp_type", "STRING", "Exposure type (EXP_TYPE)."),
    Property("category", "STRING", "Category of the program (CATEGORY)."),
    Property("targname", "STRING", "Standard name of the target (TARGNAME)."),
    Property("targprop", "STRING", "The proposer's name of the target (TARGPROP)."),
    Property("instrume", "STRING", "Instrument (INSTRUME)."),
    Property("detector", "STRING", "Detector (DETECTOR)."),
    Property("filter", "STRING", "Filter (FILTER)."),
    Property("pupil", "STRING", "Pupil wheel element (PUPIL)."),
    Property("grating", "STRING", "Grating (GRATING)."),
    Property("subarray", "STRING", "Subarray (SUBARRAY)."),
    Property("gdstarid", "STRING", "Guide star (GDSTARID)."),
)

# Columns of an association pool, in lower case, besides `asn_candidate`.
POOL = (
    Property("obs_num", "STRING", "Observation number in the program."),
    Property("visit", "STRING", "Visit number."),
    Property("visitype", "STRING", "Type of the visit."),
    Property("exp_type", "STRING", "Exposure type."),
    Property("instrume", "STRING", "Instrument."),
    Property("detector", "STRING", "Detector."),
    Property("targetid", "STRING", "Number of the target in the program."),
    Property("targname", "STRING", "Standard name of the target."),
    Property("template", "STRING", "APT template."),
    Property("pntgtype", "STRING", "Pointing type: science, target_acquisition and so on."),
    Property("filter", "STRING", "Filter."),
    Property("pupil", "STRING", "Pupil wheel element."),
    Property("grating", "STRING", "Grating."),
    Property("fxd_slit", "STRING", "Fixed slit."),
    Property("band", "STRING", "MRS band."),
    Property("channel", "STRING", "NIRCam or MRS channel."),
    Property("subarray", "STRING", "Subarray."),
    Property("is_psf", "STRING", "t where the exposure is a reference PSF."),
    Property("is_imprt", "STRING", "t where the exposure is an imprint."),
    Property("bkgdtarg", "STRING", "t where the target is a background."),
    Property("tsovisit", "STRING", "t where the visit is a time series."),
    Property("exposerr", "STRING", "Why the exposure failed."),
    Property("nexposur", "STRING", "Number of exposures in the dither pattern."),
    Property("msametfl", "STRING", "MSA metadata file."),
)

TIMES = (
    Property("t_min", "FLOAT", "Start, MJD.", "d"),
    Property("t_max", "FLOAT", "End, MJD.", "d"),
)

_BOOKS = (
    Property("new_at", "INTEGER", "When a load first had the file listed or seen.", "ms", bookkeeping=True),
    Property("reprocessed_at", "INTEGER", "When a load first saw a newer version.", "ms", bookkeeping=True),
    Property("reprocessed", "STRING", "What the newer version changed.", bookkeeping=True),
    Property("public_at", "INTEGER", "When a load first saw the file public.", "ms", bookkeeping=True),
    Property(
        "withdrawn_at",
        "INTEGER",
        "Time of the first complete product list that showed the file withdrawn.",
        "ms",
        derived=True,
        bookkeeping=True,
    ),
)

PRODUCT = (
    Property("filename", "STRING", "File name, the key."),
    Property("program", "STRING", "Program, five digits; empty where the name has none."),
    Property("form", "STRING", "exposure, stage3, guide_star, msa, association, pool or plain."),
    Property("suffix", "STRING", "Suffix of the file name, such as cal."),
    Property("productLevel", "STRING", "Processing level: 1b, 2a, 2b, 2c or 3."),
    Property("calib_level", "INTEGER", "Calibration level that the name implies, as in CAOM."),
    Property("visit_id", "STRING", "Visit (jw and 11 digits), of guide-star and MSA files."),
    Property("archived", "BOOLEAN", "The archive listed the file: a MAST product list, search or keyword row."),
    Property("seen", "BOOLEAN", "Seen on disk: a header, a file of a folder, a list of names, a table of links."),
    Property("withdrawn", "BOOLEAN", "Later complete product lists of MAST lack the file.", derived=True),
    Property("present", "BOOLEAN", "Archived or seen, and not withdrawn.", derived=True),
    Property("visible", "BOOLEAN", "Present or expected, and so shown in trees and lists.", derived=True),
    Property("expected", "BOOLEAN", "Named by a current association, and not present.", derived=True),
    Property("obs_id", "STRING", "Observation that owns the file; of several, the first by name.", derived=True),
    Property("recommended", "BOOLEAN", "Recommended in an Observation that is listed.", derived=True),
    *MAST_PRODUCT,
    Property("mast_rank", "STRING", "Rank of the MAST row that is kept; the highest wins."),
    *HEADER,
    Property("asntable", "STRING", "Association that made the file (ASNTABLE)."),
    Property("asnpool", "STRING", "Pool of that association (ASNPOOL)."),
    Property("msametfl", "STRING", "MSA metadata file (MSAMETFL)."),
    Property("proposal_id", "STRING", "Program, five digits (PROGRAM)."),
    *TIMES,
    Property("header_rank", "STRING", "Rank of the header that is kept; the highest wins."),
    *_BOOKS,
)

ASSOCIATION = (
    Property("asn_id", "STRING", "Candidate: oNNN, cNNNN or aNNNN."),
    Property("asn_type", "STRING", "Type: image2, image3, spec3 and so on."),
    Property("version_id", "STRING", "Version, a time stamp."),
    Property("asn_rule", "STRING", "Rule that generated the association."),
    Property("code_version", "STRING", "Version of the association generator."),
    Property("degraded_status", "STRING", "Whether exposures are degraded, as the association states."),
    Property("target", "STRING", "Target number."),
    Property("products", "LIST<STRING>", "Names of its products, as written; present where the content is loaded."),
    Property("templates", "LIST<STRING>", "Product names that stand for several products ({source_id})."),
    Property("template_patterns", "LIST<STRING>", "For each template, a pattern of the Observations it matches."),
    Property("template_files", "LIST<STRING>", "For each template, a pattern of the files it matches."),
    Property("template_suffixes", "LIST<STRING>", "Suffixes of files made from the templates."),
    Property("sha256", "STRING", "Digest of the content; present where the content is loaded."),
    Property("asn_rank", "STRING", "Rank of the content that is kept; the highest wins."),
    Property("superseded_by", "STRING", "Association that replaces this one.", derived=True),
    Property("duplicate_of", "STRING", "Association with the same members that takes precedence.", derived=True),
)

POOL_FILE = (Property("loaded", "BOOLEAN", "The content of the pool is loaded."),)

OBSERVATION = (
    Property("obs_id", "STRING", "Observation identifier, the key."),
    Property("program", "STRING", "Program, five digits; empty where the name has none."),
    Property("form", "STRING", "exposure or stage3; absent for other names."),
    Property("visit_id", "STRING", "Visit (jw and 11 digits), of exposures."),
    Property("detector", "STRING", "Detector, of exposures."),
    Property("state", "STRING", "archived, seen, expected, planned or named.", derived=True),
    Property("archived", "BOOLEAN", "A product of it is archived, and not withdrawn.", derived=True),
    Property("present", "BOOLEAN", "A product of it is present, or a search has it.", derived=True),
    Property("expected", "BOOLEAN", "A product of it is expected.", derived=True),
    Property("planned", "BOOLEAN", "A pool or MAST plans it, and nothing of it is present.", derived=True),
    Property("listed", "BOOLEAN", "A row of the Portal: no Observation that is present includes it.", derived=True),
    Property("level3", "BOOLEAN", "Stage 3 makes it.", derived=True),
    Property("productLevel", "STRING", "Highest processing level: 1b, 2a, 2b, 2c or 3.", derived=True),
    Property("calib_level", "INTEGER", "Calibration level, as in CAOM.", derived=True),
    Property(
        "product_list",
        "STRING",
        "complete: MAST's whole list of it, or of what includes it, is loaded; rows: some rows; absent: none.",
        derived=True,
        bookkeeping=True,
    ),
    Property("unread", "LIST<STRING>", "Its current association files whose content is not loaded.", derived=True),
    Property("unread_pools", "LIST<STRING>", "Its pools whose content is not loaded.", derived=True),
    Property(
        "asn_known", "BOOLEAN", "A current association whose content is loaded makes a product of it.", derived=True
    ),
    Property("headers", "INTEGER", "Number of its own products whose header is loaded.", derived=True),
    Property(
        "mast_list_at",
        "INTEGER",
        "Time of the newest complete product list that MAST gave for it.",
        "ms",
        bookkeeping=True,
    ),
    Property("mast_obsid", "INTEGER", "MAST's number of the Observation (obsid)."),
    Property("mast_parents", "LIST<INTEGER>", "MAST's numbers of the Observations that list it (parent_obsid)."),
    Property("mast_calib_level", "INTEGER", "Calibration level in MAST's search; -1 is planned."),
    Property("proposal_id", "STRING", "Program, five digits, in MAST's search."),
    Property("t_obs_release", "FLOAT", "When the data become public, MJD.", "d"),
    *TIMES,
    *MAST_OBSERVATION,
    Property("mast_rank", "STRING", "Rank of the MAST row that is kept; the highest wins."),
)

PROGRAM = (
    Property("program", "STRING", "Program, five digits, the key."),
    Property(
        "mast_parents", "LIST<INTEGER>", "MAST's numbers of parents that are in no known Observation.", derived=True
    ),
    Property("associations", "INTEGER", "Number of associations whose content is loaded.", derived=True),
    Property("headers", "INTEGER", "Number of headers loaded, of the products of its Observations.", derived=True),
    Property(
        "lists",
        "INTEGER",
        "Number of Observations with a product list, whole or in part.",
        derived=True,
        bookkeeping=True,
    ),
    Property("dirty", "BOOLEAN", "A load touched it, and its edges are to be derived.", bookkeeping=True),
    Property("generation", "INTEGER", "Rises with each load that changed the program.", bookkeeping=True),
    Property("forgetting", "LIST<STRING>", "While it is forgotten: what its sources named besides.", bookkeeping=True),
)

REFERENCE_FILE = (Property("name", "STRING", "CRDS name (crds://…), the key."),)

ENGINEERING_DATA = (
    Property("name", "STRING", "Mnemonic and time span, the key."),
    Property("mnemonic", "STRING", "Engineering mnemonic."),
    *TIMES,
    Property("span", "FLOAT", "Length of the time span.", "d"),
    Property("dataURI", "STRING", "MAST's URI of the data."),
)

LOAD = (
    Property("id", "STRING", "Identifier of the run, the key."),
    Property("started", "ZONED DATETIME", "When it began."),
    Property("finished", "ZONED DATETIME", "When it ended."),
    Property("state", "STRING", "writing or complete."),
    Property("records", "INTEGER", "Records read."),
    Property("rejects", "INTEGER", "Records rejected."),
)
