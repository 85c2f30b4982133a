"""The person behind a registration: who they are, what they allowed, what was provided."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from models.base import random_id
from models.operations.deletions import lapse_allowed
from models.rules.company_names import company_name_key
from models.rules.lifecycles import ConsentStatus
from models.rules.registration_form import RegistrationForm
from models.rules.sharing import ALL_FIELDS, CONSENTED_FIELDS, Acquired, CandidateField, Purpose
from models.session import WriteSession
from models.tables.candidates import (
    Candidate,
    Consent,
    ConsentRecipient,
    Disclosure,
    Exclusion,
)
from models.upsert import insert_for, plain_insert
from models.vault import PersonKey


def sealed_document(form: RegistrationForm) -> dict[str, Any]:
    """What identifies the person: it is kept only sealed."""
    return {
        "name": form.name.strip(),
        "email": form.email.strip(),
        "phone": form.phone,
        "wishes": form.wishes,
        "employer": form.employer,
        "blocked": list(form.excluded),
    }


def with_blocked(names: Iterable[str], document: dict[str, Any]) -> dict[str, Any]:
    """A sealed document with these blocked names besides its own, each once."""
    spelled = {company_name_key(name): name for name in [*document.get("blocked", ()), *names]}
    return document | {"blocked": list(spelled.values())}


def vocabulary_columns(form: RegistrationForm) -> dict[str, Any]:
    """What describes the person in plain words of our vocabulary."""
    return {
        "category": form.category,
        "experience_years": form.experience_years,
        "prefecture": form.prefecture,
        "desired_prefectures": list(form.desired_prefectures),
        "skills": list(form.skills),
        "employment": form.employment,
        "locale": form.locale,
    }


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without what a form left empty: what was given before stays."""
    return {name: value for name, value in values.items() if value not in (None, [])}


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate row, locked, and whether this registration made it."""

    id: uuid.UUID
    is_new: bool


async def know_candidate(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    form: RegistrationForm,
    key: PersonKey,
    email_hash: bytes,
    phone_hash: bytes | None,
    created_on: Any,
) -> Known:
    """Find the person of this address and bring their data up to date, or make their row.

    What the form leaves empty stays as it was told before; of the employer, what was told last
    holds, also that there is none.
    The unique address decides which of two simultaneous registrations makes it; the other waits
    and finds it.
    """
    new = (
        insert_for(tx, Candidate)
        .values(
            id=random_id(),
            consortium_id=consortium_id,
            key_id=key.id,
            email_hash=email_hash,
            phone_hash=phone_hash,
            sealed=key.seal(sealed_document(form)),
            created_on=created_on,
            created_at=tx.now,
            last_active_at=tx.now,
            **vocabulary_columns(form),
        )
        .on_conflict_do_nothing(index_elements=["consortium_id", "email_hash"])
        .returning(Candidate.id)
    )
    made = await tx.scalar(new)
    if made is not None:
        return Known(made, is_new=True)
    found = (
        await tx.execute(
            select(Candidate.id, Candidate.key_id, Candidate.sealed)
            .where(Candidate.consortium_id == consortium_id, Candidate.email_hash == email_hash)
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        # Whom it waited for was erased in this moment: the address is nobody's again.
        return Known((await tx.scalars(new)).one(), is_new=True)
    own_key = await tx.vault.key(found.key_id)
    before = own_key.unseal(found.sealed) if found.sealed is not None else {}
    told = _given(sealed_document(form)) | {"employer": form.employer}
    document = with_blocked(before.get("blocked", ()), before | told)
    await tx.execute(
        update(Candidate)
        .where(Candidate.id == found.id)
        .values(
            sealed=own_key.seal(document),
            last_active_at=tx.now,
            **_given(vocabulary_columns(form) | {"phone_hash": phone_hash}),
        )
    )
    return Known(found.id, is_new=False)


async def exclusions_of(tx: WriteSession, candidate_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The organizations that the candidate is never shown to."""
    rows = await tx.scalars(
        select(Exclusion.organization_id).where(Exclusion.candidate_id == candidate_id)
    )
    return frozenset(rows)


