"""The rows of the statutory registers, a page at a time, as the organization may read them now.

A name stands where the role still sees it (`models.rules.sharing`): not where a consent was
withdrawn, nor where the person is erased. The names that the law keeps beyond that stay sealed
under the register key, and are told by the operator, record by record.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from models.access import Actor
from models.reads.candidates import ShownCandidate, shown
from models.rules.consent_texts import FIELD_NAMES
from models.rules.flows import day_begins, local_day
from models.rules.lifecycles import Channel
from models.rules.registers import (
    ACQUIRED_NAMES,
    FREE_HIRE,
    OUTCOMES,
    PURPOSE_NAMES,
    REFERRAL_FEE,
    THE_PERSON,
    Period,
    Register,
    no_poaching_until,
)
from models.rules.sharing import CandidateField, Purpose
from models.session import ReadSession
from models.tables.candidates import Consent, Disclosure
from models.tables.consortium import Organization
from models.tables.openings import Opening
from models.tables.referrals import Case, Hire, Referral
from models.visibility import openings_of_agency, visible_cases, visible_hires
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.text import Text

ROWS_PER_PAGE = 200

Cell = str | int | date | None
Position = tuple[Any, uuid.UUID | None]
"""After which row a page begins: what the register is sorted by, and an id."""


@dataclass(frozen=True, slots=True)
class RegisterAsked:
    """Which register, for which local days, and in which language."""

    register: Register
    period: Period
    time_zone: str
    locale: str

    @property
    def begins(self) -> datetime:
        """The instant at which the period begins."""
        return day_begins(self.period.first, self.time_zone)

    @property
    def ends(self) -> datetime:
        """The instant at which it is over."""
        return day_begins(self.period.last + timedelta(days=1), self.time_zone)

    def day(self, instant: datetime) -> date:
        """An instant's day where the consortium is."""
        return local_day(instant, self.time_zone)

    def name(self, organization: Organization) -> str:
        """What an organization is called in that language."""
        return Text(organization.name, organization.name_en or organization.name).in_(self.locale)

    def category(self, code: str | None) -> str | None:
        """A job category in words."""
        return JOB_CATEGORIES[code].name.in_(self.locale) if code else None

    def prefecture(self, code: str | None) -> str | None:
        """A prefecture in words."""
        return PREFECTURES[code].name.in_(self.locale) if code else None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Some rows, and after what the next ones come; None at the end."""

    rows: list[list[Cell]]
    next: Position | None


async def register_page(
    read: ReadSession, actor: Actor, asked: RegisterAsked, after: Position | None
) -> RegisterPage:
    """The next rows of a register of the actor's own organization, the oldest first."""
    return await _READERS[asked.register](read, actor, asked, after)


# The records of provision and of receipt


async def _records(
    read: ReadSession, actor: Actor, asked: RegisterAsked, after: Position | None
) -> RegisterPage:
    """Day by day, and within a day by the record's number: no row tells a time by its place."""
    own, other = Disclosure.recipient_id, Disclosure.provider_id
    if asked.register is Register.PROVISION:
        own, other = other, own  # type: ignore[assignment]
    mine = own == actor.organization_id
    day, last_id = after or (asked.period.first, None)
    if last_id is None:
        first_at = await read.scalar(
            select(func.min(Disclosure.opened_at)).where(
                mine,
                Disclosure.opened_at >= day_begins(day, asked.time_zone),
                Disclosure.opened_at < asked.ends,
            )
        )
        if first_at is None:
            return RegisterPage([], None)
        day = asked.day(first_at)
    rows = await _records_of_day(read, asked, mine, other, day, last_id)
    people = await shown(read, actor, [row[0].candidate_id for row in rows])
    written = [_record(asked, day, row, people.get(row[0].candidate_id)) for row in rows]
    if len(rows) == ROWS_PER_PAGE:
        return RegisterPage(written, (day, rows[-1][0].id))
    is_last = day >= asked.period.last
    return RegisterPage(written, None if is_last else (day + timedelta(days=1), None))


async def _records_of_day(
    read: ReadSession,
    asked: RegisterAsked,
    mine: ColumnElement[bool],
    other: InstrumentedAttribute[Any],
    day: date,
    last_id: uuid.UUID | None,
) -> Sequence[Any]:
    statement = (
        select(Disclosure, Organization, Consent.text_version)
        .join(Consent, Consent.id == Disclosure.consent_id)
        .outerjoin(Organization, Organization.id == other)
        .where(
            mine,
            Disclosure.opened_at >= day_begins(day, asked.time_zone),
            Disclosure.opened_at < day_begins(day + timedelta(days=1), asked.time_zone),
        )
        .order_by(Disclosure.id)
        .limit(ROWS_PER_PAGE)
    )
    if last_id is not None:
        statement = statement.where(Disclosure.id > last_id)
    return (await read.execute(statement)).all()


