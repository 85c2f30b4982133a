"""Burt's constraint."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from network.flow import Weights
from network.kernels.triads import chunks


def constraint(matrix: csr_array) -> Weights:
    """How far each node's ties lead back to one another; no number for a node without any."""
    ties = csr_array(matrix + matrix.T)
    total = np.asarray(ties.sum(axis=1), np.float64)
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total != 0)
    share = csr_array(ties.multiply(scale[:, np.newaxis]))
    found = np.zeros(total.size)
    for first, last in chunks(share, share):
        part = share[first:last]
        round_about = (part @ share).multiply(part.astype(bool))
        found[first:last] = (part + round_about).power(2).sum(axis=1)
    alone = total - 2 * share.diagonal() == 0
    found[alone | (total == 0)] = np.nan
    return found
