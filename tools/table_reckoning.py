"""What a plan comes to: one function for each operation, each of which refuses what it cannot be sure of."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from math import fsum
from typing import Any

from .table_answers import bare, clause, has, joined, sentence, told, verb
from .table_columns import Column
from .table_filters import kept_rows
from .table_plan import Plan
from .table_question import columns_of_kind
from .table_words import MONTHS, WEEKDAYS

_REDUCE: dict[str, tuple[str, Callable[[Sequence[float]], float]]] = {
    "sum": ("total", fsum),
    "mean": ("average", statistics.fmean),
    "median": ("median", statistics.median),
    "max": ("highest", max),
    "min": ("lowest", min),
}
Answer = dict[str, Any]


class Reckoning:
    """A plan with the rows that it keeps, and what has to be said beside the answer."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows = kept_rows(plan.question, plan.filters)
        self.notes = [f"without the row “{label}”" for label in plan.sheet.left_out]

    def refuse(self, said: str) -> Exception:
        return self.plan.sheet.refusal(said)

    def answer(self, text: str, value: Any, column: Column | None, rows: Sequence[int] | None = None) -> Answer:
        return {
            "answer": sentence(text, self.notes),
            "value": value,
            "column": column.name if column else None,
            "rows": len(self.rows if rows is None else rows),
        }

    @property
    def where(self) -> str:
        return clause(self.plan.filters)

    def filled(self, column: Column, rows: Sequence[int] | None = None) -> list[int]:
        """Rows in which something stands, with a note of the others."""
        rows = self.rows if rows is None else rows
        there = [row for row in rows if column.cells[row] is not None]
        if len(there) < len(rows) and not any("empty" in note for note in self.notes):
            self.notes.append(f"leaving out {len(rows) - len(there)} with an empty {column.spoken}")
        if not there:
            raise self.refuse(f"there is no {column.spoken}{self.where} in the table")
        return there

    def measure(self) -> Column:
        """The one column of numbers that is meant."""
        plan = self.plan
        if len(plan.measures) > 1:
            names = " and ".join(f"“{column.name}”" for column in plan.measures)
            raise self.refuse(f"which of {names} is to be reckoned with could not be told")
        if plan.measures:
            return plan.measures[0]
        used = {id(each.column) for each in plan.filters if each.adds} | {id(plan.group)}
        alone = [column for column in plan.sheet.measures() if id(column) not in used]
        if len(alone) != 1 or plan.targets:
            raise self.refuse("the column of numbers that is meant is not named")
        return alone[0]

    def name(self, row: int, column: Column | None = None) -> str:
        label = column or self.plan.sheet.label(self.rows)
        return told(label.cells[row], label.unit) if label else f"row {row + 1}"

    def groups(self, column: Column, rows: Sequence[int]) -> dict[Any, list[int]]:
        found: dict[Any, list[int]] = {}
        for row in self.filled(column, rows):
            found.setdefault(_key(column.cells[row], self.plan.period), []).append(row)
        return dict(sorted(found.items())) if self.plan.period else found


