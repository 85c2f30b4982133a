"""The demo's partnerships: three companies of one industry from the first day, others of late."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from models.access import Actor
from models.operations.fundings import accept_funding, stop_funding
from models.operations.listings import ListCandidates, list_candidates
from models.operations.outcomes import RecordExit, record_exit
from models.operations.partnership_policies import set_partnership_policy
from models.operations.partnerships import (
    ProposePartnership,
    WithReason,
    accept_partnership,
    decline_partnership,
    leave_partnership,
    propose_partnership,
    suspend_partnership,
    withdraw_partnership,
)
from models.operations.terms import ProposeTerms, propose_terms
from models.reads.demo import last_funding, last_partner_hire
from models.rules.flows import local_day
from models.rules.ledger import Unit
from models.rules.partnership_policy import TermsPolicy
from models.rules.partnerships import TermsOffered
from models.rules.rewards import ClauseOffered, RewardEvent
from models.rules.sharing import ALL_FIELDS, IDENTIFYING, CandidateField
from models.session import Database, WriteSession
from tasuki.demo.founding import Founded

THREE = ("minato", "kumano", "asagiri")
AGENCY, SECOND_AGENCY = "tsunagu", "hashi"
TIME_ZONE = "Asia/Tokyo"
TERMS = TermsOffered(fields=ALL_FIELDS, categories=(), shared_days=90, notice_days=30)
CAREFUL = TermsOffered(
    fields=tuple(
        field
        for field in ALL_FIELDS
        if field not in IDENTIFYING - {CandidateField.NAME, CandidateField.EMAIL}
    ),
    categories=("SOFTWARE_ENGINEERING", "DATA_SCIENCE"),
    shared_days=60,
    notice_days=14,
)
AT_ONCE = replace(CAREFUL, categories=(), notice_days=0)
POLICY = TermsPolicy(
    fields=tuple(field for field in ALL_FIELDS if field is not CandidateField.WISHES),
    shared_days_max=180,
    notice_days_min=14,
)
"""The terms of the three makers, who show wishes as well, were in force before it."""


def _rewarding(founded: Founded, terms: TermsOffered, agency: str) -> TermsOffered:
    """Terms by which an agency funds bonus counts, and is paid once somebody has stayed."""
    agency_id = founded.organizations[agency]
    promised = (
        (RewardEvent.REFERRAL, Unit.COUNT, 1),
        (RewardEvent.HIRE, Unit.COUNT, 2),
        (RewardEvent.STAYED_90, Unit.REWARD, 50_000),
    )
    return replace(terms, rewards=tuple(ClauseOffered(*one, agency_id) for one in promised))


async def found_partnership(database: Database, founded: Founded) -> None:
    """Three makers of one industry agree to show each other candidates, and on rewards."""
    name = "製造三社の採用提携"
    terms = _rewarding(founded, TERMS, AGENCY)
    made = founded.partnership_id = await _partners(database, founded, name, THREE, terms)
    await _answer(database, founded, AGENCY, accept_funding)
    founded.partners = [founded.organizations[key] for key in THREE]
    async with database.transaction() as tx:
        await list_candidates(tx, ListCandidates(made, 1, None))


async def partnerships_of_today(database: Database, founded: Founded) -> None:
    """One at every stage, and a policy that came after the oldest of them.

    The agency of the one that rests has stopped; and somebody who came through a partner leaves
    early, by which a bonus is taken back.
    """
    rewarding = _rewarding(founded, CAREFUL, SECOND_AGENCY)
    proposer = founded.staff_of(founded.organizations["shiori"])
    resting = await _partners(
        database, founded, "データ人材の提携", ("hibiki", "shiori"), rewarding
    )
    await _answer(database, founded, SECOND_AGENCY, accept_funding)
    await _answer(database, founded, SECOND_AGENCY, stop_funding)
    async with database.transaction() as tx:
        await suspend_partnership(tx, proposer, WithReason(resting, "採用計画の見直しのため"))
    await _partners(
        database, founded, "ソフトウェア二社の採用提携", ("shiori", "tobira"), rewarding
    )
    await _proposed(database, founded, "物流と製造の採用提携", ("kazaguruma", "tobira"), CAREFUL)
    assert founded.partnership_id is not None
    terms = replace(_rewarding(founded, TERMS, AGENCY), fields=POLICY.fields)
    longer = replace(terms, shared_days=180, notice_days=60)
    async with database.transaction() as tx:
        maker = founded.staff_of(founded.partners[0])
        await propose_terms(tx, maker, ProposeTerms(founded.partnership_id, longer))
    await _partners(database, founded, "関西の販売職の提携", ("hanamaru", "wakaba"), AT_ONCE)
    await _over(database, founded)
    async with database.transaction() as tx:
        await set_partnership_policy(tx, founded.staff_of(founded.consortium_id), POLICY)
    await _leave_early(database, founded)


async def _over(database: Database, founded: Founded) -> None:
    """What came to nothing, what somebody gave notice of or left, and what has ended."""

    async def proposed(name: str, terms: TermsOffered, *keys: str) -> uuid.UUID:
        return await _proposed(database, founded, name, keys, terms)

    async def agreed(name: str, terms: TermsOffered, *keys: str) -> uuid.UUID:
        return await _partners(database, founded, name, keys, terms)

    declined = await proposed("金融と販売の提携", CAREFUL, "akari", "hanamaru")
    withdrawn = await proposed("建設と運輸の提携", CAREFUL, "ishizue", "kazaguruma")
    notice = await agreed("運輸と医療の提携", CAREFUL, "kazaguruma", "nozomi")
    left = await agreed("営業職三社の提携", AT_ONCE, "akari", "ishizue", "wakaba")
    ended = await agreed("食品と物流の提携", AT_ONCE, "wakaba", "kazaguruma")
    agreed_at = database.clock()
    database.clock = lambda: agreed_at + timedelta(minutes=1)
    await _do(database, founded, decline_partnership, "hanamaru", declined)
    await _do(database, founded, withdraw_partnership, "ishizue", withdrawn)
    await _do(database, founded, leave_partnership, "nozomi", notice)
    await _do(database, founded, leave_partnership, "wakaba", left)
    await _do(database, founded, leave_partnership, "kazaguruma", ended)


async def _do(
    database: Database,
    founded: Founded,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
    key: str,
    partnership_id: uuid.UUID,
) -> None:
    async with database.transaction() as tx:
        await operation(tx, founded.staff_of(founded.organizations[key]), partnership_id)


async def _proposed(
    database: Database, founded: Founded, name: str, keys: tuple[str, ...], terms: TermsOffered
) -> uuid.UUID:
    """The first company proposes."""
    first = founded.staff_of(founded.organizations[keys[0]])
    async with database.transaction() as tx:
        return await propose_partnership(tx, first, _proposal(founded, name, keys, terms))


async def _leave_early(database: Database, founded: Founded) -> None:
    """Who joined a partner last leaves today."""
    async with database.read() as read:
        last = await last_partner_hire(read, founded.consortium_id)
    if last is not None:
        hire_id, company_id = last
        today = local_day(database.clock(), TIME_ZONE)
        async with database.transaction() as tx:
            await record_exit(tx, founded.staff_of(company_id), RecordExit(hire_id, today))


async def _answer(
    database: Database,
    founded: Founded,
    agency: str,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> None:
    """An agency answers for the terms that named it last."""
    actor = founded.staff_of(founded.organizations[agency])
    assert actor.organization_id is not None
    async with database.read() as read:
        funding_id = await last_funding(read, actor.organization_id)
    async with database.transaction() as tx:
        await operation(tx, actor, funding_id)


async def _partners(
    database: Database, founded: Founded, name: str, keys: tuple[str, ...], terms: TermsOffered
) -> uuid.UUID:
    """The first company proposes, and the others say yes."""
    made = await _proposed(database, founded, name, keys, terms)
    for key in keys[1:]:
        await _do(database, founded, accept_partnership, key, made)
    return made


def _proposal(
    founded: Founded, name: str, keys: tuple[str, ...], terms: TermsOffered
) -> ProposePartnership:
    companies = tuple(founded.organizations[key] for key in keys)
    return ProposePartnership(name, companies, terms)
