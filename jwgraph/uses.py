"""Typed answers about calibration and time: reference files, what they went into, engineering data."""

from __future__ import annotations

from dataclasses import dataclass

from jwgraph.errors import NotFoundError
from jwgraph.graph import Graph
from jwgraph.views import first_answer, key, require_observation, require_product, similar

SCHEME = "crds://"


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A calibration reference file that was applied to a product: by header card (`R_FLAT`) and CRDS context."""

    productFilename: str
    keyword: str
    reference: str
    context: str | None


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A product that something went into; or, after all products, an Observation, with no file name.

    Attributes
    ----------
    mrp
        Whether the product is a Minimum Recommended Product of an Observation that the Portal lists; of an Observation,
        whether one of those above is.
    depth
        Steps of processing away: 0 is what was asked for, or was calibrated with it.
    """

    productFilename: str | None
    obs_id: str | None
    calib_level: int | None
    mrp: bool
    depth: int


@dataclass(frozen=True, slots=True)
class EngineeringRow:
    """An engineering mnemonic over a span of time (MJD)."""

    mnemonic: str
    t_min: float
    t_max: float
    dataURI: str | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step on the way from one file or Observation to another.

    Attributes
    ----------
    source, target
        Where the step begins and ends.
    relation
        How source and target are related, read from source to target: `made of`, `feeds`, `member of` …
    role
        The role (`exptype`) of a member, or the relation of a link or composition; None where there is none.
    """

    source: str
    relation: str
    role: str | None
    target: str


# An edge read along its direction and against it.
_READ: dict[str, tuple[str, str]] = {
    "COMPOSED_OF": ("made of", "feeds"),
    "LINKED_TO": ("linked to", "has the link"),
    "PRODUCES": ("makes", "made by"),
    "HAS_MEMBER": ("has the member", "member of"),
    "FROM_POOL": ("generated from", "pool of"),
    "PART_OF": ("part of", "owns"),
    "INCLUDES": ("includes", "included in"),
}


def path(graph: Graph, start: str, end: str) -> list[StepRow]:
    """Return the shortest way between two files or Observations; empty where none is known, or both are one.

    Ways over what was made of what, links and associations come first; ownership counts where there is no such way.

    Raises
    ------
    NotFoundError
        One of them is not there.
    """
    for name in (start, end):
        _require_either(graph, name)
    found = graph.read("query/path", start=start, end=end)
    if not found:
        found = graph.read("query/path_any", start=_key(start), end=_key(end))
    steps = found[0]["steps"] if found else []
    return [
        StepRow(s["source"], _READ[s["type"]][not s["forward"]], s["role"] or s["relation"], s["target"]) for s in steps
    ]


def _key(name: str) -> str:
    return name if "." in name else key(name)


def references(graph: Graph, name: str) -> list[ReferenceRow]:
    """Return the reference files of a file, or of an Observation's own files and those it includes.

    Raises
    ------
    NotFoundError
        Neither a file nor an Observation has the name.
    """
    rows = first_answer(graph, "query/references", (name, key(name)))
    if not rows:
        _require_either(graph, name)
    return [ReferenceRow(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Impact:
    """What something went into: its rows, and the bytes of the products and of those recommended."""

    rows: list[ImpactRow]
    size: int
    recommended_size: int


def impact(graph: Graph, name: str) -> list[ImpactRow]:
    """Return what something went into; see `measured_impact`."""
    return measured_impact(graph, name).rows


def measured_impact(graph: Graph, name: str) -> Impact:
    """Return what a reference file, a file or an Observation's files went into: products first, then Observations.

    Parameters
    ----------
    name
        `crds://…` with or without the scheme, a file name, or an obs_id.

    Raises
    ------
    NotFoundError
        Nothing has the name.
    """
    spellings = (name, f"{SCHEME}{name.removeprefix(SCHEME)}", key(name))
    found = first_answer(graph, "query/impact", spellings)
    if not found:
        _require_either(graph, name)
    products = [
        ImpactRow(row["productFilename"], row["obs_id"], row["calib_level"], row["mrp"], row["depth"]) for row in found
    ]
    above: dict[str, ImpactRow] = {}
    for row in found:
        for owner in row["observations"]:
            known = above.get(owner["obs_id"])
            depth, mrp = (row["depth"], row["mrp"]) if known is None else (known.depth, known.mrp or row["mrp"])
            # Products come nearest first.
            above[owner["obs_id"]] = ImpactRow(None, owner["obs_id"], owner["calib_level"], mrp, depth)
    return Impact(
        rows=products + sorted(above.values(), key=lambda row: (row.depth, str(row.obs_id))),
        size=sum(row["size"] or 0 for row in found),
        recommended_size=sum(row["size"] or 0 for row in found if row["mrp"]),
    )


def engineering(graph: Graph, obs_id: str) -> list[EngineeringRow]:
    """Return the engineering data that overlaps an Observation's exposures in time, ends included.

    Times are those of headers (EXPSTART, EXPEND), or of MAST's observation rows where no header is known.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = graph.read("query/engineering", obs_id=key(obs_id))
    if not found:
        require_observation(graph, obs_id)
    return [EngineeringRow(**row) for row in found]


def _require_either(graph: Graph, name: str) -> None:
    """Raise where a name is that of nothing; what is known and has no rows passes."""
    if name.startswith(SCHEME):
        raise NotFoundError(f"No product is known to have used {name!r}. Load headers first: `jwgraph load FOLDER`.")
    if "." in name:
        require_product(graph, name)
    elif not graph.read("query/observation", obs_id=key(name)):
        raise NotFoundError(f"There is no Observation or file {name!r}.{similar(graph, name)}")
