"""More pictures as people bring them, for measuring `line-ocr`: letters, posters, till rolls, leaflets, labels.

Where `zoo_line_ocr_pages.py` draws what fills its picture, these have much empty paper, letters of 14 to 60 pixels,
rows left blank, columns far apart, and grounds that are clear (transparent), dark or of a colour.
"""

from __future__ import annotations

import random

from PIL import Image, ImageDraw, ImageFont
from zoo_line_ocr_pages import Page, worn, wrapped

PAPERS = ("letter", "poster", "till", "leaflet", "label")
BODY = """\
we are glad to tell you that the repair of your bicycle is finished.|The bill for the new chain is enclosed.
Could you let us know before Friday whether all eleven of you will stay for supper?|My train arrives at 18:42.
The spare key hangs behind the blue shutter.|I still owe you 35 pounds for the tickets to the opera.
Our shop will move to 64 Mill Lane on 2 October.|All orders of last month have been sent by post.
Please fill in both sides of the form and return it within ten days.|A copy of the rules is attached.
It was kind of you to look after the hens while we were away.|The jar of plum jam is for your mother.
Your appointment with Dr Howell has been changed to Monday at 9:20.|Bring your old glasses with you.
The heating will be checked next week; somebody has to be at home.|The roof has been leaking since the storm.
We regret that the blue kettle is no longer made.|You may choose another one or have your money back.
Thank you for the lovely evening and for the book about birds.|Give my love to Ellen and the boys.""".replace(
    "\n", "|"
).split("|")
NAMES = "Mrs Holloway|Mr Dale|Ms Ferreira|Dr Whitlock|Aunt Nell|Professor Lund|Sir or Madam|all neighbours".split("|")
PARTINGS = "Yours sincerely,|Best wishes,|With kind regards,|Yours faithfully,|See you soon,".split("|")
WRITERS = "Hilda Marsh|Oliver Kent|P. J. Willis|Alan Fuller|Rosalind Hill|The Management|Kitty and Bill".split("|")
SHORT = """\
Bells ring at noon|Please wipe your feet|Library closed on Mondays|Pull to open|Hill walk starts here|Do not lean out
Well water, not for drinking|Mind the gap|Sale ends Saturday|Silence please|Ticket hall on level 2|Baby changing room
Wet paint|All welcome|Meeting in room 214|Trolleys only|Fill before use|Lift to floors 3 and 4|Left luggage
PLEASE KNOCK|NO PARKING AT ANY TIME|POOL HALL|SMALL TALL|OFFICE HOURS 8.30 TO 5
WILLOW COTTAGE|LIVE RAIL|EXIT HILL ST""".replace("\n", "|").split("|")
GOODS = """\
Butter|Eggs 12|Filter coffee|Milk|Lentils 500g|Yellow paint|Nails 60 mm|Oat rolls|Still water|Jelly beans|Wool|Bulbs
Vanilla ice|Roll of foil|Pillow|Stamps|Grapes|Tissues|Chilli|Noodles|Fillet|Kettle|Refill|Bottle dep.""".replace(
    "\n", "|"
).split("|")
TILLS = "MILLER'S DELI|Willow & Hill|ALL SEASONS LTD|The Little Mill|TILLEY BROS|Cellar Wines|BELL STREET MARKET".split(
    "|"
)
STREETS = "Bell Street|Mill Lane|Hillside|Castle Hill|Willow Way|Market Square|Station Road".split("|")
PAPER = [((255, 255, 255), (0, 0, 0)), ((250, 248, 240), (30, 30, 40)), ((240, 240, 240), (70, 70, 70))]
GROUNDS = [
    *PAPER, ((20, 20, 24), (235, 235, 235)), ((0, 70, 140), (255, 255, 255)), ((150, 20, 30), (255, 240, 220)),
    ((255, 215, 0), (0, 0, 0)), ((200, 225, 205), (20, 70, 40)),
]  # fmt: skip


