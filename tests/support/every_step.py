"""A few records that need every step of `cypher/derive`, in three loads, so that there is something to clear too."""

from __future__ import annotations

from jwgraph.model.records import HeaderRecord, ListRecord, ObservationRecord, PoolRow, ProductRecord, Record
from tests.support.builders import archived, asn

V0, V1, V2 = "20210710t161010", "20220710t161010", "20230710t161010"
POOL = f"jw02733_{V1}_pool.csv"

FIELD, ANOTHER, UNMADE, PAIRED, GIVEN = (f"jw02733-o00{n}_t001_nircam_clear-f090w" for n in range(1, 6))
INSTEAD = GIVEN.replace("t001", "t002")
CANDIDATE, DISCOVERED = (f"jw02733-{candidate}_t001_nircam_clear-f090w" for candidate in ("c1001", "a3001"))
GRISM = "jw02733-o011_t001_niriss_gr150c-f090w"
SOURCES, SOURCE = (f"jw02733-o012_{source}_nirspec_clear-prism" for source in ("{source_id}", "s00001"))
SEARCHED = "jw02733-o013_t001_nircam_clear-f090w"

A, B, DROPPED = (f"jw02733001001_0210{n}_00001_nrca1" for n in (1, 2, 3))
SKY, LATER, CHILD, PLANNED, POOLED = (f"jw0273300{n}001_02101_00001_nrca1" for n in range(2, 7))
# One whose complete product lists are known, at two times, with exposures under it.
LISTED, SOURCE_LISTED, KEPT, GONE, MOVED = (
    "jw02733-o014_t001_nircam_clear-f090w",
    "jw02733-o015_s00001_nirspec_clear-prism",
    *(f"jw02733014001_02101_0000{n}_nrca1" for n in (1, 2, 3)),
)
BEFORE, AFTER = 1_700_000_000_000, 1_700_000_000_001
OLD_POOL = f"jw02733_{V0}_pool.csv"
UNREAD_POOL = f"jw02733_{V2}_pool.csv"
ON_DISK, UNDER_ON_DISK = (f"jw02733014001_02101_0000{n}_nrca1" for n in (4, 5))

SPECTRUM, SLIT = "jw02733011001_02101_00001_nis", "jw02733012001_02101_00001_nrs1"

# Programs of which nothing is archived, and one whose Observation MAST gives as the parent of another program's.
UNSEEN, UNSEEN_MEMBER = "jw03333-o001_t001_nircam_clear-f090w", "jw03333001001_02101_00001_nrca1"
BORROWING, PARENT = "jw04444-o001_t001_nircam_clear-f090w", "jw01111-o001_t001_nircam_clear-f090w"


def name(candidate: str, kind: str, number: int, version: str = V1, program: str = "02733") -> str:
    return f"jw{program}-{candidate}_{version}_{kind}_{number:05d}_asn.json"


def image3(
    number: int, products: dict[str, dict[str, str]], *, version: str = V1, stamp: str = "", program: str = "02733"
) -> Record:
    """Return an association; its candidate is that of its first product, its file's time stamp that of its version."""
    candidate = next(iter(products)).split("_")[0].partition("-")[2]
    filename = name(candidate, "image3", number, stamp or version, program)
    return asn(filename, "image3", products, version_id=version, asn_id=candidate, program=program)


def of(*roots: str, suffix: str = "cal", role: str = "science") -> dict[str, str]:
    return {f"{root}_{suffix}.fits": role for root in roots}


def row(filename: str, obs_id: str, obsid: int, parent: int, **mast: str) -> ProductRecord:
    return ProductRecord(filename, obs_id, obsid, parent, mast=dict(mast))


def listed(filename: str, obs_id: str, obsid: int, at: int, asked: str = LISTED) -> ProductRecord:
    """Return a row of a complete product list."""
    parent = 14 if asked == LISTED else obsid
    return ProductRecord(filename, obs_id, obsid, parent, mast={}, listed_in=(asked, at))


