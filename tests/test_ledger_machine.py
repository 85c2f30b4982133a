"""A random life of a consortium, compared after every step with a plain model of its ledger.

``TASUKI_SOAK_EXAMPLES`` and ``TASUKI_SOAK_STEPS`` ask for more lives, and longer ones.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, update

from models.access import Role
from models.errors import DomainError, InvalidTransition
from models.operations.expiry import expire_free_hires
from models.operations.free_hires import (
    RedeemFreeHire,
    redeem_free_hire,
    release_free_hire,
)
from models.operations.outcomes import RecordExit, ReverseExit, record_exit, reverse_exit
from models.operations.program_versions import PublishProgramVersion, publish_program_version
from models.operations.referrals import DeclineReferral, RecordHire, decline_referral, record_hire
from models.operations.reviews import ReverseCount, reverse_count
from models.rules.flows import local_day
from models.rules.free_hires import (
    GIVEN_BACK_DAYS_MIN,
    FreeHireInUse,
    FreeHireMovedOn,
    NoFreeHire,
    OwnCount,
)
from models.rules.ledger import EntryKind, Unit
from models.rules.lifecycles import CountStatus, FreeHireStatus, HireStatus
from models.rules.rewards import ClauseOffered, RewardEvent
from models.tables.consortium import Organization
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.links import RelayLink
from models.tables.referrals import DeclineReason, Hire
from models.verify import verify_consortium
from tests.databases import SqliteTemplates, open_database
from tests.handovers import ZONE, offered, recruiter, run
from tests.partners import NAMED, agreed, funded, joined, partners, taken_up
from tests.partners import offered as passed_on
from tests.world import World, add_link, build_world

EXAMPLES = int(os.environ.get("TASUKI_SOAK_EXAMPLES", "8"))
STEPS = int(os.environ.get("TASUKI_SOAK_STEPS", "40"))
GUARANTEE_DAYS, FEE_YEN = 90, 1_001
BONUS, YEN = 2, 100
"""What a partner's hire earns its giver, beside one free hire, and what it costs the receiver."""

ACTIONS = (
    *["register_new"] * 4,
    *["register"] * 2,
    *["introduce"] * 3,
    *["redeem"] * 5,
    *["hire"] * 3,
    *["leave"] * 3,
    *["stay"] * 2,
    *["pass_on"] * 2,
    *["leave_partner"] * 2,
    "stay_partner",
    "release",
    "reverse",
    "wait",
    "expire",
    "publish",
)
"""What happens, by how often."""

AVAILABLE, RESERVED = FreeHireStatus.AVAILABLE, FreeHireStatus.RESERVED
SPENT, EXPIRED = FreeHireStatus.SPENT, FreeHireStatus.EXPIRED
TAKEN_BACK = FreeHireStatus.TAKEN_BACK


@dataclass
class FreeHireModel:
    cost: int
    expires_at: datetime
    status: FreeHireStatus = AVAILABLE


@dataclass
class CompanyModel:
    """What one company should hold, in plain words."""

    organization: Organization
    link: RelayLink
    counts: int = 0
    debt: int = 0
    free_hires: dict[uuid.UUID, FreeHireModel] = field(default_factory=dict)
    registered: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)
    """People it ever got a count for."""
    entries: dict[uuid.UUID, int] = field(default_factory=dict)
    """Counts that stand, by their entry, and whose they are."""
    yen: int = 0

    def usable(self, now: datetime) -> uuid.UUID | None:
        """The free hire that is next to be used or taken back."""
        found = [
            (one.expires_at, key)
            for key, one in self.free_hires.items()
            if one.status is AVAILABLE and one.expires_at > now
        ]
        return min(found)[1] if found else None


@dataclass
class IntroductionModel:
    person: int
    company: CompanyModel
    free_hire: uuid.UUID | None = None
    hire: uuid.UUID | None = None
    joined_on: date | None = None
    status: HireStatus = HireStatus.JOINED
    refund_yen: int | None = None


@dataclass
class PartnerHireModel:
    """Somebody whom one company gave on to the other, which promised a reward for it."""

    giver: CompanyModel
    receiver: CompanyModel
    hire: uuid.UUID
    joined_on: date
    granted: uuid.UUID
    status: HireStatus = HireStatus.JOINED
    refund_yen: int | None = None


