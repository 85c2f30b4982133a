"""Who already works together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Places, Weights
from network.kernels import partition
from network.kernels.edges import pairs_of

SEED_MAX = 2**31 - 1
RESOLUTION_MAX = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Communities:
    """``community`` numbers each of ``nodes``, the largest community being 0.

    ``participation`` of a node is 0 where all its flow is with one community and nears 1 where it
    is even with many. ``sizes`` are numbers of nodes, by community.
    """

    nodes: tuple[Node, ...]
    community: Places
    participation: Weights
    sizes: Places
    modularity: float


def communities(flow: FlowGraph, *, resolution: float = 1.0, seed: int = 1) -> Communities:
    r"""Communities by the Leiden method, and who bridges them.

    .. math:: Q = \frac{1}{2W} \sum_{ij} \Big( a_{ij} - \gamma \frac{s_i s_j}{2W} \Big)
              \delta(c_i, c_j), \qquad a_{ij} = w_{ij} + w_{ji}, \qquad
              P_i = 1 - \sum_c \Big( \frac{s_{ic}}{s_i} \Big)^2

    What matters is how many pass between two, whichever way. A self-loop joins nobody and is left
    out. A node without a tie is a community of its own. The same seed gives the same answer.

    Source: V. Traag, L. Waltman, N. van Eck, "From Louvain to Leiden", Scientific Reports 9
    (2019), in the parallel form of networkit; M. Newman, M. Girvan (2004) for modularity; R.
    Guimerà, L. Amaral, "Functional cartography of complex metabolic networks", Nature 433 (2005)
    for participation.

    >>> found = communities(FlowGraph.of("abcd", [0, 2, 1], [1, 3, 2], [9, 9, 1]))
    >>> found.community.tolist(), found.sizes.tolist(), round(found.modularity, 3)
    ([0, 0, 1, 1], [2, 2], 0.447)

    Raises:
        ValueError: The resolution or the seed is out of bounds.
    """
    if not 0 <= resolution <= RESOLUTION_MAX or not 0 <= seed <= SEED_MAX:
        raise ValueError(f"resolution is from 0 to {RESOLUTION_MAX}, a seed from 0 to {SEED_MAX}")
    found = partition.communities(flow.columns, resolution=resolution, seed=seed)
    return Communities(
        flow.columns.nodes,
        found,
        _participation(flow, found),
        np.bincount(found).astype(np.int32),
        partition.modularity(flow.columns, found, resolution=resolution),
    )


def _participation(flow: FlowGraph, community: Places) -> Weights:
    first, second, weight = pairs_of(flow.columns)
    size = community.size
    here = np.concatenate((first, second)).astype(np.int64)
    there = community[np.concatenate((second, first))]
    keys, place = np.unique(here * max(size, 1) + there, return_inverse=True)
    with_each = np.bincount(place, np.concatenate((weight, weight)), keys.size)
    node = keys // max(size, 1)
    strength = np.bincount(node, with_each, size)
    squares = np.bincount(node, with_each**2, size)
    tied = strength > 0
    return np.where(tied, 1 - squares / np.where(tied, strength, 1) ** 2, 0.0)


def communities_in_words(found: Communities, names: Mapping[Node, Text]) -> Text:
    """How many there are, how clear they are, and who bridges them."""
    several = int((found.sizes > 1).sum())
    if not several:
        return Text(
            "つながりのある組織の集まりはありません。", "No organizations are tied to one another."
        )
    ja, en = "", ""
    if found.participation.any():
        name = names[found.nodes[int(found.participation.argmax())]]
        ja, en = f"最も多くの集まりにまたがるのは{name.ja}です。", f" {name.en} spans the most."
    return Text(
        f"ともに動いている組織の集まりは{several}で、最大のものは{found.sizes[0]}組織です"
        f"（モジュラリティ{found.modularity:.2f}）。{ja}",
        f"{several} groups of organizations work together, the largest of {found.sizes[0]} "
        f"(modularity {found.modularity:.2f}).{en}",
    )
