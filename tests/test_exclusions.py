"""Invariant 9: never shown to whom one excluded, also where they join or are renamed later."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Actor, Role, candidate
from models.errors import InvalidInput, NotFound
from models.operations import candidate_pages, exclusions
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    UnblockName,
    UnblockOrganization,
    block_organization,
    name_present_employer,
    unblock_name,
    unblock_organization,
)
from models.operations.members import (
    AddMember,
    ImportMembers,
    UpdateMember,
    add_member,
    import_members,
    update_member,
)
from models.reads.candidate_pages import own_status
from models.reads.candidates import shown
from models.rules.lifecycles import OrganizationKind
from models.rules.sharing import Employment, ExclusionReason, Purpose
from models.tables.candidates import Disclosure, ExcludedName, Exclusion
from models.tables.consortium import Organization
from models.verify import verify_consortium
from tests.handovers import delivered, proposed, recruiter, run, status_of
from tests.world import World, add_organization, build_world

NUMBER = "1010001000006"
OTHER_NUMBER = "1010001000708"
EMPLOYED = {"employment": Employment.EMPLOYED, "employer": "新会社 (株)"}
NEW = AddMember(OrganizationKind.COMPANY, NUMBER, "株式会社新会社")


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def newcomer(world: World, **form: Any) -> Actor:
    completed = await world.register(**form)
    return candidate(world.consortium_id, completed.candidate_id, "en")


async def excluded(world: World, me: Actor) -> list[tuple[uuid.UUID, ExclusionReason]]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(Exclusion)
            .where(Exclusion.candidate_id == me.id)
            .order_by(Exclusion.organization_id, Exclusion.reason)
        )
        return [(row.organization_id, row.reason) for row in rows]


async def rename(world: World, company: Organization, name: str, **more: Any) -> None:
    async with world.database.transaction() as tx:
        # The numbers of `tests.world` are invented: one with a check digit is needed here.
        (await tx.get_one(Organization, company.id)).corporate_number = NUMBER
    await run(world, update_member, admin(world), UpdateMember(company.id, name, **more))


@pytest.mark.parametrize("how", ["added", "invited", "imported"])
async def test_a_company_that_joins_later_is_excluded_from_the_start(
    world: World, how: str
) -> None:
    worker = await newcomer(world, **EMPLOYED)
    blocker = await newcomer(world, excluded=("新会社", "Other"))
    stranger = await newcomer(world)
    if how == "imported":
        header = "corporate_number,name,kind\n"
        data = f"{header}{NUMBER},株式会社新会社,COMPANY\n{OTHER_NUMBER},Other,COMPANY\n".encode()
        report = await run(world, import_members, admin(world), ImportMembers(data))
        assert report.imported == 2
    else:
        command = AddMember(NEW.kind, NUMBER, NEW.name, invite=how == "invited")
        await run(world, add_member, admin(world), command)
    async with world.database.read() as read:
        rows = await read.execute(
            select(Organization.corporate_number, Organization.id).where(
                Organization.corporate_number.in_((NUMBER, OTHER_NUMBER))
            )
        )
        ids = {row.corporate_number: row.id for row in rows}
    assert await excluded(world, worker) == [(ids[NUMBER], ExclusionReason.PRESENT_EMPLOYER)]
    expected = [(one, ExclusionReason.BLOCKED) for one in sorted(ids.values())]
    assert await excluded(world, blocker) == expected
    assert await excluded(world, stranger) == []


async def test_a_long_list_is_matched_in_parts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exclusions, "HASHES_PER_READ", 1)
    me = await newcomer(world, excluded=("A1", "A2", "A3"))
    async with world.database.transaction() as tx:
        made = [
            await add_organization(tx, world.consortium_id, 30 + i, OrganizationKind.COMPANY)
            for i in range(3)
        ]
        names = {one.id: (f"A{i} Inc.", None) for i, one in enumerate(made, start=1)}
        await exclusions.exclude_members(tx, world.consortium_id, names)
    assert {one for one, _ in await excluded(world, me)} == {one.id for one in made}


async def test_the_english_name_is_matched_when_a_company_joins(world: World) -> None:
    me = await newcomer(world, excluded=("Shin Company Ltd.",))
    command = AddMember(NEW.kind, NUMBER, NEW.name, name_en="Shin Company, Inc.")
    joined = await run(world, add_member, admin(world), command)
    assert await excluded(world, me) == [(joined, ExclusionReason.BLOCKED)]


async def test_another_consortiums_candidates_are_left_alone(world: World) -> None:
    other = await build_world(world.database, slug="other", first_number=11)
    theirs = await newcomer(other, **EMPLOYED)
    await run(world, add_member, admin(world), NEW)
    assert await excluded(other, theirs) == []


async def test_what_is_kept_of_a_name_does_not_tell_it(world: World) -> None:
    await newcomer(world, **EMPLOYED)
    async with world.database.read() as read:
        [row] = (await read.scalars(select(ExcludedName))).all()
    assert len(row.name_hash) == 32
    assert "新会社".encode() not in row.name_hash


async def test_a_renamed_company_loses_what_it_had_and_frees_nobody(world: World) -> None:
    me = await newcomer(world, excluded=("新会社",))
    before = await newcomer(world, excluded=(world.other_company.name,))
    stranger = await newcomer(world)
    assert me.id is not None
    assert stranger.id is not None
    seen = await delivered(world, me.id)
    kept = await delivered(world, stranger.id)
    async with world.database.read() as read:
        viewer = recruiter(world)
        assert (await shown(read, viewer, [me.id]))[me.id].name == "佐藤 花子"
    await rename(world, world.other_company, "株式会社新会社")
    assert await status_of(world, seen) == "WITHDRAWN"
    assert await status_of(world, kept) == "DELIVERED"
    async with world.database.read() as read:
        assert (await shown(read, viewer, [me.id]))[me.id].name is None
        assert (await shown(read, viewer, [stranger.id]))[stranger.id].name == "佐藤 花子"
    mine = [(world.other_company.id, ExclusionReason.BLOCKED)]
    assert await excluded(world, me) == await excluded(world, before) == mine
    await rename(world, world.other_company, "別会社")
    assert await excluded(world, me) == await excluded(world, before) == mine
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def test_the_referrer_learns_no_name_once_it_is_excluded_by_renaming(world: World) -> None:
    purposes = frozenset({Purpose.AGENCY_SUPPORT, Purpose.NAMED_TO_REFERRER})
    me = await newcomer(world, purposes=purposes, excluded=("新会社",))
    await rename(world, world.company, "新会社")
    async with world.database.read() as read:
        own = await own_status(read, me)
        open_to = await read.scalars(
            select(Disclosure.recipient_id).where(Disclosure.closed_at.is_(None))
        )
        assert open_to.all() == [world.agency.id]
    named = [one for one in own.consents if one.purpose is Purpose.NAMED_TO_REFERRER]
    assert [one.status.value for one in named] == ["WITHDRAWN"]


async def test_an_agency_renamed_to_an_excluded_name_reads_nothing_and_keeps_the_case(
    world: World,
) -> None:
    me = await newcomer(world, excluded=("新会社",))
    assert me.id is not None
    licence = {"licence_number": "13-ユ-123456", "licence_expires_on": "2030-01-01"}
    await rename(world, world.agency, "新会社", **licence)
    async with world.database.read() as read:
        found = await shown(read, recruiter(world, world.agency), [me.id])
        assert found[me.id].name is None
        own = await own_status(read, me)
        assert (own.case_status is not None, own.move is not None) == (True, True)
        assert await verify_consortium(read, world.consortium_id) == []


async def test_names_that_come_and_go_at_once_are_never_missed(world: World) -> None:
    """Whichever of the two is first, the other sees it."""
    tokens = [await world.start(world.form(excluded=(f"会社{i}",))) for i in range(8)]
    numbers = [f"{_check_digit(f'{i:012d}')}{i:012d}" for i in range(100, 108)]
    await asyncio.gather(
        *(world.confirm(token) for token in tokens),
        *(
            run(world, add_member, admin(world), AddMember(NEW.kind, number, f"会社{i}"))
            for i, number in enumerate(numbers)
        ),
    )
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Exclusion)) == 8


def _check_digit(digits: str) -> int:
    weighted = sum(int(d) * (1 if i % 2 == 0 else 2) for i, d in enumerate(reversed(digits)))
    return 9 - weighted % 9


# Registering again


@pytest.mark.parametrize("what", ["employer", "excluded"])
async def test_registering_again_ends_what_is_open_towards_whom_it_names(
    world: World, what: str
) -> None:
    me = await newcomer(world, email="again@example.jp")
    assert me.id is not None
    asked = await proposed(world, me.id)
    name = world.other_company.name
    form = (
        {"employment": Employment.EMPLOYED, "employer": name}
        if what == "employer"
        else {"excluded": (name,)}
    )
    await newcomer(world, email="again@example.jp", **form)
    assert await status_of(world, asked) == "WITHDRAWN"


async def test_registering_again_with_another_employer_replaces_the_last(world: World) -> None:
    me = await newcomer(
        world,
        email="again@example.jp",
        employment=Employment.EMPLOYED,
        employer="Company 2",
        excluded=("Company 1",),
    )
    await newcomer(world, email="again@example.jp", excluded=("Later",), **EMPLOYED)
    assert await excluded(world, me) == [(world.company.id, ExclusionReason.BLOCKED)]
    joined = await run(world, add_member, admin(world), NEW)
    assert set(await excluded(world, me)) == {
        (world.company.id, ExclusionReason.BLOCKED),
        (joined, ExclusionReason.PRESENT_EMPLOYER),
    }
    async with world.database.read() as read:
        assert (await own_status(read, me)).blocked_names == ("Later",)


# On one's own pages


async def test_a_name_blocked_on_the_pages_is_remembered_and_can_be_taken_back(
    world: World,
) -> None:
    me = await newcomer(world)
    await run(world, block_organization, me, BlockOrganization("新会社 (株)"))
    await run(world, block_organization, me, BlockOrganization("Never Comes"))
    async with world.database.read() as read:
        assert (await own_status(read, me)).blocked_names == ("新会社 (株)", "Never Comes")
    await run(world, unblock_name, me, UnblockName("never comes"))
    with pytest.raises(NotFound):
        await run(world, unblock_name, me, UnblockName("never comes"))
    joined = await run(world, add_member, admin(world), NEW)
    assert await excluded(world, me) == [(joined, ExclusionReason.BLOCKED)]
    async with world.database.read() as read:
        assert (await own_status(read, me)).blocked_names == ()
    await run(world, unblock_organization, me, UnblockOrganization(joined))
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(ExcludedName)) == 0
        own = await own_status(read, me)
    assert (own.exclusions, own.blocked_names) == ((), ())


async def test_an_employer_named_on_the_pages_is_remembered(world: World) -> None:
    me = await newcomer(world)
    await run(world, name_present_employer, me, NamePresentEmployer("新会社"))
    await run(world, name_present_employer, me, NamePresentEmployer("Another"))
    await run(world, add_member, admin(world), NEW)
    assert await excluded(world, me) == []
    command = AddMember(NEW.kind, OTHER_NUMBER, "Another Inc.")
    joined = await run(world, add_member, admin(world), command)
    assert await excluded(world, me) == [(joined, ExclusionReason.PRESENT_EMPLOYER)]


async def test_so_many_names_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidate_pages, "BLOCKED_NAMES_MAX", 2)
    me = await newcomer(world, excluded=("A1",))
    await run(world, block_organization, me, BlockOrganization("A2"))
    with pytest.raises(InvalidInput):
        await run(world, block_organization, me, BlockOrganization("A3"))
    async with world.database.read() as read:
        assert (await own_status(read, me)).blocked_names == ("A1", "A2")


async def test_a_name_that_is_turned_round_is_refused(world: World) -> None:
    me = await newcomer(world, **EMPLOYED)
    for operation, command, path in (
        (block_organization, BlockOrganization("A\u202e1"), "name"),
        (name_present_employer, NamePresentEmployer("A\u20661"), "employer"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await run(world, operation, me, command)
        assert refused.value.path == (path,)
        assert refused.value.message("en").endswith("control characters cannot be used.")
    async with world.database.read() as read:
        own = await own_status(read, me)
    assert (own.employer, own.blocked_names) == (EMPLOYED["employer"], ())
