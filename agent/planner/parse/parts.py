"""The parts that words of a goal can have, as the reader learnt them (zoo/training/goals/README.md explains them)."""

from __future__ import annotations

from collections.abc import Sequence

OPS: tuple[str, ...] = tuple(
    """
    count_things find_things classify_picture describe_picture ask_picture read_text read_digit picture_similarity
    edit_picture make_picture transcribe translate_speech classify_sound make_speech separate_sound translate summarize
    sentiment detect_language similarity most_similar rank find_names answer_question fill_gap continue_text
    classify_text write_text count_words count_lines count_characters nth_line find_line sort_lines calculate percent_of
    discount raise_by tip split convert_unit statistic round_number compare difference total number_in_words
    story_problem weekday days_between date_plus table_sum table_mean table_max table_min table_count table_lookup
    table_group table_row table_columns list_files video_of watch_video depth segment help greet thanks who_are_you
    which_model about_model search_models unserved unclear
    """.split()
)
# Where a wish takes its input from: one file, several, what an earlier wish gives, the goal's words, an earlier turn.
SOURCES = ("file", "files", "wish", "words", "before")
# What is said of what is wished; the values of the annotation's many arguments in few kinds.
ARGUMENTS = (
    "thing", "text", "texts", "language", "number", "percent", "people", "places", "unit", "column", "where", "by",
    "date", "span", "labels", "topic", "which", "about",
)  # fmt: skip
_KINDS = {
    "thing": "thing", "text": "text", "texts": "texts", "target": "language", "language": "language",
    "number": "number", "numbers": "number", "percent": "percent", "people": "people", "places": "places",
    "from": "unit", "to": "unit", "column": "column", "where": "where", "by": "by", "date": "date", "dates": "date",
    "span": "span", "labels": "labels", "topic": "topic", "question": "topic", "name": "topic", "task": "topic",
    "which": "which", "how": "which", "operation": "which", "about": "about", "n": "number",
}  # fmt: skip
# What narrows a wish, what says how it shall be done, and what is not wanted.
QUALIFIERS = ("region", "except", "larger", "smaller", "nth", "about", "where", "between", "each")
CONSTRAINTS = ("language", "rounding", "format", "model", "size", "license", "count")
LIMITS = (*QUALIFIERS, *CONSTRAINTS, "negated")
# Wishes over what others made, and those that make it.
BESIDE = frozenset({"compare", "difference", "total"})
MAKERS = frozenset(
    {"count_things", "read_digit", "transcribe", "read_text", "count_words", "count_lines", "count_characters"}
)
TOKENS = 160  # that are read of a goal


def argument_of(name: str) -> str:
    """The kind of an annotated argument."""
    return _KINDS[name]


def prefix(files: Sequence[str]) -> str:
    """What the reader is told of the files, before the goal's own words."""
    return f"{' '.join(files)} : " if files else ": "
