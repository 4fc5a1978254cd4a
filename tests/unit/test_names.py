"""The grammar of names: literal examples of every form, round trips, and what no name may do to the parser."""

from __future__ import annotations

import re
import time
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.answers.names import explain
from jwgraph.names.grammar import DETECTORS, INSTRUMENTS, parse, parse_root, template_patterns
from jwgraph.names.suffixes import Suffix, known, suffixes

EXPOSURE = "jw02733001001_02101_00001_nrca1"
IMAGE = "jw02733-o001_t001_nircam_clear-f090w"
WFS = "jw00747-o017_t002_nircam_f212n-wlm8-nrca2"

# file name: form, obs_id, suffix, level, calib_level, productType
ARCHIVE = {
    f"{EXPOSURE}_uncal.fits": ("exposure", EXPOSURE, "uncal", "1b", 1, "SCIENCE"),
    f"{EXPOSURE}_rate.fits": ("exposure", EXPOSURE, "rate", "2a", 2, "SCIENCE"),
    f"{EXPOSURE}_rateints.fits": ("exposure", EXPOSURE, "rateints", "2a", 2, "SCIENCE"),
    f"{EXPOSURE}_cal.fits": ("exposure", EXPOSURE, "cal", "2b", 2, "SCIENCE"),
    f"{EXPOSURE}_i2d.fits": ("exposure", EXPOSURE, "i2d", "2b", 2, "SCIENCE"),
    f"{EXPOSURE}_cal.fits.gz": ("exposure", EXPOSURE, "cal", "2b", 2, "SCIENCE"),
    f"{EXPOSURE}_o002_crf.fits": ("exposure", EXPOSURE, "crf", "2c", 2, "SCIENCE"),
    f"{EXPOSURE}_c1001_psfsub.fits": ("exposure", EXPOSURE, "psfsub", "2c", 2, "SCIENCE"),
    f"{EXPOSURE}_cal.jpg": ("exposure", EXPOSURE, "cal", "2b", 2, "PREVIEW"),
    f"{EXPOSURE}_cal_thumb.jpg": ("exposure", EXPOSURE, "cal", "2b", 2, "PREVIEW"),
    "jw05224004001_03101_00001_nrs1_x1d.png": (
        "exposure", "jw05224004001_03101_00001_nrs1", "x1d", "2b", 2, "PREVIEW",
    ),
    "jw01366004001_04101_00001-seg001_nrs1_x1dints.fits": (
        "exposure", "jw01366004001_04101_00001-seg001_nrs1", "x1dints", "2b", 2, "SCIENCE",
    ),
    "jw93210001001_03101_00001_nis_a3001_ami-oi.fits": (
        "exposure", "jw93210001001_03101_00001_nis", "ami-oi", "2c", 2, "SCIENCE",
    ),
    f"{IMAGE}_i2d.fits": ("stage3", IMAGE, "i2d", "3", 3, "SCIENCE"),
    f"{IMAGE}_segm.fits": ("stage3", IMAGE, "segm", "3", 3, "AUXILIARY"),
    f"{IMAGE}_cat.ecsv": ("stage3", IMAGE, "cat", "3", 3, "SCIENCE"),
    f"{IMAGE}_i2d_thumb.jpg": ("stage3", IMAGE, "i2d", "3", 3, "PREVIEW"),
    "jw07140-c1019_t007_miri_ch2-long_s3d.fits": (
        "stage3", "jw07140-c1019_t007_miri_ch2-long", "s3d", "3", 3, "SCIENCE",
    ),
    "jw05224-o004_s000000001_nirspec_clear-prism_crf.fits": (
        "stage3", "jw05224-o004_s000000001_nirspec_clear-prism", "crf", "3", 3, "SCIENCE",
    ),
    "jw05224-o004_s000000001_nirspec_clear-prism_x1d.png": (
        "stage3", "jw05224-o004_s000000001_nirspec_clear-prism", "x1d", "3", 3, "PREVIEW",
    ),
    "jw99009-o001_t001-s000000001_nirspec_f100lp-g140m-s200a1-s200a2_x1d.fits": (
        "stage3", "jw99009-o001_t001-s000000001_nirspec_f100lp-g140m-s200a1-s200a2", "x1d", "3", 3, "SCIENCE",
    ),
    # Subarrays with an underscore: those of stdatamodels 6.0.0, in the names that jwst 3.0.0 gives.
    "jw04453-o029_t001_nircam_f322w2-gdhs0-sub164stripe4_dhs_x1dints.fits": (
        "stage3", "jw04453-o029_t001_nircam_f322w2-gdhs0-sub164stripe4_dhs", "x1dints", "3", 3, "SCIENCE",
    ),
    "jw04453-o029_t001_niriss_clear-gr700xd-sub17stripe_soss_whtlt.ecsv": (
        "stage3", "jw04453-o029_t001_niriss_clear-gr700xd-sub17stripe_soss", "whtlt", "3", 3, "SCIENCE",
    ),
    "jw04453-o029_t001_miri_f770w-slitlessprism_ip_i2d.fits": (
        "stage3", "jw04453-o029_t001_miri_f770w-slitlessprism_ip", "i2d", "3", 3, "SCIENCE",
    ),
    "jw09505-o001_t001_miri_p750l_x1d.fits": (
        "stage3", "jw09505-o001_t001_miri_p750l", "x1d", "3", 3, "SCIENCE",
    ),
    "jw99009-o001_t001-epoch1_nircam_clear-f090w_i2d.fits": (
        "stage3", "jw99009-o001_t001-epoch1_nircam_clear-f090w", "i2d", "3", 3, "SCIENCE",
    ),
    f"{WFS}_wfscmb-04.fits": ("stage3", WFS, "wfscmb", "3", 3, "SCIENCE"),
    "jw93210-a3001_t001_niriss_f480m-nrm_aminorm-oi.fits": (
        "stage3", "jw93210-a3001_t001_niriss_f480m-nrm", "aminorm-oi", "3", 3, "SCIENCE",
    ),
    "jw02221-o001_20220828t044842_image3_003_asn.json": ("association", "", "asn", "", 3, "INFO"),
    "jw05224-o004_20251221t142913_spec2_00009_asn.json": ("association", "", "asn", "", 2, "INFO"),
    "jw02734-o001_20220718T190541_tso-spec2_00002_asn.json": ("association", "", "asn", "", 2, "INFO"),
    "jw05224_20251221t142913_pool.csv": ("pool", "", "pool", "", 2, "INFO"),
    "jw05224004001_01_msa.fits": ("msa", "", "msa", "", 1, "AUXILIARY"),
    "jw00729011001_gs-id_1_image_cal.fits": ("guide_star", "", "cal", "", 2, "AUXILIARY"),
    "jw88600073001_gs-id_7_image-uncal.fits": ("guide_star", "", "uncal", "", 1, "AUXILIARY"),
    "jw00729011001_gs-id_1_stacked_uncal.fits": ("guide_star", "", "uncal", "", 1, "AUXILIARY"),
    "jw00799003001_gs-acq1_2019154181705_stream.fits": ("guide_star", "", "stream", "", 1, "AUXILIARY"),
    "jw01366003001_gs-fg_2022211003523-seg001_cal.fits": ("guide_star", "", "cal", "", 2, "AUXILIARY"),
    "jw01534003001_gs-track_2023125174543_uncal.fits": ("guide_star", "", "uncal", "", 1, "AUXILIARY"),
}  # fmt: skip


