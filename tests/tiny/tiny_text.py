"""Tiny language models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiny_parts import CLS, LETTERS, PAD, SEP, SIZE, SPECIAL, WORDS, save, talkative, tokenizer


def bert(head: str, **more: Any) -> Any:
    """A row's builder: a BERT with this head."""

    def build(folder: Path) -> None:
        import transformers

        save(folder, getattr(transformers, head)(bert_config(**more)), tokenizer())

    return build


def bert_config(**more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=SIZE, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64, pad_token_id=PAD, **more,
    )  # fmt: skip


def named(*labels: str) -> dict[str, Any]:
    return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}


def gpt2(chat: str | None = None) -> Any:
    def build(folder: Path) -> None:
        from transformers import GPT2Config, GPT2LMHeadModel

        config = GPT2Config(
            vocab_size=SIZE, n_positions=256, n_embd=32, n_layer=2, n_head=2, bos_token_id=CLS, eos_token_id=SEP
        )
        save(folder, GPT2LMHeadModel(config), tokenizer(pairs=False, chat=chat, limit=256))

    return build


def tapas(folder: Path) -> None:
    from transformers import TapasConfig, TapasForQuestionAnswering, TapasTokenizer

    words = [*SPECIAL[:5], "[EMPTY]", *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocab = folder / "vocab.txt"
    vocab.write_text("\n".join(words))
    config = TapasConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=128, num_aggregation_labels=4, aggregation_labels={0: "NONE", 1: "SUM", 2: "AVERAGE",
        3: "COUNT"}, no_aggregation_label_index=0,
    )  # fmt: skip
    save(folder, TapasForQuestionAnswering(config), TapasTokenizer(str(vocab), model_max_length=128))


def bart(folder: Path) -> None:
    from transformers import BartConfig, BartForConditionalGeneration

    config = BartConfig(
        vocab_size=SIZE, d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=64,
        pad_token_id=PAD, bos_token_id=CLS, eos_token_id=SEP, decoder_start_token_id=SEP, forced_eos_token_id=SEP,
    )  # fmt: skip
    save(folder, talkative(BartForConditionalGeneration(config)), tokenizer(pairs=False, letters=False))


def t5(**specific: Any) -> Any:
    def build(folder: Path) -> None:
        from transformers import T5Config, T5ForConditionalGeneration

        config = T5Config(
            vocab_size=SIZE, d_model=32, d_kv=16, d_ff=64, num_layers=1, num_heads=2, pad_token_id=PAD,
            eos_token_id=SEP, decoder_start_token_id=PAD, task_specific_params=specific or None,
        )  # fmt: skip
        save(folder, talkative(T5ForConditionalGeneration(config)), tokenizer(pairs=False, letters=not specific))

    return build


def many_languages(*tokens: str) -> Any:
    """A translator with a token for each language, as M2M-100, NLLB, mBART and multi-target Marian have them."""

    def build(folder: Path) -> None:
        from transformers import BartConfig, BartForConditionalGeneration

        words = tokenizer(pairs=False)
        words.add_tokens(list(tokens), special_tokens=True)
        config = BartConfig(
            vocab_size=len(words), d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=64,
            pad_token_id=PAD, bos_token_id=CLS, eos_token_id=SEP, decoder_start_token_id=SEP,
        )  # fmt: skip
        save(folder, talkative(BartForConditionalGeneration(config)), words)

    return build


def nllb(folder: Path) -> None:
    """With NLLB's own tokenizer: its language is set on the tokenizer, and forced as the first token written."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *LETTERS]
    words = NllbTokenizer(
        vocab={piece: i for i, piece in enumerate(pieces)}, merges=[],
        additional_special_tokens=["eng_Latn", "fra_Latn", "deu_Latn"], model_max_length=64,
    )  # fmt: skip
    config = M2M100Config(
        vocab_size=len(words), d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=64,
    )  # fmt: skip
    save(folder, talkative(M2M100ForConditionalGeneration(config)), words)


def sentence_encoder(more: Callable[[], list[Any]] = list) -> Any:
    """With the modules that `more` makes behind the mean of 32 numbers."""

    def build(folder: Path) -> None:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.base.modules import Transformer
        from sentence_transformers.sentence_transformer.modules import Pooling

        modules = [Transformer(str(_beside(folder, bert("BertModel")))), Pooling(32), *more()]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder))

    return build


def routes() -> list[Any]:
    """A module with modules of its own, another way for a question than for a document, and a layer behind them."""
    from sentence_transformers.base.modules import Dense, Normalize, Router

    return [Router.for_query_document([Dense(32, 16), Normalize()], [Dense(32, 16)]), Dense(16, 8)]


def cross_encoder(folder: Path) -> None:
    """As sentence-transformers saves it from version 5.4 on, with a modules.json."""
    from sentence_transformers import CrossEncoder

    plain = _beside(folder, bert("BertForSequenceClassification", num_labels=1))
    CrossEncoder(str(plain), device="cpu").save(str(folder))


def _beside(folder: Path, build: Callable[[Path], None]) -> Path:
    plain = folder.with_name(f"{folder.name}-plain")
    plain.mkdir()
    build(plain)
    return plain
