"""What a URL asks for: the parameters of each page, with the names of the command line's options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from jwgraph.answers import criteria
from jwgraph.answers.choice import Choice
from jwgraph.answers.criteria import Filtering, Selecting
from jwgraph.answers.filters import Filter, Part

Form = Literal["csv", "json", "ecsv", "votable"]
YesNo = Literal["yes", "no"]
Words = list[Annotated[str, Field(max_length=300)]]


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


class TreeAsked(Asked):
    """Parameters of an Observation's page."""

    show: ObservationView | None = Field(None, description="Answer this question instead of listing the files.")
    mrp: Literal["0", "1"] | None = Field(
        None, description="1: only the Minimum Recommended Products; 0: all products. Without it, as last chosen."
    )
    type: Words = Field([], description="Product type: SCIENCE, PREVIEW, INFO or AUXILIARY.")
    level: Words = Field([], description="Calibration level (calib_level): 1, 2 or 3.")
    suffix: Words = Field([], description="Suffix of the file name, such as cal.")
    extension: Words = Field([], description="Extension of the file name, such as fits.")
    detector: Words = Field([], description="Detector, such as nrca1.")
    min_size: str | None = Field(None, max_length=40, description="Minimum size: bytes, or 500k, 20M, 1.5G.")
    max_size: str | None = Field(None, max_length=40, description="Maximum size.")
    guide_star: YesNo | None = Field(None, description="Only guide-star files, or none of them.")
    previews: YesNo | None = Field(None, description="Only previews, or none of them.")
    unfold: Literal["1"] | None = Field(None, description="Show every exposure, also those with the same files.")
    open: Words = Field([], description="Groups of the tree that are open.")
    rows: str | None = Field(None, max_length=300, description="Return only the rows of this group, as HTML.")
    pick: Words = Field([], description="Files or groups that are ticked; data and downloads are of these alone.")
    format: Literal["csv", "json", "ecsv", "votable", "curl", "manifest"] | None = Field(  # type: ignore[assignment]
        None, description="Return the files as data in this format, or as a download script or manifest."
    )

    def filter(self) -> Filter:
        """Return the filter of files; raises UsageError for an invalid value."""
        return criteria.filter_of(self.options())

    def options(self) -> dict[str, Any]:
        """Return the filters as options of the command line."""
        return {name: _plain(getattr(self, name)) for name in Filtering.__annotations__}


class ProductAsked(Asked):
    """Parameters of a file's page."""

    show: ProductView | None = Field(None, description="Answer this question instead of describing the file.")
    steps: int = Field(1, ge=1, le=20, description="Steps of the lineage in the drawing.")


class ProgramAsked(Asked):
    """Parameters of a program's page."""

    show: ProgramView = Field("missing", description="What is asked about the program.")
    since: str = Field("30d", max_length=40, description="Events since a date, or for the last 7d, 12h or 30m.")


class ObservationsAsked(Asked):
    """Parameters of the list of Observations."""

    q: str | None = Field(None, max_length=300, description="Name, part of a name, or number of an Observation.")
    program: str | None = Field(None, max_length=40, description="Only this program, such as 2221.")
    instrument: Words = Field([], description="Instrument, such as nircam.")
    filter: Words = Field([], description="Filter or other optical element, such as F200W.")
    grating: Words = Field([], description="Grating, grism or prism, such as G395H.")
    target: Words = Field([], description="Target, such as NGC-3132 or NGC*.")
    exp_type: Words = Field([], description="Exposure type, such as NRC_IMAGE.")
    observation: Words = Field([], description="Observation number in the program, such as 1.")
    observed_since: str | None = Field(None, max_length=40, description="Observed on or after this date.")
    observed_until: str | None = Field(None, max_length=40, description="Observed on or before this date.")
    level3: YesNo | None = Field(None, description="Only those that are at Level 3, or only the others.")
    include_exposures: Literal["1"] | None = Field(None, description="Also exposures that an Observation includes.")
    sort: str | None = Field(None, max_length=40, description="Column to sort by; with - before it, descending.")
    page: int = Field(1, ge=1, le=1_000_000, description="Page of the list.")

    def choice(self) -> Choice:
        """Return the criteria; raises UsageError for an invalid value."""
        return criteria.choice(self.program, self._selecting())

    def options(self) -> dict[str, Any]:
        """Return the criteria as options of the command line."""
        exposures = True if self.include_exposures else None
        return {"program": self.program, **self._selecting(), "include_exposures": exposures}

    def _selecting(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in Selecting.__annotations__}


def _plain(value: Any) -> Any:
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


def command(*words: str, **options: Any) -> str:
    """Return a command of jwgraph; options that are None or empty are left out, False is written as `--no-…`."""
    parts = ["jwgraph", *words]
    for name, value in options.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            parts.append(f"--{option}" if value else f"--no-{option}")
        else:
            several = value if isinstance(value, list) else [value]
            parts += [word for each in several if each not in (None, "") for word in (f"--{option}", str(each))]
    return " ".join(map(quote, parts))


def parameters(given: Mapping[str, str], *without: str) -> dict[str, str]:
    """Return the parameters of a URL without some."""
    return {name: value for name, value in given.items() if name not in without}


def part(each: Part) -> str:
    """Format a criterion of a filter as the field of its form."""
    name = criteria.NAMES[each.name].replace("_", " ")
    if isinstance(each.value, bool):
        return f"{'only' if each.value else 'no'} {name.removesuffix('s')} files"
    values: Sequence[object] = each.value if isinstance(each.value, Sequence) else [each.value]
    return f"{name} {', '.join(map(str, values))}"
