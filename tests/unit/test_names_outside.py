"""Names at the edge of the grammar: what is refused, plain, without optical elements, or a template."""

from __future__ import annotations

import re

import pytest

from jwgraph.names.grammar import parse, parse_root, template_patterns
from jwgraph_loaders.write.rows import named_observation

EXPOSURE = "jw02733001001_02101_00001_nrca1"
IMAGE = "jw02733-o001_t001_nircam_clear-f090w"
WFS = "jw00747-o017_t002_nircam_f212n-wlm8-nrca2"


@pytest.mark.parametrize(
    ("filename", "form", "obs_id", "reason"),
    [
        (
            "jw02733001001_02101_00001_nrca1_cal",
            "plain",
            "jw02733001001_02101_00001_nrca1",
            "this one has no extension",
        ),
        ("jw99009-o008_t003_miri_s3d.fits", "plain", "jw99009-o008_t003_miri", "it has no optical elements"),
        ("jw02733-o001_20220710t161010_image3_00001_asn.fits", "", "", "names in asn end in .json"),
        ("jw02733-o001_20220710t161010_image3_00001_asn.jpg", "", "", "names in asn end in .json"),
        ("jw02733-o001__nircam_clear_i2d.fits", "plain", "jw02733-o001__nircam_clear", "follows no form of one"),
        ("notes_cal.txt", "", "", "begin with jw and five digits"),
        ("é" * 128 + "_cal.fits", "", "", "it is longer than 255 bytes"),
        ("..", "", "", "it names a directory"),
    ],
)
def test_a_refused_name_is_plain_where_it_gives_a_dataset(filename: str, form: str, obs_id: str, reason: str) -> None:
    name = parse(filename)
    assert (name.recognised, name.form, name.obs_id) == (False, form, obs_id)
    assert reason in name.reason


def test_a_file_of_an_integral_field_unit_named_after_its_association_says_what_it_is() -> None:
    name = parse("jw99009-o008_t003_miri_s3d.fits")
    assert (name.suffix, name.product_level, name.calib_level, name.productType) == ("s3d", "3", 3, "SCIENCE")
    assert parse("jw99009-o008_t003_miri_s3d.jpg").productType == "PREVIEW"


def test_a_name_outside_the_grammar_gives_its_type_where_the_suffix_does() -> None:
    assert parse("my_mosaic_i2d.fits").productType == "SCIENCE"
    assert parse("my_mosaic_i2d.png").productType == "PREVIEW"


def test_a_root_without_optical_elements_stands_for_its_cubes() -> None:
    root = parse_root("jw00736-o039_t001_miri")
    assert (root.form, root.obs_id, root.elements) == ("stage3", "jw00736-o039_t001_miri", ())
    pattern, file_pattern = template_patterns("jw00736-o039_t001_miri")
    assert re.fullmatch(pattern, "jw00736-o039_t001_miri_ch1-long")
    assert re.fullmatch(file_pattern, "jw00736-o039_t001_miri_ch1-long_s3d.fits")
    assert re.fullmatch(pattern, "jw00736-o039_t001_miri")
    assert re.fullmatch(file_pattern, "jw00736-o039_t001_miri_s3d.fits")
    for other in ("jw00736-o039_t001_nirspec_g395h", "jw00736-o039_t001_miri_ch1_long"):
        assert not re.fullmatch(pattern, other)


def test_placeholders_side_by_side_are_quick_to_find_wanting() -> None:
    obs_id, _ = template_patterns("jw02733-o001_t001_nirspec_" + "{slit_name}" * 12)
    assert re.fullmatch(obs_id, "jw02733-o001_t001_nirspec_" + "a" * 60 + "!") is None


def test_a_member_without_its_extension_still_gives_its_suffix() -> None:
    name = parse("jw02733001001_02101_00001_nrca1_rateints")
    assert (name.recognised, name.suffix, name.product_level) == (False, "rateints", "2a")


def test_a_file_name_with_braces_has_a_dataset_of_its_own() -> None:
    assert named_observation(parse("{a}_rate.fits").obs_id)["obs_id"] == "{a}"
