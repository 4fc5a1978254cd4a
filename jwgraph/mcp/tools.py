"""The tools: each has the parameters of a command, and its answer is that of the command.

A new tool is one more entry of `TOOLS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from jwgraph.answers.filters import Filter
from jwgraph.answers.lineage import ImpactRow, LineageRow
from jwgraph.answers.listing import listing
from jwgraph.answers.meant import Wanted
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.observations import ObservationRow
from jwgraph.answers.products import ProductRow
from jwgraph.answers.schema import SchemaRow, schema
from jwgraph.errors import UsageError
from jwgraph.model.vocabulary import Exptype
from jwgraph.names.identifiers import program_number
from jwgraph.questions import tree, views
from jwgraph.questions.adhoc import LONGEST, cypher
from jwgraph.questions.command import command
from jwgraph.questions.criteria import FileCriteria, ObservationCriteria, Words
from jwgraph.questions.table import Table, table_of
from jwgraph.store.graph import Graph

# Rows of an answer: without a limit that is asked for, and at most.
ROWS, MOST = 100, 1000

_FORMS = "; incomplete names and other spellings are understood too."


class Asked(BaseModel):
    """The parameters of a tool; others are an error."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(ROWS, ge=1, le=MOST, description="Rows to return at most; a note says where there are more.")


class ObservationAsked(Asked):
    """Parameters of a question about an Observation."""

    obs_id: str = Field(max_length=300, description=f"Observation (obs_id in MAST){_FORMS}")


class FileAsked(Asked):
    """Parameters of a question about a file."""

    filename: str = Field(max_length=300, description=f"File name of a product{_FORMS}")


class EitherAsked(Asked):
    """Parameters of a question about a file or an Observation."""

    name: str = Field(max_length=300, description=f"File name or Observation{_FORMS}")


class ReferenceAsked(Asked):
    """Parameters of a question about a reference file, a file or an Observation."""

    name: str = Field(
        max_length=300, description="Reference file, such as jwst_nircam_flat_0313.fits, file name, or Observation."
    )


class ProgramAsked(Asked):
    """Parameters of a question about a program."""

    program: str = Field(max_length=40, description="Program number, such as 2221.")


class ListAsked(Asked, ObservationCriteria):
    """Parameters of the list of Observations."""

    names: Words = Field([], description="Names, numbers or patterns such as jw02221*; all if empty.")
    include_exposures: bool = Field(  # type: ignore[assignment]
        False, description="Also list exposures that an Observation includes."
    )


class TreeAsked(ObservationAsked, FileCriteria):
    """Parameters of a tree."""

    mrp: bool = Field(False, description="Only the Minimum Recommended Products, as with the Download Manager's box.")


class LineageAsked(FileAsked):
    """Parameters of a lineage."""

    direction: Literal["up", "down"] = Field("up", description="up: what it was made from; down: what went on from it.")
    role: list[Exptype] = Field([], description="Only files that were used in one of these roles.")


class MissingAsked(Asked):
    """Parameters of the question what is missing: of an Observation or a program."""

    obs_id: str | None = Field(None, max_length=300, description="Observation; leave out the program then.")
    program: str | None = Field(None, max_length=40, description="Program number; leave out the Observation then.")


class SchemaAsked(Asked):
    """Parameters of the schema."""

    limit: int = Field(MOST, ge=1, le=MOST, description="Rows to return at most; a note says where there are more.")
    names: Words = Field([], description="Labels or relationship types, such as Product; all if empty.")


class CypherAsked(Asked):
    """Parameters of a query."""

    query: str = Field(max_length=LONGEST, description="One statement that only reads; give values as parameters.")
    parameters: dict[str, Any] = Field({}, description="Values of its $parameters.")


@dataclass(frozen=True, slots=True)
class Tool:
    """One question that a client can ask.

    Attributes
    ----------
    name
        That of the command with the same answer.
    sentence
        What it answers, and when to ask it.
    asked
        Its parameters.
    answer
        Returns the answer; raises errors of jwgraph.
    kind
        The dataclass of its rows; None where the columns depend on what is asked.
    """

    name: str
    sentence: str
    asked: type[Asked]
    answer: Callable[[Graph, Any], Table]
    kind: type[Any] | None = None


def _view(name: str, sentence: str, view: views.View, asked: type[Asked], wanted: Wanted) -> Tool:
    """Return the tool of a question about one name, which is the only parameter besides the limit."""
    (subject,) = set(asked.model_fields) - set(Asked.model_fields)

    def answer(graph: Graph, given: Asked) -> Table:
        return view.about(graph, getattr(given, subject), wanted)[1]

    return Tool(name, sentence, asked, answer, view.kind)


