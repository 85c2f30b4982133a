"""Agencies that terms name in a reward: they answer, and may stop later on."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.errors import InvalidTransition, NotFound
from models.operations.member_list import lock_member_list
from models.operations.notices import notify
from models.operations.partnership_records import (
    Parties,
    begin_if_agreed,
    bring_into_force,
    drop,
    note_deed,
    parties_of,
    tell,
)
from models.operations.programs import program_in_force
from models.operations.support import able_agencies
from models.rules.lifecycles import (
    TERMS,
    OrganizationKind,
    PartnershipStatus,
    TermsStatus,
    require_step,
)
from models.rules.notices import NoticeKind
from models.rules.partnerships import AlreadyAnswered, PartnershipDeed
from models.rules.rewards import PLACE, AgencyUnfit, ClauseOffered
from models.session import WriteSession
from models.tables.consortium import Organization
from models.tables.partnerships import Partnership, Terms
from models.tables.rewards import Funding, RewardClause
from models.visibility import visible_fundings


async def require_agencies(
    tx: WriteSession, actor: Actor, clauses: Sequence[ClauseOffered]
) -> None:
    """Raise `NotFound` for what is no agency of the consortium, and `AgencyUnfit`."""
    agencies = {clause.agency_id for clause in clauses}
    if not agencies:
        return
    known = await tx.scalars(
        select(Organization.id).where(
            Organization.consortium_id == actor.consortium_id,
            Organization.kind == OrganizationKind.AGENCY,
            Organization.id.in_(agencies),
        )
    )
    if len(known.all()) < len(agencies):
        raise NotFound(*PLACE, what="agency")
    await _require_able(tx, actor, agencies, *PLACE)


async def add_clauses(
    tx: WriteSession, consortium_id: uuid.UUID, terms: Terms, clauses: Sequence[ClauseOffered]
) -> None:
    """The rewards of a new version of terms; each agency they name is asked."""
    fundings = {
        agency_id: Funding(terms_id=terms.id, agency_id=agency_id, proposed_at=tx.now)
        for agency_id in sorted({clause.agency_id for clause in clauses})
    }
    tx.add_all(fundings.values())
    await tx.flush()
    tx.add_all(
        RewardClause(
            terms_id=terms.id,
            number=number,
            event=clause.event,
            unit=clause.unit,
            amount=clause.amount,
            funding_id=fundings[clause.agency_id].id,
        )
        for number, clause in enumerate(clauses, 1)
    )
    await tx.flush()
    for agency_id, funding in fundings.items():
        await notify(tx, consortium_id, NoticeKind.FUNDING_ASKED, funding.id, [agency_id])


async def _require_able(
    tx: WriteSession, actor: Actor, agencies: Collection[uuid.UUID], *path: str
) -> None:
    program = await program_in_force(tx, actor.consortium_id)
    if not set(agencies) <= set(await able_agencies(tx, actor.consortium_id, program)):
        raise AgencyUnfit(*path)


async def accept_funding(tx: WriteSession, actor: Actor, funding_id: uuid.UUID) -> uuid.UUID:
    """Yes to the rewards that the agency is named in. The last yes brings the terms into force.

    Raises `NotFound`, `AgencyUnfit`, `AlreadyAnswered` and `InvalidTransition`.
    """
    funding, terms, partnership, parties = await _locked(tx, actor, funding_id)
    require_step("terms", TERMS, terms.status, TermsStatus.IN_FORCE)
    if funding.accepted_at is not None:
        raise AlreadyAnswered
    await _require_able(tx, actor, [funding.agency_id], "id")
    funding.accepted_at = tx.now
    _note(tx, actor, partnership, PartnershipDeed.FUNDING_ACCEPTED, terms)
    await tx.flush()
    if partnership.status is PartnershipStatus.PROPOSED:
        await begin_if_agreed(tx, actor, partnership, parties)
    else:
        await bring_into_force(tx, actor, partnership, parties)
    await tell(tx, partnership)
    return funding.id


async def decline_funding(tx: WriteSession, actor: Actor, funding_id: uuid.UUID) -> uuid.UUID:
    """No: those terms end as rejected, and with them a partnership that was only proposed.

    Raises `NotFound` and `InvalidTransition`.
    """
    funding, terms, partnership, _ = await _locked(tx, actor, funding_id)
    require_step("terms", TERMS, terms.status, TermsStatus.REJECTED)
    await _reject(tx, actor, partnership, terms, funding.agency_id)
    return funding.id


async def decline_all_fundings(tx: WriteSession, actor: Actor, agency_id: uuid.UUID) -> None:
    """An agency leaves the consortium: terms that name it, and are not in force, end as rejected.

    The member list must be locked.
    """
    rows = await tx.scalars(
        select(Terms)
        .join(Funding, Funding.terms_id == Terms.id)
        .where(Funding.agency_id == agency_id, Terms.status == TermsStatus.PROPOSED)
        .order_by(Terms.partnership_id)
    )
    for terms in rows.all():
        partnership = await tx.get_one(Partnership, terms.partnership_id, with_for_update=True)
        await _reject(tx, actor, partnership, terms, agency_id)


async def _reject(
    tx: WriteSession,
    actor: Actor,
    partnership: Partnership,
    terms: Terms,
    agency_id: uuid.UUID,
) -> None:
    deed = PartnershipDeed.FUNDING_DECLINED
    note_deed(tx, actor, partnership, deed, company_id=agency_id, terms_number=terms.number)
    if partnership.status is PartnershipStatus.PROPOSED:
        await drop(tx, partnership, PartnershipStatus.DECLINED)
    else:
        terms.status, terms.ended_at = TermsStatus.REJECTED, tx.now
    await tell(tx, partnership)


async def stop_funding(tx: WriteSession, actor: Actor, funding_id: uuid.UUID) -> uuid.UUID:
    """Have no part any more in rewards of referrals that begin from now on.

    Those that have begun earn what they were promised. Raises `NotFound`, `AlreadyAnswered`, and
    `InvalidTransition` for terms that are not in force.
    """
    funding, terms, partnership, _ = await _locked(tx, actor, funding_id)
    if funding.stopped_at is not None:
        raise AlreadyAnswered
    if terms.status is not TermsStatus.IN_FORCE:
        raise InvalidTransition(what="terms", state=terms.status.value, allowed="")
    funding.stopped_at = tx.now
    _note(tx, actor, partnership, PartnershipDeed.FUNDING_STOPPED, terms)
    await tell(tx, partnership)
    return funding.id


def _note(
    tx: WriteSession, actor: Actor, partnership: Partnership, deed: PartnershipDeed, terms: Terms
) -> None:
    note_deed(tx, actor, partnership, deed, terms_number=terms.number)


async def _locked(
    tx: WriteSession, actor: Actor, funding_id: uuid.UUID
) -> tuple[Funding, Terms, Partnership, Parties]:
    require(actor, Permission.FUND_REWARDS)
    await lock_member_list(tx, actor.consortium_id)
    partnership_id = await tx.scalar(
        select(Terms.partnership_id)
        .join(Funding, Funding.terms_id == Terms.id)
        .where(visible_fundings(actor), Funding.id == funding_id)
    )
    if partnership_id is None:
        raise NotFound("id", what="reward terms")
    partnership = await tx.get_one(Partnership, partnership_id, with_for_update=True)
    funding = await tx.get_one(Funding, funding_id)
    terms = await tx.get_one(Terms, funding.terms_id)
    return funding, terms, partnership, await parties_of(tx, partnership.id)
