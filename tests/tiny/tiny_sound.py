"""Tiny models that listen, speak, or watch."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

from tiny_parts import CHAT_WITH_MEDIA, PAD, SEP, SIZE, SOUND, save, tokenizer, write_json
from tiny_text import named
from tiny_vision import PATCHES, SMALL

RATE = 16_000


def wav2vec2(head: str, **more: Any) -> Any:
    def build(folder: Path) -> None:
        import transformers

        config = transformers.Wav2Vec2Config(
            **SMALL, conv_dim=(16, 16), conv_kernel=(10, 8), conv_stride=(10, 8), num_feat_extract_layers=2,
            num_conv_pos_embeddings=4, num_conv_pos_embedding_groups=2, vocab_size=30, classifier_proj_size=16, **more,
        )  # fmt: skip
        save(folder, getattr(transformers, head)(config), transformers.Wav2Vec2FeatureExtractor(sampling_rate=RATE))
        if head == "Wav2Vec2ForCTC":
            letters = {
                token: i for i, token in enumerate(["<pad>", "<s>", "</s>", "<unk>", "|", *"abcdefghijklmnopqrstuvwxy"])
            }
            save(folder, transformers.Wav2Vec2CTCTokenizer(write_json(folder / "vocab.json", letters)))

    return build


def whisper(folder: Path) -> None:
    from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration, WhisperTokenizer

    letters = {token: i for i, token in enumerate([*string.ascii_lowercase, "Ġ", "<|endoftext|>"])}
    names = ["<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|nospeech|>", "<|notimestamps|>"]
    times = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]
    words = WhisperTokenizer(vocab=letters, merges=[], additional_special_tokens=names)
    words.add_tokens(times, special_tokens=False)
    start, english, _, transcribe, no_speech, no_times = words.convert_tokens_to_ids(names)
    end = words.convert_tokens_to_ids("<|endoftext|>")
    config = WhisperConfig(
        vocab_size=len(words), num_mel_bins=80, d_model=16, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=16, decoder_ffn_dim=16,
        max_target_positions=64, pad_token_id=end, bos_token_id=end, eos_token_id=end, decoder_start_token_id=start,
        begin_suppress_tokens=None, suppress_tokens=None,
    )  # fmt: skip
    model = WhisperForConditionalGeneration(config)
    model.model.decoder.embed_tokens.weight.data[27:] *= 0.01  # letters are likelier than the 1,501 times
    model.generation_config._from_model_config = False  # else it is thrown away at loading
    said = {"no_timestamps_token_id": no_times, "is_multilingual": True, "lang_to_id": {"<|en|>": english},
            "task_to_id": {"transcribe": transcribe}, "language": "en", "task": "transcribe", "num_beams": 1,
            "prev_sot_token_id": no_speech, "max_initial_timestamp_index": 50, "return_timestamps": False,
            "max_length": 24}  # fmt: skip
    for name, value in said.items():  # not by update(): it leaves out what only Whisper knows
        setattr(model.generation_config, name, value)
    save(folder, model, words, WhisperFeatureExtractor(feature_size=80))


def clap(folder: Path) -> None:
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    sound = {"num_mel_bins": 16, "spec_size": 64, "patch_size": 4, "patch_stride": [4, 4], "window_size": 4,
             "hidden_size": 32, "patch_embeds_hidden_size": 16, "depths": [1, 1], "num_attention_heads": [2, 2],
             "projection_dim": 16, "enable_fusion": False}  # fmt: skip
    text = {**SMALL, "vocab_size": SIZE, "max_position_embeddings": 66, "pad_token_id": PAD, "projection_dim": 16}
    config = ClapConfig(text_config=text, audio_config=sound, projection_dim=16)
    features = ClapFeatureExtractor(
        feature_size=16, sampling_rate=RATE, hop_length=160, max_length_s=2, fft_window_size=256,
        truncation="rand_trunc", padding="repeatpad",
    )  # fmt: skip
    save(folder, ClapModel(config), features, tokenizer(pairs=False))


def vits(folder: Path) -> None:
    from transformers import VitsConfig, VitsModel, VitsTokenizer

    letters = {letter: i for i, letter in enumerate(["_", " ", *string.ascii_lowercase])}
    config = VitsConfig(
        vocab_size=len(letters), **{k: v for k, v in SMALL.items() if k != "intermediate_size"}, ffn_dim=32,
        flow_size=16, spectrogram_bins=32, upsample_initial_channel=16, upsample_rates=[8, 4],
        upsample_kernel_sizes=[16, 8], resblock_kernel_sizes=[3], resblock_dilation_sizes=[[1, 3]],
        posterior_encoder_num_wavenet_layers=1, prior_encoder_num_wavenet_layers=1, prior_encoder_num_flows=1,
        depth_separable_num_layers=1, duration_predictor_num_flows=1, duration_predictor_filter_channels=16,
    )  # fmt: skip
    words = VitsTokenizer(write_json(folder / "vocab.json", letters), language="en", phonemize=False, add_blank=True)
    save(folder, VitsModel(config), words)


def musicgen(folder: Path) -> None:
    from transformers import (
        EncodecConfig,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        T5Config,
    )

    text = T5Config(vocab_size=SIZE, d_model=32, d_kv=16, d_ff=64, num_layers=1, num_heads=2, pad_token_id=PAD)
    codec = EncodecConfig(
        sampling_rate=RATE, hidden_size=16, num_filters=4, num_residual_layers=1, upsampling_ratios=[8, 4],
        codebook_size=32, codebook_dim=16, num_lstm_layers=1, target_bandwidths=[5.0],
    )  # fmt: skip
    decoder = MusicgenDecoderConfig(
        vocab_size=32, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, ffn_dim=64, num_codebooks=2,
        max_position_embeddings=64, pad_token_id=32, bos_token_id=32,
    )  # fmt: skip
    config = MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
    model = MusicgenForConditionalGeneration(config)
    model.generation_config.update(
        do_sample=True, guidance_scale=1, max_new_tokens=8, decoder_start_token_id=32, pad_token_id=32, bos_token_id=32
    )
    save(folder, model, tokenizer(pairs=False))


def qwen2_audio(folder: Path) -> None:
    from transformers import (
        Qwen2AudioConfig,
        Qwen2AudioEncoderConfig,
        Qwen2AudioForConditionalGeneration,
        Qwen2AudioProcessor,
        Qwen2Config,
        WhisperFeatureExtractor,
    )

    sound = Qwen2AudioEncoderConfig(
        num_mel_bins=16, encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=32, d_model=16,
        max_source_positions=50,
    )  # fmt: skip
    text = Qwen2Config(vocab_size=SIZE, **SMALL, num_key_value_heads=2, max_position_embeddings=256, eos_token_id=SEP)
    config = Qwen2AudioConfig(audio_config=sound.to_dict(), text_config=text.to_dict(), audio_token_index=SOUND)
    processor = Qwen2AudioProcessor(
        WhisperFeatureExtractor(feature_size=16, chunk_length=1), tokenizer(pairs=False, limit=256),
        chat_template=CHAT_WITH_MEDIA, audio_bos_token="[CLS]", audio_eos_token="[SEP]",
    )  # fmt: skip
    save(folder, Qwen2AudioForConditionalGeneration(config), processor)


def videomae(folder: Path) -> None:
    from transformers import VideoMAEConfig, VideoMAEForVideoClassification

    config = VideoMAEConfig(**PATCHES, num_frames=4, tubelet_size=2, **named("running", "sitting"))
    save(folder, VideoMAEForVideoClassification(config))
