"""The grammar of JWST file names.

Sources: the JWST pipeline's documentation (file naming conventions of exposures, Stage 3 products and associations)
and names seen in MAST. The suffix alone does not give the level: form and suffix do (`jwgraph/names/suffixes.csv`).

Datasets (`obs_id`) are always lower case; in file names, activity identifiers (base 36) occur in either case. File
names are kept unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from jwgraph.names.identifiers import makes_level3, visit_of
from jwgraph.names.suffixes import Suffix, known, suffixes

_NIRCAM = "nrca1 nrca2 nrca3 nrca4 nrcalong nrcb1 nrcb2 nrcb3 nrcb4 nrcblong"
_OTHERS = "nrs1 nrs2 mirimage mirifulong mirifushort nis guider1 guider2"
DETECTORS = frozenset(f"{_NIRCAM} {_OTHERS}".split())
INSTRUMENTS = ("miri", "nircam", "nirspec", "niriss", "fgs")
PREVIEW_EXTENSIONS = frozenset({"jpg", "jpeg", "png"})
# Extensions that a name outside the grammar may have to count as a product.
PLAIN_EXTENSIONS = PREVIEW_EXTENSIONS | {"", "fits", "ecsv"}
LONGEST = 255

_CANDIDATE = r"(?:o\d{3}|[ca]\d{4}|r\d{4})"
_EXPOSURE = re.compile(
    r"(?P<root>jw(?P<program>\d{5})(?P<observation>\d{3})(?P<visit>\d{3})_\d{2}[1-5][0-9A-Za-z]{2}_\d{5}"
    r"(?:-seg(?P<segment>\d{3}))?_(?P<detector>[A-Za-z0-9]+))"
    rf"(?:_(?P<candidate>{_CANDIDATE}))?(?:_(?P<tail>[a-z0-9][a-z0-9_-]*))?",
    re.ASCII,
)
_STAGE3_HEAD = (
    rf"jw(?P<program>\d{{5}})-(?P<candidate>{_CANDIDATE})"
    r"(?:_(?P<target>t\d{3}(?:-s\d+)?|[sbv]\d+)(?:-?epoch[a-z0-9]+)?)?"
    rf"_(?P<instrument>{'|'.join(INSTRUMENTS)})"
)
# Names of some subarrays have an underscore: the ends that the schema of stdatamodels 6.0.0 lists.
_SUBARRAY_END = r"(?:_(?:dhs|soss|prism|ips?|irs2|supstp\d{3}p?)(?![a-z0-9]))?"
_STAGE3 = re.compile(
    rf"(?P<root>{_STAGE3_HEAD}_(?P<elements>[a-z0-9]+(?:-[a-z0-9]+)*{_SUBARRAY_END}))"
    r"(?:_(?P<tail>[a-z0-9][a-z0-9_-]*))?",
    re.ASCII,
)
# Integral-field units: the association omits the optical elements, and each cube adds its own.
_STAGE3_BARE = re.compile(_STAGE3_HEAD, re.ASCII)
_GUIDE_STAR = re.compile(
    r"jw(?P<program>\d{5})\d{6}_gs-(?:id|acq1|acq2|track|fg)(?:_\d+)?(?:_(?:image|stacked))?"
    r"(?:-seg\d{3})?[_-](?P<suffix>cal|uncal|stream)",
    re.ASCII,
)
_MSA = re.compile(r"jw(?P<program>\d{5})\d{6}_\d+_msa", re.ASCII)
_ASSOCIATION = re.compile(
    rf"jw(?P<program>\d{{5}})(?:-(?P<candidate>{_CANDIDATE}))?_(?P<version>\d{{8}}[tT]\d{{6}})"
    r"_(?P<type>[a-z0-9]+(?:-[a-z0-9]+)*)_\d{3,5}_asn",
    re.ASCII,
)
_POOL = re.compile(r"jw(?P<program>\d{5})_\d{8}[tT]\d{6}_pool", re.ASCII)
_ACTIVITY = re.compile(r"-[0-9A-Za-z]{2}$", re.ASCII)
_TEMPLATE = re.compile(r"\{([a-z_]+)\}", re.ASCII)


class Name(NamedTuple):
    """The parts of a file name; fields that do not apply are empty.

    Attributes
    ----------
    recognised
        Whether the name follows the archive's grammar.
    form
        exposure, stage3, guide_star, msa, association or pool; plain for a name outside the grammar that still
        identifies its Observation; else empty.
    obs_id
        The Observation that owns the file; empty if the name does not contain it (guide star, MSA, association, pool).
    program
        Five digits.
    candidate
        oNNN, cNNNN or aNNNN; for an exposure, the candidate of the Stage 3 run that made the file.
    visit_id
        `jw` and eleven digits.
    product_level, calib_level, unit, productType
        As in `jwgraph.names.suffixes.Suffix`; a preview has the values of the file it shows, and type PREVIEW.
    reason
        Why the name is not recognised.
    """

    filename: str
    recognised: bool = False
    form: str = ""
    obs_id: str = ""
    program: str = ""
    candidate: str = ""
    visit_id: str = ""
    detector: str = ""
    suffix: str = ""
    extension: str = ""
    product_level: str = ""
    calib_level: int | None = None
    unit: str = ""
    productType: str = ""
    asn_type: str = ""
    version_id: str = ""
    reason: str = ""


class Root(NamedTuple):
    """The parts of the root of a dataset, or of a product name of an association.

    `form` is exposure, stage3, template (it has `{…}`) or empty; `obs_id` is the key of the Observation.
    Associations of integral-field units give Stage 3 roots without optical elements; each cube adds its own.
    """

    form: str
    obs_id: str
    program: str = ""
    visit_id: str = ""
    detector: str = ""
    candidate: str = ""
    unit: str = ""
    elements: tuple[str, ...] = ()


def fault(filename: str) -> str:
    """Return why a name cannot be a file name or identifier in the graph; empty if it is valid.

    A valid name has 1 to 255 bytes, contains only printable characters, and is not a path.
    """
    if not filename:
        return "it is empty"
    if not filename.isprintable():
        return "it holds a character that does not print"
    if filename in (".", ".."):
        return "it names a directory"
    if "/" in filename or "\\" in filename:
        return "it holds a directory"
    if len(filename) > LONGEST or len(filename.encode()) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    return ""


def base(path: str) -> str:
    """Return the file name of a POSIX or Windows path."""
    return path.replace("\\", "/").rpartition("/")[2]


def parse(filename: str) -> Name:
    """Parse a file name; an unrecognised name is returned with a reason and never raises.

    Parameters
    ----------
    filename
        Any text; leading directories are dropped.
    """
    if "/" in filename or "\\" in filename:
        filename = base(filename)
    if not filename.isprintable() or not 0 < len(filename) <= LONGEST:
        return Name(filename, reason=fault(filename))
    return _parsed(filename)


# Members, pools and associations are named again and again, one soon after the other.
@lru_cache(maxsize=8192)
def _parsed(filename: str) -> Name:
    stem, extension = _split(filename)
    if filename.startswith("jw"):
        match = _EXPOSURE.fullmatch(stem)
        if match is not None:
            return _exposure(filename, extension, match)
        match = _STAGE3.fullmatch(stem)
        if match is not None:
            return _stage3(filename, extension, match)
        special = _special(filename, stem, extension)
        if special is not None:
            return special
        return _plain(filename, stem, extension, "it begins as a JWST name and follows no form of one")
    return _plain(filename, stem, extension, "names of the archive begin with jw and five digits")


def _split(filename: str) -> tuple[str, str]:
    stem, dot, extension = filename.rpartition(".")
    if not dot:
        return filename, ""
    if extension == "gz":
        inner, dot, before = stem.rpartition(".")
        return (inner, f"{before}.gz") if dot else (stem, "gz")
    return stem, extension


def _exposure(filename: str, extension: str, match: re.Match[str]) -> Name:
    root, program, observation, visit, _, detector, candidate, tail = match.groups()
    if detector.lower() not in DETECTORS:
        return _plain(filename, _split(filename)[0], extension, f"{detector!r} is no detector of JWST")
    ending = _ending("exposure", extension, tail)
    return Name(
        filename,
        obs_id=root.lower(),
        program=program,
        candidate=candidate or "",
        visit_id=f"jw{program}{observation}{visit}",
        detector=detector.lower(),
        extension=extension,
        **ending,
    )


def _stage3(filename: str, extension: str, match: re.Match[str]) -> Name:
    root, program, candidate, _, _, elements, tail = match.groups()
    if tail is not None or elements not in known():
        ending = _ending("stage3", extension, tail)
        return Name(filename, obs_id=root, program=program, candidate=candidate, extension=extension, **ending)
    # Integral-field units: associations name no optical elements, and people name files after associations.
    bare = Name(filename, obs_id=root.removesuffix(f"_{elements}"), program=program, candidate=candidate)
    found = suffixes().get(("stage3", elements))
    if found is not None:
        kind = "PREVIEW" if extension in PREVIEW_EXTENSIONS else found.productType
        bare = _with_suffix(bare, extension, found, kind)._replace(recognised=False)
    return _refused(bare, extension, "it has no optical elements")


@lru_cache(maxsize=1024)
def _ending(form: str, extension: str, tail: str | None) -> dict[str, Any]:
    """Return the fields of a name that its suffix and extension give; a preview's are those of the file it shows."""
    # The obs_id of a name whose root is valid is kept: the file belongs there whatever it is.
    refused = {"form": "plain"}
    if not tail:
        return refused | {"reason": "it has no suffix"}
    preview = extension in PREVIEW_EXTENSIONS
    suffix = tail.removesuffix("_thumb") if preview else tail
    found = suffixes().get((form, suffix))
    if found is None and form == "stage3":
        found = suffixes().get((form, _ACTIVITY.sub("", suffix)))
    if found is None:
        return refused | {"reason": f"{tail!r} is no suffix of the archive"}
    if not preview and extension.removesuffix(".gz") not in found.extensions:
        # Members of associations may lack the extension: what the suffix says is still needed.
        wrong = _wrong_extension(found, extension)
        return refused | {"suffix": found.suffix, "product_level": found.product_level, "reason": wrong}
    return {"form": form, "recognised": True} | _of_suffix(found, "PREVIEW" if preview else found.productType)


