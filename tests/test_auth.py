"""Who asks, by header, cookie or WebSocket, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select
from starlette.requests import HTTPConnection

from models.access import Actor, Role
from models.errors import Unauthenticated
from models.operations.api_tokens import CreateApiToken, create_api_token, revoke_api_token
from models.rules.users import SESSION_DAYS_MAX, SESSION_IDLE_HOURS
from models.tables.users import UserSession
from models.tokens import new_api_token
from tasuki.app import create_app
from tasuki.auth import COOKIE, Signing, clear_session_cookie, set_session_cookie
from tasuki.settings import Settings, WorkerPlace
from tests.people import HANA, PASSWORD, add_person, enter
from tests.world import World

BASE_URL = "https://tasuki.example"
VIEWER = "{ viewer { role permissions locale user { email } organization { name } } }"
SIGN_IN = """
mutation ($input: SignInInput!) {
  signIn(input: $input) { viewer { user { email } consortium { slug } } errors { code message } }
}
"""


def connection(cookie: str | None = None, *authorizations: str, kind: str = "http") -> Any:
    headers = [(b"authorization", one.encode("latin-1")) for one in authorizations]
    if cookie is not None:
        headers.append((b"cookie", f"other=1; {COOKIE}={cookie}".encode()))
    return HTTPConnection({"type": kind, "headers": headers})


async def token_of(world: World, actor: Actor) -> str:
    async with world.database.transaction() as tx:
        return (await create_api_token(tx, actor, CreateApiToken("ci", Role.VIEWER))).secret


async def test_a_cookie_is_its_person(world: World) -> None:
    hana = await add_person(world, world.company, Role.RECRUITER, HANA)
    cookie = (await enter(world.database, HANA)).token
    signed = await Signing(world.database).actor_of(connection(cookie))
    assert (signed.actor, signed.session_token) == (hana, cookie)


@pytest.mark.parametrize("cookie", [None, "", "stale", "x" * 4_000])
async def test_without_a_cookie_that_holds_one_is_nobody(world: World, cookie: str | None) -> None:
    signed = await Signing(world.database).actor_of(connection(cookie))
    assert (signed.actor, signed.session_token) == (None, None)


async def test_a_token_comes_before_the_cookie(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    cookie = (await enter(world.database, HANA)).token
    token = await token_of(world, hana)
    signed = await Signing(world.database).actor_of(connection(cookie, f"bearer {token}"))
    assert signed.session_token is None
    assert signed.actor is not None
    assert signed.actor.role is Role.VIEWER


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (None, "en"),
        ("*", "en"),
        ("fr", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
    ],
)
async def test_a_program_is_answered_in_the_language_it_asks_for(
    world: World, asked: str | None, answered: str
) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    sent = connection(None, f"Bearer {await token_of(world, hana)}")
    if asked is not None:
        sent.scope["headers"].append((b"accept-language", asked.encode()))
    signed = await Signing(world.database).actor_of(sent)
    assert hana.locale == "en"
    assert signed.actor is not None
    assert signed.actor.locale == answered


async def test_a_token_that_does_not_hold_is_refused_even_beside_a_cookie(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    cookie = (await enter(world.database, HANA)).token
    token = await token_of(world, hana)
    for wrong in (
        [""],
        ["Bearer"],
        ["Bearer "],
        [f"Basic {token}"],
        [token],
        [f"Bearer {token}x"],
        [f"Bearer {new_api_token()}"],
        ["Bearer tsk_é"],
        ["Bearer " + "x" * 10_000],
        [f"Bearer {token}", f"Bearer {token}"],
    ):
        with pytest.raises(Unauthenticated):
            await Signing(world.database).actor_of(connection(cookie, *wrong))


async def test_a_websocket_says_its_token_when_it_begins(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    token = await token_of(world, hana)
    signing = Signing(world.database)
    socket = connection(kind="websocket")
    for name in ("authorization", "Authorization"):
        signed = await signing.actor_of(socket, {name: f"Bearer {token}", "more": [1]})
        assert signed.actor is not None
    wrong_values: list[Any] = [7, {"a": 1}, f"Bearer {token}x"]
    for wrong in wrong_values:
        with pytest.raises(Unauthenticated):
            await signing.actor_of(socket, {"authorization": wrong})
    assert (await signing.actor_of(socket, {"authorization": None})).actor is None


async def test_a_stream_asks_again(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, hana, CreateApiToken("ci", Role.VIEWER))
    params = {"authorization": f"Bearer {made.secret}"}
    signing, socket = Signing(world.database), connection(kind="websocket")
    assert await signing.still_signed_in(socket, params) is not None
    async with world.database.transaction() as tx:
        await revoke_api_token(tx, hana, made.id)
    assert await signing.still_signed_in(socket, params) is None


async def test_using_a_session_moves_its_end(world: World) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    cookie = (await enter(world.database, HANA)).token
    signing = Signing(world.database)

    async def remaining_s() -> float:
        assert (await signing.actor_of(connection(cookie))).actor is not None
        async with world.database.read() as read:
            session = (await read.scalars(select(UserSession))).one()
        return (session.expires_at - world.clock.now).total_seconds()

    full = SESSION_IDLE_HOURS * 3600
    assert await remaining_s() == full
    world.clock.forward(minutes=29)
    assert await remaining_s() == full - 29 * 60
    world.clock.forward(minutes=1)
    assert await remaining_s() == full


def test_the_cookie_is_for_our_origin_alone() -> None:
    assert set_session_cookie("abc") == (
        f"__Host-tasuki=abc; Max-Age={SESSION_DAYS_MAX * 86_400}; "
        "Path=/; Secure; HttpOnly; SameSite=Lax"
    )
    assert clear_session_cookie() == (
        "__Host-tasuki=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
    )


# Over the whole application


@pytest_asyncio.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(base_url=BASE_URL, worker=WorkerPlace.APART)
    app = create_app(settings, database=world.database)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(
        transport=transport, base_url=BASE_URL, headers={"accept-language": "en"}
    ) as client:
        yield client


async def ask(browser: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    response = await browser.post("/graphql", json={"query": query, "variables": variables})
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_browser_signs_in_and_out(world: World, browser: httpx.AsyncClient) -> None:
    await add_person(world, world.company, Role.VIEWER, HANA)
    assert (await ask(browser, VIEWER))["data"] == {"viewer": None}
    answer = await ask(browser, SIGN_IN, input={"email": HANA, "password": PASSWORD})
    assert answer["data"]["signIn"] == {
        "viewer": {"user": {"email": HANA}, "consortium": {"slug": "test"}},
        "errors": [],
    }
    assert list(browser.cookies) == [COOKIE]
    viewer = (await ask(browser, VIEWER))["data"]["viewer"]
    assert viewer == {
        "role": "VIEWER",
        "permissions": [
            "READ_CONSORTIUM",
            "READ_DELETIONS",
            "READ_FLOWS",
            "READ_IMPACT",
            "READ_LEDGER",
            "READ_LINKS",
            "READ_MAILINGS",
            "READ_MEETINGS",
            "READ_OPENINGS",
            "READ_PARTNERSHIPS",
            "READ_POOL",
            "READ_REFERRALS",
            "READ_REWARDS",
        ],
        "locale": "en",
        "user": {"email": HANA},
        "organization": {"name": "Company 1"},
    }
    cookie = browser.cookies[COOKIE]
    answer = await ask(browser, "mutation { signOut { errors { code } } }")
    assert answer["data"] == {"signOut": {"errors": []}}
    assert list(browser.cookies) == []
    browser.cookies.set(COOKIE, cookie, domain="tasuki.example")
    assert (await ask(browser, VIEWER))["data"] == {"viewer": None}


async def test_a_refused_sign_in_sets_no_cookie(world: World, browser: httpx.AsyncClient) -> None:
    await add_person(world, world.company, Role.VIEWER, HANA)
    for email in (HANA, "nobody@example.jp"):
        answer = await ask(browser, SIGN_IN, input={"email": email, "password": "wrong"})
        assert answer["data"]["signIn"] == {
            "viewer": None,
            "errors": [
                {
                    "code": "SIGN_IN_REFUSED",
                    "message": "Signing in did not work. Check the mail address and the password.",
                }
            ],
        }
    assert list(browser.cookies) == []


async def test_a_stale_cookie_does_not_stand_in_the_way(
    world: World, browser: httpx.AsyncClient
) -> None:
    await add_person(world, world.company, Role.VIEWER, HANA)
    browser.cookies.set(COOKIE, "stale", domain="tasuki.example")
    answer = await ask(browser, SIGN_IN, input={"email": HANA, "password": PASSWORD})
    assert answer["data"]["signIn"]["errors"] == []


async def test_a_program_sends_its_token(world: World, browser: httpx.AsyncClient) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    browser.headers["authorization"] = f"Bearer {await token_of(world, hana)}"
    assert (await ask(browser, "{ viewer { role user { email } } }"))["data"] == {
        "viewer": {"role": "VIEWER", "user": None}
    }
    browser.headers["authorization"] = f"Bearer {new_api_token()}"
    answer = await ask(browser, "{ viewer { role } }")
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
