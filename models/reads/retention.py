"""How long people stay whom a company hired, or an agency introduced; and a company's baseline.

Each organization reads its own alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import case, func, select

from models.access import Actor, Permission
from models.rules.flows import local_day
from models.rules.lifecycles import HireStatus, OrganizationKind
from models.rules.retention import Retention, Stays, retention_of
from models.session import ReadSession
from models.tables.consortium import Consortium
from models.tables.outcomes import CompanyBaseline
from models.tables.referrals import Hire
from models.visibility import visible_hires

Ids = Sequence[uuid.UUID]


async def retention_by_organization(
    read: ReadSession, actor: Actor, organization_ids: Ids
) -> Mapping[uuid.UUID, Retention]:
    """The figures of the actor's own organization, where it is among these: two statements."""
    own = _own(actor, organization_ids)
    if own is None:
        return {}
    is_agency = actor.organization_kind is OrganizationKind.AGENCY
    side = Hire.introducer_id if is_agency else Hire.company_id
    early = case((Hire.status == HireStatus.LEFT_EARLY, 1), else_=0)
    rows = await read.execute(
        select(
            Hire.joined_on,
            Hire.left_on,
            func.count(),
            func.sum(early),
            func.sum(Hire.fee_yen),
            func.coalesce(func.sum(Hire.refund_yen), 0),
        )
        .where(visible_hires(actor), side == own)
        .group_by(Hire.joined_on, Hire.left_on)
    )
    stays = [Stays(row[0], row[1], *map(int, row[2:])) for row in rows]
    zone = await read.scalar(
        select(Consortium.time_zone).where(Consortium.id == actor.consortium_id)
    )
    assert zone is not None
    return {own: retention_of(stays, local_day(read.now, zone))}


async def baselines_by_company(
    read: ReadSession, actor: Actor, company_ids: Ids
) -> Mapping[uuid.UUID, CompanyBaseline]:
    """The baseline of the actor's own company, where it is among these and was stated."""
    own = _own(actor, company_ids)
    row = None if own is None else await read.get(CompanyBaseline, own)
    return {} if row is None else {row.company_id: row}


def _own(actor: Actor, ids: Ids) -> uuid.UUID | None:
    if not actor.may(Permission.READ_REFERRALS) or actor.organization_id not in ids:
        return None
    return actor.organization_id
