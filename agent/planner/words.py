"""The words that the embedded planner knows, as data: verbs, operators, languages, and cues for tasks.

A cue is a pattern that speaks for a task more clearly than the distance between sentences does. A task without cues
is still found by its row's `asks`.
"""

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

LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "spanish": "es", "italian": "it", "portuguese": "pt", "dutch": "nl",
    "russian": "ru", "chinese": "zh", "mandarin": "zh", "japanese": "ja", "korean": "ko", "arabic": "ar", "hindi": "hi",
    "turkish": "tr", "polish": "pl", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi", "greek": "el",
    "czech": "cs", "romanian": "ro", "hungarian": "hu", "ukrainian": "uk", "hebrew": "he", "thai": "th", "vietnamese": "vi",
    "indonesian": "id", "persian": "fa", "bengali": "bn", "tamil": "ta", "urdu": "ur", "swahili": "sw", "latin": "la",
    "catalan": "ca", "croatian": "hr", "serbian": "sr", "slovak": "sk", "bulgarian": "bg", "estonian": "et", "latvian": "lv",
    "lithuanian": "lt", "welsh": "cy", "irish": "ga", "icelandic": "is",
}  # fmt: skip
_NAMES = "|".join(LANGUAGES)
_SEE = r"image|picture|photo|photograph|scan|screenshot|drawing|painting|snapshot"
_HEAR = r"recording|audio|speech|voice|sound|clip|wav|podcast|message|memo|call"

