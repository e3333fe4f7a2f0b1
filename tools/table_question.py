"""A question about a table, word by word: each is a column, a cell, an operation, a number, a period or a filler.

What is none of these is left over, and nothing is answered past a word that was left over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from . import table_words as words
from .table_cells import CURRENCIES
from .table_columns import Column, Sheet, unit_of
from .table_words import folded, phrases, stem, words_of

_NUMBER = re.compile(r"(?P<before>\D{0,4}?)(?P<figure>-?\d+(?:[,'’]\d{3})*(?:\.\d+)?)(?P<after>%|[^\d\W]{0,5}|€|\$|£)")


@dataclass
class Mark:
    """What some words of the question stand for."""

    kind: str  # column value op compare negation group superlative number period rows filler
    start: int
    end: int
    what: Any = None
    columns: list[Column] = field(default_factory=list)  # those that fit
    cells: dict[int, frozenset[str]] = field(default_factory=dict)  # for a value: the cells of each column, by its id
    exact: bool = True


class Question:
    """The words of a question, and the marks on them."""

    def __init__(self, text: str, sheet: Sheet) -> None:
        self.sheet = sheet
        self.text = text
        self.words = words_of(re.sub(r"\s*([=*×÷≥≤<>])\s*", r" \1 ", text.replace("—", " ")))
        self.folded = [folded(word) for word in self.words]
        self.stems = [stem(word) for word in self.words]
        self.marks: list[Mark] = []
        self.free = [True] * len(self.words)

    def put(self, mark: Mark) -> None:
        self.marks.append(mark)
        self.free[mark.start : mark.end] = [False] * (mark.end - mark.start)

    def is_free(self, start: int, end: int) -> bool:
        return end <= len(self.words) and all(self.free[start:end])

    def of(self, *kinds: str) -> list[Mark]:
        return sorted((mark for mark in self.marks if mark.kind in kinds), key=lambda mark: mark.start)

    def ops(self) -> set[str]:
        return {mark.what for mark in self.of("op")}

    def before(self, at: int) -> str:
        return self.folded[at - 1] if at > 0 else ""

    def left_over(self) -> list[str]:
        return [word for word, free in zip(self.words, self.free, strict=True) if free]


@cache
def _phrases() -> dict[tuple[str, ...], tuple[str, Any]]:
    table: dict[tuple[str, ...], tuple[str, Any]] = {}
    for kind, rows in (
        ("op", words.OPERATIONS),
        ("compare", words.COMPARISONS),
        ("negation", {"not": words.NEGATIONS}),
        ("group", {"per": words.GROUPS}),
    ):
        table |= {phrase: (kind, name) for phrase, name in phrases(rows).items()}
    table |= {(word,): ("compare", what) for word, what in words.COMPARATIVES.items()}
    table |= {(word, "than"): ("compare", what) for word, what in words.COMPARATIVES.items()}
    for way, rows in (("max", words.HIGHEST), ("min", words.LOWEST)):
        for kind, forms in rows.items():
            table |= {(form,): ("superlative", (way, kind)) for form in forms.split()}
    for adjective, kind in words.ADJECTIVES.items():
        table |= {
            ("most", adjective): ("superlative", ("max", kind)),
            ("least", adjective): ("superlative", ("min", kind)),
            ("more", adjective, "than"): ("compare", (">", kind)),
            ("less", adjective, "than"): ("compare", ("<", kind)),
        }
    for way, forms in words.RUNNING.items():
        table |= dict.fromkeys(phrases({way: forms}), ("superlative", (way, "quantity")))
    return table


@cache
def function_words() -> frozenset[str]:
    """Words that by themselves are taken for a column or a cell only where nothing else can be meant."""
    single = {phrase[0] for phrase in _phrases() if len(phrase) == 1}
    return frozenset(single | words.FILLERS | words.RELATIVE | set(words.NUMBERS) | set(words.DATE_COMPARISONS))


def mark_phrases(question: Question) -> None:
    """Operations, comparisons, superlatives and the like, the longest first."""
    table = _phrases()
    for length in range(4, 0, -1):
        for start in range(len(question.words) - length + 1):
            span = tuple(question.folded[start : start + length])
            if span in table and question.is_free(start, start + length):
                question.put(Mark(table[span][0], start, start + length, table[span][1]))


def mark_numbers(question: Question) -> None:
    """Figures with their unit, and number words where something is counted or compared."""
    for at, word in enumerate(question.words):
        if not question.free[at]:
            continue
        plain = question.folded[at]
        number, unit = _number(word)
        if plain in words.NUMBERS and plain not in ("zero", "one"):
            number = words.NUMBERS[plain]
        if plain in words.ORDINALS and any(m.start == at + 1 for m in question.of("superlative")):
            question.put(Mark("number", at, at + 1, ("nth", words.ORDINALS[plain], "")))
        elif number is not None:
            question.put(Mark("number", at, at + 1, ("figure", number, unit)))


def _number(word: str) -> tuple[float | None, str]:
    found = _NUMBER.fullmatch(word)
    if not found:
        return None, ""
    sign = found["before"] or found["after"]
    unit = unit_of(sign) if sign else ""
    if sign and not unit and sign not in CURRENCIES:
        return None, ""
    value = float(re.sub(r"[,'’]", "", found["figure"]))
    return (int(value) if value.is_integer() else value), unit


def mark_parts(question: Question) -> None:
    """Words out of a column's name, words that name a kind of column, and words out of a cell."""
    inside = _cells_by_part(question.sheet)
    for at in range(len(question.words)):
        if not question.free[at]:
            continue
        plain, base = question.folded[at], question.stems[at]
        columns = [] if plain in function_words() else _parts(question.sheet, base)
        if columns:
            question.put(Mark("column", at, at + 1, columns=columns, exact=False))
        elif _asks_where(question, at):
            _mark_kind(question, at, "place")
        elif kind := next((k for k, forms in words.KIND_WORDS.items() if plain in forms.split()), ""):
            _mark_kind(question, at, kind)
        elif (plain not in function_words() or _is_a_thing(question, at)) and (found := inside.get(base)):
            if base in question.sheet.about or _describes(question, at, inside):
                continue
            fitting = [c for c in question.sheet.columns if id(c) in found]
            question.put(Mark("value", at, at + 1, base, fitting, dict(found), exact=False))


