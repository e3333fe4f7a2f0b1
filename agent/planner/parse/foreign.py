"""Goals in other languages: told apart by their little words, and answered in one sentence that their writer can read.

Goals are understood in English. To take another language for it gives an answer to some other question, so this stands
before the reading: a language is a row of its function words that English does not have, and of what is said.
"""

from __future__ import annotations

import re

_ENGLISH = frozenset(
    """
    a an and are as at be by can could do does each for from give how i in into is it its many me my much of on or out please show tell
    than that the them then there these this those to two up was we what when where which who why will with would you your translate
    count read find write say make describe per average total number sum put split add
    """.split()
)
_SAID = {
    "ar": "أفهم الأهداف باللغة الإنجليزية فقط؛ يرجى كتابتها بالإنجليزية.",
    "cs": "Zadání rozumím jen v angličtině; napište ho prosím anglicky.",
    "de": "Ich verstehe Aufgaben nur auf Englisch; bitte auf Englisch schreiben.",
    "el": "Καταλαβαίνω εντολές μόνο στα αγγλικά· γράψτε την στα αγγλικά.",
    "es": "Solo entiendo los encargos en inglés; escríbalo en inglés, por favor.",
    "fr": "Je ne comprends les demandes qu’en anglais ; écrivez-la en anglais, s’il vous plaît.",
    "he": "אני מבין בקשות באנגלית בלבד; נא לכתוב באנגלית.",
    "hi": "मैं अनुरोध केवल अंग्रेज़ी में समझता हूँ; कृपया अंग्रेज़ी में लिखें।",
    "it": "Capisco le richieste solo in inglese; per favore, la scriva in inglese.",
    "ja": "依頼は英語のみ理解できます。英語で書いてください。",
    "ko": "요청은 영어로만 이해합니다. 영어로 적어 주세요.",
    "nl": "Ik begrijp opdrachten alleen in het Engels; schrijf het alstublieft in het Engels.",
    "pl": "Rozumiem polecenia tylko po angielsku; proszę napisać po angielsku.",
    "pt": "Só entendo pedidos em inglês; escreva-o em inglês, por favor.",
    "ru": "Я понимаю задания только на английском; напишите, пожалуйста, по-английски.",
    "sv": "Jag förstår uppgifter bara på engelska; skriv den på engelska, tack.",
    "tr": "İstekleri yalnızca İngilizce anlıyorum; lütfen İngilizce yazın.",
    "uk": "Я розумію завдання лише англійською; напишіть, будь ласка, англійською.",
    "zh": "我只能理解英文的要求，请用英文书写。",
}
_WORDS = {
    "cs": "je jsou na kolik co se ve které tento tato toto obrázku prosím přelož spočítej kde pro",
    "de": "der die das den dem ein eine einen ist sind und wie viele was auf im ins bitte für mit von zu ich mir nicht diesem dieses diese übersetze zähle lies",
    "es": "el la los las un una de en y cuántas cuántos cuantas cuantos hay qué que es son por para con del al esta este foto imagen traduce cuenta lee dime favor",
    "fr": "le la les un une des du de en et est sont combien quel quelle quels il y pour dans sur avec ce cette que qu traduis compte lis moi plaît au",
    "it": "il lo la gli le un una di in e quante quanti ci sono che è per con nella nel questa questo foto traduci conta leggi dimmi favore",
    "nl": "de het een en is zijn hoeveel wat op in dit deze voor met van naar vertaal tel lees alstublieft graag mij",
    "pl": "jest są ile na co się w tym tej zdjęciu proszę przetłumacz policz przeczytaj i dla z do",
    "pt": "o a os as um uma de em e quantas quantos há que é são por para com do da na no esta este foto imagem traduza conte leia",
    "sv": "en ett och är hur många vad på i den det de för med av till denna detta översätt räkna läs snälla mig",
    "tr": "bir bu şu kaç ne ve için var mı mi mu mü lütfen resimde fotoğrafta çevir say oku ile",
}  # fmt: skip
_FUNCTION_WORDS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_ENOUGH = 2  # function words of a language, and more of them than of English


_COURTESY = re.compile(
    r"\b(?:s['’]il (?:vous|te) pla[iî]t|svp|merci|bitte|danke|por favor|gracias|grazie|per favore|obrigad[oa])\b",
    re.IGNORECASE,
)


def foreign(goal: str) -> str:
    """The code of the language that a goal is written in, when it is one of those told here; "" for English.

    Args:
        goal: without what stands in quotes: that may be in any language.
    """
    goal = _COURTESY.sub(" ", goal)
    letters = len(re.findall(r"[^\W\d_]", goal))
    latin = len(re.findall(r"[a-zA-Z\u00c0-\u024f]", goal))
    if letters and latin / letters < 0.5:
        return next((code for code, script in _SCRIPTS if script.search(goal)), "")
    words = set(re.findall(r"[^\W\d_]+", goal.lower()))
    english = sum(word in _ENGLISH for word in words)
    found = {code: sum(word in known for word in words) for code, known in _FUNCTION_WORDS.items()}
    code = max(found, key=lambda one: found[one])
    return code if found[code] >= _ENOUGH and found[code] > english else ""


def sentence(code: str) -> str:
    """What is said to a goal in that language, in it and in English."""
    return f"{_SAID[code]} (Goals are understood in English; please write it in English.)"
