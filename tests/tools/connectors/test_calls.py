"""What a card's code calls, with real names and plain arguments."""

from __future__ import annotations

from typing import Any

import pytest

from prefrontal.tools.connectors.calls import Call, calls


def only(code: str) -> Call:
    return next(call for call in calls([code]) if not call.only_imported)


def test_names_are_those_of_the_library() -> None:
    code = "from speechbrain.pretrained import Separator as sep\nm = sep.from_hparams(source='lab/a', savedir='x')"
    assert only(code) == Call(
        "Separator.from_hparams", "speechbrain.pretrained", "", {"source": "lab/a", "savedir": "x"}, "m"
    )
    assert only("import transformers as tf\ntf.pipeline('ner')").name == "transformers.pipeline"
    assert only("import joblib\njoblib.load('a')").root == "joblib"


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("'a'", "a"), ("-1", -1), ("0.5", 0.5), ("True", True), ("[1, 'b']", [1, "b"]), ("name", "lab/m"),
        ("f'{x}: y'", "{}: y"), ("'a: ' + x", "a: {}"),
    ],
)  # fmt: skip
def test_plain_values_are_kept(argument: str, value: Any) -> None:
    assert only(f"name = 'lab/m'\nf(x={argument})").given == {"x": value}


@pytest.mark.parametrize("argument", ["g(1)", "torch.float16", "lambda: 1", "{'a': 1}", "[g()]", "None"])
def test_other_values_are_not(argument: str) -> None:
    assert calls([f"f(x={argument})"])[0].given == {}


def test_names_last_from_block_to_block_and_lost_quotes_are_read() -> None:
    found = calls(["from transformers import pipeline", "p = pipeline(audio-classification, model=lab/m)"])
    assert [(one.module, one.first, one.given) for one in found] == [
        ("transformers", "audio-classification", {"model": "lab/m"})
    ]


def test_what_is_imported_and_not_called_and_commands() -> None:
    found = calls(["from transformers import AutoModel, pipeline\npipeline('ner')\n"])
    assert [(one.name, one.only_imported) for one in found] == [("pipeline", False), ("AutoModel", True)]
    command = only("python -m rl_zoo3.load_from_hub --algo ppo\n")
    assert (command.name, command.root) == ("load_from_hub", "rl_zoo3")
    assert only("mlagents-load-from-hf --repo-id x\n").name == "mlagents-load-from-hf"
