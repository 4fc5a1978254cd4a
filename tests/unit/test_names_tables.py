"""The tables of suffixes and of what associations make: complete, and consistent with each other."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from jwgraph.names.suffixes import Suffix, extension, made_level, suffixes

LEVELS = ["1b", "2a", "2b", "2c", "3"]

# Which suffixes stand at which level, in words of the archive.
AT_LEVEL = {
    ("exposure", "1b"): "uncal",
    ("exposure", "2a"): "rate rateints ramp trapsfilled dark fitopt",
    ("exposure", "2b"): "cal calints bsub bsubints i2d s2d s3d x1d x1dints flat esec pixel_replace",
    ("exposure", "2c"): "crf crfints psfalign psfsub ami-oi psf-ami-oi amimulti-oi amilg ami blot median "
    "outlier_i2d outlier_s2d",
    ("stage3", "3"): "cal crf i2d s2d s3d x1d x1dints c1d cat segm phot whtlt psfstack aminorm-oi "
    "aminorm amiavg wfscmb",
}  # fmt: skip


def _products() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("jwgraph.names") / "asn_products.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("form", "level", "suffix"),
    [(form, level, suffix) for (form, level), line in AT_LEVEL.items() for suffix in line.split()],
)
def test_a_suffix_stands_at_its_level(form: str, level: str, suffix: str) -> None:
    assert suffixes()[form, suffix].product_level == level


@pytest.mark.parametrize(
    "step", ["tweakreg", "match", "jump", "skymatch", "assign_wcs", "o2d", "snr", "masterbg2d", "residual_fringe"]
)
def test_what_a_pipeline_step_writes_is_no_archive_suffix(step: str) -> None:
    assert not {form for form, suffix in suffixes() if suffix == step}


@pytest.mark.parametrize("row", suffixes().values(), ids=lambda row: f"{row.form}-{row.suffix}")
def test_a_line_of_the_table(row: Suffix) -> None:
    assert row.form in {"exposure", "stage3", "guide_star", "msa", "association", "pool"}
    assert row.product_level in {"", *LEVELS}
    assert row.unit in {"exposure", "source", "target", "visit", "group", "program"}
    assert row.productType in {"SCIENCE", "AUXILIARY", "INFO"}
    assert row.extensions
    if row.product_level:
        assert row.calib_level == int(row.product_level[0])
    for earlier in row.made_from:
        assert earlier != row.suffix
        made = suffixes()[row.form, earlier]
        assert LEVELS.index(made.product_level) <= LEVELS.index(row.product_level)


def test_what_is_made_from_what_goes_round_in_no_circle() -> None:
    for form in ("exposure", "stage3"):
        edges = {row.suffix: set(row.made_from) for row in suffixes().values() if row.form == form}
        while edges:
            leaves = {suffix for suffix, needs in edges.items() if not needs & edges.keys()}
            assert leaves, edges
            for leaf in leaves:
                del edges[leaf]


@pytest.mark.parametrize("asn_type", _products())
def test_what_an_association_makes_is_in_the_table_of_suffixes(asn_type: str) -> None:
    rule = _products()[asn_type]
    form = "stage3" if rule["productLevel"] == "3" else "exposure"
    mains = {rule["main"], *rule.get("science_main", {}).values()}
    assert mains <= set(rule["makes"])
    assert all(suffixes()[form, suffix].product_level == rule["productLevel"] for suffix in rule["makes"])


def test_the_stage_of_an_unknown_type_follows_the_product_name() -> None:
    assert made_level("no such type", exposure=True) == "2b"
    assert made_level(None, exposure=False) == "3"
    assert made_level("image3", exposure=False) == "3"


def test_catalogues_are_ecsv() -> None:
    assert [extension(suffix) for suffix in ("cat", "phot", "whtlt", "i2d", "none such")] == [
        "ecsv", "ecsv", "ecsv", "fits", "fits",
    ]  # fmt: skip
