"""A plan as a drawn graph: one SVG that needs nothing else.

Fills are half transparent over whatever the notebook's background is, and texts take its text colour. There are no
ids and no style sheets, because all the plans of a notebook share one page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import Any

from ....tools.tasks import find_task
from ..plan_step import Formula, PlanStep, nodes_in
from .layout import CURVE, HEAD, Box, Link, lay_out

UNSURE = 0.6  # steps below this are dashed
_MANY_FILES = 8  # a longer list of files is one box
_EDGE, _PAD, _LINE = 12.0, 12.0, 17.0  # pixels: around all, in a box, from one line of text to the next
_BIG, _SMALL = 13, 11  # font sizes
_STEP_WIDTH, _SOURCE_WIDTH = (150.0, 320.0), (40.0, 200.0)
_PAGE_WIDTH = 440.0  # at least
_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
_BLUE, _GREY, _ORANGE = "#3b78d8", "#80858d", "#d9770f"
_DASHED = ' stroke-dasharray="6 4"'
_FILE = re.compile(r"(?:image|audio|video|table|text)-\d+|[^\s\"']+\.[A-Za-z]\w{1,4}")
_NODE = re.compile(r"<node-(\d+)>")
_UNDRAWABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML forbids


def svg_of(goal: str, steps: Sequence[PlanStep], models: Sequence[dict[str, Any]] = (), problem: str = "") -> str:
    """A plan's files, texts and steps as boxes, and arrows to the right for what each step gets from where.

    Without steps, the problem is all that is drawn. With both, the problem stands below.

    Args:
        models: the model of each step, as far as they are known: {"id", "size"}.
    """
    if not steps:
        return _page(*_note(problem or "nothing to do", _PAGE_WIDTH), _PAGE_WIDTH, goal)
    drawn = _drawn_steps(steps, models)
    sources, links = _sources_and_links(drawn)
    boxes = [*(step.box for step in drawn), *(source.box for source in sources)]
    width, height = lay_out(boxes, links)
    width = max(width, _PAGE_WIDTH)
    top = _BIG + _LINE
    names = [*(f"step {place}" for place in range(1, len(drawn) + 1)), *(source.text for source in sources)]
    labelled: set[tuple[int, str]] = set()
    parts = [_text(0, _BIG, goal, _BIG, width, 'font-style="italic"'), f'<g transform="translate(0 {top:g})">']
    for link in links:
        label = link.name if (link.target, link.name) not in labelled else ""
        labelled.add((link.target, link.name))
        parts.append(_arrow(link, names[link.source], names[link.target], label))
    parts += [_source_svg(source) for source in sources]
    parts += [_step_svg(step, number) for number, step in enumerate(drawn, start=1)]
    parts.append("</g>")
    height += top
    if problem:
        note, more = _note(problem, width)
        parts.append(f'<g transform="translate(0 {height + _LINE:g})">{note}</g>')
        height += _LINE + more
    return _page("".join(parts), height, width, goal)


@dataclass(frozen=True, slots=True)
class _Given:
    """What one argument is made of: earlier steps, files, texts; a setting is only worth a line in the box."""

    name: str
    steps: Sequence[int] = ()
    files: Sequence[str] = ()
    texts: Sequence[str] = ()
    setting: str = ""


@dataclass(frozen=True, slots=True)
class _DrawnStep:
    step: PlanStep
    model: dict[str, Any]  # empty when none was looked for, without an id when none fits
    given: list[_Given]
    lines: list[str]  # below the task's name
    each: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    is_file: bool
    box: Box


def _quoted(text: str, is_file: bool) -> str:
    return text if is_file else f"“{text}”"


def _drawn_steps(steps: Sequence[PlanStep], models: Sequence[dict[str, Any]]) -> list[_DrawnStep]:
    drawn: list[_DrawnStep] = []
    for place, step in enumerate(steps):
        given = [_given(step, place, name, value) for name, value in step.arguments.items()]
        column = 1 + max((drawn[j].box.column for one in given for j in one.steps), default=0)
        model = models[place] if place < len(models) else {}
        lines = [_model_line(model)] if model else []
        lines += [f"{one.name}: {one.setting}" for one in given if one.setting]
        values = step.arguments.get(step.each)
        each = (f"×{len(values)} each" if isinstance(values, list | tuple) else "each") if step.each else ""
        head = 26 + _width(step.task, _BIG, bold=True) + (_badge(each) + 8 if each else 0)
        width = 2 * _PAD + max([head, *(_width(line, _SMALL) for line in lines)])
        height = _PAD + _LINE * (2 + len(lines)) + 8
        box = Box(column, _within(width, _STEP_WIDTH), height, [one.name for one in given if _is_linked(one)])
        drawn.append(_DrawnStep(step, model, given, lines, each, box))
    return drawn


def _model_line(model: dict[str, Any]) -> str:
    """The model and its size; a long id is cut, so that the size is seen."""
    if "id" not in model:
        return "no model fits"
    size = f" · {model['size']}" if model.get("size") else ""
    room = _STEP_WIDTH[1] - 2 * _PAD - _width(size, _SMALL)
    return _short(_plain(model["id"]), room, _SMALL) + size


def _is_linked(given: _Given) -> bool:
    return bool(given.steps or given.files or given.texts)


def _given(step: PlanStep, place: int, name: str, value: Any) -> _Given:
    """Required texts and all files are sources; options, numbers and formulas are settings."""
    steps = [j for j in dict.fromkeys(nodes_in(value)) if j < place]
    row = find_task(step.task)
    slot = row.slot(name) if row else None
    parts = list(value) if isinstance(value, list | tuple) else [value]
    plain = [part for part in parts if not (isinstance(part, str) and _NODE.fullmatch(part)) and part is not None]
    if not plain:
        return _Given(name, steps)
    spelled = _NODE.sub(lambda m: f"step {int(m[1]) + 1}", ", ".join(map(str, plain)))
    is_said = all(isinstance(part, str) and not nodes_in(part) for part in plain)
    if not is_said or isinstance(value, Formula):
        return _Given(name, steps, setting=spelled)
    if slot.is_media if slot else all(_FILE.fullmatch(part) for part in plain):
        many = len(plain) > _MANY_FILES
        return _Given(name, steps, files=[f"{len(plain)} files: {', '.join(plain)}"] if many else plain)
    if slot and not slot.required:
        return _Given(name, steps, setting=spelled)
    return _Given(name, steps, texts=[" · ".join(plain)])


def _sources_and_links(steps: list[_DrawnStep]) -> tuple[list[_Source], list[Link]]:
    """Every file and text once, whoever takes it; their places follow those of the steps."""
    sources: dict[tuple[str, bool], int] = {}
    links: list[Link] = []
    for target, step in enumerate(steps):
        for given in step.given:
            said = [(text, is_file) for is_file, texts in ((True, given.files), (False, given.texts)) for text in texts]
            places = [sources.setdefault(key, len(steps) + len(sources)) for key in dict.fromkeys(said)]
            room = _width(given.name, _SMALL)
            links += [Link(source, target, given.name, room) for source in (*given.steps, *places)]
    height = _SMALL + _PAD
    widths = [_within(_width(_quoted(*key), _SMALL) + 2 * _PAD, _SOURCE_WIDTH) for key in sources]
    return [_Source(*key, Box(0, width, height)) for key, width in zip(sources, widths, strict=True)], links


def _step_svg(drawn: _DrawnStep, number: int) -> str:
    step, box = drawn.step, drawn.box
    sure = _within(step.confidence, (0.0, 1.0))
    ink = _ORANGE if drawn.model and "id" not in drawn.model else _BLUE
    inner = box.width - 2 * _PAD
    badge = _badge(drawn.each) if drawn.each else 0.0
    y = _PAD + _SMALL
    parts = [
        f'<rect class="step" width="{box.width:g}" height="{box.height:g}" rx="8" fill="{ink}" stroke="{ink}" '
        f'fill-opacity="{0.16 if step.asked else 0.05}" stroke-opacity="{1 if step.asked else 0.5}" stroke-width="1.5"'
        f"{_DASHED if step.confidence < UNSURE else ''}/>",
        f'<circle cx="{_PAD + 9:g}" cy="{y - 4:g}" r="9" fill="{ink if step.asked else _GREY}"/>',
        _text(_PAD + 9, y, str(number), _SMALL, 18, 'text-anchor="middle" font-weight="bold"', fill="#fff"),
        _text(_PAD + 26, y, step.task, _BIG, inner - 26 - (badge + 8 if badge else 0), 'font-weight="bold"'),
    ]
    if drawn.each:
        parts.append(
            f'<rect class="each" x="{box.width - _PAD - badge:g}" y="{y - 13:g}" width="{badge:g}" height="18" rx="9" '
            f'fill="{_ORANGE}" fill-opacity="0.3"><title>once for each {_clean(step.each)}</title></rect>'
            + _text(box.width - _PAD - 5, y, drawn.each, _SMALL, badge, 'text-anchor="end"')
        )
    for line in drawn.lines:
        y += _LINE
        parts.append(_text(_PAD, y, line, _SMALL, inner, 'opacity="0.8"'))
    y, bar = box.height - _PAD, inner - 64
    parts.append(
        f'<rect class="room" x="{_PAD:g}" y="{y - 6:g}" width="{bar:g}" height="5" rx="2.5" fill="{_GREY}" '
        f'fill-opacity="0.3"/><rect class="sure" x="{_PAD:g}" y="{y - 6:g}" width="{bar * sure:g}" height="5" rx="2.5" '
        f'fill="{_ORANGE if step.confidence < UNSURE else _BLUE}"/>'
        + _text(box.width - _PAD, y, f"{step.confidence:.0%} sure", _SMALL, 64, 'text-anchor="end" opacity="0.8"')
    )
    told = [f"{number}. {step.task}", step.words, step.why, drawn.model.get("id", ""), drawn.model.get("misfit", "")]
    told += ["" if step.asked else "only makes what another step takes"]
    title = _clean("\n".join(filter(None, told)))
    return f'<g transform="translate({box.x:g} {box.y:g})"><title>{title}</title>{"".join(parts)}</g>'


def _source_svg(source: _Source) -> str:
    box, text = source.box, _quoted(source.text, source.is_file)
    more = "" if source.is_file else 'font-style="italic"'
    return (
        f'<g transform="translate({box.x:g} {box.y:g})"><rect class="source" width="{box.width:g}" '
        f'height="{box.height:g}" rx="{box.height / 2:g}" fill="{_GREY}" fill-opacity="0.15" stroke="{_GREY}"/>'
        + _text(box.width / 2, box.height / 2 + 4, text, _SMALL, box.width - _PAD, f'text-anchor="middle" {more}')
        + "</g>"
    )


def _arrow(link: Link, source: str, target: str, label: str) -> str:
    """Links cross right behind a column; then they run level, so that the label has its line for itself."""
    (x, y), (end, level) = link.points[0], link.points[-1]
    path = [f"M{x:g} {y:g}"]
    for number, ((x, y), (to_x, to_y)) in enumerate(pairwise(link.points)):
        half = x + CURVE / 2
        path.append(
            f"H{to_x:g}" if number % 2 else f"C{half:g} {y:g} {half:g} {to_y:g} {x + CURVE:g} {to_y:g}H{to_x:g}"
        )
    head = f"M{end:g} {level:g}l-9 -4v8z"
    name = _clean(link.name)
    shown = (
        _text(end - HEAD + 4, level - 5, label, _SMALL, link.room, 'text-anchor="end" opacity="0.8"') if label else ""
    )
    return (
        f'<g class="link" data-from="{_clean(source)}" data-to="{_clean(target)}" data-argument="{name}">'
        f"<title>{_clean(source)} → {_clean(target)}: {name}</title>"
        f'<path d="{"".join(path)}" fill="none" stroke="{_GREY}" stroke-width="1.5"/>'
        f'<path d="{head}" fill="{_GREY}"/>{shown}</g>'
    )


def _note(problem: str, width: float) -> tuple[str, float]:
    """The problem in lines, on a ground of its own, and its height."""
    text = _plain(problem)
    letters = max(1, int(len(text) * (width - 2 * _PAD) / max(_width(text, _BIG), 1)))
    lines = wrap(text, letters)
    height = 2 * _PAD + _LINE * len(lines) - 4
    ground = (
        f'<rect class="problem" width="{width:g}" height="{height:g}" rx="8" fill="{_ORANGE}" fill-opacity="0.15"/>'
    )
    texts = (_text(_PAD, _PAD + _LINE * i + _SMALL, line, _BIG) for i, line in enumerate(lines))
    return ground + "".join(texts), height


def _page(body: str, height: float, width: float, goal: str) -> str:
    whole, high = width + 2 * _EDGE, height + 2 * _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Plan: {_clean(goal)}" width="{whole:g}" '
        f'height="{high:g}" viewBox="{-_EDGE:g} {-_EDGE:g} {whole:g} {high:g}" font-family="{_FONT}" '
        f'style="max-width:none">{body}</svg>'
    )


def _text(
    x: float, y: float, text: str, size: int, room: float = 0.0, more: str = "", fill: str = "currentColor"
) -> str:
    """One line of text; what has no room is cut off, and a tooltip tells the whole."""
    line = _plain(text)
    short = _short(line, room, size, "bold" in more) if room else line
    title = f"<title>{_clean(text)}</title>" if short != line else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" {more}>{title}{escape(short)}</text>'


def _short(line: str, room: float, size: int, bold: bool = False) -> str:
    if _width(line, size, bold) <= room + 0.5:  # rooms are sums of widths, and sums are not exact
        return line
    while line and _width(f"{line}…", size, bold) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _width(text: str, size: int, bold: bool = False) -> float:
    """Pixels that a text takes at most, for no font is at hand: broad letters broad, Chinese ones double."""

    def ems(letter: str) -> float:
        if unicodedata.combining(letter):
            return 0.0
        if unicodedata.east_asian_width(letter) in "WF":
            return 1.1
        return (
            0.9
            if letter in "mwMW@%—…"
            else 0.72
            if letter.isupper()
            else 0.36
            if letter in "iljtfr .,:;'!|()-"
            else 0.6
        )

    return sum(map(ems, text)) * size * (1.08 if bold else 1.0)


def _badge(each: str) -> float:
    return _width(each, _SMALL) + 10


def _within(value: float, bounds: tuple[float, float]) -> float:
    return max(bounds[0], min(bounds[1], value))


def _plain(text: str) -> str:
    return " ".join(_UNDRAWABLE.sub("�", text).split())


def _clean(text: str) -> str:
    return escape(_UNDRAWABLE.sub("�", text))
