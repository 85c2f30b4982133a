"""The awkward cases of `domain.md`, row by row, each by its name; the details are tested nearby."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Role
from models.base import Base
from models.operations.candidate_pages import WithdrawConsent, withdraw_consent
from models.operations.erased_keys import destroy_erased_keys
from models.operations.erasures import erase_own_data
from models.operations.links import reissue_relay_link
from models.operations.members import end_membership
from models.operations.partner_referrals import recall_overdue
from models.operations.partnerships import WithReason, end_partnership, suspend_partnership
from models.operations.reviews import Resolution, ResolveHeldCount, resolve_held_count
from models.rules.counting import CountRule
from models.rules.lifecycles import CountStatus, FreeHireStatus, HireStatus, LinkStatus
from models.rules.sharing import ALL_FIELDS, Purpose
from models.session import Database
from models.tables.candidates import Candidate, Disclosure
from models.tables.consortium import Membership, ProgramVersion
from models.tables.ledger import Account, Entry
from models.tables.links import RelayLink
from models.tables.referrals import Case
from tests.handovers import change, run, status_of
from tests.partners import (
    TERMS,
    agreed,
    consent_of,
    fields_seen,
    link_of,
    list_all,
    offered,
    partners,
    person,
    pool,
    shared,
)
from tests.test_agency_moves import another_agency, lapse, mailed, timers
from tests.test_outcomes import day, free, free_hire, leave, paid, state
from tests.test_program_versions import publish, replayed, rules_now
from tests.test_reviews import held, own_domain
from tests.world import World, build_world


async def number_of(world: World, table: Any, *conditions: Any) -> int:
    async with world.database.read() as read:
        return (await read.scalar(select(func.count()).select_from(table).where(*conditions))) or 0


async def counts(world: World) -> dict[Any, int]:
    """The balance of each account."""
    async with world.database.read() as read:
        rows = await read.scalars(select(Account))
        return {(row.company_id, row.unit, row.book): row.balance for row in rows}


@pytest.mark.parametrize("rule", [CountRule.EACH_COMPANY, CountRule.FIRST_WITHIN_WINDOW])
async def test_awkward_case_two_companies_reject_the_same_person_who_registers_through_both_links(
    database: Database, rule: CountRule
) -> None:
    world = await build_world(database, count_rule=rule)
    first = await world.register(email="hanako@example.jp")
    other = await link_of(world, world.other_company)
    second = await world.register(other, email="hanako@example.jp")
    assert second.candidate_id == first.candidate_id
    assert await number_of(world, Case) == 1
    each = rule is CountRule.EACH_COMPANY
    assert first.count_status is CountStatus.COUNTED
    assert second.count_status is (CountStatus.COUNTED if each else CountStatus.NOT_COUNTED)


async def test_awkward_case_the_same_person_registers_twice_with_another_spelling(
    world: World,
) -> None:
    first = await world.register(email="hanako.sato@gmail.com")
    again = await world.register(email="Hanako.Sato+jobs@GMAIL.com")
    assert again.candidate_id == first.candidate_id
    assert [first.count_status, again.count_status] == [
        CountStatus.COUNTED,
        CountStatus.NOT_COUNTED,
    ]
    assert await number_of(world, Entry) == 1


async def test_awkward_case_a_colleague_registers_through_the_companys_own_link(
    world: World,
) -> None:
    await own_domain(world)
    registration_id = await held(world)
    assert await number_of(world, Entry) == 0
    assert await number_of(world, Case) == 1, "people are served meanwhile"
    command = ResolveHeldCount(registration_id, Resolution.REFUSE, "a colleague")
    await run(world, resolve_held_count, world.actor(None, Role.CONSORTIUM_ADMIN), command)
    assert await number_of(world, Entry) == 0


async def test_awkward_case_a_link_leaks_to_a_public_page(world: World) -> None:
    await change(world, ProgramVersion, ProgramVersion.program_id == world.program_id, link_limit=2)
    told = [(await world.register()).count_status for _ in range(4)]
    assert told == [CountStatus.COUNTED] * 2 + [CountStatus.HELD] * 2
    recruiter = world.actor(world.company, Role.RECRUITER)
    reissued = await run(world, reissue_relay_link, recruiter, world.link.id)
    assert reissued != world.link.id
    late = await world.register()
    assert late.count_status is CountStatus.NOT_COUNTED
    assert await number_of(world, Case) == 5, "registrants are still served"


async def test_awkward_case_consent_withdrawn_after_sharing(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    before = await counts(world), await number_of(world, Disclosure)
    for purpose in (Purpose.INTRODUCTION, Purpose.PARTNER_SHARING):
        command = WithdrawConsent(await consent_of(world, someone, purpose))
        await run(world, withdraw_consent, person(world, someone), command)
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    assert await status_of(world, referral_id) == "RECALLED"
    assert (await counts(world), await number_of(world, Disclosure)) == before


async def test_awkward_case_erasure(world: World) -> None:
    someone = await shared(world, email="hanako@example.jp")
    before = await counts(world)
    async with world.database.transaction() as tx:
        await erase_own_data(tx, person(world, someone))
    await destroy_erased_keys(world.database)
    async with world.database.read() as read:
        row = await read.get_one(Candidate, someone)
    assert (row.sealed, row.category, row.prefecture, row.email_hash) == (None, None, None, None)
    assert await counts(world) == before
    again = await world.register(email="hanako@example.jp")
    assert again.candidate_id != someone
    assert again.count_status is CountStatus.NOT_COUNTED
    assert await counts(world) == before


@pytest.mark.parametrize("end", [suspend_partnership, end_partnership])
async def test_awkward_case_partnership_suspended_or_ended_with_referrals_in_flight(
    world: World, end: Any
) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    agreed_to, waiting, listed = await shared(world), await shared(world), await shared(world)
    running = await offered(world, world.company, agreed_to, world.other_company)
    await agreed(world, agreed_to, running)
    unanswered = await offered(world, world.company, waiting, world.other_company)
    is_ending = end is end_partnership
    actor = world.actor(
        None if is_ending else world.company, Role.CONSORTIUM_ADMIN if is_ending else Role.ADMIN
    )
    await run(world, end, actor, WithReason(partnership_id, "a doubt"))
    await list_all(world)
    assert await pool(world, world.other_company) == []
    assert await fields_seen(world, world.other_company, listed) == frozenset()
    assert await status_of(world, unanswered) == "RECALLED"
    assert await fields_seen(world, world.other_company, agreed_to) == frozenset(ALL_FIELDS)
    world.clock.forward(days=TERMS.shared_days)
    assert await fields_seen(world, world.other_company, agreed_to) == frozenset()
    async with world.database.transaction() as tx:
        assert await recall_overdue(tx) == 1
    assert await status_of(world, running) == "RECALLED"


@pytest.mark.parametrize("how", ["lapses", "leaves"])
async def test_awkward_case_agencys_licence_lapses_or_agency_leaves(
    world: World, how: str, tmp_path: Any
) -> None:
    other = await another_agency(world)
    link = await link_of(world, world.company)
    await change(world, RelayLink, RelayLink.id == link.id, agency_id=other.id)
    await world.register(link)
    if how == "lapses":
        await lapse(world, other)
    else:
        await run(world, end_membership, world.actor(None, Role.CONSORTIUM_ADMIN), other.id)
    await timers(world)
    async with world.database.read() as read:
        found = await read.get_one(RelayLink, link.id)
    assert (found.status, found.agency_id) == (LinkStatus.PAUSED, None)
    asked = await number_of(world, Case, Case.move_asked_at.is_not(None))
    assert asked == 1, "the candidate is asked to move to another agency"
    assert await mailed(world, tmp_path)


async def test_awkward_case_early_exit(world: World) -> None:
    hire_id = await paid(world)
    await leave(world, hire_id, day(29))
    assert await state(world, hire_id) == (HireStatus.LEFT_EARLY, day(29), 800_000)
    earned, free_id = await free(world)
    assert (await free_hire(world, earned)).status is FreeHireStatus.SPENT
    await leave(world, free_id, day(29))
    assert (await free_hire(world, earned)).status is FreeHireStatus.AVAILABLE


async def test_awkward_case_company_leaves(world: World) -> None:
    token = await world.start(world.form())
    await world.register()
    await run(world, end_membership, world.actor(None, Role.CONSORTIUM_ADMIN), world.company.id)
    async with world.database.read() as read:
        assert (await read.get_one(RelayLink, world.link.id)).status is LinkStatus.REVOKED
        ends_at = await read.scalar(
            select(Membership.grace_ends_at).where(Membership.organization_id == world.company.id)
        )
    late = await world.confirm(token)
    assert late.count_status is CountStatus.NOT_COUNTED
    assert await number_of(world, Case) == 2, "late registrants are still served"
    assert set((await counts(world)).values()) == {0, 1}
    assert ends_at is not None
    world.clock.now = ends_at
    await timers(world)
    assert set((await counts(world)).values()) == {0}


async def test_awkward_case_the_rules_change_from_10_to_8(world: World) -> None:
    for _ in range(10):
        await world.register()
    old = await rules_now(world)
    await publish(world, counts_per_free_hire=8)
    new = await rules_now(world)
    before = await counts(world)
    for rules, free_hires, remainder in ((old, 1, 0), (new, 1, 2)):
        found = (await replayed(world, rules))[world.company.id]
        assert (found.counts, found.free_hires, found.remainder) == (10, free_hires, remainder)
        assert found.given_free_hires == 1
    assert await counts(world) == before, "replay changes nothing"
    for _ in range(8):
        await world.register()
    found = (await replayed(world, new))[world.company.id]
    assert found.given_free_hires == 2


def test_invariant_12_no_account_and_no_reward_is_a_candidates() -> None:
    """Whom the books are of: nothing in them leads to a person as its owner."""
    account = Base.metadata.tables["account"]
    owners = {key.column.table.name for key in account.foreign_keys}
    assert owners == {"consortium", "organization", "program"}
    assert not account.c.company_id.nullable
    booked = Base.metadata.tables["entry"]
    assert "candidate" not in {key.column.table.name for key in booked.foreign_keys}
