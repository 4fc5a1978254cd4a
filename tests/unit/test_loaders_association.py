"""What an association file is read to, by example."""

from __future__ import annotations

import hashlib
import json

import pytest

from jwgraph.model.records import AsnProduct, AssociationRecord, Member, Problem
from jwgraph_loaders.association import LOADER
from jwgraph_loaders.base import Source

NAME = "jw02733-o001_20240601t000000_image3_00001_asn.json"
SCIENCE = {"expname": "jw02733001001_02101_00001_nrca1_cal.fits", "exptype": "science"}


def asn(**changes: object) -> dict[str, object]:
    document: dict[str, object] = {
        "asn_type": "image3",
        "asn_rule": "candidate_Asn_Lv3Image",
        "version_id": "20240601t000000",
        "code_version": "1.14.0",
        "degraded_status": "No known degraded exposures in association.",
        "program": "02733",
        "asn_id": "o001",
        "target": "t001",
        "asn_pool": "jw02733_20240601t000000_pool.csv",
        "products": [{"name": "jw02733-o001_t001_nircam_clear-f090w", "members": [SCIENCE]}],
    }
    document.update(changes)
    return {key: value for key, value in document.items() if value is not ...}


def read(document: object, name: str = NAME) -> tuple[AssociationRecord | None, list[Problem]]:
    text = document if isinstance(document, str) else json.dumps(document)
    source = Source.from_bytes(name, text.encode())
    found = list(LOADER.read(source))
    records = [item for item in found if isinstance(item, AssociationRecord)]
    return (records[0] if records else None), [item for item in found if isinstance(item, Problem)]


def loaded(document: object) -> AssociationRecord:
    record, _ = read(document)
    assert record is not None
    return record


def reasons(document: object, severity: str = "rejected") -> list[str]:
    return [problem.reason for problem in read(document)[1] if problem.severity == severity]


def products(*members: object, name: object = "root") -> list[object]:
    return [{"name": name, "members": list(members)}]


def test_an_association_is_read_whole() -> None:
    record, problems = read(asn())
    canonical = json.dumps(asn(), sort_keys=True, separators=(",", ":"))
    assert problems == []
    assert record == AssociationRecord(
        filename=NAME,
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
        asn_type="image3",
        asn_rule="candidate_Asn_Lv3Image",
        asn_id="o001",
        version_id="20240601t000000",
        code_version="1.14.0",
        degraded_status="No known degraded exposures in association.",
        program="02733",
        target="t001",
        asn_pool="jw02733_20240601t000000_pool.csv",
        products=(
            AsnProduct(
                "jw02733-o001_t001_nircam_clear-f090w",
                (Member(SCIENCE["expname"], SCIENCE["expname"], "science"),),
            ),
        ),
    )


def test_white_space_and_the_order_of_keys_do_not_change_the_digest() -> None:
    turned = json.dumps(dict(reversed(asn().items())), indent=4)
    assert loaded(turned).sha256 == loaded(asn()).sha256


def test_any_other_content_changes_the_digest() -> None:
    assert loaded(asn(target="t002")).sha256 != loaded(asn()).sha256


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (
            {"expname": "calibrated/jw1_cal.fits", "exptype": "science"},
            Member("jw1_cal.fits", "calibrated/jw1_cal.fits", "science"),
        ),
        (
            {"expname": "jw93060001001_01101_00001_MIRIM_image", "exptype": "SCIENCE"},
            Member("jw93060001001_01101_00001_MIRIM_image", "jw93060001001_01101_00001_MIRIM_image", "science"),
        ),
        (
            {
                "expname": "a.fits",
                "exptype": "psf",
                "exposerr": "null",
                "asn_candidate": "[('o001', 'observation')]",
            },
            Member("a.fits", "a.fits", "psf", None, "[('o001', 'observation')]"),
        ),
        (
            {"expname": "a.fits", "exptype": "science", "exposerr": "unsuccessful", "asn_candidate_id": 100},
            Member("a.fits", "a.fits", "science", "unsuccessful", "100"),
        ),
        (
            {"expname": "a.fits", "exptype": "science", "exposerr": "NULL"},
            Member("a.fits", "a.fits", "science"),
        ),
    ],
)
def test_members_as_the_archive_and_old_files_have_them(member: dict[str, object], expected: Member) -> None:
    assert loaded(asn(products=products(member))).products[0].members == (expected,)


