"""Everything that is held about a candidate, for their own eyes and to take along."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from models.access import Actor
from models.operations.agreements import candidate_of
from models.reads.agency_moves import name_of
from models.reads.candidate_pages import OWN_ROWS_MAX, OwnStatus, own_status
from models.reads.requests import ReadRequest, own_requests
from models.reads.surveys import declines_surveys
from models.rules.erasure import hashes_kept_until, records_kept_until
from models.rules.json_resume import FormValues
from models.rules.lifecycles import CaseStatus, HireStatus, RegistrationStatus
from models.rules.sharing import Purpose
from models.rules.surveys import SurveyKind
from models.session import ReadSession
from models.tables.candidates import Candidate, CandidateSession, Disclosure
from models.tables.consortium import Organization
from models.tables.inactivity import DeletionNotice
from models.tables.links import RelayLink
from models.tables.referrals import Case, Hire, Referral
from models.tables.registrations import CountedPerson, Registration
from models.tables.surveys import SurveyInvitation
from models.vocabulary.text import Text


@dataclass(frozen=True, slots=True)
class OwnRegistration:
    """A form one sent: through whose link, when, and what was ticked in it."""

    company: Text
    campaign: str
    status: RegistrationStatus
    started_at: datetime
    completed_at: datetime | None
    purposes: tuple[Purpose, ...]
    text_version: str


@dataclass(frozen=True, slots=True)
class OwnCase:
    """An agency's support, and whether it keeps a note of its own about it."""

    agency: Text
    status: CaseStatus
    opened_at: datetime
    closed_at: datetime | None
    has_note: bool


