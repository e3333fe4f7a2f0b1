"""What the tiny models share: real tokenizers over a few words, made in memory, and small image processors."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

WORDS = """the a cat dog bird house car tree red blue green big small is are was sits runs on in under and of to what
where who how many colour number name city paris london anna works at it this photo picture text good bad happy sad
sports politics urgent yes no true false hello world one two three four five six seven eight nine ten stars row says
. , ? ! : user assistant""".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<image>", "<|AUDIO|>", "<s_docvqa>", "<s_question>",
           "</s_question>", "<s_answer>", "</s_answer>"]  # fmt: skip
LETTERS = [*string.ascii_lowercase, *string.digits]
CHAT = "{% for m in messages %}{{ m['role'] }} : {{ m['content'] }} {% endfor %}assistant :"
CHAT_WITH_MEDIA = (
    "{% for m in messages %}{{ m['role'] }} : {% for part in m['content'] %}"
    "{% if part['type'] == 'image' %}<image> {% elif part['type'] == 'audio' %}<|AUDIO|> "
    "{% else %}{{ part['text'] }} {% endif %}{% endfor %}{% endfor %}assistant :"
)


def vocabulary() -> dict[str, int]:
    tokens = [*SPECIAL, *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    return {token: i for i, token in enumerate(dict.fromkeys(tokens))}


SIZE = len(vocabulary())
PAD, UNK, CLS, SEP, MASK, IMAGE, SOUND = range(7)


def tokenizer(pairs: bool = True, chat: str | None = None, limit: int = 64, letters: bool = True) -> Any:
    """WordPiece over WORDS; without `letters`, any other word is unknown. `pairs` gives token type ids, as BERT's."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    known = vocabulary()
    model = models.WordPiece(known, unk_token="[UNK]") if letters else models.WordLevel(known, unk_token="[UNK]")
    made = Tokenizer(model)
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece(prefix="##")
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    names = ["input_ids", *(["token_type_ids"] if pairs else []), "attention_mask"]
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", bos_token="[CLS]", eos_token="[SEP]", chat_template=chat, model_max_length=limit,
        additional_special_tokens=SPECIAL[5:], model_input_names=names, clean_up_tokenization_spaces=False,
    )  # fmt: skip


def image_processor(kind: str, side: int = 32, **more: Any) -> Any:
    """An image processor of transformers, by its class name, that makes pictures of side x side."""
    import transformers

    cls = getattr(transformers, f"{kind}Pil", None) or getattr(transformers, kind)
    return cls(size={"height": side, "width": side}, **more)


def write_json(path: Path, value: Any) -> str:
    path.write_text(json.dumps(value))
    return str(path)


def talkative(model: Any) -> Any:
    """A random model often begins with an end: this one may not write special tokens, so that it writes words."""
    model.generation_config.forced_eos_token_id = None
    model.generation_config.update(suppress_tokens=list(range(len(SPECIAL))), max_new_tokens=6)
    return model


def save(folder: Path, *parts: Any) -> None:
    for part in parts:
        part.save_pretrained(folder)
