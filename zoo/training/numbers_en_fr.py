"""Train `numbers-en-fr`, a small T5 that turns English numbers (figures or words) into French words.

The truth is num2words' French. Numbers are drawn both uniformly and uniformly over their count of digits; the
numbers of `held_out` are never trained on. 0 to 99 are all trained on: every larger number is built of them.

Usage:
    python zoo/training/numbers_en_fr.py --out zoo/models/numbers-en-fr
    python zoo/training/numbers_en_fr.py --out /tmp/numbers --smoke

Takes about seven minutes on one CPU core; `--smoke` takes a few seconds and gives an untrained model.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import zlib
from pathlib import Path

import torch
from num2words import num2words
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import GenerationConfig, PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.steps import train_steps  # noqa: E402

SEED = 7
LIMIT = 1_000_000
UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
FIGURES = "0123456789"
# A figure's place is part of its token: 42 is `4E1`, `2`. No text can hold these names, as it is lower-cased.
PLACED_FIGURES = [*FIGURES, *(f"{figure}E{place}" for place in range(1, 6) for figure in FIGURES)]
ENGLISH_WORDS = [*UNITS, *TENS[2:], "hundred", "thousand", "and", "a", *PLACED_FIGURES]
FRENCH_WORDS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt "
    "trente quarante cinquante soixante et cent cents mille"
).split()
FRENCH_JOINED = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts"
).split()
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"
SPACE = "▁"  # marks a French piece that stands after a space, as in SentencePiece vocabularies


def held_out(number: int) -> bool:
    """Tell whether a number is kept for evaluation: one in ten of those from 100 up, chosen by a checksum."""
    return number >= 100 and zlib.crc32(str(number).encode()) % 10 == 0


def french(number: int) -> str:
    """The French words of a number."""
    return num2words(number, lang="fr")


def french_pieces(text: str) -> list[str]:
    """Cut French number words into the vocabulary's pieces: `vingt-quatre` is `▁vingt`, `-quatre`."""
    return [piece.replace(" ", SPACE) for piece in re.findall(r"[ -][^ -]+", " " + text)]


