"""Programs that sign in with a token, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.access import ActorKind, Role
from models.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
)
from models.operations.api_tokens import (
    TOKENS_MAX,
    CreateApiToken,
    TooManyTokens,
    create_api_token,
    revoke_api_token,
)
from models.rules.users import (
    RoleNotAllowed,
)
from models.tables.records import AuditEntry
from models.tables.users import ApiToken
from models.tokens import new_api_token
from tests.people import (
    HANA,
    actor_by_token,
    add_person,
    number_of,
)
from tests.world import World


async def test_a_token_acts_for_its_organization_until_it_ends(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    expires_at = world.clock.now + timedelta(days=1)
    async with world.database.transaction() as tx:
        made = await create_api_token(
            tx, hana, CreateApiToken("nightly", Role.RECRUITER, expires_at)
        )
    expected = replace(hana, kind=ActorKind.TOKEN, id=made.id, role=Role.RECRUITER)
    assert await actor_by_token(world, made.secret) == expected
    async with world.database.read() as read:
        token = (await read.scalars(select(ApiToken))).one()
    assert token.token_hash == world.database.vault.token_hash(made.secret)
    assert made.secret.startswith(token.prefix)
    world.clock.now = expires_at
    assert await actor_by_token(world, made.secret) is None


async def test_a_revoked_token_is_nobody(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, hana, CreateApiToken("ci", Role.ADMIN))
    elsewhere = world.actor(world.other_company, Role.ADMIN)
    above = world.actor(None, Role.CONSORTIUM_ADMIN)
    for actor, expected in ((elsewhere, NotFound), (above, Forbidden)):
        with pytest.raises(expected):
            async with world.database.transaction() as tx:
                await revoke_api_token(tx, actor, made.id)
    for _ in range(2):
        async with world.database.transaction() as tx:
            assert await revoke_api_token(tx, hana, made.id) == made.id
    assert await actor_by_token(world, made.secret) is None
    async with world.database.read() as read:
        actions = list(await read.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))
    assert actions == ["api_token.created", "api_token.revoked"]


async def test_a_token_that_is_none_is_nobody(world: World) -> None:
    for token in ("", "tsk_", "tsk_" + "0" * 38, new_api_token()):
        assert await actor_by_token(world, token) is None


async def test_a_token_of_nobody_in_particular_stands_by_itself(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, hana, CreateApiToken("demo", Role.ADMIN))
    async with world.database.transaction() as tx:
        await tx.execute(update(ApiToken).values(created_by=None))
    assert await actor_by_token(world, made.secret) == replace(
        hana, kind=ActorKind.TOKEN, id=made.id, locale="ja"
    )


async def test_tokens_are_checked_and_bounded(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    good = CreateApiToken("ci", Role.VIEWER)
    for command, expected in (
        (replace(good, role=Role.CONSORTIUM_ADMIN), RoleNotAllowed),
        (replace(good, name=" "), InvalidInput),
        (replace(good, expires_at=world.clock.now), InvalidInput),
    ):
        with pytest.raises(expected):
            async with world.database.transaction() as tx:
                await create_api_token(tx, hana, command)
    with pytest.raises(Forbidden):
        async with world.database.transaction() as tx:
            await create_api_token(tx, replace(hana, role=Role.RECRUITER), good)
    async with world.database.transaction() as tx:
        for _ in range(TOKENS_MAX):
            await create_api_token(tx, hana, good)
    with pytest.raises(TooManyTokens):
        async with world.database.transaction() as tx:
            await create_api_token(tx, hana, good)
    assert await number_of(world, ApiToken) == TOKENS_MAX
