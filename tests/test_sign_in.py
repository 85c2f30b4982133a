"""Signing in, sessions and passwords, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import passwords
from models.access import ActorKind, Role
from models.audit import verify_chain
from models.errors import (
    InvalidInput,
)
from models.operations.api_tokens import (
    CreateApiToken,
    create_api_token,
)
from models.operations.sign_in import (
    ChangeOwnPassword,
    SignIn,
    change_own_password,
    renew_session,
    sign_in,
    sign_out,
)
from models.operations.users import (
    change_own_locale,
)
from models.reads.sign_ins import authenticate_session
from models.rules.lifecycles import MembershipStatus
from models.rules.users import (
    SESSION_DAYS_MAX,
    SESSION_IDLE_HOURS,
    SIGN_IN_ATTEMPTS_MAX,
    SIGN_IN_WINDOW_MINUTES,
    PersonNeeded,
    SignInRefused,
    TooManyAttempts,
)
from models.tables.records import AuditEntry
from models.tables.users import ApiToken, SignInFailure, UserSession, UserStatus
from tests.people import (
    HANA,
    NEW_PASSWORD,
    PASSWORD,
    actor_by_cookie,
    actor_by_token,
    add_person,
    count_checks,
    enter,
    number_of,
    set_membership,
    user_of,
)
from tests.world import World, build_world


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords were checked against."""
    return count_checks(monkeypatch)


async def test_signing_in_opens_a_session_of_which_only_the_hash_is_kept(world: World) -> None:
    hana = await add_person(world, world.company, Role.RECRUITER, HANA)
    signed_in = await enter(world.database, " ＨＡＮＡ@Example.jp")
    assert signed_in.actor == hana
    assert signed_in.expires_at == world.clock.now + timedelta(hours=SESSION_IDLE_HOURS)
    assert await actor_by_cookie(world, signed_in.token) == hana
    async with world.database.read() as read:
        [session] = await read.scalars(select(UserSession))
        actions = list(await read.scalars(select(AuditEntry.action)))
        assert (await verify_chain(read, world.consortium_id)).broken_at is None
    assert session.token_hash == world.database.vault.token_hash(signed_in.token)
    assert (await user_of(world, hana.id)).signed_in_at == world.clock.now
    assert actions == ["user.signed_in"]


