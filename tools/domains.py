"""The closed lists from which the text about a model that a language model reads is made.

A card is a stranger's data: its prose, tags and labels could carry instructions. What is not in these lists is
never quoted; it still ranks the search and is shown to people.
"""

from __future__ import annotations

import re

DOMAIN_WORDS = frozenset(
    """
    abstractive accounting action actions activity adult aerial age agriculture air airplane alignment ancient animal animals anime answer
    arabic architecture art articles artwork asr astronomy audio author banking bark beans bert bird birds blood
    body books brain brand breeds building business buildings captioning captions car caption cars cartoon cat cats cells
    chat chemistry chess child clinical clip clothes cloud coco coco-80 code coding coin coins color commands comics
    commonsense conversation conversational cooking correction corn covid crops cuneiform currency customer dance
    deforestation denoising depth detection diagnosis dialect dialogue diffusion digit digits disease
    documents dog dogs domain drawing drones drug drums ecology economics edge education electronics email emotion emotions
    embedding embeddings energy english entailment environment epidemic events face faces fact fake fashion finance
    financial fish flowers food football forest forms french fruit fruits furniture games garbage gender genes genre geography
    german gesture grammar grasping guitar hand handwriting handwritten hate headlines health healthcare heart hindi
    history hotel house humour image-quality imagenet images indoor insects instruction instruments insurance intent
    invoice invoices irony italian japanese jobs journalism keyphrase keyphrases keywords kitchen korean landmarks language
    languages law layout leaf leaves legal letters license-plate line lines linguistics literature logic logistics lung
    machine maps marine marketing masks material math mathematics medical medicine melody microscopy military mood movie movies multilingual
    music names natural ner news noise notes nsfw nutrition object objects ocean ocr offensive order outdoor page
    paintings paraphrase parking passages patents pedestrian people person pests pets pharmacy phishing phone photo photos
    physics piano places plants plates poetry politics pollution portrait portuguese pos pose posture price printed
    product products programming protein proteins psychology punctuation qa quality question questions quotes radiology
    rain recipe recipes reasoning receipt receipts recommendation relation religion remote reranking research restaurant retail
    retrieval review reviews road roads robot robots russian safety sales sarcasm satellite scene scenes science scientific screenshot
    search segmentation selfie semantic sensor sentence sentences sentiment ship short signature sign singing sketch skin sky sleep
    similarity social song songs sound sounds space spam spanish speaker speakers speech speed spelling spoken sports sql squad stance
    statistics stock stocks story street stress style subtitles sugar summaries summary support surgery surveillance
    table tables tagging temperature text textile texture ticket time titles topic topics tourism toxic toxicity trade
    traffic train travel trees tumour tweets twitter typed university urban vehicle vehicles video videos violence vision
    visual voice war waste water weather weapons web wildlife wine women word words writing x-ray yoga zoo
    number numbers arithmetic cardinal figures hands keypoints tiny small base large fast
    """.split()
)

LICENSES = frozenset(
    """
    apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m afl-3.0
    artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0
    cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0
    cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0
    eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc h-research intel-research lppl-1.3c ms-pl apple-ascl
    apple-amlr mpl-2.0 odc-by odbl openmdw-1.0 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license
    fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4 grok2-community gemma unknown other
    """.split()
)
LIBRARIES = frozenset(
    """
    adapter-transformers allennlp asteroid bertopic coreml ctranslate2 diffusers espnet fairseq fastai fasttext flair flax gguf
    jax joblib keras kokoro llama-cpp-python mlx ml-agents nemo onnx open_clip openvino paddlenlp paddleocr peft pyannote-audio
    pytorch rust safetensors sample-factory sentence-transformers setfit sklearn spacy span-marker speechbrain stable-baselines3
    stanza tensorboard tensorflow tensorflowtts tf-keras timm transformers transformers.js ultralytics unity-sentis vllm
    """.split()
)
# ISO 639-1, and what cards write besides: 639-3 codes in use on the Hub that are no English word.
LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu
    fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn
    ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os
    pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw
    ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    afr amh ara arb asm aze azj bel ben bos bul cat ces ckb cmn cym dan deu ekk ell eng epo est eus fao fas fil fra gle glg guj
    hat hau haw heb hin hrv hun hye ibo isl ita jav jpn kaz khk khm kir kor lav lit ltz lug luo lvs mal mkd mlg mlt msa mya nan
    nep nld nno nob npi oci ory pbt pes plt pol por pus ron rus scn sdh slk slv snd som spa sqi srp swa swe swh szl tam tat tel
    tgk tgl tha tur ukr urd uzb uzn vie wuu xho yid yor yue zho zsm zul multilingual code
    """.split()
)
_LANGUAGE = re.compile(r"([a-z]{2,12})(?:[-_]([A-Z]{2}|Latn|Cyrl|Arab|Deva|Hans|Hant|Grek|Hebr|Thai))?")


def domain_words(words: tuple[str, ...], limit: int = 8) -> list[str]:
    """Those of the words that stand in our own list, singly or in a tag such as "printed-text"."""
    found: dict[str, None] = {}
    for word in words:
        plain = word.lower()
        parts = [plain] if plain in DOMAIN_WORDS else re.split(r"[\s_/-]+", plain)
        if parts and all(part in DOMAIN_WORDS for part in parts):
            found[" ".join(parts)] = None
    return list(found)[:limit]


def language_codes(languages: tuple[str, ...]) -> list[str]:
    """Those of the entries that are codes of languages, such as en, pt-BR or yue, in alphabetical order: a stranger
    can spell words with the codes, but no sentence."""
    found = ((code, _LANGUAGE.fullmatch(code)) for code in languages)
    return sorted({code for code, match in found if match and match[1] in LANGUAGES})


def license_id(license: str) -> str:
    """The licence when it is an id of the Hub's list, else ""."""
    return license if license in LICENSES else ""


def library_name(library: str) -> str:
    """The library when it is one of the Hub's, else ""."""
    return library if library in LIBRARIES else ""


def purpose_words(languages: tuple[str, ...], words: tuple[str, ...]) -> list[str]:
    """What a model is for beyond its task, in words of our own lists: a card's languages, its tags and labels."""
    return [*language_codes(languages)[:5], *domain_words(words)]
