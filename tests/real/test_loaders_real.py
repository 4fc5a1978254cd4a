"""The loaders on real archive files: everything is read, or rejected with a reason."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from jwgraph.model.records import AssociationRecord, HeaderRecord, PoolRow, Problem, ProductRecord, Record
from jwgraph_loaders import product_list
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find import detect
from jwgraph_loaders.find.walk import sources

pytestmark = pytest.mark.real

LOADERS: tuple[Loader, ...] = detect.loaders()


def read(path: Path) -> Iterator[tuple[str, list[object]]]:
    """Yield the name of each source under a path, and what it gives."""
    for source in sources([str(path)]):
        if isinstance(source, Problem):
            yield source.source, [source]
            continue
        loader = detect.detect(source, LOADERS)
        yield source.name, [loader] if isinstance(loader, Problem) else list(loader.read(source))


def items(path: Path) -> list[object]:
    return [item for _, found in read(path) for item in found]


def problems(path: Path) -> list[tuple[int | None, str]]:
    return [(item.line, item.severity) for item in items(path) if isinstance(item, Problem)]


def test_every_file_is_read_or_rejected_with_a_reason(shared: Path) -> None:
    found = dict(read(shared))
    files = {str(path) for path in shared.rglob("*") if path.is_file()}
    assert {name.split("!")[0] for name in found} == files
    for name, given in found.items():
        assert given, name
        for item in given:
            assert isinstance(item, (*get_args(Record), Problem))
            if isinstance(item, Problem):
                assert item.reason.isprintable(), name


def test_every_file_of_the_data_has_a_loader_but_its_readme(shared: Path) -> None:
    unread = {
        name.removeprefix(f"{shared}/")
        for name, given in read(shared)
        if len(given) == 1
        and isinstance(given[0], Problem)
        and given[0].severity == "rejected"
        and given[0].line is None
    }
    assert unread == {
        "README.md",
        "associations/generated/mega_pool.tar.gz!mega_pool/asn_generate.log",
        "associations/generated/mega_pool.tar.gz!mega_pool/rc",
    }


# --- associations ---


def documents(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the JSON of each association under a folder by another way than that of the loader."""
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                for member in archive:
                    content = archive.extractfile(member)
                    if member.name.endswith(".json") and content is not None:
                        yield f"{path}!{member.name}", json.load(content)
        elif path.is_file():
            yield str(path), json.loads(path.read_text())


def test_every_association_gives_exactly_the_members_of_its_json(shared: Path) -> None:
    found = dict(read(shared / "associations"))
    count = 0
    for name, document in documents(shared / "associations"):
        (record,) = found[name]
        assert isinstance(record, AssociationRecord)
        products = document["products"]
        assert isinstance(products, list)
        assert [
            (product.name, [(member.expname, member.exptype) for member in product.members])
            for product in record.products
        ] == [
            (
                product["name"],
                [(member["expname"], member["exptype"].lower()) for member in product["members"]],
            )
            for product in products
        ]
        for product in record.products:
            assert all(member.filename == member.expname.split("/")[-1] for member in product.members)
            assert not {member.exposerr for member in product.members} & {"null", "NULL"}
        count += 1
    assert count == 2178


def test_the_largest_pool_makes_858_associations_with_1972_members(shared: Path) -> None:
    found = items(shared / "associations/generated/mega_pool.tar.gz")
    records = [item for item in found if isinstance(item, AssociationRecord)]
    assert len(records) == 858
    assert sum(len(product.members) for record in records for product in record.products) == 1972
    assert {record.asn_pool for record in records} == {"mega_pool.csv"}
    # The log and the `rc` of the run; the exposures that no association took are a pool of their own.
    assert sum(isinstance(item, Problem) and item.line is None for item in found) == 2
    assert {record.pool for record in found if isinstance(record, PoolRow)} == {"orphans.csv"}


def test_pools_of_real_associations_have_their_extension(shared: Path) -> None:
    records = [item for item in items(shared / "associations/real") if isinstance(item, AssociationRecord)]
    pools = {record.asn_pool for record in records}
    assert "jw96090_20160406T233447_pool.csv" in pools
    assert None in pools
    assert all(pool is None or pool.endswith("_pool.csv") for pool in pools)


