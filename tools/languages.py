"""Names of languages: what people, model cards and tokenizers call the same language. The table is languages.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_KINDS_OF = {"nn": "no"}  # what is written in one is read by whoever reads the other


@dataclass(frozen=True, slots=True)
class Language:
    """A row: its code, longer codes, English names (the first is the one that is said), and its speakers' own names."""

    code: str
    longer: tuple[str, ...]
    english: tuple[str, ...]
    own: tuple[str, ...]


@cache
def _table() -> dict[str, Language]:
    rows: dict[str, Language] = {}
    for line in Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, longer, english, own = (*line.split("\t"), "", "", "")[:4]
            names = (tuple(filter(None, names.split(", "))) for names in (english, own))
            rows[code] = Language(code, tuple(longer.split()), *names)
    return rows


@cache
def _codes() -> dict[str, str]:
    """Codes by codes and English names, in lower case."""
    codes: dict[str, str] = {}
    for row in _table().values():
        for name in (row.code, *row.longer, *row.english):
            codes.setdefault(name.lower(), row.code)
    return codes


def canonical(name: str) -> str:
    """The table's code of a language: of 'fr', 'fra', 'French', 'fr-CA', 'fra_Latn', 'fr_XX'.

    A name that is not in the table stays as it is, in lower case and without its region or script.
    """
    first = name.strip().lower().replace("_", "-").partition("-")[0]
    return _codes().get(first, first)


def is_known(name: str) -> bool:
    """Whether the table has this language."""
    return canonical(name) in _table()


def language_code(name: str) -> str:
    """As `canonical`, but "" when the table has no such language; the kinds of Norwegian are one."""
    code = canonical(name)
    return _KINDS_OF.get(code, code) if code in _table() else ""


@cache
def english_names() -> dict[str, str]:
    """Codes by the English names that people use, in lower case; of each language the usual name comes first."""
    return {name.lower(): row.code for row in _table().values() for name in row.english}


@cache
def own_names() -> dict[str, str]:
    """Codes by what the speakers of a language call it, where that is no English name."""
    return {name: row.code for row in _table().values() for name in row.own if name.lower() not in english_names()}


def language_name(code: str) -> str:
    """The usual English name: "fr" -> "French"; the code itself when the table does not have it."""
    return next(iter(row.english), code) if (row := _table().get(code)) else code
