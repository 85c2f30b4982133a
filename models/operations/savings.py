"""What a company states of its hiring, for what it saved to be worked out from."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidInput
from models.operations.handovers import time_zone_of
from models.rules.flows import local_day
from models.rules.savings import VERSIONS_MAX, Assumptions, check_assumptions
from models.session import WriteSession
from models.tables.savings import HiringAssumptions
from models.upsert import insert_for


@dataclass(frozen=True, slots=True)
class StateAssumptions:
    """What holds from a day on. It takes the place of what was stated for the same day."""

    assumptions: Assumptions


async def state_assumptions(tx: WriteSession, actor: Actor, command: StateAssumptions) -> uuid.UUID:
    """State what the own company's savings are worked out from. Answers the company.

    That it was stated, and from which day on, is in the audit log; what was stated is not: others
    read the log. Raises `InvalidInput`.
    """
    require(actor, Permission.STATE_ASSUMPTIONS)
    company_id = actor.organization_id
    assert company_id is not None
    stated = command.assumptions
    zone = await time_zone_of(tx, actor.consortium_id)
    check_assumptions(stated, local_day(tx.now, zone))
    await _require_room(tx, company_id, stated)
    values = {**asdict(stated), "stated_at": tx.now}
    await tx.execute(
        insert_for(tx, HiringAssumptions)
        .values(company_id=company_id, **values)
        .on_conflict_do_update(index_elements=["company_id", "valid_from"], set_=values)
    )
    audit(
        tx,
        actor,
        "assumptions.stated",
        "organization",
        company_id,
        valid_from=stated.valid_from.isoformat(),
    )
    return company_id


async def _require_room(tx: WriteSession, company_id: uuid.UUID, stated: Assumptions) -> None:
    others = await tx.scalar(
        select(func.count())
        .select_from(HiringAssumptions)
        .where(
            HiringAssumptions.company_id == company_id,
            HiringAssumptions.valid_from != stated.valid_from,
        )
    )
    if (others or 0) >= VERSIONS_MAX:
        raise InvalidInput(
            "validFrom",
            ja=f"前提は{VERSIONS_MAX}回分までです。以前と同じ日付を指定すると、その前提を置き換えます。",
            en=f"At most {VERSIONS_MAX} days can have assumptions. Give the day of one that is "
            "there to put these in its place.",
        )
