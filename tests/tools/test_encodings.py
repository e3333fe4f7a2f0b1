"""Letters of many countries, told by their bytes alone."""

from __future__ import annotations

import pytest

from prefrontal.tools.encodings import decoded, wide_name

RUSSIAN = "имя,город,сумма\nАнна,Москва,100\nБорис,Казань,250\n"
JAPANESE = "品名,数量\nりんご,3\nバナナ,4\n"
CHINESE = "name,city,amount\n王伟,北京,100\n李娜,上海,250\n张敏,广州,50\n"


@pytest.mark.parametrize(
    ("text", "codec", "called"),
    [
        ("Zoë;1\n", "utf-8", "UTF-8"),
        ("Zoë;1\n", "utf-8-sig", "UTF-8"),
        ("Zoë;1\n", "utf-16", "UTF-16"),
        ("Zoë;1\n", "utf-16-le", "UTF-16-LE"),
        ("Zoë;1\n", "utf-16-be", "UTF-16-BE"),
        ("Zoë;1\n", "utf-32", "UTF-32"),
        ("name,city\nAnna,Köln\nBöhm,Zürich\n", "cp1252", "cp1252"),
        ("L'été à la plage, ça va très bien. Où est-il ?", "latin-1", "cp1252"),
        ("Preis in €;Menge\n5,00 €;3\n", "cp1252", "cp1252"),
        ("“Quoted” – yes… it’s\n", "cp1252", "cp1252"),
        ("Ærø,Ålesund\nØ,1\n", "cp1252", "cp1252"),
        ("niño,año\nñandú,1\n", "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        ("Первая строка о котах.\nВторая строка о собаках.\n", "cp1251", "cp1251"),
        ("Первая строка о котах.\nВторая строка о собаках.\n", "koi8_r", "KOI8-R"),
        (JAPANESE, "cp932", "Shift-JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (CHINESE, "gb18030", "GBK"),
        ("第一行是關於貓的。\n第二行是關於狗的。\n", "big5", "Big5"),
        ("첫 번째 줄입니다.\n두 번째 줄입니다.\n", "euc_kr", "EUC-KR"),
        ("Dobrý den, příliš žluťoučký kůň\n", "cp1250", "cp1250"),
        ("miasto;kwota\nŁódź;3\nKraków;4\nGdańsk;5\n", "cp1250", "cp1250 (not certain)"),
        ("name,n\nﾃｽﾄ,1\n", "cp932", "Shift-JIS (not certain)"),
    ],
)
def test_letters_of_many_countries(text: str, codec: str, called: str) -> None:
    assert decoded(text.encode(codec)) == (text, called)


def test_the_letters_stand_anywhere_in_a_long_file() -> None:
    text = "name,n\n" + "Anna,1\n" * 50_000 + RUSSIAN
    assert decoded(text.encode("cp1251")) == (text, "cp1251")


@pytest.mark.parametrize("data", [b"", b"a\0b", b"\0\1\0\2\0\3\0\4", "a".encode("utf-32"), b"plain words"])
def test_zeros_alone_are_no_utf_16(data: bytes) -> None:
    assert wide_name(data) == ""
