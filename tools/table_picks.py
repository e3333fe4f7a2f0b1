"""Rows out of a table: the highest, the cheapest three, what one row says, lists, and shares of the whole."""

from __future__ import annotations

from math import fsum

from .table_answers import bare, clause, has, joined, told
from .table_columns import Column
from .table_filters import Filter, kept_rows
from .table_question import columns_of_kind
from .table_reckoning import Answer, Reckoning, grouped
from .table_words import ROWS, VERBS

_LISTING = frozenset("which who whose list show what what's give name names print display tell all where when".split())
_ORDINAL = {2: "second", 3: "third"}
_VERBS = frozenset("is are was were has have had did does do come comes came".split())


def picked(reckoning: Reckoning) -> Answer:
    """The rows at one end of a column: "the cheapest item", "the three largest orders", "the oldest tree"."""
    plan = reckoning.plan
    counted = _counted_group(reckoning)
    if counted:
        return counted
    if plan.counted is not None and not plan.counted.numeric:
        raise reckoning.refuse("how many there are and which one is the highest are two questions; ask one of them")
    by = plan.by or (plan.measures[0] if len(plan.measures) == 1 else None) or _alone(reckoning)
    _check_top(reckoning, by)
    target = _target(reckoning, by)
    if plan.group:
        return _in_groups(reckoning, by, target)
    if target and not plan.by and not by.is_rate and by.numeric and _repeats(reckoning, target):
        return _of_repeated(reckoning, by, target)
    rows = reckoning.filled(by)
    ranked = sorted(rows, key=lambda row: by.cells[row], reverse=plan.way == "max")
    chosen = _cut(reckoning, ranked, by)
    verbs = [m.columns[0] for m in plan.question.of("column") if m.what in VERBS and target]  # "who donated last"
    others = [column for column in plan.measures if column is not by and column not in verbs]
    return _told_rows(reckoning, by, target, others, chosen, rows)


def _check_top(reckoning: Reckoning, by: Column) -> None:
    """The top of a race has the least time."""
    if reckoning.plan.says("top") and {"time", "rank", "place", "position", "pos", "duration"} & set(by.words):
        raise reckoning.refuse(f"whether the top has the highest or the lowest {by.spoken} could not be told")


def _alone(reckoning: Reckoning) -> Column:
    """The only column of numbers, where none was named."""
    measures = [c for c in reckoning.plan.sheet.measures() if all(f.column is not c for f in reckoning.plan.filters)]
    if len(measures) != 1 or reckoning.plan.measures:
        word = " ".join(reckoning.plan.question.words[m.start] for m in reckoning.plan.question.of("superlative"))
        raise reckoning.refuse(f"by which column “{word}” is meant could not be told")
    return measures[0]


def _target(reckoning: Reckoning, by: Column) -> Column | None:
    targets = [column for column in reckoning.plan.targets if column is not by]
    if len(targets) == 2 and _is_of(reckoning, *targets):
        return targets[0]
    if len(targets) > 1:
        names = " and ".join(f"“{column.name}”" for column in targets)
        raise reckoning.refuse(f"which of {names} is asked for could not be told")
    return targets[0] if targets else None


def _is_of(reckoning: Reckoning, one: Column, two: Column) -> bool:
    """ "the fuel of the most expensive model": the model only says what a row is."""
    question = reckoning.plan.question
    places = {id(c): m.start for m in question.of("column") for c in m.columns}
    at = question.of("superlative")[0].start if question.of("superlative") else -1
    return places.get(id(one), at) < at < places.get(id(two), at) and not _repeats(reckoning, two)


def _repeats(reckoning: Reckoning, column: Column) -> bool:
    cells = [column.cells[row] for row in reckoning.rows if column.cells[row] is not None]
    return len(set(cells)) < len(cells)


