"""What mails are made of, looked up when they are sent: the outbox holds references only.

Each look answers None where there is nothing to send any more: the link was used or ran out, the
person is gone, the mailing was cancelled.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.operations.candidate_sessions import SIGN_IN_PURPOSE
from models.operations.links import LINK_PURPOSE
from models.operations.password_resets import RESET_PURPOSE
from models.operations.programs import program_in_force
from models.operations.registrations import CONFIRM_PURPOSE
from models.operations.support import able_agencies
from models.operations.users import INVITATION_PURPOSE
from models.reads.mail_templates import words_for
from models.reads.sign_ins import acting_users
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    MailingStatus,
    MailStatus,
    ReferralStatus,
    RegistrationStatus,
)
from models.rules.mail_template import TemplateText
from models.rules.own_pages import HOME, introduction_page, own_page_at
from models.session import ReadSession
from models.tables.candidates import Candidate, SignInLink
from models.tables.consortium import Consortium, Organization
from models.tables.mailings import Mailing, Rejection
from models.tables.openings import Opening
from models.tables.referrals import Case, Referral
from models.tables.registrations import Registration
from models.tables.users import Invitation, PasswordReset, User, UserStatus
from models.tokens import token_of
from models.vault import KeyDestroyed
from models.vocabulary.text import Text


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """A colleague is to choose a password. ``organization`` is the consortium for its admins."""

    email: str
    locale: str
    name: str
    organization: str
    consortium: str
    token: str
    expires_at: datetime
    time_zone: str


async def invitation_mail(read: ReadSession, invitation_id: uuid.UUID) -> InvitationMail | None:
    """While the invitation is open."""
    row = (
        await read.execute(
            select(
                User.email,
                User.locale,
                User.name,
                Organization.name.label("organization"),
                Consortium.name.label("consortium"),
                Consortium.time_zone,
                Invitation.expires_at,
            )
            .join(User, User.id == Invitation.user_id)
            .join(Consortium, Consortium.id == User.consortium_id)
            .outerjoin(Organization, Organization.id == User.organization_id)
            .where(
                Invitation.id == invitation_id,
                Invitation.used_at.is_(None),
                Invitation.expires_at > read.now,
                User.status == UserStatus.INVITED,
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return InvitationMail(
        email=row.email,
        locale=row.locale,
        name=row.name,
        organization=row.organization or row.consortium,
        consortium=row.consortium,
        token=token_of(read.vault, INVITATION_PURPOSE, invitation_id),
        expires_at=row.expires_at,
        time_zone=row.time_zone,
    )


@dataclass(frozen=True, slots=True)
class PasswordResetMail:
    """Someone, most likely the user, asked for a way to a new password."""

    email: str
    locale: str
    name: str
    consortium: str
    token: str
    expires_at: datetime
    time_zone: str


async def password_reset_mail(read: ReadSession, reset_id: uuid.UUID) -> PasswordResetMail | None:
    """While the link can be used. One that is nobody's is mailed to nobody."""
    row = (
        await read.execute(
            acting_users()
            .with_only_columns(
                User.email,
                User.locale,
                User.name,
                Consortium.name.label("consortium"),
                Consortium.time_zone,
                PasswordReset.expires_at,
                maintain_column_froms=True,
            )
            .join(Consortium, Consortium.id == User.consortium_id)
            .join(PasswordReset, PasswordReset.user_id == User.id)
            .where(PasswordReset.id == reset_id, PasswordReset.expires_at > read.now)
        )
    ).one_or_none()
    if row is None:
        return None
    return PasswordResetMail(
        email=row.email,
        locale=row.locale,
        name=row.name,
        consortium=row.consortium,
        token=token_of(read.vault, RESET_PURPOSE, reset_id),
        expires_at=row.expires_at,
        time_zone=row.time_zone,
    )


@dataclass(frozen=True, slots=True)
class ConfirmationMail:
    """An address is to be confirmed. It holds nothing that the form's sender wrote."""

    email: str
    locale: str
    company: Text
    token: str
    expires_at: datetime
    time_zone: str


