"""The tree on the command line: where its files stand, and what is said where it is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.model.records import ObservationRecord
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.cli import jwgraph
from tests.support.small import L3, A
from tests.support.store import load_records


@pytest.fixture
def loaded(small: Graph, environment: Path) -> Graph:
    return small


def tree(obs_id: str) -> str:
    done = jwgraph("tree", obs_id, "--format", "table", NO_COLOR="1")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("obs_id", "spelling", "title"),
    [(A, A.replace("nrca1", "NRCA1"), "level 2"), (L3, L3.upper(), "level 3")],
)
def test_a_tree_is_that_of_the_observation_however_it_is_spelled(
    loaded: Graph, obs_id: str, spelling: str, title: str
) -> None:
    asked = tree(obs_id)
    assert asked.startswith(f"{obs_id}  ")
    assert asked.splitlines()[1].startswith(f"├── {title} (")
    assert tree(spelling) == asked


PLANNED = "jw02733002001_xx101_00001_nircam"
LISTED = "jw02733003001_02101_00001_nrca1"
PREVIEWED = "jw02733004001_02101_00001_nrca1"
PROMISED = "jw02733-o001_t001_nircam_clear-f090w"
# The same members make it as the one of the observation, which comes before that of a candidate.
NAMED = "jw02733-c1001_t001_nircam_clear-f090w"


@pytest.fixture
def states(graph: Graph, environment: Path) -> Graph:
    """Load one Observation of each state, none of them with a recommended product."""
    members = {f"{A}_cal.fits": "science"}
    load_records(
        graph,
        [
            ObservationRecord(PLANNED, 99, "02733", -1),
            ObservationRecord(LISTED, 98, "02733", 2),
            asn("jw02733-o001_20220710t161010_image3_00001_asn.json", "image3", {PROMISED: members}),
            asn("jw02733-c1001_20220710t161010_image3_00002_asn.json", "image3", {NAMED: members}, asn_id="c1001"),
            *archived(f"{PREVIEWED}_rate.jpg"),
        ],
    )
    return graph


def no_list(obs_id: str) -> str:
    return (
        f"note: the product list of {obs_id} is not loaded, so files may be missing here: "
        f"`jwgraph sync --obs-id {obs_id}`\n"
    )


def test_why_a_list_of_products_is_empty(states: Graph) -> None:
    for command, obs_id, says in (
        ("tree", PLANNED, f"{PLANNED} is planned, but none of its products is there."),
        ("mrp", PLANNED, f"{PLANNED} is planned, but none of its products is there."),
        ("mrp", PROMISED, f"{PROMISED} is expected, but none of its products is there."),
        ("mrp", NAMED, f"{NAMED} is known only by its name."),
        ("tree", LISTED, f"{LISTED} is archived, but none of its products is loaded."),
        ("mrp", LISTED, f"{LISTED} is archived, but none of its recommended products is loaded."),
        ("mrp", PREVIEWED, f"{PREVIEWED} is archived, but none of its recommended products is loaded."),
    ):
        done = jwgraph(command, obs_id, "--format", "csv")
        # What MAST plans has no products to list.
        text = f"{says}\n" if obs_id == PLANNED else f"{no_list(obs_id)}{says}\n"
        assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 1, text), (command, obs_id)
    done = jwgraph("tree", PREVIEWED, "--mrp", "--format", "csv")
    text = f"{PREVIEWED} is archived, but none of its recommended products is loaded.\n"
    assert done.stderr == no_list(PREVIEWED) + text
