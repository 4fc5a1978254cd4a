"""How two files or Observations are related: the shortest way, the same one each time."""

from __future__ import annotations

import pytest

from jwgraph.answers import paths
from jwgraph.answers.paths import StepRow
from jwgraph.errors import NotFoundError
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.store import Slate, load_records

L3 = "jw02733-o001_t001_nircam_clear-f090w"
A, B = (f"jw02733001001_02101_0000{n}_nrca1" for n in (1, 2))
ASN3 = "jw02733-o001_20220710t161010_image3_00001_asn.json"


def fill(graph: Graph) -> None:
    association = asn(ASN3, "image3", {L3: {f"{A}_cal.fits": "science", f"{B}_cal.fits": "background"}})
    names = [f"{L3}_i2d.fits", f"{A}_cal.fits", f"{A}_cal.jpg", f"{A}_uncal.fits", f"{B}_cal.fits", "elsewhere.txt"]
    names += [f"{B}_uncal.jpg", f"{B}_rate.jpg"]
    load_records(graph, [association, *archived(*names)])


@pytest.fixture
def loaded(slate: Slate) -> Graph:
    return slate.filled(__name__, fill)


def test_what_was_made_of_what_comes_before_who_owns_it(loaded: Graph) -> None:
    assert paths.path(loaded, f"{L3}_i2d.fits", f"{A}_uncal.fits") == [
        StepRow(f"{L3}_i2d.fits", "made of", "science", f"{A}_cal.fits"),
        StepRow(f"{A}_cal.fits", "made of", "science", f"{A}_uncal.fits"),
    ]
    assert paths.path(loaded, f"{A}_uncal.fits", f"{B}_cal.fits") == [
        StepRow(f"{A}_uncal.fits", "feeds", "science", f"{A}_cal.fits"),
        StepRow(f"{A}_cal.fits", "member of", "science", ASN3),
        StepRow(ASN3, "has the member", "background", f"{B}_cal.fits"),
    ]


def test_links_and_ownership(loaded: Graph) -> None:
    assert paths.path(loaded, f"{A}_cal.jpg", f"{A}_cal.fits") == [
        StepRow(f"{A}_cal.jpg", "linked to", "preview", f"{A}_cal.fits")
    ]
    assert paths.path(loaded, L3, A) == [StepRow(L3, "includes", None, A)]
    assert paths.path(loaded, A.upper().replace("JW", "jw"), f"{L3}_i2d.fits") == [
        StepRow(A, "included in", None, L3),
        StepRow(L3, "owns", None, f"{L3}_i2d.fits"),
    ]


def test_a_path_through_links_to_an_observation_names_it(loaded: Graph) -> None:
    # Previews of files that are not there are linked to the Observation.
    assert paths.path(loaded, f"{B}_uncal.jpg", f"{B}_rate.jpg") == [
        StepRow(f"{B}_uncal.jpg", "linked to", "preview", B),
        StepRow(B, "has the link", "preview", f"{B}_rate.jpg"),
    ]


def test_where_no_way_leads(loaded: Graph) -> None:
    assert paths.path(loaded, "elsewhere.txt", f"{A}_cal.fits") == []
    assert paths.path(loaded, L3, L3) == []
    with pytest.raises(NotFoundError, match="nothing"):
        paths.path(loaded, L3, "nothing")


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_roles_of_one_member_the_first_by_name_is_given(graph: Graph, turn: int) -> None:
    two = [(f"{L3}-sub", "science"), (L3, "background")]
    members: dict[str, dict[str, str]] = {product: {f"{A}_cal.fits": role} for product, role in two[::turn]}
    load_records(graph, [asn(ASN3, "image3", members), *archived(f"{A}_cal.fits")])
    assert paths.path(graph, ASN3, f"{A}_cal.fits") == [StepRow(ASN3, "has the member", "background", f"{A}_cal.fits")]