class LedgerMachine(RuleBasedStateMachine):
    """Registrations, reversals, reservations, spending, giving back, expiry, new rules, rewards."""

    templates: ClassVar[SqliteTemplates]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = self.templates.clone()
        self.companies: list[CompanyModel] = []
        self.people: list[uuid.UUID] = []
        self.cases: set[int] = set()
        """The people whom the agency looks after now."""
        self.open: dict[uuid.UUID, IntroductionModel] = {}
        self.hired: list[IntroductionModel] = []
        self.passed: list[PartnerHireModel] = []

    def go(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def refused(self, work: Coroutine[Any, Any, Any]) -> type[DomainError]:
        """The one kind of refusal; that nothing changed, the invariants see."""
        with pytest.raises(DomainError) as refusal:
            self.go(work)
        return type(refusal.value)

    @property
    def now(self) -> datetime:
        return self.world.clock.now

    @initialize(threshold=st.integers(1, 4))
    def begin(self, threshold: int) -> None:
        async def prepare() -> None:
            database = open_database(self.url)
            self.world: World = await build_world(
                database, counts_per_free_hire=threshold, link_limit=100_000
            )
            async with database.transaction() as tx:
                other = await add_link(tx, self.world.other_company)
                # Long lives go on for decades.
                await tx.execute(update(Organization).values(licence_expires_on=date.max))
            await self.promise_rewards()
            self.companies = [
                CompanyModel(self.world.company, self.world.link),
                CompanyModel(self.world.other_company, other),
            ]

        self.go(prepare())
        self.threshold, self.valid_days = threshold, 730

    async def promise_rewards(self) -> None:
        """The two companies are partners, under terms that the agency funds."""
        world = self.world
        rewards = tuple(
            ClauseOffered(RewardEvent.HIRE, unit, amount, world.agency.id)
            for unit, amount in ((Unit.COUNT, BONUS), (Unit.FREE_HIRE, 1), (Unit.REWARD, YEN))
        )
        await partners(world, world.company, world.other_company, rewards=rewards)
        await funded(world)

    @rule(
        action=st.sampled_from(ACTIONS),
        which=st.integers(0, 1),
        pick=st.integers(0, 99),
        number=st.integers(1, 5),
    )
    def live(self, action: str, which: int, pick: int, number: int) -> None:
        """One step; where it needs something first, that comes first."""
        company = self.companies[which]
        if action not in ("publish", "wait", "register") and not self.people:
            self.register_new(company, number)
        if action in ("redeem", "release", "hire") and not self.open:
            self.introduce(company, pick, is_own=False)
        steps: dict[str, Callable[[], None]] = {
            "register": lambda: self.register(company, pick % 12),
            "register_new": lambda: self.register_new(company, number),
            "reverse": lambda: self.reverse(company, pick),
            "introduce": lambda: self.introduce(company, pick, is_own=number == 1),
            "redeem": lambda: self.redeem(pick),
            "release": lambda: self.release(pick, declines=number > 2),
            "hire": lambda: self.hire(pick),
            "pass_on": lambda: self.pass_on(company, self.companies[1 - which]),
            "leave_partner": lambda: self.leave_partner(pick),
            "stay_partner": lambda: self.stay_partner(pick),
            "leave": lambda: self.leave(pick),
            "stay": lambda: self.stay(pick),
            "wait": lambda: self.world.clock.forward(days=pick),
            "expire": self.expire,
            "publish": lambda: self.publish(number, 30 + pick),
        }
        # No two things happen in one instant: what came first decides what may follow.
        self.world.clock.forward(seconds=1)
        steps[action]()

    def register(self, company: CompanyModel, person: int, **form: Any) -> None:
        known = person < len(self.people)
        person = person if known else len(self.people)
        email = f"person{person}@example.jp"
        completed = self.go(self.world.register(company.link, email=email, **form))
        if not known:
            self.people.append(completed.candidate_id)
        if person not in company.registered:
            self.cases.add(person)
        company.registered.add(person)
        counts = person not in company.counted
        assert completed.count_status is (
            CountStatus.COUNTED if counts else CountStatus.NOT_COUNTED
        )
        if counts:
            self.count(company, person, completed.registration_id)

    def register_new(self, company: CompanyModel, number: int) -> None:
        for _ in range(number):
            self.register(company, len(self.people))

    def count(self, company: CompanyModel, person: int, registration_id: uuid.UUID) -> None:
        company.counted.add(person)
        earned = self.add_count(company)
        assert len(self.take_over(company)) == earned
        company.entries[self.go(self.entry_of(registration_id))] = person

    def add_count(self, company: CompanyModel) -> int:
        """One count more. Answers how many free hires it earns."""
        if company.debt:
            company.debt -= 1
            return 0
        earned, company.counts = divmod(company.counts + 1, self.threshold)
        return earned

    def take_over(self, company: CompanyModel) -> set[uuid.UUID]:
        """Take the free hires that are new into the model. Answers them."""
        stored = [one.id for one in self.go(self.stored(company))]
        new = set(stored) - company.free_hires.keys()
        for key in new:
            expires_at = self.now + timedelta(days=self.valid_days)
            company.free_hires[key] = FreeHireModel(self.threshold, expires_at)
        return new

    async def granted(self) -> set[uuid.UUID]:
        async with self.world.database.read() as read:
            rows = await read.scalars(
                select(Entry.free_hire_id).where(Entry.kind == EntryKind.GRANTED)
            )
            return {one for one in rows if one is not None}

    def pass_on(self, giver: CompanyModel, receiver: CompanyModel) -> None:
        """Somebody new comes to the giver, and joins its partner."""
        person = len(self.people)
        self.register(giver, person, purposes=NAMED)
        candidate_id = self.people[person]
        world, to = self.world, receiver.organization
        referral_id = self.go(passed_on(world, giver.organization, candidate_id, to))
        self.go(agreed(world, candidate_id, referral_id))
        self.go(taken_up(world, to, referral_id))
        hire_id = self.go(joined(world, to, referral_id))
        self.cases.discard(person)
        today = local_day(self.now, ZONE)
        hire = PartnerHireModel(giver, receiver, hire_id, today, uuid.UUID(int=0))
        self.reward(hire)
        self.passed.append(hire)

    def reward(self, hire: PartnerHireModel) -> None:
        earned = sum(self.add_count(hire.giver) for _ in range(BONUS))
        new = self.take_over(hire.giver)
        assert len(new) == earned + 1
        [hire.granted] = new & self.go(self.granted())
        hire.receiver.yen -= YEN

    def take_one_back(self, company: CompanyModel) -> None:
        """A count is taken from wherever it can be."""
        usable = company.usable(self.now)
        if company.counts:
            company.counts -= 1
        elif usable is not None:
            company.free_hires[usable].status = TAKEN_BACK
            company.counts += company.free_hires[usable].cost - 1
        else:
            company.debt += 1

    def leave_partner(self, pick: int) -> None:
        """Who came through a partner leaves: early, and the reward is taken back."""
        there = [one for one in self.passed if one.status is HireStatus.JOINED]
        if not there:
            return
        hire = there[pick % len(there)]
        today = local_day(self.now, ZONE)
        receiver = recruiter(self.world, hire.receiver.organization)
        self.go(run(self.world, record_exit, receiver, RecordExit(hire.hire, today)))
        if (today - hire.joined_on).days >= GUARANTEE_DAYS:
            hire.status = HireStatus.LEFT
            return
        hire.status, hire.refund_yen = HireStatus.LEFT_EARLY, 0
        for _ in range(BONUS):
            self.take_one_back(hire.giver)
        granted = hire.giver.free_hires[hire.granted]
        is_usable = granted.status is AVAILABLE and granted.expires_at > self.now
        taken = hire.granted if is_usable else hire.giver.usable(self.now)
        if taken is None:
            hire.giver.debt += granted.cost
        else:
            hire.giver.free_hires[taken].status = TAKEN_BACK
        hire.receiver.yen += YEN

    def stay_partner(self, pick: int) -> None:
        """The exit was a mistake: what was taken back is posted again."""
        gone = [one for one in self.passed if one.status is not HireStatus.JOINED]
        if not gone:
            return
        hire = gone[pick % len(gone)]
        receiver = recruiter(self.world, hire.receiver.organization)
        self.go(run(self.world, reverse_exit, receiver, ReverseExit(hire.hire)))
        if hire.status is HireStatus.LEFT_EARLY:
            self.reward(hire)
        hire.status, hire.refund_yen = HireStatus.JOINED, None

    async def stored(self, company: CompanyModel) -> list[FreeHire]:
        async with self.world.database.read() as read:
            rows = await read.scalars(
                select(FreeHire).where(FreeHire.company_id == company.organization.id)
            )
            return list(rows)

    async def entry_of(self, registration_id: uuid.UUID) -> uuid.UUID:
        async with self.world.database.read() as read:
            rows = await read.scalars(
                select(Entry.id).where(
                    Entry.registration_id == registration_id, Entry.kind == EntryKind.COUNTED
                )
            )
            return rows.one()

    def reverse(self, company: CompanyModel, pick: int) -> None:
        if not company.entries:
            return
        entry_id = list(company.entries)[pick % len(company.entries)]
        admin = self.world.actor(None, Role.CONSORTIUM_ADMIN)
        command = ReverseCount(entry_id, "a mistake")
        self.go(run(self.world, reverse_count, admin, command))
        again = self.refused(run(self.world, reverse_count, admin, command))
        assert again is InvalidTransition
        del company.entries[entry_id]
        self.take_one_back(company)

    def introduce(self, company: CompanyModel, pick: int, *, is_own: bool) -> None:
        people = sorted(one for one in self.cases if (one in company.counted) == is_own)
        if not people:
            return
        person = people[pick % len(people)]
        if any(i.person == person and i.company is company for i in self.open.values()):
            return
        referral_id = self.go(offered(self.world, self.people[person], company.organization))
        self.open[referral_id] = IntroductionModel(person, company)

    def chosen(self, pick: int, *, is_free: bool) -> tuple[uuid.UUID, IntroductionModel]:
        """An open introduction, with a free hire or without where there is such a one."""
        wanted = [key for key, one in self.open.items() if (one.free_hire is not None) == is_free]
        some = wanted or list(self.open)
        referral_id = some[pick % len(some)]
        return referral_id, self.open[referral_id]

    def redeem(self, pick: int) -> None:
        if not self.open:
            return
        referral_id, introduction = self.chosen(pick, is_free=pick % 8 == 0)
        company = introduction.company
        work = run(
            self.world,
            redeem_free_hire,
            recruiter(self.world, company.organization),
            RedeemFreeHire(referral_id),
        )
        usable = company.usable(self.now)
        if introduction.free_hire is not None:
            assert self.refused(work) is FreeHireInUse
        elif introduction.person in company.counted:
            assert self.refused(work) is OwnCount
        elif usable is None:
            assert self.refused(work) is NoFreeHire
        else:
            assert self.go(work) == usable
            introduction.free_hire = usable
            company.free_hires[usable].status = RESERVED

    def release(self, pick: int, *, declines: bool) -> None:
        if not self.open:
            return
        referral_id, introduction = self.chosen(pick, is_free=pick % 2 == 0)
        company, free_hire_id = introduction.company, introduction.free_hire
        actor = recruiter(self.world, company.organization)
        if declines:
            command = DeclineReferral(referral_id, DeclineReason.OTHER)
            self.go(run(self.world, decline_referral, actor, command))
            del self.open[referral_id]
        elif free_hire_id is None:
            return
        else:
            self.go(run(self.world, release_free_hire, actor, free_hire_id))
        if free_hire_id is not None:
            company.free_hires[free_hire_id].status = AVAILABLE
            introduction.free_hire = None

    def hire(self, pick: int) -> None:
        if not self.open:
            return
        referral_id, introduction = self.chosen(pick, is_free=pick % 4 != 0)
        company, free_hire_id = introduction.company, introduction.free_hire
        today = local_day(self.now, ZONE)
        command = RecordHire(referral_id, today, 0 if free_hire_id else FEE_YEN)
        work = run(self.world, record_hire, recruiter(self.world, company.organization), command)
        if free_hire_id is not None and introduction.person in company.counted:
            assert self.refused(work) is OwnCount
            return
        introduction.hire, introduction.joined_on = self.go(work), today
        if free_hire_id is not None:
            company.free_hires[free_hire_id].status = SPENT
        del self.open[referral_id]
        self.cases.discard(introduction.person)
        self.hired.append(introduction)

    def leave(self, pick: int) -> None:
        """Someone leaves today, or has left already."""
        if not self.hired:
            return
        introduction = self.hired[pick % len(self.hired)]
        assert introduction.hire is not None
        assert introduction.joined_on is not None
        today, free_hire_id = local_day(self.now, ZONE), introduction.free_hire
        work = run(
            self.world,
            record_exit,
            recruiter(self.world, self.world.agency),
            RecordExit(introduction.hire, today),
        )
        if introduction.status is not HireStatus.JOINED:
            assert self.refused(work) is InvalidTransition
            return
        self.go(work)
        stayed = (today - introduction.joined_on).days
        is_early = stayed < GUARANTEE_DAYS
        introduction.status = HireStatus.LEFT_EARLY if is_early else HireStatus.LEFT
        if free_hire_id is None:
            # 80 % of 1,001 yen is 800.8, half of it 500.5.
            introduction.refund_yen = (801 if stayed < 30 else 501) if is_early else None
        elif is_early:
            given_back = introduction.company.free_hires[free_hire_id]
            given_back.status = AVAILABLE
            at_least = self.now + timedelta(days=GIVEN_BACK_DAYS_MIN)
            given_back.expires_at = max(given_back.expires_at, at_least)

    def stay(self, pick: int) -> None:
        """An exit was a mistake."""
        gone = [one for one in self.hired if one.status is not HireStatus.JOINED]
        if not gone:
            return
        introduction = gone[pick % len(gone)]
        assert introduction.hire is not None
        work = run(
            self.world,
            reverse_exit,
            self.world.actor(None, Role.CONSORTIUM_ADMIN),
            ReverseExit(introduction.hire),
        )
        if introduction.free_hire is not None and introduction.status is HireStatus.LEFT_EARLY:
            given_back = introduction.company.free_hires[introduction.free_hire]
            if given_back.status is not AVAILABLE:
                assert self.refused(work) is FreeHireMovedOn
                return
            given_back.status = SPENT
        self.go(work)
        introduction.status, introduction.refund_yen = HireStatus.JOINED, None

    def expire(self) -> None:
        async def work() -> int:
            async with self.world.database.transaction() as tx:
                return await expire_free_hires(tx)

        due = [
            one
            for company in self.companies
            for one in company.free_hires.values()
            if one.status is AVAILABLE and one.expires_at <= self.now
        ]
        assert self.go(work()) == len(due)
        for one in due:
            one.status = EXPIRED

    def publish(self, threshold: int, valid_days: int) -> None:
        command = PublishProgramVersion(
            default_agency_id=self.world.agency.id,
            counts_per_free_hire=threshold,
            free_hire_valid_days=valid_days,
            guarantee_days=GUARANTEE_DAYS,
            link_limit=100_000,
        )
        admin = self.world.actor(None, Role.CONSORTIUM_ADMIN)
        self.world.clock.forward(seconds=1)
        self.go(run(self.world, publish_program_version, admin, command))
        self.threshold, self.valid_days = threshold, valid_days

    @invariant()
    def agrees(self) -> None:
        for company in self.companies:
            held = [one.status for one in company.free_hires.values()]
            expected = {
                ("COUNT", "BALANCE"): company.counts,
                ("COUNT", "DEBT"): company.debt,
                ("FREE_HIRE", "BALANCE"): held.count(AVAILABLE) + held.count(RESERVED),
            }
            expected[("REWARD", "BALANCE")] = company.yen
            cached, summed = self.go(self.balances(company.organization))
            for told in (cached, summed):
                assert told.keys() <= expected.keys()
                assert {key: told.get(key, 0) for key in expected} == expected
            stored = {one.id: one for one in self.go(self.stored(company))}
            assert set(stored) == set(company.free_hires)
            for key, one in company.free_hires.items():
                assert (stored[key].status, stored[key].expires_at) == (
                    one.status,
                    one.expires_at,
                )

    @invariant()
    def yen_sum_to_zero(self) -> None:
        if self.passed:
            cached, summed = self.go(self.balances(self.world.agency))
            received = -sum(company.yen for company in self.companies)
            assert cached == summed == {("REWARD", "BALANCE"): received}

    @invariant()
    def hires_agree(self) -> None:
        async def stored() -> dict[uuid.UUID, tuple[HireStatus, int | None]]:
            async with self.world.database.read() as read:
                rows = await read.execute(select(Hire.id, Hire.status, Hire.refund_yen))
                return {row.id: (row.status, row.refund_yen) for row in rows}

        hires: list[IntroductionModel | PartnerHireModel] = [*self.hired, *self.passed]
        if hires:
            assert self.go(stored()) == {one.hire: (one.status, one.refund_yen) for one in hires}

    async def balances(
        self, organization: Organization
    ) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
        """What the accounts say, and what their entries add up to."""
        async with self.world.database.read() as read:
            rows = await read.execute(
                select(
                    Account.unit,
                    Account.book,
                    Account.balance,
                    func.coalesce(func.sum(Entry.amount), 0),
                )
                .outerjoin(Entry, Entry.account_id == Account.id)
                .where(Account.company_id == organization.id)
                .group_by(Account.id, Account.unit, Account.book, Account.balance)
            )
            found = rows.all()
        cached = {(row[0].value, row[1].value): row[2] for row in found}
        return cached, {(row[0].value, row[1].value): row[3] for row in found}

    def teardown(self) -> None:
        async def close() -> None:
            async with self.world.database.read() as read:
                violations = await verify_consortium(read, self.world.consortium_id)
            await self.world.database.close()
            assert violations == []

        try:
            if self.companies:
                self.go(close())
        finally:
            self.runner.close()
            self.templates.drop(self.url)


def test_the_ledger_agrees_with_a_plain_model(sqlite_templates: SqliteTemplates) -> None:
    LedgerMachine.templates = sqlite_templates
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
