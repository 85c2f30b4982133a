"""Exports of the statutory registers: who may, and the record that it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound
from models.operations.handovers import time_zone_of
from models.rules.flows import local_day
from models.rules.registers import REGISTERS_OF, Register, RegisterFormat, require_period
from models.session import WriteSession
from models.tables.consortium import Organization


@dataclass(frozen=True, slots=True)
class ExportRegister:
    """One register of one's own organization, for a period of local days."""

    register: Register
    format: RegisterFormat
    first: date
    last: date


async def export_register(tx: WriteSession, actor: Actor, command: ExportRegister) -> None:
    """Record that a register is taken out; what is in it is read afterwards.

    Consortium admins have none: a register is its organization's own, and names persons. Raises
    `Forbidden`, `InvalidInput`, and `NotFound` for one that this kind of organization does not
    keep.
    """
    require(actor, Permission.EXPORT_REGISTERS)
    assert actor.organization_id is not None
    assert actor.organization_kind is not None
    if command.register not in REGISTERS_OF[actor.organization_kind]:
        raise NotFound("register", what="register")
    zone = await time_zone_of(tx, actor.consortium_id)
    period = require_period(command.first, command.last, local_day(tx.now, zone))
    organization = await tx.get_one(Organization, actor.organization_id)
    audit(
        tx,
        actor,
        "register.exported",
        "organization",
        organization.id,
        register=command.register.value,
        format=command.format.value,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
    )
