"""The task table: one row per Hub task, and one per built-in.

The rows cover every task of huggingface_hub's inference types and of transformers' pipelines, and the other
pipeline tags in use on the Hub. To add a task, add a row (CONTRIBUTING.md shows how) and a test of its runner.
"""

from __future__ import annotations

from .task import Slot, Task


def _in(name: str, kind: str, about: str) -> Slot:
    return Slot(name, kind, about)


def _opt(name: str, kind: str, about: str, many: bool = False) -> Slot:
    return Slot(name, kind, about, required=False, many=many)


def _many(name: str, kind: str, about: str) -> Slot:
    return Slot(name, kind, about, many=True)


IMAGE = _in("image", "image", "The picture to look at")
AUDIO = _in("audio", "audio", "The recording to listen to")
VIDEO = _in("video", "video", "The video to watch")
TABLE = _in("table", "table", "The table to read")
TEXT = _in("text", "text", "The text to work on")
QUESTION = _in("question", "text", "The question to answer")
PROMPT = _in("prompt", "text", "What to make, in words")
CANDIDATES = _many("candidate_labels", "text", "The labels to choose from")
TOP_K = _opt("top_k", "number", "How many answers to give, best first")
THRESHOLD = _opt("threshold", "number", "The lowest score that counts, from 0 to 1")
LENGTH = _opt("max_new_tokens", "number", "The most tokens to write")
NEGATIVE = _opt("negative_prompt", "text", "What must not be in it")
STEPS = _opt("num_inference_steps", "number", "How many denoising steps: more is finer and slower")
SEED = _opt("seed", "number", "The same seed gives the same result")

OUT_TEXT = _in("text", "text", "The text written")
OUT_LABELS = _in("labels", "labels", "The labels with their scores, best first")
OUT_BOXES = _in("boxes", "boxes", "The things found, with label, score and box in pixels")
OUT_MASKS = _in("masks", "masks", "The regions found, each with a mask picture")
OUT_SPANS = _in("spans", "spans", "The pieces of text found, with their places")
OUT_IMAGE = _in("image", "image", "The picture made")
OUT_AUDIO = _in("audio", "audio", "The sound made")
OUT_VIDEO = _in("video", "video", "The video made")
OUT_VECTOR = _in("vector", "vector", "The numbers that stand for the meaning")
OUT_JSON = _in("result", "json", "What came out")

