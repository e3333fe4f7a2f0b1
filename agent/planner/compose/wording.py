"""Wishes about texts: given in quotes, in a file, printed in a picture, spoken in a recording, or made before."""

from __future__ import annotations

import re
from typing import Any

from ....tools.languages import english_names, own_names
from ....tools.stems import content_words
from ..parse.arithmetic.quantities import numbers_of
from ..parse.numerals import in_words
from ..parse.wishes import Wish
from .bench import Bench, Lacking, Result, names
from .seeing import heard, of_one_file, page_text, pages_text, whole_text
from .told_lines import ask_text, is_generic

_QUOTED = re.compile(
    r"“([^”]+)”|„([^“”]+)[“”]|«\s*([^»]+?)\s*»|\"([^\"]+)\"|(?<!\w)['‘’]((?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)|`([^`]+)`",
    re.DOTALL,
)
_BEHIND_COLON = re.compile(r"(?<=\w)[:：–—]\s+(\S.*)", re.DOTALL)
_BOTH = re.compile(r"\b(?:both|each|all of them|every one)\b", re.IGNORECASE)
_REFERRED = re.compile(
    r"\b(?:this|that|the|last|first)(?: last| first)? (?:number|one|result|figure|amount|digit|sum|total|line)\b",
    re.IGNORECASE,
)
_NUMBER_FORM = re.compile(r"[-−]?\d[\d.,\s]*\d|\d")


# Wishes about the words of a text: "how many lines?" asks of the text and not of the number that was told before.
_OF_TEXTS = frozenset(
    {
        "count_words",
        "count_lines",
        "count_characters",
        "nth_line",
        "find_line",
        "sort_lines",
        "summarize",
        "answer_question",
        "sentiment",
        "detect_language",
        "classify_text",
    }
)


def quotes_in(text: str) -> list[str]:
    """What stands in quotes, in order."""
    return [next(group for group in found.groups() if group).strip() for found in _QUOTED.finditer(text)]


def text_of(bench: Bench, wish: Wish, needed: str = "a text") -> Result:
    """The text that a wish is about.

    Raises:
        Lacking: there is none.
    """
    kinds = () if wish.op in _OF_TEXTS else ("number", "labels")
    quoted = quotes_in(bench.segment(wish))
    if (
        not quoted
        and wish.op != "count_lines"
        and wish.source in ("wish", "before")
        and (made := bench.made(wish, "text", "sentence", "translation", *kinds))
    ):
        return made
    if given := _given_text(bench, wish):
        return Result("text", value=given)
    if wish.op == "count_lines" and not bench.files and any(file.kind == "text" for file in bench.before.files):
        return text_in_files(bench, wish, "text")
    there = {file.kind for file in bench.files}
    for kind in ("text", "audio", "image"):
        if kind in there:
            return text_in_files(bench, wish, kind)
    if made := bench.made(wish, "text", "sentence", "translation", *kinds):
        return made
    if {file.kind for file in bench.before.files} & {"text", "audio", "image"} and not bench.files:
        kind = next(file.kind for file in reversed(bench.before.files) if file.kind in ("text", "audio", "image"))
        return text_in_files(bench, wish, kind)
    if quoted := quotes_in(bench.before.goal):  # "and is it positive?" of what the turn before quoted
        return Result("text", value=max(quoted, key=len))
    words = "; ".join(f"“{piece.text}”" for piece in wish.words[:2])
    raise Lacking(f"{words} needs {needed}: put it in quotes, or pass a text file along.")


def _given_text(bench: Bench, wish: Wish) -> str:
    """In quotes, else as it was read, else what stands behind a colon."""
    all_of_them = quotes_in(bench.goal)
    alone = len(bench.understanding.wishes) == 1 or len(all_of_them) == 1  # "which language, and is it friendly?"
    own = quotes_in(bench.segment(wish)) or (all_of_them if alone and wish.op in _OF_TEXTS else [])
    own = own or (all_of_them if len(bench.understanding.wishes) == 1 else [])
    if own:
        return max(own, key=len)
    if any(file.kind == "text" for file in bench.files):
        return ""  # what is not in quotes speaks of the file
    if said := wish.argument("text", "texts"):
        return said.strip("\"'“”«»` ")
    if (found := _BEHIND_COLON.search(bench.segment(wish))) and len(found[1].split()) > 2:
        return found[1].strip()
    return ""


def text_in_files(bench: Bench, wish: Wish, kind: str) -> Result:
    files = bench.files_for(wish, kind)
    if kind == "text":
        if len(files) > 1:
            return Result("text", value=[file.handle for file in files], names=names(files), many=True)
        return Result("text", value=files[0].handle, names=names(files))
    if kind == "audio":
        return Result("text", (heard(bench, wish, files, asked=False),), names=names(files), many=len(files) > 1)
    if not of_one_file(files):
        raise Lacking("I read one picture of text at a time here; pass one, or ask for each by itself.")
    return Result("text", (whole_text(bench, wish, files),), names=names(files))