def _of_suffix(suffix: Suffix, kind: str) -> dict[str, Any]:
    return {
        "suffix": suffix.suffix,
        "product_level": suffix.product_level,
        "calib_level": suffix.calib_level,
        "unit": suffix.unit,
        "productType": kind,
    }


def _with_suffix(name: Name, extension: str, suffix: Suffix, kind: str) -> Name:
    return name._replace(recognised=True, extension=extension, **_of_suffix(suffix, kind))


def _refused(name: Name, extension: str, reason: str) -> Name:
    """Return an unrecognised name with its reason; keep the obs_id if the root is valid, since it owns the file."""
    return name._replace(form="plain" if name.obs_id else "", extension=extension, reason=reason)


def _wrong_extension(found: Suffix, extension: str) -> str:
    wanted = " or ".join(f".{known}" for known in found.extensions)
    has = f"this one in .{extension}" if extension else "this one has no extension"
    return f"names in {found.suffix} end in {wanted}, and {has}"


def _special(filename: str, stem: str, extension: str) -> Name | None:
    table = suffixes()
    if match := _GUIDE_STAR.fullmatch(stem):
        name = Name(filename, form="guide_star", program=match["program"], visit_id=visit_of(stem))
        return _of_kind(name, extension, table["guide_star", match["suffix"]])
    if match := _MSA.fullmatch(stem):
        name = Name(filename, form="msa", program=match["program"], visit_id=visit_of(stem))
        return _of_kind(name, extension, table["msa", "msa"])
    if match := _ASSOCIATION.fullmatch(stem):
        name = Name(
            filename,
            form="association",
            program=match["program"],
            candidate=match["candidate"] or "",
            asn_type=match["type"],
            version_id=match["version"],
        )
        parsed = _of_kind(name, extension, table["association", "asn"])
        level = 3 if makes_level3(match["type"]) else 2
        return parsed._replace(calib_level=level) if parsed.recognised else parsed
    if match := _POOL.fullmatch(stem):
        name = Name(filename, form="pool", program=match["program"])
        return _of_kind(name, extension, table["pool", "pool"])
    return None


