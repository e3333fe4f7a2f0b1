"""The coin detector's network and its dense auxiliary loss."""

from __future__ import annotations

import torch
from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrResNetConfig
from transformers.image_transforms import center_to_corners_format
from transformers.loss import loss_rt_detr
from transformers.loss.loss_for_object_detection import box_iou

SIZE = 256  # pixels of the square that pictures are scaled to
STRIDES = (8, 16, 32)
LEVEL_LIMITS = (36, 84)  # boxes up to 36 pixels belong to the finest level, up to 84 to the middle one
WIDTHS = [24, 48, 96, 128]
BOUNDS = {"surest": 0.75, "others": 0.5, "longest": 1.5, "both_ways": True}
"""Which boxes the tool gives (`prefrontal.tools.boxes.Bounds`): chosen by drawings and by photos not trained on."""


def build_model() -> RTDetrForObjectDetection:
    """An RT-DETR of about one million weights with one label."""
    backbone = RTDetrResNetConfig(
        embedding_size=WIDTHS[0],
        hidden_sizes=WIDTHS,
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    width = 64
    config = RTDetrConfig(
        backbone_config=backbone,
        encoder_in_channels=WIDTHS[1:],
        encoder_hidden_dim=width,
        decoder_in_channels=[width] * 3,
        d_model=width,
        encoder_ffn_dim=2 * width,
        decoder_ffn_dim=2 * width,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        decoder_layers=3,
        hidden_expansion=0.5,
        num_queries=80,
        num_denoising=0,  # the dense loss steadies the matching at a third of the cost
        freeze_backbone_batch_norms=False,  # there are no pretrained statistics to keep
        initializer_range=0.08,
        initializer_bias_prior_prob=0.01,
        id2label={0: "coin"},
        label2id={"coin": 0},
    )
    model = RTDetrForObjectDetection(config)
    for module in model.modules():  # transformers expects pretrained weights and starts these near zero
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.ones_(module.weight)
        elif isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return model


def dense_targets(boxes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Per cell of all levels: how much it is a coin's middle (a peak per coin) and that coin's index (or -1)."""
    heats, owners = [], []
    size = (boxes[:, 2] * boxes[:, 3]).sqrt() * SIZE
    level = torch.bucketize(size, torch.tensor([float(v) for v in LEVEL_LIMITS]))
    for index, stride in enumerate(STRIDES):
        cells = SIZE // stride
        mine = torch.nonzero(level == index)[:, 0]
        heat, owner = torch.zeros(cells * cells), torch.full((cells * cells,), -1)
        if len(mine):
            centre, sigma = boxes[mine, :2] * cells, (boxes[mine, 2:] * cells / 7).clamp(min=0.45)
            axis = torch.arange(cells) + 0.5
            gx = torch.exp(-(((axis[None] - centre[:, :1]) / sigma[:, :1]) ** 2) / 2)
            gy = torch.exp(-(((axis[None] - centre[:, 1:]) / sigma[:, 1:]) ** 2) / 2)
            peaks = (gy[:, :, None] * gx[:, None, :]).flatten(1)
            peaks = peaks / peaks.max(1, keepdim=True).values  # the best cell of each coin is exactly one
            heat, which = peaks.max(0)
            owner = torch.where(heat > 0.5, mine[which], -1)
        heats.append(heat)
        owners.append(owner)
    return torch.cat(heats), torch.cat(owners)


def dense_loss(logits: torch.Tensor, box_logits: torch.Tensor, labels: list[dict]) -> torch.Tensor:
    """Focal loss on coins' middles plus box regression around them, on all cells of the encoder."""
    total = torch.zeros(())
    coins = max(1, sum(len(label["boxes"]) for label in labels))
    boxes = box_logits.sigmoid()
    for scores, box, label in zip(logits[..., 0], boxes, labels, strict=True):
        heat, owner = dense_targets(label["boxes"])
        p = scores.sigmoid().clamp(1e-4, 1 - 1e-4)
        peak = heat > 0.999
        gain = torch.where(peak, (1 - p) ** 2 * p.log(), (1 - heat) ** 2 * p**2 * (1 - p).log())
        total = total - gain.sum() / coins
        near = owner >= 0
        if near.any():
            truth = label["boxes"][owner[near]]
            error = (box[near] - truth).abs() / truth[:, 2:].repeat(1, 2)  # relative, so that small coins count
            total = total + (error.sum(1) * heat[near]).sum() / coins
    return total


TWIN = 0.55  # a box without a coin of its own that overlaps a coin by this much is a second box on that coin
TWIN_WEIGHT = 0.2


class TolerantLoss(loss_rt_detr.RTDetrLoss):
    """RT-DETR's loss, but a second box on a coin is punished by a fifth only.

    Two boxes that fit a coin equally well share its score otherwise: both end at about a half, and by chance both, one
    or none is over the threshold.  Now both score high, and whoever reads the answer drops the twin by its overlap.
    """

    def loss_labels_vfl(self, outputs: dict, targets: list[dict], indices: list, num_boxes: float, log: bool = True):
        """Varifocal loss over (batch, queries, labels), weighed by query."""
        rows, chosen = self._get_source_permutation_idx(indices)
        logits = outputs["logits"]
        overlaps = torch.zeros(logits.shape[:2])
        best = torch.zeros(logits.shape[:2])
        for i, (target, (mine, theirs)) in enumerate(zip(targets, indices, strict=True)):
            if len(target["boxes"]):
                found = center_to_corners_format(outputs["pred_boxes"][i].detach())
                iou, _ = box_iou(found, center_to_corners_format(target["boxes"]))
                best[i] = iou.max(1).values
                overlaps[i, mine] = iou[mine, theirs]
        matched = torch.zeros_like(best, dtype=torch.bool)
        matched[rows, chosen] = True
        score = logits.detach().sigmoid()[..., 0]
        weight = torch.where(matched, overlaps, self.alpha * score.pow(self.gamma))
        weight = torch.where(~matched & (best >= TWIN), TWIN_WEIGHT * weight, weight)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits[..., 0], overlaps, weight, reduction="none")
        return {"loss_vfl": loss.sum() / num_boxes}


def tolerate_twins() -> None:
    """Let transformers' RT-DETR train with `TolerantLoss`, in this process."""
    loss_rt_detr.RTDetrLoss = TolerantLoss
