"""Texts in every encoding that is told apart, and web pages as their reader sees them."""

from __future__ import annotations

import pytest

from prefrontal.errors import MediaError
from prefrontal.tools.text_files import MAX_TEXT_BYTES, plain_text, read_text, without_tags

WORDS = "Zwölf Büros, 5 €\n“Żółć”"


def refusal(data: bytes, suffix: str = "txt") -> str:
    with pytest.raises(MediaError) as caught:
        plain_text(data, suffix)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_letter(encoding: str) -> None:
    assert plain_text(WORDS.encode(encoding), "txt") == WORDS


def test_the_other_order_of_utf_16() -> None:
    assert plain_text(b"\xfe\xff" + WORDS.encode("utf-16-be"), "txt") == WORDS


def test_the_letters_of_windows() -> None:
    assert plain_text("Zwölf Büros, 5 €".encode("cp1252"), "txt") == "Zwölf Büros, 5 €"


def test_the_letters_of_others_are_told() -> None:
    words = "Первая строка о котах.\n"
    assert read_text(words.encode("cp1251"), "txt") == (words, "Read as cp1251.", "")
    assert read_text(words.encode(), "txt") == (words, "", "")
    assert plain_text(words.encode("utf-16-le"), "md") == words


def test_line_ends_of_every_system() -> None:
    assert plain_text(b"a\r\nb\rc\nd", "txt") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfea", "'utf-16-le' codec can't decode byte 0x61 in position 2: truncated data"),
        (b"a\0b", "it holds zero bytes, which no text has"),
        (bytes(range(128, 256)), "'charmap' codec can't decode byte 0x81 in position 1: character maps to <undefined>"),
    ],
)
def test_what_is_in_no_known_encoding(data: bytes, reason: str) -> None:
    assert refusal(data) == (
        f"the text cannot be read as text ({reason}); allowed are UTF-8, UTF-16, Windows-1252 and what is common "
        "elsewhere; save it again as UTF-8"
    )


def test_two_megabytes_and_no_more() -> None:
    assert len(plain_text(b"a" * MAX_TEXT_BYTES, "txt")) == MAX_TEXT_BYTES
    assert refusal(b"a" * 3_000_000) == "the text has 3.0 MB; allowed for a text are 2.0 MB; take a part of it"


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("<p>One<br>two <b>bold</b>.</p><p>Three", "One\ntwo bold.\n\nThree"),
        ("<h1>Bill &amp; more</h1>text", "Bill & more\n\ntext"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        (
            "<table><tr><td>Total</td><td>&euro; 5</td></tr><tr><td>Tax</td><td>1</td></tr></table>",
            "Total\t€ 5\nTax\t1",
        ),
        ("<table><tr><td><p>Total</p></td>\n<td><div>5</div></td></tr></table><p>Bye", "Total\t5\n\nBye"),
        ("<div>a</div><div>b</div>c<br><br>d", "a\nb\nc\n\nd"),
        ("<title>T</title><style>p {}</style><script>if (a<b) x()</script>seen", "seen"),
        ("<p>many \n\n  blanks&nbsp;here</p>", "many blanks here"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("<title/>seen", "seen"),
        ("1 < 2 and no tag", "1 < 2 and no tag"),
    ],
)
def test_a_page_as_it_is_read(page: str, seen: str) -> None:
    assert without_tags(page) == seen
    assert plain_text(page.encode(), "HTML") == seen


def test_only_a_page_loses_its_tags() -> None:
    assert plain_text(b"<b>bold</b>", "md") == "<b>bold</b>"


def test_a_page_may_name_its_encoding() -> None:
    page = '<meta charset="iso-8859-2">Łódź'
    assert plain_text(page.encode("iso-8859-2"), "html") == "Łódź"
    assert plain_text('<meta charset="utf-8">Büro'.encode("cp1252"), "html") == "Büro"
    assert refusal('<meta charset="klingon">Büro'.encode("cp1252"), "html").startswith(
        "the text cannot be read as text (unknown encoding: klingon); "
    )
