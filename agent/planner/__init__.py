"""A chat model without a language model."""
