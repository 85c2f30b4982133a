"""Whose people spread, and where they gather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights
from network.kernels import rank

PRECISION = 1e-11
"""How far all shares together may still move in the last step of the iteration."""
_ITERATIONS_MAX = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Shares that each sum to one: of PageRank, of hubs, of authorities; one for each node."""

    nodes: tuple[Node, ...]
    pagerank: Weights
    hub: Weights
    authority: Weights


def reach(flow: FlowGraph, *, damping: float = 0.85) -> Reach:
    r"""PageRank along the flow, hubs and authorities.

    .. math:: x_j = \frac{1 - d}{n} + d \left( \sum_i x_i \frac{w_{ij}}{\sum_k w_{ik}}
              + \frac{1}{n} \sum_{i : w_{i\cdot} = 0} x_i \right), \quad
              a \propto W^T h, \quad h \propto W a

    PageRank is where a person would be found who is passed on again and again, and starts anew
    anywhere with the probability 1 − d. A hub gives to authorities, an authority takes from hubs:
    the first pair of singular vectors of the weights; all zero where nothing flows. A self-loop
    counts as any edge: who keeps people, gathers them.

    Source: L. Page et al., "The PageRank citation ranking" (1999); J. Kleinberg, "Authoritative
    sources in a hyperlinked environment", Journal of the ACM 46 (1999).

    >>> found = reach(FlowGraph.of(["a", "b", "c"], [0, 1], [2, 2], [3, 3]))
    >>> found.authority.tolist(), found.hub.tolist(), int(found.pagerank.argmax())
    ([0.0, 0.0, 1.0], [0.5, 0.5, 0.0], 2)

    Raises:
        ValueError: The damping is not from 0 to 0.99.
    """
    if not 0 <= damping <= 0.99:
        raise ValueError("damping is from 0 to 0.99")
    size = len(flow.columns.nodes)
    if not size:
        return Reach((), np.zeros(0), np.zeros(0), np.zeros(0))
    even = np.full(size, 1 / size)
    shares = rank.pagerank(
        flow.matrix,
        alpha=damping,
        iterations_max=_ITERATIONS_MAX,
        tolerance=PRECISION / size,
        towards=even,
        dangling=even,
        start=even,
    )
    hub, authority = _hubs(flow)
    return Reach(flow.columns.nodes, shares, hub, authority)


def _hubs(flow: FlowGraph) -> tuple[Weights, Weights]:
    size = len(flow.columns.nodes)
    if not flow.columns.weight.size:
        return np.zeros(size), np.zeros(size)
    if size < 3:
        _, _, right = np.linalg.svd(flow.matrix.toarray())
        taking = np.abs(right[0])
    else:
        # What is equally strong in two parts that never meet is shared: it begins with all alike.
        taking = rank.authorities(
            flow.matrix, iterations_max=_ITERATIONS_MAX, tolerance=0.0, start=np.ones(size)
        )
    taking = np.abs(taking)
    taking[taking < PRECISION * taking.max()] = 0.0
    giving = flow.matrix @ taking
    return giving / giving.sum(), taking / taking.sum()


def reach_in_words(found: Reach, names: Mapping[Node, Text]) -> Text:
    """Where people gather, and who gives to those who gather them."""
    if not found.hub.any():
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    gathers = int(found.pagerank.argmax())
    spreads = int(found.hub.argmax())
    at, by = names[found.nodes[gathers]], names[found.nodes[spreads]]
    share = found.pagerank[gathers]
    return Text(
        f"流れを最後までたどると人が最も集まるのは{at.ja}（{share:.1%}）、"
        f"人が集まる先へ最も多く送り出しているのは{by.ja}です。",
        f"Followed to its end, the flow gathers most at {at.en} ({share:.1%}); "
        f"{by.en} gives most to those where people gather.",
    )
