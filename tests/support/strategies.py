"""Random records of every kind, about a few files, so that they meet: what the property tests load."""

from __future__ import annotations

from hypothesis import strategies as st

from jwgraph.model.records import (
    AssociationRecord,
    EngineeringRecord,
    HeaderRecord,
    LinkRecord,
    ListRecord,
    ObservationRecord,
    PoolRow,
    ProductRecord,
    ReferenceRecord,
)
from tests.support.builders import asn

LEVEL3 = ["jw02733-o001_t001_nircam_clear-f090w", "jw02733-o002_t001_nircam_clear-f090w", "my_mosaic"]
EXPOSURES = [f"jw0273300{o}001_02101_0000{n}_nrca1" for o in (1, 2) for n in (1, 2)] + ["jw_00007"]
ABROAD = "jw01111001001_02101_00001_nrca1"
SLIT = "jw02733001001_03101_00001_nrs1"
SOURCE = "jw02733-o001_s00001_nirspec_clear-prism"
SUFFIXES = ["uncal.fits", "rate.fits", "cal.fits", "cal.jpg", "i2d.fits"]
OTHERS = [
    "jw02733001001_gs-fg_2022159134729_cal.fits",
    "jw02733_20220710t161010_pool.csv",
    "jw02733-o001_20220710t161010_image3_00001_asn.json",
    "jw02733-o001_20240710t161010_image3_00002_asn.json",
    "jw02733-o001_20240710t161010_spec3_00002_asn.json",
    "notes.txt",
]
files = st.sampled_from(
    [f"{root}_{suffix}" for root in (*LEVEL3, *EXPOSURES, ABROAD) for suffix in SUFFIXES]
    + [f"{root}_{suffix}" for root in (SLIT, SOURCE) for suffix in ("cal.fits", "x1d.fits")]
    + [f"{LEVEL3[0]}_cat.ecsv", f"{LEVEL3[1]}_segm.fits", *OTHERS]
)
times = st.integers(1_700_000_000_000, 1_700_000_000_003)
numbers = {obs_id: 100 + n for n, obs_id in enumerate((*LEVEL3[:2], *EXPOSURES[:4], ABROAD))}


@st.composite
def product_rows(draw: st.DrawFn) -> ProductRecord:
    """A name of a list, or a row of MAST's: the same file may be owned by several and be processed anew."""
    filename = draw(files)
    if draw(st.booleans()):
        return ProductRecord(filename, seen=draw(st.booleans()))
    obs_id = draw(st.sampled_from(sorted(numbers)))
    parent = draw(st.sampled_from([None, numbers[obs_id], numbers[LEVEL3[0]], numbers[LEVEL3[1]], 999]))
    mast: dict[str, str | int | None] = {
        "dataURI": f"mast:JWST/product/{filename}",
        "size": draw(st.sampled_from([None, 1, 2])),
        "productType": draw(st.sampled_from([None, None, "SCIENCE", "PREVIEW", "INFO"])),
        "prvversion": draw(st.sampled_from([None, "1.9.2", "1.13.3"])),
        "dataRights": draw(st.sampled_from([None, "EXCLUSIVE_ACCESS", "PUBLIC"])),
    }
    asked = st.sampled_from([obs_id, *LEVEL3[:2], ABROAD])
    return ProductRecord(
        filename,
        obs_id=obs_id,
        obsid=numbers[obs_id],
        parent_obsid=parent,
        calib_level=draw(st.sampled_from([None, 1, 2, 3])),
        mrp=draw(st.sampled_from([None, True, False])),
        mast=mast,
        listed_in=draw(st.none() | st.tuples(asked, times)),
    )


