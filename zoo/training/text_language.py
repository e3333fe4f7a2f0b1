"""Train `text-language`, a small ModernBERT that tells the language of a text.

It learns from Debian's translations (text_language_data.py); the packages of `HELD_OUT` are never trained on. The
vectors of the pieces begin with counts (how much likelier a piece is in each language), the rest is trained. Sentences
are cut to all lengths, written in capitals or small letters, without accents and with slips of the fingers. A share of
each batch is no language (figures, code, addresses, letters at random): there every language is equally wrong.

Usage:
    python zoo/training/text_language.py --sentences sentences.tsv --out zoo/models/text-language
    python zoo/training/text_language.py --out /tmp/language --smoke

Takes about six minutes on one CPU core; `--smoke` takes a few seconds and gives an untrained model.
"""

from __future__ import annotations

import argparse
import random
import string
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import ModernBertConfig, ModernBertForSequenceClassification, PreTrainedTokenizerFast

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from zoo.training.steps import save_half, temperature, train_steps  # noqa: E402
from zoo.training.text_language_data import HELD_OUT, LANGUAGES  # noqa: E402

SEED = 11
NAMES = sorted(LANGUAGES.values())
PAD, CLS, UNKNOWN = "<pad>", "<cls>", "<unk>"
PIECES = 8400
LONGEST = 4096  # pieces, about three pages
EACH = 600  # sentences of a language that are taken from a package, which lie there in random order
NO_LANGUAGE = 0.08  # the share of a batch
UNACCENTED = str.maketrans("øłđıßæœ", "oldisao")
Sentences = dict[str, dict[str, list[str]]]  # by language's name, then by package


def read_sentences(path: Path, held_out: bool) -> Sentences:
    """The sentences of text_language_data.py: those to train on, or those of packages that are held out."""
    found: Sentences = defaultdict(lambda: defaultdict(list))
    for line in path.read_text(encoding="utf-8").splitlines():
        code, package, sentence = line.split("\t", 2)
        held = found[LANGUAGES[code]][package]
        if (package in HELD_OUT) == held_out and len(held) < EACH:
            held.append(sentence)
    return {
        name: {package: held for package, held in packages.items() if held} for name, packages in sorted(found.items())
    }


def make_tokenizer(texts: list[str], pieces: int) -> PreTrainedTokenizerFast:
    """Byte pairs learnt on the texts: no character is unknown; case does not count, and every figure is a 0."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"\d+"), "0")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(
        vocab_size=pieces,
        special_tokens=[PAD, CLS, UNKNOWN],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=16,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{CLS} $A", special_tokens=[(CLS, 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        cls_token=CLS,
        unk_token=UNKNOWN,
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=LONGEST,
        clean_up_tokenization_spaces=False,
    )


def make_model(pieces: int) -> ModernBertForSequenceClassification:
    """One layer of 96 dimensions, about 0.9 million weights, of which the pieces' vectors are nine tenths."""
    config = ModernBertConfig(
        vocab_size=pieces,
        hidden_size=96,
        intermediate_size=192,
        num_hidden_layers=1,
        num_attention_heads=4,
        max_position_embeddings=LONGEST,
        global_attn_every_n_layers=1,
        classifier_pooling="mean",
        embedding_dropout=0.1,
        classifier_dropout=0.1,
        pad_token_id=0,
        cls_token_id=1,
        bos_token_id=1,
        eos_token_id=None,
        sep_token_id=None,
        num_labels=len(NAMES),
        id2label=dict(enumerate(NAMES)),
        label2id={name: index for index, name in enumerate(NAMES)},
    )
    return ModernBertForSequenceClassification(config)


def counted_vectors(model: ModernBertForSequenceClassification, tokens: list[list[list[int]]]) -> None:
    """Begin with what can be counted: how much likelier each piece is in each language than elsewhere, in logs.

    Args:
        tokens: for each language the pieces of many of its sentences.
    """
    table = model.get_input_embeddings().weight
    counts = torch.stack(
        [torch.bincount(torch.tensor([p for row in rows for p in row]), minlength=len(table)) for rows in tokens]
    )
    shares = (counts + 1.0) / (counts + 1.0).sum(1, keepdim=True)
    logs = shares.log().T
    logs = logs - logs.mean(1, keepdim=True)  # (pieces, languages)
    with torch.no_grad():
        table[:, : len(tokens)] = 0.5 * logs / logs.std()


def cut(text: str, length: int, rng: random.Random) -> str:
    """A part of a text of about so many characters, from a word's beginning to a word's end where there are spaces."""
    if len(text) <= length:
        return text
    start = rng.randrange(len(text) - length + 1) if rng.random() < 0.6 else 0
    if start and " " in text[start : start + 15]:
        start = text.index(" ", start) + 1
    end = text.find(" ", start + length)
    return text[start : end if 0 < end < start + length + 12 else start + length].strip()


