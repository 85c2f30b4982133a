"""The metrics by name, as they are computed: in a thread, or in another process.

What goes in and what comes out is arrays and plain values, so that it can be sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from models.vocabulary.text import Text
from network.flow import Node
from network.metrics.strength import strength, strength_in_words

Parameters: TypeAlias = tuple[tuple[str, Any], ...]
"""Names and hashable values, by name: part of the key that an answer is kept under."""

InWords: TypeAlias = Callable[[Any, Mapping[Node, Text]], Text]


class Takes(StrEnum):
    """What a metric is computed from."""

    FLOW = "flow"
    """The graph of the question's edges."""
    TABLE = "table"
    """All cells of the question's channels, at its level."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: what it needs, how it is computed, what it says in words."""

    takes: Takes
    compute: Callable[..., Any]
    in_words: InWords


METRICS: dict[str, Metric] = {
    "strength": Metric(Takes.FLOW, strength, strength_in_words),
}


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A result, and how long it took."""

    result: Any
    took_ms: float


def compute(name: str, material: tuple[Any, ...], parameters: Parameters) -> Computed:
    """Compute one metric. Module-level and of plain values: it runs anywhere."""
    began = time.perf_counter()
    result = METRICS[name].compute(*material, **dict(parameters))
    return Computed(result, (time.perf_counter() - began) * 1_000)
