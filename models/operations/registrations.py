"""The candidate's way in: the form, and the confirmed address that makes everything at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from models.access import Actor
from models.audit import audit
from models.base import random_id
from models.errors import ConfirmationExpired, LinkUnknown, NoAgency
from models.operations.candidates import (
    Grant,
    Known,
    disclose,
    exclude,
    excluded_organizations,
    exclusions_of,
    give_consents,
    know_candidate,
)
from models.operations.counts import count_facts, write_count
from models.operations.handovers import hand_over
from models.operations.programs import InForce, program_in_force
from models.outbox import Event, EventType, emit
from models.rules.counting import count
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    CountStatus,
    LinkStatus,
    MembershipStatus,
    OrganizationKind,
    ReferralStatus,
    RegistrationStatus,
)
from models.rules.registration_form import RegistrationForm, check_form
from models.rules.sharing import Acquired, Employment, ExclusionReason, Purpose
from models.session import ReadSession, WriteSession
from models.tables.consortium import Membership, Organization
from models.tables.links import RelayLink
from models.tables.referrals import Case
from models.tables.registrations import Registration
from models.tokens import token_of
from models.upsert import insert_for, plain_insert

CONFIRM_WITHIN = timedelta(days=7)
CONFIRMATIONS_PER_HOUR = 5
"""So many mails an address gets from the form within an hour, whoever sends it."""

CONFIRM_PURPOSE = "confirm-registration"


@dataclass(frozen=True, slots=True)
class StartRegistration:
    """The form as it was sent, through which link, from which device."""

    link_token: str
    form: RegistrationForm
    text_version: str
    device: str | None


async def start_registration(
    tx: WriteSession, actor: Actor, command: StartRegistration
) -> uuid.UUID:
    """Keep the form, sealed, and ask for the address to be confirmed.

    It answers alike for addresses known and unknown. Raises `LinkUnknown` and `InvalidInput`.
    """
    check_form(command.form)
    link = await tx.scalar(
        select(RelayLink).where(RelayLink.token_hash == tx.vault.token_hash(command.link_token))
    )
    if link is None:
        raise LinkUnknown
    form, key, registration_id = command.form, await tx.vault.new_key(), random_id()
    email_hash = tx.vault.blind("email", link.consortium_id, form.email_key)
    await tx.execute(
        plain_insert(Registration),
        {
            "id": registration_id,
            "consortium_id": link.consortium_id,
            "company_id": link.company_id,
            "link_id": link.id,
            "token_hash": tx.vault.token_hash(token_of(tx.vault, CONFIRM_PURPOSE, registration_id)),
            "key_id": key.id,
            "sealed": key.seal(_form_document(form)),
            "email_hash": email_hash,
            "phone_hash": _phone_hash(tx, link.consortium_id, form),
            "device_hash": tx.vault.blind("device", link.consortium_id, command.device)
            if command.device
            else None,
            "purposes": sorted(purpose.value for purpose in form.purposes),
            "text_version": command.text_version,
            "locale": form.locale,
            "status": RegistrationStatus.STARTED,
            "started_at": tx.now,
            "expires_at": tx.now + CONFIRM_WITHIN,
            "count_status": CountStatus.PENDING,
        },
    )
    if await _recent(tx, link.consortium_id, email_hash) <= CONFIRMATIONS_PER_HOUR:
        refs = {"registration": registration_id.hex}
        await emit(tx, Event(EventType.REGISTRATION_STARTED, link.consortium_id, refs))
    return registration_id


async def _recent(tx: WriteSession, consortium_id: uuid.UUID, email_hash: bytes) -> int:
    recent = await tx.scalar(
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.consortium_id == consortium_id,
            Registration.email_hash == email_hash,
            Registration.started_at > tx.now - timedelta(hours=1),
        )
    )
    return recent or 0


def _phone_hash(tx: WriteSession, consortium_id: uuid.UUID, form: RegistrationForm) -> bytes | None:
    return tx.vault.blind("phone", consortium_id, form.phone_key) if form.phone_key else None


def _form_document(form: RegistrationForm) -> dict[str, Any]:
    document = asdict(form)
    document["purposes"] = sorted(form.purposes)
    return document


def read_form(document: Mapping[str, Any]) -> RegistrationForm:
    """The form out of its sealed document."""
    return RegistrationForm(
        **{
            **document,
            "skills": tuple(document["skills"]),
            "desired_prefectures": tuple(document["desired_prefectures"]),
            "excluded": tuple(document["excluded"]),
            "employment": Employment(document["employment"]),
            "purposes": frozenset(Purpose(purpose) for purpose in document["purposes"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Completed:
    """What a confirmed registration led to."""

    registration_id: uuid.UUID
    consortium_id: uuid.UUID
    candidate_id: uuid.UUID
    count_status: CountStatus


async def complete_registration(tx: WriteSession, actor: Actor, token: str) -> Completed:
    """The address is confirmed: candidate, referral, case, disclosure and count, or nothing.

    Asked again it answers the same. Raises `LinkUnknown` and `ConfirmationExpired`.
    """
    registration = await tx.scalar(
        select(Registration)
        .where(Registration.token_hash == tx.vault.token_hash(token))
        .with_for_update()
    )
    if registration is None:
        raise LinkUnknown
    if registration.candidate_id is not None:
        return _answer(registration, registration.candidate_id)
    if registration.expires_at <= tx.now or registration.sealed is None:
        raise ConfirmationExpired
    return await _complete(tx, actor, registration)


def _answer(registration: Registration, candidate_id: uuid.UUID) -> Completed:
    return Completed(
        registration.id, registration.consortium_id, candidate_id, registration.count_status
    )


async def _complete(tx: WriteSession, actor: Actor, registration: Registration) -> Completed:
    assert registration.sealed is not None
    assert registration.email_hash is not None
    program = await program_in_force(tx, registration.consortium_id)
    link = await tx.get_one(RelayLink, registration.link_id)
    key = await tx.vault.key(registration.key_id)
    form = read_form(key.unseal(registration.sealed))
    person = await know_candidate(
        tx,
        consortium_id=registration.consortium_id,
        form=form,
        key=key,
        email_hash=registration.email_hash,
        phone_hash=registration.phone_hash,
        created_on=program.day(tx.now),
    )
    repeated = not person.is_new and await _registered_before(tx, registration, person.id)
    facts = await count_facts(
        tx, registration=registration, link=link, email=form.email, program=program
    )
    registration.status = RegistrationStatus.DUPLICATE if repeated else RegistrationStatus.COMPLETED
    registration.candidate_id, registration.sealed = person.id, None
    registration.completed_at, registration.completed_on = tx.now, program.day(tx.now)
    await _take_on(tx, actor, registration, link, program, form, person, repeated=repeated)
    decision = count(facts, program.count_rules, tx.now)
    events = await write_count(tx, registration, decision, program)
    refs = {"registration": registration.id.hex, "candidate": person.id.hex}
    events.append(Event(EventType.REGISTRATION_COMPLETED, registration.consortium_id, refs))
    await emit(tx, *events)
    audit(
        tx,
        actor,
        "registration.completed",
        "registration",
        registration.id,
        count=registration.count_status.value,
    )
    return _answer(registration, person.id)


async def _registered_before(
    tx: WriteSession, registration: Registration, candidate_id: uuid.UUID
) -> bool:
    earlier = await tx.scalar(
        select(Registration.id)
        .where(
            Registration.candidate_id == candidate_id,
            Registration.company_id == registration.company_id,
        )
        .limit(1)
    )
    return earlier is not None


async def _take_on(
    tx: WriteSession,
    actor: Actor,
    registration: Registration,
    link: RelayLink,
    program: InForce,
    form: RegistrationForm,
    person: Known,
    *,
    repeated: bool,
) -> None:
    """Hand the candidate to an agency, with the consents and disclosures that go with it."""
    excluded = await excluded_organizations(tx, registration.consortium_id, form)
    await exclude(tx, person.id, excluded)
    hidden_from = set(excluded)
    if not person.is_new:
        hidden_from |= await exclusions_of(tx, person.id)
    agency_id, has_case = await _agency_for(tx, registration, link, program, person, hidden_from)
    consents = await give_consents(
        tx,
        person.id,
        _grants(form, registration.company_id, agency_id, excluded),
        registration.text_version,
    )
    referral_id = None
    if not (repeated and has_case):
        referral_id = await hand_over(
            tx,
            actor,
            candidate_id=person.id,
            channel=Channel.RELAY_LINK,
            from_id=registration.company_id,
            to_id=agency_id,
            status=ReferralStatus.ACCEPTED,
            time_zone=program.time_zone,
            link_id=link.id,
        )
        if not has_case:
            await _open_case(tx, registration.consortium_id, person.id, agency_id, referral_id)
    await _disclose_to(tx, registration, person.id, agency_id, referral_id, consents)


def _grants(
    form: RegistrationForm,
    company_id: uuid.UUID,
    agency_id: uuid.UUID,
    excluded: dict[uuid.UUID, ExclusionReason],
) -> list[Grant]:
    grants = [Grant(Purpose.AGENCY_SUPPORT, [agency_id])]
    if Purpose.PARTNER_SHARING in form.purposes:
        grants.append(Grant(Purpose.PARTNER_SHARING, []))
    if Purpose.NAMED_TO_REFERRER in form.purposes and company_id not in excluded:
        grants.append(Grant(Purpose.NAMED_TO_REFERRER, [company_id]))
    return grants


async def _disclose_to(
    tx: WriteSession,
    registration: Registration,
    candidate_id: uuid.UUID,
    agency_id: uuid.UUID,
    referral_id: uuid.UUID | None,
    consents: dict[Purpose, uuid.UUID],
) -> None:
    recipients = {
        Purpose.AGENCY_SUPPORT: agency_id,
        Purpose.NAMED_TO_REFERRER: registration.company_id,
    }
    for purpose, recipient_id in recipients.items():
        if purpose in consents:
            await disclose(
                tx,
                consortium_id=registration.consortium_id,
                candidate_id=candidate_id,
                provider_id=None,
                recipient_id=recipient_id,
                referral_id=referral_id,
                consent_id=consents[purpose],
                purpose=purpose,
                acquired=Acquired.REGISTRATION_FORM,
            )


async def _open_case(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    candidate_id: uuid.UUID,
    agency_id: uuid.UUID,
    referral_id: uuid.UUID,
) -> None:
    await tx.execute(
        insert_for(tx, Case).values(
            id=random_id(),
            consortium_id=consortium_id,
            candidate_id=candidate_id,
            agency_id=agency_id,
            referral_id=referral_id,
            status=CaseStatus.OPEN,
            opened_at=tx.now,
            changed_at=tx.now,
        )
    )


async def _agency_for(
    tx: WriteSession,
    registration: Registration,
    link: RelayLink,
    program: InForce,
    person: Known,
    hidden_from: set[uuid.UUID],
) -> tuple[uuid.UUID, bool]:
    """The agency that takes the candidate on, and whether it has their case already.

    The one with an open case, else the link's while it is active, else the program's default, else
    any other that may. Raises `NoAgency`.
    """
    has_case = None
    if not person.is_new:
        has_case = await tx.scalar(
            select(Case.agency_id).where(
                Case.candidate_id == person.id, Case.status == CaseStatus.OPEN
            )
        )
    if has_case is not None:
        return has_case, True
    able = await able_agencies(tx, registration.consortium_id, program)
    preferred = [program.version.default_agency_id, *able]
    if link.agency_id is not None and link.status is LinkStatus.ACTIVE:
        preferred.insert(0, link.agency_id)
    for agency_id in preferred:
        if agency_id in able and agency_id not in hidden_from:
            return agency_id, False
    raise NoAgency


async def able_agencies(
    session: ReadSession, consortium_id: uuid.UUID, program: InForce
) -> list[uuid.UUID]:
    """The agencies that may take candidates on: members with a licence that has not lapsed."""
    rows = await session.scalars(
        select(Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Organization.consortium_id == consortium_id,
            Organization.kind == OrganizationKind.AGENCY,
            Membership.status == MembershipStatus.ACTIVE,
            or_(
                Organization.licence_expires_on.is_(None),
                Organization.licence_expires_on >= program.day(session.now),
            ),
        )
        .order_by(Organization.id)
    )
    return list(rows)