def place_marks() -> list[normalizers.Replace]:
    """The rules that write each figure with its place, the highest place first: 245 becomes `2E2 4E1 5`."""
    return [
        normalizers.Replace(Regex(rf"{figure}(?=\d{{{place}}}(?!\d))"), f"{figure}E{place} ")
        for place in range(5, 0, -1)
        for figure in FIGURES
    ]


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Build the tokenizer: single figures and whole number words; everything else becomes `<unk>`."""
    pieces = [SPACE + word for word in FRENCH_WORDS] + ["-" + word for word in FRENCH_JOINED]
    vocabulary = {piece: index for index, piece in enumerate([PAD, END, UNKNOWN, *ENGLISH_WORDS, *pieces])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s*\.\s*$"), ""),  # a final full stop
            normalizers.Replace(Regex(r"(?<=\d)[, ](?=\d{3}(?!\d))"), ""),  # 12,345 and 12 345
            # Two figures side by side, or seven and more, are no number of this model: `#` is unknown.
            normalizers.Replace(Regex(r"(?<=\d)\s+(?=\d)"), "#"),
            normalizers.Replace(Regex(r"\d{7,}"), "#"),
            normalizers.Replace(Regex(r"(?<=[a-z])[-‐‑–](?=[a-z])"), " "),  # twenty-four
            normalizers.Replace(Regex(r"(?<=[a-z]),(?=\s*[a-z])"), " "),  # one thousand, two hundred
            *place_marks(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", special_tokens=[(END, vocabulary[END])]
    )
    tokenizer.decoder = decoders.Sequence([decoders.Fuse(), decoders.Replace(SPACE, " "), decoders.Strip(" ", 1, 0)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        unk_token=UNKNOWN,
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=64,
        clean_up_tokenization_spaces=False,
    )


def english_words(number: int, joiner: str = " and ", hyphen: str = "-", comma: str = "") -> str:
    """Spell a number in English with the given joiner (`and` or nothing), hyphen and thousands comma."""
    thousands, rest = divmod(number, 1000)
    if thousands == 0:
        return below_thousand(rest, joiner, hyphen)
    text = below_thousand(thousands, joiner, hyphen) + " thousand"
    if rest == 0:
        return text
    return text + (joiner if rest < 100 else comma + " ") + below_thousand(rest, joiner, hyphen)


def below_thousand(number: int, joiner: str, hyphen: str) -> str:
    """Spell 0 to 999 in English."""
    hundreds, rest = divmod(number, 100)
    small = UNITS[rest] if rest < 20 else TENS[rest // 10] + (hyphen + UNITS[rest % 10] if rest % 10 else "")
    if hundreds == 0:
        return small
    return UNITS[hundreds] + " hundred" + (joiner + small if rest else "")


def spell(number: int, rng: random.Random) -> str:
    """Write a number the way some English writer might: in figures or in words, with varied punctuation."""
    if rng.random() < 0.4:
        text = f"{number:,}" if rng.random() < 0.4 else str(number)
        if rng.random() < 0.02:
            text = "0" * rng.randint(0, 6 - len(str(number))) + str(number)
    else:
        hundreds, rest = divmod(number, 100)
        joiner = rng.choice((" and ", " "))
        if 11 <= hundreds <= 99 and hundreds % 10 and rng.random() < 0.15:  # nineteen hundred and four
            text = below_thousand(hundreds, "", "-") + " hundred"
            text += joiner + below_thousand(rest, joiner, "-") if rest else ""
        else:
            text = english_words(number, joiner, rng.choice("- "), rng.choice(("", "", ",")))
        if number >= 1000 and number % 1000 == 0 and rng.random() < 0.3:  # 24 thousand
            text = f"{number // 1000} thousand"
        if text.startswith(("one hundred", "one thousand")) and rng.random() < 0.1:
            text = "a" + text[3:]
        text = rng.choice((str.lower, str.lower, str.capitalize, str.title, str.upper))(text)
    return text + rng.choice(("", "", "."))


def draw_number(rng: random.Random) -> int:
    """Draw a number that may be trained on: half uniform, half uniform over the count of digits."""
    while True:
        if rng.random() < 0.5:
            number = rng.randrange(LIMIT)
        else:
            digits = rng.choice((1, 2, 2, 3, 3, 4, 5, 6))
            number = rng.randrange(10 ** (digits - 1) if digits > 1 else 0, 10**digits)
        if not held_out(number):
            return number


def make_batch(tokenizer: PreTrainedTokenizerFast, size: int, rng: random.Random) -> dict[str, torch.Tensor]:
    """Draw one training batch; padded label positions are -100, which the loss ignores."""
    numbers = [draw_number(rng) for _ in range(size)]
    batch = dict(tokenizer([spell(number, rng) for number in numbers], padding=True, return_tensors="pt"))
    rows = [
        [*tokenizer.convert_tokens_to_ids(french_pieces(french(number))), tokenizer.eos_token_id] for number in numbers
    ]
    width = max(map(len, rows))
    batch["labels"] = torch.tensor([row + [-100] * (width - len(row)) for row in rows])
    return batch


def make_model(tokenizer: PreTrainedTokenizerFast) -> T5ForConditionalGeneration:
    """A T5 of about 0.8 million weights; its relative positions suit the places of figures."""
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=128,
        d_kv=32,
        num_heads=4,
        d_ff=256,
        num_layers=3,
        num_decoder_layers=2,
        relative_attention_num_buckets=32,
        relative_attention_max_distance=32,
        dropout_rate=0.0,
        feed_forward_proj="relu",
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
    )
    model = T5ForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        max_new_tokens=24,
        num_beams=1,
        do_sample=False,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
    )
    return model


def rate_factor(step: int, steps: int) -> float:
    """The learning rate's course: up over the first 300 steps, level, down to zero over the last 600."""
    return min(1.0, (step + 1) / 300, max(0.0, (steps - step) / 600))


def train(model: T5ForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, options: argparse.Namespace) -> None:
    """Train on freshly drawn numbers, saving every 500 steps."""
    rng = random.Random(SEED + options.first_step)
    train_steps(
        model,
        range(options.first_step + 1, options.steps + 1),
        lambda step: model(**make_batch(tokenizer, options.batch, rng)).loss,
        rate=options.rate,
        factor=lambda step: rate_factor(step, options.steps),
        report=100,
        save=500,
        out=options.out,
    )


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, train, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--first-step", type=int, default=0, help="continue the checkpoint in --out after this step")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.steps, options.batch = 4, 8
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer()
    tokenizer.save_pretrained(options.out)
    model = make_model(tokenizer)
    if options.first_step:
        model = T5ForConditionalGeneration.from_pretrained(options.out)
    train(model, tokenizer, options)
    model.save_pretrained(options.out)
    print(f"saved {options.out}")


if __name__ == "__main__":
    main()