def _of_kind(name: Name, extension: str, found: Suffix) -> Name:
    if name.form == "guide_star" and extension in PREVIEW_EXTENSIONS:
        return _with_suffix(name, extension, found, "PREVIEW")
    if extension.removesuffix(".gz") not in found.extensions:
        return _refused(name, extension, _wrong_extension(found, extension))
    return _with_suffix(name, extension, found, found.productType)


def _plain(filename: str, stem: str, extension: str, reason: str) -> Name:
    """Parse a name outside the grammar that ends in a known suffix, as users often name their own files."""
    obs_id, line, suffix = stem.rpartition("_")
    wrong = fault(filename)
    product = bool(obs_id and line) and suffix in known() and extension.removesuffix(".gz") in PLAIN_EXTENSIONS
    if wrong or not product:
        return Name(filename, extension=extension, reason=wrong or reason)
    found = [s for (form, key), s in suffixes().items() if key == suffix and form in ("exposure", "stage3")]
    levels, kinds = {s.product_level for s in found}, {s.productType for s in found}
    return Name(
        filename,
        form="plain",
        obs_id=obs_id,
        suffix=suffix,
        extension=extension,
        product_level=levels.pop() if len(levels) == 1 else "",
        productType="PREVIEW" if extension in PREVIEW_EXTENSIONS else kinds.pop() if len(kinds) == 1 else "",
        reason=reason,
    )


