"""The command line, called as a user calls it: mostly in this process, a few times as a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefrontal import ModelCard, ModelIndex, __version__
from prefrontal.doors.cli import main
from prefrontal.doors.cli.console import wrapped
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.tools.builtin import builtin_cards

ZOO = Path(__file__).parents[3] / "zoo" / "models"
CARD = "---\npipeline_tag: translation\nlanguage: [en, fr]\nlicense: mit\n---\n# Opus\n\nTranslates.\n"
EMPTY_GOAL = 'the goal is empty; say what shall be done, such as "Count the coins in this photo"'
Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def spelling_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-ins, two models of the zoo and one that is not here, found by spelling."""
    path = tmp_path_factory.mktemp("cli") / "index"
    zoo = [ModelCard.from_dir(ZOO / name, id=f"prefrontal/{name}") for name in ("digit-classifier", "numbers-en-fr")]
    row = {
        "id": "far/shortener",
        "task": "summarization",
        "library": "transformers",
        "bytes": 9_000_000,
        "license": "mit",
    }
    far = ModelCard.from_row(row)
    ModelIndex(path, HashEmbedder()).add([*builtin_cards(), *zoo, far])
    return path


@pytest.fixture
def cli(
    tmp_path: Path, spelling_index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """Runs a command over `spelling_index`; gives the exit code, standard output and standard error."""
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", HashEmbedder)
    monkeypatch.setenv("PREFRONTAL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def call(*arguments: Any, index: Path | None = spelling_index) -> tuple[int, str, str]:
        given = [str(argument) for argument in arguments]
        code = main([*given, "--index", str(index)] if index else given)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def digit(tmp_path: Path) -> Path:
    pytest.importorskip("sklearn", reason="the pictures of digits are scikit-learn's")
    from PIL import Image
    from sklearn.datasets import load_digits

    path = tmp_path / "digit.png"
    Image.fromarray((load_digits().images[5] * 15.9).astype("uint8")).resize((64, 64)).save(path)
    return path


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "HF_HUB_OFFLINE": "1", **environment}
    command = [sys.executable, "-m", "prefrontal", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=given, timeout=300)


# The process


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from prefrontal.doors.cli import main; main(['--help']); "
        "heavy = {'torch', 'transformers', 'langchain', 'langchain_core', 'numpy', 'faiss', 'pydantic', 'rich'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "[]"
    for command in ("run", "plan", "search", "show", "index"):
        assert f"\n  {command} " in done.stdout


def test_an_index_is_built_and_a_goal_reached_by_processes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "models" / "owner--opus").mkdir(parents=True)
    (tmp_path / "models" / "owner--opus" / "README.md").write_text(CARD)
    index = ("--index", str(tmp_path / "index"))
    added = process("index", "add", str(tmp_path / "models"), *index, "--json")
    assert added.returncode == 0, added.stderr
    [report] = lines_of(added.stdout)
    assert report["added"] == ["owner/opus"]
    assert report["cards"] == 1

    workspace = tmp_path / "workspace"
    done = process("run", "What is 17 * 23 + 4?", *index, "--workspace", str(workspace), "--json")
    assert done.returncode == 0, done.stderr
    *events, run = lines_of(done.stdout)
    assert [event["type"] for event in events] == ["search", "call", "result", "answer"]
    assert events[0]["thought"] == "Step 1 of 1, calculate: arithmetic needs no model."
    assert events[2]["model"] == {"id": "prefrontal/calculate", "revision": "1"}
    assert run["type"] == "run"
    assert run["reached"] is True
    assert run["answer"] == "17 * 23 + 4 = 395."
    assert run["workspace"] == str(workspace)


def test_a_second_run_in_a_workspace_does_not_see_the_files_of_the_first(cli: Cli, digit: Path, tmp_path: Path) -> None:
    there = ("--workspace", tmp_path / "workspace", "--json")
    _, out, _ = cli("run", "Crop the left half of the picture", "--file", digit, *there)
    assert [media["handle"] for media in lines_of(out)[-1]["media"]] == ["image-1", "image-2"]
    _, out, _ = cli("run", "What is 1 + 1?", *there)
    assert lines_of(out)[-1]["media"] == []
    _, out, _ = cli("run", "Crop the right half of the picture", "--file", digit, *there)
    assert [media["handle"] for media in lines_of(out)[-1]["media"]] == ["image-1", "image-3"]


