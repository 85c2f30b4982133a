"""Communities, whichever way edges point."""

from __future__ import annotations

import numpy as np

from network.flow import Columns, Places
from network.kernels.components import largest_first
from network.kernels.edges import pairs_of
from network.kernels.threads import networkit, undirected_graph_of

ITERATIONS = 3


def communities(columns: Columns, *, resolution: float, seed: int) -> Places:
    """The number of each node's community (Leiden), the largest first; the same for one seed."""
    size = len(columns.nodes)
    first, second, weight = pairs_of(columns)
    if not first.size:
        return np.arange(size, dtype=np.int32)
    graph = undirected_graph_of(size, first, second, weight)
    networkit().setSeed(seed, False)
    search = networkit().community.ParallelLeiden(
        graph, randomize=True, iterations=ITERATIONS, gamma=resolution
    )
    return largest_first(np.asarray(search.run().getPartition().getVector(), np.int64))


def modularity(columns: Columns, community: Places, *, resolution: float) -> float:
    """How much more flow stays within communities than if it were spread by size alone."""
    first, second, weight = pairs_of(columns)
    total = weight.sum()
    if not total:
        return 0.0
    strength = np.bincount(first, weight, community.size) + np.bincount(
        second, weight, community.size
    )
    within = weight[community[first] == community[second]].sum() / total
    shares = np.bincount(community, strength) / (2 * total)
    return float(within - resolution * (shares**2).sum())