def test_programs_are_five_digits_or_none(shared: Path) -> None:
    records = [item for item in items(shared / "associations") if isinstance(item, AssociationRecord)]
    programs = Counter(record.program for record in records)
    assert programs["99009"] == 1343
    assert programs[""] == 50  # 49 of `noprogram`, one of `n_a`


# --- product lists ---

COMPLETE = "mast/products/jw05224-o004_parent_254258368.csv"


def products(path: Path) -> list[ProductRecord]:
    return [item for item in items(path) if isinstance(item, ProductRecord)]


def test_a_complete_product_list(shared: Path) -> None:
    records = products(shared / COMPLETE)
    assert problems(shared / COMPLETE) == []
    assert len(records) == 359
    assert len({record.filename for record in records}) == 316
    assert len({record.obs_id for record in records}) == 27
    assert Counter(record.calib_level for record in records) == {1: 70, 2: 280, 3: 9}
    assert Counter(record.mrp for record in records) == {True: 5, False: 354}
    assert {record.parent_obsid for record in records} == {254258368}
    assert all(record.obsid == record.parent_obsid for record in records if record.mrp)


def test_every_cell_of_the_list_is_as_the_file_has_it(shared: Path) -> None:
    """Read once more with the standard library, cell by cell."""
    with (shared / COMPLETE).open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row, record in zip(rows, products(shared / COMPLETE), strict=True):
        assert record.filename == row["productFilename"]
        assert (record.obs_id, str(record.obsid)) == (row["obs_id"], row["obsID"])
        for column, value in record.mast.items():
            assert ("" if value is None else str(value)) == row[column]


def test_the_same_list_compressed_and_in_another_form_gives_the_same_records(shared: Path) -> None:
    data = (shared / COMPLETE).read_bytes()
    expected = products(shared / COMPLETE)
    with io.TextIOWrapper(gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(data)))) as text:
        rows = list(csv.DictReader(text))
    source = Source.from_bytes("list.json", json.dumps({"status": "COMPLETE", "data": rows}).encode())
    assert list(product_list.LOADER.read(source)) == expected


@pytest.mark.parametrize(
    ("name", "count", "rejected"),
    [
        ("mast/products/brick2221_cell9.csv", 5, []),
        ("mast/products/brick2221_cell11.csv", 5, []),
        ("mast/products/brick2221_cell19.truncated.csv", 20, [(13, "warning")]),
        ("mast/products/brick2221_cell4.txt", 1, [(line, "warning") for line in (1, 2, 3, 7, 8, 9, 10)]),
        ("mast/exposure_file_pairs.csv", 531, []),
        ("names/mast_confirmed.txt", 1895, []),
    ],
)
def test_lists_of_every_form(shared: Path, name: str, count: int, rejected: list[tuple[int, str]]) -> None:
    assert len(products(shared / name)) == count
    assert problems(shared / name) == rejected


def test_the_one_row_in_the_output_of_a_notebook(shared: Path) -> None:
    (record,) = products(shared / "mast/products/brick2221_cell4.txt")
    assert record.filename == "jw02221-o001_20220906t161255_image3_006_asn.json"
    assert record.obs_id == "jw02221-o001_t001_nircam_clear-f182m"
    assert (record.obsid, record.parent_obsid, record.calib_level) == (90458079, 90458079, 3)
    assert record.mast["size"] == 51109
    assert record.mast["dataURI"] is None  # the column was left out in print


@pytest.mark.parametrize(("name", "count"), [("imaging", 482), ("nirspec", 443)])
def test_keyword_rows_say_what_a_header_does(shared: Path, name: str, count: int) -> None:
    found = items(shared / f"mast/keywords/dawn_{name}.csv")
    headers = [record for record in found if isinstance(record, HeaderRecord)]
    assert len(headers) == len(found) == count
    assert {record.name.suffix for record in headers} == {"cal"}, "also where the name in the row is cut"
    assert all(not record.seen and record.association and record.pool and record.t_min for record in headers)
    assert {record.cards["crds_ctx"] for record in headers} == {"jwst_1535.pmap"}
    assert {record.cards["cal_ver"] for record in headers} <= {"2.0.0", "2.0.1"}
    assert {record.references for record in headers} == {()}
