"""When a step gives nothing of use, another model or another task takes its place, and the run says so."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_models
from PIL import Image

from prefrontal import Agent, ModelCard, ModelIndex, Workspace
from prefrontal.agent.planner.execute.routes import no_answer, shortcoming, ways
from prefrontal.agent.planner.plan_step import PlanStep
from prefrontal.retrieval.embedding.hashing import HashEmbedder
from prefrontal.tools.tasks import get_task, rows


def test_another_task_takes_the_same_things() -> None:
    step = PlanStep("document-question-answering", {"image": "image-1", "question": "What is due?"}, "read the bill")
    same, seen, told = ways(step)
    assert same is step
    assert (seen.task, seen.arguments) == (
        "visual-question-answering",
        {"image": "image-1", "question": "What is due?"},
    )
    assert (told.task, told.arguments) == ("image-text-to-text", {"image": "image-1", "prompt": "What is due?"})


def test_a_way_that_lacks_something_is_none() -> None:
    lone = PlanStep(
        "zero-shot-classification", {"text": "It leaks", "candidate_labels": ["tap", "roof"]}, "tap or roof"
    )
    assert [way.task for way in ways(lone)] == ["zero-shot-classification", "sentence-similarity"]
    assert [way.task for way in ways(PlanStep("depth-estimation", {"image": "image-1"}, "depth"))] == [
        "depth-estimation"
    ]


def test_other_ways_are_tasks_that_give_the_same_or_words() -> None:
    assert get_task("text-ranking").falls_back
    for row in rows():
        for other in row.falls_back:
            kinds = {row.output.kind, get_task(other).output.kind}
            assert len(kinds) == 1 or kinds == {"labels", "text"}, (row.id, other)


@pytest.mark.parametrize(
    ("value", "task", "why"),
    [
        ("", "automatic-speech-recognition", "it heard no words that it knows"),
        ("word", "automatic-speech-recognition", ""),
        ([{"label": "cat", "score": 0.04}], "image-classification", "its best label has a score of only 0.04"),
        ([{"label": "cat", "score": 0.4}], "image-classification", ""),
        ([{"label": "a text", "score": 0.04}], "sentence-similarity", ""),  # two texts may have nothing in common
        ([], "object-detection", ""),  # that there is nothing is an answer
    ],
)
def test_what_is_of_no_use(value: object, task: str, why: str) -> None:
    assert shortcoming(value, task) == why


@pytest.mark.parametrize(
    ("value", "task", "why"),
    [
        (
            "five two nine",
            "automatic-speech-recognition",
            "it heard 'five two nine', number words that make no number, so something else was said",
        ),
        ("forty-two", "automatic-speech-recognition", ""),
        ("forty two [?]", "automatic-speech-recognition", "it heard 'forty two', but is not sure"),
        ("[?] two [?]", "automatic-speech-recognition", "it heard 'two', but is not sure"),
        ("[?]", "automatic-speech-recognition", "it heard no words that it knows"),
        ("five two nine", "translation", ""),  # only what was heard may be something else
        ("a\nb\nc\nd [?]", "join", "it could be read only in part: a / b / c / d [?]"),
        ("a\n\nc\nd", "join", "it could be read only in part: a / c / d"),
        ("a\nb\nc\nd\ne [?]", "join", ""),  # a fifth is not more than a fifth
        ("Closed [?]", "image-to-text", "it could be read only in part: Closed [?]"),
        ("Closed", "image-to-text", ""),
        ("Bring three copies of the contract [?]", "image-to-text", ""),  # one doubtful word is told with its mark
        ("GREEN GROCER ITD [?]\nApples 2.40\nTOTAL 2.40", "join", ""),
        (
            "GREEN GROCER ITD [?]\nApples are 2.4O [?]",
            "join",
            "it could be read only in part: GREEN GROCER ITD [?] / Apples are 2.4O [?]",
        ),
        ("GREEN [?] GROCER ITD [?]", "image-to-text", "it could be read only in part: GREEN [?] GROCER ITD [?]"),
        ("", "image-to-text", "nothing could be read in the picture"),
        ("\n", "join", "nothing could be read in the picture"),
        (7, "join", ""),
    ],
)
def test_what_is_no_answer_at_all(value: object, task: str, why: str) -> None:
    assert no_answer(value, task) == why


def test_a_line_of_a_page_may_be_unsure() -> None:
    assert no_answer("Closed [?]", "image-to-text", alone=False) == ""
    assert shortcoming("Closed [?]", "image-to-text") == ""
    assert shortcoming("a\nb [?]", "join") == "it could be read only in part: a / b [?]"


def test_a_model_that_is_unsure_is_replaced_by_the_next(
    tmp_path: Path, zoo: list[ModelCard], digit_seven: Image.Image
) -> None:
    unsure = ModelCard.from_dir(unsure_classifier(tmp_path / "unsure"), id="lab/digit-which-digit-is-this")
    index = ModelIndex(tmp_path / "index", HashEmbedder())
    index.add([*zoo, unsure])
    run = Agent(index=index, workspace=Workspace(tmp_path / "ws")).run("Which digit is this?", digit_seven)
    assert run.reached
    assert run.answer.startswith("It is 7 ")
    assert [step.model["id"] for step in run.steps if step.model] == [unsure.id, "prefrontal/digit-classifier"]
    (note,) = run.replanned
    assert (note["step"], note["instead_of"], note["now"]) == (1, unsure.id, "with prefrontal/digit-classifier")
    assert note["why"].startswith(f"{unsure.id} could not do it (its best label has a score of only 0.0")
    assert "Planned anew: lab/digit-which-digit-is-this could not do it" in str(run)
    assert run.to_dict()["replanned"] == [note]


def test_a_poor_result_is_better_than_none(tmp_path: Path, digit_seven: Image.Image) -> None:
    index = ModelIndex(tmp_path / "index", HashEmbedder())
    index.add([ModelCard.from_dir(unsure_classifier(tmp_path / "unsure"), id="lab/unsure")])
    run = Agent(index=index, workspace=Workspace(tmp_path / "ws")).run("Which digit is this?", digit_seven)
    assert run.reached
    assert "% sure" in run.answer


def test_another_task_answers_when_no_model_of_the_first_is_here(tmp_path: Path) -> None:
    index = ModelIndex(tmp_path / "index", HashEmbedder())
    looks = ModelCard.from_dir(tiny_models.build("visual-question-answering", tmp_path / "vilt"), id="lab/looks")
    index.add([looks.with_(task="visual-question-answering")])
    run = Agent(index=index, workspace=Workspace(tmp_path / "ws")).run(
        "Answer the question “What is the total?” about the scanned invoice", Image.new("RGB", (64, 64), "white")
    )
    assert run.reached
    assert [step.model["id"] for step in run.steps if step.model] == ["lab/looks"]
    (note,) = run.replanned
    assert (note["instead_of"], note["now"]) == (
        "no model of document-question-answering",
        "as visual-question-answering",
    )


def unsure_classifier(folder: Path) -> Path:
    """A classifier that takes any of thirty digits for equally likely."""
    import torch
    from transformers import ResNetConfig, ResNetForImageClassification, ViTImageProcessor

    names = {i: f"digit {i}" for i in range(30)}
    config = ResNetConfig(
        embedding_size=8, hidden_sizes=[8], depths=[1], layer_type="basic", out_features=["stage1"],
        id2label=names, label2id={name: i for i, name in names.items()},
    )  # fmt: skip
    model = ResNetForImageClassification(config)
    torch.nn.init.zeros_(model.classifier[1].weight)
    torch.nn.init.zeros_(model.classifier[1].bias)
    model.save_pretrained(folder)
    ViTImageProcessor(size={"height": 24, "width": 24}).save_pretrained(folder)
    head = "---\npipeline_tag: image-classification\nlibrary_name: transformers\n---\n"
    (folder / "README.md").write_text(f"{head}Which digit is this? Recognise the digit.\n")
    return folder
