"""The members of a consortium: taken in one by one or by the thousand, kept up, let go."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update

from models.access import Actor, Permission, require
from models.audit import audit
from models.base import ordered_id
from models.errors import AlreadyExists, DefaultAgencyNeeded, InvalidInput, NotFound
from models.operations.agency_moves import forget_asking
from models.operations.exclusions import (
    exclude_members,
    hide_from_renamed,
)
from models.operations.fundings import decline_all_fundings
from models.operations.member_list import lock_member_list
from models.operations.partner_referrals import recall_received
from models.operations.partnerships import leave_all
from models.operations.programs import program_in_force
from models.rules.company_names import company_name_key
from models.rules.csv_files import CellRefused, RefusedRow
from models.rules.lifecycles import (
    MEMBERSHIP,
    LinkStatus,
    MembershipStatus,
    OrganizationKind,
    require_step,
)
from models.rules.member_list import (
    MemberRow,
    already_a_member,
    read_member_list,
    read_one_member,
)
from models.session import WriteSession
from models.tables.consortium import (
    Membership,
    Organization,
    Program,
    ProgramVersion,
)
from models.tables.links import RelayLink
from models.visibility import visible_organizations

NUMBERS_PER_READ = 1_000
"""So many corporate numbers go into one statement: SQLite bounds its parameters."""


@dataclass(frozen=True, slots=True)
class AddMember:
    """An organization to be taken in: at once, or invited first."""

    kind: OrganizationKind
    corporate_number: str
    name: str
    name_en: str | None = None
    industry: str | None = None
    prefecture: str | None = None
    mail_domain: str | None = None
    licence_number: str | None = None
    licence_expires_on: date | None = None
    invite: bool = False


async def add_member(tx: WriteSession, actor: Actor, command: AddMember) -> uuid.UUID:
    """Take an organization in. It is a member from now on, unless it is to be invited first.

    Raises `InvalidInput` and `AlreadyExists`.
    """
    require(actor, Permission.MANAGE_MEMBERS)
    row = _checked(_cells(command))
    await lock_member_list(tx, actor.consortium_id)
    if await _known(tx, actor, [row.corporate_number]):
        raise AlreadyExists("corporateNumber", what="member")
    status = MembershipStatus.INVITED if command.invite else MembershipStatus.ACTIVE
    [member_id] = await _insert(tx, actor, [row], status)
    audit(
        tx,
        actor,
        "member.invited" if command.invite else "member.added",
        "organization",
        member_id,
        corporate_number=row.corporate_number,
    )
    return member_id


def _cells(command: object) -> dict[str, str]:
    values = {one.name: getattr(command, one.name) for one in fields(command)}  # type: ignore[arg-type]
    return {name: str(value) for name, value in values.items() if value is not None}


def _checked(cells: dict[str, str]) -> MemberRow:
    try:
        return read_one_member(cells)
    except CellRefused as refused:
        head, *rest = (refused.column or "").split("_")
        path = head + "".join(word.title() for word in rest)
        raise InvalidInput(path, ja=refused.reason.ja, en=refused.reason.en) from None


async def _known(tx: WriteSession, actor: Actor, numbers: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(numbers), NUMBERS_PER_READ):
        known.update(
            await tx.scalars(
                select(Organization.corporate_number).where(
                    visible_organizations(actor),
                    Organization.corporate_number.in_(numbers[start : start + NUMBERS_PER_READ]),
                )
            )
        )
    return known


async def _insert(
    tx: WriteSession, actor: Actor, rows: Iterable[MemberRow], status: MembershipStatus
) -> list[uuid.UUID]:
    organizations = [_organization(tx, actor, row) for row in rows]
    memberships = [
        {
            "organization_id": organization["id"],
            "consortium_id": actor.consortium_id,
            "status": status,
            "invited_at": tx.now,
            "joined_at": tx.now if status is MembershipStatus.ACTIVE else None,
        }
        for organization in organizations
    ]
    if organizations:
        await tx.execute(insert(Organization), organizations)
        await tx.execute(insert(Membership), memberships)
        names = {one["id"]: (one["name"], one["name_en"]) for one in organizations}
        await exclude_members(tx, actor.consortium_id, names)
    return [organization["id"] for organization in organizations]


def _organization(tx: WriteSession, actor: Actor, row: MemberRow) -> dict[str, Any]:
    return {
        "id": ordered_id(),
        "consortium_id": actor.consortium_id,
        "kind": OrganizationKind(row.kind),
        "corporate_number": row.corporate_number,
        "created_at": tx.now,
        **_described(row),
    }


def _described(row: MemberRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_key": company_name_key(row.name),
        "name_en": row.name_en,
        "name_en_key": company_name_key(row.name_en) if row.name_en else None,
        "industry_division": row.industry_division,
        "industry_group": row.industry_group,
        "prefecture": row.prefecture,
        "mail_domain": row.mail_domain,
        "licence_number": row.licence_number,
        "licence_expires_on": row.licence_expires_on,
    }


@dataclass(frozen=True, slots=True)
class ImportMembers:
    """A CSV file of organizations; the good rows of a file with bad ones only where asked."""

    data: bytes
    keep_good_rows: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: how many were taken in, and every row that could not be."""

    imported: int
    refused: Sequence[RefusedRow]
    unknown_columns: Sequence[str]


