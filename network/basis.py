"""What a question is answered from: cells whose nodes are places in a list of keys.

Places travel to another process in no time, which ten thousand ids do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.rules.lifecycles import Channel, ReferralStatus
from network.directory import Directory
from network.edges import Window
from network.flow import FlowGraph, Node
from network.questions import Level, Question
from network.table import CHANNELS, EVENTS, FlowTable


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """The cells of a scope, and the data version that they were read at.

    ``keys`` are in order: the hexadecimal id of an organization, or the label of a source. The
    nodes of ``table`` are their places. ``months`` are those that are told of others.
    """

    version: str
    months: Window | None
    keys: tuple[str, ...]
    table: FlowTable


def node_key(node: Node) -> str:
    """The key of a node of a table as it was read."""
    return str(getattr(node, "hex", node))


def in_places(table: FlowTable) -> tuple[tuple[str, ...], FlowTable]:
    """The keys of a table's nodes in order, and the table with places in them for nodes."""
    keys = [node_key(node) for node in table.nodes]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    place = np.empty(len(keys), np.int32)
    place[order] = np.arange(len(keys), dtype=np.int32)
    moved = replace(
        table,
        nodes=tuple(range(len(keys))),
        source=place[table.source],
        target=place[table.target],
    )
    return tuple(keys[number] for number in order), moved


def at_level(
    keys: tuple[str, ...], table: FlowTable, level: Level, directory: Directory
) -> tuple[tuple[str, ...], FlowTable]:
    """The same between groups. Flow within a group becomes a self-loop."""
    if level is Level.ORGANIZATION:
        return keys, table
    groups = [directory.group_of(key, level) for key in keys]
    found = sorted(set(groups))
    place = {group: number for number, group in enumerate(found)}
    to = np.array([place[group] for group in groups], np.int32)
    moved = replace(
        table, nodes=tuple(range(len(found))), source=to[table.source], target=to[table.target]
    )
    return tuple(found), moved


def hand_overs(table: FlowTable, question: Question) -> FlowGraph:
    """The edges that a question asks for: who handed how many to whom."""
    chosen = table.where(channels=question.channels)
    if question.events is None:
        return chosen.rows(is_hand_over(chosen)).graph()
    return chosen.where(events=question.events).graph()


def is_hand_over(table: FlowTable) -> npt.NDArray[np.bool_]:
    """Which rows tell that someone was handed over.

    A registration through a relay link is accepted at once; of all others it is the delivery.
    """
    relay = table.channel == CHANNELS.index(Channel.RELAY_LINK)
    accepted = table.event == EVENTS.index(ReferralStatus.ACCEPTED)
    delivered = table.event == EVENTS.index(ReferralStatus.DELIVERED)
    found: npt.NDArray[np.bool_] = (relay & accepted) | (~relay & delivered)
    return found
