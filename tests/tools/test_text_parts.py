"""Words, sentences and paragraphs as a person counts them."""

from __future__ import annotations

import pytest

from prefrontal.errors import ToolInputError
from prefrontal.tools.text_parts import lines_of, paragraphs_of, sentences_of, words_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("can't", 1),
        ("can’t", 1),
        ("well-known", 1),
        ("3.5", 1),
        ("12:30", 1),
        ("1,200.50", 1),
        ("here - there – and — gone -- !", 4),
        ("dogs' tails", 2),
        ("e.g. the U.S.A. or U.S.", 5),
        ("a@b.com and https://x.y/z.", 3),
        ("end.Next", 2),
        ("cafe\u0301 noir", 2),
        ("हिन्दी में", 2),
        ("***", 0),
    ],
)
def test_words(text: str, count: int) -> None:
    assert len(words_of(text)) == count


@pytest.mark.parametrize("text", ["你好吗", "สวัสดี", "こんにちは"])
def test_words_without_blanks_between_them(text: str) -> None:
    with pytest.raises(ToolInputError) as caught:
        words_of(text)
    assert str(caught.value) == (
        f"words are told apart by blanks, got a text in a script without them ({text[0]!r}); "
        "ask for lines or characters"
    )


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ('Dr. Smith came. He left! "Why?" she asked.', ["Dr. Smith came.", "He left!", '"Why?" she asked.']),
        ("On 3. Mai we met. J. R. Tolkien wrote it.", ["On 3. Mai we met.", "J. R. Tolkien wrote it."]),
        ("i went home. it was nice.", ["i went home.", "it was nice."]),
        ("It costs 3.50. OK? Yes", ["It costs 3.50.", "OK?", "Yes"]),
        ("A line that\ngoes on. And ends.", ["A line that goes on.", "And ends."]),
        ("Title\n\nBody one. Body two.", ["Title", "Body one.", "Body two."]),
        ("你好。再见！", ["你好。", "再见！"]),
        ("...", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_paragraphs_and_lines() -> None:
    assert paragraphs_of("a\nb\n \n\nc\r\n\r\nd") == ["a\nb", "c", "d"]
    assert paragraphs_of("one line") == ["one line"]
    assert lines_of("\n a \n\n b") == ["a", "b"]
    with pytest.raises(ToolInputError) as caught:
        paragraphs_of("a\nb")
    assert str(caught.value) == (
        "paragraphs are told by the blank lines between them, got 2 lines and none; ask for lines"
    )
