"""What associations promise of their product names."""

from __future__ import annotations

import re

import pytest

from jwgraph.model.records import AsnProduct, Member
from jwgraph.model.vocabulary import Exptype
from jwgraph.names.expected import Promise, promise
from jwgraph.names.grammar import base, parse
from jwgraph.names.suffixes import extension, made_level, suffixes

A = "jw02733001001_02101_00001_nrca1"
L3 = "jw02733-o001_t001_nircam_clear-f090w"
TSO = "jw02733-o001_t001_niriss_clear-gr700xd-substrip256"


def member(expname: str, exptype: str) -> Member:
    return Member(base(expname), expname, exptype)


def of(asn_type: str | None, name: str, *files: str, others: tuple[Member, ...] = ()) -> Promise:
    """Return the promise of a product with these science members."""
    science = tuple(member(file, Exptype.SCIENCE) for file in files)
    product = AsnProduct(name, science + others)
    return promise(asn_type, product.name, product.science_suffixes)


def main_of(made: Promise) -> str:
    """Return the file that is expected of a promise, empty for a template."""
    return made.main.filename if made.main else ""


@pytest.mark.parametrize(
    ("asn_type", "name", "science", "main", "level", "suffixes"),
    [
        ("image2", A, f"{A}_rate.fits", "cal", "2b", "bsub bsubints cal calints i2d"),
        ("spec2", A, f"{A}_rate.fits", "cal", "2b", "bsub bsubints cal calints s2d s3d x1d x1dints"),
        ("tso-image2", A, f"{A}_rateints.fits", "calints", "2b", "bsub bsubints cal calints"),
        ("tso-spec2", A, f"{A}_rateints.fits", "calints", "2b", "bsub bsubints cal calints x1dints"),
        ("wfs-image2", A, f"{A}_rate.fits", "cal", "2b", "bsub bsubints cal calints i2d"),
        ("nrslamp-spec2", A, f"{A}_rate.fits", "cal", "2b", "cal calints s2d s3d x1d x1dints"),
        ("image3", L3, f"{A}_cal.fits", "i2d", "3", "i2d segm cat"),
        ("spec3", L3, f"{A}_cal.fits", "s2d", "3", "cal crf s2d s3d x1d c1d"),
        ("tso3", TSO, f"{A}_calints.fits", "x1dints", "3", "crfints x1dints whtlt phot"),
        ("coron3", L3, f"{A}_calints.fits", "i2d", "3", "i2d psfstack psfalign psfsub"),
        ("ami3", L3, f"{A}_calints.fits", "aminorm-oi", "3", "aminorm-oi ami-oi psf-ami-oi aminorm amiavg psf-amiavg"),
        ("wfs-image3", L3, f"{A}_cal.fits", "wfscmb", "3", "wfscmb"),
    ],
)
def test_each_type(asn_type: str, name: str, science: str, main: str, level: str, suffixes: str) -> None:
    made = of(asn_type, name, science)
    assert made == Promise(name, "02733", name, parse(f"{name}_{main}.fits"), level, tuple(suffixes.split()))


@pytest.mark.parametrize(
    ("asn_rule", "elements", "main"),
    [
        # jwst 3.0.0: MIRI's slitless spectra, whose names are those of its slit spectra.
        ("candidate_Asn_Lv3WFSSMIR", "miri_p750l", "x1d"),
        ("discover_Asn_Lv3WFSSMIR", "miri_p750l", "x1d"),
        ("candidate_Asn_Lv3SpectralTarget", "miri_p750l", "s2d"),
        (None, "miri_p750l", "s2d"),
        ("candidate_Asn_Lv3WFSSNIS", "niriss_f115w-gr150c", "x1d"),
        ("candidate_Asn_Lv3WFSSNRC", "nircam_f444w-grismr", "x1d"),
        ("candidate_Asn_Lv3SlitlessSpectral", "niriss_clear-gr700xd-substrip256", "x1d"),
    ],
)
def test_slitless_spectra_have_no_2d_spectrum(asn_rule: str | None, elements: str, main: str) -> None:
    name = f"jw09505-o001_t001_{elements}"
    assert main_of(promise("spec3", name, ("cal",), asn_rule)) == f"{name}_{main}.fits"


def test_hole_spectra_of_nircam_are_spectra() -> None:
    for elements in ("f322w2-gdhs0-sub164stripe4_dhs", "f150w2-gdhs60"):
        name = f"jw04453-o010_t001_nircam_{elements}"
        assert main_of(promise("tso3", name, ("calints",))) == f"{name}_x1dints.fits"


def test_rateints_make_calints() -> None:
    for asn_type in ("image2", "spec2", "wfs-image2", "nrslamp-spec2", "tso-image2", "tso-spec2", None):
        assert main_of(of(asn_type, A, f"{A}_rateints.fits")) == f"{A}_calints.fits"
        assert main_of(of(asn_type, A, f"{A}_rate.fits")) == f"{A}_cal.fits"


def test_only_science_members_tell() -> None:
    background = member(f"{A}_rateints.fits", Exptype.BACKGROUND)
    assert main_of(of("image2", A, f"{A}_rate.fits", others=(background,))) == f"{A}_cal.fits"
    assert main_of(of("image2", A, others=(background,))) == f"{A}_cal.fits"


def test_segments_are_datasets_of_their_own() -> None:
    segment = "jw01366002001_04101_00001-seg001_nrs1"
    assert main_of(of("tso-spec2", segment, f"{segment}_rateints.fits")) == f"{segment}_calints.fits"


