"""A run as a plain Python script that makes its calls again and says its answer again.

What a call got from an earlier one is passed on, not written down: results by their names, and so are numbers that were
copied out of them, into an expression or into the answer. With other files or models, the script says another answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from ..tools.tasks import find_task

_MOST_VALUES = 60  # values of one result that are looked for in what comes later
_PLACES = ("box", "mask", "start", "end")  # where something lies: such numbers equal others by chance
_LONGEST = 4_000  # characters of a text that is looked for


class ScriptedStep(Protocol):
    """What a script needs of a `Step`."""

    @property
    def kind(self) -> str: ...
    @property
    def action(self) -> dict[str, Any]: ...
    @property
    def ok(self) -> bool: ...
    @property
    def model(self) -> dict[str, str]: ...
    @property
    def outputs(self) -> dict[str, Any]: ...
    @property
    def result(self) -> str: ...
    @property
    def task(self) -> str: ...


class ScriptedRun(Protocol):
    """What a script needs of a `Run`."""

    @property
    def goal(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def reached(self) -> bool: ...
    @property
    def steps(self) -> Sequence[ScriptedStep]: ...
    @property
    def workspace(self) -> str: ...
    @property
    def index(self) -> str: ...


_HEAD = '''\
"""Does again, without a chat model, what one run did."""

from prefrontal import ModelIndex, ModelTool, Workspace
from prefrontal.tools.results import load_result

goal = {goal}
workspace = Workspace({workspace})
index = {index}


def call(model, /, **arguments):
    """One call; gives the handle of its result."""
    request = {{'name': model, 'args': arguments, 'id': model, 'type': 'tool_call'}}
    message = ModelTool(index.get(model), workspace).invoke(request)
    print(message.content)
    return message.artifact['result']


def value(result):
    """What lies behind a handle."""
    return load_result(workspace.folder, result)


'''


@dataclass(frozen=True, slots=True)
class _Known:
    """A value of an earlier result: how it is spelled, the expression that gives it, and its format.

    `rank` is 0 for a whole result, 1 for how many it holds, 2 for a part: what may come from several is the first.
    """

    spelled: str
    expression: str
    form: str = ""
    is_number: bool = True
    rank: int = 0


def script_of(run: ScriptedRun) -> str:
    """Plain Python: one line for each call that worked, results and what was copied out of them passed on, and the
    answer with its numbers reckoned again."""
    index = f"ModelIndex({run.index!r})" if run.index else "ModelIndex()"
    lines: list[str] = []
    names: dict[str, str] = {}
    known: list[_Known] = []
    for step in run.steps:
        if step.kind == "call" and step.ok and step.model:
            given = "".join(
                f", {name}={_argument(value, names, known, run.goal)}"
                for name, value in step.action["arguments"].items()
            )
            names[step.result] = step.result.replace("-", "_")
            lines.append(f"{names[step.result]} = call({step.model['id']!r}{given})")
            known = sorted([*_values_of(step, names[step.result]), *known], key=lambda one: one.rank)  # the last first
        elif step.kind == "call" and step.ok:
            lines.append(f"# {step.action['tool']!r} was called here; it is no model of the index")
    if run.answer and run.reached:
        told = [one for one in known if not one.rank or not one.is_number or not _holds(run.goal, one.spelled)]
        lines.append(f"print({_text(run.answer, told)})")
    head = _HEAD.format(goal=repr(run.goal), workspace=repr(run.workspace), index=index)
    return head + "\n".join(lines) + "\n" if lines else head.rstrip() + "\n"


# What earlier steps gave


def _values_of(step: ScriptedStep, name: str) -> list[_Known]:
    """What of a result may be copied into a later call or into the answer, the whole before its parts."""
    row = find_task(step.task)
    given = step.outputs.get(row.output.name) if row else next(iter(step.outputs.values()), None)
    if isinstance(given, str) and re.fullmatch(r"[a-z0-9]+-\d+", given):  # a file, or a result that is too large
        return []
    whole = f"value({name})"
    found = list(_spellings(given, whole, 0))
    if isinstance(given, list):
        found.append(_Known(str(len(given)), f"len({whole})", rank=1))
    parts = islice(_parts(given, whole), _MOST_VALUES)
    return [*found, *(one for value, expression in parts for one in _spellings(value, expression, 2))]


def _parts(value: Any, whole: str, depth: int = 0) -> Iterator[tuple[Any, str]]:
    """The numbers and texts inside of a value, with the expressions that give them."""
    if depth > 3:
        return
    items: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, dict):
        items = iter(value.items())
    elif isinstance(value, list):
        items = iter(enumerate(value[:20]))
    for key, inner in items:
        if key in _PLACES:
            continue
        place = f"{whole}[{key!r}]"
        if isinstance(inner, dict | list):
            yield from _parts(inner, place, depth + 1)
        else:
            yield inner, place


def _spellings(value: Any, expression: str, rank: int) -> Iterator[_Known]:
    """How a value is written: numbers whole, rounded and with separators."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        if value != value or abs(value) > 1e15:
            return
        yield _Known(str(value), expression, rank=rank)
        for form in ("g", ",", ".0f", ".1f", ".2f", ".3f", ",.0f", ",.2f") if isinstance(value, float) else (",",):
            if form != ".0f" or value == round(value) or abs(value) >= 10:
                yield _Known(format(value, form), expression, form, rank=rank)
    elif isinstance(value, str) and 1 < len(value.strip()) <= _LONGEST:
        yield _Known(
            value.strip(), expression + (".strip()" if value != value.strip() else ""), is_number=False, rank=rank
        )
    elif isinstance(value, str) and value.isdigit():
        yield _Known(value, expression, rank=rank)


