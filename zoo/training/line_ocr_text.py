"""Draws the texts that line-ocr learns to read: prose, invented words, numbers, code and random characters.

Much of it makes no sense on purpose: a reader that can guess the next word from the last would stop looking.
"""

from __future__ import annotations

import pydoc_data.topics
import random
import re
import string
from functools import cache
from pathlib import Path

from line_ocr_everyday import everyday

CHARACTERS = string.digits + string.ascii_letters + string.punctuation + " "
MAX_CHARACTERS = 84
DICTIONARY = Path("/usr/share/dict/american-english")  # of the Debian package wamerican


@cache
def prose() -> tuple[str, list[str]]:
    """English and code text that ships with Python, and its words."""
    text = "\n".join(str(pydoc_data.topics.topics[key]) for key in sorted(pydoc_data.topics.topics))
    for curly, plain in {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}.items():
        text = text.replace(curly, plain)
    text = re.sub(r"\s+", " ", re.sub(r"[^\x20-\x7e\n]", "", text))
    return text, sorted(set(re.findall(r"[A-Za-z]{2,14}", text)))


@cache
def dictionary() -> list[str]:
    """English words and names of two to twelve letters; those of `prose` on a machine without a dictionary."""
    if not DICTIONARY.exists():
        return prose()[1]
    return re.findall(r"^[A-Za-z]{2,12}$", DICTIONARY.read_text(encoding="utf-8"), re.MULTILINE)


def some_word(rng: random.Random) -> str:
    """A word of the dictionary, of the prose, or an invented one."""
    kind = rng.random()
    return rng.choice(dictionary()) if kind < 0.55 else rng.choice(prose()[1]) if kind < 0.75 else pseudo_word(rng)


def pseudo_word(rng: random.Random) -> str:
    """A pronounceable word that no dictionary has: teaches reading instead of guessing."""
    syllables = rng.randint(1, 4)
    onset = "b c d f g h j k l m n p r s t v w y z th sh ch st tr pl qu cr gr br wh str".split()
    rime = "a e i o u ai ea oo ou an en in on er ar or ing ed el at it ick ust ound ight y ly ess".split()
    return "".join(rng.choice(onset) + rng.choice(rime) for _ in range(syllables))


def any_word(rng: random.Random, capitals: float = 0.08) -> str:
    """A word of running text in one of the usual letter cases, sometimes with punctuation."""
    word = rng.choice(prose()[1]).lower() if rng.random() < 0.6 else pseudo_word(rng)
    case = rng.random()
    word = word.upper() if case < capitals else word.capitalize() if case < capitals + 0.2 else word
    mark = rng.random()
    if mark < 0.12:
        return word + rng.choice(",,,...;:!?")
    if mark < 0.16:
        left, right = rng.choice(['""', "''", "()", "[]", "{}", "<>", "**", "__", "``"])
        return left + word + right
    return word + rng.choice("-'/") + pseudo_word(rng) if mark < 0.19 else word


def number(rng: random.Random) -> str:
    """A number, price, date, time, percentage or the like."""
    n = rng.choice([rng.randint(0, 99), rng.randint(0, 9999), rng.randint(0, 10**7)])
    forms = [
        f"{n}", f"{n:,}", f"{n / 100:.2f}", f"${n / 100:,.2f}", f"{n / 10:.1f}%", f"-{n}", f"+{n}", f"#{n}",
        f"{rng.randint(1, 31):02d}/{rng.randint(1, 12):02d}/{rng.randint(1900, 2099)}",
        f"{rng.randint(1900, 2099)}-{rng.randint(1, 12):02d}-{rng.randint(1, 31):02d}",
        f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}", f"({n})", f"[{n}]", f"{n % 1000}x{n % 77}", f"{n:x}",
        f"+{n % 99} {n % 1000} {rng.randint(10**5, 10**7)}", f"EUR {n / 100:.2f}", f"No. {n}", f"{n % 100}.",
    ]  # fmt: skip
    return rng.choice(forms)


def code(rng: random.Random) -> str:
    """Something that looks like source code, a path, an address or a shell line."""
    a, b, c = (pseudo_word(rng) if rng.random() < 0.6 else rng.choice(prose()[1]) for _ in range(3))
    n = rng.randint(0, 999)
    forms = [
        f"{a} = {b}.{c}({n})", f"{a}_{b}({c}, {n})", f">>> {a} = {b}[{n}]", f"if {a} == {n} and {b} != {c}:",
        f"for {a} in range({n}):", f"def {a}_{b}({c}: int = {n}) -> None:", f"return {{'{a}': {b}, \"{c}\": {n}}}",
        f"$ {a} --{b} {c}.py | grep -v '{a}'", f"https://www.{a}.org/{b}/{c}.html?id={n}", f"{a}.{b}@{c}.com",
        f"/usr/{a}/{b}_{c}.txt", f"C:\\{a}\\{b}", f"#include <{a}.h>", f"x{n} += {a}[{n}] * {b} ** 2 % {n} ^ ~y;",
        f"&{a} && !{b} || {c} <= {n} >= 0", f"... {a}.{b}_{c}(self, *args)", f"# {a} {b} {c}", f"@{a}", f"`{a}`",
    ]  # fmt: skip
    return rng.choice(forms)


def draw_text(rng: random.Random, longest: int = MAX_CHARACTERS, rare: bool = False, signs: float = 0.0) -> str:
    """One line of text of at most `longest` characters.

    Args:
        rare: more capitals, digits and marks.
        signs: the share of lines as signs, tickets and receipts have them.
    """
    if signs and rng.random() < signs:
        others = [some_word(rng) for _ in range(8)]
        return re.sub(r" +", " ", everyday(rng, others)[:longest]).strip()
    target = rng.randint(max(1, longest // 2), longest) if rng.random() < 0.75 else rng.randint(1, longest)
    shares = (0.22, 0.42, 0.66) if rare else (0.34, 0.46, 0.8)
    kind = rng.random()
    if kind < shares[0]:
        start = rng.randrange(len(prose()[0]) - 200)
        start = prose()[0].index(" ", start) + 1
        line = prose()[0][start : start + target]
    elif kind < shares[1]:
        pool = CHARACTERS if rng.random() < 0.5 else string.ascii_letters + string.digits
        line = "".join(rng.choice(pool + " " * 12) for _ in range(target))
    else:
        makers = [any_word] if kind < shares[2] else [any_word, number, number, code]
        line = ""
        while len(line) < target:
            maker = rng.choice(makers)
            line += (any_word(rng, 0.2) if rare and maker is any_word else maker(rng)) + " "
    line = re.sub(r" +", " ", line[:target]).strip()
    if rng.random() < (0.08 if rare else 0.04):
        line = line.upper()
    return line or rng.choice(CHARACTERS[:-1])