# (task, pattern, weight): weights add to the similarity of the clause with the task's `asks`, about 0 to 0.7.
CUES: tuple[tuple[str, re.Pattern[str], float], ...] = tuple(
    (task, re.compile(pattern, re.IGNORECASE), weight)
    for task, pattern, weight in (
        ("translation", rf"\btranslat|\b(?:in|into|to)\s+(?:{_NAMES})\b|\b(?:{_NAMES})\s+(?:translation|version|for)\b", 0.6),
        ("automatic-speech-recognition", r"\btranscri(?:be|pt)|speech to text|write down what|what (?:is|was) (?:being )?said", 0.6),
        ("automatic-speech-recognition", rf"\b(?:said|say|says|hear|spoken|speaker|listen|dictat)\b.*\b(?:{_HEAR})\b|\b(?:number|words?|spoken|said)\b.*\b(?:{_HEAR})\b", 0.35),
        ("image-to-text", rf"\b(?:read|ocr|transcribe|recognise|recognize|extract|get|type out|what)\b.*\b(?:text|line|words?|letters|writing|printed|written|page|document|scan|sentence|paragraph)\b|\bcaption|\bdescribe\b.*\b(?:{_SEE})\b", 0.5),
        ("image-to-text", r"\bwhat does (?:it|this|the (?:line|image|picture|page|sign|scan)) say|\bread (?:it|this)\b|\bprinted\b", 0.45),
        ("count", r"\bhow many\b|\bcount(?:ing)?\b|\bnumber of\b(?!.*\bin (?:words|french)\b)", 0.6),
        ("object-detection", r"\bdetect|\blocate\b|\bfind (?:all|every|the)\b.*\b(?:in|on)\b|\bbox(?:es)?\b|\bwhere (?:are|is)\b", 0.5),
        ("image-classification", rf"\bclassif\w*\b.*\b(?:{_SEE})\b|\bwhich (?:digit|kind|class|sort|type|number)\b|\bwhat (?:digit|kind|class|sort|type|number)\b|\b(?:recogni[sz]e|identify|read|name)\b.*\b(?:digits?|numerals?)\b", 0.5),
        ("image-classification", r"\bdigits?\b", 0.35),
        ("image-segmentation", r"\bsegment|\bmask|\bcut out\b|\bbackground\b", 0.5),
        ("depth-estimation", r"\bdepth\b|\bhow far\b", 0.5),
        ("sentence-similarity", r"\bsimilar|\bmeans? the same\b|\bsame meaning\b|\bclosest in meaning\b|\bparaphrases?\b.*\bof\b|\bclose in meaning\b|\bhow close\b|\bcompare\b.*\b(?:meaning|text|sentence)|\bmatch(?:es)? (?:best|the meaning)", 0.6),
        ("calculate", r"\b(?:add|sum)\b.*\b(?:up|them|these|those|together|numbers?|digits?|results?)\b|\bsum (?:of|up)\b|\bcalculat|\bcompute\b|\barithmetic|\bmultiply\b|\bproduct of\b|\bdifference between\b|\baverage\b|\bsubtract\b|\btotal\b", 0.65),
        ("calculate", r"\b(?:more|fewer|less)\b.*\bthan\b|\bwhich\b.*\b(?:has|have|contains?|shows?)\b.*\b(?:more|most|fewer|fewest)\b", 0.7),
        ("summarization", r"\bsummar|\bshorter\b|\bgist\b|\btl;?dr\b", 0.6),
        ("text-classification", r"\bsentiment|\bpositive or negative\b|\btoxic|\bspam\b|\bclassif\w*\b.*\b(?:text|review|comment|tweet|sentence|email)", 0.5),
        ("token-classification", r"\b(?:named )?entit|\bnames? (?:of|in|mentioned)\b.*\b(?:people|persons|text|places)|\bextract the names\b|\bpart.of.speech", 0.5),
        ("question-answering", r"\banswer\b.*\b(?:question|based on|from)\b|\baccording to the (?:text|passage|article)", 0.5),
        ("visual-question-answering", rf"\banswer\b.*\bquestion\b.*\b(?:{_SEE})\b|\b(?:colou?r|wearing|doing|holding)\b.*\b(?:{_SEE})\b", 0.45),
        ("document-question-answering", r"\b(?:invoice|document|form|receipt|contract)\b.*\?|\bquestion\b.*\bdocument\b", 0.4),
        ("table-question-answering", r"\btable\b|\bspreadsheet\b|\bcsv\b", 0.5),
        ("text-to-speech", r"\b(?:read|say|speak|pronounce)\b.*\b(?:aloud|out loud)\b|\bto speech\b|\bspeech from\b|\bvocali[sz]e\b|\bnarrat", 0.6),
        ("text-to-audio", r"\bmusic\b|\bmelody\b|\bsound of\b|\bsound effect|\bsong\b", 0.45),
        ("text-to-image", r"\b(?:draw|paint|generate|create|make|produce)\b.*\b(?:image|picture|photo|painting|illustration|drawing|logo)\b(?! into| to)|\bdraw (?:a|an|me)\b", 0.5),
        ("text-to-video", r"\b(?:generate|create|make|produce|film)\b.*\b(?:video|clip|movie|animation)\b", 0.55),
        ("image-to-video", rf"\banimate\b|\b(?:{_SEE})\b.*\b(?:into|to) (?:a )?(?:video|movie)", 0.6),
        ("image-to-image", rf"\b(?:edit|restyle|upscale|restore|colou?ri[sz]e|enhance|sharpen|transform|modify|change)\b.*\b(?:{_SEE})\b", 0.5),
        ("audio-to-audio", rf"\b(?:denoise|remove (?:the )?noise|separate|enhance|clean)\b.*\b(?:{_HEAR}|voices?)\b", 0.55),
        ("audio-classification", rf"\bclassif\w*\b.*\b(?:{_HEAR})\b|\bwhich (?:instrument|genre|emotion|language is spoken)|\bkind of (?:sound|music)", 0.5),
        ("video-classification", r"\bclassif\w*\b.*\bvideo\b|\bwhich action\b", 0.5),
        ("feature-extraction", r"\bembed|\bvector\b|\bfeatures?\b.*\btext", 0.5),
        ("fill-mask", r"\[MASK\]|<mask>|\bmissing word\b|\bfill in the blank", 0.6),
        ("text-generation", r"\b(?:write|compose|continue)\b.*\b(?:story|poem|essay|text|code|email|letter|article|joke)\b|\bgenerate (?:a )?(?:text|story|code)", 0.5),
        ("zero-shot-classification", r"\b(?:which|choose|one) of\b.*\b(?:labels|topics|categories|classes)\b", 0.5),
        ("draw-boxes", r"\bdraw\b.*\bbox(?:es)?\b|\bmark\b.*\b(?:in|on) the (?:photo|picture|image)\b|\boutline them\b", 0.7),
        ("crop", r"\bcrop\b|\bcut out\b.*\bpart\b", 0.5),
        ("split-lines", r"\bsplit\b.*\blines\b", 0.6),
    )
)  # fmt: skip

PAGE = re.compile(
    r"\b(?:page|scan(?:ned)?|document|paragraphs?|all (?:the )?lines|every line|each line|letter|book|article|full text|whole text|several lines)\b",
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
