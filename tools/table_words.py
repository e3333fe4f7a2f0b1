"""What everyday words of a question about a table may mean: operations, comparisons, periods, kinds of columns.

A word that stands in none of these tables, in no column's name and in no cell is never passed over in silence.
"""

from __future__ import annotations

import re
import unicodedata

from .text import singular

# Phrases that ask for an operation; what is longest is tried first.
OPERATIONS: dict[str, str] = {
    "sum": "in all | all in all | all told | all in | total | totals | sum | sum up | add up | add together | "
    "altogether | combined | together | overall | all together | in sum | grand total | added up | added together | "
    "summed | sum total",
    "mean": "average | averages | avg | mean | on average | averaged | arithmetic mean",
    "median": "median | middle value | midpoint",
    "howmany": "how many | number of | no of | nr of | count | count of | count the | amount of rows | tally | howmany",
    "howmuch": "how much | howmuch | what amount",
    "distinct": "different | distinct | unique | various | separate",
    "share": "% | share | percentage | percent | proportion | fraction | share in percent | what part | per cent | pct",
    "sort": "sorted by | ordered by | sort by | order by | in order of | sorted on | sort them by | arranged by | "
    "sorted | ranked by | sort | rank by",
    "descending": "descending | from high to low | high to low | highest first | largest first | biggest first | "
    "from highest to lowest | from largest to smallest | most expensive first | newest first | desc | decreasing | "
    "downwards | from most to least",
    "ascending": "ascending | from low to high | low to high | lowest first | smallest first | cheapest first | "
    "from lowest to highest | from smallest to largest | oldest first | asc | increasing | alphabetically | upwards | "
    "from least to most",
    "frequent": "most common | most frequent | most often | commonest | most frequently | most popular value",
    "blank": "missing | blank | empty | not filled in | left blank | left empty | no entry",
    "columns": "which columns | what columns | column names | headers | header | headings | list of columns | "
    "columns are there | list the columns | list columns | fields | names of the columns | name the columns | "
    "columns does | what are the columns | all columns | the columns | show columns | columns",
    "row": "everything about | all about | whole row | entire row | full row | full entry | all details | details | "
    "whole line | complete row | everything on",
    "drop": "if i may ask | if i may | if you please | work out | find out | figure out | thanks a lot | a lot | "
    "if you don't mind | don't mind | many thanks | in advance | so much | very much | "
    "by the way | for me | at all | na excluded | nas excluded | missing excluded | excluding na | excluding nas | "
    "without na | without nas | ignoring na | ignore na | ignoring nas | ignoring missing values | ignoring "
    "missing | ignoring blanks | ignore missing values | excluding missing values | excluding missing | excluding "
    "blanks | without missing values | na ignored | na removed | na left out | skipping na | dropping na | "
    "leaving out na | nas ignored | missing values excluded | missing values ignored | without blanks | ignoring "
    "empty cells | ignore blanks",
    "minus": "minus | less the | - | −",
    "plus": "plus | + | added to",
    "times": "times | multiplied by | × | * | x",
    "over": "divided by | / | ÷",
}
# Superlatives: which end is meant, and the kind of column that the word itself names.
HIGHEST = {
    "": "most highest largest biggest greatest maximum max top maximal peak uppermost best",
    "price": "dearest priciest costliest",
    "age": "oldest eldest",
    "date": "latest newest last",
    "weight": "heaviest",
    "length": "longest",
    "height": "tallest",
    "speed": "fastest quickest",
    "temperature": "warmest hottest",
    "width": "widest",
    "depth": "deepest",
}
LOWEST = {
    "": "least lowest smallest fewest minimum min minimal littlest tiniest worst",
    "price": "cheapest",
    "age": "youngest",
    "date": "earliest first",
    "weight": "lightest",
    "length": "shortest",
    "height": "shortest",
    "speed": "slowest",
    "temperature": "coldest coolest",
    "width": "narrowest",
    "depth": "shallowest",
}
# What there is the least of: "which one are we lowest on".
RUNNING = {"min": "lowest on | least of | fewest of | shortest of | running low on", "max": "most of"}
# "most expensive", "least recent": the adjective names the kind.
ADJECTIVES = {"expensive": "price", "costly": "price", "pricey": "price", "recent": "date", "heavy": "weight"}
COMPARISONS: dict[str, str] = {
    ">": "over | above | more than | greater than | higher than | larger than | bigger than | exceeding | exceeds | "
    "> | beyond | upwards of | in excess of | exceed | is more than | greater",
    ">=": "at least | no less than | not less than | not under | not below | >= | ≥ | minimum of | no fewer than | "
    "a minimum of | not fewer than",
    "<": "under | below | less than | fewer than | lower than | smaller than | < | short of",
    "<=": "at most | no more than | not more than | not over | not above | up to | <= | ≤ | maximum of | a maximum of",
    "=": "exactly | equal to | equals | = | ==",
}
# Comparatives that name their kind of column: "older than 30", "cheaper than 20".
COMPARATIVES = {
    "older": (">", "age"), "younger": ("<", "age"), "cheaper": ("<", "price"), "dearer": (">", "price"),
    "heavier": (">", "weight"), "lighter": ("<", "weight"), "longer": (">", "length"), "shorter": ("<", "length"),
    "taller": (">", "height"), "faster": (">", "speed"), "slower": ("<", "speed"), "warmer": (">", "temperature"),
    "colder": ("<", "temperature"), "hotter": (">", "temperature"), "wider": (">", "width"), "deeper": (">", "depth"),
}  # fmt: skip
DATE_COMPARISONS = {"before": "<", "after": ">", "since": ">=", "until": "<=", "till": "<=", "from": ">="}
NEGATIONS = (
    "without | except | excluding | exclude | excepting | not | all but | everything but | dont | dont count | "
    "don't count | do not count | havent | hasnt | didnt | isnt | arent | wasnt | "
    " other than | apart from | besides | but not | "
    "leave out | leaving out | except for | no | isn't | aren't | don't | doesn't | didn't | hasn't | haven't | "
    "wasn't | weren't | not counting | not including | non | excl | aside from | never | ignoring | ignore"
)
GROUPS = (
    "per | by | for each | each | in each | every | for every | grouped by | broken down by | split by | of each | "
    "group by | by each | in every | per each | at each | from each | to each | within each | separately for each | "
    "broken out by | breakdown by | on each | divided up by"
)
# Kinds of columns: what a word asks for, and the words of a column's name that fit, the surest first.
KINDS: dict[str, tuple[str, ...]] = {
    "who": (),  # columns of persons, see `PERSONS`
    "name": ("name",),
    "price": ("price", "cost fee rate fare charge", "amount", "value"),
    "cost": ("cost expense", "price fee fare charge rate", "amount", "total"),
    "amount": ("amount", "sum total", "value cost price payment sale revenue cash money donation"),
    "spend": ("spent spending expense expenditure", "amount", "cost", "paid payment", "total"),
    "pay": ("paid payment pay", "amount", "fee due"),
    "earn": ("earned earning income revenue wage salary pay", "amount"),
    "give": ("given gift donation donated", "amount"),
    "owe": ("owed owing owe debt due outstanding balance unpaid arrear",),
    "date": ("date", "day", "when"),
    "place": ("place location city town venue where", "country region address room site"),
    "quantity": ("quantity qty count piece pcs pc number units unit", "stock amount"),
    "age": ("age",),
    "weight": ("weight wt mass kg kilo", "gram g lb"),
    "length": ("length",),
    "height": ("height",),
    "speed": ("speed velocity",),
    "temperature": ("temperature temp",),
    "width": ("width",),
    "depth": ("depth",),
    "hour": ("hour hrs hr h",),
    "sell": ("sold sale",),
    "born": ("birth born dob birthday birthdate",),
    "email": ("email mail",),
    "phone": ("phone telephone tel mobile",),
    "kilo": ("kilo kg kilogram",),
    "kind": ("kind type category sort",),
}  # fmt: skip
# Headers of persons; others are told by their ending, but for those that are none.
PERSONS = frozenset(
    "person member customer client student participant guest patient child tenant staff contact pupil resident agent "
    "people who whom assistant applicant friend colleague nurse coach chef pilot artist pianist guide boy "
    "girl kid".split()
)
NO_PERSONS = frozenset(
    """number order paper quarter semester letter sector color tree coffee degree center chapter water weather
    computer printer folder transfer filter meter power floor door other gender layer factor vector summer winter
    river tower flower error motor tractor cover poster offer cluster register voucher container trailer parameter
    centimeter kilometer diameter chamber character charter cooler corner counter cylinder december november
    october september dinner fiber finger freezer hammer header identifier indicator laser lever liter locker
    marker matter minor mirror monitor newsletter newspaper over placeholder prior rubber scanner server shower
    silver slider super thermometer timer tier under zipper committee guarantee knee toffee favor flavor labor
    odor decor corridor harbor honor horror interior exterior anchor cursor sensor ever never carrier burger cider
    beer butter ginger pepper""".split()
)
# Words of a column of money, for what is spent, owed or cheapest where no column's name fits better.
MONEY = frozenset(
    "price cost fee rent due total sum amount bill balance value payment paid charge fare takings revenue sale "
    "donation turnover taking betrag preis umsatz chf eur euro usd gbp inr rs pln zł € $ £ ₹ money".split()
)
MONEY_KINDS = frozenset("price cost amount spend pay earn give".split())
# Words of a question for each kind; verbs count, for "what does it cost" asks for the cost.
KIND_WORDS = {
    "who": "who whom whose person people persons",
    "name": "name names named called",
    "price": "price prices pricing priced",
    "cost": "cost costs costing costed expense expenses",
    "amount": "amount amounts",
    "spend": "spend spent spending spends",
    "pay": "pay pays paid paying payment payments",
    "earn": "earn earns earned earning earnings",
    "give": "give gives gave given donate donated donates",
    "owe": "owe owes owed owing debt",
    "date": "when date dates day",
    "place": "place places location locations live lives living located based",
    "quantity": "quantity quantities qty pieces piece pcs units stock",
    "age": "age aged old ages",
    "weight": "weight weights weigh weighs weighed heavy mass",
    "length": "length long lengths",
    "height": "height tall heights",
    "speed": "speed speeds fast",
    "temperature": "temperature temperatures warm hot cold temp temps",
    "width": "width wide",
    "depth": "depth deep",
    "hour": "hour hours hrs",
    "sell": "sold sell sells selling",
    "born": "born birthday birthdays",
    "email": "email e-mail mail",
    "phone": "phone telephone mobile",
    "kilo": "kilo kilos kg kilograms kilogram kgs",
    "kind": "kind kinds type types category",
}
TEXT_KINDS = frozenset("who name place email phone kind".split())  # no numbers are meant
# Verbs that a table of numbers may well do without: "gave the most kilos", "how many hours did Meier give".
SOFT = frozenset((KIND_WORDS["give"] + " named called").split())
# Columns of any sort of cells: a birthday is a day, or a year.
ANY_KINDS = frozenset(("date", "born"))
# Asked so, all rows are meant together: "spent in July".
VERBS = frozenset("spend pay earn give owe sell".split())
# Columns of free words, in which a word may stand beside others: "paint" and "wall paint".
WORDY = frozenset("description item text note comment purpose title product article detail subject what task".split())
# No sum of these makes sense unless it is asked for in so many words.
RATES = frozenset(
    "price age rate rating temperature temp year grade score percent percentage height width depth speed bmi level "
    "rank latitude longitude average mean ratio fare wage".split()
)
PERIODS = {"day": "D", "month": "M", "year": "Y", "weekday": "W", "quarter": "Q"}
MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
NUMBERS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
ORDINALS = {w: n for n, w in enumerate("second third fourth fifth sixth seventh eighth ninth tenth".split(), 2)} | {
    f"{n}{'nd' if n == 2 else 'rd' if n == 3 else 'th'}": n for n in range(2, 11)
}
UNIT_WORDS = {
    "€": "€ eur euro euros", "$": "$ usd dollar dollars buck bucks",
    "£": "£ gbp pound pounds quid", 
    "CHF": "chf francs", "kg": "kg kilo kilos kilogram kilograms kgs", "g": "g gram grams gramme grammes", 
    "km": "km kilometre kilometres kilometer kilometers kms", "m": "m metre metres meter meters",
    "cm": "cm centimetre centimetres centimeters",
    "mm": "mm millimetre millimetres millimeter millimeters", "h": "h hour hours hrs hr std",
    "min": "min minute minutes mins", "l": "l litre litres liter liters", "%": "% percent pct percentage",
    "°C": "°c degree degrees celsius", "years": "years year yrs yr", "days": "days day d", "t": "t ton tons tonnes",
    "lb": "lb lbs", "kWh": "kwh", "pcs": "pcs piece pieces pc stk stück",
}  # fmt: skip
# The usual short forms in headers; others count only with a full stop behind them.
ABBREVIATIONS = {
    "temp": "temperature", "cat": "category", "desc": "description", "dept": "department", "dep": "department",
    "addr": "address", "amt": "amount", "qty": "quantity", "avg": "average", "nr": "number", "no": "number",
    "wt": "weight", "ht": "height", "len": "length", "tel": "telephone", "cust": "customer", "prod": "product",
    "inv": "invoice", "acct": "account", "acc": "account", "loc": "location", "pos": "position", "hrs": "hour",
    "hr": "hour", "yr": "year", "wk": "week", "pct": "percent", "vol": "volume", "dist": "distance", "dur": "duration",
    "org": "organisation", "pop": "population", "lang": "language", "reg": "region", "spec": "specy", "mem": "member",
    "num": "number", "cnt": "count", "bal": "balance", "disc": "discount", "emp": "employee", "mgr": "manager",
    "pts": "point", "pt": "point", "min": "minute", "mins": "minute", "sec": "second",
}  # fmt: skip
# How a cell may write a sex for short.
SEXES = {"male": "m male man men", "man": "m male man men", "female": "f w female woman women",
         "woman": "f w female woman women"}  # fmt: skip