def _record(asked: RegisterAsked, day: date, row: Any, person: ShownCandidate | None) -> list[Cell]:
    disclosure, counterparty, text_version = row
    items = [FIELD_NAMES[CandidateField(code)].in_(asked.locale) for code in disclosure.fields]
    given = Text(f"同意あり（{text_version}）", f"given ({text_version})").in_(asked.locale)
    return [
        str(disclosure.id),
        day,
        counterparty.corporate_number if counterparty else None,
        asked.name(counterparty) if counterparty else THE_PERSON.in_(asked.locale),
        None,
        None,
        _name_on_record(asked.register, disclosure, person),
        Text("、", ", ").in_(asked.locale).join(items),
        PURPOSE_NAMES[disclosure.purpose].in_(asked.locale),
        given,
        ACQUIRED_NAMES[disclosure.acquired].in_(asked.locale),
    ]


def _name_on_record(
    register: Register, disclosure: Disclosure, person: ShownCandidate | None
) -> str | None:
    """The name, but where it would tell with it whose link the person had come through.

    A listing was nameless, and stays so when the person is introduced by name afterwards. Whom a
    company gave to a partner it names where it may know who came through its link.
    """
    if person is None or disclosure.purpose is Purpose.PARTNER_SHARING:
        return None
    is_given_between = register is Register.PROVISION and disclosure.partnership_id is not None
    if is_given_between and not person.is_named_to_referrer:
        return None
    return person.name


# The agency's registers


@dataclass(frozen=True, slots=True)
class _Introduction:
    """What an agency introduced to whom, and what became of it."""

    referral: Referral
    company: Organization
    opening: Opening | None
    hire: Hire | None


async def _introductions(
    read: ReadSession, actor: Actor, *conditions: ColumnElement[bool]
) -> list[_Introduction]:
    rows = await read.execute(
        select(Referral, Organization, Opening, Hire)
        .join(Organization, Organization.id == Referral.to_id)
        .outerjoin(Opening, Opening.id == Referral.opening_id)
        .outerjoin(Hire, Hire.referral_id == Referral.id)
        .where(*_own_introductions(actor), *conditions)
        .order_by(Referral.created_at, Referral.id)
    )
    return [_Introduction(*row) for row in rows]


def _own_introductions(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Referral.from_id == actor.organization_id,
        Referral.channel == Channel.AGENCY_INTRODUCTION,
    )


def _in_period(asked: RegisterAsked) -> ColumnElement[bool]:
    return Referral.created_on.between(asked.period.first, asked.period.last)


async def _openings(
    read: ReadSession, actor: Actor, asked: RegisterAsked, after: Position | None
) -> RegisterPage:
    """Openings that the agency took on or introduced to in the period, with whom it introduced."""
    assert actor.organization_id is not None
    introduced = exists(
        select(Referral.id).where(
            *_own_introductions(actor), Referral.opening_id == Opening.id, _in_period(asked)
        )
    )
    taken_on = and_(
        Opening.keeper_id == actor.organization_id,
        Opening.created_at >= asked.begins,
        Opening.created_at < asked.ends,
    )
    statement = (
        select(Opening, Organization)
        .join(Organization, Organization.id == Opening.company_id)
        .where(
            openings_of_agency(actor.consortium_id, actor.organization_id),
            or_(taken_on, introduced),
        )
    )
    rows = await _next_rows(read, statement, Opening.created_at, Opening.id, after)
    done = await _introductions(read, actor, Referral.opening_id.in_([row[0].id for row in rows]))
    people = await shown(read, actor, [one.referral.candidate_id for one in done])
    by_opening = _grouped(done, lambda one: one.referral.opening_id)
    written = [
        [*_opening_cells(asked, opening, company), *_seeker_cells(asked, one, people)]
        for opening, company in rows
        for one in by_opening.get(opening.id) or (None,)
    ]
    return RegisterPage(written, _after(rows, "created_at"))


def _opening_cells(asked: RegisterAsked, opening: Opening, company: Organization) -> list[Cell]:
    return [
        asked.day(opening.created_at),
        company.corporate_number,
        asked.name(company),
        asked.prefecture(company.prefecture),
        None,
        opening.open_until,
        opening.headcount,
        opening.title,
        asked.category(opening.category),
        asked.prefecture(opening.prefecture),
        None,
        None,
    ]


def _seeker_cells(
    asked: RegisterAsked,
    one: _Introduction | None,
    people: Mapping[uuid.UUID, ShownCandidate],
) -> list[Cell]:
    if one is None:
        return [None] * 8
    person = people.get(one.referral.candidate_id)
    return [one.referral.created_on, person.name if person else None, *_placed(asked, one)]


def _placed(asked: RegisterAsked, one: _Introduction) -> list[Cell]:
    outcome = OUTCOMES[one.referral.status].in_(asked.locale)
    if one.hire is None:
        return [outcome, None, None, None, None, None]
    hire = one.hire
    until = no_poaching_until(hire.joined_on)
    return [outcome, hire.joined_on, None, until, hire.left_on, hire.refund_yen]


