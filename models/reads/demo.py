"""What the demo's history looks up between its steps."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from models.rules.lifecycles import CaseStatus
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.referrals import Case


async def case_of(read: ReadSession, candidate_id: uuid.UUID) -> uuid.UUID | None:
    """The agency that looks after the candidate now."""
    return await read.scalar(
        select(Case.agency_id).where(
            Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN
        )
    )


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
