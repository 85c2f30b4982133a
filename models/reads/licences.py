"""Whether an agency may place people today: a member whose licence has not lapsed."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from models.rules.flows import local_day
from models.rules.handovers import LicenceNotValid, has_valid_licence
from models.rules.lifecycles import MembershipStatus
from models.session import ReadSession
from models.tables.consortium import Consortium, Membership, Organization


async def licensed_today(read: ReadSession, agency_id: uuid.UUID) -> date:
    """Today where the consortium is. Raises `LicenceNotValid` where the agency may not place."""
    found = (
        await read.execute(
            select(Membership.status, Organization.licence_expires_on, Consortium.time_zone)
            .join(Organization, Organization.id == Membership.organization_id)
            .join(Consortium, Consortium.id == Organization.consortium_id)
            .where(Membership.organization_id == agency_id)
        )
    ).one()
    today = local_day(read.now, found.time_zone)
    is_valid = has_valid_licence(found.licence_expires_on, today)
    if found.status is not MembershipStatus.ACTIVE or not is_valid:
        raise LicenceNotValid
    return today
