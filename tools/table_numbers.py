"""Numbers in a question that rows are chosen by: over 100, between 5 and 10, grade 5."""

from __future__ import annotations

from .table_answers import told
from .table_columns import Column, unit_of
from .table_filters import TESTS, Filter, rows_where, spanning, touches
from .table_question import Mark, Question, columns_of_kind
from .table_words import DATE_COMPARISONS

_SAID = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "of"}
_EQUALS = frozenset("is are was were = equals number no exactly".split())
_OR_MORE = {"more": ">=", "over": ">=", "above": ">=", "up": ">=", "higher": ">=", "older": ">=", "less": "<=",
            "fewer": "<=", "under": "<=", "below": "<=", "lower": "<=", "younger": "<="}  # fmt: skip


def number_filters(question: Question) -> list[Filter]:
    """The conditions that numbers make."""
    filters: list[Filter] = []
    marks = [mark for mark in question.of("number") if mark.what[0] == "figure"]
    skip: Mark | None = None
    for at, mark in enumerate(marks):
        if mark is skip or mark.kind != "number":
            continue
        following = marks[at + 1] if at + 1 < len(marks) else None
        if following and _is_between(question, mark, following):
            skip = following
            filters.append(_between(question, mark, following))
        elif (how := _comparison(question, mark)) is not None:
            filters.append(_compared(question, mark, *how))
        elif equal := _equal(question, mark):
            filters.append(equal)
    return filters


def _is_between(question: Question, one: Mark, two: Mark) -> bool:
    lead = question.before(one.start)
    middle = question.folded[one.end : two.start]
    return (lead, *middle) in (("between", "and"), ("from", "to"), ("between", "to"))


def _between(question: Question, one: Mark, two: Mark) -> Filter:
    low, high = one.what[1], two.what[1]
    column = _column_of_number(question, spanning(one, one.start - 1, two.end), "", two.what[2] or one.what[2])
    one.kind = two.kind = "absorbed"
    question.free[one.start - 1] = False
    rows = rows_where(question, column, lambda cell: low <= cell <= high)
    return Filter(column, rows, f"{column.spoken} from {low} to {high}", one.start - 1, two.end)


def _comparison(question: Question, mark: Mark) -> tuple[str, str, int, int] | None:
    """How a number is compared: the sign, the kind that the words name, and where these words begin and end."""
    after = question.folded[mark.end : mark.end + 3]
    for skip in range(2):
        pair = after[skip : skip + 2]
        if len(pair) == 2 and pair[0] in ("or", "and") and pair[1] in _OR_MORE:
            end = mark.end + skip + 2
            for other in question.of("compare", "superlative"):
                if other.start == end - 1:
                    other.kind = "absorbed"
            question.free[end - 1] = False
            kind = "age" if pair[1] in ("older", "younger") else ""
            return _OR_MORE[pair[1]], kind, mark.start, end
    years = [c for c in question.sheet.columns if c.is_year and c.numeric]
    lead = question.before(mark.start)
    if lead in DATE_COMPARISONS and len(years) == 1 and mark.what[1] in range(1900, 2101):
        question.free[mark.start - 1] = False
        return DATE_COMPARISONS[lead], years[0].name, mark.start - 1, mark.end
    for other in question.of("compare"):
        if other.end <= mark.start and set(question.folded[other.end : mark.start]) <= {"the", "of", "a"}:
            other.kind = "absorbed"
            sign, kind = other.what if isinstance(other.what, tuple) else (other.what, "")
            return sign, kind, other.start, mark.end
    return None


def _compared(question: Question, mark: Mark, sign: str, kind: str, start: int, end: int) -> Filter:
    number, unit = mark.what[1:]
    column = _column_of_number(question, spanning(mark, start, max(end, mark.end)), kind, unit)
    mark.kind = "absorbed"
    rows = rows_where(question, column, lambda cell: TESTS[sign](cell, number))
    said = f"{column.spoken} {_SAID[sign]} {told(number, column.unit)}"
    return Filter(column, rows, said, start, max(end, mark.end))


def _column_of_number(question: Question, mark: Mark, kind: str, unit: str) -> Column:
    """The column that a number is compared with: by its kind, its name beside it, its unit, or because it is alone."""
    sheet = question.sheet
    beside = [m for m in question.of("column") if touches(question, m, mark) and any(c.numeric for c in m.columns)]
    after = mark.end < len(question.words) and unit_of(question.words[mark.end])
    unit = unit or (after if after and not any(m.start == mark.end for m in beside) else "") or ""
    if after and unit and question.free[mark.end]:
        question.put(Mark("filler", mark.end, mark.end + 1))
    fitting = [c for m in beside for c in m.columns if c.numeric]
    if kind:
        fitting = [c for c in sheet.columns if c.name == kind] or columns_of_kind(sheet, kind)
    elif not beside:
        fitting = [c for c in sheet.measures() if unit and c.unit == unit] or sheet.measures()
    fitting = [c for c in fitting if c.numeric and (not unit or c.unit in ("", unit))]
    if len({id(c) for c in fitting}) != 1:
        what = " ".join(question.words[mark.start : mark.end])
        raise sheet.refusal(f"which column “{what}” is about could not be told")
    for m in beside:
        m.kind = "absorbed" if fitting[0] in m.columns and m.columns[0].numeric else m.kind
        m.what = ("compared", m.what)
    return fitting[0]


def _equal(question: Question, mark: Mark) -> Filter | None:
    """A number beside the name of its column: "grade 5", "order 117"."""
    number, unit = mark.what[1:]
    for m in question.of("column"):
        columns = [c for c in m.columns if c.kind in ("number", "id") and (not unit or c.unit == unit)]
        near = m.end <= mark.start and set(question.folded[m.end : mark.start]) <= _EQUALS
        if near and len(columns) == 1 and len(m.columns) == 1:
            m.kind = mark.kind = "absorbed"
            rows = rows_where(question, columns[0], lambda cell: cell == number or str(cell) == str(number))
            return Filter(columns[0], rows, f"{columns[0].spoken} {number}", m.start, mark.end, adds=True)
    years = [c for c in question.sheet.columns if c.is_year and c.numeric]
    if len(years) == 1 and number in years[0].cells and question.before(mark.start) in ("in", "for", "of", "and", "or"):
        mark.kind = "absorbed"
        for m in question.of("column"):
            m.kind = "absorbed" if m.columns == years else m.kind
        rows = rows_where(question, years[0], lambda cell: cell == number)
        return Filter(years[0], rows, f"{years[0].spoken} {number}", mark.start, mark.end, adds=True)
    texts = [c for c in question.sheet.columns if c.kind in ("text", "id") and str(number) in map(str, c.cells)]
    if len(texts) == 1 and not unit:
        mark.kind = "absorbed"
        rows = rows_where(question, texts[0], lambda cell: str(cell) == str(number))
        return Filter(texts[0], rows, f"{texts[0].spoken} “{number}”", mark.start, mark.end, adds=True)
    return None
