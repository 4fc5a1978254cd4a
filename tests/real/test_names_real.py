"""The grammar against names of the archive and the rows that MAST has of them."""

from __future__ import annotations

import csv
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jwgraph.names.expected import promise
from jwgraph.names.grammar import parse, parse_root, template_patterns

pytestmark = pytest.mark.real

# Files of associations and visits: MAST lists them under many obs_ids.
WITHOUT_OWNER = {"association", "pool", "guide_star", "msa"}


def confirmed(shared: Path) -> list[str]:
    lines = (shared / "names" / "mast_confirmed.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_confirmed_name_is_recognised(shared: Path) -> None:
    found = [parse(name) for name in confirmed(shared)]
    assert [(name.filename, name.reason) for name in found if not name.recognised] == []
    assert Counter(name.form for name in found) == {
        "exposure": 1192,
        "association": 448,
        "stage3": 175,
        "guide_star": 40,
        "pool": 29,
        "msa": 11,
    }


def test_the_datasets_of_confirmed_names_are_roots(shared: Path) -> None:
    for name in map(parse, confirmed(shared)):
        if name.form in WITHOUT_OWNER:
            assert name.obs_id == ""
            continue
        root = parse_root(name.obs_id)
        assert (root.form, root.obs_id, root.program) == (name.form, name.obs_id, name.program)


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a list; line 2 of a rendered table has dtypes, `...` stands for rows left out."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["productFilename"].startswith("jw"):
                yield row


# MAST has pools at either level.
LEVELS = {"pool": {"2", "3"}}

LISTS = {
    "jw05224-o004_parent_254258368.csv": 359,
    "brick2221_cell9.csv": 5,
    "brick2221_cell11.csv": 5,
    "brick2221_cell19.truncated.csv": 20,
}


@pytest.mark.parametrize(("list_name", "count"), LISTS.items())
def test_rows_of_mast_agree(shared: Path, list_name: str, count: int) -> None:
    found = list(rows(shared / "mast" / "products" / list_name))
    assert len(found) == count
    for row in found:
        name = parse(row["productFilename"])
        assert name.recognised
        assert name.productType == row["productType"], name
        assert row["calib_level"] in LEVELS.get(name.form, {str(name.calib_level)}), name
        if name.form not in WITHOUT_OWNER:
            assert name.obs_id == row["obs_id"].lower()


def test_the_stage_is_what_mast_describes(shared: Path) -> None:
    # Of associations and pools the description is unreliable.
    checked = 0
    for row in rows(shared / "mast" / "products" / "jw05224-o004_parent_254258368.csv"):
        name = parse(row["productFilename"])
        described = re.search(r"\(L(1b|2a|2b|2c|3)\)", row["description"])
        if described and name.form in ("exposure", "stage3"):
            # All data of one source is called L2c there, at calib_level 3.
            assert described[1] == ("2c" if name.form == "stage3" else name.product_level), row
            checked += 1
    assert checked > 50


def test_exposure_and_file_pairs(shared: Path) -> None:
    with (shared / "mast" / "exposure_file_pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["obs_id"], row["filename"]) for row in csv.DictReader(file)]
    names = [(obs_id, parse(filename)) for obs_id, filename in pairs]
    assert [name.filename for _, name in names if not name.recognised] == []
    # Some people's folders have the name of something else.
    other = {obs_id for obs_id, name in names if name.obs_id and name.obs_id != obs_id.lower()}
    assert other == {"CEERS-NIRSPEC-P5-PRISM-MSATA", "F212N"}


def documents(shared: Path) -> Iterator[dict[str, Any]]:
    """Yield every association, generated and real."""
    texts: list[bytes] = []
    for path in sorted((shared / "associations" / "generated").glob("*.tar.gz")):
        with tarfile.open(path) as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                if stream is not None:
                    texts.append(stream.read())
    texts += [path.read_bytes() for path in sorted((shared / "associations" / "real").rglob("*")) if path.is_file()]
    for text in texts:
        try:
            document = json.loads(text)
        except ValueError:
            continue
        if isinstance(document, dict) and "products" in document:
            yield document


@pytest.fixture(scope="module")
def associations(shared: Path) -> list[dict[str, Any]]:
    return list(documents(shared))


def test_members_of_associations(associations: list[dict[str, Any]]) -> None:
    members = {m["expname"] for d in associations for p in d["products"] for m in p["members"]}
    found = [parse(member) for member in members]
    for name in found:
        assert bool(name.reason) is not name.recognised
    recognised = Counter(name.form for name in found if name.recognised)
    assert recognised["exposure"] > 100
    reasons = {name.reason for name in found if not name.recognised}
    assert reasons == {
        "it begins as a JWST name and follows no form of one",
        "names of the archive begin with jw and five digits",
        "'match' is no suffix of the archive",
        "'tweakreg' is no suffix of the archive",
        "'MIRIM' is no detector of JWST",
    }


def test_products_of_associations(associations: list[dict[str, Any]]) -> None:
    names = {(d.get("asn_type"), p["name"]) for d in associations for p in d["products"]}
    for asn_type, name in names:
        made = promise(asn_type and asn_type.lower(), name, ())
        assert bool(made.main) is not bool(made.pattern)
        if made.main:
            assert made.main.filename.startswith(made.obs_id)
            assert made.main.obs_id == made.obs_id
        else:
            assert re.compile(made.pattern)
    templates = {name for _, name in names if "{" in name}
    assert {word for name in templates for word in re.findall(r"\{\w+\}", name)} == {
        "{source_id}",
        "{slit_name}",
        "{suffix}",
    }
    # Of an integral-field unit the association names no optical elements.
    bare = {name for _, name in names if promise("spec3", name, ()).pattern} - templates
    assert {name.rpartition("_")[2] for name in bare} == {"miri", "nirspec"}
    assert {asn_type for asn_type, name in names if name in bare} == {"spec3"}


def test_no_template_takes_what_is_another_s(associations: list[dict[str, Any]]) -> None:
    templates = {p["name"] for d in associations for p in d["products"] if "{" in p["name"]}
    roots = {p["name"] for d in associations for p in d["products"] if "{" not in p["name"]}
    for template in templates:
        pattern, _ = template_patterns(template)
        stem = template.partition("_{suffix}")[0].removesuffix(".fits")
        assert {root for root in roots if re.fullmatch(pattern, root)} <= {stem}