def test_the_order_of_products_and_members_is_kept() -> None:
    names = ["z.fits", "a.fits", "m.fits"]
    members = [{"expname": name, "exptype": "science"} for name in names]
    record = loaded(asn(products=[*products(*members, name="b"), *products(*members, name="a")]))
    assert [product.name for product in record.products] == ["b", "a"]
    assert [member.filename for member in record.products[0].members] == names


def test_the_name_of_a_product_may_be_a_template() -> None:
    record = loaded(asn(products=products(SCIENCE, name="jw1-o001_{source_id}_nirspec_f100lp-g140h")))
    assert record.products[0].name == "jw1-o001_{source_id}_nirspec_f100lp-g140h"


@pytest.mark.parametrize(
    ("written", "pool"),
    [
        ("jw96090_20160406T233447_pool", "jw96090_20160406T233447_pool.csv"),
        ("jw96090_20160406T233447_pool.csv", "jw96090_20160406T233447_pool.csv"),
        ("none", None),
        ("n_a", None),
        ("pool", None),
        (None, None),
        (..., None),
    ],
)
def test_pools_with_and_without_their_extension(written: object, pool: str | None) -> None:
    assert loaded(asn(asn_pool=written)).asn_pool == pool


@pytest.mark.parametrize("null", [None, "None", "none", "null", '"null"', "NULL", "n_a", "N/A", "", ...])
def test_every_spelling_of_null(null: object) -> None:
    record = loaded(asn(asn_type=null, version_id=null, target=null))
    assert (record.asn_type, record.version_id, record.target) == (None, None, None)


def test_targname_is_the_old_name_of_target() -> None:
    assert loaded(asn(target=..., targname="NGC-3603")).target == "NGC-3603"


@pytest.mark.parametrize(
    ("written", "program"),
    [("02733", "02733"), ("2733", "02733"), (2733, "02733"), ("noprogram", ""), ("n_a", ""), (..., "")],
)
def test_programs_have_five_digits(written: object, program: str) -> None:
    assert loaded(asn(program=written)).program == program


def test_an_unknown_exptype_is_kept_and_reported() -> None:
    document = asn(products=products({"expname": "a.fits", "exptype": "Hologram"}))
    assert loaded(document).products[0].members[0].exptype == "hologram"
    assert reasons(document, "warning") == [
        "member 1 of product 1 (root) has an exptype that is not in the vocabulary: 'hologram'"
    ]


def test_a_pool_that_is_no_file_name_is_left_out_and_reported() -> None:
    document = asn(asn_pool="../..")
    assert loaded(document).asn_pool is None
    assert reasons(document, "warning") == ["asn_pool is not a file name; it is left out"]


def test_a_key_that_occurs_twice_is_reported() -> None:
    text = json.dumps(asn()).replace("{", '{"asn_id": "o999", ', 1)
    assert loaded(text).asn_id == "o001"
    assert reasons(text, "warning") == ["the key 'asn_id' occurs twice in one object; the last one counts"]


def test_a_product_name_that_occurs_twice_is_reported() -> None:
    document = asn(products=[*products(SCIENCE), *products(SCIENCE)])
    assert reasons(document, "warning") == ["the product name 'root' occurs 2 times"]


