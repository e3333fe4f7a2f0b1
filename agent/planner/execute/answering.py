"""From results to an answer in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ....tools.languages import english_names
from ....tools.media import Workspace
from ....tools.render import render
from ....tools.tasks import find_task, get_task
from ....tools.text import UNSURE, singular
from ..parse.numerals import NUMBER_WORDS, in_figures
from ..plan import Plan
from ..plan_step import PlanStep, node, nodes_in

_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


def compose(plan: Plan, values: Sequence[Sequence[Any]], workspace: Workspace) -> str:
    """One or two sentences for each step that was asked for, and one where print was read that may be read wrong.

    Args:
        values: for each step, what its calls gave (the primary outputs).
    """
    told = [
        _told(plan, step, list(given), workspace) for step, given in zip(plan.steps, values, strict=True) if step.asked
    ]
    told += [*_doubts(plan, values, told), *_left_out(plan, workspace)]
    return " ".join(dict.fromkeys(told)) if all("\n" not in one for one in told) else "\n".join(dict.fromkeys(told))


def _left_out(plan: Plan, workspace: Workspace) -> list[str]:
    """What of the texts that were asked could not be read: "(letter.pdf: page 2 has no text; …)"."""
    given = [value for step in plan.steps for value in step.arguments.values() if isinstance(value, str)]
    texts = [workspace.get(handle) for handle in dict.fromkeys(given) if handle in workspace]
    return [f"({text.name}: {text.details['left_out']}.)" for text in texts if text.details.get("left_out")]


def _doubts(plan: Plan, values: Sequence[Sequence[Any]], told: list[str]) -> list[str]:
    """What the reader of print was not sure of, where it was read on the way to the answer."""
    read = [
        text for step, given in zip(plan.steps, values, strict=True) if step.task == "image-to-text" for text in given
    ]
    doubted = [text for text in read if isinstance(text, str) and UNSURE in text]
    if not doubted:
        return []
    if any(UNSURE in one for one in told):
        return [f"The words before “{UNSURE}” may be read wrong."]
    return [f"This was read on the way and may be read wrong: {' / '.join(doubted)}"]


def _told(plan: Plan, step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    """What a step gave in words; of the pages or frames of a file for each by itself, with its place."""
    form, pages = _form(step), _pages(plan, step, workspace)
    if len(pages) != len(values) or not pages:
        return form(step, values, workspace)
    told = [f"{page}: {form(step, [value], workspace)}" for page, value in zip(pages, values, strict=True)]
    return "\n".join(told) if any("\n" in one for one in told) else " ".join(told)


def _pages(plan: Plan, step: PlanStep, workspace: Workspace) -> list[str]:
    """ "Page 1 of 3" for each picture that a step is about, where they are pages; else nothing. A step is about what
    the step before it was made from."""
    for value in step.arguments.values():
        while isinstance(value, str) and (places := nodes_in(value)) and value == node(places[0]):
            value = next(iter(plan.steps[places[0]].arguments.values()), None)
        files = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
        media = [workspace.get(one) for one in files if one in workspace]
        if media and len(media) == len(files) and all("page" in one.details for one in media):
            names = {one.name.removesuffix(f", {one.details['page']}") for one in media}
            return [_capital(one.details["page"] if len(names) == 1 else one.name) for one in media]
    return []


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _form(step: PlanStep) -> Form:
    return _TOLD.get(step.told.partition(" ")[0]) or _FORMS.get(step.task, _plainly)


def _count(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    noun = str(step.arguments.get("label") or "things")
    if len(values) == 1:
        number = values[0]
        return f"There {'is' if number == 1 else 'are'} {number} {noun if number != 1 else _one(noun)}."
    return _each([f"{value} {noun}" for value in values])


def _one(noun: str) -> str:
    return singular(noun)


def _each(parts: list[str]) -> str:
    """ "first: 24 coins; second: 10 coins"."""
    named = [f"{_PLACES[i]}: {part}" if i < len(_PLACES) else part for i, part in enumerate(parts)]
    text = "; ".join(named)
    return f"{text[0].upper()}{text[1:]}."


def _calculate(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    value, expression = values[0], str(step.arguments["expression"])
    if isinstance(value, bool):
        first, _, second = expression.split()
        verdict = "Yes" if value else "No"
        if step.words.lower().startswith("which"):
            verdict = "Neither" if first == second else f"The {'first' if value else 'second'}"
        return f"{verdict}: {first} in the first, {second} in the second."
    return f"{expression} = {value:.12g}." if isinstance(value, float) else f"{expression} = {value}."


def _translation(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    code = step.arguments.get("target_language")
    name = next((name.capitalize() for name, known in english_names().items() if known == code), "")
    texts = "; ".join(map(str, values))
    return f"In {name}: {texts}." if name else f"Translated: {texts}."


def _said(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    if len(values) > 1:
        return _each([f"“{value}”{_in_figures(value)}" for value in values])
    return (
        f"The recording says: “{values[0]}”{_in_figures(values[0])}."
        if str(values[0]).strip()
        else "Nothing could be understood in the recording."
    )


def _in_figures(value: Any) -> str:
    """ " (42)" behind a number in words."""
    text = str(value).strip(" .")
    return f" ({in_figures(text)})" if NUMBER_WORDS.fullmatch(text) else ""


def _printed(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    text = str(values[0])
    if len(values) > 1:
        return _each([f"“{value}”" for value in values])
    if not text.strip():
        return "Nothing could be read in the picture."
    return f"The text reads:\n{text}" if "\n" in text else f"The text reads: {_quoted(text)}"


def _quoted(text: str) -> str:
    """In quotes, with one full stop at the end and not two."""
    return f"“{text}”" if str(text).rstrip().endswith((".", "!", "?")) else f"“{text}”."


def _labels(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    best = [value[0] for value in values if value]
    if not best:
        return "No label fits."
    if len(best) > 1:
        names = [str(one["label"]) for one in best]
        return f"They are {', '.join(names[:-1])} and {names[-1]}."
    score = best[0].get("score")
    return f"It is {best[0]['label']}{'' if score is None else f' ({score:.0%} sure)'}."


def _similarity(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    ranked = values[0]
    best = ranked[0]
    if len(ranked) == 1:
        return f"The similarity is {best['score']:.2f} (1 means the same, 0 nothing in common)."
    return (
        f"“{best['label']}” is the closest in meaning to “{step.arguments['text']}” (similarity {best['score']:.2f})."
    )


def _boxes(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    slot = get_task(step.task).output
    texts = [render(slot, value, workspace) for value in values]
    return f"{texts[0][0].upper()}{texts[0][1:]}." if len(texts) == 1 else _each(texts)


def _plainly(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    row = find_task(step.task)
    assert row is not None
    if row.output.is_media:
        handles = [handle for value in values for handle in (value if isinstance(value, list) else [value])]
        where = ", ".join(f"{handle} ({workspace.get(handle).path})" for handle in handles)
        return f"The {row.output.kind} is ready: {where}."
    text = "; ".join(render(row.output, value, workspace) for value in values)
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _as_it_is(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    """Tools that answer in a sentence of their own."""
    return " ".join(str(value) for value in values)


def _counted_in_text(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    what = str(step.arguments.get("what", "words"))
    if len(values) > 1:
        return _each([f"{value} {what}" for value in values])
    return f"{'There is' if values[0] == 1 else 'There are'} {values[0]} {singular(what) if values[0] == 1 else what}."


def _lines(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    text = str(values[0]).strip()
    if not text:
        return f"No line names {step.arguments.get('about', 'it')!r}."
    return text if "\n" in text else _quoted(text)


def _ranking(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    ranked = values[0]
    listed = "\n".join(f"{place}. {one['label']} ({one['score']:.2f})" for place, one in enumerate(ranked, start=1))
    return f"By closeness in meaning to “{step.arguments['text']}”:\n{listed}"


def _percent(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    return f"{_figure(values[0])} %."


def _named(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    """ "Mean: 12.5" for one of several sums over the same numbers."""
    what = step.told.partition(" ")[2]
    return f"{what[0].upper()}{what[1:]}: {_figure(values[0])}."


def _story(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    """The answer with its unit, and how it was read."""
    unit = step.told.partition(" ")[2]
    return f"{_figure(values[0])}{f' {unit}' if unit else ''} ({step.arguments['expression']})."


def _figures(step: PlanStep, values: list[Any], workspace: Workspace) -> str:
    return f"In figures: {_figure(values[0])}."


def _figure(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


Form = Callable[[PlanStep, list[Any], Workspace], str]
# Forms that a step asks for by name, before its task's own.
_TOLD: dict[str, Form] = {
    "ranking": _ranking,
    "percent": _percent,
    "named": _named,
    "story": _story,
    "figures": _figures,
}
_FORMS: dict[str, Form] = {
    "compare-numbers": _as_it_is,
    "compare-texts": _as_it_is,
    "table-query": _as_it_is,
    "dates": _as_it_is,
    "convert-units": _as_it_is,
    "count-in-text": _counted_in_text,
    "select-lines": _lines,
    "find-lines": _lines,
    "sort-lines": _lines,
    "find-amount": _lines,
    "count": _count,
    "calculate": _calculate,
    "translation": _translation,
    "automatic-speech-recognition": _said,
    "image-to-text": _printed,
    "join": _printed,
    "image-classification": _labels,
    "text-classification": _labels,
    "sentence-similarity": _similarity,
    "object-detection": _boxes,
    "zero-shot-object-detection": _boxes,
}
