"""A goal made ready to be read as arithmetic: one spelling for each sign and number, every figure an atom "#0", every
percentage one "%0", and no currency or unit, where there is only one of them."""

from __future__ import annotations

import re
from decimal import Decimal

from ..numerals import all_in_figures, in_words

_SPELLINGS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "−": "-",
        "–": "-",
        "—": "-",
        "×": "*",
        "÷": "/",
        "·": "*",
        "`": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
    }
)
_SIGNS = {
    "²": " squared ",
    "³": " cubed ",
    "√": " square root of ",
    "½": " 1/2 ",
    "¼": " 1/4 ",
    "¾": " 3/4 ",
    "->": " to ",
    "→": " to ",
    "&": " and ",
}
# How people type in a hurry, or speak.
_SHORT = {
    "u": "you", "ur": "your", "pls": "please", "plz": "please", "gimme": "give me", "wanna": "want to", "whats": "what's",
    "wots": "what's", "wot's": "what's", "wot": "what", "lemme": "let me", "thx": "thanks", "n": "and", "'n'": "and",
    "avg": "average", "ow": "how", "'ow": "how", "hows": "how is", "pct": "percent", "percents": "percent", "per cent": "percent",
    "percentage": "percent", "summat": "something", "w": "with", "w/": "with", "min.": "minimum", "max.": "maximum", "sq root": "square root",
    "sqrt": "square root of", "sq": "square", "procent": "percent", "prcnt": "percent", "divded": "divided", "devided": "divided", "substract": "subtract",
    "multiplyed": "multiplied", "avrage": "average", "averege": "average", "whts": "what's", "what s": "what's", "wat": "what", "btw": "between", "o'": "of", "'bout": "about", "arf": "half", "bout": "about",
}  # fmt: skip
_SHORT_FORM = re.compile(
    rf"(?<![\w']){'(?:' + '|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + ')'}(?![\w'])(?!/)"
)
_FORM = re.compile(
    r"\b(?:(?:just|only) the (?:number|figure|result|answer)|in (?:figures|digits)|no (?:steps|words|explanations?)(?: please| needed)?)\b"
    r"|\((?:in |the )?(?:german|european|continental|english|british|american|us|uk) (?:number )?(?:format|notation|style|way)\)"
)
CURRENCY_KINDS = {
    "€": "€", "euros": "€", "euro": "€", "eur": "€", "$": "$", "dollars": "$", "dollar": "$", "bucks": "$", "usd": "$",
    "£": "£", "quid": "£", "gbp": "£", "pounds sterling": "£", "pound sterling": "£", "pounds": "£", "pound": "£", "¥": "¥", "yen": "¥",
    "pln": "zł", "zł": "zł", "zl": "zł", "chf": "chf", "francs": "chf", "rupees": "₹", "₹": "₹", "kr": "kr", "sek": "kr",
    "cents": "cent", "cent": "cent", "pence": "pence", "p": "pence", "c": "cent",
}  # fmt: skip
_CURRENCY = re.compile(
    r"[€$£¥₹]|(?<=\d) ?(?:p|c|eur|usd|gbp|kr)\b|(?<![\w'])(?:"
    + "|".join(sorted((c for c in CURRENCY_KINDS if len(c) > 1), key=len, reverse=True))
    + r")(?![\w'])"
)
_TO_A_COIN = re.compile(
    r"(?:(?:to|on) (?:the )?|(?:the )?(?:nearest|closest|next|full|whole|round) )+(?:cents?|penny|pennies|pence|pounds?|euros?|dollars?|quid|bucks?)\b"
)
_COIN = {"cent": "hundredth", "penn": "hundredth", "penc": "hundredth"}
_UNITS = re.compile(
    r"(#\d+) ?(kg|kilos?|g|grams?|mg|km|kilomet(?:er|re)s?|m|met(?:er|re)s?|cm|mm|miles?|l|lit(?:er|re)s?|ml|cl|h|hrs?|hours?|mins|minutes?|secs?|seconds?|points?|pts|degrees|°c|°|lbs?|oz|inch(?:es)?|feet|ft)\b"
)
# One dot or comma before three digits stays with its figure here; `value` says what it is.
FIGURE = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?![\d])|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?![\d.])|\d+(?:[.,]\d+)?|\.\d+)"
)
_APART = re.compile(r"(?<![\w.,])(?:\d+(?:[.,]\d+)?|\.\d+)")
# Numbers of a list are not thousands of one number: "100 200 300".
LISTED = re.compile(
    r"\b(?:mean|average|median|mode|sum|add|total|range|biggest|largest|greatest|highest|maximum|max|smallest|lowest|minimum|min|deviation|variance)\b"
)
_NUMBERS = re.compile(r"\d[\d.,]*\d|\d")
_ONE_DOT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_TO_DECIMALS = re.compile(
    r"\b(?:decimals?|decimal places?|d\.?p|places|digits after|nearest|round(?:ed)?|to (?:the |a )?(?:cent|penny|whole)|as a fraction)\b"
)


