"""What a header says, whatever way it is spelt."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.tools.card import ModelCard
from prefrontal.tools.header_values import languages, license_name, plain_names, remarks_on


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (False, ("no",)),  # `language: no`, as YAML reads it
        (["en", False], ("en", "no")),
        ("pt_BR", ("pt", "pt-BR")),
        ("zh-hans-cn", ("zh", "zh-Hans-CN")),
        ("English, German", ("en", "de")),
        ("English and German", ("en", "de")),
        ("en/fr", ("en", "fr")),
        ("Chinese, Klingon", ("zh", "Klingon")),
        ("English (US)", ("en",)),
        ("Deutsch", ("de",)),
        (["fr_XX", "fra_Latn", "fra"], ("fr",)),
        ("nb", ("nb",)),
        ("multilingual", ("multilingual",)),
        ("en-tokenizer", ("en-tokenizer",)),
        ("trained on text, and code", ("trained on text, and code",)),
        (7, ()),
        (None, ()),
        (True, ()),
    ],
)
def test_languages(said: Any, codes: tuple[str, ...]) -> None:
    assert languages(said) == codes


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("MIT", "mit"),
        ("The MIT License", "mit"),
        ("Apache License 2.0", "apache-2.0"),
        ("Apache License, Version 2.0", "apache-2.0"),
        ("CC BY-NC 4.0", "cc-by-nc-4.0"),
        ("GPL v3", "gpl-3.0"),
        ("my own", "my own"),
    ],
)
def test_licences(said: str, name: str) -> None:
    assert license_name(said) == name


def test_names_of_fields_in_other_spellings() -> None:
    header = {"Licence": "mit", "pipeline-tag": "asr", "Language": "en", "odd": 1}
    assert plain_names(header, ("license", "pipeline_tag", "language")) == {
        "license": "mit",
        "pipeline_tag": "asr",
        "language": "en",
    }
    both = {"licence": "mit", "license": "apache-2.0"}
    assert plain_names(both, ("license",)) == plain_names(dict(reversed(both.items())), ("license",))


def test_what_is_of_the_wrong_kind_is_told() -> None:
    header = {"language": 7, "tags": ["a", {"b": 1}], "pipeline_tag": ["x"], "license": None, "datasets": ["c"]}
    assert remarks_on(header) == [
        "the header's pipeline_tag is a list where a text belongs: left out",
        "the header's language holds a number (7) where texts belong: left out",
        "the header's tags holds a table of names where texts belong: left out",
    ]
    assert remarks_on({"language": ["en", False], "license": False}) == []


@pytest.mark.parametrize("name", ["license", "licence", "licenses", "Licence", "License"])
def test_a_card_has_its_licence_under_any_of_its_names(name: str) -> None:
    assert ModelCard.from_readme(f"---\n{name}: Apache 2.0\n---\n", id="a/b").license == "apache-2.0"
    assert ModelCard.from_row({"id": "a/b", "meta": {name: ["mit"]}}).license == "mit"


def test_norwegian_is_kept_wherever_it_stands() -> None:
    for header in ("language: no", "language:\n- no\n- en", "languages: [no, en]"):
        assert ModelCard.from_readme(f"---\n{header}\n---\n", id="a/b").languages[0] == "no"
    assert ModelCard.from_row({"id": "a/b", "meta": {"language": False}}).languages == ("no",)