def test_ctrl_c_is_one_line_and_130(tmp_path: Path) -> None:
    lines = tmp_path / "q.jsonl"
    lines.write_text('{"qid": 1, "query": "count coins"}\n' * 20_000)
    index = tmp_path / "index"
    ModelIndex(index, HashEmbedder()).add(list(builtin_cards()))
    code = (
        "import sys; from prefrontal.doors.cli import main; import prefrontal.retrieval.index as i; "
        "from prefrontal.retrieval.embedding.hashing import HashEmbedder; i.default_embedder = HashEmbedder; "
        f"sys.exit(main(['search', '--queries', {str(lines)!r}, '--index', {str(index)!r}]))"
    )
    running = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["qid"] == 1
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == "interrupted\n"


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_terminal_sees_how_many_cards_are_done_how_fast_and_the_time_left(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="parquet files are read by pyarrow, an optional package")
    import pty

    import pyarrow.parquet as pq

    ids = [f"owner/model-{n}" for n in range(900)]
    pq.write_table(pa.table({"id": ids, "card": [f"Card {id}" for id in ids]}), tmp_path / "cards.parquet")
    code = (
        "import sys, time; from prefrontal.doors.cli import main; import prefrontal.retrieval.index as i\n"
        "from prefrontal.retrieval.embedding.hashing import HashEmbedder\n"
        "class Slow(HashEmbedder):\n"
        "    def encode(self, texts): time.sleep(0.25); return super().encode(texts)\n"
        "i.default_embedder = Slow\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = ["index", "add", str(tmp_path / "cards.parquet"), "--index", str(tmp_path / "index")]
    terminal, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen([sys.executable, "-c", code, *command], stdout=subprocess.PIPE, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when the last writer has closed it
        while got := os.read(terminal, 4096):
            shown += got
    os.close(terminal)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert out.decode().splitlines()[0] == "900 added"
    lines = re.findall(r"indexing .*?left", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode(errors="replace")))
    assert any(re.search(r" 0/0 cards +-:--:-- left", line) for line in lines), "it is there from the beginning"
    assert any(re.search(r" (256|512)/900 cards .*\d cards/s \d:\d\d:\d\d left", line) for line in lines), lines


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    cards = [ModelCard.from_row({"id": f"owner/model-{n}", "task": "translation"}) for n in range(3000)]
    ModelIndex(folder, HashEmbedder(16)).add(cards)
    command = [sys.executable, "-m", "prefrontal", "index", "list", "--index", str(folder)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait(60) != 0


# run


def test_a_run_tells_its_steps_as_they_happen(cli: Cli, digit: Path, tmp_path: Path) -> None:
    script = tmp_path / "again.py"
    code, out, err = cli("run", "Which digit is this?", "--file", digit, "--script", script)
    assert (code, err) == (0, f"the same calls as a script: {script}\n")
    lines = out.splitlines()
    assert lines[0].startswith("Thought  Step 1 of 1, image-classification: ")
    assert lines[1].startswith("Search   “Which digit is this” among image-classification (")
    assert lines[2].startswith("         1. prefrontal/digit-classifier 0.")
    assert ": runs here; " in lines[2]
    assert lines[3] == 'Action   prefrontal/digit-classifier(image="image-1")'
    assert lines[4].startswith("Result   5 (")
    assert lines[5].startswith("Answer   It is 5 (")
    assert lines[6].startswith("         2 steps, 1 tool ran, ")
    assert "call('prefrontal/digit-classifier', image='image-1')" in script.read_text()


def test_a_chain_over_two_models_and_one_thought_told_once(cli: Cli, digit: Path) -> None:
    code, out, _ = cli("run", "Which digit is this? Say it in French.", "--file", digit)
    assert code == 0, out
    assert "Action   prefrontal/numbers-en-fr(" in out
    assert "cinq" in out
    assert out.count("Thought  Step 1 of 2") == 1


def test_an_empty_goal_is_wrong_usage(cli: Cli) -> None:
    assert cli("run", " ") == (2, "", f"error: {EMPTY_GOAL}\n")
    assert cli("plan", "") == (2, "", f"error: {EMPTY_GOAL}\n")


def test_errors_are_a_line_of_json_too(cli: Cli) -> None:
    code, out, err = cli("run", "", "--json")
    assert code == 2
    assert lines_of(out) == [{"type": "error", "text": EMPTY_GOAL}]
    assert err == f"error: {EMPTY_GOAL}\n"


def test_a_missing_file_is_told_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from prefrontal.doors.cli import main; code = main(['run', 'Which digit?', '-f', 'no.png']); "
        "print(code, sorted({'torch', 'langchain', 'faiss'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.strip() == "2 []"
    assert done.stderr == "error: no.png does not exist; in . there are: no files; check the path\n"


def test_a_text_named_png_is_told_apart(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "fake.png").write_text("no picture at all")
    code, out, err = cli("run", "Which digit is this?", "--file", tmp_path / "fake.png")
    assert (code, out) == (2, "")
    assert err == (
        "error: fake.png is a text file, not an image file as its name says; allowed are images (PNG, JPEG, …), "
        "audio (WAV, FLAC, OGG, MP3), video (MP4, WebM) and tables (CSV, JSON)\n"
    )


def test_sound_for_a_task_that_looks_at_pictures(cli: Cli, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "tone.wav", np.zeros(1600, np.float32), 16_000)
    code, out, _ = cli("run", "Count the coins in this photo", "--file", tmp_path / "tone.wav")
    assert code == 1
    assert "a file of kind image is missing; pass it along." in out
    assert "Action" not in out


def test_a_goal_that_no_model_here_serves(cli: Cli) -> None:
    code, out, _ = cli("run", "Draw a picture of a cat")
    assert code == 1
    assert "Ended    No model that runs here can do text-to-image for 'Draw a picture of a cat'." in out
    assert "0 tools ran" in out


def test_a_model_that_is_not_here_while_offline(cli: Cli) -> None:
    code, out, _ = cli("run", "Summarize “It rained. It rained all day, and then it rained again.”")
    assert code == 1
    assert "far/shortener: not downloaded, and offline" in out
    assert "0 tools ran" in out


def test_an_index_of_another_embedder_names_the_command_that_rebuilds(
    cli: Cli, spelling_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", lambda: HashEmbedder(32))
    for command in (("search", "coins"), ("run", "Translate “two” into French")):
        code, out, err = cli(*command)
        assert (code, out) == (2, "")
        assert err.startswith("error: ")
        assert f"prefrontal index rebuild --index {spelling_index}" in err


def test_a_chat_model_that_cannot_be_had(cli: Cli) -> None:
    code, _, err = cli("run", "Say hello", "--model", "nobody:model")
    assert code == 2
    assert err.startswith("error: the chat model 'nobody:model' cannot be used (")
    assert cli("run", "Say hello", "--base-url", "http://localhost:1") == (
        2,
        "",
        "error: --base-url says where a chat model is served, but no --model is named; add --model openai:NAME\n",
    )


def test_a_script_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("run", "What is 2 + 2?", "--script", tmp_path / "nowhere" / "s.py")
    assert code == 2
    assert err.startswith(f"error: {tmp_path / 'nowhere' / 's.py'} cannot be written (")


# plan


def test_a_plan_names_the_models_that_would_run(cli: Cli) -> None:
    code, out, err = cli("plan", "Translate “forty-two” into French")
    assert (code, err) == (0, "")
    assert out.startswith(
        "1. translation(text='forty-two', target_language='fr') with prefrontal/numbers-en-fr (3.2 MB) ["
    )


def test_a_plan_as_json_and_without_a_model(cli: Cli) -> None:
    code, out, err = cli("plan", "Draw a picture of a cat", "--json")
    [record] = lines_of(out)
    assert code == 0
    assert record["task_nodes"] == [{"task": "text-to-image", "arguments": ["a cat"]}]
    assert record["task_links"] == []
    assert err.startswith("No model that runs here can do text-to-image")


def test_plans_of_requests_by_the_names_of_the_tools(cli: Cli, tmp_path: Path) -> None:
    tools, requests = tmp_path / "tools.json", tmp_path / "requests.jsonl"
    tools.write_text(json.dumps({"nodes": [{"id": "Translation"}, {"id": "Automatic Speech Recognition"}]}))
    requests.write_text(
        '{"id": "a", "user_request": "Transcribe example.wav and translate the transcript into French."}\n\n'
        '{"id": 7, "user_request": "Hmm."}\n'
    )
    code, out, _ = cli("plan", "--requests", requests, "--tools", tools, "--json")
    assert code == 0
    first, second = lines_of(out)
    assert first == {
        "id": "a",
        "task_nodes": [
            {"task": "Automatic Speech Recognition", "arguments": ["example.wav"]},
            {"task": "Translation", "arguments": ["<node-0>", "fr"]},
        ],
        "task_links": [{"source": "Automatic Speech Recognition", "target": "Translation"}],
    }
    assert second.pop("problem").startswith("I could not find anything to do in 'Hmm.'")
    assert second == {"id": 7, "task_nodes": [], "task_links": []}


# search and show


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


def test_the_preference_reaches_the_search_and_the_agent(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    twins = [
        ModelCard(id=f"lab/tagger-{size}", task="text-classification", summary="Tags texts.", bytes=size * 10**6)
        for size in (9, 900)
    ]
    ModelIndex(index, HashEmbedder()).add(twins)

    def first(prefer: str) -> str:
        return lines_of(cli("search", "tag a text", "--prefer", prefer, "--json", index=index)[1])[0]["results"][0][
            "id"
        ]

    assert (first("fast"), first("best")) == ("lab/tagger-9", "lab/tagger-900")
    wrong = "error: prefer is 'cheap'; allowed are fast, balanced, best\n"
    assert cli("search", "x", "--prefer", "cheap") == (2, "", wrong)
    assert cli("run", "Which digit is this?", "--prefer", "cheap") == (2, "", wrong)
    asked: list[str] = []
    search = ModelIndex.search

    def watched(self: ModelIndex, *given: Any, **named: Any) -> Any:
        asked.append(named.get("prefer", "none"))
        return search(self, *given, **named)

    monkeypatch.setattr(ModelIndex, "search", watched)
    cli("run", "Translate “two” into French", "--prefer", "fast")
    assert set(asked) == {"fast"}


def test_filters_and_the_empty_answer(cli: Cli) -> None:
    code, out, _ = cli("search", "short", "--license", "mit", "--json")
    assert code == 0
    assert [hit["id"] for hit in lines_of(out)[0]["results"]] == ["far/shortener"]
    code, out, err = cli("search", "short", "--language", "xx", "--max-bytes", 10)
    assert (code, out) == (1, "")
    assert err == "No model fits 'short': none of 10 models passes language=xx, max_bytes=10; try fewer filters\n"


def test_wrong_searches(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"query": "fine"}\n{"question": "not fine"}\n')
    for arguments, sentence in (
        (("search",), "pass either a QUERY or --queries FILE.jsonl"),
        (("search", "x", "-k", 0), "k is 0; ask for one hit or more"),
        (("search", "--queries", bad), "bad.jsonl line 2 has no text under query; each line must be an object with it"),
        (("plan",), "pass either a GOAL or --requests FILE.jsonl"),
        (("plan", "x", "--tools", bad), "--tools goes with --requests FILE.jsonl; pass both"),
    ):
        assert cli(*arguments) == (2, "", f"error: {sentence}\n")
    code, _, err = cli("search", "x", "--task", "image-to-smell")
    assert code == 2
    assert err.startswith("error: 'image-to-smell' is not a known task; closest: ")
    code, _, err = cli("search", "x", "--queries", tmp_path / "none.jsonl")
    assert code == 2
    code, _, err = cli("search", "x", index=tmp_path / "none")
    assert (code, err) == (
        2,
        f"error: there is no index in {tmp_path / 'none'}; "
        f"build one: prefrontal index add SOURCE --index {tmp_path / 'none'}\n",
    )


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


# index


def test_cards_come_in_change_and_go(cli: Cli, tmp_path: Path) -> None:
    source, index = tmp_path / "cards.jsonl", tmp_path / "own"
    rows = [{"id": "a/b", "task": "translation"}, {"id": "no id at all!"}]
    source.write_text("\n".join(map(json.dumps, rows)))
    code, out, _ = cli("index", "add", source, index=index)
    assert code == 0
    assert out.startswith("1 added\nset aside cards.jsonl line 2: 'no id at all!' is not a model id")
    assert out.endswith(f"1 model in {index}\n")
    source.write_text(json.dumps({"id": "a/b", "task": "summarization"}))
    assert cli("index", "sync", index=index)[1].startswith("0 added, 1 changed\n")
    code, out, err = cli("index", "list", "--task", "summarization", index=index)
    assert (code, out, err) == (0, "a/b  summarization  size unknown\n", "1 model\n")
    code, out, _ = cli("index", "remove", "a/b", "x/y", "--json", index=index)
    [report] = lines_of(out)
    assert code == 0
    assert report["removed"] == ["a/b"]
    assert report["failed"] == [{"what": "x/y", "reason": "it is not in the index"}]
    assert cli("index", "remove", "x/y", index=index)[0] == 1


def test_what_nothing_reads_fails_as_a_whole(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("index", "add", tmp_path / "nowhere.md", index=tmp_path / "own")
    assert (code, out) == (2, "")
    assert "is no source of cards: no such file or folder" in err
    code, out, _ = cli("index", "add", "owner/name", index=tmp_path / "own")
    assert code == 1
    assert "owner/name cannot be looked up: the Hub is out of reach" in out


def test_stats_verify_and_rebuild_a_damaged_index(cli: Cli, tmp_path: Path) -> None:
    index = tmp_path / "own"
    source = tmp_path / "cards.jsonl"
    source.write_text(json.dumps({"id": "a/b", "task": "translation"}))
    cli("index", "add", source, index=index)
    code, out, err = cli("index", "verify", "--json", index=index)
    assert (code, err) == (0, "")
    assert lines_of(out)[0]["cards"] == 1
    assert "Models    1 of 1 task, generation 1, " in cli("index", "stats", index=index)[1]
    vectors = next(index.glob("gen-*/vectors.faiss"))
    vectors.write_bytes(vectors.read_bytes()[:-1])
    code, _, err = cli("index", "verify", index=index)
    assert code == 2
    assert f"prefrontal index rebuild --index {index}" in err
    assert cli("index", "rebuild", index=index)[0] == 0
    assert cli("index", "verify", index=index)[0] == 0


# The rest


def test_version_and_wrong_usage(cli: Cli) -> None:
    assert cli("--version", index=None) == (0, f"prefrontal {__version__}\n", "")
    code, out, err = cli("fly", index=None)
    assert (code, out) == (2, "")
    assert "No such command 'fly'." in err
    code, out, _ = cli("run", "--json", index=None)
    assert code == 2
    assert lines_of(out) == [{"type": "error", "text": "Missing argument 'GOAL'."}]


def test_what_nobody_foresaw_is_one_sentence(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("prefrontal.retrieval.index.default_embedder", lambda: 1 / 0)
    sentence = "ZeroDivisionError: division by zero; this is a bug or a broken install; PREFRONTAL_DEBUG=1 shows where"
    assert cli("search", "x") == (1, "", f"error: {sentence}\n")
    monkeypatch.setenv("PREFRONTAL_DEBUG", "1")
    assert "Traceback (most recent call last)" in cli("search", "x")[2]


def test_lines_are_set_in_and_paths_stay_whole() -> None:
    path = "/a/very/long/path/that-must-not-be-broken/although-it-has-hyphens.png"
    text = wrapped(f"Answer   There are 24 coins; the picture is image-2: {path}", 60)
    assert text.split("\n") == ["Answer   There are 24 coins; the picture is image-2:", f"         {path}"]
    assert wrapped("1. one two", 8) == "1. one\n   two"
    assert wrapped("", 60) == ""
