"""What candidates do on their own pages besides answering: consents, exclusions, leaving."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from models.access import Actor
from models.errors import InvalidInput, InvalidTransition, NotFound
from models.operations.agreements import (
    audit_candidate,
    candidate_of,
    consents_in_use,
    end_consents,
    note_activity,
    open_introductions,
    withdraw_introductions,
)
from models.operations.candidates import exclude
from models.operations.handovers import end_journey, move, time_zone_of
from models.rules.agreements import AgencyStillSupports, ConsentNeedsAnotherWay
from models.rules.company_names import company_name_key
from models.rules.lifecycles import CaseStatus, Channel, ConsentStatus, ReferralStatus
from models.rules.registration_form import EMPLOYER_LENGTH_MAX
from models.rules.sharing import Employment, ExclusionReason, Purpose
from models.session import WriteSession
from models.tables.candidates import (
    Candidate,
    Consent,
    ConsentRecipient,
    Disclosure,
    Exclusion,
)
from models.tables.consortium import Organization
from models.tables.referrals import Case, Referral


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """No longer allow what one consent allowed."""

    consent_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class BlockOrganization:
    """Never be shown to the organization of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class UnblockOrganization:
    """Take a block back."""

    organization_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class NamePresentEmployer:
    """Where one works now; none without an employer."""

    employer: str | None


async def withdraw_consent(tx: WriteSession, actor: Actor, command: WithdrawConsent) -> uuid.UUID:
    """Reads on this consent stop at once. A count stays.

    Raises `NotFound`, `InvalidTransition`, and `ConsentNeedsAnotherWay` for consents that end
    with an introduction or with the agency's support, while that goes on.
    """
    consent = await tx.scalar(
        select(Consent)
        .where(Consent.id == command.consent_id, Consent.candidate_id == candidate_of(actor))
        .with_for_update()
    )
    if consent is None:
        raise NotFound(what="consent")
    in_use = await tx.scalars(consents_in_use(consent.candidate_id))
    if consent.id in in_use.all():
        raise ConsentNeedsAnotherWay
    if consent.status is not ConsentStatus.ACTIVE:
        raise InvalidTransition(what="consent", state=consent.status.value, allowed="")
    await end_consents(tx, [consent.id])
    await note_activity(tx, consent.candidate_id)
    audit_candidate(tx, actor, "consent.withdrawn", purpose=consent.purpose.value)
    return consent.id


async def block_organization(
    tx: WriteSession, actor: Actor, command: BlockOrganization
) -> list[uuid.UUID]:
    """Never be shown to a member again; what is open towards it ends.

    Answers the members of that name. Raises `InvalidInput` where there is none, and
    `AgencyStillSupports` for the agency of the open case.
    """
    members = await _members_named(tx, actor, "name", command.name)
    if not members:
        raise InvalidInput(
            "name",
            ja="この名前の参加企業は見つかりません。正式な社名をご確認ください。"
            "参加していない企業にあなたの情報が渡ることはありません。",
            en="No member has this name. Check the official name. "
            "A company that is no member never gets your data.",
        )
    await _refuse_own_agency(tx, candidate_of(actor), members)
    await _hide_from(tx, actor, members, ExclusionReason.BLOCKED)
    audit_candidate(tx, actor, "candidate.blocked")
    return members


async def unblock_organization(
    tx: WriteSession, actor: Actor, command: UnblockOrganization
) -> uuid.UUID:
    """Allow new introductions to an organization. What ended stays ended. Raises `NotFound`."""
    removed: uuid.UUID | None = await tx.scalar(
        delete(Exclusion)
        .where(
            Exclusion.candidate_id == candidate_of(actor),
            Exclusion.organization_id == command.organization_id,
            Exclusion.reason == ExclusionReason.BLOCKED,
        )
        .returning(Exclusion.organization_id)
    )
    if removed is None:
        raise NotFound(what="exclusion")
    await note_activity(tx, candidate_of(actor))
    audit_candidate(tx, actor, "candidate.unblocked")
    return removed


async def name_present_employer(
    tx: WriteSession, actor: Actor, command: NamePresentEmployer
) -> None:
    """Keep the present employer up to date: never shown to it, and what is open to it ends.

    Raises `InvalidInput`, and `AgencyStillSupports` where the agency itself is the employer.
    """
    name = (command.employer or "").strip() or None
    members = await _members_named(tx, actor, "employer", name) if name else []
    candidate_id = candidate_of(actor)
    await _refuse_own_agency(tx, candidate_id, members)
    await tx.execute(
        delete(Exclusion).where(
            Exclusion.candidate_id == candidate_id,
            Exclusion.reason == ExclusionReason.PRESENT_EMPLOYER,
        )
    )
    await _hide_from(tx, actor, members, ExclusionReason.PRESENT_EMPLOYER)
    candidate = await _locked_candidate(tx, candidate_id)
    if candidate.sealed is not None:
        key = await tx.vault.key(candidate.key_id)
        candidate.sealed = key.seal(key.unseal(candidate.sealed) | {"employer": name})
    candidate.employment = Employment.EMPLOYED if name else Employment.NONE
    audit_candidate(tx, actor, "candidate.employer_named")


