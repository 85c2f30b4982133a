"""The chains of organizations that people passed through, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from network.flow import Node
from network.table import Codes


@dataclass(frozen=True, slots=True, eq=False)
class JourneyTable:
    """How many journeys through a chain ended in a month with an outcome.

    All columns but ``chains`` have one length. ``chain`` is a place in ``chains``; ``month`` is a
    `network.table.month_number`; ``outcome`` is a place in `network.table.EVENTS`.
    """

    chains: tuple[tuple[Node, ...], ...]
    chain: npt.NDArray[np.int32]
    month: npt.NDArray[np.int32]
    outcome: Codes
    journeys: npt.NDArray[np.int64]
