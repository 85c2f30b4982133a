"""The figures of a feedback meeting, as its reader is told them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from gql.parties import parties
from gql.scalars import Yen
from models.reads.meetings import SeenFigures
from models.rules import comparisons
from models.rules import meeting_packs as rules
from models.rules.comparisons import Figure, Verdict
from models.rules.decision_effects import seen_in_words
from models.rules.ledger import Unit
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.meeting_words import pack_in_words

if TYPE_CHECKING:
    from gql.consortium import Organization

described(
    Figure,
    "What is measured of hand-overs.",
    HANDED_OVER="How many were handed over.",
    HIRES="How many were hired.",
    TAKEN_UP="Of those handed over, how many the receiver took up in the same days.",
    ANSWERED_IN_TIME="Of those handed over, how many the receiver answered within 14 days.",
    HIRED_OF_HANDED_OVER="Of those handed over, how many were hired in the same days.",
)
described(
    Verdict,
    "What can be said of a difference, with 95 % confidence.",
    ROSE="More than before, beyond chance.",
    FELL="Less than before, beyond chance.",
    NOT_TOLD_APART="No difference can be told yet.",
    NOT_MEASURED="There is nothing to compare, or not in windows as unlike as these.",
)

_Organization = Annotated["Organization", strawberry.lazy("gql.consortium")]
_CHANNEL = "By which way they passed."


async def organizations(
    ctx: Context, keys: Sequence[uuid.UUID | None]
) -> list[Organization | None]:
    """The organization of each key, in their order; null where there is none."""
    told = await parties(ctx, [key for key in keys if key is not None])
    by_key = {one.key: one for one in told if one is not None}
    return [by_key.get(key) if key is not None else None for key in keys]


@strawberry.type(description="A figure of one window of days.")
class MeetingMeasure:
    """So many, of so many where it is a share, in so many days."""

    part: int = strawberry.field(description="So many.")
    whole: int | None = strawberry.field(description="Of so many; null where it is a count.")
    days: int = strawberry.field(description="In so many days.")


@strawberry.type(description="A figure before and after, and what of the difference is not chance.")
class MeetingComparison:
    """The numbers are told to who took part in what was measured; to all others the verdict."""

    figure: Figure = strawberry.field(description="What was measured.")
    verdict: Verdict = strawberry.field(
        description="What can be said of the difference; to who took no part in it, of the whole "
        "months that are told of others."
    )
    before: MeetingMeasure | None = strawberry.field(description="Before; null where not told.")
    after: MeetingMeasure | None = strawberry.field(description="After; null where not told.")
    low: float | None = strawberry.field(
        description="Of shares their difference, of counts the ratio of their daily rates: the "
        "lower end of its 95 % interval."
    )
    high: float | None = strawberry.field(description="Its upper end; null where it has none.")
    words: str = strawberry.field(description="The same in words, in the caller's language.")


def comparison(seen: rules.SeenComparison, words: str) -> MeetingComparison:
    """A comparison as its reader is told it."""
    numbers = seen.numbers
    interval = numbers.interval if numbers else None
    return MeetingComparison(
        figure=seen.figure,
        verdict=seen.verdict,
        before=_measure(numbers.before) if numbers else None,
        after=_measure(numbers.after) if numbers else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        words=words,
    )


def _measure(one: comparisons.Measured) -> MeetingMeasure:
    return MeetingMeasure(part=one.part, whole=one.whole, days=one.days)


@strawberry.type(description="What one party gave and took.")
class MeetingParty:
    """Sums of what the reader is told."""

    company_key: strawberry.Private[uuid.UUID]
    gave: int = strawberry.field(description="So many it handed over.")
    gave_hired: int = strawberry.field(description="So many of its hand-overs ended in a hire.")
    took: int = strawberry.field(description="So many were handed to it.")
    took_hired: int = strawberry.field(description="So many it hired.")

    @relation(description="The party.")
    @staticmethod
    async def company(parents: list[MeetingParty], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.company_key for p in parents])


@strawberry.type(description="What passed from one party to another.")
class MeetingExchange:
    """Exact for the two; to others as everywhere: closed months, rounded."""

    giver_key: strawberry.Private[uuid.UUID]
    receiver_key: strawberry.Private[uuid.UUID]
    offered: int | None = strawberry.field(
        description="So many were offered; null where no month that can be told is over."
    )
    asked: int | None = strawberry.field(description="So many were asked for, from the pool.")
    handed_over: int | None = strawberry.field(description="So many agreed and were handed over.")
    taken_up: int | None = strawberry.field(description="So many the receiver took up.")
    hired: int | None = strawberry.field(description="So many were hired.")
    is_exact: bool = strawberry.field(
        description="Whether your company is one of the two. What the giver only offered, or was "
        "asked for, is exact to the giver alone."
    )
    bonus_counts: int | None = strawberry.field(
        description="So many bonus counts were earned; null for all but the two."
    )
    free_hires: int | None = strawberry.field(
        description="So many free hires were earned; null for all but the two."
    )
    reward_yen: Yen | None = strawberry.field(
        description="So many yen an agency was promised; null for all but the two."
    )

    @relation(description="The party that gave.")
    @staticmethod
    async def giver(parents: list[MeetingExchange], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.giver_key for p in parents])

    @relation(description="The party that took.")
    @staticmethod
    async def receiver(parents: list[MeetingExchange], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.receiver_key for p in parents])


@strawberry.type(description="A share with its interval.")
class MeetingShare:
    """Wilson's interval."""

    figure: Figure = strawberry.field(description="Of what.")
    part: int = strawberry.field(description="So many.")
    whole: int = strawberry.field(description="Of so many.")
    low: float = strawberry.field(description="The lower end of its 95 % interval.")
    high: float = strawberry.field(description="The upper end.")


