"""What the candidates' pages show: an invitation, and all that is held about oneself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from models.access import Actor, candidate
from models.errors import NotFound
from models.operations.agreements import candidate_of, consents_in_use
from models.operations.programs import InForce, program_in_force
from models.operations.support import able_agencies, choose_agency
from models.reads.agency_moves import AgencyMove, move_of, name_of
from models.rules.company_names import company_name_key
from models.rules.counting import Counted, CountFacts, count
from models.rules.lifecycles import (
    OPEN_REFERRAL,
    CaseStatus,
    Channel,
    ConsentStatus,
    LinkStatus,
    MembershipStatus,
    ReferralStatus,
)
from models.rules.sharing import Acquired, CandidateField, Employment, ExclusionReason, Purpose
from models.session import ReadSession
from models.tables.candidates import (
    Candidate,
    CandidateSession,
    Consent,
    ConsentRecipient,
    Disclosure,
    Exclusion,
    SignInLink,
)
from models.tables.consortium import Consortium, Membership, Organization
from models.tables.links import LinkUsage, RelayLink
from models.tables.openings import Opening
from models.tables.partnerships import Terms
from models.tables.referrals import Case, Referral
from models.tables.registrations import Registration
from models.vocabulary.text import Text

OWN_ROWS_MAX = 500
"""So many introductions, consents and records a page shows, the newest first."""


# The invitation


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What a relay link's page tells whoever follows it."""

    consortium_id: uuid.UUID
    consortium: str
    company: Text
    campaign: str
    opening_title: str | None
    status: LinkStatus
    agency: Text | None
    """Who would take on someone new; none where no agency can."""
    counts: bool
    """Whether registering raises the company's count, as far as can be told beforehand."""
    counts_per_free_hire: int


async def read_link_page(read: ReadSession, token: str) -> LinkPage | None:
    """The page of a link in any state. None for a token that no link has."""
    row = (
        await read.execute(
            select(RelayLink, Organization, Consortium.name, Membership.status)
            .join(Organization, Organization.id == RelayLink.company_id)
            .join(Consortium, Consortium.id == RelayLink.consortium_id)
            .join(Membership, Membership.organization_id == Organization.id)
            .where(RelayLink.token_hash == read.vault.token_hash(token))
        )
    ).one_or_none()
    if row is None:
        return None
    link, company, consortium, membership = row
    program = await program_in_force(read, link.consortium_id)
    is_active = link.status is LinkStatus.ACTIVE and (
        link.expires_at is None or link.expires_at > read.now
    )
    status = LinkStatus.EXPIRED if link.status is LinkStatus.ACTIVE else link.status
    return LinkPage(
        consortium_id=link.consortium_id,
        consortium=consortium,
        company=name_of(company),
        campaign=link.campaign,
        opening_title=link.opening_title,
        status=LinkStatus.ACTIVE if is_active else status,
        agency=await _agency_of(read, link, program),
        counts=_would_count(link, membership, program, read.now, is_active=is_active),
        counts_per_free_hire=program.version.counts_per_free_hire,
    )


async def _agency_of(read: ReadSession, link: RelayLink, program: InForce) -> Text | None:
    """As `operations.registrations` chooses for someone new who excludes nobody."""
    able = await able_agencies(read, link.consortium_id, program)
    is_followed = link.status is LinkStatus.ACTIVE
    preferred = [link.agency_id] if link.agency_id is not None and is_followed else []
    agency_id = choose_agency(able, program, preferred=preferred)
    return name_of(await read.get_one(Organization, agency_id)) if agency_id else None


def _would_count(
    link: RelayLink,
    membership: MembershipStatus,
    program: InForce,
    at: datetime,
    *,
    is_active: bool,
) -> bool:
    facts = CountFacts(
        counted_before=False,
        counted_elsewhere_at=None,
        company_is_active=membership is MembershipStatus.ACTIVE,
        link_is_active=is_active,
        link_is_public=link.usage is LinkUsage.PUBLIC,
        is_company_address=False,
        is_likely_counted=False,
        link_recent=0,
        device_recent=0,
    )
    return isinstance(count(facts, program.count_rules, at), Counted)


class LinkState(StrEnum):
    """Whether a mailed link can still be used."""

    OPEN = "OPEN"
    USED = "USED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirmation link's page tells."""

    company: Text
    state: LinkState