def _observations(graph: Graph, given: ListAsked) -> Table:
    exposures = bool(given.include_exposures)
    found = listing(graph, given.names, given.choice(), Filter(), include_exposures=exposures).rows
    return views.listed(found, given.names, given.options())


def _tree(graph: Graph, given: TreeAsked) -> Table:
    found = tree.filtered(tree.ask(graph, given.obs_id), given.filter(), mrp=given.mrp)
    return found.table(given.options())


def _lineage(graph: Graph, given: LineageAsked) -> Table:
    return views.lineage_view(up=given.direction == "up", roles=given.role).about(graph, given.filename, Wanted.FILE)[1]


def _missing(graph: Graph, given: MissingAsked) -> Table:
    if (given.obs_id is None) is (given.program is None):
        raise UsageError("Give an Observation (obs_id) or a program, one of the two.")
    if given.obs_id is not None:
        return views.OBSERVATION["missing"].about(graph, given.obs_id, Wanted.OBSERVATION)[1]
    return views.PROGRAM["missing"].table(graph, program_number(given.program))


def _stale(graph: Graph, given: ProgramAsked) -> Table:
    return views.PROGRAM["stale"].table(graph, program_number(given.program))


def _schema(graph: Graph, given: SchemaAsked) -> Table:
    return table_of(SchemaRow, schema(graph, given.names), (), command("schema", *given.names), "schema")


def _cypher(graph: Graph, given: CypherAsked) -> Table:
    return cypher(graph, given.query, limit=given.limit, parameters=given.parameters)


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "observations",
            "List Observations as the MAST Portal does: those that no other Observation includes. Start here to find "
            "names; criteria narrow the list.",
            ListAsked,
            _observations,
            ObservationRow,
        ),
        Tool(
            "tree",
            "List all files of an Observation, as MAST's Download Manager does: its own products, those of the "
            "exposures that it includes, and what is linked to them.",
            TreeAsked,
            _tree,
            ProductRow,
        ),
        Tool(
            "mrp",
            "List the Minimum Recommended Products of an Observation: the files that one needs.",
            ObservationAsked,
            lambda graph, given: tree.recommended(graph, given.obs_id),
            ProductRow,
        ),
        Tool(
            "product",
            "Describe one file: its properties, Observations, associations and relations.",
            FileAsked,
            lambda graph, given: views.product(graph, given.filename),
        ),
        Tool(
            "lineage",
            "List everything that a file was made from (up), or that was made from it (down), nearest first, with "
            "roles and associations.",
            LineageAsked,
            _lineage,
            LineageRow,
        ),
        _view(
            "links",
            "List the files linked to a file: previews, guide-star data, MSA metadata.",
            views.PRODUCT["links"],
            FileAsked,
            Wanted.FILE,
        ),
        _view(
            "members",
            "List the members of an association and their roles; of a product, those of the associations that made it.",
            views.OBSERVATION["members"],
            EitherAsked,
            Wanted.EITHER,
        ),
        _view(
            "why",
            "Explain an Observation or a file: its state and level, what includes it, why there is no Level 3, and why "
            "a file is recommended or not.",
            views.OBSERVATION["why"],
            EitherAsked,
            Wanted.EITHER,
        ),
        Tool(
            "missing",
            "List products that associations define and the archive does not have, with the reason and the evidence.",
            MissingAsked,
            _missing,
            MissingRow,
        ),
        Tool(
            "stale",
            "List files of a program that were made with a superseded association.",
            ProgramAsked,
            _stale,
            views.PROGRAM["stale"].kind,
        ),
        Tool(
            "impact",
            "List all products and Observations that a calibration reference file, a file or an exposure went into.",
            ReferenceAsked,
            lambda graph, given: views.OBSERVATION["impact"].about(graph, given.name, Wanted.EITHER)[1],
            ImpactRow,
        ),
        _view(
            "references",
            "List the calibration reference files (CRDS) that were applied to a file or an Observation.",
            views.OBSERVATION["references"],
            EitherAsked,
            Wanted.EITHER,
        ),
        Tool(
            "schema",
            "List the labels, relationship types and properties of the graph, and how often the store has each. Ask "
            "it before writing Cypher.",
            SchemaAsked,
            _schema,
            SchemaRow,
        ),
        Tool(
            "cypher",
            "Run one Cypher statement of your own on the graph. It can read and nothing else.",
            CypherAsked,
            _cypher,
        ),
    )
}
