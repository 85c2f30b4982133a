"""A company that left reads what it was party to, and nothing of what happened after."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import NotFound
from models.operations.members import end_membership
from models.operations.partnerships import (
    WithReason,
    end_partnership,
    leave_partnership,
    suspend_partnership,
)
from models.operations.terms import ProposeTerms, accept_terms, propose_terms, reject_terms
from models.outbox import Event, EventType
from models.rules.lifecycles import ReferralStatus
from models.tables.consortium import Organization
from models.verify import verify_consortium
from tests.handovers import run, status_of
from tests.partners import (
    TERMS,
    admin,
    agreed,
    fields_seen,
    link_of,
    offered,
    partners,
    shared,
    third_company,
)
from tests.world import World

SCHEMA = build_schema()

EVERYTHING = """
query ($id: ID!) {
  partnerships(orderBy: [{field: CREATED_AT, direction: DESC}]) { totalCount nodes { id status } }
  active: partnerships(where: {status: {eq: ACTIVE}}) { totalCount }
  ended: partnerships(where: {status: {eq: ENDED}}) { totalCount }
  overdue: partnerships(where: {isOverdue: true}) { totalCount }
  waiting: partnerships(orderBy: [{field: WAITING_SINCE, direction: ASC}]) { totalCount }
  node(id: $id) {
    ... on Partnership {
      name status changedAt listedAt waitingSince isOverdue
      parties { status leavesAt company { name } }
      terms { number status sharedDays inForceAt endedAt acceptedBy { name } policyBreaches }
      proposedTerms { number }
      history(first: 100) { totalCount nodes { id deed at termsNumber reason } }
    }
  }
}
"""


async def ask(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    context = Context(
        database=world.database, base_url="https://tasuki.example", actor=actor, language="en"
    )
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


async def told(world: World, company: Any, partnership_id: uuid.UUID) -> list[uuid.UUID]:
    """What a company that follows partnerships is told when this one changes."""

    async def events() -> Any:
        refs = {"partnership": partnership_id.hex}
        yield Event(EventType.PARTNERSHIP_CHANGED, world.consortium_id, refs)

    actor = world.actor(company, Role.VIEWER)

    async def again() -> Actor:
        return actor

    context = Context(
        database=world.database,
        base_url="https://tasuki.example",
        actor=actor,
        language="en",
        events=events,
        again=again,
    )
    stream: Any = await SCHEMA.subscribe(
        "subscription { partnershipChanged { id } }", context_value=context
    )
    return [one.data["partnershipChanged"]["id"] async for one in stream]


async def left_by_the_third(world: World) -> tuple[uuid.UUID, uuid.UUID, Organization]:
    """A partnership of three, an amendment that waits, and the third, which leaves meanwhile."""
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    world.clock.forward(days=1)
    command = ProposeTerms(partnership_id, replace(TERMS, shared_days=60))
    terms_id = await run(world, propose_terms, admin(world, world.company), command)
    world.clock.forward(days=1)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    return partnership_id, terms_id, third


async def amended(world: World, partnership_id: uuid.UUID, **changes: Any) -> uuid.UUID:
    """The two that are left agree on other terms."""
    command = ProposeTerms(partnership_id, replace(TERMS, **changes))
    terms_id: uuid.UUID = await run(world, propose_terms, admin(world, world.company), command)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    return terms_id


async def test_a_company_that_left_reads_what_it_was_party_to(world: World) -> None:
    partnership_id, _, third = await left_by_the_third(world)
    node = encode_id("Partnership", partnership_id)
    assert await told(world, third, partnership_id) == [node]
    left = await ask(world, world.actor(third, Role.VIEWER), EVERYTHING, id=node)
    assert left["node"]["status"] == "ENDED"
    assert [left[name]["totalCount"] for name in ("active", "ended", "waiting")] == [0, 1, 0]
    assert (left["node"]["terms"]["number"], left["node"]["terms"]["status"]) == (1, "IN_FORCE")
    assert left["node"]["proposedTerms"] is None
    deeds = [one["deed"] for one in left["node"]["history"]["nodes"]]
    assert deeds[:2] == ["LEFT", "TERMS_ACCEPTED"]
    assert left["node"]["history"]["totalCount"] == len(deeds)


async def test_nothing_after_leaving_is_read(world: World) -> None:
    """Amendments, suspensions, others' leaving and the end: the view stands still."""
    partnership_id, before, third = await left_by_the_third(world)
    node, viewer = encode_id("Partnership", partnership_id), world.actor(third, Role.VIEWER)
    left = await ask(world, viewer, EVERYTHING, id=node)
    world.clock.forward(days=1)
    await run(world, accept_terms, admin(world, world.other_company), before)
    world.clock.forward(days=1)
    await amended(world, partnership_id, shared_days=90, notice_days=30)
    late = ProposeTerms(partnership_id, replace(TERMS, shared_days=120))
    await run(world, propose_terms, admin(world, world.company), late)
    world.clock.forward(days=20)
    await run(world, leave_partnership, admin(world, world.company), partnership_id)
    assert await ask(world, viewer, EVERYTHING, id=node) == left
    reason = WithReason(partnership_id, "a doubt")
    await run(world, suspend_partnership, admin(world, world.other_company), reason)
    await run(world, end_partnership, admin(world, None), reason)
    assert await ask(world, viewer, EVERYTHING, id=node) == left
    assert await told(world, third, partnership_id) == []
    other = world.actor(world.other_company, Role.VIEWER)
    assert (await ask(world, other, EVERYTHING, id=node))["node"]["status"] == "ENDED"
    assert await told(world, world.other_company, partnership_id) == [node]
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def test_terms_by_their_id_read_as_they_stood_at_leaving(world: World) -> None:
    partnership_id, before, third = await left_by_the_third(world)
    world.clock.forward(days=1)
    await run(world, accept_terms, admin(world, world.other_company), before)
    world.clock.forward(days=1)
    after = await amended(world, partnership_id, shared_days=90)
    viewer = world.actor(third, Role.VIEWER)
    query = """query ($id: ID!) {
      node(id: $id) { ... on Terms { number status inForceAt endedAt acceptedBy { name } } }
    }"""
    found = await ask(world, viewer, query, id=encode_id("Terms", before))
    assert found["node"] == {
        "number": 2,
        "status": "PROPOSED",
        "inForceAt": None,
        "endedAt": None,
        "acceptedBy": [{"name": world.company.name}],
    }
    assert (await ask(world, viewer, query, id=encode_id("Terms", after)))["node"] is None
    with pytest.raises(NotFound):
        await run(world, reject_terms, admin(world, third), after)