@strawberry.type(description="How many who were hired from a partner had left by a milestone.")
class MeetingStay:
    """To the receiver exact; to the giver only what names nobody; to nobody else."""

    giver_key: strawberry.Private[uuid.UUID]
    receiver_key: strawberry.Private[uuid.UUID]
    days: int = strawberry.field(description="The milestone, in days stayed.")
    due: int = strawberry.field(description="So many reached, or would have reached, that day.")
    left_min: int = strawberry.field(description="At least so many had left before.")
    left_max: int = strawberry.field(description="At most so many had left before.")

    @relation(description="The party that gave.")
    @staticmethod
    async def giver(parents: list[MeetingStay], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.giver_key for p in parents])

    @relation(description="The party that hired.")
    @staticmethod
    async def receiver(parents: list[MeetingStay], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.receiver_key for p in parents])


@strawberry.type(description="A company that could be a partner of a party, and why.")
class MeetingSuggestion:
    """By what everybody is told of both. A party reads its own, an admin those of all."""

    company_key: strawberry.Private[uuid.UUID]
    partner_key: strawberry.Private[uuid.UUID]
    score: float = strawberry.field(description="From 0 to 1, as `partnerSuggestions` has it.")
    reasons: list[str] = strawberry.field(description="Why, in the caller's language.")

    @relation(description="The party.")
    @staticmethod
    async def company(parents: list[MeetingSuggestion], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.company_key for p in parents])

    @relation(description="The company that could be its partner.")
    @staticmethod
    async def partner(parents: list[MeetingSuggestion], ctx: Context) -> list[_Organization | None]:
        return await organizations(ctx, [p.partner_key for p in parents])


@strawberry.type(description="For a consortium: how many referrals came to a state.")
class MeetingFlow:
    """Sums of rounded cells of closed months."""

    channel: Channel = strawberry.field(description=_CHANNEL)
    event: ReferralStatus = strawberry.field(description="The state that they came to.")
    referrals: int = strawberry.field(description="How many, as it is told.")


