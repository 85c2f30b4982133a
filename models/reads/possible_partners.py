"""The companies that one could propose a partnership to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from models.access import Actor
from models.errors import Forbidden, NotFound
from models.rules.lifecycles import LASTING, MembershipStatus, OrganizationKind, PartyStatus
from models.session import ReadSession
from models.tables.consortium import Membership, Organization
from models.tables.partnerships import Partnership, PartnershipParty
from models.visibility import visible_organizations

_COLUMNS = (Organization.id, Organization.industry_division, Organization.prefecture)
TAKING_PART = (PartyStatus.INVITED, PartyStatus.JOINED)


class Possible(NamedTuple):
    """A company, and what there is to compare beside its needs."""

    id: uuid.UUID
    industry_division: str | None
    prefecture: str | None


async def company_to_suggest_for(
    read: ReadSession, actor: Actor, company_id: uuid.UUID | None
) -> Possible:
    """One's own company, where none is named; for consortium admins the one that is named.

    Raises `NotFound`, and `Forbidden` for a company's question about another.
    """
    wanted = company_id or actor.organization_id
    row = (
        await read.execute(
            select(*_COLUMNS)
            .join(Membership, Membership.organization_id == Organization.id)
            .where(
                visible_organizations(actor),
                Organization.id == wanted,
                Organization.kind == OrganizationKind.COMPANY,
                Membership.status == MembershipStatus.ACTIVE,
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound("companyId", what="company")
    if actor.organization_id not in (None, row.id):
        raise Forbidden("companyId", permission="MANAGE_MEMBERS")
    return Possible(*row)


async def possible_partners(
    read: ReadSession, actor: Actor, company_id: uuid.UUID
) -> Sequence[Possible]:
    """The other companies that are members, and in no lasting partnership with this one."""
    own = select(PartnershipParty.partnership_id).where(
        PartnershipParty.company_id == company_id, PartnershipParty.status.in_(TAKING_PART)
    )
    partners = (
        select(PartnershipParty.company_id)
        .join(Partnership, Partnership.id == PartnershipParty.partnership_id)
        .where(
            Partnership.id.in_(own),
            Partnership.status.in_(LASTING),
            PartnershipParty.status.in_(TAKING_PART),
        )
    )
    rows = await read.execute(
        select(*_COLUMNS)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            visible_organizations(actor),
            Organization.kind == OrganizationKind.COMPANY,
            Organization.id != company_id,
            Organization.id.not_in(partners),
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    return [Possible(*row) for row in rows]
