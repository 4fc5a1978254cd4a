"""Association pools: the exposures that a pool plans."""

from __future__ import annotations

from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import POOL_COLUMNS, PoolRow, Problem
from jwgraph_loaders.base import Source
from jwgraph_loaders.pool import LOADER
from jwgraph_loaders.text import MAX_LINE
from tests.support.pools import FILE, HEADER, NAME, NEED, OTHER, plan, pool, problem, read

# --- records ---


def test_a_pool_as_operations_write_it() -> None:
    header = (
        "FILENAME|OBS_ID|PROGRAM|OBS_NUM|VISIT|VISITYPE|EXP_TYPE|NEXPOSUR|INSTRUME|DETECTOR|CHANNEL|TARGETID|TARGNAME"
        "|TEMPLATE|PNTGTYPE|FILTER|PUPIL|SUBARRAY|GRATING|FXD_SLIT|BAND|ASN_CANDIDATE|EXPOSERR|IS_PSF|IS_IMPRT"
        "|BKGDTARG|TSOVISIT|MSAMETFL"
    )
    row = (
        f"{FILE}|V01234001001P0000000002101|1234|1|1|PRIME_TARGETED_FIXED|NRC_IMAGE|5|NIRCAM|NRCA1|SHORT|1|LHA 120-N"
        "|NIRCam Imaging|SCIENCE|F090W|CLEAR|FULL|NULL|NULL|NULL|[('o001', 'OBSERVATION'), ('c1000', 'MOSAIC')]|NULL"
        "|F|F|T|F|jw01234001001_01_msa.fits"
    )
    assert read(pool(row, header=header)) == [
        PoolRow(
            pool="jw01234_20220710t161010_pool.csv",
            filename="jw01234001001_02101_00001_nrca1_uncal.fits",
            program="01234",
            asn_candidate=("c1000", "o001"),
            columns={
                "obs_num": "1",
                "visit": "1",
                "visitype": "prime_targeted_fixed",
                "exp_type": "NRC_IMAGE",
                "nexposur": "5",
                "instrume": "nircam",
                "detector": "nrca1",
                "channel": "short",
                "targetid": "1",
                "targname": "LHA 120-N",
                "template": "NIRCam Imaging",
                "pntgtype": "science",
                "filter": "f090w",
                "pupil": "clear",
                "subarray": "full",
                "is_psf": "f",
                "is_imprt": "f",
                "bkgdtarg": "t",
                "tsovisit": "f",
                "msametfl": "jw01234001001_01_msa.fits",
            },
        )
    ]


def test_names_of_columns_and_their_words_are_the_same_in_either_case() -> None:
    upper = pool(f"{FILE}|1234|NRC_IMAGE|[('O001', 'OBSERVATION')]")
    lower = pool(f"{FILE}|1234|nrc_image|[('o001', 'observation')]", header=HEADER.lower())
    assert read(upper) == read(lower) == [plan(candidates=("o001",), exp_type="NRC_IMAGE")]


def test_an_old_pool_has_commas_and_its_cells_are_csv() -> None:
    source = pool(f"{FILE},1234,NRC_IMAGE,\"[('o001', 'OBSERVATION')]\"", header=HEADER.replace("|", ","))
    assert read(source) == [plan(candidates=("o001",), exp_type="NRC_IMAGE")]


def test_comments_and_blank_lines_stand_anywhere() -> None:
    source = pool("# Mode: IFU", "", f"{FILE}|1234|nrs_ifu|", "  # end | of pool", header=f"# Pool\n#\n\n{HEADER}")
    assert read(source) == [plan(exp_type="NRS_IFU")]


def test_line_ends_of_windows_and_a_byte_order_mark() -> None:
    data = f"\ufeff{HEADER}\r\n{FILE}|1234|nrs_ifu|[('o001', 'x')]\r\n".encode()
    assert read(Source.from_bytes(NAME, data)) == [plan(candidates=("o001",), exp_type="NRS_IFU")]


