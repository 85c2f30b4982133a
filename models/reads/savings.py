"""What a company's savings are worked out from: its hires, and what it stated of itself.

`models.rules.savings` is the sum. Whoever asks has been let in before: a company reads its own.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.rules.lifecycles import Channel, HireStatus
from models.rules.retention import Retention, Stays, retention_of
from models.rules.savings import Assumptions, HireFact, HireKind, Savings, savings
from models.session import ReadSession
from models.tables.outcomes import CompanyBaseline
from models.tables.referrals import Hire, Referral
from models.tables.savings import HiringAssumptions

Ids = Sequence[uuid.UUID]


async def hire_facts(
    read: ReadSession, company_ids: Ids, *, first: date, last: date
) -> Mapping[uuid.UUID, list[HireFact]]:
    """The hires of companies that joined in a period: one statement."""
    rows = await read.execute(
        select(
            Hire.company_id,
            Hire.joined_on,
            Hire.introducer_id,
            Hire.fee_yen,
            Hire.refund_yen,
            Hire.free_hire_id,
            Hire.left_on,
            Hire.status,
            Referral.channel,
        )
        .join(Referral, Referral.id == Hire.referral_id)
        .where(Hire.company_id.in_(company_ids), Hire.joined_on >= first, Hire.joined_on <= last)
        .order_by(Hire.joined_on, Hire.id)
    )
    found: dict[uuid.UUID, list[HireFact]] = defaultdict(list)
    for row in rows:
        found[row.company_id].append(
            HireFact(
                joined_on=row.joined_on,
                kind=_kind(row.channel, row.free_hire_id),
                introducer_id=row.introducer_id,
                fee_yen=row.fee_yen,
                refund_yen=row.refund_yen or 0,
                left_on=row.left_on,
                is_early_exit=row.status is HireStatus.LEFT_EARLY,
            )
        )
    return found


def _kind(channel: Channel, free_hire_id: uuid.UUID | None) -> HireKind:
    if channel is Channel.PARTNER_SHARE:
        return HireKind.PARTNER
    return HireKind.INTRODUCTION if free_hire_id is None else HireKind.FREE_HIRE


async def assumptions_of(
    read: ReadSession, company_ids: Ids
) -> Mapping[uuid.UUID, list[Assumptions]]:
    """All that companies ever stated, by the day from which it holds: one statement."""
    rows = await read.scalars(
        select(HiringAssumptions)
        .where(HiringAssumptions.company_id.in_(company_ids))
        .order_by(HiringAssumptions.company_id, HiringAssumptions.valid_from)
    )
    found: dict[uuid.UUID, list[Assumptions]] = defaultdict(list)
    for row in rows:
        found[row.company_id].append(
            Assumptions(
                valid_from=row.valid_from,
                cost_per_hire_yen=row.cost_per_hire_yen,
                hires_a_year=row.hires_a_year,
                advertising_yen_a_year=row.advertising_yen_a_year,
                agency_hires_a_year=row.agency_hires_a_year,
                agency_fee_percent=row.agency_fee_percent,
                yearly_pay_yen=row.yearly_pay_yen,
                participation_yen_a_year=row.participation_yen_a_year,
                note=row.note,
            )
        )
    return found


async def savings_of(
    read: ReadSession, company_ids: Ids, *, first: date, last: date
) -> Mapping[uuid.UUID, Savings]:
    """What each of the companies saved in a period: two statements, however many there are."""
    hires = await hire_facts(read, company_ids, first=first, last=last)
    stated = await assumptions_of(read, company_ids)
    return {
        one: savings(hires.get(one, ()), stated.get(one, ()), first=first, last=last)
        for one in company_ids
    }


@dataclass(frozen=True, slots=True)
class CompanyFigures:
    """What only the company itself reads of a period."""

    savings: Savings
    retention: Retention
    """Of those who joined in the period, as it is today."""
    baseline: CompanyBaseline | None


async def company_figures(
    read: ReadSession, company_id: uuid.UUID, *, first: date, last: date, today: date
) -> CompanyFigures:
    """Savings, and who stayed beside the company's baseline: three statements."""
    hires = (await hire_facts(read, [company_id], first=first, last=last)).get(company_id, [])
    stated = (await assumptions_of(read, [company_id])).get(company_id, [])
    return CompanyFigures(
        savings=savings(hires, stated, first=first, last=last),
        retention=retention_of(map(_stays, hires), today),
        baseline=await read.get(CompanyBaseline, company_id),
    )


def _stays(hire: HireFact) -> Stays:
    return Stays(
        joined_on=hire.joined_on,
        left_on=hire.left_on,
        hires=1,
        early_exits=int(hire.is_early_exit),
        fees_yen=hire.fee_yen,
        refunds_yen=hire.refund_yen,
    )