VISION = (
    Task(
        "image-classification",
        (IMAGE, TOP_K),
        (OUT_LABELS,),
        "Says what a picture shows, as labels with scores.",
        (
            "classify this image",
            "what is in this picture",
            "which kind is it",
            "recognise the digit",
            "which digit is this",
        ),
        ("image-tagging", "picture-classification"),
        "pipeline",
        architectures=("ForImageClassification",),
        makes=("labels", "number"),
    ),
    Task(
        "object-detection",
        (IMAGE, THRESHOLD),
        (OUT_BOXES,),
        "Finds the things in a picture and draws a box around each.",
        (
            "detect objects in the image",
            "find the things in this photo",
            "count the items in the picture",
            "how many are there",
            "locate every one of them",
        ),
        ("object-localization",),
        "pipeline",
        architectures=("ForObjectDetection",),
        makes=("boxes",),
    ),
    Task(
        "image-segmentation",
        (IMAGE, THRESHOLD),
        (OUT_MASKS,),
        "Splits a picture into regions and names each one.",
        (
            "segment the image",
            "mask out the regions",
            "separate the foreground from the background",
            "cut out the shape",
        ),
        (
            "semantic-segmentation",
            "instance-segmentation",
            "panoptic-segmentation",
            "image-matting",
            "background-removal",
        ),
        "pipeline",
        architectures=("ForSemanticSegmentation",),
    ),
    Task(
        "depth-estimation",
        (IMAGE,),
        (OUT_IMAGE,),
        "Says how far away each point of a picture is.",
        ("estimate the depth", "make a depth map", "how far away are the things in this picture"),
        (),
        "pipeline",
        architectures=("ForDepthEstimation",),
    ),
    Task(
        "mask-generation",
        (IMAGE,),
        (OUT_MASKS,),
        "Finds the outline of every thing in a picture, without naming it.",
        ("generate masks for everything", "outline each object without labels"),
        ("segment-anything",),
        "pipeline",
        ("torchvision",),
        stands_in=("image-segmentation",),
        falls_back=("image-segmentation",),
    ),
    Task(
        "image-feature-extraction",
        (IMAGE,),
        (OUT_VECTOR,),
        "Turns a picture into a vector of numbers that stands for it.",
        ("embed this image", "image features", "vector of the picture"),
        ("image-embedding",),
        "pipeline",
    ),
    Task(
        "image-to-text",
        (IMAGE, LENGTH),
        (OUT_TEXT,),
        "Writes the text that is printed in a picture, or a caption of what it shows.",
        (
            "read the text in the image",
            "caption this picture",
            "describe the photo in a sentence",
            "ocr",
            "what does it say",
            "transcribe the printed line",
        ),
        ("image-captioning", "ocr", "captioning", "text-recognition"),
        "captioning",
        architectures=("VisionEncoderDecoderModel",),
        falls_back=("image-text-to-text",),
        makes=("text",),
    ),
    Task(
        "image-to-image",
        (IMAGE, _opt("prompt", "text", "What to change, in words"), NEGATIVE, STEPS, SEED),
        (OUT_IMAGE,),
        "Makes a new picture out of a picture: another style, sharper, larger, repaired.",
        (
            "edit the image",
            "change the style of this picture",
            "upscale the photo",
            "restore the old photo",
            "colourise it",
        ),
        ("image-editing", "super-resolution", "inpainting", "image-text-to-image", "style-transfer"),
        "diffusers",
        ("diffusers",),
    ),
    Task(
        "keypoint-detection",
        (IMAGE,),
        (_in("points", "points", "The points found"),),
        "Finds marked points in a picture, such as joints.",
        ("find the keypoints", "estimate the pose"),
        ("pose-estimation",),
    ),
    Task(
        "keypoint-matching",
        (IMAGE, _in("other", "image", "The second picture")),
        (OUT_JSON,),
        "Finds the points that two pictures have in common.",
        ("match the keypoints of two images", "align two photos"),
        (),
        "pipeline",
    ),
    Task(
        "zero-shot-image-classification",
        (IMAGE, CANDIDATES),
        (OUT_LABELS,),
        "Says which of the given labels fits a picture, labels it was never trained on.",
        ("which of these labels fits the picture", "classify the image as one of my labels"),
        ("clip",),
        "pipeline",
        stands_in=("image-classification",),
    ),
    Task(
        "zero-shot-object-detection",
        (IMAGE, CANDIDATES, THRESHOLD),
        (OUT_BOXES,),
        "Finds things named in words in a picture.",
        ("find anything I name in the image", "detect these labels without training"),
        ("open-vocabulary-detection",),
        "pipeline",
        stands_in=("object-detection",),
    ),
    Task(
        "visual-question-answering",
        (IMAGE, QUESTION, TOP_K),
        (OUT_LABELS,),
        "Answers a question about a picture.",
        ("answer a question about this image", "what colour is the car in the photo"),
        ("vqa",),
        "vqa",
        stands_in=("image-text-to-text", "document-question-answering"),
        falls_back=("image-text-to-text",),
    ),
    Task(
        "document-question-answering",
        (IMAGE, QUESTION, TOP_K),
        (OUT_LABELS,),
        "Answers a question about a scanned document.",
        ("what is the total on this invoice", "answer a question about the scanned document"),
        ("docvqa", "doc-qa", "document-question-answer"),
        "pipeline",
        ("tesseract",),
        stands_in=("visual-question-answering", "question-answering"),
        falls_back=("visual-question-answering", "image-text-to-text"),
    ),
    Task(
        "visual-document-retrieval",
        (TEXT, _many("images", "image", "The pages to search")),
        (OUT_LABELS,),
        "Finds the pages that answer a question.",
        ("find the page that shows it",),
    ),
    Task(
        "image-text-to-text",
        (IMAGE, PROMPT, LENGTH),
        (OUT_TEXT,),
        "Follows an instruction about a picture and answers in words.",
        ("talk about this image", "follow my instruction about the picture"),
        ("vlm", "visual-instruction"),
        "pipeline",
        stands_in=("visual-question-answering", "image-to-text"),
    ),
    Task(
        "unconditional-image-generation",
        (SEED,),
        (OUT_IMAGE,),
        "Makes a picture out of nothing, of the kind it was trained on.",
        ("make a random picture",),
        (),
        "diffusers",
        ("diffusers",),
    ),
)

