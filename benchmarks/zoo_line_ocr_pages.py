"""Pictures as people bring them, drawn for measuring `line-ocr`: notices, signs, columns, receipts, dark screens.

Each is determined by its kind, its font and a seed, and comes with the lines that are to be read, in their order.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

KINDS = ("notice", "sign", "columns", "receipt", "screen")
SENTENCES = """\
The annual general meeting will take place in the village hall
on Thursday 14 November at half past seven in the evening.
Nominations for the committee must reach the secretary by Friday 25 October.
Parking is available behind the library; please do not block the lane.
Residents are reminded that bins are collected on Tuesday from 6:30 am.
Anyone who finds a grey cat with a white left ear should ring 01632 960451.
The lift will be out of service between 9 and 11 o'clock.
Visitors must sign in at the front desk and wear a badge.
Room 118 has moved to the second floor, next to the kitchen.
Bring a packed lunch, stout shoes and a waterproof jacket.
The choir sings again on Sunday, and new voices are welcome.
Hot drinks cost 1.80, and a slice of cake is 2.50.
Please return all borrowed books before the summer holidays.
Do not leave luggage unattended at any time.
Our office is closed on public holidays and every second Monday.
The water will be turned off for two hours while we mend a valve.
Keys can be collected from the porter after 4 pm.
Dogs must be kept on a lead near the sheep.
Seats 40 to 65 are reserved for the school band.
All prices include tax; service is not included.
Put used batteries in the green box by the stairs.
The exam starts at 10:15 and lasts ninety minutes.
Tenants who wish to keep bicycles in the cellar should write to Mr Quill.
Unclaimed coats will be given to charity at the end of January.""".split("\n")
SIGNS = """\
NO ENTRY|MIND YOUR HEAD|STAFF ONLY|CAUTION WET FLOOR|PUSH BAR TO OPEN|BEWARE OF THE DOG|KEEP THIS DOOR SHUT
HARD HATS MUST BE WORN|NO SMOKING|FIRE EXIT|PRIVATE PROPERTY|GARDEN OPEN 10 TO 4|SLOW CHILDREN CROSSING|MAX 750 KG
Ring for attention|Way out|Toilets upstairs|Fresh eggs 2.40 a dozen|Bus stop moved|Queue here|Reduced to 15.00
Platform 7|Gate B12|Room 305|Closed until 3 March|Back in 20 minutes|Oak table 120 pounds|Lost property
EXTRA LARGE|SIZE 42|Honey 340 g|Best before 09/2026|LOT 77193|Fragile|THIS WAY UP|Do not bend
DANGER 400 VOLTS|SPEED LIMIT 20|NO DOGS ON BEACH|WORKSHOP B|TICKETS AND INFORMATION|KEEP LEFT|VISITOR PARKING"""
ITEMS = """\
Milk 2L|Brown bread|Cheddar|Bin bags x 20|Apple juice|Batteries AA|Pencils|Olive oil|Rice 1kg|Bananas|Washing powder
Hammer|Screws 4x40|Paint brush|Masking tape|Tomato soup|Green salad|Fish and chips|House wine|Espresso|Lemon tart
Garlic naan|Veg biryani|Mango lassi|Chair pads|Light bulb 9W|Dog food|Plant pot|Door mat|Envelopes|Green tea"""
SHOPS = "CORNER STORE|Hill Farm Shop|MARTHA'S KITCHEN|Quay Hardware|STATION CAFE|The Paper Mill|GREEN GROCER LTD".split(
    "|"
)
SCREEN = """\
Settings saved|Battery 84%|Wi-Fi: connected|Download failed, try again|Last backup 03:12|Signed in as j.moor
Update available (version 4.7.2)|Meeting moved to 15:30|2 new messages|Disk space 118 GB free|Muted until 7:00
Error 504: gateway timeout|Your code is 739204|Export to CSV|Brightness 60%|Sync every 15 minutes|Log out
Flight BA 2490 on time|Song 3 of 12|Alarm set for 6:45|Storage almost full|Next: turn right after 300 m"""


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn picture and its lines."""

    kind: str
    image: Image.Image
    lines: tuple[str, ...]


def pick(rng: random.Random, texts: str, count: int) -> list[str]:
    """So many of the texts, no two the same."""
    return rng.sample(texts.replace("\n", "|").split("|"), count)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A text in lines of at most so many pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if font.getlength(longer) <= width else [*lines, word]
    return lines


