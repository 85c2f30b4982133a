"""The cells of a window, as columns: what every question is answered from."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from models.rules.lifecycles import Channel, ReferralStatus
from network.flow import FlowGraph, Node

Codes: TypeAlias = npt.NDArray[np.int16]

CHANNELS = tuple(Channel)
EVENTS = tuple(ReferralStatus)


def month_number(year: int, month: int) -> int:
    """Months since the year 0, so that they can be counted.

    >>> month_number(2026, 1) - month_number(2025, 12)
    1
    """
    return year * 12 + month - 1


@dataclass(frozen=True, slots=True, eq=False)
class FlowTable:
    """How many referrals of a channel came to an event in a month, between two organizations.

    All columns but ``nodes`` have one length. ``source`` and ``target`` are places in ``nodes``;
    ``month`` is a `month_number`; ``channel`` and ``event`` are places in `CHANNELS` and `EVENTS`;
    ``before`` is the place of the state that was left, and the event's own for what began with it;
    ``waited`` is the lower bound of the bucket of days spent there (`models.rules.flows`).
    """

    nodes: tuple[Node, ...]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    month: npt.NDArray[np.int32]
    channel: Codes
    event: Codes
    before: Codes
    waited: Codes
    referrals: npt.NDArray[np.int64]

    def where(
        self,
        *,
        channels: Collection[Channel] | None = None,
        events: Collection[ReferralStatus] | None = None,
    ) -> FlowTable:
        """Only the rows of these channels and events; None is all of them."""
        kept = np.ones(self.referrals.shape, bool)
        if channels is not None:
            kept &= np.isin(self.channel, [CHANNELS.index(one) for one in channels])
        if events is not None:
            kept &= np.isin(self.event, [EVENTS.index(one) for one in events])
        return self.rows(kept)

    def rows(self, kept: npt.NDArray[np.bool_]) -> FlowTable:
        """The rows that are kept."""
        return replace(
            self,
            source=self.source[kept],
            target=self.target[kept],
            month=self.month[kept],
            channel=self.channel[kept],
            event=self.event[kept],
            before=self.before[kept],
            waited=self.waited[kept],
            referrals=self.referrals[kept],
        )

    def graph(self, names: Mapping[Node, str] | None = None) -> FlowGraph:
        """All rows added up by pair. Choose channels and events before."""
        return FlowGraph.of(self.nodes, self.source, self.target, self.referrals, names=names)

    def grouped(self, group_of: Mapping[Node, Hashable]) -> FlowTable:
        """The same between groups, as industries: each node by the one it is mapped to.

        A node that is not mapped is in the group None. Flow within a group is a self-loop.
        """
        found = [group_of.get(node) for node in self.nodes]
        groups = tuple(dict.fromkeys(found))
        place = {group: number for number, group in enumerate(groups)}
        to = np.array([place[group] for group in found], np.int32)
        return replace(self, nodes=groups, source=to[self.source], target=to[self.target])
