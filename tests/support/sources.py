"""Two small sources: an association, and what MAST lists of its product and its member."""

from __future__ import annotations

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A = "jw02733001001_02101_00001_nrca1"
ASN = "jw02733-o001_20220710t161010_image3_00001_asn.json"
ASSOCIATION = {
    "asn_type": "image3",
    "asn_rule": "candidate_Asn_Lv3Image",
    "version_id": "20220710t161010",
    "program": "02733",
    "asn_id": "o001",
    "asn_pool": "jw02733_20220710t161010_pool.csv",
    "products": [{"name": L3, "members": [{"expname": f"{A}_cal.fits", "exptype": "science"}]}],
}
LIST = f"""\
obsID,obs_id,productFilename,dataURI,productType,productGroupDescription,size,parent_obsid,calib_level
11,{L3},{L3}_i2d.fits,mast:JWST/product/{L3}_i2d.fits,SCIENCE,Minimum Recommended Products,100,11,3
11,{L3},{L3}_i2d.jpg,mast:JWST/product/{L3}_i2d.jpg,PREVIEW,,10,11,3
12,{A},{A}_uncal.fits,mast:JWST/product/{A}_uncal.fits,SCIENCE,,50,11,1
12,{A},{A}_cal.fits,mast:JWST/product/{A}_cal.fits,SCIENCE,,70,11,2
"""
# A question about them.
SMALL = "MATCH (o:Observation) RETURN o.obs_id AS obs_id ORDER BY obs_id"
