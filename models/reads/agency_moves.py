"""Where a candidate's case would go, when its agency may go on no more."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from models.operations.programs import program_in_force
from models.operations.support import able_agencies, choose_agency
from models.rules.lifecycles import CaseStatus
from models.session import ReadSession
from models.tables.consortium import Organization
from models.tables.referrals import Case
from models.vocabulary.text import Text


def name_of(organization: Organization) -> Text:
    """An organization's name in both languages."""
    return Text(organization.name, organization.name_en or organization.name)


@dataclass(frozen=True, slots=True)
class AgencyMove:
    """One's agency may go on no more; another may take the case, unless there is none."""

    agency_id: uuid.UUID | None
    agency: Text | None


async def move_of(
    read: ReadSession, case: Case | None, hidden_from: Collection[uuid.UUID]
) -> AgencyMove | None:
    """Whether an open case asks its candidate to move, and where it would go."""
    if case is None or case.status is not CaseStatus.OPEN:
        return None
    program = await program_in_force(read, case.consortium_id)
    able = await able_agencies(read, case.consortium_id, program)
    if case.agency_id in able and case.agency_id not in hidden_from:
        return None
    agency_id = choose_agency(able, program, hidden_from=hidden_from)
    if agency_id is None:
        return AgencyMove(None, None)
    return AgencyMove(agency_id, name_of(await read.get_one(Organization, agency_id)))
