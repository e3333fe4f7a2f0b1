"""How people ask for tasks, as data: one row a way of asking.

A row is (tasks, weight, pattern). `tasks` are ids or aliases of the task table, tried from left to right; a kind in
front of one ("audio:audio-classification") means: when that is what the request is about. `weight` says how surely
the pattern means the task: 0.9 hardly anything else, 0.7 mostly, 0.5 only when nothing in the clause is surer, 0.3 only
when the task could not be found otherwise. In a pattern, " ~ " stands for up to four words, " ~~ "
for such that cannot name another thing that is made, and IMAGE, AUDIO, VIDEO,
TEXT, TABLE, DOCUMENT for the words and files of that kind. Two marks before a pattern: "=" for a thing that is made
("the summary"), which may as well refer to one that was made before; "" for a doing.

A task without a row here is still found by its row in the task table: by its name, and by how close its `asks` come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import LANGUAGES

NOUNS = {
    "image": "image|picture|photo|photograph|pic|scan|screenshot|drawing|painting|snapshot|artwork|illustration|portrait"
    "|selfie|x-ray|frame|poster|sketch|shot|scene|‹image›",
    "audio": "audio|recording|sound|soundtrack|wav|mp3|podcast|voice|speech|voicemail|memo|call|song|interview|lecture"
    "|spoken|speaker|dictation|‹audio›",
    "video": "video|movie|film|footage|clip|‹video›",
    "document": "document|invoice|receipt|form|contract|pdf|bill|certificate|questionnaire",
    "table": "table|spreadsheet|csv|sheet|dataset|tabular|data frame|‹table›",
    "text": "text|article|paragraph|sentence|essay|story|review|passage|summary|transcript|transcription|caption"
    "|description|email|e-mail|comment|message|tweet|answer|response|report|note|post|poem|translation|book|abstract"
    "|headline|quote|blog|paper|novel|‹text›",
}  # fmt: skip
_ANY = "|".join(NOUNS.values())
_TONGUES = "|".join(LANGUAGES)
_GAP = r"(?:[\s,]+[\w'‹›⟦⟧-]+){0,4}?"
# Words between a verb and the very thing it makes: no preposition, and no other thing that is made.
_OWN_GAP = (
    r"(?:[\s,]+(?!(?:from|of|in|on|to|for|with|by|about|based|into|at|and|text|textual|descriptions?|captions?|summary|labels?|audio"
    r"|speech|video|masks?|boxes|segmented|edited|modified|enhanced|transformed|annotated|labell?ed|given|depth|response|answer)\b)"
    r"[\w'‹›-]+){0,4}?"
)
_MAKE = (
    "generat(?:e|es|ing)|creat(?:e|es|ing)|mak(?:e|es|ing)|produc(?:e|es|ing)|writ(?:e|es|ing)|compos(?:e|es|ing)|craft(?:ing)?"
    "|draft(?:ing)?|build(?:ing)?|provid(?:e|es|ing)|giv(?:e|es|ing)|prepar(?:e|ing)|(?:come|think|dream|make) up(?: with)?|invent|develop(?:ing)?|formulate"
    "|(?:want|need|get|have|obtain|like|see|receive)(?= (?:me |back )?(?:an?|some|new|more)\\b)"
)
_SHOW = (
    "draw(?:ing)?|paint(?:ing)?|generat(?:e|es|ing)|creat(?:e|es|ing)|mak(?:e|es|ing)|produc(?:e|es|ing)|design(?:ing)?"
    "|render(?:ing)?|sketch(?:ing)?|visuali[sz](?:e|ing)|illustrat(?:e|ing)|imagine|develop(?:ing)?"
    "|(?:want|need|get|have|see|provide|give)(?= (?:me |us |back )?(?:an?|some|new)\\b(?! \\w+ed\\b))"
)
_BETTER = "enhanc|improv|upscal|sharpen|restor|denois|deblur|brighten|refin|clean|increas|colou?ri[sz]|retouch|clarif|boost|polish|fix"  # fmt: skip
_LEARN = "know|find out|tell me|learn|determine|understand|figure out|see|check|identify|ask|wonder(?:ing)?|explain"

_ROWS: tuple[tuple[str, float, str], ...] = (
    # Pictures
    ("image:image-classification audio:audio-classification video:video-classification text:text-classification "
     "table:tabular-classification image-classification", 0.8, r"(?:classif(?:y|ying|ied)|categori[sz]\w*)"),
    ("image:image-classification audio:audio-classification video:video-classification table:tabular-classification "
     "text:text-classification image-classification", 0.6, r"=(?:classification|classes?|categor(?:y|ies)|label)"),
    ("image-classification", 0.9, r"(?:image|picture|photo) classification|classif\w+ ~ (?:IMAGE)"),
    ("audio-classification", 0.9, r"(?:audio|sound) classification|classif\w+ ~ (?:audio|sound|recording|‹audio›)"),
    ("video-classification", 0.9, r"video classification|classif\w+ ~ (?:VIDEO)"),
    ("text-classification", 0.9, r"text classification|classif\w+ ~ (?:review|comment|tweet|e-?mail|sentence|text|message|‹text›)"),
    ("tabular-classification", 0.92, r"tabular classification|(?:classif\w+|categori[sz]\w*) ~ (?:TABLE)|(?:TABLE) classification"),
    ("tabular-classification", 0.55, r"(?:analy[sz]\w*|understand\w*|interpret\w*|extract\w*|read\w*|process\w*|identify) ~ (?:table|tabular)"),
    ("image-classification", 0.85, r"(?:which|what) (?:handwritten |written )?(?:digit|number|numeral)|(?:recogni[sz]e|identify|read|name|classify) ~ (?:digits?|numerals?)|=digits?"),
    ("image:image-classification audio:audio-classification video:video-classification text:text-classification "
     "image-classification", 0.7, r"(?:recogni[sz]e|identify|determine|tell|name|what|which)\b ~ (?:breed|species|kind|sort|type|category|class|main subject|main object|style|landmark)(?: of| is| in| and|\b)"),
    ("image-classification", 0.5, r"(?:what(?: is|'s)|who is) (?:in|on|shown in|depicted in) ~ (?:IMAGE)|what does ~ (?:picture|photo|image) (?:show|depict)"),
    ("object-detection", 0.9, r"object detection|(?:detect|locat|find|identif|spot|recogni[sz]|label|list|highlight|mark)\w* ~ (?:objects|items|things|faces|people|persons|cars|animals|pedestrians|vehicles)(?! (?:is|are) )|(?:every|each) (?:object|thing|item)|objects (?:to be |be |are |is )?(?:detected|identified|recogni[sz]ed|located|labell?ed)"),
    ("object-detection", 0.85, r"(?:detect\w*|locat(?:e|ing)|spot(?:ting)?)(?! ~ (?:language|emotion|sentiment|speech|entit\w+|spam|tone|keypoint\w*|voice|mood|toxic\w*))|bounding box\w*|=detected objects|=detections?"),
    ("object-detection", 0.7, r"where (?:are|is) ~ (?:in|on) ~ (?:IMAGE)|find (?:all|every|each|the)(?! (?:text|words|line)) (?:\w+ )?\w+s? (?:in|on) (?:the |this |my |that )?(?:IMAGE)|(?:what|which) (?:\w+ )?objects|(?:know|list|name|find) (?:the |all )?objects"),
    ("table:table-question-answering image:count count", 0.9, r"how many|count(?:ing|s)?|head ?count|=number of(?! .*in (?:words|french))|(?:their|its) (?:total )?number"),
    ("image-segmentation", 0.9, r"segment\w*|=segmentation|(?:split|divide|separate|partition) ~ (?:IMAGE) ~ (?:regions?|parts|areas|segments)|(?:foreground|background) (?:mask|removal)|pixel.(?:level|wise|by.pixel)|mask (?:out|of)|cut ~ out of (?:its|the) background|(?:separate|isolate|remove|take) ~ (?:from )?(?:its|the) background"),
    ("mask-generation", 0.92, r"(?:masks?|outlines?) (?:for|of|around) (?:every|each|all)\w*|(?:generate|make|create|give) ~ masks?|segment anything|(?:outline|mask)\w* (?:every|each|all)\w* ~ (?:without|no) (?:nam|label)\w*"),
    ("depth-estimation", 0.92, r"=depth(?: map| estimation| information)?|how (?:far|deep|close|near)(?: away)?|=distances? (?:of|to|from|between)|(?:estimat|measur)\w+ ~ distances?"),
    ("image-feature-extraction", 0.92, r"(?:embed|vectori[sz]e|fingerprint|encod)\w* ~ (?:IMAGE)|(?:IMAGE) (?:embedding|vector|features?|fingerprint)|(?:embedding|feature vector|features|vector|fingerprint)s? (?:of|for|from) ~ (?:IMAGE)"),
    ("image:ocr document:ocr audio:automatic-speech-recognition video:automatic-speech-recognition ocr", 0.92, r"(?:extract|get|pull|obtain|retrieve)\w*(?: out| off)?(?: ~~|)(?: as)? text"),
    ("ocr", 0.92, r"ocr|(?:extract|read|recogni[sz]|get|pull|type|lift|digiti[sz]e|copy|grab|find)\w*(?: out| off)?(?: ~~|) (?:text|words|line|lines|letters|writing|lettering|inscription|handwriting|page|sign)(?! (?:aloud|out loud|to me))|what does (?:it|this|that|(?:the|this|that) (?:\w+ )?(?:line|image|picture|page|sign|label|photo|scan|poster|note)) (?:say|read)|what is (?:written|printed)|what(?:'s| is| does) ~ (?:sign|label|poster) (?:says?|read)|(?:printed|written) (?:line|text|page)"),
    ("ocr", 0.5, r"read (?:it|this|that|the)(?! ~ (?:aloud|out loud|to me))|=extracted text"),
    ("image:image-captioning video:video-text-to-text text:text-generation image-captioning", 0.75, r"describe|=(?:textual |text |written |short |detailed |brief |verbal )*descriptions?(?! of (?:a|an) )"),
    ("image-captioning", 0.94, r"(?:generat|extract|get|creat|produc|writ|obtain|mak)\w* (?:the |a |an |some )?(?:\w+ )?(?:text|description|caption|sentence)s? (?:from|of|for) (?:\w+ ){0,3}(?:IMAGE)|=captions? or descriptions?"),
    ("image-captioning", 0.9, r"=captions?|caption(?:ing)?|describe ~ (?:IMAGE)|=(?:textual |text |written |short |verbal )?descriptions? (?:of|for|from) (?:the |this |that |its |my |each |an |whole |generated |given )*(?:whole )?(?:\w+ed )?(?:IMAGE)|image.to.text|convert ~ (?:image|picture|photo) (?:back )?(?:in)?to text|alt text"),
    ("image:visual-question-answering document:document-question-answering text:question-answering "
     "audio:question-answering table:table-question-answering video:video-text-to-text image-captioning", 0.5, r"what (?:is|'s) (?:happening|going on)"),
    ("image-editing", 0.9, r"image editing|(?:edit|modif|alter|adjust|photoshop)\w*(?! ~ (?:text|sentence|summary|story|essay|audio|video|footage|clip))|=(?:changes?|modifications?|edits?) (?:to|on|in) ~ (?:IMAGE)"),
    ("image-editing", 0.85, r"(?:chang|turn|mak|recolou?r|paint)\w* ~ (?:background|sky|colou?rs?|hair|shirt|car|wall|lighting) ~ (?:to|into|in|blue|red|green|purple|yellow|black|white|orange|pink)|(?:add|remov|replac|insert|put|eras|delet)\w* ~ (?:to|in|into|from|on|with|onto) (?:the |this |my |that )?(?:\w+ )?(?:IMAGE)|(?:chang|updat|customi[sz]|revis|tweak)\w* ~ (?:IMAGE)|(?:chang)\w* ~ (?:colou?r|background)"),
    ("image-to-image", 0.9, r"image.to.image|(?:transform|restyl|styliz|stylis|convert)\w* ~ (?:IMAGE)(?! (?:back )?(?:in)?to (?:a )?(?:text|video|3d|words|speech|description))(?! ~ (?:video|movie|animation|3d))|(?:BETTER)\w* ~ (?:IMAGE|resolution|visual quality|image quality|visual)|(?:vintage|cartoon|sketch|anime|watercolou?r|oil painting|pixar|cyberpunk|impressionist|van gogh|monet)\W(?:\w+\W)?(?:style|look|filter|effect|version)|style transfer|super.?resolution|(?:target|another|different|new) (?:image )?(?:domain|style)|(?:higher|better|high) resolution|apply ~ (?:style|filter)|in the style of"),
    ("image:image-to-image audio:audio-to-audio image-to-image", 0.7, r"(?:BETTER)\w*|=(?:better|higher|good) quality"),
    ("image:image-to-image image-to-image", 0.55, r"(?:chang|match|transform)\w* ~ (?:styles?|characteristics|look)|turn ~ into (?:a|an) (?:\w+ )?(?:painting|sketch|cartoon|drawing|watercolou?r)"),
    ("keypoint-detection", 0.92, r"=key ?points?|=(?:body |human )?poses?|=(?:body )?(?:joints|skeleton|landmarks)"),
    ("keypoint-matching", 0.95, r"(?:match|align|correspond)\w* ~ (?:key ?points?|two (?:IMAGE)s?|points)|(?:points|spots) ~ (?:in common|share|both)|(?:stitch|regist(?:er|ration))\w* ~ (?:IMAGE)s"),
    ("zero-shot-object-detection", 0.92, r"(?:zero.shot|open.vocabulary) (?:object )?detect\w*"),
    ("image:zero-shot-image-classification audio:zero-shot-audio-classification text:zero-shot-classification "
     "zero-shot-classification", 0.93, r"zero.shot|(?:which|one|any|best) of (?:these|the following|my|those) (?:\w+ )?(?:labels|topics|categories|classes|tags|options|words|genres)|(?:these|the|my|following|candidate|one of the) (?:labels|topics|categories|tags|classes)\W"),
    ("image:visual-question-answering document:document-question-answering audio:question-answering "
     "table:table-question-answering video:video-text-to-text text:question-answering conversational", 0.62,
     r"answer(?:ing|s)?(?! (?:is|was))|(?:find|get|giv|provid|look up|extract|return|obtain|determin|know|hav|generat|want|need)\w*(?: ~|) answers?|=answers?|=questions?|(?:visual |document )?question answering|(?:LEARN)(?: ~)? (?:if|whether|what|which|who|where|when|why|how)(?! (?:similar|many|close|far|deep))"),
    ("image:visual-question-answering document:document-question-answering audio:question-answering "
     "table:table-question-answering video:video-text-to-text text:question-answering conversational", 0.4,
     r"^\W*(?:and |so |but )?(?:what|which|who|where|when|why|how|is there|are there|is the|are the|does the|do the|did the|can you tell|tell me)(?=\s.*⁇)|(?:get|need|want|find|gather|provide|seek)\w* ~ (?:information|details|insights|suggestions|advice)|(?:LEARN) (?:more )?(?:the|about)"),
    ("document-question-answering", 0.9, r"document (?:visual )?question answering|question ~ (?:DOCUMENT)|answer ~ (?:scanned|DOCUMENT)"),
    ("visual-question-answering", 0.9, r"visual question\w*(?: answering)?|question ~ (?:about|on|related to|regarding|from) ~ (?:IMAGE)"),
    ("visual-document-retrieval", 0.95, r"(?:which|what) (?:page|scan|slide)s? (?:\w+ )?(?:shows?|has|contains?|mentions?|answers?|talks?|is about|explains?|covers?)|find ~ (?:page|slide|scan)s? (?:that|which|about|with|where|on)|search ~ (?:pages|slides|scans)"),
    ("image-text-to-text", 0.85, r"(?:follow|carry out|do what) ~ instructions? ~ (?:IMAGE)|(?:discuss|chat|talk|converse) (?:with me )?(?:about|on) ~ (?:IMAGE)|(?:recipe|poem|story|joke|list|post|ad|advert|review|tweet|haiku|product text|slogan) ~ (?:from|about|for|inspired by|based on) (?:this|the|my|attached|that) (?:\w+ )?(?:photo|picture|image|‹image›)"),
    ("image:zero-shot-image-classification audio:zero-shot-audio-classification text:zero-shot-classification "
     "zero-shot-classification", 0.935, r"(?:is|are|was|were|whether|either|rather|as|to one of|which of)\b[^,⁇]{2,70}(?:, (?!and )[^,⁇]{2,40})+,? or (?:an? |the )?\w+|(?:to|into|as|of|among|between) (?:one of )?(?:these|the following|my|those)?(?: \w+)? ?⟦\d+⟧(?:, ⟦\d+⟧)+,? (?:or|and) ⟦\d+⟧|(?:assign|sort|file|put|tag)\w* ~ (?:one of|(?:into|under) (?:these|one of|the following|the categor\w+|the right))"),
    ("unconditional-image-generation", 0.95, r"(?:random|any) (?:\w+ )?(?:IMAGE)|unconditional\w*|(?:IMAGE) (?:out of|from) (?:nothing|pure noise|noise)|surprise me with ~ (?:IMAGE)"),
    # Sound
    ("audio:automatic-speech-recognition image:ocr document:ocr video:automatic-speech-recognition automatic-speech-recognition", 0.93,
     r"transcri(?:be|bes|bed|bing)|(?:convert|turn|chang)\w*(?: ~|) (?:back )?(?:in)?to (?:written |plain )?text"),
    ("automatic-speech-recognition", 0.92, r"(?:automatic )?speech recognition|asr|=transcripts?|=transcriptions?|speech.to.text|(?:convert|turn|chang|put)\w* ~ (?:AUDIO|spoken\w*) ~ (?:in)?to (?:written |plain )?(?:text|words|writing)|write down (?:what|everything|every word)|write (?:out|up|down) ~ (?:AUDIO)|write (?:out|up) ‹audio›|(?:what|everything|which number|every word)(?: number| words?)? (?:is|was|are|gets|has been|were)(?: being)? (?:said|spoken)|what (?:does|do|did) (?:he|she|they|the speakers?|this man|the caller|this person|i|the \w+) (?:say|talk)|type (?:out|up) ~ (?:AUDIO)|subtitles?|dictat\w+"),
    ("automatic-speech-recognition", 0.6, r"(?:said|say|says|hear|spoken|speaker|listen|recogni[sz]e|extract|words?|understand|speech|get|describ\w+|ask(?:s|ing)?|explain\w*|spoke\w*|instruct\w*|discuss\w*|talk\w*|mention\w*) ~ (?:AUDIO)|(?:AUDIO) ~ (?:describ\w+|explain\w*|ask(?:s|ing)?|instruct\w*|discuss\w*|talk\w*|said|mention\w*)|audio question|pre.?recorded"),
    ("audio-classification", 0.92, r"(?:recogni[sz]|identif|detect|determin|know|understand|analy[sz]|find)\w* ~ (?:voice |spoken )?(?:command|emotion|mood|genre|accent)s?|(?:emotion|mood|genre|accent|gender|tone) (?:of|in|is|does) ~ (?:speaker|AUDIO|voice)|(?:which|what) (?:instrument|genre|emotion|bird|animal|kind of (?:sound|music|noise)|sort of (?:sound|music|noise)|sound|noise)|(?:which|what) language ~ (?:spoken|speak\w*)|(?:voice|spoken|user'?s?) command|(?:classif|categori[sz])\w* ~ (?:AUDIO)|(?:command|keyword|language) (?:spoken|in|from) ~ (?:AUDIO)|(?:type|kind|category|class|genre) of ~ (?:audio|sound|music)|speaker'?s (?:emotion|mood|tone)|(?:recogni[sz]e|identify) ~ (?:sound|noise)s?(?! quality)|(?:angry|happy|sad|upset|calm|annoyed) ~ (?:sound|voice|call\w*)|(?:sound|voice|speaker|caller)s? ~ (?:angry|happy|sad|upset|calm|annoyed)"),
    ("audio-to-audio", 0.92, r"audio.to.audio|(?:BETTER|separat|isolat|remov|reduc|filter|clear|eliminat|cancel|suppress)\w* ~ (?:noise|AUDIO|voices?|vocals?|hiss|hum|echo|speakers?|sources?|instruments?)(?! ~ text)|noise (?:reduction|removal|cancel\w*)|speech enhancement|source separation|voice conversion|(?:chang|swap)\w* ~ voice|without (?:the )?(?:background )?noise|clean(?:er)? (?:\w+ )?(?:audio|speech|recording|version of (?:the |this )?(?:audio|recording))"),
    ("audio-to-audio", 0.93, r"enhanced(?= (?:\w+ )?(?:audio|speech|voice))"),
    ("voice-activity-detection", 0.95, r"voice activity|when ~ (?:speaks?|speaking|talks?|talking|silent|silence)\b|(?:parts|moments|times|stretches|segments|places|where|seconds) ~ (?:speech|speaks?|speaking|talks?|talking|silence|silent|voice)|(?:silence|pauses) (?:in|of) ~ (?:AUDIO)|who is (?:speaking|talking) when"),
    ("text-to-speech", 0.92, r"text.to.speech|tts|(?:read|say|speak|pronounce)\w* ~ (?:aloud|out loud|to me|with (?:a|your) voice)|(?:convert|turn|transform|chang|put|synthesi[sz]|translat|render|mak)\w* ~ (?:in)?to (?:an? )?(?:\w+ ){0,2}(?:speech|audio|voice|spoken \w+)|back (?:in)?to (?:an? )?(?:speech|audio)|into (?:natural.sounding )?(?:speech|audio)|as (?:an? )?(?:\w+ )?(?:audio|speech|voice)(?: file| clip| message| recording)?|=(?:audio|spoken|voice|speech|vocal|sound) (?:version|output|format|file of|narration|form|clip of|rendition|representation)|vocali[sz]\w*|narrat\w*|speech synthesis|synthesi[sz]\w* ~ (?:speech|voice|text|audio)|(?:MAKE) ~~ (?:voice.?over|audiobook|voice message|natural.sounding \w+)(?: file| clip| audio| version)? (?:for|from|of|using|out of|that says|based on|with|saying)|=voice.?over|speak (?:it|that|this|them|the|your|my)|spoken (?:version|form)|hear (?:it|that|them|the (?:answer|result|text|summary|translation))|audio (?:based on|from) ~ (?:TEXT)|(?:corresponding|resulting) (?:audio|speech)(?: file)?|speech (?:\(audio\)|audio)|(?:MAKE)(?: an?| some| the)?(?: corresponding| natural.sounding| new| summari[sz]ed| final)? (?:audio|speech)(?: file| clip| output)?(?! (?:quality|classification))|text (?:in)?to (?:audio|speech|voice)"),
    ("text-to-audio", 0.95, r"(?:MAKE) ~ (?:music|melody|tune|jingle|beat|song|sound effects?|soundscape|soundtrack|ambient \w+)|(?:sound|noise) (?:of|effect)s? ~|text.to.(?:audio|music)|compos\w+ ~ (?:music|melody|tune|jingle|beat|song|piece)|music (?:for|from|that|with)"),
    ("audio-text-to-text", 0.9, r"(?:follow|answer|carry out) ~ (?:instructions?|questions?|request) ~ about (?:the|this|my|that) (?:recording|audio|sound|clip|song|call|podcast|lecture)|(?:discuss|talk about|tell me about|describe|critique|comment on) (?:the|this|that|my) (?:\w+ )?(?:music|song|recording|sound|audio)"),
    # Moving pictures
    ("video-classification", 0.9, r"(?:which|what) (?:action|sport|activity|kind of (?:action|sport|activity)|is (?:he|she|the \w+) doing) ~ (?:VIDEO)|(?:recogni[sz]e|identify|name|classify) ~ (?:action|sport|activity)|action recognition"),
    ("video-text-to-text", 0.9, r"(?:describ|summari[sz]|caption|explain)\w* ~ (?:VIDEO)|(?:happens|happening|going on|goes on) ~ (?:VIDEO)|(?:VIDEO) (?:caption|description)s?|(?:question|answer) ~ (?:about|on) ~ (?:VIDEO)"),
    ("text-to-image", 0.92, r"text.to.image|(?:SHOW) ~~ (?:image|picture|photo|painting|illustration|drawing|logo|poster|artwork|art|portrait|wallpaper|cover|icon|visual|sketch|scene|comic|art design|thumbnail|banner|visuali[sz]ation)s?(?! (?:in)?to |'s| (?:captions?|descriptions?|classification|embeddings?))|=(?:visual|image|graphical|pictorial) representation|=generated (?:image|picture|art\w*|illustration)|draw (?:a|an|me|the|some)|paint (?:a|an|me|the|some)|visuali[sz]e (?:it|this|that|the)|=illustrations?|image generation|illustrat(?:e|ing) (?:it|this|that|the|my)|(?:draw|paint|sketch)(?:ing)? (?:a|an|me|us|some|two|three)"),
    ("text-to-image", 0.6, r"(?:an|example|new) image (?:of|based on|from|that|depicting|related|showing|representing)"),
    ("text-to-video", 0.95, r"text.to.video|(?:SHOW|film|shoot) ~~ (?:video|clip|movie|animation|film)s?(?! (?:descriptions?|captions?|classification|in(?:to)? text))|=(?:video|animated) (?:representation|version)|video generation|(?:a|short) video (?:of|based on|from|that|about|illustrating|showing)|(?:in)?to (?:a )?(?:short )?(?:video|animation|movie)"),
    ("image-to-video", 0.96, r"animat(?:e|ing)|(?:IMAGE|it) (?:(?:in)?to|move|come alive|come to life)(?: an?)?(?: short| little| moving)?(?: video| movie| clip| animation|\b(?= as))|(?:make|bring|set|let) ~ (?:IMAGE|it|her|him|them) (?:move|come alive|come to life|to life|in motion|moving)|image.to.video"),
    ("image-to-video", 0.97, r"(?:SHOW|film|shoot) ~~ (?:video|clip|movie|animation)s? (?:from|out of|of) (?:it|this|that|the) (?:\w+ )?(?:IMAGE)|(?:from|out of) (?:this|that|the) (?:\w+ )?(?:IMAGE) ~ (?:video|clip|movie|animation)"),
    ("video-to-video", 0.95, r"video.to.video|(?:edit|restyl|styliz|transform|convert|chang|turn|modif|BETTER|mak|stabili[sz])\w* ~ (?:VIDEO)(?! ~ (?:of|from|about|text|showing))"),
    ("text-to-3d", 0.96, r"text.to.3d|(?:MAKE|model|sculpt|SHOW) ~ (?:3.?d|three.dimensional)(?! ~ (?:from|of) (?:this|the|my|that) (?:IMAGE))"),
    ("image-to-3d", 0.97, r"image.to.3d|(?:IMAGE) ~ (?:3.?d|three.dimensional)|(?:3.?d|three.dimensional) ~ (?:from|of|out of) ~ (?:IMAGE)"),
    # Language
    ("text-classification", 0.92, r"=sentiment|(?:positive|good) or (?:negative|bad)|toxic\w*|spam|hate speech|offensive|(?:in )?(?:which|what) language (?:is|was|does|are)(?! ~ spoken)|detect (?:the )?language|(?:tone|mood|emotion|intent) (?:of|in|behind) ~ (?:TEXT)|rude|polite|(?:happy|angry|satisfied|unhappy) (?:or|customer)|sarcas\w*|entail\w*"),
    ("token-classification", 0.92, r"token classification|(?:classif|tag|label)\w* ~ tokens|=(?:named |key |specific |important |main |different |mentioned )*entit(?:y|ies)|named.entity|ner|part.of.speech|pos tag\w*|(?:key|main|important|crucial|essential) (?:elements?|phrases?|terms?|words|topics?|points?|components?|themes?|keywords?|ideas?|concepts?)|=keywords?|names? (?:of|mentioned|that|and|in)(?: ~ (?:people|persons|text|places|cities))?|(?:people|persons|places|cities|companies|organi[sz]ations|dates|locations|individuals|brands)(?:,? (?:and|or) \w+)? (?:mentioned|named|in (?:the|this) text|appear\w*|occur\w*)|(?:which|what|all|the) (?:people|persons|places|cities|companies|organi[sz]ations|names|dates|brands) ~ (?:mentioned|named|text|appear|in|occur|from)|tag (?:the|each|every) words?|(?:extract|find|list|pull|identify) ~ (?:names|people|places|dates|organi[sz]ations|companies|cities|locations)"),
    ("question-answering", 0.55, r"(?:according to|by searching(?: in)?) (?:the|this|that|my|a|given) (?:\w+ )?(?:text|article|passage|paragraph|story|report|transcript|essay|text document|book|research document)|answer ~ (?:text|article|passage|paragraph|context|transcript\w*|summary|document ‹text›|‹text›)|(?:text|article|passage|summary) ~ to answer"),
    ("table-question-answering", 0.9, r"(?:which|what|who|how|when|look up|find|answer|tell)\b ~ (?:TABLE)(?! ~ (?:classif\w+))|(?:table|tabular) question answering|question ~ (?:TABLE)|(?:according to|look(?:ing)? (?:it )?up in|from|in) (?:the|this|my|that) (?:\w+ )?(?:spreadsheet|csv|table|‹table›)"),
    ("translation", 0.93, r"translat\w*|=translations?|(?:in|into|to) (?:the )?(?:(?:simplified|brazilian|modern|spoken|plain|good) )?(?:TONGUES)(?! (?:text|article|speaker|audio|recording))|(?:TONGUES) (?:translation|version|for|words)|how (?:do you|does one|would one|do i|to) say|what is ~ (?:called )?in (?:TONGUES)"),
    ("summarization", 0.93, r"summari[sz](?:e|es|ing|ed|ation)|=(?:short |brief |concise |quick )*(?:summary|summaries|overview|abstract|synopsis|gist|digest|recap)|shorten\w*|shorter (?:version|text|form)|tl;?dr|condens\w+|in (?:a nutshell|short)|boil ~ down|(?:the|its|main) (?:gist|key takeaways?|takeaways)|cut ~ down to|(?:reduc|shrink|boil|cut|condens|squeez|trim)\w* ~ (?:to|down|into)(?: ~|) (?:points|paragraph|sentences?|lines?|essentials|gist|words|page)|(?:one|two|three|few) (?:sentences?|lines) (?:version|summary)"),
    ("paraphrasing text-generation", 0.9, r"paraphras\w*|rephras\w*|reword\w*|rewrit\w*|grammar\w*|spelling|(?:correct|proofread|fix|simplif)\w* ~ (?:TEXT|mistakes|errors|typos|english)|proofread\w*|more (?:formal|polite|casual|friendly)(?:ly)?|in (?:other|simpler|plain) words|say ~ differently"),
    ("conversational", 0.9, r"conversation\w*|chat ?bot\w*|chat(?:ting)?|dialogue|dialog|=(?:\w+ )?(?:response|reply|replies|responses)|reply|respond|discuss(?:ion|ing)?(?: it)? (?:with|about|on|based)|talk (?:with|to) (?:a|the|an)"),
    ("text-generation", 0.9, r"text generation|(?:MAKE|continue|finish|tell) ~~ (?:text|story|stories|poem|essay|code|e-?mail|letter|article|joke|paragraph|content|sentence|script|speech about|blog|post|slogan|haiku|lyrics|recipe|function|quote|narrative|plot|ad|tagline|limerick|verse|outline|copy|ideas?|product description|biography|review|advert\w*|tale|dialogue|monologue|saga|toast|riddle)s?(?! (?:captions?|aloud|out loud|in(?:to)? speech|to speech|in the (?:image|picture|photo)))|(?:descriptive|creative|additional|new|generated|relevant|further|related|engaging) (?:text|story|paragraph|sentence|narrative|content)|(?:continue|go on with|carry on with|complete) (?:the|this|my) (?:text|story|sentence|poem|code|beginning|line)|brainstorm\w*|(?:write|generate|create|provide|make|produce|compose) ~ (?:descriptions?|captions?) ~ (?:based on|from|about|using) ~ (?:classif\w+|labels?|detect\w+|answer|text|summary|entit\w+|results?)|elaborat\w*|(?:write|generate) (?:me )?(?:a|an|some) (?:\w+ )?(?:python|javascript|sql|bash)|write (?:about|a|an|me|some)|(?:additional|more) (?:information|details)"),
    ("fill-mask", 0.96, r"\[mask\]|<mask>|(?:missing|masked|blanked.out|hidden) word|(?:fill|filling) (?:in )?(?:the |in |that |this )*(?:blank|gap|mask)s?|fill.?mask|which word (?:fits|belongs|is missing|goes)|guess ~ word|___+"),
    ("sentence-similarity", 0.93, r"sentence similarity|similar(?:ity|ly)?|means? the same|same meaning|closest in meaning|(?:close|near|alike) (?:in|is|are) ~ (?:meaning|sense)|how (?:close|similar|alike|different|related)(?! (?:is the|are the) (?:camera|objects?))|compar\w* ~ (?:TEXT|meaning|answers?|reference|with|to|them|original|text|it)(?! ~ (?:photos?|pictures?|images?|numbers?|coins?))|match(?:es)? (?:best|the meaning)|semantic(?:ally)? \w+|(?:sentences?|texts?|two) ~ (?:alike|related|the same thing|same thing)|say (?:roughly |about |nearly |much |exactly |more or less )?the same"),
    ("image:image-feature-extraction text:feature-extraction feature-extraction", 0.92, r"embed(?:ding)?s?|vectori[sz]e|(?:feature )?vectors?|feature extraction|features?|numbers that (?:stand|represent|capture)|semantic vector"),
    ("text-ranking", 0.94, r"re-?rank\w*|rank(?:ing)? ~ (?:TEXT|passages|texts|documents|answers|results|snippets|these|them|by)|(?:order|sort) ~ (?:passages|texts|documents|answers|results|snippets|paragraphs) ~ (?:by|to|for|accord\w+)|(?:which|what) (?:passage|snippet|paragraph|document|text)s? (?:best )?(?:answers|is (?:the )?(?:most relevant|best))|most relevant ~ (?:first|passage|text|snippet|document)"),
    ("any-to-any", 0.9, r"(?:IMAGE) and ~ (?:AUDIO) together|together ~ (?:IMAGE) ~ (?:AUDIO)|all (?:the )?media together"),
    # Data
    ("tabular-regression", 0.93, r"(?:predict|estimat|guess)\w* ~ (?:price|value|cost|number|amount|salary|score|sales|rent|figure|age|weight|consumption)s? ~ (?:row|TABLE|each|every|house|car|flat|customer|entry|line|record)|tabular regression|regress\w*"),
    ("tabular-classification", 0.93, r"(?:which|what|predict\w*|tell|decide|say|classif\w*|label\w*|sort\w*) ~ (?:class|rows?|customers?|records?|entries|lines) ~ (?:TABLE|churn|leave|belong|is|default|each|every|‹table›)|(?:each|every) (?:row|record|entry) (?:as|into|belongs)"),
    ("time-series-forecasting", 0.95, r"forecast\w*|time.?series|(?:predict|extrapolat|project|continu|estimat)\w* ~ (?:next|coming|following|future|tomorrow) ~ (?:days?|weeks?|months?|values?|years?|quarters?|hours?|numbers?|points?|sales|demand)|how ~ (?:develop|go on|continue|look) (?:next|over the (?:next|coming))"),
    ("decision", 0.9, r"(?:choose|decide|pick) ~ (?:next action|next step|what to do|which option|the right option|the best option|best action)|should (?:i|we|the agent) ~ or|make ~ decision"),
    ("reinforcement-learning", 0.93, r"play ~ (?:game|pong|breakout|chess|atari|level|cartpole)|(?:next|best) move|reinforcement"),
    ("robotics", 0.94, r"robot\w*(?: arm)?|gripper|manipulator"),
    ("graph-ml", 0.94, r"molecul\w*|graph (?:neural|node|edge)\w*|(?:nodes|edges) of ~ graph"),
    # What needs no model
    ("calculate", 0.92, r"(?:add|sum|total)(?:ming|ing|s)? (?:\w+ ){0,3}?(?:up|together)|(?:add|sum|total) (?:them|these|those|the (?:two|three|four)?\s*(?:numbers?|digits?|results?|counts?))|=sum (?:of|up)|=the (?:sum|total|difference|product|average)(?! (?:cost|price|amount|of (?:the |this )?(?:invoice|bill|receipt)|on|due))|calculat\w*|compute ~ (?:sum|product|difference|average|total|number|result)|arithmetic|multipl(?:y|ied|ying)|=product of(?! the (?:company|firm))|=difference between ~ (?:numbers?|counts?|two)|=average (?:of|number)|subtract\w*|divid(?:e|ed|ing) ~ by"),
    ("calculate", 0.94, r"(?:are there|is there|has|have|shows?|contains?|does|do)\b.{0,60}\b(?:more|fewer|less)\b.{0,60}\bthan|which\b.{0,40}\b(?:has|have|contains?|shows?)\b ~ (?:more|most|fewer|fewest)|which (?:one |photo |picture |image )?(?:has|shows|contains|have) (?:more|most|fewer|the most|the fewest)"),
    ("draw-boxes", 0.95, r"(?:draw|put|paint|plot)\w* ~ (?:boxes|box|rectangles?|frames?) ~?(?:around|on|over|in)?|(?:mark|outline|circle|highlight)\w* (?:them|each|it|every one|all of them|every)(?: one)?(?: ~ (?:in|on) ~ (?:IMAGE))?"),
    ("crop", 0.93, r"crop\w*|cut ~ (?:half|quarter|part|corner|third) ~?(?:off|out|of|from)?|trim ~ (?:to|off)"),
    ("split-lines", 0.95, r"split ~ (?:lines|into lines)"),
)  # fmt: skip

# A tool that may stand in when the first choice is not among the tools.
STANDS_IN = {
    "text2text-generation": ("text-generation",),
    "text-to-audio": ("text-to-speech",),
    "text-to-speech": ("text-to-audio",),
    "document-question-answering": ("visual-question-answering", "question-answering"),
    "question-answering": ("document-question-answering", "text-generation"),
    "visual-question-answering": ("image-text-to-text", "document-question-answering"),
    "image-text-to-text": ("visual-question-answering", "image-to-text"),
    "audio-text-to-text": ("audio-classification",),
    "zero-shot-classification": ("text-classification",),
    "zero-shot-image-classification": ("image-classification",),
    "zero-shot-audio-classification": ("audio-classification",),
    "zero-shot-object-detection": ("object-detection",),
    "mask-generation": ("image-segmentation",),
    "image-to-video": ("text-to-video",),
    "text-ranking": ("sentence-similarity",),
    "table-question-answering": ("tabular-classification", "question-answering"),
    "text-classification": ("zero-shot-classification",),
    "count": ("object-detection",),
    "draw-boxes": ("object-detection",),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """One way of asking: (kind or "", task's name) pairs in order, a weight, a pattern; `noun` for a thing made."""

    tasks: tuple[tuple[str, str], ...]
    weight: float
    pattern: re.Pattern[str]
    noun: bool


def _compiled(tasks: str, weight: float, pattern: str) -> list[Cue]:
    names = tuple((kind, name) for kind, _, name in (one.rpartition(":") for one in tasks.split()))
    cues = []
    for noun in (False, True):
        parts = [part for part in _alternatives(pattern) if part.startswith("=") is noun]
        if parts:
            joined = "|".join(part.removeprefix("=") for part in parts)
            cues.append(Cue(names, weight, re.compile(rf"(?<![\w-])(?:{_filled(joined)})(?![\w-])", re.IGNORECASE), noun))
    return cues


def _alternatives(pattern: str) -> list[str]:
    """The pattern split at its outermost bars."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(re.sub(r"\\.", "..", pattern)):
        depth += (letter in "([") - (letter in ")]")
        if letter == "|" and depth == 0:
            parts.append(pattern[start:place])
            start = place + 1
    return [*parts, pattern[start:]]


def _filled(pattern: str) -> str:
    for name, words in NOUNS.items():
        pattern = re.sub(rf"\b{name.upper()}\b", f"(?:{words})s?", pattern)
    for name, words in (("MAKE", _MAKE), ("SHOW", _SHOW), ("BETTER", _BETTER), ("LEARN", _LEARN), ("TONGUES", _TONGUES)):
        pattern = re.sub(rf"\b{name}\b", lambda _, words=words: words, pattern)
    for written, meant in ((" ~~ ", rf"{_OWN_GAP}[\s,]+"), (" ~ ", rf"{_GAP}[\s,]+"), ("(?: ~)?", _GAP), ("(?: ~|)", f"(?:{_GAP})"), ("(?: ~~|)", f"(?:{_OWN_GAP})"), (" ~?", rf"{_GAP}[\s,]*"), (" ~", "")):
        pattern = pattern.replace(written, meant)
    return pattern


CUES: tuple[Cue, ...] = tuple(cue for row in _ROWS for cue in _compiled(*row))
ANSWER = next(cue for cue in CUES if ("text", "question-answering") in cue.tasks and cue.weight > 0.6)
KIND_NOUN = re.compile("|".join(f"(?P<{kind}>(?<![\\w-])(?:{words})s?(?![\\w-]))" for kind, words in NOUNS.items()), re.IGNORECASE)