async def test_what_is_proposed_after_leaving_is_in_no_history_by_id(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    world.clock.forward(days=1)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    world.clock.forward(days=1)
    later = ProposeTerms(partnership_id, replace(TERMS, shared_days=60))
    await run(world, propose_terms, admin(world, world.company), later)
    node = encode_id("Partnership", partnership_id)
    theirs = await ask(world, world.actor(world.company, Role.VIEWER), EVERYTHING, id=node)
    [newest, *_] = theirs["node"]["history"]["nodes"]
    assert newest["deed"] == "TERMS_ACCEPTED"
    query = "query ($id: ID!) { node(id: $id) { ... on PartnershipStep { deed } } }"
    seen = [
        (await ask(world, world.actor(company, Role.VIEWER), query, id=newest["id"]))["node"]
        for company in (world.company, third)
    ]
    assert seen == [{"deed": "TERMS_ACCEPTED"}, None]


async def test_a_receiver_that_leaves_the_consortium_keeps_nothing(world: World) -> None:
    """What was delivered to it is recalled; what it gave runs on with the receiver."""
    await partners(world, world.company, world.other_company)
    received = await shared(world)
    delivered = await offered(world, world.company, received, world.other_company)
    await agreed(world, received, delivered)
    link = await link_of(world, world.other_company)
    given = await shared(world, link)
    gave = await offered(world, world.other_company, given, world.company)
    await agreed(world, given, gave)
    assert await fields_seen(world, world.other_company, received)
    await run(world, end_membership, admin(world, None), world.other_company.id)
    assert await status_of(world, delivered) == ReferralStatus.RECALLED
    assert await status_of(world, gave) == ReferralStatus.DELIVERED
    assert await fields_seen(world, world.other_company, received) == frozenset()
    assert await fields_seen(world, world.company, given)
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def test_terms_narrowed_between_asking_and_agreeing_stay_pinned(world: World) -> None:
    """A referral keeps the terms it began under: the candidate agrees to what the mail said."""
    partnership_id = await partners(world, world.company, world.other_company)
    candidate_id = await shared(world)
    referral_id = await offered(world, world.company, candidate_id, world.other_company)
    narrow = replace(TERMS, fields=(TERMS.fields[0],), shared_days=1)
    command = ProposeTerms(partnership_id, narrow)
    terms_id = await run(world, propose_terms, admin(world, world.company), command)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    await agreed(world, candidate_id, referral_id)
    wide = await fields_seen(world, world.other_company, candidate_id)
    assert len(wide) > 1
    world.clock.forward(days=TERMS.shared_days - 1)
    assert await fields_seen(world, world.other_company, candidate_id) == wide
    world.clock.forward(days=1)
    assert await fields_seen(world, world.other_company, candidate_id) == {TERMS.fields[0]}
