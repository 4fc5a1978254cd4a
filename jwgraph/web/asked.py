"""What a URL asks for: the parameters of each page, with the names of the command line's options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from jwgraph.questions.criteria import FileCriteria, ObservationCriteria, Words

Form = Literal["csv", "json", "ecsv", "votable"]


class Asked(BaseModel):
    """The parameters of a page; others are an error."""

    model_config = ConfigDict(extra="forbid")

    format: Form | None = Field(None, description="Return the rows as data in this format.")

    def url(self, **changes: Any) -> str:
        """Return the query string of this page with other values; None removes a parameter."""
        values = {**self.model_dump(exclude_defaults=True), **changes}
        pairs = [(name, value) for name, value in values.items() if value not in (None, [], "")]
        return "?" + urlencode(pairs, doseq=True)

    def fields(self, *without: str) -> list[tuple[str, str]]:
        """Return the parameters as hidden fields of a form, without some."""
        values = self.model_dump(exclude_defaults=True, exclude=set(without))
        return [
            (name, str(each))
            for name, value in values.items()
            if value is not None
            for each in (value if isinstance(value, list) else [value])
        ]


ObservationView = Literal["why", "missing", "members", "history", "references", "engineering", "impact"]
ProductView = Literal["made-from", "went-into", "why", "links", "members", "history", "references", "impact"]
ProgramView = Literal["missing", "stale", "events", "references"]


class BoxAsked(Asked):
    """Parameters that come first in the address of an Observation's page."""

    show: ObservationView | None = Field(None, description="Answer this question instead of listing the files.")
    mrp: Literal["0", "1"] | None = Field(
        None, description="1: only the Minimum Recommended Products; 0: all products. Without it, as last chosen."
    )


class TreeAsked(FileCriteria, BoxAsked):
    """Parameters of an Observation's page."""

    unfold: Literal["1"] | None = Field(None, description="Show every exposure, also those with the same files.")
    open: Words = Field([], description="Groups of the tree that are open.")
    rows: str | None = Field(None, max_length=300, description="Return only the rows of this group, as HTML.")
    pick: Words = Field([], description="Files or groups that are ticked; data and downloads are of these alone.")
    format: Literal["csv", "json", "ecsv", "votable", "curl", "manifest"] | None = Field(  # type: ignore[assignment]
        None, description="Return the files as data in this format, or as a download script or manifest."
    )


class ProductAsked(Asked):
    """Parameters of a file's page."""

    show: ProductView | None = Field(None, description="Answer this question instead of describing the file.")
    steps: int = Field(1, ge=1, le=20, description="Steps of the lineage in the drawing.")


class ProgramAsked(Asked):
    """Parameters of a program's page."""

    show: ProgramView = Field("missing", description="What is asked about the program.")
    since: str = Field("30d", max_length=40, description="Events since a date, or for the last 7d, 12h or 30m.")


class ObservationsAsked(ObservationCriteria, Asked):
    """Parameters of the list of Observations."""

    q: str | None = Field(None, max_length=300, description="Name, part of a name, or number of an Observation.")
    sort: str | None = Field(None, max_length=40, description="Column to sort by; with - before it, descending.")
    page: int = Field(1, ge=1, le=1_000_000, description="Page of the list.")


def parameters(given: Mapping[str, str], *without: str) -> dict[str, str]:
    """Return the parameters of a URL without some."""
    return {name: value for name, value in given.items() if name not in without}
