"""Of an erased person nothing is left but an opaque id, and what the law makes us keep."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from models.checks.statements import Check, Statement
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    CaseStatus,
    Channel,
    ConsentStatus,
    ReferralStatus,
)
from models.tables.candidates import Candidate, Consent, Disclosure
from models.tables.erasures import OWN_TABLES, Erasure, RegisterName
from models.tables.referrals import Case, Referral
from models.tables.registrations import Registration


def not_emptied(consortium_id: UUID) -> Statement:
    """Erased candidates of whom a row still describes or identifies something."""
    described = or_(
        Candidate.sealed.is_not(None),
        Candidate.email_hash.is_not(None),
        Candidate.phone_hash.is_not(None),
        Candidate.category.is_not(None),
        Candidate.experience_years.is_not(None),
        Candidate.prefecture.is_not(None),
    )
    registered = exists(
        select(Registration.id).where(
            Registration.candidate_id == Candidate.id,
            or_(
                Registration.sealed.is_not(None),
                Registration.email_hash.is_not(None),
                Registration.phone_hash.is_not(None),
                Registration.device_hash.is_not(None),
            ),
        )
    )
    noted = exists(select(Case.id).where(Case.candidate_id == Candidate.id, Case.note.is_not(None)))
    own = [
        exists(select(table.candidate_id).where(table.candidate_id == Candidate.id))
        for table in OWN_TABLES
    ]
    return select(Candidate.id.label("subject_id")).where(
        Candidate.consortium_id == consortium_id,
        Candidate.erased_at.is_not(None),
        or_(described, registered, noted, *own),
    )


def still_going_on(consortium_id: UUID) -> Statement:
    """Erased candidates for whom something is open: support, an introduction, a consent."""
    supported = exists(
        select(Case.id).where(Case.candidate_id == Candidate.id, Case.status == CaseStatus.OPEN)
    )
    handed_over = exists(
        select(Referral.id).where(
            Referral.candidate_id == Candidate.id,
            or_(
                and_(Referral.channel != Channel.RELAY_LINK, Referral.status.in_(OPEN_REFERRAL)),
                and_(
                    Referral.channel == Channel.RELAY_LINK,
                    Referral.status == ReferralStatus.ACCEPTED,
                ),
            ),
        )
    )
    allowed = exists(
        select(Consent.id).where(
            Consent.candidate_id == Candidate.id, Consent.status == ConsentStatus.ACTIVE
        )
    )
    provided = exists(
        select(Disclosure.id).where(
            Disclosure.candidate_id == Candidate.id, Disclosure.closed_at.is_(None)
        )
    )
    return select(Candidate.id.label("subject_id")).where(
        Candidate.consortium_id == consortium_id,
        Candidate.erased_at.is_not(None),
        or_(supported, handed_over, allowed, provided),
    )


def without_tombstone(consortium_id: UUID) -> Statement:
    """Candidates that are erased without a tombstone of their key, or the other way round."""
    remembered = exists(
        select(Erasure.key_id).where(
            Erasure.candidate_id == Candidate.id, Erasure.key_id == Candidate.key_id
        )
    )
    return select(Candidate.id.label("subject_id")).where(
        Candidate.consortium_id == consortium_id,
        Candidate.erased_at.is_not(None) != remembered,
    )


def named_without_erasure(consortium_id: UUID) -> Statement:
    """Names kept for the statutory records of persons who are not erased."""
    return (
        select(RegisterName.candidate_id.label("subject_id"))
        .join(Candidate, Candidate.id == RegisterName.candidate_id)
        .where(Candidate.consortium_id == consortium_id, Candidate.erased_at.is_(None))
    )


ERASURE_CHECKS = (
    Check("ERASED_PERSON_IS_GONE", "candidate", not_emptied),
    Check("ERASED_PERSON_HAS_NOTHING_OPEN", "candidate", still_going_on),
    Check("ERASURE_HAS_TOMBSTONE", "candidate", without_tombstone),
    Check("REGISTER_NAMES_ONLY_ERASED", "candidate", named_without_erasure),
)
