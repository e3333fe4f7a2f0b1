"""Train the reader of stories (parse/arithmetic/story_reader.py): an adapter of all-MiniLM-L6-v2 and two heads.

    python zoo/training/story_reader.py                 # half an hour on one core
    python zoo/training/story_reader.py --hold a b      # without a.jsonl and b.jsonl, and measured on them
    python zoo/training/story_reader.py --start FILE --epochs 7    # goes on from weights
    python zoo/training/story_reader.py --smoke         # seconds, to see that it runs

For each two numbers of a story one head tells what joins them in the sum that is asked for, another what is done with
the result, see story_trees.py; a third tags the words that ask, for stories that ask for several things. The
adapter starts from that of the reader of goals. Data: stories/ beside this file; figures are drawn anew in every epoch.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from prefrontal.agent.planner.parse.arithmetic.quantities import Number, numbers_of
from prefrontal.agent.planner.parse.arithmetic.story_asks import told_apart
from prefrontal.agent.planner.parse.arithmetic.story_reader import TAGS, TOKENS, reading_of, token_rows
from prefrontal.agent.planner.parse.arithmetic.story_trees import AFTER, LABELS, MOST, pair_labels
from prefrontal.retrieval.embedding.minilm_weights import minilm_folder
from prefrontal.tools.arithmetic import calculate
from zoo.training.goal_reader import OUT as GOALS
from zoo.training.goal_reader import SCALE, WIDTH, adapted_encoder
from zoo.training.goal_reader_data import goals_of

STORIES = Path(__file__).with_name("stories")
OUT = Path(__file__).parents[2] / "agent/planner/parse/arithmetic/story_reader.safetensors"
INNER = 128
ASKED = 0.5  # weight of where things are asked for
RAMBLED = 0.3  # share of the stories that are told with asides
_RECKONED = frozenset(
    """calculate percent_of discount raise_by tip split statistic round_number compare difference total story_problem
    count_things transcribe table_sum table_count""".split()
)


@dataclass(frozen=True)
class Story:
    """A story as the reader sees it.

    Attributes:
        labels: of each pair of its numbers, one of `LABELS`.
        after: one of `AFTER`.
        answer: None where there is none.
        asks: where things are asked for, in a story of which only this is learnt: it asks for several.
    """

    text: str
    numbers: list[Number]
    labels: dict[tuple[int, int], str]
    after: str
    answer: float | None
    writer: str
    asks: tuple[tuple[int, int], ...] = ()


def stories_of(folder: Path = STORIES) -> tuple[list[Story], int]:
    """The stories whose numbers are found as they were annotated, and how many are not."""
    made, lost = [], 0
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.open(encoding="utf-8"):
            for row in _one_ask_each(json.loads(line)):
                story = _story(row)
                made += [story] if story else []
                lost += story is None
    return made, lost


def several_of(folder: Path = STORIES) -> list[Story]:
    """The stories in which several things are asked, with the places where they are."""
    made = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            text, asks = row["text"], sorted(_asked(row))
            if asks:
                made.append(Story(text, numbers_of(text), {}, "none", None, row["writer"], tuple(asks)))
    return made


def _asked(row: dict[str, Any]) -> list[tuple[int, int]]:
    """Where each of a story's asks stands."""
    starts = [(row["text"].index(ask["ask"]), ask["ask"]) for ask in row.get("asks", ())]
    return [(start, start + len(words)) for start, words in starts]


