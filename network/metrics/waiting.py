"""Where people wait: the time to the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.rules.flows import WAITING_DAYS
from models.rules.lifecycles import REFERRAL, ReferralStatus
from models.vocabulary.text import Text
from network.flow import Node, Places, Weights
from network.months import Months
from network.people import People
from network.table import EVENTS, Codes, FlowTable

QUARTILES = (0.25, 0.5, 0.75)
OPEN_STATES = tuple(state for state in EVENTS if state in REFERRAL)
"""The states that a referral can leave."""

DAYS_IN_MONTH = 365.25 / 12
_LONGEST_DAYS = 730
"""Where the last bucket is taken to end, to place when those in it began to wait."""

STATE_NAMES: Mapping[ReferralStatus, Text] = {
    ReferralStatus.REQUESTED: Text("依頼", "a request"),
    ReferralStatus.PROPOSED: Text("提案", "a proposal"),
    ReferralStatus.AGREED: Text("本人の同意", "the candidate's yes"),
    ReferralStatus.DELIVERED: Text("引き渡し", "delivery"),
    ReferralStatus.ACCEPTED: Text("受け入れ", "acceptance"),
    ReferralStatus.INTERVIEWING: Text("面接開始", "the first interview"),
    ReferralStatus.OFFERED: Text("内定", "an offer"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """The time from a state to the next step; a row for each state with anybody in it.

    ``state`` are places in `EVENTS`. ``waiting_share`` has a column for each of
    `models.rules.flows.WAITING_DAYS`: the part still waiting when the bucket that begins there
    ends. Quartiles have a column for each of `QUARTILES` and are told as the bucket in which they
    lie, from (included) and to (not included): infinite where that has no end, no number where so
    many have not left yet.
    """

    state: Codes
    entered_people: People
    left_people: People
    open_people: People
    waiting_share: Weights
    quartile_from_days: Weights
    quartile_to_days: Weights


@dataclass(frozen=True, slots=True, eq=False)
class NodeWaiting:
    """The same for each receiver and state: ``target`` are places in ``nodes``."""

    nodes: tuple[Node, ...]
    target: Places
    waiting: Waiting


def still_waiting(left: npt.ArrayLike, censored: npt.ArrayLike) -> Weights:
    r"""The part still waiting at the end of each bucket: the product-limit estimate.

    Rows are groups, columns buckets of time in order. Who is censored in a bucket counts as at risk
    to its end, as Kaplan and Meier take who is censored at the time of an event.

    .. math:: S_b = \prod_{k \le b} (1 - d_k / n_k), \quad n_k = \sum_{l \ge k} (d_l + c_l)

    Source: E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", Journal
    of the American Statistical Association 53 (1958).

    >>> still_waiting([[2, 1, 0]], [[0, 1, 2]]).round(4).tolist()
    [[0.6667, 0.5, 0.5]]
    """
    gone = np.atleast_2d(np.asarray(left, np.float64))
    cut = np.atleast_2d(np.asarray(censored, np.float64))
    at_risk = np.cumsum((gone + cut)[:, ::-1], axis=1)[:, ::-1]
    part = np.zeros_like(gone)
    np.divide(gone, at_risk, out=part, where=at_risk > 0)
    return np.cumprod(1 - part, axis=1, dtype=np.float64)


def waiting(table: FlowTable, *, months: Months) -> Waiting:
    r"""The median and quartiles of the time to the next step, for each state.

    Those who entered a state in the window and had not left it when the window ended are censored:
    they count as waiting for as long as they have. The estimate is `still_waiting`'s, over the
    buckets in which waiting times are kept, and a quartile is told as its bucket.

    The table holds no persons, so who is still open is worked out by month: each leaving is set off
    against the entries of the month in which it began to wait (the middle of the month in which it
    ended, less the middle of its bucket), or the nearest month before with entries left. What then
    is left of a month's entries is open, and as old as the window's end less the month's middle.
    Leavings that began to wait before the window are left out.

    Source: as `still_waiting`.

    >>> from network.table import EVENTS, FlowTable
    >>> proposed, agreed = EVENTS.index("PROPOSED"), EVENTS.index("AGREED")
    >>> table = FlowTable(("a", "b"), *(np.array(column) for column in (
    ...     [0, 0], [1, 1], [24312, 24312], [1, 1], [proposed, agreed], [proposed, proposed],
    ...     [0, 3], [4, 3])))
    >>> found = waiting(table, months=Months(24312, 24312))
    >>> found.open_people.tolist(), found.quartile_from_days[:, 1], found.quartile_to_days[:, 1]
    ([1, 3], array([ 3., nan]), array([ 7., nan]))
    """
    state, left, censored, entered = _by_group(table, np.zeros_like(table.target), months)
    return _waiting((state % len(EVENTS)).astype(np.int16), left, censored, entered)


def node_waiting(table: FlowTable, *, months: Months) -> NodeWaiting:
    """As `waiting`, for each organization that received and each state."""
    group, left, censored, entered = _by_group(table, table.target, months)
    state = (group % len(EVENTS)).astype(np.int16)
    target = (group // len(EVENTS)).astype(np.int32)
    return NodeWaiting(table.nodes, target, _waiting(state, left, censored, entered))


def _waiting(state: Codes, left: People, censored: People, entered: People) -> Waiting:
    share = still_waiting(left, censored)
    from_, to = _quartiles(share)
    return Waiting(state, entered, left.sum(axis=1), censored.sum(axis=1), share, from_, to)


def _by_group(
    table: FlowTable, node: Places, months: Months
) -> tuple[npt.NDArray[np.int64], People, People, People]:
    """Groups of a node and an open state, their leavings and open ones by bucket, their entries."""
    table, node = _within(table, node, months)
    open_states = np.array([EVENTS.index(one) for one in OPEN_STATES], np.int16)
    enters = np.isin(table.event, open_states)
    began = table.month - np.round(_middle_days(table.waited) / DAYS_IN_MONTH).astype(np.int64)
    leaves = (table.before != table.event) & np.isin(table.before, open_states)
    leaves &= began >= months.first
    entered_in = node[enters].astype(np.int64) * len(EVENTS) + table.event[enters]
    left_in = node[leaves].astype(np.int64) * len(EVENTS) + table.before[leaves]
    groups, place = np.unique(np.concatenate((entered_in, left_in)), return_inverse=True)
    entry, exit_ = place[: entered_in.size], place[entered_in.size :]
    shape = (groups.size, len(months))
    entries = _summed(entry, table.month[enters] - months.first, table.referrals[enters], shape)
    gone = _summed(exit_, began[leaves] - months.first, table.referrals[leaves], shape)
    bucket = np.searchsorted(WAITING_DAYS, table.waited[leaves])
    left = _summed(exit_, bucket, table.referrals[leaves], (groups.size, len(WAITING_DAYS)))
    return groups, left, _censored(entries, gone), entries.sum(axis=1)


def _within(table: FlowTable, node: Places, months: Months) -> tuple[FlowTable, Places]:
    kept = (table.month >= months.first) & (table.month <= months.last)
    return table.rows(kept), node[kept]


def _middle_days(waited: Codes) -> Weights:
    """The middle of the bucket that begins with so many days."""
    ends = np.array([*WAITING_DAYS[1:], _LONGEST_DAYS])
    found: Weights = (waited + ends[np.searchsorted(WAITING_DAYS, waited)]) / 2
    return found


def _summed(
    row: npt.NDArray[np.int64],
    column: npt.NDArray[np.integer[Any]],
    people: People,
    shape: tuple[int, int],
) -> People:
    place = row * shape[1] + column
    return np.bincount(place, people, shape[0] * shape[1]).astype(np.int64).reshape(shape)


def _censored(entries: People, gone: People) -> People:
    """The open ones by the bucket of their age, from entries and leavings by month of entry."""
    number = entries.shape[1]
    age_days = (number - np.arange(number) - 0.5) * DAYS_IN_MONTH
    bucket = np.searchsorted(WAITING_DAYS, age_days, side="right") - 1
    found = np.zeros((entries.shape[0], len(WAITING_DAYS)), np.int64)
    carried = np.zeros(entries.shape[0], np.int64)
    for month in reversed(range(number)):
        rest = entries[:, month] - gone[:, month] - carried
        found[:, bucket[month]] += np.maximum(rest, 0)
        carried = np.maximum(-rest, 0)
    return found


def _quartiles(waiting_share: Weights) -> tuple[Weights, Weights]:
    """The bucket in which each quartile lies, from and to."""
    starts = np.array([*WAITING_DAYS, np.nan], np.float64)
    ends = np.array([*WAITING_DAYS[1:], np.inf, np.nan], np.float64)
    # Shares are products, so that a half may be a hair above a half.
    is_reached = [waiting_share <= 1 - part + 1e-12 for part in QUARTILES]
    place = np.stack(
        [np.where(one.any(axis=1), one.argmax(axis=1), len(WAITING_DAYS)) for one in is_reached],
        axis=1,
    )
    return starts[place], ends[place]


def waiting_in_words(found: Waiting, _names: Mapping[Node, Text]) -> Text:
    """Where people wait longest, by the median."""
    if not found.state.size:
        return Text("この期間に待った人はいません。", "Nobody waited in this window.")
    row = _longest(found)
    name = STATE_NAMES[EVENTS[int(found.state[row])]]
    length = _median_in_words(found, row)
    open_people = found.open_people[row]
    return Text(
        f"次の段階までの待ち時間が最も長いのは{name.ja}の後で、中央値は{length.ja}です"
        f"（{open_people:,}名が待っています）。",
        f"People wait longest after {name.en}: the median is {length.en} "
        f"({open_people:,} are still waiting).",
    )


def node_waiting_in_words(found: NodeWaiting, names: Mapping[Node, Text]) -> Text:
    """At whom people wait longest, by the median."""
    if not found.target.size:
        return Text("この期間に待った人はいません。", "Nobody waited in this window.")
    row = _longest(found.waiting)
    node = names[found.nodes[int(found.target[row])]]
    name = STATE_NAMES[EVENTS[int(found.waiting.state[row])]]
    length = _median_in_words(found.waiting, row)
    return Text(
        f"最も長く待つのは{node.ja}での{name.ja}の後で、中央値は{length.ja}です。",
        f"People wait longest at {node.en} after {name.en}: the median is {length.en}.",
    )


def _longest(found: Waiting) -> int:
    """The row with the longest median; one that half have not left is longer than any other."""
    median = np.nan_to_num(found.quartile_from_days[:, 1], nan=np.inf)
    return int(np.lexsort((found.open_people, median))[-1])


def _median_in_words(found: Waiting, row: int) -> Text:
    from_, to = found.quartile_from_days[row, 1], found.quartile_to_days[row, 1]
    if np.isnan(from_):
        return Text(
            "まだ分かりません（半数以上が待機中）", "not known yet (half or more still wait)"
        )
    if np.isinf(to):
        return Text(f"{from_:.0f}日以上", f"{from_:.0f} days or more")
    if to - from_ == 1:
        return Text(f"{to:.0f}日未満", f"less than {to:.0f} day")
    return Text(f"{from_:.0f}〜{to - 1:.0f}日", f"{from_:.0f} to {to - 1:.0f} days")
