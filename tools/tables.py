"""Questions about a table in everyday words, answered from its own columns and cells, or refused.

A word that could change the answer and has no place in the table is never passed over: a refusal is better than a
number that answers another question.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..errors import ToolInputError
from .table_columns import Column, sheet_of
from .table_picks import frequent, listed, picked, row, share
from .table_plan import Plan, plan_of
from .table_question import columns_of_kind
from .table_reckoning import Answer, Reckoning, counted, grouped, reduced
from .table_sheets import without_sheet
from .table_words import MONTHS, VERBS, WEEKDAYS, stem

if TYPE_CHECKING:
    import pandas as pd

HOW = ("sum", "mean", "max", "min", "count", "lookup", "group", "row", "columns", "median")
# What a hint of the operation agrees with, where the words themselves name one.
_AGREES = {
    "sum": {"sum", "howmuch"},
    "mean": {"mean"},
    "median": {"median"},
    "max": {"max", "frequent"},
    "min": {"min"},
    "count": {"count", "frequent"},
    "lookup": {"howmuch", "row", "max", "min", "sum"},
    "group": {"sum", "mean", "median", "count", "max", "min", "howmuch"},
    "row": {"row"},
    "columns": {"columns"},
}


def ask_table(table: pd.DataFrame, question: str, how: str | None = None, sheet: str | None = None) -> dict[str, Any]:
    """The answer to a question about a table: `answer` (a sentence), `value`, `column`, `rows` (how many it is from).

    Args:
        how: a hint of the operation, one of `HOW`, for a question whose words name none.
        sheet: of the workbook that the table is from; its name may stand in the question, too.

    Raises:
        ToolInputError: a word could not be placed, a condition fits none or several columns, or `how` contradicts
            the words. The sentence lists the columns.
    """
    if how is not None and how not in HOW:
        raise ToolInputError(f"{how!r} is no way to ask a table; allowed are {', '.join(HOW)}")
    if not question.strip():
        raise ToolInputError("the question is empty; ask in words, such as: total amount per region")
    read, named = sheet_of(table), table.attrs.get("sheet", "")
    if sheet and named.casefold() != sheet.casefold() and table.attrs.get("read_as", "").startswith("Read as Excel"):
        raise ToolInputError(f"there is no sheet “{sheet}”. {table.attrs['read_as']}")
    plan = plan_of(without_sheet(question, named), read)
    asked = _operation(plan)
    if how and asked and _plain(plan, asked) not in _AGREES[how]:
        raise read.refusal(f"the words ask for the {asked}, but {how} was given; leave one of them out")
    _check_used(plan, asked or how or "")
    reckoning = Reckoning(plan)
    if asked != "columns" and read.doubtful and _doubtful_row_counts(reckoning):
        raise read.refusal(f"the row “{read.doubtful}” says that it is a sum, but is not the sum of the others")
    return _answer(reckoning, asked, how)


def _operation(plan: Plan) -> str:
    """The operation that the words name; "" where they name none."""
    ops = plan.ops
    strong = [op for op in ("mean", "median", "share", "sum") if op in ops]
    asks = [m for m in plan.question.of("op") if m.what in ("howmany", "howmuch")]
    if any(one.end < two.start or one.what != two.what for one, two in pairwise(asks)):  # "count how many" asks once
        raise plan.sheet.refusal("two things are asked at once; ask one after the other")
    if "columns" in ops:
        return "columns"
    if len(strong) > 1 and strong != ["share", "sum"]:
        raise plan.sheet.refusal(f"{' and '.join(strong)} cannot both be answered at once; ask for one of them")
    if {"share", "row", "frequent"} & ops:
        return next(op for op in ("share", "row", "frequent") if op in ops)
    if plan.way and not strong:
        return plan.way
    if strong:
        return "howmany" if strong == ["sum"] and "howmany" in ops else strong[0]
    return next((op for op in ("howmany", "howmuch") if op in ops), "")


def _check_used(plan: Plan, asked: str) -> None:
    """No word for an operation is passed over because another one was found, too."""
    ops, numeric = plan.ops, plan.counted is not None and plan.counted.numeric
    order = {"ascending", "descending"} & ops
    listing = asked in ("", "lookup") and plan.group is None
    if listing and len(order) == 1 and plan.sort is None and len(plan.measures) == 1:
        plan.sort = plan.measures[0]  # "prices from high to low"
    unused = {
        "sorting": len(order) > 1 or (order and plan.sort is None and plan.group is None),
        "sorted": plan.sort is not None and not listing and plan.group is None,
        "different": "distinct" in ops
        and not (asked in ("", "lookup", "count") or (asked == "howmany" and not numeric)),
        "how many": "howmany" in ops and {"mean", "median"} & ops and not numeric,
        "how much": "howmuch" in ops and {"mean", "median", "share", "frequent"} & ops and not plan.measures,
        "missing": "blank" in ops,
    }
    words = [f"“{word}”" for word, left in unused.items() if left]
    if words:
        raise plan.sheet.refusal(f"what {' and '.join(words)} is to do in this question could not be told")


def _plain(plan: Plan, asked: str) -> str:
    """ "how many hours" asks for a sum, "how many members" for a count."""
    numeric = plan.counted is not None and plan.counted.numeric
    return {"howmany": "sum" if numeric else "count"}.get(asked, asked)


def _doubtful_row_counts(reckoning: Reckoning) -> bool:
    sheet = reckoning.plan.sheet
    return any(str(c.cells[at]) == sheet.doubtful for c in sheet.columns if c.kind == "text" for at in reckoning.rows)


def _answer(reckoning: Reckoning, asked: str, how: str | None) -> Answer:
    plan = reckoning.plan
    way = asked or (how if how and how != "group" else "")
    if way == "columns":
        return _columns(reckoning)
    if plan.each_row and way in ("howmany", "howmuch", "sum", "mean", "median", "count"):
        raise reckoning.refuse("for each of what could not be told")
    if way in ("max", "min"):
        plan.way = plan.way or way
    if way in ("share", "frequent", "row"):
        return {"share": share, "frequent": frequent, "row": row}[way](reckoning)
    if plan.way and way not in ("mean", "median", "sum"):
        return picked(reckoning)
    if plan.way:
        _group_by_target(plan)
    if way in ("howmany", "count"):
        return _how_many(reckoning)
    if way == "howmuch":
        return _how_much(reckoning)
    if plan.group is not None:
        if not way and not plan.measures:
            raise reckoning.refuse("what is to be told for each could not be told")
        if not way:
            _only_plain_sum(reckoning)
        return grouped(reckoning, way or "sum")
    if way in ("sum", "mean", "median"):
        _join_periods(plan)
        return reduced(reckoning, way)
    return _looked_up(reckoning, wanted=how in ("lookup", "row"))


def _looked_up(reckoning: Reckoning, wanted: bool) -> Answer:
    """What rows say; of several rows with hours or amounts it has to be told what is to be made of them."""
    plan = reckoning.plan
    column = plan.measures[0] if len(plan.measures) == 1 and not plan.targets else None
    several = column and len(reckoning.rows) > 1 and plan.filters and not column.is_rate
    if several and any(m.what in VERBS for m in plan.question.of("column")):
        return _how_much(reckoning)
    if (
        column
        and several
        and not (wanted or plan.sort or plan.each_row or plan.says("list", "show", "which", "display"))
    ):
        count = len(reckoning.rows)
        raise reckoning.refuse(
            f"{count} rows fit{reckoning.where}; ask for their total {column.spoken}, the average or a list"
        )
    return listed(reckoning, wanted)


def _only_plain_sum(reckoning: Reckoning) -> None:
    """ "hours per member" without an operation is clear where each member has one row."""
    plan = reckoning.plan
    groups = reckoning.groups(plan.group, reckoning.rows) if plan.group else {}
    if any(len(rows) > 1 for rows in groups.values()) and (reckoning.measure().is_rate):
        raise reckoning.refuse("whether the total or the average is meant for each could not be told")


def _group_by_target(plan: Plan) -> None:
    """ "which region has the highest total amount": the regions are compared."""
    if plan.group is None and len(plan.targets) == 1 and plan.by is None:
        plan.group, plan.targets = plan.targets[0], []
    if plan.group is None:
        raise plan.sheet.refusal("what is to be compared could not be told")


def _how_many(reckoning: Reckoning) -> Answer:
    plan = reckoning.plan
    if plan.counted is not None and plan.counted.numeric:
        _join_periods(plan)
        return _how_much(reckoning)
    if plan.group is not None:
        return grouped(reckoning, "count")
    return counted(reckoning)


def _how_much(reckoning: Reckoning) -> Answer:
    """A sum, or what one row says; of prices and ages no sum is made unasked."""
    plan = reckoning.plan
    if not plan.measures:
        plan.measures = [_price(plan) or reckoning.measure()]
    _join_periods(plan)
    column = reckoning.measure()
    if plan.group is not None:
        return grouped(reckoning, "sum")
    singular = [f for f in plan.filters if plan.question.folded[f.end - 1] == plan.question.stems[f.end - 1]]
    doubtful = [f for f in singular if not f.exact and len({f.column.cells[at] for at in f.rows}) > 1]
    if (
        (column.is_rate and "sum" not in plan.ops and not ("price" in column.words and plan.of_sales))
        or doubtful
        or len(reckoning.rows) == 1
    ):
        if not plan.filters and len(reckoning.rows) > 1:
            raise reckoning.refuse(f"a sum of “{column.name}” says nothing; name a row, or ask for the average")
        return listed(reckoning, wanted=True)
    return reduced(reckoning, "sum")


def _price(plan: Plan) -> Column | None:
    """ "how much is the lamp" asks for its price, if the table has one."""
    start = next((mark.end for mark in plan.question.of("op") if mark.what == "howmuch"), 0)
    prices = [c for c in columns_of_kind(plan.sheet, "price") if "price" in c.words]
    be = plan.question.folded[start : start + 1]
    return prices[0] if len(prices) == 1 and plan.filters and be and be[0] in ("is", "are", "was", "were") else None


def _join_periods(plan: Plan) -> None:
    """Columns for July and August, or 2025 and 2026, are added up where both are named."""
    names = {name[:3] for name in (*MONTHS, *WEEKDAYS)}
    apart = [c for c in plan.measures if any(w[:3] in names or w.isdigit() for w in map(stem, c.words))]
    if len(plan.measures) < 2 or len(apart) < len(plan.measures) or len({c.unit for c in apart}) > 1:
        return
    cells = [
        None if all(v is None for v in vs) else sum(v or 0 for v in vs)
        for vs in zip(*(c.cells for c in apart), strict=True)
    ]
    name = " and ".join(c.name for c in apart)
    plan.measures = [Column(name, ("derived",), (), apart[0].unit, "number", cells)]
    if plan.counted in apart:
        plan.counted = plan.measures[0]


def _columns(reckoning: Reckoning) -> Answer:
    plan = reckoning.plan
    if plan.filters or plan.measures or plan.targets or plan.way or plan.ops - {"columns", "howmany"}:
        raise reckoning.refuse("the columns can be listed, but nothing else can be asked about them at once")
    names = [column.name for column in plan.sheet.columns]
    if "howmany" in plan.ops:
        return reckoning.answer(f"there are {len(names)} columns: {', '.join(names)}", len(names), None)
    return reckoning.answer(f"the columns are {', '.join(names)}", names, None)