def _describes(question: Question, at: int, inside: Mapping[str, Any]) -> bool:
    """Whether a word that is a part of cells only describes what follows, which the table does not know: "my paper
    stock" is no paper, and "the little cards" are no little house."""
    if at + 1 == len(question.words) or not question.free[at + 1]:
        return False
    plain, base = question.folded[at + 1], question.stems[at + 1]
    adjacent = re.search(
        rf"(?<!\w){re.escape(question.words[at])}\s+{re.escape(question.words[at + 1])}", question.text
    )
    known = (
        plain in function_words()
        or plain in words.ROWS | words.PEOPLE
        or base in question.sheet.about
        or base in inside
        or bool(_parts(question.sheet, base))
        or any(plain in forms.split() for forms in words.KIND_WORDS.values())
    )
    return bool(adjacent) and plain.isalpha() and not known


def _is_a_thing(question: Question, at: int) -> bool:
    """ "how much is the table", if a cell says "Coffee table"."""
    lead = question.folded[max(0, at - 3) : at]
    return question.folded[at] in words.NOUNS and not {"in", "from", "this", "within", "inside"} & set(lead)


def _parts(sheet: Sheet, base: str) -> list[Column]:
    for fits in (
        lambda column: base in (*column.words, *column.extras),
        lambda column: (
            any(words.ABBREVIATIONS.get(word, "-") == base for word in column.words)
            or any(words.ABBREVIATIONS.get(base, "-") == word for word in column.words)
        ),
        lambda column: any(base.startswith(word) for word in _cut_words(column)),
        lambda column: len(_root(base)) > 2 and _root(base) in map(_root, column.words) and "by" not in column.words,
    ):
        if found := [column for column in sheet.columns if fits(column)]:
            return found
    return []


def _cut_words(column: Column) -> list[str]:
    return [stem(word[:-1]) for word in re.split(r"[\s_]+", column.name) if word.endswith(".") and len(word) > 3]


