"""Observation searches that people saved: what is there is read, to the last row."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from jwgraph.model.records import ObservationRecord
from jwgraph_loaders import engineering, link_table, reference_table
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find.walk import sources
from jwgraph_loaders.observation_list import LOADER

pytestmark = pytest.mark.real


def records(path: Path) -> list[ObservationRecord]:
    source = Source.from_bytes(path.name, path.read_bytes())
    assert LOADER.detect(source)
    found = list(LOADER.read(source))
    assert all(isinstance(item, ObservationRecord) for item in found)
    return [item for item in found if isinstance(item, ObservationRecord)]


@pytest.mark.parametrize(
    ("name", "count", "level"),
    [
        ("brick2221_cell18_6.csv", 1, 3),
        ("brick2221_cell5_0.csv", 1, 3),
        ("brick2221_cell6_1.csv", 5, -1),
        ("post_mast_search_target.json", 10, 3),
    ],
)
def test_every_row_is_an_observation(shared: Path, name: str, count: int, level: int) -> None:
    found = records(shared / "mast/observations" / name)
    assert len(found) == count
    assert {record.calib_level for record in found} == {level}


def test_a_planned_observation_has_no_times_and_no_rights(shared: Path) -> None:
    first = records(shared / "mast/observations/brick2221_cell6_1.csv")[0]
    assert first == ObservationRecord(
        obs_id="jw02221001001_xx101_00001_nircam",
        obsid=86900436,
        program="02221",
        calib_level=-1,
        mast={
            "target_name": "BRICK-IKP2016-G0.253+0.015",
            "instrument_name": "NIRCAM/IMAGE",
            "filters": "F187N;F405N_F444W;",
            "proposal_type": "GO",
            "intentType": "SCIENCE",
            "dataproduct_type": "image",
        },
    )


def test_an_observation_of_level_3_is_as_the_file_has_it(shared: Path) -> None:
    path = shared / "mast/observations/brick2221_cell18_6.csv"
    (record,) = records(path)
    with path.open(newline="") as file:
        _, row = csv.DictReader(file)
    assert record.obs_id == row["obs_id"]
    assert (str(record.obsid), str(record.calib_level)) == (row["obsid"], row["calib_level"])
    assert [repr(record.t_min), repr(record.t_max), repr(record.t_obs_release)] == [
        row["t_min"],
        row["t_max"],
        row["t_obs_release"],
    ]
    assert record.mast == {column: row[column] for column in record.mast}
    assert len(record.mast) == 7


def test_a_search_around_a_target(shared: Path) -> None:
    path = shared / "mast/observations/post_mast_search_target.json"
    rows = json.loads(path.read_text())["results"]
    found = records(path)
    assert [record.obs_id for record in found] == [row["obs_id"] for row in rows]
    assert {record.program for record in found} == {"02733"}
    assert {record.t_obs_release for record in found} == {59773.625}


def test_nothing_else_of_the_real_data_is_taken(shared: Path) -> None:
    """Product lists, keyword tables, pools, headers and associations stay with their own loaders."""
    loaders: tuple[Loader, ...] = (
        LOADER,
        link_table.LINKS,
        reference_table.REFERENCES,
        engineering.ENGINEERING,
        engineering.LOADER,
    )
    for source in sources([str(shared)]):
        if isinstance(source, Source):
            taken = any(loader.detect(source) for loader in loaders)
            assert taken is ("/mast/observations/" in source.name), source.name