def _counted_group(reckoning: Reckoning) -> Answer | None:
    """ "which customer has the most orders", "which town comes up most often": rows are counted for each cell."""
    plan = reckoning.plan
    if plan.measures or plan.by or plan.group or not plan.most or not plan.targets:
        return None
    rows_named = any(plan.question.folded[m.start] in ROWS for m in plan.question.of("rows"))
    if len(plan.targets) == 2:
        plan.group, plan.counted = plan.targets
        plan.targets = [plan.counted]
    elif rows_named and len(plan.targets) == 1:
        plan.group, plan.targets, plan.counted = plan.targets[0], [], None
    else:
        return None
    return grouped(reckoning, "count")


def frequent(reckoning: Reckoning) -> Answer:
    """The cell that stands there most often."""
    plan = reckoning.plan
    columns = [*plan.targets, *plan.measures]
    if len(columns) != 1 or plan.group:
        raise reckoning.refuse("of which column the most common value is asked for could not be told")
    plan.group, plan.targets, plan.measures, plan.counted, plan.way = columns[0], [], [], None, "max"
    return grouped(reckoning, "count")


def _in_groups(reckoning: Reckoning, by: Column, target: Column | None) -> Answer:
    plan = reckoning.plan
    if target or plan.top or plan.nth or not by.numeric or [c for c in plan.measures if c is not by]:
        raise reckoning.refuse("the highest of each group is told for one column of numbers only")
    plan.measures = [by]
    return grouped(reckoning, plan.way)


def _of_repeated(reckoning: Reckoning, by: Column, target: Column) -> Answer:
    """Where a name has several rows, "most" means all of them together; "highest" only if that makes no difference."""
    plan = reckoning.plan
    sums = {
        key: fsum(by.cells[row] for row in rows if by.cells[row] is not None)
        for key, rows in reckoning.groups(target, reckoning.rows).items()
    }
    best = max if plan.way == "max" else min
    together = best(sums, key=lambda key: sums[key])
    single = best(reckoning.filled(by), key=lambda row: by.cells[row])
    if not plan.most and (plan.top or plan.nth or target.cells[single] != together or plan.value_wanted):
        raise reckoning.refuse(
            f"“{target.name}” has several rows each; say whether the total {by.spoken} is meant or that of one row"
        )
    plan.group, plan.measures, plan.targets = target, [by], []
    return grouped(reckoning, "sum")


def _cut(reckoning: Reckoning, ranked: list[int], by: Column) -> list[int]:
    """The first of the ranked rows, with those that have the same number as the last of them."""
    plan = reckoning.plan
    if plan.nth:
        if len(ranked) < plan.nth:
            raise reckoning.refuse(f"there are only {len(ranked)} rows{reckoning.where}")
        edge = by.cells[ranked[plan.nth - 1]]
        chosen = [row for row in ranked if by.cells[row] == edge]
        if chosen[0] != ranked[plan.nth - 1] or len(chosen) > 1:
            raise reckoning.refuse(f"several have the same {by.spoken} at that place")
        return chosen
    edge = by.cells[ranked[min(max(plan.top, 1), len(ranked)) - 1]]
    beyond = (lambda cell: cell >= edge) if plan.way == "max" else (lambda cell: cell <= edge)
    return [row for row in ranked if beyond(by.cells[row])]


