"""What candidates do on their own pages besides answering: consents, exclusions, leaving."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

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
from models.operations.candidates import with_blocked
from models.operations.exclusions import (
    Named,
    exclude_named,
    forget_blocked,
    forget_employer,
    hide_from,
    name_as,
)
from models.operations.handovers import end_journey, move, time_zone_of
from models.operations.listings import relist
from models.operations.member_list import hold_member_list
from models.operations.standing_consents import given_by_standing
from models.operations.support import UNDELIVERED, recall
from models.rules.agreements import AgencyStillSupports, ConsentNeedsAnotherWay
from models.rules.bounds import line_problems
from models.rules.company_names import company_name_key
from models.rules.lifecycles import CaseStatus, Channel, ConsentStatus, ReferralStatus
from models.rules.registration_form import EMPLOYER_LENGTH_MAX
from models.rules.sharing import Employment, ExclusionReason, Purpose
from models.session import WriteSession
from models.tables.candidates import (
    Candidate,
    Consent,
    Disclosure,
    ExcludedName,
    Exclusion,
)
from models.tables.consortium import Organization
from models.tables.referrals import Case, Referral

BLOCKED_NAMES_MAX = 100


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
class UnblockName:
    """Take the block of a name back that no member has."""

    name: str


@dataclass(frozen=True, slots=True)
class NamePresentEmployer:
    """Where one works now; none without an employer."""

    employer: str | None


async def withdraw_consent(tx: WriteSession, actor: Actor, command: WithdrawConsent) -> uuid.UUID:
    """Reads on this consent stop at once, and what is open on it is recalled. A count stays.

    With the consent to be seen by partners those end that it gave, as a standing one, for each.

    Raises `NotFound`, `InvalidTransition`, and `ConsentNeedsAnotherWay` for the consent to the
    agency's support, while that goes on.
    """
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_of(actor))
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
    ended = [consent.id]
    if consent.purpose is Purpose.PARTNER_SHARING:
        ended += await given_by_standing(tx, consent.candidate_id)
    await _recall_standing_on(tx, actor, consent, ended)
    await end_consents(tx, actor, consent.candidate_id, ended)
    await relist(tx, actor.consortium_id, [consent.candidate_id])
    audit_candidate(tx, actor, "consent.withdrawn", purpose=consent.purpose.value)
    return consent.id


async def _recall_standing_on(
    tx: WriteSession, actor: Actor, consent: Consent, ended: Collection[uuid.UUID]
) -> None:
    """Introductions agreed to by what ended, or asked for by who saw the candidate on it."""
    standing = select(Disclosure.referral_id).where(Disclosure.consent_id.in_(ended))
    open_ones = await open_introductions(tx, consent.candidate_id)
    agreed = set(await tx.scalars(standing))
    asked = {
        one.id
        for one in open_ones
        if consent.purpose is Purpose.PARTNER_SHARING and one.is_asked and one.status in UNDELIVERED
    }
    await recall(tx, actor, [one for one in open_ones if one.id in agreed | asked])


async def block_organization(
    tx: WriteSession, actor: Actor, command: BlockOrganization
) -> frozenset[uuid.UUID]:
    """Never be shown to organizations of this name; what is open towards them ends.

    Answers those that are members. The name is remembered for those that join later. Raises
    `InvalidInput`, and `AgencyStillSupports` for the agency of the open case.
    """
    named = _named("name", command.name, ExclusionReason.BLOCKED)
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_of(actor))
    await _refuse_too_many(tx, candidate_of(actor))
    members = await _exclude(tx, actor, named)
    await _note_blocked(tx, candidate_of(actor), add=[command.name.strip()])
    audit_candidate(tx, actor, "candidate.blocked")
    return members


async def unblock_organization(
    tx: WriteSession, actor: Actor, command: UnblockOrganization
) -> uuid.UUID:
    """Allow new introductions to an organization. What ended stays ended. Raises `NotFound`."""
    candidate_id = candidate_of(actor)
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_id)
    removed: uuid.UUID | None = await tx.scalar(
        delete(Exclusion)
        .where(
            Exclusion.candidate_id == candidate_id,
            Exclusion.organization_id == command.organization_id,
            Exclusion.reason == ExclusionReason.BLOCKED,
        )
        .returning(Exclusion.organization_id)
    )
    if removed is None:
        raise NotFound(what="exclusion")
    member = await tx.get_one(Organization, removed)
    keys = {company_name_key(name) for name in (member.name, member.name_en) if name}
    await forget_blocked(tx, actor.consortium_id, candidate_id, keys)
    await _note_blocked(tx, candidate_id, remove=keys)
    await relist(tx, actor.consortium_id, [candidate_id])
    audit_candidate(tx, actor, "candidate.unblocked")
    return removed


async def unblock_name(tx: WriteSession, actor: Actor, command: UnblockName) -> None:
    """Take back a blocked name that no member has. Raises `NotFound`."""
    candidate_id = candidate_of(actor)
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_id)
    key = company_name_key(command.name)
    if not await forget_blocked(tx, actor.consortium_id, candidate_id, [key]):
        raise NotFound(what="exclusion")
    await _note_blocked(tx, candidate_id, remove={key})
    audit_candidate(tx, actor, "candidate.unblocked")


async def name_present_employer(
    tx: WriteSession, actor: Actor, command: NamePresentEmployer
) -> None:
    """Keep the present employer up to date: never shown to it, and what is open to it ends.

    It need not be a member: it may become one. Raises `InvalidInput`, and `AgencyStillSupports`
    where the agency itself is the employer.
    """
    name = (command.employer or "").strip() or None
    reason = ExclusionReason.PRESENT_EMPLOYER
    named: Named = _named("employer", name, reason) if name else frozenset()
    candidate_id = candidate_of(actor)
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_id)
    await forget_employer(tx, candidate_id)
    await _exclude(tx, actor, named)
    await relist(tx, actor.consortium_id, [candidate_id])
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
    await hold_member_list(tx, actor.consortium_id)
    await note_activity(tx, candidate_id)
    relays = await open_relays(tx, candidate_id)
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
    await end_consents(tx, actor, candidate_id, active.all())
    await relist(tx, actor.consortium_id, [candidate_id])
    audit_candidate(tx, actor, "candidate.left")


async def open_relays(tx: WriteSession, candidate_id: uuid.UUID) -> list[Referral]:
    """The relay referrals behind the candidate's case, locked."""
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


