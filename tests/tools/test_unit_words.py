"""Quantities, units and numbers leave their letters in the text; every name of the table is one that pint can use."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.unit_names import names
from prefrontal.tools.unit_sums import registry
from prefrontal.tools.unit_words import name_of, read


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("6 ft 2 in in centimetres", "Q0 in U0"),
        ("how many km are 25 miles", "how many U0 are Q0"),
        ("5 kg and 3 lb in g", "Q0 and Q1 in U0"),
        ("5-10 kg in lb", "N0 Q0 in U0"),
    ],
)
def test_letters(text: str, letters: str) -> None:
    assert read(text).text.replace("N0 -", "N0 ").replace("-Q", "Q").replace("  ", " ").strip() == letters


def test_pint_knows_every_unit_of_the_table() -> None:
    units = {unit for options in names().values() for unit in options}
    assert len(units) > 120
    for kind in {unit.kind for unit in units} - {"fuel use"}:
        bases = {registry().Quantity(1, unit.pint).dimensionality for unit in units if unit.kind == kind}
        assert len(bases) == 1, kind


def test_names() -> None:
    assert name_of("Kilometres").units == names()["km"]
    assert name_of("kilometrs").units == names()["km"]
    with pytest.raises(ToolInputError, match="'flurb' is no unit that is known here"):
        name_of("flurb")
