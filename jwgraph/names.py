"""PLACEHOLDER by the lead, so that the writer can be tried; the names work overwrites this file whole."""
import re
from dataclasses import dataclass
EXT = r"\.(?P<ext>fits|fits\.gz|json|csv|jpg|png|ecsv|fit)$"
EXP = re.compile(r"^(?P<root>jw(?P<prog>\d{5})\d{3}\d{3}_\d{2}\d[0-9a-z]{2}_\d{5}(?:-seg\d{3})?_(?P<det>[a-z0-9]+))(?:_(?P<cand>[oca]\d{3,4}))?_(?P<suf>[a-z0-9-]+)(?P<thumb>_thumb)?" + EXT, re.I)
L3 = re.compile(r"^(?P<root>jw(?P<prog>\d{5})-(?P<cand>[oca]\d{3,4})_.+)_(?P<suf>[a-z0-9]+)(?:-\d\d)?(?P<thumb>_thumb)?" + EXT)
GS = re.compile(r"^jw(?P<prog>\d{5})\d{6}_gs-.*" + EXT)
MSA = re.compile(r"^jw(?P<prog>\d{5})\d{6}_\d+_msa\.fits$")
ASN = re.compile(r"^jw(?P<prog>\d{5})-(?P<cand>[oca]\d{3,4})_(?P<stamp>\d{8}t\d{6})_(?P<type>[a-z0-9-]+)_\d{3,5}_asn\.json$", re.I)
POOL = re.compile(r"^jw(?P<prog>\d{5})_.*_pool\.csv$")
ST = dict(uncal="1b", rate="2a", rateints="2a", cal="2b", calints="2b", i2d="2b", s2d="2b", x1d="2b", s3d="2b", crf="2c", crfints="2c", x1dints="2b")
KNOWN = set(ST) | {"cat","segm","c1d","whtlt","phot","wfscmb","psfstack"}
@dataclass(frozen=True)
class Name:
    filename: str
    form: str = ""
    dataset: str = ""
    suffix: str = ""
    stage: str = ""
    calib_level: int | None = None
    productType: str = ""
    program: str = ""
    candidate: str = ""
    visit_id: str = ""
    previews: str = ""
    asn_type: str = ""
    version_id: str = ""
    recognised: bool = True
    detector: str = ""
    unit: str = ""
    reason: str = ""
def parse(filename):
    f = filename
    if m := ASN.match(f):
        t = m["type"].lower()
        return Name(f, "association", suffix="asn", calib_level=3 if t[-1] == "3" else 2, productType="INFO", program=m["prog"], candidate=m["cand"], asn_type=t, version_id=m["stamp"])
    if m := POOL.match(f):
        return Name(f, "pool", suffix="pool", productType="INFO", program=m["prog"])
    if m := GS.match(f):
        return Name(f, "guide_star", productType="AUXILIARY", program=m["prog"], visit_id=f[:13])
    if m := MSA.match(f):
        return Name(f, "msa", productType="AUXILIARY", program=m["prog"], visit_id=f[:13], suffix="msa")
    for form, rx in (("exposure", EXP), ("stage3", L3)):
        if m := rx.match(f):
            suf = m["suf"]
            pv = m["ext"] in ("jpg", "png")
            st = "3" if form == "stage3" else ST.get(suf, "")
            return Name(f, form, m["root"].lower(), suf, st, 3 if form == "stage3" else 1 if suf == "uncal" else 2, "PREVIEW" if pv else "AUXILIARY" if suf == "segm" else "SCIENCE", m["prog"], m["cand"] or "", previews=f"{m['root']}_{suf}" if pv else "", visit_id=f[:13])
    stem = f.split(".")[0]
    if "_" in stem and stem.rsplit("_", 1)[1] in KNOWN:
        a, b = stem.rsplit("_", 1)
        return Name(f, "plain", a, b, recognised=False)
    return Name(f, recognised=False)
@dataclass(frozen=True)
class Root:
    form: str; dataset: str; program: str = ""; visit_id: str = ""; detector: str = ""; unit: str = ""
def parse_root(name):
    if m := re.match(r"^jw(\d{5})\d{6}_[0-9a-z]{5}_\d{5}(?:-seg\d{3})?_([a-z0-9]+)$", name, re.I):
        return Root("exposure", name.lower(), m[1], name[:13], m[2].lower(), "exposure")
    if m := re.match(r"^jw(\d{5})-[oca]\d{3,4}_", name):
        return Root("stage3", name.lower(), m[1], unit="source" if re.search(r"_s\d{9}_", name) else "target")
    return Root("", name)
def template_regex(name):
    return re.compile("".join("[a-z0-9]+(?:-[a-z0-9]+)*" if p.startswith("{") else re.escape(p) for p in re.split(r"(\{[a-z_]+\})", re.sub(r"_\{suffix\}.*", "", name))))
def explain(f):
    return {}