def _one_ask_each(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A story in which several things are asked as one for each, told apart as the planner tells them."""
    if "asks" not in row:
        return [row]
    made = []
    for text, ask in zip(told_apart(row["text"], _asked(row)), row["asks"], strict=True):
        kept = _still_there(text, row)
        used = {int(name) for name in re.findall(r"n(\d+)", ask["expr"])}
        if kept is None or not used <= set(kept):
            continue
        names = {old: new for new, old in enumerate(kept)}
        expr = re.sub(r"n(\d+)", lambda name, names=names: f"n{names[int(name[1])]}", ask["expr"])
        numbers, values = ([row[name][old] for old in kept] for name in ("numbers", "values"))
        made.append({**row, "text": text, "numbers": numbers, "values": values, "expr": expr, "answer": ask["answer"]})
    return made


def _still_there(text: str, row: dict[str, Any]) -> list[int] | None:
    """Which numbers of a story are in a part of it, in their order."""
    kept, at = [], 0
    for place, said in enumerate(row["numbers"]):
        start = text.find(said, at)
        if start >= 0:
            kept.append(place)
            at = start + len(said)
    return kept if len(kept) > 1 else None


def asides_of() -> list[Story]:
    """Goals with numbers in which nothing is reckoned: dates, units, lines and numbers to be written out."""
    made = []
    for goal in goals_of():
        ops = {wish["op"] for wish in goal["wishes"]}
        numbers = numbers_of(goal["goal"])
        if ops and not ops & _RECKONED and 2 <= len(numbers) <= MOST and not goal["files"]:
            labels = {(i, j): "none" for i in range(len(numbers)) for j in range(i + 1, len(numbers))}
            made.append(Story(goal["goal"], numbers, labels, "none", None, goal["writer"].upper()))
    return made


def _story(row: dict[str, Any]) -> Story | None:
    numbers = numbers_of(row["text"])
    places, at = {}, 0
    for name, (said, value) in enumerate(zip(row["numbers"], row["values"], strict=True)):
        start = row["text"].index(said, at)
        at = start + len(said)
        found = [i for i, n in enumerate(numbers) if n.start < at and start < n.end]
        if len(found) == 1 and abs(float(calculate(numbers[found[0]].value)) - value) < 1e-3 * max(1.0, abs(value)):
            places[name] = found[0]
    used = {int(name) for name in re.findall(r"n(\d+)", row["expr"])}
    if len(numbers) < 2 or len(numbers) > MOST + 1 or not used <= set(places):
        return None
    if row["expr"] == "none":
        labels = {(i, j): "none" for i in range(len(numbers)) for j in range(i + 1, len(numbers))}
        return Story(row["text"], numbers, labels, "none", None, row["writer"])
    expression = re.sub(r"n(\d+)", lambda name: f"n{places[int(name[1])]}", row["expr"])
    after = next((word for word in ("ceil", "floor", "rest") if expression.startswith(word)), "plain")
    return Story(row["text"], numbers, pair_labels(expression, len(numbers)), after, row["answer"], row["writer"])


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ASKS = re.compile(
    r"\b(?:how|what\w*|which|total|altogether|left|each|per|share|pays?|costs?|sum|change|average|half|double|twice|both)\b"
    r"|[\d?:\"]",
    re.IGNORECASE,
)


def asides_said() -> list[str]:
    """Sentences of the annotated goals and stories in which nothing is asked and no number stands."""
    said = set()
    for goal in goals_of():
        wishes = [
            " ".join(wish["words"]) if isinstance(wish["words"], list) else wish["words"] for wish in goal["wishes"]
        ]
        said |= {part for part in _SENTENCE_END.split(goal["goal"]) if not any(wish in part for wish in wishes)}
    for path in sorted(STORIES.glob("*.jsonl")):
        for line in path.open(encoding="utf-8"):
            said |= {*_SENTENCE_END.split(json.loads(line)["text"])[:-1]}
    return sorted(
        part for part in said if 3 <= len(part.split()) <= 18 and not _ASKS.search(part) and not numbers_of(part)
    )


def rambled(story: Story, asides: Sequence[str], chance: random.Random) -> Story:
    """The story with things said in it that have nothing to do with the sum."""
    text, numbers = story.text, list(story.numbers)
    for _ in range(chance.choice((1, 1, 2, 3))):
        ends = [0, *(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]
        at = chance.choice(ends)
        aside = chance.choice(asides)
        aside = (aside if aside[-1] in ".!?" else f"{aside}.") + " " if at < len(text) else f" {aside}"
        if at == len(text) and text.rstrip()[-1:] not in ".!?":
            aside = f".{aside}"
        text = text[:at] + aside + text[at:]
        numbers = [
            replace(n, start=n.start + len(aside), end=n.end + len(aside)) if n.start >= at else n for n in numbers
        ]
    return replace(story, text=text, numbers=numbers)


def varied(story: Story, chance: random.Random) -> Story:
    """Other figures of the same length, letters lost and turned round, case lost."""
    text, numbers, shift = "", [], 0
    for number, before in zip(story.numbers, [0, *(n.end for n in story.numbers)], strict=False):
        said = story.text[number.start : number.end]
        new = said if number.loose or chance.random() < 0.3 else re.sub(r"\d", lambda d: _digit(d, chance), said)
        between = _mistyped(story.text[before : number.start], chance)
        text += between
        numbers.append(replace(number, start=len(text), end=len(text) + len(new)))
        text += new
        shift = number.end
    text += _mistyped(story.text[shift:], chance)
    text = text.lower() if chance.random() < 0.2 else text
    return replace(story, text=text, numbers=numbers)


def _digit(digit: re.Match[str], chance: random.Random) -> str:
    first = digit.start() == 0 or not digit.string[digit.start() - 1].isdigit()
    return digit.group() if digit.group() == "0" else str(chance.randint(1 if first else 0, 9))


def _mistyped(text: str, chance: random.Random) -> str:
    if chance.random() < 0.9:
        return text
    places = [m.start() for m in re.finditer(r"(?<=[a-z])[a-z](?=[a-z])|[,.!?']", text)]
    if not places:
        return text
    at = chance.choice(places)
    return (
        text[:at] + text[at + 1 :]
        if not text[at].isalpha() or chance.random() < 0.5
        else text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    )


class StoryReader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = adapted_encoder()
        self.drop = nn.Dropout(0.1)
        self.pair = nn.ModuleDict({"one": nn.Linear(4 * WIDTH, INNER), "two": nn.Linear(INNER, len(LABELS))})
        self.after = nn.Linear(WIDTH, len(AFTER))
        self.ask = nn.Linear(WIDTH, len(TAGS))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, spans: list[list[list[int]]]
    ) -> tuple[list[torch.Tensor], torch.Tensor, torch.Tensor]:
        """Scores of each story's pairs, shape (pairs, labels), of what follows, shape (stories, `AFTER`), and of each
        token's tag, shape (stories, tokens, `TAGS`)."""
        x = self.drop(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state)
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        pairs = []
        for states, whole, rows in zip(x, mean, spans, strict=True):
            own = torch.stack([states[some].mean(0) for some in rows])
            i, j = np.triu_indices(len(rows), 1)
            both = torch.cat([own[i], own[j], own[i] * own[j], whole.expand(len(i), -1)], -1)
            pairs.append(self.pair["two"](F.gelu(self.pair["one"](both))))
        return pairs, self.after(mean), self.ask(x)


def loss_of(model: StoryReader, stories: Sequence[Story], tokenizer: Any) -> torch.Tensor:
    encoded = [tokenizer.encode(story.text) for story in stories]
    rows = [token_rows(one, story.numbers) for one, story in zip(encoded, stories, strict=True)]
    kept = [(story, *row, one) for story, row, one in zip(stories, rows, encoded, strict=True) if row[1] is not None]
    longest = max(len(ids) for _, ids, *_ in kept)
    ids = torch.tensor([ids + [0] * (longest - len(ids)) for _, ids, *_ in kept])
    mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for _, ids, *_ in kept])
    pairs, after, tags = model(ids, mask, [spans for _, _, spans, _ in kept])
    wanted_tags = torch.tensor([_tags(story, one.offsets, longest) for story, _, _, one in kept])
    afters = [-100 if story.asks else AFTER.index(story.after) for story, *_ in kept]
    loss = torch.zeros(())
    if any(one >= 0 for one in afters):
        loss = loss + F.cross_entropy(after, torch.tensor(afters), ignore_index=-100)
    if (wanted_tags >= 0).any():
        loss = loss + F.cross_entropy(tags.flatten(0, 1), wanted_tags.flatten(), ignore_index=-100) * ASKED
    for scores, (story, *_) in zip(pairs, kept, strict=True):
        if story.asks:
            continue
        wanted = torch.tensor([LABELS.index(label) for _, label in sorted(story.labels.items())])
        loss = loss + F.cross_entropy(scores, wanted, label_smoothing=0.02, reduction="sum") * 1.5 / len(kept)
    return loss


