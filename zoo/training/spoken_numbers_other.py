"""What is no number, for `spoken-numbers`: everyday sentences, other languages, noise and music.

Where a text of `draw_other` is said, the model is to write "[?]" for every stretch that holds no number word.
"""

from __future__ import annotations

import pydoc_data.topics
import random
import re

import numpy as np
from scipy import signal

OTHER = "[?]"  # written for a stretch of speech without number words
RATE = 16_000
PEOPLE = (
    "I|you|we|they|my mother|my father|the old man|a young woman|her brother|his sister|our neighbour|the teacher|"
    "the doctor|a friend of mine|the children|the driver|the cook|the mayor|some people|nobody|everybody|the nurse"
).split("|")
DEEDS = (
    "wanted to see|never found|would like to buy|sold|forgot about|talked about|carried|painted|cleaned|should repair|"
    "remembered|took a photo of|asked for|walked around|lost|borrowed|is waiting for|was looking at|does not like|"
    "wrote about"
).split("|")
THINGS = (
    "the garden|a cup of tea|the train|a bicycle|the weather|this book|an umbrella|the window|some bread and butter|"
    "the river|a long letter|the kitchen table|the music|a new coat|the keys|their holiday|the newspaper|an orange|"
    "the mountains|a small dog|the answer|the question|her birthday|the invoice|the meeting|two apples|a computer"
).split("|")
ENDINGS = (
    "|||yesterday|in the morning|after lunch|near the station|before it got dark|because of the rain|with great care|"
    "last summer|on the way home|at the market|as usual|tomorrow|if there is time|without saying a word|in town"
).split("|")
SHORT = (
    "hello|good morning|good evening|yes|no|yes please|no thank you|thanks a lot|excuse me|see you later|of course|"
    "how are you|what is the time|where is it|come in|stop|open the door|please wait|I do not know|maybe|certainly|"
    "never mind|happy birthday|be careful|turn left|turn right|go straight on|water|coffee|music|Monday|Thursday|"
    "January|December|thirsty|a forest|sister|fountain|twins|the teeth|heaven|a fine day|mine|the sun|tree|free|hive|"
    "dive|sticks|fix|eaten|great|late|time|nice|line|when|again|men|her own|gone|sandwich|a hunter|under|kindred|"
    "thousandth|plenty|dirty|sporty|shifty|city|naughty|a party|beauty|fourth of July|the first|second|a dozen|"
    "half past"
).split("|")
# By espeak-ng voice; the languages of the benchmark's sentences that are not here were never heard.
FOREIGN = {
    "de": "Guten Morgen, wie geht es dir?|Ich möchte ein Glas Wasser.|Wir fahren am Montag nach Berlin.|"
    "dreizehn|vierzig",
    "fr-fr": "Bonjour, je voudrais un café.|Où est la gare, s'il vous plaît?|Il fait beau aujourd'hui.|treize|quarante",
    "es": "Buenos días, ¿cómo estás?|Me gusta mucho la música.|El tren llega por la mañana.|trece|cuarenta",
    "it": "Buongiorno, vorrei un gelato.|La casa è molto grande.|Dove abita tua sorella?|tredici|quaranta",
    "pt": "Bom dia, tudo bem?|O menino gosta de futebol.|Amanhã vamos à praia.|treze",
    "nl": "Goedemorgen, hoe gaat het met je?|Ik woon in een klein dorp.|De kat slaapt op de stoel.|dertien",
    "pl": "Dzień dobry, co słychać?|Moja siostra lubi herbatę.|Pociąg odjeżdża wieczorem.",
    "ru": "Доброе утро, как дела?|Мы живём в большом городе.|Сегодня хорошая погода.",
    "da": "God morgen, hvordan har du det?|Jeg vil gerne have en kop kaffe.|Huset ligger ved søen.",
    "fi": "Hyvää huomenta, mitä kuuluu?|Minä asun pienessä talossa.|Koira juoksee puistossa.",
    "hu": "Jó reggelt, hogy vagy?|A macska az ablakban ül.|Holnap moziba megyünk.",
    "el": "Καλημέρα, τι κάνεις;|Μου αρέσει η θάλασσα.|Το βιβλίο είναι στο τραπέζι.",
    "cs": "Dobré ráno, jak se máš?|Vlak jede do Prahy.|Na stole leží kniha.",
    "hi": "नमस्ते, आप कैसे हैं?|मुझे चाय पसंद है।|आज मौसम अच्छा है।",
    "cmn": "你好吗|今天天气很好|我喜欢喝茶",
    "id": "Selamat pagi, apa kabar?|Saya suka minum kopi.|Kucing itu tidur di kursi.",
}
_PROSE = [
    sentence
    for topic in pydoc_data.topics.topics.values()
    for sentence in re.findall(r"(?<=[.\n] )[A-Z][a-z]+(?:,? [a-z]+){4,14}(?=\.)", " ".join(topic.split()))
]


