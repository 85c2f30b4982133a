"""What partners bring about on a stage: partnerships, the pool, a candidate passed on."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select

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
from models.operations.terms import ProposeTerms, propose_terms, reject_terms
from models.rules.flows import local_day
from models.rules.lifecycles import TermsStatus
from models.rules.partnership_policy import TermsPolicy
from models.rules.partnerships import PartnershipDeed
from models.tables.consortium import Organization
from models.tables.partnerships import PartnershipStep, Terms
from tests.access.stage import CATEGORY, Stage
from tests.handovers import ZONE
from tests.partners import TERMS, agreed, list_all, seeks, turned_down

AGREED_TERMS = replace(TERMS, categories=(CATEGORY,), notice_days=30)


async def set_partnerships(stage: Stage) -> None:
    """The company and the sibling are partners; the receiver is asked, and another one rests."""
    await _propose(stage, "partnership", "company", "sibling")
    await stage.do(accept_partnership, "sibling_admin", stage.key("partnership"))
    await _propose(stage, "proposed partnership", "company", "receiver", "sibling")
    await _propose(stage, "suspended partnership", "receiver", "sibling")
    suspended = stage.key("suspended partnership")
    await stage.do(accept_partnership, "sibling_admin", suspended)
    await stage.do(leave_partnership, "receiver_admin", suspended)
    reason = f"reason {stage.name}"
    await stage.do(suspend_partnership, "receiver_admin", WithReason(suspended, reason))
    stage.marks["reason:receiver"] = reason
    partnership = stage.key("partnership")
    longest = ProposeTerms(partnership, replace(AGREED_TERMS, shared_days=180))
    rejected = await stage.do(propose_terms, "sibling_admin", longest)
    stage.put("terms rejected", "Terms", rejected)
    await stage.do(reject_terms, "company_admin", rejected)
    longer = ProposeTerms(partnership, replace(AGREED_TERMS, shared_days=60))
    stage.put("terms proposed", "Terms", await stage.do(propose_terms, "company_admin", longer))
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


async def _propose(stage: Stage, name: str, proposer: str, *others: str) -> None:
    title = f"[{name}] {stage.name}"
    companies = tuple(stage.key(one) for one in others)
    command = ProposePartnership(title, companies, AGREED_TERMS)
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


async def set_shared(stage: Stage) -> None:
    """One candidate is offered and agrees, another is asked for, a third is in the pool."""
    sibling = stage.key("sibling")
    offer = OfferCandidate(stage.key("candidate shared"), sibling, CATEGORY)
    shared = await stage.do(offer_candidate, "company_admin", offer)
    await agreed(stage.world, stage.key("candidate shared"), shared)
    stage.put("share shared", "Referral", shared)
    ask = AskForCandidate(stage.key("candidate wanted"), stage.key("opening sibling"))
    wanted = await stage.do(ask_for_candidate, "sibling_admin", ask)
    stage.put("share wanted", "Referral", wanted)
    stage.put("listing pooled", "PoolListing", stage.key("candidate pooled"))