def _sheet(size: tuple[int, int], ground: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", size, ground)
    return image, ImageDraw.Draw(image)


def letter(rng: random.Random, path: str, size: int) -> Page:
    """A letter: an address to someone, some sentences, a parting, a name; rows between them are blank."""
    font, (ground, ink) = ImageFont.truetype(path, size), rng.choice(PAPER)
    body = wrapped(" ".join(rng.sample(BODY, rng.randint(2, 4))), font, size * rng.uniform(16, 26))
    rows = [f"Dear {rng.choice(NAMES)},", "", *body, "", rng.choice(PARTINGS), rng.choice(WRITERS)]
    step, margin = round(size * rng.uniform(1.25, 1.7)), round(size * rng.uniform(1.2, 4))
    width = max(round(font.getlength(row)) for row in rows) + 2 * margin
    image, pen = _sheet((width, step * len(rows) + 2 * margin + rng.randint(0, 8) * size), ground)
    for number, row in enumerate(rows):
        pen.text((margin, margin + number * step), row, fill=ink, font=font)
    return Page("letter", worn(rng, image, 0.4, 5) if rng.random() < 0.6 else image, tuple(filter(None, rows)))


def poster(rng: random.Random, path: str, size: int) -> Page:
    """One or two lines somewhere on a large empty ground."""
    font, (ground, ink) = ImageFont.truetype(path, size), rng.choice(GROUNDS)
    rows = rng.sample(SHORT, rng.choice([1, 1, 2]))
    step = round(size * rng.uniform(1.3, 2.5))
    wide, tall = max(round(font.getlength(row)) for row in rows), step * len(rows)
    image, pen = _sheet((round(wide * rng.uniform(1.3, 3)), round(tall * rng.uniform(2, 9))), ground)
    left, top = ((all_ - own) * rng.uniform(0.3, 0.7) for all_, own in ((image.width, wide), (image.height, tall)))
    for number, row in enumerate(rows):
        pen.text((left, top + number * step), row, fill=ink, font=font)
    return Page("poster", worn(rng, image, 1.0, 5) if rng.random() < 0.5 else image, tuple(rows))


def till(rng: random.Random, path: str, size: int) -> Page:
    """A till roll: a shop and its street, articles and prices far apart, blank rows, the sum."""
    font, (ground, ink) = ImageFont.truetype(path, size), rng.choice(PAPER)
    cents = [rng.choice([rng.randint(15, 999), 5 * rng.randint(10, 400)]) for _ in range(rng.randint(2, 5))]
    rows = [(rng.choice(TILLS), ""), (f"{rng.randint(1, 199)} {rng.choice(STREETS)}", ""), ("", "")]
    rows += [(name, f"{cent / 100:.2f}") for name, cent in zip(rng.sample(GOODS, len(cents)), cents, strict=True)]
    rows += [("", ""), (rng.choice(["TOTAL", "Total", "SUM", "To pay"]), f"{sum(cents) / 100:.2f}")]
    width, step, margin = size * rng.uniform(10, 17), round(size * rng.uniform(1.2, 1.6)), round(size * 1.5)
    width = max(width, *(font.getlength(f"{a}    {b}") for a, b in rows))
    image, pen = _sheet((round(width) + 2 * margin, step * len(rows) + 2 * margin), ground)
    for number, (left, right) in enumerate(rows):
        y = margin + number * step
        pen.text((margin, y), left, fill=ink, font=font)
        pen.text((margin + width - font.getlength(right), y), right, fill=ink, font=font)
    lines = tuple(f"{a} {b}".strip() for a, b in rows if a or b)
    return Page("till", worn(rng, image, 0.5, 5) if rng.random() < 0.6 else image, lines)


def leaflet(rng: random.Random, path: str, size: int) -> Page:
    """Two columns of three to seven short lines, near or far apart, no title; the left one is read first."""
    font, (ground, ink) = ImageFont.truetype(path, size), rng.choice(PAPER)
    width, rows = size * rng.uniform(10, 16), rng.randint(3, 7)
    sides = [wrapped(" ".join(rng.sample(BODY, 6)), font, width)[:rows] for _ in range(2)]
    gutter, step, margin = round(size * rng.uniform(2.5, 10)), round(size * rng.uniform(1.25, 1.6)), size * 2
    second = margin + round(max(font.getlength(line) for line in sides[0])) + gutter
    right = second + round(max(font.getlength(line) for line in sides[1])) + margin
    image, pen = _sheet((right, step * rows + 2 * margin + rng.randint(0, 6) * size), ground)
    for x, lines in zip((margin, second), sides, strict=True):
        for number, line in enumerate(lines):
            pen.text((x, margin + number * step), line, fill=ink, font=font)
    return Page("leaflet", worn(rng, image, 0.0, 4), (*sides[0], *sides[1]))


def label(rng: random.Random, path: str, size: int) -> Page:
    """One line that nearly fills its picture, on paper, on a dark ground or on none (transparent)."""
    font, line = ImageFont.truetype(path, size), rng.choice([*SHORT, *BODY])[: rng.randint(20, 45)].strip()
    left, top, right, bottom = (round(value) for value in font.getbbox(line))
    pad, (ground, ink) = round(size * rng.uniform(0.15, 0.8)), rng.choice(GROUNDS)
    clear = rng.random() < 0.3
    image = Image.new(
        "RGBA", (right - left + 2 * pad, bottom - top + 2 * pad), (0, 0, 0, 0) if clear else (*ground, 255)
    )
    ImageDraw.Draw(image).text(
        (pad - left, pad - top),
        line,
        fill=(*(rng.choice([(0, 0, 0), (250, 250, 250)]) if clear else ink), 255),
        font=font,
    )
    return Page("label", image if clear else image.convert("RGB"), (line,))


def paper(kind: str, path: str, seed: int) -> Page:
    """A picture of a kind in a font, in letters of 14 to 60 pixels."""
    rng = random.Random(f"paper {kind} {seed}")
    size = rng.randint(16, 60) if kind in ("poster", "label") else rng.randint(14, 32)
    makers = {"letter": letter, "poster": poster, "till": till, "leaflet": leaflet, "label": label}
    return makers[kind](rng, path, size)
