"""The way back for who has forgotten the password, on both databases."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from gql.context import Context
from gql.schema import build_schema
from models import passwords
from models.access import Role
from models.audit import verify_chain
from models.errors import InvalidInput
from models.operations.password_resets import (
    ResetPassword,
    request_password_reset,
    reset_password,
)
from models.operations.sign_in import ChangeOwnPassword, SignedIn, change_own_password
from models.operations.users import disable_user
from models.rules.lifecycles import MembershipStatus
from models.rules.users import (
    PASSWORD_RESET_MINUTES,
    PASSWORD_RESET_WINDOW_MINUTES,
    PASSWORD_RESETS_PER_WINDOW_MAX,
    SIGN_IN_ATTEMPTS_MAX,
    PasswordResetInvalid,
    SignInRefused,
    TooManyAttempts,
)
from models.session import Database
from models.tables.records import AuditEntry, OutboxEvent
from models.tables.users import PasswordReset, User, UserSession, UserStatus
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import Sender
from tasuki.workers.outbox import OutboxWorker
from tests.people import (
    HANA,
    NEW_PASSWORD,
    PASSWORD,
    actor_by_cookie,
    add_person,
    enter,
    number_of,
    reset_tokens,
    set_membership,
    user_of,
)
from tests.world import World, build_world

BASE = "https://tasuki.example"
NOBODY = "nobody@example.jp"
WEAK = "weak" * 2


async def ask_for(world: World, email: str = HANA) -> None:
    async with world.database.transaction() as tx:
        await request_password_reset(tx, email)


async def reset(world: World, token: str, password: str = NEW_PASSWORD) -> SignedIn:
    return await reset_password(world.database, ResetPassword(token, password))


async def actions(world: World) -> list[str]:
    async with world.database.read() as read:
        assert (await verify_chain(read, world.consortium_id)).broken_at is None
        return list(await read.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


class Letters:
    """A mailer that keeps what it is given: to whom, and the plain text."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send(self, message: Any) -> None:
        text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
        self.sent.append((message["To"], message["Subject"], text))

    async def close(self) -> None:
        """Nothing is open."""


async def mailed(world: World) -> list[tuple[str, str, str]]:
    """What the worker sends now."""
    letters = Letters()
    post = Post(world.database, BASE, Sender("Tasuki", "tasuki@example.com"), letters)
    await OutboxWorker(world.database, handlers(post)).drain()
    return letters.sent


async def test_a_mailed_link_gives_a_new_password_and_signs_in(world: World) -> None:
    hana = await add_person(world, world.company, Role.RECRUITER, HANA)
    elsewhere = (await enter(world.database, HANA)).token
    await ask_for(world, " ＨＡＮＡ@Example.jp")
    [(to, subject, text)] = await mailed(world)
    assert (to, subject) == (HANA, "Choose a new password")
    [token] = re.findall(rf"{BASE}/reset/(\S+)", text)
    assert [token] == await reset_tokens(world, hana.id)
    assert "The link works once, until 2026-01-05 10:00 (Asia/Tokyo)." in text
    signed_in = await reset(world, token)
    assert signed_in.actor == hana
    assert await actor_by_cookie(world, signed_in.token) == hana
    assert await actor_by_cookie(world, elsewhere) is None
    assert await actions(world) == [
        "user.signed_in",
        "user.password_reset_mailed",
        "user.password_reset",
        "user.signed_in",
    ]
    with pytest.raises(SignInRefused):
        await enter(world.database, HANA)
    await enter(world.database, HANA, NEW_PASSWORD)


async def test_only_the_hash_of_a_link_is_kept(world: World) -> None:
    hana = await add_person(world, world.company, Role.VIEWER, HANA)
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    async with world.database.read() as read:
        [row] = await read.scalars(select(PasswordReset))
        [told] = await read.scalars(select(OutboxEvent))
    assert row.token_hash == world.database.vault.token_hash(token)
    assert row.expires_at == world.clock.now + timedelta(minutes=PASSWORD_RESET_MINUTES)
    assert told.refs == {"password_reset": row.id.hex, "user": hana.id.hex if hana.id else ""}


async def statements_of(database: Database, world: World, email: str) -> list[str]:
    found: list[str] = []

    def note(*arguments: Any) -> None:
        found.append(arguments[2])

    event.listen(database.writer.sync_engine, "before_cursor_execute", note)
    await ask_for(world, email)
    event.remove(database.writer.sync_engine, "before_cursor_execute", note)
    return found


async def test_known_and_unknown_addresses_take_the_same_statements(world: World) -> None:
    await add_person(world, world.company, Role.VIEWER, HANA)
    known, unknown = [await statements_of(world.database, world, email) for email in (HANA, NOBODY)]
    assert known == unknown
    assert len(known) >= 4
    assert await number_of(world, PasswordReset) == await number_of(world, OutboxEvent) == 2
    assert [to for to, _, _ in await mailed(world)] == [HANA]
    async with world.database.read() as read:
        assert (await read.scalars(select(OutboxEvent.done_at))).all() == [world.clock.now] * 2
    assert await actions(world) == ["user.password_reset_mailed"]


