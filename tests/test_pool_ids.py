"""The ids of the pool lead to nobody who is known by name, neither before nor after."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64decode
from typing import Any

from sqlalchemy import select

from gql.node import decode_id, encode_id
from models.access import Role
from models.operations.agreements import DeclineIntroduction, decline_introduction
from models.tables.consortium import Organization
from models.tables.referrals import Referral
from tests.access.looking import ask
from tests.handovers import delivered, run
from tests.partners import agreed, asked, list_all, partners, person, shared, third_company
from tests.world import World

POOL = """
query ($after: String) {
  pool(first: 1, after: $after) {
    edges { cursor node { id partner { id } candidate { id category { code } } } }
    pageInfo { endCursor }
  }
}
"""
REFERRALS = "{ referrals(first: 9) { nodes { isAsked candidate { id name } } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
ASK = """
mutation ($id: ID!) {
  askForCandidate(input: {candidateId: $id}) { referral { candidate { id } } errors { code } }
}
"""


async def said(world: World, company: Organization, query: str, **variables: Any) -> Any:
    answer = await ask(world.database, world.actor(company, Role.ADMIN), query, variables)
    assert not answer.errors, answer.errors
    return answer.data


async def kept(world: World, company: Organization) -> list[dict[str, Any]]:
    """All of the pool that a company could keep, page by page."""
    edges: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await said(world, company, POOL, after=after))["pool"]
        if not page["edges"]:
            return edges
        edges += page["edges"]
        after = page["pageInfo"]["endCursor"]


def key_of(global_id: str) -> uuid.UUID:
    found = decode_id(global_id)
    assert found is not None
    return found[1]


async def test_who_kept_the_pool_learns_nothing_by_an_introduction(world: World) -> None:
    await partners(world, world.company, world.other_company)
    people = [await shared(world) for _ in range(3)]
    await list_all(world)
    company = world.other_company
    edges = await kept(world, company)
    candidates = [edge["node"]["candidate"]["id"] for edge in edges]
    listings = [edge["node"]["id"] for edge in edges]
    assert len(set(candidates)) == 3
    told = {key_of(one) for one in (*candidates, *listings)}
    assert len(told) == 3, "a listing has the id of its candidate there"
    assert not told & set(people)
    for edge in edges:
        cursor = edge["cursor"]
        written = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        assert not [one for one in people if str(one) in written]
    real = [str(encode_id("Candidate", one)) for one in people]
    assert (await said(world, company, NODES, ids=real))["nodes"] == [None] * 3
    assert (await said(world, company, NODES, ids=candidates))["nodes"] == [
        {"id": one} for one in candidates
    ]

    await delivered(world, people[0], company)
    await list_all(world)
    [introduced] = (await said(world, company, REFERRALS))["referrals"]["nodes"]
    assert introduced["candidate"]["id"] == real[0]
    assert introduced["candidate"]["id"] not in candidates
    listed = str(encode_id("Candidate", world.database.vault.listing_id(company.id, people[0])))
    gone = {listed, str(encode_id("PoolListing", key_of(listed)))}
    answered = (await said(world, company, NODES, ids=[*candidates, *listings, *real]))["nodes"]
    there = {one["id"] for one in answered if one is not None}
    assert there == {*candidates, *listings, real[0]} - gone
    # Who is still listed is neither by name nor by order another.
    assert [edge["node"]["id"] for edge in await kept(world, company)] == [
        one for one in listings if one not in gone
    ]


async def test_the_pools_of_two_companies_cannot_be_laid_side_by_side(world: World) -> None:
    third = await third_company(world)
    await partners(world, world.company, world.other_company, third)
    await shared(world)
    await list_all(world)
    [one], [other] = await kept(world, world.other_company), await kept(world, third)
    assert one["node"]["candidate"]["id"] != other["node"]["candidate"]["id"]
    for company, foreign in ((third, one), (world.other_company, other)):
        ids = [foreign["node"]["id"], foreign["node"]["candidate"]["id"]]
        assert (await said(world, company, NODES, ids=ids))["nodes"] == [None, None]
        refused = (await said(world, company, ASK, id=ids[1]))["askForCandidate"]
        assert refused == {"referral": None, "errors": [{"code": "NOT_FOUND"}]}


async def test_one_asks_by_the_id_of_the_pool_and_knows_the_person_once_delivered(
    world: World,
) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    await list_all(world)
    company = world.other_company
    [edge] = await kept(world, company)
    listed, real = edge["node"]["candidate"]["id"], str(encode_id("Candidate", someone))
    refused = (await said(world, company, ASK, id=real))["askForCandidate"]
    assert refused == {"referral": None, "errors": [{"code": "NOT_FOUND"}]}
    assert (await said(world, company, REFERRALS))["referrals"]["nodes"] == []
    made = (await said(world, company, ASK, id=listed))["askForCandidate"]
    assert made == {"referral": {"candidate": {"id": listed}}, "errors": []}
    referral_id = await _only_asked(world)
    await agreed(world, someone, referral_id)
    [delivered_one] = (await said(world, company, REFERRALS))["referrals"]["nodes"]
    assert delivered_one["candidate"]["id"] == real
    assert delivered_one["candidate"]["name"] is not None


async def _only_asked(world: World) -> uuid.UUID:
    async with world.database.read() as read:
        found = await read.scalars(select(Referral.id).where(Referral.is_asked))
        return found.one()


async def test_whom_one_asked_for_is_not_found_out_by_an_introduction_of_the_agency(
    world: World,
) -> None:
    """The question says whose link it was; the introduction says who it is."""
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    await list_all(world)
    referral_id = await asked(world, world.other_company, someone)
    answer = DeclineIntroduction(referral_id)
    await run(world, decline_introduction, person(world, someone), answer)
    await delivered(world, someone)
    await list_all(world)
    found = (await said(world, world.other_company, REFERRALS))["referrals"]["nodes"]
    by_kind = {one["isAsked"]: one["candidate"] for one in found}
    assert by_kind[True] is None
    assert by_kind[False]["id"] == encode_id("Candidate", someone)