@pytest.mark.parametrize(
    "case", ["right", "wrong", "unknown", "disabled", "invited", "left", "other consortium"]
)
async def test_every_attempt_checks_exactly_one_hash(
    world: World, checks: list[str], case: str
) -> None:
    status = {"disabled": UserStatus.DISABLED, "invited": UserStatus.INVITED}.get(case)
    await add_person(
        world,
        world.company,
        Role.ADMIN,
        HANA,
        password=None if case == "invited" else PASSWORD,
        status=status or UserStatus.ACTIVE,
    )
    if case == "left":
        await set_membership(world, world.company, MembershipStatus.LEFT)
    command = SignIn(
        "nobody@example.jp" if case == "unknown" else HANA,
        "not the password" if case == "wrong" else PASSWORD,
        "elsewhere" if case == "other consortium" else None,
    )
    if case == "right":
        await sign_in(world.database, command)
    else:
        with pytest.raises(SignInRefused):
            await sign_in(world.database, command)
    assert len(checks) == 1
    assert checks[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (checks == [passwords.DECOY]) is (case not in ("right", "wrong"))
    assert await number_of(world, UserSession) == (1 if case == "right" else 0)


async def test_no_transaction_is_open_while_a_password_is_hashed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    pools = (world.database.writer.pool, world.database.reader.pool)
    held: list[int] = []
    verify = passwords._verify

    def watched(password_hash: str, password: str) -> bool:
        held.extend(pool.checkedout() for pool in pools)  # type: ignore[attr-defined]
        return verify(password_hash, password)

    monkeypatch.setattr(passwords, "_verify", watched)
    await enter(world.database, HANA)
    assert held == [0, 0]


async def test_a_person_of_two_consortia_names_one_or_goes_where_they_went_last(
    world: World,
) -> None:
    other = await build_world(world.database, slug="other", first_number=100)
    world.database.clock = world.clock
    here = await add_person(world, world.company, Role.ADMIN, HANA)
    there = await add_person(other, other.company, Role.VIEWER, HANA)
    for slug, expected in (("other", there), ("test", here), ("other", there)):
        world.clock.forward(minutes=1)
        assert (await sign_in(world.database, SignIn(HANA, PASSWORD, slug))).actor == expected
        assert (await enter(world.database, HANA)).actor == expected


async def test_failures_are_bounded_for_known_and_unknown_addresses(
    world: World, checks: list[str]
) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    for email in (HANA, "nobody@example.jp"):
        for _ in range(SIGN_IN_ATTEMPTS_MAX):
            with pytest.raises(SignInRefused):
                await enter(world.database, email, "wrong")
        with pytest.raises(TooManyAttempts):
            await enter(world.database, email)
    assert len(checks) == 2 * SIGN_IN_ATTEMPTS_MAX
    world.clock.forward(minutes=SIGN_IN_WINDOW_MINUTES)
    await enter(world.database, HANA)
    assert await number_of(world, SignInFailure) == 1


async def test_attempts_at_the_same_time_are_bounded_as_those_one_after_another(
    world: World, checks: list[str]
) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    attempts = 2 * SIGN_IN_ATTEMPTS_MAX
    answers = await asyncio.gather(
        *(enter(world.database, HANA, "wrong") for _ in range(attempts)), return_exceptions=True
    )
    kinds = [type(answer) for answer in answers]
    assert kinds.count(SignInRefused) == kinds.count(TooManyAttempts) == SIGN_IN_ATTEMPTS_MAX
    assert len(checks) == SIGN_IN_ATTEMPTS_MAX


async def test_a_success_forgives_the_failures_before_it(world: World) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    for _ in range(3):
        for _ in range(SIGN_IN_ATTEMPTS_MAX - 1):
            with pytest.raises(SignInRefused):
                await enter(world.database, HANA, "wrong")
        await enter(world.database, HANA)


@pytest.mark.parametrize(
    "command",
    [
        SignIn("a" * 255, PASSWORD),
        SignIn(HANA, "x" * 201),
        SignIn("a\0@example.jp", PASSWORD),
        SignIn(HANA, PASSWORD, "a\0b"),
        SignIn(HANA, PASSWORD, "s" * 101),
    ],
)
async def test_what_is_beyond_all_bounds_is_refused(world: World, command: SignIn) -> None:
    with pytest.raises(InvalidInput):
        await sign_in(world.database, command)
    assert await number_of(world, SignInFailure) == 0


# Sessions


async def test_a_session_slides_and_has_a_longest_life(world: World) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    began = world.clock.now
    token = (await enter(world.database, HANA)).token
    while world.clock.now < began + timedelta(days=SESSION_DAYS_MAX, hours=-11):
        world.clock.forward(hours=11)
        async with world.database.read() as read:
            session = await authenticate_session(read, token)
        assert session is not None
        assert session.renewal_due
        async with world.database.transaction() as tx:
            await renew_session(tx, token)
    world.clock.now = began + timedelta(days=SESSION_DAYS_MAX, seconds=-1)
    async with world.database.read() as read:
        session = await authenticate_session(read, token)
    assert session is not None
    assert not session.renewal_due
    world.clock.forward(seconds=1)
    assert await actor_by_cookie(world, token) is None


async def test_a_session_that_is_not_used_ends(world: World) -> None:
    await add_person(world, world.company, Role.ADMIN, HANA)
    token = (await enter(world.database, HANA)).token
    async with world.database.read() as read:
        session = await authenticate_session(read, token)
    assert session is not None
    assert not session.renewal_due
    world.clock.forward(hours=SESSION_IDLE_HOURS)
    assert await actor_by_cookie(world, token) is None
    async with world.database.transaction() as tx:
        await renew_session(tx, token)
    assert await actor_by_cookie(world, token) is None
    await enter(world.database, HANA)
    assert await number_of(world, UserSession) == 1


async def test_signing_out_ends_one_session_of_ones_own(world: World) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    taro = await add_person(world, world.company, Role.ADMIN, "taro@example.jp")
    first, second = [(await enter(world.database, HANA)).token for _ in range(2)]
    async with world.database.transaction() as tx:
        await sign_out(tx, taro, first)
    assert await actor_by_cookie(world, first) == hana
    async with world.database.transaction() as tx:
        await sign_out(tx, hana, first)
    assert await actor_by_cookie(world, first) is None
    assert await actor_by_cookie(world, second) == hana


@pytest.mark.parametrize("status", [MembershipStatus.INVITED, MembershipStatus.LEFT])
async def test_people_and_tokens_of_no_member_do_not_act(
    world: World, status: MembershipStatus
) -> None:
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    cookie = (await enter(world.database, HANA)).token
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, hana, CreateApiToken("ci", Role.VIEWER))
    await set_membership(world, world.company, status)
    assert await actor_by_cookie(world, cookie) is None
    assert await actor_by_token(world, made.secret) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 65])
