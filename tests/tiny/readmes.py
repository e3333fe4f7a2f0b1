"""A model card as people write it, for the tests that read, change and fetch one."""

from __future__ import annotations

COIN_FINDER = """---
license: mit
library_name: transformers
pipeline_tag: object-detection
language: [en, fr]
tags: [coins, tiny]
datasets: [lab/coins]
---
# Coin finder

Finds coins in photos and draws a box around each of them. It was trained on drawn scenes.
"""
