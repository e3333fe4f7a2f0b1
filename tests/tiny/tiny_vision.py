"""Tiny models that look at pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tiny_parts import CHAT_WITH_MEDIA, CLS, IMAGE, PAD, SEP, SIZE, SPECIAL, image_processor, save, talkative, tokenizer
from tiny_text import bert_config, named

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
PATCHES = {**SMALL, "image_size": 32, "patch_size": 8}


def vit(head: str) -> Any:
    def build(folder: Path) -> None:
        import transformers

        config = transformers.ViTConfig(**PATCHES, **named("cat", "dog", "bird"))
        save(folder, getattr(transformers, head)(config), image_processor("ViTImageProcessor"))

    return build


def yolos(folder: Path) -> None:
    from transformers import YolosConfig, YolosForObjectDetection, YolosImageProcessorPil

    config = YolosConfig(**{**PATCHES, "image_size": [32, 32]}, num_detection_tokens=5, **named("cat", "dog"))
    processor = YolosImageProcessorPil(size={"shortest_edge": 32, "longest_edge": 48})
    save(folder, YolosForObjectDetection(config), processor)


def segformer(folder: Path) -> None:
    from transformers import SegformerConfig, SegformerForSemanticSegmentation

    config = SegformerConfig(
        num_encoder_blocks=2, depths=[1, 1], sr_ratios=[2, 1], hidden_sizes=[8, 16], patch_sizes=[3, 3],
        strides=[2, 2], num_attention_heads=[1, 2], mlp_ratios=[2, 2], decoder_hidden_size=16, **named("sky", "road"),
    )  # fmt: skip
    save(folder, SegformerForSemanticSegmentation(config), image_processor("SegformerImageProcessor"))


def maskformer(folder: Path) -> None:
    from transformers import DetrConfig, MaskFormerConfig, MaskFormerForInstanceSegmentation, SwinConfig

    swin = SwinConfig(image_size=32, patch_size=4, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 1, 1],
                      window_size=2, out_features=["stage1", "stage2", "stage3", "stage4"])  # fmt: skip
    detr = DetrConfig(d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2, num_queries=4,
                      decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16, num_labels=2)  # fmt: skip
    config = MaskFormerConfig(backbone_config=swin, decoder_config=detr, fpn_feature_size=32, mask_feature_size=32,
                              **named("sky", "road"))  # fmt: skip
    save(folder, MaskFormerForInstanceSegmentation(config), image_processor("MaskFormerImageProcessor", 64))


def dpt(folder: Path) -> None:
    from transformers import DPTConfig, DPTForDepthEstimation

    config = DPTConfig(
        **{**PATCHES, "num_hidden_layers": 4}, backbone_out_indices=[0, 1, 2, 3], neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=16, is_hybrid=False,
    )  # fmt: skip
    save(folder, DPTForDepthEstimation(config), image_processor("DPTImageProcessor"))


def sam(folder: Path) -> None:
    """Its picture cannot be processed without torchvision: the checkpoint is here to be refused."""
    from transformers import SamConfig, SamMaskDecoderConfig, SamModel, SamPromptEncoderConfig, SamVisionConfig

    vision = SamVisionConfig(**PATCHES, mlp_dim=64, output_channels=16, global_attn_indexes=[1], window_size=2)
    config = SamConfig(
        vision_config=vision, prompt_encoder_config=SamPromptEncoderConfig(hidden_size=16, image_size=32, patch_size=8),
        mask_decoder_config=SamMaskDecoderConfig(hidden_size=16, mlp_dim=32, num_hidden_layers=1,
                                                 num_attention_heads=2, iou_head_hidden_dim=16),
    )  # fmt: skip
    save(folder, SamModel(config))


def superglue(folder: Path) -> None:
    from transformers import SuperGlueConfig, SuperGlueForKeypointMatching, SuperPointConfig

    points = SuperPointConfig(encoder_hidden_sizes=[8, 8, 16, 16], decoder_hidden_size=32, keypoint_decoder_dim=65,
                              descriptor_decoder_dim=32, max_keypoints=20, keypoint_threshold=0.0)  # fmt: skip
    config = SuperGlueConfig(keypoint_detector_config=points, hidden_size=32, keypoint_encoder_sizes=[32, 32],
                             gnn_layers_types=["self", "cross"], num_attention_heads=2, sinkhorn_iterations=5,
                             matching_threshold=0.0)  # fmt: skip
    save(folder, SuperGlueForKeypointMatching(config), image_processor("SuperGlueImageProcessor", 64))


def clip(folder: Path) -> None:
    from transformers import CLIPConfig, CLIPModel

    text = {**SMALL, "vocab_size": SIZE, "max_position_embeddings": 64, "eos_token_id": SEP, "bos_token_id": CLS}
    config = CLIPConfig(text_config=text, vision_config=dict(PATCHES), projection_dim=16)
    processor = image_processor("CLIPImageProcessor", crop_size={"height": 32, "width": 32})
    save(folder, CLIPModel(config), processor, tokenizer(pairs=False))


def owlvit(folder: Path) -> None:
    from transformers import OwlViTConfig, OwlViTForObjectDetection

    text = {**SMALL, "vocab_size": SIZE, "max_position_embeddings": 16, "pad_token_id": PAD}
    config = OwlViTConfig(text_config=text, vision_config=dict(PATCHES), projection_dim=32)
    processor = image_processor("OwlViTImageProcessor", crop_size={"height": 32, "width": 32})
    save(folder, OwlViTForObjectDetection(config), processor, tokenizer(pairs=False, limit=16))


def donut(task_start: str = "<s_docvqa>") -> Any:
    def build(folder: Path) -> None:
        from transformers import DonutSwinConfig, MBartConfig, VisionEncoderDecoderConfig, VisionEncoderDecoderModel

        encoder = DonutSwinConfig(image_size=[32, 32], patch_size=4, embed_dim=16, depths=[1, 1], num_heads=[2, 2],
                                  window_size=2)  # fmt: skip
        decoder = MBartConfig(
            vocab_size=SIZE, d_model=32, decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=64,
            max_position_embeddings=64, is_decoder=True, add_cross_attention=True, pad_token_id=PAD, bos_token_id=CLS,
            eos_token_id=SEP, is_encoder_decoder=False,
        )  # fmt: skip
        config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
        config.decoder_start_token_id, config.pad_token_id = SPECIAL.index(task_start), PAD
        processor = image_processor("DonutImageProcessor", do_align_long_axis=False)
        save(folder, talkative(VisionEncoderDecoderModel(config)), processor, tokenizer(pairs=False))

    return build


def layoutlm(folder: Path) -> None:
    from transformers import LayoutLMConfig, LayoutLMForQuestionAnswering

    config = LayoutLMConfig(vocab_size=SIZE, **SMALL, max_position_embeddings=64, max_2d_position_embeddings=1024)
    save(folder, LayoutLMForQuestionAnswering(config), tokenizer())


def reader(folder: Path) -> None:
    """A picture encoder and a text decoder, as TrOCR and ViT-GPT2 are."""
    from transformers import VisionEncoderDecoderConfig, VisionEncoderDecoderModel, ViTConfig

    decoder = bert_config(is_decoder=True, add_cross_attention=True)
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(ViTConfig(**PATCHES), decoder)
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = CLS, PAD, SEP
    model = VisionEncoderDecoderModel(config)
    model.generation_config.update(decoder_start_token_id=CLS, pad_token_id=PAD, eos_token_id=SEP)
    save(folder, talkative(model), image_processor("ViTImageProcessor"), tokenizer())


def blip(head: str) -> Any:
    def build(folder: Path) -> None:
        import transformers

        text = {**SMALL, "vocab_size": SIZE, "encoder_hidden_size": 32, "max_position_embeddings": 64,
                "pad_token_id": PAD, "bos_token_id": CLS, "eos_token_id": SEP, "sep_token_id": SEP}  # fmt: skip
        config = transformers.BlipConfig(text_config=text, vision_config=dict(PATCHES), projection_dim=32)
        processor = transformers.BlipProcessor(image_processor("BlipImageProcessor"), tokenizer())
        save(folder, getattr(transformers, head)(config), processor)

    return build


def vilt(folder: Path) -> None:
    from transformers import ViltConfig, ViltForQuestionAnswering, ViltImageProcessorPil, ViltProcessor

    config = ViltConfig(vocab_size=SIZE, **PATCHES, max_position_embeddings=64, **named("red", "blue", "two"))
    processor = ViltProcessor(ViltImageProcessorPil(size={"shortest_edge": 32}, size_divisor=8), tokenizer())
    save(folder, ViltForQuestionAnswering(config), processor)


def git(folder: Path) -> None:
    from transformers import GitConfig, GitForCausalLM, GitProcessor

    config = GitConfig(vision_config=dict(PATCHES), vocab_size=SIZE, **SMALL, max_position_embeddings=64,
                       pad_token_id=PAD, bos_token_id=CLS, eos_token_id=SEP)  # fmt: skip
    words = tokenizer(pairs=False)
    processor = GitProcessor(image_processor("CLIPImageProcessor", crop_size={"height": 32, "width": 32}), words)
    save(folder, GitForCausalLM(config), processor)


def llava(folder: Path) -> None:
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaProcessor

    text = LlamaConfig(vocab_size=SIZE, **SMALL, max_position_embeddings=128, pad_token_id=PAD, bos_token_id=CLS,
                       eos_token_id=SEP)  # fmt: skip
    config = LlavaConfig(vision_config=CLIPVisionConfig(**PATCHES), text_config=text, image_token_id=IMAGE,
                         vision_feature_layer=-1)  # fmt: skip
    pictures = image_processor("CLIPImageProcessor", crop_size={"height": 32, "width": 32})
    words = tokenizer(pairs=False, limit=128)
    processor = LlavaProcessor(pictures, words, patch_size=8, vision_feature_select_strategy="default",
                               chat_template=CHAT_WITH_MEDIA, num_additional_image_tokens=1)  # fmt: skip
    save(folder, LlavaForConditionalGeneration(config), processor)
