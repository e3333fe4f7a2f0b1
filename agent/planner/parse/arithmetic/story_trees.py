"""The sum that a story asks for, put together from what each two of its numbers have to do with each other.

Of each pair of numbers the lowest operation of the sum that joins them is known with some probability (after Roy and
Roth 2015, "Solving General Arithmetic Word Problems", arXiv:1608.01413). Additions and multiplications are taken flat,
so that each sum has one form. The best forms of every subset of the numbers are put together from those of smaller
ones, `WIDTH` of each kept.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

# What joins a number i and a later one j; "r" stands for the other way round.
LABELS = ("none", "+", "-", "r-", "*", "/", "r/", "pct", "rpct", "off", "roff", "more", "rmore", "out", "rout")
PERCENT = ("pct", "off", "more", "out")  # of x and p per cent: p % of x, x less p %, x and p % more, x without its p %
AFTER = ("plain", "ceil", "floor", "rest", "none")  # what is done with the result; "none": there is no such sum
WIDTH = 6  # forms of a subset that are kept
MOST = 6  # numbers of a story
_FORMS = {"pct": "({0} * {1} / 100)", "off": "({0} * (1 - {1} / 100))", "more": "({0} * (1 + {1} / 100))",
          "out": "({0} / (1 + {1} / 100))"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """A sum over some of the numbers.

    Attributes:
        kind: "leaf", "+", "*" or "%".
        parts: (sign, form) of a flat addition or multiplication, 1 or -1; of a per cent the base and the per cent.
        score: the logarithm of its probability.
    """

    kind: str
    score: float
    leaves: tuple[int, ...]
    parts: tuple[tuple[int, Form], ...] = ()
    how: str = ""

    def text(self, values: Sequence[str]) -> str:
        """As `tools.arithmetic.calculate` takes it."""
        if self.kind == "leaf":
            return values[self.leaves[0]]
        if self.kind == "%":
            (_, base), (_, rate) = self.parts
            return _FORMS[self.how].format(base.text(values), rate.text(values))
        plus, minus = (" + ", " - ") if self.kind == "+" else (" * ", " / ")
        ordered = sorted(self.parts, key=lambda part: -part[0])
        said = ""
        for sign, form in ordered:
            own = form.text(values)
            inner = f"({own})" if self.kind == "*" and form.kind == "+" else own
            said += inner if not said else f"{plus if sign > 0 else minus}{inner}"
        return said


def pair_labels(expression: str, count: int) -> dict[tuple[int, int], str]:
    """What joins each pair of n0 … n(count-1) in an annotated sum, see zoo/training/stories/README.md."""
    root = _flat(ast.parse(expression, mode="eval").body)
    joined = {(i, j): "none" for i in range(count) for j in range(i + 1, count)}
    joined.update(_joined(root))
    return joined


def _flat(tree: ast.AST) -> Form:
    if isinstance(tree, ast.Name):
        return Form("leaf", 0.0, (int(tree.id[1:]),))
    if isinstance(tree, ast.BinOp):
        kind = "+" if isinstance(tree.op, ast.Add | ast.Sub) else "*"
        sign = -1 if isinstance(tree.op, ast.Sub | ast.Div) else 1
        left, right = _flat(tree.left), _flat(tree.right)
        parts = (*_parts(left, kind, 1), *_parts(right, kind, sign))
        return Form(kind, 0.0, tuple(sorted(left.leaves + right.leaves)), parts)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        name, forms = tree.func.id, [_flat(argument) for argument in tree.args]
        if name in PERCENT:
            leaves = tuple(sorted(forms[0].leaves + forms[1].leaves))
            return Form("%", 0.0, leaves, ((1, forms[0]), (1, forms[1])), name)
        if name == "rest":
            leaves = tuple(sorted(forms[0].leaves + forms[1].leaves))
            return Form("*", 0.0, leaves, (*_parts(forms[0], "*", 1), *_parts(forms[1], "*", -1)))
        return forms[0]
    raise ValueError(f"no sum over n0, n1, …: {ast.dump(tree)[:80]}")


def _parts(form: Form, kind: str, sign: int) -> tuple[tuple[int, Form], ...]:
    return tuple((sign * own, part) for own, part in form.parts) if form.kind == kind else ((sign, form),)


def _joined(form: Form) -> Iterator[tuple[tuple[int, int], str]]:
    for at, (sign, part) in enumerate(form.parts):
        yield from _joined(part)
        for other_sign, other in form.parts[at + 1 :]:
            for i in part.leaves:
                for j in other.leaves:
                    yield (min(i, j), max(i, j)), _label(form, i, sign, j, other_sign)


def _label(form: Form, i: int, sign: int, j: int, other: int) -> str:
    """What joins i, of a part with that sign, and j, of a later part."""
    if form.kind == "%":
        return form.how if i < j else f"r{form.how}"
    if sign == other:
        return form.kind
    first = i if sign > 0 else j
    name = "-" if form.kind == "+" else "/"
    return name if first == min(i, j) else f"r{name}"


def form_builder(scores: np.ndarray, percents: frozenset[int]) -> Callable[[tuple[int, ...]], list[Form]]:
    """What gives the likeliest sums that use each of some numbers once, best first.

    Args:
        scores: log probabilities of shape (numbers, numbers, labels); [i, j] with i < j is used.
        percents: the numbers that are per cents, which only per cents are made of.
    """

    def cross(kind: str, one: Form, sign: int, two: Form, other: int, how: str = "") -> float:
        form = Form(kind, 0.0, (), (), how)
        return sum(
            scores[min(i, j), max(i, j), LABELS.index(_label(form, i, sign, j, other))]
            for i in one.leaves
            for j in two.leaves
        )

    @cache
    def whole(some: tuple[int, ...]) -> tuple[Form, ...]:
        """Forms that can be a part of another one."""
        if len(some) == 1:
            return (Form("leaf", 0.0, some),)
        made = [form for kind in ("+", "*") for form in flat(some, kind) if any(sign > 0 for sign, _ in form.parts)]
        for one, two in _halves(some):
            for base, rate in ((one, two), (two, one)):
                if len(rate) == 1 and rate[0] in percents and not (len(base) == 1 and base[0] in percents):
                    for form in whole(base):
                        leaf = Form("leaf", 0.0, rate)
                        for how in PERCENT:
                            score = form.score + cross("%", form, 1, leaf, 1, how)
                            made.append(Form("%", score, some, ((1, form), (1, leaf)), how))
        return tuple(_best(made))

    @cache
    def flat(some: tuple[int, ...], kind: str) -> tuple[Form, ...]:
        """Additions or multiplications of two and more parts, signs and all."""
        made = []
        for one, two in _halves(some):  # the first part has the first number
            if one[0] != some[0]:
                one, two = two, one
            for first in whole(one):
                if first.kind == kind or _is_percent(first, percents):
                    continue
                rests = [((1, form),) for form in whole(two) if form.kind != kind and not _is_percent(form, percents)]
                rests += [form.parts for form in flat(two, kind)] if len(two) > 1 else []
                signs = dict(_scored(rests, flat(two, kind) if len(two) > 1 else ()))
                for parts in rests:
                    for sign in (1, -1):
                        for turned in (1,) if len(parts) > 1 else (1, -1):
                            own = tuple((own * turned, form) for own, form in parts)
                            score = first.score + signs[parts] + sum(
                                cross(kind, first, sign, form, other) for other, form in own
                            )  # fmt: skip
                            made.append(Form(kind, score, some, ((sign, first), *own)))
        return tuple(_best(made, 2 * WIDTH))

    return lambda numbers: _best(whole(numbers))


def _scored(
    rests: list[tuple[tuple[int, Form], ...]], flats: Sequence[Form]
) -> Iterator[tuple[tuple[tuple[int, Form], ...], float]]:
    known = {form.parts: form.score for form in flats}
    for parts in rests:
        yield parts, known.get(parts, parts[0][1].score)


def _is_percent(form: Form, percents: frozenset[int]) -> bool:
    return form.kind == "leaf" and form.leaves[0] in percents


def _halves(some: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Each way to part the numbers in two."""
    rest = some[1:]
    for bits in range(2 ** len(rest) - 1):
        one = (some[0], *(n for at, n in enumerate(rest) if bits >> at & 1))
        yield one, tuple(n for n in rest if n not in one)


def _best(forms: Sequence[Form], width: int = WIDTH) -> list[Form]:
    seen: dict[tuple, Form] = {}
    for form in sorted(forms, key=lambda form: -form.score):
        key = _key(form)
        seen.setdefault(key, form)
        if len(seen) == width:
            break
    return list(seen.values())


def _key(form: Form) -> tuple:
    """The same for sums that differ in the order of their parts alone."""
    if form.kind == "leaf":
        return form.leaves
    parts = [(sign, _key(part)) for sign, part in form.parts]
    return (form.kind, form.how, *(parts if form.kind == "%" else sorted(parts, key=repr)))


def shares(forms: Sequence[Form]) -> list[float]:
    """Of the probability of all these, each one's share."""
    top = max((form.score for form in forms), default=0.0)
    weights = [math.exp(form.score - top) for form in forms]
    return [weight / sum(weights) for weight in weights]
