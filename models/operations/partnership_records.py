"""What every change of a partnership does: locks, its history, the pool that follows from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound
from models.operations.member_list import lock_member_list
from models.operations.notices import notify
from models.operations.support import UNDELIVERED, recall
from models.outbox import Event, EventType, emit
from models.reads.partnership_policies import policy_in_force
from models.reads.rewards import said_by_terms
from models.rules.lifecycles import (
    PARTNERSHIP,
    TERMS,
    PartnershipStatus,
    PartyStatus,
    TermsStatus,
    require_step,
)
from models.rules.notices import NoticeKind
from models.rules.partnership_policy import breaches, require_acceptable
from models.rules.partnerships import (
    NotParty,
    PartnershipDeed,
    all_accepted,
    goes_on,
    is_agreed,
)
from models.session import WriteSession
from models.tables.partnerships import (
    Partnership,
    PartnershipParty,
    PartnershipStep,
    Terms,
    TermsAcceptance,
)
from models.tables.referrals import Referral
from models.tables.rewards import Funding
from models.visibility import visible_partnerships

Parties = Mapping[uuid.UUID, PartnershipParty]


async def locked_partnership(
    tx: WriteSession, actor: Actor, partnership_id: uuid.UUID, *path: str
) -> tuple[Partnership, Parties]:
    """A partnership and its parties, for one change at a time. Raises `NotFound`.

    The member list is locked before it, so that nobody is listed on what is about to change.
    """
    require(actor, Permission.MANAGE_PARTNERSHIPS)
    await lock_member_list(tx, actor.consortium_id)
    partnership = await tx.scalar(
        select(Partnership)
        .where(visible_partnerships(actor), Partnership.id == partnership_id)
        .with_for_update()
    )
    if partnership is None:
        raise NotFound(*path, what="partnership")
    return partnership, await parties_of(tx, partnership.id)


async def parties_of(tx: WriteSession, partnership_id: uuid.UUID) -> Parties:
    """The companies of a partnership, past ones too, by their ids."""
    rows = await tx.scalars(
        select(PartnershipParty)
        .where(PartnershipParty.partnership_id == partnership_id)
        .order_by(PartnershipParty.company_id)
    )
    return {row.company_id: row for row in rows}


def joined(parties: Parties) -> frozenset[uuid.UUID]:
    """Those that take part now."""
    return frozenset(key for key, row in parties.items() if row.status is PartyStatus.JOINED)


def require_party(actor: Actor, parties: Parties) -> None:
    """Raise `NotParty` for a company that does not take part now; admins act for the consortium."""
    if actor.organization_id is not None and actor.organization_id not in joined(parties):
        raise NotParty


def note_deed(
    tx: WriteSession,
    actor: Actor,
    partnership: Partnership,
    deed: PartnershipDeed,
    *,
    company_id: uuid.UUID | None = None,
    reason: str | None = None,
    terms_number: int | None = None,
) -> None:
    """Write down what happened: in its history, and in the audit log."""
    partnership.changed_at = tx.now
    tx.add(
        PartnershipStep(
            partnership_id=partnership.id,
            deed=deed,
            company_id=company_id or actor.organization_id,
            reason=reason,
            terms_number=terms_number,
            at=tx.now,
        )
    )
    audit(tx, actor, f"partnership.{deed.value.lower()}", "partnership", partnership.id)


async def tell(tx: WriteSession, partnership: Partnership) -> None:
    """Tell those who follow it that it changed."""
    refs = {"partnership": partnership.id.hex}
    await emit(tx, Event(EventType.PARTNERSHIP_CHANGED, partnership.consortium_id, refs))


async def notify_others(
    tx: WriteSession,
    actor: Actor,
    partnership: Partnership,
    companies: Iterable[uuid.UUID],
    kind: NoticeKind,
) -> None:
    """Mail those who speak for the companies, but for the one that did it."""
    others = sorted(set(companies) - {actor.organization_id})
    await notify(tx, partnership.consortium_id, kind, partnership.id, others)


async def notify_proposal(
    tx: WriteSession,
    actor: Actor,
    partnership: Partnership,
    companies: Iterable[uuid.UUID],
    kind: NoticeKind,
) -> None:
    """As `notify_others`, and the consortium's admins where one of them proposed it for others."""
    told: set[uuid.UUID | None] = {*companies, partnership.proposer_id} - {actor.organization_id}
    await notify(tx, partnership.consortium_id, kind, partnership.id, sorted(told, key=str))


async def list_anew(tx: WriteSession, partnership: Partnership) -> None:
    """The pool is to be brought in line with the partnership as it stands now.

    Reads follow at once, whatever is listed; the records are brought in line by a worker.
    """
    partnership.listing_round += 1
    partnership.listed_at = None
    refs = {
        "partnership": partnership.id.hex,
        "round": str(partnership.listing_round),
        "after": "",
    }
    await emit(tx, Event(EventType.LISTING_DUE, partnership.consortium_id, refs))


async def terms_in(
    tx: WriteSession, partnership_id: uuid.UUID, status: TermsStatus
) -> Terms | None:
    """The one version of the terms in a state, where there is one."""
    found: Terms | None = await tx.scalar(
        select(Terms).where(Terms.partnership_id == partnership_id, Terms.status == status)
    )
    return found


async def drop(tx: WriteSession, partnership: Partnership, status: PartnershipStatus) -> None:
    """End a proposal, and its terms with it."""
    terms = await terms_in(tx, partnership.id, TermsStatus.PROPOSED)
    if terms is not None:
        terms.status, terms.ended_at = TermsStatus.REJECTED, tx.now
    partnership.status = status


