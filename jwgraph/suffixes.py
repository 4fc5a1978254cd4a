"""PLACEHOLDER by the lead; overwritten by the names work."""
def extension(s): return "ecsv" if s == "cat" else "fits"
def made_stage(t, name): return "3" if (t or "").endswith("3") or "-o" in name or "{" in name else "2b"
def made_suffixes(t, name, science):
    t = t or ""
    if t.endswith("image3"): return "i2d", ("i2d", "segm", "cat", "wfscmb")
    if made_stage(t, name) == "3": return ("s2d", ("s2d", "s3d", "x1d", "c1d", "crf", "cal", "i2d"))
    return ("calints" if "rateints" in science else "cal", ("cal", "calints", "i2d", "s2d", "x1d"))
def made_from():
    e = {"rate": ["uncal"], "rateints": ["uncal"], "cal": ["rate", "uncal"], "calints": ["rateints", "uncal"], "i2d": ["cal"], "s2d": ["cal"], "x1d": ["s2d", "cal"], "crf": ["cal"]}
    s = {"cat": ["i2d"], "segm": ["i2d"], "x1d": ["s3d", "s2d"], "s2d": ["crf", "cal"]}
    return {f"exposure/{k}": v for k, v in e.items()} | {f"stage3/{k}": v for k, v in s.items()}
