"""Openings from a CSV file: a company's own, or those an agency keeps for companies."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.base import ordered_id
from models.operations.flows import record_needs
from models.operations.handovers import time_zone_of
from models.operations.members import ImportReport
from models.rules.csv_files import RefusedRow
from models.rules.flows import local_day
from models.rules.lifecycles import MembershipStatus, OpeningStatus, OrganizationKind
from models.rules.opening_list import (
    OpeningList,
    OpeningRow,
    already_open,
    company_not_own,
    company_unknown,
    read_opening_list,
)
from models.session import ReadSession, WriteSession
from models.tables.consortium import Membership, Organization
from models.tables.openings import Opening
from models.upsert import plain_insert
from models.visibility import visible_organizations

Placed = tuple[OpeningRow, uuid.UUID]
"""A row, and the company whose opening it is."""


@dataclass(frozen=True, slots=True)
class ImportOpenings:
    """Openings as `read_openings` read them; the good rows beside bad ones only where asked."""

    openings: OpeningList
    keep_good_rows: bool = False


async def read_openings(read: ReadSession, actor: Actor, data: bytes) -> OpeningList:
    """The openings of a CSV file, and why each other row is refused. Nothing is kept."""
    require(actor, Permission.MANAGE_OPENINGS)
    today = local_day(read.now, await time_zone_of(read, actor.consortium_id))
    is_agency = actor.organization_kind is OrganizationKind.AGENCY
    # Thousands of rows take long enough to be felt by others: off the event loop.
    return await asyncio.to_thread(read_opening_list, data, today, names_companies=is_agency)


async def import_openings(tx: WriteSession, actor: Actor, command: ImportOpenings) -> ImportReport:
    """List the openings of a file: all of them or none, unless asked otherwise.

    What is wrong is reported, not raised. Codes beside those of `read_opening_list`:
    NOT_OWN_COMPANY, UNKNOWN_COMPANY, and ALREADY_EXISTS, so that a file sent twice lists once.
    """
    require(actor, Permission.MANAGE_OPENINGS)
    assert actor.organization_id is not None
    await _one_at_a_time(tx, actor.organization_id)
    placed, refused = await _place(tx, actor, command.openings.rows)
    new, known = await _sift(tx, actor.organization_id, placed)
    refused = sorted([*command.openings.refused, *refused, *known], key=lambda row: row.line)
    if refused and not command.keep_good_rows:
        new = []
    if new:
        await _insert(tx, actor, new)
        audit(
            tx,
            actor,
            "openings.imported",
            "organization",
            actor.organization_id,
            imported=len(new),
            refused=len(refused),
        )
    return ImportReport(len(new), refused, command.openings.unknown_columns)


async def _one_at_a_time(tx: WriteSession, keeper_id: uuid.UUID) -> None:
    """Two imports of one keeper at once would both find that an opening is not listed yet."""
    await tx.execute(
        select(Organization.id).where(Organization.id == keeper_id).with_for_update(key_share=True)
    )


async def _place(
    tx: WriteSession, actor: Actor, rows: Sequence[OpeningRow]
) -> tuple[list[Placed], list[RefusedRow]]:
    """The rows with their companies, and those whose company it cannot be."""
    companies = await _companies(tx, actor, {row.corporate_number for row in rows} - {None})
    is_agency = actor.organization_kind is OrganizationKind.AGENCY
    placed: list[Placed] = []
    refused: list[RefusedRow] = []
    for row in rows:
        company_id = companies.get(row.corporate_number or "")
        if not is_agency and row.corporate_number is None:
            company_id = actor.organization_id
        if not is_agency and company_id != actor.organization_id:
            refused.append(company_not_own(row.line))
        elif company_id is None:
            refused.append(company_unknown(row.line))
        else:
            placed.append((row, company_id))
    return placed, refused


async def _companies(
    tx: WriteSession, actor: Actor, numbers: set[str | None]
) -> Mapping[str, uuid.UUID]:
    """The companies that are members now, by corporate number."""
    rows = await tx.execute(
        select(Organization.corporate_number, Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            visible_organizations(actor),
            Organization.kind == OrganizationKind.COMPANY,
            Organization.corporate_number.in_(numbers),
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    return {row.corporate_number: row.id for row in rows}


async def _sift(
    tx: WriteSession, keeper_id: uuid.UUID, placed: Sequence[Placed]
) -> tuple[list[Placed], list[RefusedRow]]:
    """The rows that are new, and the refusals of those that the keeper has listed already."""
    rows = await tx.execute(
        select(Opening.company_id, Opening.title, Opening.category, Opening.prefecture).where(
            Opening.keeper_id == keeper_id,
            Opening.status == OpeningStatus.OPEN,
            Opening.company_id.in_({company_id for _, company_id in placed}),
        )
    )
    listed = {tuple(row) for row in rows}
    new: list[Placed] = []
    known: list[RefusedRow] = []
    for row, company_id in placed:
        same = (company_id, row.title, row.category, row.prefecture)
        if same in listed:
            known.append(already_open(row.line))
        else:
            # Named and unnamed, a company's own row can be there twice: the first one counts.
            listed.add(same)
            new.append((row, company_id))
    return new, known


async def _insert(tx: WriteSession, actor: Actor, new: Sequence[Placed]) -> None:
    values = [
        {
            "id": ordered_id(),
            "consortium_id": actor.consortium_id,
            "company_id": company_id,
            "keeper_id": actor.organization_id,
            "title": row.title,
            "category": row.category,
            "prefecture": row.prefecture,
            "skills": list(row.skills),
            "experience_years_min": row.experience_years_min,
            "headcount": row.headcount,
            "open_until": row.open_until,
            "status": OpeningStatus.OPEN,
            "created_at": tx.now,
            "changed_at": tx.now,
        }
        for row, company_id in new
    ]
    await tx.execute(plain_insert(Opening), values)
    today = local_day(tx.now, await time_zone_of(tx, actor.consortium_id))
    await _need(tx, actor, new, today)


async def _need(tx: WriteSession, actor: Actor, new: Sequence[Placed], today: date) -> None:
    sought: Counter[tuple[uuid.UUID, str]] = Counter()
    for row, company_id in new:
        sought[company_id, row.category] += row.headcount
    for (company_id, category), number in sorted(sought.items()):
        await record_needs(
            tx,
            consortium_id=actor.consortium_id,
            day=today,
            company_id=company_id,
            category=category,
            sought=number,
        )
