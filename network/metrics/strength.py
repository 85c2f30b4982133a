"""Who gives and who takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights


@dataclass(frozen=True, slots=True, eq=False)
class Strength:
    """People given, taken, and given less those taken; a value for each of ``nodes``."""

    nodes: tuple[Node, ...]
    given: Weights
    taken: Weights
    net: Weights


def strength(flow: FlowGraph) -> Strength:
    r"""How many each node gave and took.

    .. math:: s^{out}_i = \sum_j w_{ij}, \quad s^{in}_i = \sum_j w_{ji}, \quad
              net_i = s^{out}_i - s^{in}_i

    Source: A. Barrat et al., "The architecture of complex weighted networks", PNAS 101 (2004).

    >>> found = strength(FlowGraph.of(["a", "b"], [0, 1], [1, 0], [5, 2]))
    >>> found.given.tolist(), found.taken.tolist(), found.net.tolist()
    ([5.0, 2.0], [2.0, 5.0], [3.0, -3.0])
    """
    size = len(flow.columns.nodes)
    given = np.bincount(flow.columns.source, flow.columns.weight, size).astype(np.float64)
    taken = np.bincount(flow.columns.target, flow.columns.weight, size).astype(np.float64)
    return Strength(flow.columns.nodes, given, taken, given - taken)


def strength_in_words(found: Strength, names: Mapping[Node, Text]) -> Text:
    """Who gives and who takes most, each beyond what comes back."""
    if not found.nodes or not found.given.any():
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    giver = names[found.nodes[int(found.net.argmax())]]
    taker = names[found.nodes[int(found.net.argmin())]]
    return Text(
        f"差し引きで最も多く送り出したのは{giver.ja}（{found.net.max():+,.0f}名）、"
        f"最も多く受け入れたのは{taker.ja}（{found.net.min():+,.0f}名）です。",
        f"{giver.en} gave the most beyond what it took ({found.net.max():+,.0f} people), "
        f"{taker.en} took the most beyond what it gave ({found.net.min():+,.0f}).",
    )
