"""The words of a line that carry its meaning, in a form that rent, rents and renting share."""

from __future__ import annotations

import re
import unicodedata

MIN_FUZZY = 6  # letters of a word in which one may be misread
_STOP = frozenset(
    """a an the this that these those my your his her its our their i me you he she it we us they them to of in on at
    by for from with into about as than and or but if so not no do does did done is are was were be been being am has
    have had will would can could shall should may might must what which who whom whose when where why how there here
    much many any some all one line lines text say says said mention mentions mentioned word words please tell give
    show find get let just also only very der die das den dem des ein eine einen und oder von zu im mit für auf le la
    les un une des du de et ou el los las y o il lo gli e di da al""".split()
)
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "ʼ": "'", "‐": "-", "‑": "-"})
_TOKEN = re.compile(r"[^\W_]+(?:(?<=\d)[.,:/](?=\d)[^\W_]+|'[^\W_]+)*")
_VOWEL = re.compile("[aeiouy]")


def folded(text: str) -> str:
    """In small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def tokens_of(text: str) -> list[str]:
    """The words of a text, folded; what a hyphen joins counts as two, for both may be looked for."""
    return _TOKEN.findall(folded(text))


def content_words(text: str) -> list[str]:
    """The words that are looked for when a text is asked about, each once."""
    return list(
        dict.fromkeys(word for word in tokens_of(text) if word not in _STOP and word.rpartition("'")[0] not in _STOP)
    )


def stem(word: str) -> str:
    """rents, rented, renting -> rent; prices, pricing -> pric: of a folded English word, and good enough for others."""
    word = re.sub(r"'s?$", "", word)
    if len(word) <= 3 or any(letter.isdigit() for letter in word):
        return word
    word = _without_s(word)
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and _VOWEL.search(root) and not word.endswith("eed"):
            is_doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            word = root[:-1] if is_doubled else root
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    return f"{word[:-1]}i" if word.endswith("y") and len(word) > 3 else word


def _without_s(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def is_misread(word: str, other: str) -> bool:
    """Whether two long words differ by one letter: another, one more, one less, or two that changed places."""
    if (
        min(len(word), len(other)) < MIN_FUZZY - 1
        or max(len(word), len(other)) < MIN_FUZZY
        or abs(len(word) - len(other)) > 1
    ):
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    a, b = word[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
