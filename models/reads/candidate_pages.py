"""What a candidate's own pages show: all that is held about them, and what waits for an answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from models.access import Actor
from models.errors import NotFound
from models.operations.agreements import candidate_of, consents_in_use
from models.reads.agency_moves import AgencyMove, move_of, name_of
from models.rules.company_names import company_name_key
from models.rules.consent_texts import Promise
from models.rules.deletions import is_overdue
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    CaseStatus,
    Channel,
    ConsentStatus,
    DeletionStatus,
    ReferralStatus,
)
from models.rules.sharing import (
    IDENTIFYING,
    Acquired,
    CandidateField,
    Employment,
    ExclusionReason,
    Purpose,
)
from models.session import ReadSession
from models.tables.candidates import (
    Candidate,
    Consent,
    ConsentRecipient,
    Disclosure,
    Exclusion,
)
from models.tables.consortium import Consortium, Organization
from models.tables.deletions import DeletionRequest
from models.tables.openings import Opening
from models.tables.partnerships import Terms
from models.tables.referrals import Case, Referral
from models.tables.rewards import RewardClause
from models.vocabulary.text import Text

OWN_ROWS_MAX = 500
"""So many introductions, consents and records a page shows, the newest first."""


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """What the terms of a partnership let a partner see of oneself, once one agrees."""

    fields: tuple[CandidateField, ...]
    days: int
    rewards: tuple[Promise, ...]
    """What they promise for it, by which its giver learns what became of it."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """A hand-over of oneself to a company, as the candidate sees it."""

    id: uuid.UUID
    company: Text
    agency: Text
    """Who introduces: an agency, or the company whose link it was, to its partner."""
    partner: PartnerTerms | None
    """Between partners, what the company would see and for how long."""
    is_asked: bool
    """Whether the company itself asked, having seen what identifies nobody."""
    opening: str | None
    status: ReferralStatus
    asks: bool
    """Whether the candidate's answer is waited for."""
    is_open: bool
    is_unasked: bool
    """Whether it ended, or will, without the candidate being asked: nothing was shown."""
    respond_by: datetime | None
    shared_until: datetime | None
    """Between partners: the last instant at which it is shown by the terms that were agreed to."""
    created_on: date
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """A consent one gave, with whom it names."""

    id: uuid.UUID
    purpose: Purpose
    recipients: tuple[Text, ...]
    fields: tuple[CandidateField, ...]
    status: ConsentStatus
    text_version: str
    given_at: datetime
    ended_at: datetime | None
    is_in_use: bool
    """Whether support or an introduction stands on it: it ends with that."""
    by_standing: bool
    """Whether it was given by a standing consent, without a question."""

    @property
    def is_standing(self) -> bool:
        """Whether partners it names may know who one is without a question each time."""
        return self.purpose is Purpose.PARTNER_SHARING and bool(IDENTIFYING & {*self.fields})


@dataclass(frozen=True, slots=True)
class OwnDisclosure:
    """What was provided of oneself, by whom, to whom, and from when to when."""

    provider: Text | None
    """None where the candidate themselves did, through the form."""
    recipient: Text
    purpose: Purpose
    fields: tuple[CandidateField, ...]
    acquired: Acquired
    referral_id: uuid.UUID | None
    """The hand-over that it was provided with."""
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnDeletion:
    """An organization that was asked to delete what it was given of oneself."""

    recipient: Text
    fields: tuple[CandidateField, ...]
    status: DeletionStatus
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnExclusion:
    """An organization one is never shown to, and why."""

    organization_id: uuid.UUID
    name: Text
    reason: ExclusionReason


@dataclass(frozen=True, slots=True)
class OwnStatus:
    """All that is held about a candidate, for their own eyes."""

    consortium: str
    time_zone: str
    name: str
    email: str
    phone: str | None
    wishes: str | None
    employer: str | None
    employment: Employment
    category: str | None
    experience_years: int | None
    prefecture: str | None
    desired_prefectures: tuple[str, ...]
    skills: tuple[str, ...]
    agency: Text | None
    case_status: CaseStatus | None
    came_through: tuple[tuple[Text, date], ...]
    """The companies whose links were followed, and the days."""
    introductions: tuple[Introduction, ...] = ()
    consents: tuple[OwnConsent, ...] = ()
    disclosures: tuple[OwnDisclosure, ...] = ()
    deletions: tuple[OwnDeletion, ...] = ()
    exclusions: tuple[OwnExclusion, ...] = ()
    blocked_names: tuple[str, ...] = ()
    """Names one blocked that no member has, as one spelled them."""
    move: AgencyMove | None = None
    """Where the agency may go on no more."""
    questions: tuple[Introduction, ...] = field(default=())
    """The introductions that wait for an answer."""


