"""`run` and `plan`: a goal in words, its files, and what is told of both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Cli, lines_of

from prefrontal import ModelIndex

CARD = "---\npipeline_tag: translation\nlanguage: [en, fr]\nlicense: mit\n---\n# Opus\n\nTranslates.\n"
EMPTY_GOAL = 'the goal is empty; say what shall be done, such as "Count the coins in this photo"'


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, "HF_HUB_OFFLINE": "1", **environment}
    command = [sys.executable, "-m", "prefrontal", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=given, timeout=300)


# run


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
        "audio (WAV, FLAC, OGG, MP3), video (MP4, WebM), tables (CSV, XLSX, JSON, Parquet) and texts (TXT, MD, HTML, "
        "PDF, DOCX)\n"
    )


def test_sound_for_a_task_that_looks_at_pictures(cli: Cli, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    soundfile.write(tmp_path / "tone.wav", np.zeros(1600, np.float32), 16_000)
    code, out, _ = cli("run", "Count the coins in this photo", "--file", tmp_path / "tone.wav")
    assert code == 1
    assert "“Count” needs a picture, but tone.wav is a recording; pass a picture along." in out
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


def test_the_preference_reaches_the_agent(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    search = ModelIndex.search

    def watched(self: ModelIndex, *given: Any, **named: Any) -> Any:
        asked.append(named.get("prefer", "none"))
        return search(self, *given, **named)

    monkeypatch.setattr(ModelIndex, "search", watched)
    cli("run", "Translate “two” into French", "--prefer", "fast")
    assert set(asked) == {"fast"}
    wrong = "error: prefer is 'cheap'; allowed are fast, balanced, best\n"
    assert cli("run", "Which digit is this?", "--prefer", "cheap") == (2, "", wrong)


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


def test_wrong_plans(cli: Cli, tmp_path: Path) -> None:
    requests = tmp_path / "requests.jsonl"
    requests.write_text('{"user_request": "fine"}\n{"question": "not fine"}\n')
    for arguments, sentence in (
        ((), "pass either a GOAL or --requests FILE.jsonl"),
        (("x", "--requests", requests), "pass either a GOAL or --requests FILE.jsonl"),
        (("x", "--tools", requests), "--tools goes with --requests FILE.jsonl; pass both"),
        (
            ("--requests", requests),
            "requests.jsonl line 2 has no text under user_request; each line must be an object with it",
        ),
    ):
        assert cli("plan", *arguments) == (2, "", f"error: {sentence}\n")


def test_an_address_as_a_file_is_fetched_only_when_that_is_said(cli: Cli) -> None:
    address = "https://127.0.0.1/photo.png"
    code, _, errors = cli("run", "Crop the left half of the picture", "--file", address)
    assert code == 2
    assert "--allow-urls" in errors
    code, _, errors = cli("run", "Crop the left half of the picture", "--file", address, "--allow-urls")
    assert code == 2
    assert "public" in errors
