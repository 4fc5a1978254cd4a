"""Read the tables of suffixes and of association products, once."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Suffix:
    """A suffix of one form of file name: a line of `jwgraph/names/suffixes.csv`.

    Attributes
    ----------
    form
        exposure, stage3, guide_star, msa, association or pool.
    product_level
        MAST's processing level: 1b, 2a, 2b, 2c or 3; empty if the suffix has none.
    calib_level
        MAST's level: 1, 2 or 3; None for associations, whose type gives it.
    unit
        exposure, source, target, visit, group or program.
    productType
        SCIENCE, AUXILIARY or INFO, as in MAST.
    extensions
        Extensions of the file itself; previews have others.
    made_from
        Suffixes in the same dataset that it is made from, nearest first.
    kind
        What the file is, in a few words.
    """

    form: str
    suffix: str
    product_level: str
    calib_level: int | None
    unit: str
    productType: str
    extensions: tuple[str, ...]
    made_from: tuple[str, ...]
    kind: str


@cache
def suffixes() -> dict[tuple[str, str], Suffix]:
    """Return the table of suffixes, by form and suffix."""
    text = (files("jwgraph.names") / "suffixes.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        (row["form"], row["suffix"]): Suffix(
            form=row["form"],
            suffix=row["suffix"],
            product_level=row["productLevel"],
            calib_level=int(row["calib_level"]) if row["calib_level"] else None,
            unit=row["unit"],
            productType=row["productType"],
            extensions=tuple(row["extensions"].split()),
            made_from=tuple(row["made_from"].split()),
            kind=row["kind"],
        )
        for row in csv.DictReader(lines)
    }


@cache
def known() -> frozenset[str]:
    """Return every suffix of exposures and Stage 3 products."""
    return frozenset(suffix for form, suffix in suffixes() if form in ("exposure", "stage3"))


def made_from() -> dict[str, list[str]]:
    """Return, by `form/suffix`, the suffixes that a product is made from, nearest first.

    Files with a name outside the grammar (`plain`) are treated as exposure files, or else as Stage 3 products.
    """
    made = {(s.form, s.suffix): list(s.made_from) for s in suffixes().values() if s.made_from}
    plain = {f"plain/{suffix}": made.get(("exposure", suffix)) or made[form, suffix] for form, suffix in made}
    return plain | {f"{form}/{suffix}": before for (form, suffix), before in made.items()}


def extension(suffix: str) -> str:
    """Return the file extension that goes with a suffix: fits, unless the table says otherwise."""
    for form in ("stage3", "exposure"):
        found = suffixes().get((form, suffix))
        if found is not None:
            return found.extensions[0]
    return "fits"


@cache
def _products() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("jwgraph.names") / "asn_products.toml").read_text(encoding="utf-8"))


def made_level(asn_type: str | None, *, exposure: bool) -> str:
    """Return the processing level of an association's products: 2b or 3.

    Parameters
    ----------
    asn_type
        Type as in the association, lower case; for an unknown type, the product name decides.
    exposure
        Whether the product name is an exposure name.
    """
    return str(_rule(asn_type, exposure=exposure)["productLevel"])


def pipeline(asn_type: str | None) -> str | None:
    """Return the alias of the pipeline that processes associations of a type; None for an unknown type."""
    found = _products().get(asn_type or "", {}).get("pipeline")
    return None if found is None else str(found)


def _rule(asn_type: str | None, *, exposure: bool) -> dict[str, Any]:
    rules = _products()
    if asn_type in rules and not asn_type.startswith("other"):
        return rules[asn_type]
    return rules["other2" if exposure else "other3"]


def made_suffixes(
    asn_type: str | None,
    elements: Sequence[str],
    science: Sequence[str],
    *,
    exposure: bool,
    asn_rule: str | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Return the main suffix that an association makes of a product name, and all of them.

    Parameters
    ----------
    elements
        Optical elements in the product name: MIRI's channels make cubes, grisms make spectra.
    science
        Suffixes of the science members.
    exposure
        Whether the product name is an exposure name.
    asn_rule
        The rule that generated the association, such as `candidate_Asn_Lv3Image`.
    """
    rule = _rule(asn_type, exposure=exposure)
    main = str(rule["main"])
    for suffix in science:
        main = rule.get("science_main", {}).get(suffix, main)
    for suffix, marks in rule.get("main_by_element", {}).items():
        if set(elements) & set(marks):
            main = suffix
    for suffix, names in rule.get("main_by_rule", {}).items():
        # In front of the name stands how the candidate was found: candidate_ or discover_.
        if (asn_rule or "").endswith(tuple(names)):
            main = suffix
    return main, tuple(rule["makes"])
