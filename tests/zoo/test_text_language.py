"""The zoo's language classifier tells the language of everyday sentences, and is unsure of what is no language."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "zoo" / "models" / "text-language"
EVERYDAY = ROOT / "benchmarks" / "zoo_text_language_everyday.tsv"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="module")
def classify():
    """The checkpoint as a user loads it."""
    from transformers import pipeline

    return pipeline("text-classification", model=str(MODEL), device="cpu")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Cuánto cuesta esa camisa azul?", "Spanish"),
        ("Ich habe Hunger", "German"),
        ("Where is the nearest chemist, please?", "English"),
        ("Сколько стоит эта синяя рубашка?", "Russian"),
        ("Надворі дощ і дуже холодно.", "Ukrainian"),
        ("お腹が空いたね、いつ食べる？", "Japanese"),
        ("外面在下雨，而且非常冷。", "Chinese"),
        ("بيت صغير قرب البحر", "Arabic"),
    ],
)
def test_tells_the_language(classify, text: str, language: str) -> None:
    """A short sentence gets its language by its English name, and the model is sure."""
    answer = classify(text)[0]
    assert (answer["label"], answer["score"] > 0.6) == (language, True)


def test_everyday_sentences(classify) -> None:
    """At least 90 of 100 everyday sentences are right; every language has ten of them, and every label is asked."""
    rows = [line.split("\t") for line in EVERYDAY.read_text(encoding="utf-8").splitlines()]
    answers = classify([text for _, text in rows], batch_size=32)
    right = [answer["label"] == language for answer, (language, _) in zip(answers, rows, strict=True)]
    assert sum(right) >= 0.9 * len(rows)
    assert {language for language, _ in rows} == set(classify.model.config.label2id)


@pytest.mark.parametrize("text", ["1,234.56", "asdfgh qwrtz", "if (x[i] != 0) { buf->n += 1; }", "9f8a7c3e2b", "???"])
def test_is_unsure_of_what_is_no_language(classify, text: str) -> None:
    """Figures, code and letters at random get a low score."""
    assert classify(text)[0]["score"] < 0.6


def test_all_scores_are_a_distribution(classify) -> None:
    """The scores of all labels add up to one, for an empty text too."""
    for text in ("Bonjour tout le monde", ""):
        assert sum(answer["score"] for answer in classify(text, top_k=None)) == pytest.approx(1, abs=1e-4)


def test_runs_as_a_tool() -> None:
    """The card is found in the zoo, and its tool answers with the language."""
    from prefrontal.tools.model_tool import ModelTool
    from prefrontal.zoo import zoo_cards

    card = next(card for card in zoo_cards() if card.id == "prefrontal/text-language")
    request = {"type": "tool_call", "id": "1", "name": "t", "args": {"text": "Où est la gare, s'il vous plaît ?"}}
    assert card.license == "apache-2.0"
    assert ModelTool(card).invoke(request).artifact["outputs"]["labels"][0]["label"] == "French"


def test_checkpoint_is_small() -> None:
    """The weights stay under two megabytes."""
    assert (MODEL / "model.safetensors").stat().st_size <= 2_000_000


def test_training_script_runs(tmp_path: Path) -> None:
    """The smoke run writes a checkpoint that loads and answers with one of the same labels."""
    from transformers import pipeline

    from zoo.training.text_language import NAMES, main

    main(["--out", str(tmp_path), "--smoke"])
    assert pipeline("text-classification", model=str(tmp_path), device="cpu")("Hallo")[0]["label"] in NAMES


def test_sentences_are_read_from_catalogues_and_manuals() -> None:
    """Markup and code are left out, sentences are parted, and a language's own script is asked for."""
    import gzip

    from zoo.training.text_language_data import code_of, in_manual, in_markup, in_own_script, is_english, tidy

    assert list(tidy("Die _Datei wurde gespeichert. Ein Fehler ist aufgetreten!\nx=%d {y}")) == [
        "Die Datei wurde gespeichert.",
        "Ein Fehler ist aufgetreten!",
    ]
    page = gzip.compress(b".TH LS 1\n.SH NAME\nZeigt den \\fIInhalt\\fP eines Ordners an.\n")
    assert [text.strip() for text in in_manual(page) if text.strip()] == ["Zeigt den Inhalt eines Ordners an."]
    assert list(in_markup(b"<page><p>Un <em>petit</em> texte</p></page>")) == ["Un petit texte"]
    assert [code_of(name) for name in ("pt_BR", "zh-cn", "no", "sr@latin", "br", "C")] == [
        "pt", "zh", "nb", None, None, "en",
    ]  # fmt: skip
    assert is_english("Open the file and close the window")
    assert not in_own_script("Otvori datoteku", "sr")
