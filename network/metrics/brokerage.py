"""Who joins groups that would not meet."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights
from network.kernels import betweenness, holes
from network.kernels.edges import without_loops

EXACT_NODES_MAX = 5_000
SAMPLES = 256


@dataclass(frozen=True, slots=True, eq=False)
class Brokerage:
    """A value for each of ``nodes``; ``sources`` of them were looked at, all where it is exact.

    ``betweenness`` and its ``standard_error`` are shares of all pairs of others; the error is 0
    where the answer is exact. ``constraint`` is nan for a node without a tie.
    """

    nodes: tuple[Node, ...]
    betweenness: Weights
    standard_error: Weights
    sources: int
    constraint: Weights


def brokerage(
    flow: FlowGraph,
    *,
    exact_nodes_max: int = EXACT_NODES_MAX,
    samples: int = SAMPLES,
    seed: int = 1,
) -> Brokerage:
    r"""Betweenness over strong ties, and Burt's constraint.

    .. math:: b_v = \frac{1}{(n-1)(n-2)} \sum_{s \neq v \neq t} \frac{\sigma_{st}(v)}{\sigma_{st}},
              \qquad d_{ij} = 1 / w_{ij}

    .. math:: c_v = \sum_{u \neq v} \Big( p_{vu} + \sum_{q \neq u, v} p_{vq} p_{qu} \Big)^2,
              \qquad p_{vu} = \frac{w_{vu} + w_{uv}}{\sum_k (w_{vk} + w_{kv})}

    The more people pass along an edge, the nearer its ends. Equally long ways are found equal,
    since distances are whole numbers (`network.kernels.betweenness.distances`). Beyond
    ``exact_nodes_max`` nodes the ways from ``samples`` nodes stand for those from all, drawn by the
    seed; the standard error is that of their mean, for a finite population. A low constraint says
    that the ties of a node do not know each other. Self-loops are left out of both.

    Source: L. Freeman, "A set of measures of centrality based on betweenness", Sociometry 40
    (1977); U. Brandes, "A faster algorithm for betweenness centrality" (2001); U. Brandes and
    C. Pich, "Centrality estimation in large networks" (2007); R. Burt, "Structural holes and good
    ideas", American Journal of Sociology 110 (2004).

    >>> found = brokerage(FlowGraph.of(["a", "b", "c"], [0, 1], [1, 2], [4, 4]))
    >>> found.betweenness.tolist(), found.constraint.tolist()
    ([0.0, 0.5, 0.0], [1.0, 0.5, 1.0])

    Raises:
        ValueError: Fewer than 2 samples.
    """
    if samples < 2:
        raise ValueError("an error is estimated from 2 samples or more")
    size = len(flow.columns.nodes)
    source, target, weight = without_loops(flow.columns)
    ties = csr_array((weight, (source, target)), shape=flow.matrix.shape)
    none = np.zeros(size)
    shares, error, sources = none, none, size
    if size > max(exact_nodes_max, samples):
        shares, error = _sampled(flow, samples, seed)
        sources = samples
    elif size > 2:
        length = betweenness.distances(flow.columns.weight)
        shares = betweenness.all_paths(flow.columns, length) / ((size - 1) * (size - 2))
    return Brokerage(flow.columns.nodes, shares, error, sources, holes.constraint(ties))


def _sampled(flow: FlowGraph, samples: int, seed: int) -> tuple[Weights, Weights]:
    size = len(flow.columns.nodes)
    # The draw need only be the same again.
    chosen = random.Random(seed).sample(range(size), samples)  # noqa: S311
    length = betweenness.distances(flow.columns.weight)
    total, squares = np.zeros(size), np.zeros(size)
    for one in betweenness.paths_from(flow.columns, length, chosen):
        total += one
        squares += one * one
    mean = total / samples
    variance = np.maximum(squares / samples - mean * mean, 0) * samples / (samples - 1)
    error = np.sqrt(variance / samples * (1 - samples / size))
    scale = size / ((size - 1) * (size - 2))
    return mean * scale, error * scale


def brokerage_in_words(found: Brokerage, names: Mapping[Node, Text]) -> Text:
    """Through whom most ways lead."""
    if not found.betweenness.any():
        return Text(
            "どの組織も、ほかの組織どうしの間に立っていません。", "Nobody stands between others."
        )
    first = int(found.betweenness.argmax())
    name, share = names[found.nodes[first]], found.betweenness[first]
    ja, en = "", ""
    if found.sources < len(found.nodes):
        error = found.standard_error[first]
        ja = f"（{found.sources}の組織から推定、標準誤差{error:.1%}）"
        en = f" (estimated from {found.sources} organizations, standard error {error:.1%})"
    return Text(
        f"最も多くの組織どうしを結んでいるのは{name.ja}です。最短の道すじの{share:.1%}が通ります{ja}。",
        f"{name.en} joins the most: {share:.1%} of the shortest ways between others lead through "
        f"it{en}.",
    )
