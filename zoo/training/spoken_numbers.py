"""Train `spoken-numbers`, a small Wav2Vec2-BERT with CTC that writes down English numbers said by synthesisers.

Each of the 31 number words is one token, so 25 frames in a second are enough; one more, "[?]", stands for speech that
is no number. The utterances are made once (and kept in --cache); every use of one is augmented anew.

Part 1 starts from nothing, on long numbers of espeak-ng. Part 2 goes on from the checkpoint in --out, on the mix of
`spoken_numbers_mix.py`; part 3 goes on from there with more engines (`spoken_numbers_more.py`) and changed voices
(`spoken_numbers_warp.py`). Needs the program espeak-ng, flite from part 2 on, and for part 3 the engines that
`spoken_numbers_voices.py` lists.

Usage:
    python zoo/training/spoken_numbers.py --out zoo/models/spoken-numbers
    python zoo/training/spoken_numbers.py --out zoo/models/spoken-numbers --part 2
    python zoo/training/spoken_numbers.py --out zoo/models/spoken-numbers --part 3
    python zoo/training/spoken_numbers.py --out /tmp/spoken --smoke

Part 1 takes about fifteen minutes on one CPU core, part 2 half an hour, part 3 an hour with making its speech;
`--smoke` takes a few seconds and gives an untrained model.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import fft
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
from zoo.training.spoken_numbers_data import (  # noqa: E402
    RATE,
    augment,
    coloured_noise,
    draw_training_speech,
    place,
    trim,
)
from zoo.training.spoken_numbers_mix import load_shard  # noqa: E402
from zoo.training.spoken_numbers_more import load as load_more  # noqa: E402
from zoo.training.spoken_numbers_other import OTHER  # noqa: E402
from zoo.training.spoken_numbers_warp import warp  # noqa: E402
from zoo.training.steps import train_steps  # noqa: E402

SEED = 11
STRIDE = 4  # mel frames of 10 ms in one model frame
MELS = 80
WORDS = (*UNITS, *TENS[2:], "hundred", "thousand", "and")
VOCABULARY = ("<pad>", OTHER, "|", *WORDS)
# CTC alone writes only blanks for a long time: the first steps learn a rough alignment, on short utterances.
ALIGNED_STEPS = 250
DEFAULTS: dict[int, dict[str, Any]] = {
    1: {"steps": 820, "batch": 16, "rate": 1.5e-3, "fall": 500},
    2: {"steps": 2100, "batch": 12, "rate": 1e-3, "fall": 1350},
    3: {"steps": 2400, "batch": 16, "rate": 1e-3, "fall": 2000},
}
# From part 2 on: the synthesiser's own silence stays; nothing of the sound is changed but silence and gain.
UNTRIMMED, CLEAN = 0.4, 0.4
WARPED = 0.75  # of part 3: the frames are changed into those of another speaker
SPEEDS = {1: (0.86, 1.16), 2: (0.86, 1.16), 3: (0.8, 1.26)}
# Of part 3: the utterances that a pass takes of each kind. Some are used several times; Kokoro's are few.
PASS = {"mix": 8000, "more": 9000, "neural": 1500}
Speech = list[tuple[str, np.ndarray]]


def make_tokenizer(folder: Path) -> Wav2Vec2CTCTokenizer:
    """Write the vocabulary of number words and load it as a CTC tokenizer; id 0 is the blank, 1 is other speech.

    Each word token brings its own space and the delimiter is written as nothing, so that two words stay two
    words where the model leaves out the delimiter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokens = [token + " " if token in (OTHER, *WORDS) else token for token in VOCABULARY]
    path = folder / "vocab.json"
    path.write_text(json.dumps({token: index for index, token in enumerate(tokens)}, indent=1))
    return Wav2Vec2CTCTokenizer(
        str(path), bos_token=None, eos_token=None, unk_token="<pad>", replace_word_delimiter_char=""
    )


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


