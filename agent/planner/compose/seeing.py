"""Wishes about pictures and sound."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ....tools.text import singular
from ..parse.reading import counted_noun, found_noun, recognised_noun, region
from ..parse.wishes import Wish
from ..plan_step import node
from .arguments import without_verb
from .bench import Bench, Lacking, Result, each, handles, names
from .draft import File
from .places import narrowed

_PAGE_SHAPE = 3.5  # width : height below which a picture of text is rather a page than a line
_LEAD = re.compile(
    r"^(?:(?:all|both|each|every|any|of|the|my|our|your|his|her|their|these|those|this|that|a|an|some|little|small|old|actual|single|"
    r"different|separate|many|more|fewer)\s+)+",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\b(?:scan(?:ned)?|invoices?|documents?|forms?|contracts?|receipts?)\b", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:an? )?\w+ or (?:an? )?\w+\b", re.IGNORECASE)  # "a one or a seven": what it may be
_COUNTS = re.compile(
    r"\b(?:how (?:many|much)|h[ou]w m[au]n[iy]|many|count\w*|numbers?|quantity|tally|totals?|amount|more|fewer|less|most|fewest|nr|no\.|qty|"
    r"same|per ?cent\w*|share|pcs|pieces|enough|exceeds?|at least|at most|all)\b|#|%|\?\s*$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:says?|said|speaks?|spoken|tells?|told|recording|voice|message|memo|call(?:ed)?)\b", re.IGNORECASE
)
_BY_HAND = re.compile(r"\b(?:by hand|hand-?writ\w+|scribbl\w+|scrawl\w+|wrote|written)\b", re.IGNORECASE)
_FIGURES = re.compile(r"\b(?:in|as|with) (?:figures|digits|numerals|numbers)\b", re.IGNORECASE)
SHARE = re.compile(r"\b(?:per ?cent(?:age)?|%|share|fraction|proportion)\b", re.IGNORECASE)


def noun_of(bench: Bench, wish: Wish) -> str:
    """The thing to count or find; "" when none is named."""
    said = _LEAD.sub("", wish.argument("thing").strip()).strip(" .,?!").lower()
    if said and singular(said.split()[-1]) not in ("one", "thing", "item", "object", "them", "it", "there"):
        return said
    known = {singular(label.lower()) for label in bench.labels()}
    spoken = [word for word in re.findall(r"[a-z]+", bench.goal.lower()) if singular(word) in known]
    if spoken:
        return spoken[0]
    named = counted_noun(bench.segment(wish)) or found_noun(bench.segment(wish))
    before = [one.argument("thing") for one in bench.before.wishes if one.argument("thing")]
    return named or (before[-1] if before else "")


def count_things(bench: Bench, wish: Wish) -> Result:
    """How many things there are in a picture; a number that is told in words or written by hand is read instead.

    Raises:
        Lacking: nothing is asked to be counted, or what shall be counted is not named.
    """
    noun = noun_of(bench, wish)
    if instead := _told_instead(bench, wish, noun):
        return instead
    files = _pictures(bench, wish)
    if not _COUNTS.search(bench.goal):
        raise Lacking(
            f"I could count the {noun or 'things'}, but “{bench.segment(wish)[:80]}” does not ask how many there are."
        )
    if not noun:
        raise Lacking("Say what shall be counted in the picture, such as “how many coins are there?”.")
    if SHARE.search(bench.segment(wish)) and wish.limit("region"):
        return _share(bench, wish, noun, files)
    boxes = _boxes(bench, wish, noun, files, asked=False)
    place = bench.add("count", {"items": node(boxes), "label": noun}, wish, "the number is the number of boxes")
    return Result("number", (place,), names=names(files), many=len(files) > 1, thing=noun)


def _told_instead(bench: Bench, wish: Wish, noun: str) -> Result | None:
    """The number that a recording says, or a hand wrote, where no detector knows the things: "Reto says how many boards"."""
    known = {singular(label.lower()) for label in bench.labels()}
    if not noun or singular(noun.split()[-1]) in known:
        return None
    kinds = {file.kind for file in bench.files}
    if "audio" in kinds and _SPOKEN.search(bench.goal):
        return transcribe(bench, wish)
    return read_digit(bench, wish) if "image" in kinds and _BY_HAND.search(bench.goal) else None


def _share(bench: Bench, wish: Wish, noun: str, files: list[File]) -> Result:
    """What part of the things lies in a part of the picture."""
    whole = replace(wish, limits=tuple(piece for piece in wish.limits if piece.kind != "region"))
    counts = []
    for one in (wish, whole):
        boxes = _boxes(bench, one, noun, files, asked=False)
        counts.append(bench.add("count", {"items": node(boxes), "label": noun}, one, "a share needs both numbers"))
    expression = f"{node(counts[0])} / {node(counts[1])} * 100"
    place = bench.add(
        "calculate",
        {"expression": expression},
        wish,
        "the share in per cent",
        told="percent",
        covers=bench.segment(wish),
    )
    return Result("number", (place,), names=names(files))


def find_things(bench: Bench, wish: Wish) -> Result:
    noun, files = noun_of(bench, wish), _pictures(bench, wish)
    boxes = _boxes(bench, wish, noun, files, asked=True)
    return Result("boxes", (boxes,), names=names(files), many=len(files) > 1, thing=noun)


def _boxes(bench: Bench, wish: Wish, noun: str, files: list[File], asked: bool) -> int:
    """The step that finds the things, in the part of the picture that is meant."""
    keep, part = narrowed(bench, wish)
    image = handles(files)
    if part and len(files) > 1:  # in each picture by itself
        image, part = _cropped(bench, wish, image, part), ""
    known = _found_before(bench, image, noun)
    if known is None:
        why = f"a detector has to find the {noun}" if noun else "a detector has to find them"
        known = bench.add(
            "object-detection", {"image": image}, wish, why, each=each("image", files), noun=noun, asked=asked
        )
    elif asked and not bench.steps[known].asked:
        bench.steps[known] = replace(bench.steps[known], asked=True)
    if keep and len(files) > 1:
        raise Lacking(f"I can keep to {keep} in one picture at a time; pass one picture.")
    if part:  # found in the whole picture, so that none is cut in two
        arguments = {"boxes": node(known), "keep": part, "image": image}
        known = bench.add("filter-boxes", arguments, wish, f"only the {part} is meant", asked=asked)
    if keep:
        arguments = {"boxes": node(known), "keep": keep}
        known = bench.add("filter-boxes", arguments, wish, f"only {keep} is meant", asked=asked)
    return known


def _found_before(bench: Bench, image: Any, noun: str) -> int | None:
    """Things are found once."""
    for place, step in enumerate(bench.steps):
        if step.task == "object-detection" and step.arguments["image"] == image and step.noun in (noun, ""):
            return place
    return None


def _cropped(bench: Bench, wish: Wish, image: Any, place: str) -> Any:
    if isinstance(image, list):
        found = bench.add(
            "crop", {"image": image, "region": place}, wish, f"only the {place} is meant", each="image", asked=False
        )
    else:
        same = [
            i
            for i, s in enumerate(bench.steps)
            if s.task == "crop" and s.arguments == {"image": image, "region": place}
        ]
        found = (
            same[0]
            if same
            else bench.add("crop", {"image": image, "region": place}, wish, f"only the {place} is meant", asked=False)
        )
    return node(found)


def _pictures(bench: Bench, wish: Wish) -> list[File]:
    return bench.files_for(wish, "image")


def crop(bench: Bench, wish: Wish) -> Result:
    """Changing a picture: cutting a part out needs no model."""
    files = _pictures(bench, wish)
    text = bench.segment(wish)
    if place := region(text) or region(bench.sentence(wish)):
        if not re.search(
            r"\b(?:crop|cut|only|just|keep|extract|give|show|take|want|save|slice|trim)", text, re.IGNORECASE
        ):
            raise Lacking(f"I do not know what to do with the {place}; say “crop the {place}”.")
        done = bench.add(
            "crop",
            {"image": handles(files), "region": place},
            wish,
            f"only the {place} is wanted",
            each=each("image", files),
        )
    else:
        arguments = {"image": handles(files), "prompt": text}
        done = bench.add(
            "image-to-image", arguments, wish, "changes the picture as it is said", each=each("image", files)
        )
    return Result("image", (done,), names=names(files), many=len(files) > 1)


def read_digit(bench: Bench, wish: Wish) -> Result:
    files = _pictures(bench, wish)
    why = "a classifier of handwritten digits tells which it is"
    place = bench.add(
        "image-classification",
        {"image": handles(files)},
        wish,
        why,
        each=each("image", files),
        noun="digit",
        covers=" ".join([*(piece.text for piece in wish.limits), *(m.group() for m in _EITHER.finditer(bench.goal))]),
    )
    return Result("labels", (place,), names=names(files), many=len(files) > 1, thing="digit")


def classify_picture(bench: Bench, wish: Wish) -> Result:
    files, labels = _pictures(bench, wish), wish.all("labels")
    if len(labels) > 1:
        arguments = {"image": handles(files), "candidate_labels": labels}
        place = bench.add(
            "zero-shot-image-classification", arguments, wish, "one of these it is", each=each("image", files)
        )
        return Result("labels", (place,), names=names(files), many=len(files) > 1)
    noun = wish.argument("thing") or recognised_noun(bench.segment(wish)) or recognised_noun(bench.goal)
    place = bench.add(
        "image-classification",
        {"image": handles(files)},
        wish,
        "tells what is in the picture",
        each=each("image", files),
        noun=noun,
    )
    return Result("labels", (place,), names=names(files), many=len(files) > 1)


def describe_picture(bench: Bench, wish: Wish) -> Result:
    files = _pictures(bench, wish)
    place = bench.add(
        "image-to-text",
        {"image": handles(files)},
        wish,
        "says what is to be seen",
        each=each("image", files),
        noun="caption",
    )
    return Result("text", (place,), names=names(files), many=len(files) > 1)


def page_text(bench: Bench, wish: Wish, file: File, asked: bool) -> int:
    """The steps that read what is printed in a picture; a page line by line."""
    if file.shape >= _PAGE_SHAPE or not file.shape:
        return bench.add("image-to-text", {"image": file.handle}, wish, "reads the printed text", asked=asked)
    lines = bench.add("split-lines", {"image": file.handle}, wish, "a page is read line by line", asked=False)
    texts = bench.add(
        "image-to-text", {"image": node(lines)}, wish, "each line is read by itself", asked=False, each="image"
    )
    return bench.add("join", {"texts": node(texts)}, wish, "the lines make the page's text", asked=asked)


def pages_text(bench: Bench, wish: Wish, files: list[File], asked: bool) -> int:
    """The steps that read several pictures, such as the pages of a scan: as few as for one, with a call for each. Of
    blank pages it is said that they are."""
    blank = [file for file in files if file.blank]
    if 0 < len(blank) < len(files):
        bench.replies += [f"{file.page[0].upper()}{file.page[1:]} is blank." for file in blank]
        files = [file for file in files if not file.blank]
    if len(files) == 1:
        return page_text(bench, wish, files[0], asked)
    pictures = handles(files)
    if all(file.shape >= _PAGE_SHAPE or not file.shape for file in files):
        why = "reads what is printed on each"
        return bench.add("image-to-text", {"image": pictures}, wish, why, each="image", asked=asked)
    why = "each page is read line by line"
    lines = bench.add("split-lines", {"image": pictures}, wish, why, each="image", asked=False)
    why = "each line is read by itself"
    texts = bench.add("image-to-text", {"image": node(lines)}, wish, why, asked=False, each="image")
    why = "the lines make each page's text"
    return bench.add("join", {"texts": node(texts)}, wish, why, asked=asked, each="texts")


def whole_text(bench: Bench, wish: Wish, files: list[File]) -> int:
    """The steps that read pictures, with one text at the end: that of all pages, one after another."""
    place = pages_text(bench, wish, files, asked=False)
    if len(files) == 1:
        return place
    return bench.add("join", {"texts": node(place)}, wish, "the pages make one text", asked=False)


def of_one_file(files: list[File]) -> bool:
    """True for one picture, and for the pages of one scan."""
    return len({file.name.removesuffix(f", {file.page}") if file.page else file.handle for file in files}) == 1


def heard(bench: Bench, wish: Wish, files: list[File], asked: bool) -> int:
    return bench.add(
        "automatic-speech-recognition",
        {"audio": handles(files)},
        wish,
        "writes down what is said",
        each=each("audio", files),
        asked=asked,
    )


def transcribe(bench: Bench, wish: Wish) -> Result:
    files = bench.files_for(wish, "audio")
    in_figures = _FIGURES.search(bench.goal) is not None and len(files) == 1
    place = heard(bench, wish, files, asked=not in_figures)
    if in_figures:
        arguments = {"expression": f"({node(place)})"}
        place = bench.add("calculate", arguments, wish, "the number in figures", told="figures", covers=bench.goal)
        return Result("number", (place,), names=names(files))
    return Result("text", (place,), names=names(files), many=len(files) > 1)


def ask_picture(bench: Bench, wish: Wish) -> Result:
    files = _pictures(bench, wish)
    question = wish.argument("topic") or bench.sentence(wish)
    arguments = {"image": handles(files), "question": question}
    task = "document-question-answering" if _DOCUMENT.search(bench.goal) else "visual-question-answering"
    place = bench.add(task, arguments, wish, "answers a question about the picture", each=each("image", files))
    return Result("labels", (place,), names=names(files), many=len(files) > 1)


def of_file(task: str, kind: str, slot: str, gives: str, why: str) -> Any:
    """A builder for tasks that take one file and nothing else."""

    def build(bench: Bench, wish: Wish) -> Result:
        files = bench.files_for(wish, kind)
        place = bench.add(task, {slot: handles(files)}, wish, why, each=each(slot, files))
        return Result(gives, (place,), names=names(files), many=len(files) > 1)

    return build


def of_prompt(task: str, slot: str, gives: str, why: str) -> Any:
    """A builder for tasks that make something out of words."""

    def build(bench: Bench, wish: Wish) -> Result:
        prompt = wish.argument("topic", "text", "thing") or without_verb(bench.segment(wish)) or bench.segment(wish)
        return Result(gives, (bench.add(task, {slot: prompt}, wish, why),))

    return build