async def read_confirmation(read: ReadSession, token: str) -> Confirmation | None:
    """A registration that waits for its address to be confirmed. None for an unknown token."""
    row = (
        await read.execute(
            select(Registration, Organization)
            .join(Organization, Organization.id == Registration.company_id)
            .where(Registration.token_hash == read.vault.token_hash(token))
        )
    ).one_or_none()
    if row is None:
        return None
    registration, company = row
    if registration.candidate_id is not None:
        return Confirmation(name_of(company), LinkState.USED)
    is_open = registration.expires_at > read.now and registration.sealed is not None
    return Confirmation(name_of(company), LinkState.OPEN if is_open else LinkState.EXPIRED)


async def read_sign_in_link(read: ReadSession, token: str) -> LinkState | None:
    """Whether a sign-in link can still be used. None for an unknown token."""
    row = (
        await read.execute(
            select(SignInLink.used_at, SignInLink.expires_at).where(
                SignInLink.token_hash == read.vault.token_hash(token)
            )
        )
    ).one_or_none()
    if row is None:
        return None
    if row.used_at is not None:
        return LinkState.USED
    return LinkState.OPEN if row.expires_at > read.now else LinkState.EXPIRED


async def read_session(read: ReadSession, token: str, locale: str) -> Actor | None:
    """Whose session a cookie is. None for one that is unknown or over."""
    row = (
        await read.execute(
            select(Candidate.id, Candidate.consortium_id)
            .join(CandidateSession, CandidateSession.candidate_id == Candidate.id)
            .where(
                CandidateSession.token_hash == read.vault.token_hash(token),
                CandidateSession.expires_at > read.now,
                Candidate.erased_at.is_(None),
            )
        )
    ).one_or_none()
    return None if row is None else candidate(row.consortium_id, row.id, locale)


# One's own data


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """What the terms of a partnership let a partner see of oneself, once one agrees."""

    fields: tuple[CandidateField, ...]
    days: int


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
    respond_by: datetime | None
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


@dataclass(frozen=True, slots=True)
class OwnDisclosure:
    """What was provided of oneself, by whom, to whom, and from when to when."""

    provider: Text | None
    """None where the candidate themselves did, through the form."""
    recipient: Text
    purpose: Purpose
    fields: tuple[CandidateField, ...]
    acquired: Acquired
    opened_at: datetime
    closed_at: datetime | None


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
    introductions = tuple(
        _introduction(row, names, read.now) for row in referrals if _is_introduction(row)
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
            for referral, _, _ in referrals
            if referral.channel is Channel.RELAY_LINK
        ),
        introductions=introductions,
        questions=tuple(one for one in introductions if one.asks),
        consents=await _consents(read, candidate_id, names),
        disclosures=await _disclosures(read, candidate_id, names),
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


def _is_introduction(row: Any) -> bool:
    return row[0].channel is not Channel.RELAY_LINK


def _introduction(row: Any, names: Mapping[uuid.UUID, Text], now: datetime) -> Introduction:
    referral, opening, terms = row
    unanswered = referral.status in {ReferralStatus.REQUESTED, ReferralStatus.PROPOSED}
    is_late = referral.respond_by is not None and referral.respond_by <= now
    return Introduction(
        id=referral.id,
        company=names[referral.to_id],
        agency=names[referral.from_id],
        partner=_partner_terms(terms) if terms else None,
        is_asked=referral.is_asked,
        opening=opening,
        status=referral.status,
        asks=unanswered and not is_late,
        is_open=referral.status in _OPEN and not (unanswered and is_late),
        respond_by=referral.respond_by,
        created_on=referral.created_on,
        changed_at=referral.changed_at,
    )


def _partner_terms(terms: Terms) -> PartnerTerms:
    fields = tuple(field for field in CandidateField if field in terms.fields)
    return PartnerTerms(fields, terms.shared_days)


_OPEN = frozenset(OPEN_REFERRAL)


async def _names(
    read: ReadSession, consortium_id: uuid.UUID, candidate_id: uuid.UUID, referrals: _Referrals
) -> Mapping[uuid.UUID, Text]:
    """The names of every organization that anything here mentions, by one statement."""
    between = {end for referral, _, _ in referrals for end in (referral.from_id, referral.to_id)}
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
            opened_at=row.opened_at,
            closed_at=row.closed_at,
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
