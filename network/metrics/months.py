"""How it went, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.rules.lifecycles import ReferralStatus
from models.vocabulary.text import Text
from network.flow import Node
from network.metrics.conversion import is_handed
from network.months import Months, month_name
from network.people import People
from network.table import EVENTS, FlowTable


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyFlow:
    """People by month: a column for each of ``months``.

    ``event_people`` has a row for each of `EVENTS`: how many came to it. ``handed_people`` is how
    many came into a receiver's hands.
    """

    months: Months
    handed_people: People
    event_people: People


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyNode:
    """What a node gave, and what it took, month by month."""

    node: Node
    given: MonthlyFlow
    taken: MonthlyFlow


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyPair:
    """What went from one node to another, and back, month by month."""

    one: Node
    other: Node
    forth: MonthlyFlow
    back: MonthlyFlow


def monthly_flow(table: FlowTable, *, months: Months) -> MonthlyFlow:
    r"""How many came to each event in each month; rows outside the months are left out.

    .. math:: x_{em} = \sum_{\text{rows with event } e \text{ in month } m} \text{referrals}

    >>> from network.table import EVENTS, FlowTable
    >>> one = [EVENTS.index(event) for event in ("ACCEPTED", "HIRED")]
    >>> table = FlowTable(("a", "b"), *(np.array(column) for column in (
    ...     [0, 0], [1, 1], [24312, 24313], [0, 0], one, [one[0], 6], [0, 30], [10, 5])))
    >>> found = monthly_flow(table, months=Months(24312, 24314))
    >>> found.handed_people.tolist(), found.event_people[one[1]].tolist()
    ([10, 0, 0], [0, 5, 0])
    """
    kept = table.rows((table.month >= months.first) & (table.month <= months.last))
    column = (kept.month - months.first).astype(np.int64)
    place = kept.event.astype(np.int64) * len(months) + column
    size = len(EVENTS) * len(months)
    events = np.bincount(place, kept.referrals, size).astype(np.int64)
    handed = is_handed(kept)
    by_month = np.bincount(column[handed], kept.referrals[handed], len(months))
    return MonthlyFlow(months, by_month.astype(np.int64), events.reshape(len(EVENTS), len(months)))


def monthly_node(table: FlowTable, *, node: Node, months: Months) -> MonthlyNode:
    """As `monthly_flow`, of what a node gave and took; nothing of one that has no row."""
    gave, took = _is_node(table, table.source, node), _is_node(table, table.target, node)
    return MonthlyNode(
        node,
        monthly_flow(table.rows(gave), months=months),
        monthly_flow(table.rows(took), months=months),
    )


def monthly_pair(table: FlowTable, *, one: Node, other: Node, months: Months) -> MonthlyPair:
    """As `monthly_flow`, of what went from one node to another and back."""
    forth = _is_node(table, table.source, one) & _is_node(table, table.target, other)
    back = _is_node(table, table.source, other) & _is_node(table, table.target, one)
    return MonthlyPair(
        one,
        other,
        monthly_flow(table.rows(forth), months=months),
        monthly_flow(table.rows(back), months=months),
    )


def _is_node(table: FlowTable, end: npt.NDArray[np.int32], node: Node) -> npt.NDArray[np.bool_]:
    place = table.nodes.index(node) if node in table.nodes else -1
    return np.equal(end, place)


def monthly_flow_in_words(found: MonthlyFlow, _names: Mapping[Node, Text]) -> Text:
    """How many were handed over and hired in all, and which month was the busiest."""
    handed = int(found.handed_people.sum())
    hired = int(found.event_people[EVENTS.index(ReferralStatus.HIRED)].sum())
    if not handed:
        return Text(
            f"この期間に引き渡された人はいません（採用{hired:,}名）。",
            f"Nobody was handed over in this window ({hired:,} hired).",
        )
    busiest = int(found.handed_people.argmax())
    name = month_name(found.months.first + busiest)
    return Text(
        f"{len(found.months)}か月で{handed:,}名が引き渡され、{hired:,}名が採用されました。"
        f"最も多かった月は{name}（{found.handed_people[busiest]:,}名）です。",
        f"In {len(found.months)} months {handed:,} people were handed over and {hired:,} hired. "
        f"The busiest month was {name} ({found.handed_people[busiest]:,} people).",
    )


def monthly_node_in_words(found: MonthlyNode, names: Mapping[Node, Text]) -> Text:
    """How many a node gave and took in all."""
    given, taken = int(found.given.handed_people.sum()), int(found.taken.handed_people.sum())
    name = names[found.node]
    return Text(
        f"{name.ja}は{len(found.given.months)}か月で{given:,}名を送り出し、"
        f"{taken:,}名を受け入れました。",
        f"In {len(found.given.months)} months {name.en} gave {given:,} people and took {taken:,}.",
    )


def monthly_pair_in_words(found: MonthlyPair, names: Mapping[Node, Text]) -> Text:
    """How many went to and fro in all."""
    forth, back = int(found.forth.handed_people.sum()), int(found.back.handed_people.sum())
    one, other = names[found.one], names[found.other]
    return Text(
        f"{len(found.forth.months)}か月で{one.ja}から{other.ja}へ{forth:,}名、"
        f"逆に{back:,}名が渡りました。",
        f"In {len(found.forth.months)} months {forth:,} people passed from {one.en} to "
        f"{other.en}, and {back:,} the other way.",
    )