def _root(word: str) -> str:
    """ "graded" and "grade" are one word."""
    return re.sub(r"(?:ing|ed|e)$", "", word)


def _asks_where(question: Question, at: int) -> bool:
    """ "where is it" asks for a place, "where the amount is over 100" for nothing."""
    following = question.folded[at + 1] if at + 1 < len(question.words) else ""
    return question.folded[at] == "where" and at < 2 and following in ("is", "are", "was", "were", "do", "does", "did")


def _mark_kind(question: Question, at: int, kind: str) -> None:
    columns = columns_of_kind(question.sheet, kind)
    if not columns and kind == "sell" and any(m.what == "howmany" for m in question.of("op")):
        columns = columns_of_kind(question.sheet, "quantity")
    if columns:
        question.put(Mark("column", at, at + 1, kind, columns, exact=False))
    elif kind in ("who", "name") and (label := _only_text(question.sheet)):
        question.put(Mark("column", at, at + 1, kind, [label], exact=False))
    elif question.folded[at] in words.SOFT:
        question.put(Mark("filler", at, at + 1))


def columns_of_kind(sheet: Sheet, kind: str) -> list[Column]:
    """Columns whose name has the surest word of a kind that any name has."""
    if kind == "date" and sheet.dates():
        return sheet.dates()
    if kind == "who":
        return _persons(sheet)
    if kind == "name" and sheet.full_name:
        return [sheet.full_name]
    pieces = any(c.is_quantity for c in sheet.columns)
    for tier in words.KINDS[kind]:
        wanted = set(tier.split())
        if pieces and kind in ("price", "cost") and wanted & {"amount", "value", "total"}:
            break  # an amount is of several pieces there
        found = [c for c in sheet.columns if wanted & {*c.words, *(words.ABBREVIATIONS.get(w, w) for w in c.words)}]
        found = [c for c in found if kind != "quantity" or c.is_quantity]
        found = [c for c in found if (c.numeric != (kind in words.TEXT_KINDS)) or kind in words.ANY_KINDS]
        if found:
            return found
    if kind in words.MONEY_KINDS and not pieces:
        named = [
            c for c in sheet.measures() if c.unit in CURRENCIES or words.MONEY & {*c.words, *map(str.lower, c.extras)}
        ]
        return named if len(named) == 1 else []
    return []


def _persons(sheet: Sheet) -> list[Column]:
    """The column of names, or those whose header is a sort of person."""
    if sheet.full_name:
        return [sheet.full_name]
    texts = [c for c in sheet.columns if c.kind == "text"]
    plain = [c for c in texts if c.words in (("name",), ("full", "name"), ("fullname",), ("person",))]
    return plain or [c for c in texts if any(map(_is_person, c.words))]


def _is_person(word: str) -> bool:
    agent = re.fullmatch(r"\w{2,}(?:er|or|ee|ist|person|man|woman)", word) and word not in words.NO_PERSONS
    return word in words.PERSONS or bool(agent)


def _only_text(sheet: Sheet) -> Column | None:
    texts = [column for column in sheet.columns if column.kind == "text"]
    return texts[0] if len(texts) == 1 else None


def _cells_by_part(sheet: Sheet) -> dict[str, dict[int, frozenset[str]]]:
    table: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for column in sheet.columns:
        if column.kind != "text":
            continue
        for cell in {column.cells[row] for row in sheet.rows} - {None}:
            for part in words_of(str(cell)):
                if len(part) > 1 or not part.isalpha():  # "rice n atta" is not named by an "n"
                    table[stem(part)][id(column)].add(str(cell))
        _mark_sexes(table, column)
    return {word: {c: frozenset(cells) for c, cells in found.items()} for word, found in table.items()}


def _mark_sexes(table: Any, column: Column) -> None:
    """ "males" for cells that say m, if the column says nothing but sexes."""
    there = {folded(cell) for cell in column.cells if cell is not None}
    known = set(" ".join(words.SEXES.values()).split())
    if len(there) > 1 and there <= known | {"na", "d", "x", "?", "unknown"}:
        for word, forms in words.SEXES.items():
            cells = {cell for cell in column.cells if cell is not None and folded(cell) in forms.split()}
            if cells:
                table[word][id(column)] |= cells