@lru_cache(maxsize=4096)
def parse_root(name: str) -> Root:
    """Parse the root of a dataset, or the product name of an association (old ones end in `.fits`)."""
    name = base(name)
    stem = name.removesuffix(".fits")
    if "{" in stem:
        program = stem[2:7] if re.match(r"jw\d{5}-", stem, re.ASCII) else ""
        return Root("template", "", program)
    match = _EXPOSURE.fullmatch(stem)
    if match is not None and match["tail"] is None and match["detector"].lower() in DETECTORS:
        visit = f"jw{match['program']}{match['observation']}{match['visit']}"
        return Root(
            "exposure",
            match["root"].lower(),
            match["program"],
            visit,
            match["detector"].lower(),
            unit="exposure",
        )
    match = _STAGE3.fullmatch(stem.lower())
    if match is not None and match["tail"] is None and match["elements"] not in known():
        return _stage3_root(match, match["elements"].split("-"))
    match = _STAGE3_BARE.fullmatch(stem.lower())
    if match is not None:
        return _stage3_root(match, ())
    match = re.match(r"jw(\d{5})(?=\D|\d{6}_)", stem, re.ASCII)
    return Root("", stem, match[1] if match else "")


def _stage3_root(match: re.Match[str], elements: Iterable[str]) -> Root:
    target = match["target"] or "-"
    return Root(
        "stage3",
        match[0],
        match["program"],
        candidate=match["candidate"],
        unit="source" if "-s" in target or target[0] in "sbv" else "target",
        elements=tuple(elements),
    )


# The pattern of each placeholder of a product name.
_PLACEHOLDERS = {"source_id": r"[sbv]?\d+", "slit_name": r"[a-z0-9]+", "suffix": r"[a-z0-9-]+"}


def template_patterns(name: str) -> tuple[str, str]:
    """Return two regular expressions for a product name that is a template, or has no optical elements.

    They are valid in both Python and Java.

    Returns
    -------
    obs_id
        Matches the whole obs_id of every Observation the name represents.
    file
        Matches the whole name of every file it represents.
    """
    stem = base(name).removesuffix(".fits").lower()
    obs_id, marker, activity = stem.partition("_{suffix}")
    pattern = _expanded(obs_id)
    if _STAGE3_BARE.fullmatch(obs_id):
        pattern += r"(_ch[1-4](-[a-z0-9]+)*)?" if obs_id.endswith("_miri") else r"(_[a-z0-9]+(-[a-z0-9]+)*)?"
    ending = rf"_[a-z0-9-]+{_expanded(activity)}" if marker else r"_[a-z0-9_-]+"
    return pattern, rf"{pattern}{ending}\.[a-z]+(\.gz)?"


def _expanded(text: str) -> str:
    # Every second part is a placeholder; an unknown one matches one word. Placeholders side by side count as one:
    # otherwise the server backtracks for very long on names that do not match.
    parts = _TEMPLATE.split(re.sub(r"(\{[a-z_]+\})(?:\{[a-z_]+\})+", r"\1", text))
    return "".join(_PLACEHOLDERS.get(part, r"[a-z0-9]+") if i % 2 else re.escape(part) for i, part in enumerate(parts))
