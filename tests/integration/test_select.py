"""Observations selected by what an astronomer knows, and programs as units, on real lists, by the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import jwgraph as library
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.model.records import ProductRecord
from jwgraph.store.graph import Graph
from tests.support.cli import Done, jwgraph
from tests.support.store import Slate, load_paths, load_records

pytestmark = pytest.mark.once

NGC_3132 = "jw02733-o001_t001_nircam_clear-f187n"
BRICK = "jw02221-o001_t001_nircam_clear-f187n"
MIRI = [f"jw02733-o002_t001_miri_{name}" for name in ("f1130w", "f1280w", "f1800w", "f770w")]


@pytest.fixture
def real(slate: Slate, shared: Path, environment: Path) -> Graph:
    """Return a store with searches, keywords and product lists of MAST."""
    folders = [shared / "mast" / name for name in ("observations", "keywords", "products")]
    return slate.filled("mast", lambda graph: load_paths(graph, *folders))


def rows(done: Done) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def names(*arguments: str) -> list[str]:
    return [row["obs_id"] for row in rows(jwgraph("observations", *arguments))]


def test_by_a_search(real: Graph) -> None:
    assert names("--program", "2733", "--target", "ngc 3132", "--observation", "2") == MIRI
    assert names("--instrument", "nircam", "--filter", "f187n", "--target", "NGC-3132") == [NGC_3132]
    assert names("--program", "2733", "--observed-since", "2022-06-12", "--observed-until", "2022-06-12") == MIRI
    assert names("--program", "2733", "--observed-until", "2022-06-02") == []
    assert names("--target", "NGC*", "--filter", "F770W,F187N") == [NGC_3132, MIRI[3]]


def test_the_columns_say_from_where(real: Graph) -> None:
    (row,) = json.loads(jwgraph("observations", "--filter", "F187N", "--program", "2733", "-f", "json").stdout)["rows"]
    assert {
        name: row[name] for name in ("instrument", "filters", "gratings", "targets", "exp_types", "known_from")
    } == {
        "instrument": "NIRCAM",
        "filters": ["F187N"],
        "gratings": [],
        "targets": ["NGC-3132"],
        "exp_types": [],
        "known_from": ["name", "search"],
    }


def test_by_keywords(real: Graph) -> None:
    found = rows(jwgraph("observations", "--grating", "G395M", "--exp-type", "nrs_fixedslit", "--program", "4524"))
    assert [(row["obs_id"], row["known_from"]) for row in found] == [
        (f"jw04524001001_03102_0000{number}_nrs1", '["header", "name"]') for number in (1, 2, 3)
    ]


def test_by_a_product_list(real: Graph) -> None:
    found = rows(jwgraph("observations", "--program", "5224", "--grating", "mirror", "--include-exposures"))
    assert found
    assert {(row["filters"], row["known_from"]) for row in found} == {('["CLEAR"]', '["list", "name"]')}


def test_what_is_in_no_level_3(real: Graph) -> None:
    segments = [f"jw01091002001_03101_00001-seg00{number}_nis" for number in (1, 3)]
    assert names("--program", "1091", "--no-level3", "--include-exposures") == segments
    assert names("--program", "1091", "--level3") == ["jw01091-o002_t001_niriss_f277w-gr700xd-substrip256"]


def test_what_is_not_known_is_noted(real: Graph) -> None:
    done = jwgraph("observations", "--target", "NGC-3132", "--filter", "F187N")
    assert done.stderr == (
        "note: nothing loaded says whether jw01091002001_03101_00001-seg001_nis and 2 other Observations would be "
        "selected, so this answer may be incomplete: `jwgraph sync --program 1091`\n"
    )
    done = jwgraph("observations", "--program", "2733", "--exp-type", "NRC_IMAGE")
    assert (done.returncode, done.stderr) == (
        3,
        "jwgraph: unknown: the exposure type of no Observation of program 2733 is loaded: "
        "`jwgraph sync --program 2733`\n",
    )


def test_values_that_do_not_exist(real: Graph) -> None:
    done = jwgraph("observations", "--grating", "G395X")
    assert (done.returncode, done.stderr) == (
        2,
        "jwgraph: No Observation has the grating G395X; there are: G395M, G395H, G235M, G140H, G140M, G235H, "
        "GR700XD, MIRROR, PRISM.\n",
    )
    assert jwgraph("export", "--instrument", "hst", "-f", "curl").returncode == 2
    assert "'June' is not a date" in jwgraph("observations", "--observed-since", "June").stderr
    assert "'one' is not an observation number" in jwgraph("observations", "--observation", "one").stderr


def test_a_program_is_a_unit(real: Graph) -> None:
    done = jwgraph("size", "--program", "2221", "--instrument", "miri")
    assert [list(row.values()) for row in rows(done)] == [
        ["jw02221-o001_t001_miri_f2550w", "12", "57913358", "5", "57803237"],
        ["jw02221-o003_t002_miri_f2550w", "5", "10005", "1", "2805"],
    ]
    assert done.stderr == (
        "Total of 2 Observations, each file once: 17 files, 57.9 MB; recommended: 6 files, 57.8 MB.\n"
    )
    done = jwgraph("size", "--program", "2221")
    assert sum(int(row["files"]) for row in rows(done)) == 30
    assert "each file once: 30 files" in done.stderr


def test_a_size_that_is_not_known_is_not_zero(graph: Graph, environment: Path) -> None:
    one, two = (f"jw02733001001_02101_0000{number}_nrca1" for number in (1, 2))
    load_records(
        graph,
        [
            ProductRecord(f"{one}_cal.fits"),
            ProductRecord(f"{two}_cal.fits", mast={"size": 5}),
            ProductRecord(f"{two}_rate.fits"),
        ],
    )
    done = jwgraph("size", one)
    assert [list(row.values()) for row in rows(done)] == [[one, "1", "", "1", ""]]
    assert done.stderr.splitlines()[-2:] == [
        "Total of 1 Observation, each file once: 1 file, size not known; recommended: 1 file, size not known.",
        "The size of 1 file is not known.",
    ]
    assert [list(row.values()) for row in rows(jwgraph("size", two))] == [[two, "2", "5", "2", "5"]]
    assert "1 product, size not known (1 recommended, size not known), in" in jwgraph("impact", one).stderr
    assert "2 products, at least 5 bytes (2 recommended" in jwgraph("impact", two).stderr


def test_files_of_a_selection(real: Graph) -> None:
    recommended = ["jw02221-o001_20220828t044842_image3_007_asn.json", f"{BRICK}_i2d.fits"]
    for command in (
        ("export", "--program", "2221", "--filter", "F187N", "--format", "csv"),
        ("mrp", "--program", "2221", "--filter", "F187N"),
        ("tree", "--program", "2221", "--filter", "F187N", "--mrp"),
    ):
        assert [row["productFilename"] for row in rows(jwgraph(*command))] == recommended


def test_identifiers_from_standard_input(real: Graph) -> None:
    listed = jwgraph("observations", "--program", "2221", "--filter", "F2550W", "--format", "csv").stdout
    assert [row["obs_id"] for row in rows(jwgraph("size", "-", stdin=listed))] == [
        "jw02221-o001_t001_miri_f2550w",
        "jw02221-o003_t002_miri_f2550w",
    ]
    found = rows(jwgraph("size", "-", "--observation", "3", stdin=listed))
    assert [row["obs_id"] for row in found] == ["jw02221-o003_t002_miri_f2550w"]
    assert jwgraph("mrp", "-", stdin=f"{BRICK.upper()}\n").returncode == 0
    assert jwgraph("mrp", "-", stdin="\n").returncode == 2
    assert jwgraph("mrp", "-", stdin="jw09999-o001_t001_nircam_clear-f187n\n").returncode == 3


def test_an_export_of_what_only_a_search_has(real: Graph) -> None:
    for form in ("curl", "csv", "manifest", "datalink", "prov", "dot"):
        done = jwgraph("export", NGC_3132, "--format", form)
        assert (done.returncode, done.stdout, done.stderr) == (
            3,
            "",
            f"jwgraph: unknown: the product list of {NGC_3132} is not loaded, so files may be missing here: "
            f"`jwgraph sync --obs-id {NGC_3132}`\n",
        )


def test_neither_an_argument_nor_an_option(real: Graph) -> None:
    for command in (("export", "-f", "curl"), ("mrp",), ("size",), ("tree",), ("download",)):
        done = jwgraph(*command)
        assert (done.returncode, done.stderr) == (
            2,
            "jwgraph: Give an OBS_ID, - to read them from standard input, or options such as --program 2221.\n",
        )


def test_python_selects_as_the_command_line_does(real: Graph) -> None:
    with library.connect() as g:
        found = g.observations(2733, target="ngc 3132", observation=2)
        assert found.values("obs_id") == MIRI
        assert found.info.call == "g.observations(program=2733, target='ngc 3132', observation=2)"
        assert g.observations(grating="G395M", exp_type="nrs_fixedslit", program="4524").values("obs_id") == [
            f"jw04524001001_03102_0000{number}_nrs1" for number in (1, 2, 3)
        ]
        assert g.observations(2733, observed_since="2022-06-12", observed_until="2022-06-12").values("obs_id") == MIRI
        assert g.observations(target="NGC*", filter=["F770W", "F187N"]).values("obs_id") == [NGC_3132, MIRI[3]]
        assert g.observations(names="jw02733-o002*").values("obs_id") == MIRI
        assert len(g.observations(1091, level3=False, include_exposures=True)) == 2
        raw = g.observations(5224, include_exposures=True, suffix="uncal")
        assert len(raw) > 20
        assert len(raw) == len(names("--program", "5224", "--include-exposures", "--suffix", "uncal"))
        sizes = g.size(program=2221, instrument="miri")
        assert sizes.values("bytes") == [57913358, 10005]
        assert (sizes.total.files, sizes.total.mrp_files, sizes.unsized) == (17, 6, 0)
        assert sizes[:1].values("files") == [12]
        assert sizes.where(lambda row: row.files == 5).info.whole == 2
        recommended = ["jw02221-o001_20220828t044842_image3_007_asn.json", f"{BRICK}_i2d.fits"]
        assert g.mrp(program=2221, filter="f187n").values("productFilename") == recommended
        assert g.tree(BRICK, mrp=True).values("productFilename") == recommended
        assert g.mrp(BRICK, suffix="i2d", extension=".FITS").values("productFilename") == recommended[1:]
        nothing = g.tree(BRICK, suffix="x1d", level=3)
        assert (len(nothing), str(nothing.notes[-1])) == (0, "none of the 4 products matches suffix='x1d'")
        only_searched = g.tree(NGC_3132)
        assert (len(only_searched), only_searched.notes[0].command) == (0, f"jwgraph sync --obs-id {NGC_3132}")


def test_python_refuses_as_the_command_line_does(real: Graph) -> None:
    with library.connect() as g:
        with pytest.raises(UsageError, match="No Observation has the grating G395X; there are: G395M"):
            g.observations(grating="G395X")
        with pytest.raises(UsageError, match="There is no criterion 'instrumnet'; did you mean instrument"):
            g.observations(instrumnet="miri")  # type: ignore[call-arg]
        with pytest.raises(UsageError, match="There is no suffix 'x1'; did you mean x1d"):
            g.tree(BRICK, suffix="x1")
        with pytest.raises(UsageError, match="There is no extension 'fit'; did you mean fits"):
            g.observation(BRICK).tree(extension="fit")
        with pytest.raises(UsageError, match="Names stand for exposures too"):
            g.observations(names=NGC_3132, include_exposures=True)
        with pytest.raises(NotFoundError, match="No Observation matches all of these criteria"):
            g.size(program=2733, instrument="nircam", observation=2)
        for ask in (g.tree, g.mrp, g.size, g.why, g.download):
            with pytest.raises(UsageError, match="Give an Observation, or criteria such as program=2221"):
                ask()
        with pytest.raises(NotFoundError, match=f"the product list of {NGC_3132} is not loaded"):
            g.export(NGC_3132, form="datalink")