def test_good_members_are_loaded_without_the_bad_ones() -> None:
    document = asn(products=products("x", {"exptype": "science"}, {"expname": "a.fits"}, SCIENCE))
    assert [member.expname for member in loaded(document).products[0].members] == [SCIENCE["expname"]]
    assert reasons(document) == [
        "member 1 of product 1 (root) is not an object",
        "member 2 of product 1 (root) has no expname: there is no `expname`",
        "member 3 of product 1 (root) has no exptype",
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (asn(products=...), "the association has no products: there is no `products`"),
        (asn(products=[]), "the association has no products: `products` is empty"),
        (asn(products=1), "the association has no products: `products` is of type int"),
        (asn(products=[1]), "product 1 is not an object"),
        (asn(products=[{"members": [SCIENCE]}]), "product 1 has a name that cannot be kept: it is empty"),
        (asn(products=[{"name": "root"}]), "product 1 (root) has no members: there is no `members`"),
        (asn(products=products()), "product 1 (root) has no members: `members` is empty"),
        (
            asn(products=[{"name": "root", "members": {"a": 1}}]),
            "product 1 (root) has no members: `members` is of type dict",
        ),
        (
            asn(products=products({"expname": "a\x1b[2J.fits", "exptype": "science"})),
            "member 1 of product 1 (root) has an expname that cannot be kept: it holds a character that does not print",
        ),
        (
            asn(products=products({"expname": "../..", "exptype": "science"})),
            "member 1 of product 1 (root) has an expname that cannot be kept: it names a directory",
        ),
        (
            asn(products=products({"expname": "x" * 256, "exptype": "science"})),
            "member 1 of product 1 (root) has an expname that cannot be kept: it is longer than 255 bytes",
        ),
        (
            asn(products=products({"expname": "", "exptype": "science"})),
            "member 1 of product 1 (root) has no expname: `expname` is empty",
        ),
        ("[1]", "it is JSON, but not an object with products"),
        (
            '{"asn_type": "x",\n  "products": [',
            "the JSON is broken at line 2, column 16: Expecting value",
        ),
        ('{"asn_type": NaN}', "the JSON cannot be read: NaN is not JSON"),
        ('{"asn_type": ' + "[" * 100_000, "the JSON is nested too deeply"),
        (
            asn(target="\ud800"),
            "it is nested too deeply, or holds half of a surrogate pair, which is not text",
        ),
    ],
)
def test_what_cannot_be_read_is_rejected_with_a_sentence(document: object, reason: str) -> None:
    record, problems = read(document)
    assert record is None
    assert problems[0] == Problem(NAME, problems[0].line, reason, text=problems[0].text)
    assert problems[0].text.isprintable()


def test_a_number_of_ten_thousand_digits_is_rejected() -> None:
    (reason,) = reasons('{"asn_type": ' + "9" * 10_000 + "}")
    assert reason.startswith("the JSON cannot be read: Exceeds the limit")


def test_a_file_that_is_too_large_is_rejected() -> None:
    (reason,) = reasons('{"asn_type": "' + "x" * (64 << 20) + '"}')
    assert reason == "it is larger than 64 MiB, the most that is read at once"


def test_text_that_is_not_utf_8_is_rejected_by_line() -> None:
    source = Source.from_bytes(NAME, b'{"asn_type":\n"\xff"}')
    assert list(LOADER.read(source)) == [Problem(NAME, 2, "it is not UTF-8 text")]


def test_an_association_needs_its_file_name() -> None:
    _, (problem,) = read(asn(), name="")
    assert problem.reason == "an association is known by its file name, and it is empty"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (json.dumps(asn()), True),
        ("\ufeff" + json.dumps(asn(), indent=1), True),
        ('{"asn_type": "image3"', True),
        ('{"status": "COMPLETE", "data": [{"productFilename": "a.fits"}]}', False),
        ('{"products": [{"filename": "a.fits", "uri": "mast:JWST/product/a.fits"}]}', False),
        ("[]", False),
        ("asn_type", False),
    ],
)
def test_an_association_is_recognised_by_its_keys(head: str, expected: bool) -> None:
    assert LOADER.detect(Source.from_bytes("x", head.encode())) is expected
