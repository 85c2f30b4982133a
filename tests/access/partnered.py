"""What partners bring about on a stage: partnerships, the pool, a candidate passed on."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from models.operations.fundings import accept_funding, stop_funding
from models.operations.partner_referrals import (
    AskForCandidate,
    OfferCandidate,
    ask_for_candidate,
    offer_candidate,
)
from models.operations.partnership_policies import set_partnership_policy
from models.operations.partnerships import (
    ProposePartnership,
    WithReason,
    accept_partnership,
    leave_partnership,
    propose_partnership,
    suspend_partnership,
)
from models.operations.referrals import accept_referral
from models.operations.terms import ProposeTerms, propose_terms, reject_terms
from models.rules.flows import local_day
from models.rules.ledger import Unit
from models.rules.lifecycles import TermsStatus
from models.rules.partnership_policy import TermsPolicy
from models.rules.partnerships import PartnershipDeed, TermsOffered
from models.rules.rewards import ClauseOffered, RewardEvent, RewardWithheld
from models.tables.consortium import Organization
from models.tables.ledger import Account, Entry
from models.tables.partnerships import PartnershipStep, Terms
from models.tables.rewards import Funding, Reward, RewardClause
from tests.access.stage import CATEGORY, Stage
from tests.handovers import ZONE, change
from tests.partners import TERMS, agreed, list_all, seeks, turned_down

AGREED_TERMS = replace(TERMS, categories=(CATEGORY,), notice_days=30)


def rewarding(stage: Stage) -> TermsOffered:
    """Terms by which the agency has part in a bonus count, and in yen."""
    agency_id = stage.key("agency")
    return replace(
        AGREED_TERMS,
        rewards=(
            ClauseOffered(RewardEvent.REFERRAL, Unit.COUNT, 1, agency_id),
            ClauseOffered(RewardEvent.REFERRAL, Unit.REWARD, 1_000, agency_id),
        ),
    )


async def set_partnerships(stage: Stage) -> None:
    """The company and the sibling are partners; the receiver is asked, and another one rests."""
    await _propose(stage, "partnership", rewarding(stage), "company", "sibling")
    await stage.do(accept_partnership, "sibling_admin", stage.key("partnership"))
    await _find_funding(stage, "funding", "partnership", TermsStatus.PROPOSED)
    await stage.do(accept_funding, "agency_admin", stage.key("funding"))
    await _propose(stage, "proposed partnership", AGREED_TERMS, "company", "receiver", "sibling")
    await _propose(stage, "suspended partnership", rewarding(stage), "receiver", "sibling")
    suspended = stage.key("suspended partnership")
    await _find_funding(stage, "funding stopped", "suspended partnership", TermsStatus.PROPOSED)
    await stage.do(accept_funding, "agency_admin", stage.key("funding stopped"))
    await stage.do(accept_partnership, "sibling_admin", suspended)
    await stage.do(stop_funding, "agency_admin", stage.key("funding stopped"))
    await stage.do(leave_partnership, "receiver_admin", suspended)
    reason = f"reason {stage.name}"
    await stage.do(suspend_partnership, "receiver_admin", WithReason(suspended, reason))
    stage.marks["reason:receiver"] = reason
    partnership = stage.key("partnership")
    longest = ProposeTerms(partnership, replace(AGREED_TERMS, shared_days=180))
    rejected = await stage.do(propose_terms, "sibling_admin", longest)
    stage.put("terms rejected", "Terms", rejected)
    await stage.do(reject_terms, "company_admin", rejected)
    wanted = ProposeTerms(partnership, replace(rewarding(stage), shared_days=60))
    stage.put("terms proposed", "Terms", await stage.do(propose_terms, "company_admin", wanted))
    await _find_funding(stage, "funding asked", "partnership", TermsStatus.PROPOSED)
    await stage.do(
        set_partnership_policy,
        "consortium_admin",
        TermsPolicy(categories=(CATEGORY,), shared_days_max=120),
    )
    await list_all(stage.world)
    await _find_parts(stage)
    await _set_needs(stage)


async def _set_needs(stage: Stage) -> None:
    """A company that is nobody's partner turns down, and seeks, what the others do."""
    today = local_day(stage.world.clock.now, ZONE)
    async with stage.world.database.read() as read:
        newcomer, company = [
            await read.get_one(Organization, stage.key(name)) for name in ("newcomer", "company")
        ]
    await turned_down(stage.world, newcomer, CATEGORY, today, 9)
    await turned_down(stage.world, company, CATEGORY, today, 3)
    await seeks(stage.world, newcomer, CATEGORY)


