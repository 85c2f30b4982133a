"""The sixteen kinds of triads, counted by products of sparse matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.sparse import csr_array

from network.flow import Columns
from network.kernels.edges import without_loops

TRIADS = (
    "003", "012", "102", "021D", "021U", "021C", "111D", "111U",
    "030T", "030C", "201", "120D", "120U", "120C", "210", "300",
)  # fmt: skip

_ROW_WORK_MAX = 4_000_000
"""Products held at once; a row that has more is a chunk of its own."""

_OPEN_IN = {
    "030T": {"021D": 1, "021U": 1, "021C": 1},
    "030C": {"021C": 3},
    "120D": {"021D": 1, "111D": 2},
    "120U": {"021U": 1, "111U": 2},
    "120C": {"021C": 1, "111D": 1, "111U": 1},
    "210": {"201": 1, "111D": 1, "111U": 1},
    "300": {"201": 3},
}
"""The pairs of edges that meet at a corner of a closed triad, by the open triad each would be."""

_DYADS_IN = {
    "021D": (2, 0), "021U": (2, 0), "021C": (2, 0), "111D": (1, 1), "111U": (1, 1), "201": (0, 2),
    "030T": (3, 0), "030C": (3, 0), "120D": (2, 1), "120U": (2, 1), "120C": (2, 1), "210": (1, 2),
    "300": (0, 3),
}  # fmt: skip
"""How many one-way and how many mutual pairs a triad has."""


def triad_census(columns: Columns) -> Mapping[str, int]:
    """How many triples of nodes are of each kind (Holland and Leinhardt's names)."""
    size = len(columns.nodes)
    source, target, _ = without_loops(columns)
    ones = csr_array((np.ones(source.size, np.int64), (source, target)), shape=(size, size))
    mutual = csr_array(ones.multiply(ones.T))
    single = csr_array(ones - mutual)
    single.eliminate_zeros()
    found = _closed(mutual, single)
    found.update(_open(mutual, single, found))
    pairs = {"012": int(single.sum()), "102": int(mutual.sum()) // 2}
    for name, place in (("012", 0), ("102", 1)):
        within = sum(found[kind] * dyads[place] for kind, dyads in _DYADS_IN.items())
        found[name] = pairs[name] * (size - 2) - within
    found["003"] = size * (size - 1) * (size - 2) // 6 - sum(found.values())
    return {name: found[name] for name in TRIADS}


def _closed(mutual: csr_array, single: csr_array) -> dict[str, int]:
    against = csr_array(single.T)
    of_mutual = _products(mutual, mutual, (mutual, single))
    chains = _products(single, single, (mutual, single, against))
    return {
        "300": of_mutual[0] // 6,
        "210": of_mutual[1],
        "120D": _products(against, single, (mutual,))[0] // 2,
        "120U": _products(single, against, (mutual,))[0] // 2,
        "120C": chains[0],
        "030T": chains[1],
        "030C": chains[2] // 3,
    }


def _open(mutual: csr_array, single: csr_array, closed: Mapping[str, int]) -> dict[str, int]:
    out, in_ = _sums(single, 1), _sums(single, 0)
    both = _sums(mutual, 1)
    corners = {
        "021D": int((out * (out - 1) // 2).sum()),
        "021U": int((in_ * (in_ - 1) // 2).sum()),
        "021C": int((in_ * out).sum()),
        "111D": int((both * in_).sum()),
        "111U": int((both * out).sum()),
        "201": int((both * (both - 1) // 2).sum()),
    }
    for kind, opens in _OPEN_IN.items():
        for name, times in opens.items():
            corners[name] -= closed[kind] * times
    return corners


def _sums(matrix: csr_array, axis: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.asarray(matrix.sum(axis=axis), np.int64)


def _products(left: csr_array, right: csr_array, masks: tuple[csr_array, ...]) -> list[int]:
    """For each mask, the sum of the product's values where it has any."""
    totals = [0] * len(masks)
    if not (left.nnz and right.nnz):
        return totals
    for first, last in chunks(left, right):
        product = left[first:last] @ right
        for place, mask in enumerate(masks):
            totals[place] += int(product.multiply(mask[first:last]).sum())
    return totals


def chunks(left: csr_array, right: csr_array) -> Iterator[tuple[int, int]]:
    """Ranges of rows whose products fit in memory."""
    work = np.cumsum(left.astype(bool).astype(np.int64) @ np.diff(right.indptr).astype(np.int64))
    first = 0
    while first < work.size:
        done = work[first - 1] if first else 0
        last = max(int(np.searchsorted(work, done + _ROW_WORK_MAX, "right")), first + 1)
        yield first, last
        first = last
