"""Wishes about how close texts are in meaning: two of them, the closest of several, all in order."""

from __future__ import annotations

import re
from typing import Any

from ..parse.wishes import Piece, Understanding, Wish
from ..plan import Plan
from ..plan_step import node
from .bench import Bench, Lacking, Result
from .draft import File
from .seeing import page_text
from .wording import quotes_in, text_in_files


def similarity(bench: Bench, wish: Wish) -> Result:
    texts = _several(bench, wish)
    if len(texts) != 2:
        raise Lacking(f"To compare in meaning I need two texts, and found {len(texts)}; put each in quotes.")
    arguments = {"text": texts[0], "sentences": texts[1:]}
    why = "meaning is compared by a sentence model"
    place = bench.add("sentence-similarity", arguments, wish, why, covers=" ".join(map(str, texts)))
    return Result("number", (place,))


SAME_WORDS = re.compile(
    r"\b(?:same (?:words?|text|thing|wording)|(?:words?|text|wording)\b.{0,40}\bsame|sa(?:y|id) the same|identical|word for word)\b",
    re.IGNORECASE,
)
_ODD = re.compile(
    r"\b(?:odd (?:one|man) out|not like the others?|says? (?:another thing|(?:some)?(?:thing )?(?:else|other|different)(?: thing)?)|the different one|"
    r"(?:one|which)(?: of \w+)?(?:'s| is)? different|differs? from the (?:others?|rest))\b",
    re.IGNORECASE,
)
_ALIKE = re.compile(
    r"\b(?:how (?:similar|alike|close)|similarit\w+|in meaning|mean(?:s|ing)? (?:about )?the same|nearly|roughly|like each other)\b",
    re.IGNORECASE,
)


_WHAT_THEN = re.compile(r"\b(?:and )?if (?:yes|so|not|they (?:do|are|differ))\b[^.?!]*", re.IGNORECASE)


def texts_alike(bench: Bench, wish: Wish) -> Result:
    """Whether pictures of text, or texts, say the same, or how alike they are in meaning.

    Raises:
        Lacking: there are not two of them.
    """
    files = bench.files_for(wish, "image", "text")
    files = [file for file in files if file.kind == files[0].kind]
    if len(files) < 2:
        raise Lacking("To compare what is written I need two pictures of text, or two texts; pass both.")
    read = [_written(bench, wish, file) for file in files]
    if _ALIKE.search(bench.sentence(wish)):
        if len(read) > 2:
            raise Lacking(f"I tell how alike two texts are, and got {len(read)}; pass two.")
        why = "meaning is compared by a sentence model"
        place = bench.add("sentence-similarity", {"text": read[0], "sentences": read[1:]}, wish, why)
        return Result("number", (place,))
    arguments: dict[str, Any] = {"texts": read, "names": [file.name for file in files]}
    if files[0].kind == "image":
        arguments["read"] = "yes"
    covers = " ".join([bench.sentence(wish), *_WHAT_THEN.findall(bench.goal)])
    why = "what is written is compared word for word"
    return Result("sentence", (bench.add("compare-texts", arguments, wish, why, covers=covers),))


def written_alike(bench: Bench) -> Plan | None:
    """A goal that was not understood otherwise, as a question whether pictures or texts say the same: "pic1 and pic2 have the
    same text?", "one of these three signs is not like the others, which?"."""
    kinds = {file.kind for file in bench.files}
    asked = SAME_WORDS if len(bench.files) == 2 else _ODD
    if len(bench.files) < 2 or len(kinds) > 1 or not kinds <= {"image", "text"} or not asked.search(bench.goal):
        return None
    wish = Wish("compare", "files", 0.5, (Piece(bench.goal, 0, len(bench.goal)),))
    bench.understanding = Understanding(bench.goal, (wish,), sure=0.5, idle=bench.understanding.idle)
    try:
        texts_alike(bench, wish)
    except Lacking:
        return None
    return Plan(bench.goal, tuple(bench.steps), sure=0.5)


def _written(bench: Bench, wish: Wish, file: File) -> str:
    return file.handle if file.kind == "text" else node(page_text(bench, wish, file, asked=False))


_ORDERED = re.compile(
    r"\b(?:order|rank(?:ed|ing)?|sort(?:ed)?|arrange|(?:closest|nearest|most similar) (?:first|1st|at first|on top))\b",
    re.IGNORECASE,
)


def most_similar(bench: Bench, wish: Wish) -> Result:
    return _against(bench, wish, "ranking" if _ORDERED.search(bench.sentence(wish)) else "")


def rank(bench: Bench, wish: Wish) -> Result:
    return _against(bench, wish, "ranking")


def _against(bench: Bench, wish: Wish, told: str) -> Result:
    target, others = _target(bench, wish)
    if not target or len(others) < 2:
        raise Lacking(
            f"To put texts in order by meaning I need the one to compare with and at least two others, and found "
            f"{len(others) + bool(target)}; put each in quotes, or one on each line."
        )
    arguments = {"text": target, "sentences": others}
    why = "meaning is compared by a sentence model"
    place = bench.add("sentence-similarity", arguments, wish, why, told=told, covers=bench.goal)
    return Result("text", (place,))


def _slashed(goal: str) -> list[str]:
    """What stands behind a colon with strokes between: "…: a table for two / a loud bar / room in the hotel"."""
    found = re.search(r"[:?]\s+([^:?]+(?:\s/\s[^:?/]+)+)\s*[.!?]?\s*$", goal)
    return [one.strip(" .") for one in found[1].split(" / ")] if found else []


