"""The weights of the embedded language model, its tokenizer and its model card, as package data."""
