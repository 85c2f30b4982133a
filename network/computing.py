"""The metrics by name, as they are computed: in a thread, or in another process.

What goes in and what comes out is arrays and plain values, so that it can be sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from inspect import signature
from typing import Any, TypeAlias

from models.vocabulary.text import Text
from network.flow import Node
from network.metrics.backbone import backbone, backbone_in_words
from network.metrics.between import between, between_in_words
from network.metrics.brokerage import brokerage, brokerage_in_words
from network.metrics.change import change, change_in_words
from network.metrics.circulation import circulation, circulation_in_words
from network.metrics.cohesion import cohesion, cohesion_in_words
from network.metrics.communities import communities, communities_in_words
from network.metrics.conversion import (
    channel_conversion,
    channel_conversion_in_words,
    conversion,
    conversion_in_words,
    edge_conversion,
    edge_conversion_in_words,
    node_conversion,
    node_conversion_in_words,
)
from network.metrics.equity import (
    equity,
    equity_in_words,
    pair_balance,
    pair_balance_in_words,
)
from network.metrics.fragility import fragility, fragility_in_words
from network.metrics.hierarchy import (
    hierarchy,
    hierarchy_in_words,
    ladder_by_chance,
    ladder_by_chance_in_words,
)
from network.metrics.journeys import roads, roads_in_words
from network.metrics.months import (
    monthly_flow,
    monthly_flow_in_words,
    monthly_node,
    monthly_node_in_words,
    monthly_pair,
    monthly_pair_in_words,
)
from network.metrics.reach import reach, reach_in_words
from network.metrics.reciprocity import reciprocity, reciprocity_in_words
from network.metrics.strength import strength, strength_in_words
from network.metrics.surprise import surprise, surprise_in_words
from network.metrics.waiting import (
    node_waiting,
    node_waiting_in_words,
    waiting,
    waiting_in_words,
)

Parameters: TypeAlias = tuple[tuple[str, Any], ...]
"""Names and hashable values, by name: part of the key that an answer is kept under."""

InWords: TypeAlias = Callable[[Any, Mapping[Node, Text]], Text]


class Takes(StrEnum):
    """What a metric is computed from."""

    FLOW = "flow"
    """The graph of the question's edges."""
    TABLE = "table"
    """All cells of the question's channels, at its level."""
    JOURNEYS = "journeys"
    """All journeys, at its level."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric: what it needs, how it is computed, what it says in words."""

    takes: Takes
    compute: Callable[..., Any]
    in_words: InWords
    is_rate: bool = False
    """Whether it sets people against time, so that only months with everybody's figures count."""

    @property
    def takes_months(self) -> bool:
        """Whether the months of the window are among its parameters."""
        return "months" in signature(self.compute).parameters


_F, _T = Takes.FLOW, Takes.TABLE

METRICS: dict[str, Metric] = {
    "strength": Metric(_F, strength, strength_in_words),
    "reciprocity": Metric(_F, reciprocity, reciprocity_in_words),
    "reach": Metric(_F, reach, reach_in_words),
    "brokerage": Metric(_F, brokerage, brokerage_in_words),
    "fragility": Metric(_F, fragility, fragility_in_words),
    "communities": Metric(_F, communities, communities_in_words),
    "cohesion": Metric(_F, cohesion, cohesion_in_words),
    "between": Metric(_F, between, between_in_words),
    "circulation": Metric(_F, circulation, circulation_in_words),
    "hierarchy": Metric(_F, hierarchy, hierarchy_in_words),
    "ladder_by_chance": Metric(_F, ladder_by_chance, ladder_by_chance_in_words),
    "backbone": Metric(_F, backbone, backbone_in_words),
    "surprise": Metric(_F, surprise, surprise_in_words),
    "equity": Metric(_F, equity, equity_in_words),
    "pair_balance": Metric(_F, pair_balance, pair_balance_in_words),
    "change": Metric(_F, change, change_in_words),
    "conversion": Metric(_T, conversion, conversion_in_words),
    "channel_conversion": Metric(_T, channel_conversion, channel_conversion_in_words),
    "node_conversion": Metric(_T, node_conversion, node_conversion_in_words),
    "edge_conversion": Metric(_T, edge_conversion, edge_conversion_in_words),
    "waiting": Metric(_T, waiting, waiting_in_words, is_rate=True),
    "node_waiting": Metric(_T, node_waiting, node_waiting_in_words, is_rate=True),
    "months": Metric(_T, monthly_flow, monthly_flow_in_words),
    "node_months": Metric(_T, monthly_node, monthly_node_in_words),
    "pair_months": Metric(_T, monthly_pair, monthly_pair_in_words),
    "journeys": Metric(Takes.JOURNEYS, roads, roads_in_words),
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