def _told_rows(
    reckoning: Reckoning, by: Column, target: Column | None, others: list[Column], chosen: list[int], rows: list[int]
) -> Answer:
    plan = reckoning.plan
    if len(others) > 1:
        raise reckoning.refuse(f"which of {' and '.join(c.name for c in others)} is asked for could not be told")
    numbers = [told(by.cells[row], by.unit, plan.places) for row in chosen]
    names = [reckoning.name(row, target) for row in chosen]
    who = list(dict.fromkeys(names))
    which = {"max": "highest", "min": "lowest"}[plan.way]
    if by.kind == "date":
        which = {"max": "latest", "min": "earliest"}[plan.way]
    if others:
        values = [told(others[0].cells[row], others[0].unit, plan.places) for row in chosen]
        parts = [f"{n} ({by.spoken} {b}): {v}" for n, b, v in zip(names, numbers, values, strict=True)]
        column, cells = others[0], [bare(others[0].cells[row], plan.places) for row in chosen]
        said = f"the {column.spoken} at the {which} {by.spoken}{reckoning.where}: {joined(parts)}"
        return reckoning.answer(said, cells if len(set(cells)) > 1 else cells[0], column, rows)
    named = (plan.value_wanted and by in plan.measures) or (not target and plan.measures and not plan.by_phrase)
    value_only = named and not plan.says("who", *ROWS) and not (target and plan.says("which"))
    cells = [
        bare(by.cells[row], plan.places) if value_only else bare((target or _label(reckoning)).cells[row])
        for row in chosen
    ]
    parts = [f"{n} with {b}" for n, b in zip(names, numbers, strict=True)]
    value = cells if plan.top or len(dict.fromkeys(cells)) > 1 else cells[0]
    said = f"the {len(chosen)} {which} by {by.spoken}{reckoning.where}: {joined(parts)}"
    if not plan.top:
        place = f"{_ORDINAL.get(plan.nth, f'{plan.nth}th')} " if plan.nth else ""
        said = f"{joined(who)} {has(len(who))} the {place}{which} {by.spoken}{reckoning.where}, {numbers[0]}"
    return reckoning.answer(said, value, by if value_only else (target or _label(reckoning)), rows)


def _label(reckoning: Reckoning) -> Column:
    label = reckoning.plan.sheet.label(reckoning.rows)
    if label is None:
        raise reckoning.refuse("what the rows are called is told by no column")
    return label


def listed(reckoning: Reckoning, wanted: bool = False) -> Answer:
    """What stands in the rows that are kept, in one column or several."""
    plan = reckoning.plan
    columns = [*plan.measures, *plan.targets] if plan.value_wanted else [*plan.targets, *plan.measures]
    asked = wanted or plan.each_row or bool(plan.sort) or plan.says(*_LISTING) or "distinct" in plan.ops
    asked = asked or any(c.name.find("−") >= 0 or "derived" in c.words for c in columns)
    if not columns and ((plan.filters and asked) or plan.sort):
        columns = [_label(reckoning)]
    if not columns or not (plan.filters or asked or len(reckoning.rows) == 1):
        raise reckoning.refuse("what is to be done with the table could not be told")
    rows = list(reckoning.rows)
    if _asks_which(reckoning) and len(rows) == len(plan.sheet.rows) > 1 and "distinct" not in plan.ops:
        raise reckoning.refuse("which of them is meant could not be told")
    if plan.sort:
        key = plan.sort
        rows = sorted(reckoning.filled(key), key=lambda row: key.cells[row], reverse="descending" in plan.ops)
    if not rows:
        return reckoning.answer(f"there is no row{reckoning.where}", [], columns[0], rows)
    return _several_columns(reckoning, columns, rows) if len(columns) > 1 else _one_column(reckoning, columns[0], rows)


def _asks_which(reckoning: Reckoning) -> bool:
    """ "which customer", and nothing that tells one from another."""
    question = reckoning.plan.question
    picks = {"which", "who"} & set(question.folded)
    return bool(picks) and not reckoning.plan.filters and not reckoning.plan.sort


def _one_column(reckoning: Reckoning, column: Column, rows: list[int]) -> Answer:
    plan = reckoning.plan
    there = reckoning.filled(column, rows)
    cells = [bare(column.cells[row], plan.places) for row in there]
    label = plan.sheet.label(rows)
    by_name = column.numeric and len(there) > 1 and label is not None and label is not column
    if not column.numeric and not plan.sort:
        cells = list(dict.fromkeys(cells))
    shown = list(dict.fromkeys(told(column.cells[row], column.unit, plan.places) for row in there))
    if by_name or plan.sort:
        shown = [told(column.cells[row], column.unit, plan.places) for row in there]
    if by_name:
        shown = [f"{reckoning.name(row)} {text}" for row, text in zip(there, shown, strict=True)]
    single = len(cells) == 1 or (len(set(map(str, cells))) == 1 and bool(plan.filters) and column.numeric)
    said = f"the {column.spoken}{reckoning.where}{':' if len(shown) > 1 else ' is'} {joined(shown)}"
    return reckoning.answer(said, cells[0] if single and not plan.sort else cells, column, rows)


