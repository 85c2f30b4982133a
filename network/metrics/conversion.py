"""Which hand-overs lead to jobs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.rules.lifecycles import Channel, ReferralStatus
from models.vocabulary.text import Text
from network.chance import CONFIDENCE, wilson
from network.flow import Node, Weights
from network.people import People
from network.table import CHANNELS, EVENTS, FlowTable

HIRES = (ReferralStatus.HIRED,)

CHANNEL_NAMES: Mapping[Channel, Text] = {
    Channel.RELAY_LINK: Text("専用リンク", "relay links"),
    Channel.AGENCY_INTRODUCTION: Text("人材紹介会社の紹介", "agencies' introductions"),
    Channel.PARTNER_SHARE: Text("提携先への紹介", "shares between partners"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Conversion:
    """Outcomes ÷ hand-overs, with its Wilson interval; a value for each thing asked about.

    What came of those handed over before the window is among the outcomes too, so that there can be
    more of them than hand-overs: the share then is 1. ``share``, ``low`` and ``high`` are no number
    where nobody was handed over.
    """

    handed_people: People
    outcome_people: People
    share: Weights
    low: Weights
    high: Weights
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class NodeConversion:
    """For each of ``nodes``: of what it gave, and of what it took."""

    nodes: tuple[Node, ...]
    given: Conversion
    taken: Conversion


@dataclass(frozen=True, slots=True, eq=False)
class EdgeConversion:
    """For each edge with a hand-over or an outcome; source and target are places in ``nodes``."""

    nodes: tuple[Node, ...]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    conversion: Conversion


def conversion(
    table: FlowTable,
    *,
    outcomes: Collection[ReferralStatus] = HIRES,
    confidence: float = CONFIDENCE,
) -> Conversion:
    r"""Of the whole network: one value.

    Handed over is what came into a receiver's hands: what was ``DELIVERED``, and the relay link's
    registrations, which begin as ``ACCEPTED``.

    .. math:: \hat p = \min(1, x / n), \quad \text{Wilson's interval of } \min(x, n)
              \text{ successes in } n

    Source: E. B. Wilson (1927), see `network.chance.wilson`.

    Raises:
        ValueError: A ``confidence`` outside 0 to 1.

    >>> from network.table import EVENTS, FlowTable
    >>> one = [EVENTS.index(event) for event in ("ACCEPTED", "HIRED")]
    >>> table = FlowTable(("a", "b"), *(np.array(column) for column in (
    ...     [0, 0], [1, 1], [24312, 24312], [0, 0], one, [one[0], 6], [0, 30], [10, 5])))
    >>> found = conversion(table)
    >>> found.share.tolist(), found.low.round(4).tolist(), found.high.round(4).tolist()
    ([0.5], [0.2366], [0.7634])
    """
    every = np.zeros(table.referrals.shape, np.int64)
    return _conversion(table, every, 1, outcomes, confidence)


def channel_conversion(
    table: FlowTable,
    *,
    outcomes: Collection[ReferralStatus] = HIRES,
    confidence: float = CONFIDENCE,
) -> Conversion:
    """As `conversion`, with a value for each of `CHANNELS`."""
    place = table.channel.astype(np.int64)
    return _conversion(table, place, len(CHANNELS), outcomes, confidence)


def node_conversion(
    table: FlowTable,
    *,
    outcomes: Collection[ReferralStatus] = HIRES,
    confidence: float = CONFIDENCE,
) -> NodeConversion:
    """As `conversion`, for each node of what it gave and of what it took."""
    size = len(table.nodes)
    given, taken = (
        _conversion(table, end.astype(np.int64), size, outcomes, confidence)
        for end in (table.source, table.target)
    )
    return NodeConversion(table.nodes, given, taken)


def edge_conversion(
    table: FlowTable,
    *,
    outcomes: Collection[ReferralStatus] = HIRES,
    confidence: float = CONFIDENCE,
) -> EdgeConversion:
    """As `conversion`, for each edge, by source and target."""
    counted = table.rows(is_handed(table) | _is_any(table, outcomes))
    size = max(len(table.nodes), 1)
    key = counted.source.astype(np.int64) * size + counted.target
    pairs, place = np.unique(key, return_inverse=True)
    return EdgeConversion(
        table.nodes,
        (pairs // size).astype(np.int32),
        (pairs % size).astype(np.int32),
        _conversion(counted, place, pairs.size, outcomes, confidence),
    )


def is_handed(table: FlowTable) -> npt.NDArray[np.bool_]:
    """Which rows say that someone came into a receiver's hands."""
    delivered, accepted = (
        EVENTS.index(one) for one in (ReferralStatus.DELIVERED, ReferralStatus.ACCEPTED)
    )
    began_accepted = (table.event == accepted) & (table.before == accepted)
    found: npt.NDArray[np.bool_] = (table.event == delivered) | began_accepted
    return found


def _is_any(table: FlowTable, events: Collection[ReferralStatus]) -> npt.NDArray[np.bool_]:
    places = np.array([EVENTS.index(one) for one in events], np.int16)
    found: npt.NDArray[np.bool_] = np.isin(table.event, places)
    return found


def _conversion(
    table: FlowTable,
    place: npt.NDArray[np.int64],
    size: int,
    outcomes: Collection[ReferralStatus],
    confidence: float,
) -> Conversion:
    handed, came = (
        np.bincount(place[kept], table.referrals[kept], size).astype(np.int64)
        for kept in (is_handed(table), _is_any(table, outcomes))
    )
    within = np.minimum(handed, came)
    low, high = wilson(within, handed, confidence=confidence)
    share = np.full(size, np.nan)
    np.divide(within, handed, out=share, where=handed > 0)
    return Conversion(handed, came, share, low, high, confidence)


def conversion_in_words(found: Conversion, _names: Mapping[Node, Text]) -> Text:
    """How many hand-overs led to an outcome, and how sure that is."""
    if not found.handed_people[0]:
        return Text(
            "この期間に引き渡された人はいません。", "Nobody was handed over in this window."
        )
    handed, came = found.handed_people[0], found.outcome_people[0]
    low, high = found.low[0], found.high[0]
    return Text(
        f"引き渡された{handed:,}名に対して{came:,}名が結果に至りました"
        f"（{found.share[0]:.0%}、{found.confidence:.0%}信頼区間{low:.0%}〜{high:.0%}）。",
        f"For {handed:,} people handed over, {came:,} came to the outcome "
        f"({found.share[0]:.0%}, between {low:.0%} and {high:.0%}).",
    )


def channel_conversion_in_words(found: Conversion, _names: Mapping[Node, Text]) -> Text:
    """Which channel leads to an outcome most often."""
    if not found.handed_people.any():
        return Text(
            "この期間に引き渡された人はいません。", "Nobody was handed over in this window."
        )
    place = int(np.nanargmax(found.share))
    name = CHANNEL_NAMES[CHANNELS[place]]
    share, low, high = (one[place] for one in (found.share, found.low, found.high))
    return Text(
        f"結果に至る割合が最も高いのは{name.ja}です（{share:.0%}、区間{low:.0%}〜{high:.0%}）。",
        f"Most often it is {name.en} that lead to the outcome "
        f"({share:.0%}, between {low:.0%} and {high:.0%}).",
    )


def node_conversion_in_words(found: NodeConversion, names: Mapping[Node, Text]) -> Text:
    """Whose people find an outcome most surely: by the lower bound, so that few do not win."""
    if not found.given.handed_people.any():
        return Text(
            "この期間に引き渡された人はいません。", "Nobody was handed over in this window."
        )
    giver = int(np.nanargmax(found.given.low))
    taker = int(np.nanargmax(found.taken.low))
    from_, to = names[found.nodes[giver]], names[found.nodes[taker]]
    given, taken = found.given.share[giver], found.taken.share[taker]
    return Text(
        f"送り出した人が最も確実に結果に至るのは{from_.ja}（{given:.0%}）、"
        f"受け入れた人が最も確実に結果に至るのは{to.ja}（{taken:.0%}）です。",
        f"Of those given, the ones from {from_.en} come to the outcome most surely ({given:.0%}); "
        f"of those taken, the ones at {to.en} ({taken:.0%}).",
    )


def edge_conversion_in_words(found: EdgeConversion, names: Mapping[Node, Text]) -> Text:
    """Which edge leads to an outcome most surely: by the lower bound, so that few do not win."""
    if not found.conversion.handed_people.any():
        return Text(
            "この期間に引き渡された人はいません。", "Nobody was handed over in this window."
        )
    place = int(np.nanargmax(found.conversion.low))
    from_, to = (names[found.nodes[int(one[place])]] for one in (found.source, found.target))
    share = found.conversion.share[place]
    return Text(
        f"最も確実に結果に至るのは{from_.ja}から{to.ja}への流れ（{share:.0%}）です。",
        f"The flow from {from_.en} to {to.en} leads to the outcome most surely ({share:.0%}).",
    )
