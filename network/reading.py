"""Reading what questions are answered from, within one look at the database."""

from __future__ import annotations

import numpy as np

from models.reads.members import time_zone_of
from models.reads.network_nodes import network_nodes
from models.rules.flows import local_day
from models.session import ReadSession
from network.basis import Basis, in_places
from network.directory import Directory
from network.edges import told_edges, whole_months
from network.questions import Scope
from network.table import CHANNELS, EVENTS, FlowTable, month_number


async def read_directory(read: ReadSession, scope: Scope) -> Directory:
    """Who the nodes are."""
    return Directory(await network_nodes(read, scope.consortium_id))


async def read_version(read: ReadSession, scope: Scope) -> str:
    """What changes exactly when an answer could."""
    today = local_day(read.now, await time_zone_of(read, scope.consortium_id))
    return f"{today:%Y-%m-%d}"


async def read_basis(read: ReadSession, scope: Scope) -> Basis:
    """The cells of a scope."""
    today = local_day(read.now, await time_zone_of(read, scope.consortium_id))
    found = await told_edges(
        read, scope.consortium_id, scope.window, today=today, own_id=scope.own_id
    )
    nodes = sorted({one for edge in found for one in (edge.from_id, edge.to_id)})
    place = {node: number for number, node in enumerate(nodes)}
    month = month_number(scope.window.first.year, scope.window.first.month)
    event = np.array([EVENTS.index(edge.event) for edge in found], np.int16)
    table = FlowTable(
        nodes=tuple(nodes),
        source=np.array([place[edge.from_id] for edge in found], np.int32),
        target=np.array([place[edge.to_id] for edge in found], np.int32),
        month=np.full(len(found), month, np.int32),
        channel=np.array([CHANNELS.index(edge.channel) for edge in found], np.int16),
        event=event,
        before=event,
        waited=np.zeros(len(found), np.int16),
        referrals=np.array([edge.referrals for edge in found], np.int64),
    )
    keys, moved = in_places(table)
    version = await read_version(read, scope)
    return Basis(version, whole_months(scope.window, today), keys, moved)
