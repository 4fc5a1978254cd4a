"""What can be asked of an Observation, a file or a program: name, question, and the command that prints the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jwgraph.answers import associations, calibration, events, lineage, meant, missing, products, resolve, why
from jwgraph.answers.notes import Answer, number
from jwgraph.answers.observations import ObservationRow
from jwgraph.present.columns import columns_of_values
from jwgraph.questions.command import command
from jwgraph.questions.table import Table, table_of
from jwgraph.store.graph import Graph


@dataclass(frozen=True, slots=True)
class View:
    """One question about a subject.

    Attributes
    ----------
    label
        Its name on the page.
    kind
        The dataclass of its rows.
    ask
        Answers it for an exact name.
    words
        The words of its command, of which `{}` stands for the subject.
    options
        Options of the command.
    empty
        A sentence for an answer without rows.
    """

    label: str
    kind: type[Any]
    ask: Callable[[Graph, str], Answer[Any]]
    words: tuple[str, ...]
    options: tuple[tuple[str, object], ...] = ()
    empty: str = "None."

    def table(self, graph: Graph, subject: str) -> Table:
        """Ask the question, and return the answer as a table."""
        found = self.ask(graph, subject)
        shown = number(subject) if "--program" in self.words else subject
        words = [word.replace("{}", shown) for word in self.words]
        line = command(*words, **dict(self.options))
        return table_of(
            self.kind, found, found.notes, line, f"{subject}_{self.label.replace(' ', '_').lower()}", empty=self.empty
        )

    def about(self, graph: Graph, text: str, wanted: meant.Wanted) -> tuple[str, Table]:
        """Ask the question about what a text means; return the name that was taken, and the answer."""
        taken, found = meant.about(graph, text, wanted, lambda name: self.table(graph, name))
        return taken.name, found.said(taken.notes("this is about"))


def _history(graph: Graph, name: str) -> Answer[Any]:
    return associations.history(graph, name)


OBSERVATION: dict[str, View] = {
    "why": View("Why", why.WhyRow, why.why, ("why", "{}")),
    "missing": View(
        "Missing",
        missing.MissingRow,
        lambda graph, name: missing.missing(graph, obs_id=name),
        ("missing", "--obs-id", "{}"),
        empty="Nothing of this is missing.",
    ),
    "members": View("Members", associations.MemberRow, associations.members, ("members", "{}")),
    "history": View("Associations", associations.HistoryRow, _history, ("history", "{}")),
    "references": View(
        "Reference files",
        calibration.ReferenceRow,
        calibration.references,
        ("references", "{}"),
        empty="None: the loaded headers name no reference file.",
    ),
    "engineering": View(
        "Engineering data",
        calibration.EngineeringRow,
        calibration.engineering,
        ("engineering", "{}"),
        empty="None: the loaded engineering data is of other times.",
    ),
    "impact": View("Where it is used", lineage.ImpactRow, lineage.impact, ("impact", "{}")),
}


def lineage_view(*, up: bool, roles: Sequence[str] = ()) -> View:
    """Return the question what a file was made from (up), or what was made from it, by files of some roles or all."""
    return View(
        "Made from" if up else "Went into",
        lineage.LineageRow,
        lambda graph, name: lineage.lineage(graph, name, up=up, roles=roles),
        ("lineage", "{}"),
        (("up", True) if up else ("down", True), ("role", list(roles))),
        empty="No known file was used to make it." if up else "No known file was made from it.",
    )


PRODUCT: dict[str, View] = {
    "made-from": lineage_view(up=True),
    "went-into": lineage_view(up=False),
    "why": OBSERVATION["why"],
    "links": View("Linked files", products.LinkRow, products.links, ("links", "{}"), empty="None is linked to it."),
    "members": OBSERVATION["members"],
    "history": OBSERVATION["history"],
    "references": OBSERVATION["references"],
    "impact": OBSERVATION["impact"],
}

PROGRAM: dict[str, View] = {
    "missing": View(
        "Missing",
        missing.MissingRow,
        lambda graph, name: missing.missing(graph, program=name),
        ("missing", "--program", "{}"),
        empty="Nothing is missing: every product that the loaded associations define is archived.",
    ),
    "stale": View(
        "Out of date",
        associations.StaleRow,
        lambda graph, name: associations.stale(graph, program=name),
        ("stale", "--program", "{}"),
        empty="None: no file with a loaded header was made with a superseded association.",
    ),
    "references": View(
        "Reference files",
        calibration.UsedReference,
        calibration.program_references,
        ("query", "run", "program_references", "-p", "program={}"),
        empty="None: the loaded headers name no reference file.",
    ),
}


def events_view(since: str, moment: datetime) -> View:
    """Return the question for the events of a program since a time."""
    return View(
        "Events",
        events.EventRow,
        lambda graph, name: events.events(graph, since=moment, program=name),
        ("events", "--program", "{}"),
        (("since", since),),
        empty="None: the loads in that time reported no event.",
    )


def listed(found: Answer[ObservationRow], names: Sequence[str], options: Mapping[str, Any]) -> Table:
    """Return a list of Observations as a table; names and options are those of the command line."""
    line = command("observations", *names, **options)
    empty = "No Observation matches all of these." if any(options.values()) else "Nothing is loaded."
    return table_of(ObservationRow, found, found.notes, line, "observations", empty=empty)


def product(graph: Graph, text: str) -> Table:
    """Return what is known of the file that a text means, as one row."""
    taken, found = meant.about(graph, text, meant.Wanted.FILE, lambda name: resolve.require_product(graph, name))
    name = found[0]["productFilename"]
    about = columns_of_values(list(found[0]), found)
    return Table(found, about, found.notes, command("product", name), name).said(taken.notes("this is"))