@strawberry.type(description="The figures of a meeting, as they were when it was prepared.")
class MeetingPack:
    """Frozen: nothing that happens later changes them."""

    first_day: dt.date = strawberry.field(description="The first day that they tell of.")
    last_day: dt.date = strawberry.field(description="The last day.")
    told_through: dt.date | None = strawberry.field(
        description="The last day of the closed months that are told of others; null where none."
    )
    prepared_at: dt.datetime = strawberry.field(description="When they were frozen.")
    hash: str = strawberry.field(
        description="A check value of all that was frozen, in hexadecimal: the same for all "
        "readers. It is keyed, so that nobody can try from it what is not told."
    )
    parties: list[MeetingParty] = strawberry.field(description="What each party gave and took.")
    exchanges: list[MeetingExchange] = strawberry.field(
        description="Each giver and receiver among at most 20 parties."
    )
    reciprocity: float | None = strawberry.field(
        description="The share of hand-overs that is matched the other way; null without any."
    )
    shares: list[MeetingShare] = strawberry.field(
        description="Conversions of the hand-overs that your company took part in; else of the "
        "rounded sums."
    )
    wait_days: int | None = strawberry.field(
        description="So many days until half of your hand-overs were answered, those open counted "
        "as waiting still (Kaplan and Meier); null where half were not."
    )
    waits: int = strawberry.field(description="Of so many hand-overs.")
    waits_open: int = strawberry.field(description="So many of them were not answered yet.")
    stays: list[MeetingStay] = strawberry.field(description="How many stayed, as far as told.")
    changes: list[MeetingComparison] = strawberry.field(
        description="Each figure beside that of the meeting before; empty for the first."
    )
    suggestions: list[MeetingSuggestion] = strawberry.field(
        description="Partners to consider, at most 3 for each party."
    )
    flows: list[MeetingFlow] = strawberry.field(
        description="For a consortium's meeting: its flows by channel and state."
    )
    words: list[str] = strawberry.field(
        description="What the figures say, in sentences in the caller's language."
    )


def pack(found: SeenFigures, locale: str) -> MeetingPack:
    """The figures as their reader is told them."""
    seen, row = found.seen, found.row
    return MeetingPack(
        first_day=row.first_on,
        last_day=row.last_on,
        told_through=row.told_through,
        prepared_at=row.prepared_at,
        hash=row.hash.hex(),
        parties=[
            MeetingParty(
                company_key=one.company_id,
                gave=one.gave,
                gave_hired=one.gave_hired,
                took=one.took,
                took_hired=one.took_hired,
            )
            for one in seen.parties
        ],
        exchanges=[_exchange(one) for one in seen.pairs],
        reciprocity=seen.reciprocity,
        shares=[_share(one) for one in seen.shares],
        wait_days=seen.wait_days,
        waits=seen.waits,
        waits_open=seen.waits_open,
        stays=[_stay(one) for one in seen.stays],
        changes=[comparison(one, seen_in_words(one).in_(locale)) for one in seen.changes],
        suggestions=[_suggestion(one, locale) for one in seen.considered],
        flows=[
            MeetingFlow(channel=one.channel, event=one.event, referrals=one.referrals)
            for one in seen.pack.flows
        ],
        words=[sentence.in_(locale) for sentence in pack_in_words(seen)],
    )


def _exchange(one: rules.SeenPair) -> MeetingExchange:
    earned = one.rewards
    return MeetingExchange(
        giver_key=one.giver_id,
        receiver_key=one.receiver_id,
        offered=one.counts[ReferralStatus.PROPOSED],
        asked=one.counts[ReferralStatus.REQUESTED],
        handed_over=one.counts[ReferralStatus.DELIVERED],
        taken_up=one.counts[ReferralStatus.ACCEPTED],
        hired=one.counts[ReferralStatus.HIRED],
        is_exact=one.is_exact,
        bonus_counts=earned.get(Unit.COUNT, 0) if earned is not None else None,
        free_hires=earned.get(Unit.FREE_HIRE, 0) if earned is not None else None,
        reward_yen=Yen(earned.get(Unit.REWARD, 0)) if earned is not None else None,
    )


def _share(one: rules.SeenShare) -> MeetingShare:
    assert one.interval.high is not None
    return MeetingShare(
        figure=one.figure,
        part=one.part,
        whole=one.whole,
        low=one.interval.low,
        high=one.interval.high,
    )


def _stay(one: rules.SeenStay) -> MeetingStay:
    return MeetingStay(
        giver_key=one.giver_id,
        receiver_key=one.receiver_id,
        days=one.days,
        due=one.due,
        left_min=one.left_min,
        left_max=one.left_max,
    )


def _suggestion(one: rules.Considered, locale: str) -> MeetingSuggestion:
    return MeetingSuggestion(
        company_key=one.company_id,
        partner_key=one.candidate_id,
        score=one.score_permille / 1_000,
        reasons=[reason.in_(locale) for reason in one.reasons],
    )
