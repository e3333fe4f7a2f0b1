"""The zoo's number translator: exact French, and unknown tokens for texts that are no numbers."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "zoo" / "models" / "numbers-en-fr"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="module")
def loaded():
    """The checkpoint as a user loads it: (model, tokenizer)."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    return AutoModelForSeq2SeqLM.from_pretrained(MODEL).eval(), AutoTokenizer.from_pretrained(MODEL)


def translate(loaded, texts: list[str]) -> list[str]:
    """Translate with nothing but the saved generation settings."""
    model, tokenizer = loaded
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    return tokenizer.batch_decode(model.generate(**inputs), skip_special_tokens=True)


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("24", "vingt-quatre"),
        ("twenty-four", "vingt-quatre"),
        ("Twenty four.", "vingt-quatre"),
        ("80", "quatre-vingts"),
        ("seventy-one", "soixante et onze"),
        ("0", "zéro"),
        ("12,345", "douze mille trois cent quarante-cinq"),
        ("one hundred and five", "cent cinq"),
        ("Forty-two thousand one hundred five", "quarante-deux mille cent cinq"),
        ("999,999.", "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf"),
    ],
)
def test_exact_french(loaded, text: str, french: str) -> None:
    """One text, no padding: hyphens and spaces are right."""
    model, tokenizer = loaded
    output = model.generate(**tokenizer(text, return_tensors="pt"))
    assert tokenizer.decode(output[0], skip_special_tokens=True) == french


def test_unseen_numbers(loaded) -> None:
    """Of 200 numbers never trained on, at least 98 % are exactly right, in figures and in words."""
    num2words = pytest.importorskip("num2words", reason="the truth is num2words' French").num2words
    from zoo.training.numbers_en_fr import held_out

    rng = random.Random(5)
    numbers = [number for number in (rng.randrange(100, 1_000_000) for _ in range(2000)) if held_out(number)]
    truth = [num2words(number, lang="fr") for number in numbers[:100]]
    for write in (str, lambda number: num2words(number, lang="en")):
        answers = translate(loaded, [write(number) for number in numbers[:100]])
        assert sum(map(str.__eq__, answers, truth)) >= 98


@pytest.mark.parametrize("text", ["hello", "24 cats", "1.5", "-5", "1234567", "1,234,567", "12 34", "vingt-quatre"])
def test_texts_outside_the_domain_have_unknown_tokens(loaded, text: str) -> None:
    """A caller can see from the tokens that a text is no number of this model."""
    tokenizer = loaded[1]
    assert tokenizer.unk_token_id in tokenizer(text).input_ids


@pytest.mark.parametrize("text", ["24", "12,345", "12 345", "One thousand, two hundred and five.", "A HUNDRED"])
def test_numbers_have_no_unknown_tokens(loaded, text: str) -> None:
    """The ways of writing numbers are all within the vocabulary."""
    tokenizer = loaded[1]
    assert tokenizer.unk_token_id not in tokenizer(text).input_ids


def test_checkpoint_is_small() -> None:
    """The weights stay under four megabytes."""
    assert (MODEL / "model.safetensors").stat().st_size <= 4_000_000


def test_training_script_runs(tmp_path: Path) -> None:
    """The smoke run writes a checkpoint that loads and generates."""
    pytest.importorskip("num2words", reason="needed to train only: it gives the French truth")
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    from zoo.training.numbers_en_fr import main

    main(["--out", str(tmp_path), "--smoke"])
    trained = AutoModelForSeq2SeqLM.from_pretrained(tmp_path), AutoTokenizer.from_pretrained(tmp_path)
    assert isinstance(translate(trained, ["24"])[0], str)