def test_the_dataset_of_an_exposure_is_lower_case() -> None:
    made = of("image2", "jw01067454001_0210C_00001_nrca1", "jw01067454001_0210C_00001_nrca1_rate.fits")
    assert made.obs_id == "jw01067454001_0210c_00001_nrca1"
    assert main_of(made) == "jw01067454001_0210c_00001_nrca1_cal.fits"


def test_the_elements_separate_images_from_spectra() -> None:
    assert main_of(of("tso3", L3, f"{A}_calints.fits")) == f"{L3}_phot.ecsv"
    slitless = "jw02733-o001_t001_niriss_gr150c-f090w"
    assert main_of(of("spec3", slitless, f"{A}_cal.fits")) == f"{slitless}_x1d.fits"


def test_miri_channels_make_cubes() -> None:
    root = "jw00736-o039_t001_miri_ch1-long"
    assert main_of(of("spec3", root, "jw00736039001_02101_00001_mirifulong_cal.fits")) == f"{root}_s3d.fits"


@pytest.mark.parametrize(
    ("root", "elements", "others"),
    [
        ("jw00736-o039_t001_miri", "ch1-long", ("p750l", "ch5-long", "")),
        ("jw02729-o005_t001_nirspec", "g395h-f290lp", ("g395h_f290lp", "G395H-F290LP", "")),
    ],
)
def test_a_cube_adds_its_elements_to_the_name(root: str, elements: str, others: tuple[str, ...]) -> None:
    made = of("spec3", root, f"{A}_cal.fits")
    assert (made.obs_id, main_of(made), made.product_level) == ("", "", "3")
    assert re.fullmatch(made.pattern, f"{root}_{elements}")
    assert re.fullmatch(made.file_pattern, f"{root}_{elements}_s3d.fits")
    assert [other for other in others if re.fullmatch(made.pattern, f"{root}_{other}")] == []
    assert "s3d" in made.suffixes


def test_nothing_in_a_name_with_elements_reveals_an_ifu_of_nirspec() -> None:
    # Its cube counts as made, and until it is archived a rectified spectrum is expected.
    made = of("spec3", "jw02729-o005_t001_nirspec_g395h-f290lp", f"{A}_cal.fits")
    assert main_of(made) == "jw02729-o005_t001_nirspec_g395h-f290lp_s2d.fits"
    assert "s3d" in made.suffixes


@pytest.mark.parametrize(
    ("name", "asn_type", "obs_id", "file"),
    [
        (
            "jw90000-o001_{source_id}_nirspec_f290lp-g395h",
            "spec3",
            "jw90000-o001_s000000001_nirspec_f290lp-g395h",
            "jw90000-o001_s000000001_nirspec_f290lp-g395h_x1d.fits",
        ),
        (
            "jw00747-o017_t002_nircam_clear-f212n-nrca2_{suffix}-04",
            "wfs-image3",
            "jw00747-o017_t002_nircam_clear-f212n-nrca2",
            "jw00747-o017_t002_nircam_clear-f212n-nrca2_wfscmb-04.fits",
        ),
    ],
)
def test_templates_promise_no_file(name: str, asn_type: str, obs_id: str, file: str) -> None:
    made = of(asn_type, name, f"{A}_cal.fits")
    assert (made.product, made.obs_id, main_of(made), made.product_level) == (name, "", "", "3")
    assert re.fullmatch(made.pattern, obs_id)
    assert re.fullmatch(made.file_pattern, file)


@pytest.mark.parametrize("asn_type", ["image", "mosaic", "dither", "none", "user_built", "other2", "other3", None])
def test_other_types_go_by_the_name(asn_type: str | None) -> None:
    stage2 = of(asn_type, A, f"{A}_rate.fits")
    assert (main_of(stage2), stage2.product_level) == (f"{A}_cal.fits", "2b")
    stage3 = of(asn_type, L3, f"{A}_cal.fits")
    assert (main_of(stage3), stage3.product_level) == (f"{L3}_i2d.fits", "3")
    assert set(stage3.suffixes) >= {"i2d", "segm", "cat", "s2d", "s3d", "x1d"}


def test_old_product_names_end_in_fits() -> None:
    assert main_of(of("image3", f"{L3}.fits")) == f"{L3}_i2d.fits"
    made = of("mosaic", "jw96090_t001_nircam_f150w2_mosaic.fits")
    assert (made.obs_id, main_of(made)) == (
        "jw96090_t001_nircam_f150w2_mosaic",
        "jw96090_t001_nircam_f150w2_mosaic_i2d.fits",
    )


def test_plain_product_names() -> None:
    made = of("spec2", "test_lrs1", "./data/test_lrs1_rate.fits")
    assert (made.obs_id, main_of(made), made.product_level) == ("test_lrs1", "test_lrs1_cal.fits", "2b")


def test_what_is_made_is_in_the_table_of_suffixes() -> None:
    forms = {"2b": "exposure", "3": "stage3"}
    for asn_type, name in (("image2", A), ("spec2", A), ("image3", L3), ("spec3", L3), ("tso3", L3), ("ami3", L3)):
        made = of(asn_type, name)
        for suffix in made.suffixes:
            assert suffixes()[forms[made.product_level], suffix].product_level == made.product_level


def test_extensions() -> None:
    assert [extension(suffix) for suffix in ("cal", "cat", "phot", "whtlt", "nothing")] == [
        "fits",
        "ecsv",
        "ecsv",
        "ecsv",
        "fits",
    ]


def test_stages() -> None:
    assert made_level("image2", exposure=True) == "2b"
    assert made_level("coron3", exposure=False) == "3"
    assert made_level(None, exposure=True) == "2b"
    assert made_level(None, exposure=False) == "3"
