"""What the Hub's template and its Trainer write into every card says nothing of the model."""

from __future__ import annotations

from prefrontal.tools.connectors.template import without_template


def test_unfilled_fields_and_comments_go_and_what_was_written_stays() -> None:
    text = (
        "# Mine\n<!-- Provide a summary -->\nIt finds names.\n- **License:** [More Information Needed]\n"
        "Carbon emissions can be estimated using the calculator.\n"
    )
    assert [line for line in without_template(text).split("\n") if line.strip()] == ["# Mine", "It finds names."]


def test_versions_of_frameworks_go() -> None:
    assert without_template("It is.\n### Framework versions\n- Transformers 5\n").strip() == "It is."


def test_a_card_of_one_s_own_stays() -> None:
    assert (
        without_template("# Mine\n\nCarbon emissions can be estimated.")
        == "# Mine\n\nCarbon emissions can be estimated."
    )
