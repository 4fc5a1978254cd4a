"""What repeats in a tree is folded, and nothing is lost."""

from __future__ import annotations

from jwgraph.answers.products import ProductRow
from jwgraph.model.vocabulary import Relation
from jwgraph.present.fold import branches

EXPOSURES = [f"jw02733001001_02101_0000{n}_nrca1" for n in range(1, 5)]


def row(obs_id: str, name: str, size: int | None, *, archived: bool = True) -> ProductRow:
    return ProductRow(name, obs_id, "SCIENCE", 2, None, size, False, Relation.ANTECEDENT, "2b", archived)


def shown(observations: dict[str, list[ProductRow]], *, folded: bool = True) -> list[tuple[str, list[str]]]:
    found = branches(observations, folded=folded)
    return [(branch.title, [f"{files.name}  {files.details}" for files in branch.files]) for branch in found]


def test_exposures_with_the_same_kinds_of_files_are_one_branch() -> None:
    files = {
        o: [row(o, f"{o}_cal.fits", 10**9), row(o, f"jw02733-o001_2022t1_image2_0000{n}_asn.json", 1000)]
        for n, o in enumerate(EXPOSURES, 1)
    }
    assert shown(files) == [
        (
            f"4 Observations, {EXPOSURES[0]} … {EXPOSURES[3]}",
            [
                "…_cal.fits × 4  SCIENCE, L2b, 4.0 GB, antecedent",
                "jw02733-o001_2022t1_image2_0000…_asn.json × 4  SCIENCE, L2b, 4.0 kB, antecedent",
            ],
        )
    ]
    assert [title for title, _ in shown(files, folded=False)] == EXPOSURES


def test_one_that_differs_is_a_branch_of_its_own() -> None:
    files = {o: [row(o, f"{o}_cal.fits", 1000)] for o in EXPOSURES}
    files[EXPOSURES[1]].append(row(EXPOSURES[1], f"{EXPOSURES[1]}_crf.fits", None))
    files[EXPOSURES[3]] = [row(EXPOSURES[3], f"{EXPOSURES[3]}_cal.fits", 1000, archived=False)]
    assert [title for title, _ in shown(files)] == EXPOSURES


def test_two_are_not_folded() -> None:
    assert [title for title, _ in shown({o: [row(o, f"{o}_cal.fits", 1)] for o in EXPOSURES[:2]})] == EXPOSURES[:2]


def test_unknown_sizes_are_at_least() -> None:
    files = {o: [row(o, f"{o}_cal.fits", 1000 if o == EXPOSURES[0] else None)] for o in EXPOSURES}
    assert shown(files)[0][1] == ["…_cal.fits × 4  SCIENCE, L2b, at least 1.0 kB, antecedent"]
