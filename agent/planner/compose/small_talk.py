"""What is said to the assistant itself: greetings, thanks, and what it can do. Answered out of the index, by no model.

Each row has to match the whole of what was said, with no file passed along, so that no wish gets lost behind a greeting.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ....retrieval.index import ModelIndex
from ....tools.card import ModelCard
from ....tools.domains import purpose_words
from ....tools.tasks import rows

_PREPARING = frozenset(
    {"join", "split-lines", "pick", "crop", "draw-boxes", "filter-boxes", "sort-lines", "select-lines"}
)  # nobody asks for these by themselves
_NAME = r"(?:prefrontal|there|again|all|everyone|you|my (?:friend|dear)|mate|bud|dear)"
_HELLO = (
    rf"(?:hi+|hey+|hello+|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|morning|evening)(?: {_NAME})?"
)
_MUCH = r"(?:so|very|ever so|a lot|again|much|kindly|indeed|for (?:that|this|your help|everything|all that))"
_THANKS = rf"(?:many |much |ok |okay |great |perfect |fine )*(?:thanks?|thank you|thx|cheers|much obliged)(?: {_MUCH}| {_NAME})*"
_CAN = r"(?:(?:can|could|do|are|may|might)\b)"
_THINGS = r"(?: else| all| (?:sorts?|kinds?|types?) of (?:things?|stuff|tasks?|goals?)| things?| tasks?)?"
_ABLE = r"(?:do|help(?: me)? with|able to do|capable of)"
_HERE = r"(?: for me| here| offline| actually| exactly| really| then| please)*"
_HELP = (
    rf"(?:so )?what{_THINGS} {_CAN} (?:you|i|u) (?:actually |really |even )?(?:{_ABLE}|ask(?: you)?(?: (?:for|to do))?){_HERE}"
    rf"|help(?: me)?|(?:please )?(?:list|tell me|show me) what you can do{_HERE}|how (?:does this|do you) work|how do i use (?:this|you)"
)
_WHO = r"(?:so )?(?:who|what) are you|are you (?:a |an )?(?:human|person|robot|bot|program|machine|ai|llm)(?: or .*)?|what(?:'s| is) your name"


def reply(goal: str, index: ModelIndex) -> str:
    """What is answered; "" when the goal asks for anything besides."""
    said = " ".join(re.sub(r"[^\w\s']", " ", goal.lower().replace("’", "'")).split())
    for pattern, answer in _ROWS:
        if pattern.fullmatch(said):
            return answer(index)
    return ""


def hello(index: ModelIndex) -> str:
    return f"Hello! Tell me a goal and pass the files it speaks of. {abilities(index)}"


def who(index: ModelIndex) -> str:
    return f"I am prefrontal, a program: a planner that finds the model for each step and calls it. {abilities(index)}"


def abilities(index: ModelIndex) -> str:
    """A line for each task of which a model of the index can run here, with that model."""
    lines = []
    for task in rows():
        hits = index.search("", 1, task=task.id, runnable_only=True) if task.id not in _PREPARING else ()
        for hit in hits:
            by = "built in" if task.builtin else f"{hit.id}{_narrowed(hit.card)}"
            lines.append(f"- {task.id}: {task.does.rstrip('.')} ({by})")
    if not lines:
        return "No model of this index can run here; add one with prefrontal index add."
    return "\n".join(["What can run here:", *lines])


def _narrowed(card: ModelCard) -> str:
    """What a model is for beyond its task, in words of our own lists."""
    known = purpose_words(card.languages, (*card.tags, *card.labels))
    return f"; for {', '.join(known)}" if known else ""


_Answer = Callable[[ModelIndex], str]
_ROWS: tuple[tuple[re.Pattern[str], _Answer], ...] = (
    (re.compile(rf"{_HELLO}(?: {_HELLO})?"), hello),
    (re.compile(_THANKS), lambda index: "You are welcome."),
    (re.compile(rf"(?:{_HELLO} )?(?:{_HELP})"), abilities),
    (re.compile(rf"(?:{_HELLO} )?(?:{_WHO})"), who),
)
