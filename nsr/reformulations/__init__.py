"""Rewritings from typed program to typed program that back ends share, one a file, and the order they come in."""

from nsr.reformulations.graph import REFORMULATIONS, Path, in_order, path_to, reformulate
from nsr.reformulations.protocol import Construct, Feature, Position, Reformulation, features

__all__ = [
    "REFORMULATIONS",
    "Construct",
    "Feature",
    "Path",
    "Position",
    "Reformulation",
    "features",
    "in_order",
    "path_to",
    "reformulate",
]
