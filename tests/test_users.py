"""People who are invited, disabled and given roles, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.access import Actor, Role
from models.errors import (
    AlreadyExists,
    DomainError,
    Forbidden,
    InvalidInput,
    InvalidTransition,
    NotFound,
)
from models.operations.api_tokens import (
    CreateApiToken,
    create_api_token,
)
from models.operations.sign_in import (
    AcceptInvitation,
    accept_invitation,
)
from models.operations.users import (
    INVITATIONS_PER_USER_AND_DAY_MAX,
    ChangeRole,
    CreateUser,
    InviteUser,
    change_role,
    create_user,
    disable_user,
    enable_user,
    invite_user,
)
from models.outbox import EventType
from models.rules.lifecycles import MembershipStatus
from models.rules.users import (
    InvitationInvalid,
    LastAdmin,
    RoleNotAllowed,
    SignInRefused,
    TooManyInvitations,
    check_password,
    grantable_roles,
)
from models.tables.consortium import Membership
from models.tables.records import AuditEntry, OutboxEvent
from models.tables.users import User, UserSession, UserStatus
from tests.people import (
    HANA,
    NEW_PASSWORD,
    PASSWORD,
    actor_by_cookie,
    actor_by_token,
    add_person,
    enter,
    invitation_token,
    number_of,
    set_membership,
    user_of,
)
from tests.world import World, build_world


async def test_an_invited_person_chooses_a_password_and_is_signed_in(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    async with world.database.transaction() as tx:
        user_id = await invite_user(tx, admin, InviteUser(HANA, " 佐藤 花子 ", Role.RECRUITER))
    user = await user_of(world, user_id)
    assert (user.name, user.role, user.status) == ("佐藤 花子", Role.RECRUITER, UserStatus.INVITED)
    assert user.organization_id == world.company.id
    token = await invitation_token(world, user_id)
    async with world.database.read() as read:
        [event] = await read.scalars(select(OutboxEvent))
    assert event.type == EventType.USER_INVITED.value
    assert list(event.refs) == ["invitation"]
    assert event.due_at == world.clock.now
    signed_in = await accept_invitation(world.database, AcceptInvitation(token, PASSWORD))
    assert await actor_by_cookie(world, signed_in.token) == signed_in.actor
    assert (signed_in.actor.id, signed_in.actor.role) == (user_id, Role.RECRUITER)
    assert (await enter(world.database, HANA)).actor == signed_in.actor
    with pytest.raises(InvitationInvalid):
        await accept_invitation(world.database, AcceptInvitation(token, NEW_PASSWORD))
    assert (await enter(world.database, HANA)).actor == signed_in.actor


async def test_inviting_again_makes_a_new_link_and_voids_the_old(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    async with world.database.transaction() as tx:
        user_id = await invite_user(tx, admin, InviteUser(HANA, "Hana", Role.VIEWER))
    old = await invitation_token(world, user_id)
    world.clock.forward(minutes=1)
    async with world.database.transaction() as tx:
        again = InviteUser("Hana+work@example.jp", "Hana S", Role.ADMIN, locale="en")
        assert await invite_user(tx, admin, again) == user_id
    with pytest.raises(InvitationInvalid):
        await accept_invitation(world.database, AcceptInvitation(old, PASSWORD))
    token = await invitation_token(world, user_id)
    signed_in = await accept_invitation(world.database, AcceptInvitation(token, PASSWORD))
    assert (signed_in.actor.role, signed_in.actor.locale) == (Role.ADMIN, "en")
    with pytest.raises(AlreadyExists):
        async with world.database.transaction() as tx:
            await invite_user(tx, admin, again)


async def test_an_invitation_is_used_once_however_often_at_once(world: World) -> None:
    async with world.database.transaction() as tx:
        user_id = await invite_user(
            tx, world.actor(world.company, Role.ADMIN), InviteUser(HANA, "Hana", Role.VIEWER)
        )
    command = AcceptInvitation(await invitation_token(world, user_id), PASSWORD)
    answers = await asyncio.gather(
        *(accept_invitation(world.database, command) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(answer, InvitationInvalid) for answer in answers) == 3
    assert await number_of(world, UserSession) == 1


async def test_an_invitation_ends(world: World) -> None:
    async with world.database.transaction() as tx:
        user_id = await invite_user(
            tx, world.actor(world.company, Role.ADMIN), InviteUser(HANA, "Hana", Role.VIEWER)
        )
    token = await invitation_token(world, user_id)
    world.clock.forward(days=7)
    for wrong in (token, "", "x" * 22, "x" * 65):
        with pytest.raises(InvitationInvalid):
            await accept_invitation(world.database, AcceptInvitation(wrong, PASSWORD))
    assert (await user_of(world, user_id)).status is UserStatus.INVITED


async def test_a_weak_password_leaves_the_invitation_open(world: World) -> None:
    async with world.database.transaction() as tx:
        user_id = await invite_user(
            tx, world.actor(world.company, Role.ADMIN), InviteUser(HANA, "Hana", Role.VIEWER)
        )
    token = await invitation_token(world, user_id)
    with pytest.raises(InvalidInput) as refused:
        await accept_invitation(world.database, AcceptInvitation(token, "Hana@Example.JP"))
    assert refused.value.path == ("password",)
    assert (await user_of(world, user_id)).password_hash is None
    await accept_invitation(world.database, AcceptInvitation(token, PASSWORD))


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("x7-" * 4, False),
        ("eleven char", False),
        ("twelve chars", True),
        ("o" * 201, False),
        ("abcd" * 50, True),
        ("aaaaaaaaaaaa", False),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", False),
        ("HanakoSatoIchiro", False),
    ],
)
def test_passwords_are_long_and_not_given_away(password: str, good: bool) -> None:
    refusals: list[DomainError] = []
    try:
        check_password("password", password, email="hanako@example.jp", name="Hanako Sato Ichiro")
    except InvalidInput as error:
        refusals.append(error)
    assert [refusal.path for refusal in refusals] == ([] if good else [("password",)])


async def test_a_consortium_admin_invites_only_the_first_admin_of_a_member(world: World) -> None:
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await set_membership(world, world.company, MembershipStatus.INVITED)

    async def invite(role: Role, email: str) -> uuid.UUID:
        command = InviteUser(email, "Somebody", role, world.company.id)
        async with world.database.transaction() as tx:
            return await invite_user(tx, admin, command)

    for role in (Role.RECRUITER, Role.VIEWER, Role.ANALYST):
        with pytest.raises(RoleNotAllowed):
            await invite(role, HANA)
    mistyped = await invite(Role.ADMIN, "hanna@example.jp")
    async with world.database.transaction() as tx:
        await disable_user(tx, admin, mistyped)
    user_id = await invite(Role.ADMIN, HANA)
    token = await invitation_token(world, user_id)
    signed_in = await accept_invitation(world.database, AcceptInvitation(token, PASSWORD))
    assert signed_in.actor.organization_id == world.company.id
    async with world.database.read() as read:
        membership = (
            await read.scalars(
                select(Membership).where(Membership.organization_id == world.company.id)
            )
        ).one()
        actions = list(await read.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))
    assert (membership.status, membership.joined_at) == (MembershipStatus.ACTIVE, world.clock.now)
    assert actions[-3:] == ["user.accepted", "member.joined", "user.signed_in"]
    with pytest.raises(Forbidden):
        await invite(Role.ADMIN, "second@example.jp")
    with pytest.raises(Forbidden):
        async with world.database.transaction() as tx:
            await disable_user(tx, admin, user_id)


async def test_nobody_joins_a_member_that_has_left(world: World) -> None:
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    command = InviteUser(HANA, "Hana", Role.ADMIN, world.company.id)
    async with world.database.transaction() as tx:
        user_id = await invite_user(tx, admin, command)
    await set_membership(world, world.company, MembershipStatus.LEFT)
    token = await invitation_token(world, user_id)
    with pytest.raises(InvitationInvalid):
        await accept_invitation(world.database, AcceptInvitation(token, PASSWORD))
    assert (await user_of(world, user_id)).status is UserStatus.INVITED
    with pytest.raises(NotFound):
        async with world.database.transaction() as tx:
            await invite_user(tx, admin, command)


async def test_invitations_are_for_ones_own_people(world: World) -> None:
    other = await build_world(world.database, slug="other", first_number=100)
    for actor, organization_id, role, expected in (
        (world.actor(world.company, Role.RECRUITER), None, Role.VIEWER, Forbidden),
        (world.actor(None, Role.ANALYST), None, Role.ANALYST, Forbidden),
        (world.actor(world.company, Role.ADMIN), None, Role.CONSORTIUM_ADMIN, RoleNotAllowed),
        (world.actor(world.company, Role.ADMIN), world.agency.id, Role.ADMIN, Forbidden),
        (world.actor(world.company, Role.ADMIN), other.company.id, Role.ADMIN, NotFound),
        (world.actor(None, Role.CONSORTIUM_ADMIN), other.company.id, Role.ADMIN, NotFound),
        (world.actor(None, Role.CONSORTIUM_ADMIN), None, Role.ADMIN, RoleNotAllowed),
    ):
        command = InviteUser(HANA, "Hana", role, organization_id)
        with pytest.raises(expected):
            async with world.database.transaction() as tx:
                await invite_user(tx, actor, command)
    assert await number_of(world, User) == 0
    assert await number_of(world, OutboxEvent) == 0


async def test_an_address_of_another_member_is_taken(world: World) -> None:
    for status in (UserStatus.INVITED, UserStatus.ACTIVE):
        email = f"{status.value.lower()}@example.jp"
        await add_person(world, world.other_company, Role.VIEWER, email, status=status)
        with pytest.raises(AlreadyExists):
            async with world.database.transaction() as tx:
                await invite_user(
                    tx,
                    world.actor(world.company, Role.ADMIN),
                    InviteUser(email, "Hana", Role.VIEWER),
                )


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"email": "no address"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"locale": "fr"}, "locale"),
    ],
)
async def test_what_is_said_of_a_person_is_checked(
    world: World, change: dict[str, str], path: str
) -> None:
    command = replace(InviteUser(HANA, "Hana", Role.VIEWER), **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        async with world.database.transaction() as tx:
            await invite_user(tx, world.actor(world.company, Role.ADMIN), command)
    assert refused.value.path == (path,)


async def test_a_person_is_not_flooded_with_invitations(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    command = InviteUser(HANA, "Hana", Role.VIEWER)

    async def invite() -> None:
        async with world.database.transaction() as tx:
            await invite_user(tx, admin, command)

    for _ in range(INVITATIONS_PER_USER_AND_DAY_MAX):
        await invite()
    with pytest.raises(TooManyInvitations):
        await invite()
    world.clock.forward(days=1)
    await invite()


# Disabling, enabling, roles


async def test_a_disabled_person_is_out_at_once_and_can_come_back(world: World) -> None:
    admin = await add_person(world, world.company, Role.ADMIN, "admin@example.jp")
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    assert hana.id is not None
    cookie = (await enter(world.database, HANA)).token
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, hana, CreateApiToken("ci", Role.RECRUITER))
    async with world.database.transaction() as tx:
        await disable_user(tx, admin, hana.id)
    assert await actor_by_cookie(world, cookie) is None
    assert await actor_by_token(world, made.secret) is None
    with pytest.raises(SignInRefused):
        await enter(world.database, HANA)
    with pytest.raises(InvalidTransition):
        async with world.database.transaction() as tx:
            await disable_user(tx, admin, hana.id)
    async with world.database.transaction() as tx:
        await enable_user(tx, admin, hana.id)
    assert await actor_by_cookie(world, cookie) is None
    assert await actor_by_token(world, made.secret) is not None
    assert (await enter(world.database, HANA)).actor == hana
    with pytest.raises(InvalidTransition):
        async with world.database.transaction() as tx:
            await enable_user(tx, admin, hana.id)


async def test_withdrawing_an_invitation_voids_its_link(world: World) -> None:
    admin = await add_person(world, world.company, Role.ADMIN, "admin@example.jp")
    async with world.database.transaction() as tx:
        user_id = await invite_user(tx, admin, InviteUser(HANA, "Hana", Role.VIEWER))
    command = AcceptInvitation(await invitation_token(world, user_id), PASSWORD)
    async with world.database.transaction() as tx:
        await disable_user(tx, admin, user_id)
    with pytest.raises(InvitationInvalid):
        await accept_invitation(world.database, command)
    async with world.database.transaction() as tx:
        await enable_user(tx, admin, user_id)
    assert (await user_of(world, user_id)).status is UserStatus.INVITED
    with pytest.raises(InvitationInvalid):
        await accept_invitation(world.database, command)


@pytest.mark.parametrize("of_consortium", [True, False])
async def test_the_last_admin_stays(world: World, of_consortium: bool) -> None:
    organization = None if of_consortium else world.company
    role = Role.CONSORTIUM_ADMIN if of_consortium else Role.ADMIN
    lower = Role.ANALYST if of_consortium else Role.VIEWER
    admin = await add_person(world, organization, role, "admin@example.jp")
    await add_person(world, world.other_company, Role.ADMIN, "elsewhere@example.jp")
    await add_person(world, organization, role, "gone@example.jp", status=UserStatus.DISABLED)
    await add_person(world, organization, lower, HANA)
    assert admin.id is not None
    with pytest.raises(LastAdmin):
        async with world.database.transaction() as tx:
            await disable_user(tx, admin, admin.id)
    with pytest.raises(LastAdmin):
        async with world.database.transaction() as tx:
            await change_role(tx, admin, ChangeRole(admin.id, lower))
    found = await user_of(world, admin.id)
    assert (found.status, found.role) == (UserStatus.ACTIVE, role)


async def test_of_two_admins_who_disable_each_other_one_stays(world: World) -> None:
    admins = [
        await add_person(world, world.company, Role.ADMIN, f"admin{n}@example.jp") for n in range(2)
    ]

    async def disable(actor: Actor, other: Actor) -> None:
        assert other.id is not None
        async with world.database.transaction() as tx:
            await disable_user(tx, actor, other.id)

    answers = await asyncio.gather(
        disable(*admins), disable(*reversed(admins)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["LastAdmin", "NoneType"]


async def test_a_role_changes_from_the_next_request_on(world: World) -> None:
    admin = await add_person(world, world.company, Role.ADMIN, "admin@example.jp")
    hana = await add_person(world, world.company, Role.ADMIN, HANA)
    assert hana.id is not None
    cookie = (await enter(world.database, HANA)).token
    async with world.database.transaction() as tx:
        made = await create_api_token(tx, hana, CreateApiToken("ci", Role.VIEWER))
    async with world.database.transaction() as tx:
        await change_role(tx, admin, ChangeRole(hana.id, Role.VIEWER))
    assert await actor_by_cookie(world, cookie) == replace(hana, role=Role.VIEWER)
    assert await actor_by_token(world, made.secret) is None
    with pytest.raises(RoleNotAllowed):
        async with world.database.transaction() as tx:
            await change_role(tx, admin, ChangeRole(hana.id, Role.CONSORTIUM_ADMIN))


@pytest.mark.parametrize("where", ["agency", "consortium", "other consortium"])
async def test_people_elsewhere_are_not_managed(world: World, where: str) -> None:
    other = await build_world(world.database, slug="other", first_number=100)
    place, organization = {
        "agency": (world, world.agency),
        "consortium": (world, None),
        "other consortium": (other, other.company),
    }[where]
    role = Role.RECRUITER if organization else Role.ANALYST
    hana = await add_person(place, organization, role, HANA)
    assert hana.id is not None
    company_admin = world.actor(world.company, Role.ADMIN)
    consortium_admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    cases: list[tuple[Actor, type[DomainError]]] = [(company_admin, NotFound)]
    if where != "consortium":
        seen = where == "agency"
        cases.append((consortium_admin, Forbidden if seen else NotFound))
    for actor, expected in cases:
        for operation in (disable_user, enable_user):
            with pytest.raises(expected):
                async with world.database.transaction() as tx:
                    await operation(tx, actor, hana.id)
        with pytest.raises(expected):
            async with world.database.transaction() as tx:
                await change_role(tx, actor, ChangeRole(hana.id, Role.VIEWER))
    found = await user_of(world, hana.id)
    assert (found.status, found.role) == (UserStatus.ACTIVE, role)


def test_roles_are_given_within_ones_own_kind() -> None:
    assert {role: grantable_roles(role) for role in Role} == {
        Role.ADMIN: {Role.ADMIN, Role.RECRUITER, Role.VIEWER},
        Role.RECRUITER: frozenset(),
        Role.VIEWER: frozenset(),
        Role.CONSORTIUM_ADMIN: {Role.CONSORTIUM_ADMIN, Role.ANALYST},
        Role.ANALYST: frozenset(),
    }


async def test_the_command_line_adds_people(world: World) -> None:
    of_company = CreateUser(
        "test", HANA, "Hana", Role.ADMIN, PASSWORD, world.company.corporate_number
    )
    await create_user(world.database, of_company)
    signed_in = await enter(world.database, HANA)
    assert signed_in.actor.organization_id == world.company.id
    for command, expected in (
        (of_company, AlreadyExists),
        (replace(of_company, email="b@example.jp", consortium="none"), NotFound),
        (replace(of_company, email="b@example.jp", corporate_number="0"), NotFound),
        (replace(of_company, email="b@example.jp", role=Role.ANALYST), RoleNotAllowed),
        (replace(of_company, email="b@example.jp", password="short"), InvalidInput),
        (replace(of_company, email="b"), InvalidInput),
    ):
        with pytest.raises(expected):
            await create_user(world.database, command)
    assert await number_of(world, User) == 1
    of_consortium = CreateUser("test", "b@example.jp", "B", Role.CONSORTIUM_ADMIN, PASSWORD)
    await create_user(world.database, of_consortium)
    assert (await enter(world.database, "b@example.jp")).actor.acts_for_consortium
