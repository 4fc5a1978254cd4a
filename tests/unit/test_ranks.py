"""Of competing records the same one wins in any order, and a missing part never outranks a present one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import HeaderRecord
from jwgraph_loaders.write.headers import header_properties
from jwgraph_loaders.write.ranks import rank_of, version_key

parts = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


@given(one=st.tuples(parts, parts, parts), other=st.tuples(parts, parts, parts))
def test_ranks_compare_as_their_parts_do(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (rank_of(*one) < rank_of(*other)) == (one < other)


def rank(**cards: str) -> str:
    return str(header_properties(HeaderRecord("jw02733001001_02101_00001_nrca1_cal.fits", cards=cards))["header_rank"])


def test_a_header_without_context_or_date_comes_before_one_that_has_it() -> None:
    assert rank(cal_ver="1.9.2") < rank(cal_ver="1.9.2", crds_ctx="jwst_0916.pmap")
    assert rank(cal_ver="1.9.2", crds_ctx="jwst_0916.pmap") < rank(
        cal_ver="1.9.2", crds_ctx="jwst_0916.pmap", date="2022-07-10T16:10:10"
    )


def test_versions_compare_as_numbers() -> None:
    assert version_key("") < version_key("1.9.2") < version_key("1.13.3")
