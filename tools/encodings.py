"""Bytes as letters: UTF-8, UTF-16 with its mark or without, Windows-1252, and the letters of other parts of the world.

What is not UTF is never certain: the name of the encoding goes into what is told of a file.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CALLED = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16-LE", "utf-16-be": "UTF-16-BE",
    "utf-32": "UTF-32", "cp932": "Shift-JIS", "gb18030": "GBK", "big5": "Big5", "euc_jp": "EUC-JP",
    "euc_kr": "EUC-KR", "koi8_r": "KOI8-R",
}  # fmt: skip
# Those that files are found in; each more makes a short text less certain.
_CANDIDATES = "cp932 euc_jp gb18030 big5 euc_kr cp1250 cp1251 koi8_r cp1252 cp1253 cp1254 cp1255 cp1256".split()
_SAMPLE = 60_000  # bytes of lines that are not ASCII
_FEW = 8  # letters that are not ASCII: fewer make any guess doubtful
# What stands in Western words, and what stands between them. The letters of Icelandic are left out: in files without
# a mark they are Turkish or Czech ones more often.
_WESTERN = re.compile(r"[äöüßÄÖÜéèêëÉÈÊËàâáãåÀÂÁÃÅçÇñÑíìîïÍÌÎÏóòôõÓÒÔÕúùûÚÙÛøØæÆœŒÿŸ]+")
_SIGNS = "€£¥§°²³µ©®™·•«»‹›„“”‘’‚–—…¿¡ªº½¼¾±×\xa0´¨"
_JOINING = "’´·–\xad\xa0"  # signs that may stand in the middle of a word
_INSIDE = re.compile(  # a sign in a word, or a capital behind a small letter
    rf"[^\W\d_][{re.escape(''.join(sorted(set(_SIGNS) - set(_JOINING))))}]+[^\W\d_]|[£¥²³][^\W\d_]|[a-zß-ÿ][À-ÞŒŸ]"
)


def wide_name(head: bytes) -> str:
    """The codec of UTF-16 by its mark, or by the zeros that Western words and all blanks have in it; else ""."""
    if head.startswith(codecs.BOM_UTF32_LE):
        return ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd, pairs = head[::2], head[1::2], len(head) // 2
    if pairs < 2 or 20 * head.count(0) < len(head) or even.count(0) * odd.count(0) * 20 > pairs * pairs:
        return ""
    name = "utf-16-be" if even.count(0) > odd.count(0) else "utf-16-le"
    text = head[: 2 * pairs].decode(name, "replace")
    fits = all(letter.isprintable() or letter.isspace() for letter in text[:-1]) and "\ufffd" not in text[:-1]
    return name if fits else ""


def decoded(data: bytes) -> tuple[str, str]:
    """The text of bytes without its mark, and what their encoding is called.

    Raises:
        UnicodeDecodeError: they are in none that is known.
    """
    named = next((name for mark, name in _MARKS if data.startswith(mark)), "") or wide_name(data[:4096])
    if named:
        return data.decode(named), _CALLED[named]
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_SAMPLE]
    if _is_western(lines):
        return data.decode("cp1252"), "cp1252"
    for name in _guessed(lines):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        few = sum(byte > 127 for byte in lines) < _FEW
        return text, _CALLED.get(name, name) + (" (not certain)" if few else "")
    return data.decode("cp1252"), "cp1252 (not certain)"


def _is_western(lines: bytes) -> bool:
    """Whether what is not ASCII are Western letters, one or two in a row, and signs between words."""
    try:
        text = lines.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [run for run in re.findall(r"[^\x00-\x7f]+", text) if run.strip(_SIGNS)]
    signed = all(_WESTERN.fullmatch(run.strip(_SIGNS)) and len(run.strip(_SIGNS)) <= 2 for run in high)
    alone = len(re.findall(r"(?<![A-Za-z])[^\W\d_a-zA-Z]{2}(?![A-Za-z])", text))
    return signed and not _INSIDE.search(text) and alone == 0


def _guessed(lines: bytes) -> list[str]:
    """Codecs by how well their letters fit together; those in which words turn from small to capital letters last."""
    from charset_normalizer import from_bytes

    found = list(from_bytes(lines, cp_isolation=list(_CANDIDATES), threshold=0.3))
    return [match.encoding for match in sorted(found, key=lambda match: _turns(str(match)))]


def _turns(text: str) -> bool:
    """Whether a quarter of the words have a capital behind a small letter, as Greek read as Russian has."""
    words = re.findall(r"[^\W\d_a-zA-Z]{2,}", text)
    return 4 * sum(any(a.islower() and b.isupper() for a, b in pairwise(word)) for word in words) > len(words)
