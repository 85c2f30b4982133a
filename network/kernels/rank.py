"""PageRank, hubs and authorities, on a matrix of weights."""

from __future__ import annotations

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import ArpackNoConvergence, svds

from network.flow import Weights


def pagerank(
    matrix: csr_array,
    *,
    alpha: float,
    iterations_max: int,
    tolerance: float,
    towards: Weights,
    dangling: Weights,
    start: Weights,
) -> Weights:
    """The stationary share of each node; the vectors sum to one.

    Raises:
        networkx.PowerIterationFailedConvergence: The shares still move by ``tolerance`` a node.
    """
    size = matrix.shape[0]
    out = matrix.sum(axis=1)
    scale = np.divide(1.0, out, out=np.zeros_like(out), where=out != 0)
    back = csr_array(matrix.T)
    ends = out == 0
    found = start
    for _ in range(iterations_max):
        last = found
        found = alpha * (back @ (last * scale) + last[ends].sum() * dangling)
        found += (1 - alpha) * towards
        if np.abs(found - last).sum() < size * tolerance:
            return np.asarray(found, np.float64)
    raise nx.PowerIterationFailedConvergence(iterations_max)


def authorities(
    matrix: csr_array, *, iterations_max: int, tolerance: float, start: Weights
) -> Weights:
    """The first right singular vector, not yet scaled.

    Raises:
        networkx.PowerIterationFailedConvergence: It was not found in time.
    """
    try:
        _, _, found = svds(matrix, k=1, v0=start, maxiter=iterations_max, tol=tolerance)
    except ArpackNoConvergence as error:
        raise nx.PowerIterationFailedConvergence(iterations_max) from error
    return np.asarray(found.flatten(), np.float64)
