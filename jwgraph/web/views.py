"""What can be asked of an Observation, a file or a program: name, question, and the command that prints the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jwgraph.answers import associations, calibration, events, lineage, missing, products, why
from jwgraph.answers.notes import Answer, number
from jwgraph.store.graph import Graph
from jwgraph.web.answer import Table, table_of
from jwgraph.web.asked import command


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

PRODUCT: dict[str, View] = {
    "made-from": View(
        "Made from",
        lineage.LineageRow,
        lambda graph, name: lineage.lineage(graph, name, up=True),
        ("lineage", "{}"),
        (("up", True),),
        empty="No known file was used to make it.",
    ),
    "went-into": View(
        "Went into",
        lineage.LineageRow,
        lambda graph, name: lineage.lineage(graph, name, up=False),
        ("lineage", "{}", "--down"),
        empty="No known file was made from it.",
    ),
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