def _content(bench: Bench, text: Result) -> str | None:
    """The words themselves, where they are known before anything runs."""
    if text.places or not isinstance(text.value, str):
        return None
    if re.fullmatch(r"text-\d+", text.value):
        seen = bench.look(text.value)
        return seen if isinstance(seen, str) else None
    return text.value


def read_text(bench: Bench, wish: Wish) -> Result:
    """What is printed, or a part of it; a text file is read out as it is."""
    files = bench.files_for(wish, "image", "text")
    which = wish.limit("nth")
    about = wish.limit("about") or wish.argument("about")
    part = bool(about or (which and re.search(r"\b(?:line|word|sentence|paragraph)", which, re.IGNORECASE)))
    if part and not of_one_file(files):
        raise Lacking("I can pick a part out of one picture at a time; pass one, or ask for each by itself.")
    if part:
        place = whole_text(bench, wish, files) if files[0].kind == "image" else None
        text = Result("text", (place,) if place is not None else (), value=files[0].handle, names=names(files))
        return _selected(bench, wish, text, which) if not about else lines_about(bench, wish, text, about)
    if files[0].kind == "text" and (found := _found_already(bench)):
        return found  # "which line is about it? read it out"
    if files[0].kind == "text":
        raise Lacking(f"{files[0].name} is a text already; say what shall be done with it.")
    if any(file.page for file in files):
        return Result("text", (pages_text(bench, wish, files, asked=True),), names=names(files), many=len(files) > 1)
    places = tuple(page_text(bench, wish, file, asked=True) for file in files)
    return Result("text", places, names=names(files), many=len(files) > 1)


def _selected(bench: Bench, wish: Wish, text: Result, which: str) -> Result:
    which = re.sub(r"^\W*(?:only|just|simply)\s+", "", which, flags=re.IGNORECASE)
    arguments = {"text": text.reference, "which": which}
    return Result("text", (bench.add("select-lines", arguments, wish, f"only the {which} is wanted", covers=which),))


def nth_line(bench: Bench, wish: Wish) -> Result:
    which = wish.limit("nth") or wish.argument("number") or bench.segment(wish)
    return _selected(bench, wish, text_of(bench, wish), which)


def find_line(bench: Bench, wish: Wish) -> Result:
    """The lines that name it; of a text file, where none does, the one that speaks of it."""
    if is_generic(bench.segment(wish)) and (found := _found_already(bench)):
        return found  # "…, look in the minutes please"
    said = [wish.argument("about"), wish.limit("about"), wish.argument("topic"), bench.segment(wish)]
    about = next((words for words in map(_without_names(bench), said) if re.search(r"\w{3}", words)), "")
    if not about:
        raise Lacking("Say what the line is about, such as “the line about the rent”.")
    text = text_of(bench, wish)
    if text.value is not None and str(text.value).strip().casefold() == about.strip("`'\"“”").casefold():
        read = _found_already(bench)  # the quote is what the line is about, and no text to look in
        if read is None:
            raise Lacking(f"In which text the line about “{about}” is to be found was not said; pass its file.")
        text = read
    return lines_about(bench, wish, text, about)


def _found_already(bench: Bench) -> Result | None:
    """The line that a wish of this goal has found."""
    return next((one for one in reversed(bench.results) if one is not None and one.kind == "text" and one.places), None)


def _without_names(bench: Bench) -> Any:
    """Words without the names of files, or parts of these."""
    names_of = [file.name for file in bench.files if file.name]

    def plain(words: str) -> str:
        for name in names_of:
            words = words.replace(name, " ")
        return "" if words.strip() and any(words.strip() in name for name in names_of) else words.strip(" :,.")

    return plain


def lines_about(bench: Bench, wish: Wish, text: Result, about: str) -> Result:
    """The lines that name it; where no line does and the text is known, the one that speaks of it."""
    from ....tools.line_search import holding
    from ....tools.texts import lines_of

    content = _content(bench, text)
    if content is None or holding(lines_of(content), about):
        arguments = {"text": text.reference, "about": about}
        return Result("text", (bench.add("find-lines", arguments, wish, f"the lines about {about}"),))
    return ask_text(bench, wish)


def answer_question(bench: Bench, wish: Wish) -> Result:
    """A question about a text is answered by a model that quotes it, else by the line that speaks of it."""
    question = wish.argument("topic", "about") or bench.sentence(wish)
    text = text_of(bench, wish)
    if bench.has("question-answering"):
        arguments = {"question": question, "context": text.reference}
        return Result("text", (bench.add("question-answering", arguments, wish, "the answer stands in the text"),))
    return lines_about(bench, wish, text, question)


def counted(what: str) -> Any:
    def build(bench: Bench, wish: Wish) -> Result:
        text = text_of(bench, wish)
        arguments = {"text": text.reference, "what": what}
        place = bench.add(
            "count-in-text",
            arguments,
            wish,
            f"counting {what} needs no model",
            covers="" if numbers_of(bench.sentence(wish)) else bench.sentence(wish),
            each="text" if text.many else "",
        )
        return Result("number", (place,), names=text.names, many=text.many, thing=what)

    return build


