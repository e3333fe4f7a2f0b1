"""The line-ocr architecture: a column-patch ViT encoder, a small TrOCR decoder and a character tokenizer.

Both halves start with attention heads that look a few places to the left and right. A transformer has to discover
what "the column next to this one" means; starting there saves most of the training time on a CPU.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from line_ocr_data import HEIGHT, WIDTH
from line_ocr_text import CHARACTERS, MAX_CHARACTERS
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors
from torch import nn
from transformers import (
    GenerationConfig,
    PreTrainedTokenizerFast,
    TrOCRConfig,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
)
from transformers.models.donut.image_processing_pil_donut import DonutImageProcessorPil

PAD, START, END, UNKNOWN = 0, 1, 2, 3
FIRST_CHARACTER = 4
PATCH = 6
FRAMES = WIDTH // PATCH
MODEL_WIDTH, HEADS = 160, 5
FREQUENCIES = torch.pi / 2 * 0.735 ** torch.arange(MODEL_WIDTH // HEADS // 2)


def build_tokenizer() -> PreTrainedTokenizerFast:
    """One token for each printable ASCII character."""
    names = ["<pad>", "<s>", "</s>", "<unk>", *CHARACTERS]
    core = Tokenizer(models.WordLevel({name: i for i, name in enumerate(names)}, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    core.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", START), ("</s>", END)])
    core.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        clean_up_tokenization_spaces=False, model_max_length=MAX_CHARACTERS + 10,
    )  # fmt: skip


def build_processor() -> DonutImageProcessorPil:
    """Height 32, aspect ratio kept, centred on black up to the full width."""
    half = [0.5, 0.5, 0.5]
    return DonutImageProcessorPil(
        size={"height": HEIGHT, "width": WIDTH}, do_thumbnail=True, do_pad=True, do_align_long_axis=False,
        do_convert_rgb=True, image_mean=half, image_std=half,
    )  # fmt: skip


def build_model(channels: int = 1) -> VisionEncoderDecoderModel:
    """The untrained model. One channel while training; three (what image processors give) in the checkpoint."""
    vocabulary = FIRST_CHARACTER + len(CHARACTERS)
    encoder = ViTConfig(
        image_size=[HEIGHT, WIDTH], patch_size=[HEIGHT, PATCH], num_channels=channels, hidden_size=MODEL_WIDTH,
        num_hidden_layers=5, num_attention_heads=HEADS, intermediate_size=448, hidden_act="relu", pooler_output_size=1,
        layer_norm_eps=1e-6,
    )  # fmt: skip
    decoder = TrOCRConfig(
        vocab_size=vocabulary, d_model=MODEL_WIDTH, decoder_layers=2, decoder_attention_heads=HEADS,
        decoder_ffn_dim=304, activation_function="relu", max_position_embeddings=MAX_CHARACTERS + 12, dropout=0.0,
        cross_attention_hidden_size=MODEL_WIDTH, decoder_start_token_id=START, pad_token_id=PAD, bos_token_id=START,
        eos_token_id=END,
    )  # fmt: skip
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = START, PAD, END
    config.vocab_size = vocabulary
    config.aimed_head = 0  # of the decoder: taught to look at the character that is read
    model = VisionEncoderDecoderModel(config)
    # This class switches to random sampling or longer output for nobody: whole lines, greedily.
    model.generation_config = GenerationConfig(
        max_length=MAX_CHARACTERS + 8, do_sample=False, num_beams=1, decoder_start_token_id=START, bos_token_id=START,
        eos_token_id=END, pad_token_id=PAD,
    )  # fmt: skip
    return model


def place_code(places: torch.Tensor) -> torch.Tensor:
    """Sines and cosines that name a place (a column of the picture or the index of a character)."""
    angles = places.float()[..., None] * FREQUENCIES
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


def look_aside(query: nn.Linear, key: nn.Linear, head: int, offset: int, gain: float) -> None:
    """Starts one attention head so that it looks `offset` places aside."""
    size, half = 2 * len(FREQUENCIES), len(FREQUENCIES)
    rows = slice(head * size, (head + 1) * size)
    turn = FREQUENCIES * offset
    rotation = torch.zeros(size, query.in_features)
    index = torch.arange(half)
    rotation[index, index] = rotation[index + half, index + half] = turn.cos()
    rotation[index, index + half], rotation[index + half, index] = turn.sin(), -turn.sin()
    query.weight[rows] = gain * rotation + 0.1 * query.weight[rows]
    key.weight[rows] = gain * torch.eye(size, key.in_features) + 0.1 * key.weight[rows]


@torch.no_grad()
def initialise(model: VisionEncoderDecoderModel) -> None:
    """Scales the random weights to the small width and starts the heads that look aside."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.8 / math.sqrt(module.in_features))
    code_size = 2 * len(FREQUENCIES)
    encoder = model.encoder
    nn.init.normal_(encoder.embeddings.patch_embeddings.projection.weight, std=0.08)
    encoder.embeddings.position_embeddings[0, 1:, :code_size] = place_code(torch.arange(FRAMES))
    for depth, layer in enumerate(encoder.layers):
        layer.attention.o_proj.weight *= 0.4
        layer.mlp.fc2.weight *= 0.4
        for head, offset in enumerate((-2, -1, 1, 2) if depth % 2 == 0 else (-4, -1, 1, 4)):
            look_aside(layer.attention.q_proj, layer.attention.k_proj, head, offset, 1.4)
    decoder = model.decoder.model.decoder
    nn.init.normal_(decoder.embed_tokens.weight, std=0.1)
    decoder.embed_positions.weight *= 0.5
    places = torch.arange(decoder.embed_positions.weight.shape[0] - 2)  # the class reserves two rows
    decoder.embed_positions.weight[2:, :code_size] = 0.5 * place_code(places)
    for layer in decoder.layers:
        for head, offset in enumerate((-1, -2, -3, -5)):
            look_aside(layer.self_attn.q_proj, layer.self_attn.k_proj, head, offset, 0.95)
    model.decoder.output_projection.weight = decoder.embed_tokens.weight