@pytest.mark.parametrize("filename", ARCHIVE)
def test_a_name_of_the_archive(filename: str) -> None:
    name = parse(filename)
    assert (name.form, name.obs_id, name.suffix, name.product_level, name.calib_level, name.productType) == ARCHIVE[
        filename
    ]
    assert name.recognised
    assert name.reason == ""
    assert name.filename == filename


def test_the_parts_of_an_exposure() -> None:
    name = parse("jw02733001001_02101_00001-seg002_mirimage_c1001_crf.fits")
    assert (name.program, name.visit_id, name.detector, name.candidate) == (
        "02733", "jw02733001001", "mirimage", "c1001",
    )  # fmt: skip


def test_the_parts_of_an_association() -> None:
    name = parse("jw02733-c1000_20220718t190541_image3_00002_asn.json")
    assert (name.program, name.candidate, name.version_id, name.asn_type) == (
        "02733", "c1000", "20220718t190541", "image3",
    )  # fmt: skip


def test_the_visit_of_what_hangs_on_a_visit() -> None:
    assert parse("jw05224004001_01_msa.fits").visit_id == "jw05224004001"
    assert parse("jw01534003001_gs-fg_2023125174543_cal.fits").visit_id == "jw01534003001"


def test_either_case_of_an_activity_is_one_dataset() -> None:
    upper, lower = (parse(f"jw06866001001_{activity}_00004_nrs1_cal.fits") for activity in ("0210H", "0210h"))
    assert upper.recognised
    assert lower.recognised
    assert upper.obs_id == lower.obs_id == "jw06866001001_0210h_00004_nrs1"
    assert upper.filename != lower.filename