def unaccented(text: str) -> str:
    """The text as somebody types it whose keyboard has no accents."""
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", plain).translate(UNACCENTED)


def disturbed(text: str, rng: random.Random, latin: bool) -> str:
    """The text in capitals, without accents, with a slip of the fingers or without its full stop, now and then."""
    if latin and rng.random() < 0.12:
        text = unaccented(text)
    if rng.random() < 0.08:
        text = text.upper()
    if rng.random() < 0.3:
        text = text.rstrip(".!?… ")
    if rng.random() < 0.1 and len(text) > 6:
        at = rng.randrange(1, len(text) - 2)
        text = rng.choice((text[:at] + text[at + 1 :], text[:at] + text[at + 1] + text[at] + text[at + 2 :]))
    if rng.random() < 0.04:
        text += rng.choice((" :)", " 😀", " 123", "!!!", " :-(", " ...", " https://example.org/a"))
    return text


def no_language(rng: random.Random) -> str:
    """Figures, code, addresses and letters that are nobody's words."""

    def letters(low: int, high: int, of: str = string.ascii_lowercase) -> str:
        return "".join(rng.choices(of, k=rng.randint(low, high)))

    def figure() -> str:
        return rng.choice(("{:d}", "{:,}", "{:.2f}", "-{:d}", "{:d}%", "${:d}", "+{:d}", "0{:d}")).format(
            rng.choice((rng.randrange(100), rng.randrange(10**6)))
        )

    def name() -> str:
        return rng.choice(("x", "i", "n", "foo", "tmp", "buf", "key", "self", letters(1, 7), letters(2, 4) + "_id"))

    def gibberish() -> str:
        of = rng.choice(
            ("asdfghjkl", "qwertzuiop", "bcdfghjklmnpqrstvwxyz", string.ascii_letters, "asdf jkl;", "xyzqw")
        )
        return " ".join(letters(2, 9, of) for _ in range(rng.randint(1, 5)))

    def code() -> str:
        form = rng.choice(
            (
                "{} = {}({})", "def {}({}, {}):", "for ({}=0; {}<{}; i++) {{", "if {} != {}: {}()", "{}.{}({})[0]",
                "{}->{} += {};", "#include <{}.h> {} {}", "return {} * {} + {}", "<div class='{}'><{}>{}</div>",
                '{{"{}": {}, "{}": 1}}', "$ {} -{} {}", "SELECT {} FROM {} WHERE {} = 1", "import {} from {}; {}",
                "/{}/{}/{}.py", "let {} = [{}, {}];", "{}::{}<{}>",
            )
        )  # fmt: skip
        return form.format(name(), name(), name())

    def address() -> str:
        form = rng.choice(("https://{}.com/{}", "{}@{}.org", "www.{}.net/{}?q=1", "/usr/{}/{}", "C:\\{}\\{}", "{}.{}"))
        return form.format(letters(3, 10), letters(2, 8))

    def signs() -> str:
        return letters(1, 12, "!?.,;:-+*/=()[]{}<>#$%&@^~|_ 0123456789€£😀👍🎉❤→✓")

    def key() -> str:
        return letters(8, 32, rng.choice((string.hexdigits, string.ascii_letters + string.digits + "+/=")))

    kinds = (figure, gibberish, code, address, signs, key)
    made = [rng.choice(kinds)() for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    return rng.choice((" ", " ", ", ", "; ")).join(made) if rng.random() < 0.8 else " ".join(figure() for _ in "123456")


class Batches:
    """Batches drawn afresh from the sentences: languages nearly evenly, large packages less than they hold."""

    def __init__(self, sentences: Sentences, tokenizer: PreTrainedTokenizerFast, seed: int) -> None:
        self.rng, self.tokenizer, self.sentences = random.Random(seed), tokenizer, sentences
        self.names = list(sentences)
        self.weights = [sum(map(len, packages.values())) ** 0.2 for packages in sentences.values()]
        self.packages = {
            name: (list(packages), [len(held) ** 0.6 for held in packages.values()])
            for name, packages in sentences.items()
        }

    def text(self, name: str, length: int) -> str:
        """One sentence of a language, cut to about `length` characters."""
        packages, weights = self.packages[name]
        held = self.sentences[name][self.rng.choices(packages, weights)[0]]
        text = self.rng.choice(held)
        while len(text) < length / 2 and self.rng.random() < 0.7:
            text += " " + self.rng.choice(held)
        wide = name in ("Chinese", "Japanese", "Korean")
        latin = text.isascii() or unicodedata.name(next(filter(str.isalpha, text), "a"), "").startswith("LATIN")
        return disturbed(cut(text, max(6, length // 2) if wide else length, self.rng), self.rng, latin)

    def draw(self, size: int, nonsense: float = NO_LANGUAGE) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        """Tokens of `size` texts of much the same length, and their target distributions (size, languages)."""
        length = min(200, max(8, int(self.rng.lognormvariate(3.5, 0.6))))
        targets, texts = torch.full((size, len(NAMES)), 1 / len(NAMES)), []
        for row in range(size):
            if self.rng.random() < nonsense:
                texts.append(no_language(self.rng))
                continue
            name = self.rng.choices(self.names, self.weights)[0]
            texts.append(self.text(name, int(length * self.rng.uniform(0.7, 1.3))))
            targets[row] = 0.0
            targets[row, NAMES.index(name)] = 1.0
        return dict(self.tokenizer(texts, padding=True, truncation=True, return_tensors="pt")), targets


def calibrate(model: ModernBertForSequenceClassification, batches: Batches, count: int) -> float:
    """Divide the last layer by the temperature that fits on `count` batches of sentences that were put aside."""
    drawn = [batches.draw(64, nonsense=0.0) for _ in range(count)]
    with torch.no_grad():
        logits = torch.cat([model(**tokens).logits for tokens, _ in drawn])
    found = temperature(logits, torch.cat([targets.argmax(1) for _, targets in drawn]))
    with torch.no_grad():
        model.classifier.weight /= found
        model.classifier.bias /= found
    return found


def apart(sentences: Sentences, share: int = 50) -> tuple[Sentences, Sentences]:
    """The sentences in two parts: to train on, and every 50th (at least one of a package) for the temperature."""
    kept: Sentences = {name: {} for name in sentences}
    aside: Sentences = {name: {} for name in sentences}
    for name, packages in sentences.items():
        for package, held in packages.items():
            aside[name][package] = held[::share]
            kept[name][package] = [text for index, text in enumerate(held) if index % share] or held
    return kept, aside


def course(done: float) -> float:
    """The learning rate's course over a run: up over its first tenth, level, and down to nearly nothing."""
    return min(1.0, 10 * done + 0.01, 0.02 + 1.2 * (1 - done))


def begin(sentences: Sentences, pieces: int) -> tuple[PreTrainedTokenizerFast, ModernBertForSequenceClassification]:
    """A tokenizer made of the sentences, and a model whose vectors are counted on them."""
    sample = Batches(sentences, None, SEED)  # type: ignore[arg-type]
    tokenizer = make_tokenizer([sample.text(name, 120) for name in NAMES for _ in range(pieces // 5)], pieces)
    model = make_model(len(tokenizer))
    some = 8 if pieces < PIECES else 4000
    counted_vectors(model, [tokenizer([sample.text(name, 80) for _ in range(some)]).input_ids for name in NAMES])
    return tokenizer, model


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line, train, calibrate, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=Path, help="the file that text_language_data.py writes")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--first-step", type=int, default=0, help="continue the checkpoint in --out after this step")
    parser.add_argument("--smoke", action="store_true", help="a run of a few seconds, for tests")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    pieces = PIECES
    if options.smoke:
        options.steps, options.batch, pieces = 4, 8, 400
        sentences: Sentences = {name: {"none": [f"{name} {name.lower()} words"] * 4} for name in NAMES}
    else:
        sentences = read_sentences(options.sentences, held_out=False)
    kept, aside = apart(sentences)
    if options.first_step:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(options.out)
        model = ModernBertForSequenceClassification.from_pretrained(
            options.out, embedding_dropout=0.0, classifier_dropout=0.0
        )
    else:
        tokenizer, model = begin(kept, pieces)
    batches = Batches(kept, tokenizer, SEED + options.first_step)

    def loss_of(step: int) -> torch.Tensor:
        tokens, targets = batches.draw(options.batch)
        return torch.nn.functional.cross_entropy(model(**tokens).logits, targets, label_smoothing=0.02)

    train_steps(
        model,
        range(options.first_step + 1, options.first_step + options.steps + 1),
        loss_of,
        rate=options.rate,
        factor=lambda step: course((step - options.first_step) / options.steps),
        report=100,
        save=10**9,
        out=options.out,
    )
    print(f"temperature {calibrate(model, Batches(aside, tokenizer, 1), 4 if options.smoke else 60):.3f}")
    tokenizer.save_pretrained(options.out)
    save_half(model, options.out)
    print(f"saved {options.out}")


if __name__ == "__main__":
    main()
