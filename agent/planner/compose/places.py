"""Which part of a picture a wish is about: a row or column, a half, all but one of them."""

from __future__ import annotations

import re
from dataclasses import replace

from ..parse.reading import region
from ..parse.wishes import Piece, Wish
from .bench import Bench, Lacking

_HALVES = {"left": "right", "right": "left", "top": "bottom", "bottom": "top", "upper": "bottom", "lower": "top"}
_SIDE = re.compile(r"\b(left|right|top|bottom|upper|lower)(?:[\s-]?hand)?(?:[\s-](?:half|side|part))?\b", re.IGNORECASE)
_ROWS = re.compile(
    r"\b(top(?:most)?|bottom(?:most)?|upper|lower|first|second|third|fourth|fifth|last|middle|left(?:most)?|right(?:most)?)\s+(row|column|line)s?\b",
    re.IGNORECASE,
)
_NOUN_BEHIND = re.compile(
    r"\s+(?:most\s+)?(?:rows?|columns?|half|halves|side|corner|quarter|third|part|one)\b", re.IGNORECASE
)
_LEAVES_OUT = re.compile(
    r"\b(?:without|except(?:ing)?|excluding|not|n't|dont|ignor(?:e|ing)|skip(?:ping)?|leav(?:e|ing) (?:out|off)|minus|but|besides|apart from|"
    r"other than)\b[^.,;:?!]{0,24}$",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"(?:the |just |only |in |this |a )*(?:numbers?|figures?|counts?|pictures?|photos?|pics?|images?|coins?|total)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:(?:in|of|from|for|on|the|those|ones)\s+)*\s*", re.IGNORECASE)
# "The right half is my brother's": told, and not asked for.
_DRAWER = re.compile(
    r"\b(left|right)\s+(?!(?:half|halves|hand|side|part|row|column|corner|third|quarter|edge|of|one|only|and|or|in|is)\b)[a-z]{3,}",
    re.IGNORECASE,
)
_NOT_MEANT = re.compile(
    r"\b(?:not|no|dont|belongs?|(?:is|are|goes|go) (?:for|to)|ignore|isn'?t|his|hers|theirs|leave)\b|n['’]t\b|\w['’]s(?: (?:money|one|half|side|part|own)\b|\s*(?:[.,;!?]|$))",
    re.IGNORECASE,
)


def narrowed(bench: Bench, wish: Wish) -> tuple[str, str]:
    """Which row or column counts, and which part of the picture; each "" when all of it does.

    Raises:
        Lacking: a limit that nothing here can keep.
    """
    keep = part = ""
    sides: set[str] = set()
    for piece in _nearest(bench, wish, _whole_limits(bench, wish)):
        if piece.kind not in ("region", "except", "nth", "larger", "smaller", "about", "where", "between"):
            continue
        if piece.kind in ("region", "nth") and _LEAVES_OUT.search(bench.goal[: piece.start]):
            piece = replace(piece, kind="except")
        if (named := _DRAWER.search(bench.goal[piece.start : piece.end + 20])) and named.start() <= len(piece.text):
            if len(bench.files) > 1:
                continue  # "the left drawer" is one of the pictures
            raise Lacking(f"Whether “{named.group()}” is the {named[1].lower()} half of the picture could not be told.")
        rows = _ROWS.search(piece.text)
        place = region(piece.text) or (_SIDE.search(piece.text).group() if _SIDE.search(piece.text) else "")  # type: ignore[union-attr]
        if piece.kind == "about" and _FORMAL.fullmatch(piece.text.strip()):
            continue
        if piece.kind in ("larger", "smaller", "about", "where", "between"):
            raise Lacking(f"I cannot tell which of them are meant by “{piece.text}”; say it without that.")
        if rows:
            one = f"{rows[1].lower()} {rows[2].lower().replace('line', 'row')}"
            if keep and keep.removeprefix("not ") != one:
                raise Lacking(f"I keep to one row or column at a time, not to {keep} and {one}.")
            keep = f"not {one}" if piece.kind == "except" or keep.startswith("not ") else one
        elif place and piece.kind == "except":
            part = _other_half(piece.text, place)
        elif place and piece.kind == "region":
            named = {side.lower() for side in _SIDE.findall(place)}
            if sides & {_HALVES[side] for side in named}:
                raise Lacking(f"I look at one part of a picture at a time; ask for the {place} by itself.")
            sides |= named
            part = place if region(place) else f"{_SIDE.search(place)[1].lower()} half"  # type: ignore[index]
        elif piece.kind == "except" or (piece.kind == "region" and not _is_whole(piece.text)):
            raise Lacking(
                f"I cannot leave out or keep to “{piece.text}”; say it by rows, columns or halves of the picture."
            )
    return keep, part


def _nearest(bench: Bench, wish: Wish, limits: list[Piece]) -> list[Piece]:
    """Of several parts of a picture those in the wish's own sentence, and not "the right half is my brother's"."""
    sentence = bench.sentence(wish)
    places = [piece for piece in limits if piece.kind in ("region", "except")]
    asked = [piece for piece in places if piece.kind == "region" and not _NOT_MEANT.search(_clause(bench.goal, piece))]
    left_out = any(piece.kind == "except" and piece.text in sentence for piece in places)
    if (
        len(places) > 1
        and len(asked) == 1
        and not (left_out and asked[0].text not in sentence.replace(places[0].text, ""))
    ):
        return [piece for piece in limits if piece not in places or piece in asked]
    own = [piece for piece in places if piece.text in sentence]
    return [piece for piece in limits if piece not in places or not own or piece in own]


def _clause(goal: str, piece: Piece) -> str:
    """The words up to the next mark, on both sides of a piece."""
    start = max((found.end() for found in re.finditer(r"[.,;!?]\s", goal[: piece.start])), default=0)
    end = re.search(r"[.,;!?](?:\s|$)", goal[piece.end :])
    return goal[start : piece.end + end.start() if end else len(goal)]


def _whole_limits(bench: Bench, wish: Wish) -> list[Piece]:
    """The limits with the noun behind them ("the top" row), two that touch as one ("except" "in the top row")."""
    found: list[Piece] = []
    for piece in sorted(wish.limits, key=lambda piece: piece.start):
        end = piece.end
        if more := _NOUN_BEHIND.match(bench.goal, end):
            end = more.end()
        if (
            found
            and _LINK.fullmatch(bench.goal[found[-1].end : piece.start])
            and {found[-1].kind, piece.kind} <= {"except", "region", "nth"}
        ):
            kind = "except" if "except" in (found[-1].kind, piece.kind) else piece.kind
            found[-1] = Piece(bench.goal[found[-1].start : end], found[-1].start, end, kind)
        else:
            found.append(Piece(piece.text + bench.goal[piece.end : end], piece.start, end, piece.kind))
    return found


def _is_whole(text: str) -> bool:
    """A place that is the picture itself, or where it was taken: "in the picture", "on the table"."""
    return (
        re.search(
            r"\b(?:row|column|left|right|top|bottom|upper|lower|middle|cent(?:er|re)|corner|edge|front|back|behind)\b",
            text,
            re.I,
        )
        is None
    )


def _other_half(text: str, place: str) -> str:
    side = _SIDE.search(place)
    if side is None or len(_SIDE.findall(place)) > 1 or "third" in place or "quarter" in place or "corner" in place:
        raise Lacking(f"I cannot leave out “{text}”; say which half is meant.")
    return f"{_HALVES[side[1].lower()]} half"