async def import_members(tx: WriteSession, actor: Actor, command: ImportMembers) -> ImportReport:
    """Take in the organizations of a file, as members at once: all of them or none.

    What is wrong is reported, not raised. Codes beside those of `read_member_list`:
    ALREADY_EXISTS.
    """
    require(actor, Permission.MANAGE_MEMBERS)
    members = read_member_list(command.data)
    await lock_member_list(tx, actor.consortium_id)
    known = await _known(tx, actor, [row.corporate_number for row in members.rows])
    new = [row for row in members.rows if row.corporate_number not in known]
    refused = members.refused + [
        already_a_member(row.line) for row in members.rows if row.corporate_number in known
    ]
    refused.sort(key=lambda refusal: refusal.line)
    if refused and not command.keep_good_rows:
        new = []
    await _insert(tx, actor, new, MembershipStatus.ACTIVE)
    if new:
        audit(
            tx,
            actor,
            "members.imported",
            "consortium",
            actor.consortium_id,
            imported=len(new),
            refused=len(refused),
        )
    return ImportReport(len(new), refused, members.unknown_columns)


@dataclass(frozen=True, slots=True)
class UpdateMember:
    """What a member is now said to be, as a whole. Its kind and corporate number never change."""

    organization_id: uuid.UUID
    name: str
    name_en: str | None = None
    industry: str | None = None
    prefecture: str | None = None
    mail_domain: str | None = None
    licence_number: str | None = None
    licence_expires_on: date | None = None


async def update_member(tx: WriteSession, actor: Actor, command: UpdateMember) -> uuid.UUID:
    """Bring what is known of a member up to date. Raises `InvalidInput` and `NotFound`."""
    require(actor, Permission.MANAGE_MEMBERS)
    await lock_member_list(tx, actor.consortium_id)
    organization = await tx.scalar(
        select(Organization)
        .where(visible_organizations(actor), Organization.id == command.organization_id)
        .with_for_update(key_share=True)
    )
    if organization is None:
        raise NotFound("id", what="member")
    cells = _cells(command)
    row = _checked(
        {
            **cells,
            "kind": organization.kind.value,
            "corporate_number": organization.corporate_number,
        }
    )
    has_new_licence = row.licence_expires_on != organization.licence_expires_on
    for name, value in _described(row).items():
        setattr(organization, name, value)
    await tx.flush()
    await _hide_named(tx, actor, organization)
    if has_new_licence:
        await forget_asking(tx, organization.id)
    audit(tx, actor, "member.updated", "organization", organization.id)
    return organization.id


async def _hide_named(tx: WriteSession, actor: Actor, organization: Organization) -> None:
    """Whoever excluded the name that it has now is hidden from it; nobody is freed."""
    names = {organization.id: (organization.name, organization.name_en)}
    await exclude_members(tx, actor.consortium_id, names)
    await hide_from_renamed(tx, actor, organization.id)


async def accept_membership(tx: WriteSession, actor: Actor, member_id: uuid.UUID) -> uuid.UUID:
    """An invited organization joins. Raises `InvalidTransition` and `NotFound`."""
    require(actor, Permission.MANAGE_MEMBERS)
    membership, organization = await _locked(tx, actor, member_id)
    require_step("membership", MEMBERSHIP, membership.status, MembershipStatus.ACTIVE)
    membership.status, membership.joined_at = MembershipStatus.ACTIVE, tx.now
    audit(tx, actor, "member.joined", "organization", organization.id)
    return organization.id


