"""Rewrites text: summarization, translation, text2text-generation, which transformers no longer has pipelines for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import ToolInputError
from ..card import ModelCard
from ..domains import language_codes, purpose_words
from ..languages import canonical, is_known
from ..number_words import says_several
from .inputs import check_length, options
from .loading import load_model, load_part, loading, running, writing
from .local import LocalRunner

# How tokenizers write the language of a text: Marian, M2M-100, NLLB, mBART.
_LANGUAGE_TOKENS = re.compile(r">>(\w+)<<|__([a-z]{2,3})__|([a-z]{3}_[A-Z][a-z]{3})|([a-z]{2}_[A-Z]{2})")
_PAIR = re.compile(r"(?:^|-)([a-z]{2,3})-([a-z]{2,3})$")  # opus-mt-en-fr
_TRANSLATION = re.compile(r"translation_([a-z]{2,3})_to_([a-z]{2,3})")
_UNKNOWN_SHARE = 1 / 3  # beyond this share of unknown tokens, what comes out has nothing to do with what went in


@dataclass(frozen=True, slots=True)
class Rewriter:
    """A loaded model; `languages` holds the tokens that name its target languages, by two-letter code, and
    `reads` the source language that its tokenizer begins with."""

    model: Any
    tokenizer: Any
    languages: dict[str, str] = field(default_factory=dict)
    reads: str = ""


class Seq2SeqRunner(LocalRunner):
    """Encoder-decoder models. A text that is too long, or in words that the model does not know, is refused:
    such a model would answer all the same, and wrongly."""

    def load(self, card: ModelCard, folder: Path) -> Rewriter:
        with loading(card, folder):
            from transformers import AutoModelForSeq2SeqLM

            tokenizer = load_part("AutoTokenizer", folder, card.id)
            model = load_model(card, folder, [AutoModelForSeq2SeqLM])
            languages = language_tokens(tokenizer) if card.task == "translation" else {}
            return Rewriter(model, tokenizer, languages, getattr(tokenizer, "src_lang", None) or "")

    def run(self, model: Rewriter, card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
        text = inputs["text"]
        if not text.strip():
            raise ToolInputError("text is empty; give the text to work on")
        prefix, fixed = _translation(model, card, inputs) if card.task == "translation" else _trained_for(model, card)
        settings = writing(model.model, options(inputs), fixed)
        with running(card):
            check_length(card, model.tokenizer, model.model.config, prefix + text)
            check_words(card, model.tokenizer, text)
            tokens = model.tokenizer(prefix + text, return_tensors="pt").to(model.model.device)
            tokens.pop("token_type_ids", None)
            written = model.model.generate(**tokens, **settings)
            return {"text": model.tokenizer.decode(written[0], skip_special_tokens=True).strip()}


def language_tokens(tokenizer: Any) -> dict[str, str]:
    """The tokens of a vocabulary that name a language, by two-letter code and by their own name."""
    plain = [token for token in tokenizer.get_vocab() if token.startswith(">>")]  # Marian's are words like others
    found: dict[str, str] = {}
    for token in sorted({*plain, *tokenizer.get_added_vocab(), *tokenizer.all_special_tokens}):
        if match := _LANGUAGE_TOKENS.fullmatch(token):
            name = next(group for group in match.groups() if group)
            found[name.lower()] = token
            found.setdefault(canonical(name), token)
    return found


def check_words(card: ModelCard, tokenizer: Any, text: str) -> None:
    """Refuse a text that is mostly unknown to the model's vocabulary.

    Raises:
        ToolInputError: more than a third of the tokens are unknown, or any for a model of numbers, where each word
            counts; some of the words are named.
    """
    unknown = tokenizer.unk_token_id
    if unknown is None:
        return
    if "numbers" in card.tags and says_several(text):
        raise ToolInputError(f"{card.id} takes one whole number at a time, got {text[:60]!r}; pass each by itself")
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    if ids.count(unknown) <= (0 if "numbers" in card.tags else _UNKNOWN_SHARE * len(ids)):
        return
    words = dict.fromkeys(re.findall(r"\S+", text))
    strange = [word[:30] for word in words if unknown in tokenizer(word, add_special_tokens=False)["input_ids"]][:5]
    known = ", ".join(purpose_words(card.languages, (*card.tags, *card.labels)))
    purpose = f"; it is for {card.task}" + (f" ({known})" if known else "")
    raise ToolInputError(
        f"{card.id} does not know the words {', '.join(map(repr, strange or [text[:30]]))}{purpose}; pick another model"
    )


def _trained_for(model: Rewriter, card: ModelCard) -> tuple[str, dict[str, Any]]:
    """The prefix and settings that a T5's config names for the task, else what its documentation gives."""
    known = getattr(model.model.config, "task_specific_params", None) or {}
    return _prefix_and_settings(known.get(card.task) or card.said)


def _prefix_and_settings(params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    from transformers import GenerationConfig

    allowed = vars(GenerationConfig())
    return params.get("prefix") or "", {key: value for key, value in params.items() if key in allowed}


def _translation(model: Rewriter, card: ModelCard, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What stands before the text, and how generate is told the language: by token, by prefix, or not at all."""
    source, target = inputs.get("source_language") or "", inputs.get("target_language") or ""
    if model.languages:
        token = _pick(card, model.languages, target)
        if token.startswith(">>"):
            return f"{token} ", {}
        if model.reads:  # set at each call, for it stays set
            token_read = _pick(card, model.languages, source or model.reads, "read")
            model.tokenizer.src_lang = token_read.strip("_")
        return "", {"forced_bos_token_id": model.tokenizer.convert_tokens_to_ids(token)}
    known = getattr(model.model.config, "task_specific_params", None) or {}
    pairs = {pair: key for key in known if (pair := _TRANSLATION.fullmatch(key))}
    if not pairs:
        _check_pair(card, source, target)
        return _prefix_and_settings(card.said)
    targets = {canonical(pair[2]): key for pair, key in pairs.items() if not source or pair[1] == canonical(source)}
    return _prefix_and_settings(known[_pick(card, targets, target)])


def _pick(card: ModelCard, languages: dict[str, str], name: str, does: str = "write") -> str:
    """The entry of a language; the only one when none is named."""
    if not name and len(languages) == 1:
        return next(iter(languages.values()))
    found = languages.get(name.strip().lower().replace("-", "_")) or languages.get(canonical(name)) if name else None
    if found:
        return found
    said = f"{card.id} does not {does} {name!r}" if name else f"target_language is missing for {card.id}"
    codes = sorted(code for code in languages if len(code) == 2) or sorted(languages)
    more = f" and {len(codes) - 20} more" if len(codes) > 20 else ""
    raise ToolInputError(f"{said}; it {does}s {', '.join(codes[:20])}{more}")


def _check_pair(card: ModelCard, source: str, target: str) -> None:
    """A model of one pair of languages: what was asked must be what its id or its card says.

    Raises:
        ToolInputError: another language, or the other direction.
    """
    pair = _PAIR.search(card.name)
    if pair and is_known(pair[1]) and is_known(pair[2]):
        reads, writes = {canonical(pair[1])}, {canonical(pair[2])}
    else:
        reads = writes = {canonical(language) for language in language_codes(card.languages)}
    for name, asked, has in (("source_language", source, reads), ("target_language", target, writes)):
        if asked and has and canonical(asked) not in has:
            languages = f"from {pair[1]} to {pair[2]}" if pair and reads != writes else f"in {', '.join(sorted(has))}"
            raise ToolInputError(f"{name} is {asked!r}; {card.id} translates {languages}: pick another model")
