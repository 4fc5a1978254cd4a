"""What a program observes and Stage 3 makes of it: exposures, Level 3 Observations, associations; all by chance.

Chance comes from a seed and the number of the program alone: each program is the same in an archive of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from tests.bench.archive.modes import ACQUISITION, MODES, Mode, Suffix

FIRST_PROGRAM = 1000
MOST_OBSERVATIONS = 40
# Chances, each of one observation or exposure.
MISSING, NOT_COMBINED, PROMISED_ONLY, REPROCESSED, GUIDED = 0.02, 0.12, 0.03, 0.15, 0.25
VERSIONS = ("1.13.4", "1.16.1", "1.17.1", "1.18.0")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_MODES = {mode.name: mode for mode in MODES}
_DIRECT = _MODES["niriss imaging"]


@dataclass(frozen=True, slots=True)
class Program:
    """One program.

    Attributes
    ----------
    number
        Five digits.
    stamps
        Versions of its associations, the newest last; more than one where it was processed again.
    versions
        Version of the pipeline for each of them.
    """

    number: str
    stamps: tuple[str, ...]
    versions: tuple[str, ...]

    @property
    def stamp(self) -> str:
        """The newest version of its associations."""
        return self.stamps[-1]

    def pool(self, stamp: str) -> str:
        """Return the name of the pool of a version."""
        return f"jw{self.number}_{stamp}_pool.csv"


@dataclass(frozen=True, slots=True)
class Exposure:
    """An exposure on one detector, or a segment of it.

    Attributes
    ----------
    name
        Its obs_id.
    visit
        The visit, `jw` and eleven digits.
    role
        What it is to the association of its observation.
    missing
        It is planned, and not in the archive.
    """

    name: str
    visit: str
    mode: Mode
    detector: str
    element: str
    role: str
    missing: bool = False

    @property
    def suffixes(self) -> tuple[Suffix, ...]:
        """Its files."""
        return ACQUISITION if self.role == "target_acquisition" else self.mode.suffixes

    @property
    def calibrated(self) -> str:
        """The file that Stage 3 takes; empty for an exposure that is never calibrated."""
        suffixes = [suffix for suffix, _, _ in self.suffixes]
        return next((f"{self.name}_{suffix}.fits" for suffix in ("cal", "calints") if suffix in suffixes), "")

    @property
    def background(self) -> str:
        """The file that Stage 3 subtracts where this is a background: its spectrum."""
        return f"{self.name}_x1d.fits"

    @property
    def rate(self) -> str:
        """The file that Stage 2 takes."""
        return f"{self.name}_{'rateints' if self.calibrated.endswith('_calints.fits') else 'rate'}.fits"


@dataclass(frozen=True, slots=True)
class Combined:
    """A Level 3 Observation."""

    obs_id: str
    mode: Mode
    element: str
    made: bool = True


@dataclass(frozen=True, slots=True)
class Association:
    """An association: for each stamp of the program there is one like it.

    Attributes
    ----------
    members
        File and role of each.
    combined
        The Level 3 Observations that it makes; none for Stage 2.
    exposure
        The exposure that it makes; None for Stage 3.
    """

    candidate: str
    kind: str
    number: int
    product: str
    members: tuple[tuple[str, str], ...]
    combined: tuple[Combined, ...] = ()
    exposure: Exposure | None = None

    def filename(self, program: Program, stamp: str) -> str:
        """Return its file name in a version."""
        return f"jw{program.number}-{self.candidate}_{stamp}_{self.kind}_{self.number:05d}_asn.json"


@dataclass(slots=True)
class Field:
    """What one observation of a program gives, with that of its background or reference star.

    Attributes
    ----------
    stage2, stage3
        Its associations.
    guided
        Visits whose guide-star files are listed.
    """

    exposures: list[Exposure] = field(default_factory=list)
    stage2: list[Association] = field(default_factory=list)
    stage3: list[Association] = field(default_factory=list)
    guided: list[str] = field(default_factory=list)


def program(seed: int, place: int) -> tuple[Program, Iterator[Field]]:
    """Return the n-th program of an archive, and its observations."""
    chance = Random(f"{seed} {place}")
    first = chance.randrange(len(VERSIONS))
    again = first and chance.random() < REPROCESSED
    versions = (VERSIONS[first - 1], VERSIONS[first]) if again else (VERSIONS[first],)
    stamps = tuple(_stamp(chance, version) for version in versions)
    found = Program(f"{FIRST_PROGRAM + place:05d}", stamps, versions)
    return found, _fields(found, chance)


def _stamp(chance: Random, version: str) -> str:
    year = 2022 + VERSIONS.index(version)
    day = f"{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    return f"{day}t{chance.randint(0, 23):02d}{chance.randint(0, 59):02d}{chance.randint(0, 59):02d}"


def _fields(found: Program, chance: Random) -> Iterator[Field]:
    number, count = 1, min(MOST_OBSERVATIONS, 1 + int(chance.lognormvariate(1.6, 0.9)))
    numbers = _Numbers()
    for target in range(1, count + 1):
        mode = chance.choices(MODES, [each.weight for each in MODES])[0]
        made = _Observation(found, chance, numbers, mode, number, target)
        yield made.field()
        number += made.taken


@dataclass(slots=True)
class _Numbers:
    """Numbers of associations, counted in a program, and of candidates of several observations."""

    association: int = 0
    candidate: int = 1000

    def next_association(self) -> int:
        self.association += 1
        return self.association

    def next_candidate(self) -> str:
        self.candidate += 1
        return f"c{self.candidate}"


class _Observation:
    def __init__(
        self, program: Program, chance: Random, numbers: _Numbers, mode: Mode, number: int, target: int
    ) -> None:
        self._program, self._chance, self._numbers = program, chance, numbers
        self._mode, self._number, self._target = mode, number, target
        self._activity = 0
        self._found = Field()
        self.taken = 1

    def field(self) -> Field:
        """Return its exposures and associations."""
        mode, found = self._mode, self._found
        if mode.acquisition:
            self._exposures(mode, self._number, "target_acquisition", 1)
        direct = self._direct() if mode.direct else ()
        dithers = self._chance.randint(*mode.dithers)
        pairs = self._chance.randint(1, 3) if mode.stage3 == "image3" else 1
        science = [each for _ in range(pairs) for each in self._pointed("science", dithers, self._number)]
        others: list[Exposure] = []
        if mode.background or mode.reference:
            others += self._beside("background" if mode.background else "psf", max(1, dithers // 2))
        if mode.imprint:
            others += self._exposures(mode, self._number, "imprint", dithers)
        if mode.stage2:
            for exposure in found.exposures:
                self._stage2(exposure, others, direct)
        if mode.stage3 and self._chance.random() >= NOT_COMBINED:
            self._stage3(mode, science, others)
        if self._chance.random() < GUIDED:
            found.guided.append(science[0].visit)
        return found

    def _beside(self, role: str, dithers: int) -> list[Exposure]:
        """Observe a background or a reference star: in an observation of its own, as a rule."""
        self.taken = 2
        return self._pointed(role, dithers, self._number + 1)

    def _pointed(self, role: str, dithers: int, number: int) -> list[Exposure]:
        """Expose all groups of detectors at the same time."""
        self._activity += 1
        groups = range(len(self._mode.groups))
        return [each for group in groups for each in self._group(self._mode, number, role, dithers, group)]

    def _exposures(self, mode: Mode, number: int, role: str, dithers: int) -> list[Exposure]:
        self._activity += 1
        return self._group(mode, number, role, dithers, 0)

    def _group(self, mode: Mode, number: int, role: str, dithers: int, group: int) -> list[Exposure]:
        detectors, elements = mode.groups[group]
        element = self._chance.choice(elements)
        if len(detectors) == 8 and self._chance.random() < 0.4:
            # One module of the two.
            detectors = detectors[4:]
        if role == "target_acquisition":
            detectors = detectors[:1] if mode.instrument != "nirspec" else detectors
            dithers = 4 if mode.instrument == "nirspec" else self._chance.randint(1, 2)
        activity = _DIGITS[self._activity // 36] + _DIGITS[self._activity % 36]
        visit = f"jw{self._program.number}{number:03d}001"
        kind = "02" if role == "target_acquisition" else "03"
        segments = self._chance.randint(1, mode.segments) if role == "science" else 1
        made = []
        for dither in range(1, dithers + 1):
            missing = role == "science" and self._chance.random() < MISSING
            for segment in range(1, segments + 1):
                part = f"-seg{segment:03d}" if mode.segments > 1 and role == "science" else ""
                root = f"{visit}_{kind}1{activity}_{dither:05d}{part}"
                made += [
                    Exposure(f"{root}_{detector}", visit, mode, detector, element, role, missing)
                    for detector in detectors
                ]
        self._found.exposures += made
        return made

    def _direct(self) -> tuple[tuple[str, str], ...]:
        """Take direct images of a field of grisms: Stage 2 of the grisms has their Level 3 files as members."""
        made = self._exposures(_DIRECT, self._number, "direct_image", 2)
        combined = Combined(self._root(made[0].element, _DIRECT), _DIRECT, made[0].element)
        members = tuple((each.calibrated, "science") for each in made)
        self._add3(combined.obs_id, "image3", self._candidate, members, (combined,))
        ends = (("i2d.fits", "direct_image"), ("cat.ecsv", "sourcecat"), ("segm.fits", "segmap"))
        return tuple((f"{combined.obs_id}_{end}", role) for end, role in ends)

    @property
    def _candidate(self) -> str:
        return f"o{self._number:03d}"

    def _root(self, element: str, mode: Mode, candidate: str = "", target: str = "") -> str:
        target = target or f"t{self._target:03d}"
        return f"jw{self._program.number}-{candidate or self._candidate}_{target}_{mode.instrument}_{element}"

    def _stage2(self, exposure: Exposure, others: list[Exposure], direct: tuple[tuple[str, str], ...]) -> None:
        if exposure.missing:
            return
        members = [(exposure.rate, "science")]
        if exposure.role == "science":
            beside = [each for each in others if each.detector == exposure.detector and each.role != "psf"]
            members += [(each.rate, each.role) for each in beside if not each.missing]
            members += direct
        acquired = exposure.role in ("target_acquisition", "direct_image")
        kind = "image2" if acquired else exposure.mode.stage2
        made = Association(
            f"o{exposure.visit[7:10]}", kind, self._numbers.next_association(), exposure.name, tuple(members),
            exposure=exposure,
        )  # fmt: skip
        self._found.stage2.append(made)

    def _stage3(self, mode: Mode, science: list[Exposure], others: list[Exposure]) -> None:
        candidate = self._numbers.next_candidate() if others and mode.stage3 != "image3" else self._candidate
        acquired = [each for each in self._found.exposures if each.role == "target_acquisition"]
        beside = [
            (each.background if each.role == "background" else each.calibrated, each.role)
            for each in (*others, *acquired)
            if mode.stage3 != "image3" and each.role != "imprint"
        ]
        made = self._chance.random() >= PROMISED_ONLY
        groups: dict[str, list[Exposure]] = {}
        for exposure in science:
            groups.setdefault(exposure.element, []).append(exposure)
        if mode.bare:
            combined = tuple(Combined(self._root(each, mode, candidate), mode, each, made) for each in groups)
            product = self._root("", mode, candidate).rstrip("_")
            self._add3(product, mode.stage3, candidate, _members(science, beside), combined)
            return
        for element, exposures in groups.items():
            combined = tuple(replace(each, made=made) for each in self._combined(mode, element, candidate))
            product = combined[0].obs_id if not mode.sources else self._root(element, mode, candidate, "{source_id}")
            self._add3(product, mode.stage3, candidate, _members(exposures, beside), combined)

    def _combined(self, mode: Mode, element: str, candidate: str) -> tuple[Combined, ...]:
        if not mode.sources:
            return (Combined(self._root(element, mode, candidate), mode, element),)
        sources = sorted(self._chance.sample(range(1, 400_000), self._chance.randint(1, mode.sources)))
        return tuple(Combined(self._root(element, mode, candidate, f"s{each:09d}"), mode, element) for each in sources)

    def _add3(
        self, product: str, kind: str, candidate: str, members: tuple[tuple[str, str], ...], made: tuple[Combined, ...]
    ) -> None:
        number = self._numbers.next_association()
        self._found.stage3.append(Association(candidate, kind, number, product, members, made))


def _members(science: list[Exposure], beside: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return (*((each.calibrated, "science") for each in science), *beside)
