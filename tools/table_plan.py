"""What a question about a table asks for, put together from its words: columns, an operation, and rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import table_words as words
from .table_columns import Column, Sheet, unit_of
from .table_conditions import conditions
from .table_filters import Filter
from .table_naming import mark_names, mark_period_names
from .table_periods import mark_periods
from .table_question import Mark, Question, columns_of_kind, mark_numbers, mark_parts, mark_phrases
from .table_sums import mark_arithmetic, mark_doubles, mark_rounding

_QUESTIONS = frozenset("what when where who which how number value list".split())
_VERBS = frozenset("is are was were has have had did does do come comes came".split())


@dataclass
class Plan:
    """What is to be reckoned; `words` are the question's, for what cannot be said without them."""

    question: Question
    filters: list[Filter]
    measures: list[Column] = field(default_factory=list)
    targets: list[Column] = field(default_factory=list)
    ops: set[str] = field(default_factory=set)
    group: Column | None = None
    period: str = ""  # "M" groups the column of dates by months
    each_row: bool = False
    way: str = ""  # max or min
    by: Column | None = None  # what the superlative compares
    most: bool = False  # "most" and "fewest" add up what belongs together, "highest" does not
    top: int = 0
    nth: int = 0
    sort: Column | None = None
    places: int | None = None
    by_phrase: bool = False  # "the top 3 by amount"
    value_wanted: bool = False  # "the price of the cheapest lamp" and no name of a lamp
    counted: Column | None = None  # what stands behind "how many"

    @property
    def sheet(self) -> Sheet:
        return self.question.sheet

    @property
    def of_sales(self) -> bool:
        """Where each row is a sale with its day, prices are added up; a list of goods has no days."""
        return bool(self.sheet.dates()) and not any(column.is_quantity for column in self.sheet.columns)

    def says(self, *forms: str) -> bool:
        return bool(set(forms) & set(self.question.folded))


def plan_of(text: str, sheet: Sheet) -> Plan:
    """The plan of a question.

    Raises:
        ToolInputError: a word has no place, or a condition none or several.
    """
    question = Question(text, sheet)
    places = mark_rounding(question)
    for mark in (
        mark_names,
        mark_phrases,
        mark_period_names,
        mark_periods,
        _unmark_relatives,
        mark_numbers,
        mark_parts,
        mark_doubles,
    ):
        mark(question)
    for mark in question.of("column"):
        _settle(question, mark)
    mark_arithmetic(question)
    filters = conditions(question)
    plan = Plan(question, filters, ops=question.ops(), places=places)
    _superlative(plan)
    _groups(plan)
    _sorting(plan)
    _roles(plan)
    _mark_rest(plan)
    left = question.left_over() + [question.words[m.start] for m in question.of("number", "compare", "negation")]
    if left:
        raise sheet.unplaced(left)
    return plan


def _unmark_relatives(question: Question) -> None:
    """ "last month" depends on today, and "the last row" on the order of the rows: these are no superlatives."""
    for mark in question.of("superlative"):
        following = question.stems[mark.end] if mark.end < len(question.words) else ""
        rows = {"row", "line", "entry", "record"} & set(question.stems[mark.end : mark.end + 3])
        relative = following in (*words.PERIODS, "week", "time")
        if question.folded[mark.start] in ("last", "first") and (relative or rows):
            question.marks.remove(mark)
            question.free[mark.start] = True


def _settle(question: Question, mark: Mark) -> None:
    """One column for a mark: the one that the other words of the question speak of the most."""
    if len(mark.columns) < 2:
        return
    said = set(question.stems).union(*(m.what for m in question.of("column") if isinstance(m.what, set)))
    scores = [len(said & {*c.words, *c.extras}) for c in mark.columns]
    best = [c for c, score in zip(mark.columns, scores, strict=True) if score == max(scores)]
    if len(best) > 1 and mark.what == "name":
        best = [c for c in best if c.words == ("name",)] or best
    if len(best) > 1:
        names = " and ".join(f"“{c.name}”" for c in best)
        said_word = " ".join(question.words[mark.start : mark.end])
        raise question.sheet.refusal(f"“{said_word}” fits more than one column, {names}; say which is meant")
    mark.columns = best


