"""What the demo's history looks up between its steps."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from models.rules.lifecycles import CaseStatus
from models.session import ReadSession
from models.tables.referrals import Case


async def case_of(read: ReadSession, candidate_id: uuid.UUID) -> uuid.UUID | None:
    """The agency that looks after the candidate now."""
    return await read.scalar(
        select(Case.agency_id).where(
            Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN
        )
    )
