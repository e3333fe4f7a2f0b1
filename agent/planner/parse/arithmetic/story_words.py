"""The words of story problems: what happens to a quantity, what it is measured in, and what makes a story uncertain."""

from __future__ import annotations

import re

from .....tools.text import singular

HAVE = frozenset(
    "had has have having there are is was were own owns start starts started starting contain contains contained got holds i've we've they've you've".split()
)
GAIN = frozenset(
    """get gets getting receive receives received found finds find buy buys bought add adds added earn earns earned win wins won
    come comes came join joins joined bake bakes baked make makes made pick picks picked collect collects collected arrive arrives arrived
    save saves saved grow grows grew catch catches caught borrowed produces produce produced build builds built lay lays laid deliver delivers
    delivered read reads run runs ran swim swims walks walk walked write writes wrote drive drives drove plants planted sews print prints printed
    boarded saving knit knits knitted sewed painted paints drew carved harvested gathered gathers hatched enter enters entered inherits inherited cooks cooked""".split()
)
LOSS = frozenset(
    """sell sells sold selling eat eats ate eaten give gives gave lose loses lost break breaks broke broken use uses used spend spends spent
    threw throw throws thrown donate donates donated die dies died remove removes removed drink drinks drank drunk lend lends lent leave leaves
    fell fall flew fly ran-out rotten cracked burnt smashed dropped drops scoffed nicked stolen stole chucked binned missing spoiled spilled spilt leaked
    withdrew consumes consumed hand hands handed discard discarded returned sank popped melted ripped torn wilted escaped faulty rejected burned flogged munched
    necked swiped went-off expired mouldy damaged""".split()
)
COST = frozenset(
    "cost costs costing pay pays paid price priced buy buys bought purchase purchased charge charges order ordered orders".split()
)
# Verbs that stand in a clause without a number for other things, too: "they come to the shop".
VAGUE = frozenset(
    "make makes made get gets getting saving left drive walk run come comes came find hand hands leave drop fell broken".split()
)
# What is done of something that there is: it is gained, or the rest is less.
PROGRESS = frozenset(
    "read reads run runs ran swim swims walk walks walked write writes wrote drive drives drove print prints printed plant plants planted".split()
)
# Where no unit stands with these, it is money.
MONEY = re.compile(
    r"\b(?:earn(?:s|ed|ing)?|spend(?:s|ing)?|spent|pay(?:s|ing)?|paid|costs?|charges?|charged|wages?|salary|price|priced|owes?|owed)\b"
)
MEASURES = {
    **dict.fromkeys(("kg", "kilo", "kilos", "kilogram", "kilograms", "kgs"), "kg"),
    **dict.fromkeys(("g", "gram", "grams", "gr"), "g"),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres", "kms"), "km"),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), "m"),
    **dict.fromkeys(("cm", "centimeters", "centimetres"), "cm"),
    **dict.fromkeys(("mile", "miles", "mi"), "miles"),
    **dict.fromkeys(("l", "liter", "liters", "litre", "litres", "ltr"), "liters"),
    **dict.fromkeys(("ml", "millilitres", "milliliters"), "ml"),
    **dict.fromkeys(("page", "pages"), "pages"),
    **dict.fromkeys(("feet", "ft", "foot"), "feet"),
}  # fmt: skip
TIMES = {
    **dict.fromkeys(("second", "seconds", "sec", "secs"), "seconds"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minutes"),
    **dict.fromkeys(("hour", "hours", "h", "hr", "hrs"), "hours"),
    **dict.fromkeys(("day", "days", "night", "nights"), "days"),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), "weeks"),
    **dict.fromkeys(("month", "months"), "months"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "years"),
}
LENGTHS = {"km", "m", "cm", "miles", "feet"}
CONTINUOUS = {*MEASURES.values(), *TIMES.values(), "money"} - {"pages"}
PEOPLE = {
    "person",
    "people",
    "friend",
    "child",
    "kid",
    "guest",
    "pupil",
    "student",
    "worker",
    "man",
    "woman",
    "adult",
    "brother",
    "sister",
    "player",
    "boy",
    "girl",
}
PIECES = {
    "length",
    "piece",
    "strip",
    "plank",
    "section",
    "bit",
    "portion",
    "part",
    "bag",
    "bottle",
    "glass",
    "jar",
    "pack",
    "box",
    "sack",
}
# Words that leave a story without one certain reading.
UNCERTAIN = re.compile(
    r"\b(?:except|all but|some|several|few|couple|rest|unless|only|at least|at most|about|around|roughly|almost|nearly|approximately|maybe|perhaps|respectively|"
    r"another|as well|more (?!than\b|[a-z]+ than\b)(?=on|at|in|yesterday|today)|older(?! than)|younger(?! than)|bit more|bit less|lot more|"
    r"(?<!#)half|thirds?|quarters?|halves|fifths?|double|doubled|compound|until|instead|each other|every other|every second|alternate|interest|extra|free|"
    r"between \d+ and|or (?!how)|either|neither|average of|nobody|none|not|didn't|doesn't|don't|wasn't|can't|isn't|without|unknown|most|random|likely|probability|chance|of which|of whom|(?:me|myself|i) and (?:my )?#\d+|"
    r"percent of them|refund(?:ed)?|square|area|perimeter|volume|deeper|taller|heavier|temperature|celsius)\b"
)
_SINGULARS = {
    "shelves": "shelf", "loaves": "loaf", "scarves": "scarf", "calves": "calf", "buses": "bus", "minibuses": "minibus",
    "ppl": "person", "pax": "person", "persons": "person", "quizzes": "quiz", "dice": "die",
}  # fmt: skip
PLURALS = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "mouse": "mice", "tooth": "teeth", "sheep": "sheep",
    "fish": "fish", "quiz": "quizzes", "potato": "potatoes", "tomato": "tomatoes", "series": "series", "glasses": "glasses",
    **{name: many for many, name in _SINGULARS.items() if many.endswith("ves")},
}  # fmt: skip
# Nouns, where they stand right behind a figure.
_COUNTED = frozenset(
    "seats drinks prints runs plants picks saves finds parts shares works reads cuts wins needs lights ".split()
)
# What may stand between a figure and the noun that it counts.
_ADJECTIVES = frozenset(
    "more fewer less full whole equal new old big small large little red blue green white black young other different identical further fresh ripe extra of-them".split()
)
_FREE = frozenset("more full whole equal other further extra different identical of-them".split())
_STOPS = frozenset(
    """in on at for to with of from and but then each every per a an the by into between among amongst is are was were be been has have had do does did will would can could
    must i you he she it we they me him her us them my your his its our their how what which who when if that this these those there left over more than as times so now
    away off out up down back today yesterday tomorrow altogether together total all apiece already still just long wide high deep tall who's cut also gets get he's she's one
    not per-cent percent or because while during after before note notes bill later ago go goes went older younger old needs need needed takes take took fit fits seats seat carry carries
    holds hold weighs weigh like cost costs worth costing equally evenly last next works work travels travel here afterwards then fell flies flew ride rides wants want putting put puts shared split divided handed remain remains remaining whilst""".split()
) | GAIN | LOSS | COST | HAVE  # fmt: skip


