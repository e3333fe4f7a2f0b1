"""From tagged tokens to wishes: what is asked for, with what, how, and out of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from .parts import ARGUMENTS, BESIDE, LIMITS, MAKERS, OPS, SOURCES
from .reader import Tagged

_SAID = 0.5  # of the whole goal: an op that is likelier than this is one of its ops
_UNLIKELY = 0.12  # of the whole goal: a wish whose op is less likely is none, beside one that is likely
_HALF_SURE = 0.3  # so much less than likely is still doubtful
_IDLE = 0.85  # a word that is so likely to be no part of anything is story
_EDGE = " \t\n,;:.!?"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of the goal, where they stand, and what they are."""

    text: str
    start: int
    end: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is asked for.

    Attributes:
        op: one of `OPS`.
        source: one of `SOURCES`, where it takes its input from.
        sure: from 0 to 1, of the op.
        words: the pieces that ask for it.
        arguments, limits: what was said of it; limits narrow it or say how.
    """

    op: str
    source: str
    sure: float
    words: tuple[Piece, ...]
    arguments: tuple[Piece, ...] = ()
    limits: tuple[Piece, ...] = ()

    @property
    def start(self) -> int:
        return min(piece.start for piece in (*self.words, *self.arguments, *self.limits))

    @property
    def end(self) -> int:
        return max(piece.end for piece in (*self.words, *self.arguments, *self.limits))

    def argument(self, *kinds: str) -> str:
        """The first argument of one of the kinds, as it is written; "" when there is none."""
        return next((piece.text for piece in self.arguments if piece.kind in kinds), "")

    def all(self, kind: str) -> list[str]:
        return [piece.text for piece in self.arguments if piece.kind == kind]

    def limit(self, *kinds: str) -> str:
        return next((piece.text for piece in self.limits if piece.kind in kinds), "")


@dataclass(frozen=True, slots=True)
class Understanding:
    """A goal as it was read.

    Attributes:
        negated: what is said not to be wanted.
        doubtful: words that may ask for something more.
        idle: words, in small letters, that surely have no part wherever they stand: courtesy and story.
        sure: from 0 to 1, that the wishes are those of the goal; see `benchmarks/reader.py` for how often that is so.
    """

    goal: str
    wishes: tuple[Wish, ...]
    negated: tuple[Piece, ...] = ()
    doubtful: tuple[Piece, ...] = ()
    sure: float = 0.0
    idle: frozenset[str] = frozenset()

    @property
    def pieces(self) -> list[Piece]:
        """All words that have a part."""
        return [p for wish in self.wishes for p in (*wish.words, *wish.arguments, *wish.limits)] + list(self.negated)

    def segment(self, number: int) -> str:
        """The part of the goal that a wish is about: from where the one before ends, up to the next one."""
        own = self.wishes[number]
        ends = [wish.end for wish in self.wishes if wish.end <= own.start]
        starts = [wish.start for wish in self.wishes if wish.start >= own.end]
        start, end = max(ends, default=0), min(starts, default=len(self.goal))
        return self.goal[min(start, self.wishes[number].start) : max(end, self.wishes[number].end)].strip(_EDGE)


def wishes_of(goal: str, tagged: Tagged) -> Understanding:
    """The wishes of a goal in the order in which they stand there."""
    wanted, starts = 1 - tagged.tags["wish"][:, 0], tagged.tags["wish"].argmax(-1) == 1
    asked = _pieces(goal, tagged, wanted, starts)
    wishes = _likely(_grouped(asked, tagged), tagged)
    arguments = _kinds(goal, tagged, "argument", ARGUMENTS)
    limits = _kinds(goal, tagged, "limit", LIMITS)
    negated = tuple(piece for piece in limits if piece.kind == "negated")
    limits = [piece for piece in limits if piece.kind != "negated"]
    for piece in (*arguments, *limits):
        if not wishes:
            break
        near = min(range(len(wishes)), key=lambda i: _distance(goal, wishes[i].words, piece))
        mine = arguments if piece in arguments else limits
        (wishes[near].arguments if mine is arguments else wishes[near].limits).append(piece)
    made = _with_verdict(
        tuple(Wish(w.op, w.source, w.sure, tuple(w.words), tuple(w.arguments), tuple(w.limits)) for w in wishes), tagged
    )
    doubtful = tuple(
        piece for piece, _ in _pieces(goal, tagged, wanted + _HALF_SURE, starts) if not _is_in(piece, asked)
    )
    return Understanding(goal, made, negated, doubtful, _sure(made, tagged), _idle(goal, tagged))


def _idle(goal: str, tagged: Tagged) -> frozenset[str]:
    none = np.minimum.reduce([tagged.tags[head][:, 0] for head in ("wish", "argument", "limit")])
    least: dict[str, float] = {}
    for word in re.finditer(r"\S+", goal):
        chances = [
            p for p, (start, end) in zip(none, tagged.spans, strict=True) if start < word.end() and word.start() < end
        ]
        plain = word.group().strip(_EDGE + "()\"'“”‘’").lower()
        least[plain] = min([least.get(plain, 1.0), *map(float, chances)] if chances else [0.0])
    return frozenset(word for word, chance in least.items() if chance >= _IDLE)


def _with_verdict(wishes: tuple[Wish, ...], tagged: Tagged) -> tuple[Wish, ...]:
    """ "Which picture has more coins?" counts and compares in the same words: the goal as a whole tells the second."""
    makers = [wish for wish in wishes if wish.op in MAKERS]
    if len(makers) != 1 or any(wish.op in BESIDE for wish in wishes):
        return wishes
    said = [op for op in sorted(BESIDE) if tagged.ops[OPS.index(op)] > _SAID]
    return (*wishes, *(replace(makers[0], op=op, source="wish", limits=()) for op in said))


def _is_in(piece: Piece, asked: Sequence[tuple[Piece, list[int]]]) -> bool:
    return any(one.start < piece.end and piece.start < one.end for one, _ in asked)


@dataclass
class _Growing:
    op: str
    source: str
    sure: float
    words: list[Piece]
    arguments: list[Piece] = field(default_factory=list)
    limits: list[Piece] = field(default_factory=list)


def _pieces(goal: str, tagged: Tagged, there: np.ndarray, starts: np.ndarray) -> list[tuple[Piece, list[int]]]:
    """Runs of tokens that belong to a wish."""
    runs: list[list[int]] = []
    for i, (start, _) in enumerate(tagged.spans):
        if there[i] < 0.5:
            continue
        inside_word = i > 0 and tagged.spans[i - 1][1] == start and goal[start].isalnum()
        if runs and runs[-1][-1] == i - 1 and (not starts[i] or inside_word):
            runs[-1].append(i)
        else:
            runs.append([i])
    return [(_piece(goal, tagged, run), run) for run in runs]


def _piece(goal: str, tagged: Tagged, run: Sequence[int], kind: str = "") -> Piece:
    start, end = tagged.spans[run[0]][0], tagged.spans[run[-1]][1]
    while end < len(goal) and goal[end].isalnum() and goal[end - 1].isalnum():
        end += 1
    while start > 0 and goal[start - 1].isalnum() and goal[start].isalnum():
        start -= 1
    if goal[start].isdigit() and re.search(r"(?:^|[\s(\"'“])[-−]$", goal[:start]):
        start -= 1  # the sign of a number belongs to it
    return Piece(goal[start:end], start, end, kind)


def _grouped(pieces: Sequence[tuple[Piece, list[int]]], tagged: Tagged) -> list[_Growing]:
    """Pieces that belong together make one wish: "how many" … "are there"."""
    wishes: list[_Growing] = []
    for piece, run in pieces:
        chances = tagged.tags["op"][run].mean(axis=0)
        best = int(chances.argmax())
        op, sure = OPS[best], float(chances[best])
        before = next((wish for wish in reversed(wishes) if wish.op == op), None)
        if before is not None:
            before.words.append(piece)
            before.sure = max(before.sure, sure)
        else:
            source = SOURCES[int(tagged.tags["source"][run].mean(axis=0).argmax())]
            wishes.append(_Growing(op, source, sure, [piece]))
    return wishes


def _likely(wishes: list[_Growing], tagged: Tagged) -> list[_Growing]:
    """Without those that the goal as a whole speaks against, where it speaks for another."""
    chances = [float(tagged.ops[OPS.index(wish.op)]) for wish in wishes]
    if max(chances, default=0.0) < _SAID:
        return wishes
    return [wish for wish, chance in zip(wishes, chances, strict=True) if chance >= _UNLIKELY]


def _kinds(goal: str, tagged: Tagged, head: str, kinds: Sequence[str]) -> list[Piece]:
    """Runs of tokens of one kind; class 0 is none, odd classes begin, even ones go on."""
    best = tagged.tags[head].argmax(-1)
    runs: list[tuple[str, list[int]]] = []
    for i, label in enumerate(best):
        start = tagged.spans[i][0]
        inside_word = i > 0 and tagged.spans[i - 1][1] == start and goal[start].isalnum()
        if label == 0 and not (inside_word and runs and runs[-1][1][-1] == i - 1):
            continue
        kind = str(kinds[(int(label) - 1) // 2]) if label else runs[-1][0]
        follows = runs and runs[-1][1][-1] == i - 1
        joined = follows and runs[-1][0] == kind and goal[tagged.spans[i - 1][1] : start] in (" ", "-", "")
        if follows and (inside_word or joined or (runs[-1][0] == kind and label % 2 == 0)):
            runs[-1][1].append(i)
        else:
            runs.append((kind, [i]))
    pieces: list[Piece] = []
    for kind, run in runs:
        piece = _piece(goal, tagged, run, kind)
        if pieces and pieces[-1].kind == kind and goal[pieces[-1].end : piece.start] == "-":  # "sixty-one"
            start = pieces.pop().start
            piece = Piece(goal[start : piece.end], start, piece.end, kind)
        pieces.append(piece)
    return pieces


def _distance(goal: str, words: Sequence[Piece], piece: Piece) -> float:
    """Letters between a piece and the words of a wish; the end of a sentence is far."""
    best = float("inf")
    for word in words:
        start, end = (word.end, piece.start) if word.start <= piece.start else (piece.end, word.start)
        between = goal[start:end] if start < end else ""
        crossed = sum(between.count(mark) for mark in (". ", "? ", "! ", "; ", "\n"))
        best = min(best, len(between) + 40 * crossed + (3 if word.start > piece.start else 0))
    return best


def _sure(wishes: Sequence[Wish], tagged: Tagged) -> float:
    """The least sure of what the reading rests on: each wish's op, and that these are the ops of the whole goal."""
    if not wishes:
        return 0.0
    said = {OPS[i] for i in np.flatnonzero(tagged.ops > _SAID)}
    ops = {wish.op for wish in wishes}
    if ops & BESIDE:  # what is compared or added up has to be made, and so goes without saying
        said -= MAKERS
    agreed = min((float(tagged.ops[OPS.index(op)]) for op in ops), default=0.0)
    missed = max((float(tagged.ops[OPS.index(op)]) for op in said - ops), default=0.0)
    return min(*(wish.sure for wish in wishes), agreed, 1 - missed)
