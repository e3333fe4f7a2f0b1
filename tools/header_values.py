"""What a card's header says, whatever way its author spells it: names of fields, languages, licences.

What cannot be understood costs itself alone and becomes a remark, a clause for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .domains import LANGUAGES, LICENSES
from .languages import canonical, english_names, is_known, own_names

# How authors spell the names of fields -> the name that is read.
_SPELLINGS = {
    "licence": "license", "licences": "license", "licenses": "license", "lang": "language", "langs": "language",
    "tag": "tags", "dataset": "datasets", "library_tag": "library_name", "framework": "library_name",
}  # fmt: skip
_LISTS = ("language", "languages", "tags", "datasets", "license")
_TEXTS = ("pipeline_tag", "task", "domain", "library", "library_name", "summary")
# A code of ISO 639 with a script and a region, as in pt, pt_BR, zh-Hans-CN, por_Latn.
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")
_NO_REGION = "XX"  # what mBART writes where others have a region
_BETWEEN = re.compile(r"\s*[,;/|&+]\s*|\s+and\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_LICENSE_WORDS = re.compile(r"\b(?:the|gnu|license|licence|version|v(?=\d))\s*", re.IGNORECASE)
_MOST_LANGUAGES = 200


def plain_names(header: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those fields of a header, whatever way their names are spelt; a field that bears its own name comes first."""
    wanted = set(names)
    found: dict[str, Any] = {}
    for key, value in header.items():
        plain = str(key).strip().lower().replace("-", "_").replace(" ", "_")
        plain = _SPELLINGS.get(plain, plain)
        if plain in wanted and (plain not in found or key == plain):
            found[plain] = value
    return found


def remarks_on(fields: Mapping[str, Any]) -> list[str]:
    """What of a header's fields is not of the kind that it should be, in a clause each."""
    said = []
    for name in _TEXTS:
        value = fields.get(name)
        if not isinstance(value, str | None):
            said.append(f"the header's {name} is {_kind(value)} where a text belongs: left out")
    for name in _LISTS:
        value = fields.get(name)
        spelt = "language" in name
        items = value if isinstance(value, list | tuple) else [value]
        odd = [item for item in items if not isinstance(item, str | None) and not (spelt and item is False)]
        if odd and not (name == "license" and items == [False]):
            shown = ", ".join(f"{_kind(item)}{_shown(item)}" for item in odd[:3])
            said.append(f"the header's {name} holds {shown} where texts belong: left out")
    return said


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int | float):
        return "a number"
    return {dict: "a table of names", list: "a list", tuple: "a list"}.get(type(value), f"a {type(value).__name__}")


def _shown(value: Any) -> str:
    return f" ({value})" if isinstance(value, int | float) and len(str(value)) < 20 else ""


def languages(value: Any) -> tuple[str, ...]:
    """Codes of languages: of "pt_BR" pt and pt-BR, of "English, German" en and de; what is no language that we know
    stays as it is written. YAML reads `no`, which is Norwegian, as a boolean."""
    items = value if isinstance(value, list | tuple) else [value]
    found: dict[str, None] = {}
    for item in items[:_MOST_LANGUAGES]:
        written = "no" if item is False else item
        if isinstance(written, str):
            found |= dict.fromkeys(_named(written))
    return tuple(found)[:_MOST_LANGUAGES]


def _named(written: str) -> list[str]:
    if codes := _codes(written):
        return codes
    parts = [part for part in _BETWEEN.split(written.strip(" .")) if part]
    several = [(_codes(part), part) for part in parts]
    if len(parts) > 1 and any(codes for codes, _ in several):
        return [code for codes, part in several for code in codes or [part]]
    return [written] if written else []


def _codes(name: str) -> list[str]:
    """The language's code, and with its script or region where it has one; none when no language is called so."""
    name = _BRACKETS.sub("", name).strip()
    if found := _CODE.fullmatch(name):
        code, script, region = found[1].lower(), found[2], (found[3] or "").upper()
        if not (code in LANGUAGES or is_known(code)):
            return []
        plain = code if len(code) == 2 else canonical(code)
        parts = [script.title() if script else "", "" if region == _NO_REGION else region]
        # NLLB names the script of every language: only what tells kinds of one language apart is worth keeping.
        longer = "-".join(filter(None, [plain, *parts])) if len(code) == 2 else plain
        return [plain] if longer == plain else [plain, longer]
    named = english_names().get(name.lower()) or own_names().get(name.lower())
    return [named] if named else []


def license_name(value: str) -> str:
    """A licence as the Hub writes it, where it is one of the Hub's: "Apache License 2.0" is apache-2.0."""
    plain = re.sub(r"[\s_]+", "-", " ".join(_LICENSE_WORDS.sub(" ", value).replace(",", " ").split()).lower())
    return next((name for name in (value.lower(), plain, f"{plain}.0") if name in LICENSES), value)
