"""Mutations that create, asked again with the same key, create nothing more (invariant 10)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from stdnum.jp import cn as houjin_bangou

from gql.node import encode_id
from models.access import Actor, Role
from models.tables.consortium import Organization, ProgramVersion
from models.tables.links import RelayLink
from tests.access.looking import ask
from tests.world import World

NUMBER = "700000000001"
CREATING: dict[str, tuple[type[Any], str, dict[str, Any], dict[str, Any]]] = {
    "createRelayLink": (RelayLink, "relayLink", {"campaign": "spring"}, {"campaign": "autumn"}),
    "addMember": (
        Organization,
        "member",
        {
            "kind": "COMPANY",
            "corporateNumber": houjin_bangou.calc_check_digit(NUMBER) + NUMBER,
            "name": "New",
        },
        {"name": "Other"},
    ),
    "publishProgramVersion": (
        ProgramVersion,
        "programVersion",
        {"countsPerFreeHire": 8},
        {"countsPerFreeHire": 9},
    ),
}


def who(world: World, mutation: str) -> Actor:
    if mutation == "createRelayLink":
        return world.actor(world.company, Role.ADMIN)
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def do(world: World, actor: Actor, mutation: str, **given: Any) -> Any:
    thing = CREATING[mutation][1]
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    told = f"{thing} {{ ... on Node {{ id }} }}"
    query = (
        f"mutation ($i: {kind}!) {{ {mutation}(input: $i) {{ {told} errors {{ code path }} }} }}"
    )
    answer = await ask(world.database, actor, query, {"i": given})
    assert not answer.errors, answer.errors
    return answer.data[mutation]


async def rows(world: World, table: type[Any]) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("mutation", CREATING)
async def test_a_key_creates_once(world: World, mutation: str) -> None:
    table, thing, given, other = CREATING[mutation]
    if mutation == "publishProgramVersion":
        given = {**given, "defaultAgencyId": encode_id("Agency", world.agency.id)}
    before, actor = await rows(world, table), who(world, mutation)
    first = await do(world, actor, mutation, **given, idempotencyKey="a key")
    assert first["errors"] == []
    assert first[thing]["id"]
    assert await do(world, actor, mutation, **given, idempotencyKey="a key") == first
    assert await rows(world, table) == before + 1
    refused = await do(world, actor, mutation, **{**given, **other}, idempotencyKey="a key")
    assert refused == {
        thing: None,
        "errors": [{"code": "IDEMPOTENCY_CONFLICT", "path": ["input", "idempotencyKey"]}],
    }
    assert await rows(world, table) == before + 1