@pytest.mark.parametrize("nothing", ["", " ", "NULL", "null", "N/A", "n/a", "#TODO", "#todo", "--", "NONE", "nan"])
def test_what_spells_nothing_is_left_out(nothing: str) -> None:
    source = pool(f"{FILE}|{nothing}|{nothing}|{nothing}|{nothing}", header=f"{HEADER}|TARGNAME")
    assert read(source) == [PoolRow(NAME, FILE)]


@pytest.mark.parametrize(
    ("cell", "program"), [("9505", "09505"), ("00009", "00009"), ("99009", "99009"), (" 34 ", "00034")]
)
def test_a_program_has_five_digits(cell: str, program: str) -> None:
    assert read(pool(f"{FILE}|{cell}||")) == [plan(program=program)]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *((word, "t") for word in ("t", "T", "true", "True", "y", "Y", "yes")),
        *((word, "f") for word in ("f", "F", "false", "n", "N", "no")),
        ("Background", "background"),  # not ours to say
    ],
)
def test_flags_are_t_or_f(cell: str, kept: str) -> None:
    source = pool(f"{FILE}|1234|||{cell}", header=f"{HEADER}|BKGDTARG")
    assert read(source) == [plan(bkgdtarg=kept)]


def test_only_flags_are_flags() -> None:
    source = pool(f"{FILE}|1234|||N|F", header=f"{HEADER}|SUBARRAY|MSAMETFL")
    assert read(source) == [plan(subarray="n", msametfl="F")]


def test_columns_that_the_graph_does_not_have_are_left_out() -> None:
    assert "act_id" not in POOL_COLUMNS
    source = pool(f"{FILE}|1234|nis_ami||01|MOSAIC", header=f"{HEADER}|ACT_ID|ASN_CANDIDATE_TYPE")
    assert read(source) == [plan(exp_type="NIS_AMI")]


# --- candidates ---


@pytest.mark.parametrize(
    ("cell", "candidates"),
    [
        ("[('o001', 'OBSERVATION')]", ("o001",)),
        ("[('O001', 'observation'), ('C1000', 'mosaic')]", ("c1000", "o001")),
        ("[('c1001', 'background'), ('o004', 'observation'), ('c1000', 'group')]", ("c1000", "c1001", "o004")),
        ("[('o001', 'observation'), ('o001', 'observation')]", ("o001",)),
        ("[['o001', 'observation'], ['a3001', 'discovered']]", ("a3001", "o001")),
        ("['o001', 'r2001']", ("o001", "r2001")),
        ('[("o001", "NIRCam coronagraphic"), ("c1000", None)]', ("c1000", "o001")),
        ("(('o001', 'observation'),)", ("o001",)),
        ("('o001', 'observation')", ("o001",)),
        ("o001", ("o001",)),
        ("[]", ()),
    ],
)
def test_candidates_are_sorted_and_in_lower_case(cell: str, candidates: tuple[str, ...]) -> None:
    assert read(pool(f"{FILE}|1234||{cell}")) == [plan(candidates=candidates)]


@pytest.mark.parametrize(
    "cell", ["1000", "[1000]", "observation", "[('o01', 'observation')]", "[('o0001', 'observation')]", "((((", "[(,)]"]
)
def test_a_cell_without_candidates_costs_no_exposure(cell: str) -> None:
    row = f"{FILE}|1234||{cell}"
    reason = f"its asn_candidate {cell!r} is no list of candidates; the row is loaded without candidates"
    assert read(pool(row)) == [plan(), problem(2, reason, row, "warning")]


@pytest.mark.parametrize(
    ("cell", "candidates", "kept"),
    [
        ("[('o001', 'OBSERVATION'), ('c1", ("o001",), "o001 is kept"),
        ("[('o001', 'x'), ('c1000', 'x'), ('x1', 'x')]", ("c1000", "o001"), "c1000, o001 are kept"),
        ("o001;c1000", ("c1000", "o001"), "c1000, o001 are kept"),
    ],
)
def test_of_a_cell_that_is_cut_the_candidates_that_are_whole_are_kept(
    cell: str, candidates: tuple[str, ...], kept: str
) -> None:
    row = f"{FILE}|1234||{cell}"
    reason = f"its asn_candidate {cell!r} is no list of candidates; of it {kept}"
    assert read(pool(row)) == [plan(candidates=candidates), problem(2, reason, row, "warning")]


