"""Records that are needed no more: the notices before, the link that keeps one, and their end.

`models.rules.inactivity` says what counts. The timers look at a page of candidates at a time; what
is done about one of them is a transaction of its own, which looks again first.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from models.access import candidate, system
from models.audit import audit
from models.base import random_id
from models.errors import LinkUnknown
from models.operations.erasures import erase
from models.outbox import Event, EventType, emit
from models.rules.flows import day_begins, local_day
from models.rules.inactivity import (
    NOTICE_BEFORE,
    RETENTION_MONTHS_MIN,
    Erase,
    ErasureReason,
    HireFact,
    Life,
    NoticeStage,
    Notify,
    last_activity,
    next_step,
)
from models.rules.lifecycles import OPEN_REFERRAL, Channel, RequestStatus
from models.session import ReadSession, WriteSession
from models.tables.candidates import Candidate
from models.tables.consortium import Consortium, ProgramVersion
from models.tables.inactivity import DeletionNotice
from models.tables.referrals import Hire, Referral
from models.tables.requests import CandidateRequest
from models.tokens import token_of
from models.upsert import insert_for

KEEP_PURPOSE = "keep-record"
CANDIDATES_PER_PAGE = 200
SHORTEST_SILENCE = timedelta(days=RETENTION_MONTHS_MIN * 28) - NOTICE_BEFORE[NoticeStage.FIRST]
"""Whoever was active since then is not even looked at."""


class ActiveAgain(Exception):
    """The candidate did something at the very moment in which their record was to go."""


@dataclass(slots=True)
class _Silence:
    """One candidate who may have been silent for long, with all that says how long."""

    candidate_id: uuid.UUID
    consortium_id: uuid.UUID
    months: int
    time_zone: str
    last_active_at: datetime
    has_open_request: bool = False
    moved_at: list[datetime] = field(default_factory=list)
    ended_at: list[datetime] = field(default_factory=list)
    hires: list[HireFact] = field(default_factory=list)
    notices: dict[tuple[NoticeStage, datetime], datetime] = field(default_factory=dict)

    def since(self, now: datetime) -> datetime:
        """Since when the record has not been needed."""
        life = Life(
            self.last_active_at, self.ended_at, self.moved_at, self.hires, self.has_open_request
        )
        return last_activity(life, now)

    def step(self, now: datetime) -> Notify | Erase | None:
        """What is to be done now."""
        since = self.since(now)
        sent_at = {stage: at for (stage, about), at in self.notices.items() if about == since}
        return next_step(since, self.months, sent_at, now)


async def due_silences(
    read: ReadSession, after: uuid.UUID | None
) -> tuple[list[uuid.UUID], uuid.UUID | None]:
    """Those of the next candidates whom to notify or to erase; and where to go on, none at the end.

    Each is then looked at again by `end_silence`.
    """
    page = await _silent(read, after)
    due = [one.candidate_id for one in page if one.step(read.now) is not None]
    is_last = len(page) < CANDIDATES_PER_PAGE
    return due, None if is_last else page[-1].candidate_id


async def end_silence(tx: WriteSession, candidate_id: uuid.UUID) -> bool:
    """Do what is due about one candidate; answers whether anything was.

    The keys of who is erased are destroyed by `models.operations.erased_keys`. Raises `ActiveAgain`
    where they did something while it was done, and `NotFound` where somebody else erased them: the
    transaction is undone.
    """
    found = await _silent(tx, None, [candidate_id])
    step = found[0].step(tx.now) if found else None
    if isinstance(step, Notify):
        return await _notify(tx, found[0], step)
    if isinstance(step, Erase):
        actor = system(found[0].consortium_id)
        await erase(tx, actor, candidate_id, erased_at=tx.now, reason=ErasureReason.SILENCE)
        # It is locked by now: nothing can happen to it any more.
        person = await tx.get_one(Candidate, candidate_id)
        if person.last_active_at != found[0].last_active_at:
            raise ActiveAgain
        return True
    return False


async def _notify(tx: WriteSession, silence: _Silence, step: Notify) -> bool:
    still_silent = await tx.scalar(
        select(Candidate.id)
        .where(
            Candidate.id == silence.candidate_id,
            Candidate.erased_at.is_(None),
            Candidate.last_active_at == silence.last_active_at,
        )
        .with_for_update(key_share=True)
    )
    if still_silent is None:
        return False
    notice_id = random_id()
    zone = silence.time_zone
    made = await tx.scalar(
        insert_for(tx, DeletionNotice)
        .values(
            id=notice_id,
            consortium_id=silence.consortium_id,
            candidate_id=silence.candidate_id,
            stage=step.stage,
            silent_since=silence.since(tx.now),
            goes_on=local_day(step.goes_at, zone),
            token_hash=tx.vault.token_hash(token_of(tx.vault, KEEP_PURPOSE, notice_id)),
            sent_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["candidate_id", "stage", "silent_since"])
        .returning(DeletionNotice.id)
    )
    if made is None:
        return False
    refs = {"notice": notice_id.hex}
    await emit(tx, Event(EventType.DELETION_NOTICED, silence.consortium_id, refs))
    audit(
        tx,
        system(silence.consortium_id),
        "candidate.deletion_noticed",
        "candidate",
        silence.candidate_id,
        stage=step.stage.value,
    )
    return True


async def keep_record(tx: WriteSession, token: str, locale: str) -> None:
    """A candidate keeps their record, by the link of a notice: the silence is over.

    Raises `LinkUnknown` for any other link, and once the record is gone.
    """
    notice = await tx.scalar(
        select(DeletionNotice).where(DeletionNotice.token_hash == tx.vault.token_hash(token))
    )
    if notice is None:
        raise LinkUnknown
    kept = await tx.scalar(
        update(Candidate)
        .where(Candidate.id == notice.candidate_id, Candidate.erased_at.is_(None))
        .values(last_active_at=tx.now)
        .returning(Candidate.id)
        .execution_options(synchronize_session=False)
    )
    if kept is None:
        raise LinkUnknown
    actor = candidate(notice.consortium_id, kept, locale)
    audit(tx, actor, "candidate.kept", "candidate", kept)


# What there was of each


async def _silent(
    read: ReadSession, after: uuid.UUID | None, ids: Collection[uuid.UUID] | None = None
) -> list[_Silence]:
    """Candidates who did nothing of late, by id: all of them after one, or those of some ids."""
    statement = (
        select(
            Candidate.id,
            Candidate.consortium_id,
            Consortium.retention_months,
            Consortium.time_zone,
            Candidate.last_active_at,
        )
        .join(Consortium, Consortium.id == Candidate.consortium_id)
        .where(
            Candidate.erased_at.is_(None),
            Candidate.last_active_at <= read.now - SHORTEST_SILENCE,
        )
        .order_by(Candidate.id)
        .limit(CANDIDATES_PER_PAGE)
    )
    if after is not None:
        statement = statement.where(Candidate.id > after)
    if ids is not None:
        statement = statement.where(Candidate.id.in_(ids))
    found = [_Silence(*row) for row in await read.execute(statement)]
    if found:
        await _add_what_happened(read, {one.candidate_id: one for one in found})
    return found


async def _add_what_happened(read: ReadSession, by_id: Mapping[uuid.UUID, _Silence]) -> None:
    ids: Sequence[uuid.UUID] = list(by_id)
    introductions = await read.execute(
        select(Referral.candidate_id, Referral.status, Referral.changed_at).where(
            Referral.candidate_id.in_(ids), Referral.channel != Channel.RELAY_LINK
        )
    )
    for row in introductions:
        one = by_id[row.candidate_id]
        (one.moved_at if row.status in OPEN_REFERRAL else one.ended_at).append(row.changed_at)
    hires = await read.execute(
        select(Referral.candidate_id, Hire, ProgramVersion.guarantee_days)
        .join(Referral, Referral.id == Hire.referral_id)
        .join(ProgramVersion, ProgramVersion.id == Hire.program_version_id)
        .where(Referral.candidate_id.in_(ids))
    )
    for candidate_id, hire, guarantee_days in hires:
        by_id[candidate_id].hires.append(_fact(hire, guarantee_days, by_id[candidate_id].time_zone))
    requests = await read.scalars(
        select(CandidateRequest.candidate_id).where(
            CandidateRequest.candidate_id.in_(ids), CandidateRequest.status == RequestStatus.OPEN
        )
    )
    for candidate_id in requests:
        by_id[candidate_id].has_open_request = True
    notices = await read.scalars(select(DeletionNotice).where(DeletionNotice.candidate_id.in_(ids)))
    for notice in notices:
        told = by_id[notice.candidate_id].notices
        told[notice.stage, notice.silent_since] = notice.sent_at


def _fact(hire: Hire, guarantee_days: int, time_zone: str) -> HireFact:
    return HireFact(
        joined_at=day_begins(hire.joined_on, time_zone),
        left_at=day_begins(hire.left_on, time_zone) if hire.left_on else None,
        guarantee=timedelta(days=guarantee_days),
    )
