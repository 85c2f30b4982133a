"""Counts stand on registrations and consents; what is provided stands on disclosures."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, exists, func, literal, not_, or_, select, union_all

from models.checks.statements import Check, Statement
from models.rules.ledger import REVERSING, EntryKind
from models.rules.lifecycles import CaseStatus, CountStatus
from models.rules.sharing import Purpose
from models.tables.candidates import Consent, Disclosure
from models.tables.consortium import ProgramVersion
from models.tables.flows import FlowDay
from models.tables.ledger import Account, Entry
from models.tables.referrals import Case, Referral, ReferralStep
from models.tables.registrations import CountedPerson, Registration

EVER_COUNTED = (CountStatus.COUNTED, CountStatus.REVERSED)


def uncounted(consortium_id: UUID) -> Statement:
    """Registrations that count, or did, without their entry or their counted person."""
    entered = exists(
        select(Entry.id)
        .join(Account, Account.id == Entry.account_id)
        .where(
            Entry.registration_id == Registration.id,
            Entry.kind == EntryKind.COUNTED,
            Account.company_id == Registration.company_id,
        )
    )
    known = exists(
        select(CountedPerson.registration_id).where(
            CountedPerson.registration_id == Registration.id,
            CountedPerson.company_id == Registration.company_id,
            or_(
                Registration.email_hash.is_(None),
                CountedPerson.person_hash == Registration.email_hash,
            ),
        )
    )
    return select(Registration.id.label("subject_id")).where(
        Registration.consortium_id == consortium_id,
        Registration.count_status.in_(EVER_COUNTED),
        not_(and_(entered, known)),
    )


def counted_for_nothing(consortium_id: UUID) -> Statement:
    """Counted persons and entries of counts whose registration does not count."""
    persons = (
        select(Registration.id.label("subject_id"))
        .join(CountedPerson, CountedPerson.registration_id == Registration.id)
        .where(
            Registration.consortium_id == consortium_id,
            Registration.count_status.not_in(EVER_COUNTED),
        )
    )
    entries = (
        select(Registration.id.label("subject_id"))
        .join(Entry, Entry.registration_id == Registration.id)
        .where(
            Registration.consortium_id == consortium_id,
            Registration.count_status.not_in(EVER_COUNTED),
            Entry.kind == EntryKind.COUNTED,
        )
    )
    return union_all(persons, entries)


def misreversed(consortium_id: UUID) -> Statement:
    """Registrations that were reversed without an entry that says so, or the other way round."""
    reversal = Entry.__table__.alias("reversal")
    reversed_by = exists(
        select(reversal.c.id).where(
            reversal.c.reverses_id == Entry.id, reversal.c.kind.in_(sorted(REVERSING))
        )
    )
    return (
        select(Registration.id.label("subject_id"))
        .join(Entry, Entry.registration_id == Registration.id)
        .where(
            Registration.consortium_id == consortium_id,
            Entry.kind == EntryKind.COUNTED,
            or_(
                and_(Registration.count_status == CountStatus.REVERSED, not_(reversed_by)),
                and_(Registration.count_status == CountStatus.COUNTED, reversed_by),
            ),
        )
    )


def unverified(consortium_id: UUID) -> Statement:
    """Counts without a confirmed address, or without a consent to an agency's support."""
    consented = exists(
        select(Consent.id).where(
            Consent.candidate_id == Registration.candidate_id,
            Consent.purpose == Purpose.AGENCY_SUPPORT,
            Consent.given_at <= Registration.completed_at,
        )
    )
    return select(Registration.id.label("subject_id")).where(
        Registration.consortium_id == consortium_id,
        Registration.count_status.in_(EVER_COUNTED),
        or_(
            Registration.completed_at.is_(None),
            Registration.completed_on.is_(None),
            Registration.candidate_id.is_(None),
            not_(consented),
        ),
    )