def test_a_pool_without_the_column_of_candidates_says_so_once() -> None:
    rows = (f"{FILE}|1234|NRC_IMAGE", f"{OTHER}|1234|NRC_IMAGE")
    assert read(pool("# comment", *rows, header="# Pool\nFILENAME|PROGRAM|EXP_TYPE")) == [
        problem(2, "it has no column asn_candidate; its exposures are loaded without candidates", severity="warning"),
        plan(exp_type="NRC_IMAGE"),
        plan(OTHER, exp_type="NRC_IMAGE"),
    ]


@pytest.mark.parametrize("cell", ["(" * 5000, "['o001'" + ",('c1000','m')" * 9000, "o001," * 20000, "[" + " " * 90000])
def test_a_huge_cell_of_candidates_is_read_in_no_time(cell: str) -> None:
    found = read(pool(f"{FILE}|1234||{cell}"))
    assert [item.severity for item in found if isinstance(item, Problem)] == ["warning"]


# --- rows that are none ---


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "set acid|program|exp_type|1000",
            "its program is 'program': the row repeats the header's words and lists no exposure",
        ),
        (HEADER, "its program is 'program': the row repeats the header's words and lists no exposure"),
        (f"{FILE}|123456||", "its program '123456' is no number of at most 5 digits"),
        (f"{FILE}|12a||", "its program '12a' is no number of at most 5 digits"),
        (f"{FILE}|-1||", "its program '-1' is no number of at most 5 digits"),
        (f"{FILE}|١٢||", "its program '١٢' is no number of at most 5 digits"),
        ("|1234||", "the row has no file name"),
        ("NULL|1234||", "the row has no file name"),
        (f"a/{FILE}|1234||", f"'a/{FILE}' is not a file name that can be kept: it holds a directory"),
        (f"{'a' * 256}|1234||", f"'{'a' * 160}…' is not a file name that can be kept: it is longer than 255 bytes"),
        (
            "a\0.fits|1234||",
            r"'a\x00.fits' is not a file name that can be kept: it holds a character that does not print",
        ),
        (f"{FILE}|1234|NRC\0IMAGE|", r"its exp_type 'NRC\x00IMAGE' holds a character that does not print"),
        (f"{FILE}|1234|NRC_IMAGE", "the row has 3 cells, the header 4"),
        (f"{FILE}|1234|NRC_IMAGE||", "the row has 5 cells, the header 4"),
        (FILE, "the row has 1 cells, the header 4"),
        (f'"{FILE}|1234||', "a quoted cell does not end on its line"),
    ],
)
def test_a_row_that_is_no_exposure_is_rejected_with_its_line(row: str, reason: str) -> None:
    found = read(pool("# comment", row, f"{OTHER}|1234||"))
    assert found[1:] == [plan(OTHER)]
    assert isinstance(found[0], Problem)
    assert (found[0].line, found[0].severity, found[0].reason) == (3, "rejected", reason)


def test_a_line_that_is_no_text_costs_itself_alone() -> None:
    good = f"{FILE}|1234||\n".encode()
    data = b"# r\xe9sum\xe9\n" + HEADER.encode() + b"\n\xff|1234||\n" + b"x" * (MAX_LINE + 1) + b"\n" + good
    assert read(Source.from_bytes(f"pools/{NAME}", data)) == [
        problem(1, "byte 4 of the line is not UTF-8"),
        problem(3, "byte 1 of the line is not UTF-8"),
        problem(4, f"the line is longer than {MAX_LINE} bytes"),
        plan(),
    ]


# --- rows that say something twice ---