async def _seekers(
    read: ReadSession, actor: Actor, asked: RegisterAsked, after: Position | None
) -> RegisterPage:
    """Whom the agency took on or introduced in the period, with what it introduced them to."""
    introduced = exists(
        select(Referral.id).where(
            *_own_introductions(actor),
            Referral.candidate_id == Case.candidate_id,
            _in_period(asked),
            *_during(Case.opened_at, Case.closed_at),
        )
    )
    taken_on = and_(Case.opened_at >= asked.begins, Case.opened_at < asked.ends)
    statement = select(Case).where(visible_cases(actor), or_(taken_on, introduced))
    rows = await _next_rows(read, statement, Case.opened_at, Case.id, after)
    ids = [row[0].candidate_id for row in rows]
    done = _grouped(
        await _introductions(read, actor, Referral.candidate_id.in_(ids)),
        lambda one: one.referral.candidate_id,
    )
    people = await shown(read, actor, ids)
    written = [
        [*_case_cells(asked, case, people), *_introduced_cells(asked, one)]
        for (case,) in rows
        for one in _of_case(case, done.get(case.candidate_id, ())) or (None,)
    ]
    return RegisterPage(written, _after(rows, "opened_at"))


def _during(opened: Any, closed: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        Referral.created_at >= opened,
        or_(closed.is_(None), Referral.created_at <= closed),
    )


def _of_case(case: Case, done: Sequence[_Introduction]) -> list[_Introduction]:
    return [
        one
        for one in done
        if one.referral.created_at >= case.opened_at
        and (case.closed_at is None or one.referral.created_at <= case.closed_at)
    ]


def _case_cells(
    asked: RegisterAsked, case: Case, people: Mapping[uuid.UUID, ShownCandidate]
) -> list[Cell]:
    person = people.get(case.candidate_id)
    return [
        asked.day(case.opened_at),
        person.name if person else None,
        asked.prefecture(person.prefecture) if person else None,
        None,
        asked.category(person.category) if person else None,
        asked.day(case.closed_at) if case.closed_at else None,
    ]


def _introduced_cells(asked: RegisterAsked, one: _Introduction | None) -> list[Cell]:
    if one is None:
        return [None] * 9
    return [
        one.referral.created_on,
        asked.name(one.company),
        one.opening.title if one.opening else None,
        *_placed(asked, one),
    ]


async def _fees(
    read: ReadSession, actor: Actor, asked: RegisterAsked, after: Position | None
) -> RegisterPage:
    """The hires of the period through the agency's introductions, with the fee of each."""
    statement = (
        select(Hire, Organization, Opening.category)
        .join(Organization, Organization.id == Hire.company_id)
        .join(Referral, Referral.id == Hire.referral_id)
        .outerjoin(Opening, Opening.id == Referral.opening_id)
        .where(
            visible_hires(actor),
            Hire.introducer_id == actor.organization_id,
            Hire.joined_on.between(asked.period.first, asked.period.last),
        )
    )
    rows = await _next_rows(read, statement, Hire.joined_on, Hire.id, after)
    return RegisterPage([_fee(asked, *row) for row in rows], _after(rows, "joined_on"))


def _fee(
    asked: RegisterAsked, hire: Hire, company: Organization, category: str | None
) -> list[Cell]:
    free = FREE_HIRE.in_(asked.locale) if hire.free_hire_id else None
    return [
        company.corporate_number,
        asked.name(company),
        None,
        REFERRAL_FEE.in_(asked.locale),
        hire.fee_yen,
        hire.joined_on,
        asked.category(category),
        None,
        free,
        hire.left_on,
        hire.refund_yen,
    ]


# Paging


async def _next_rows(
    read: ReadSession,
    statement: Any,
    key: InstrumentedAttribute[Any],
    id_: InstrumentedAttribute[uuid.UUID],
    after: Position | None,
) -> Sequence[Any]:
    if after is not None:
        position = literal(after[0], key.type), literal(after[1], id_.type)
        statement = statement.where(tuple_(key, id_) > tuple_(*position))
    rows: Sequence[Any] = (
        await read.execute(statement.order_by(key, id_).limit(ROWS_PER_PAGE))
    ).all()
    return rows


def _after(rows: Sequence[Any], key: str) -> Position | None:
    if len(rows) < ROWS_PER_PAGE:
        return None
    last = rows[-1][0]
    return getattr(last, key), last.id


def _grouped(
    done: Sequence[_Introduction], key: Callable[[_Introduction], uuid.UUID | None]
) -> dict[uuid.UUID | None, list[_Introduction]]:
    found: dict[uuid.UUID | None, list[_Introduction]] = {}
    for one in done:
        found.setdefault(key(one), []).append(one)
    return found


_Reader = Callable[[ReadSession, Actor, RegisterAsked, Position | None], Awaitable[RegisterPage]]
_READERS: Mapping[Register, _Reader] = {
    Register.PROVISION: _records,
    Register.RECEIPT: _records,
    Register.OPENINGS: _openings,
    Register.SEEKERS: _seekers,
    Register.FEES: _fees,
}