_YES = frozenset(("yes", "true"))


def _superlative(plan: Plan) -> None:
    marks = plan.question.of("superlative")
    if not marks:
        return
    if len(marks) > 1:
        both = " and ".join(f"“{plan.question.words[m.start]}”" for m in marks)
        raise plan.sheet.refusal(f"{both} cannot both be answered at once; ask one after the other")
    mark = marks[0]
    plan.way, kind = mark.what
    plan.most = plan.question.folded[mark.start] in ("most", "least", "fewest", "best", "worst")
    for number in plan.question.of("number"):
        if number.end == mark.start or number.start == mark.end:
            plan.nth, plan.top = (number.what[1], 0) if number.what[0] == "nth" else (0, int(number.what[1]))
            number.kind = "absorbed"
    if kind:
        plan.by = _of_kind(plan, mark, kind)


def _of_kind(plan: Plan, mark: Mark, kind: str) -> Column:
    """The column that "cheapest" or "oldest" compares."""
    sheet, word = plan.sheet, " ".join(plan.question.words[mark.start : mark.end])
    named = [m.columns[0] for m in plan.question.of("column") if m.columns[0].numeric or m.columns[0].kind == "date"]
    found = columns_of_kind(sheet, kind)
    both = [c for c in named if c in found]
    found = both if len({id(c) for c in both}) == 1 else found
    if not found and kind == "age":
        found = [c for c in sheet.columns if {"birth", "born", "dob", "birthday", "birthdate"} & set(c.words)]
        found = [c for c in found if c.numeric or c.kind == "date"]
        plan.way = {"max": "min", "min": "max"}[plan.way] if found else plan.way
    if not found and kind == "date":
        found = [c for c in sheet.columns if c.is_year and c.numeric]
    if len(found) != 1 or found[0].unsure or (kind != "date" and found[0].kind == "date" and kind != "age"):
        names = f" ({', '.join(c.name for c in found)} all fit)" if len(found) > 1 else ""
        raise sheet.refusal(f"“{word}” could not be placed: no one column tells the {kind}{names}")
    return found[0]


def _groups(plan: Plan) -> None:
    question = plan.question
    for mark in question.of("group"):
        column = next((m for m in question.of("column") if mark.end <= m.start <= mark.end + 1), None)
        after = question.stems[mark.end] if mark.end < len(question.words) else ""
        said = question.folded[mark.start]
        if column and column.columns[0].numeric and said == "by" and not column.columns[0].is_year:
            if not plan.way and not {"sum", "mean", "median", "sort"} & question.ops():
                raise question.sheet.refusal(f"whether “by {column.columns[0].name}” means sorted could not be told")
            plan.by_phrase = True
            continue  # "the largest by amount"
        if column and plan.group is None and not (column.columns[0].kind == "date" and after in words.PERIODS):
            plan.group, column.kind = column.columns[0], "absorbed"
        elif after in words.PERIODS and plan.group is None and len(question.sheet.dates()) == 1:
            plan.group, plan.period = question.sheet.dates()[0], words.PERIODS[after]
            question.free[mark.end] = False
            for m in question.marks:
                m.kind = "absorbed" if m.start == mark.end and m.kind == "column" else m.kind
        elif said in ("each", "of", "for") and "each" in question.folded[mark.start : mark.end]:
            plan.each_row = True
        elif said != "by":
            question.free[mark.start : mark.end] = [True] * (mark.end - mark.start)


def _sorting(plan: Plan) -> None:
    question = plan.question
    marks = [m for m in question.of("op") if m.what == "sort"]
    if not marks:
        return
    start = marks[0].end
    if question.folded[start - 1] not in ("by", "on", "of"):  # "sort the customers by amount"
        by = (m.end for m in question.of("group") if m.start >= start and question.folded[m.start] == "by")
        start = next(by, start)
    column = next((m for m in question.of("column") if start <= m.start <= start + 2), None)
    if column is None:
        raise question.sheet.refusal(f"by which column “{question.words[marks[0].start]}” is meant could not be told")
    plan.sort, column.kind = column.columns[0], "absorbed"


