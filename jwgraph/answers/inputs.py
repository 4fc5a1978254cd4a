"""What is needed to make an Observation again: associations, their members, MSA files, reference files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jwgraph.answers.calibration import ReferenceRow, references
from jwgraph.answers.notes import Answer, Known, Note, association_gaps, notes, sync, unknown, whole
from jwgraph.answers.products import ProductRow
from jwgraph.answers.resolve import key, require_observation
from jwgraph.errors import NotFoundError
from jwgraph.model.vocabulary import ROLE_RELATION, InputLevel, Relation
from jwgraph.names.grammar import parse
from jwgraph.names.suffixes import pipeline
from jwgraph.store.graph import Graph, Row

# What Stage 1 makes of a raw exposure, of the suffixes that associations name.
_OF_STAGE_1 = frozenset({"rate", "rateints"})
STAGE_1 = "calwebb_detector1"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a pipeline: its alias (None if the association's type has none) and its input file."""

    pipeline: str | None
    file: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is needed to make Observations again.

    Attributes
    ----------
    files
        Associations, members and MSA files, each once, with notes on what is not known.
    references
        Reference files that were applied to the files of the Observations and their exposures.
    runs
        Runs of the pipeline, in order.
    """

    files: Answer[ProductRow]
    references: list[ReferenceRow]
    runs: list[Run]


@whole
def inputs(graph: Graph, obs_ids: Iterable[str], level: InputLevel) -> Inputs:
    """Return what is needed to make Observations again from files of a level.

    Raises
    ------
    NotFoundError
        There is no such Observation, or no association that makes it is loaded.
    """
    wanted = list(dict.fromkeys(key(each) for each in obs_ids))
    top = _made_by(graph, wanted)
    for obs_id in wanted:
        if obs_id not in top:
            require_observation(graph, obs_id)
        if not top[obs_id]["made_by"]:
            raise unknown(_gap(top[obs_id]))
    last = _distinct(top.values())
    before = _stage_2(graph, last) if level is not InputLevel.CAL else {}
    first = _distinct(before.values())
    relations: dict[str, str] = {asn["association"]: Relation.ASSOCIATION for asn in (*last, *first)}
    # Members that an association of Stage 2 makes are not needed below it.
    made = {obs_id for obs_id, row in before.items() if row["made_by"]}
    raw: dict[str, None] = {}
    for asn in (*first, *last):
        for member in asn["members"]:
            name = parse(member["filename"])
            relation = ROLE_RELATION.get(member["exptype"], Relation.PREREQUISITE)
            if asn in last and member["obs_id"] in made and name.suffix not in _OF_STAGE_1:
                continue
            if level is InputLevel.UNCAL and name.suffix in _OF_STAGE_1 and name.form == "exposure":
                raw[f"{name.obs_id}_uncal.fits"] = None
                relations.setdefault(f"{name.obs_id}_uncal.fits", relation)
            else:
                relations.setdefault(member["filename"], relation)
    known = [each for row in (*top.values(), *before.values()) for each in row["known"]]
    found, said = _references(graph, wanted)
    about = Answer(
        _files(graph, relations),
        (*notes("associations", known), *notes("lists", known), *_not_made(before), *said),
    )
    runs = [*(Run(STAGE_1, file) for file in raw), *map(_run, first), *map(_run, last)]
    return Inputs(about, found, runs)


def _run(asn: Row) -> Run:
    return Run(pipeline(asn["asn_type"]), asn["association"])


def _made_by(graph: Graph, obs_ids: Sequence[str]) -> dict[str, Row]:
    return {row["obs_id"]: row for row in graph.read("internal/inputs_made_by", obs_ids=obs_ids)}


def _stage_2(graph: Graph, associations: Iterable[Row]) -> dict[str, Row]:
    """Return, by exposure, the associations of Stage 2 that make the members of those of Stage 3."""
    members = {
        member["obs_id"]
        for asn in associations
        for member in asn["members"]
        if member["obs_id"] and parse(member["filename"]).suffix not in _OF_STAGE_1
    }
    found = _made_by(graph, sorted(members))
    return {obs_id: row for obs_id, row in found.items() if not row["level3"]}


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """Return each association once; of those with the same members that make one Observation, the first alone."""
    found: dict[str, Row] = {}
    for row in rows:
        names = {asn["association"] for asn in row["made_by"]}
        found.update((asn["association"], asn) for asn in row["made_by"] if asn["duplicate_of"] not in names)
    return list(found.values())


def _gap(row: Row) -> Note:
    known: list[Known] = row["known"]
    return next(
        association_gaps(known), Note(f"no association of {row['obs_id']} is loaded", sync(obs_id=row["obs_id"]))
    )


def _not_made(before: dict[str, Row]) -> Iterator[Note]:
    """Note the exposures whose association of Stage 2 is not loaded: their members are given as they are."""
    without = [row for row in before.values() if not row["made_by"]]
    if without:
        more = f" and {len(without) - 1:,} other exposures" if len(without) > 1 else ""
        program = without[0]["known"][0]["program"]
        yield Note(
            f"the Stage 2 association of {without[0]['obs_id']}{more} is not loaded, so calibrated files stand here",
            sync(program=program),
        )


def _references(graph: Graph, obs_ids: Iterable[str]) -> tuple[list[ReferenceRow], list[Note]]:
    found: list[ReferenceRow] = []
    said: list[Note] = []
    for obs_id in obs_ids:
        try:
            answer = references(graph, obs_id)
        except NotFoundError as error:
            said.append(Note(f"the reference files are not listed ({str(error).split(':')[1].strip()})"))
        else:
            found += answer
            said += answer.notes
    return list(dict.fromkeys(found)), said


def _files(graph: Graph, relations: dict[str, str]) -> Iterator[ProductRow]:
    """Return the rows of files in order, and their MSA files after them."""
    found = {row["productFilename"]: row for row in graph.read("internal/inputs_files", filenames=list(relations))}
    msa = dict.fromkeys(name for row in found.values() for name in row["msa"])
    linked = {row["productFilename"]: row for row in graph.read("internal/inputs_files", filenames=list(msa))}
    for name, relation in {**relations, **dict.fromkeys(msa, Relation.MSA)}.items():
        yield _row(name, relation, found.get(name) or linked.get(name))


def _row(name: str, relation: str, row: Row | None) -> ProductRow:
    if row is None:
        stated = parse(name)
        return ProductRow(
            productFilename=name,
            obs_id=stated.obs_id or None,
            productType=None,
            calib_level=stated.calib_level,
            dataURI=None,
            size=None,
            mrp=False,
            relation=relation,
            productLevel=stated.product_level or None,
            archived=False,
        )
    about = {column: value for column, value in row.items() if column != "msa"}
    return ProductRow(**about, mrp=False, relation=relation)


def reference_rows(found: Iterable[ReferenceRow]) -> list[ProductRow]:
    """Return reference files as rows of a list of files, each once."""
    return [
        ProductRow(
            productFilename=name.removeprefix("crds://"),
            obs_id=None,
            productType=None,
            calib_level=None,
            dataURI=name,
            size=None,
            mrp=False,
            relation=Relation.REFERENCE,
            productLevel=None,
            archived=False,
        )
        for name in dict.fromkeys(row.reference for row in found)
    ]