def worn(rng: random.Random, image: Image.Image, tilt: float, noise: float) -> Image.Image:
    """A picture slightly turned, with the grain of paper, a little blur, and as a JPEG or not."""
    if tilt:
        corner = image.getpixel((1, 1))
        turn = rng.uniform(-tilt, tilt)
        image = image.rotate(turn, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=corner)
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.7)))
    grain = np.random.default_rng(rng.randrange(10**6)).normal(0, rng.uniform(0, noise), (image.height, image.width, 1))
    return Image.fromarray(np.clip(np.asarray(image, dtype=float) + grain, 0, 255).astype(np.uint8))


def notice(rng: random.Random, path: str, size: int) -> Page:
    """A printed sheet: a title and sentences, wrapped."""
    font = ImageFont.truetype(path, size)
    lines = ["NOTICE" if rng.random() < 0.5 else "To all members"]
    for sentence in rng.sample(SENTENCES, 4):
        lines += wrapped(sentence, font, 34 * size * 0.5)
    step, margin = round(size * rng.uniform(1.3, 1.7)), size * 2
    width = max(round(font.getlength(line)) for line in lines) + 2 * margin
    paper = rng.randint(225, 255)
    image = Image.new("RGB", (width, step * len(lines) + 2 * margin), (paper, paper, paper - rng.randint(0, 15)))
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((margin, margin + number * step), line, fill=(rng.randint(0, 60),) * 3, font=font)
    return Page("notice", worn(rng, image, 0.7, 6), tuple(lines))


