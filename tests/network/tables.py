"""Flow tables written out as rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.rules.lifecycles import Channel, ReferralStatus
from network.flow import Node
from network.journeys import JourneyTable
from network.table import CHANNELS, EVENTS, FlowTable

JANUARY = 2026 * 12

Row = tuple[Node, Node, int, Channel, ReferralStatus, ReferralStatus, int, int]
"""From, to, month (0 is January 2026), channel, event, state before, waited, referrals."""

Journey = tuple[tuple[Node, ...], int, ReferralStatus, int]
"""Chain, month, outcome, journeys."""


def flow_table(nodes: Iterable[Node], rows: Iterable[Row]) -> FlowTable:
    named = tuple(nodes)
    listed = list(rows)
    return FlowTable(
        named,
        np.array([named.index(row[0]) for row in listed], np.int32),
        np.array([named.index(row[1]) for row in listed], np.int32),
        np.array([JANUARY + row[2] for row in listed], np.int32),
        np.array([CHANNELS.index(row[3]) for row in listed], np.int16),
        np.array([EVENTS.index(row[4]) for row in listed], np.int16),
        np.array([EVENTS.index(row[5]) for row in listed], np.int16),
        np.array([row[6] for row in listed], np.int16),
        np.array([row[7] for row in listed], np.int64),
    )


def journey_table(rows: Iterable[Journey]) -> JourneyTable:
    listed = list(rows)
    chains = tuple(dict.fromkeys(row[0] for row in listed))
    return JourneyTable(
        chains,
        np.array([chains.index(row[0]) for row in listed], np.int32),
        np.array([JANUARY + row[1] for row in listed], np.int32),
        np.array([EVENTS.index(row[2]) for row in listed], np.int16),
        np.array([row[3] for row in listed], np.int64),
    )