def encode(model: VisionEncoderDecoderModel, pixels: torch.Tensor, first: int) -> torch.Tensor:
    """The encoder's states for a picture of which only the columns from patch `first` on are given.

    Most lines are narrower than the picture, and computing on black costs as much as computing on text.
    """
    encoder = model.encoder
    patches = encoder.embeddings.patch_embeddings.projection(pixels).flatten(2).transpose(1, 2)
    positions = encoder.embeddings.position_embeddings
    states = torch.cat([encoder.embeddings.cls_token.expand(len(pixels), -1, -1) + positions[:, :1],
                        patches + positions[:, 1 + first : 1 + first + patches.shape[1]]], dim=1)  # fmt: skip
    for layer in encoder.layers:
        states = layer(states)
    return encoder.layernorm(states)


def load_checkpoint(model: VisionEncoderDecoderModel, directory: Path) -> None:
    """Puts the weights of a written checkpoint into a model with one channel."""
    weights = VisionEncoderDecoderModel.from_pretrained(directory).state_dict()
    name = "encoder.embeddings.patch_embeddings.projection.weight"
    weights[name] = weights[name].sum(1, keepdim=True)
    model.load_state_dict(weights)


def save_checkpoint(model: VisionEncoderDecoderModel, directory: Path) -> None:
    """Writes the folder that `from_pretrained` loads, with a patch projection for three channels."""
    wide = build_model(channels=3)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    name = "encoder.embeddings.patch_embeddings.projection.weight"
    weights[name] = weights[name].repeat(1, 3, 1, 1) / 3  # the mean of red, green and blue
    wide.load_state_dict(weights)
    wide.save_pretrained(directory)
    build_tokenizer().save_pretrained(directory)
    build_processor().save_pretrained(directory)
