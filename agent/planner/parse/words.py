"""The words that the embedded planner knows, as data: verbs, operators, languages, and words that tell one case from
another. How people ask for tasks stands in retrieval/ranking/cues.txt."""

from __future__ import annotations

import re

VERBS = frozenset(
    """
    add analyse analyze animate answer ask assess build calculate caption categorise categorize change check
    choose classify clean colorize colourise compare compose compute convert correct count create cut decide denoise describe detect
    determine draw edit embed enhance estimate evaluate explain extract fill find fix forecast generate get give guess
    highlight how identify improve join label list listen locate look make mark measure multiply name outline paint paraphrase
    pick play predict produce provide put rank read recognise recognize remove repair report restore rewrite say
    search segment separate show sing spell speak split state subtract sum summarise summarize take tag tell transcribe
    transform translate turn type upscale use vocalise what which who write
    abridge adjust align animate apply assign blur brighten bring capture clip colour color complete condense construct
    continue copy crop crunch decode delete depict design diagnose digitise digitize discuss divide double dub elaborate
    embed erase explore film finish flag flip forecast frame grade group hand hear illustrate imagine insert inspect
    interpret invent isolate judge keep label lay lift map match measure mention mix modify narrate note order outline
    output partition paste pen photoshop pinpoint plot point polish predict prepare present proofread pull rate recite
    reckon record redact reduce refine rephrase reply report respond retouch return reword rotate score scan sharpen
    shorten shrink simplify sketch sort spot stitch strip structure suggest synthesise synthesize talk tell trace train
    tidy underline understand vectorise vectorize verify view visualise visualize voice work
    """.split()
)

# How people type in a hurry.
SHORT_FORMS = {
    "u": "you", "r": "are", "ur": "your", "pls": "please", "plz": "please", "gimme": "give me", "wanna": "want to",
    "whats": "what's", "thats": "that's", "theres": "there's", "dont": "don't", "cant": "can't", "im": "i'm", "ive": "i've",
    "lemme": "let me", "thx": "thanks", "teh": "the", "mny": "many", "abt": "about", "w/o": "without", "pics": "pictures",
}  # fmt: skip

OPERATORS = (
    ("to the power of", "**"),
    ("divided by", "/"),
    ("multiplied by|times", "*"),
    ("plus", "+"),
    ("minus", "-"),
    ("modulo|mod", "%"),
    ("is greater than|greater than|is larger than|larger than|is more than|more than", ">"),
    ("is less than|less than|is smaller than|smaller than", "<"),
)

PAGE = re.compile(
    r"\b(?:page|scan(?:ned)?|document|paragraphs?|all (?:the )?lines|every line|each line|letter|book|article|"
    r"full text|whole text|several lines)\b",
    re.IGNORECASE,
)
LINE = re.compile(r"\b(?:this|the|one|single|a) (?:\w+ )?line\b|\bline of\b", re.IGNORECASE)
COMPARISON = re.compile(
    r"\b(more|fewer|less)\b.*\bthan\b|\bwhich\b.*\b(?:has|have|contains|shows)\b.*\b(more|fewer|most|fewest)\b",
    re.IGNORECASE,
)
PLURAL = re.compile(r"\b(?:these|those|both|all|each|every|two|three|four|five|six|them)\b", re.IGNORECASE)
REFERS = re.compile(
    r"\b(?:it|its|that|this|them|the (?:result|number|text|answer|output|transcript|translation|sum|total|caption))\b",
    re.IGNORECASE,
)

# What is done with several numbers, told by a word: the sign that joins them.
FORMULAS = (
    (re.compile(r"\bdifference\b|\bsubtract", re.IGNORECASE), "-"),
    (re.compile(r"\bmultipl|\bproduct\b", re.IGNORECASE), "*"),
    (re.compile(r"\baverage\b|\bmean of\b", re.IGNORECASE), "mean"),
    (re.compile(r"\bsum\b|\badd|\btotal\b|\baltogether\b|\bin all\b", re.IGNORECASE), "+"),
)  # fmt: skip
