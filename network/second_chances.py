"""People who were turned down and found work: how many, through whom, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.rules.flows import WAITING_DAYS
from models.rules.lifecycles import Channel, ReferralStatus
from models.vocabulary.text import Text
from network.flow import Node
from network.table import CHANNELS, EVENTS, FlowTable

ENDED_WITHOUT = (ReferralStatus.NO_SUITABLE_OPENING, ReferralStatus.WITHDRAWN)
CHANCES_EVENTS = (ReferralStatus.ACCEPTED, ReferralStatus.HIRED, *ENDED_WITHOUT)
"""The events of which second chances are sums."""
QUARTERS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class WaitedDays:
    """Somewhere from ``least`` days on and below ``below``; None where there is no upper bound."""

    least: int
    below: int | None


@dataclass(frozen=True, slots=True)
class SecondChances:
    """What became of those who registered through links: numbers of registrations.

    Whoever registered through the links of two companies is one for each. ``hires`` are all that
    the network made; None for one company, which learns of no other's.
    """

    registrations: int
    found_work: int
    ended_without: int
    through_partners: int
    """Hires of those whom the company, or any, had shown to a partner."""
    hires: int | None
    waited: tuple[tuple[WaitedDays, int], ...]
    """How many waited how long from registration to the job, of those who found one."""
    quartiles: tuple[WaitedDays, WaitedDays, WaitedDays] | None
    """A quarter, half and three quarters of those waited no longer. Who still looks, or ended
    without a job, is not among them: as long as people look, these are too short.
    """


def second_chances(table: FlowTable, own: Node | None = None) -> SecondChances:
    """The second chances of a table's months, given by one company or by all.

    Sums of cells, and no more: they are as rounded as the table is.

    >>> import numpy as np
    >>> chances = FlowTable(
    ...     ("a", "agency"), *(np.array(column) for column in (
    ...         [0, 0, 0], [1, 1, 1], [24312, 24312, 24313], [0, 0, 0],
    ...         [EVENTS.index("ACCEPTED"), EVENTS.index("HIRED"), EVENTS.index("HIRED")],
    ...         [0, 0, 0], [0, 30, 60], [10, 1, 2])))
    >>> found = second_chances(chances, "a")
    >>> found.registrations, found.found_work, found.quartiles[1]
    (10, 3, WaitedDays(least=60, below=90))
    """
    given = table if own is None else _given(table, own)
    relays = given.where(channels=[Channel.RELAY_LINK])
    hired = relays.where(events=[ReferralStatus.HIRED])
    waited = [
        (bucket, int(hired.referrals[hired.waited == bucket.least].sum())) for bucket in _buckets()
    ]
    return SecondChances(
        registrations=_sum(relays, ReferralStatus.ACCEPTED),
        found_work=_sum(relays, ReferralStatus.HIRED),
        ended_without=_sum(relays, *ENDED_WITHOUT),
        through_partners=_sum(given.where(channels=[Channel.PARTNER_SHARE]), ReferralStatus.HIRED),
        hires=_sum(_introduced(table), ReferralStatus.HIRED) if own is None else None,
        waited=tuple(waited),
        quartiles=_quartiles(waited),
    )


def _given(table: FlowTable, own: Node) -> FlowTable:
    if own not in table.nodes:
        return table.rows(np.zeros(table.source.shape, bool))
    return table.rows(table.source == table.nodes.index(own))


def _introduced(table: FlowTable) -> FlowTable:
    return table.where(channels=[one for one in CHANNELS if one is not Channel.RELAY_LINK])


def _sum(table: FlowTable, *events: ReferralStatus) -> int:
    codes = [EVENTS.index(event) for event in events]
    return int(table.referrals[np.isin(table.event, codes)].sum())


def _buckets() -> list[WaitedDays]:
    return [
        WaitedDays(least, below)
        for least, below in zip(WAITING_DAYS, (*WAITING_DAYS[1:], None), strict=True)
    ]


def _quartiles(
    waited: Sequence[tuple[WaitedDays, int]],
) -> tuple[WaitedDays, WaitedDays, WaitedDays] | None:
    total = sum(number for _, number in waited)
    if not total:
        return None
    found: list[WaitedDays] = []
    for quarter in QUARTERS:
        so_far = 0
        for bucket, number in waited:
            so_far += number
            if 4 * so_far >= quarter * total:
                found.append(bucket)
                break
    first, second, third = found
    return first, second, third


def waited_in_words(waited: WaitedDays) -> Text:
    """A waiting time."""
    if waited.below is None:
        return Text(f"{waited.least}日以上", f"{waited.least} days or more")
    if waited.below == waited.least + 1:
        return Text(f"{waited.least}日", f"{waited.least} days")
    last = waited.below - 1
    return Text(f"{waited.least}〜{last}日", f"{waited.least} to {last} days")


def second_chances_in_words(found: SecondChances) -> Text:
    """How many were given a second chance, and how long half of them waited."""
    if not found.registrations and not found.found_work:
        return Text(
            "この期間に、リンクから登録した方の記録はありません。",
            "Nobody registered through a link in this window.",
        )
    ja = (
        f"登録はおよそ{found.registrations:,}件、仕事が見つかったのはおよそ{found.found_work:,}件、"
        f"仕事が見つからずに終わったのはおよそ{found.ended_without:,}件です。"
    )
    en = (
        f"About {found.registrations:,} registrations; about {found.found_work:,} led to a job, "
        f"and about {found.ended_without:,} ended without one."
    )
    if found.quartiles is None:
        return Text(ja, en)
    half = waited_in_words(found.quartiles[1])
    return Text(
        f"{ja}仕事が見つかった方の半数は、登録から{half.ja}以内に決まりました。",
        f"{en} Half of those who found one waited no longer than {half.en} from registering.",
    )