def _several_columns(reckoning: Reckoning, columns: list[Column], rows: list[int]) -> Answer:
    plan = reckoning.plan
    value = [{c.name: bare(c.cells[row], plan.places) for c in columns} for row in rows]
    parts = [", ".join(told(c.cells[row], c.unit, plan.places) for c in columns) for row in rows]
    said = f"{joined([c.spoken for c in columns])}{reckoning.where}: {'; '.join(parts)}"
    return reckoning.answer(said, value, columns[0], rows)


def row(reckoning: Reckoning) -> Answer:
    """All that stands in the rows that are kept."""
    plan = reckoning.plan
    if not plan.filters or plan.measures or plan.targets or len(reckoning.rows) > 20:
        raise reckoning.refuse("of which row everything is asked for could not be told")
    if not reckoning.rows:
        return reckoning.answer(f"there is no row{reckoning.where}", [], None)
    return _several_columns(reckoning, plan.sheet.columns, reckoning.rows)


def share(reckoning: Reckoning) -> Answer:
    """What part of a sum, or of the rows, has a property; in percent."""
    plan = reckoning.plan
    base, part = _split(reckoning)
    whole_rows, part_rows = kept_rows(plan.question, base), kept_rows(plan.question, [*base, *part])
    column = _share_of(reckoning)
    if column:
        whole = fsum(column.cells[row] for row in reckoning.filled(column, whole_rows))
        some = fsum(column.cells[row] for row in part_rows if column.cells[row] is not None)
    else:
        whole, some = len(whole_rows), len(part_rows)
    if not whole or some < 0:
        raise reckoning.refuse("there is nothing to take a share of")
    percent = 100 * some / whole
    of = f"the total {column.spoken}" if column else f"the {len(whole_rows)} rows"
    amounts = f"{told(some, column.unit if column else '')} of {told(whole, column.unit if column else '')}"
    said = f"{told(percent, '%', plan.places)} of {of}{clause(base)} is{clause(part)} ({amounts})"
    return reckoning.answer(said, bare(percent, plan.places), column, whole_rows)


def _split(reckoning: Reckoning) -> tuple[list[Filter], list[Filter]]:
    """What the share is taken of, and what it is the share of: the verb stands between them."""
    plan = reckoning.plan
    filters, words = plan.filters, plan.question.folded
    columns = {id(each.column) for each in filters}
    if not filters or plan.group or plan.way:
        raise reckoning.refuse("of what a share is asked for could not be told")
    if len(columns) == 1:
        return [], filters
    start = next(mark.start for mark in plan.question.of("op") if mark.what == "share")
    verbs = [at for at, word in enumerate(words) if word in _VERBS and at > start + 1]
    if not verbs:
        raise reckoning.refuse("what the share is taken of could not be told; ask “what share of … is …”")
    return [f for f in filters if f.end <= verbs[0]], [f for f in filters if f.end > verbs[0]]


def _share_of(reckoning: Reckoning) -> Column | None:
    """The column whose sum is the whole; None where rows are counted."""
    plan = reckoning.plan
    if plan.measures or "sum" in plan.ops:
        column = reckoning.measure()
        if column.is_rate:
            raise reckoning.refuse(f"a share of “{column.name}” says nothing")
        return column
    persons = columns_of_kind(plan.sheet, "who")
    if plan.targets and not _repeats(reckoning, plan.targets[0]):
        return None
    if plan.question.of("rows") or not plan.sheet.measures() or (plan.targets and plan.targets[0] in persons):
        if plan.targets:
            raise reckoning.refuse(f"“{plan.targets[0].name}” has several rows each; say what is to be counted")
        return None
    raise reckoning.refuse("whether rows are to be counted or a column is to be added up could not be told")
