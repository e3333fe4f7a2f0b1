"""What the training scripts share: half-size checkpoints that load as float32, and the temperature of scores."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))


def test_half_checkpoints_load_as_float32(tmp_path: Path) -> None:
    """The file holds float16; what is loaded from it is float32 and nearly the same."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification

    from zoo.training.steps import save_half

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    model = BertForSequenceClassification(BertConfig(vocab_size=30, max_position_embeddings=16, **sizes)).eval()
    save_half(model, tmp_path)
    assert {weights.dtype for weights in load_file(tmp_path / "model.safetensors").values()} == {torch.float16}
    again = AutoModelForSequenceClassification.from_pretrained(tmp_path).eval()
    assert again.dtype == torch.float32
    ids = torch.tensor([[1, 2, 3]])
    assert torch.allclose(model(input_ids=ids).logits, again(input_ids=ids).logits, atol=1e-2)


def test_temperature_tames_scores_that_are_too_sure() -> None:
    """Logits that were made three times too large are divided by about three."""
    import torch

    from zoo.training.steps import temperature

    torch.manual_seed(0)
    logits = torch.randn(4000, 3)
    targets = torch.multinomial(logits.softmax(1), 1)[:, 0]
    assert temperature(3 * logits, targets) == pytest.approx(3, rel=0.1)