def before() -> list[Record]:
    """Return the product lists of one Observation and of one of its exposures, and what else is known of them."""
    newer = name("o014", "image3", 2, V1)
    return [
        ListRecord(LISTED, BEFORE),
        ListRecord(MOVED, AFTER),
        ListRecord(FIELD, BEFORE),
        *(listed(f"{LISTED}_{suffix}", LISTED, 14, BEFORE) for suffix in ("i2d.fits", "cat.ecsv", "segm.fits")),
        *(listed(file, LISTED, 14, BEFORE) for file in (newer, OLD_POOL, UNREAD_POOL, name("o014", "image3", 3, V2))),
        *(listed(f"{KEPT}_{suffix}", KEPT, 15, BEFORE) for suffix in ("cal.fits", "rate.fits")),
        listed(f"{GONE}_cal.fits", GONE, 16, BEFORE),
        listed(f"{MOVED}_cal.fits", MOVED, 17, BEFORE),
        listed(f"{MOVED}_cal.fits", MOVED, 17, AFTER, MOVED),
        # Two owners, of which the lists of one no longer have it.
        listed("jw02733014001_gs-fg_2022159134729_cal.fits", GONE, 16, BEFORE),
        listed("jw02733014001_gs-fg_2022159134729_cal.fits", MOVED, 17, AFTER, MOVED),
        row(f"{GONE}_uncal.fits", GONE, 16, 16),
        row(f"{KEPT}_uncal.fits", KEPT, 15, 13),
        ObservationRecord(SEARCHED, 13, "02733", 3),
        # The older version is loaded, the newer one is not; the newest was withdrawn.
        image3(1, {LISTED: of(GONE, KEPT, A)}, version=V0),
        asn(
            name("o015", "spec3", 1, V0),
            "spec3",
            {SOURCES.replace("o012", "o015"): of(SLIT)},
            asn_id="o015",
            version_id=V0,
        ),
        row(name("o015", "spec3", 2, V1), SOURCE_LISTED, 18, 18),
        row(f"{SOURCE_LISTED}_x1d.fits", SOURCE_LISTED, 18, 18),
        image3(4, {LISTED.replace("o014", "o016"): of(GONE)}),
        # A newest version that a list on disk has, and that is withdrawn in the complete lists.
        row(name("o016", "image3", 9, V2), LISTED.replace("o014", "o016"), 21, 21),
        listed(name("o016", "image3", 9, V2), GONE, 16, BEFORE),
        listed(f"{MOVED}_rate.fits", GONE, 16, BEFORE),
        listed(f"{MOVED}_rate.fits", MOVED, 17, AFTER, MOVED),
        HeaderRecord(f"{MOVED}_rate.fits", "02733"),
        # Older versions that only headers name; a crf's own Observation is not a product of Stage 3.
        HeaderRecord(f"{LISTED}_s2d.fits", "02733", name("o014", "image3", 8, V0)),
        HeaderRecord(f"{KEPT}_crf.fits", "02733", name("o014", "image3", 8, V0)),
        # Of one owner of an older version the lists no longer have it.
        listed(name("o014", "image3", 6, V0), LISTED, 14, BEFORE),
        listed(name("o014", "image3", 6, V0), GONE, 16, BEFORE),
        row(f"{UNDER_ON_DISK}_uncal.fits", UNDER_ON_DISK, 20, 14),
        HeaderRecord(f"{ON_DISK}_cal.fits", "02733", name("o016", "image3", 4)),
        ProductRecord(f"{ON_DISK}_rate.fits", seen=True),
    ]


def after() -> list[Record]:
    """Return a later list, which lacks some of the files."""
    return [
        ListRecord(LISTED, AFTER),
        listed(f"{LISTED}_i2d.fits", LISTED, 14, AFTER),
        *(listed(name("o014", "image3", *old), LISTED, 14, AFTER) for old in ((2, V1), (7, V0), (6, V0))),
        listed(UNREAD_POOL, LISTED, 14, AFTER),
        *(listed(f"{KEPT}_{suffix}", KEPT, 15, AFTER) for suffix in ("cal.fits", "rate.fits")),
        listed(f"{SKY}_cal.fits", SKY, 19, AFTER),
    ]


