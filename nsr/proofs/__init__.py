"""Derivations: finding them, and checking them step by step, apart from any solver."""
