"""A reward leads those to its referral who see that referral, and nobody else."""

from __future__ import annotations

from typing import Any

from gql.node import encode_id
from models.access import Role
from models.rules.ledger import Unit
from models.rules.rewards import ClauseOffered, RewardEvent
from models.tables.consortium import Organization
from tests.access.looking import ask
from tests.partners import (
    agreed,
    asked,
    funded,
    link_of,
    partners,
    shared,
    taken_up,
    third_company,
)
from tests.world import World

REWARDS = """
query ($referral: ID!) {
  node(id: $referral) { ... on Referral { id rewards { id unit referral { id } } } }
}
"""
REWARD = "query ($id: ID!) { node(id: $id) { ... on Reward { id referral { id } } } }"
ENTRIES = """
{
  viewer {
    organization { ... on Company { account { entries(first: 50) { nodes { reward {
      id referral { id candidate { id } }
    } } } } } }
  }
}
"""


async def test_invariant_7_the_referral_that_a_reward_is_for(world: World) -> None:
    giver, receiver, other = world.company, world.other_company, await third_company(world)
    promised = (
        ClauseOffered(RewardEvent.REFERRAL, Unit.COUNT, 1, world.agency.id),
        ClauseOffered(RewardEvent.REFERRAL, Unit.REWARD, 1_000, world.agency.id),
    )
    await partners(world, giver, receiver, rewards=promised)
    await funded(world)
    someone = await shared(world, await link_of(world, giver))
    referral_id = await asked(world, receiver, someone)
    await agreed(world, someone, referral_id)
    await taken_up(world, receiver, referral_id)
    referral = encode_id("Referral", referral_id)

    async def read(who: Organization | None, query: str, **variables: Any) -> Any:
        actor = world.actor(who, Role.ADMIN if who else Role.CONSORTIUM_ADMIN)
        answer = await ask(world.database, actor, query, variables)
        assert not answer.errors, answer.errors
        return answer.data

    found = (await read(giver, REWARDS, referral=referral))["node"]["rewards"]
    assert len(found) == 2
    assert (await read(receiver, REWARDS, referral=referral))["node"]["rewards"] == found
    for who in (other, world.agency):
        assert (await read(who, REWARDS, referral=referral))["node"] is None
    for reward in found:
        led_to = {
            name: await read(who, REWARD, id=reward["id"])
            for name, who in {
                "giver": giver,
                "receiver": receiver,
                "agency": world.agency,
                "other": other,
                "admin": None,
            }.items()
        }
        there = {"node": {"id": reward["id"], "referral": {"id": referral}}}
        nameless = {"node": {"id": reward["id"], "referral": None}}
        assert led_to["giver"] == led_to["receiver"] == there
        assert led_to["agency"] == led_to["admin"] == nameless
        assert led_to["other"] == {"node": None}
    entries = (await read(giver, ENTRIES))["viewer"]["organization"]["account"]["entries"]["nodes"]
    [bonus] = [one["reward"] for one in entries if one["reward"] is not None]
    assert bonus["referral"]["id"] == referral
    assert bonus["referral"]["candidate"] == {"id": encode_id("Candidate", someone)}