@pytest.mark.parametrize("case", ["disabled", "invited", "left"])
async def test_who_may_not_sign_in_is_mailed_nothing(world: World, case: str) -> None:
    hana = await add_person(
        world,
        world.company,
        Role.ADMIN,
        HANA,
        password=None if case == "invited" else PASSWORD,
        status={"disabled": UserStatus.DISABLED, "invited": UserStatus.INVITED}.get(
            case, UserStatus.ACTIVE
        ),
    )
    if case == "left":
        await set_membership(world, world.company, MembershipStatus.LEFT)
    await ask_for(world)
    assert await reset_tokens(world, hana.id) == []
    assert await number_of(world, PasswordReset) == 1
    assert await mailed(world) == []
    assert await actions(world) == []


async def test_a_person_of_two_consortia_gets_a_link_of_each(world: World) -> None:
    other = await build_world(world.database, slug="other", first_number=100)
    world.database.clock = world.clock
    here = await add_person(world, world.company, Role.ADMIN, HANA)
    there = await add_person(other, other.company, Role.VIEWER, HANA)
    await ask_for(world)
    assert [to for to, _, _ in await mailed(world)] == [HANA, HANA]
    [token] = await reset_tokens(world, there.id)
    assert (await reset(world, token)).actor == there
    passwords_now = [(await user_of(world, one.id)).password_hash for one in (here, there)]
    assert await passwords.password_matches(PASSWORD, passwords_now[0])
    assert await passwords.password_matches(NEW_PASSWORD, passwords_now[1])
    assert len(await reset_tokens(world, here.id)) == 1


@pytest.mark.parametrize("email", [HANA, NOBODY])
async def test_requests_are_bounded_for_known_and_unknown_addresses(
    world: World, email: str
) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    for _ in range(PASSWORD_RESETS_PER_WINDOW_MAX):
        await ask_for(world, email)
    with pytest.raises(TooManyAttempts) as refused:
        await ask_for(world, email)
    assert refused.value.details == {"minutes": PASSWORD_RESET_WINDOW_MINUTES}
    assert await number_of(world, PasswordReset) == PASSWORD_RESETS_PER_WINDOW_MAX
    assert await number_of(world, OutboxEvent) == PASSWORD_RESETS_PER_WINDOW_MAX
    # The limits are apart: who asks too often can still sign in.
    assert (await enter(world.database, HANA)).actor == hana
    world.clock.forward(minutes=PASSWORD_RESET_WINDOW_MINUTES)
    await ask_for(world, email)


async def test_a_link_works_once_and_ends_the_others(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    await ask_for(world)
    await ask_for(world)
    first, second = await reset_tokens(world, hana.id)
    await reset(world, first)
    for token in (first, second):
        with pytest.raises(PasswordResetInvalid):
            await reset(world, token, PASSWORD)
    await enter(world.database, HANA, NEW_PASSWORD)
    assert await number_of(world, PasswordReset) == 0


async def test_a_link_used_twice_at_once_works_once(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    answers = await asyncio.gather(*(reset(world, token) for _ in range(4)), return_exceptions=True)
    kinds = [type(answer) for answer in answers]
    assert (kinds.count(SignedIn), kinds.count(PasswordResetInvalid)) == (1, 3)
    assert await number_of(world, UserSession) == 1


@pytest.mark.parametrize("minutes", [PASSWORD_RESET_MINUTES - 1, PASSWORD_RESET_MINUTES])
async def test_a_link_lasts_an_hour(world: World, minutes: int) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    world.clock.forward(minutes=minutes)
    if minutes < PASSWORD_RESET_MINUTES:
        assert len(await mailed(world)) == 1
        await reset(world, token)
    else:
        assert await mailed(world) == []
        with pytest.raises(PasswordResetInvalid):
            await reset(world, token)
        await enter(world.database, HANA)


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "A" * 65])
async def test_what_is_no_link_is_refused(world: World, token: str) -> None:
    await ask_for(world, NOBODY)
    with pytest.raises(PasswordResetInvalid) as refused:
        await reset(world, token)
    assert refused.value.path == ("token",)


async def test_the_link_of_nobody_opens_nothing(world: World) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    await ask_for(world, NOBODY)
    [token] = await reset_tokens(world, None)
    with pytest.raises(PasswordResetInvalid):
        await reset(world, token)