@pytest.mark.parametrize("folder", ["a/", "/a/b/", "..\\b\\", "C:\\data\\", "./"])
def test_a_directory_is_dropped(folder: str) -> None:
    assert parse(f"{folder}{EXPOSURE}_cal.fits") == parse(f"{EXPOSURE}_cal.fits")


@pytest.mark.parametrize(
    ("filename", "reason"),
    [
        ("", "empty"),
        ("dir/", "empty"),
        ("..", "it names a directory"),
        ("a\x00b_cal.fits", "does not print"),
        (f"{EXPOSURE}_cal.fits\n", "does not print"),
        ("x" * 256, "longer than 255 bytes"),
        (f"{EXPOSURE}_tweakreg.fits", "'tweakreg' is no suffix of the archive"),
        (f"{EXPOSURE}_segm.fits", "'segm' is no suffix of the archive"),
        (f"{IMAGE}_rate.fits", "'rate' is no suffix of the archive"),
        (f"{EXPOSURE}_cal.json", ".json"),
        (f"{IMAGE}_cat.fits", ".ecsv"),
        ("jw02733001001_02101_00001_nircam_rate.fits", "'nircam' is no detector"),
        (f"{EXPOSURE}.fits", "no suffix"),
        ("jw0273301001_02101_00001_nrca1_rate.fits", "follows no form"),
        ("jw0٢733001001_02101_00001_nrca1_cal.fits", "follows no form"),
        ("jw82600_t001_nircam_clear_wfscmb-01.fits", "follows no form"),
        ("ceers_nircam1_f115w_i2d.fits", "begin with jw"),
    ],
)
def test_what_is_no_name_of_the_archive_says_why(filename: str, reason: str) -> None:
    name = parse(filename)
    assert not name.recognised
    assert name.form in ("", "plain")
    assert reason in name.reason


@pytest.mark.parametrize(
    ("filename", "obs_id", "suffix", "level"),
    [
        ("jw_00015_rate.fits", "jw_00015", "rate", "2a"),
        ("jw_00015_cal.fits", "jw_00015", "cal", ""),
        ("ceers_nircam1_f115w_i2d.fits", "ceers_nircam1_f115w", "i2d", ""),
        ("test_lrs1_rate.fits", "test_lrs1", "rate", "2a"),
    ],
)
def test_a_plain_name_gives_dataset_and_suffix(filename: str, obs_id: str, suffix: str, level: str) -> None:
    name = parse(filename)
    assert (name.form, name.obs_id, name.suffix, name.product_level) == ("plain", obs_id, suffix, level)
    assert name.calib_level is None


def test_a_good_root_keeps_its_dataset_whatever_the_suffix() -> None:
    assert parse(f"{EXPOSURE}_tweakreg.fits").obs_id == EXPOSURE
    assert parse(f"{IMAGE}_mine.fits").obs_id == IMAGE


def test_explain_has_the_columns_in_order() -> None:
    assert astuple(explain(f"{EXPOSURE}_cal.fits")) == (
        f"{EXPOSURE}_cal.fits", True, "exposure", EXPOSURE, "cal", "2b", 2, "SCIENCE", "",
    )  # fmt: skip


