"""What a company compares its hires through the network with."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass

from models.access import Actor, Permission, require
from models.audit import audit
from models.rules.baselines import check_cost, check_percents
from models.session import WriteSession
from models.tables.outcomes import CompanyBaseline
from models.upsert import insert_for


@dataclass(frozen=True, slots=True)
class StateBaseline:
    """Of hires outside the network: who stayed, in percent, and what one cost. All may be left out.

    It takes the place of what was stated before.
    """

    stayed_30_percent: int | None = None
    stayed_90_percent: int | None = None
    stayed_180_percent: int | None = None
    cost_per_hire_yen: int | None = None


async def state_baseline(tx: WriteSession, actor: Actor, command: StateBaseline) -> uuid.UUID:
    """State the own company's baseline. Answers the company.

    That it was stated is in the audit log, what was stated is not: others read the log. Raises
    `InvalidInput`.
    """
    require(actor, Permission.STATE_BASELINE)
    company_id = actor.organization_id
    assert company_id is not None
    check_percents(
        {
            30: command.stayed_30_percent,
            90: command.stayed_90_percent,
            180: command.stayed_180_percent,
        }
    )
    check_cost(command.cost_per_hire_yen)
    stated = {**asdict(command), "changed_at": tx.now}
    await tx.execute(
        insert_for(tx, CompanyBaseline)
        .values(company_id=company_id, **stated)
        .on_conflict_do_update(index_elements=["company_id"], set_=stated)
    )
    audit(tx, actor, "baseline.stated", "organization", company_id)
    return company_id