@dataclass(frozen=True, slots=True)
class Grant:
    """One consent to be given. No recipients: the companies that are members at this moment.

    ``fields`` where they are others than the text of its purpose names. ``standing_id``: the
    standing consent by which it is given.
    """

    purpose: Purpose
    recipients: Sequence[uuid.UUID]
    fields: Sequence[CandidateField] | None = None
    standing_id: uuid.UUID | None = None

    @property
    def consented(self) -> list[str]:
        """The fields it is for."""
        fields = CONSENTED_FIELDS[self.purpose] if self.fields is None else self.fields
        return [field.value for field in fields]


def partner_sharing(*, without_asking: bool) -> Grant:
    """The consent to be seen by partners, and to be known to them without a question each time."""
    return Grant(Purpose.PARTNER_SHARING, [], ALL_FIELDS if without_asking else None)


async def give_consents(
    tx: WriteSession, candidate_id: uuid.UUID, grants: Iterable[Grant], text_version: str
) -> dict[Purpose, uuid.UUID]:
    """Record consents. An earlier one for the same purpose and recipient is superseded."""
    consents: list[dict[str, Any]] = []
    recipients: list[dict[str, Any]] = []
    given: dict[Purpose, uuid.UUID] = {}
    for grant in grants:
        await _supersede(tx, candidate_id, grant)
        given[grant.purpose] = consent_id = random_id()
        consents.append(
            {
                "id": consent_id,
                "candidate_id": candidate_id,
                "purpose": grant.purpose,
                "fields": grant.consented,
                "text_version": text_version,
                "status": ConsentStatus.ACTIVE,
                "given_at": tx.now,
                "standing_id": grant.standing_id,
            }
        )
        recipients += [
            {"consent_id": consent_id, "organization_id": organization_id}
            for organization_id in grant.recipients
        ]
    if consents:
        await tx.execute(plain_insert(Consent), consents)
    if recipients:
        await tx.execute(plain_insert(ConsentRecipient), recipients)
    return given


async def _supersede(tx: WriteSession, candidate_id: uuid.UUID, grant: Grant) -> None:
    earlier = (
        update(Consent)
        .where(
            Consent.candidate_id == candidate_id,
            Consent.purpose == grant.purpose,
            Consent.status == ConsentStatus.ACTIVE,
        )
        .values(status=ConsentStatus.SUPERSEDED, ended_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    if grant.recipients:
        earlier = earlier.where(
            Consent.id.in_(
                select(ConsentRecipient.consent_id).where(
                    ConsentRecipient.organization_id.in_(grant.recipients)
                )
            )
        )
    await tx.execute(earlier)


@dataclass(frozen=True, slots=True)
class Under:
    """The terms of a partnership that something is provided under, and what they show."""

    partnership_id: uuid.UUID
    terms_id: uuid.UUID
    fields: Sequence[CandidateField]


async def disclose(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    candidate_id: uuid.UUID,
    provider_id: uuid.UUID | None,
    recipient_id: uuid.UUID,
    referral_id: uuid.UUID | None,
    consent_id: uuid.UUID,
    purpose: Purpose,
    acquired: Acquired,
    under: Under | None = None,
) -> uuid.UUID:
    """Provide the fields of a consent to an organization: from now on it may read them.

    Between partners it is ``under`` terms. An open record of the same purpose is closed: this one
    takes its place. What the organization was asked to delete before, it may keep again.
    """
    await tx.execute(
        update(Disclosure)
        .where(
            Disclosure.candidate_id == candidate_id,
            Disclosure.recipient_id == recipient_id,
            Disclosure.purpose == purpose,
            Disclosure.closed_at.is_(None),
        )
        .values(closed_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    disclosure_id = random_id()
    fields = under.fields if under else CONSENTED_FIELDS[purpose]
    await tx.execute(
        plain_insert(Disclosure),
        {
            "id": disclosure_id,
            "consortium_id": consortium_id,
            "candidate_id": candidate_id,
            "provider_id": provider_id,
            "recipient_id": recipient_id,
            "referral_id": referral_id,
            "consent_id": consent_id,
            "purpose": purpose,
            "fields": [field.value for field in fields],
            "acquired": acquired,
            "partnership_id": under.partnership_id if under else None,
            "terms_id": under.terms_id if under else None,
            "opened_at": tx.now,
        },
    )
    await lapse_allowed(tx, candidate_id, recipient_id, fields)
    return disclosure_id