def _target(bench: Bench, wish: Wish) -> tuple[str, list[str]]:
    """What is compared with what: the one behind "to" or "like", and the listed others."""
    goal = bench.goal
    quoted = quotes_in(goal)
    others = options_in(goal) or ([] if len(quoted) > 1 else _slashed(goal))
    named = re.search(
        r"\b(?:to|like|as|with|than|from|compared? (?:to|with)|sentence is|close to|nearest to|closest to)\s*:?\s*[“\"'‘«„]([^”\"'’»“]+)",
        goal,
        re.IGNORECASE,
    )
    target = named[1].strip() if named else ""
    if target:
        left = [q for q in quoted if q != target]
        others = others if len(others) > 1 else left
    elif others and quoted:
        target = next((q for q in quoted if q not in others), "")
    elif len(quoted) > 2:
        target, others = quoted[0], quoted[1:]
    if (
        not target
        and (piece := next((p for p in wish.arguments if p.kind == "text"), None))
        and _is_whole(bench, piece)
    ):
        target = piece.text.strip("\"'“” ")
        others = _whole(bench, wish) if len(others) < 2 else others
    if not target and (
        found := re.search(
            r"\b(?:similar(?:ity)?|close(?:st|ness)?|near(?:est|ness)?|like)\b.{0,24}?\bto\s+(?:the word\s+)?([a-z-]+)\s*[:,]",
            goal,
            re.I,
        )
    ):
        target = found[1]
    if len(others) < 2 and bench.files and target:
        files = bench.files_for(wish, "text")
        content = bench.look(files[0].handle)
        from ....tools.texts import lines_of

        others = lines_of(content) if isinstance(content, str) else []
    return target, [other for other in others if other != target]


_BEFORE, _BEHIND = (
    re.compile(r"(?:^|[\"'“‘«„:,;.?!\n(]|\bor\b|\band\b)\s*$"),
    re.compile(r"\s*(?:$|[\"'”’»,;.?!\n)]|or\b|and\b)"),
)


def _is_whole(bench: Bench, piece: Piece) -> bool:
    """Whether a text stands between marks, and is no word out of the middle of one."""
    return bool(_BEFORE.search(bench.goal[: piece.start]) and _BEHIND.match(bench.goal, piece.end))


def _whole(bench: Bench, wish: Wish) -> list[str]:
    """The texts that the wish names, where all of them are whole."""
    pieces = [piece for piece in wish.arguments if piece.kind in ("text", "texts")]
    if not all(_is_whole(bench, piece) for piece in pieces):
        return []
    return [piece.text.strip("\"'“” ") for piece in pieces if piece.kind == "texts"]


_OPTION = re.compile(r"(?:^|(?<=[\s.:?!;,]))\(?([a-h]|[A-H]|\d{1,2})[).:]\s+")


def options_in(text: str) -> list[str]:
    """Listed things: "a) … b) …", one on each line, or behind a colon with commas; quotes of any of these are taken off."""
    marks = list(_OPTION.finditer(text))
    if len(marks) > 1 and _runs_on([m[1].lower() for m in marks]):
        ends = [m.start() for m in marks[1:]] + [len(text)]
        return [_bare(text[m.end() : end]) for m, end in zip(marks, ends, strict=True)]
    lines = [line for line in text.splitlines()[1:] if line.strip()]
    if len(lines) > 1:
        return [_bare(re.sub(r"^\W*(?:\d+[.)]?\s+|[-*•]\s*)", "", line)) for line in lines]
    behind = re.search(r"(?::|\bfrom these\b|\bamong\b|\bof these\b)\s+([^:?!]+)[?.!]*\s*$", text)
    if behind and (behind[1].count(",") > 0 or ";" in behind[1]):
        quoted = quotes_in(behind[1])
        mark = ";" if ";" in behind[1] else ","
        return (
            quoted
            if len(quoted) > 1
            else [
                _bare(p) for p in re.split(rf"\s*{mark}\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", behind[1]) if p.strip()
            ]
        )
    return []


def _runs_on(marks: list[str]) -> bool:
    codes = [int(m) if m.isdigit() else ord(m) - 96 for m in marks]
    return codes == list(range(codes[0], codes[0] + len(codes))) and codes[0] == 1


def _bare(text: str) -> str:
    text = " ".join(text.split()).strip(" ;,")
    inner = quotes_in(text)
    return inner[0] if len(inner) == 1 and len(inner[0]) > len(text) - 4 else text


def _several(bench: Bench, wish: Wish) -> list[Any]:
    """Two texts: quoted, listed, of two files, or made before."""
    quoted = quotes_in(bench.goal)
    if len(quoted) == 2:
        return quoted
    listed = options_in(bench.goal)
    if len(listed) == 2:
        return listed
    written = [found.strip() for found in re.findall(r":\s+([A-Z][^.!?:]+[.!?])", bench.goal)]
    if len(written) == 2:
        return written
    said = _whole(bench, wish)
    if len(said) == 2:
        return said
    if len(quoted) == 1 and (kind := next((f.kind for f in bench.files if f.kind in ("image", "audio", "text")), "")):
        made = next((r for r in reversed(bench.results) if r is not None and r.kind == "text" and r.places), None)
        return [quoted[0], (made or text_in_files(bench, wish, kind)).reference]
    files = [file for file in bench.files if file.kind == "text"]
    if len(files) == 2:
        return [file.handle for file in files]
    made = [r.reference for r in bench.results if r is not None and r.kind == "text" and r.places]
    if len(made) == 2:
        return made
    return [*quoted, *made][:2] if len(quoted) + len(made) == 2 else [*quoted]
