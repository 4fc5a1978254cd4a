"""How each mode of the instruments observes: detectors, files of an exposure, what Stage 3 makes.

The suffixes and previews of MOS and SOSS are those of complete lists of MAST; the others follow the tables of suffixes
and the documentation of the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass

Suffix = tuple[str, str, str]
"""Suffix, extension of the file, extension of its preview (or empty)."""

_IMAGE: tuple[Suffix, ...] = (
    ("uncal", "fits", "jpg"),
    ("rate", "fits", "jpg"),
    ("rateints", "fits", "jpg"),
    ("cal", "fits", "jpg"),
)
_RESAMPLED: tuple[Suffix, ...] = (*_IMAGE, ("i2d", "fits", "jpg"))
_SPECTRUM: tuple[Suffix, ...] = (*_IMAGE, ("s2d", "fits", "jpg"), ("x1d", "fits", "png"))
_CUBE: tuple[Suffix, ...] = (*_IMAGE, ("s3d", "fits", "jpg"), ("x1d", "fits", "png"))
_SLITLESS: tuple[Suffix, ...] = (*_IMAGE, ("x1d", "fits", "png"))
_SERIES: tuple[Suffix, ...] = (
    ("uncal", "fits", "jpg"),
    ("ramp", "fits", "jpg"),
    ("rate", "fits", "jpg"),
    ("rateints", "fits", "jpg"),
    ("calints", "fits", "jpg"),
    ("x1dints", "fits", ""),
)
_STARES: tuple[Suffix, ...] = (
    ("uncal", "fits", "jpg"),
    ("rate", "fits", "jpg"),
    ("rateints", "fits", "jpg"),
    ("calints", "fits", "jpg"),
)
ACQUISITION: tuple[Suffix, ...] = _IMAGE

_MOSAIC: tuple[Suffix, ...] = (("i2d", "fits", "jpg"), ("segm", "fits", ""), ("cat", "ecsv", ""))
_SPECTRA3: tuple[Suffix, ...] = (("s2d", "fits", "jpg"), ("x1d", "fits", "png"))
_CUBES3: tuple[Suffix, ...] = (("s3d", "fits", "jpg"), ("x1d", "fits", "png"))

_SHORT = ("nrca1", "nrca2", "nrca3", "nrca4", "nrcb1", "nrcb2", "nrcb3", "nrcb4")
_LONG = ("nrcalong", "nrcblong")
_NIRSPEC = ("nrs1", "nrs2")


@dataclass(frozen=True, slots=True)
class Mode:
    """One mode.

    Attributes
    ----------
    weight
        How often it is chosen; a share of observations.
    groups
        For each part of an exposure that Stage 3 combines by itself (channels of NIRCam): detectors, and names of the
        optical elements from which one is chosen.
    dithers
        Least and most exposures of a visit.
    suffixes, combined
        Files of an exposure, and of a Level 3 Observation.
    stage2, stage3
        Types of the associations; empty where no association is made.
    product_type
        image, spectrum, cube or timeseries, as in CAOM.
    segments
        Most segments of an exposure.
    sources
        Most sources; 0 where Stage 3 makes one product for the target.
    acquisition, msa, background, imprint, direct
        Whether it has target acquisition, MSA metadata, background and imprint exposures, a direct image.
    reference
        Whether its Stage 3 needs the exposures of a reference PSF.
    flagged
        Whether Stage 3 leaves `crf` files with the exposures.
    bare
        Whether one association makes the cubes of all groups, its product named without optical elements.
    """

    name: str
    instrument: str
    exp_type: str
    weight: float
    groups: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    dithers: tuple[int, int]
    suffixes: tuple[Suffix, ...]
    combined: tuple[Suffix, ...] = ()
    stage2: str = "image2"
    stage3: str = ""
    product_type: str = "image"
    segments: int = 1
    sources: int = 0
    acquisition: bool = False
    msa: bool = False
    background: bool = False
    imprint: bool = False
    direct: bool = False
    reference: bool = False
    flagged: bool = False
    bare: bool = False

    @property
    def series(self) -> bool:
        """Whether its exposures keep their integrations: a time series, a coronagraph, an interferometer."""
        return any(suffix == "calints" for suffix, _, _ in self.suffixes)


MODES: tuple[Mode, ...] = (
    Mode(
        "nircam imaging", "nircam", "NRC_IMAGE", 24,
        ((_SHORT, ("clear-f090w", "clear-f150w", "clear-f200w")), (_LONG, ("clear-f277w", "clear-f444w"))),
        (3, 12), _RESAMPLED, _MOSAIC, stage3="image3", flagged=True,
    ),
    Mode(
        "miri imaging", "miri", "MIR_IMAGE", 12, ((("mirimage",), ("f560w", "f770w", "f1000w", "f2550w")),),
        (4, 12), _RESAMPLED, _MOSAIC, stage3="image3", background=True, flagged=True,
    ),
    Mode(
        "niriss imaging", "niriss", "NIS_IMAGE", 4, ((("nis",), ("clear-f115w", "clear-f150w", "clear-f200w")),),
        (4, 8), _RESAMPLED, _MOSAIC, stage3="image3", flagged=True,
    ),
    Mode(
        "nirspec mos", "nirspec", "NRS_MSASPEC", 8, ((_NIRSPEC, ("clear-prism", "f170lp-g235m", "f290lp-g395m")),),
        (3, 9), _SPECTRUM, (("crf", "fits", "jpg"), *_SPECTRA3, ("cal", "", "jpg")), stage2="spec2", stage3="spec3",
        product_type="spectrum", sources=60, acquisition=True, msa=True,
    ),
    Mode(
        "nirspec ifu", "nirspec", "NRS_IFU", 8, ((_NIRSPEC, ("g140m-f100lp", "g235h-f170lp", "g395h-f290lp")),),
        (2, 8), _CUBE, _CUBES3, stage2="spec2", stage3="spec3", product_type="cube", background=True, imprint=True,
        acquisition=True,
    ),
    Mode(
        "nirspec slits", "nirspec", "NRS_FIXEDSLIT", 4, ((_NIRSPEC, ("f170lp-g235h-s200a1-subs200a1",)),),
        (2, 5), _SPECTRUM, (("crf", "fits", "jpg"), *_SPECTRA3), stage2="spec2", stage3="spec3",
        product_type="spectrum", acquisition=True,
    ),
    Mode(
        "miri mrs", "miri", "MIR_MRS", 10,
        ((("mirifushort",), ("ch1-short", "ch2-medium")), (("mirifulong",), ("ch3-short", "ch4-medium"))),
        (4, 8), _CUBE, _CUBES3, stage2="spec2", stage3="spec3", product_type="cube", background=True,
        acquisition=True, bare=True,
    ),
    Mode(
        "miri lrs", "miri", "MIR_LRS-FIXEDSLIT", 4, ((("mirimage",), ("p750l",)),),
        (2, 4), _SPECTRUM, _SPECTRA3, stage2="spec2", stage3="spec3", product_type="spectrum", acquisition=True,
    ),
    Mode(
        "niriss soss", "niriss", "NIS_SOSS", 4, ((("nis",), ("clear-gr700xd-substrip256",)),),
        (1, 1), _SERIES, (("x1dints", "fits", ""), ("whtlt", "ecsv", "")), stage2="tso-spec2", stage3="tso3",
        product_type="spectrum", segments=6, acquisition=True, flagged=True,
    ),
    Mode(
        "nircam grism series", "nircam", "NRC_TSGRISM", 3, ((("nrcalong",), ("f322w2-grismr-subgrism256",)),),
        (1, 1), _SERIES, (("x1dints", "fits", ""), ("whtlt", "ecsv", "")), stage2="tso-spec2", stage3="tso3",
        product_type="spectrum", segments=8, acquisition=True, flagged=True,
    ),
    Mode(
        "nirspec bright series", "nirspec", "NRS_BRIGHTOBJ", 3, ((_NIRSPEC, ("f290lp-g395h-s1600a1-sub2048",)),),
        (1, 1), _SERIES, (("x1dints", "fits", ""), ("whtlt", "ecsv", "")), stage2="tso-spec2", stage3="tso3",
        product_type="spectrum", segments=5, acquisition=True, flagged=True,
    ),
    Mode(
        "niriss grism", "niriss", "NIS_WFSS", 4, ((("nis",), ("gr150c-f150w", "gr150r-f200w")),),
        (2, 6), _SLITLESS, (("cal", "fits", ""), ("x1d", "fits", "png")), stage2="spec2", stage3="spec3",
        product_type="spectrum", sources=40, direct=True,
    ),
    Mode(
        "miri coronagraph", "miri", "MIR_4QPM", 2, ((("mirimage",), ("f1140c-mask1140",)),),
        (1, 5), _STARES, (("i2d", "fits", "jpg"), ("psfstack", "fits", ""), ("psfsub", "fits", "")), stage3="coron3",
        acquisition=True, reference=True,
    ),
    Mode(
        "nircam coronagraph", "nircam", "NRC_CORON", 2, ((("nrcalong",), ("f335m-maskrnd-sub320a335r",)),),
        (2, 9), _STARES, (("i2d", "fits", "jpg"), ("psfstack", "fits", ""), ("psfsub", "fits", "")), stage3="coron3",
        acquisition=True, reference=True,
    ),
    Mode(
        "niriss interferometer", "niriss", "NIS_AMI", 2, ((("nis",), ("f380m-nrm-sub80",)),),
        (2, 5), _STARES, (("aminorm-oi", "fits", ""),), stage3="ami3", acquisition=True, reference=True,
    ),
    Mode(
        "nircam wavefront", "nircam", "NRC_IMAGE", 2, ((("nrca3",), ("clear-f212n-wlp8",)),),
        (2, 2), _RESAMPLED, (("wfscmb", "fits", "jpg"),), stage2="wfs-image2", stage3="wfs-image3",
    ),
    Mode(
        "nircam darks", "nircam", "NRC_DARK", 2, (((*_SHORT, *_LONG), ("",)),),
        (1, 4), (("uncal", "fits", "jpg"), ("dark", "fits", "")), stage2="",
    ),
    Mode(
        "miri darks", "miri", "MIR_DARKALL", 2, ((("mirimage", "mirifushort", "mirifulong"), ("",)),),
        (1, 4), (("uncal", "fits", "jpg"), ("dark", "fits", "")), stage2="",
    ),
)  # fmt: skip

REFERENCES: dict[str, tuple[str, ...]] = {
    "nircam": ("R_AREA", "R_DARK", "R_DISTOR", "R_FILOFF", "R_FLAT", "R_GAIN", "R_LINEAR", "R_MASK", "R_PHOTOM",
               "R_READNO", "R_SATURA", "R_SUPERB"),
    "miri": ("R_AREA", "R_DARK", "R_DISTOR", "R_FILOFF", "R_FLAT", "R_GAIN", "R_LINEAR", "R_MASK", "R_PHOTOM",
             "R_READNO", "R_RESET", "R_RSCD", "R_SATURA"),
    "niriss": ("R_AREA", "R_DARK", "R_DISTOR", "R_FILOFF", "R_FLAT", "R_GAIN", "R_LINEAR", "R_MASK", "R_PERSAT",
               "R_PHOTOM", "R_READNO", "R_SATURA", "R_SUPERB"),
    "nirspec": ("R_CAMERA", "R_COLLIM", "R_DARK", "R_DFLAT", "R_DISPER", "R_FFLAT", "R_FORE", "R_FPA", "R_GAIN",
                "R_LINEAR", "R_MASK", "R_OTE", "R_READNO", "R_SATURA", "R_SFLAT", "R_SUPERB"),
}  # fmt: skip
"""Keywords of the reference files that a calibrated file names, by instrument; the others are N/A."""

BY_FILTER = frozenset({"R_FLAT", "R_FFLAT", "R_SFLAT", "R_PHOTOM", "R_DISTOR"})
"""Those with a file for each optical element; the others have one for each detector, renewed now and then."""

BY_INSTRUMENT = frozenset({"R_FILOFF", "R_PHOTOM", "R_COLLIM", "R_FPA", "R_OTE", "R_CAMERA", "R_FORE"})
"""Those with one for all detectors."""
