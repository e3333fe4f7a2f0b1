"""What is written short in messages is written out, and nothing else is touched."""

from __future__ import annotations

import pytest

from prefrontal.agent.planner.parse.abbreviations import spelled_out


@pytest.mark.parametrize(
    ("goal", "plain"),
    [
        ("hw mny pegs r in this foto", "how many pegs r in this photo"),
        ("ocr all pages please", "read the text of all pages please"),
        ("OCR this", "Read the text of this"),
        ("can you run OCR on the receipt", "can you read the text of the receipt"),
        ("avarage of 3 and 5, and wich is higest", "average of 3 and 5, and which is highest"),
        ("rows with more then 5 absences", "rows with more than 5 absences"),
        ("draw boxes round the coins", "draw boxes around the coins"),
        ("Times that by 6", "Multiply that by 6"),
        ("round the boxes to 2 decimals, 3 times the sum", "round the boxes to 2 decimals, 3 times the sum"),
        ("multply it, then add 5", "multiply it, then add 5"),
        ("combien de pièces, quelle moyenne", "combien de pièces, quelle moyenne"),  # no English, and none of it near
        # a name, a quote, a word that it is only a part of
        ("open foto.png and say b4", "open foto.png and say before"),
        ('translate "hw mny" into French', 'translate "hw mny" into French'),
        ("which model is best for OCR?", "which model is best for OCR?"),
        ("what about it", "what about it"),
    ],
)
def test_short_words(goal: str, plain: str) -> None:
    assert spelled_out(goal) == plain
