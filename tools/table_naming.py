"""Whole names of columns and whole cells in a question: the longest run of words that is one is taken for it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from . import table_words as words
from .table_columns import Column, Sheet
from .table_question import Mark, Question, function_words
from .table_words import folded, stem, words_of

_LONGEST = 6  # words of a column's name or a cell that are looked for as one
_QUOTED = re.compile(r"[\"“„«‚‘]([^\"”“»‘’]+)[\"”“»’]")
_YEAR = re.compile(r"(?:19|20)\d\d")


def mark_names(question: Question) -> None:
    """Whole names of columns and whole cells, the longest first."""
    cells = _cells_by_words(question.sheet, {*question.folded, *question.stems})
    quoted = [tuple(map(stem, words_of(text))) for text in _QUOTED.findall(question.text)]
    for length in range(min(_LONGEST, len(question.words)), 0, -1):
        for start in range(len(question.words) - length + 1):
            end = start + length
            span = tuple(question.stems[start:end])
            if not question.is_free(start, end):
                continue
            columns = [c for c in question.sheet.columns if _is_name(c, span)]
            found = cells.get(tuple(question.folded[start:end])) or cells.get(span) or {}
            if length == 1 and span not in quoted:
                columns, found = _if_no_function_word(question, start, columns, found)
            if columns:
                question.put(Mark("column", start, end, columns=columns))
            elif found:
                _no_wider_cell(question, start, end, found)
                fitting = [c for c in question.sheet.columns if id(c) in found]
                question.put(Mark("value", start, end, columns=fitting, cells=dict(found)))


def _no_wider_cell(question: Question, start: int, end: int, found: dict[int, frozenset[str]]) -> None:
    """ "paint" in a column of free words may mean "wall paint", too."""
    span = set(question.stems[start:end])
    for column in question.sheet.columns:
        if id(column) in found and words.WORDY & set(column.words):
            cells = {str(column.cells[row]) for row in question.sheet.rows} - found[id(column)]
            wider = sorted(cell for cell in cells if span <= {stem(word) for word in words_of(cell)})
            if wider:
                said = " ".join(question.words[start:end])
                raise question.sheet.refusal(f"whether “{said}” means “{wider[0]}”, too, could not be told")


def mark_period_names(question: Question) -> None:
    """Months, weekdays and years out of the names of columns, and cells that are such for short: "hours_jul", "Jul"."""
    for at, (plain, base) in enumerate(zip(question.folded, question.stems, strict=True)):
        if not question.free[at] or not (_YEAR.fullmatch(plain) or base in (*words.MONTHS, *words.WEEKDAYS)):
            continue
        if base == "may" and question.words[at] == "may":
            continue
        forms = {plain, base, base[:3]}
        columns = [c for c in question.sheet.columns if forms & set(c.words)]
        found = {} if plain.isdigit() else _short_cells(question.sheet, base[:3])
        if columns:
            question.put(Mark("column", at, at + 1, forms, columns, exact=False))
        elif found:
            fitting = [c for c in question.sheet.columns if id(c) in found]
            question.put(Mark("value", at, at + 1, columns=fitting, cells=found))


def _short_cells(sheet: Sheet, short: str) -> dict[int, frozenset[str]]:
    found = {}
    for column in sheet.columns:
        cells = {cell for cell in column.cells if column.kind == "text" and cell and folded(cell).strip(".") == short}
        if cells:
            found[id(column)] = frozenset(cells)
    return found


def _is_name(column: Column, span: tuple[str, ...]) -> bool:
    names = [
        column.words,
        (*column.words, *column.extras),
        (*column.extras, *column.words),
        tuple(map(stem, column.name.split())),
    ]
    return any(span == name or "".join(span) == "".join(name) for name in names if name)


def _if_no_function_word(question: Question, at: int, columns: list[Column], found: Any) -> tuple[list[Column], Any]:
    word, plain = question.words[at], question.folded[at]
    if re.fullmatch(r"[1-9][\d.,]*", plain):
        return columns, {}  # a figure: what it counts is seen later
    if plain not in function_words():
        return columns, found
    if found and plain in words.FILLERS and (len(plain) > 3 or plain == "may"):
        if plain in words.NOUNS and not _is_the_table(question, at):
            return [], found
        _check_written(question, at, found)
    written = {
        key: cells for key, cells in found.items() if word in cells and word != word.lower() and (at or len(word) > 3)
    }
    named = [c for c in question.sheet.columns if id(c) in found and at and question.stems[at - 1] in c.words]
    return [], written or {id(c): found[id(c)] for c in named}


def _is_the_table(question: Question, at: int) -> bool:
    """ "in the table", "this list": the table itself."""
    lead = [word for word in question.folded[max(0, at - 3) : at] if word not in ("the", "my", "our", "your", "whole")]
    return bool(lead) and lead[-1] in ("in", "from", "this", "within", "inside")


def _check_written(question: Question, at: int, found: Any) -> None:
    """ "will" may be Will where all is typed in small letters."""
    word = question.words[at]
    cells = sorted(cell for some in found.values() for cell in some)
    if word not in cells and word == word.lower() and question.folded[at] not in words.NOUNS:
        raise question.sheet.refusal(
            f"whether “{word}” means the cell “{cells[0]}” could not be told; put it in quotes"
        )


def _cells_by_words(sheet: Sheet, said: set[str]) -> dict[tuple[str, ...], dict[int, frozenset[str]]]:
    table: dict[tuple[str, ...], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for column in sheet.columns:
        if column.kind not in ("text", "id"):
            continue
        for cell in {column.cells[row] for row in sheet.rows} - {None}:
            parts = words_of(str(cell))
            if 0 < len(parts) <= _LONGEST and {folded(parts[0]), stem(parts[0])} & said:
                table[tuple(map(folded, parts))][id(column)].add(str(cell))
                if (stems := tuple(map(stem, parts))) != tuple(map(folded, parts)):
                    table[stems][id(column)].add(str(cell))
    return {key: {c: frozenset(cells) for c, cells in found.items()} for key, found in table.items()}
