"""The milestones of hires: noted when their day has come, undone where an exit proves them wrong.

What else is to follow from a milestone belongs into `reach_milestone`, and its undoing into
`undo_milestone`: both run in the transaction that notes the fact. Rewards follow last of all, once
for everything that the transaction has noted: `settle_rewards`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select

from models.access import Actor, system
from models.audit import audit
from models.operations.handovers import time_zone_of
from models.operations.rewards import settle_rewards
from models.outbox import Event, EventType, emit
from models.rules.flows import day_begins, local_day
from models.rules.outcomes import milestones_reached, next_milestone_on
from models.session import WriteSession
from models.tables.outcomes import HireMilestone
from models.tables.referrals import Hire

HIRES_PER_BATCH = 200


async def reach_milestones(tx: WriteSession, batch: int = HIRES_PER_BATCH) -> int:
    """Note the milestones whose day has begun. The timers call it.

    Answers how many hires were looked at: fewer than ``batch`` means that none is left.
    """
    rows = (
        await tx.scalars(
            select(Hire)
            .where(Hire.next_milestone_at <= tx.now)
            .order_by(Hire.next_milestone_at, Hire.id)
            .limit(batch)
            .with_for_update(skip_locked=True, key_share=True)
        )
    ).all()
    zones = {key: await time_zone_of(tx, key) for key in {row.consortium_id for row in rows}}
    standing = await _standing(tx, [row.id for row in rows])
    reached: dict[uuid.UUID, list[uuid.UUID]] = {}
    for hire in rows:
        zone = zones[hire.consortium_id]
        noted = {one.days for one in standing if one.hire_id == hire.id}
        due = milestones_reached(hire.joined_on, hire.left_on, local_day(tx.now, zone))
        for days in due:
            if days not in noted:
                await reach_milestone(tx, hire, days)
                reached.setdefault(hire.consortium_id, []).append(hire.referral_id)
        await_milestone(hire, noted | set(due), zone)
    await tx.flush()
    for consortium_id in sorted(reached):
        await settle_rewards(tx, system(consortium_id), reached[consortium_id])
    return len(rows)


async def reach_milestone(tx: WriteSession, hire: Hire, days: int) -> None:
    """Note that the person of a locked hire has stayed so many days, and tell of it."""
    tx.add(
        HireMilestone(
            hire_id=hire.id,
            days=days,
            reached_on=hire.joined_on + timedelta(days=days),
            noted_at=tx.now,
        )
    )
    refs = {"hire": hire.id.hex, "days": str(days)}
    await emit(tx, Event(EventType.HIRE_MILESTONE, hire.consortium_id, refs))
    audit(tx, system(hire.consortium_id), "hire.milestone_reached", "hire", hire.id, days=days)


async def undo_milestone(
    tx: WriteSession, actor: Actor, hire: Hire, milestone: HireMilestone
) -> None:
    """An exit has shown that the person of a locked hire did not stay so long."""
    milestone.undone_at = tx.now
    audit(tx, actor, "hire.milestone_undone", "hire", hire.id, days=milestone.days)


async def settle_milestones(tx: WriteSession, actor: Actor, hire: Hire, time_zone: str) -> None:
    """An exit of a locked hire was recorded or taken back: undo what is no longer true.

    What is true again, or still to come, is noted by the timers.
    """
    noted = set()
    for milestone in await _standing(tx, [hire.id]):
        if hire.left_on is not None and milestone.reached_on > hire.left_on:
            await undo_milestone(tx, actor, hire, milestone)
        else:
            noted.add(milestone.days)
    await_milestone(hire, noted, time_zone)


def await_milestone(hire: Hire, noted: Collection[int], time_zone: str) -> None:
    """Say when the timers look at a hire again, which has these milestones already."""
    day = next_milestone_on(hire.joined_on, hire.left_on, noted)
    hire.next_milestone_at = None if day is None else day_begins(day, time_zone)


async def _standing(tx: WriteSession, hire_ids: Sequence[uuid.UUID]) -> Sequence[HireMilestone]:
    rows = await tx.scalars(
        select(HireMilestone)
        .where(HireMilestone.hire_id.in_(hire_ids), HireMilestone.undone_at.is_(None))
        .order_by(HireMilestone.hire_id, HireMilestone.days)
    )
    return rows.all()