# What is written with them


def _argument(value: Any, names: dict[str, str], known: Sequence[_Known], goal: str) -> str:
    """An argument's spelling: handles by their names, and numbers of earlier results that the goal does not name by the
    expressions that give them."""
    if isinstance(value, list):
        return "[" + ", ".join(_argument(item, names, known, goal) for item in value) + "]"
    if isinstance(value, str):
        if value in names:
            return names[value]
        copied = [one for one in known if (one.is_number or one.spelled == value) and not _holds(goal, one.spelled)]
        return _text(value, copied)
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = next((one for one in known if not one.form and one.spelled == str(value)), None)
        return found.expression if found and not _holds(goal, found.spelled) else repr(value)
    return repr(value)


def _text(text: str, known: Sequence[_Known]) -> str:
    """A text's spelling, with what was copied into it as the arguments of `format`."""
    literal, expressions, at = "", [], 0
    by_length = sorted({one.spelled: one for one in reversed(known)}.values(), key=lambda one: -len(one.spelled))
    while at < len(text):
        found = next(
            (one for one in by_length if text.startswith(one.spelled, at) and _stands_alone(text, at, one)), None
        )
        if found:
            literal += f"{{:{found.form}}}" if found.form else "{}"
            expressions.append(found.expression)
            at += len(found.spelled)
        else:
            literal += {"{": "{{", "}": "}}"}.get(text[at], text[at])
            at += 1
    if not expressions:
        return repr(text)
    if literal == "{}":
        return f"str({expressions[0]})"
    return f"{literal!r}.format({', '.join(expressions)})"


def _stands_alone(text: str, at: int, one: _Known) -> bool:
    """Whether what stands here is a whole word or number: not the 4 of 24, nor that of 4.5."""
    before, after = text[:at][-2:], text[at + len(one.spelled) :][:2]
    if (one.spelled[:1].isalnum() and before[-1:].isalnum()) or (one.spelled[-1:].isalnum() and after[:1].isalnum()):
        return False
    if not one.is_number:
        return True
    inside = re.fullmatch(r"\d[.,]", before) or re.fullmatch(r"[.,]\d", after)
    return not inside


def _holds(text: str, spelled: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(spelled)}(?!\w|[.,]\d)", text) is not None
