"""Two years of a consortium's life, made through the operations that its users call.

Everything is drawn from one seed and happens on a clock of its own, in order of time: a step that
is done puts the next one, some days later, into the queue.
"""

from __future__ import annotations

import heapq
import itertools
import random
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from models.access import Actor, candidate
from models.errors import DomainError
from models.operations.agreements import (
    AgreeToIntroduction,
    DeclineIntroduction,
    WithdrawFrom,
    agree_to_introduction,
    decline_introduction,
    withdraw_from,
)
from models.operations.deletions import confirm_deletion
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.partner_referrals import AskForCandidate, ask_for_candidate
from models.operations.referrals import (
    DeclineReferral,
    IntroduceCandidate,
    RecordHire,
    accept_referral,
    decline_referral,
    introduce_candidate,
    make_offer,
    record_hire,
    start_interviews,
)
from models.operations.registrations import (
    CONFIRM_PURPOSE,
    Completed,
    StartRegistration,
    complete_registration,
    start_registration,
)
from models.reads.demo import case_of, deletion_of, was_delivered
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.flows import local_day
from models.rules.registration_form import RegistrationForm
from models.rules.sharing import Employment, Purpose
from models.session import Database, WriteSession
from models.tables.referrals import DeclineReason
from models.tokens import token_of
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS
from tasuki.demo.cast import FAMILY_NAMES, GIVEN_NAMES, WISHES, Member
from tasuki.demo.founding import Founded

TIME_ZONE = "Asia/Tokyo"
MONTH_DAYS = 30.4
STEPS_BACK_EVERY = 6
"""One of so many who agreed thinks better of it."""
LATELY = timedelta(days=45)
"""What companies were asked to delete before, they have confirmed; of later, about half."""
FEES_YEN = (900_000, 1_050_000, 1_200_000, 1_400_000, 1_800_000)

Step = Callable[[], Awaitable[None]]


class Due(NamedTuple):
    """A step, when it comes, and a number that keeps the order of equals."""

    at: datetime
    number: int
    step: Step


class Person(NamedTuple):
    """A candidate of the history, and the agency that looks after them."""

    id: uuid.UUID
    agency_id: uuid.UUID


