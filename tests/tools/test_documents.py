"""The words of documents: Word by the standard library, PDF by pypdf, each page of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from made_files import docx, paragraphs, pdf, zipped

from prefrontal.errors import MediaError
from prefrontal.tools import documents
from prefrontal.tools.documents import read_document


def refusal(data: bytes, suffix: str) -> str:
    with pytest.raises(MediaError) as caught:
        read_document(data, suffix, f"letter.{suffix}")
    return str(caught.value)


# Word


def test_paragraphs_are_lines() -> None:
    read = read_document(docx(paragraphs("Dear Zoë,", "", "tea &amp; cake")), "docx")
    assert read.text == "Dear Zoë,\n\ntea & cake"
    assert read.read_as == "Read as a Word document, without headers, footers and notes."


def test_tables_tabs_and_breaks() -> None:
    cell = "<w:tc>{}</w:tc>".format
    row = f"<w:tr>{cell(paragraphs('Tea'))}{cell(paragraphs('5 €'))}</w:tr>"
    broken = "<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>"
    assert (
        read_document(docx(f"<w:tbl>{row}{row}</w:tbl>{broken}"), "docx").text == "Tea\t5 €\nTea\t5 €\none\ntwo\tthree"
    )


def test_what_was_struck_out_is_no_text() -> None:
    gone = "<w:p><w:del><w:r><w:delText>old</w:delText><w:t>old</w:t></w:r></w:del><w:r><w:t>new</w:t></w:r></w:p>"
    assert read_document(docx(gone), "docx").text == "new"


def test_documents_that_are_refused() -> None:
    assert refusal(zipped({"a.xml": "<a/>"}), "docx") == (
        "letter.docx is no Word document: it has no part word/document.xml; save it again as .docx"
    )
    assert refusal(docx(paragraphs(" ")), "docx").startswith("letter.docx holds no text; ")
    assert refusal(docx("<w:p>"), "docx").startswith("letter.docx is damaged (mismatched tag: ")
    assert refusal(docx("&e;", '<!DOCTYPE a [<!ENTITY e "x">]>'), "docx").startswith("letter.docx declares entities ")
    assert refusal(docx(paragraphs("word " * 400_001)), "docx") == (
        "letter.docx holds more than 2.0 MB of text; take a part of it"
    )
    assert refusal(b"PK\x03\x04" + bytes(50_000_000), "docx") == (
        "letter.docx has 50.0 MB; allowed for a document are 50.0 MB; take a part of it"
    )


# PDF


@pytest.fixture
def pypdf():
    return pytest.importorskip("pypdf")


def test_pages(pypdf) -> None:
    read = read_document(pdf(["The rent is 900 euros.", "It is due on Friday."], ["Bye."]), "pdf")
    assert read == ("The rent is 900 euros.\nIt is due on Friday.\n\nBye.", "Read as PDF, 2 pages.", "")


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([["a"], []], "page 2 has no text; pass it as a picture"),
        ([[], ["a"], []], "pages 1 and 3 have no text; pass them as pictures"),
        ([["a"], *[[]] * 8], "pages 2, 3, 4, 5, 6, 7, … have no text; pass them as pictures"),
    ],
)
def test_pages_without_text_are_told(pypdf, pages: list[list[str]], said: str) -> None:
    read = read_document(pdf(*pages), "pdf")
    assert read.text == "a"
    assert read.read_as == f"Read as PDF, {len(pages)} pages; {said}."
    assert read.left_out == said


def test_scans_are_for_another_tool(pypdf) -> None:
    assert (
        refusal(pdf([]), "pdf") == "page 1 of letter.pdf, its only one, has no text; pass it as a picture (PNG, JPEG)"
    )
    assert refusal(pdf([], []), "pdf") == (
        "none of the 2 pages of letter.pdf has text; they are pictures: pass them as pictures (PNG, JPEG)"
    )


def test_pdfs_that_are_refused(pypdf, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(b"%PDF-1.4 nothing", "pdf")
    assert said.startswith("letter.pdf is damaged and cannot be read as a PDF (")
    assert said.endswith("); save it again")
    assert refusal(pdf(["secret"], password="x"), "pdf") == "letter.pdf has a password; save it without one"
    whole = pdf(["The rent is 900 euros."] * 30)
    assert refusal(whole[: len(whole) // 2], "pdf").startswith("letter.pdf ") or "no text" in refusal(
        whole[: len(whole) // 2], "pdf"
    )
    monkeypatch.setattr(documents, "_MAX_PAGES", 1)
    assert refusal(pdf(["a"], ["b"]), "pdf") == "letter.pdf has 2 pages; allowed are 1; take a part of it"
    monkeypatch.setattr(documents, "MAX_WORDS_BYTES", 10)
    assert refusal(pdf(["twelve letters"]), "pdf").startswith("letter.pdf holds more than ")
    monkeypatch.setattr(documents, "MAX_WORDS_BYTES", 1000)
    monkeypatch.setattr(documents, "_MAX_SECONDS", -1.0)
    assert refusal(pdf(["a"]), "pdf") == "letter.pdf takes longer than -1 s to read; take a part of it"


def test_without_pypdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert refusal(b"%PDF-1.4", "pdf") == (
        "letter.pdf is a PDF, which needs pypdf, missing here: pip install 'prefrontal[pdf]', "
        "or pass its pages as pictures"
    )
