"""The bytes between a caller and a worker's child, and the codes of how a child ended."""

from __future__ import annotations

import json
import struct
from typing import Any

__all__ = ["HEADER", "MAX_REPLY_BYTES", "grace_seconds", "pack", "reply_bytes", "reply_from"]

HEADER = struct.Struct("!Q")
MAX_REPLY_BYTES = 256 * 1024 * 1024


def pack(payload: bytes) -> bytes:
    """A message: its length, then itself."""
    return HEADER.pack(len(payload)) + payload


def reply_bytes(reply: dict[str, Any]) -> bytes:
    """A reply as JSON, so that nothing a worker sends can be more than data."""
    return pack(json.dumps(reply, separators=(",", ":")).encode())


def reply_from(payload: bytes) -> dict[str, Any]:
    """The reply again.

    Raises:
        ValueError: if it is not an object in JSON.
    """
    reply = json.loads(payload)
    if not isinstance(reply, dict):
        raise ValueError("a reply is an object")
    return reply


def grace_seconds(wall_seconds: float) -> float:
    """How long after its wall limit a child may still hand in what it has, before it is killed."""
    return 0.1 + 0.04 * wall_seconds