def plain(goal: str) -> str:
    """In lower case, with one spelling for each sign and word, and figures for number words."""
    text = re.sub(
        r"[:;]-?[)(dp](?!\w)|\^\^|[\U0001f300-\U0001faff\u2600-\u27bf]", " ", goal.lower().translate(_SPELLINGS)
    )
    for sign, words in _SIGNS.items():
        text = text.replace(sign, words)
    text = re.sub(r"\n+\s*", " ; ", _FORM.sub(" ", text.strip()))
    text = re.sub(r"(?<=[a-z0-9]) an (?=\d|[bcdfgjklmnpqrstvwyz]|halve|half)", " and ", text)
    text = _SHORT_FORM.sub(lambda found: _SHORT[found.group()], text)
    text = re.sub(r"(?<=[\d)]) ?x ?(?=[\d(])", " * ", text)
    if not LISTED.search(text):
        text = re.sub(r"(?<![\d.,/])(\d+) (\d)/(\d{1,2})(?![\d.,/])", r"(\1 + \2/\3)", text)
    text = re.sub(r"(?<![\d.])\d+(?:,\d+){2,}(?![\d.])", lambda found: _listed(found.group()), text)
    text = re.sub(
        r"\ban? (half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|hundredth)\b(?! power)",
        r"\1",
        text,
    )
    return all_in_figures(" ".join(text.split()))


def _listed(run: str) -> str:
    return run if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", run) else run.replace(",", ", ")


def continental(text: str) -> bool:
    """Whether the goal writes its decimals with commas: it has "2,5" or "1.250,50", and no "2.5" or "1,250.50"."""
    numbers = _NUMBERS.findall(text)
    comma = any(re.fullmatch(r"[\d.]*\d,(?:\d{1,2}|\d{4,})", number) for number in numbers)
    return comma and not any(re.fullmatch(r"[\d,]*\d\.(?:\d{1,2}|\d{4,})", number) for number in numbers)


def doubtful(text: str) -> list[str]:
    """The figures such as 1.250 that read both ways, and that nothing else in the goal decides: a second figure whose
    marks are clear does, an amount in euros, and a goal that asks for decimals."""
    numbers = _NUMBERS.findall(text)
    both = [number for number in numbers if _ONE_DOT.fullmatch(number)]
    if not both or continental(text) or _decides(numbers, text):
        return []
    return both


def _decides(numbers: list[str], text: str) -> bool:
    clear = any(
        re.fullmatch(r"[\d,]*\d\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3})+", n)
        for n in numbers
    )
    return clear or bool(_TO_DECIMALS.search(text)) or "€" in text or bool(re.search(r"\beur(?:os?)?\b", text))


def read_as(figure: str) -> str:
    """How a doubtful figure is read, in words: "one thousand two hundred and fifty"."""
    return in_words(int(figure.replace(".", "")))


def value(figure: str, text: str) -> str:
    """A figure of the goal as Python writes it. With both marks the last one is the decimal mark; a comma before three
    digits separates thousands, unless the goal writes its decimals with commas, and so does one dot before three
    digits, unless it writes decimals with dots."""
    figure = figure.replace(" ", "")
    comma, dot = figure.rfind(","), figure.rfind(".")
    if comma >= 0 and dot >= 0:
        return figure.replace(".", "").replace(",", ".") if comma > dot else figure.replace(",", "")
    if comma >= 0:
        thousands = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", figure) and not (
            continental(text) and figure.count(",") == 1
        )
        return figure.replace(",", "" if thousands else ".")
    if figure.count(".") > 1 or (_ONE_DOT.fullmatch(figure) and _dot_is_thousands(figure, text)):
        return figure.replace(".", "")
    return figure


def _dot_is_thousands(figure: str, text: str) -> bool:
    numbers = _NUMBERS.findall(text)
    if continental(text) or figure in doubtful(text):
        return True
    if any(re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", number) for number in numbers):
        return True
    return (
        ("€" in text or "eur" in text)
        and not _TO_DECIMALS.search(text)
        and not any(re.fullmatch(r"[\d,]*\d\.\d{1,2}", number) for number in numbers)
    )


def without_currency(text: str) -> str | None:
    """The text without its currency; None when it has several, which nothing here converts."""
    text = _TO_A_COIN.sub(lambda found: _coin(found.group()), text)
    kinds = {CURRENCY_KINDS[found.strip()] for found in _CURRENCY.findall(text)}
    return None if len(kinds) > 1 else _CURRENCY.sub(" ", text)


def _coin(phrase: str) -> str:
    words = phrase.split()
    return " ".join([*words[:-1], _COIN.get(words[-1][:4], "integer")])


def without_unit(text: str) -> str:
    """The text with atoms instead of figures, without the unit behind them, when there is only one."""
    units = {re.sub(r"s$", "", unit) for _, unit in _UNITS.findall(text)}
    return _UNITS.sub(r"\1 ", text) if len(units) == 1 else text


def with_atoms(text: str, whole: str, atoms: list[str]) -> tuple[str, list[str]]:
    """The text with each figure as "#0" and percentages as "%0", and the figures as they were written; `atoms` gets
    their values, which the whole goal decides."""
    written: list[str] = []
    text = re.sub(r"(?<=\d)% (?=[\d(])", " percent ", text)  # "20% 50" is no remainder

    def atom(found: re.Match[str]) -> str:
        written.append(found.group())
        atoms.append(_short(value(found.group(), whole)))
        return f" #{len(atoms) - 1} "

    text = " ".join((_APART if LISTED.search(text) else FIGURE).sub(atom, text).split())
    text = re.sub(r"#(\d+) +(?=(?:st|nd|rd|th)\b)", r"#\1", text)
    text = re.sub(r"#(\d+) ?-?(?:%(?! *[#(])|% (?=(?:of|on|off)\b)|percent\b)", r" %\1 ", text)
    return " ".join(text.split()), written


def _short(figure: str) -> str:
    return (
        f"{Decimal(figure):f}"
        if figure.startswith(".")
        else figure.lstrip("0")
        if re.match(r"0+[1-9]", figure)
        else figure
    )