SOUND = (
    Task(
        "automatic-speech-recognition",
        (AUDIO,),
        (OUT_TEXT,),
        "Writes down what is said in a recording.",
        (
            "transcribe this recording",
            "speech to text",
            "write down what is said",
            "what does the speaker say",
        ),
        ("asr", "speech-recognition", "speech-to-text", "transcription"),
        "pipeline",
        architectures=("ForCTC", "ForSpeechSeq2Seq"),
        falls_back=("audio-text-to-text",),
        makes=("text",),
    ),
    Task(
        "audio-classification",
        (AUDIO, TOP_K),
        (OUT_LABELS,),
        "Says what kind of sound a recording holds.",
        (
            "classify this sound",
            "which kind of sound is it",
            "what emotion is in the voice",
            "which language is spoken",
        ),
        ("sound-classification", "speech-emotion-recognition"),
        "pipeline",
        architectures=("ForAudioClassification",),
        makes=("labels",),
    ),
    Task(
        "zero-shot-audio-classification",
        (AUDIO, CANDIDATES),
        (OUT_LABELS,),
        "Says which of the given labels fits a sound.",
        ("which of these labels fits the sound",),
        ("clap",),
        "pipeline",
        stands_in=("audio-classification",),
    ),
    Task(
        "audio-to-audio",
        (AUDIO,),
        (OUT_AUDIO,),
        "Makes a new recording out of one: cleaner, separated, another voice.",
        ("remove the noise from this recording", "separate the voices", "enhance the speech"),
        ("speech-enhancement", "source-separation", "voice-conversion"),
    ),
    Task(
        "voice-activity-detection",
        (AUDIO,),
        (OUT_JSON,),
        "Says when somebody speaks.",
        ("when does somebody speak",),
        ("vad",),
    ),
    Task(
        "text-to-speech",
        (TEXT, SEED),
        (OUT_AUDIO,),
        "Reads a text aloud.",
        ("say it aloud", "read this text aloud", "speak the sentence", "turn the text into speech"),
        ("tts", "speech-synthesis"),
        "pipeline",
        stands_in=("text-to-audio",),
        falls_back=("text-to-audio",),
    ),
    Task(
        "text-to-audio",
        (TEXT, SEED),
        (OUT_AUDIO,),
        "Makes a sound or music from words.",
        ("make a sound of", "compose music from a description"),
        ("text-to-music", "music-generation"),
        "pipeline",
        stands_in=("text-to-speech",),
    ),
    Task(
        "audio-text-to-text",
        (AUDIO, PROMPT),
        (OUT_TEXT,),
        "Follows an instruction about a recording and answers in words.",
        ("answer a question about this recording",),
        ("audio-language-model",),
        stands_in=("audio-classification",),
    ),
)