@dataclass(frozen=True, slots=True)
class OwnHire:
    """A place one was hired for through an introduction."""

    company: Text
    agency: Text
    joined_on: date
    status: HireStatus


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """A mail that told when the record would go for want of activity."""

    sent_at: datetime
    goes_on: date


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    """Two questions about a company that wait to be mailed, or to be answered."""

    company: Text
    kind: SurveyKind
    is_mailed: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What an erasure of today would leave, and until when."""

    name_until: datetime | None
    """The name, sealed, beside the records of provision; none where nothing was provided."""
    counted_for: tuple[Text, ...]
    """The companies beside which a keyed hash of the address stays."""
    hashes_until: datetime


@dataclass(frozen=True, slots=True)
class OwnData:
    """What the pages show of a candidate, and what else is held."""

    status: OwnStatus
    created_at: datetime
    last_active_at: datetime
    registrations: tuple[OwnRegistration, ...]
    cases: tuple[OwnCase, ...]
    hires: tuple[OwnHire, ...]
    requests: tuple[ReadRequest, ...]
    notices: tuple[OwnNotice, ...]
    surveys: tuple[OwnSurvey, ...]
    declines_surveys: bool
    signed_in_at: tuple[datetime, ...]
    """When the sessions that are still open began."""
    kept: Kept
    read_at: datetime

    @property
    def values(self) -> FormValues:
        """The details as a form or a JSON Resume has them."""
        own = self.status
        return FormValues(
            name=own.name,
            email=own.email,
            phone=own.phone,
            category=own.category,
            experience_years=own.experience_years,
            prefecture=own.prefecture,
            skills=own.skills,
            desired_prefectures=own.desired_prefectures,
        )


async def own_data(read: ReadSession, actor: Actor) -> OwnData:
    """All of it, of each list the newest `OWN_ROWS_MAX`. Raises `NotFound` once erased."""
    candidate_id = candidate_of(actor)
    status = await own_status(read, actor)
    person = await read.get_one(Candidate, candidate_id)
    sessions = await read.scalars(
        select(CandidateSession.created_at)
        .where(
            CandidateSession.candidate_id == candidate_id, CandidateSession.expires_at > read.now
        )
        .order_by(CandidateSession.created_at.desc())
        .limit(OWN_ROWS_MAX)
    )
    return OwnData(
        status=status,
        created_at=person.created_at,
        last_active_at=person.last_active_at,
        registrations=await _registrations(read, candidate_id),
        cases=await _cases(read, candidate_id),
        hires=await _hires(read, candidate_id),
        requests=tuple(await own_requests(read, actor)),
        notices=await _notices(read, candidate_id),
        surveys=await _surveys(read, candidate_id),
        declines_surveys=await declines_surveys(read, candidate_id),
        signed_in_at=tuple(sessions),
        kept=await _kept(read, candidate_id),
        read_at=read.now,
    )


async def _registrations(read: ReadSession, candidate_id: uuid.UUID) -> tuple[OwnRegistration, ...]:
    rows = await read.execute(
        select(Registration, Organization, RelayLink.campaign)
        .join(Organization, Organization.id == Registration.company_id)
        .join(RelayLink, RelayLink.id == Registration.link_id)
        .where(Registration.candidate_id == candidate_id)
        .order_by(Registration.started_at.desc(), Registration.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnRegistration(
            company=name_of(company),
            campaign=campaign,
            status=row.status,
            started_at=row.started_at,
            completed_at=row.completed_at,
            purposes=tuple(Purpose(purpose) for purpose in row.purposes),
            text_version=row.text_version,
        )
        for row, company, campaign in rows
    )


async def _cases(read: ReadSession, candidate_id: uuid.UUID) -> tuple[OwnCase, ...]:
    rows = await read.execute(
        select(Case, Organization)
        .join(Organization, Organization.id == Case.agency_id)
        .where(Case.candidate_id == candidate_id)
        .order_by(Case.opened_at.desc(), Case.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnCase(
            agency=name_of(agency),
            status=row.status,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            has_note=row.note is not None,
        )
        for row, agency in rows
    )


async def _hires(read: ReadSession, candidate_id: uuid.UUID) -> tuple[OwnHire, ...]:
    company, agency = (
        Organization.__table__.alias("company"),
        Organization.__table__.alias("agency"),
    )
    rows = await read.execute(
        select(
            Hire.joined_on,
            Hire.status,
            company.c.name.label("company"),
            company.c.name_en.label("company_en"),
            agency.c.name.label("agency"),
            agency.c.name_en.label("agency_en"),
        )
        .join(Referral, Referral.id == Hire.referral_id)
        .join(company, company.c.id == Hire.company_id)
        .join(agency, agency.c.id == Hire.introducer_id)
        .where(Referral.candidate_id == candidate_id)
        .order_by(Hire.joined_on.desc(), Hire.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnHire(
            company=Text(row.company, row.company_en or row.company),
            agency=Text(row.agency, row.agency_en or row.agency),
            joined_on=row.joined_on,
            status=row.status,
        )
        for row in rows
    )


async def _notices(read: ReadSession, candidate_id: uuid.UUID) -> tuple[OwnNotice, ...]:
    rows = await read.execute(
        select(DeletionNotice.sent_at, DeletionNotice.goes_on)
        .where(DeletionNotice.candidate_id == candidate_id)
        .order_by(DeletionNotice.sent_at.desc(), DeletionNotice.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(OwnNotice(*row) for row in rows)


async def _surveys(read: ReadSession, candidate_id: uuid.UUID) -> tuple[OwnSurvey, ...]:
    rows = await read.execute(
        select(SurveyInvitation, Organization)
        .join(Organization, Organization.id == SurveyInvitation.company_id)
        .where(SurveyInvitation.candidate_id == candidate_id)
        .order_by(SurveyInvitation.due_at, SurveyInvitation.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnSurvey(name_of(company), row.kind, row.is_mailed, row.due_at) for row, company in rows
    )


async def _kept(read: ReadSession, candidate_id: uuid.UUID) -> Kept:
    provided = (
        await read.execute(
            select(
                func.count().label("all"),
                func.count(Disclosure.closed_at).label("closed"),
                func.max(Disclosure.closed_at).label("last_closed"),
            ).where(Disclosure.candidate_id == candidate_id)
        )
    ).one()
    counted = await read.scalars(
        select(Organization)
        .join(CountedPerson, CountedPerson.company_id == Organization.id)
        .join(Registration, Registration.id == CountedPerson.registration_id)
        .where(Registration.candidate_id == candidate_id)
        .order_by(Organization.name, Organization.id)
        .distinct()
    )
    # What is open would close with the erasure.
    closes_at = provided.last_closed if provided.all == provided.closed else read.now
    return Kept(
        name_until=records_kept_until(closes_at) if closes_at is not None else None,
        counted_for=tuple(map(name_of, counted)),
        hashes_until=hashes_kept_until(read.now),
    )
