"""Files of every kind that is read, made here, each asked through the agent: what was assumed stands in the step."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from prefrontal import Agent, ModelIndex, Workspace
from prefrontal.errors import MediaError
from prefrontal.tools import archives

sys.path.insert(0, str(Path(__file__).parent))

from made_files import changed, docx, grown, paragraphs, parquet, pdf, records, workbook

TOTAL = "what is the total amount?"
PAINTED = "when is the kitchen painted?"
SALES = "name,city,amount\nAnna,Köln,1234.50\nBöhm,Zürich,20.25\nZoë,Graz,300.00\n"
GERMAN = SALES.replace(",", ";").replace(".", ",")
NOTES = ("The rent is 900 euros.", "The kitchen is painted on Friday.", "Zoë brings the naïve cat.")
TEXT = "\n".join(NOTES) + "\n"
LETTERS = "name,city,amount\n{}\n"
RUSSIAN = LETTERS.format("Анна,Москва,100\nБорис,Казань,250\nВера,Томск,50")
JAPANESE = LETTERS.format("田中,東京,100\n鈴木,大阪,250\n佐藤,京都,50")
CHINESE = LETTERS.format("王伟,北京,100\n李娜,上海,250\n张敏,广州,50")
BOOK = workbook(
    Income=[["name", "amount"], ["Anna", 5], ["Ben", 7]], Costs=[["item", "amount"], ["rent", 100], ["food", 30]]
)
PAIR = [{"name": "Anna", "id": "007", "amount": 5}, {"name": "Ben", "id": "008", "amount": 7}]


@pytest.fixture(scope="module")
def index() -> ModelIndex:
    return ModelIndex()


@pytest.fixture
def ask(index: ModelIndex, tmp_path: Path):
    """A run over one file."""

    def ask(name: str, data: bytes | str, goal: str) -> Any:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return Agent(index=index, workspace=Workspace(tmp_path / "ws")).run(goal, path)

    return ask


@pytest.mark.parametrize(
    ("name", "data", "goal", "answer", "assumed"),
    [
        ("comma.csv", SALES, TOTAL, "1554.75", "comma-separated, UTF-8, decimal point"),
        ("semicolon.csv", GERMAN, TOTAL, "1554.75", "semicolon-separated, UTF-8, decimal comma"),
        ("tab.csv", SALES.replace(",", "\t"), TOTAL, "1554.75", "tab-separated, UTF-8, decimal point"),
        ("tab.tsv", SALES.replace(",", "\t"), TOTAL, "1554.75", "tab-separated, UTF-8, decimal point"),
        ("pipe.csv", SALES.replace(",", "|"), TOTAL, "1554.75", "bar-separated, UTF-8, decimal point"),
        ("sep.csv", f"sep=;\r\n{GERMAN}", TOTAL, "1554.75", "semicolon-separated, UTF-8, decimal comma"),
        ("mark.csv", SALES.encode("utf-8-sig"), TOTAL, "1554.75", "comma-separated, UTF-8, decimal point"),
        ("wide.csv", GERMAN.encode("utf-16"), TOTAL, "1554.75", "semicolon-separated, UTF-16, decimal comma"),
        ("wide2.csv", GERMAN.encode("utf-16-le"), TOTAL, "1554.75", "semicolon-separated, UTF-16-LE, decimal comma"),
        ("west.csv", SALES.encode("latin-1"), "which city has Zoë?", "Graz", "comma-separated, cp1252, decimal point"),
        ("ru.csv", RUSSIAN.encode("cp1251"), "what is the amount of Борис?", "250", "comma-separated, cp1251"),
        ("ja.csv", JAPANESE.encode("cp932"), "what is the amount of 鈴木?", "250", "comma-separated, Shift-JIS"),
        ("zh.csv", CHINESE.encode("gbk"), "what is the amount of 李娜?", "250", "comma-separated, GBK"),
        ("report.csv", f"Sales\nCreated 2026-01-02\nCurrency: EUR\n\n{SALES}", TOTAL, "1554.75",
         "comma-separated, UTF-8, 3 lines above the header left out, decimal point"),
        ("konto.csv", f"Kontoauszug;\nKonto;12345\n\n{GERMAN}", TOTAL, "1554.75",
         "semicolon-separated, UTF-8, 2 lines above the header left out, decimal comma"),
        ("totals.csv", f"{SALES}Total,,1554.75\n", TOTAL, "1554.75, without the row “Total”",
         "comma-separated, UTF-8, decimal point"),
        ("source.csv", f"{SALES}\nSource: our books\n", "how many rows are there?", "3 rows",
         "comma-separated, UTF-8, 1 line below the table left out (“Source: our books”), decimal point"),
        ("bare.csv", "Anna,5\nBen,7\nCarl,8\n", "how many rows are there?", "3 rows",
         "comma-separated, UTF-8, no header line, so columns go by their number"),
        ("ids.csv", "id,name\n00117,Anna\n00218,Ben\n", "which id has Ben?", "00218", "comma-separated, UTF-8"),
        ("na.csv", "country,amount\nNA,5\nDE,7\n", "what is the amount of NA?", "5", "comma-separated, UTF-8"),
        ("twice.csv", "name,n,n\nAnna,5,6\n", "what are the columns?", "name, n, n.1", "comma-separated, UTF-8"),
        ("groups.csv", 'name,amount\nA,"1,234,567"\nB,"2,000"\n', TOTAL, "1236567",
         "comma-separated, UTF-8, decimal point"),
        ("days.csv", "day,amount\n2026-01-05,5\n2026-02-06,7\n", "total amount in February", "is 7",
         "comma-separated, UTF-8"),
        ("gap.csv", "name,amount\nAnna,5\nBen,\nCarl,7\n", TOTAL, "12, leaving out 1 with an empty amount",
         "comma-separated, UTF-8"),
        ("book.xlsx", BOOK, TOTAL, "12",
         "Excel, sheet “Income”, the first of 2 with cells (there is also “Costs”)"),
        ("book2.xlsx", BOOK, "what is the total amount on the Costs sheet?", "130",
         "Excel, sheet “Costs”, which was asked for (there is also “Income”)"),
        ("book3.xlsx", BOOK, "In the sheet Costs, what is the total amount?", "130",
         "Excel, sheet “Costs”, which was asked for (there is also “Income”)"),
        ("book4.xlsx", BOOK, "what is the total amount in Costs?", "130",
         "Excel, sheet “Costs”, which was asked for (there is also “Income”)"),
        ("title.xlsx", workbook(A=[["Sales of 2026"], [], ["name", "amount"], ["Anna", 5.5], ["Ben", 7]]),
         TOTAL, "12.5",
         "Excel, sheet “A”, 1 line above the header left out"),
        ("t.parquet", parquet({"name": ["Anna", "Ben"], "amount": [5, 7.5]}), TOTAL, "12.5", "Parquet"),
        ("t.jsonl", "\n".join(json.dumps(row) for row in PAIR), TOTAL, "12", "lines of JSON, UTF-8"),
        ("t.json", records(*PAIR), "which id has Ben?", "008", "JSON, UTF-8"),
        ("data.json", json.dumps({"count": 2, "data": PAIR}), TOTAL, "12", "JSON, UTF-8"),
    ],
)  # fmt: skip
def test_tables(ask, name: str, data: bytes | str, goal: str, answer: str, assumed: str) -> None:
    run = ask(name, data, goal)
    assert run.reached, run.answer
    assert answer in run.answer.replace(",", "") or answer in run.answer
    assert run.steps[-1].notes == (f"{name}: Read as {assumed}.",)
    assert f"Note     {name}: Read as {assumed}"[:300] in str(run)


@pytest.mark.parametrize(
    ("name", "data", "goal", "answer", "assumed"),
    [
        ("a.txt", TEXT, PAINTED, NOTES[1], ""),
        ("a.md", f"# Notes\n\n{TEXT}", PAINTED, NOTES[1], ""),
        ("a.html", f"<title>x</title><script>evil()</script><p>{'</p><p>'.join(NOTES)}", PAINTED, NOTES[1], ""),
        ("west.txt", TEXT.encode("latin-1"), "what does Zoë bring?", NOTES[2], "Read as cp1252."),
        ("wide.txt", TEXT.encode("utf-16-le"), PAINTED, NOTES[1], "Read as UTF-16-LE."),
        ("ru.txt", "Первая строка о котах.\nВторая о собаках.\n".encode("cp1251"), "what is the second line?",
         "Вторая о собаках.", "Read as cp1251."),
        ("ja.txt", "最初の行です。\n二番目の行です。\n".encode("cp932"), "what is the second line?",
         "二番目の行です。", "Read as Shift-JIS."),
        ("zh.txt", "第一行是关于猫的。\n第二行是关于狗的。\n".encode("gbk"), "what is the second line?",
         "第二行是关于狗的。", "Read as GBK."),
        ("a.docx", docx(paragraphs(*NOTES)), PAINTED, NOTES[1],
         "Read as a Word document, without headers, footers and notes."),
        ("a.pdf", pdf(NOTES[:2]), PAINTED, NOTES[1], "Read as PDF, 1 page."),
        ("scan.pdf", pdf(["one two three"], [], ["four"]), "how many words are in the text?",
         "There are 4 words. (scan.pdf: page 2 has no text; pass it as a picture.)",
         "Read as PDF, 3 pages; page 2 has no text; pass it as a picture."),
    ],
)  # fmt: skip
def test_texts(ask, name: str, data: bytes | str, goal: str, answer: str, assumed: str) -> None:
    run = ask(name, data, goal)
    assert run.reached, run.answer
    assert answer in run.answer
    assert run.steps[-1].notes == ((f"{name}: {assumed}",) if assumed else ())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("half.xlsx", BOOK[:-40], "half.xlsx is damaged (File is not a zip file); save it again as an .xlsx file"),
        ("entity.xlsx", changed(BOOK, sheet1_xml=lambda xml: b'<!DOCTYPE a [<!ENTITY e "x">]>' + xml),
         "entity.xlsx declares entities of its own"),
        ("formula.xlsx", workbook(A=[["amount"], [1], ["=1+1"]]),
         "formula.xlsx: 1 cell of sheet “A” holds a formula whose value was never worked out"),
        ("half.parquet", parquet({"a": [1]})[:-20], "half.parquet is damaged and cannot be decoded ("),
        ("bad.jsonl", '{"amount": 5}\n{"amount":\n', "line 2 of bad.jsonl is no valid JSON ("),
        ("one.json", '{"a": 1}', "one.json is an object and no table; allowed is a list of objects"),
        ("half.docx", docx(paragraphs("x"))[:-40], "half.docx is damaged (File is not a zip file)"),
        ("half.pdf", b"%PDF-1.4 nothing", "half.pdf is damaged and cannot be read as a PDF ("),
        ("scan.pdf", pdf([]), "page 1 of scan.pdf, its only one, has no text; pass it as a picture (PNG, JPEG)"),
        ("locked.pdf", pdf(["x"], password="y"), "locked.pdf has a password; save it without one"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.xls is a locked or old Office file; "),
    ],
)  # fmt: skip
def test_files_that_are_refused(ask, name: str, data: bytes | str, said: str) -> None:
    with pytest.raises(MediaError) as caught:
        ask(name, data, TOTAL)
    assert str(caught.value).startswith(said)


def test_a_bomb_is_refused(ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 2_000_000)
    with pytest.raises(MediaError, match=r"bomb\.xlsx unpacks to 2\.1 MB in 2 parts; allowed are 2\.0 MB in 10000"):
        ask("bomb.xlsx", grown(2_100_000), TOTAL)


def test_a_conversation_stays_on_its_sheet(index: ModelIndex, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(BOOK)
    chat = Agent(index=index, workspace=Workspace(tmp_path / "ws")).chat()
    assert chat.run("what is the total amount on the Costs sheet?", tmp_path / "book.xlsx").answer.endswith("130.")
    assert chat.run("and the average amount?").answer.endswith("65.")
    two = chat.run("compare the total amount on the sheets Income and Costs")
    assert not two.reached