async def _locked(
    tx: WriteSession, actor: Actor, member_id: uuid.UUID
) -> tuple[Membership, Organization]:
    row = (
        await tx.execute(
            select(Membership, Organization)
            .join(Organization, Organization.id == Membership.organization_id)
            .where(visible_organizations(actor), Organization.id == member_id)
            .with_for_update(key_share=True, of=Membership)
        )
    ).one_or_none()
    if row is None:
        raise NotFound("id", what="member")
    return row[0], row[1]


async def end_membership(tx: WriteSession, actor: Actor, member_id: uuid.UUID) -> uuid.UUID:
    """An organization leaves.

    A company's links are revoked, late registrants are served but not counted, it leaves its
    partnerships and reads no more of those they passed on to it, and its balance lapses once the
    grace period of the rules in force is over. Links
    that lead to an agency which leaves are paused, and lead to the default agency when they are
    resumed; terms that wait and name it are rejected; its introductions stop and its candidates are
    asked to move, which `agency_moves` does by the timers.
    Raises `NotFound`, `InvalidTransition` and `DefaultAgencyNeeded`.
    """
    require(actor, Permission.MANAGE_MEMBERS)
    await lock_member_list(tx, actor.consortium_id)
    membership, organization = await _locked(tx, actor, member_id)
    require_step("membership", MEMBERSHIP, membership.status, MembershipStatus.LEFT)
    membership.status, membership.left_at = MembershipStatus.LEFT, tx.now
    if organization.kind is OrganizationKind.AGENCY:
        await _require_not_default(tx, actor, organization.id)
        links = await _pause_links_to(tx, organization.id)
        await decline_all_fundings(tx, actor, organization.id)
    else:
        membership.grace_ends_at = tx.now + await _grace(tx, actor)
        links = await _revoke_links_of(tx, organization.id)
        await leave_all(tx, actor, organization.id)
        await recall_received(tx, actor, organization.id)
    audit(tx, actor, "member.left", "organization", organization.id, links=links)
    return organization.id


async def _require_not_default(tx: WriteSession, actor: Actor, agency_id: uuid.UUID) -> None:
    versions = (
        await tx.execute(
            select(ProgramVersion.default_agency_id, ProgramVersion.effective_from)
            .join(Program, Program.id == ProgramVersion.program_id)
            .where(Program.consortium_id == actor.consortium_id)
            .order_by(ProgramVersion.effective_from, ProgramVersion.number)
        )
    ).all()
    past = [version for version in versions if version.effective_from <= tx.now]
    needed = {version.default_agency_id for version in (*past[-1:], *versions[len(past) :])}
    if agency_id in needed:
        raise DefaultAgencyNeeded("id")


async def _grace(tx: WriteSession, actor: Actor) -> timedelta:
    try:
        program = await program_in_force(tx, actor.consortium_id)
    except NotFound:  # without rules nothing was ever counted
        return timedelta(0)
    return timedelta(days=program.version.grace_days)


async def _revoke_links_of(tx: WriteSession, company_id: uuid.UUID) -> int:
    revoked = await tx.scalars(
        update(RelayLink)
        .where(
            RelayLink.company_id == company_id,
            or_(RelayLink.status == LinkStatus.ACTIVE, RelayLink.status == LinkStatus.PAUSED),
        )
        .values(status=LinkStatus.REVOKED)
        .returning(RelayLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(revoked.all())


async def _pause_links_to(tx: WriteSession, agency_id: uuid.UUID) -> int:
    paused = await tx.scalars(
        update(RelayLink)
        .where(RelayLink.agency_id == agency_id, RelayLink.status == LinkStatus.ACTIVE)
        .values(status=LinkStatus.PAUSED)
        .returning(RelayLink.id)
        .execution_options(synchronize_session=False)
    )
    number = len(paused.all())
    await tx.execute(
        update(RelayLink)
        .where(RelayLink.agency_id == agency_id)
        .values(agency_id=None)
        .execution_options(synchronize_session=False)
    )
    return number
