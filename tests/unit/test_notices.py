"""What the server says about a query, as one sentence each."""

from __future__ import annotations

from jwgraph.adhoc.notices import sentences
from jwgraph.store.explain import Notice


def test_a_word_of_the_vocabulary_that_the_store_has_nothing_of() -> None:
    absent = "The {} `{}` does not exist. Verify that the spelling is correct."
    found = sentences(
        [
            Notice("01N51", absent.format("relationship type", "PLANS"), 1, 30),
            Notice("01N50", absent.format("label", "Pool"), 1, 10),
            Notice("01N52", absent.format("property", "crds_ctx"), 1, 20),
            Notice("01N52", absent.format("property", "crds_ctx"), 1, 20),
        ]
    )
    assert found == (
        "No node of this store has the label Pool (line 1, column 10).",
        "No node or relationship of this store has the property crds_ctx (line 1, column 20).",
        "No relationship of this store has the type PLANS (line 1, column 30).",
    )


def test_what_has_no_position_or_another_form_is_passed_on() -> None:
    assert sentences([Notice("01N99", "Something new.")]) == ("Something new.",)
    assert sentences([Notice("01N50", "Another wording.", 2, 3)], lines=1) == ("Another wording (line 1, column 3).",)
