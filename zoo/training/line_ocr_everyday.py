"""Draws the texts of everyday things for line-ocr: signs, tickets, receipts, notices, labels, screens.

Short lines, many in capitals, with prices, dates, times and units. Words of signs are mixed with invented ones, so
that a reader cannot get by with knowing the signs.
"""

from __future__ import annotations

import random

WORDS = """
    access adults advance alarm animals area arrivals bakery bananas basement beer bell bicycles blanket boots
    bread break bridge building bus butter cable call camera cancelled candles careful car carrots cash caution
    change cheese children chips church cinema clean clearance clinic close coach coffee cold corner cover cream
    crossing cups customers cyclists daily danger deliveries delivery dentist deposit desk diesel dinner discount
    dogs door down drinks driver dry eggs electric emergency engine entrance equipment evening exit express extra
    ferry fire first fish flour flowers food fragile free fresh front fruit garage garden gas gate glass gloves
    goods ground guests half hall handle hardware harbour heavy help high honey hospital hot hours house ice
    information invoice item jam juice keep kitchen lamp large last lemon library lift light limit line litter
    local lorries lost lunch machine mail maximum meat medium meeting members menu mind milk minimum museum music
    nails name next night noise north notice number office oil only onions open orange order out oven paid paint
    paper parcel parking passengers payment permit pharmacy phone pickup pizza plate platform police pool post
    potatoes power press price private public pull push quantity quiet ramp receipt reception reduced refund
    repairs reserved residents return rice ring road roof room rope sale salt sandwich saturday school screws seat
    second service shampoo ship shop shower sign size slippery slow small smoking soap soup south spare speed
    staff stairs stamps station step stock stop storage street student sugar sunday supermarket swimming table
    tank tax taxi tea tennis ticket tickets tiles today toilets tomatoes total towels town track traffic train
    trolley truck turn unit upstairs use vacant valid van vegetables vehicles visitors voltage wait walk wall
    warning wash waste watch water weight welcome west wet wheel window wine winter wood work yard year zone
""".split()
SMALL = "a and at by for from in is it no not of off on or the this to under up with your".split()
# What most of a letter is made of, besides its own words.
COMMON = """
    the of and to a in for is on that by this with i you it not or be are from at as your all have new more an was we
    will can us about if my has but our one other do no they he up may what which their out use any there see only so
    his when who also now get been would how were me some these its like than had into them should her such please
    two first after where most over make just before many day between year through very well work much good own per
    send sent thank thanks dear kind regards order today tomorrow until week month room people both next still here
""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
UNITS = "mm cm m km g kg mg ml l L kW W V A h min s C F GB MB pcs x lb oz ft in % m2 km/h bar ppm".split()
MONEY = "$ EUR USD CHF GBP Rs. INR kr".split()
TILL = ("TOTAL", "Total", "SUBTOTAL", "Subtotal", "VAT", "Tax", "CASH", "Cash", "CARD", "Card", "CHANGE", "Change",
        "Balance", "Amount due", "TIP", "Discount", "GRAND TOTAL", "Net", "Rounding", "PAID")  # fmt: skip
NUMBERED = """
    Lot No. Room Table Order Invoice Bill Ref Gate Platform Line Batch Art. Seat Row Floor Unit Box Ticket Till Model
    Page Code Bay Track
