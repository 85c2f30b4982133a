"""References of hand-overs can be written down, and find whose files are to be deleted."""

from __future__ import annotations

import re
import uuid
from typing import Any

from gql.node import encode_id
from models.access import Role
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.rules.references import LETTERS, reference_of
from models.tables.consortium import Organization
from tests.access.looking import ask
from tests.handovers import delivered, run
from tests.partners import person
from tests.world import World

RECEIVED = "{ referrals(first: 9) { nodes { id reference candidate { name } } } }"
TO_DELETE = "{ deletionRequests { nodes { referral { id reference candidate { name } } } } }"


def test_references_are_short_and_apart() -> None:
    made = {reference_of(uuid.UUID(int=number)) for number in range(20_000)}
    assert len(made) == 20_000
    assert all(re.fullmatch(f"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", one) for one in made)
    assert not set("01ILOU") & set(LETTERS)
    assert reference_of(uuid.UUID(int=7)) == "N9TM-2W7J"


async def said(world: World, organization: Organization, query: str) -> Any:
    answer = await ask(world.database, world.actor(organization, Role.RECRUITER), query)
    assert not answer.errors, answer.errors
    return answer.data


async def test_a_request_to_delete_names_what_the_company_noted(world: World) -> None:
    made = {}
    for name in ("佐藤 花子", "鈴木 太郎", "高橋 一郎"):
        someone = (await world.register(name=name)).candidate_id
        made[name] = someone, await delivered(world, someone)
    received = (await said(world, world.other_company, RECEIVED))["referrals"]["nodes"]
    noted = {one["reference"]: one["candidate"]["name"] for one in received}
    assert set(noted.values()) == set(made)
    someone, referral_id = made["鈴木 太郎"]
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    [asked] = (await said(world, world.other_company, TO_DELETE))["deletionRequests"]["nodes"]
    # Nothing of the person is told any more, and still it can be found.
    assert asked["referral"]["candidate"]["name"] is None
    assert asked["referral"]["id"] == encode_id("Referral", referral_id)
    assert noted[asked["referral"]["reference"]] == "鈴木 太郎"
    # Both sides know it by the same name.
    given = (await said(world, world.agency, RECEIVED))["referrals"]["nodes"]
    assert asked["referral"]["reference"] in {one["reference"] for one in given}
