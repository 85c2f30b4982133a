"""One chunk of a history: people register, are introduced, and some are hired.

It does to rows in memory what `models.operations` do to the database, step by step and under the
same rules, so that the verification finds nothing to say.
"""

from __future__ import annotations

import os
import time
from typing import Any
from uuid import UUID, uuid4

from models.operations.registrations import CONFIRM_PURPOSE
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.handovers import ANSWER_DAYS
from models.rules.sharing import Purpose
from models.tokens import token_of
from models.vault import KEY_BYTES, KEY_TABLE, PersonKey
from tasuki.load.members import Company
from tasuki.load.moments import Earned, FellThrough, Joined, Made, Recorded, Wished
from tasuki.load.people import as_json, documents, email_of, phone_of, work_columns
from tasuki.load.plan import DAY_US, SECOND_US, Chunk, Fate, Planned
from tasuki.load.sheets import KEYS, encode
from tasuki.load.steps import (
    CASE_CHANGED,
    CHANGED,
    DELIVERED,
    DISCLOSURE_CLOSED,
    REASON,
    RESPOND,
    Person,
    Steps,
    local_day,
)

COUNTS_PER_FREE_HIRE = 10
RETURNING_SHARE = 0.1
"""Of the registrations, those of a person who came through another company's link before."""
CLOSED_SHARE = 0.12
"""Of the cases without an introduction, those that end for want of a suitable opening."""
FREE_HIRE_WISH_SHARE = 0.5

_COUNT_STATUS = {Fate.COUNTED: "COUNTED", Fate.NOT_COUNTED: "NOT_COUNTED", Fate.HELD: "HELD"}
_DECLINE_REASONS = ("SKILLS", "EXPERIENCE", "POSITION_FILLED", "CONDITIONS", "OTHER")


_STAGES = (
    # Next state, the chance to come so far, and between how many days.
    ("ACCEPTED", 0.8, 1, 6),
    ("INTERVIEWING", 0.85, 2, 12),
    ("OFFERED", 0.5, 4, 20),
    ("HIRED", 0.8, 10, 45),
)


