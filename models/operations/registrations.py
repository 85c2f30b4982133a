"""The candidate's way in: the form, and the confirmed address that makes everything at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models.access import Actor
from models.audit import audit
from models.base import random_id
from models.errors import ConfirmationExpired, LinkUnknown, NoAgency
from models.operations.candidates import (
    Grant,
    Known,
    disclose,
    exclusions_of,
    give_consents,
    know_candidate,
    partner_sharing,
)
from models.operations.counts import count_facts, write_count
from models.operations.exclusions import (
    exclude_named,
    forget_employer,
    hide_from,
    named_in,
)
from models.operations.handovers import hand_over
from models.operations.listings import relist
from models.operations.member_list import hold_member_list
from models.operations.programs import InForce, program_in_force
from models.operations.support import (
    able_agencies,
    choose_agency,
    end_support,
    open_case,
    open_case_of,
)
from models.outbox import Event, EventType, emit
from models.rules.counting import count
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    Channel,
    ConsentStatus,
    CountStatus,
    LinkStatus,
    ReferralStatus,
    RegistrationStatus,
)
from models.rules.registration_form import RegistrationForm, check_form
from models.rules.sharing import Acquired, Employment, Purpose
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.links import RelayLink
from models.tables.referrals import Case, Referral
from models.tables.registrations import Registration
from models.tokens import token_of
from models.upsert import plain_insert

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
    await _hold_what_may_end(tx, registration)
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
    if not person.is_new or Purpose.PARTNER_SHARING in form.purposes:
        await relist(tx, registration.consortium_id, [person.id])
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


async def _hold_what_may_end(tx: WriteSession, registration: Registration) -> None:
    """Locks in their order: the member list, the person's open introductions, then the person."""
    await hold_member_list(tx, registration.consortium_id)
    await tx.execute(
        select(Referral.id)
        .join(Candidate, Candidate.id == Referral.candidate_id)
        .where(
            Candidate.consortium_id == registration.consortium_id,
            Candidate.email_hash == registration.email_hash,
            Referral.channel != Channel.RELAY_LINK,
            Referral.status.in_(OPEN_REFERRAL),
        )
        .order_by(Referral.id)
        .with_for_update(key_share=True, of=Referral)
    )


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
    excluded = await _exclude(tx, actor, registration, form, person)
    hidden_from = await exclusions_of(tx, person.id)
    case = None if person.is_new else await open_case_of(tx, person.id)
    agency_id = await _agency_for(tx, link, program, case, hidden_from)
    stays = case is not None and case.agency_id == agency_id
    if case is not None and not stays:
        await end_support(tx, actor, case, ConsentStatus.SUPERSEDED)
    consents = await give_consents(
        tx,
        person.id,
        _grants(form, registration.company_id, agency_id, excluded),
        registration.text_version,
    )
    referral_id = None
    if case is None or not repeated:
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
    if not stays:
        relay_id = referral_id or (case.referral_id if case else None)
        assert relay_id is not None
        await open_case(tx, registration.consortium_id, person.id, agency_id, relay_id)
    await _disclose_to(tx, registration, person.id, agency_id, referral_id, consents)


async def _exclude(
    tx: WriteSession,
    actor: Actor,
    registration: Registration,
    form: RegistrationForm,
    person: Known,
) -> frozenset[uuid.UUID]:
    """Hide the person from whom the form names; what was open towards them ends."""
    if not person.is_new:
        await forget_employer(tx, person.id)
    excluded = await exclude_named(
        tx,
        consortium_id=registration.consortium_id,
        candidate_id=person.id,
        named=named_in(form),
    )
    if not person.is_new:
        await hide_from(tx, actor, person.id, excluded)
    return excluded


async def _agency_for(
    tx: WriteSession,
    link: RelayLink,
    program: InForce,
    case: Case | None,
    hidden_from: frozenset[uuid.UUID],
) -> uuid.UUID:
    """The agency that takes the candidate on: the one with an open case while it may.

    Else the link's while it is active, else the program's default, else any other that may.
    Raises `NoAgency`.
    """
    preferred = [case.agency_id] if case is not None else []
    if link.agency_id is not None and link.status is LinkStatus.ACTIVE:
        preferred.append(link.agency_id)
    able = await able_agencies(tx, link.consortium_id, program)
    agency_id = choose_agency(able, program, preferred=preferred, hidden_from=hidden_from)
    if agency_id is None:
        raise NoAgency
    return agency_id


def _grants(
    form: RegistrationForm,
    company_id: uuid.UUID,
    agency_id: uuid.UUID,
    excluded: frozenset[uuid.UUID],
) -> list[Grant]:
    grants = [Grant(Purpose.AGENCY_SUPPORT, [agency_id])]
    if Purpose.PARTNER_SHARING in form.purposes:
        grants.append(partner_sharing(without_asking=form.without_asking))
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
