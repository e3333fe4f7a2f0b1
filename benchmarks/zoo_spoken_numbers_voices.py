"""What `zoo_spoken_numbers.py` lets other engines say: voices of festival and Piper, and speech that is no number."""

from __future__ import annotations

import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from scipy import signal

RATE = 16_000
FESTIVAL = {"ked": "voice_ked_diphone", "slt": "voice_cmu_us_slt_arctic_hts"}
SENTENCES = """\
The bakery opens early on Saturdays.|My cousin repairs old radios.|Did you remember to lock the back door?
It has been snowing since midnight.|She plays the violin in a small orchestra.|The soup needs a little more salt.
We missed the bus because of the traffic.|Please send me the report by email.|The cat is hiding under the sofa.
A gentle wind blew through the valley.|He studied biology at the university.|Our flight was delayed again.
Could you speak a little louder, please?|The museum is closed on Mondays.|I prefer walking to driving.
The lake was as smooth as glass.|They named their daughter after her grandmother.|The printer is out of paper.
What do you usually have for breakfast?|The play received excellent reviews.|He dropped his phone in the river.
Nobody noticed the missing painting.|The farmer sold all of his potatoes.|Turn off the lights when you leave.
Her handwriting is very hard to read.|The village lies at the foot of a hill.|I cannot find my glasses anywhere.
The battery lasts longer than I expected.|Strawberries taste best in June.|We should paint the fence again.
The lawyer asked a difficult question.|Children were laughing in the playground.|My shoes are completely wet.
The concert was cancelled at short notice.|You look tired this evening.|Is this seat taken?|He never drinks alcohol.
The bridge will be repaired in spring.|A strange noise came from the cellar.|Take your time.|What a lovely surprise!
The shop sells fresh fish and vegetables.|She whispered something in his ear.|The radio is too loud.
I have already seen that film.|Our boss is on holiday until Friday.|The roof of the barn is leaking.
Birds were singing in the old oak.|He apologised for being late.|The password has been changed.|Good luck!
Have you ever been to Portugal?|The doctor told him to rest.|Her voice sounded calm and friendly.|Well done.
The carpet matches the curtains.|We heard thunder far away.|Can I help you with the dishes?|Nice to meet you.
The jacket does not fit me any more.|They are building a new library.|The dog chased the squirrel up a tree.
She keeps her savings in a wooden box.|Put the flowers in a vase.|The engine would not start this morning.
This sauce contains garlic and pepper.|My brother wants to become a pilot.|The keys are where you left them.
The judge listened to both lawyers.|Let us meet in front of the cinema.|I am afraid of spiders.|Thank you very much.
The fire was put out within the hour.|Grandfather told us a story about the sea.|The map shows every footpath.
It looks as though it might rain.|The teacher praised her drawing.|A tall man in a grey hat walked past.
Where can I buy a ticket?|The moon rose over the harbour.|They decided to sell the house.|What happened next?
The butter is melting in the sun.|You should visit your parents more often.|The nurse closed the curtain.|Silence!
I would rather stay at home tonight.|The parcel arrived in perfect condition.|Mind the step.|See you soon.
We are looking for a flat with a balcony.|The actor forgot his lines.|Peace and quiet at last.|Absolutely not.
He wrapped the present in blue paper.|The orchestra tuned their instruments.
A cold breeze came in.|She polished the silver spoons.|Their luggage is still at the airport.|Bring me my slippers."""
# By espeak-ng voice; of the second row no language is in the training.
FOREIGN = {
    "de": "Der Hund schläft vor dem Haus.|Können Sie mir bitte helfen?|Die Suppe ist noch zu heiß.",
    "fr-fr": "Nous allons au cinéma ce soir.|Le chat dort sur le canapé.|Quelle heure est-il?",
    "es": "La biblioteca está cerrada.|¿Dónde puedo comprar un billete?|Mi hermano trabaja en un hospital.",
    "it": "Il treno è in ritardo.|Mi piace il formaggio.|Oggi piove tutto il giorno.",
    "pt": "A cidade fica perto do mar.|Gosto de ler antes de dormir.",
    "nl": "De trein vertrekt over een uur.|Mag ik de rekening?",
    "pl": "Nie mam czasu.|Okno jest otwarte.",
    "ru": "Где находится вокзал?|Собака бежит по улице.",
    "sv": "Jag tycker om att läsa böcker.|Var ligger stationen?|Det regnar idag.",
    "nb": "Jeg bor i en liten by.|Hvor er hotellet?",
    "tr": "Bugün hava çok güzel.|Kitap masanın üstünde.|Nasılsınız?",
    "ro": "Pisica doarme pe scaun.|Unde este gara?",
    "sw": "Habari ya asubuhi.|Ninapenda chai na maziwa.",
    "cy": "Mae hi'n bwrw glaw heddiw.|Ble mae'r orsaf?",
    "hr": "Danas je lijepo vrijeme.|Gdje je kolodvor?",
    "ca": "El gos dorm a la porta.|On és l'estació?",
    "vi": "Hôm nay trời đẹp.",
    "eo": "La hundo dormas sub la tablo.|Kie estas la stacidomo?",
    "sk": "Vlak mešká.|Vonku je zima.",
    "et": "Ma elan väikeses majas.|Kus on jaam?",
    "lt": "Labas rytas visiems.",
}


