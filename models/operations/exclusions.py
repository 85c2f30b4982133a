"""Whom a candidate is never shown to: members, and names that later members may have.

A name is kept as a keyed hash, so that an organization that joins or is renamed later is excluded
in the same transaction in which it becomes known.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import and_, delete, exists, or_, select, update

from models.access import Actor, system
from models.operations.agreements import (
    end_consents,
    open_introductions,
    withdraw_introductions,
)
from models.operations.deletions import ask_to_delete
from models.rules.company_names import company_name_key
from models.rules.lifecycles import OPEN_REFERRAL, CaseStatus, Channel, ConsentStatus
from models.rules.registration_form import RegistrationForm
from models.rules.sharing import ExclusionReason, Purpose
from models.session import WriteSession
from models.tables.candidates import (
    Consent,
    ConsentRecipient,
    Disclosure,
    ExcludedName,
    Exclusion,
)
from models.tables.consortium import Organization
from models.tables.referrals import Case, Referral
from models.upsert import insert_for

HASHES_PER_READ = 1_000
"""So many names go into one statement: SQLite bounds its parameters."""

Named = frozenset[tuple[str, ExclusionReason]]
"""Keys of names, as `company_name_key` makes them, and why each is excluded."""


def name_as(name: str, reason: ExclusionReason) -> Named:
    """One name and why it is excluded; nothing where it has no letters to compare."""
    key = company_name_key(name)
    return frozenset({(key, reason)} if key else ())


def named_in(form: RegistrationForm) -> Named:
    """The present employer and the organizations that a form names."""
    named = [name_as(name, ExclusionReason.BLOCKED) for name in form.excluded]
    if form.employer:
        named.append(name_as(form.employer, ExclusionReason.PRESENT_EMPLOYER))
    return frozenset().union(*named)


async def exclude_named(
    tx: WriteSession, *, consortium_id: uuid.UUID, candidate_id: uuid.UUID, named: Named
) -> frozenset[uuid.UUID]:
    """Never show the candidate to organizations of these names: answers those that are members.

    The member list must be held.
    """
    if not named:
        return frozenset()
    keys = sorted({key for key, _ in named})
    members = (
        await tx.execute(
            select(Organization.id, Organization.name_key, Organization.name_en_key).where(
                Organization.consortium_id == consortium_id,
                or_(Organization.name_key.in_(keys), Organization.name_en_key.in_(keys)),
            )
        )
    ).all()
    common = {"candidate_id": candidate_id, "created_at": tx.now}
    names = [
        common | {"name_hash": _hash(tx, consortium_id, key), "reason": reason}
        for key, reason in sorted(named)
    ]
    await tx.execute(insert_for(tx, ExcludedName).on_conflict_do_nothing(), names)
    rows = [
        common | {"organization_id": member.id, "reason": reason}
        for member in members
        for key, reason in sorted(named)
        if key in (member.name_key, member.name_en_key)
    ]
    if rows:
        await tx.execute(insert_for(tx, Exclusion).on_conflict_do_nothing(), rows)
    return frozenset(member.id for member in members)


def _hash(tx: WriteSession, consortium_id: uuid.UUID, key: str) -> bytes:
    return tx.vault.blind("company-name", consortium_id, key)


async def forget_employer(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    """Another employer is named, or none: the last one is no longer the present one."""
    for table in (Exclusion, ExcludedName):
        await tx.execute(
            delete(table)
            .where(
                table.candidate_id == candidate_id,
                table.reason == ExclusionReason.PRESENT_EMPLOYER,
            )
            .execution_options(synchronize_session=False)
        )


async def forget_blocked(
    tx: WriteSession, consortium_id: uuid.UUID, candidate_id: uuid.UUID, keys: Collection[str]
) -> bool:
    """Names that may have been blocked no longer are. Answers whether any was."""
    forgotten = await tx.scalars(
        delete(ExcludedName)
        .where(
            ExcludedName.candidate_id == candidate_id,
            ExcludedName.reason == ExclusionReason.BLOCKED,
            ExcludedName.name_hash.in_([_hash(tx, consortium_id, key) for key in sorted(keys)]),
        )
        .returning(ExcludedName.name_hash)
        .execution_options(synchronize_session=False)
    )
    return bool(forgotten.all())


async def exclude_members(
    tx: WriteSession, consortium_id: uuid.UUID, names: Mapping[uuid.UUID, Iterable[str | None]]
) -> None:
    """Organizations join, or have new names: whoever named one of them is hidden from it.

    What a name excluded before stays excluded. The member list must be locked.
    """
    by_hash: dict[bytes, set[uuid.UUID]] = {}
    for organization_id, spellings in names.items():
        for key in {company_name_key(name) for name in spellings if name} - {""}:
            by_hash.setdefault(_hash(tx, consortium_id, key), set()).add(organization_id)
    ordered = sorted(by_hash)
    for start in range(0, len(ordered), HASHES_PER_READ):
        hashes = ordered[start : start + HASHES_PER_READ]
        found = await tx.execute(
            select(ExcludedName.candidate_id, ExcludedName.name_hash, ExcludedName.reason).where(
                ExcludedName.name_hash.in_(hashes)
            )
        )
        rows = [
            {
                "candidate_id": row.candidate_id,
                "organization_id": organization_id,
                "reason": row.reason,
                "created_at": tx.now,
            }
            for row in found
            for organization_id in sorted(by_hash[row.name_hash])
        ]
        if rows:
            await tx.execute(insert_for(tx, Exclusion).on_conflict_do_nothing(), rows)


async def hide_from_renamed(tx: WriteSession, actor: Actor, organization_id: uuid.UUID) -> None:
    """End what is open towards a renamed organization for whoever excludes it by its new name.

    An agency that looks after such a person reads nothing from now on, but the case is theirs to
    take elsewhere.
    """
    supported = exists(
        select(Case.id).where(
            Case.candidate_id == Exclusion.candidate_id,
            Case.agency_id == organization_id,
            Case.status == CaseStatus.OPEN,
        )
    )
    provided = exists(
        select(Disclosure.id).where(
            Disclosure.candidate_id == Exclusion.candidate_id,
            Disclosure.recipient_id == organization_id,
            Disclosure.closed_at.is_(None),
        )
    )
    introduced = exists(
        select(Referral.id).where(
            Referral.candidate_id == Exclusion.candidate_id,
            Referral.to_id == organization_id,
            Referral.channel != Channel.RELAY_LINK,
            Referral.status.in_(OPEN_REFERRAL),
        )
    )
    affected = await tx.scalars(
        select(Exclusion.candidate_id)
        .where(
            Exclusion.organization_id == organization_id,
            ~supported,
            or_(provided, introduced),
        )
        .distinct()
        .order_by(Exclusion.candidate_id)
    )
    for candidate_id in affected.all():
        await hide_from(tx, system(actor.consortium_id), candidate_id, [organization_id])


async def hide_from(
    tx: WriteSession, actor: Actor, candidate_id: uuid.UUID, members: Collection[uuid.UUID]
) -> None:
    """End what is open towards excluded members, and close what was provided to them.

    What they were given before they are asked to delete.
    """
    if not members:
        return
    ids = sorted(members)
    await withdraw_introductions(tx, actor, await open_introductions(tx, candidate_id, ids))
    named = await tx.scalars(
        select(Consent.id)
        .join(ConsentRecipient, ConsentRecipient.consent_id == Consent.id)
        .where(
            Consent.candidate_id == candidate_id,
            Consent.purpose == Purpose.NAMED_TO_REFERRER,
            Consent.status == ConsentStatus.ACTIVE,
            ConsentRecipient.organization_id.in_(ids),
        )
    )
    await end_consents(tx, actor, candidate_id, named.all())
    await tx.execute(
        update(Disclosure)
        .where(
            and_(
                Disclosure.candidate_id == candidate_id,
                Disclosure.recipient_id.in_(ids),
                Disclosure.closed_at.is_(None),
            )
        )
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    await ask_to_delete(tx, actor, candidate_id, ids)