async def own_status(read: ReadSession, actor: Actor) -> OwnStatus:
    """Everything on the candidate's own pages. Raises `NotFound` once they are erased."""
    candidate_id = candidate_of(actor)
    row = (
        await read.execute(
            select(Candidate, Consortium.name, Consortium.time_zone)
            .join(Consortium, Consortium.id == Candidate.consortium_id)
            .where(Candidate.id == candidate_id)
        )
    ).one_or_none()
    sealed: bytes | None = row[0].sealed if row is not None else None
    if row is None or sealed is None:
        raise NotFound(what="candidate")
    person, consortium, time_zone = row
    own = (await read.vault.key(person.key_id)).unseal(sealed)
    referrals = await _referrals(read, candidate_id)
    names = await _names(read, actor.consortium_id, candidate_id, referrals)
    case = await _latest_case(read, candidate_id)
    promises = await _promises(read, candidate_id)
    introductions = tuple(
        _introduction(row, names, promises, read.now) for row in referrals if _is_introduction(row)
    )
    exclusions = await _exclusions(read, candidate_id, names)
    return OwnStatus(
        consortium=consortium,
        time_zone=time_zone,
        name=own["name"],
        email=own["email"],
        phone=own["phone"],
        wishes=own["wishes"],
        employer=own["employer"],
        employment=person.employment,
        category=person.category,
        experience_years=person.experience_years,
        prefecture=person.prefecture,
        desired_prefectures=tuple(person.desired_prefectures),
        skills=tuple(person.skills),
        agency=names[case.agency_id] if case else None,
        case_status=case.status if case else None,
        came_through=tuple(
            (names[referral.from_id], referral.created_on)
            for referral, *_ in referrals
            if referral.channel is Channel.RELAY_LINK
        ),
        introductions=introductions,
        questions=tuple(one for one in introductions if one.asks),
        consents=await _consents(read, candidate_id, names),
        disclosures=await _disclosures(read, candidate_id, names),
        deletions=await _deletions(read, candidate_id, names),
        exclusions=exclusions,
        blocked_names=_unknown_names(own.get("blocked", ()), exclusions),
        move=await move_of(read, case, {one.organization_id for one in exclusions}),
    )


def _unknown_names(blocked: Iterable[str], exclusions: Sequence[OwnExclusion]) -> tuple[str, ...]:
    """Those of the blocked names under which no organization is listed already."""
    known = {company_name_key(name) for one in exclusions for name in one.name}
    return tuple(name for name in blocked if company_name_key(name) not in known)


_Referrals = Sequence[Any]


async def _referrals(read: ReadSession, candidate_id: uuid.UUID) -> _Referrals:
    rows = await read.execute(
        select(Referral, Opening.title, Terms)
        .outerjoin(Opening, Opening.id == Referral.opening_id)
        .outerjoin(Terms, Terms.id == Referral.terms_id)
        .where(Referral.candidate_id == candidate_id)
        .order_by(Referral.created_at.desc(), Referral.id)
        .limit(OWN_ROWS_MAX)
    )
    return rows.all()


async def _promises(
    read: ReadSession, candidate_id: uuid.UUID
) -> Mapping[uuid.UUID, tuple[Promise, ...]]:
    """What each version of terms under which one was passed on promises, in its own order."""
    begun = select(Referral.terms_id).where(
        Referral.candidate_id == candidate_id, Referral.terms_id.is_not(None)
    )
    rows = await read.scalars(
        select(RewardClause)
        .where(RewardClause.terms_id.in_(begun))
        .order_by(RewardClause.terms_id, RewardClause.number)
    )
    found: dict[uuid.UUID, tuple[Promise, ...]] = {}
    for row in rows:
        promise = Promise(row.event, row.unit, row.amount)
        found[row.terms_id] = (*found.get(row.terms_id, ()), promise)
    return found


def _is_introduction(row: Any) -> bool:
    return row[0].channel is not Channel.RELAY_LINK


def _introduction(
    row: Any,
    names: Mapping[uuid.UUID, Text],
    promises: Mapping[uuid.UUID, tuple[Promise, ...]],
    now: datetime,
) -> Introduction:
    referral, opening, terms = row
    unanswered = referral.status in {ReferralStatus.REQUESTED, ReferralStatus.PROPOSED}
    is_late = referral.respond_by is not None and referral.respond_by <= now
    return Introduction(
        id=referral.id,
        company=names[referral.to_id],
        agency=names[referral.from_id],
        partner=_partner_terms(terms, promises.get(terms.id, ())) if terms else None,
        is_asked=referral.is_asked,
        opening=opening,
        status=referral.status,
        asks=unanswered and not is_late and not referral.is_unasked,
        is_open=referral.status in _OPEN
        and not (unanswered and is_late)
        and not referral.is_unasked,
        is_unasked=referral.is_unasked,
        respond_by=referral.respond_by,
        shared_until=referral.shared_until,
        created_on=referral.created_on,
        changed_at=referral.changed_at,
    )


def _partner_terms(terms: Terms, rewards: tuple[Promise, ...]) -> PartnerTerms:
    fields = tuple(field for field in CandidateField if field in terms.fields)
    return PartnerTerms(fields, terms.shared_days, rewards)