# --- roots -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "obs_id", "program"),
    [
        (EXPOSURE, "exposure", EXPOSURE, "02733"),
        ("jw06866001001_0210H_00004_nrs1", "exposure", "jw06866001001_0210h_00004_nrs1", "06866"),
        (IMAGE, "stage3", IMAGE, "02733"),
        ("jw99009-o001_{source_id}_nirspec_f100lp-g140m", "template", "", "99009"),
        (f"{WFS}_{{suffix}}-04", "template", "", "00747"),
        ("jw_00024", "", "jw_00024", ""),
        ("jw02221001001_xx101_00001_nircam", "", "jw02221001001_xx101_00001_nircam", "02221"),
    ],
)
def test_a_root(name: str, form: str, obs_id: str, program: str) -> None:
    root = parse_root(name)
    assert (root.form, root.obs_id, root.program) == (form, obs_id, program)


def test_the_root_of_one_source_and_of_a_target() -> None:
    assert parse_root(IMAGE).unit == "target"
    assert parse_root("jw05224-o004_s000000001_nirspec_clear-prism").unit == "source"
    assert parse_root("jw99009-o001_t001-s000000001_nirspec_clear-prism").unit == "source"


SLIT = "jw99009-o001_t001-{source_id}_nirspec_f100lp-g140m-{slit_name}-s200a2"
MOS = "jw93125-o188_{source_id}_nirspec_f290lp-g395m"


@pytest.mark.parametrize(
    ("template", "filename"),
    [
        (MOS, "jw93125-o188_s000277031_nirspec_f290lp-g395m_x1d.fits"),
        (MOS, "jw93125-o188_b000000012_nirspec_f290lp-g395m_s2d.fits"),
        (SLIT, "jw99009-o001_t001-s000000001_nirspec_f100lp-g140m-s200a1-s200a2_x1d.fits"),
        (f"{WFS}_{{suffix}}-04", f"{WFS}_wfscmb-04.fits"),
        ("jw99009-o004_t001_miri", "jw99009-o004_t001_miri_ch1-short_s3d.fits"),
        ("jw99009-c1005_t001_nirspec", "jw99009-c1005_t001_nirspec_g395h-f290lp_s3d.fits"),
    ],
)
def test_a_template_stands_for_its_files_and_their_datasets(template: str, filename: str) -> None:
    obs_id, file = template_patterns(template)
    assert re.fullmatch(obs_id, parse(filename).obs_id)
    assert re.fullmatch(file, filename)


@pytest.mark.parametrize(
    ("template", "filename"),
    [
        (MOS, "jw93125-o189_s000277031_nirspec_f290lp-g395m_x1d.fits"),
        (MOS, "jw93125-o188_s000277031_nirspec_f170lp-g235m_x1d.fits"),
        (MOS, "jw93125-o188_t001_nirspec_f290lp-g395m_x1d.fits"),
        (SLIT, "jw99009-o001_t001-s000000001_nirspec_f100lp-g140m-s200a1-sub2048_x1d.fits"),
        (f"{WFS}_{{suffix}}-04", f"{WFS}_wfscmb-02.fits"),
        ("jw99009-o004_t001_miri", "jw99009-o004_t002_miri_ch1-short_s3d.fits"),
    ],
)
def test_a_template_stands_for_no_other_file(template: str, filename: str) -> None:
    assert parse(filename).recognised
    assert not re.fullmatch(template_patterns(template)[1], filename)


# --- properties --------------------------------------------------------------------------------------------------

digits = "0123456789"
words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


def number(width: int) -> st.SearchStrategy[str]:
    return st.text(digits, min_size=width, max_size=width)


