"""The tables that MAST and CRDS would give of what a program observed: rows as lists of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zlib import crc32

from jwgraph.names.suffixes import suffixes
from tests.bench.archive.modes import BY_FILTER, BY_INSTRUMENT, REFERENCES, Mode, Suffix
from tests.bench.archive.sky import Association, Combined, Exposure, Field, Program

Row = list[str | int | float]

PRODUCTS = (
    "obsID", "obs_collection", "dataproduct_type", "obs_id", "description", "type", "dataURI", "productType",
    "productGroupDescription", "productSubGroupDescription", "productDocumentationURL", "project", "prvversion",
    "proposal_id", "productFilename", "size", "parent_obsid", "dataRights", "calib_level", "filters",
)  # fmt: skip
OBSERVATIONS = (
    "dataproduct_type", "calib_level", "obs_collection", "obs_id", "target_name", "t_min", "t_max", "filters",
    "t_obs_release", "instrument_name", "proposal_id", "proposal_type", "dataRights", "intentType", "obsid",
)  # fmt: skip
KEYWORDS = (
    "filename", "fileSetName", "productLevel", "program", "asntable", "asnpool", "gdstarid", "crds_ctx", "cal_ver",
    "exp_type", "instrume", "detector", "expstart", "expend",
)  # fmt: skip
REFERENCE_ROWS = ("productFilename", "keyword", "reference", "context")
POOL = (
    "FILENAME", "OBS_ID", "PROGRAM", "OBS_NUM", "VISIT", "EXP_TYPE", "INSTRUME", "DETECTOR", "TARGETID", "PNTGTYPE",
    "FILTER", "ASN_CANDIDATE", "EXPOSERR",
)  # fmt: skip

MRP = "Minimum Recommended Products"
CONTEXTS = {
    "1.13.4": "jwst_1225.pmap",
    "1.16.1": "jwst_1293.pmap",
    "1.17.1": "jwst_1322.pmap",
    "1.18.0": "jwst_1364.pmap",
}
# Lists of so many sources of one field hold its exposures; the lists of the others are taken to be unread.
WHOLE_LISTS = 2
_GUIDE = (("id", "_1_image"), ("acq1", ""), ("acq2", ""), ("track", ""), ("fg", ""))


class Listing:
    """The lists of one program in one version.

    Parameters
    ----------
    place
        Which of the archive's programs it is; MAST's numbers follow from it.
    turn
        Which of its versions.
    """

    def __init__(self, program: Program, place: int, turn: int) -> None:
        self._program = program
        self._stamp, self._version = program.stamps[turn], program.versions[turn]
        self._next = 1_000_000 * (place + 1)
        self._ids: dict[str, int] = {}

    def number(self, obs_id: str) -> int:
        """Return MAST's number of an Observation."""
        found = self._ids.get(obs_id)
        if found is None:
            self._next += 1
            found = self._ids[obs_id] = self._next
        return found

    def products(self, field: Field) -> Iterator[Row]:
        """Yield the rows of the product lists of all that is listed in a field."""
        stage2 = {each.exposure.name: each for each in field.stage2 if each.exposure}
        by_name = {each.name: each for each in field.exposures}
        listed: set[str] = set()
        for association in field.stage3:
            included = self._included(association, by_name)
            listed |= {each.name for each in included}
            for place, combined in enumerate(association.combined):
                parent = self.number(combined.obs_id)
                yield from self._level3(association, combined, parent)
                if place < WHOLE_LISTS:
                    for exposure in included:
                        yield from self._exposure(exposure, stage2.get(exposure.name), field, parent, association)
        for exposure in field.exposures:
            if exposure.name not in listed and not exposure.missing:
                yield from self._exposure(exposure, stage2.get(exposure.name), field, self.number(exposure.name), None)

    def _included(self, association: Association, by_name: dict[str, Exposure]) -> list[Exposure]:
        names = (file.rpartition("_")[0] for file, _ in association.members)
        found = (by_name.get(name) for name in dict.fromkeys(names))
        return [each for each in found if each is not None and not each.missing]

    def _level3(self, association: Association, combined: Combined, parent: int) -> Iterator[Row]:
        kind = "image" if combined.mode.product_type == "image" else "spectrum"

        def row(file: str, product_type: str, sub: str, mrp: bool = True) -> Row:
            return self._row(parent, combined.obs_id, file, product_type, sub, 3, parent, kind, combined.element, mrp)

        yield row(association.filename(self._program, self._stamp), "INFO", "ASN")
        yield row(self._program.pool(self._stamp), "INFO", "POOL")
        if combined.made:
            yield from _files(combined.obs_id, combined.mode.combined, "stage3", row)

    def _exposure(
        self, exposure: Exposure, made_by: Association | None, field: Field, parent: int, within: Association | None
    ) -> Iterator[Row]:
        number, own = self.number(exposure.name), within is None
        kind = "image" if exposure.mode.product_type == "image" or exposure.role == "target_acquisition" else "spectrum"

        def row(file: str, product_type: str, sub: str, mrp: bool = True, level: int = 2) -> Row:
            shown = "image" if level == 1 else kind
            mrp = mrp and own
            return self._row(
                number, exposure.name, file, product_type, sub, level, parent, shown, exposure.element, mrp
            )

        if made_by is not None:
            yield row(made_by.filename(self._program, self._stamp), "INFO", "ASN")
            yield row(self._program.pool(self._stamp), "INFO", "POOL")
        if exposure.mode.msa and exposure.role == "science":
            yield row(f"{exposure.visit}_01_msa.fits", "AUXILIARY", "MSA", level=1)
        yield from _files(exposure.name, exposure.suffixes, "exposure", row)
        if within is not None and exposure.mode.flagged and exposure.role == "science":
            flagged = f"{within.candidate}_{'crfints' if exposure.mode.series else 'crf'}"
            yield row(f"{exposure.name}_{flagged}.fits", "SCIENCE", f"ANNNN_{flagged.rpartition('_')[2].upper()}")
            yield row(f"{exposure.name}_{flagged}.jpg", "PREVIEW", "", mrp=False)
        if exposure.visit in field.guided and exposure is _first(field, exposure.visit):
            for step, end in _GUIDE:
                for suffix in ("cal", "stream", "uncal"):
                    file = f"{exposure.visit}_gs-{step}{end}{'_2022130' if step == 'fg' else ''}_{suffix}.fits"
                    yield row(file, "AUXILIARY", f"GS-{step.upper()}", mrp=False, level=2 if suffix == "cal" else 1)

    def _row(
        self, number: int, obs_id: str, file: str, product_type: str, sub: str, level: int, parent: int, kind: str,
        element: str, mrp: bool,
    ) -> Row:  # fmt: skip
        return [
            number, "JWST", kind, obs_id, "", "D" if level == 3 else "S", f"mast:JWST/product/{file}", product_type,
            MRP if mrp else "", sub, "", "CALJWST", "" if product_type == "PREVIEW" else self._version,
            int(self._program.number), file, 1000 + crc32(file.encode()) % 100_000_000, parent, "PUBLIC", level,
            element.upper().replace("-", ";"),
        ]  # fmt: skip

    def observations(self, field: Field) -> Iterator[Row]:
        """Yield the rows of an observation search: what the Portal lists, and what is planned."""
        by_name = {each.name: each for each in field.exposures}
        members: set[str] = set()
        for association in field.stage3:
            members |= {each.name for each in self._included(association, by_name)}
            for combined in association.combined:
                if combined.made:
                    yield self._search(combined.obs_id, 3, combined.mode, combined.element)
        planned: set[str] = set()
        for each in field.exposures:
            if each.missing:
                name = f"{each.visit}_xx101_{each.name.split('_')[2][:5]}_{each.mode.instrument}"
                if name not in planned:
                    planned.add(name)
                    yield self._search(name, -1, each.mode, each.element)
            elif each.name not in members:
                yield self._search(each.name, 2, each.mode, each.element)

    def _search(self, obs_id: str, level: int, mode: Mode, element: str) -> Row:
        begin = 59800 + crc32(obs_id.encode()) % 1_000_000 / 1000
        return [
            mode.product_type, level, "JWST", obs_id, f"TARGET-{self._program.number}", begin, round(begin + 0.01, 5),
            element.upper().replace("-", ";"), begin + 365, mode.instrument.upper(), int(self._program.number), "GO",
            "PUBLIC", "science", self.number(obs_id),
        ]  # fmt: skip

    def keywords(self, field: Field) -> Iterator[Row]:
        """Yield a row of keywords for the calibrated file of each exposure."""
        made_by = {each.exposure.name: each for each in field.stage2 if each.exposure}
        for each in field.exposures:
            association = made_by.get(each.name)
            if association is None or not each.calibrated:
                continue
            start = 59800 + crc32(each.name.encode()) % 1_000_000 / 1000
            yield [
                each.calibrated, each.name.rpartition("_")[0], "2b", self._program.number,
                association.filename(self._program, self._stamp), self._program.pool(self._stamp),
                f"N{crc32(each.visit.encode()) % 1000:03d}{int(self._program.number):06d}", CONTEXTS[self._version],
                self._version, each.mode.exp_type, each.mode.instrument.upper(), each.detector.upper(), start,
                round(start + 0.005, 6),
            ]  # fmt: skip

    def references(self, field: Field) -> Iterator[Row]:
        """Yield the reference files of each calibrated file: shared by all that have detector or filter in common."""
        for each in field.exposures:
            if each.missing or not each.calibrated:
                continue
            for keyword in REFERENCES[each.mode.instrument]:
                what = keyword.removeprefix("R_").lower()
                shared = (
                    "" if keyword in BY_INSTRUMENT else each.detector,
                    each.element if keyword in BY_FILTER else "",
                    "" if keyword in BY_INSTRUMENT else self._version,
                )
                number = crc32(f"{what} {' '.join(shared)}".encode()) % 10_000
                name = f"jwst_{each.mode.instrument}_{what}_{number:04d}.fits"
                yield [each.calibrated, keyword, name, CONTEXTS[self._version]]

    def pool(self, field: Field) -> Iterator[Row]:
        """Yield a row of the pool for each exposure, the missing ones too."""
        candidates: dict[str, str] = {}
        for association in field.stage3:
            for file, _ in association.members:
                candidates.setdefault(file.rpartition("_")[0], association.candidate)
        for each in field.exposures:
            number = int(each.visit[7:10])
            own = f"('o{number:03d}', 'OBSERVATION')"
            other = candidates.get(each.name, "o")
            wider = "" if other.startswith("o") else f", ('{other}', 'BACKGROUND')"
            pointing = "TARGET_ACQUISITION" if each.role == "target_acquisition" else "SCIENCE"
            yield [
                f"{each.name}_uncal.fits", f"V{each.visit[2:]}P00", int(self._program.number), number, 1,
                each.mode.exp_type, each.mode.instrument.upper(), each.detector.upper(), 1,
                pointing, each.element.upper() or "NULL", f"[{own}{wider}]", "NULL",
            ]  # fmt: skip


def _first(field: Field, visit: str) -> Exposure:
    return next(each for each in field.exposures if each.visit == visit and each.role != "target_acquisition")


def _files(root: str, kinds: tuple[Suffix, ...], form: str, row: Callable[..., Row]) -> Iterator[Row]:
    """Yield the rows of the files of a dataset, each with its preview."""
    for suffix, extension, preview in kinds:
        about = suffixes()[form, suffix]
        level = {"level": about.calib_level} if form == "exposure" else {}
        if extension:
            name = f"{'ANNNN_' if form == 'stage3' and suffix in ('crf', 's2d', 'x1d', 's3d') else ''}{suffix.upper()}"
            yield row(f"{root}_{suffix}.{extension}", about.productType, name, **level)
        if preview:
            yield row(f"{root}_{suffix}.{preview}", "PREVIEW", "", mrp=False, **level)