MOVING = (
    Task(
        "video-classification",
        (VIDEO, TOP_K),
        (OUT_LABELS,),
        "Says what happens in a video.",
        ("classify the video", "which action is in this clip"),
        ("action-recognition",),
        "pipeline",
        ("av",),
    ),
    Task(
        "video-text-to-text",
        (VIDEO, PROMPT),
        (OUT_TEXT,),
        "Follows an instruction about a video and answers in words.",
        ("describe what happens in the video",),
        ("video-captioning",),
        falls_back=("any-to-any",),
        makes=("text",),
    ),
    Task(
        "text-to-image",
        (PROMPT, NEGATIVE, STEPS, SEED),
        (OUT_IMAGE,),
        "Makes a picture from words.",
        ("draw a picture of", "generate an image of", "paint"),
        ("image-generation",),
        "diffusers",
        ("diffusers",),
    ),
    Task(
        "text-to-video",
        (PROMPT, NEGATIVE, STEPS, SEED),
        (OUT_VIDEO,),
        "Makes a video from words.",
        ("make a video of", "generate a clip from a sentence"),
        ("video-generation",),
        "diffusers",
        ("diffusers",),
    ),
    Task(
        "image-to-video",
        (IMAGE, _opt("prompt", "text", "What should happen"), STEPS, SEED),
        (OUT_VIDEO,),
        "Makes a picture move.",
        ("animate this image", "turn the picture into a video"),
        ("image-text-to-video",),
        "diffusers",
        ("diffusers",),
        stands_in=("text-to-video",),
    ),
    Task(
        "video-to-video",
        (VIDEO, _opt("prompt", "text", "What to change")),
        (OUT_VIDEO,),
        "Makes a new video out of one.",
        ("change the style of this video",),
        ("video-editing",),
    ),
    Task(
        "text-to-3d",
        (PROMPT,),
        (_in("model", "model3d", "The 3D model"),),
        "Makes a 3D model from words.",
        ("make a 3d model of",),
    ),
    Task(
        "image-to-3d",
        (IMAGE,),
        (_in("model", "model3d", "The 3D model"),),
        "Makes a 3D model from a picture.",
        ("turn this photo into a 3d model",),
    ),
)