""".split()


def word(rng: random.Random, invented: str) -> str:
    """A word of a sign or, as often as not, an invented one."""
    return rng.choice(WORDS) if rng.random() < 0.5 else rng.choice(SMALL) if rng.random() < 0.2 else invented


def price(rng: random.Random) -> str:
    """An amount of money as tills print it."""
    cents = rng.randint(*rng.choice([(5, 999), (100, 9999), (1000, 99999)]))
    cents = cents // 5 * 5 if rng.random() < 0.25 else cents
    number = f"{cents / 100:.2f}" if rng.random() < 0.85 else f"{cents / 100:.2f}".replace(".", ",")
    form, money = rng.random(), rng.choice(MONEY)
    if form < 0.7:
        return number
    return f"{money} {number}" if form < 0.85 else f"{number} {money}" if form < 0.95 else f"-{number}"


def clock(rng: random.Random) -> str:
    """A time of day, or opening hours."""
    hour, minute = rng.randint(0, 23), rng.choice([0, 0, 15, 30, 45, 5 * rng.randint(0, 11), rng.randint(0, 59)])
    half, twelve = rng.choice(["am", "pm", "AM", "PM", "a.m.", "p.m."]), hour % 12 + 1
    if rng.random() < 0.3:
        until = rng.choice([" to ", " - ", "-", " TO "])
        return f"{twelve}{rng.choice([' ', ''])}{half}{until}{rng.randint(1, 12)} {half}"
    return rng.choice([
        f"{hour}:{minute:02d}", f"{hour:02d}:{minute:02d}", f"{twelve}:{minute:02d} {half}", f"{twelve} {half}",
        f"{hour}.{minute:02d}", f"{hour:02d}:{minute:02d}:{rng.randint(0, 59):02d}",
    ])  # fmt: skip


def day(rng: random.Random) -> str:
    """A date in one of the usual forms."""
    number, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1990, 2039)
    name = MONTHS[month - 1] if rng.random() < 0.6 else MONTHS[month - 1][:3]
    week = rng.choice(DAYS) if rng.random() < 0.6 else rng.choice(DAYS)[:3]
    return rng.choice([
        f"{number} {name} {year}", f"{number:02d} {name} {year}", f"{name} {number}, {year}", f"{week} {number} {name}",
        f"{week}, {number} {name} {year}", f"{number:02d}.{month:02d}.{year}", f"{number:02d}/{month:02d}/{year}",
        f"{year}-{month:02d}-{number:02d}", f"{number:02d}-{month:02d}-{year % 100:02d}", f"{week}",
        f"{number}/{month}/{year % 100:02d}", f"{week} to {rng.choice(DAYS)}", f"{week[:3]}-{rng.choice(DAYS)[:3]}",
    ])  # fmt: skip


def figure(rng: random.Random) -> str:
    """A measure, a code, a phone number."""
    n = rng.randint(*rng.choice([(0, 20), (0, 999), (0, 99999), (10**5, 10**8)]))
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(rng.randint(1, 3)))
    unit, kind = rng.choice(UNITS), rng.choice(NUMBERED)
    phone = f"0{n % 1000} {rng.randint(100, 999)} {rng.randint(10, 99)} {rng.randint(10, 99)}"
    return rng.choice([
        f"{n % 1000}", f"{n}", f"{n % 1000} {unit}", f"{n % 1000}{unit}", f"{n % 1000 / 10:.1f} {unit}", f"{n:,}",
        f"{letters}{n % 10000}", f"{letters}-{n % 10000:04d}", f"{letters} {n}", f"{n % 100} x {n % 90 + 1}",
        f"{n % 100} of {n % 90 + 1}", f"{kind} {n}", f"({n % 1000})", f"{n % 100}%", phone, f"{n % 100}A",
        f"0{n % 1000}-{rng.randint(10**4, 10**7)}", f"{kind}: {letters}{n % 100}",
    ])  # fmt: skip


def sign_words(rng: random.Random, most: int, invented: list[str]) -> str:
    """One to `most` words in capitals, as a title, or as a sentence."""
    words = [word(rng, rng.choice(invented)) for _ in range(rng.randint(1, most))]
    case = rng.random()
    if case < 0.45:
        return " ".join(words).upper()
    if case < 0.65:
        return " ".join(words).title()
    end = rng.choice(["", "", "", ".", "!", "?", ":", ","])
    return (" ".join(words).capitalize() if case < 0.85 else " ".join(words)) + end


def sentence(rng: random.Random, others: list[str]) -> str:
    """A line of running text as letters and notices have it, begun and ended anywhere."""
    words = [rng.choice(others) if rng.random() < 0.4 else rng.choice(COMMON) for _ in range(rng.randint(2, 11))]
    if rng.random() < 0.25:
        words.insert(rng.randint(1, len(words)), rng.choice([day, clock, figure, price])(rng))
    for place in range(len(words) - 1):
        mark = rng.random()
        if mark < 0.05:
            words[place : place + 2] = [f"{words[place]}.", words[place + 1][:1].upper() + words[place + 1][1:]]
        elif mark < 0.13:
            words[place] += rng.choice(",,,;:")
    line = " ".join(words).replace(" i ", " I ")
    line = line[0].upper() + line[1:] if rng.random() < 0.5 else line
    return line + rng.choice(["", "", ",", ".", ".", "!", "?"])


def everyday(rng: random.Random, others: list[str]) -> str:
    """One line of a sign, ticket, receipt, notice, letter, label or screen.

    Args:
        others: words to mix in.
    """
    if rng.random() < 0.35:
        return sentence(rng, others)
    invented = [other.lower() for other in others]
    kind = rng.random()
    if kind < 0.34:
        line = sign_words(rng, rng.choice([2, 3, 4, 6]), invented)
    elif kind < 0.54:
        item = rng.choice(TILL) if rng.random() < 0.25 else sign_words(rng, 3, invented)
        number = rng.random()
        item = f"{rng.randint(1, 12)} {item}" if number < 0.15 else f"{item} {figure(rng)}" if number < 0.3 else item
        line = f"{item} {price(rng)}"
    elif kind < 0.66:
        line = rng.choice([day, clock, figure, figure, price])(rng)
    elif kind < 0.84:
        parts = [sign_words(rng, 2, invented), rng.choice([day, clock, figure, figure])(rng)]
        rng.shuffle(parts)
        line = rng.choice([" ", " ", " ", ": ", " - ", ", "]).join(
            [*parts, sign_words(rng, 2, invented)][: rng.choice([2, 2, 3])]
        )
    else:
        words = [word(rng, rng.choice(invented)) for _ in range(rng.randint(4, 10))]
        if rng.random() < 0.4:
            words.insert(rng.randint(1, len(words)), rng.choice([day, clock, figure])(rng))
        line = " ".join(words)
        line = (line[0].upper() + line[1:] if rng.random() < 0.7 else line) + rng.choice(["", ".", ".", ",", "!"])
    return line.upper() if rng.random() < 0.12 else line