@pytest.mark.parametrize("password", [WEAK, "Hana@Example.JP", "a" * 12, "x" * 201])
async def test_a_weak_password_is_refused_and_the_link_stays(world: World, password: str) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    cookie = (await enter(world.database, HANA)).token
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    with pytest.raises(InvalidInput) as refused:
        await reset(world, token, password)
    assert refused.value.path == ("password",)
    assert await actor_by_cookie(world, cookie) == hana
    await reset(world, token)


async def test_no_transaction_is_open_while_the_password_is_hashed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    pools = (world.database.writer.pool, world.database.reader.pool)
    held: list[int] = []
    hash_now = passwords._hash

    def watched(password: str) -> str:
        held.extend(pool.checkedout() for pool in pools)  # type: ignore[attr-defined]
        return hash_now(password)

    monkeypatch.setattr(passwords, "_hash", watched)
    await reset(world, token)
    assert held == [0, 0]


async def test_who_is_shut_out_while_the_password_is_hashed_stays_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await add_person(world, world.company, Role.ADMIN, "admin@example.jp")
    hana = await add_person(world, world.company, Role.VIEWER, HANA)
    assert hana.id is not None
    hana_id = hana.id
    await ask_for(world)
    [token] = await reset_tokens(world, hana_id)

    async def rival(password: str) -> str:
        async with world.database.transaction() as tx:
            await disable_user(tx, admin, hana_id)
        return await passwords.hash_password(password)

    monkeypatch.setattr("models.operations.password_resets.hash_password", rival)
    before = (await user_of(world, hana_id)).password_hash
    with pytest.raises(PasswordResetInvalid):
        await reset(world, token)
    after = await user_of(world, hana_id)
    assert (after.password_hash, after.status) == (before, UserStatus.DISABLED)
    assert await number_of(world, UserSession) == 0


async def test_a_password_changed_meanwhile_ends_the_links(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    await change_own_password(world.database, hana, ChangeOwnPassword(PASSWORD, NEW_PASSWORD))
    with pytest.raises(PasswordResetInvalid):
        await reset(world, token, PASSWORD)


async def test_a_new_password_forgives_the_failures_before_it(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    for _ in range(SIGN_IN_ATTEMPTS_MAX):
        with pytest.raises(SignInRefused):
            await enter(world.database, HANA, "wrong")
    with pytest.raises(TooManyAttempts):
        await enter(world.database, HANA)
    await ask_for(world)
    [token] = await reset_tokens(world, hana.id)
    await reset(world, token)
    await enter(world.database, HANA, NEW_PASSWORD)


@pytest.mark.parametrize("email", ["a" * 255, "a\0@example.jp"])
async def test_what_is_no_line_is_refused(world: World, email: str) -> None:
    with pytest.raises(InvalidInput):
        await ask_for(world, email)
    assert await number_of(world, PasswordReset) == 0


async def test_a_mail_in_japanese(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    async with world.database.transaction() as tx:
        user = await tx.get_one(User, hana.id)
        user.locale, user.name = "ja", "鈴木 花"
    await ask_for(world)
    [(_, subject, text)] = await mailed(world)
    assert subject == "パスワードの再設定"
    assert text.startswith("鈴木 花 様\n\n「Test」でお使いのパスワードについて")
    assert "2026-01-05 10:00 まで、一度だけ" in text


async def test_the_schema_answers_alike_and_signs_in(world: World) -> None:
    schema = build_schema()
    hana = await add_person(world, world.company, Role.VIEWER, HANA)
    told: list[str | None] = []
    ctx = Context(world.database, BASE, language="en", set_session=told.append)

    async def ask(query: str, **given: str) -> Any:
        result = await schema.execute(query, variable_values={"input": given}, context_value=ctx)
        assert not result.errors
        return result.data

    request = """mutation ($input: RequestPasswordResetInput!) {
        requestPasswordReset(input: $input) { errors { code message path } } }"""
    answers = [await ask(request, email=email) for email in (HANA, NOBODY)]
    assert answers == [{"requestPasswordReset": {"errors": []}}] * 2
    use = """mutation ($input: ResetPasswordInput!) {
        resetPassword(input: $input) { viewer { role user { email } } errors { code path } } }"""
    [token] = await reset_tokens(world, hana.id)
    for given, error in (
        ((token, "short"), {"code": "INVALID_INPUT", "path": ["input", "password"]}),
        (("x", NEW_PASSWORD), {"code": "PASSWORD_RESET_INVALID", "path": ["input", "token"]}),
    ):
        answer = await ask(use, token=given[0], password=given[1])
        assert answer == {"resetPassword": {"viewer": None, "errors": [error]}}
    assert (told, ctx.actor) == ([], None)
    answer = await ask(use, token=token, password=NEW_PASSWORD)
    assert answer["resetPassword"] == {
        "viewer": {"role": "VIEWER", "user": {"email": HANA}},
        "errors": [],
    }
    assert told == [ctx.session_token]
    assert ctx.actor == hana
