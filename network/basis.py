"""What a question is answered from: rows whose nodes are places in a list of keys.

Places travel to another process in no time, which ten thousand ids do not.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.rules.flows import Level
from network.directory import Directory
from network.edges import Window
from network.flow import FlowGraph, Node
from network.journeys import HIRES, JourneyTable, relays
from network.metrics.conversion import is_handed
from network.questions import Question
from network.table import FlowTable

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """The cells of a scope, and the data version that they were read at.

    ``keys`` are in order: the hexadecimal id of an organization, or the label of a source. The
    nodes of ``table`` are their places. ``months`` are those that are told of others.
    """

    version: str
    months: Window | None
    keys: Keys
    table: FlowTable


@dataclass(frozen=True, slots=True, eq=False)
class JourneyBasis:
    """The same of journeys: the nodes of its chains are places in ``keys``."""

    version: str
    months: Window | None
    keys: Keys
    table: JourneyTable


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What the metrics of a question are computed from. Nodes are places in ``keys``.

    There is a table where the edges are hand-overs, and journeys where whole ones were asked for.
    """

    keys: Keys
    flow: FlowGraph
    table: FlowTable | None = None
    journeys: JourneyTable | None = None


def node_key(node: Node) -> str:
    """The key of a node of a table as it was read."""
    return str(getattr(node, "hex", node))


def in_places(table: FlowTable) -> tuple[Keys, FlowTable]:
    """The keys of a table's nodes in order, and the table with places in them for nodes."""
    return _renamed(table, {node: node_key(node) for node in table.nodes})


def journeys_in_places(table: JourneyTable) -> tuple[Keys, JourneyTable]:
    """The same of journeys."""
    nodes = {node for chain in table.chains for node in chain}
    return _renamed_chains(table, {node: node_key(node) for node in nodes})


def _renamed(table: FlowTable, key_of: Mapping[Node, str]) -> tuple[Keys, FlowTable]:
    """The table between the keys that its nodes are mapped to; several may have the same."""
    found = tuple(sorted({key_of[node] for node in table.nodes}))
    place = {key: number for number, key in enumerate(found)}
    to = np.array([place[key_of[node]] for node in table.nodes], np.int32)
    nodes: tuple[Hashable, ...] = tuple(range(len(found)))
    return found, replace(table, nodes=nodes, source=to[table.source], target=to[table.target])


def _renamed_chains(table: JourneyTable, key_of: Mapping[Node, str]) -> tuple[Keys, JourneyTable]:
    """The same of chains; those that have become equal are one."""
    found = tuple(sorted(set(key_of.values())))
    place = {key: number for number, key in enumerate(found)}
    chains = [tuple(place[key_of[node]] for node in chain) for chain in table.chains]
    kept = {chain: number for number, chain in enumerate(dict.fromkeys(chains))}
    to = np.array([kept[chain] for chain in chains], np.int32)
    return found, replace(table, chains=tuple(kept), chain=to[table.chain])


def cells_prepared(basis: Basis, question: Question, directory: Directory) -> Prepared:
    """The cells of a question at its level, and the edges that it asks for."""
    keys, table = basis.keys, basis.table
    if question.level is not Level.ORGANIZATION:
        groups = _groups(keys, question, directory)
        keys, table = _renamed(table, groups)
    table = table.where(channels=question.channels)
    return Prepared(keys, _hand_overs(table, question), table)


def _groups(keys: Keys, question: Question, directory: Directory) -> dict[Node, str]:
    """The key of the group that each place belongs to."""
    found = [directory.group_of(key, question.level) for key in keys]
    return dict(enumerate(found))


def _hand_overs(table: FlowTable, question: Question) -> FlowGraph:
    if question.events is not None:
        return table.where(events=question.events).graph()
    if question.scope.source_id is not None:
        return table.graph()
    return table.rows(is_handed(table)).graph()


def journeys_prepared(basis: JourneyBasis, question: Question, directory: Directory) -> Prepared:
    """The journeys of a question at its level, without edges."""
    keys, table = basis.keys, basis.table
    if question.level is not Level.ORGANIZATION:
        groups = _groups(keys, question, directory)
        keys, table = _renamed_chains(table, groups)
    return Prepared(keys, FlowGraph.of((), (), (), ()), journeys=table)


def relays_prepared(prepared: Prepared, question: Question) -> Prepared:
    """The edges from each journey's first node to the one where it ended as asked."""
    assert prepared.journeys is not None
    outcomes = HIRES if question.events is None else question.events
    found = relays(prepared.journeys, outcomes=outcomes).columns
    order = np.argsort(np.array(found.nodes, np.int32))
    place = np.empty(order.size, np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    keys = tuple(prepared.keys[int(found.nodes[number])] for number in order)
    nodes = tuple(range(len(keys)))
    return Prepared(
        keys, FlowGraph.of(nodes, place[found.source], place[found.target], found.weight)
    )


def aligned(one: Prepared, other: Prepared) -> tuple[Keys, FlowGraph, FlowGraph]:
    """The edges of two questions between the same nodes: those that either has."""
    keys = tuple(sorted({*one.keys, *other.keys}))
    place = {key: number for number, key in enumerate(keys)}
    return keys, _moved(one, place), _moved(other, place)


def _moved(prepared: Prepared, place: Mapping[str, int]) -> FlowGraph:
    to = np.array([place[key] for key in prepared.keys], np.int32)
    found = prepared.flow.columns
    nodes = tuple(range(len(place)))
    return FlowGraph.of(nodes, to[found.source], to[found.target], found.weight)
