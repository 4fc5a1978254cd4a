"""Scripts and tables of what was or is to be downloaded: they name files."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from astropy.table import Table

from jwgraph.export.curl import script
from jwgraph.export.places import Place
from jwgraph.model.records import Problem, ProductRecord, Record
from jwgraph_loaders import product_script, query_table
from jwgraph_loaders.find.detect import detect
from jwgraph_loaders.find.read import read_all
from tests.support.builders import text_source

A = "jw02221001001_02101_00001_nrca1_cal.fits"
B = "jw02221-o001_t001_nircam_clear-f187n_i2d.fits"

PORTAL = f"""\
#!/bin/bash
DOWNLOAD_FOLDER=MAST_2024-01-30T2153
cat <<EOT
<<< Downloading File: mast:JWST/product/{A}
EOT
curl -H "Authorization: token $MAST_API_TOKEN" --globoff --location-trusted -f --progress-bar --create-dirs $CONT \\
--output ./${{DOWNLOAD_FOLDER}}'/JWST/jw02221001001_02101_00001_nrca1/{A}' \\
'https://mast.stsci.edu/api/v0.1/Download/file?bundle_name=MAST_2024-01-30T2153.sh&uri=mast:JWST/product/{A}'

curl --output ./'{B}' 'https://mast.stsci.edu/api/v0.1/Download/file?uri=mast:JWST/product/{B}'
"""
SEARCH = f"""\
curl -L -X GET "https://mast.stsci.edu/search/jwst/api/v0.1/retrieve_product?product_name=jw02221%2F{A}" --output "x"

curl -L -X GET "https://mast.stsci.edu/search/jwst/api/v0.1/retrieve_product?product_name={B}" --fail
"""


def loaded(name: str, text: str) -> tuple[str, list[Record | Problem]]:
    """Return the kind that a text is taken for, and what it yields."""
    source = text_source(name, text)
    loader = detect(source)
    assert not isinstance(loader, Problem), loader
    return loader.name, list(loader.read(source))


@pytest.mark.parametrize("text", [PORTAL, SEARCH, PORTAL.replace("mast:JWST/product/", "mast%3Ajwst%2Fproduct%2F")])
def test_a_script_of_mast(text: str) -> None:
    assert loaded("MAST_2024.sh", text) == (
        "product_script",
        [ProductRecord(A, seen=True), ProductRecord(B, seen=True)],
    )


def test_a_script_of_jwgraph() -> None:
    address = "https://mast.stsci.edu/api/v0.1/Download/file?uri=mast%3AJWST%2Fproduct%2F"
    made = "".join(script(Place(name, 1, f"mast:JWST/product/{name}", address + name) for name in (A, B)))
    assert loaded("fetch.sh", made) == ("product_script", [ProductRecord(A, seen=True), ProductRecord(B, seen=True)])


def test_lines_of_a_script_that_are_no_file_of_jwst() -> None:
    address = "curl 'https://mast.stsci.edu/api/v0.1/Download/file?uri="
    lines = [f"{address}{uri}'" for uri in ("mast:HST/product/x.fits", f"mast:JWST/product/{A}", "mast:JWST/x%1b.fits")]
    _, (first, second, third) = loaded("x.sh", "\n".join(lines))
    assert isinstance(first, Problem)
    assert first.reason == "'mast:HST/product/x.fits' is not a JWST product"
    assert second == ProductRecord(A, seen=True)
    assert isinstance(third, Problem)
    assert "a character that does not print" in third.reason


def test_a_list_of_addresses_stays_a_list() -> None:
    text = f"https://mast.stsci.edu/api/v0.1/Download/file?uri=mast:JWST/product/{A}\n"
    assert loaded("urls.txt", text) == ("names", [ProductRecord(A, seen=True)])


def test_a_hostile_line_takes_no_longer_than_its_length() -> None:
    source = text_source("x.sh", "curl /Download/file?uri=a.fits\n" + "/Download/file?&" * 60_000)
    begun = time.monotonic()
    assert len(list(product_script.LOADER.read(source))) == 1
    assert time.monotonic() - begun < 20


def manifest() -> Table:
    rows = [
        (f"./mastDownload/JWST/x/{A}", "COMPLETE", None, None),
        (f"C:\\data\\mastDownload\\JWST\\{B}", "ERROR", "HTTPError: 403", "https://mast.stsci.edu/x"),
        ("./mastDownload_20240130215300.sh", "COMPLETE", None, None),
    ]
    return Table(rows=rows, names=("Local Path", "Status", "Message", "URL"))


@pytest.mark.parametrize("format", ["ascii.csv", "ascii.ecsv", "ascii.tab"])
def test_a_manifest_of_astroquery(format: str) -> None:
    text = io.StringIO()
    table = manifest()
    for name in ("Message", "URL"):
        table[name] = ["" if value is None else value for value in table[name]]
    table.write(text, format=format)
    assert loaded("manifest.txt", text.getvalue()) == (
        "product_manifest",
        [ProductRecord(A, seen=True), ProductRecord(B, seen=True)],
    )


def test_a_printed_manifest() -> None:
    text = "\n".join(manifest()["Local Path", "Status", "Message"].pformat(max_lines=-1, max_width=-1))
    assert [each for each in loaded("x.txt", text)[1] if isinstance(each, ProductRecord)][:1] == [
        ProductRecord(A, seen=True)
    ]


def query_rows() -> pd.DataFrame:
    """Return some columns of a table of `jwst_mast_query`, which saves it with `DataFrame.to_string`."""
    return pd.DataFrame(
        {
            "proposal_id": [2221, 2221, 2221],
            "obsID": [90220705, 90220706, 90220707],
            "filetype": ["_cal.fits", None, "_i2d.fits"],
            "size": [117639360, 903168000, 1],
            "productFilename": [A, None, B],
            "outfilename": [f"./02221/obsnum01/{A}", None, f"./02221/obsnum01/{B}"],
        }
    )


@pytest.mark.parametrize("last", [False, True])
def test_a_table_of_jwst_mast_query(last: bool) -> None:
    table = query_rows()
    if last:
        table = table[[*(name for name in table.columns if name != "productFilename"), "productFilename"]]
    kind, (first, second, third) = loaded("jw.selprod.txt", table.to_string(index=False) + "\n")
    assert kind == "query_table"
    assert (first, third) == (ProductRecord(A), ProductRecord(B))
    assert isinstance(second, Problem)
    assert (second.line, second.reason) == (3, "no file name stands in the column productFilename")


def test_a_row_that_is_not_aligned() -> None:
    text = f"obsID productFilename size\n    1 {A} 17\n"
    (problem,) = query_table.LOADER.read(text_source("x", text))
    assert isinstance(problem, Problem)
    assert not query_table.LOADER.detect(text_source("x", "obsID,productFilename\n"))
    assert not query_table.LOADER.detect(text_source("x", "a list of productFilename words\n"))


def test_found_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "MAST_2024.sh").write_text(PORTAL)
    (tmp_path / "jw.selprod.txt").write_text(query_rows().dropna().to_string(index=False))
    found: Iterator[Record | Problem]
    found, kinds = read_all([str(tmp_path)])
    assert list(found) == [ProductRecord(name, seen=seen) for seen in (True, False) for name in (A, B)]
    assert kinds == {"product_script": 1, "query_table": 1}
