"""Train `spoken-numbers`, a small Wav2Vec2-BERT with CTC that writes down English numbers said by espeak-ng.

Each of the 31 number words is one token, so 25 frames in a second are enough. The utterances are made once
(and kept in --cache); every use of one is augmented anew. Needs the program espeak-ng.

Usage:
    python zoo/training/spoken_numbers.py --out zoo/models/spoken-numbers
    python zoo/training/spoken_numbers.py --out /tmp/spoken --smoke

Takes about fifteen minutes on one CPU core; `--smoke` takes a few seconds and gives an untrained model.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    SeamlessM4TFeatureExtractor,
    Wav2Vec2BertConfig,
    Wav2Vec2BertForCTC,
    Wav2Vec2CTCTokenizer,
)

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.numbers_en_fr import TENS, UNITS  # noqa: E402
from zoo.training.spoken_numbers_data import RATE, augment, coloured_noise, draw_training_speech, trim  # noqa: E402
from zoo.training.steps import train_steps  # noqa: E402

SEED = 11
STRIDE = 4  # mel frames of 10 ms in one model frame
MELS = 80
WORDS = (*UNITS, *TENS[2:], "hundred", "thousand", "and")
VOCABULARY = ("<pad>", "<unk>", "|", *WORDS)
# CTC alone writes only blanks for a long time: the first steps learn a rough alignment, on short utterances.
ALIGNED_STEPS = 250
Speech = list[tuple[str, np.ndarray]]


def make_tokenizer(folder: Path) -> Wav2Vec2CTCTokenizer:
    """Write the vocabulary of number words and load it as a CTC tokenizer; id 0 is the blank.

    Each word token brings its own space and the delimiter is written as nothing, so that two words stay two
    words where the model leaves out the delimiter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokens = [token + " " if token in WORDS else token for token in VOCABULARY]
    path = folder / "vocab.json"
    path.write_text(json.dumps({token: index for index, token in enumerate(tokens)}, indent=1))
    return Wav2Vec2CTCTokenizer(str(path), bos_token=None, eos_token=None, replace_word_delimiter_char="")


def make_model(tokenizer: Wav2Vec2CTCTokenizer) -> Wav2Vec2BertForCTC:
    """A conformer of about 0.8 million weights."""
    config = Wav2Vec2BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=256,
        feature_projection_input_dim=MELS * STRIDE,
        hidden_dropout=0.0,
        attention_dropout=0.0,
        conformer_conv_dropout=0.0,
        final_dropout=0.0,
        layerdrop=0.0,
        apply_spec_augment=False,  # masks are put on the mel features instead
        conv_depthwise_kernel_size=11,
        left_max_position_embeddings=32,
        right_max_position_embeddings=32,
        ctc_loss_reduction="mean",
        ctc_zero_infinity=True,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        eos_token_id=None,
    )
    return Wav2Vec2BertForCTC(config)


def mel_features(samples: np.ndarray, extractor: SeamlessM4TFeatureExtractor) -> np.ndarray:
    """The extractor's normalised log-mel frames, computed for all frames at once, which is faster."""
    windows = np.lib.stride_tricks.sliding_window_view(samples * 2.0**15, 400)[::160].astype(np.float64)
    windows = windows - windows.mean(axis=1, keepdims=True)
    windows[:, 1:] -= 0.97 * windows[:, :-1]
    windows[:, 0] *= 1 - 0.97
    power = np.abs(np.fft.rfft(windows * extractor.window, 512)) ** 2
    mels = np.log(np.maximum(power @ extractor.mel_filters, 1.192092955078125e-07))
    return ((mels - mels.mean(0)) / np.sqrt(mels.var(0, ddof=1) + 1e-7)).astype(np.float32)


