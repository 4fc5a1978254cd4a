"""Facts of figures, as the answers of a store give them, for any number of exposures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from jwgraph.answers.associations import MemberRow
from jwgraph.answers.missing import MissingRow
from jwgraph.answers.products import ProductRow
from jwgraph.figure.facts import Facts, Tally
from jwgraph.names.grammar import parse

LEVEL3 = "jw02733-o001_t001_nircam_clear-f090w"
ASSOCIATION = "jw02733-o001_20230710t161010_image3_00001_asn.json"
POOL = "jw02733_20230710t161010_pool.csv"
OF_EXPOSURE = ("uncal.fits", "rate.fits", "rateints.fits", "cal.fits", "i2d.fits", "cal.jpg", "cal_thumb.jpg")
DETECTORS = [f"nrc{module}{number}" for module in "ab" for number in (1, 2, 3, 4)] + ["nrcalong", "nrcblong"]


def row(filename: str, obs_id: str | None, relation: str, *, mrp: bool = False) -> ProductRow:
    """Return a file of a tree, with what its name says."""
    name = parse(filename)
    return ProductRow(
        productFilename=filename,
        obs_id=obs_id,
        productType=name.productType or None,
        calib_level=name.calib_level,
        dataURI=f"mast:JWST/product/{filename}",
        size=1000,
        mrp=mrp,
        relation=relation,
        productLevel=name.product_level or None,
        archived=True,
    )


def exposures(number: int, *, dithers: int = 15, first: int = 1, obs: str = "001") -> Iterator[str]:
    """Name exposures: ten detectors, then dithers, then visits."""
    for each in range(number):
        detector = DETECTORS[each % 10]
        dither = each // 10 % dithers + first
        visit = each // (10 * dithers) + 1
        yield f"jw02733{obs}{visit:03d}_02101_{dither:05d}_{detector}"


def facts(
    roots: dict[str, str],
    *,
    gone: Sequence[str] = (),
    crf: bool = False,
    known: bool = True,
    level3: bool = True,
    suffixes: Sequence[str] = OF_EXPOSURE,
) -> Facts:
    """Return the facts of an Observation.

    Parameters
    ----------
    roots
        Role of each exposure.
    gone
        Those of which nothing is there, though they are members.
    known
        Whether the content of the association is loaded.
    """
    rows = [row(name, LEVEL3, "association", mrp=True) for name in (ASSOCIATION, POOL)]
    if level3:
        rows += [row(f"{LEVEL3}_{end}", LEVEL3, "own", mrp=True) for end in ("cat.ecsv", "i2d.fits", "segm.fits")]
        rows.append(row(f"{LEVEL3}_i2d.jpg", LEVEL3, "preview"))
    rows += [
        row(f"{root}_{end}", root, "preview" if end.endswith("jpg") else "antecedent")
        for root in roots
        if root not in gone
        for end in (*suffixes, *(("o001_crf.fits",) if crf and roots[root] == "science" else ()))
    ]
    rows.append(row("jw02733001001_gs-fg_2022159134729_cal.fits", None, "guide_star"))
    # Some are in the tree, as what an association names is; of others its exposure is not known yet.
    expected = [replace(row(f"{root}_cal.fits", root, "antecedent"), archived=False) for root in gone[::2]]
    expected += [] if level3 else [replace(row(f"{LEVEL3}_i2d.fits", LEVEL3, "own"), archived=False)]
    rows += expected
    members = [
        MemberRow(ASSOCIATION, LEVEL3, f"{root}_cal.fits", role, root not in gone) for root, role in roots.items()
    ]
    promise = MissingRow(
        LEVEL3,
        LEVEL3,
        ASSOCIATION,
        "archived" if level3 else "expected",
        None if level3 else "not executed yet",
        None,
        [f"{root}_cal.fits" for root in gone],
        "3",
    )
    return Facts(
        obs_id=LEVEL3,
        rows=rows,
        roles={root: [role] if known else [] for root, role in roots.items() if root not in gone},
        members=members if known else None,
        promises=[promise] if known else None,
        expected=frozenset(each.productFilename for each in expected),
        references=Tally(12, "jwst_1100.pmap", least=True),
        engineering=Tally(None, "no engineering data is loaded"),
    )
