"""Keeping the pool's records in line with consents and partnerships.

What may be read is decided when it is read (`models.reads.candidates`). These records say who was
listed for whom, from when to when, on which consent and terms; without one nothing is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from models.base import random_id
from models.operations.handovers import time_zone_of
from models.operations.member_list import hold_member_list, lock_member_list
from models.outbox import Event, EventType, emit
from models.rules.flows import local_day
from models.rules.lifecycles import (
    CaseStatus,
    Channel,
    ConsentStatus,
    MembershipStatus,
    OrganizationKind,
    PartnershipStatus,
    PartyStatus,
    TermsStatus,
)
from models.rules.listings import Basis, Listed, Person, Sharing, listings
from models.rules.sharing import Acquired, CandidateField, Purpose
from models.session import ReadSession, WriteSession
from models.tables.candidates import Candidate, Consent, Disclosure, Exclusion
from models.tables.consortium import Membership, Organization
from models.tables.partnerships import Partnership, PartnershipParty, Terms
from models.tables.referrals import Case, Referral
from models.upsert import plain_insert

CANDIDATES_PER_BATCH = 200


@dataclass(frozen=True, slots=True)
class ListCandidates:
    """The next candidates of a partnership, after one of them, in one of its rounds."""

    partnership_id: uuid.UUID
    listing_round: int
    after: uuid.UUID | None


async def list_candidates(tx: WriteSession, command: ListCandidates) -> None:
    """Bring a batch of a partnership's candidates in line, and ask for the next.

    A round that another has overtaken ends: the last one goes over everybody.
    """
    partnership = await tx.get(Partnership, command.partnership_id)
    if partnership is None or partnership.listing_round != command.listing_round:
        return
    # Nobody's own step is under way meanwhile: what is read here holds until it is written down.
    await lock_member_list(tx, partnership.consortium_id)
    ids = await _relayed_in(tx, partnership.id, command.after)
    await relist(tx, partnership.consortium_id, ids)
    if len(ids) < CANDIDATES_PER_BATCH:
        await tx.execute(
            update(Partnership)
            .where(
                Partnership.id == partnership.id,
                Partnership.listing_round == command.listing_round,
            )
            .values(listed_at=tx.now)
        )
        refs = {"partnership": partnership.id.hex}
        await emit(tx, Event(EventType.PARTNERSHIP_CHANGED, partnership.consortium_id, refs))
        return
    refs = {
        "partnership": partnership.id.hex,
        "round": str(command.listing_round),
        "after": ids[-1].hex,
    }
    await emit(tx, Event(EventType.LISTING_DUE, partnership.consortium_id, refs))


async def _relayed_in(
    tx: WriteSession, partnership_id: uuid.UUID, after: uuid.UUID | None
) -> Sequence[uuid.UUID]:
    """Candidates who came through a link of a company that is, or was, of the partnership."""
    companies = select(PartnershipParty.company_id).where(
        PartnershipParty.partnership_id == partnership_id
    )
    statement = (
        select(Referral.candidate_id)
        .where(Referral.channel == Channel.RELAY_LINK, Referral.from_id.in_(companies))
        .distinct()
        .order_by(Referral.candidate_id)
        .limit(CANDIDATES_PER_BATCH)
    )
    if after is not None:
        statement = statement.where(Referral.candidate_id > after)
    return (await tx.scalars(statement)).all()


async def relist(
    tx: WriteSession, consortium_id: uuid.UUID, candidate_ids: Collection[uuid.UUID]
) -> None:
    """Open and close the records of these candidates, so that they say what holds now.

    The member list is held, so that no partnership changes meanwhile: hold it before any other
    lock. A fixed number of statements, whatever the number of candidates.
    """
    if not candidate_ids:
        return
    await hold_member_list(tx, consortium_id)
    ids = sorted(candidate_ids)
    wanted = await _wanted(tx, consortium_id, ids)
    await _settle(tx, consortium_id, ids, wanted)


async def _wanted(
    tx: WriteSession, consortium_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Mapping[uuid.UUID, Listed]]:
    people = await _people(tx, ids)
    relaying = frozenset().union(*(person.relayed_by for person in people.values()))
    bases = await bases_of(tx, relaying)
    joined_at = await joined_at_of(tx, frozenset().union(*(basis.companies for basis in bases)))
    return {key: listings(person, bases, joined_at) for key, person in people.items()}


async def _people(tx: WriteSession, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Person]:
    relayed = await _sets(
        tx,
        select(Referral.candidate_id, Referral.from_id).where(
            Referral.candidate_id.in_(ids), Referral.channel == Channel.RELAY_LINK
        ),
    )
    known = await _sets(
        tx,
        select(Disclosure.candidate_id, Disclosure.recipient_id).where(
            Disclosure.candidate_id.in_(ids), Disclosure.purpose == Purpose.INTRODUCTION
        ),
    )
    excluded = await _sets(
        tx,
        select(Exclusion.candidate_id, Exclusion.organization_id).where(
            Exclusion.candidate_id.in_(ids)
        ),
    )
    supported = await tx.scalars(
        select(Case.candidate_id).where(Case.candidate_id.in_(ids), Case.status == CaseStatus.OPEN)
    )
    seeking = set(supported)
    sharing = await sharing_of(tx, ids)
    rows = await tx.execute(
        select(Candidate.id, Candidate.category).where(
            Candidate.id.in_(ids), Candidate.erased_at.is_(None)
        )
    )
    return {
        row.id: Person(
            is_seeking=row.id in seeking,
            category=row.category,
            sharing=sharing.get(row.id),
            relayed_by=frozenset(relayed.get(row.id, ())),
            known_to=frozenset(known.get(row.id, ())),
            excluded=frozenset(excluded.get(row.id, ())),
        )
        for row in rows
    }


async def _sets(tx: WriteSession, statement: object) -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for key, value in await tx.execute(statement):  # type: ignore[call-overload]
        found.setdefault(key, set()).add(value)
    return found


async def sharing_of(tx: WriteSession, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sharing]:
    """The consents to partner sharing that are good now, by the candidates who gave them."""
    rows = await tx.execute(
        select(
            Consent.candidate_id,
            Consent.id,
            Consent.fields,
            Consent.given_at,
            Consent.text_version,
        ).where(
            Consent.candidate_id.in_(ids),
            Consent.purpose == Purpose.PARTNER_SHARING,
            Consent.status == ConsentStatus.ACTIVE,
            Consent.expires_at.is_(None) | (Consent.expires_at > tx.now),
        )
    )
    return {
        row.candidate_id: Sharing(
            row.id, frozenset(map(CandidateField, row.fields)), row.given_at, row.text_version
        )
        for row in rows
    }


async def bases_of(session: ReadSession, companies: Collection[uuid.UUID]) -> Sequence[Basis]:
    """The partnerships in force that any of these companies takes part in."""
    if not companies:
        return ()
    own = select(PartnershipParty.partnership_id).where(
        PartnershipParty.company_id.in_(companies),
        PartnershipParty.status == PartyStatus.JOINED,
    )
    rows = (
        await session.execute(
            select(Partnership.id, Partnership.created_at, Terms, PartnershipParty.company_id)
            .join(Terms, Terms.partnership_id == Partnership.id)
            .join(PartnershipParty, PartnershipParty.partnership_id == Partnership.id)
            .where(
                Partnership.id.in_(own),
                Partnership.status == PartnershipStatus.ACTIVE,
                Terms.status == TermsStatus.IN_FORCE,
                PartnershipParty.status == PartyStatus.JOINED,
            )
            .order_by(Partnership.id)
        )
    ).all()
    taking_part: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in rows:
        taking_part.setdefault(row.id, set()).add(row.company_id)
    return [
        Basis(
            row.id,
            row.Terms.id,
            row.created_at,
            frozenset(taking_part[row.id]),
            frozenset(map(CandidateField, row.Terms.fields)),
            frozenset(row.Terms.categories),
        )
        for row in {row.id: row for row in rows}.values()
    ]


async def joined_at_of(
    tx: WriteSession, companies: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, datetime]:
    """Since when each of the companies is a member, those that are."""
    if not companies:
        return {}
    rows = await tx.execute(
        select(Membership.organization_id, Membership.joined_at)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(
            Membership.organization_id.in_(companies),
            Membership.status == MembershipStatus.ACTIVE,
            Organization.kind == OrganizationKind.COMPANY,
            Membership.joined_at.is_not(None),
        )
    )
    return {row.organization_id: row.joined_at for row in rows}


async def _settle(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    ids: Sequence[uuid.UUID],
    wanted: Mapping[uuid.UUID, Mapping[uuid.UUID, Listed]],
) -> None:
    listed = (
        await tx.execute(
            select(Disclosure)
            .where(
                Disclosure.candidate_id.in_(ids),
                Disclosure.purpose == Purpose.PARTNER_SHARING,
                Disclosure.closed_at.is_(None),
            )
            .order_by(Disclosure.id)
        )
    ).scalars()
    kept: set[tuple[uuid.UUID, uuid.UUID]] = set()
    over: list[uuid.UUID] = []
    for row in listed.all():
        if wanted.get(row.candidate_id, {}).get(row.recipient_id) == _as_listed(row):
            kept.add((row.candidate_id, row.recipient_id))
        else:
            over.append(row.id)
    if over:
        await tx.execute(
            update(Disclosure)
            .where(Disclosure.id.in_(over))
            .values(closed_at=tx.now)
            .execution_options(synchronize_session=False)
        )
    day = local_day(tx.now, await time_zone_of(tx, consortium_id))
    rows = [
        _record(tx, consortium_id, candidate_id, company_id, one) | {"opened_on": day}
        for candidate_id, by_company in wanted.items()
        for company_id, one in sorted(by_company.items())
        if (candidate_id, company_id) not in kept
    ]
    if rows:
        await tx.execute(plain_insert(Disclosure), rows)


def _as_listed(row: Disclosure) -> Listed | None:
    if row.provider_id is None or row.partnership_id is None or row.terms_id is None:
        return None
    fields = frozenset(map(CandidateField, row.fields))
    return Listed(row.provider_id, row.partnership_id, row.terms_id, row.consent_id, fields)


def _record(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    candidate_id: uuid.UUID,
    company_id: uuid.UUID,
    listed: Listed,
) -> dict[str, object]:
    return {
        "id": random_id(),
        "consortium_id": consortium_id,
        "candidate_id": candidate_id,
        "provider_id": listed.provider_id,
        "recipient_id": company_id,
        "referral_id": None,
        "consent_id": listed.consent_id,
        "purpose": Purpose.PARTNER_SHARING,
        "fields": [field.value for field in CandidateField if field in listed.fields],
        "acquired": Acquired.REGISTRATION_FORM,
        "partnership_id": listed.partnership_id,
        "terms_id": listed.terms_id,
        "opened_at": tx.now,
    }
