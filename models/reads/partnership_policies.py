"""Which terms a consortium allows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.rules.partnership_policy import TermsPolicy
from models.rules.sharing import CandidateField
from models.session import ReadSession
from models.tables.partnerships import PartnershipPolicy


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The policy, and since when; None where nothing was ever set."""

    policy: TermsPolicy
    changed_at: datetime | None


async def policy_in_force(session: ReadSession, consortium_id: uuid.UUID) -> PolicyInForce:
    """The consortium's policy as it stands."""
    row = await session.scalar(
        select(PartnershipPolicy).where(PartnershipPolicy.consortium_id == consortium_id)
    )
    if row is None:
        return PolicyInForce(TermsPolicy(), None)
    policy = TermsPolicy(
        tuple(CandidateField(name) for name in row.fields),
        tuple(row.categories),
        row.shared_days_max,
        row.notice_days_min,
        row.rewards_allowed,
        row.companies_may_propose,
    )
    return PolicyInForce(policy, row.changed_at)
