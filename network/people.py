"""Weights as whole people, for what is exact only on whole numbers."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from network.flow import FlowGraph

People: TypeAlias = npt.NDArray[np.int64]

PEOPLE_MAX = 2**31 - 1
"""More people than this in one network are refused: the kernels count in 32 bits."""


def whole_people(flow: FlowGraph) -> People:
    """The weights of a flow's edges as whole numbers.

    Raises:
        ValueError: A weight is a fraction, or there are more than `PEOPLE_MAX` people.

    >>> whole_people(FlowGraph.of(["a", "b"], [0], [1], [3.0])).tolist()
    [3]
    """
    weight = flow.columns.weight
    if weight.sum() > PEOPLE_MAX:
        raise ValueError(f"there are at most {PEOPLE_MAX} people in a network")
    people = weight.astype(np.int64)
    if (people != weight).any():
        raise ValueError("people are counted in whole numbers")
    return people