_OPEN = frozenset(OPEN_REFERRAL)


async def _names(
    read: ReadSession, consortium_id: uuid.UUID, candidate_id: uuid.UUID, referrals: _Referrals
) -> Mapping[uuid.UUID, Text]:
    """The names of every organization that anything here mentions, by one statement."""
    between = {end for referral, *_ in referrals for end in (referral.from_id, referral.to_id)}
    mentioned = (
        select(Case.agency_id).where(Case.candidate_id == candidate_id),
        select(Exclusion.organization_id).where(Exclusion.candidate_id == candidate_id),
        select(Disclosure.recipient_id).where(Disclosure.candidate_id == candidate_id),
        select(Disclosure.provider_id).where(
            Disclosure.candidate_id == candidate_id, Disclosure.provider_id.is_not(None)
        ),
        select(ConsentRecipient.organization_id)
        .join(Consent, Consent.id == ConsentRecipient.consent_id)
        .where(Consent.candidate_id == candidate_id),
    )
    wanted = mentioned[0].union(*mentioned[1:])
    rows = await read.scalars(
        select(Organization).where(
            Organization.consortium_id == consortium_id,
            Organization.id.in_(wanted) | Organization.id.in_(sorted(between)),
        )
    )
    return {row.id: name_of(row) for row in rows}


async def _latest_case(read: ReadSession, candidate_id: uuid.UUID) -> Case | None:
    found: Case | None = await read.scalar(
        select(Case)
        .where(Case.candidate_id == candidate_id)
        .order_by(Case.status == CaseStatus.CLOSED, Case.opened_at.desc(), Case.id)
        .limit(1)
    )
    return found


async def _consents(
    read: ReadSession, candidate_id: uuid.UUID, names: Mapping[uuid.UUID, Text]
) -> tuple[OwnConsent, ...]:
    consents = (
        await read.scalars(
            select(Consent)
            .where(Consent.candidate_id == candidate_id)
            .order_by(Consent.given_at.desc(), Consent.id)
            .limit(OWN_ROWS_MAX)
        )
    ).all()
    recipients = (
        await read.execute(
            select(ConsentRecipient.consent_id, ConsentRecipient.organization_id)
            .join(Consent, Consent.id == ConsentRecipient.consent_id)
            .where(Consent.candidate_id == candidate_id)
        )
    ).all()
    in_use = set(await read.scalars(consents_in_use(candidate_id)))
    by_consent: dict[uuid.UUID, list[Text]] = {}
    for consent_id, organization_id in recipients:
        by_consent.setdefault(consent_id, []).append(names[organization_id])
    return tuple(
        OwnConsent(
            id=row.id,
            purpose=row.purpose,
            recipients=tuple(sorted(by_consent.get(row.id, ()))),
            fields=tuple(CandidateField(name) for name in row.fields),
            status=row.status,
            text_version=row.text_version,
            given_at=row.given_at,
            ended_at=row.ended_at,
            is_in_use=row.id in in_use,
            by_standing=row.standing_id is not None,
        )
        for row in consents
    )


async def _disclosures(
    read: ReadSession, candidate_id: uuid.UUID, names: Mapping[uuid.UUID, Text]
) -> tuple[OwnDisclosure, ...]:
    rows = await read.scalars(
        select(Disclosure)
        .where(Disclosure.candidate_id == candidate_id)
        .order_by(Disclosure.opened_at.desc(), Disclosure.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnDisclosure(
            provider=names[row.provider_id] if row.provider_id else None,
            recipient=names[row.recipient_id],
            purpose=row.purpose,
            fields=tuple(CandidateField(name) for name in row.fields),
            acquired=row.acquired,
            referral_id=row.referral_id,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        for row in rows
    )


async def _deletions(
    read: ReadSession, candidate_id: uuid.UUID, names: Mapping[uuid.UUID, Text]
) -> tuple[OwnDeletion, ...]:
    rows = await read.scalars(
        select(DeletionRequest)
        .where(DeletionRequest.candidate_id == candidate_id)
        .order_by(DeletionRequest.asked_at.desc(), DeletionRequest.id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnDeletion(
            recipient=names[row.recipient_id],
            fields=tuple(CandidateField(name) for name in row.fields),
            status=row.status,
            asked_at=row.asked_at,
            due_at=row.due_at,
            is_overdue=is_overdue(row.status, row.due_at, read.now),
            confirmed_at=row.confirmed_at,
        )
        for row in rows
    )


async def _exclusions(
    read: ReadSession, candidate_id: uuid.UUID, names: Mapping[uuid.UUID, Text]
) -> tuple[OwnExclusion, ...]:
    rows = await read.scalars(
        select(Exclusion)
        .where(Exclusion.candidate_id == candidate_id)
        .order_by(Exclusion.created_at, Exclusion.organization_id)
        .limit(OWN_ROWS_MAX)
    )
    return tuple(
        OwnExclusion(row.organization_id, names[row.organization_id], row.reason) for row in rows
    )
