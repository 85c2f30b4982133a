"""What the links that candidates follow lead to: an invitation, a confirmation, a sign-in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from models.access import Actor, candidate
from models.operations.programs import InForce, program_in_force
from models.operations.support import able_agencies, choose_agency
from models.reads.agency_moves import name_of
from models.rules.counting import Counted, CountFacts, count
from models.rules.lifecycles import (
    LinkStatus,
    MembershipStatus,
)
from models.session import ReadSession
from models.tables.candidates import (
    Candidate,
    CandidateSession,
    SignInLink,
)
from models.tables.consortium import Consortium, Membership, Organization
from models.tables.inactivity import DeletionNotice
from models.tables.links import LinkUsage, RelayLink
from models.tables.registrations import Registration
from models.vocabulary.text import Text


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


async def read_keep_link(read: ReadSession, token: str) -> date | None:
    """The day on which the record goes that the link of a notice keeps; None for any other link,
    and once the record is gone.
    """
    found: date | None = await read.scalar(
        select(DeletionNotice.goes_on)
        .join(Candidate, Candidate.id == DeletionNotice.candidate_id)
        .where(
            DeletionNotice.token_hash == read.vault.token_hash(token),
            Candidate.erased_at.is_(None),
        )
    )
    return found
