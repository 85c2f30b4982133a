"""Exits that stand, for the consortium's admins, who can take one back: without the person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.paging import Keys, PageAsked, page_rows
from models.rules.lifecycles import HireStatus
from models.session import ReadSession
from models.tables.outcomes import HireExit
from models.tables.referrals import Hire
from models.visibility import visible_standing_exits

KEYS: Keys = (HireExit.recorded_at, HireExit.id)


@dataclass(frozen=True, slots=True)
class StandingExit:
    """An exit and its hire, with nothing of who left, why, or for which fee."""

    id: uuid.UUID
    hire_id: uuid.UUID
    company_id: uuid.UUID
    introducer_id: uuid.UUID
    by_id: uuid.UUID
    status: HireStatus
    joined_on: date
    left_on: date
    recorded_at: datetime


def _listed(actor: Actor, company_id: uuid.UUID | None) -> Any:
    conditions: list[ColumnElement[bool]] = [visible_standing_exits(actor)]
    if company_id is not None:
        conditions.append(Hire.company_id == company_id)
    return (
        select(
            HireExit.id,
            HireExit.hire_id,
            Hire.company_id,
            Hire.introducer_id,
            HireExit.by_id,
            HireExit.status,
            Hire.joined_on,
            HireExit.left_on,
            HireExit.recorded_at,
        )
        .join(Hire, Hire.id == HireExit.hire_id)
        .where(*conditions)
    )


async def exits_page(
    read: ReadSession, actor: Actor, company_id: uuid.UUID | None, asked: PageAsked
) -> Sequence[StandingExit]:
    """One page of them, or of those of one company's hires, the latest recorded first."""
    rows = await page_rows(read, _listed(actor, company_id), KEYS, asked, descending=True)
    return [_exit(row) for row in rows]


async def count_exits(read: ReadSession, actor: Actor, company_id: uuid.UUID | None) -> int:
    """How many there are."""
    listed = _listed(actor, company_id)
    found: int | None = await read.scalar(
        listed.with_only_columns(func.count(), maintain_column_froms=True)
    )
    return found or 0


async def exits_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, StandingExit]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(_listed(actor, None).where(HireExit.id.in_(ids)))
    return {row.id: _exit(row) for row in rows}


def _exit(row: Any) -> StandingExit:
    return StandingExit(*row)