LANGUAGE = (
    Task(
        "text-classification",
        (TEXT, TOP_K),
        (OUT_LABELS,),
        "Says which class a text belongs to, such as its sentiment.",
        (
            "classify this text",
            "is this review positive or negative",
            "what is the sentiment",
            "which language is it",
            "is it spam",
            "is it toxic",
        ),
        (
            "sentiment-analysis",
            "sentiment",
            "language-identification",
            "toxicity",
            "natural-language-inference",
        ),
        "pipeline",
        architectures=("ForSequenceClassification",),
        stands_in=("zero-shot-classification",),
    ),
    Task(
        "token-classification",
        (TEXT,),
        (OUT_SPANS,),
        "Finds the names, places and other marked words in a text.",
        (
            "find the names in this text",
            "extract the entities",
            "which people and places are mentioned",
            "tag the words",
        ),
        ("ner", "named-entity-recognition", "pos-tagging", "part-of-speech"),
        "pipeline",
        architectures=("ForTokenClassification",),
    ),
    Task(
        "question-answering",
        (QUESTION, _in("context", "text", "The text that holds the answer")),
        (OUT_TEXT,),
        "Finds the answer to a question in a text.",
        ("answer the question from this text", "what does the passage say about"),
        ("extractive-qa", "qa", "reading-comprehension"),
        "extractive-qa",
        architectures=("ForQuestionAnswering",),
        stands_in=("document-question-answering", "text-generation"),
    ),
    Task(
        "table-question-answering",
        (TABLE, QUESTION),
        (OUT_TEXT,),
        "Answers a question about a table.",
        ("look it up in the table", "answer a question about this spreadsheet"),
        ("table-qa", "tapas"),
        "pipeline",
        ("pandas",),
        stands_in=("tabular-classification", "question-answering"),
    ),
    Task(
        "translation",
        (
            TEXT,
            _opt("source_language", "text", "The language it is in, as a code such as en"),
            _opt("target_language", "text", "The language it shall be in, as a code such as fr"),
            LENGTH,
        ),
        (OUT_TEXT,),
        "Writes a text in another language.",
        (
            "translate it into French",
            "say the number in French",
            "put this in German",
            "what is that in Spanish",
        ),
        ("machine-translation",),
        "seq2seq",
    ),
    Task(
        "summarization",
        (TEXT, LENGTH),
        (OUT_TEXT,),
        "Makes a long text short.",
        ("summarise this article", "give me the gist", "make it shorter"),
        ("summarisation", "tldr"),
        "seq2seq",
        falls_back=("text2text-generation", "text-generation"),
    ),
    Task(
        "text2text-generation",
        (TEXT, LENGTH),
        (OUT_TEXT,),
        "Rewrites a text as it was trained to: paraphrased, corrected, answered.",
        ("rewrite the text", "paraphrase this sentence", "correct the grammar"),
        ("seq2seq", "paraphrasing", "grammar-correction"),
        "seq2seq",
        stands_in=("text-generation",),
        falls_back=("text-generation",),
    ),
    Task(
        "text-generation",
        (_in("prompt", "text", "The text to go on from, or the instruction"), LENGTH),
        (OUT_TEXT,),
        "Goes on writing from a beginning, or answers an instruction.",
        ("write a story", "continue this text", "write a poem about", "generate code"),
        ("chat-completion", "conversational", "chat", "code-generation", "causal-lm"),
        "pipeline",
        architectures=("ForCausalLM",),
    ),
    Task(
        "fill-mask",
        (_in("text", "text", "A text with one masked word"), TOP_K),
        (OUT_LABELS,),
        "Guesses the missing word of a sentence.",
        ("fill in the blank", "guess the missing word"),
        ("masked-lm",),
        "pipeline",
        architectures=("ForMaskedLM",),
    ),
    Task(
        "zero-shot-classification",
        (TEXT, CANDIDATES, _opt("multi_label", "json", "true when several labels may fit")),
        (OUT_LABELS,),
        "Says which of the given labels fits a text, labels it was never trained on.",
        ("which of these topics is the text about", "classify the text as one of my labels"),
        (),
        "pipeline",
        stands_in=("text-classification",),
        falls_back=("sentence-similarity",),
    ),
    Task(
        "sentence-similarity",
        (
            _in("text", "text", "The sentence to compare with"),
            _many("sentences", "text", "The sentences to compare"),
        ),
        (OUT_LABELS,),
        "Says how close sentences are in meaning, from 0 to 1, the closest first.",
        (
            "how similar are these sentences",
            "which sentence means the same",
            "compare the meaning of two texts",
        ),
        ("semantic-similarity", "semantic-textual-similarity"),
        "embedding",
    ),
    Task(
        "feature-extraction",
        (TEXT,),
        (OUT_VECTOR,),
        "Turns a text into a vector of numbers that stands for its meaning.",
        ("embed this text", "get the embedding of the sentence", "vector of the text"),
        ("text-embedding", "embeddings", "sentence-embedding"),
        "embedding",
    ),
    Task(
        "text-ranking",
        (_in("query", "text", "What is searched"), _many("texts", "text", "The texts to order")),
        (OUT_LABELS,),
        "Orders texts by how well they answer a question.",
        ("rank these passages for my question", "rerank the results"),
        ("reranking", "cross-encoder"),
        "embedding",
        stands_in=("sentence-similarity",),
        falls_back=("sentence-similarity",),
    ),
    Task(
        "any-to-any",
        (
            PROMPT,
            _opt("image", "image", "A picture to look at"),
            _opt("audio", "audio", "A recording to listen to"),
            LENGTH,
        ),
        (OUT_TEXT,),
        "Takes text, pictures and sound together and answers.",
        ("answer from the text and the media together",),
        ("omni",),
        "pipeline",
    ),
)

