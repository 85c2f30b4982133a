"""What happens at the same moment comes out one way or the other, never between.

Each race is run once for every statement of its first step, the second step let in before it,
until the second finds what the first has locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Role
from models.errors import DomainError, InvalidTransition, NotFound
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.candidate_pages import WithdrawConsent, withdraw_consent
from models.operations.partner_referrals import AskForCandidate, ask_for_candidate
from models.operations.partnerships import (
    WithReason,
    accept_partnership,
    end_partnership,
    leave_partnership,
    suspend_partnership,
    withdraw_partnership,
)
from models.operations.referrals import accept_referral
from models.operations.terms import ProposeTerms, accept_terms, propose_terms, reject_terms
from models.rules.lifecycles import PartnershipStatus, TermsStatus
from models.rules.partnerships import AmendmentPending
from models.rules.sharing import Purpose
from models.tables.consortium import Organization
from models.verify import verify_consortium
from tests.handovers import run, status_of
from tests.interleaving import Outcome, Step, interleaved
from tests.partners import (
    TERMS,
    admin,
    agreed,
    consent_of,
    fields_seen,
    link_of,
    list_all,
    offered,
    partners,
    partnership_of,
    person,
    proposed,
    shared,
    terms_of,
    third_company,
)
from tests.world import World

SCHEMA = build_schema()
P = PartnershipStatus
Pair = tuple[Organization, Organization]


async def a_pair(world: World) -> Pair:
    """Two companies of whom nobody knows anything yet."""
    return (
        await third_company(world, 100 + next(world.numbers)),
        await third_company(world, 100 + next(world.numbers)),
    )


def step(world: World, operation: Any, actor: Any, command: Any) -> Step:
    """An operation in a transaction of its own, to be begun."""
    return lambda: run(world, operation, actor, command)


def kinds(outcome: Outcome) -> tuple[type[DomainError] | None, ...]:
    """Which refusal each of two steps met, or none. Anything else that went wrong is raised."""
    both = (outcome.first, outcome.second)
    for one in both:
        if isinstance(one, BaseException) and not isinstance(one, DomainError):
            raise one
    return tuple(type(one) if isinstance(one, DomainError) else None for one in both)


async def at_every_statement(
    world: World, race: Callable[[int], Awaitable[Outcome | None]]
) -> list[Outcome]:
    """Run a race for each statement of its first step, up to where the second has to wait."""
    outcomes: list[Outcome] = []
    for at in count(1):
        found = await race(at)
        if found is not None:
            outcomes.append(found)
        if found is None or found.waited:
            break
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []
    return outcomes


# Withdrawing while a partner reads


REFERRAL = """
query One($id: ID!) {
  node(id: $id) {
    ... on Referral {
      status
      candidate { name email phone wishes experienceYears visibility { field shown } }
    }
  }
}
"""
POOL = """
{
  pool(first: 50) {
    totalCount
    nodes { candidate { experienceYears visibility { field shown } } }
  }
}
"""


async def answered(
    world: World, company: Organization, query: str, referral_id: uuid.UUID | None
) -> Any:
    """What a company reads, as the dashboard asks for it."""
    actor = world.actor(company, Role.RECRUITER)
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    variables = {"id": encode_id("Referral", referral_id)} if referral_id else None
    answer = await SCHEMA.execute(query, variables, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


async def test_withdrawing_while_a_partner_reads_a_referral(world: World) -> None:
    """The person is shown whole or not at all, whenever the withdrawal comes."""
    answers = []

    async def race(at: int) -> Outcome | None:
        giver, receiver = await a_pair(world)
        await partners(world, giver, receiver)
        someone = await shared(world, await link_of(world, giver))
        referral_id = await offered(world, giver, someone, receiver)
        await agreed(world, someone, referral_id)
        before = await answered(world, receiver, REFERRAL, referral_id)
        found = await interleaved(
            world.database,
            lambda: answered(world, receiver, REFERRAL, referral_id),
            step(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id)),
            at,
            first_reads=True,
        )
        if found is None:
            return None
        assert kinds(found) == (None, None)
        after = await answered(world, receiver, REFERRAL, referral_id)
        read = found.first["node"]
        people = [one["node"]["candidate"] for one in (before, after)]
        assert people[0] != people[1]
        assert read["candidate"] in people
        assert read["status"] in ("DELIVERED", "WITHDRAWN")
        answers.append(people.index(read["candidate"]))
        assert await fields_seen(world, receiver, someone) == frozenset()
        return found

    assert len(await at_every_statement(world, race)) >= 2
    # Let in at the first statement the withdrawal is seen; at the last it comes too late.
    assert {0, 1} == set(answers)


async def test_withdrawing_while_a_partner_reads_the_pool(world: World) -> None:
    async def race(at: int) -> Outcome | None:
        giver, receiver = await a_pair(world)
        await partners(world, giver, receiver)
        someone = await shared(world, await link_of(world, giver))
        await list_all(world)
        before = await answered(world, receiver, POOL, None)
        consent_id = await consent_of(world, someone, Purpose.PARTNER_SHARING)
        found = await interleaved(
            world.database,
            lambda: answered(world, receiver, POOL, None),
            step(world, withdraw_consent, person(world, someone), WithdrawConsent(consent_id)),
            at,
            first_reads=True,
        )
        if found is None:
            return None
        assert kinds(found) == (None, None)
        after = await answered(world, receiver, POOL, None)
        people = before["pool"]["nodes"][0]["candidate"]
        assert before["pool"]["totalCount"] - after["pool"]["totalCount"] == 1
        assert found.first["pool"]["totalCount"] in (
            before["pool"]["totalCount"],
            after["pool"]["totalCount"],
        )
        for node in found.first["pool"]["nodes"]:
            if node["candidate"] is None:  # gone when it was looked at
                continue
            whole = [one["shown"] for one in people["visibility"]]
            assert [one["shown"] for one in node["candidate"]["visibility"]] == whole
            assert node["candidate"]["experienceYears"] is not None
        return found

    assert len(await at_every_statement(world, race)) >= 2


# Answering while another ends the partnership


ENDINGS = {
    "ended by an admin": (end_partnership, None, P.ENDED),
    "left by the receiver": (leave_partnership, 1, P.ENDED),
    "suspended by the giver": (suspend_partnership, 0, P.SUSPENDED),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("agrees_first", [True, False], ids=["agreeing first", "ending first"])
async def test_agreeing_while_another_ends_the_partnership(
    world: World, ending: str, agrees_first: bool
) -> None:
    """Either it was agreed, and runs on under its terms, or it was recalled: and nothing shown."""
    operation, by, status = ENDINGS[ending]

    async def race(at: int) -> Outcome | None:
        pair = await a_pair(world)
        partnership_id = await partners(world, *pair)
        someone = await shared(world, await link_of(world, pair[0]))
        referral_id = await offered(world, pair[0], someone, pair[1])
        who = admin(world, None if by is None else pair[by])
        reason = WithReason(partnership_id, "trust is gone")
        command = partnership_id if operation is leave_partnership else reason
        ends = step(world, operation, who, command)
        agrees: Step = partial(agreed, world, someone, referral_id)
        first, second = (agrees, ends) if agrees_first else (ends, agrees)
        found = await interleaved(world.database, first, second, at)
        if found is None:
            return None
        agreeing, ended = kinds(found)[:: 1 if agrees_first else -1]
        assert ended is None
        assert (await partnership_of(world, partnership_id)).status is status
        if agreeing is None:
            assert await status_of(world, referral_id) == "DELIVERED"
            assert await fields_seen(world, pair[1], someone)
        else:
            assert issubclass(agreeing, DomainError)
            assert await status_of(world, referral_id) != "DELIVERED"
            assert await fields_seen(world, pair[1], someone) == frozenset()
        return found

    assert (await at_every_statement(world, race))[-1].waited


async def test_taking_up_a_candidate_who_withdraws(world: World) -> None:
    async def race(at: int) -> Outcome | None:
        pair = await a_pair(world)
        await partners(world, *pair)
        someone = await shared(world, await link_of(world, pair[0]))
        referral_id = await offered(world, pair[0], someone, pair[1])
        await agreed(world, someone, referral_id)
        found = await interleaved(
            world.database,
            step(world, accept_referral, world.actor(pair[1], Role.RECRUITER), referral_id),
            step(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id)),
            at,
        )
        if found is None:
            return None
        assert kinds(found) in [(None, None), (InvalidTransition, None)]
        assert await status_of(world, referral_id) == "WITHDRAWN"
        assert await fields_seen(world, pair[1], someone) == frozenset()
        return found

    assert (await at_every_statement(world, race))[-1].waited


@pytest.mark.parametrize("asks_first", [True, False], ids=["asking first", "withdrawing first"])
async def test_asking_by_a_standing_consent_while_it_is_withdrawn(
    world: World, *, asks_first: bool
) -> None:
    """Whether or not it was delivered at once before, nothing is shown once it is withdrawn."""

    async def race(at: int) -> Outcome | None:
        pair = await a_pair(world)
        await partners(world, *pair)
        someone = await shared(world, await link_of(world, pair[0]), without_asking=True)
        await list_all(world)
        consent_id = await consent_of(world, someone, Purpose.PARTNER_SHARING)
        recruiter = world.actor(pair[1], Role.RECRUITER)
        asks = step(world, ask_for_candidate, recruiter, AskForCandidate(someone))
        ends = step(world, withdraw_consent, person(world, someone), WithdrawConsent(consent_id))
        first, second = (asks, ends) if asks_first else (ends, asks)
        found = await interleaved(world.database, first, second, at)
        if found is None:
            return None
        asking, ending = kinds(found)[:: 1 if asks_first else -1]
        assert ending is None
        assert asking in (None, NotFound)
        if asking is None:
            referral_id = found.first if asks_first else found.second
            assert await status_of(world, referral_id) in ("WITHDRAWN", "RECALLED")
        assert await fields_seen(world, pair[1], someone) == frozenset()
        return found

    assert (await at_every_statement(world, race))[-1].waited


async def test_the_last_yes_while_the_proposal_is_withdrawn(world: World) -> None:
    async def race(at: int) -> Outcome | None:
        pair = await a_pair(world)
        partnership_id = await proposed(world, *pair)
        found = await interleaved(
            world.database,
            step(world, accept_partnership, admin(world, pair[1]), partnership_id),
            step(world, withdraw_partnership, admin(world, pair[0]), partnership_id),
            at,
        )
        if found is None:
            return None
        status = (await partnership_of(world, partnership_id)).status
        assert (kinds(found), status) in [
            ((None, InvalidTransition), P.ACTIVE),
            ((InvalidTransition, None), P.WITHDRAWN),
        ]
        return found

    assert (await at_every_statement(world, race))[-1].waited


# Two parties amending at once


async def test_two_parties_amending_at_once(world: World) -> None:
    async def race(at: int) -> Outcome | None:
        pair = await a_pair(world)
        partnership_id = await partners(world, *pair)
        first, second = (
            ProposeTerms(partnership_id, replace(TERMS, shared_days=days)) for days in (5, 6)
        )
        found = await interleaved(
            world.database,
            step(world, propose_terms, admin(world, pair[0]), first),
            step(world, propose_terms, admin(world, pair[1]), second),
            at,
        )
        if found is None:
            return None
        assert kinds(found) in [(None, AmendmentPending), (AmendmentPending, None)]
        assert await terms_of(world, partnership_id) == [
            (1, TermsStatus.IN_FORCE),
            (2, TermsStatus.PROPOSED),
        ]
        return found

    assert (await at_every_statement(world, race))[-1].waited


async def test_one_accepts_an_amendment_while_its_proposer_takes_it_back(world: World) -> None:
    async def race(at: int) -> Outcome | None:
        pair = await a_pair(world)
        partnership_id = await partners(world, *pair)
        terms_id = await run(
            world,
            propose_terms,
            admin(world, pair[0]),
            ProposeTerms(partnership_id, replace(TERMS, shared_days=5)),
        )
        found = await interleaved(
            world.database,
            step(world, accept_terms, admin(world, pair[1]), terms_id),
            step(world, reject_terms, admin(world, pair[0]), terms_id),
            at,
        )
        if found is None:
            return None
        one, other = kinds(found)
        statuses = [status for _, status in await terms_of(world, partnership_id)]
        if one is None:
            assert other is not None
            assert statuses == [TermsStatus.SUPERSEDED, TermsStatus.IN_FORCE]
        else:
            assert other is None
            assert statuses == [TermsStatus.IN_FORCE, TermsStatus.REJECTED]
        return found

    assert (await at_every_statement(world, race))[-1].waited