def other_speech() -> list[tuple[str, str]]:
    """100 English sentences and 40 in other languages; (text, "en" or an espeak-ng voice)."""
    english = [text.strip() for line in SENTENCES.splitlines() for text in line.split("|")][:100]
    foreign = [(text, voice) for voice, texts in FOREIGN.items() for text in texts.split("|")][:40]
    return [(text, "en") for text in english] + foreign


def sounds() -> list[np.ndarray]:
    """Twenty sounds of two seconds without speech: noises, hums, sirens, knocks, tunes of long and plucked tones."""
    generator = np.random.default_rng(404)
    times = np.arange(2 * RATE) / RATE
    made = [generator.standard_normal(len(times)) * level for level in (0.001, 0.01, 0.1, 0.5)]
    made += [np.cumsum(generator.standard_normal(len(times))) * 0.002, np.zeros(len(times))]
    made += [np.sin(2 * np.pi * pitch * times) for pitch in (50, 220, 1000)]
    made.append(signal.sawtooth(2 * np.pi * 90 * times) * 0.3)
    made += [np.sin(2 * np.pi * (700 * times + 90 * np.sin(2 * np.pi * rate * times))) for rate in (0.7, 3)]
    for gap in (0.2, 0.5):
        knock = np.exp(-(times % gap) / 0.03) * generator.standard_normal(len(times))
        made.append(0.4 * knock)
    for length in (0.125, 0.25, 0.4):
        notes = generator.integers(0, 13, int(2 / length) + 1)[(times / length).astype(int)]
        pitch = np.cumsum(220 * 2 ** (notes / 12)) / RATE
        tone = sum(np.sin(2 * np.pi * n * pitch) / n for n in (1, 2, 3))
        made += [0.3 * tone, 0.3 * tone * np.exp(-(times % length) / 0.1)]
    return [np.asarray(sound, dtype=np.float32) for sound in made]


def festival(text: str, voice: str) -> np.ndarray:
    """Let a voice of festival (a key of FESTIVAL) say a text; 16 kHz samples."""
    with tempfile.TemporaryDirectory() as folder:
        said, heard = Path(folder, "said.txt"), Path(folder, "heard.wav")
        said.write_text(text)
        command = ["text2wave", "-eval", f"({FESTIVAL[voice]})", "-F", str(RATE), "-o", str(heard), str(said)]
        subprocess.run(command, capture_output=True, check=True, timeout=60)
        return soundfile.read(heard, dtype="float32")[0]


@cache
def _piper(model: Path) -> tuple[Any, dict[str, Any]]:
    import onnxruntime  # only to measure: no dependency of the package

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), settings, providers=["CPUExecutionProvider"])
    return session, json.loads(Path(f"{model}.json").read_text())


def piper(text: str, model: Path) -> np.ndarray:
    """Let a voice of Piper (an ONNX file beside its .json) say a text, in the phonemes of espeak-ng; 16 kHz samples."""
    session, config = _piper(model)
    command = ["espeak-ng", "-v", config["espeak"]["voice"], "-q", "--ipa", text]
    phonemes = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    known = config["phoneme_id_map"]
    ids = [*known["^"], *known["_"]]
    for sound in f"{phonemes}.":
        ids += [*known[sound], *known["_"]] if sound in known else []
    ids += known["$"]
    inference = config["inference"]
    scales = [inference["noise_scale"], inference["length_scale"], inference["noise_w"]]
    samples = session.run(
        None,
        {
            "input": np.array([ids], dtype=np.int64),
            "input_lengths": np.array([len(ids)], dtype=np.int64),
            "scales": np.array(scales, dtype=np.float32),
        },
    )[0].squeeze()
    return signal.resample_poly(samples, 320, config["audio"]["sample_rate"] * 320 // RATE).astype(np.float32)