def _named(path: str, name: str, reason: ExclusionReason) -> Named:
    named = name_as(name, reason)
    if not named or len(name) > EMPLOYER_LENGTH_MAX:
        raise InvalidInput(
            path,
            ja=f"社名を1〜{EMPLOYER_LENGTH_MAX}文字で入力してください。",
            en=f"Give the company's name in 1 to {EMPLOYER_LENGTH_MAX} characters.",
        )
    for problem in line_problems(path, name):
        raise problem
    return named


async def _refuse_too_many(tx: WriteSession, candidate_id: uuid.UUID) -> None:
    number = await tx.scalar(
        select(func.count())
        .select_from(ExcludedName)
        .where(ExcludedName.candidate_id == candidate_id)
    )
    if (number or 0) >= BLOCKED_NAMES_MAX:
        raise InvalidInput(
            "name",
            ja=f"知らせない企業は{BLOCKED_NAMES_MAX}社まで登録できます。"
            "不要な設定を解除してから加えてください。",
            en=f"You can name at most {BLOCKED_NAMES_MAX} companies. Take one back first.",
        )


async def _exclude(tx: WriteSession, actor: Actor, named: Named) -> frozenset[uuid.UUID]:
    candidate_id = candidate_of(actor)
    members = await exclude_named(
        tx, consortium_id=actor.consortium_id, candidate_id=candidate_id, named=named
    )
    await _refuse_own_agency(tx, candidate_id, members)
    await hide_from(tx, actor, candidate_id, members)
    return members


async def _note_blocked(
    tx: WriteSession,
    candidate_id: uuid.UUID,
    *,
    add: Collection[str] = (),
    remove: Collection[str] = (),
) -> None:
    """Keep the spelling of blocked names for the candidate's own eyes."""
    candidate = await _locked_candidate(tx, candidate_id)
    if candidate.sealed is None:
        return
    key = await tx.vault.key(candidate.key_id)
    document = with_blocked(add, key.unseal(candidate.sealed))
    kept = [name for name in document["blocked"] if company_name_key(name) not in remove]
    candidate.sealed = key.seal(document | {"blocked": kept})


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
