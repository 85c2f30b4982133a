"""Partnerships from the proposal to the end: each party answers, may pause it, and may leave."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from models.access import Actor, Permission, require, system
from models.errors import AlreadyExists, NotFound
from models.operations.fundings import add_clauses, require_agencies
from models.operations.member_list import lock_member_list
from models.operations.partnership_records import (
    Parties,
    begin_if_agreed,
    drop,
    end,
    joined,
    let_leave,
    list_anew,
    locked_partnership,
    note_deed,
    notice,
    notify_others,
    notify_proposal,
    parties_of,
    recall_unanswered,
    require_party,
    require_still_allowed,
    tell,
    terms_in,
)
from models.reads.partnership_policies import policy_in_force
from models.rules.bounds import require_line
from models.rules.lifecycles import (
    LASTING,
    PARTNERSHIP,
    MembershipStatus,
    OrganizationKind,
    PartnershipStatus,
    PartyStatus,
    TermsStatus,
    require_step,
)
from models.rules.notices import NoticeKind
from models.rules.partnership_policy import ProposalsByConsortium, require_within
from models.rules.partnerships import (
    NAME_CHARS_MAX,
    PARTIES_MAX,
    REASON_CHARS_MAX,
    AlreadyAnswered,
    NotParty,
    NotProposer,
    NotSuspender,
    PartnershipDeed,
    TermsOffered,
    check_parties,
    check_terms,
)
from models.session import WriteSession
from models.tables.consortium import Membership, Organization
from models.tables.partnerships import Partnership, PartnershipParty, Terms, TermsAcceptance

ROWS_PER_BATCH = 200


@dataclass(frozen=True, slots=True)
class ProposePartnership:
    """The companies that shall be partners, one's own among them, and the first terms."""

    name: str
    company_ids: tuple[uuid.UUID, ...]
    terms: TermsOffered


@dataclass(frozen=True, slots=True)
class WithReason:
    """A partnership, and why something is done about it."""

    partnership_id: uuid.UUID
    reason: str


