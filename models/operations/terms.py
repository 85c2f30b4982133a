"""Amendments: new versions of a partnership's terms, which wait for every party's yes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from models.access import Actor, Permission, require
from models.errors import InvalidTransition, NotFound
from models.operations.fundings import require_agencies
from models.operations.partnership_records import (
    Parties,
    bring_into_force,
    joined,
    locked_partnership,
    note_deed,
    notify_others,
    require_party,
    require_still_allowed,
    tell,
    terms_in,
)
from models.operations.partnerships import add_terms
from models.reads.partnership_policies import policy_in_force
from models.rules.lifecycles import (
    TERMS,
    PartnershipStatus,
    TermsStatus,
    require_step,
)
from models.rules.notices import NoticeKind
from models.rules.partnership_policy import require_within
from models.rules.partnerships import (
    AlreadyAnswered,
    AmendmentPending,
    NotParty,
    PartnershipDeed,
    TermsOffered,
    check_terms,
)
from models.session import WriteSession
from models.tables.partnerships import Partnership, Terms, TermsAcceptance
from models.upsert import insert_for
from models.visibility import visible_terms


@dataclass(frozen=True, slots=True)
class ProposeTerms:
    """Another version of a partnership's terms."""

    partnership_id: uuid.UUID
    terms: TermsOffered


async def propose_terms(tx: WriteSession, actor: Actor, command: ProposeTerms) -> uuid.UUID:
    """Ask the parties for other terms; those in force stay until all have said yes.

    Raises `NotFound`, `NotParty`, `InvalidTransition`, `InvalidInput`, `AgencyUnfit`,
    `AmendmentPending`, and `OutsidePolicy` for terms that the consortium does not allow.
    """
    offered = check_terms(command.terms)
    partnership, parties = await locked_partnership(
        tx, actor, command.partnership_id, "partnershipId"
    )
    require_party(actor, parties)
    _require_going_on(partnership)
    require_within((await policy_in_force(tx, actor.consortium_id)).policy, offered, "terms")
    await require_agencies(tx, actor, offered.rewards)
    if await terms_in(tx, partnership.id, TermsStatus.PROPOSED) is not None:
        raise AmendmentPending
    last = await tx.scalar(
        select(func.max(Terms.number)).where(Terms.partnership_id == partnership.id)
    )
    terms = await add_terms(tx, actor, partnership, offered, number=(last or 0) + 1)
    note_deed(tx, actor, partnership, PartnershipDeed.TERMS_PROPOSED, terms_number=terms.number)
    if actor.organization_id is not None:
        await _accept(tx, actor, partnership, parties, terms)
    kind = NoticeKind.TERMS_PROPOSED
    await notify_others(tx, actor, partnership, joined(parties), kind)
    await tell(tx, partnership)
    return terms.id


async def accept_terms(tx: WriteSession, actor: Actor, terms_id: uuid.UUID) -> uuid.UUID:
    """Yes to an amendment. The last yes brings it into force, and ends the version before it.

    Raises `NotFound`, `NotParty`, `AlreadyAnswered`, `InvalidTransition`, and `OutsidePolicy`
    where the consortium allows the terms no more.
    """
    terms, partnership, parties = await _locked_terms(tx, actor, terms_id)
    if actor.organization_id is None:
        raise NotParty
    _require_going_on(partnership)
    require_step("terms", TERMS, terms.status, TermsStatus.IN_FORCE)
    await require_still_allowed(tx, actor, terms)
    await _accept(tx, actor, partnership, parties, terms)
    await tell(tx, partnership)
    return terms.id


async def reject_terms(tx: WriteSession, actor: Actor, terms_id: uuid.UUID) -> uuid.UUID:
    """No to an amendment, or its proposer takes it back: the terms in force stay.

    Raises `NotFound`, `NotParty` and `InvalidTransition`.
    """
    terms, partnership, _ = await _locked_terms(tx, actor, terms_id)
    _require_going_on(partnership)
    require_step("terms", TERMS, terms.status, TermsStatus.REJECTED)
    terms.status, terms.ended_at = TermsStatus.REJECTED, tx.now
    note_deed(tx, actor, partnership, PartnershipDeed.TERMS_REJECTED, terms_number=terms.number)
    await tell(tx, partnership)
    return terms.id


async def _accept(
    tx: WriteSession, actor: Actor, partnership: Partnership, parties: Parties, terms: Terms
) -> None:
    accepted = await tx.scalar(
        insert_for(tx, TermsAcceptance)
        .values(terms_id=terms.id, company_id=actor.organization_id, accepted_at=tx.now)
        .on_conflict_do_nothing()
        .returning(TermsAcceptance.company_id)
    )
    if accepted is None:
        raise AlreadyAnswered
    note_deed(tx, actor, partnership, PartnershipDeed.TERMS_ACCEPTED, terms_number=terms.number)
    await bring_into_force(tx, actor, partnership, parties)


async def _locked_terms(
    tx: WriteSession, actor: Actor, terms_id: uuid.UUID
) -> tuple[Terms, Partnership, Parties]:
    require(actor, Permission.MANAGE_PARTNERSHIPS)
    partnership_id = await tx.scalar(
        select(Terms.partnership_id).where(visible_terms(actor), Terms.id == terms_id)
    )
    if partnership_id is None:
        raise NotFound("id", what="terms")
    partnership, parties = await locked_partnership(tx, actor, partnership_id, "id")
    require_party(actor, parties)
    return await tx.get_one(Terms, terms_id), partnership, parties


def _require_going_on(partnership: Partnership) -> None:
    """A proposal is answered as a whole, and one that is over has no more terms."""
    if partnership.status not in (PartnershipStatus.ACTIVE, PartnershipStatus.SUSPENDED):
        raise InvalidTransition(what="partnership", state=partnership.status.value, allowed="")
