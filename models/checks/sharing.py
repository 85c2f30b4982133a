"""What partners were shown stands on consents and on terms that every party accepted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import String, and_, cast, exists, not_, or_, select
from sqlalchemy.orm import aliased

from models.checks.statements import Check, Statement
from models.rules.lifecycles import (
    Channel,
    ConsentStatus,
    DeletionStatus,
    PartnershipStatus,
    PartyStatus,
    TermsStatus,
)
from models.rules.sharing import IDENTIFYING, CandidateField, Purpose
from models.tables.candidates import Candidate, Consent, Disclosure, Exclusion
from models.tables.deletions import DeletionRequest
from models.tables.partnerships import Partnership, PartnershipParty, Terms, TermsAcceptance
from models.tables.referrals import Referral
from models.visibility import names, terms_bind


def unfounded_listings(consortium_id: UUID) -> Statement:
    """Open records of the pool whose consent or terms are over, once the pool is in line."""
    in_line = exists(
        select(Partnership.id).where(
            Partnership.id == Disclosure.partnership_id, Partnership.listed_at.is_not(None)
        )
    )
    consented = exists(
        select(Consent.id).where(
            Consent.id == Disclosure.consent_id, Consent.status == ConsentStatus.ACTIVE
        )
    )
    excluded = exists(
        select(Exclusion.candidate_id).where(
            Exclusion.candidate_id == Disclosure.candidate_id,
            Exclusion.organization_id == Disclosure.recipient_id,
        )
    )
    binding = terms_bind(Disclosure.partnership_id, Disclosure.provider_id, Disclosure.recipient_id)
    return select(Disclosure.id.label("subject_id")).where(
        Disclosure.consortium_id == consortium_id,
        Disclosure.purpose == Purpose.PARTNER_SHARING,
        Disclosure.closed_at.is_(None),
        or_(not_(consented), excluded, and_(in_line, not_(binding))),
    )


def identifying_listings(consortium_id: UUID) -> Statement:
    """Records of the pool that name what identifies a person."""
    fields = cast(Disclosure.fields, String)
    names = [fields.contains(f'"{field.value}"') for field in sorted(IDENTIFYING)]
    return select(Disclosure.id.label("subject_id")).where(
        Disclosure.consortium_id == consortium_id,
        Disclosure.purpose == Purpose.PARTNER_SHARING,
        or_(*names),
    )


def unaccepted_terms(consortium_id: UUID) -> Statement:
    """Terms in force that a company which takes part has not accepted."""
    accepted = exists(
        select(TermsAcceptance.terms_id).where(
            TermsAcceptance.terms_id == Terms.id,
            TermsAcceptance.company_id == PartnershipParty.company_id,
        )
    )
    return (
        select(Terms.id.label("subject_id"))
        .join(Partnership, Partnership.id == Terms.partnership_id)
        .join(PartnershipParty, PartnershipParty.partnership_id == Partnership.id)
        .where(
            Partnership.consortium_id == consortium_id,
            Partnership.status.in_((PartnershipStatus.ACTIVE, PartnershipStatus.SUSPENDED)),
            Terms.status == TermsStatus.IN_FORCE,
            PartnershipParty.status == PartyStatus.JOINED,
            not_(accepted),
        )
    )


def without_terms(consortium_id: UUID) -> Statement:
    """Partnerships that are active without terms in force."""
    in_force = exists(
        select(Terms.id).where(
            Terms.partnership_id == Partnership.id, Terms.status == TermsStatus.IN_FORCE
        )
    )
    return select(Partnership.id.label("subject_id")).where(
        Partnership.consortium_id == consortium_id,
        Partnership.status == PartnershipStatus.ACTIVE,
        not_(in_force),
    )


def shared_beyond_terms(consortium_id: UUID) -> Statement:
    """Referrals between partners that were delivered without a record under their own terms."""
    provided = exists(
        select(Disclosure.id).where(
            Disclosure.referral_id == Referral.id, Disclosure.terms_id == Referral.terms_id
        )
    )
    return select(Referral.id.label("subject_id")).where(
        Referral.consortium_id == consortium_id,
        Referral.channel == Channel.PARTNER_SHARE,
        Referral.delivered_at.is_not(None),
        not_(provided),
    )


def asked_for_nothing(consortium_id: UUID) -> Statement:
    """Requests to delete of whoever was given nothing that identifies the person before."""
    given = exists(
        select(Disclosure.id).where(
            Disclosure.candidate_id == DeletionRequest.candidate_id,
            Disclosure.recipient_id == DeletionRequest.recipient_id,
            Disclosure.opened_at <= DeletionRequest.asked_at,
            or_(*(names(Disclosure.fields, field.value) for field in sorted(IDENTIFYING))),
        )
    )
    return select(DeletionRequest.id.label("subject_id")).where(
        DeletionRequest.consortium_id == consortium_id, not_(given)
    )


def asked_for_what_is_allowed(consortium_id: UUID) -> Statement:
    """Open requests to delete what the recipient may read."""
    both = (
        and_(names(Disclosure.fields, field.value), names(DeletionRequest.fields, field.value))
        for field in sorted(IDENTIFYING)
    )
    allowed = exists(
        select(Disclosure.id)
        .join(Consent, Consent.id == Disclosure.consent_id)
        .where(
            Disclosure.candidate_id == DeletionRequest.candidate_id,
            Disclosure.recipient_id == DeletionRequest.recipient_id,
            Disclosure.closed_at.is_(None),
            Consent.status == ConsentStatus.ACTIVE,
            or_(*both),
        )
    )
    return select(DeletionRequest.id.label("subject_id")).where(
        DeletionRequest.consortium_id == consortium_id,
        DeletionRequest.status == DeletionStatus.OPEN,
        allowed,
    )


def unfounded_consents(consortium_id: UUID) -> Statement:
    """Consents given by a standing one that is another person's, or does not say so much."""
    standing = aliased(Consent)
    beyond = (
        and_(names(Consent.fields, field.value), not_(names(standing.fields, field.value)))
        for field in CandidateField
    )
    return (
        select(Consent.id.label("subject_id"))
        .join(standing, standing.id == Consent.standing_id)
        .join(Candidate, Candidate.id == Consent.candidate_id)
        .where(
            Candidate.consortium_id == consortium_id,
            or_(
                standing.candidate_id != Consent.candidate_id,
                standing.purpose != Purpose.PARTNER_SHARING,
                standing.given_at > Consent.given_at,
                *beyond,
            ),
        )
    )


SHARING_CHECKS = (
    Check("LISTING_STANDS_ON_CONSENT_AND_TERMS", "disclosure", unfounded_listings),
    Check("LISTING_IDENTIFIES_NOBODY", "disclosure", identifying_listings),
    Check("TERMS_IN_FORCE_ARE_ACCEPTED", "terms", unaccepted_terms),
    Check("ACTIVE_PARTNERSHIP_HAS_TERMS", "partnership", without_terms),
    Check("SHARED_REFERRAL_HAS_ITS_TERMS", "referral", shared_beyond_terms),
    Check("STANDING_CONSENT_COVERS_WHAT_IT_GAVE", "consent", unfounded_consents),
    Check("DELETION_IS_OF_WHAT_WAS_GIVEN", "deletion_request", asked_for_nothing),
    Check("DELETION_IS_OF_WHAT_ENDED", "deletion_request", asked_for_what_is_allowed),
)
