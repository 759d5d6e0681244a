"""From a text to a draft in the language: the staged and the whole strategy."""