def log_mels(samples: np.ndarray, extractor: SeamlessM4TFeatureExtractor) -> np.ndarray:
    """The extractor's log-mel frames before they are normalised, computed for all at once, which is faster."""
    scaled = samples.astype(np.float32) * np.float32(2**15)
    windows = np.lib.stride_tricks.sliding_window_view(scaled, 400)[::160]
    windows = windows - windows.mean(axis=1, keepdims=True)
    windows[:, 1:] -= np.float32(0.97) * windows[:, :-1]
    windows[:, 0] *= np.float32(1 - 0.97)
    spectrum = fft.rfft(windows * extractor.window.astype(np.float32), 512)
    power = spectrum.real**2 + spectrum.imag**2
    return np.log(np.maximum(power @ extractor.mel_filters.astype(np.float32), np.float32(1.192092955078125e-07)))


def mel_features(samples: np.ndarray, extractor: SeamlessM4TFeatureExtractor) -> np.ndarray:
    """The extractor's normalised log-mel frames."""
    return normalised(log_mels(samples, extractor))


def normalised(mels: np.ndarray) -> np.ndarray:
    """Log-mel frames of which each bin has a mean of 0 and a variance of 1."""
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


def load_speech(folder: Path, count: int) -> Speech:
    """Make `count` utterances, or read them from the cache of an earlier run."""
    path = folder / "long.npz"
    if path.exists():
        with np.load(path) as cache:
            waves = np.split(cache["samples"], np.cumsum(cache["sizes"])[:-1])
            texts = cache["texts"].tolist()
        if len(texts) >= count:
            return list(zip(texts, waves, strict=True))[:count]
    rng = random.Random(SEED)
    speech = [draw_training_speech(rng) for _ in range(count)]
    speech = [(text, np.round(wave * 32767).astype(np.int16)) for text, wave in speech]
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        samples=np.concatenate([wave for _, wave in speech]),
        sizes=[len(wave) for _, wave in speech],
        texts=[text for text, _ in speech],
    )
    return speech