class History:
    """The clock, the queue and the dice."""

    def __init__(
        self, database: Database, founded: Founded, seed: int, start: datetime, end: datetime
    ) -> None:
        self.database = database
        self.founded = founded
        self.dice = random.Random(seed)
        self.now, self.end = start, end
        self.queue: list[Due] = []
        self.numbers = itertools.count(1)
        self.vocabulary = sorted(SKILLS)
        self.candidates = 0
        self.agreed = self.stepped_back = 0
        self.hires = 0
        database.clock = lambda: self.now

    async def run(self, progress: Callable[[float], None]) -> None:
        """Live through all of it."""
        self._plan_registrations()
        start = self.now
        while self.queue and self.queue[0].at < self.end:
            due = heapq.heappop(self.queue)
            self.now = due.at
            progress((self.now - start) / (self.end - start))
            await due.step()
        self.now = self.end

    def _plan_registrations(self) -> None:
        for member in self.founded.companies:
            at = self.now
            while at < self.end:
                days = self.dice.expovariate(member.candidates_a_month / MONTH_DAYS)
                at += timedelta(days=days)
                self.put(at, self._register, member)

    def put(self, at: datetime, step: Callable[..., Awaitable[None]], *given: object) -> None:
        """Let a step happen at an instant."""

        async def run() -> None:
            await step(*given)

        heapq.heappush(self.queue, Due(at, next(self.numbers), run))

    def _later(
        self, days: tuple[float, float], step: Callable[..., Awaitable[None]], *given: object
    ) -> None:
        """Some days from now, at an hour of the working day."""
        at = self.now + timedelta(days=self.dice.uniform(*days))
        at = at.replace(hour=self.dice.randrange(10), minute=self.dice.randrange(60))
        self.put(max(at, self.now + timedelta(minutes=5)), step, *given)

    async def _do(
        self, operation: Callable[[WriteSession], Awaitable[uuid.UUID | Completed]]
    ) -> uuid.UUID | Completed | None:
        """One transaction. In life some things are refused; then this story ends here."""
        try:
            async with self.database.transaction() as tx:
                return await operation(tx)
        except DomainError:
            return None

    # The candidate's way in

    async def _register(self, member: Member) -> None:
        link_token = self.founded.link_token(member.key, self.now)
        visitor = self.founded.visitor
        command = StartRegistration(link_token, self._form(), CONSENT_TEXT_VERSION, None)
        started = await self._do(lambda tx: start_registration(tx, visitor, command))
        if isinstance(started, uuid.UUID) and self.dice.random() < 0.93:
            self._later((0.0, 1.5), self._confirm, started, member)

    def _form(self) -> RegistrationForm:
        self.candidates += 1
        dice = self.dice
        home = dice.choice(sorted(PREFECTURES))
        company = dice.choice(self.founded.companies)
        employed = dice.random() < 0.3
        purposes = {Purpose.AGENCY_SUPPORT}
        if dice.random() < 0.6:
            purposes.add(Purpose.PARTNER_SHARING)
        if dice.random() < 0.35:
            purposes.add(Purpose.NAMED_TO_REFERRER)
        return RegistrationForm(
            name=f"{dice.choice(FAMILY_NAMES)} {dice.choice(GIVEN_NAMES)}",
            email=f"candidate{self.candidates}@example.jp",
            phone=f"090-{dice.randrange(10_000):04d}-{self.candidates:04d}",
            category=dice.choice(company.seeks),
            experience_years=dice.choice((0, 1, 2, 3, 5, 8, 12, 20)),
            skills=tuple(dice.sample(self.vocabulary, 3)),
            wishes=dice.choice(WISHES),
            prefecture=home,
            desired_prefectures=tuple(sorted({home, company.prefecture})),
            employment=Employment.EMPLOYED if employed else Employment.NONE,
            employer="株式会社どこか" if employed else None,
            purposes=frozenset(purposes),
            without_asking=Purpose.PARTNER_SHARING in purposes and dice.random() < 0.2,
            locale="ja" if dice.random() < 0.92 else "en",
        )

    async def _confirm(self, registration_id: uuid.UUID, member: Member) -> None:
        token = token_of(self.database.vault, CONFIRM_PURPOSE, registration_id)
        done = await self._do(lambda tx: complete_registration(tx, self.founded.visitor, token))
        if not isinstance(done, Completed):
            return
        async with self.database.read() as read:
            case = await case_of(read, done.candidate_id)
        if case is not None:
            person = Person(done.candidate_id, case)
            self._later((1, 9), self._introduce, person)
            if self.dice.random() < 0.35:
                self._later((8, 40), self._introduce, person)
            partners = self.founded.partners_of(member)
            if partners and self.dice.random() < 0.7:
                self._later((2, 20), self._ask_from_pool, person, self.dice.choice(partners))

    # From the agency to a company

    def _agent(self, person: Person) -> Actor:
        return self.founded.staff_of(person.agency_id)

    async def _introduce(self, person: Person) -> None:
        if self.dice.random() < 0.3:
            return
        opening = self.dice.choice(self.founded.openings)
        command = IntroduceCandidate(person.id, opening.company_id, opening.id)
        referral = await self._do(lambda tx: introduce_candidate(tx, self._agent(person), command))
        if isinstance(referral, uuid.UUID):
            self._later((0.2, 5), self._answer, person, referral, opening.company_id)

    # From one partner to another

    async def _ask_from_pool(self, person: Person, company: uuid.UUID) -> None:
        """A partner asks for the person, if they are in its pool."""
        recruiter, command = self.founded.staff_of(company), AskForCandidate(person.id)
        referral = await self._do(lambda tx: ask_for_candidate(tx, recruiter, command))
        if not isinstance(referral, uuid.UUID):
            return
        async with self.database.read() as read:
            is_delivered = await was_delivered(read, referral)
        if is_delivered:
            # A standing consent has answered.
            self._agreed_to(person, referral, company)
        else:
            self._later((0.2, 5), self._answer, person, referral, company)

    def _agreed_to(self, person: Person, referral: uuid.UUID, company: uuid.UUID) -> None:
        self._later((1, 6), self._receive, referral, company)
        self.agreed += 1
        if self.agreed % STEPS_BACK_EVERY == 0:
            self._later((0.5, 3), self._step_back, person, referral, company)

    async def _step_back(self, person: Person, referral: uuid.UUID, company: uuid.UUID) -> None:
        """The person is no longer interested: the company is asked to delete what it has."""
        who = candidate(self.founded.consortium_id, person.id, "ja")
        withdrawn = await self._do(lambda tx: withdraw_from(tx, who, WithdrawFrom(referral)))
        if withdrawn is None:
            return
        self.stepped_back += 1
        if self.end - self.now > LATELY or self.stepped_back % 2:
            self._later((1, 12), self._confirm_deletion, referral, company)

    async def _confirm_deletion(self, referral: uuid.UUID, company: uuid.UUID) -> None:
        async with self.database.read() as read:
            request = await deletion_of(read, referral)
        if request is not None:
            recruiter = self.founded.staff_of(company)
            await self._do(lambda tx: confirm_deletion(tx, recruiter, request))

    async def _answer(self, person: Person, referral: uuid.UUID, company: uuid.UUID) -> None:
        who = candidate(self.founded.consortium_id, person.id, "ja")
        if self.dice.random() < 0.14:
            declined = DeclineIntroduction(referral)
            await self._do(lambda tx: decline_introduction(tx, who, declined))
            return
        agreed = AgreeToIntroduction(referral, CONSENT_TEXT_VERSION)
        if await self._do(lambda tx: agree_to_introduction(tx, who, agreed)):
            self._agreed_to(person, referral, company)

    async def _receive(self, referral: uuid.UUID, company: uuid.UUID) -> None:
        recruiter = self.founded.staff_of(company)
        if self.dice.random() < 0.33:
            command = DeclineReferral(referral, self.dice.choice(list(DeclineReason)))
            await self._do(lambda tx: decline_referral(tx, recruiter, command))
            return
        if await self._do(lambda tx: accept_referral(tx, recruiter, referral)):
            self._later((2, 12), self._interview, referral, company)

    async def _interview(self, referral: uuid.UUID, company: uuid.UUID) -> None:
        recruiter = self.founded.staff_of(company)
        if await self._do(lambda tx: start_interviews(tx, recruiter, referral)):
            self._later((5, 30), self._offer, referral, company)

    async def _offer(self, referral: uuid.UUID, company: uuid.UUID) -> None:
        recruiter = self.founded.staff_of(company)
        if self.dice.random() < 0.45:
            command = DeclineReferral(referral, self.dice.choice(list(DeclineReason)))
            await self._do(lambda tx: decline_referral(tx, recruiter, command))
            return
        if not await self._do(lambda tx: make_offer(tx, recruiter, referral)):
            return
        redeem = RedeemFreeHire(referral)
        await self._do(lambda tx: redeem_free_hire(tx, recruiter, redeem))
        if self.dice.random() < 0.86:
            self._later((14, 70), self._join, referral, company)

    async def _join(self, referral: uuid.UUID, company: uuid.UUID) -> None:
        recruiter = self.founded.staff_of(company)
        joined_on = local_day(self.now.astimezone(UTC), TIME_ZONE)
        fee_yen = self.dice.choice(FEES_YEN)
        free, paid = RecordHire(referral, joined_on), RecordHire(referral, joined_on, fee_yen)
        hired = await self._do(lambda tx: record_hire(tx, recruiter, free)) or await self._do(
            lambda tx: record_hire(tx, recruiter, paid)
        )
        if hired is not None:
            self.hires += 1
