"""What an export holds, and its cells added up as the files need them."""

from __future__ import annotations

import calendar
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from network.flow import Node
from network.table import FlowTable

ROWS_PER_BLOCK = 4_096
"""So many rows become Python's own values at a time, however many there are."""
FIRST_MONTH = 12
"""A month number below is none: flows of a source that does not date them."""
UNDATED = 0
ENCODED = "base64:"
_TOKEN = re.compile(r"[A-Za-z0-9._-]+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Column: TypeAlias = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What a file says of one node. ``id`` is a `token`; all others are free text or unknown."""

    id: str
    name: str
    name_en: str | None = None
    kind: str | None = None
    industry: str | None = None
    industry_name: str | None = None
    prefecture: str | None = None
    prefecture_name: str | None = None


NODE_ATTRIBUTES = (
    "name",
    "name_en",
    "kind",
    "industry",
    "industry_name",
    "prefecture",
    "prefecture_name",
)
"""The names of the facts, as every format has them."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """All that a file is made of: ``nodes`` are told in the order of the table's."""

    title: str
    note: str
    made_on: date
    nodes: tuple[NodeFacts, ...]
    table: FlowTable

    @classmethod
    def of(
        cls,
        table: FlowTable,
        facts: Mapping[Node, NodeFacts],
        *,
        title: str,
        note: str,
        made_on: date,
    ) -> Network:
        """The network of a table; a node without facts is called by its own name."""
        nodes = tuple(_plain(facts.get(node) or unknown(node)) for node in table.nodes)
        return cls(_encodable(title), _encodable(note), made_on, nodes, table)


@dataclass(frozen=True, slots=True)
class EdgeRow:
    """One pair: places of its two nodes, how many passed, and how many in each month.

    What is not dated is in the weight alone.
    """

    source: int
    target: int
    weight: int
    months: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """How many referrals of a channel came to an event in a month, between two nodes, as columns.

    In the order of source, target, month, channel and event.
    """

    source: Column
    target: Column
    month: Column
    channel: Column
    event: Column
    referrals: npt.NDArray[np.int64]


def token(name: str) -> str:
    """The id of a node of an imported source: its name where that is an XML NMTOKEN, else encoded.

    Two names never have the same.

    >>> token("42"), token("MIT (EECS)")
    ('42', 'base64:TUlUIChFRUNTKQ')
    """
    if _TOKEN.fullmatch(name):
        return name
    return ENCODED + urlsafe_b64encode(name.encode(errors="surrogatepass")).decode().rstrip("=")


def unknown(node: Node) -> NodeFacts:
    """A node of which no more is known than what it is called."""
    return NodeFacts(token(str(node)), str(node))


def cells_of(table: FlowTable) -> Cells:
    """The cells of a table; those told as nothing are left out."""
    columns = (table.source, table.target, table.month, table.channel, table.event)
    (source, target, month, channel, event), referrals = _summed(columns, table.referrals)
    return Cells(source, target, month, channel, event, referrals)


def edges_of(table: FlowTable) -> tuple[int, Iterator[EdgeRow]]:
    """How many pairs there are, and each of them in the order of its places."""
    (source, target, month), referrals = _summed(
        (table.source, table.target, table.month), table.referrals
    )
    begins = _begins((source, target))
    return begins.size, _edge_rows((source, target, month, referrals), begins)


def _edge_rows(columns: Sequence[Column], begins: Column) -> Iterator[EdgeRow]:
    ends = np.append(begins[1:], columns[0].size)
    for first in range(0, begins.size, ROWS_PER_BLOCK):
        bounds = zip(
            begins[first : first + ROWS_PER_BLOCK].tolist(),
            ends[first : first + ROWS_PER_BLOCK].tolist(),
            strict=True,
        )
        for begin, end in bounds:
            source, target, month, referrals = (one[begin:end].tolist() for one in columns)
            dated = (one for one in zip(month, referrals, strict=True) if one[0] >= FIRST_MONTH)
            months = tuple(dated)
            yield EdgeRow(source[0], target[0], sum(referrals), months)


def _summed(
    columns: Sequence[Column], referrals: npt.NDArray[np.int64]
) -> tuple[list[Column], npt.NDArray[np.int64]]:
    """The different rows in order, and the referrals of each."""
    told = np.flatnonzero(referrals)
    order = told[np.lexsort([column[told] for column in reversed(columns)])]
    ordered = [column[order] for column in columns]
    begins = _begins(ordered)
    if not begins.size:
        return ordered, referrals[order]
    return [column[begins] for column in ordered], np.add.reduceat(referrals[order], begins)


def _begins(ordered: Sequence[Column]) -> Column:
    """Where a row differs from the one before it."""
    differs = np.zeros(ordered[0].size, bool)
    differs[:1] = True
    for column in ordered:
        differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def month_text(month: int) -> str:
    """A `month_number` as people write it.

    >>> month_text(2026 * 12)
    '2026-01'
    """
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_days(month: int) -> tuple[date, date]:
    """The first and the last day of a `month_number`.

    >>> month_days(2026 * 12 + 1)
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    year, number = month // 12, month % 12 + 1
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def span_of(table: FlowTable) -> tuple[int, int] | None:
    """The first and the last month in which anything was told; None where nothing dated was."""
    months = table.month[(table.referrals > 0) & (table.month >= FIRST_MONTH)]
    return (int(months.min()), int(months.max())) if months.size else None


def _plain(facts: NodeFacts) -> NodeFacts:
    texts = {name: getattr(facts, name) for name in NODE_ATTRIBUTES}
    kept = {name: None if text is None else _encodable(text) for name, text in texts.items()}
    return NodeFacts(facts.id, kept.pop("name") or "", **kept)


def _encodable(text: str) -> str:
    """A text that UTF-8 can hold: half a character, if there is one, becomes U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)
