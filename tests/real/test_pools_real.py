"""The real pools: every row becomes an exposure, or says why not; read once more by the standard library."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from jwgraph.model.records import POOL_COLUMNS, PoolRow, Problem
from jwgraph_loaders.base import HEAD_BYTES, Source
from jwgraph_loaders.find import detect
from jwgraph_loaders.pool import LOADER

pytestmark = pytest.mark.real

MACRO = "its program is 'program': the row repeats the header's words and lists no exposure"
NO_CANDIDATES = "it has no column asn_candidate; its exposures are loaded without candidates"

# Of each pool: records, rejected rows, warnings.
COUNTS = {
    "jw09505_20251216t202003_pool.csv": (8, 0, 0),
    "jw87800_20180412T163456_pool.csv": (10, 0, 0),
    "jw93060_20150312T160130_pool.csv": (636, 0, 1),
    "mega_pool.csv": (801, 36, 3),
    "pool_001_candidates.csv": (70, 2, 0),
    "pool_001_candidates_lower.csv": (70, 2, 0),
    "pool_002_image_miri.csv": (8, 0, 0),
    "pool_003_image_nircam.csv": (18, 0, 0),
    "pool_005_spec_niriss.csv": (4, 0, 0),
    "pool_006_spec_nirspec.csv": (32, 0, 0),
    "pool_007_spec_miri.csv": (44, 0, 0),
    "pool_010_spec_nirspec_lv2bkg.csv": (18, 2, 0),
    "pool_013_coron_nircam.csv": (64, 2, 0),
    "pool_018_all_exptypes.csv": (73, 2, 0),
    "pool_019_niriss_wfss.csv": (16, 2, 0),
    "pool_023_nirspec_msa_3nod.csv": (12, 1, 0),
    "pool_023b_nirspec_msa_3nod_subpix.csv": (18, 1, 0),
    "pool_024_nirspec_fss_nods.csv": (30, 1, 0),
    "pool_024b_nirspec_fss_nods.csv": (10, 1, 0),
    "pool_024c_nirspec_fss_nods.csv": (40, 1, 0),
    "pool_025_nirspec_fss_nod_chop.csv": (8, 2, 0),
    "pool_033_wfs_jitter.csv": (33, 0, 0),
    "sdist_jw00034_20150804T190826_pool.csv": (2, 0, 1),
    "sdist_jw82600_001_20151107T165901_pool.csv": (431, 0, 4),
    "sdist_jw82600_002_20151107t165901_pool.csv": (2, 0, 1),
    "sdist_jw93060_002_20150312T160130_pool.csv": (480, 0, 1),
    "sdist_jw93065_20151105T004034_pool.csv": (69, 0, 1),
    "sdist_jw95070_20150615T143412_pool.csv": (6, 0, 1),
    "sdist_jw96090_20160406T233447_pool.csv": (40, 0, 1),
    "sdist_pool_001_candidates__v1.3.3.csv": (70, 2, 0),
    "sdist_pool_001_candidates_lower__v1.3.3.csv": (70, 2, 0),
    "sdist_pool_002_image_miri__v1.3.3.csv": (8, 0, 0),
    "sdist_pool_003_image_nircam__v1.3.3.csv": (18, 0, 0),
    "sdist_pool_005_spec_niriss__v1.3.3.csv": (4, 0, 0),
    "sdist_pool_006_spec_nirspec__v0.17.1.csv": (30, 0, 0),
    "sdist_pool_006_spec_nirspec__v1.3.3.csv": (32, 0, 0),
    "sdist_pool_009_spec_miri_lv2bkg.csv": (39, 2, 0),
    "sdist_pool_009_spec_miri_lv2bkg__v0.17.1.csv": (39, 2, 0),
    "sdist_pool_010_spec_nirspec_lv2bkg__v1.3.3.csv": (18, 2, 0),
    "sdist_pool_011_spec_miri_lv2bkg_lrs.csv": (2, 2, 0),
    "sdist_pool_012_image_miri_single_exp.csv": (1, 0, 0),
    "sdist_pool_012_image_miri_single_exp__v1.3.3.csv": (1, 0, 0),
    "sdist_pool_013_coron_nircam_short.csv": (3, 1, 0),
    "sdist_pool_015_spec_nirspec_lv2bkg_reversed.csv": (18, 2, 0),
    "sdist_pool_015_spec_nirspec_lv2bkg_reversed__v0.17.1.csv": (18, 2, 0),
    "sdist_pool_015_spec_nirspec_lv2bkg_reversed__v1.3.3.csv": (18, 2, 0),
    "sdist_pool_016_spec_nirspec_lv2bkg_double.csv": (22, 2, 0),
    "sdist_pool_016_spec_nirspec_lv2bkg_double__v0.17.1.csv": (22, 2, 0),
    "sdist_pool_016_spec_nirspec_lv2bkg_double__v1.3.3.csv": (22, 2, 0),
    "sdist_pool_019_niriss_wfss__v1.3.3.csv": (16, 2, 0),
    "sdist_pool_024_nirspec_fss_nods__v0.17.1.csv": (30, 1, 0),
    "sdist_pool_024_nirspec_fss_nods__v1.0.0.csv": (30, 1, 0),
    "sdist_pool_024_nirspec_fss_nods__v1.3.3.csv": (30, 1, 0),
    "sdist_pool_025_nirspec_fss_nod_chop__v0.17.1.csv": (8, 2, 0),
    "sdist_pool_025_nirspec_fss_nod_chop__v1.0.0.csv": (8, 2, 0),
    "sdist_pool_025_nirspec_fss_nod_chop__v1.3.3.csv": (8, 2, 0),
    "sdist_pool_029_mir_lrsfs_nonod.csv": (5, 0, 0),
    "sdist_pool_030_mir_lrs_nods_bkg.csv": (10, 0, 0),
    "sdist_pool_031_mir_lrs_nonod_bkg.csv": (10, 0, 0),
}


def sources(shared: Path) -> dict[str, Source]:
    """The pools as sources, by file name."""
    paths = sorted((shared / "pools").glob("*.csv"))
    return {path.name: Source.from_bytes(str(path), path.read_bytes()) for path in paths}


@pytest.fixture(scope="module")
def found(shared: Path) -> dict[str, list[object]]:
    return {name: list(LOADER.read(source)) for name, source in sources(shared).items()}


def table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a pool in lower case, and its rows with their lines, by the standard library."""
    with path.open(newline="") as file:
        rows = [(line, text) for line, text in enumerate(file, 1) if text.strip() and not text.startswith("#")]
    delimiter = "|" if "|" in rows[0][1] else ","
    cells = list(csv.reader([text for _, text in rows], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    return [name.lower() for name in cells[0]], [(line, row) for (line, _), row in zip(rows, cells, strict=True)][1:]


def test_every_pool_is_claimed_by_its_loader_alone(shared: Path) -> None:
    others = [loader for loader in detect.loaders() if loader.name != LOADER.name]
    for name, source in sources(shared).items():
        assert LOADER.detect(source), name
        assert [loader.name for loader in others if loader.detect(source)] == [], name


def test_nothing_but_the_pools_is_a_pool(shared: Path) -> None:
    for path in shared.rglob("*"):
        if path.is_file() and path.parent.name != "pools":
            head = path.read_bytes()[:HEAD_BYTES]
            assert not LOADER.detect(Source.from_bytes(path.name, head)), path


def test_records_problems_and_warnings_of_each_pool(found: dict[str, list[object]]) -> None:
    assert len(COUNTS) == 59
    for name, items in found.items():
        kinds = Counter(item.severity if isinstance(item, Problem) else "record" for item in items)
        assert (kinds["record"], kinds["rejected"], kinds["warning"]) == COUNTS[name], name
    assert found.keys() == COUNTS.keys()


def test_what_is_said_of_them(found: dict[str, list[object]]) -> None:
    said = Counter(
        (item.severity, item.reason) for items in found.values() for item in items if isinstance(item, Problem)
    )
    content = "list the same file with different content; the graph keeps one of them"
    assert said == {
        ("rejected", MACRO): 91,
        ("warning", NO_CANDIDATES): 8,
        ("warning", f"lines 1157 and 1161 {content}"): 1,
        ("warning", f"lines 1158 and 1162 {content}"): 1,
        ("warning", f"lines 1159 and 1165 {content}"): 1,
        ("warning", "the row repeats line 58"): 1,
        ("warning", "the row repeats line 431"): 1,
        ("warning", "the row repeats line 433"): 1,
    }


def test_every_row_that_has_a_program_is_a_record_and_every_other_is_rejected(
    shared: Path, found: dict[str, list[object]]
) -> None:
    for name, items in found.items():
        header, rows = table(shared / "pools" / name)
        where = {column: header.index(column) for column in ("filename", "program")}
        distinct = {tuple(row): None for _, row in rows if row[where["program"]].isdigit()}
        records = [item for item in items if isinstance(item, PoolRow)]
        assert [(record.filename, record.program) for record in records] == [
            (row[where["filename"]], row[where["program"]].zfill(5)) for row in distinct
        ]
        assert {record.pool for record in records} == {name}
        assert [item.line for item in items if isinstance(item, Problem) and item.severity == "rejected"] == [
            line for line, row in rows if not row[where["program"]].isdigit()
        ]


def test_every_cell_that_is_kept_is_as_the_pool_has_it(shared: Path, found: dict[str, list[object]]) -> None:
    """But for its case, and for flags, which are t or f."""
    flags = {"true": "t", "y": "t", "n": "f"}
    nothing = {"", "null", "n/a", "none", "#todo"}
    for name, items in found.items():
        header, rows = table(shared / "pools" / name)
        distinct = {tuple(row): None for _, row in rows if row[header.index("program")].isdigit()}
        records = [item for item in items if isinstance(item, PoolRow)]
        for row, record in zip(distinct, records, strict=True):
            cells = {column: cell.lower() for column, cell in zip(header, row, strict=True)}
            assert {column: value.lower() for column, value in record.columns.items()} == {
                column: flags.get(cells[column], cells[column])
                for column in POOL_COLUMNS
                if cells.get(column, "") not in nothing
            }


def test_candidates_of_the_real_pools(found: dict[str, list[object]]) -> None:
    records = [item for items in found.values() for item in items if isinstance(item, PoolRow)]
    kinds = Counter("".join(candidate[0] for candidate in record.asn_candidate) for record in records)
    assert kinds == {"o": 1106, "co": 590, "cco": 150, "ccco": 128, "cccccco": 22, "": 1667}


def test_an_exposure_of_program_9505(found: dict[str, list[object]]) -> None:
    assert found["jw09505_20251216t202003_pool.csv"][0] == PoolRow(
        pool="jw09505_20251216t202003_pool.csv",
        filename="jw09505001001_02101_00001_mirimage_uncal.fits",
        program="09505",
        asn_candidate=("o001",),
        columns={
            "obs_num": "1",
            "visit": "1",
            "visitype": "prime_targeted_fixed",
            "exp_type": "MIR_IMAGE",
            "instrume": "miri",
            "detector": "mirimage",
            "targetid": "1",
            "targname": "LHA 120-N 133",
            "template": "MIRI Wide Field Slitless Spectroscopy",
            "pntgtype": "science",
            "filter": "f560w",
            "subarray": "full",
            "bkgdtarg": "f",
            "tsovisit": "f",
            "nexposur": "5",
        },
    )


def test_an_exposure_of_the_pool_with_commas(found: dict[str, list[object]]) -> None:
    assert found["sdist_jw95070_20150615T143412_pool.csv"][1] == PoolRow(
        pool="sdist_jw95070_20150615T143412_pool.csv",
        filename="jw95070002001_01101_00001_MIRIM_image_uncal.fits",
        program="95070",
        columns={
            "visit": "1",
            "exp_type": "MIR_TACQ",
            "instrume": "miri",
            "detector": "mirim",
            "targetid": "2",
            "targname": "SMM-J16359+66120",
            "template": "MIRI Low Resolution Spectroscopy",
            "pntgtype": "target_acquisition",
            "filter": "f560w",
            "tsovisit": "f",
        },
    )
