"""Names of languages: what people, model cards and tokenizers call the same language."""

from __future__ import annotations

from functools import cache

# ISO 639-1, ISO 639-3 (with which NLLB's and OPUS's codes begin), English name.
_TABLE = """
af afr Afrikaans, am amh Amharic, ar arb Arabic, ar ara Arabic, as asm Assamese, az azj Azerbaijani, az aze Azerbaijani,
be bel Belarusian, bg bul Bulgarian, bn ben Bengali, bs bos Bosnian, ca cat Catalan, cs ces Czech, cy cym Welsh,
da dan Danish, de deu German, el ell Greek, en eng English, eo epo Esperanto, es spa Spanish, et est Estonian,
et ekk Estonian, eu eus Basque, fa pes Persian, fa fas Persian, fi fin Finnish, fo fao Faroese, fr fra French,
ga gle Irish, gl glg Galician, gu guj Gujarati, ha hau Hausa, he heb Hebrew, hi hin Hindi, hr hrv Croatian,
ht hat Haitian, hu hun Hungarian, hy hye Armenian, id ind Indonesian, ig ibo Igbo, is isl Icelandic, it ita Italian,
ja jpn Japanese, jv jav Javanese, ka kat Georgian, kk kaz Kazakh, km khm Khmer, kn kan Kannada, ko kor Korean,
ky kir Kyrgyz, lb ltz Luxembourgish, lo lao Lao, lt lit Lithuanian, lv lvs Latvian, lv lav Latvian, mg plt Malagasy,
mg mlg Malagasy, mk mkd Macedonian, ml mal Malayalam, mn khk Mongolian, mn mon Mongolian, mr mar Marathi,
ms zsm Malay, ms msa Malay, mt mlt Maltese, my mya Burmese, nb nob Norwegian, ne npi Nepali, ne nep Nepali,
nl nld Dutch, nn nno Nynorsk, no nor Norwegian, oc oci Occitan, or ory Odia, pa pan Punjabi, pl pol Polish,
ps pbt Pashto, ps pus Pashto, pt por Portuguese, ro ron Romanian, ru rus Russian, sd snd Sindhi, si sin Sinhala,
sk slk Slovak, sl slv Slovenian, so som Somali, sq als Albanian, sq sqi Albanian, sr srp Serbian, su sun Sundanese,
sv swe Swedish, sw swh Swahili, sw swa Swahili, ta tam Tamil, te tel Telugu, tg tgk Tajik, th tha Thai,
tl tgl Tagalog, tr tur Turkish, tt tat Tatar, uk ukr Ukrainian, ur urd Urdu, uz uzn Uzbek, uz uzb Uzbek,
vi vie Vietnamese, xh xho Xhosa, yi ydd Yiddish, yi yid Yiddish, yo yor Yoruba, zh zho Chinese, zh cmn Chinese,
zu zul Zulu
"""


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in _TABLE.replace("\n", " ").split(","):
        short, long, english = row.split()
        for name in (short, long, english.lower()):
            names.setdefault(name, short)
    return names


def canonical(name: str) -> str:
    """The two-letter code of a language: of 'fr', 'fra', 'French', 'fr-CA', 'fra_Latn', 'fr_XX'.

    A name that is not in the table stays as it is, in lower case and without its region or script.
    """
    first = name.strip().lower().replace("_", "-").partition("-")[0]
    return _names().get(first, first)


def is_known(name: str) -> bool:
    """Whether the table has this language."""
    return canonical(name) in _names()


@cache
def spoken_names() -> dict[str, str]:
    """The two-letter codes of languages by the English names that people use, in lower case."""
    rows = (row.split() for row in _TABLE.replace("\n", " ").split(","))
    return {"mandarin": "zh", **{english.lower(): short for short, _, english in rows}, "latin": "la"}