def test_a_row_that_repeats_another_is_yielded_once() -> None:
    row = f"{FILE}|1234|NRC_IMAGE|[('o001', 'OBSERVATION')]"
    assert read(pool(row, f"{OTHER}|1234||", row, row)) == [
        plan(candidates=("o001",), exp_type="NRC_IMAGE"),
        plan(OTHER),
        problem(4, "the row repeats line 2", row, "warning"),
        problem(5, "the row repeats line 2", row, "warning"),
    ]


def test_rows_of_one_file_that_differ_are_yielded_both() -> None:
    rows = (f"{FILE}|1234|NRC_IMAGE|", f"{FILE}|1234|NRC_CORON|", f"{FILE}|1234|NRC_CORON|", f"{FILE}|1234|NIS_AMI|")
    reason = "lines 2 and {} list the same file with different content; the graph keeps one of them"
    assert read(pool(*rows)) == [
        plan(exp_type="NRC_IMAGE"),
        plan(exp_type="NRC_CORON"),
        problem(3, reason.format(3), rows[1], "warning"),
        problem(4, "the row repeats line 3", rows[2], "warning"),
        plan(exp_type="NIS_AMI"),
        problem(5, reason.format(5), rows[3], "warning"),
    ]


def test_rows_that_differ_in_nothing_that_is_kept_are_the_same() -> None:
    header = f"{HEADER}|ACT_ID"
    found = read(pool(f"{FILE}|1234|nrc_image||01", f"{FILE}|01234|NRC_IMAGE|NULL|02", header=header))
    assert [item.reason for item in found if isinstance(item, Problem)] == ["the row repeats line 2"]


# --- whatever comes ---


def test_it_is_lazy() -> None:
    """Nothing is opened before the first record is asked for."""

    def refuse() -> BinaryIO:
        raise OSError("the disk is gone")

    found = LOADER.read(Source(f"pools/{NAME}", NAME, b"", refuse))
    assert list(found) == [
        problem(None, "it cannot be read to its end: the disk is gone"),
        problem(None, f"it has no header; {NEED}"),
    ]


CELLS = st.sampled_from(
    ["", "1", "NULL", "a.fits", "b/c.fits", "program", "[('o001', 'X')]", "o1", "t", '"', "#x", "\0"]
)
LINES = st.one_of(st.text(max_size=40), st.lists(CELLS, min_size=3, max_size=5).map("|".join)).map(
    lambda line: line.replace("\n", "|").replace("\r", "|")
)


@given(st.lists(LINES, max_size=12))
def test_every_line_becomes_a_record_or_says_why_not(rows: list[str]) -> None:
    found = list(LOADER.read(pool(*rows)))
    wanted = {
        number for number, row in enumerate(rows, 2) if row.strip(" \t") and not row.lstrip(" \t").startswith("#")
    }
    problems = [item for item in found if isinstance(item, Problem)]
    given_up = [
        item.line for item in problems if item.severity == "rejected" or item.reason.startswith("the row repeats line")
    ]
    assert set(given_up) <= wanted
    assert len(set(given_up)) == len(given_up)
    assert len(given_up) + sum(isinstance(item, PoolRow) for item in found) == len(wanted)
    assert {item.line for item in problems} <= wanted
    assert all(item.reason.isprintable() and item.text.isprintable() for item in problems)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    for item in LOADER.read(Source.from_bytes(NAME, f"{HEADER}\n".encode() + data)):
        assert isinstance(item, (PoolRow, Problem))
    assert all(isinstance(item, (PoolRow, Problem)) for item in LOADER.read(Source.from_bytes(NAME, data)))


@given(st.permutations(range(5)))
def test_the_order_of_the_columns_does_not_matter(order: list[int]) -> None:
    header = ["FILENAME", "PROGRAM", "EXP_TYPE", "ASN_CANDIDATE", "DETECTOR"]
    row = [FILE, "1234", "NRC_IMAGE", "[('o001', 'OBSERVATION')]", "NRCA1"]
    source = pool("|".join(row[at] for at in order), header="|".join(header[at] for at in order))
    assert read(source) == [plan(candidates=("o001",), exp_type="NRC_IMAGE", detector="nrca1")]
