"""Criteria as models: the names of the command line's options, with what each means."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from jwgraph.answers import criteria
from jwgraph.answers.choice import Choice
from jwgraph.answers.criteria import Filtering, Selecting
from jwgraph.answers.filters import Filter

YesNo = Literal["yes", "no"]
Words = list[Annotated[str, Field(max_length=300)]]


class FileCriteria(BaseModel):
    """Which files of a tree."""

    type: Words = Field([], description="Product type: SCIENCE, PREVIEW, INFO or AUXILIARY.")
    level: Words = Field([], description="Calibration level (calib_level): 1, 2 or 3.")
    suffix: Words = Field([], description="Suffix of the file name, such as cal.")
    extension: Words = Field([], description="Extension of the file name, such as fits.")
    detector: Words = Field([], description="Detector, such as nrca1.")
    min_size: str | None = Field(None, max_length=40, description="Minimum size: bytes, or 500k, 20M, 1.5G.")
    max_size: str | None = Field(None, max_length=40, description="Maximum size.")
    guide_star: YesNo | None = Field(None, description="Only guide-star files, or none of them.")
    previews: YesNo | None = Field(None, description="Only previews, or none of them.")

    def filter(self) -> Filter:
        """Return the filter of files; raises UsageError for an invalid value."""
        return criteria.filter_of(self.options())

    def options(self) -> dict[str, Any]:
        """Return the filters as options of the command line."""
        return {name: _plain(getattr(self, name)) for name in Filtering.__annotations__}


class ObservationCriteria(BaseModel):
    """Which Observations."""

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


def problems(error: ValidationError) -> str:
    """Return what is wrong with given values, in a sentence each."""
    return " ".join(problem(dict(each)) for each in error.errors()[:5])


def problem(found: dict[str, Any], *, skip: int = 0) -> str:
    """Return what is wrong with one value, as a sentence.

    Parameters
    ----------
    skip
        How many parts of its place say nothing, such as `query`.
    """
    where = ".".join(str(part) for part in found["loc"][skip:])
    if found["type"] == "extra_forbidden":
        return f"There is no parameter {where!r} here."
    return f"{where}: {found['msg'][:1].lower()}{found['msg'][1:]}."
