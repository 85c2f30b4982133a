"""A candidate is gone when gone, and every total stays, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select, text

from models.access import Role
from models.errors import ConfirmationExpired, LinkUnknown, NotFound, PersonErased, Unauthenticated
from models.operations.candidate_sessions import (
    SIGN_IN_PURPOSE,
    request_sign_in,
    use_sign_in_link,
)
from models.operations.erasures import erase_own_data
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.listings import relist
from models.operations.registrations import Completed
from models.operations.reviews import Resolution, ResolveHeldCount, resolve_held_count
from models.outbox import EventType
from models.reads.candidates import shown
from models.reads.erasures import kept_names
from models.reads.program_versions import ReplayRules, replay_history
from models.rules.counting import CountRule, CountRules, OpenLinks
from models.rules.erasure import HASHES_KEPT_FOR, RECORDS_KEPT_FOR
from models.rules.lifecycles import (
    CaseStatus,
    ConsentStatus,
    CountStatus,
    FreeHireStatus,
    ReferralStatus,
    RegistrationStatus,
)
from models.rules.sharing import Employment, VisibilityReason
from models.tables.candidates import (
    Candidate,
    CandidateSession,
    Consent,
    Disclosure,
    ExcludedName,
    Exclusion,
    SignInLink,
)
from models.tables.consortium import Organization
from models.tables.erasures import RegisterName
from models.tables.flows import FlowDay, JourneyDay
from models.tables.ledger import Account, Entry
from models.tables.records import OutboxEvent
from models.tables.referrals import Case, Hire, Referral
from models.tables.registrations import CountedPerson, Registration
from models.tables.requests import CandidateRequest
from models.tokens import token_of
from models.vault import KeyDestroyed
from tasuki.workers.timers import Timers
from tests import partners
from tests.erasures import (
    ALL_PURPOSES,
    actor_of,
    erase,
    marked,
    rows_of,
    verified,
)
from tests.handovers import (
    change,
    delivered,
    free_hires_by_status,
    give_free_hires,
    hired,
    offered,
    recruiter,
    run,
    status_of,
)
from tests.test_pages import contents
from tests.world import World

EACH_COMPANY = CountRules(
    CountRule.EACH_COMPANY,
    window_days=365,
    open_links=OpenLinks.ALL,
    link_limit=9,
    device_limit=9,
)


# Nothing but an opaque id


async def test_nothing_is_left_but_an_opaque_id(world: World) -> None:
    me = await marked(world)
    world.clock.forward(hours=1)
    async with world.database.read() as read:
        before = await read.get_one(Candidate, me.id)
    await erase(world, me)
    async with world.database.read() as read:
        person = await read.get_one(Candidate, me.id)
        registrations = (await read.scalars(select(Registration))).all()
        case = (await read.scalars(select(Case))).one()
        for table in (Exclusion, ExcludedName, SignInLink, CandidateSession, CandidateRequest):
            assert await read.scalar(select(func.count()).select_from(table)) == 0
        assert set(await read.scalars(select(Consent.status))) == {ConsentStatus.WITHDRAWN}
        assert set(await read.scalars(select(Disclosure.closed_at))) == {world.clock.now}
        events = await read.execute(
            select(OutboxEvent.refs, OutboxEvent.due_at).where(
                OutboxEvent.type == EventType.CANDIDATE_ERASED.value
            )
        )
        assert events.all() == [({"candidate": before.id.hex}, None)]
    assert (person.sealed, person.email_hash, person.phone_hash) == (None, None, None)
    assert (person.category, person.experience_years, person.prefecture) == (None, None, None)
    assert (person.skills, person.desired_prefectures) == ([], [])
    assert person.employment is Employment.NONE
    assert person.erased_at == world.clock.now
    assert [
        (one.sealed, one.email_hash, one.phone_hash, one.device_hash) for one in registrations
    ] == [(None,) * 4] * 2
    assert {one.status for one in registrations} == {
        RegistrationStatus.COMPLETED,
        RegistrationStatus.EXPIRED,
    }
    assert (case.note, case.status, case.closed_at) == (None, CaseStatus.CLOSED, world.clock.now)
    for key_id in {before.key_id, *(one.key_id for one in registrations)}:
        with pytest.raises(KeyDestroyed):
            await world.database.vault.key(key_id)
    assert await verified(world.database, world.consortium_id) == []


async def test_what_is_open_ends_and_what_was_reached_stays(world: World) -> None:
    [_] = await give_free_hires(world, world.other_company, 1)
    person = (await world.register()).candidate_id
    reserved = await offered(world, person)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(reserved))
    me = actor_of(world, person)
    await erase(world, me)
    assert await status_of(world, reserved) == "RECALLED"
    assert await free_hires_by_status(world, world.other_company) == {FreeHireStatus.AVAILABLE: 1}
    relays = select(Referral.status).where(Referral.link_id.is_not(None))
    async with world.database.read() as read:
        assert (await read.scalars(relays)).all() == [ReferralStatus.WITHDRAWN]
        assert (await read.scalars(select(JourneyDay.outcome))).all() == [ReferralStatus.WITHDRAWN]


async def test_whoever_was_hired_stays_hired(world: World) -> None:
    person = (await world.register()).candidate_id
    referral_id = await offered(world, person)
    await hired(world, referral_id, fee_yen=1_000_000)
    before = await rows_of(world, Hire.id, Hire.joined_on, Hire.fee_yen, Hire.status)
    await erase(world, actor_of(world, person))
    assert await status_of(world, referral_id) == "HIRED"
    assert await rows_of(world, Hire.id, Hire.joined_on, Hire.fee_yen, Hire.status) == before
    assert await verified(world.database, world.consortium_id) == []


async def test_every_total_stays(world: World) -> None:
    person = (await world.register(purposes=ALL_PURPOSES)).candidate_id
    await delivered(world, person)
    stays = (
        (Account.id, Account.balance, Account.entries),
        (Entry.id, Entry.amount, Entry.registration_id),
        (Registration.id, Registration.count_status, Registration.completed_on),
        (CountedPerson.registration_id, CountedPerson.person_hash),
        (Referral.id, Referral.candidate_id, Referral.from_id, Referral.to_id, Referral.created_on),
        (Disclosure.id, Disclosure.fields, Disclosure.opened_at, Disclosure.recipient_id),
    )
    before = [await rows_of(world, *columns) for columns in stays]
    flows = await flow_totals(world)
    await erase(world, actor_of(world, person))
    assert [await rows_of(world, *columns) for columns in stays] == before
    after = await flow_totals(world)
    assert {key: number for key, number in after.items() if key in flows} == flows
    ends = {key[-1]: number for key, number in after.items() if key not in flows}
    assert ends == {ReferralStatus.RECALLED: 1, ReferralStatus.WITHDRAWN: 1}


async def flow_totals(world: World) -> dict[Any, int]:
    rows = await rows_of(
        world, FlowDay.from_id, FlowDay.to_id, FlowDay.channel, FlowDay.event, FlowDay.referrals
    )
    totals: dict[Any, int] = {}
    for row in rows:
        totals[row[:-1]] = totals.get(row[:-1], 0) + row[-1]
    return totals


async def test_what_partners_were_shown_ends_and_is_not_shown_again(world: World) -> None:
    third = await partners.third_company(world)
    await partners.partners(world, world.company, third)
    person = await partners.shared(world)
    referral_id = await partners.offered(world, world.company, person, third)
    await partners.agreed(world, person, referral_id)
    await erase(world, actor_of(world, person))
    assert await status_of(world, referral_id) == "RECALLED"
    async with world.database.transaction() as tx:
        await relist(tx, world.consortium_id, [person])
    async with world.database.read() as read:
        assert None not in set(await read.scalars(select(Disclosure.closed_at)))
    assert await verified(world.database, world.consortium_id) == []


# Whoever comes again


async def test_register_erase_register_again_counts_once(world: World) -> None:
    first = await world.register(email="hanako@example.jp")
    await world.register(email="hanako@example.jp")
    rules = ReplayRules(EACH_COMPANY, counts_per_free_hire=1)
    before = await replayed(world, rules)
    await erase(world, actor_of(world, first.candidate_id))
    assert await replayed(world, rules) == before
    again = await world.register(email="Hanako@EXAMPLE.jp")
    assert again.candidate_id != first.candidate_id
    assert (first.count_status, again.count_status) == (
        CountStatus.COUNTED,
        CountStatus.NOT_COUNTED,
    )
    assert await replayed(world, rules) == before
    assert [row[0] for row in await rows_of(world, Entry.amount)] == [1]
    assert await verified(world.database, world.consortium_id) == []


async def replayed(world: World, rules: ReplayRules) -> Any:
    async with world.database.read() as read:
        return await replay_history(read, world.actor(None, Role.CONSORTIUM_ADMIN), rules)


async def test_the_hash_goes_after_two_years_and_the_count_stays(world: World) -> None:
    first = await world.register(email="hanako@example.jp")
    await erase(world, actor_of(world, first.candidate_id))
    hashes = await rows_of(world, CountedPerson.person_hash)
    world.clock.forward(seconds=HASHES_KEPT_FOR.total_seconds() - 1)
    await Timers(world.database).run_once()
    assert await rows_of(world, CountedPerson.person_hash) == hashes
    world.clock.forward(seconds=1)
    await Timers(world.database).run_once()
    [(forgotten,)] = await rows_of(world, CountedPerson.person_hash)
    assert (forgotten,) not in hashes
    assert await verified(world.database, world.consortium_id) == []
    again = await world.register(email="hanako@example.jp")
    assert again.count_status is CountStatus.COUNTED


async def test_the_hash_stays_while_the_person_is_registered_again(world: World) -> None:
    first = await world.register(email="hanako@example.jp")
    await erase(world, actor_of(world, first.candidate_id))
    again = await world.register(email="hanako@example.jp")
    hashes = await rows_of(world, CountedPerson.person_hash)
    world.clock.forward(seconds=HASHES_KEPT_FOR.total_seconds())
    await Timers(world.database).run_once()
    assert await rows_of(world, CountedPerson.person_hash) == hashes
    await erase(world, actor_of(world, again.candidate_id))
    await Timers(world.database).run_once()
    assert await rows_of(world, CountedPerson.person_hash) != hashes


async def test_a_form_that_waits_goes_too(world: World) -> None:
    me = actor_of(world, (await world.register(email="hanako@example.jp")).candidate_id)
    token = await world.start(world.form(email="hanako@example.jp"))
    other = await world.start(world.form(email="taro@example.jp"))
    await erase(world, me)
    with pytest.raises(ConfirmationExpired):
        await world.confirm(token)
    await world.confirm(other)


async def test_a_confirmation_that_waits_for_an_erasure_makes_a_new_person(world: World) -> None:
    me = actor_of(world, (await world.register(email="hanako@example.jp")).candidate_id)
    form = world.form(email="hanako@example.jp")

    async def register() -> Completed:
        return await world.confirm(await world.start(form))

    async with world.database.transaction() as tx:
        await erase_own_data(tx, me)
        await tx.flush()
        # The form is sent while the erasure is under way, which therefore does not know of it.
        registering = asyncio.create_task(register())
        if world.database.dialect == "postgresql":
            await until_blocked(world)
    completed = await registering
    assert completed.candidate_id != me.id
    assert completed.count_status is CountStatus.NOT_COUNTED


async def until_blocked(world: World) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(2_000):
        async with world.database.read() as read:
            if await read.scalar(waiting):
                return
    raise AssertionError("nothing waits")


# What is refused


async def test_nobody_is_erased_twice_nor_by_another(world: World) -> None:
    me = actor_of(world, (await world.register()).candidate_id)
    await erase(world, me)
    before = await contents(world.database)
    for actor, kind in (
        (me, NotFound),
        (actor_of(world, uuid.uuid4()), NotFound),
        (recruiter(world, world.agency), Unauthenticated),
        (world.visitor, Unauthenticated),
    ):
        with pytest.raises(kind) as caught:
            async with world.database.transaction() as tx:
                await erase_own_data(tx, actor)
        assert type(caught.value) is kind
    assert await contents(world.database) == before


async def test_an_erased_person_signs_in_no_more(world: World) -> None:
    me = actor_of(world, (await world.register(email="hanako@example.jp")).candidate_id)
    async with world.database.transaction() as tx:
        await request_sign_in(tx, "hanako@example.jp")
    [(link_id,)] = await rows_of(world, SignInLink.id)
    await erase(world, me)
    token = token_of(world.database.vault, SIGN_IN_PURPOSE, link_id)
    with pytest.raises(LinkUnknown):
        async with world.database.transaction() as tx:
            await use_sign_in_link(tx, token, "en")
    async with world.database.transaction() as tx:
        await request_sign_in(tx, "hanako@example.jp")
    assert await rows_of(world, SignInLink.id) == []


async def test_a_held_count_of_an_erased_person_is_refused_only(world: World) -> None:
    await change(world, Organization, Organization.id == world.company.id, mail_domain="own.jp")
    held = await world.register(email="hanako@own.jp")
    assert held.count_status is CountStatus.HELD
    await erase(world, actor_of(world, held.candidate_id))
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    command = ResolveHeldCount(held.registration_id, Resolution.COUNT, "a reason")
    with pytest.raises(PersonErased):
        await run(world, resolve_held_count, admin, command)
    refuse = ResolveHeldCount(held.registration_id, Resolution.REFUSE, "a reason")
    await run(world, resolve_held_count, admin, refuse)


async def test_organizations_see_that_someone_is_erased_and_nothing_else(world: World) -> None:
    person = (await world.register()).candidate_id
    await delivered(world, person)
    await erase(world, actor_of(world, person))
    for organization in (world.agency, world.other_company):
        async with world.database.read() as read:
            [seen] = (await shown(read, recruiter(world, organization), [person])).values()
        assert {reason for _, _, reason in seen.visibility} == {VisibilityReason.ERASED}
        assert (seen.name, seen.email, seen.skills, seen.prefecture) == (None,) * 4


# The statutory register


async def test_the_name_stays_sealed_for_the_register_until_its_date(world: World) -> None:
    first = actor_of(world, (await world.register(name="佐藤 花子")).candidate_id)
    second = actor_of(world, (await world.register(name="鈴木 一郎")).candidate_id)
    await erase(world, first)
    until = world.clock.now + RECORDS_KEPT_FOR
    assert await named(world) == [(first.id, "佐藤 花子", until)]
    world.clock.forward(days=1)
    await erase(world, second)
    later = world.clock.now + RECORDS_KEPT_FOR
    assert await named(world) == [
        (first.id, "佐藤 花子", until),
        (second.id, "鈴木 一郎", later),
    ]
    world.clock.now = until
    await Timers(world.database).run_once()
    assert await named(world) == [(second.id, "鈴木 一郎", later)]
    world.clock.now = later
    await Timers(world.database).run_once()
    assert await named(world) == []
    assert await rows_of(world, RegisterName.candidate_id) == []


async def named(world: World) -> list[Any]:
    async with world.database.read() as read:
        names = await kept_names(read, world.consortium_id)
    return [(one.candidate_id, one.name, one.keep_until) for one in names]
