"""Who is a company of the consortium, and who are partners: for questions about the network."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from models.access import Actor
from models.reads.possible_partners import TAKING_PART
from models.rules.lifecycles import LASTING, MembershipStatus, OrganizationKind
from models.session import ReadSession
from models.tables.consortium import Membership, Organization
from models.tables.partnerships import Partnership, PartnershipParty
from models.visibility import visible_organizations


async def member_companies(read: ReadSession, actor: Actor) -> Sequence[uuid.UUID]:
    """The companies that are members, by id."""
    rows = await read.scalars(
        select(Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            visible_organizations(actor),
            Organization.kind == OrganizationKind.COMPANY,
            Membership.status == MembershipStatus.ACTIVE,
        )
        .order_by(Organization.id)
    )
    return rows.all()


async def partner_groups(read: ReadSession, actor: Actor) -> Sequence[tuple[uuid.UUID, ...]]:
    """The parties of each partnership that is not over; for a company, of those it is part of."""
    conditions = [
        Partnership.consortium_id == actor.consortium_id,
        Partnership.status.in_(LASTING),
        PartnershipParty.status.in_(TAKING_PART),
    ]
    if actor.organization_id is not None:
        own = select(PartnershipParty.partnership_id).where(
            PartnershipParty.company_id == actor.organization_id,
            PartnershipParty.status.in_(TAKING_PART),
        )
        conditions.append(Partnership.id.in_(own))
    rows = await read.execute(
        select(PartnershipParty.partnership_id, PartnershipParty.company_id)
        .join(Partnership, Partnership.id == PartnershipParty.partnership_id)
        .where(*conditions)
        .order_by(PartnershipParty.partnership_id, PartnershipParty.company_id)
    )
    groups: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for partnership_id, company_id in rows:
        groups[partnership_id].append(company_id)
    return [tuple(parties) for parties in groups.values()]