def _key(cell: Any, period: str) -> Any:
    """A cell, or the month, year, quarter or weekday that a day lies in."""
    keys: dict[str, Callable[[Any], Any]] = {
        "M": lambda day: (day.year, day.month),
        "Y": lambda day: (day.year,),
        "Q": lambda day: (day.year, 0, (day.month + 2) // 3),
        "W": lambda day: (0, 0, 0, day.weekday()),
    }
    return keys[period](cell) if period in keys else cell


def key_told(key: Any) -> str:
    if not isinstance(key, tuple):
        return told(key)
    if len(key) == 4:
        return WEEKDAYS[key[3]].capitalize()
    if len(key) == 3:
        return f"Q{key[2]} {key[0]}"
    return f"{MONTHS[key[1] - 1].capitalize()} {key[0]}" if len(key) == 2 else str(key[0])


def reduced(reckoning: Reckoning, op: str) -> Answer:
    """The sum, mean, median, highest or lowest of a column."""
    plan = reckoning.plan
    column = reckoning.measure()
    _check_sum(reckoning, op, column)
    _check_targets(reckoning, op)
    rows = reckoning.filled(column)
    word, function = _REDUCE[op]
    number = function([column.cells[row] for row in rows])
    said = f"the {word} {column.spoken}{reckoning.where} {verb(column.spoken)} {told(number, column.unit, plan.places)}"
    return reckoning.answer(said, bare(number, plan.places), column, rows)


def _check_sum(reckoning: Reckoning, op: str, column: Column) -> None:
    plan = reckoning.plan
    if op == "sum" and "sum" not in plan.ops and column.is_rate and not ("price" in column.words and plan.of_sales):
        raise reckoning.refuse(f"a sum of “{column.name}” says nothing; ask for the average, or name one row")
    if op == "sum" and "year" in column.words and column.unit == "":
        raise reckoning.refuse("a sum of years says nothing")
    counts = [c for c in plan.sheet.measures() if c.is_quantity and c is not column]
    if op == "sum" and {"price", "cost"} & set(column.words) and counts and not plan.says("column", "sum"):
        raise reckoning.refuse(
            f"“{column.name}” may be of one piece and “{counts[0].name}” says how many; "
            f"ask for {column.name} times {counts[0].name}, or for the sum of the column {column.name}"
        )


def _check_targets(reckoning: Reckoning, op: str) -> None:
    """ "average age of the customers" is clear where each customer has one row."""
    plan = reckoning.plan
    for column in plan.targets:
        cells = [column.cells[row] for row in reckoning.rows]
        unique = column.kind != "date" and len(set(cells)) == len(cells)
        if not unique and (op != "sum" or not _is_genitive(plan, column)):
            raise reckoning.refuse(f"what “{column.name}” is to do in this question could not be told")


def _is_genitive(plan: Plan, column: Column) -> bool:
    """ "of all customers", "from treated hives": the sum is over their rows."""
    mark = next((m for m in plan.question.of("column") if column in m.columns), None)
    lead = plan.question.before(mark.start) if mark else ""
    filtered = any(mark and each.end == mark.start for each in plan.filters)
    return filtered or lead in ("of", "from", "by", "the", "all", "for", "in", "at", "those", "our", "my")


def grouped(reckoning: Reckoning, op: str) -> Answer:
    """One number for each cell of a column."""
    plan = reckoning.plan
    assert plan.group is not None
    groups = reckoning.groups(plan.group, reckoning.rows)
    if op == "count":
        _check_counted(reckoning)
        numbers = {key: len(_counted_cells(plan.counted, rows)) for key, rows in groups.items()}
        column, word, unit = plan.counted, "number of " + (plan.counted.spoken if plan.counted else "rows"), ""
    else:
        column = reckoning.measure()
        _check_sum(reckoning, op, column)
        _check_mean(reckoning, op, groups)
        filled = {key: [row for row in rows if column.cells[row] is not None] for key, rows in groups.items()}
        reckoning.filled(column)
        function = _REDUCE[op][1]
        numbers = {k: function([column.cells[row] for row in rows]) for k, rows in filled.items() if rows}
        word, unit = f"{_REDUCE[op][0]} {column.spoken}", column.unit
    if plan.way and op not in ("max", "min"):
        return _best_group(reckoning, numbers, word, unit, column)
    ordered = _ordered(reckoning, numbers)
    parts = [f"{key_told(key)} {told(number, unit, plan.places)}" for key, number in ordered]
    per = {"M": "month", "Y": "year", "Q": "quarter", "W": "weekday"}.get(plan.period, plan.group.spoken)
    value = [
        [key_told(key) if isinstance(key, tuple) else bare(key), bare(number, plan.places)] for key, number in ordered
    ]
    return reckoning.answer(f"the {word} per {per}{reckoning.where}: {joined(parts)}", value, column or plan.group)


def _check_mean(reckoning: Reckoning, op: str, groups: dict[Any, list[int]]) -> None:
    """ "average hours per member" is one number to some, and one for each member to others."""
    plan = reckoning.plan
    persons = plan.group in columns_of_kind(plan.sheet, "who")
    if op == "mean" and persons and plan.says("per") and any(len(rows) > 1 for rows in groups.values()):
        name = plan.group.name if plan.group else ""
        raise reckoning.refuse(
            f"“average per {name}” may be one number or one for each; ask for the average for each {name}, or for the "
            f"total and how many different {name}s there are"
        )


def _ordered(reckoning: Reckoning, numbers: Mapping[Any, float]) -> list[tuple[Any, float]]:
    plan = reckoning.plan
    if plan.sort and plan.sort is plan.group:
        return sorted(numbers.items(), reverse="descending" in plan.ops)
    if plan.sort or {"descending", "ascending"} & plan.ops:
        return sorted(numbers.items(), key=lambda item: item[1], reverse="descending" in plan.ops)
    return list(numbers.items())


def _check_counted(reckoning: Reckoning) -> None:
    plan = reckoning.plan
    if plan.measures and plan.counted is not plan.measures[0]:
        raise reckoning.refuse(f"what “{plan.measures[0].name}” is to do in this question could not be told")
    other = [c for c in plan.targets if c is not plan.counted and c is not plan.group]
    if other:
        raise reckoning.refuse(f"what “{other[0].name}” is to do in this question could not be told")


def _counted_cells(column: Column | None, rows: Sequence[int]) -> set[Any]:
    return set(rows) if column is None else {column.cells[row] for row in rows if column.cells[row] is not None}


def _best_group(
    reckoning: Reckoning, numbers: Mapping[Any, float], word: str, unit: str, column: Column | None
) -> Answer:
    plan = reckoning.plan
    assert plan.group is not None
    ranked = sorted(numbers.items(), key=lambda item: item[1], reverse=plan.way == "max")
    if plan.top or plan.nth:
        cut = ranked[: plan.top] if plan.top else ranked[plan.nth - 1 : plan.nth]
        border = {number for _, number in cut[-1:]}
        if not cut or sum(number in border for _, number in ranked) > sum(number in border for _, number in cut):
            raise reckoning.refuse("several have the same number at that place")
    else:
        cut = [item for item in ranked if item[1] == ranked[0][1]]
    which = {"max": "highest", "min": "lowest"}[plan.way]
    names = [key_told(key) if isinstance(key, tuple) else bare(key) for key, _ in cut]
    value = names if plan.top else names[0] if len(names) == 1 else names
    said = f"{joined([str(name) for name in names])} {has(len(names))} the {which} {word}{reckoning.where}, "
    figures = list(dict.fromkeys(told(number, unit, plan.places) for _, number in cut))
    return reckoning.answer(said + joined(figures), value, column or plan.group)


def counted(reckoning: Reckoning) -> Answer:
    """How many rows, or how many different cells of the column behind "how many"."""
    plan = reckoning.plan
    _check_counted(reckoning)
    _check_pieces(reckoning)
    column = plan.counted if plan.counted and not plan.counted.numeric else None
    column = column or (plan.targets[0] if plan.targets and "distinct" in plan.ops else None)
    if column is not None:
        cells = {column.cells[row] for row in reckoning.rows if column.cells[row] is not None}
        word = "different " if len(cells) < len(reckoning.rows) or "distinct" in plan.ops else ""
        said = f"{'different ' if word else ''}{_several(column.spoken, len(cells))}"
        be = "is" if len(cells) == 1 else "are"
        return reckoning.answer(f"there {be} {len(cells)} {said}{reckoning.where}", len(cells), column)
    number = len(reckoning.rows)
    be = "is" if number == 1 else "are"
    said = f"there {be} {number} {_several('row', number)}{reckoning.where}"
    return reckoning.answer(said, number, plan.filters[0].column if plan.filters else None)


def _check_pieces(reckoning: Reckoning) -> None:
    """ "how many pens" may mean rows, or what stands in the column of pieces."""
    plan = reckoning.plan
    pieces = [c for c in plan.sheet.measures() if c.is_quantity]
    if pieces and plan.counted is None and plan.filters and not plan.question.of("rows"):
        raise reckoning.refuse(f"whether rows are meant, or the total {pieces[0].spoken}, could not be told")


def _several(word: str, number: int) -> str:
    if number == 1 or word.endswith("s"):
        return word
    return word[:-1] + "ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else f"{word}s"