DATA = (
    Task(
        "tabular-classification",
        (TABLE,),
        (OUT_JSON,),
        "Says which class each row of a table belongs to.",
        ("classify the rows of this table",),
    ),
    Task(
        "tabular-regression",
        (TABLE,),
        (OUT_JSON,),
        "Predicts a number for each row of a table.",
        ("predict the price for each row",),
    ),
    Task(
        "time-series-forecasting",
        (TABLE,),
        (OUT_JSON,),
        "Goes on with a series of numbers.",
        ("forecast the next values",),
        ("forecasting",),
    ),
    Task(
        "decision",
        (
            _in("state", "text", "What is known, in words"),
            _in("questions", "json", "Questions by name, each {type: noul, choice or score, instructions, criteria}"),
        ),
        (OUT_JSON,),
        "Answers typed questions about a situation, with a probability for every option.",
        ("choose the next action", "decide which option fits"),
        (),
        "pipeline",
    ),
    Task(
        "reinforcement-learning",
        (_in("observation", "json", "What the agent sees"),),
        (OUT_JSON,),
        "Chooses an action in a game or a simulation.",
        ("play the game",),
    ),
    Task(
        "robotics",
        (_in("observation", "json", "What the robot sees"),),
        (OUT_JSON,),
        "Chooses the movements of a robot.",
        ("move the robot arm",),
    ),
    Task(
        "graph-ml",
        (_in("graph", "json", "Nodes and edges"),),
        (OUT_JSON,),
        "Predicts something about a graph.",
        ("classify the molecule",),
        ("graph-machine-learning",),
    ),
)

BUILTINS = (
    Task(
        "calculate",
        (_in("expression", "text", "Arithmetic, such as '17 * 23 + 4' or '24 > 10'"),),
        (_in("number", "number", "The value"),),
        "Works out arithmetic and compares numbers, exactly.",
        (
            "what is 17 times 23",
            "add the numbers up",
            "compute the sum",
            "which number is larger",
            "are there more",
        ),
        (),
        "builtin",
    ),
    Task(
        "count",
        (
            _in("items", "json", "A list, such as the boxes that a detector found"),
            _opt("label", "text", "Count only those with this label"),
        ),
        (_in("number", "number", "How many there are"),),
        "Counts the things in a list, such as a detector's boxes.",
        ("count them", "how many are there"),
        (),
        "builtin",
        stands_in=("object-detection",),
    ),
    Task(
        "pick",
        (
            _in("items", "json", "A list of labels, boxes or texts"),
            _opt(
                "by",
                "text",
                "first, last, best, worst, largest, smallest, leftmost, rightmost, topmost or bottommost",
            ),
            _opt("label", "text", "Only those with this label"),
        ),
        (OUT_JSON,),
        "Picks one thing out of a list.",
        ("take the best one", "the largest of them", "the first result"),
        (),
        "builtin",
    ),
    Task(
        "crop",
        (
            IMAGE,
            _opt(
                "region",
                "text",
                "left half, right half, top half, bottom half, a quarter such as top left, or centre",
            ),
            _opt("box", "json", "The box to cut out: {xmin, ymin, xmax, ymax} in pixels"),
        ),
        (OUT_IMAGE,),
        "Cuts a part out of a picture.",
        ("the left half of the photo", "crop the picture", "cut out this part"),
        (),
        "builtin",
    ),
    Task(
        "split-lines",
        (IMAGE,),
        (_many("lines", "image", "One picture for each line of text, from top to bottom"),),
        "Splits a scanned page into pictures of its lines of text.",
        ("split the page into lines", "find the lines of this page"),
        (),
        "builtin",
    ),
    Task(
        "draw-boxes",
        (IMAGE, _in("boxes", "boxes", "What a detector found")),
        (OUT_IMAGE,),
        "Draws the boxes that a detector found into the picture.",
        ("draw the boxes", "mark the things that were found", "show where they are"),
        (),
        "builtin",
        stands_in=("object-detection",),
    ),
    Task(
        "join",
        (
            _many("texts", "text", "The texts, in order"),
            _opt("separator", "text", "What stands between them: a new line by default"),
        ),
        (OUT_TEXT,),
        "Joins several texts into one.",
        ("put the lines together", "join the texts"),
        (),
        "builtin",
    ),
)

ROWS: tuple[Task, ...] = VISION + SOUND + MOVING + LANGUAGE + DATA + BUILTINS