def mask(mels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """SpecAugment: blank out up to two bands and two short stretches of time."""
    for _ in range(generator.integers(0, 3)):
        start, width = generator.integers(0, MELS), generator.integers(1, 14)
        mels[:, start : start + width] = 0
    for _ in range(generator.integers(0, 3)):
        start, width = generator.integers(0, len(mels)), generator.integers(1, 9)
        mels[start : start + width] = 0
    return mels


def load_speech(path: Path, count: int) -> Speech:
    """Make `count` utterances, or read them from the cache of an earlier run."""
    if path.exists():
        with np.load(path) as cache:
            waves = np.split(cache["samples"], np.cumsum(cache["sizes"])[:-1])
            texts = cache["texts"].tolist()
        if len(texts) >= count:
            return list(zip(texts, waves, strict=True))[:count]
    rng = random.Random(SEED)
    speech = [draw_training_speech(rng) for _ in range(count)]
    speech = [(text, np.round(wave * 32767).astype(np.int16)) for text, wave in speech]
    np.savez(
        path,
        samples=np.concatenate([wave for _, wave in speech]),
        sizes=[len(wave) for _, wave in speech],
        texts=[text for text, _ in speech],
    )
    return speech


def rough_alignment(ids: list[int], frames: int, start: int, stop: int) -> torch.Tensor:
    """Spread word ids evenly, by their length in letters, over the frames between two sample positions."""
    labels = torch.zeros(frames, dtype=torch.long)
    letters = np.cumsum([0, *(len(VOCABULARY[word]) + 1 for word in ids[::2])])
    edges = (start + (stop - start) * letters / max(letters[-1], 1)) / (STRIDE * 160)
    edges = np.clip(np.round(edges).astype(int), 0, frames)
    for at, word in enumerate(ids[::2]):
        labels[edges[at] : edges[at + 1]] = word
    labels[np.clip(edges[1:-1], 0, frames - 1)] = VOCABULARY.index("|")
    return labels


def make_batch(
    speech: Speech, extractor: SeamlessM4TFeatureExtractor, generator: np.random.Generator
) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Augment utterances and pad them; returns the model's inputs and a rough label of every frame.

    Now and then an utterance is only noise or silence, with nothing to write down.
    """
    features, labels, alignments = [], [], []
    for text, wave in speech:
        samples = trim(wave.astype(np.float32) / 32768)
        if generator.random() < 0.02:
            level = generator.choice((0.0, 0.001, 0.1))
            text, samples = "", level * coloured_noise(len(samples), generator)
        samples, start, stop = augment(samples, generator)
        mels = mask(mel_features(samples, extractor), generator)
        frames = len(mels) // STRIDE
        features.append(torch.from_numpy(mels[: frames * STRIDE].reshape(frames, MELS * STRIDE)))
        ids = [VOCABULARY.index(token) for token in " | ".join(text.split()).split()]
        labels.append(torch.tensor(ids, dtype=torch.long))
        alignments.append(rough_alignment(ids, frames, start, stop))
    pad = torch.nn.utils.rnn.pad_sequence
    masks = [torch.ones(len(rows), dtype=torch.long) for rows in features]
    batch = {
        "input_features": pad(features, batch_first=True),
        "attention_mask": pad(masks, batch_first=True),
        "labels": pad(labels, batch_first=True, padding_value=-100),
    }
    return batch, pad(alignments, batch_first=True, padding_value=-100)


def batches(speech: Speech, size: int, rng: random.Random) -> list[Speech]:
    """Shuffle utterances into batches of similar lengths, so that little is padded."""
    shuffled = rng.sample(speech, len(speech))
    groups = [
        sorted(shuffled[at : at + 8 * size], key=lambda pair: len(pair[1])) for at in range(0, len(speech), 8 * size)
    ]
    rows = [group[at : at + size] for group in groups for at in range(0, len(group), size)]
    rng.shuffle(rows)
    return rows


def rate_factor(step: int, steps: int) -> float:
    """The learning rate's course: up over the first 150 steps, level, down over the last 500."""
    return min(1.0, (step + 1) / 150, max(0.0, (steps - step) / 500))


def train(
    model: Wav2Vec2BertForCTC,
    speech: Speech,
    extractor: SeamlessM4TFeatureExtractor,
    options: argparse.Namespace,
) -> None:
    """Train, saving every 100 steps."""
    seed, first = SEED + options.first_step, options.first_step
    rng, generator = random.Random(seed), np.random.default_rng(seed)
    rows: list[Any] = []

    def loss_of(step: int) -> torch.Tensor:
        nonlocal rows
        if not rows or step == ALIGNED_STEPS + 1:
            limit = 6 if step <= ALIGNED_STEPS else 99
            rows = batches([pair for pair in speech if pair[0].count(" ") < limit], options.batch, rng)
        batch, alignment = make_batch(rows.pop(), extractor, generator)
        output = model(**batch)
        if step > ALIGNED_STEPS:
            return output.loss
        return torch.nn.functional.cross_entropy(output.logits.transpose(1, 2), alignment)

    train_steps(
        model,
        range(first + 1, options.steps + 1),
        loss_of,
        rate=options.rate,
        factor=lambda step: min((step - first + 1) / 50, rate_factor(step, options.steps)),
        report=50,
        save=100,
        out=options.out,
    )


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, make the speech, train, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "spoken_numbers.npz")
    parser.add_argument("--utterances", type=int, default=12_000)
    parser.add_argument("--steps", type=int, default=820)
    parser.add_argument("--first-step", type=int, default=0, help="continue the checkpoint in --out after this step")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    if options.smoke:
        options.utterances, options.steps, options.batch = 8, 2, 4
        options.cache = options.out / "speech.npz"
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer(options.out)
    extractor = SeamlessM4TFeatureExtractor(stride=STRIDE, num_mel_bins=MELS, feature_size=MELS, sampling_rate=RATE)
    speech = load_speech(options.cache, options.utterances)
    print(
        f"{len(speech)} utterances, {sum(len(wave) for _, wave in speech) / RATE / 3600:.1f} hours",
        flush=True,
    )
    model = make_model(tokenizer)
    if options.first_step:
        model = Wav2Vec2BertForCTC.from_pretrained(options.out)
    extractor.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)
    train(model, speech, extractor, options)
    model.save_pretrained(options.out)
    print(f"saved {options.out}")


if __name__ == "__main__":
    main()
