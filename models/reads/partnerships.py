"""Partnerships, as their companies and the consortium's admins see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows, page_rows_by_parent
from models.rules.lifecycles import TermsStatus
from models.session import ReadSession
from models.tables.partnerships import (
    Partnership,
    PartnershipParty,
    PartnershipStep,
    Terms,
    TermsAcceptance,
)
from models.visibility import visible_partnerships, visible_terms

KEYS = (Partnership.created_at, Partnership.id)
STEP_KEYS = (PartnershipStep.at, PartnershipStep.id)


@dataclass(frozen=True, slots=True)
class PartnershipFilter:
    """Which partnerships: any of the conditions, each None where nothing is asked."""

    status: object | None = None
    name: object | None = None
    company_id: uuid.UUID | None = None


def _conditions(actor: Actor, where: PartnershipFilter) -> list[ColumnElement[bool]]:
    conditions = [
        visible_partnerships(actor),
        *matches(Partnership.status, where.status, "status"),
        *matches(Partnership.name, where.name, "name"),
    ]
    if where.company_id is not None:
        taking_part = select(PartnershipParty.partnership_id).where(
            PartnershipParty.company_id == where.company_id
        )
        conditions.append(Partnership.id.in_(taking_part))
    return conditions


async def partnerships_page(
    read: ReadSession, actor: Actor, where: PartnershipFilter, asked: PageAsked, *, descending: bool
) -> Sequence[Partnership]:
    """One page of the partnerships that the actor sees, by age."""
    statement = select(Partnership).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_partnerships(read: ReadSession, actor: Actor, where: PartnershipFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Partnership).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def partnerships_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Partnership]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(Partnership).where(
            visible_partnerships(actor), Partnership.id.in_(list(dict.fromkeys(ids)))
        )
    )
    return {row.id: row for row in rows}


async def terms_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Terms]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(Terms).where(visible_terms(actor), Terms.id.in_(list(dict.fromkeys(ids))))
    )
    return {row.id: row for row in rows}


async def parties_by_partnership(
    read: ReadSession, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[PartnershipParty]]:
    """The companies of partnerships that are seen: they see each other."""
    rows = await read.scalars(
        select(PartnershipParty)
        .where(PartnershipParty.partnership_id.in_(ids))
        .order_by(PartnershipParty.partnership_id, PartnershipParty.company_id)
    )
    return _grouped(rows.all())


async def terms_by_partnership(
    read: ReadSession, ids: Sequence[uuid.UUID], status: TermsStatus
) -> Mapping[uuid.UUID, Terms]:
    """The one version in a state that stands in each partnership that is seen."""
    rows = await read.scalars(
        select(Terms).where(Terms.partnership_id.in_(ids), Terms.status == status)
    )
    return {row.partnership_id: row for row in rows}


async def acceptances_by_terms(
    read: ReadSession, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[uuid.UUID]]:
    """The companies that said yes to versions of terms that are seen, the earliest first."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {one: [] for one in ids}
    rows = await read.execute(
        select(TermsAcceptance.terms_id, TermsAcceptance.company_id)
        .where(TermsAcceptance.terms_id.in_(ids))
        .order_by(TermsAcceptance.accepted_at, TermsAcceptance.company_id)
    )
    for terms_id, company_id in rows:
        found[terms_id].append(company_id)
    return found


async def history_by_partnership(
    read: ReadSession, ids: Sequence[uuid.UUID], asked: PageAsked
) -> Mapping[uuid.UUID, Sequence[Row[Any]]]:
    """The same page of what happened to many partnerships, the newest first."""
    columns: tuple[Any, ...] = (
        PartnershipStep.id,
        PartnershipStep.partnership_id,
        PartnershipStep.deed,
        PartnershipStep.company_id,
        PartnershipStep.terms_number,
        PartnershipStep.reason,
        PartnershipStep.at,
    )
    return await page_rows_by_parent(
        read,
        select(*columns),
        STEP_KEYS,
        asked,
        parents=ids,
        parent=PartnershipStep.partnership_id,
        descending=True,
    )


async def steps_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, PartnershipStep]:
    """Those of the ids that happened to a partnership which the actor sees."""
    rows = await read.scalars(
        select(PartnershipStep)
        .join(Partnership, Partnership.id == PartnershipStep.partnership_id)
        .where(visible_partnerships(actor), PartnershipStep.id.in_(list(dict.fromkeys(ids))))
    )
    return {row.id: row for row in rows}


async def count_history(read: ReadSession, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """How much happened to each."""
    rows = await read.execute(
        select(PartnershipStep.partnership_id, func.count())
        .where(PartnershipStep.partnership_id.in_(ids))
        .group_by(PartnershipStep.partnership_id)
    )
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in rows}


def _grouped(
    rows: Sequence[PartnershipParty],
) -> Mapping[uuid.UUID, Sequence[PartnershipParty]]:
    found: dict[uuid.UUID, list[PartnershipParty]] = {}
    for row in rows:
        found.setdefault(row.partnership_id, []).append(row)
    return found
