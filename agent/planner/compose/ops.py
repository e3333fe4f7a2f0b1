"""What each op is planned by: a row for each of `parse.parts.OPS`."""

from __future__ import annotations

from collections.abc import Callable

from ..parse.parts import OPS
from ..parse.wishes import Wish
from . import amounts, beside, likeness, reckoning, seeing, wording
from .asking import asked_of
from .bench import Bench, Lacking, Result
from .seeing import of_file, of_prompt
from .tabular import ask_table, watched
from .wording import counted, of_text

Builder = Callable[[Bench, Wish], Result]


def _said(bench: Bench, wish: Wish) -> Result:
    """What is said to the assistant itself is answered out of the index and the task table."""
    topic, segment = wish.argument("topic"), bench.segment(wish)
    texts = (segment, topic) if wish.op == "which_model" else (topic, segment)  # of several things one is the topic
    said = dict.fromkeys(filter(None, texts))
    answer = next(filter(None, (bench.reply(wish.op, words) for words in said)), "")
    if not answer:
        raise Lacking(f"I cannot tell from the index what “{bench.segment(wish)[:80]}” asks for.")
    bench.replies.append(answer)
    return Result("sentence", value=answer)


def _unserved(bench: Bench, wish: Wish) -> Result:
    words = " … ".join(piece.text for piece in wish.words[:3])
    raise Lacking(f"Nothing here can do “{words}”; ask what I can do for what there is.")


def _unclear(bench: Bench, wish: Wish) -> Result:
    raise Lacking("I did not understand what shall be done; say it with a verb and what it is about.")


_NUMBERS: dict[str, Builder] = dict.fromkeys(
    ("calculate", "percent_of", "discount", "raise_by", "tip", "split", "statistic", "round_number"),
    reckoning.calculate,
)
_TABLES: dict[str, Builder] = dict.fromkeys([op for op in OPS if op.startswith("table_")], ask_table)
_SAYINGS: dict[str, Builder] = dict.fromkeys(
    ("help", "greet", "thanks", "who_are_you", "which_model", "about_model", "search_models", "list_files"), _said
)
_DATES: dict[str, Builder] = {
    op: asked_of("dates", kind, "the calendar answers, without a model")
    for op, kind in (("weekday", "text"), ("days_between", "number"), ("date_plus", "text"))
}
BUILDERS: dict[str, Builder] = {
    **_NUMBERS, **_TABLES, **_SAYINGS, **_DATES,
    "count_things": seeing.count_things,
    "find_things": seeing.find_things,
    "classify_picture": seeing.classify_picture,
    "describe_picture": seeing.describe_picture,
    "ask_picture": amounts.ask_picture,
    "read_text": amounts.read_text,
    "read_digit": seeing.read_digit,
    "edit_picture": seeing.crop,
    "make_picture": of_prompt("text-to-image", "prompt", "image", "makes a picture out of words"),
    "video_of": of_prompt("text-to-video", "prompt", "video", "makes a video out of words"),
    "depth": of_file("depth-estimation", "image", "image", "image", "tells how far away everything is"),
    "segment": of_file("image-segmentation", "image", "image", "masks", "finds the outline of each thing"),
    "transcribe": seeing.transcribe,
    "classify_sound": of_file("audio-classification", "audio", "audio", "labels", "tells what is to be heard"),
    "separate_sound": of_file("audio-to-audio", "audio", "audio", "audio", "changes or parts the sound"),
    "make_speech": wording.make_speech,
    "watch_video": watched("video-classification", "labels", "tells what happens"),
    "translate": wording.translate,
    "translate_speech": wording.translate,
    "summarize": of_text("summarization", "text", "says it in fewer words"),
    "sentiment": of_text("text-classification", "labels", "tells how it sounds", noun="sentiment"),
    "detect_language": of_text("text-classification", "labels", "tells which language it is", noun="language identification"),
    "classify_text": wording.classify_text,
    "find_names": of_text("token-classification", "spans", "finds the names"),
    "fill_gap": wording.fill_gap,
    "continue_text": of_text("text-generation", "text", "goes on with the text"),
    "write_text": of_prompt("text-generation", "text", "text", "writes a text"),
    "answer_question": wording.answer_question,
    "similarity": likeness.similarity,
    "picture_similarity": likeness.texts_alike,
    "most_similar": likeness.most_similar,
    "rank": likeness.rank,
    "count_words": counted("words"),
    "count_lines": counted("lines"),
    "count_characters": counted("characters"),
    "nth_line": wording.nth_line,
    "find_line": wording.find_line,
    "sort_lines": wording.sort_lines,
    "convert_unit": asked_of("convert-units", "number", "units are converted exactly, without a model"),
    "compare": beside.compare,
    "difference": beside.difference,
    "total": beside.total,
    "number_in_words": wording.number_in_words,
    "story_problem": reckoning.story_problem,
    "unserved": _unserved,
    "unclear": _unclear,
}  # fmt: skip