def unit_of(word: str) -> str:
    """The unit that a word stands for: "litres" -> "liters", "boxes" -> "box"."""
    return MEASURES.get(word) or TIMES.get(word) or _SINGULARS.get(word) or singular(word)


def counted(words: list[str]) -> list[str]:
    """The words of the noun phrase that a figure counts, from those that follow it."""
    phrase: list[str] = []
    for word in words:
        if word in _ADJECTIVES and not phrase:
            continue
        if (word in _STOPS and (phrase or word not in _COUNTED)) or not word.isalpha():
            break
        phrase.append(word)
    return phrase


def modifiers(words: list[str]) -> frozenset[str]:
    """What tells some of the counted things from others: "red", "chocolate"."""
    phrase = counted(words)
    if phrase and (phrase[0] in MEASURES or phrase[0] in TIMES):
        return frozenset()
    behind = next((i for i, word in enumerate(words) if phrase and word == phrase[0]), 0)
    kept = {word for word in words[:behind] if word in _ADJECTIVES - _FREE}
    return frozenset(kept | {word for word in phrase if unit_of(word) != head(phrase)})


def head(phrase: list[str]) -> str:
    """The unit that a noun phrase counts in: its first measure or plural, or its last word."""
    if not phrase:
        return ""
    if phrase[0] in MEASURES or phrase[0] in TIMES:
        return unit_of(phrase[0])
    plural = next((word for word in phrase if singular(word) != word), phrase[-1])
    return unit_of(plural)