async def _find_funding(stage: Stage, name: str, partnership: str, status: TermsStatus) -> None:
    found = (
        select(Funding.id)
        .join(Terms, Terms.id == Funding.terms_id)
        .where(Terms.partnership_id == stage.key(partnership), Terms.status == status)
    )
    stage.put(name, "Funding", await _one(stage, found))


async def _propose(
    stage: Stage, name: str, terms: TermsOffered, proposer: str, *others: str
) -> None:
    title = f"[{name}] {stage.name}"
    companies = tuple(stage.key(one) for one in others)
    command = ProposePartnership(title, companies, terms)
    made = await stage.do(propose_partnership, f"{proposer}_admin", command)
    stage.put(name, "Partnership", made)
    stage.marks[f"partnership:{name}"] = title


async def _find_parts(stage: Stage) -> None:
    in_force = select(Terms.id).where(
        Terms.partnership_id == stage.key("partnership"), Terms.status == TermsStatus.IN_FORCE
    )
    stage.put("terms", "Terms", await _one(stage, in_force))
    for name, partnership, deed in (
        ("step of terms", "partnership", PartnershipDeed.TERMS_IN_FORCE),
        ("step with a reason", "suspended partnership", PartnershipDeed.SUSPENDED),
    ):
        step = select(PartnershipStep.id).where(
            PartnershipStep.partnership_id == stage.key(partnership), PartnershipStep.deed == deed
        )
        stage.put(name, "PartnershipStep", await _one(stage, step))


async def _one(stage: Stage, statement: Any) -> uuid.UUID:
    async with stage.world.database.read() as read:
        found: uuid.UUID = (await read.scalars(statement)).one()
    return found


async def _set_rewarded(stage: Stage) -> None:
    """One whom the partner takes up, by which the company earned a bonus."""
    rewarded = stage.key("candidate rewarded")
    offer = OfferCandidate(rewarded, stage.key("sibling"), CATEGORY)
    share = await stage.do(offer_candidate, "company_admin", offer)
    await agreed(stage.world, rewarded, share)
    await stage.do(accept_referral, "sibling_admin", share)
    stage.put("share rewarded", "Referral", share)
    for name, unit in (("reward", Unit.COUNT), ("reward withheld", Unit.REWARD)):
        earned = (
            select(Reward.id)
            .join(RewardClause, RewardClause.id == Reward.clause_id)
            .where(Reward.referral_id == share, RewardClause.unit == unit)
        )
        stage.put(name, "Reward", await _one(stage, earned))
    now = stage.world.clock.now
    await change(
        stage.world,
        Reward,
        Reward.id == stage.key("reward withheld"),
        withheld=RewardWithheld.LICENCE_LAPSED,
        reversed_at=now,
        reversed_on=now.date(),
    )
    received = (
        select(Entry.id)
        .join(Account, Account.id == Entry.account_id)
        .where(Account.company_id == stage.key("agency"))
    )
    stage.put("entry received", "Entry", await _one(stage, received))


async def set_shared(stage: Stage) -> None:
    """One candidate is offered and agrees, two are asked for, another is in the pool."""
    sibling = stage.key("sibling")
    offer = OfferCandidate(stage.key("candidate shared"), sibling, CATEGORY)
    shared = await stage.do(offer_candidate, "company_admin", offer)
    await agreed(stage.world, stage.key("candidate shared"), shared)
    stage.put("share shared", "Referral", shared)
    await _set_rewarded(stage)
    ask = AskForCandidate(stage.key("candidate wanted"), stage.key("opening sibling"))
    wanted = await stage.do(ask_for_candidate, "sibling_admin", ask)
    stage.put("share wanted", "Referral", wanted)
    sought = await stage.do(
        ask_for_candidate, "sibling_admin", AskForCandidate(stage.key("candidate sought"))
    )
    stage.put("share sought", "Referral", sought)
    listed = stage.world.database.vault.listing_id(
        stage.key("sibling"), stage.key("candidate pooled")
    )
    stage.put("listing pooled", "PoolListing", listed)
    stage.put("candidate pooled, as listed", "Candidate", listed)
