"""Ids in the spellings in which people have them."""

from __future__ import annotations

import pytest

from prefrontal.errors import CardError
from prefrontal.tools.model_ids import named_ids, read_id

TINY = "openai/whisper-tiny"


@pytest.mark.parametrize(
    ("pasted", "id", "revision"),
    [
        (TINY, TINY, ""),
        ("gpt2", "gpt2", ""),
        (f"https://huggingface.co/{TINY}", TINY, ""),
        (f"HTTPS://www.HuggingFace.co/{TINY}/", TINY, ""),
        (f"https://huggingface.co/{TINY}/tree/main", TINY, ""),
        (f"https://huggingface.co/{TINY}/blob/main/README.md", TINY, ""),
        (f"https://huggingface.co/{TINY}/resolve/abc123/config.json", TINY, "abc123"),
        (f"https://huggingface.co/{TINY}/discussions/3#x", TINY, ""),
        ("https://huggingface.co/gpt2/blob/v1/config.json", "gpt2", "v1"),
        (f"hf.co/{TINY}?library=transformers", TINY, ""),
        (f"https://hf-mirror.com/{TINY}", TINY, ""),
        (f"hf:{TINY}", TINY, ""),
        (f"hf://{TINY}", TINY, ""),
        (f"models/{TINY}", TINY, ""),
        ("models--openai--whisper-tiny", TINY, ""),
        (f"{TINY}@v1.0", TINY, "v1.0"),
        (f"`{TINY}`", TINY, ""),
        (f"<https://huggingface.co/{TINY}>.".rstrip("."), TINY, ""),
        (f"{TINY}/", TINY, ""),
        ("hf.co/lab/coins-GGUF:Q4_K_M", "lab/coins-GGUF", ""),
    ],
)
def test_spellings_of_an_id(pasted: str, id: str, revision: str) -> None:
    assert read_id(pasted) == (id, revision)


@pytest.mark.parametrize(
    "text",
    ["/etc/passwd", "~/x", "../b", "https://x.y/z", "a b", "a/b/c", "hub:author=x", "hub:likes", "a/", "", "https://"],
)
def test_what_is_none_comes_back_as_it_is(text: str) -> None:
    assert read_id(text) == (text, "")


def test_the_endpoint_s_own_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:8000")
    assert read_id("http://127.0.0.1:8000/lab/coins/tree/main") == ("lab/coins", "")


@pytest.mark.parametrize(("path", "kind"), [("datasets/glue", "data set"), ("spaces/a/b", "Space")])
def test_pages_of_other_things_are_told(path: str, kind: str) -> None:
    with pytest.raises(CardError) as caught:
        read_id(f"https://huggingface.co/{path}")
    assert str(caught.value) == (
        f"'https://huggingface.co/{path}' is the address of a {kind}, not of a model; pass a model's page or id"
    )


def test_addresses_inside_a_sentence() -> None:
    said = named_ids(f"run https://huggingface.co/{TINY}/tree/main on https://huggingface.co/datasets/glue and/or more")
    assert said == f"run {TINY} on https://huggingface.co/datasets/glue and/or more"