class History(Steps):
    """Makes one chunk."""

    def make(self, chunk: Chunk, dialect: str) -> Made:
        """The chunk's rows, encoded for a dialect, and its moments."""
        self._begin(chunk)
        times = sorted(
            self.rng.randrange(chunk.start_us, max(chunk.end_us, chunk.start_us + 1))
            for _ in chunk.registrations
        )
        for place, (planned, at) in enumerate(zip(chunk.registrations, times, strict=True)):
            self._register(planned, at, chunk.first_person + place)
        introduced = set(self.rng.sample(range(len(self.people)), k=chunk.introductions))
        for place, person in enumerate(self.people):
            if place in introduced:
                self._introduce(person)
            elif self.rng.random() < CLOSED_SHARE:
                self._close_case(person)
        return self._made(dialect)

    def _made(self, dialect: str) -> Made:
        self.rows["candidate"] = [
            (*row, person.last_us)
            for row, person in zip(self.candidate_rows, self.people, strict=True)
        ]
        payloads = {
            name: (len(rows), encode(name, rows, dialect, KEY_TABLE if name == KEYS else None))
            for name, rows in self.rows.items()
        }
        return Made(
            payloads,
            self.moments,
            {day: dict(keys) for day, keys in self.flows.items()},
            {day: dict(keys) for day, keys in self.journeys.items()},
        )

    # Registrations

    def _register(self, planned: Planned, at: int, number: int) -> None:
        company = self.setting.companies[planned.company]
        link_id, agency_id = (
            company.closed_link
            if planned.fate is Fate.NOT_COUNTED
            else self.rng.choice(company.links)
        )
        person = self._returning(planned.company)
        is_new = person is None
        if person is None:
            person = self._new_person(number, at, agency_id)
        person.companies.append(planned.company)
        person.last_us = max(person.last_us, at)
        registration_id = self._registration(planned, company, link_id, person, at)
        if planned.ordinal:
            self._count(planned, company, person, registration_id, at)
        relay = self._relay(company, link_id, person, at)
        if is_new:
            self._open_case(person, relay, at)
        self._consents(company, person, relay[0], at)
        details = {"count": _COUNT_STATUS[planned.fate]}
        self.moments.append(
            Recorded(
                at,
                "CANDIDATE",
                None,
                "registration.completed",
                "registration",
                registration_id,
                details,
            )
        )

    def _returning(self, company: int) -> Person | None:
        """Someone of this chunk who comes through another company's link now."""
        registrations = len(self.rows["registration"])
        # Half are new at the least, so that there are people enough to introduce.
        if len(self.people) * 2 <= registrations or self.rng.random() >= RETURNING_SHARE:
            return None
        person = self.rng.choice(self.people)
        # One company is left that they can be introduced to.
        enough = len(person.companies) + 1 < len(self.setting.companies)
        return person if enough and company not in person.companies else None

    def _new_person(self, number: int, at: int, agency_id: bytes) -> Person:
        rng, vault = self.rng, self.vault
        person, document = Person(), documents(rng, number)
        key = PersonKey(uuid4(), os.urandom(KEY_BYTES))
        person.id, person.companies, person.relays = self._id(), [], []
        person.email_hash = vault.blind("email", self.consortium, email_of(number))
        person.phone_hash = (
            vault.blind("phone", self.consortium, phone_of(number)) if document["phone"] else None
        )
        person.agency_id, person.last_us = agency_id, at
        person.agency_recruiter_id = self.recruiters[agency_id]
        person.support_consent = person.support_disclosure = person.partner_consent = None
        category, years, home, desired, skills = work_columns(rng)
        # A key is as old as it is, so that the sweep of orphans spares it, and never the same
        # again: one that a broken-off load left behind stands in nobody's way.
        self.rows[KEYS].append((key.id.bytes, vault.wrap(key), time.time_ns() // 1000))
        self.candidate_rows.append(
            [
                person.id,
                self.setting.consortium_id,
                key.id.bytes,
                person.email_hash,
                person.phone_hash,
                key.seal(document),
                "ja",
                category,
                years,
                home,
                desired,
                skills,
                "EMPLOYED" if document["employer"] else "NONE",
                local_day(at),
                at,
            ]
        )
        self.people.append(person)
        return person

    def _registration(
        self, planned: Planned, company: Company, link_id: bytes, person: Person, at: int
    ) -> bytes:
        registration_id = self._id()
        started = at - self.rng.randrange(2 * 60 * SECOND_US, 12 * 3600 * SECOND_US)
        token = token_of(self.vault, CONFIRM_PURPOSE, UUID(bytes=registration_id))
        self.purposes = ["AGENCY_SUPPORT"]
        if self.rng.random() < 0.3:
            self.purposes.append("NAMED_TO_REFERRER")
        if self.rng.random() < 0.2:
            self.purposes.append("PARTNER_SHARING")
        self.rows["registration"].append(
            (
                registration_id,
                self.setting.consortium_id,
                company.id,
                link_id,
                self.vault.token_hash(token),
                self._id(),
                person.email_hash,
                person.phone_hash,
                as_json(self.purposes),
                CONSENT_TEXT_VERSION,
                "ja",
                "COMPLETED",
                started,
                started + 7 * DAY_US,
                at,
                local_day(at),
                person.id,
                self.setting.version_id,
                _COUNT_STATUS[planned.fate],
                "LINK_NOT_ACTIVE" if planned.fate is Fate.NOT_COUNTED else None,
                "LINK_SPEED" if planned.fate is Fate.HELD else None,
            )
        )
        return registration_id

    def _count(
        self, planned: Planned, company: Company, person: Person, registration_id: bytes, at: int
    ) -> None:
        """The n-th count of a company: each tenth has a second entry, and earns a free hire."""
        before, posting_id = planned.ordinal - 1, self._id()
        number = before + before // COUNTS_PER_FREE_HIRE + 1
        postings = [(number, 1, "COUNTED")]
        if planned.ordinal % COUNTS_PER_FREE_HIRE == 0:
            postings.append((number + 1, -COUNTS_PER_FREE_HIRE, "CONVERTED"))
            self.moments.append(Earned(at, planned.company, self._id(), registration_id))
        self.rows["entry"] += [
            (
                self._id(),
                company.count_account,
                place,
                amount,
                kind,
                posting_id,
                at,
                local_day(at),
                self.setting.version_id,
                registration_id,
                None,
            )
            for place, amount, kind in postings
        ]
        self.rows["counted_person"].append(
            (self.setting.program_id, company.id, person.email_hash, registration_id, at)
        )

    def _open_case(self, person: Person, relay: list[Any], at: int) -> None:
        person.case = [
            self._id(),
            self.setting.consortium_id,
            person.id,
            person.agency_id,
            relay[0],
            "OPEN",
            at,
            at,
            None,
        ]
        self.rows["agency_case"].append(person.case)

    def _consents(self, company: Company, person: Person, referral_id: bytes, at: int) -> None:
        """An earlier consent to the same is superseded, and what stood on it is closed."""
        if person.support_consent is not None and person.support_disclosure is not None:
            self._end(person.support_consent, "SUPERSEDED", at)
            person.support_disclosure[DISCLOSURE_CLOSED] = at
        person.support_consent = self._consent(person, Purpose.AGENCY_SUPPORT, person.agency_id, at)
        person.support_disclosure = self._disclose(
            person, person.support_consent, None, person.agency_id, referral_id, at
        )
        if "PARTNER_SHARING" in self.purposes:
            if person.partner_consent is not None:
                self._end(person.partner_consent, "SUPERSEDED", at)
            person.partner_consent = self._consent(person, Purpose.PARTNER_SHARING, None, at)
        if "NAMED_TO_REFERRER" in self.purposes:
            named = self._consent(person, Purpose.NAMED_TO_REFERRER, company.id, at)
            self._disclose(person, named, None, company.id, referral_id, at)

    # Referrals

    def _relay(self, company: Company, link_id: bytes, person: Person, at: int) -> list[Any]:
        relay = self._hand_over(
            person, ("RELAY_LINK", company.id, person.agency_id, "ACCEPTED"), at, None
        )
        relay[7], relay[DELIVERED] = link_id, at
        person.relays.append(relay)
        return relay

    def _introduce(self, person: Person) -> None:
        """The agency proposes a company that the person did not come from."""
        place = self._elsewhere(person)
        company = self.setting.companies[place]
        room = self.span.end_us - person.last_us
        at = person.last_us + max(
            1, min(self._days(1, 14), int(room * self.rng.uniform(0.05, 0.95)))
        )
        actor = ("USER", person.agency_recruiter_id)
        introduction = self._hand_over(
            person,
            ("AGENCY_INTRODUCTION", person.agency_id, company.id, "PROPOSED"),
            at,
            person.agency_recruiter_id,
        )
        introduction[9] = person.relays[0][0]
        introduction[8] = self.rng.choice(company.openings) if company.openings else None
        introduction[RESPOND] = at + ANSWER_DAYS * DAY_US
        person.case[CASE_CHANGED] = at
        person.companies.append(place)
        self.moments.append(
            Recorded(at, *actor, "referral.proposed", "referral", introduction[0], {})
        )
        self._answer(person, company, place, introduction)

    def _elsewhere(self, person: Person) -> int:
        """A company by its weight; the next one where the person came from that."""
        companies = len(self.setting.companies)
        place = self.rng.choices(range(companies), cum_weights=self.cumulative)[0]
        while place in person.companies and len(person.companies) < companies:
            place = (place + 1) % companies
        return place

    def _answer(
        self, person: Person, company: Company, place: int, introduction: list[Any]
    ) -> None:
        """The candidate agrees, declines, or lets the time run out."""
        chance, proposed = self.rng.random(), introduction[CHANGED]
        at = proposed + self._days(0.1, 6)
        if chance >= 0.92:
            at = introduction[RESPOND]
        if at >= self.span.end_us:
            return
        if chance >= 0.92:
            self._move(introduction, "EXPIRED", at, ("SYSTEM", None))
        elif chance >= 0.87:
            self._move(introduction, "WITHDRAWN", at, ("CANDIDATE", person.id))
            person.last_us = max(person.last_us, at)
        else:
            self._agree(person, company, introduction, at)
            self._select(person, company, place, introduction)

    def _agree(self, person: Person, company: Company, introduction: list[Any], at: int) -> None:
        actor = ("CANDIDATE", person.id)
        consent = self._consent(person, Purpose.INTRODUCTION, company.id, at)
        self._move(introduction, "AGREED", at, actor)
        self.disclosure = self._disclose(
            person, consent, person.agency_id, company.id, introduction[0], at
        )
        self.consent = consent
        self._move(introduction, "DELIVERED", at, actor)
        introduction[DELIVERED] = at
        person.last_us = max(person.last_us, at)

    def _select(
        self, person: Person, company: Company, place: int, introduction: list[Any]
    ) -> None:
        """The company's selection, stage by stage, until it ends or the history does."""
        actor = ("USER", company.recruiter_id)
        for state, chance, least, most in _STAGES:
            at = introduction[CHANGED] + self._days(least, most)
            if at >= self.span.end_us:
                return
            if self.rng.random() >= chance:
                self._fall_through(person, introduction, at, actor)
                return
            if state == "HIRED":
                self._hire(person, introduction, at, actor)
                return
            self._move(introduction, state, at, actor)
            if state == "OFFERED" and self.rng.random() < FREE_HIRE_WISH_SHARE:
                self.moments.append(Wished(at, place, introduction[0], company.recruiter_id))

    def _fall_through(
        self, person: Person, introduction: list[Any], at: int, actor: tuple[str, bytes | None]
    ) -> None:
        if self.rng.random() < 0.3:
            state, actor = "WITHDRAWN", ("CANDIDATE", person.id)
            self._end(self.consent, "WITHDRAWN", at)
            person.last_us = max(person.last_us, at)
        else:
            state, introduction[REASON] = "DECLINED", self.rng.choice(_DECLINE_REASONS)
        self.moments.append(FellThrough(at, introduction[0], *actor))
        self.disclosure[DISCLOSURE_CLOSED] = at
        self._move(introduction, state, at, actor)

    def _hire(
        self, person: Person, introduction: list[Any], at: int, actor: tuple[str, bytes]
    ) -> None:
        fee_yen = self.rng.randrange(800_000, 3_000_000, 10_000)
        self.moments.append(
            Joined(
                at,
                self._id(),
                introduction[0],
                introduction[5],
                person.agency_id,
                fee_yen,
                actor[1],
            )
        )
        self._move(introduction, "HIRED", at, actor)
        for relay in person.relays:
            self._move(relay, "HIRED", at, actor)
            ended_by = introduction if relay[0] == introduction[9] else relay
            chain = [relay[4], person.agency_id, introduction[5]]
            self._end_journey(chain, ended_by, "HIRED", at)
        self._end_case(person, at, actor)

    def _close_case(self, person: Person) -> None:
        at = person.last_us + self._days(30, 120)
        if at >= self.span.end_us:
            return
        actor = ("USER", person.agency_recruiter_id)
        for relay in person.relays:
            self._move(relay, "NO_SUITABLE_OPENING", at, actor)
            self._end_journey([relay[4], person.agency_id], relay, "NO_SUITABLE_OPENING", at)
        if person.support_disclosure is not None:
            person.support_disclosure[DISCLOSURE_CLOSED] = at
        self._end_case(person, at, actor)
