"""What became of hires that the actor sees: exits, milestones, guarantees."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from models.access import Actor
from models.rules.outcomes import guarantee_ends_on
from models.session import ReadSession
from models.tables.consortium import ProgramVersion
from models.tables.outcomes import HireExit, HireMilestone
from models.tables.referrals import Hire
from models.visibility import visible_hires

Ids = Sequence[uuid.UUID]


async def exits_by_hire(
    read: ReadSession, actor: Actor, hire_ids: Ids
) -> Mapping[uuid.UUID, HireExit]:
    """The exit that stands of each hire whose person has left."""
    rows = await read.scalars(
        _of_hires(select(HireExit), HireExit, actor, hire_ids).where(HireExit.reversed_at.is_(None))
    )
    return {row.hire_id: row for row in rows}


async def milestones_by_hire(
    read: ReadSession, actor: Actor, hire_ids: Ids
) -> Mapping[uuid.UUID, list[HireMilestone]]:
    """The milestones of each hire that hold, in their order."""
    rows = await read.scalars(
        _of_hires(select(HireMilestone), HireMilestone, actor, hire_ids)
        .where(HireMilestone.undone_at.is_(None))
        .order_by(HireMilestone.days)
    )
    found = defaultdict(list)
    for row in rows:
        found[row.hire_id].append(row)
    return found


async def guarantee_ends(read: ReadSession, hires: Sequence[Hire]) -> list[date | None]:
    """The last day of each hire's guarantee, none where there is no guarantee."""
    ids = {hire.program_version_id for hire in hires}
    rows = await read.execute(
        select(ProgramVersion.id, ProgramVersion.guarantee_days).where(ProgramVersion.id.in_(ids))
    )
    days = {row.id: row.guarantee_days for row in rows}
    return [guarantee_ends_on(hire.joined_on, days[hire.program_version_id]) for hire in hires]


def _of_hires(statement: Any, table: Any, actor: Actor, hire_ids: Ids) -> Any:
    return statement.join(Hire, Hire.id == table.hire_id).where(
        visible_hires(actor), table.hire_id.in_(list(hire_ids))
    )