def draw_other(rng: random.Random) -> tuple[str, str]:
    """Draw a text that is no number, and the language ("en" or the name of an espeak-ng voice) to say it in."""
    kind = rng.random()
    if kind < 0.25:
        language = rng.choice(list(FOREIGN))
        return rng.choice(FOREIGN[language].split("|")), language
    if kind < 0.45:
        return rng.choice(SHORT), "en"
    if kind < 0.7 and _PROSE:
        text = rng.choice(_PROSE)
    else:
        text = " ".join(rng.choice(part) for part in (PEOPLE, DEEDS, THINGS, ENDINGS)).strip()
    words = text.split()
    if rng.random() < 0.3:  # a piece of it
        size = rng.randint(2, 5)
        start = rng.randrange(max(1, len(words) - size))
        words = words[start : start + size]
    return " ".join(words), "en"


def written(text: str, words: frozenset[str]) -> str:
    """What the model is to write for a text: its number words, and OTHER for every stretch between them."""
    tokens: list[str] = []
    for word in re.findall(r"\w+", text.lower()):
        token = word if word in words else OTHER
        if token != OTHER or tokens[-1:] != [OTHER]:
            tokens.append(token)
    return " ".join(tokens)


def draw_sound(generator: np.random.Generator) -> np.ndarray:
    """Half a second to four seconds of no speech: noise, hum, tunes, chords, beats, sweeps."""
    size = int(RATE * generator.uniform(0.5, 4))
    times = np.arange(size) / RATE
    kind = generator.integers(0, 6)
    if kind == 0:
        samples = generator.standard_normal(size) * (1 + np.sin(2 * np.pi * generator.uniform(0.3, 6) * times))
    elif kind == 1:
        pitch = generator.choice((50, 60, generator.uniform(80, 400)))
        samples = sum(generator.uniform(0, 1) / n * np.sin(2 * np.pi * pitch * n * times) for n in range(1, 12))
    elif kind == 2:
        samples = np.concatenate([_chord(1, generator) for _ in range(16)])[:size]
    elif kind == 3:
        samples = np.concatenate([_chord(int(generator.integers(2, 5)), generator) for _ in range(16)])[:size]
    elif kind == 4:
        gap = int(RATE * generator.uniform(0.1, 0.6))
        beat = np.exp(-np.arange(gap) / RATE / generator.uniform(0.005, 0.1))
        samples = np.tile(beat, size // gap + 1)[:size] * generator.standard_normal(size)
    else:
        low, high = generator.uniform(60, 800), generator.uniform(800, 6000)
        samples = signal.chirp(times, low, times[-1], high) * (1 + signal.square(2 * np.pi * 2 * times))
    return (0.5 * samples / (np.abs(samples).max() + 1e-9)).astype(np.float32)


def _chord(voices: int, generator: np.random.Generator) -> np.ndarray:
    """One note or several of a scale at once, struck and fading, with some overtones."""
    times = np.arange(int(RATE * generator.uniform(0.12, 0.6))) / RATE
    notes = 110 * 2 ** (generator.choice((0, 2, 4, 5, 7, 9, 11, 12, 14, 16, 24, 28), voices) / 12)
    tone = sum(np.sin(2 * np.pi * note * n * times) / n**2 for note in notes for n in range(1, 6))
    return tone * np.exp(-times / generator.uniform(0.1, 0.8))