async def leave_agency(tx: WriteSession, actor: Actor) -> None:
    """End all support: case, introductions, consents and everything that is provided.

    Counts stay. Raises `InvalidTransition` where no agency supports the candidate.
    """
    candidate_id = candidate_of(actor)
    relays = await _open_relays(tx, candidate_id)
    await withdraw_introductions(tx, actor, await open_introductions(tx, candidate_id))
    zone = await time_zone_of(tx, actor.consortium_id)
    for relay in relays:
        await move(tx, actor, relay, ReferralStatus.WITHDRAWN, zone)
        await end_journey(tx, relay, ReferralStatus.WITHDRAWN, zone)
    closed = await tx.scalar(
        update(Case)
        .where(Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN)
        .values(status=CaseStatus.CLOSED, changed_at=tx.now, closed_at=tx.now)
        .returning(Case.id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        raise InvalidTransition(what="support", state=CaseStatus.CLOSED.value, allowed="")
    active = await tx.scalars(
        select(Consent.id)
        .where(Consent.candidate_id == candidate_id, Consent.status == ConsentStatus.ACTIVE)
        .with_for_update()
    )
    await end_consents(tx, active.all())
    await note_activity(tx, candidate_id)
    audit_candidate(tx, actor, "candidate.left")


async def _open_relays(tx: WriteSession, candidate_id: uuid.UUID) -> list[Referral]:
    rows = await tx.scalars(
        select(Referral)
        .where(
            Referral.candidate_id == candidate_id,
            Referral.channel == Channel.RELAY_LINK,
            Referral.status == ReferralStatus.ACCEPTED,
        )
        .order_by(Referral.id)
        .with_for_update()
    )
    return list(rows)


async def _locked_candidate(tx: WriteSession, candidate_id: uuid.UUID) -> Candidate:
    candidate = await tx.scalar(
        select(Candidate).where(Candidate.id == candidate_id).with_for_update()
    )
    if candidate is None:
        raise NotFound(what="candidate")
    candidate.last_active_at = tx.now
    return candidate


async def _members_named(
    tx: WriteSession, actor: Actor, path: str, name: str | None
) -> list[uuid.UUID]:
    if not name or len(name) > EMPLOYER_LENGTH_MAX:
        raise InvalidInput(
            path,
            ja=f"社名を1〜{EMPLOYER_LENGTH_MAX}文字で入力してください。",
            en=f"Give the company's name in 1 to {EMPLOYER_LENGTH_MAX} characters.",
        )
    key = company_name_key(name)
    if not key:
        return []
    rows = await tx.scalars(
        select(Organization.id)
        .where(Organization.consortium_id == actor.consortium_id, Organization.name_key == key)
        .order_by(Organization.id)
    )
    return list(rows)


async def _refuse_own_agency(
    tx: WriteSession, candidate_id: uuid.UUID, members: Collection[uuid.UUID]
) -> None:
    supporting = await tx.scalar(
        select(Case.agency_id).where(
            Case.candidate_id == candidate_id, Case.status == CaseStatus.OPEN
        )
    )
    if supporting in members:
        raise AgencyStillSupports


async def _hide_from(
    tx: WriteSession, actor: Actor, members: list[uuid.UUID], reason: ExclusionReason
) -> None:
    """Exclude members, end what is open towards them, and close what was provided to them."""
    if not members:
        return
    candidate_id = candidate_of(actor)
    await withdraw_introductions(tx, actor, await open_introductions(tx, candidate_id, members))
    await exclude(tx, candidate_id, dict.fromkeys(members, reason))
    named = await tx.scalars(
        select(Consent.id)
        .join(ConsentRecipient, ConsentRecipient.consent_id == Consent.id)
        .where(
            Consent.candidate_id == candidate_id,
            Consent.purpose == Purpose.NAMED_TO_REFERRER,
            Consent.status == ConsentStatus.ACTIVE,
            ConsentRecipient.organization_id.in_(members),
        )
    )
    await end_consents(tx, named.all())
    await tx.execute(
        update(Disclosure)
        .where(
            Disclosure.candidate_id == candidate_id,
            Disclosure.recipient_id.in_(members),
            Disclosure.closed_at.is_(None),
        )
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    await note_activity(tx, candidate_id)
