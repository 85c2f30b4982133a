"""People and API tokens through the schema, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.tables.records import OutboxEvent
from models.tables.users import User, UserStatus
from tests.people import (
    HANA,
    NEW_PASSWORD,
    PASSWORD,
    add_person,
    enter,
    invitation_token,
    number_of,
)
from tests.world import World

SCHEMA = build_schema()


async def ask(world: World, actor: Actor | None, query: str, **variables: Any) -> Any:
    """The data of an answer; what is wrong at the top level is raised."""
    ctx = Context(world.database, "https://tasuki.example", actor, language="en")
    return await ask_in(ctx, query, **variables)


async def ask_in(ctx: Context, query: str, **variables: Any) -> Any:
    result = await SCHEMA.execute(query, variable_values=variables, context_value=ctx)
    if result.errors:
        raise result.errors[0]
    return result.data


def mutation(name: str, asked: str) -> str:
    kind = name[0].upper() + name[1:]
    kind = {"DisableUser": "User", "EnableUser": "User"}.get(kind, kind)
    return (
        f"mutation ($input: {kind}Input!) "
        f"{{ {name}(input: $input) {{ {asked} errors {{ code path }} }} }}"
    )


USER = "user { id name email role status locale organization { __typename name } }"


async def test_an_admin_invites_changes_disables_and_enables(world: World) -> None:
    admin = await add_person(world, world.agency, Role.ADMIN, "admin@example.jp")
    wanted = {"email": HANA, "name": "花子", "role": "VIEWER", "idempotencyKey": "k1"}
    user_id = ""
    for _ in range(2):
        answer = await ask(world, admin, mutation("inviteUser", USER), input=wanted)
        invited = answer["inviteUser"]
        user_id = invited["user"].pop("id")
        assert invited == {
            "user": {
                "name": "花子",
                "email": HANA,
                "role": "VIEWER",
                "status": "INVITED",
                "locale": "ja",
                "organization": {"__typename": "Agency", "name": "Agency 3"},
            },
            "errors": [],
        }
    assert await number_of(world, OutboxEvent) == 1
    for name, change, expected in (
        ("changeUserRole", {"role": "RECRUITER"}, ("RECRUITER", "INVITED")),
        ("disableUser", {}, ("RECRUITER", "DISABLED")),
        ("enableUser", {}, ("RECRUITER", "INVITED")),
    ):
        answer = await ask(world, admin, mutation(name, USER), input={"id": user_id, **change})
        found = answer[name]["user"]
        assert (found["role"], found["status"]) == expected
    answer = await ask(world, admin, mutation("enableUser", USER), input={"id": user_id})
    assert answer["enableUser"] == {
        "user": None,
        "errors": [{"code": "INVALID_TRANSITION", "path": []}],
    }


async def test_a_first_admin_is_invited_by_the_members_id(world: World) -> None:
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    for kind, organization, code in (
        ("Company", world.company, None),
        ("Agency", world.agency, None),
        ("User", world.company, "NOT_FOUND"),
    ):
        wanted = {
            "email": f"{kind}{code}@example.jp",
            "name": "First",
            "role": "ADMIN",
            "organizationId": encode_id(kind, organization.id),
        }
        answer = await ask(world, admin, mutation("inviteUser", USER), input=wanted)
        invited = answer["inviteUser"]
        if code:
            assert invited["errors"] == [{"code": code, "path": ["input", "organizationId"]}]
        else:
            assert invited["user"]["organization"]["name"] == organization.name


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.VIEWER])
async def test_who_is_no_admin_neither_lists_nor_invites(world: World, role: Role) -> None:
    actor = world.actor(world.company, role)
    for query in ("{ users { totalCount } }", "{ apiTokens { totalCount } }"):
        with pytest.raises(Exception, match="Ask an administrator"):
            await ask(world, actor, query)
    wanted = {"email": HANA, "name": "Hana", "role": "VIEWER"}
    answer = await ask(world, actor, mutation("inviteUser", USER), input=wanted)
    assert answer["inviteUser"] == {"user": None, "errors": [{"code": "FORBIDDEN", "path": []}]}


async def test_people_are_listed_by_name_and_narrowed(world: World) -> None:
    admin = await add_person(world, world.company, Role.ADMIN, "b@example.jp")
    await add_person(world, world.company, Role.VIEWER, "c@example.jp")
    await add_person(world, world.company, Role.VIEWER, "a@example.jp", status=UserStatus.DISABLED)
    elsewhere = await add_person(world, world.other_company, Role.ADMIN, "d@example.jp")
    consortium_admin = await add_person(world, None, Role.CONSORTIUM_ADMIN, "e@example.jp")
    assert elsewhere.id is not None
    query = """query ($where: UserFilter, $orderBy: [UserOrder!], $first: Int, $after: String) {
        users(where: $where, orderBy: $orderBy, first: $first, after: $after) {
            totalCount nodes { name } pageInfo { hasNextPage endCursor }
        }
    }"""

    async def names(actor: Actor, **variables: Any) -> list[str]:
        found = (await ask(world, actor, query, **variables))["users"]
        return [node["name"] for node in found["nodes"]]

    assert await names(admin) == ["a", "b", "c"]
    assert await names(admin, orderBy=[{"field": "NAME", "direction": "DESC"}]) == ["c", "b", "a"]
    assert await names(admin, where={"status": {"eq": "ACTIVE"}, "role": {"in": ["VIEWER"]}}) == [
        "c"
    ]
    assert await names(admin, where={"name": {"contains": "B"}}) == ["b"]
    assert await names(consortium_admin) == ["a", "b", "c", "d", "e"]
    first = (await ask(world, admin, query, first=2))["users"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert await names(admin, first=2, after=first["pageInfo"]["endCursor"]) == ["c"]
    unseen = encode_id("User", elsewhere.id)
    answer = await ask(world, admin, "query ($id: ID!) { node(id: $id) { id } }", id=unseen)
    assert answer == {"node": None}


async def test_a_secret_is_told_once(world: World) -> None:
    admin = await add_person(world, world.company, Role.ADMIN, HANA)
    create = mutation("createApiToken", "secret apiToken { id prefix role organization { name } }")
    wanted = {"name": "nightly", "role": "RECRUITER", "idempotencyKey": "k1"}
    first, again = [
        (await ask(world, admin, create, input=wanted))["createApiToken"] for _ in range(2)
    ]
    assert first["secret"].startswith(first["apiToken"]["prefix"])
    assert again == {**first, "secret": None}
    assert first["apiToken"]["organization"] == {"name": "Company 1"}
    refused = (await ask(world, admin, create, input={**wanted, "name": "other"}))["createApiToken"]
    assert refused == {
        "secret": None,
        "apiToken": None,
        "errors": [{"code": "IDEMPOTENCY_CONFLICT", "path": ["input", "idempotencyKey"]}],
    }
    revoke = mutation("revokeApiToken", "apiToken { revokedAt }")
    answer = await ask(world, admin, revoke, input={"id": first["apiToken"]["id"]})
    assert answer["revokeApiToken"] == {
        "apiToken": {"revokedAt": "2026-01-05T00:00:00Z"},
        "errors": [],
    }
    listed = await ask(world, admin, "{ apiTokens { totalCount nodes { name revokedAt } } }")
    assert listed["apiTokens"] == {
        "totalCount": 1,
        "nodes": [{"name": "nightly", "revokedAt": "2026-01-05T00:00:00Z"}],
    }
    elsewhere = world.actor(world.other_company, Role.ADMIN)
    answer = await ask(world, elsewhere, revoke, input={"id": first["apiToken"]["id"]})
    assert [error["code"] for error in answer["revokeApiToken"]["errors"]] == ["NOT_FOUND"]


async def test_an_invited_person_comes_in_and_looks_after_themselves(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    wanted = {"email": HANA, "name": "Hana", "role": "VIEWER", "locale": "en"}
    await ask(world, admin, mutation("inviteUser", USER), input=wanted)
    told: list[str | None] = []
    ctx = Context(world.database, "https://tasuki.example", language="en", set_session=told.append)
    async with world.database.read() as read:
        [user_id] = await read.scalars(select(User.id))
    token = await invitation_token(world, user_id)
    accept = mutation("acceptInvitation", "viewer { role locale }")
    weak = await ask_in(ctx, accept, input={"token": token, "password": "short"})
    assert weak["acceptInvitation"]["errors"] == [
        {"code": "INVALID_INPUT", "path": ["input", "password"]}
    ]
    assert (told, ctx.actor) == ([], None)
    answer = await ask_in(ctx, accept, input={"token": token, "password": PASSWORD})
    assert answer["acceptInvitation"]["viewer"] == {"role": "VIEWER", "locale": "en"}
    assert told == [ctx.session_token]
    answer = await ask_in(
        ctx, mutation("changeLocale", "viewer { locale user { locale } }"), input={"locale": "ja"}
    )
    assert answer["changeLocale"]["viewer"] == {"locale": "ja", "user": {"locale": "ja"}}
    change = mutation("changePassword", "viewer { role }")
    for current, errors in (
        ("not this", [{"code": "SIGN_IN_REFUSED", "path": ["input", "currentPassword"]}]),
        (PASSWORD, []),
    ):
        passwords = {"currentPassword": current, "newPassword": NEW_PASSWORD}
        answer = await ask_in(ctx, change, input=passwords)
        assert answer["changePassword"]["errors"] == errors
    await enter(world.database, HANA, NEW_PASSWORD)
    await ask_in(ctx, "mutation { signOut { errors { code } } }")
    assert (told[-1], ctx.actor) == (None, None)