def _roles(plan: Plan) -> None:
    question = plan.question
    marks = question.of("column")
    compared = [m for m in question.of("absorbed") if isinstance(m.what, tuple) and m.what[0] == "compared"]
    ends = {m.end for m in question.marks if m.what in ("sum", "mean", "median", "howmuch", "howmany")}
    marks = sorted([*marks, *(m for m in compared if m.start in ends)], key=lambda m: m.start)  # "total amount over 5"
    sure = any(mark.exact and mark.columns[0].numeric for mark in marks)
    for mark in marks:
        if sure and mark.what in words.MONEY_KINDS and not mark.exact:
            continue  # "what did I spend on food", where a column is called food
        column = _called(plan, mark)
        role = plan.measures if column.numeric else plan.targets
        if column not in role:
            role.append(column)
    numeric = next((m for m in marks if m.columns[0].numeric), None)
    other = next((m for m in marks if not m.columns[0].numeric), None)
    compound = numeric and other and other.end == numeric.start and not plan.says("which", "who")
    plan.value_wanted = bool(numeric and not plan.by_phrase and (not other or numeric.start < other.start or compound))
    many = next((m for m in question.of("op") if m.what == "howmany"), None)
    behind = [m for m in marks if many and m.start >= many.end]
    if many and behind and not _verb_between(question, many.end, behind[0].start):
        plan.counted = behind[0].columns[0]
    if many and len(plan.measures) == 1 and any(m.what == "sell" for m in behind):
        plan.counted = plan.measures[0]


def _called(plan: Plan, mark: Mark) -> Column:
    """The members of a table with a member number are told by their names."""
    column, label = mark.columns[0], plan.sheet.label()
    named = label is not None and ("name" in label.words or label is plan.sheet.full_name)
    return label if label and named and column.kind == "id" and not mark.exact else column


def _verb_between(question: Question, start: int, end: int) -> bool:
    return bool(_VERBS & set(question.folded[start:end]))


def _mark_rest(plan: Plan) -> None:
    """Words for a row, words that stand beside a figure, and fillers."""
    question, sheet = plan.question, plan.sheet
    persons = columns_of_kind(sheet, "who")
    named = {column.name.lower() for column in sheet.columns}
    for at, (word, base) in enumerate(zip(question.folded, question.stems, strict=True)):
        if not question.free[at]:
            continue
        following = question.stems[at + 1] if at + 1 < len(question.words) else ""
        row = word in words.ROWS or base in sheet.about or (word in words.PEOPLE and persons)
        row = row or (word in ("day", "days") and _day_by_day(sheet))
        this = word == "this" and following not in (*words.PERIODS, "week")
        measured = unit_of(word) and _has_unit(plan, unit_of(word))
        if at and word in _QUESTIONS and word in named:
            continue  # "who did what", where a column is called so
        if row:
            question.put(Mark("rows", at, at + 1))
        elif (
            _does(plan, at)
            or word in (*words.FILLERS, "&", "=", "-", "–")
            or this
            or measured
            or (word in _YES and plan.filters)
        ):
            question.put(Mark("filler", at, at + 1))


def _does(plan: Plan, at: int) -> bool:
    """Whether a word is no more than what somebody did of a figure: "did I walk at least 10,000 steps"."""
    lead, word = plan.question.folded[max(0, at - 2) : at], plan.question.folded[at]
    bound = any(each.start == at + 1 and each.column.numeric for each in plan.filters)
    return (
        bound and len(lead) == 2 and lead[0] in _VERBS and lead[1] in words.PRONOUNS and word not in words.MISSING_VERBS
    )


def _day_by_day(sheet: Sheet) -> bool:
    """Whether each row is a day of its own."""
    dates = sheet.dates()
    days = [dates[0].cells[row] for row in sheet.rows] if len(dates) == 1 else []
    return bool(days) and None not in days and len(set(days)) == len(days)


def _has_unit(plan: Plan, unit: str) -> bool:
    """Whether a word such as "kilos" only says in what a column is measured that is named in other words."""
    used = [*plan.measures, *([plan.by] if plan.by else [])]
    others = [c for c in plan.sheet.columns if c.unit == unit and c not in used]
    fits = [c for c in used if c.unit in ("", unit)]
    return bool(used) and len(fits) == len(used) and not others
