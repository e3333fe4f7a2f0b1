"""From a goal to a plan: each clause's mentions become steps, or point at steps that are there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import shorten

from ....retrieval.ranking.cues import ANSWER
from ....tools.languages import english_names
from ....tools.tasks import NOTHING
from ..parse.clauses import Clause
from ..parse.mentions import Mention, mentions
from ..parse.reading import Reading, language, read, spell_operators
from ..parse.words import VERBS
from ..plan import Plan
from .building import build, lacking_tool
from .draft import Draft, File
from .matching import PLACED, Match, Matcher, Tool

__all__ = ["File", "make_plan"]

_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|please|thanks?|thank you|kindly|so|well|and|also)\b[\s,!]*)*"
    r"(?:(?:can|could|would|will) (?:you|someone)(?: please)? (?:help|assist|do (?:this|that|it))\b.{0,40}"
    r"|(?:please )?(?:help|assist) me\b.{0,25}|let me know.{0,20}|i (?:need|want) (?:your |some )?(?:help|"
    r"assistance)\b.{0,12}"
    r"|in advance|thank.*|for me|as soon as possible|asap|if possible|i (?:would|will) (?:appreciate|be).*)?\W*$",
    re.IGNORECASE,
)
_USE = re.compile(  # says how, or what with
    r"^(?:please )?(?:(?:use|include|consider|make sure|ensure|note|save)\b|(?:analy[sz]e|process|look (?:at|"
    r"through)|listen to|watch|take"
    r"|open|load|examine|inspect|study)\b(?:\W+\S+){0,6}\W*$)",
    re.IGNORECASE,
)
_STATED = 0.5  # what only states something must come this close to a task to ask for it
_ASKED_ABOUT = re.compile(r"\b(?:questions?|ask\w*|query|queries|wonder\w*)\b", re.IGNORECASE)
# It tells something, and asks for nothing: it starts with what it tells of, and names no wish.
_STATES = re.compile(
    r"^(?!.*\b(?:want|need|please|would like|wish|could you|can you)\b)\W*(?:(?:and|but|so|also|because|since|"
    r"then)\s+)?"
    r"(?:i|we|you|he|she|it|they|this|that|these|those|there|the|an?|my|our|your|his|her|its|their|some\w*|every\w*|"
    r"no|nobody|"
    r"what a|in|on|at|by|for|with|from|after|before|during|as|all|both|each|one|two|three|four|five|\d+|not|here|"
    r"yesterday|today|"
    r"of|only|because|if|when|while|sorry|thx|ok|\w+ed)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\b(?:again|another|once more|as well|a second|second|too)\b", re.IGNORECASE)
_IN_A_LANGUAGE_SOMEWHERE = re.compile(rf"\bin (?:{'|'.join(english_names())})\b", re.IGNORECASE)
_VOICES = frozenset({"text-to-speech"})
_IN_A_LANGUAGE = re.compile(r"(?:in|into|to)\s", re.IGNORECASE)
_SURELY = 0.9
_STRONG = 0.8  # a thing that nothing made yet is made when its mention is this sure
_ANSWERING = frozenset({"question-answering", "visual-question-answering", "document-question-answering"})


def make_plan(goal: str, files: Sequence[File], matcher: Matcher, assume: bool = False) -> Plan:
    """A plan for a goal; its `problem` says which part could not be placed, and then nothing of it shall run.

    Args:
        files: what was passed along, by handle.
        matcher: the tools, and how close each comes to words.
        assume: take it that what the goal speaks of is there, even if it was not passed along.
    """
    reading = read(goal)
    draft = Draft(reading, files, matcher, assume, build=build)
    problems: list[str] = []
    for clause in _whole_clauses(reading):
        _place(draft, clause)
        if draft.problem:
            problems.append(draft.problem)
            draft.problem = ""
            if not assume:
                break
    if not draft.steps and not problems:
        problems = [f"I could not find anything to do in {shorten(goal, 200)!r}; say what shall be done, with a verb."]
    return Plan(goal, tuple(draft.steps) if assume or not problems else (), problems[0] if problems else "")


def _whole_clauses(reading: Reading) -> list[Clause]:
    """Clauses without words of their own (only quotes, greetings) belong to the one before."""
    whole: list[Clause] = []
    for clause in reading.clauses:
        if whole and not re.search(r"[A-Za-z]{2,}", clause.plain):
            last = whole[-1]
            whole[-1] = Clause(f"{last.text} {clause.text}", last.quotes + clause.quotes, last.asks, last.question)
        else:
            whole.append(clause)
    return whole


def _place(draft: Draft, clause: Clause) -> None:
    if draft.reading.arithmetic and draft.reading.arithmetic in spell_operators(clause.text):
        draft.add("calculate", clause, 0.9, {"expression": draft.reading.arithmetic}, why="arithmetic needs no model")
        return
    draft.refs.clear()
    draft.notice(clause)
    spoken = False
    for mention, tool in _spoken_of(draft, clause):
        place = _answered(draft, clause) if tool.task.id in _ANSWERING else _before(draft, mention, tool)
        spoken = True
        if place is None and mention.inside:
            continue
        if place is not None and (mention.refers or not _anew(draft, clause, tool, place)):
            draft.refs.append(place)
        elif _is_out_of_place(draft, mention, tool):
            spoken = False
        elif not mention.inside and not (
            mention.refers and (mention.participle or mention.sure < _STRONG or _quoted(clause, mention))
        ):
            build(draft, clause, tool, mention.sure)
            if draft.problem:
                return
    if clause.asks and not spoken:
        _closest(draft, clause)


def _is_out_of_place(draft: Draft, mention: Mention, tool: Tool) -> bool:
    """True when a cue that is not quite sure means a tool for a kind of file that is not there."""
    needed = {slot.kind for slot in tool.task.media if slot.required}
    return mention.sure < _SURELY and not draft.assume and not needed <= draft.kinds()


def _before(draft: Draft, mention: Mention, tool: Tool) -> int | None:
    """The step that a mention may speak of: of that tool, or, for "the classification", of another one like it."""
    if (place := draft.placed(tool)) is not None:
        return place
    like = {found.name for kind, name in mention.tasks if kind and (found := draft.matcher.find(name))}
    near = range(len(draft.steps) - 1, -1 if mention.refers else max(-1, len(draft.steps) - 2), -1)
    return next((i for i in near if draft.tools[i].name in like), None) if mention.refers else None


def _quoted(clause: Clause, mention: Mention) -> bool:
    """True for "the description 'a blue dog'": the thing itself is given."""
    return re.match(r"\W*(?:\w+\W+){0,2}⟦", clause.seen[mention.end :]) is not None


def _questions(draft: Draft, clause: Clause) -> list[str]:
    """Quoted questions that no step has taken up."""
    return [quote for quote in clause.quotes if quote.rstrip().endswith("?") and quote not in draft.used]


def _answered(draft: Draft, clause: Clause) -> int | None:
    """The last step that answers a question, when the clause asks no other one."""
    if _questions(draft, clause):
        return None
    return next((i for i in range(len(draft.steps) - 1, -1, -1) if draft.tools[i].task.id in _ANSWERING), None)


def _spoken_of(draft: Draft, clause: Clause) -> list[tuple[Mention, Tool]]:
    """The mentions of a clause with their tools; what is only said in a language is said last."""
    found: list[tuple[Mention, Tool]] = []
    spoken = mentions(clause)
    if not clause.asks:
        draft.told.append(clause)
        spoken = []
    asked = not any(m.sure > 0.6 for m in spoken) if clause.asks else _ASKED_ABOUT.search(clause.plain)
    if asked and _questions(draft, clause):
        spoken.append(Mention(ANSWER.tasks, 0, 0, 0.7))
    starts = sorted(m.start for m in spoken)
    for mention in spoken:
        end = next((start for start in starts if start > mention.start), len(clause.seen))
        tool = _tool_for(draft, clause, mention, end)
        if tool:
            found.append((mention, tool))
    answering = [pair for pair in found if pair[1].task.id in _ANSWERING]
    if len(answering) > 1:  # one clause asks one question, in the surest of its words
        kept = max(answering, key=lambda pair: (not pair[0].refers, pair[0].sure))
        found = [pair for pair in found if pair is kept or pair not in answering]
    for tool in draft.matcher.named_in(clause.plain):
        found.append((Mention(((tool.name, ""),), 0, 0, 0.8), tool))
    return sorted(found, key=lambda pair: _turn(clause, *pair))


def _turn(clause: Clause, mention: Mention, tool: Tool) -> int:
    """What is only said in a language is said last, but before it is spoken or drawn in that language."""
    if _IN_A_LANGUAGE.match(clause.seen[mention.start : mention.end]):
        return 1
    return 2 if tool.task.id in _VOICES and _IN_A_LANGUAGE_SOMEWHERE.search(clause.seen) else 0


def _tool_for(draft: Draft, clause: Clause, mention: Mention, end: int) -> Tool | None:
    """The tool that a mention means, by the kind of what it is about where that matters."""
    by_kind = {kind: name for kind, name in mention.tasks if kind}
    names = [name for kind, name in mention.tasks if not kind]
    if by_kind:
        about = _kinds_about(draft, clause, mention, end, by_kind)
        names = [by_kind[kind] for kind in about if kind in by_kind] + names
        tools = [tool for name in names if (tool := draft.matcher.find(name))]
        there = draft.kinds()
        fit = [t for t in tools if all(s.kind in there for s in t.task.media if s.required)]
        return (fit or tools or [None])[0]
    return next((tool for name in names if (tool := draft.matcher.find(name))), None)


def _kinds_about(draft: Draft, clause: Clause, mention: Mention, end: int, by_kind: dict[str, str]) -> list[str]:
    answering = any(name in _ANSWERING for name in by_kind.values())
    return draft.about(clause, (mention.start, mention.end), end, answering)


def _anew(draft: Draft, clause: Clause, tool: Tool, place: int) -> bool:
    """True when a tool that was called before is asked for something else."""
    before = draft.steps[place].arguments
    if any(quote not in draft.used for quote in clause.quotes) and any(not slot.is_media for slot in tool.task.inputs):
        return True
    target = language(clause.text) or ""
    if tool.task.id == "translation" and target and before.get("target_language") not in (None, target):
        return True
    named = [file.handle for file in draft.files if file.name and file.name.lower() in clause.text.lower()]
    taken = {str(v) for value in before.values() for v in (value if isinstance(value, list) else [value])}
    kinds = {slot.kind for slot in tool.task.media}
    if any(handle not in taken and _kind_of(draft, handle) in kinds for handle in named):
        return True
    return bool(_AGAIN.search(clause.plain)) and bool(named or clause.quotes)


def _kind_of(draft: Draft, handle: str) -> str:
    return next((file.kind for file in draft.files if file.handle == handle), "")


def _closest(draft: Draft, clause: Clause) -> None:
    """No cue was found: the tool whose `asks` come closest, if it comes close enough."""
    if _POLITE.match(clause.plain) or _USE.match(clause.plain) or len(re.findall(r"\w+", clause.seen)) < 2:
        return
    if _says_how(draft, clause):
        draft.told.append(clause)
        return
    matches = draft.matcher.match(clause.plain, draft.kinds())
    other = draft.matcher.kind_of_asking(clause.plain)
    states = bool(_STATES.match(clause.plain)) and not clause.question
    if other or not matches or matches[0].score < (_STATED if states else PLACED):
        if other == NOTHING or states:
            draft.told.append(clause)
        else:
            draft.problem = _unplaced(draft, clause, matches)
        return
    place = draft.placed(matches[0].tool)
    if place is None or _anew(draft, clause, matches[0].tool, place):
        build(draft, clause, matches[0].tool, matches[0].confidence)


def _says_how(draft: Draft, clause: Clause) -> bool:
    """True for "please", "as a list", and for headings: a few words without a verb beside others that ask."""
    words = re.findall(r"[a-z']+", clause.plain.lower())
    lone = len(words) < 3 or not VERBS & {*words}
    return len(words) < 4 and len(draft.reading.clauses) > 1 and (bool(draft.steps) or lone)


def _unplaced(draft: Draft, clause: Clause, matches: Sequence[Match]) -> str:
    nearest = ", ".join(match.tool.name for match in matches[:3])
    there = draft.kinds()
    lacking = next((m for m in matches[:3] if any(slot.kind not in there for slot in m.task.media)), None)
    hint = f"; {lacking.tool.name} would need {lacking.task.media[0].kind} passed along" if lacking else ""
    said = f"I could not place {clause.full!r}: no task fits it well enough"
    return f"{said}. The nearest are {nearest}{hint}; say it in other words." if nearest else lacking_tool(clause)
