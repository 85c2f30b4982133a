"""What the demo's history looks up between its steps."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from models.rules.lifecycles import CaseStatus, DeletionStatus
from models.session import ReadSession
from models.tables.deletions import DeletionRequest
from models.tables.referrals import Case, Referral


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
