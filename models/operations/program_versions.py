"""The relay's rules, version by version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import DefaultAgencyUnfit, InvalidInput, NotFound
from models.rules.bounds import require_between
from models.rules.counting import CountRule, OpenLinks
from models.rules.flows import local_day
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.rules.outcomes import (
    RefundRows,
    RefundStep,
    check_refunds,
    refund_rows,
    standard_refunds,
)
from models.session import WriteSession
from models.tables.consortium import (
    Consortium,
    Membership,
    Organization,
    Program,
    ProgramVersion,
)
from models.visibility import visible_organizations, visible_programs

PLANNED_AHEAD_MAX_DAYS = 731

BOUNDS = {
    "counts_per_free_hire": (1, 1_000),
    "window_days": (1, 3_650),
    "free_hire_valid_days": (1, 3_650),
    "guarantee_days": (0, 365),
    "grace_days": (0, 3_650),
    "link_limit": (1, 100_000),
    "device_limit": (1, 1_000),
}
"""The lowest and highest value of each number, as the table's constraints have them."""

PATHS = {
    "counts_per_free_hire": "countsPerFreeHire",
    "window_days": "windowDays",
    "free_hire_valid_days": "freeHireValidDays",
    "guarantee_days": "guaranteeDays",
    "grace_days": "graceDays",
    "link_limit": "linkLimit",
    "device_limit": "deviceLimit",
}


@dataclass(frozen=True, slots=True)
class PublishProgramVersion:
    """The rules from an instant on; from now on where none is given."""

    default_agency_id: uuid.UUID
    effective_from: datetime | None = None
    counts_per_free_hire: int = 10
    count_rule: CountRule = CountRule.EACH_COMPANY
    window_days: int = 365
    free_hire_valid_days: int = 730
    open_links: OpenLinks = OpenLinks.ALL
    guarantee_days: int = 90
    refund_schedule: Sequence[RefundStep] | None = None
    """`standard_refunds` where none is given."""
    grace_days: int = 180
    link_limit: int = 100
    device_limit: int = 10


async def publish_program_version(
    tx: WriteSession, actor: Actor, command: PublishProgramVersion
) -> uuid.UUID:
    """Publish the next version. It never judges what happened before it took effect.

    Of two versions that take effect at the same instant the later number holds, so that a planned
    one can be replaced. Raises `InvalidInput`, `DefaultAgencyUnfit` and `NotFound`.
    """
    require(actor, Permission.MANAGE_PROGRAM)
    numbers: dict[str, Any] = {
        name: require_between(PATHS[name], getattr(command, name), *bounds)
        for name, bounds in BOUNDS.items()
    }
    refunds = _refunds(command)
    effective_from = _effective_from(tx, command)
    await _require_fit(tx, actor, command.default_agency_id, effective_from)
    program_id = await tx.scalar(
        select(Program.id).where(visible_programs(actor)).with_for_update(key_share=True)
    )
    if program_id is None:
        raise NotFound(what="program")
    version = ProgramVersion(
        program_id=program_id,
        number=await _next_number(tx, program_id),
        effective_from=effective_from,
        count_rule=command.count_rule,
        default_agency_id=command.default_agency_id,
        open_links=command.open_links,
        refund_schedule=refunds,
        created_at=tx.now,
        **numbers,
    )
    tx.add(version)
    await tx.flush()
    audit(
        tx,
        actor,
        "program_version.published",
        "program_version",
        version.id,
        number=version.number,
        count_rule=version.count_rule.value,
        open_links=version.open_links.value,
        refund_schedule=refunds,
        **numbers,
    )
    return version.id


def _refunds(command: PublishProgramVersion) -> RefundRows:
    steps = command.refund_schedule
    if steps is None:
        return refund_rows(standard_refunds(command.guarantee_days))
    check_refunds(steps, command.guarantee_days)
    return refund_rows(steps)


def _effective_from(tx: WriteSession, command: PublishProgramVersion) -> datetime:
    asked = command.effective_from
    if asked is None:
        return tx.now
    if not tx.now <= asked <= tx.now + timedelta(days=PLANNED_AHEAD_MAX_DAYS):
        raise InvalidInput(
            "effectiveFrom",
            ja=f"発効日時は現在から{PLANNED_AHEAD_MAX_DAYS}日以内にしてください。"
            "過去にさかのぼることはできません。",
            en=f"Let it take effect now or within {PLANNED_AHEAD_MAX_DAYS} days, "
            "never in the past.",
        )
    return asked


async def _next_number(tx: WriteSession, program_id: uuid.UUID) -> int:
    latest = await tx.scalar(
        select(func.max(ProgramVersion.number)).where(ProgramVersion.program_id == program_id)
    )
    return (latest or 0) + 1


async def _require_fit(
    tx: WriteSession, actor: Actor, agency_id: uuid.UUID, effective_from: datetime
) -> None:
    # The lock is the one that leaving takes: an agency cannot leave while it becomes the default.
    row = (
        await tx.execute(
            select(
                Organization.kind,
                Organization.licence_expires_on,
                Membership.status,
                Consortium.time_zone,
            )
            .select_from(Membership)
            .join(Organization, Organization.id == Membership.organization_id)
            .join(Consortium, Consortium.id == Organization.consortium_id)
            .where(visible_organizations(actor), Organization.id == agency_id)
            .with_for_update(key_share=True, of=Membership)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("defaultAgencyId", what="agency")
    fit = (
        row.kind is OrganizationKind.AGENCY
        and row.status is MembershipStatus.ACTIVE
        and row.licence_expires_on is not None
        and row.licence_expires_on >= local_day(effective_from, row.time_zone)
    )
    if not fit:
        raise DefaultAgencyUnfit("defaultAgencyId")
