"""Filters: each part by itself, all together, and what a filter that matches nothing says."""

from __future__ import annotations

import pytest

from jwgraph.answers.filters import Filter, size_of
from jwgraph.answers.products import ProductRow
from jwgraph.cli.options import why_nothing
from jwgraph.errors import UsageError

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"


def row(filename: str, kind: str, level: int | None, size: int | None, relation: str) -> ProductRow:
    return ProductRow(filename, "x", kind, level, None, size, False, relation, None, True)


ROWS = [
    row(f"{L3}_i2d.fits", "SCIENCE", 3, 100, "own"),
    row(f"{L3}_i2d.jpg", "PREVIEW", 3, 10, "preview"),
    row(f"{L3}_cat.ecsv", "SCIENCE", 3, None, "own"),
    row(f"{A}_cal.fits", "SCIENCE", 2, 70, "antecedent"),
    row(f"{A}_uncal.fits", "SCIENCE", 1, 50, "antecedent"),
    row("jw02733001001_gs-fg_2022159134729_cal.fits", "AUXILIARY", 2, 5, "guide_star"),
]


def seen(chosen: Filter) -> list[int]:
    return [ROWS.index(found) for found in chosen.apply(ROWS)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), [0, 1, 2, 3, 4, 5]),
        (Filter(types=("science",)), [0, 2, 3, 4]),
        (Filter(types=("PREVIEW", "AUXILIARY")), [1, 5]),
        (Filter(levels=(1, 3)), [0, 1, 2, 4]),
        (Filter(suffixes=("_cal", "CAT")), [2, 3, 5]),
        (Filter(extensions=(".fits",)), [0, 3, 4, 5]),
        (Filter(detectors=("NRCA1",)), [3, 4]),
        (Filter(smallest=50), [0, 3, 4]),
        (Filter(largest=50), [1, 4, 5]),
        (Filter(guide_star=False), [0, 1, 2, 3, 4]),
        (Filter(guide_star=True), [5]),
        (Filter(previews=False), [0, 2, 3, 4, 5]),
        (Filter(types=("SCIENCE",), levels=(2,), suffixes=("cal",)), [3]),
    ],
)
def test_what_passes(chosen: Filter, expected: list[int]) -> None:
    assert seen(chosen) == expected


def test_a_filter_that_matches_nothing_names_the_part() -> None:
    chosen = Filter(types=("SCIENCE",), suffixes=("x1d",))
    assert chosen.apply(ROWS) == []
    assert why_nothing(chosen, ROWS) == "None of the 6 products matches --suffix x1d."


def test_parts_that_exclude_everything_together_only() -> None:
    chosen = Filter(types=("PREVIEW",), levels=(2,))
    assert chosen.apply(ROWS) == []
    assert why_nothing(chosen, ROWS) == (
        "None of the 6 products matches all of --type PREVIEW, --level 2, though some match each."
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("10", 10), ("500k", 500_000), ("20MB", 20_000_000), ("1.5g", 1_500_000_000), (None, None)]
)
def test_sizes(text: str | None, expected: int | None) -> None:
    assert size_of(text) == expected


@pytest.mark.parametrize("text", ["", "big", "1e999", "k"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="is not a size"):
        size_of(text)
