"""Rewards through the API: proposed with terms, answered by the agency, read by both sides."""

from __future__ import annotations

from typing import Any

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from tests.partners import admin, agreed, joined, list_all, offered, shared, taken_up
from tests.world import World

SCHEMA = build_schema()

PROPOSE = """
mutation ($input: ProposePartnershipInput!) {
  proposePartnership(input: $input) {
    partnership { proposedTerms { id rewards { event unit amount agency { name } } } }
    errors { code path }
  }
}
"""
ACCEPT_PARTNERSHIP = """
mutation ($id: ID!) { acceptPartnership(input: { id: $id }) { errors { code } } }
"""
FUNDINGS = """
{
  fundings(where: { status: { eq: PROPOSED } }, first: 10) {
    totalCount
    nodes {
      id partnershipName termsNumber acceptedAt
      companies { name } rewards { event unit amount }
    }
  }
}
"""
ACCEPT = """
mutation ($id: ID!) {
  acceptFunding(input: { id: $id }) { funding { status acceptedAt } errors { code path } }
}
"""
REFERRAL = """
query ($id: ID!) {
  node(id: $id) { ... on Referral { rewards { event unit amount withheld reversedOn } } }
}
"""
RECEIVED = """
{
  viewer {
    organization {
      ... on Agency {
        rewardAccount {
          receivedYen paidYen
          entries(first: 5) { nodes { kind amount reward { event referral { id } } } }
        }
      }
      ... on Company {
        rewardAccount { receivedYen paidYen }
        account { counts entries(unit: COUNT, first: 1) { nodes { kind reward { event } } } }
      }
    }
  }
}
"""


async def ask(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


def proposal(world: World, **changes: Any) -> dict[str, Any]:
    agency_id = encode_id("Agency", world.agency.id)
    rewards = [
        {"event": "HIRE", "unit": "COUNT", "amount": 2, "agencyId": agency_id},
        {"event": "HIRE", "unit": "REWARD", "amount": 30_000, "agencyId": agency_id},
    ]
    rewards[0] |= changes
    return {
        "name": "Spring",
        "companyIds": [encode_id("Company", world.other_company.id)],
        "terms": {"fields": ["NAME", "SKILLS"], "noticeDays": 0, "rewards": rewards},
    }


async def test_rewards_are_agreed_on_earned_and_read(world: World) -> None:
    company, agency = admin(world, world.company), admin(world, world.agency)
    made = (await ask(world, company, PROPOSE, input=proposal(world)))["proposePartnership"]
    assert made["errors"] == []
    assert made["partnership"]["proposedTerms"]["rewards"] == [
        {"event": "HIRE", "unit": "COUNT", "amount": 2, "agency": {"name": world.agency.name}},
        {
            "event": "HIRE",
            "unit": "REWARD",
            "amount": 30_000,
            "agency": {"name": world.agency.name},
        },
    ]
    partnerships = await ask(world, company, "{ partnerships { nodes { id } } }")
    [partnership] = partnerships["partnerships"]["nodes"]
    partner = admin(world, world.other_company)
    await ask(world, partner, ACCEPT_PARTNERSHIP, id=partnership["id"])
    waiting = (await ask(world, agency, FUNDINGS))["fundings"]
    assert waiting["totalCount"] == 1
    [funding] = waiting["nodes"]
    assert funding["partnershipName"] == "Spring"
    assert {one["name"] for one in funding["companies"]} == {
        world.company.name,
        world.other_company.name,
    }
    accepted = (await ask(world, agency, ACCEPT, id=funding["id"]))["acceptFunding"]
    assert (accepted["errors"], accepted["funding"]["status"]) == ([], "IN_FORCE")
    assert (await ask(world, agency, FUNDINGS))["fundings"]["nodes"] == []
    await list_all(world)
    await _hired_and_read(world, agency)


async def _hired_and_read(world: World, agency: Actor) -> None:
    candidate_id = await shared(world)
    referral_id = await offered(world, world.company, candidate_id, world.other_company)
    await agreed(world, candidate_id, referral_id)
    await taken_up(world, world.other_company, referral_id)
    await joined(world, world.other_company, referral_id)
    giver = world.actor(world.company, Role.VIEWER)
    receiver = world.actor(world.other_company, Role.VIEWER)
    earned = [
        {"event": "HIRE", "unit": "COUNT", "amount": 2, "withheld": None, "reversedOn": None},
        {
            "event": "HIRE",
            "unit": "REWARD",
            "amount": 30_000,
            "withheld": None,
            "reversedOn": None,
        },
    ]
    for actor in (giver, receiver):
        told = await ask(world, actor, REFERRAL, id=encode_id("Referral", referral_id))
        assert told["node"]["rewards"] == earned
    unseen = await ask(world, agency, REFERRAL, id=encode_id("Referral", referral_id))
    assert unseen["node"] is None
    received = (await ask(world, agency, RECEIVED))["viewer"]["organization"]["rewardAccount"]
    assert received == {
        "receivedYen": 30_000,
        "paidYen": 0,
        "entries": {
            "nodes": [
                {
                    "kind": "REWARDED",
                    "amount": 30_000,
                    # Who it was is not the agency's to know.
                    "reward": {"event": "HIRE", "referral": None},
                }
            ]
        },
    }
    paid = (await ask(world, receiver, RECEIVED))["viewer"]["organization"]
    assert paid["rewardAccount"] == {"receivedYen": 0, "paidYen": 30_000}
    counted = (await ask(world, giver, RECEIVED))["viewer"]["organization"]
    assert counted["rewardAccount"] == {"receivedYen": 0, "paidYen": 0}
    assert counted["account"] == {
        "counts": 3,
        "entries": {"nodes": [{"kind": "BONUS", "reward": {"event": "HIRE"}}]},
    }


async def test_a_reward_that_cannot_be_is_refused_with_its_path(world: World) -> None:
    for changes, code in (
        ({"amount": 11}, "INVALID_INPUT"),
        ({"agencyId": encode_id("Company", world.company.id)}, "NOT_FOUND"),
        ({"unit": "REWARD"}, "INVALID_INPUT"),
    ):
        given = proposal(world, **changes)
        answer = await ask(world, admin(world, world.company), PROPOSE, input=given)
        assert answer["proposePartnership"]["errors"] == [
            {"code": code, "path": ["input", "terms", "rewards"]}
        ]