SAME = name("o003", "image3", 4)


def first() -> list[Record]:
    """Return what is known at first."""
    return [
        *before(),
        image3(9, {FIELD: of(A, B)}),
        image3(8, {FIELD: of(DROPPED)}, version=V0),
        image3(3, {ANOTHER: of(A), UNMADE: of(SKY)}, version=V0),
        image3(4, {UNMADE: of(LATER)}),
        image3(5, {PAIRED: of(LATER, SKY)}),
        image3(6, {PAIRED: of(SKY)}),
        image3(7, {GIVEN: of(B)}, version=V0),
        image3(7, {GIVEN: of(A)}, stamp=V1),
        image3(2, {DISCOVERED: of(A, B)}),
        asn(
            name("o001", "image2", 1),
            "image2",
            {A: of(A, suffix="rate") | of(A) | of(SKY, suffix="rate", role="background")},
        ),
        asn(
            name("o011", "spec2", 1),
            "spec2",
            {SPECTRUM: of(SPECTRUM, suffix="rate") | {f"{FIELD}_cat.ecsv": "sourcecat"}},
        ),
        asn(
            name("o011", "spec3", 2),
            "spec3",
            {
                GRISM: of(SPECTRUM)
                | {f"{UNMADE}_cat.ecsv": "sourcecat", f"{SOURCE}_s2d.fits": "sourcecat", "mine.fits": "psf"}
            },
        ),
        asn(name("o012", "spec3", 3), "spec3", {SOURCES: of(SLIT)}),
        row(f"{FIELD}_i2d.fits", FIELD, 7, 7),
        row(f"{FIELD}_cat.ecsv", CHILD, 9, 7),
        row("jw02733004001_gs-fg_2022159134729_cal.fits", CHILD, 9, 7),
        row(f"{A}_uncal.fits", A, 8, 7),
        row(f"{SPECTRUM}_cal.fits", SPECTRUM, 10, 999),
        row(POOL, POOLED, 11, 11),
        *archived(
            *(f"{FIELD}_{suffix}" for suffix in ("segm.fits", "s2d.fits", "i2d.jpg")),
            *(f"{A}_{suffix}" for suffix in ("rate.fits", "cal.jpg")),
            *(f"{SKY}_{suffix}" for suffix in ("uncal.fits", "cal.fits")),
            *(f"{LATER}_{suffix}" for suffix in ("cal.jpg", "rate.jpg", "rate.fits.gz")),
            *(f"{SOURCE}_{suffix}" for suffix in ("x1d.fits", "calints.fits", "x1d.png")),
            f"{DROPPED}_cal.jpg",
            f"{B}_rate.fits",
            f"{ANOTHER}_cat.ecsv",
            SAME,
            "jw02733012001_01_msa.fits",
            "jw02733004001_01_msa.fits",
        ),
        PoolRow(POOL, f"{PLANNED}_uncal.fits", "02733"),
        ObservationRecord(SEARCHED, 12, "02733", 3),
        image3(1, {UNSEEN: of(UNSEEN_MEMBER)}, program="03333"),
        image3(1, {BORROWING: of(A)}, program="04444"),
    ]


def second() -> list[Record]:
    """Return what takes the place of some of it: later versions, other contents, files that come after all."""
    return [
        *after(),
        image3(1, {FIELD: of(A) | of(LATER, role="target_acquisition")}, version=V2),
        image3(2, {CANDIDATE: of(A) | of(LATER, role="target_acquisition")}, version=V2),
        image3(2, {ANOTHER: of(A)}),
        image3(7, {INSTEAD: of(A)}, version=V2, stamp=V1),
        row(f"{FIELD}_segm.fits", FIELD, 7, 7, prvversion="1.13.3", productType="PREVIEW"),
        *archived(f"{SKY}_rate.fits", f"{LATER}_rate.fits", f"{LATER}_cal.fits"),
    ]


def third() -> list[Record]:
    """Return the Observation that MAST gave as a parent, of a program that nothing else is known of."""
    return [row(f"{PARENT}_i2d.fits", PARENT, 999, 999)]
