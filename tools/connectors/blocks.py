"""The Python in a card's documentation, as syntax trees: nothing of it is ever executed.

Code of a card is often only partly Python: notebook commands, prompts, shell lines, quotes that were lost. A line
that does not parse costs that line, not the block.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from html import unescape

MAX_CODE = 20_000  # characters of one block: what stands behind them is training, not calling
MAX_BLOCKS = 40
_MAX_LINES = 400  # of one block
_MAX_TRIES = 80  # parses of one block; each line that does not parse costs one or two
_MAX_DEPTH = 60  # brackets inside brackets: real code stays below 10, and the parser's stack is not endless
# Lines are walked through one by one: a pattern over many lines takes a stranger's thousand empty fences for minutes.
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*([^`\n]*)$")
_INDENTED = re.compile(r"(?:[ ]{4,}|\t)")
_INLINE = re.compile(r"(?<!`)`([^`\n]{6,200}\([^`\n]*\))`(?!`)")
_OTHER = ("bash", "sh", "shell", "console", "json", "yaml", "yml", "bibtex", "latex", "javascript", "js", "ts", "java",
          "cpp", "c++", "rust", "html", "xml", "sql", "diff", "toml", "ini", "csv", "text", "bib")  # fmt: skip
_LOOKS_LIKE_CODE = re.compile(r"^[ \t]*(?:from [\w.]+ import |import \w|[\w, ]+ = [\w.]+\(|>>> )", re.MULTILINE)
_LOST_QUOTES = re.compile(r"""((?:^|[(,=])\s*)([A-Za-z0-9][\w.-]*/[\w.-]*\w)(?=\s*[,)]|\s*$)""")
_LOOSE = re.compile(
    r"^[ \t]*from [\w.]+ import \w|^[ \t]*import \w[\w.]*[ \t]*$|\w\.from_\w+\(|\bpipeline\(", re.MULTILINE
)
_LOOSE_LINE = re.compile(
    r"\s*(?:from [\w.]+ import |import \w[\w.]*( as \w+)?\s*$|[A-Za-z_][\w., \[\]]{0,60} ?= ?\S|"
    r"[a-zA-Z_][\w.]*\(|[)\]}]|"
    r"with \w.*:$|for \w.*:$|python3? -m |\w+=\S+,?$)"
)
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.|In ?\[\d*\]:) ?", re.MULTILINE)
_NOT_PYTHON = re.compile(r"^\s*(?:[!%$]|pip3? install|conda install|git (?:clone|lfs)|Out\[)")


def code_blocks(text: str) -> Iterator[str]:
    """What stands in a card as code: fenced blocks of Python or of no named language, HTML, indented and inline code;
    where nothing marks it, the lines that look like code.

    Args:
        text: the card's body, Markdown with HTML in it.
    """
    fenced, prose = _fenced(text)
    yield from (body[:MAX_CODE] for body in fenced[:MAX_BLOCKS])
    rest = "\n".join(prose)
    marked = [*_html(rest), *_indented(prose)][:MAX_BLOCKS]
    yield from marked
    inline = _INLINE.findall(rest)[:MAX_BLOCKS]
    if inline:
        yield "\n".join(inline)
    if not (fenced or marked or inline) and _LOOSE.search(rest):
        yield "\n".join(line for line in prose if _LOOSE_LINE.match(line))[:MAX_CODE]


def _fenced(text: str) -> tuple[list[str], list[str]]:
    """The blocks between fences that may be Python, one that is never closed included, and the lines outside."""
    blocks: list[str] = []
    prose: list[str] = []
    fence, inside, kept = "", [""], False
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence and mark and mark[1].startswith(fence) and not mark[2].strip():
            fence = ""
            blocks += ["\n".join(inside)] if kept else []
        elif fence:
            inside.append(line)
        elif mark:
            fence, inside = mark[1], []
            kept = mark[2].strip().lower().split(" ")[0].strip("{}.") not in _OTHER
        else:
            prose.append(line)
    blocks += ["\n".join(inside)] if fence and kept else []
    return [block for block in blocks if block.strip()], prose


def _html(text: str) -> Iterator[str]:
    """What stands between <pre> and </pre>."""
    lower, at = text.lower(), 0
    while (start := lower.find("<pre", at)) >= 0 and (end := lower.find("</pre>", start)) >= 0:
        yield unescape(re.sub(r"<[^<>\n]{1,80}>", "", text[start:end]))[:MAX_CODE]
        at = end + 6


def _indented(lines: list[str]) -> Iterator[str]:
    """Runs of indented lines that look like code."""
    run: list[str] = []
    for line in [*lines, "end"]:
        if _INDENTED.match(line) or (run and not line.strip()):
            run.append(line)
            continue
        body = "\n".join(run)
        if run and _LOOKS_LIKE_CODE.search(body):
            yield body[:MAX_CODE]
        run = []


def statements(code: str) -> Iterator[ast.stmt]:
    """The statements of a block, in order, as far as it parses."""
    plain = _PROMPT.sub("", code) if ">>>" in code or "In [" in code else code
    lines = ["" if _NOT_PYTHON.match(line) else line for line in plain.expandtabs(4).split("\n")[:_MAX_LINES]]
    if _depth("\n".join(lines)) > _MAX_DEPTH:
        return
    tries = 0
    pending = [lines]
    if _parsed(lines)[0] is None:  # with the quotes that some collections lost, most of it may be whole again
        pending = [[_LOST_QUOTES.sub(r'\1"\2"', line) for line in lines]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the parser warns of a stranger's "\d"
        while pending and tries < _MAX_TRIES:
            tries += 1
            part = pending.pop()
            tree, wrong = _parsed(part)
            if tree is not None:
                yield from tree.body
                continue
            before, after = part[:wrong], part[wrong + 1 :]
            pending += [piece for piece in (after, before) if any(line.strip() for line in piece)]


def _parsed(lines: list[str]) -> tuple[ast.Module | None, int]:
    """The tree; or None, and which line to leave out."""
    try:
        return ast.parse(textwrap.dedent("\n".join(lines))), 0
    except SyntaxError as error:
        place = (error.lineno or 1) - 1
    except (ValueError, RecursionError, MemoryError):
        place = 0
    place = min(max(place, 0), len(lines) - 1)
    while place and not lines[place].strip():  # an unfinished statement is told at the end of what there is
        place -= 1
    return None, place


def _depth(code: str) -> int:
    deepest = depth = 0
    for character in re.findall(r"[\[\](){}]", code):
        depth = depth + 1 if character in "[({" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