def sort_lines(bench: Bench, wish: Wish) -> Result:
    arguments = {"text": text_of(bench, wish).reference, "how": bench.segment(wish)}
    return Result(
        "text", (bench.add("sort-lines", arguments, wish, "sorting needs no model", covers=bench.segment(wish)),)
    )


def of_text(task: str, gives: str, why: str, noun: str = "") -> Any:
    """A builder for tasks that take one text and nothing else."""

    def build(bench: Bench, wish: Wish) -> Result:
        text = text_of(bench, wish)
        place = bench.add(task, {"text": text.reference}, wish, why, noun=noun, each="text" if text.many else "")
        return Result(gives, (place,), names=text.names, many=text.many)

    return build


def classify_text(bench: Bench, wish: Wish) -> Result:
    labels = wish.all("labels")
    if len(labels) < 2:
        asked = wish.argument("topic", "about", "labels", "thing") or next(
            iter(content_words(wish.words[-1].text)[-1:]), ""
        )
        return of_text("text-classification", "labels", "tells what kind of text it is", noun=asked)(bench, wish)
    text = text_of(bench, wish)
    arguments = {"text": text.reference, "candidate_labels": labels}
    place = bench.add("zero-shot-classification", arguments, wish, "one of these it is")
    return Result("labels", (place,), names=text.names)


def translate(bench: Bench, wish: Wish) -> Result:
    numbers = wish.all("number")
    if len(numbers) > 1 and not quotes_in(bench.segment(wish)):
        return _translated(bench, wish, Result("text", value=numbers, names=tuple(numbers), many=True))
    return _translated(bench, wish, text_of(bench, wish))


_SENTENCES = frozenset(("table-query", "convert-units", "dates"))  # which tell a number in a sentence


def number_in_words(bench: Bench, wish: Wish) -> Result:
    """The number of the wish itself, else what came before."""
    number = wish.argument("number") or wish.argument("text")
    several = wish.all("number")
    if wish.source == "words" and _BOTH.search(bench.segment(wish)):
        several = [found.strip(" .,") for found in _NUMBER_FORM.findall(bench.goal)]
    if len(several) > 1:
        return _translated(bench, wish, Result("text", value=several, names=tuple(several), many=True))
    if not number and wish.source == "words":
        found = _NUMBER_FORM.findall(bench.segment(wish))
        number = found[0] if len(found) == 1 else ""
    if number:
        return _translated(bench, wish, Result("number", value=number.strip().strip("\"'“”")))
    made = bench.made(wish, "number", "labels", "text", "sentence")
    if made is not None and made.places and bench.steps[made.places[-1]].task in _SENTENCES:
        why = "the number of the sentence before"
        place = bench.add("calculate", {"expression": f"({made.reference})"}, wish, why, asked=False)
        made = Result("number", (place,))
    if made is None:
        raise Lacking("Which number shall be written in words? There is none in the goal, and none came before.")
    return _translated(bench, wish, made)


def _in_english(bench: Bench, number: Result) -> Result:
    """A whole number that is known already, in English words: that needs no model."""
    figures = str(number.value or "").replace(",", "")
    if number.places or not re.fullmatch(r"\d{1,12}", figures):
        raise Lacking("I write only whole numbers that stand in the goal, or came before, in English words.")
    bench.replies.append(f"{figures} in words: {in_words(int(figures))}.")
    return Result("text", value=in_words(int(figures)))


def _translated(bench: Bench, wish: Wish, text: Result) -> Result:
    names_of = {**english_names(), **{name.lower(): code for name, code in own_names().items()}}
    said = wish.argument("language") or wish.limit("language")
    code = next((names_of[word] for word in re.findall(r"[^\W\d_]+", said.lower()) if word in names_of), "")
    if not code:
        code = next((names_of[w] for w in re.findall(r"[^\W\d_]+", bench.segment(wish).lower()) if w in names_of), "")
    if not code and wish.op == "number_in_words":
        code = "en"
    if not code:
        raise Lacking(f"Into which language? I read none in “{bench.segment(wish)[:80]}”.")
    if code == "en" and wish.op == "number_in_words":
        return _in_english(bench, text)
    name = next(name for name, known in names_of.items() if known == code).capitalize()
    arguments = {"text": text.reference, "target_language": code}
    referred = " ".join(found.group() for found in _REFERRED.finditer(bench.goal))
    covers = " ".join([referred, *(piece.text for piece in wish.limits)])
    why = f"it shall be in {name}"
    place = bench.add("translation", arguments, wish, why, each="text" if text.many else "", covers=covers)
    return Result("translation", (place,), names=text.names, many=text.many)


def make_speech(bench: Bench, wish: Wish) -> Result:
    return Result(
        "audio", (bench.add("text-to-speech", {"text": text_of(bench, wish).reference}, wish, "speaks the text"),)
    )


def fill_gap(bench: Bench, wish: Wish) -> Result:
    return of_text("fill-mask", "labels", "finds the word that is missing")(bench, wish)