candidates = st.one_of(
    number(3).map("o{}".format), st.tuples(st.sampled_from("ca"), number(4)).map("".join), number(4).map("r{}".format)
)
activities = st.text(digits + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
rows = {form: [s for s in suffixes().values() if s.form == form] for form in ("exposure", "stage3")}


@given(
    number(5), number(3), number(3), number(2), st.sampled_from("12345"), activities, number(5),
    st.none() | number(3), st.sampled_from(sorted(DETECTORS)), st.none() | candidates,
    st.sampled_from(rows["exposure"]), st.data(),
)  # fmt: skip
def test_an_exposure_built_from_parts_comes_apart_again(
    program: str, observation: str, visit: str, group: str, sequence: str, activity: str, exposure: str,
    segment: str | None, detector: str, candidate: str | None, suffix: Suffix, data: st.DataObject,
) -> None:  # fmt: skip
    extension = data.draw(st.sampled_from(suffix.extensions))
    visit_id = f"jw{program}{observation}{visit}"
    seg = f"-seg{segment}" if segment else ""
    root = f"{visit_id}_{group}{sequence}{activity}_{exposure}{seg}_{detector}"
    name = parse(root + (f"_{candidate}" if candidate else "") + f"_{suffix.suffix}.{extension}")
    assert name.recognised, name.reason
    assert (name.program, name.visit_id, name.detector, name.candidate) == (
        program, visit_id, detector, candidate or "",
    )  # fmt: skip
    assert (name.obs_id, name.suffix, name.extension) == (root.lower(), suffix.suffix, extension)
    assert (name.product_level, name.calib_level, name.unit) == (suffix.product_level, suffix.calib_level, suffix.unit)
    assert parse_root(root).obs_id == name.obs_id
    for preview in (".jpg", "_thumb.jpg", ".png", "_thumb.png"):
        shown = parse(f"{root}_{suffix.suffix}{preview}")
        assert (shown.obs_id, shown.suffix, shown.productType) == (name.obs_id, name.suffix, "PREVIEW")


targets = st.one_of(
    number(3).map("t{}".format),
    st.tuples(st.sampled_from("sbv"), number(9)).map("".join),
    st.tuples(number(3), number(9)).map(lambda pair: "t{}-s{}".format(*pair)),
)


@given(
    number(5), candidates, targets, st.sampled_from(["", "-epoch1"]), st.sampled_from(INSTRUMENTS),
    st.lists(words.filter(lambda word: word not in known()), min_size=1, max_size=4),
    st.sampled_from(rows["stage3"]), st.sampled_from(["", "-04"]),
)  # fmt: skip
def test_a_stage_3_name_built_from_parts_comes_apart_again(
    program: str, candidate: str, target: str, epoch: str, instrument: str, elements: list[str], suffix: Suffix,
    activity: str,
) -> None:  # fmt: skip
    root = f"jw{program}-{candidate}_{target}{epoch}_{instrument}_{'-'.join(elements)}"
    name = parse(f"{root}_{suffix.suffix}{activity}.{suffix.extensions[0]}")
    assert name.recognised, name.reason
    assert (name.form, name.program, name.candidate, name.suffix) == ("stage3", program, candidate, suffix.suffix)
    assert name.obs_id.startswith(root)
    assert (name.product_level, name.calib_level) == ("3", 3)
    assert parse_root(root).elements == tuple(elements)


anything = st.text(st.characters(exclude_categories=()))
pieces = st.lists(
    st.one_of(
        st.sampled_from([EXPOSURE, IMAGE, "jw02733", "-o001", "_t001", "_nircam", "_cal", ".fits", ".gz", ".jpg"]),
        st.sampled_from(["_thumb", "-04", "/", "\\", "{source_id}", "{", "\x00", "\ud800", "٣", "İ", "_", "-", "."]),
        anything,
    ),
    max_size=6,
).map("".join)


@given(st.one_of(anything, pieces))
def test_any_text_parses(text: str) -> None:
    name = parse(text)
    assert name.recognised == (name.reason == "")
    assert name.recognised == (name.form not in ("", "plain"))
    assert "/" not in name.filename
    assert "\\" not in name.filename
    if name.recognised:
        assert name.filename.isascii()
        assert name.obs_id == name.obs_id.lower()
        assert name.productType
        assert parse(name.filename) == name
    assert explain(text).recognised == name.recognised
    parse_root(text)


@pytest.mark.parametrize(
    "text",
    [
        "a", "_", ".", "/", "jw", "0", "\ud800", "-a", "_cal", "jw02733-o001_t001_nircam_a", "{source_id}", ".gz",
    ],
)  # fmt: skip
def test_a_million_characters_are_refused_at_once(text: str) -> None:
    long = (text * 1_000_000)[:1_000_000]
    start = time.perf_counter()
    assert not parse(f"{EXPOSURE}_{long}").recognised
    assert not parse(long).recognised
    assert time.perf_counter() - start < 1
