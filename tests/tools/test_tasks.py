"""Looking up tasks: by id or alias, by what they make, and the schema of their arguments."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from prefrontal.errors import UnknownTaskError
from prefrontal.tools.task import Task
from prefrontal.tools.tasks import args_schema, find_task, get_task, rows, usual_way

ROWS = list(rows())


def ids(row: Task) -> str:
    return row.id


@pytest.mark.parametrize(
    ("alias", "id"),
    [
        ("text2text-generation", "text2text-generation"),
        ("image-captioning", "image-to-text"),
        ("ner", "token-classification"),
        ("sentiment-analysis", "text-classification"),
        ("text-to-speech", "text-to-speech"),
        ("tts", "text-to-speech"),
        ("text-to-audio", "text-to-audio"),
        ("vqa", "visual-question-answering"),
        ("asr", "automatic-speech-recognition"),
        ("Automatic Speech_Recognition ", "automatic-speech-recognition"),
        ("image_text_to_image", "image-to-image"),
        ("chat-completion", "text-generation"),
    ],
)
def test_aliases(alias: str, id: str) -> None:
    assert get_task(alias).id == id


@pytest.mark.parametrize("row", ROWS, ids=ids)
def test_the_arguments_schema_is_the_row(row: Task) -> None:
    from jsonschema import Draft202012Validator

    schema = args_schema(row.id).model_json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == [slot.name for slot in row.inputs]
    assert schema.get("required", []) == [slot.name for slot in row.inputs if slot.required]
    assert all(field["description"] for field in schema["properties"].values())


def test_an_undeclared_argument_is_an_error() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        args_schema("translation")(text="hello", path="/etc/passwd")


def test_media_are_handles_and_numbers_may_be_text() -> None:
    schema = args_schema("object-detection").model_json_schema()
    assert schema["properties"]["image"] == {
        "description": "The picture to look at (the handle of an image, such as image-1)",
        "title": "Image",
        "type": "string",
    }
    assert args_schema("calculate")(expression=17).model_dump() == {"expression": "17"}


@pytest.mark.parametrize(("task", "slot"), [("draw-boxes", "boxes"), ("join", "texts"), ("text-ranking", "texts")])
def test_a_list_may_be_the_handle_of_a_result(task: str, slot: str) -> None:
    others = {one.name: "image-1" for one in get_task(task).inputs if one.required and one.name != slot}
    assert args_schema(task)(**others, **{slot: "result-12"}).model_dump()[slot] == "result-12"
    for words in ("some words", "image-1"):
        with pytest.raises(ValidationError):
            args_schema(task)(**others, **{slot: words})


def test_a_list_of_texts_may_be_a_text_file_s_handle() -> None:
    assert args_schema("join")(texts="text-1").model_dump()["texts"] == "text-1"
    with pytest.raises(ValidationError):
        args_schema("draw-boxes")(image="image-1", boxes="text-1")


@pytest.mark.parametrize("name", ["", None, "image-to-smell", "-", "x" * 10_000])
def test_what_is_no_task(name: str | None) -> None:
    assert find_task(name) is None


def test_an_unknown_task_names_the_closest() -> None:
    with pytest.raises(UnknownTaskError) as caught:
        get_task("image-to-smell")
    assert str(caught.value) == (
        "'image-to-smell' is not a known task; closest: image-to-image, image-to-text, image-to-3d; "
        "all of them: prefrontal.tasks()"
    )
    with pytest.raises(UnknownTaskError) as caught:
        get_task("zzzz")
    assert str(caught.value) == "'zzzz' is not a known task; all of them: prefrontal.tasks()"


def test_there_is_one_usual_way_from_kind_to_kind() -> None:
    usual = [(row.inputs[0].kind, kind) for row in rows() for kind in row.makes]
    assert len(usual) == len(set(usual))
    assert usual_way("image", "boxes") == "object-detection"
    assert usual_way("text", "video") == ""
