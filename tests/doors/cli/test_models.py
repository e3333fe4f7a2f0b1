"""`search` and `show`: which models there are, and what is known of one."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import Cli, lines_of

from prefrontal import ModelCard, ModelIndex
from prefrontal.retrieval.embedding.hashing import HashEmbedder


def test_a_search_tells_why(cli: Cli) -> None:
    code, out, err = cli("search", "classify a handwritten digit", "-k", 2, "--runnable")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("1. prefrontal/digit-classifier (image-classification) 0.")
    assert lines[1].startswith("   right task; runs here; ")
    assert lines[1].endswith("; 699 kB")


def test_searches_of_a_file_know_the_kind_of_the_file_passed_along(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    rows = [{"qid": 3, "query": "shorten it"}, {"id": "x", "query": "shorten it", "input_modality": "image"}]
    file.write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = cli("search", "--queries", file, "-k", 20)
    assert code == 0
    first, second = lines_of(out)
    assert (first["qid"], second["qid"]) == (3, "x")
    assert {"id", "task", "score"} == set(first["results"][0])
    assert "far/shortener" in {hit["id"] for hit in first["results"]}
    assert "far/shortener" not in {hit["id"] for hit in second["results"]}
    assert "prefrontal/digit-classifier" in {hit["id"] for hit in second["results"]}


def test_searches_of_a_file_give_a_row_for_each_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    rows = [
        {"qid": 1, "query": "shorten it"},
        {"qid": 1, "query": "shorten it"},
        {"qid": 1, "query": "read a digit\u2028\x85 and say it"},
        {"qid": 2, "query": "  "},
        {"query": "shorten it"},
    ]
    file.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    code, out, err = cli("search", "--queries", file, "-k", 2)
    assert (code, err) == (0, "query 4 is empty: nothing is found for it\n")
    found = [json.loads(line) for line in out.split("\n")[:-1]]
    assert [row["qid"] for row in found] == [1, 1, 1, 2, None]
    assert [len(row["results"]) for row in found] == [2, 2, 2, 0, 2]
    assert found[0] == found[1]


def test_the_preference_reaches_the_search(cli: Cli, tmp_path: Path) -> None:
    index = tmp_path / "index"
    twins = [
        ModelCard(id=f"lab/tagger-{size}", task="text-classification", summary="Tags texts.", bytes=size * 10**6)
        for size in (9, 900)
    ]
    ModelIndex(index, HashEmbedder()).add(twins)

    def first(prefer: str) -> str:
        _, out, _ = cli("search", "tag a text", "--prefer", prefer, "--json", index=index)
        return lines_of(out)[0]["results"][0]["id"]

    assert (first("fast"), first("best")) == ("lab/tagger-9", "lab/tagger-900")
    wrong = "error: prefer is 'cheap'; allowed are fast, balanced, best\n"
    assert cli("search", "x", "--prefer", "cheap") == (2, "", wrong)


def test_filters_and_the_empty_answer(cli: Cli) -> None:
    code, out, _ = cli("search", "short", "--license", "mit", "--json")
    assert code == 0
    assert [hit["id"] for hit in lines_of(out)[0]["results"]] == ["far/shortener"]
    code, out, err = cli("search", "short", "--language", "xx", "--max-bytes", 10)
    assert (code, out) == (1, "")
    assert err == "No model fits 'short': none of 21 models passes language=xx, max_bytes=10; try fewer filters\n"


def test_the_best_by_what_authors_claim(cli: Cli, tmp_path: Path) -> None:
    index = tmp_path / "index"
    readme = "---\npipeline_tag: text-classification\nmodel-index:\n- name: x\n  results:\n  - dataset: {name: sst2}\n"
    cards = [
        ModelCard.from_readme(f"{readme}    metrics: [{{type: acc, value: {value}}}]\n---\n# T\n\nTags texts.", id=id)
        for id, value in (("lab/good", 0.9), ("lab/best", 95), ("lab/poor", 0.5))
    ]
    ModelIndex(index, HashEmbedder()).add(cards)
    code, out, _ = cli("search", "tag a text", "--best-by", "accuracy on sst2", index=index)
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[1] for line in lines[::2]] == ["lab/best", "lab/good", "lab/poor"]
    assert lines[1].startswith("   claims accuracy 0.95 on sst2 (its author's own figure); ")
    code, out, _ = cli("show", "https://huggingface.co/lab/best/tree/main", index=index)
    assert code == 0
    assert "  its author claims  accuracy 0.95 on sst2\n" in out


def test_where_a_model_goes_and_why(cli: Cli) -> None:
    code, out, _ = cli("show", "prefrontal/digit-classifier")
    assert code == 0
    assert "  device            cpu: the only one here\n" in out
    assert "  numbers           float32: " in out
    assert " of them weights\n" in out
    code, out, _ = cli("show", "Prefrontal/Digit-Classifier", "--dtype", "bf16", "--device", "cpu")
    assert "  device            cpu: as it was asked for\n" in out
    assert "  numbers           bfloat16: as it was asked for\n" in out
    for command in (("show", "prefrontal/digit-classifier"), ("run", "3 plus 4")):
        code, _, err = cli(*command, "--device", "cuda:9")
        assert (code, err) == (2, "error: there is no cuda:9 here; allowed are auto, cpu\n")


def test_wrong_searches(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"query": "fine"}\n{"question": "not fine"}\n')
    for arguments, sentence in (
        (("search",), "pass either a QUERY or --queries FILE.jsonl"),
        (("search", "x", "-k", 0), "k is 0; ask for one hit or more"),
        (("search", "--queries", bad), "bad.jsonl line 2 has no text under query; each line must be an object with it"),
    ):
        assert cli(*arguments) == (2, "", f"error: {sentence}\n")
    code, _, err = cli("search", "x", "--task", "image-to-smell")
    assert code == 2
    assert err.startswith("error: 'image-to-smell' is not a known task; closest: ")


def test_a_card_with_its_prose_last(cli: Cli) -> None:
    code, out, _ = cli("show", "prefrontal/digit-classifier")
    assert code == 0
    facts, prose = out.split("What its author wrote:\n")
    assert facts.startswith("prefrontal/digit-classifier\n  task              image-classification\n")
    assert "  runs here         yes: on this machine\n" in facts
    assert "  image             The picture to look at (image)\n" in facts
    assert prose.startswith("# digit-classifier")
    code, out, _ = cli("show", "far/shortener", "--json")
    [card] = lines_of(out)
    assert card["fitness"]["ok"] is False
    assert card["arguments"][0]["name"] == "text"
    code, _, err = cli("show", "prefrontal/digit-clasifier")
    assert code == 2
    assert "closest: prefrontal/digit-classifier, " in err


def test_a_model_s_program_is_printed_as_it_is(cli: Cli) -> None:
    code, out, err = cli("show", "prefrontal/digit-classifier", "--code")
    assert (code, err) == (0, "")
    assert out.startswith('"""Calls prefrontal/digit-classifier (image-classification) without prefrontal."""\n\nfrom ')
    compile(out, "program", "exec")
    _, told, _ = cli("show", "prefrontal/digit-classifier", "--code", "--json")
    assert lines_of(told) == [{"id": "prefrontal/digit-classifier", "code": out}]


def test_a_built_in_has_no_program(cli: Cli) -> None:
    code, out, err = cli("show", "prefrontal/count", "--code")
    assert (code, out) == (2, "")
    assert "prefrontal/count is built into prefrontal and is no model" in err


def test_cards_are_read_from_their_documentation(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "cards.jsonl"
    written = "```python\nfrom transformers import AutoModelForCTC\nAutoModelForCTC.from_pretrained('lab/b')\n```"
    rows = [
        {"id": "lab/a", "pipeline_tag": "translation", "description": "Detects objects in photos: object detection."},
        {"id": "lab/b", "task": "translation", "meta": {"tags": ["translation"]}, "description": written},
        {"id": "lab/c", "description": "It is nice."},
        {"description": "It has no id."},
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    code, out, err = cli("read-cards", file, "--hide-tags", "--json", index=None)
    assert code == 0
    assert lines_of(out) == [
        {"id": "lab/a", "task": "object-detection", "library": "transformers", "class": "pipeline"},
        {"id": "lab/b", "task": "automatic-speech-recognition", "library": "transformers", "class": "AutoModelForCTC"},
        {"id": "lab/c", "task": "", "library": "", "class": ""},
    ]
    assert err.startswith("cards.jsonl line 4 is set aside: ")
    _, out, _ = cli("read-cards", file, "--json", index=None)
    assert [row["task"] for row in lines_of(out)] == ["translation", "translation", ""]
    _, out, _ = cli("read-cards", file, index=None)
    assert out.splitlines()[0] == "lab/a: translation, AutoModelForSeq2SeqLM of transformers (its tag)"


def test_a_file_without_any_card_is_a_failure(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "cards.jsonl"
    file.write_text('{"description": "no id"}')
    assert cli("read-cards", file, index=None)[0] == 1
    assert cli("read-cards", tmp_path / "none.jsonl", index=None)[0] == 2