def load_voices(folder: Path, shards: dict[str, int]) -> Speech:
    """The utterances of part 3, as often as a pass uses them."""
    speech: Speech = []
    for kind, count in shards.items():
        read = (load_shard(folder, at) if kind == "mix" else load_more(folder, kind, at) for at in range(count))
        rows = [pair for shard in read for pair in shard]
        speech += (rows * (1 + PASS[kind] // max(len(rows), 1)))[: PASS[kind]]
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
    speech: Speech, extractor: SeamlessM4TFeatureExtractor, generator: np.random.Generator, part: int = 1
) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """Augment utterances and pad them; returns the model's inputs and a rough label of every frame.

    Now and then an utterance is only noise or silence, with nothing to write down. In part 2, some utterances stay as
    clean as they were said, and some keep the silence that the synthesiser put around them.
    """
    features, labels, alignments = [], [], []
    for text, wave in speech:
        samples = wave.astype(np.float32) / 32768
        if part == 1 or generator.random() >= UNTRIMMED:
            samples = trim(samples)
        if generator.random() < 0.02:
            level = generator.choice((0.0, 0.001, 0.1))
            text, samples = "", level * coloured_noise(len(samples), generator)
        clean = part > 1 and generator.random() < CLEAN
        if clean:
            samples, start, stop = place(samples, generator)
        else:
            samples, start, stop = augment(samples, generator, SPEEDS[part])
        mels = log_mels(samples, extractor)
        if part == 3 and generator.random() < WARPED:
            mels = warp(mels, generator)
        mels = normalised(mels)
        mels = mels if clean else mask(mels, generator)
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


def rate_factor(step: int, steps: int, fall: int) -> float:
    """The learning rate's course: up over the first 150 steps, level, down over the last `fall`."""
    return min(1.0, (step + 1) / 150, max(0.0, (steps - step) / fall))


class Batches(torch.utils.data.IterableDataset):
    """The batches of steps, one after the other; made in a process of their own while the last ones are trained on."""

    def __init__(self, speech: Speech, extractor: SeamlessM4TFeatureExtractor, options: argparse.Namespace) -> None:
        self.speech, self.extractor, self.options = speech, extractor, options

    def __iter__(self) -> Iterator[tuple[dict[str, torch.Tensor], torch.Tensor]]:
        torch.set_num_threads(1)
        part, first = self.options.part, self.options.first_step
        rng, generator = random.Random(SEED + first), np.random.default_rng(SEED + first)
        aligned = ALIGNED_STEPS if part == 1 else 0
        rows: list[Speech] = []
        for step in range(first + 1, self.options.steps + 1):
            if not rows or step == aligned + 1:
                limit = 6 if step <= aligned else 99
                speech = [pair for pair in self.speech if pair[0].count(" ") < limit]
                rows = batches(speech, self.options.batch, rng)
            yield make_batch(rows.pop(), self.extractor, generator, part)


def train(
    model: Wav2Vec2BertForCTC,
    speech: Speech,
    extractor: SeamlessM4TFeatureExtractor,
    options: argparse.Namespace,
) -> None:
    """Train, saving every 50 steps."""
    first = options.first_step
    aligned = ALIGNED_STEPS if options.part == 1 else 0
    made = iter(
        torch.utils.data.DataLoader(
            Batches(speech, extractor, options), batch_size=None, num_workers=0 if options.smoke else 1
        )
    )

    def loss_of(step: int) -> torch.Tensor:
        batch, alignment = next(made)
        output = model(**batch)
        if step > aligned:
            return output.loss
        return torch.nn.functional.cross_entropy(output.logits.transpose(1, 2), alignment)

    train_steps(
        model,
        range(first + 1, options.steps + 1),
        loss_of,
        rate=options.rate,
        factor=lambda step: min((step - first + 1) / 50, rate_factor(step, options.steps, options.fall)),
        report=50,
        save=50,
        out=options.out,
    )


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, make the speech, train, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--part", type=int, choices=(1, 2, 3), default=1)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "spoken_numbers")
    parser.add_argument("--utterances", type=int, default=12_000, help="of part 1")
    parser.add_argument("--shards", type=int, default=14, help="of part 2, with 1,000 utterances each")
    parser.add_argument(
        "--more", type=int, default=5, help="shards of part 3 with 1,000 utterances of more engines each"
    )
    parser.add_argument("--neural", type=int, default=1, help="shards of part 3 with 250 utterances of Kokoro each")
    parser.add_argument("--steps", type=int, help="820 in part 1, 2,100 in part 2, 2,400 in part 3")
    parser.add_argument("--first-step", type=int, default=0, help="continue the checkpoint in --out after this step")
    parser.add_argument("--batch", type=int, help="16 utterances in parts 1 and 3, 12 in part 2")
    parser.add_argument("--rate", type=float, help="of learning: 0.0015 in part 1, then 0.001")
    parser.add_argument("--fall", type=int, help="steps over which the rate falls: the last 500, 1,350 or 2,000")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    for name, value in DEFAULTS[options.part].items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.smoke:
        options.utterances, options.steps, options.batch = 8, 2, 4
        options.cache = options.out
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer(options.out)
    extractor = SeamlessM4TFeatureExtractor(stride=STRIDE, num_mel_bins=MELS, feature_size=MELS, sampling_rate=RATE)
    if options.part == 1:
        speech = load_speech(options.cache, options.utterances)
    elif options.part == 2:
        speech = [pair for shard in range(options.shards) for pair in load_shard(options.cache, shard)]
    else:
        speech = load_voices(options.cache, {"mix": 8, "more": options.more, "neural": options.neural})
    print(
        f"{len(speech)} utterances, {sum(len(wave) for _, wave in speech) / RATE / 3600:.1f} hours",
        flush=True,
    )
    model = make_model(tokenizer)
    if options.first_step or options.part > 1:
        model = Wav2Vec2BertForCTC.from_pretrained(options.out)
    extractor.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)
    train(model, speech, extractor, options)
    model.save_pretrained(options.out)
    print(f"saved {options.out}")


if __name__ == "__main__":
    main()