async def begin_if_agreed(
    tx: WriteSession, actor: Actor, partnership: Partnership, parties: Parties
) -> None:
    """Let a proposal begin once every company, and every agency its terms name, has said yes."""
    proposed = await terms_in(tx, partnership.id, TermsStatus.PROPOSED)
    assert proposed is not None
    if is_agreed(one.status for one in parties.values()) and await _is_funded(tx, proposed):
        partnership.status = PartnershipStatus.ACTIVE
        note_deed(tx, actor, partnership, PartnershipDeed.BEGAN)
        await notify_proposal(tx, actor, partnership, parties, NoticeKind.PARTNERSHIP_BEGAN)
        await bring_into_force(tx, actor, partnership, parties)


async def _is_funded(tx: WriteSession, terms: Terms) -> bool:
    """Whether every agency that the rewards of terms name has said yes."""
    unanswered = select(Funding.id).where(
        Funding.terms_id == terms.id, Funding.accepted_at.is_(None)
    )
    return (await tx.scalar(unanswered.limit(1))) is None


async def require_still_allowed(tx: WriteSession, actor: Actor, terms: Terms) -> None:
    """Raise `OutsidePolicy` for terms that the policy allowed when they were proposed, alone."""
    allowed = await policy_in_force(tx, actor.consortium_id)
    require_acceptable(allowed.policy, (await said_by_terms(tx, [terms]))[terms.id])


async def bring_into_force(
    tx: WriteSession, actor: Actor, partnership: Partnership, parties: Parties
) -> bool:
    """Put the proposed terms into force, if every company that takes part accepted them.

    So must every agency that their rewards name. Terms that a policy set since then does not allow
    wait on, until they are rejected. Answers whether they came into force.
    """
    proposed = await terms_in(tx, partnership.id, TermsStatus.PROPOSED)
    if proposed is None:
        return False
    allowed = await policy_in_force(tx, partnership.consortium_id)
    if breaches(allowed.policy, (await said_by_terms(tx, [proposed]))[proposed.id]):
        return False
    accepted = await tx.scalars(
        select(TermsAcceptance.company_id).where(TermsAcceptance.terms_id == proposed.id)
    )
    if not all_accepted(joined(parties), accepted.all()) or not await _is_funded(tx, proposed):
        return False
    before = await terms_in(tx, partnership.id, TermsStatus.IN_FORCE)
    if before is not None:
        require_step("terms", TERMS, before.status, TermsStatus.SUPERSEDED)
        before.status, before.ended_at = TermsStatus.SUPERSEDED, tx.now
        await tx.flush()
    proposed.status, proposed.in_force_at = TermsStatus.IN_FORCE, tx.now
    note_deed(tx, actor, partnership, PartnershipDeed.TERMS_IN_FORCE, terms_number=proposed.number)
    await list_anew(tx, partnership)
    return True


async def let_leave(
    tx: WriteSession,
    actor: Actor,
    partnership: Partnership,
    parties: Parties,
    company_id: uuid.UUID,
) -> None:
    """A company takes part no more; with too few left the partnership ends."""
    party = parties[company_id]
    party.status, party.leaves_at, party.left_at = PartyStatus.LEFT, None, tx.now
    note_deed(tx, actor, partnership, PartnershipDeed.LEFT, company_id=company_id)
    await recall_unanswered(tx, actor, partnership, company_id)
    await tx.flush()
    if not goes_on(joined(parties)):
        await end(tx, actor, partnership)
        return
    await notify_others(tx, actor, partnership, joined(parties), NoticeKind.PARTNER_LEFT)
    if not await bring_into_force(tx, actor, partnership, parties):
        await list_anew(tx, partnership)


async def end(
    tx: WriteSession, actor: Actor, partnership: Partnership, reason: str | None = None
) -> None:
    """Nothing new is shown; what candidates agreed to runs on to its deadline."""
    require_step("partnership", PARTNERSHIP, partnership.status, PartnershipStatus.ENDED)
    partnership.status = PartnershipStatus.ENDED
    proposed = await terms_in(tx, partnership.id, TermsStatus.PROPOSED)
    if proposed is not None:
        proposed.status, proposed.ended_at = TermsStatus.REJECTED, tx.now
    note_deed(tx, actor, partnership, PartnershipDeed.ENDED, reason=reason)
    left = joined(await parties_of(tx, partnership.id))
    await notify_others(tx, actor, partnership, left, NoticeKind.PARTNERSHIP_ENDED)
    await recall_unanswered(tx, actor, partnership)
    await list_anew(tx, partnership)


async def recall_unanswered(
    tx: WriteSession, actor: Actor, partnership: Partnership, company_id: uuid.UUID | None = None
) -> None:
    """Take back what candidates have not agreed to: all of it, or what one company is part of."""
    terms = select(Terms.id).where(Terms.partnership_id == partnership.id)
    statement = (
        select(Referral)
        .where(Referral.terms_id.in_(terms), Referral.status.in_(UNDELIVERED))
        .order_by(Referral.id)
        .with_for_update(key_share=True)
    )
    if company_id is not None:
        statement = statement.where(
            (Referral.from_id == company_id) | (Referral.to_id == company_id)
        )
    await recall(tx, actor, (await tx.scalars(statement)).all())


def notice(terms: Terms | None) -> timedelta:
    """So long before leaving a party says so."""
    return timedelta(days=terms.notice_days if terms else 0)
