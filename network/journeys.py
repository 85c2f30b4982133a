"""The chains of organizations that people went through, as columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.rules.lifecycles import ReferralStatus
from network.flow import FlowGraph, Node
from network.table import EVENTS, Codes

HIRES = (ReferralStatus.HIRED,)


@dataclass(frozen=True, slots=True, eq=False)
class JourneyTable:
    """How many journeys went through a chain of organizations, by month and how they ended.

    All columns but ``chains`` have one length. ``chain`` is a place in ``chains``, each of which is
    the organizations in order, at least one; ``month`` is a `network.table.month_number`;
    ``outcome`` is a place in `network.table.EVENTS`.
    """

    chains: tuple[tuple[Node, ...], ...]
    chain: npt.NDArray[np.int32]
    month: npt.NDArray[np.int32]
    outcome: Codes
    journeys: npt.NDArray[np.int64]

    def where(self, *, outcomes: Collection[ReferralStatus]) -> JourneyTable:
        """Only the rows that ended so."""
        places = np.array([EVENTS.index(one) for one in outcomes], np.int16)
        kept = np.isin(self.outcome, places)
        return replace(
            self,
            chain=self.chain[kept],
            month=self.month[kept],
            outcome=self.outcome[kept],
            journeys=self.journeys[kept],
        )


def relays(
    table: JourneyTable,
    *,
    outcomes: Collection[ReferralStatus] = HIRES,
    names: Mapping[Node, str] | None = None,
) -> FlowGraph:
    """The relays view: each journey's first organization → the one that hired.

    All organizations at an end of a chain are nodes, in the order of the chains.

    >>> table = JourneyTable((("a", "agency", "c"), ("a", "agency")), *(
    ...     np.array(column) for column in ([0, 1], [24312, 24312], [EVENTS.index("HIRED"), 9],
    ...     [2, 5])))
    >>> dict(relays(table).edges)
    {('a', 'c'): {'weight': 2.0}}
    """
    ends = [(chain[0], chain[-1]) for chain in table.chains]
    nodes = tuple(dict.fromkeys(node for pair in ends for node in pair))
    place = {node: number for number, node in enumerate(nodes)}
    first = np.array([place[one] for one, _ in ends], np.int32)
    last = np.array([place[one] for _, one in ends], np.int32)
    kept = table.where(outcomes=outcomes)
    return FlowGraph.of(nodes, first[kept.chain], last[kept.chain], kept.journeys, names=names)