def sign(rng: random.Random, path: str, size: int) -> Page:
    """One to three centred lines on a coloured ground, often with a frame."""
    font = ImageFont.truetype(path, size)
    lines = pick(rng, SIGNS, rng.randint(1, 3))
    ground, ink = rng.choice([
        ((250, 210, 40), (10, 10, 10)), ((255, 255, 255), (180, 20, 20)), ((120, 25, 30), (250, 245, 240)),
        ((20, 90, 50), (255, 255, 255)), ((245, 240, 200), (20, 60, 20)), ((20, 50, 130), (250, 250, 250)),
        ((235, 235, 230), (30, 30, 30)), ((230, 120, 30), (20, 20, 20)),
    ])  # fmt: skip
    step, margin = round(size * 1.5), round(size * rng.uniform(0.9, 2.2))
    width = max(round(font.getlength(line)) for line in lines) + 2 * margin
    image = Image.new("RGB", (width, step * len(lines) + 2 * margin), ground)
    pen = ImageDraw.Draw(image)
    if rng.random() < 0.6:
        edge = max(3, size // 5)
        pen.rectangle((edge, edge, width - edge, image.height - edge), outline=ink, width=max(2, size // 9))
    for number, line in enumerate(lines):
        pen.text(((width - font.getlength(line)) / 2, margin + number * step), line, fill=ink, font=font)
    return Page("sign", worn(rng, image, 1.5, 6), tuple(lines))


def columns(rng: random.Random, path: str, size: int) -> Page:
    """Two columns of prose under a title: the left one is read first."""
    font = ImageFont.truetype(path, size)
    title = rng.choice(["News from the allotments", "What's on in May", "MINUTES OF THE MEETING"])
    width, step, margin, gutter = round(size * 15), round(size * 1.45), round(size * 1.5), round(size * 2.5)
    sides = [wrapped(" ".join(rng.sample(SENTENCES, 3)), font, width) for _ in range(2)]
    tall = max(map(len, sides)) + 2
    image = Image.new("RGB", (2 * width + gutter + 2 * margin, step * tall + 2 * margin), (250, 250, 246))
    pen = ImageDraw.Draw(image)
    pen.text((margin, margin), title, fill=(20, 20, 20), font=font)
    for side, lines in enumerate(sides):
        for number, line in enumerate(lines, start=2):
            place = (margin + side * (width + gutter), margin + number * step)
            pen.text(place, line, fill=(20, 20, 20), font=font)
    return Page("columns", worn(rng, image, 0.0, 5), (title, *sides[0], *sides[1]))


def receipt(rng: random.Random, path: str, size: int) -> Page:
    """A shop's name, articles with their prices at the right edge, dashes, a total."""
    font = ImageFont.truetype(path, size)
    width, step, margin = round(size * rng.uniform(15, 22)), round(size * rng.uniform(1.35, 1.7)), round(size * 1.4)
    rows: list[tuple[str, str]] = [
        (rng.choice(SHOPS), ""),
        (f"{rng.randint(1, 28)} June 2025  Till {rng.randint(1, 9)}", ""),
    ]
    cents = [rng.randint(60, 4999) for _ in range(rng.randint(3, 6))]
    rows += [(item, f"{cent / 100:.2f}") for item, cent in zip(pick(rng, ITEMS, len(cents)), cents, strict=True)]
    rows += [("TOTAL", f"{sum(cents) / 100:.2f}"), (rng.choice(["THANK YOU", "Paid by card", "Cash"]), "")]
    image = Image.new("RGB", (width + 2 * margin, step * (len(rows) + 1) + 2 * margin), (252, 252, 250))
    pen = ImageDraw.Draw(image)
    y = margin
    for number, (left, right) in enumerate(rows):
        if number == len(rows) - 2:  # a rule above the total, of dashes or whole
            if rng.random() < 0.5:
                pen.text((margin, y), "-" * int(width / font.getlength("-")), fill=(30, 30, 30), font=font)
                y += step
            else:
                pen.line((margin, y, margin + width, y), fill=(30, 30, 30), width=2)
                y += step // 3
        pen.text((margin, y), left, fill=(30, 30, 30), font=font)
        pen.text((margin + width - font.getlength(right), y), right, fill=(30, 30, 30), font=font)
        y += step
    return Page("receipt", worn(rng, image, 0.7, 6), tuple(" ".join(f"{a} {b}".split()) for a, b in rows))


def screen(rng: random.Random, path: str, size: int) -> Page:
    """Light text on a dark ground, as screens have it."""
    font = ImageFont.truetype(path, size)
    lines = pick(rng, SCREEN, rng.randint(3, 6))
    ground = rng.choice([(18, 18, 18), (30, 34, 42), (0, 43, 54), (40, 20, 60), (60, 60, 64)])
    step, margin = round(size * rng.uniform(1.5, 2.2)), round(size * rng.uniform(0.8, 2))
    width = max(round(font.getlength(line)) for line in lines) + 2 * margin + rng.randint(0, 10 * size)
    image = Image.new("RGB", (width, step * len(lines) + 2 * margin), ground)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((margin, margin + number * step), line, fill=(rng.randint(190, 255),) * 3, font=font)
    return Page("screen", image, tuple(lines))


def page(kind: str, path: str, seed: int) -> Page:
    """A picture of a kind in a font, in letters of 14 to 40 pixels."""
    rng = random.Random(f"{kind} {seed}")
    size = rng.randint(14, 40) if kind in ("sign", "screen") else rng.randint(14, 28)
    makers = {"notice": notice, "sign": sign, "columns": columns, "receipt": receipt, "screen": screen}
    return makers[kind](rng, path, size)


def without_text(seed: int) -> Image.Image:
    """A picture that has no text: shapes, textures, scribbles, noise, or a part of one of scikit-image's photos."""
    import skimage.data

    rng = random.Random(seed)
    if seed % 2:
        names = "camera coins astronaut brick grass gravel moon cat coffee horse".split()
        picture = np.asarray(getattr(skimage.data, names[seed // 2 % len(names)])())
        picture = picture.astype(np.uint8) * (255 if picture.dtype == bool else 1)
        side = min(picture.shape[:2]) * rng.uniform(0.5, 1.0)
        top, left = (round(rng.uniform(0, n - side)) for n in picture.shape[:2])
        return Image.fromarray(picture[top : top + round(side), left : left + round(side)]).convert("RGB")
    ground = tuple(rng.randint(120, 255) for _ in range(3))
    image = Image.new("RGB", (rng.randint(150, 500), rng.randint(100, 400)), ground)
    pen = ImageDraw.Draw(image)
    for _ in range(rng.randint(0, 14)):
        x, y, r = rng.randint(0, image.width), rng.randint(0, image.height), rng.randint(4, 60)
        colour = tuple(rng.randint(0, 255) for _ in range(3))
        shape = rng.choice(["disc", "box", "line", "scribble"])
        if shape == "disc":
            pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        elif shape == "box":
            pen.rectangle(
                (x, y, x + 2 * r, y + r), outline=colour, fill=colour if rng.random() < 0.5 else None, width=3
            )
        else:
            points = [
                (x + rng.randint(-2 * r, 2 * r), y + rng.randint(-r, r)) for _ in range(2 if shape == "line" else 9)
            ]
            pen.line(points, fill=colour, width=rng.randint(1, 5))
    grain = np.random.default_rng(seed).normal(0, rng.uniform(0, 25), (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image, dtype=float) + grain, 0, 255).astype(np.uint8))
