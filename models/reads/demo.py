"""What the demo's history looks up between its steps."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from models.rules.lifecycles import CaseStatus, Channel, DeletionStatus, HireStatus
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.deletions import DeletionRequest
from models.tables.referrals import Case, Hire, Referral
from models.tables.rewards import Funding


async def case_of(read: ReadSession, candidate_id: uuid.UUID) -> uuid.UUID | None:
    """The agency that looks after the candidate now."""
    return await read.scalar(
        select(Case.agency_id).where(
            Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN
        )
    )


async def was_delivered(read: ReadSession, referral_id: uuid.UUID) -> bool:
    """Whether the receiver knows of a referral."""
    found = await read.scalar(select(Referral.delivered_at).where(Referral.id == referral_id))
    return found is not None


async def deletion_of(read: ReadSession, referral_id: uuid.UUID) -> uuid.UUID | None:
    """The open request to delete what was given with a referral."""
    found: uuid.UUID | None = await read.scalar(
        select(DeletionRequest.id).where(
            DeletionRequest.referral_id == referral_id,
            DeletionRequest.status == DeletionStatus.OPEN,
        )
    )
    return found


async def last_funding(read: ReadSession, agency_id: uuid.UUID) -> uuid.UUID:
    """The agency's part in the terms that named it last."""
    rows = await read.scalars(
        select(Funding.id)
        .where(Funding.agency_id == agency_id)
        .order_by(Funding.proposed_at.desc(), Funding.id.desc())
        .limit(1)
    )
    return rows.one()


async def last_partner_hire(
    read: ReadSession, consortium_id: uuid.UUID
) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The last hire of someone whom a partner gave on, and the company that hired."""
    row = (
        await read.execute(
            select(Hire.id, Hire.company_id)
            .join(Referral, Referral.id == Hire.referral_id)
            .where(
                Hire.consortium_id == consortium_id,
                Hire.status == HireStatus.JOINED,
                Referral.channel == Channel.PARTNER_SHARE,
            )
            .order_by(Hire.joined_on.desc(), Hire.id)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (row.id, row.company_id)


async def latest_candidates(
    read: ReadSession, consortium_id: uuid.UUID, number: int
) -> list[uuid.UUID]:
    """Those who registered last, the latest first."""
    rows = await read.scalars(
        select(Candidate.id)
        .where(Candidate.consortium_id == consortium_id, Candidate.erased_at.is_(None))
        .order_by(Candidate.created_at.desc(), Candidate.id)
        .limit(number)
    )
    return list(rows)