@st.composite
def associations(draw: st.DrawFn) -> AssociationRecord:
    """Associations of both levels, some with one name and two contents, some superseded, some templates."""
    level3 = draw(st.booleans())
    roots = [*LEVEL3, "jw02733-o001_{source_id}_nirspec_clear-prism"] if level3 else [*EXPOSURES, SLIT]
    roles = ["science", "background", "target_acquisition", "sourcecat", "unheard_of"]
    members = st.dictionaries(files, st.sampled_from(roles), min_size=1, max_size=4)
    number = draw(st.integers(1, 3))
    version = draw(st.sampled_from(["20220710t161010", "20230710T161010"]))
    asn_type = draw(st.sampled_from(["image3", "spec3"] if level3 else ["image2", "spec2"]))
    asn_id = draw(st.sampled_from(["o001", "c1001", "a3001"]))
    return asn(
        f"jw02733-{asn_id}_20220710t161010_{asn_type}_{number:05d}_asn.json",
        asn_type,
        draw(st.dictionaries(st.sampled_from(roots), members, min_size=1, max_size=2)),
        version_id=version,
        asn_id=asn_id,
        program=draw(st.sampled_from(["02733", ""])),
    )


complete_lists = st.builds(ListRecord, st.sampled_from(sorted(numbers)), times)
references = st.builds(
    ReferenceRecord,
    files,
    st.sampled_from(["R_FLAT", "R_DARK"]),
    st.sampled_from(["crds://a.fits", "crds://b.fits"]),
    st.sampled_from([None, "jwst_0001.pmap", "jwst_0002.pmap"]),
)
engineering = st.builds(
    EngineeringRecord, st.sampled_from(["A", "B"]), st.just(1.0), st.just(2.0), st.sampled_from([None, "x", "y"])
)
pools = st.sampled_from(["jw02733_20220710t161010_pool.csv", "jw02733_20230710t161010_pool.csv"])
plans = st.builds(
    PoolRow,
    pools,
    st.sampled_from([f"{root}_uncal.fits" for root in EXPOSURES]),
    st.sampled_from(["02733", ""]),
    st.sampled_from([(), ("o001",), ("c1001", "o001")]),
    st.fixed_dictionaries({"exp_type": st.sampled_from(["NRC_IMAGE", "NRC_DARK"])}),
)
headers = st.builds(
    HeaderRecord,
    files,
    seen=st.booleans(),
    program=st.just("02733"),
    asntable=st.sampled_from(
        [
            None,
            OTHERS[2],
            "my_asn.json",
            "jw02733-o001_20220710t161010_image2_00001_asn.json",
            "jw02734-o001_20220710t161010_tso3_001_asn.json",
        ]
    ),
    asnpool=st.none() | pools,
    msametfl=st.sampled_from([None, "jw02733001001_01_msa.fits"]),
    references=st.sampled_from(
        [(), (("R_DARK", "crds://a.fits"),), (("R_DARK", "crds://c.fits"), ("R_FLAT", "crds://b.fits"))]
    ),
    t_min=st.just(1.0),
    t_max=st.just(2.0),
    cards=st.fixed_dictionaries(
        {}, optional={"cal_ver": st.sampled_from(["1.9.2", "1.13.3"]), "crds_ctx": st.just("jwst_0916.pmap")}
    ),
)
searches = st.builds(
    ObservationRecord,
    st.sampled_from([*LEVEL3[:2], EXPOSURES[0], "jw02733001001_xx101_00001_nircam"]),
    obsid=st.sampled_from([None, 100, 999]),
    program=st.just("02733"),
    calib_level=st.sampled_from([None, -1, 2, 3]),
    t_min=st.sampled_from([None, 59800.5]),
    mast=st.fixed_dictionaries({}, optional={"dataRights": st.sampled_from(["PUBLIC", "EXCLUSIVE_ACCESS"])}),
)
links = st.builds(
    LinkRecord,
    st.sampled_from(["hst_preimage_i2d.fits", "chart.pdf", f"{EXPOSURES[0]}_i2d.fits"]),
    st.sampled_from([LEVEL3[0], f"{LEVEL3[0]}_i2d.fits", "elsewhere"]),
    st.sampled_from(["pre_image", "finding_chart"]),
)
one_record = (
    product_rows() | associations() | references | engineering | plans | headers | searches | links | complete_lists
)
records = st.lists(one_record, min_size=1, max_size=14)
many_records = st.lists(one_record, min_size=12, max_size=40)
