"""A small graph with something of everything: what the golden results are of."""

from __future__ import annotations

from jwgraph.model.records import (
    EngineeringRecord,
    HeaderRecord,
    LinkRecord,
    ObservationRecord,
    PoolRow,
    ProductRecord,
    Record,
    ReferenceRecord,
)
from tests.support.builders import archived, asn

L3 = "jw02733-o001_t001_nircam_clear-f090w"
PROMISED = "jw02733-o002_t001_nircam_clear-f090w"
A, B, C = (f"jw0273300{visit}001_02101_0000{n}_nrca1" for visit, n in ((1, 1), (1, 2), (2, 1)))
OLD = "jw02733-o001_20220710t161010_image3_001_asn.json"
NEW = "jw02733-o001_20230710t161010_image3_00001_asn.json"
OTHER = "jw02733-o002_20230710t161010_image3_00002_asn.json"
ASN2 = "jw02733-o001_20230710t161010_image2_00001_asn.json"
POOL = "jw02733_20220710t161010_pool.csv"
FLAT = "crds://jwst_nircam_flat_0313.fits"


def records() -> list[Record]:
    mast: dict[str, str | int | None] = {
        "dataURI": f"mast:JWST/product/{L3}_i2d.fits",
        "size": 100,
        "productType": "SCIENCE",
        "prvversion": "1.13.3",
    }
    cards = {"cal_ver": "1.13.3", "crds_ctx": "jwst_1100.pmap", "exp_type": "NRC_IMAGE", "category": "GO"}
    return [
        asn(OLD, "image3", {L3: {f"{A}_cal.fits": "science", f"{B}_cal.fits": "science"}}),
        asn(NEW, "image3", {L3: {f"{A}_cal.fits": "science"}}, version_id="20230710t161010"),
        asn(OTHER, "image3", {PROMISED: {f"{C}_cal.fits": "science", f"{B}_cal.fits": "background"}}, asn_id="o002"),
        asn(ASN2, "image2", {A: {f"{A}_rate.fits": "science"}}, version_id="20230710t161010"),
        ProductRecord(f"{L3}_i2d.fits", L3, 7, 7, 3, True, dict(mast)),
        ProductRecord(f"{L3}_segm.fits", L3, 7, 7, 3, False, {"productType": "AUXILIARY"}),
        ProductRecord(f"{A}_uncal.fits", A, 8, 7, 1, None, {}),
        HeaderRecord(
            f"{A}_cal.fits",
            "02733",
            ASN2,
            POOL,
            references=(("R_FLAT", FLAT),),
            t_min=59737.0,
            t_max=59737.1,
            cards=cards,
        ),
        HeaderRecord(f"{L3}_i2d.fits", "02733", OLD, POOL, cards={"cal_ver": "1.9.2"}),
        ReferenceRecord(f"{B}_rate.fits", "R_DARK", "crds://jwst_nircam_dark_0333.fits", "jwst_1000.pmap"),
        EngineeringRecord("SA_ZFGOUTFOV", 59736.5, 59737.05, "mast:jwstedb/SA_ZFGOUTFOV.csv"),
        PoolRow(POOL, f"{C}_uncal.fits", "02733", ("o002",), {"exp_type": "NRC_IMAGE", "obs_num": "2", "visit": "1"}),
        ObservationRecord("jw02733002001_xx101_00001_nircam", 99, "02733", -1),
        LinkRecord("hst_preimage.fits", L3, "pre_image"),
        *archived(f"{A}_rate.fits", f"{B}_cal.fits", f"{L3}_i2d.jpg", "jw02733001001_gs-fg_2022159134729_cal.fits"),
    ]