# What a row is, whatever the table is about.
ROWS = frozenset("row rows entry entries record records line lines item items thing things ones one".split())
PEOPLE = frozenset("people person persons everyone everybody folk folks anyone somebody someone ppl".split())
FILLERS = frozenset(
    """a an the of in on at for to from with and or is are was were be been do does did has have had there here that
    these those it its they them their he his she her hers him we us our ours i me my mine you your please kindly
    thanks thank can could would will should may tell show give list get find know see want need like let say
    display print what which what's who's how's that's there's table sheet file spreadsheet data csv excel dataset
    document all any some only just also then so as where when being into hi hello hey ok okay well um uh look
    check work calculate compute reckon figure determine value values number numbers figures cell cells column
    answer exactly actually really simply quickly much many how made make makes came come go goes went got gets
    let's up by whole entire full stand stands standing listed shown given according inside within contained
    contain contains containing included includes including i'd i'm we're you're they're it's he's she's dear sir
    madam hope help question quick curious wondering wonder asked asking ask bring brought hold holds during among
    amongst looking looked told said called named shows lists gives who would've whats pls plz thx ta cheers mate
    yo gimme wanna gotta lemme hv r u ur em 'em attached btw haha lol theres wots
    pal went gone through cos becoz because supposed yet
    going but still currently""".split()
)
PRONOUNS = frozenset("i we you he she they it".split())
# What turns a figure into one that is not there.
MISSING_VERBS = frozenset("miss skip lack lose need fail forget leave avoid owe".split())
# Fillers that name the table or a part of it, unless a cell is called so: "the price of the table".
NOUNS = frozenset("table sheet file spreadsheet list document number figure cell data set".split())
# "this month" and the like depend on today, which is no part of a table.
RELATIVE = frozenset("today yesterday tomorrow this last next past previous current ago recently nowadays".split())
TOTALS = frozenset(
    "total sum gesamt summe subtotal somme razem totaal totale suma gesamtsumme insgesamt total: summe: sum: totals "
    "grandtotal zwischensumme".split()
)
_POSSESSIVE = re.compile(r"[’']s?$")
_EDGES = "?.,;:!\"'“”‘’„«»()[]{}…"


def phrases(rows: dict[str, str]) -> dict[tuple[str, ...], str]:
    """`a b | c` of each row as tuples of words, each with the row's name."""
    return {tuple(phrase.split()): name for name, row in rows.items() for phrase in row.split("|") if phrase.strip()}


def folded(word: str) -> str:
    """In small letters and without accents, so that "cafe" finds "Café"."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def stem(word: str) -> str:
    """The word as its singular, without the 's of an owner."""
    return singular(_POSSESSIVE.sub("", folded(word)) or word)


def words_of(text: str) -> list[str]:
    """Words between blanks, without the marks around them: "VG+?" is VG+, and no VG."""
    bare = (word.strip(_EDGES) or "" for word in text.split())
    return [word for word in bare if word]