def _tags(story: Story, spans: Sequence[tuple[int, int]], longest: int) -> list[int]:
    """Of each token, whether something is asked in it; -100 where that is not known."""
    if not story.asks:
        return [-100] * longest
    tags = [TAGS.index("out") if end > start else -100 for start, end in spans] + [-100] * (longest - len(spans))
    for start, end in story.asks:
        for place, token in enumerate(t for t, (a, b) in enumerate(spans) if a < end and start < b and b > a):
            tags[token] = TAGS.index("inside" if place else "begin")
    return tags


def train(
    stories: Sequence[Story],
    tokenizer: Any,
    epochs: int,
    seed: int,
    held: Sequence[Story],
    out: Path,
    start: Path | None = None,
) -> StoryReader:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    model = StoryReader()
    _start_from(model, start or GOALS)
    pace = 0.5 if start else 1.0
    asides = asides_said()
    heads = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("encoder")]
    rest = [p for n, p in model.named_parameters() if p.requires_grad and n.startswith("encoder")]
    rates = [2e-3 * pace, 8e-4 * pace]
    groups = [{"params": some, "lr": rate} for some, rate in zip((heads, rest), rates, strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * (len(stories) // 24 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps + 1, pct_start=0.1)
    for epoch in range(epochs):
        began, total = time.perf_counter(), 0.0
        model.train()
        made = [rambled(s, asides, chance) if not s.asks and chance.random() < RAMBLED else s for s in stories]
        made = [story if story.asks else varied(story, chance) for story in made]
        made.sort(key=lambda story: len(story.text) + chance.random() * 30)
        batches = [made[i : i + 24] for i in range(0, len(made), 24)]
        chance.shuffle(batches)
        for some in batches:
            loss = loss_of(model, some, tokenizer)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*heads, *rest], 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / len(batches):.3f}, {time.perf_counter() - began:.0f} s", flush=True)
        if held and (epoch % 3 == 2 or epoch == epochs - 1):
            save(model, out)
            print(measure(out, held), flush=True)
    return model


def _start_from(model: StoryReader, file: Path) -> None:
    """From a reader of stories, or from what the reader of goals learnt of its language."""
    from safetensors.torch import load_file

    wanted = "encoder." if file == GOALS else ""
    known = {name: rows.float() for name, rows in load_file(file).items() if name.startswith(wanted)}
    model.load_state_dict(known, strict=False)


def measure(weights: Path, stories: Sequence[Story]) -> dict[str, float]:
    """Through the reader that is packaged: shares of stories solved, and of those that it is sure of."""
    from prefrontal.agent.planner.parse.arithmetic.story_reader import StoryReader as Packaged

    reader = Packaged(weights)
    rows = []
    for story in stories:
        read = reading_of(reader, story.text)
        value = read.value() if read else None
        right = (
            story.answer is not None
            and value is not None
            and abs(value - story.answer) <= 0.011 + 1e-4 * abs(story.answer)
        )
        rows.append((read.sure if read else 0.0, right, story.answer is None))
    made: dict[str, float] = {"stories": len(rows), "solvable": sum(not none for _, _, none in rows),
                              "right": sum(right for _, right, _ in rows)}  # fmt: skip
    for bound in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
        told = [right for sure, right, _ in rows if sure >= bound]
        made[f"told at {bound}"] = len(told)
        made[f"right at {bound}"] = round(sum(told) / max(1, len(told)), 3)
    return made


def save(model: nn.Module, path: Path) -> None:
    from safetensors.torch import save_file

    kept = {name: p.detach().half().contiguous() for name, p in model.named_parameters() if p.requires_grad}
    save_file(kept, path, metadata={"labels": json.dumps(LABELS), "after": json.dumps(AFTER), "scale": str(SCALE)})


def main(arguments: Sequence[str] | None = None) -> None:
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hold", nargs="*", default=[], help="files of stories/ to measure on and not to learn from")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--start", type=Path, help="weights to go on from, at half the pace")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--smoke", action="store_true")
    given = parser.parse_args(arguments)
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    stories, lost = stories_of()
    held = [story for story in stories if story.writer[0] in given.hold]
    kept = [story for story in stories if story.writer[0] not in given.hold] + asides_of()
    kept += [story for story in several_of() if story.writer[0] not in given.hold]
    print(f"{len(kept)} stories to learn from, {len(held)} to measure on; the numbers of {lost} are found otherwise")
    if given.smoke:
        kept, held, given.epochs = kept[:48], held[:8], 1
    model = train(kept, tokenizer, given.epochs, given.seed, held, given.out, given.start)
    save(model, given.out)


if __name__ == "__main__":
    main()