def of_another_program(consortium_id: UUID) -> Statement:
    """Counted persons under another program than their registration was judged by."""
    return (
        select(Registration.id.label("subject_id"))
        .join(CountedPerson, CountedPerson.registration_id == Registration.id)
        .join(ProgramVersion, ProgramVersion.id == Registration.program_version_id)
        .where(
            Registration.consortium_id == consortium_id,
            ProgramVersion.program_id != CountedPerson.program_id,
        )
    )


def undisclosed_cases(consortium_id: UUID) -> Statement:
    """Agency cases of candidates who were never provided to the agency, or no longer are."""
    to_the_agency = and_(
        Disclosure.candidate_id == Case.candidate_id, Disclosure.recipient_id == Case.agency_id
    )
    provided = exists(select(Disclosure.id).where(to_the_agency))
    still = exists(select(Disclosure.id).where(to_the_agency, Disclosure.closed_at.is_(None)))
    return select(Case.id.label("subject_id")).where(
        Case.consortium_id == consortium_id,
        or_(not_(provided), and_(Case.status == CaseStatus.OPEN, not_(still))),
    )


def undisclosed_referrals(consortium_id: UUID) -> Statement:
    """Referrals that were delivered without a record that the candidate was provided."""
    provided = exists(
        select(Disclosure.id).where(
            Disclosure.candidate_id == Referral.candidate_id,
            Disclosure.recipient_id == Referral.to_id,
            Disclosure.opened_at <= Referral.delivered_at,
        )
    )
    return select(Referral.id.label("subject_id")).where(
        Referral.consortium_id == consortium_id,
        Referral.delivered_at.is_not(None),
        not_(provided),
    )


def without_step(consortium_id: UUID) -> Statement:
    """Referrals in a state that no step led to."""
    stepped = exists(
        select(ReferralStep.referral_id).where(
            ReferralStep.referral_id == Referral.id, ReferralStep.status == Referral.status
        )
    )
    return select(Referral.id.label("subject_id")).where(
        Referral.consortium_id == consortium_id, not_(stepped)
    )


def misaggregated(consortium_id: UUID) -> Statement:
    """Pairs whose flow by channel and event is not what the steps of their referrals add up to.

    The subject is the organization that the flow comes from.
    """
    steps = (
        select(
            Referral.from_id,
            Referral.to_id,
            Referral.channel,
            ReferralStep.status.label("event"),
            literal(1).label("number"),
        )
        .join(ReferralStep, ReferralStep.referral_id == Referral.id)
        .where(Referral.consortium_id == consortium_id)
    )
    flows = select(
        FlowDay.from_id, FlowDay.to_id, FlowDay.channel, FlowDay.event, -FlowDay.referrals
    ).where(FlowDay.consortium_id == consortium_id)
    both = union_all(steps, flows).subquery()
    return (
        select(both.c.from_id.label("subject_id"))
        .group_by(both.c.from_id, both.c.to_id, both.c.channel, both.c.event)
        .having(func.sum(both.c.number) != 0)
    )


PEOPLE_CHECKS = (
    Check("COUNT_HAS_ENTRY_AND_PERSON", "registration", uncounted),
    Check("ENTRY_AND_PERSON_HAVE_COUNT", "registration", counted_for_nothing),
    Check("REVERSAL_NAMES_ITS_COUNT", "registration", misreversed),
    Check("COUNT_IS_VERIFIED_AND_CONSENTED", "registration", unverified),
    Check("COUNT_UNDER_ITS_PROGRAM", "registration", of_another_program),
    Check("CASE_IS_DISCLOSED", "case", undisclosed_cases),
    Check("DELIVERED_REFERRAL_IS_DISCLOSED", "referral", undisclosed_referrals),
    Check("REFERRAL_STATE_HAS_STEP", "referral", without_step),
    Check("FLOWS_ARE_SUMS_OF_STEPS", "organization", misaggregated),
)