async def test_no_cookie_of_ours_is_nobody(world: World, token: str) -> None:
    assert await actor_by_cookie(world, token) is None


async def test_a_new_password_ends_the_other_sessions(world: World, checks: list[str]) -> None:
    hana = await add_person(world, world.company, Role.VIEWER, HANA)
    here, elsewhere = [(await enter(world.database, HANA)).token for _ in range(2)]
    checks.clear()
    command = ChangeOwnPassword(PASSWORD, NEW_PASSWORD, here)
    await change_own_password(world.database, hana, command)
    assert len(checks) == 1
    assert await actor_by_cookie(world, here) == hana
    assert await actor_by_cookie(world, elsewhere) is None
    with pytest.raises(SignInRefused):
        await enter(world.database, HANA)
    await enter(world.database, HANA, NEW_PASSWORD)


async def test_a_password_is_not_changed_without_knowing_it(world: World) -> None:
    hana = await add_person(world, world.company, Role.VIEWER, HANA)
    cookie = (await enter(world.database, HANA)).token
    for _ in range(SIGN_IN_ATTEMPTS_MAX):
        with pytest.raises(SignInRefused):
            await change_own_password(
                world.database, hana, ChangeOwnPassword("a guess", NEW_PASSWORD, cookie)
            )
    with pytest.raises(TooManyAttempts):
        await change_own_password(
            world.database, hana, ChangeOwnPassword(PASSWORD, NEW_PASSWORD, cookie)
        )
    with pytest.raises(InvalidInput) as refused:
        await change_own_password(world.database, hana, ChangeOwnPassword(PASSWORD, "short"))
    assert refused.value.path == ("newPassword",)
    assert await actor_by_cookie(world, cookie) == hana


async def test_a_language_is_ones_own(world: World) -> None:
    hana = await add_person(world, world.company, Role.VIEWER, HANA)
    async with world.database.transaction() as tx:
        await change_own_locale(tx, hana, "ja")
    assert (await enter(world.database, HANA)).actor.locale == "ja"
    with pytest.raises(InvalidInput):
        async with world.database.transaction() as tx:
            await change_own_locale(tx, hana, "de")


async def test_a_program_has_nothing_of_its_own(world: World) -> None:
    program = replace(world.actor(world.company, Role.ADMIN), kind=ActorKind.TOKEN)
    with pytest.raises(PersonNeeded):
        await change_own_password(world.database, program, ChangeOwnPassword("x", NEW_PASSWORD))
    for operation in (
        lambda tx: change_own_locale(tx, program, "en"),
        lambda tx: sign_out(tx, program, "x"),
        lambda tx: create_api_token(tx, program, CreateApiToken("ci", Role.VIEWER)),
    ):
        with pytest.raises(PersonNeeded):
            async with world.database.transaction() as tx:
                await operation(tx)
    assert await number_of(world, ApiToken) == 0
