"""A person leaves: what that makes of the hire, and taking it back where it was a mistake."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidTransition, NotFound
from models.operations.free_hires import return_spent, spend_again
from models.operations.handovers import time_zone_of
from models.operations.milestones import settle_milestones
from models.operations.notices import notify
from models.operations.rewards import settle_rewards
from models.rules.flows import local_day
from models.rules.lifecycles import HIRE, HireStatus, require_step
from models.rules.notices import NoticeKind
from models.rules.outcomes import (
    ExitReason,
    Guarantee,
    NotRecorder,
    check_left_on,
    judge_exit,
    refunds_of,
)
from models.session import WriteSession
from models.tables.consortium import ProgramVersion
from models.tables.outcomes import HireExit
from models.tables.referrals import Hire
from models.visibility import visible_hires


@dataclass(frozen=True, slots=True)
class RecordExit:
    """The last day of employment of a person who joined, and why they left where it is told."""

    hire_id: uuid.UUID
    left_on: date
    reason: ExitReason | None = None


@dataclass(frozen=True, slots=True)
class ReverseExit:
    """An exit that was recorded by mistake."""

    hire_id: uuid.UUID


async def record_exit(tx: WriteSession, actor: Actor, command: RecordExit) -> uuid.UUID:
    """The person has left: either side says so. Answers the hire.

    Within the guarantee of the hire's version of the rules it is an early exit: the refund of the
    fee is worked out, which the two sides settle between them, or the free hire comes back.
    Milestones after the last day are undone, and rewards that rested on them or on the hire are
    taken back. Raises `NotFound`, `InvalidTransition` and `InvalidInput`.
    """
    require(actor, Permission.HANDLE_REFERRALS)
    assert actor.organization_id is not None
    hire = await _locked(tx, command.hire_id, visible_hires(actor))
    require_step("hire", HIRE, hire.status, HireStatus.LEFT)
    zone = await time_zone_of(tx, hire.consortium_id)
    today = local_day(tx.now, zone)
    check_left_on(command.left_on, joined_on=hire.joined_on, today=today)
    judged = judge_exit(
        joined_on=hire.joined_on,
        left_on=command.left_on,
        fee_yen=hire.fee_yen,
        is_free=hire.free_hire_id is not None,
        guarantee=await _guarantee(tx, hire),
    )
    is_early = judged.status is HireStatus.LEFT_EARLY
    exit_ = HireExit(
        hire_id=hire.id,
        status=judged.status,
        left_on=command.left_on,
        reason=command.reason,
        refund_yen=judged.refund_yen,
        entry_id=await return_spent(tx, actor, hire) if is_early else None,
        by_id=actor.organization_id,
        recorded_at=tx.now,
    )
    tx.add(exit_)
    hire.status, hire.left_on = judged.status, command.left_on
    hire.refund_yen = judged.refund_yen
    await settle_milestones(tx, actor, hire, zone)
    await tx.flush()
    await settle_rewards(tx, actor, [hire.referral_id])
    audit(tx, actor, f"hire.{judged.status.value.lower()}", "hire", hire.id, exit=exit_.id.hex)
    other_side = {hire.company_id, hire.introducer_id} - {actor.organization_id}
    await notify(tx, hire.consortium_id, NoticeKind.EXIT_RECORDED, hire.id, sorted(other_side))
    return hire.id


async def reverse_exit(tx: WriteSession, actor: Actor, command: ReverseExit) -> uuid.UUID:
    """The person has not left after all: the hire stands as before. Answers it.

    The side that recorded the exit does it, or a consortium admin. A free hire that was given back
    is spent on the hire again, and rewards that were taken back are posted again. Raises
    `NotFound`, `NotRecorder`, `InvalidTransition`, and `FreeHireMovedOn` where that free hire is no
    longer at hand.
    """
    reviews = actor.may(Permission.REVIEW_COUNTS)
    if reviews:
        seen = Hire.consortium_id == actor.consortium_id
    else:
        require(actor, Permission.HANDLE_REFERRALS)
        seen = visible_hires(actor)
    hire = await _locked(tx, command.hire_id, seen)
    exit_ = await _standing_exit(tx, hire)
    if not reviews and exit_.by_id != actor.organization_id:
        raise NotRecorder
    if exit_.entry_id is not None:
        await spend_again(tx, actor, hire, exit_.entry_id)
    exit_.reversed_at = tx.now
    hire.status, hire.left_on, hire.refund_yen = HireStatus.JOINED, None, None
    await settle_milestones(tx, actor, hire, await time_zone_of(tx, hire.consortium_id))
    await tx.flush()
    await settle_rewards(tx, actor, [hire.referral_id])
    audit(tx, actor, "hire.exit_reversed", "hire", hire.id, exit=exit_.id.hex)
    return hire.id


async def _locked(tx: WriteSession, hire_id: uuid.UUID, seen: ColumnElement[bool]) -> Hire:
    hire = await tx.scalar(
        select(Hire).where(seen, Hire.id == hire_id).with_for_update(key_share=True)
    )
    if hire is None:
        raise NotFound("hireId", what="hire")
    return hire


async def _standing_exit(tx: WriteSession, hire: Hire) -> HireExit:
    found = await tx.scalar(
        select(HireExit).where(HireExit.hire_id == hire.id, HireExit.reversed_at.is_(None))
    )
    if found is None:
        raise InvalidTransition(what="hire", state=hire.status.value, allowed="")
    return found


async def _guarantee(tx: WriteSession, hire: Hire) -> Guarantee:
    version = await tx.get_one(ProgramVersion, hire.program_version_id)
    return Guarantee(version.guarantee_days, refunds_of(version.refund_schedule))
