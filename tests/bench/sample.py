"""What the questions of a benchmark are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """A Level 3 Observation of images: its combined image, its association, an exposure in it."""

    program: str
    obs_id: str
    filename: str
    association: str
    exposure: str
