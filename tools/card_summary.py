"""What a model is for, in its author's words: the paragraph under the card's title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

MAX_SUMMARY = 500  # characters
_LOOKED_AT = 12_000  # characters of a card: what stands behind is no introduction
_SHORTEST = 30  # characters: "Coming soon." says nothing
# What is left out where a card's prose is shown or embedded: links keep their words.
# Bounded: a text of brackets alone must not take long.
MARKUP = re.compile(r"https?://\S+|!?\[([^\]]{0,400})\]\([^)]{0,800}\)|<[^>]{1,800}>|[#*`|>]")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r" {0,3}#{1,6}(?=\s|$)|\s*<h[1-6]\b", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:-{3,}|={3,}|\*{3,}|_{3,})\s*")  # under a title, or between parts
_LISTED = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s")
_LINKED = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+\[[^\]]{0,400}\]\(")  # an entry of a table of contents
_PICTURE = re.compile(r"!\[[^\]]{0,400}\]\([^)]{0,800}\)|<img\b[^>]{0,800}>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{1,800}>")
_LINK = re.compile(r"\[[^\[\]]{0,400}\]\([^)]{0,800}\)")
_END = re.compile(r"(?<=[.!?。])\s")
# What the templates of the Hub and of trainers say in the place of an author.
_TEMPLATE = re.compile(
    r"more information needed|base template for new models|has been (?:automatically )?generated|"
    r"automatically generated|provide a quick summary|should probably proofread|table of contents|"
    r"^(?:model card|summary|description) for model id",
    re.IGNORECASE,
)


def summary_of(body: str) -> str:
    """The first paragraph of prose, in one line without marks, as many whole sentences of it as fit.

    Titles, pictures, badges, tables, lists, quotes, code, and what a template wrote are passed over; where there is
    nothing else, a list will do, or words that lead over to one.

    Args:
        body: a README.md without its header, clean.
    """
    leading = ""
    text = _COMMENT.sub("", body[:_LOOKED_AT])
    for paragraph in [*_paragraphs(text, _is_prose), *_paragraphs(text, _is_listed)]:
        line = " ".join(MARKUP.sub(r"\1", paragraph).split())
        if len(line) <= _SHORTEST or " " not in line or _TEMPLATE.search(line) or not _says_something(paragraph):
            continue
        if said := _shortened(line):
            return said
        leading = leading or line[:MAX_SUMMARY]
    return leading


def _paragraphs(text: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Runs of lines of that kind outside of code, whatever stands between them."""
    run: list[str] = []
    fence = ""
    for line in [*text.split("\n"), ""]:
        if found := _FENCE.match(line):
            if not fence:
                fence = found[1]
            elif line.strip().startswith(fence):
                fence = ""
            line = ""
        if _RULE.fullmatch(line):
            run = [] if len(run) == 1 and line.strip()[0] in "-=" else run  # the line before it was a title
            line = ""
        if not fence and wanted(line):
            run.append(_LISTED.sub("", _PICTURE.sub(" ", line)))
            continue
        if run:
            yield " ".join(run)
        run = []


def _is_prose(line: str) -> bool:
    plain = line.strip()
    if not plain or plain[0] in "|>" or plain.count("|") > 1 or line.startswith(("    ", "\t")):
        return False
    return not _HEADING.match(line) and not _LISTED.match(line)


def _is_listed(line: str) -> bool:
    return bool(_LISTED.match(line)) and not _LINKED.match(line)


def _says_something(paragraph: str) -> bool:
    """Whether there are words beside links and tags: a row of badges has none."""
    return any(letter.isalpha() for letter in _LINK.sub(" ", _TAG.sub(" ", paragraph)))


def _shortened(line: str) -> str:
    """Whole sentences, without one at the end that leads over to a table or a list; "" when it is the only one."""
    sentences = _END.split(line)
    if sentences[-1].endswith(":"):
        sentences.pop()
    whole = ""
    for sentence in sentences:
        if len(whole) + len(sentence) + 1 > MAX_SUMMARY:
            return whole or line[: MAX_SUMMARY - 1].rsplit(" ", 1)[0] + "…"
        whole = f"{whole} {sentence}".strip()
    return whole
