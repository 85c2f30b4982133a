"""Every field of a candidate × who looks × how things stand, on both databases.

Invariants 7 to 9.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update

from models.access import Actor, Role, candidate, system
from models.operations.cases import NoteOnCase, note_on_case
from models.reads.candidates import ShownCandidate, shown
from models.reads.cases import notes
from models.reads.referrals import (
    ReferralFilter,
    candidates_of,
    count_referrals,
    count_referrals_by_organization,
    free_referrals,
    referrals_by_id,
    referrals_by_organization,
    referrals_page,
    told_of_changes,
)
from models.rules.lifecycles import (
    Channel,
    ConsentStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.sharing import (
    ALL_FIELDS,
    IDENTIFYING,
    CandidateField,
    ExclusionReason,
    Purpose,
    VisibilityReason,
)
from models.session import WriteSession
from models.tables.candidates import (
    Candidate,
    Consent,
    ConsentRecipient,
    Disclosure,
    Exclusion,
)
from models.tables.consortium import Organization
from models.tables.records import AuditEntry, OutboxEvent
from models.tables.referrals import Case, Referral
from tests.handovers import delivered, give_free_hires, offered, recruiter, run
from tests.world import World, add_organization, build_world

F = CandidateField
R = VisibilityReason
NAMED = frozenset({Purpose.AGENCY_SUPPORT, Purpose.NAMED_TO_REFERRER})
PERSON: dict[str, Any] = {
    "name": "佐藤 花子",
    "email": "hanako@example.jp",
    "phone": "090-1234-5678",
    "wishes": "駅に近い職場",
    "category": "REAL_ESTATE",
    "experience_years": 5,
    "skills": (),
    "prefecture": "13",
    "desired_prefectures": ("13", "14"),
}
ATTRIBUTES = {
    F.NAME: "name",
    F.EMAIL: "email",
    F.PHONE: "phone",
    F.WISHES: "wishes",
    F.CATEGORY: "category",
    F.EXPERIENCE: "experience_years",
    F.SKILLS: "skills",
    F.PREFECTURE: "prefecture",
    F.DESIRED_PREFECTURES: "desired_prefectures",
}
EVERY = frozenset(ALL_FIELDS)
PROVIDED = {"agency": EVERY, "referrer": frozenset({F.NAME}), "introduced": EVERY}
ROLES = (Role.ADMIN, Role.RECRUITER, Role.VIEWER)


async def look(world: World, actor: Actor, *ids: uuid.UUID) -> dict[uuid.UUID, ShownCandidate]:
    async with world.database.read() as read:
        return await shown(read, actor, ids)


def sides(world: World) -> dict[str, Organization]:
    return {
        "agency": world.agency,
        "referrer": world.company,
        "introduced": world.other_company,
    }


async def prepare(world: World) -> uuid.UUID:
    """One person, provided to an agency, the company of the link, and a company introduced to."""
    person = await world.register(purposes=NAMED, **PERSON)
    await delivered(world, person.candidate_id)
    return person.candidate_id


async def nothing(tx: WriteSession, person: uuid.UUID) -> None: ...


async def consent_status(tx: WriteSession, status: ConsentStatus) -> None:
    await tx.execute(update(Consent).values(status=status, ended_at=tx.now))


async def withdrawn(tx: WriteSession, person: uuid.UUID) -> None:
    await consent_status(tx, ConsentStatus.WITHDRAWN)


async def expired(tx: WriteSession, person: uuid.UUID) -> None:
    await consent_status(tx, ConsentStatus.EXPIRED)


async def superseded(tx: WriteSession, person: uuid.UUID) -> None:
    await consent_status(tx, ConsentStatus.SUPERSEDED)


async def past_its_end(tx: WriteSession, person: uuid.UUID) -> None:
    await tx.execute(update(Consent).values(expires_at=tx.now))


async def before_its_end(tx: WriteSession, person: uuid.UUID) -> None:
    await tx.execute(update(Consent).values(expires_at=tx.now + timedelta(seconds=1)))


async def of_another_recipient(tx: WriteSession, person: uuid.UUID) -> None:
    await tx.execute(delete(ConsentRecipient))


async def of_no_field(tx: WriteSession, person: uuid.UUID) -> None:
    await tx.execute(update(Consent).values(fields=[]))


async def closed(tx: WriteSession, person: uuid.UUID) -> None:
    await tx.execute(update(Disclosure).values(closed_at=tx.now))


async def excluded(tx: WriteSession, person: uuid.UUID) -> None:
    organizations = await tx.scalars(select(Organization.id))
    tx.add_all(
        Exclusion(
            candidate_id=person,
            organization_id=one,
            reason=ExclusionReason.PRESENT_EMPLOYER,
            created_at=tx.now,
        )
        for one in organizations
    )


async def erased(tx: WriteSession, person: uuid.UUID) -> None:
    await tx.execute(update(Candidate).values(erased_at=tx.now))


STATES = {
    nothing: R.SHOWN,
    before_its_end: R.SHOWN,
    withdrawn: R.NO_CONSENT,
    expired: R.NO_CONSENT,
    superseded: R.NO_CONSENT,
    past_its_end: R.NO_CONSENT,
    of_another_recipient: R.NO_CONSENT,
    of_no_field: R.NO_CONSENT,
    closed: R.NOT_PROVIDED,
    excluded: R.NOT_PROVIDED,
    erased: R.ERASED,
}


def expected(
    side: str, role: Role, field: CandidateField, state: VisibilityReason
) -> VisibilityReason:
    if state is R.ERASED:
        return state
    if field not in PROVIDED[side]:
        return R.NOT_PROVIDED
    if state is R.SHOWN and role is Role.VIEWER and field in IDENTIFYING:
        return R.ROLE
    return state


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_every_field_for_every_role(world: World, state: Any) -> None:
    person = await prepare(world)
    async with world.database.transaction() as tx:
        await state(tx, person)
    for side, organization in sides(world).items():
        for role in ROLES:
            seen = (await look(world, world.actor(organization, role), person))[person]
            told = {field: (is_shown, reason) for field, is_shown, reason in seen.visibility}
            assert set(told) == EVERY
            for field in ALL_FIELDS:
                reason = expected(side, role, field, STATES[state])
                assert told[field] == (reason is R.SHOWN, reason), (side, role, field)
                value = getattr(seen, ATTRIBUTES[field])
                assert value == ({R.SHOWN: PERSON[ATTRIBUTES[field]]}.get(reason))
                assert seen.sees(field) == (reason is R.SHOWN)
            named = side == "referrer" and STATES[state] is R.SHOWN
            assert seen.is_named_to_referrer == named


async def test_who_was_provided_nothing_sees_nobody(world: World) -> None:
    person = await prepare(world)
    async with world.database.transaction() as tx:
        stranger = await add_organization(tx, world.consortium_id, 70, OrganizationKind.COMPANY)
        rival = await add_organization(tx, world.consortium_id, 71, OrganizationKind.AGENCY)
    elsewhere = await build_world(world.database, slug="elsewhere", first_number=900)
    world.database.clock = world.clock
    actors = [world.actor(one, role) for one in (stranger, rival) for role in ROLES]
    actors += [world.actor(None, role) for role in (Role.CONSORTIUM_ADMIN, Role.ANALYST)]
    actors += [elsewhere.actor(elsewhere.agency, role) for role in ROLES]
    actors += [candidate(world.consortium_id, person, "ja"), system(world.consortium_id)]
    for actor in actors:
        assert await look(world, actor, person) == {}


async def test_without_consent_to_be_named_the_company_sees_nobody(world: World) -> None:
    person = await world.register()
    assert await look(world, recruiter(world, world.company), person.candidate_id) == {}


async def test_a_destroyed_key_is_an_erasure(world: World) -> None:
    person = await prepare(world)
    async with world.database.read() as read:
        row = await read.get_one(Candidate, person)
    await world.database.vault.destroy([row.key_id])
    seen = (await look(world, recruiter(world, world.agency), person))[person]
    assert {reason for _, _, reason in seen.visibility} == {R.ERASED}
    assert (seen.name, seen.category, seen.skills) == (None, None, None)


async def test_reading_takes_a_fixed_number_of_statements_and_writes_nothing(
    world: World,
) -> None:
    people = [(await world.register()).candidate_id for _ in range(3)]
    statements: list[str] = []
    event.listen(
        world.database.reader.sync_engine,
        "before_cursor_execute",
        lambda *arguments: statements.append(arguments[2]),
    )
    actor = recruiter(world, world.agency)
    for some in (people[:1], people, [*people, *people, uuid.uuid4()]):
        statements.clear()
        assert len(await look(world, actor, *some)) == len(set(some) & set(people))
        assert sum(one.startswith("SELECT") for one in statements) == 2
    async with world.database.transaction() as tx:
        audits = await tx.scalars(select(AuditEntry.action))
        assert set(audits) == {"registration.completed"}
        kinds = set(await tx.scalars(select(OutboxEvent.type)))
        assert kinds == {"registration.started", "registration.completed", "referral.changed"}


# Referrals


def told(row: Any) -> dict[str, Any]:
    names = (
        "status",
        "opening_id",
        "previous_id",
        "decline_reason",
        "created_at",
        "changed_at",
        "delivered_at",
        "respond_by",
    )
    return {name: getattr(row, name) for name in names if getattr(row, name) is not None}


async def relay_of(world: World, person: uuid.UUID) -> uuid.UUID:
    async with world.database.read() as read:
        found = await read.scalar(select(Case.referral_id).where(Case.candidate_id == person))
    assert found is not None
    return found


async def test_the_company_of_the_link_learns_the_day_and_the_agency(world: World) -> None:
    person = await world.register()
    relay_id = await relay_of(world, person.candidate_id)
    async with world.database.read() as read:
        seen = await referrals_by_id(read, recruiter(world, world.company), [relay_id])
        theirs = await referrals_by_id(read, recruiter(world, world.agency), [relay_id])
    row = seen[relay_id]
    assert told(row) == {}
    assert (row.channel, row.to_id) == (Channel.RELAY_LINK, world.agency.id)
    assert row.created_on.isoformat() == "2026-01-05"
    now = world.clock.now
    assert told(theirs[relay_id]) == {
        "status": ReferralStatus.ACCEPTED,
        "created_at": now,
        "changed_at": now,
        "delivered_at": now,
    }


async def test_what_the_two_sides_of_an_introduction_see(world: World) -> None:
    person = await world.register()
    proposed_at = world.clock.now
    referral_id = await delivered(world, person.candidate_id)
    async with world.database.read() as read:
        giver = await referrals_by_id(read, recruiter(world, world.agency), [referral_id])
        receiver = await referrals_by_id(read, recruiter(world), [referral_id])
    common = {
        "status": ReferralStatus.DELIVERED,
        "changed_at": proposed_at,
        "delivered_at": proposed_at,
    }
    relay_id = await relay_of(world, person.candidate_id)
    assert told(giver[referral_id]) == common | {
        "created_at": proposed_at,
        "previous_id": relay_id,
    }
    assert told(receiver[referral_id]) == common


@pytest.mark.parametrize("is_named", [True, False])
async def test_who_came_through_the_link_is_theirs_to_tell(world: World, is_named: bool) -> None:
    """Also where the company knows the person from an introduction."""
    purposes = NAMED if is_named else frozenset({Purpose.AGENCY_SUPPORT})
    person = (await world.register(purposes=purposes)).candidate_id
    introduction_id = await delivered(world, person, world.company)
    relay_id = await relay_of(world, person)
    actor = recruiter(world, world.company)
    async with world.database.read() as read:
        rows = await referrals_by_id(read, actor, [relay_id, introduction_id])
        people = await candidates_of(read, actor, [rows[relay_id], rows[introduction_id]])
    through_link, introduced = people
    assert introduced is not None
    assert introduced.id == person
    assert introduced.name == "佐藤 花子"
    assert (through_link is not None) == is_named


async def test_withdrawing_the_consent_to_be_named_hides_the_person(world: World) -> None:
    person = (await world.register(purposes=NAMED)).candidate_id
    relay_id = await relay_of(world, person)
    actor = recruiter(world, world.company)
    for ended in (False, True):
        if ended:
            async with world.database.transaction() as tx:
                await withdrawn(tx, person)
        async with world.database.read() as read:
            rows = await referrals_by_id(read, actor, [relay_id])
            [who] = await candidates_of(read, actor, list(rows.values()))
        assert (who is None) == ended


async def test_a_hidden_status_cannot_be_filtered_by(world: World) -> None:
    class Is:
        eq = ReferralStatus.ACCEPTED

    await world.register()
    asked = ReferralFilter(status=Is())
    for actor, number in (
        (recruiter(world, world.company), 0),
        (recruiter(world, world.agency), 1),
    ):
        async with world.database.read() as read:
            assert await count_referrals(read, actor, asked) == number
            rows = await referrals_page(read, actor, asked, Page(9), descending=True)
            assert len(rows) == number
            by = await count_referrals_by_organization(read, actor, [world.company.id], asked)
            assert by == {world.company.id: number}


async def test_changes_are_told_to_who_may_follow_them(world: World) -> None:
    person = (await world.register()).candidate_id
    introduction_id = await delivered(world, person)
    relay_id = await relay_of(world, person)
    ids = [relay_id, introduction_id]
    for organization, allowed in (
        (world.company, set()),
        (world.agency, set(ids)),
        (world.other_company, {introduction_id}),
    ):
        async with world.database.read() as read:
            told_now = await told_of_changes(read, recruiter(world, organization), ids)
        assert set(told_now) == allowed


class Page:
    """What a list is asked for."""

    def __init__(
        self, limit_rows: int, *, backward: bool = False, after: Any = None, before: Any = None
    ) -> None:
        self.limit_rows, self.backward = limit_rows, backward
        self.after, self.before = after, before


async def many(world: World) -> list[Any]:
    """Some days of referrals, given and received by the second company."""
    async with world.database.transaction() as tx:
        from tests.world import add_link

        link = await add_link(tx, world.other_company)
    for _ in range(4):
        person = await world.register()
        await delivered(world, person.candidate_id)
        await world.register(link)
        world.clock.forward(days=1)
    async with world.database.read() as read:
        rows = await read.execute(
            select(Referral.created_on, Referral.id, Referral.from_id, Referral.to_id)
            .where(
                (Referral.from_id == world.other_company.id)
                | (Referral.to_id == world.other_company.id)
            )
            .order_by(Referral.created_on.desc(), Referral.id.desc())
        )
        return list(rows)


def windows(rows: list[Any], size: int) -> Iterator[tuple[Any, list[Any]]]:
    for start in range(0, len(rows), size):
        after = (rows[start - 1].created_on, rows[start - 1].id) if start else None
        yield after, rows[start : start + size]


async def test_pages_of_both_sides_in_one_order(world: World) -> None:
    rows = await many(world)
    assert len(rows) == 8
    actor = recruiter(world)
    nothing_asked = ReferralFilter()
    async with world.database.read() as read:
        assert await count_referrals(read, actor, nothing_asked) == 8
        for after, some in windows(rows, 3):
            asked = Page(3, after=after)
            found = await referrals_page(read, actor, nothing_asked, asked, descending=True)
            assert [one.id for one in found] == [one.id for one in some]
            own = await referrals_by_organization(
                read, actor, [world.other_company.id], nothing_asked, asked, descending=True
            )
            assert own == {world.other_company.id: found}
        before = (rows[5].created_on, rows[5].id)
        backward = await referrals_page(
            read,
            actor,
            nothing_asked,
            Page(2, backward=True, before=before),
            descending=True,
        )
        assert [one.id for one in backward] == [rows[4].id, rows[3].id]
        oldest = await referrals_page(read, actor, nothing_asked, Page(2), descending=False)
        assert [one.id for one in oldest] == [rows[7].id, rows[6].id]


async def test_of_others_only_what_passed_between(world: World) -> None:
    rows = await many(world)
    everyone = [world.company.id, world.other_company.id, world.agency.id]
    agency, asked = recruiter(world, world.agency), ReferralFilter()
    async with world.database.read() as read:
        counts = await count_referrals_by_organization(read, agency, everyone, asked)
        assert counts == dict(zip(everyone, (4, 8, 12), strict=True))
        pages = await referrals_by_organization(
            read, agency, everyone, asked, Page(20), descending=True
        )
        assert {key: len(page) for key, page in pages.items()} == counts
        assert [one.id for one in pages[world.other_company.id]] == [one.id for one in rows]
        company = recruiter(world, world.company)
        counts = await count_referrals_by_organization(read, company, everyone, asked)
        assert counts == dict(zip(everyone, (4, 0, 4), strict=True))
        admin = world.actor(None, Role.CONSORTIUM_ADMIN)
        counts = await count_referrals_by_organization(read, admin, everyone, asked)
        assert counts == dict.fromkeys(everyone, 0)
        assert await referrals_page(read, admin, asked, Page(20), descending=True) == []


async def test_a_free_hire_is_told_to_both_sides(world: World) -> None:
    from models.operations.free_hires import RedeemFreeHire, redeem_free_hire

    await give_free_hires(world, world.other_company, 1)
    referral_id = await offered(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    for organization, expected_ids in (
        (world.agency, {referral_id}),
        (world.other_company, {referral_id}),
        (world.company, set()),
    ):
        async with world.database.read() as read:
            found = await free_referrals(read, recruiter(world, organization), [referral_id])
        assert found == expected_ids


async def test_a_note_is_read_by_who_may_read_the_person(world: World) -> None:
    person = await prepare(world)
    async with world.database.read() as read:
        case = (await read.scalars(select(Case).where(Case.candidate_id == person))).one()
    await run(world, note_on_case, recruiter(world, world.agency), NoteOnCase(case.id, "内容"))
    async with world.database.read() as read:
        noted = (await read.scalars(select(Case).where(Case.candidate_id == person))).one()
        assert await notes(read, recruiter(world, world.agency), [noted]) == {case.id: "内容"}
        assert await notes(read, world.actor(world.agency, Role.VIEWER), [noted]) == {}
        assert await notes(read, recruiter(world), [case]) == {}
    async with world.database.transaction() as tx:
        await withdrawn(tx, person)
    async with world.database.read() as read:
        assert await notes(read, recruiter(world, world.agency), [noted]) == {}
