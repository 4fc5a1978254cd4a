"""The row of each answer, by the name of its command."""

from __future__ import annotations

from typing import Any

from jwgraph.answers.associations import DiffRow, HistoryRow, MemberRow, StaleRow
from jwgraph.answers.calibration import EngineeringRow, ReferenceRow
from jwgraph.answers.events import EventRow
from jwgraph.answers.lineage import ImpactRow, LineageRow
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.names import NameRow
from jwgraph.answers.observations import ObservationRow
from jwgraph.answers.paths import StepRow
from jwgraph.answers.products import LinkRow, ProductRow
from jwgraph.answers.why import WhyRow

ANSWERS: dict[str, type[Any]] = {
    "tree": ProductRow,
    "mrp": ProductRow,
    "observations": ObservationRow,
    "lineage": LineageRow,
    "impact": ImpactRow,
    "links": LinkRow,
    "path": StepRow,
    "members": MemberRow,
    "history": HistoryRow,
    "diff": DiffRow,
    "stale": StaleRow,
    "missing": MissingRow,
    "why": WhyRow,
    "references": ReferenceRow,
    "engineering": EngineeringRow,
    "events": EventRow,
    "name": NameRow,
}