async def confirmation_mail(
    read: ReadSession, registration_id: uuid.UUID
) -> ConfirmationMail | None:
    """While the registration waits."""
    row = (
        await read.execute(
            select(
                Registration.key_id,
                Registration.sealed,
                Registration.locale,
                Registration.expires_at,
                Organization.name,
                Organization.name_en,
                Consortium.time_zone,
            )
            .join(Organization, Organization.id == Registration.company_id)
            .join(Consortium, Consortium.id == Registration.consortium_id)
            .where(
                Registration.id == registration_id,
                Registration.status == RegistrationStatus.STARTED,
                Registration.expires_at > read.now,
            )
        )
    ).one_or_none()
    form = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or form is None:
        return None
    return ConfirmationMail(
        email=form["email"].strip(),
        locale=row.locale,
        company=_both(row.name, row.name_en),
        token=token_of(read.vault, CONFIRM_PURPOSE, registration_id),
        expires_at=row.expires_at,
        time_zone=row.time_zone,
    )


@dataclass(frozen=True, slots=True)
class WelcomeMail:
    """A candidate is registered; ``agency`` looks after them, unless the case is closed."""

    email: str
    locale: str
    name: str
    agency: Text | None


async def welcome_mail(read: ReadSession, candidate_id: uuid.UUID) -> WelcomeMail | None:
    """While the candidate is there."""
    row = (
        await read.execute(
            select(
                Candidate.key_id,
                Candidate.sealed,
                Candidate.locale,
                Organization.name,
                Organization.name_en,
            )
            .outerjoin(Case, (Case.candidate_id == Candidate.id) & (Case.status == CaseStatus.OPEN))
            .outerjoin(Organization, Organization.id == Case.agency_id)
            .where(Candidate.id == candidate_id)
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or person is None:
        return None
    agency = _both(row.name, row.name_en) if row.name else None
    return WelcomeMail(person["email"], row.locale, person["name"], agency)


@dataclass(frozen=True, slots=True)
class SignInMail:
    """A candidate's way to their own pages, and to the one that was asked for."""

    email: str
    locale: str
    token: str
    page: str | None


async def sign_in_mail(
    read: ReadSession, link_id: uuid.UUID, page: str = HOME
) -> SignInMail | None:
    """While the link can be used."""
    row = (
        await read.execute(
            select(Candidate.key_id, Candidate.sealed, Candidate.locale)
            .join(SignInLink, SignInLink.candidate_id == Candidate.id)
            .where(
                SignInLink.id == link_id,
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > read.now,
            )
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or person is None:
        return None
    token = token_of(read.vault, SIGN_IN_PURPOSE, link_id)
    return SignInMail(person["email"], row.locale, token, own_page_at(page))


class Partner(Enum):
    """Which of two partners began."""

    OFFERS = "offers"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class AgreementMail:
    """A candidate is asked whether they may be introduced to a company, or told that they were.

    ``page`` is the introduction's on their own pages.
    ``agency`` introduces: an agency or, between partners, the company whose link it was.
    ``partner`` says which of the two partners began: the one that offers, or the one that asks.
    """

    email: str
    locale: str
    name: str
    agency: Text
    company: Text
    partner: Partner | None
    opening: str | None
    respond_by: datetime | None
    time_zone: str
    page: str


UNANSWERED = (ReferralStatus.PROPOSED, ReferralStatus.REQUESTED)
KNOWN = (
    ReferralStatus.DELIVERED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.INTERVIEWING,
    ReferralStatus.OFFERED,
    ReferralStatus.HIRED,
    ReferralStatus.DECLINED,
)


async def agreement_mail(read: ReadSession, referral_id: uuid.UUID) -> AgreementMail | None:
    """While the candidate has not answered."""
    return await _introduction(read, referral_id, UNANSWERED)


async def delivered_mail(read: ReadSession, referral_id: uuid.UUID) -> AgreementMail | None:
    """Unless the candidate has taken it back already."""
    return await _introduction(read, referral_id, KNOWN)


async def _introduction(
    read: ReadSession, referral_id: uuid.UUID, statuses: Collection[ReferralStatus]
) -> AgreementMail | None:
    giver, receiver = aliased(Organization), aliased(Organization)
    row = (
        await read.execute(
            select(
                Candidate.key_id,
                Candidate.sealed,
                Candidate.locale,
                giver.name.label("giver"),
                giver.name_en.label("giver_en"),
                receiver.name.label("receiver"),
                receiver.name_en.label("receiver_en"),
                Opening.title,
                Referral.respond_by,
                Referral.channel,
                Referral.is_asked,
                Consortium.time_zone,
            )
            .join(Candidate, Candidate.id == Referral.candidate_id)
            .join(giver, giver.id == Referral.from_id)
            .join(receiver, receiver.id == Referral.to_id)
            .join(Consortium, Consortium.id == Referral.consortium_id)
            .outerjoin(Opening, Opening.id == Referral.opening_id)
            .where(
                Referral.id == referral_id,
                Referral.status.in_(statuses),
            )
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or person is None:
        return None
    return AgreementMail(
        email=person["email"],
        locale=row.locale,
        name=person["name"],
        agency=_both(row.giver, row.giver_en),
        company=_both(row.receiver, row.receiver_en),
        partner=_partner(row.channel, is_asked=row.is_asked),
        opening=row.title,
        respond_by=row.respond_by,
        time_zone=row.time_zone,
        page=introduction_page(referral_id),
    )


def _partner(channel: Channel, *, is_asked: bool) -> Partner | None:
    if channel is not Channel.PARTNER_SHARE:
        return None
    return Partner.ASKS if is_asked else Partner.OFFERS


@dataclass(frozen=True, slots=True)
class MoveMail:
    """A candidate's agency may go on no more: they are asked to choose on their own pages."""

    email: str
    locale: str
    name: str
    agency: Text


async def move_mail(read: ReadSession, case_id: uuid.UUID) -> MoveMail | None:
    """While the case is open and its agency still may not go on."""
    row = (
        await read.execute(
            select(
                Candidate.key_id,
                Candidate.sealed,
                Candidate.locale,
                Candidate.consortium_id,
                Case.agency_id,
                Organization.name,
                Organization.name_en,
            )
            .join(Case, Case.candidate_id == Candidate.id)
            .join(Organization, Organization.id == Case.agency_id)
            .where(Case.id == case_id, Case.status == CaseStatus.OPEN)
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or person is None:
        return None
    program = await program_in_force(read, row.consortium_id)
    if row.agency_id in await able_agencies(read, row.consortium_id, program):
        return None
    return MoveMail(person["email"], row.locale, person["name"], _both(row.name, row.name_en))


@dataclass(frozen=True, slots=True)
class RejectionMail:
    """A company's rejection mail to one person, with the relay link in it."""

    email: str
    locale: str
    name: str
    opening: str | None
    company: Text
    template: TemplateText
    link_token: str


async def rejection_mail(read: ReadSession, rejection_id: uuid.UUID) -> RejectionMail | None:
    """While the person waits and the mailing runs."""
    row = (
        await read.execute(
            select(
                Rejection.sealed,
                Rejection.locale,
                Rejection.company_id,
                Mailing.key_id,
                Mailing.link_id,
                Mailing.template_name,
                Organization.name,
                Organization.name_en,
            )
            .join(Mailing, Mailing.id == Rejection.mailing_id)
            .join(Organization, Organization.id == Rejection.company_id)
            .where(
                Rejection.id == rejection_id,
                Rejection.status == MailStatus.QUEUED,
                Mailing.status == MailingStatus.RUNNING,
            )
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or person is None:
        return None
    return RejectionMail(
        email=person["email"],
        locale=row.locale,
        name=person["name"],
        opening=person["opening"],
        company=_both(row.name, row.name_en),
        template=await words_for(read, row.company_id, row.template_name, row.locale),
        link_token=token_of(read.vault, LINK_PURPOSE, row.link_id),
    )


async def unsealed(
    read: ReadSession, key_id: uuid.UUID, sealed: bytes | None
) -> Mapping[str, Any] | None:
    """What is sealed under a key; None where there is nothing, or the key is gone."""
    if sealed is None:
        return None
    try:
        key = await read.vault.key(key_id)
    except KeyDestroyed:
        return None
    return key.unseal(sealed)


def _both(name: str, name_en: str | None) -> Text:
    return Text(name, name_en or name)