async def propose_partnership(
    tx: WriteSession, actor: Actor, command: ProposePartnership
) -> uuid.UUID:
    """Ask companies to be partners. The one that asks has said yes by asking.

    A consortium admin asks on their behalf: then all of them answer. Raises `InvalidInput`,
    `NotFound` for what is no company, or agency, of the consortium, `AgencyUnfit`, and
    `AlreadyExists` where these companies have a partnership, or a proposal, already;
    `OutsidePolicy` for terms that the consortium does not allow, and `ProposalsByConsortium` where
    its admins alone propose.
    """
    require(actor, Permission.MANAGE_PARTNERSHIPS)
    name = require_line("name", command.name, NAME_CHARS_MAX)
    terms = check_terms(command.terms)
    own = {actor.organization_id} if actor.organization_id is not None else set()
    companies = sorted({*command.company_ids, *own})
    if len(companies) <= PARTIES_MAX:
        # What is unknown reads as unknown, however many are asked.
        await lock_member_list(tx, actor.consortium_id)
        await _require_companies(tx, actor, companies)
        await require_agencies(tx, actor, terms.rewards)
    check_parties(companies)
    allowed = (await policy_in_force(tx, actor.consortium_id)).policy
    if actor.organization_id is not None and not allowed.companies_may_propose:
        raise ProposalsByConsortium
    require_within(allowed, terms, "terms")
    await _refuse_second(tx, actor, companies)
    partnership = Partnership(
        consortium_id=actor.consortium_id,
        name=name,
        proposer_id=actor.organization_id,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.add(partnership)
    await tx.flush()
    tx.add_all(PartnershipParty(partnership_id=partnership.id, company_id=c) for c in companies)
    first = await add_terms(tx, actor, partnership, terms, number=1)
    if actor.organization_id is not None:
        parties = await parties_of(tx, partnership.id)
        _join(tx, parties[actor.organization_id], first)
    note_deed(tx, actor, partnership, PartnershipDeed.PROPOSED, terms_number=1)
    await notify_others(tx, actor, partnership, companies, NoticeKind.PARTNERSHIP_PROPOSED)
    await tell(tx, partnership)
    return partnership.id


async def _require_companies(
    tx: WriteSession, actor: Actor, companies: Collection[uuid.UUID]
) -> None:
    found = await tx.scalar(
        select(func.count())
        .select_from(Organization)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Organization.consortium_id == actor.consortium_id,
            Organization.id.in_(companies),
            Organization.kind == OrganizationKind.COMPANY,
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    if found != len(companies):
        raise NotFound("companyIds", what="company")


async def _refuse_second(tx: WriteSession, actor: Actor, companies: Collection[uuid.UUID]) -> None:
    """The same companies have at most one partnership that is not over."""
    rows = await tx.execute(
        select(PartnershipParty.partnership_id, PartnershipParty.company_id)
        .join(Partnership, Partnership.id == PartnershipParty.partnership_id)
        .where(
            Partnership.consortium_id == actor.consortium_id,
            Partnership.status.in_(LASTING),
            PartnershipParty.status.in_((PartyStatus.INVITED, PartyStatus.JOINED)),
            PartnershipParty.partnership_id.in_(
                select(PartnershipParty.partnership_id).where(
                    PartnershipParty.company_id.in_(companies)
                )
            ),
        )
    )
    sets: dict[uuid.UUID, set[uuid.UUID]] = {}
    for partnership_id, company_id in rows:
        sets.setdefault(partnership_id, set()).add(company_id)
    if set(companies) in sets.values():
        raise AlreadyExists("companyIds", what="partnership")


async def add_terms(
    tx: WriteSession, actor: Actor, partnership: Partnership, terms: TermsOffered, *, number: int
) -> Terms:
    """A new version of the terms, proposed."""
    row = Terms(
        partnership_id=partnership.id,
        number=number,
        fields=[field.value for field in terms.fields],
        categories=list(terms.categories),
        shared_days=terms.shared_days,
        notice_days=terms.notice_days,
        proposer_id=actor.organization_id,
        proposed_at=tx.now,
    )
    tx.add(row)
    await tx.flush()
    await add_clauses(tx, partnership.consortium_id, row, terms.rewards)
    return row


def _join(tx: WriteSession, party: PartnershipParty, terms: Terms) -> None:
    party.status, party.answered_at = PartyStatus.JOINED, tx.now
    tx.add(TermsAcceptance(terms_id=terms.id, company_id=party.company_id, accepted_at=tx.now))


async def accept_partnership(
    tx: WriteSession, actor: Actor, partnership_id: uuid.UUID
) -> uuid.UUID:
    """Yes to the partnership and its terms. The last yes brings both into force.

    Agencies that its rewards name answer as well. Raises `NotFound`, `NotParty`,
    `AlreadyAnswered`, `InvalidTransition`, and `OutsidePolicy` where the consortium allows the
    terms no more.
    """
    partnership, parties = await locked_partnership(tx, actor, partnership_id, "id")
    party = _asked(actor, partnership, parties)
    terms = await terms_in(tx, partnership.id, TermsStatus.PROPOSED)
    assert terms is not None
    await require_still_allowed(tx, actor, terms)
    _join(tx, party, terms)
    note_deed(tx, actor, partnership, PartnershipDeed.ACCEPTED)
    await tx.flush()
    await begin_if_agreed(tx, actor, partnership, parties)
    await tell(tx, partnership)
    return partnership.id


async def decline_partnership(
    tx: WriteSession, actor: Actor, partnership_id: uuid.UUID
) -> uuid.UUID:
    """No: one party's no ends a proposal.

    Raises `NotFound`, `NotParty`, `AlreadyAnswered` and `InvalidTransition`.
    """
    partnership, parties = await locked_partnership(tx, actor, partnership_id, "id")
    party = _asked(actor, partnership, parties)
    party.status, party.answered_at = PartyStatus.DECLINED, tx.now
    await drop(tx, partnership, PartnershipStatus.DECLINED)
    note_deed(tx, actor, partnership, PartnershipDeed.DECLINED)
    kind = NoticeKind.PARTNERSHIP_DECLINED
    await notify_proposal(tx, actor, partnership, parties, kind)
    await tell(tx, partnership)
    return partnership.id


async def withdraw_partnership(
    tx: WriteSession, actor: Actor, partnership_id: uuid.UUID
) -> uuid.UUID:
    """Take a proposal back. Raises `NotFound`, `NotProposer` and `InvalidTransition`."""
    partnership, parties = await locked_partnership(tx, actor, partnership_id, "id")
    require_step("partnership", PARTNERSHIP, partnership.status, PartnershipStatus.WITHDRAWN)
    if partnership.proposer_id != actor.organization_id:
        raise NotProposer
    await drop(tx, partnership, PartnershipStatus.WITHDRAWN)
    note_deed(tx, actor, partnership, PartnershipDeed.WITHDRAWN)
    kind = NoticeKind.PARTNERSHIP_WITHDRAWN
    await notify_others(tx, actor, partnership, sorted(parties), kind)
    await tell(tx, partnership)
    return partnership.id


def _asked(actor: Actor, partnership: Partnership, parties: Parties) -> PartnershipParty:
    if actor.organization_id is None:
        raise NotParty
    party = parties[actor.organization_id]
    require_step("partnership", PARTNERSHIP, partnership.status, PartnershipStatus.ACTIVE)
    if party.status is not PartyStatus.INVITED:
        raise AlreadyAnswered
    return party


async def suspend_partnership(tx: WriteSession, actor: Actor, command: WithReason) -> uuid.UUID:
    """Show nothing new for now. What candidates have not agreed to is taken back.

    Raises `NotFound`, `NotParty`, `InvalidTransition` and `InvalidInput`.
    """
    reason = require_line("reason", command.reason, REASON_CHARS_MAX)
    partnership, parties = await locked_partnership(tx, actor, command.partnership_id, "id")
    require_party(actor, parties)
    require_step("partnership", PARTNERSHIP, partnership.status, PartnershipStatus.SUSPENDED)
    partnership.status = PartnershipStatus.SUSPENDED
    partnership.suspender_id = actor.organization_id
    note_deed(tx, actor, partnership, PartnershipDeed.SUSPENDED, reason=reason)
    kind = NoticeKind.PARTNERSHIP_SUSPENDED
    await notify_others(tx, actor, partnership, joined(parties), kind)
    await recall_unanswered(tx, actor, partnership)
    await list_anew(tx, partnership)
    await tell(tx, partnership)
    return partnership.id


async def resume_partnership(
    tx: WriteSession, actor: Actor, partnership_id: uuid.UUID
) -> uuid.UUID:
    """Show candidates again: who suspended it, or a consortium admin, says so.

    Any party does once the one that suspended has left.
    Raises `NotFound`, `NotParty`, `NotSuspender` and `InvalidTransition`.
    """
    partnership, parties = await locked_partnership(tx, actor, partnership_id, "id")
    require_party(actor, parties)
    if partnership.status is not PartnershipStatus.SUSPENDED:
        # An active one is no step away, and a proposal becomes active by its answers alone.
        require_step("partnership", {}, partnership.status, PartnershipStatus.ACTIVE)
    holds = partnership.suspender_id is None or partnership.suspender_id in joined(parties)
    if holds and actor.organization_id not in (None, partnership.suspender_id):
        raise NotSuspender
    partnership.status, partnership.suspender_id = PartnershipStatus.ACTIVE, None
    note_deed(tx, actor, partnership, PartnershipDeed.RESUMED)
    kind = NoticeKind.PARTNERSHIP_RESUMED
    await notify_others(tx, actor, partnership, joined(parties), kind)
    await list_anew(tx, partnership)
    await tell(tx, partnership)
    return partnership.id


async def leave_partnership(tx: WriteSession, actor: Actor, partnership_id: uuid.UUID) -> uuid.UUID:
    """Leave when the notice of the terms in force is over; at once where they ask for none.

    The others go on while they are two. Raises `NotFound`, `NotParty`, `AlreadyAnswered` where
    notice was given before, and `InvalidTransition`.
    """
    partnership, parties = await locked_partnership(tx, actor, partnership_id, "id")
    require_step("partnership", PARTNERSHIP, partnership.status, PartnershipStatus.ENDED)
    require_party(actor, parties)
    if actor.organization_id is None:
        raise NotParty
    party = parties[actor.organization_id]
    if party.leaves_at is not None:
        raise AlreadyAnswered
    period = notice(await terms_in(tx, partnership.id, TermsStatus.IN_FORCE))
    if period:
        party.leaves_at = tx.now + period
        note_deed(tx, actor, partnership, PartnershipDeed.GAVE_NOTICE)
        await notify_others(tx, actor, partnership, joined(parties), NoticeKind.PARTNER_LEAVES)
    else:
        await let_leave(tx, actor, partnership, parties, party.company_id)
    await tell(tx, partnership)
    return partnership.id


async def end_partnership(tx: WriteSession, actor: Actor, command: WithReason) -> uuid.UUID:
    """A consortium admin ends a partnership at once. Companies leave.

    Raises `NotFound`, `NotParty`, `InvalidTransition` and `InvalidInput`.
    """
    reason = require_line("reason", command.reason, REASON_CHARS_MAX)
    partnership, _ = await locked_partnership(tx, actor, command.partnership_id, "id")
    if actor.organization_id is not None:
        raise NotParty
    await end(tx, actor, partnership, reason)
    await tell(tx, partnership)
    return partnership.id


async def leave_all(tx: WriteSession, actor: Actor, company_id: uuid.UUID) -> None:
    """A company leaves the consortium, and with it all its partnerships, without notice.

    A proposal that it has part in ends as declined. The member list must be locked.
    """
    rows = await tx.scalars(
        select(Partnership)
        .join(PartnershipParty, PartnershipParty.partnership_id == Partnership.id)
        .where(
            PartnershipParty.company_id == company_id,
            PartnershipParty.status.in_((PartyStatus.INVITED, PartyStatus.JOINED)),
            Partnership.status.in_(LASTING),
        )
        .order_by(Partnership.id)
        .with_for_update(of=Partnership)
    )
    for partnership in rows.all():
        parties = await parties_of(tx, partnership.id)
        if partnership.status is PartnershipStatus.PROPOSED:
            parties[company_id].status = PartyStatus.DECLINED
            await drop(tx, partnership, PartnershipStatus.DECLINED)
            note_deed(tx, actor, partnership, PartnershipDeed.DECLINED, company_id=company_id)
            others = {one: party for one, party in parties.items() if one != company_id}
            kind = NoticeKind.PARTNERSHIP_DECLINED
            await notify_proposal(tx, actor, partnership, others, kind)
        else:
            await let_leave(tx, actor, partnership, parties, company_id)
        await tell(tx, partnership)


async def end_notices(tx: WriteSession, batch: int = ROWS_PER_BATCH) -> int:
    """Companies whose notice is over leave. Answers how many. The timers call this."""
    due = (
        await tx.execute(
            select(PartnershipParty.partnership_id, PartnershipParty.company_id)
            .where(
                PartnershipParty.status == PartyStatus.JOINED,
                PartnershipParty.leaves_at <= tx.now,
            )
            .order_by(PartnershipParty.leaves_at)
            .limit(batch)
        )
    ).all()
    for partnership_id, company_id in due:
        await _end_notice(tx, partnership_id, company_id)
    return len(due)


async def _end_notice(tx: WriteSession, partnership_id: uuid.UUID, company_id: uuid.UUID) -> None:
    consortium_id = await tx.scalar(
        select(Partnership.consortium_id).where(Partnership.id == partnership_id)
    )
    assert consortium_id is not None
    await lock_member_list(tx, consortium_id)
    partnership = await tx.get_one(Partnership, partnership_id, with_for_update=True)
    parties = await parties_of(tx, partnership.id)
    if company_id in joined(parties) and partnership.status in LASTING:
        await let_leave(tx, system(consortium_id), partnership, parties, company_id)
        await tell(tx, partnership)
