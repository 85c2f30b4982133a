"""Consortia and their members, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Actor, Permission, Role
from models.audit import verify_chain
from models.errors import (
    AlreadyExists,
    DefaultAgencyNeeded,
    DomainError,
    Forbidden,
    InvalidInput,
    InvalidTransition,
    NotFound,
)
from models.operations.consortia import (
    ChangeConsortium,
    CreateConsortium,
    change_consortium,
    create_consortium,
)
from models.operations.expiry import expire_free_hires, lapse_balances
from models.operations.members import (
    AddMember,
    ImportMembers,
    ImportReport,
    UpdateMember,
    accept_membership,
    add_member,
    end_membership,
    import_members,
    update_member,
)
from models.reads import members as reads
from models.rules.counting import NotCountedReason
from models.rules.ledger import Book, Unit
from models.rules.lifecycles import (
    CountStatus,
    FreeHireStatus,
    LinkStatus,
    MembershipStatus,
    OrganizationKind,
)
from models.session import Database
from models.tables.consortium import Consortium, Membership, Organization, Program
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.links import RelayLink
from models.tables.records import AuditEntry
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from tests.world import World, add_link, add_organization, build_world

LISTED = Path(__file__).parents[2] / "shared" / "data" / "listed_companies_jp.csv"
NUMBER = "1010001000006"
OTHER_NUMBER = "1010001000708"
AGENCY = AddMember(
    kind=OrganizationKind.AGENCY,
    corporate_number=NUMBER,
    name="紹介株式会社",
    licence_number="13-ユ-123456",
    licence_expires_on=date(2027, 1, 1),
)


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def do(world: World, operation: Callable[..., Awaitable[Any]], *args: Any) -> Any:
    async with world.database.transaction() as tx:
        return await operation(tx, admin(world), *args)


async def refusal(
    world: World, operation: Callable[..., Awaitable[Any]], *args: Any
) -> DomainError:
    before = await number_of(world, AuditEntry)
    with pytest.raises(DomainError) as refused:
        await do(world, operation, *args)
    assert await number_of(world, AuditEntry) == before
    return refused.value


async def number_of(world: World, table: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


async def one(world: World, statement: Any) -> Any:
    async with world.database.read() as read:
        return (await read.scalars(statement)).one()


def page(rows: int, **more: Any) -> Any:
    asked = {"limit_rows": rows, "backward": False, "after": None, "before": None, **more}
    return SimpleNamespace(**asked)


async def test_a_consortium_is_made_with_its_program_and_audit_chain(database: Database) -> None:
    command = CreateConsortium("kanto", "関東採用コンソーシアム", "Asia/Tokyo", 5)
    async with database.transaction() as tx:
        consortium_id = await create_consortium(tx, command)
    async with database.read() as read:
        made = await read.get_one(Consortium, consortium_id)
        assert (made.slug, made.name, made.time_zone, made.smallest_count) == (
            "kanto",
            "関東採用コンソーシアム",
            "Asia/Tokyo",
            5,
        )
        assert (
            await read.scalar(select(func.count()).where(Program.consortium_id == consortium_id))
            == 1
        )
        report = await verify_chain(read, consortium_id)
    assert (report.entries, report.broken_at) == (1, None)
    with pytest.raises(AlreadyExists):
        async with database.transaction() as tx:
            await create_consortium(tx, command)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("slug", CreateConsortium("Kanto", "関東")),
        ("slug", CreateConsortium("", "関東")),
        ("slug", CreateConsortium("a" * 41, "関東")),
        ("timeZone", CreateConsortium("kanto", "関東", "Asia/Edo")),
        ("name", CreateConsortium("kanto", " ")),
        ("name", CreateConsortium("kanto", "関\n東")),
        ("smallestCount", CreateConsortium("kanto", "関東", smallest_count=0)),
        ("smallestCount", CreateConsortium("kanto", "関東", smallest_count=101)),
    ],
)
async def test_a_consortium_outside_its_bounds_is_refused(
    database: Database, path: str, command: CreateConsortium
) -> None:
    with pytest.raises(InvalidInput) as refused:
        async with database.transaction() as tx:
            await create_consortium(tx, command)
    assert refused.value.path == (path,)
    async with database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Consortium)) == 0


async def test_settings_are_changed_one_by_one(world: World) -> None:
    await do(world, change_consortium, ChangeConsortium(smallest_count=7))
    changed = await one(world, select(Consortium))
    assert (changed.name, changed.smallest_count) == ("Test", 7)
    assert isinstance(
        await refusal(world, change_consortium, ChangeConsortium(smallest_count=0)), InvalidInput
    )


async def test_an_agency_is_added_with_its_licence(world: World) -> None:
    member_id = await do(world, add_member, AGENCY)
    added = await one(world, select(Organization).where(Organization.id == member_id))
    assert (added.licence_number, added.licence_expires_on) == ("13-ユ-123456", date(2027, 1, 1))
    membership = await one(world, select(Membership).where(Membership.organization_id == member_id))
    assert (membership.status, membership.joined_at) == (MembershipStatus.ACTIVE, world.clock.now)
    assert isinstance(await refusal(world, add_member, AGENCY), AlreadyExists)


async def test_an_invited_organization_accepts_once(world: World) -> None:
    command = AddMember(OrganizationKind.COMPANY, NUMBER, "五洋建設株式会社", invite=True)
    member_id = await do(world, add_member, command)
    assert (await do(world, accept_membership, member_id)) == member_id
    membership = await one(world, select(Membership).where(Membership.organization_id == member_id))
    assert membership.status is MembershipStatus.ACTIVE
    assert isinstance(await refusal(world, accept_membership, member_id), InvalidTransition)
    assert isinstance(await refusal(world, accept_membership, uuid.uuid4()), NotFound)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("corporateNumber", {"corporate_number": "2010001000006"}),
        ("corporateNumber", {"corporate_number": "101000100000"}),
        ("name", {"name": ""}),
        ("name", {"name": "x" * 201}),
        ("nameEn", {"name_en": "x" * 5_000}),
        ("industry", {"industry": "Z"}),
        ("prefecture", {"prefecture": "48"}),
        ("mailDomain", {"mail_domain": "gmail.com"}),
        ("licenceNumber", {"licence_number": None}),
        ("licenceNumber", {"licence_number": "99-ユ-123456"}),
        ("licenceExpiresOn", {"licence_expires_on": None}),
    ],
)
async def test_a_member_outside_its_bounds_is_refused(
    world: World, path: str, changes: dict[str, Any]
) -> None:
    values = {slot: getattr(AGENCY, slot) for slot in AGENCY.__slots__} | changes
    refused = await refusal(world, add_member, AddMember(**values))
    assert isinstance(refused, InvalidInput)
    assert refused.path == (path,)


async def test_only_those_who_manage_members_may(world: World) -> None:
    for actor in (
        world.actor(world.company, Role.ADMIN),
        world.actor(world.agency, Role.ADMIN),
        world.actor(None, Role.ANALYST),
    ):
        refused: list[tuple[Any, Any]] = [
            (add_member, AGENCY),
            (import_members, ImportMembers(b"")),
            (update_member, UpdateMember(world.company.id, "x")),
            (accept_membership, world.company.id),
            (end_membership, world.company.id),
            (change_consortium, ChangeConsortium(smallest_count=1)),
        ]
        for operation, argument in refused:
            with pytest.raises(Forbidden):
                async with world.database.transaction() as tx:
                    await operation(tx, actor, argument)
        assert not actor.may(Permission.MANAGE_MEMBERS)


async def test_another_consortiums_members_do_not_exist(world: World) -> None:
    other = await build_world(world.database, slug="other")
    for operation in (accept_membership, end_membership):
        assert isinstance(await refusal(world, operation, other.company.id), NotFound)
    assert isinstance(
        await refusal(world, update_member, UpdateMember(other.company.id, "x")), NotFound
    )
    async with world.database.read() as read:
        found = await reads.members_by_id(read, admin(world), [other.company.id])
    assert found == {}
    # The same corporate number is a member of each.
    await do(world, add_member, AGENCY)
    await do(other, add_member, AGENCY)


async def test_a_member_is_brought_up_to_date_as_a_whole(world: World) -> None:
    member_id = await do(world, add_member, AGENCY)
    await do(
        world,
        update_member,
        UpdateMember(
            member_id,
            "新紹介株式会社",
            industry="91",
            prefecture="東京都",
            mail_domain="Shokai.example.jp",
            licence_number="13-ユ-123456",
            licence_expires_on=date(2031, 1, 1),
        ),
    )
    changed = await one(world, select(Organization).where(Organization.id == member_id))
    assert (
        changed.name,
        changed.name_key,
        changed.industry_division,
        changed.industry_group,
        changed.prefecture,
        changed.mail_domain,
        changed.licence_expires_on,
        changed.corporate_number,
    ) == (
        "新紹介株式会社",
        "新紹介",
        "R",
        "91",
        "13",
        "shokai.example.jp",
        date(2031, 1, 1),
        NUMBER,
    )


CSV = f"""法人番号,名称,種別
{NUMBER},五洋建設株式会社,企業
2010001000006,誤り株式会社,企業
{OTHER_NUMBER},イチカワ株式会社,銀行
{NUMBER},五洋建設株式会社,企業
""".encode()


async def test_a_file_with_bad_rows_is_refused_whole(world: World) -> None:
    before = await number_of(world, Organization)
    report: ImportReport = await do(world, import_members, ImportMembers(CSV))
    assert report.imported == 0
    assert [(row.line, row.column, row.code) for row in report.refused] == [
        (3, "corporate_number", "CORPORATE_NUMBER_INVALID"),
        (4, "kind", "UNKNOWN_KIND"),
        (5, "corporate_number", "DUPLICATE_CORPORATE_NUMBER"),
    ]
    assert await number_of(world, Organization) == before
    assert await number_of(world, AuditEntry) == 0


async def test_the_good_rows_are_kept_where_asked_and_never_twice(world: World) -> None:
    report = await do(world, import_members, ImportMembers(CSV, keep_good_rows=True))
    assert (report.imported, len(report.refused)) == (1, 3)
    again = await do(world, import_members, ImportMembers(CSV, keep_good_rows=True))
    assert again.imported == 0
    assert (again.refused[0].line, again.refused[0].code) == (2, "ALREADY_EXISTS")
    assert await number_of(world, AuditEntry) == 1


async def test_two_imports_at_once_take_each_organization_in_once(world: World) -> None:
    file = f"法人番号,名称\n{NUMBER},五洋建設\n{OTHER_NUMBER},イチカワ\n".encode()
    reports = await asyncio.gather(
        *(do(world, import_members, ImportMembers(file)) for _ in range(4))
    )
    assert sorted(report.imported for report in reports) == [0, 0, 0, 2]


async def test_the_listed_companies_are_imported_in_one_go(world: World) -> None:
    if not LISTED.exists():
        pytest.skip("the shared data is not beside the repository")
    before = await number_of(world, Membership)
    report = await do(world, import_members, ImportMembers(LISTED.read_bytes()))
    assert (report.imported, list(report.refused), list(report.unknown_columns)) == (3_922, [], [])
    assert await number_of(world, Membership) == before + 3_922
    assert await number_of(world, AuditEntry) == 1
    async with world.database.read() as read:
        [found] = await reads.members_page(
            read,
            admin(world),
            reads.MemberFilter(name=SimpleNamespace(contains="五洋")),
            page(2),
        )
    assert found.organization.corporate_number == NUMBER


async def test_members_are_found_by_pages(world: World) -> None:
    actor = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        everyone = await reads.members_page(read, actor, reads.MemberFilter(), page(10))
        assert [member.organization.name for member in everyone] == [
            "Agency 3",
            "Company 1",
            "Company 2",
        ]
        first = everyone[0].organization
        rest = await reads.members_page(
            read, actor, reads.MemberFilter(), page(10, after=(first.name, first.id))
        )
        assert [member.organization.id for member in rest] == [
            world.company.id,
            world.other_company.id,
        ]
        where = reads.MemberFilter(kind=SimpleNamespace(eq=OrganizationKind.AGENCY))
        assert await reads.count_members(read, actor, where) == 1
        by_number = reads.MemberFilter(corporate_number=SimpleNamespace(eq=f"{2:013d}"))
        [second] = await reads.members_page(read, actor, by_number, page(10))
        assert second.organization.id == world.other_company.id
    assert everyone[0].licence_is_valid
    assert not everyone[1].licence_is_valid
    world.clock.now += timedelta(days=5 * 365)
    async with world.database.read() as read:
        found = await reads.members_by_id(read, actor, [world.agency.id])
    assert not found[world.agency.id].licence_is_valid


async def test_late_registrants_of_a_company_that_left_are_served_uncounted(world: World) -> None:
    token = await world.start(world.form())
    await do(world, end_membership, world.company.id)
    membership = await one(
        world, select(Membership).where(Membership.organization_id == world.company.id)
    )
    assert membership.status is MembershipStatus.LEFT
    assert membership.grace_ends_at == world.clock.now + timedelta(days=180)
    link = await one(world, select(RelayLink))
    assert link.status is LinkStatus.REVOKED
    completed = await world.confirm(token)
    assert completed.count_status is CountStatus.NOT_COUNTED
    registration = await one(world, select(Registration))
    assert registration.not_counted_reason is NotCountedReason.COMPANY_NOT_ACTIVE
    assert isinstance(await refusal(world, end_membership, world.company.id), InvalidTransition)


async def test_the_default_agency_cannot_leave(world: World) -> None:
    refused = await refusal(world, end_membership, world.agency.id)
    assert isinstance(refused, DefaultAgencyNeeded)
    membership = await one(
        world, select(Membership).where(Membership.organization_id == world.agency.id)
    )
    assert membership.status is MembershipStatus.ACTIVE


async def test_links_to_an_agency_that_leaves_are_paused(world: World) -> None:
    async with world.database.transaction() as tx:
        agency = await add_organization(tx, world.consortium_id, 9, OrganizationKind.AGENCY)
        link = await add_link(tx, world.company, agency_id=agency.id)
    await do(world, end_membership, agency.id)
    changed = await one(world, select(RelayLink).where(RelayLink.id == link.id))
    assert (changed.status, changed.agency_id) == (LinkStatus.PAUSED, None)
    untouched = await one(world, select(RelayLink).where(RelayLink.id == world.link.id))
    assert untouched.status is LinkStatus.ACTIVE


async def balances(world: World) -> dict[tuple[Unit, Book], int]:
    async with world.database.read() as read:
        rows = await read.scalars(select(Account).where(Account.company_id == world.company.id))
        return {(row.unit, row.book): row.balance for row in rows}


async def run(world: World, timer: Callable[..., Awaitable[int]], *args: Any) -> int:
    async with world.database.transaction() as tx:
        return await timer(tx, *args)


async def test_unused_free_hires_run_out(world: World) -> None:
    for _ in range(21):
        await world.register()
    assert await run(world, expire_free_hires) == 0
    async with world.database.transaction() as tx:
        reserved = (await tx.scalars(select(FreeHire).limit(1))).one()
        reserved.status = FreeHireStatus.RESERVED
        reserved.referral_id = await tx.scalar(select(Referral.id).limit(1))
    world.clock.forward(days=730)
    assert await run(world, expire_free_hires, 1) == 1
    assert await run(world, expire_free_hires, 1) == 0
    assert await balances(world) == {
        (Unit.COUNT, Book.BALANCE): 1,
        (Unit.COUNT, Book.DEBT): 0,
        (Unit.FREE_HIRE, Book.BALANCE): 1,
    }
    async with world.database.read() as read:
        statuses = sorted(await read.scalars(select(FreeHire.status)))
    assert statuses == [FreeHireStatus.EXPIRED, FreeHireStatus.RESERVED]


async def test_the_balance_of_a_company_that_left_lapses_after_its_grace(world: World) -> None:
    for _ in range(13):
        await world.register()
    await do(world, end_membership, world.company.id)
    world.clock.forward(days=179)
    assert await run(world, lapse_balances) == 0
    world.clock.forward(days=1)
    assert await run(world, lapse_balances) == 1
    assert await run(world, lapse_balances) == 0
    assert set((await balances(world)).values()) == {0}
    async with world.database.read() as read:
        lapsed = sorted(await read.scalars(select(Entry.amount).where(Entry.kind == "LAPSED")))
    assert lapsed == [-3, -1]
