"""Language models: one protocol; local, behind a server, recorded. No prompts, nothing of the language.

Nothing heavy is imported before a language model is used.
"""

from nsr.llm.protocol import Completion, Generation, LanguageModel, Message, Request, Sampling, request_key
from nsr.llm.registry import load

__all__ = ["Completion", "Generation", "LanguageModel", "Message", "Request", "Sampling", "load", "request_key"]
