"""The program, its versions, and what another version would have given."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from models.access import Actor, Permission, require
from models.errors import InvalidInput, NotFound
from models.operations.program_versions import BOUNDS, PATHS
from models.operations.programs import count_rules
from models.paging import PageAsked, page_rows
from models.rules.bounds import require_between
from models.rules.counting import (
    CountRules,
    NotCountedReason,
    PastRegistration,
    ReplayedCompany,
    replay,
)
from models.rules.ledger import EntryKind, Unit
from models.rules.lifecycles import CountStatus
from models.session import ReadSession
from models.tables.consortium import Program, ProgramVersion
from models.tables.ledger import Account, Entry
from models.tables.links import LinkUsage, RelayLink
from models.tables.registrations import CountedPerson, Registration
from models.visibility import visible_programs

KEYS = (ProgramVersion.number, ProgramVersion.id)
HISTORY_MAX_REGISTRATIONS = 2_000_000

REFUSED_BY_RULES = frozenset(
    {
        NotCountedReason.COUNTED_BEFORE,
        NotCountedReason.COUNTED_ELSEWHERE,
        NotCountedReason.LINK_NOT_OPEN,
    }
)
"""The reasons that other rules could have decided differently."""


async def program_of(read: ReadSession, actor: Actor) -> Program | None:
    """The actor's program."""
    return await read.scalar(select(Program).where(visible_programs(actor)))


def _versions(actor: Actor) -> Select[Any]:
    return (
        select(ProgramVersion)
        .join(Program, Program.id == ProgramVersion.program_id)
        .where(visible_programs(actor))
    )


async def versions_page(
    read: ReadSession, actor: Actor, asked: PageAsked, *, descending: bool
) -> Sequence[ProgramVersion]:
    """One page of the versions, by number."""
    rows = await page_rows(read, _versions(actor), KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_versions(read: ReadSession, actor: Actor) -> int:
    """How many versions there are."""
    return (await read.scalar(select(func.count()).select_from(_versions(actor).subquery()))) or 0


async def versions_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, ProgramVersion]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(_versions(actor).where(ProgramVersion.id.in_(ids)))
    return {row.id: row for row in rows}


async def version_in_force(read: ReadSession, actor: Actor) -> ProgramVersion | None:
    """The version that judges what happens now; none before the first takes effect."""
    version: ProgramVersion | None = await read.scalar(
        _versions(actor)
        .where(ProgramVersion.effective_from <= read.now)
        .order_by(ProgramVersion.effective_from.desc(), ProgramVersion.number.desc())
        .limit(1)
    )
    return version


@dataclass(frozen=True, slots=True)
class ReplayRules:
    """Rules that judge the history once more."""

    rules: CountRules
    counts_per_free_hire: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What rules would have given one company, beside what it was given.

    ``counts`` are persons counted and not reversed; ``free_hires`` those earned and not taken back.
    """

    company_id: uuid.UUID
    counts: int
    free_hires: int
    remainder: int
    given_counts: int
    given_free_hires: int


async def rules_of_version(read: ReadSession, actor: Actor, version_id: uuid.UUID) -> ReplayRules:
    """The rules of a published version. Raises `NotFound`."""
    found = await versions_by_id(read, actor, [version_id])
    if version_id not in found:
        raise NotFound("versionId", what="program version")
    version = found[version_id]
    return ReplayRules(count_rules(version), version.counts_per_free_hire)


async def replay_history(
    read: ReadSession, actor: Actor, hypothesis: ReplayRules
) -> list[Replayed]:
    """Judge every registration so far by other rules. Nothing is changed.

    What was held and is not decided yet does not count, nor what was reversed. Raises `Forbidden`
    and `InvalidInput`.
    """
    require(actor, Permission.MANAGE_PROGRAM)
    for name, value in (
        ("counts_per_free_hire", hypothesis.counts_per_free_hire),
        ("window_days", hypothesis.rules.window_days),
    ):
        require_between(PATHS[name], value, *BOUNDS[name])
    history = await _history(read, actor)
    given = await _given(read, actor)
    companies = await asyncio.to_thread(
        replay, history, hypothesis.rules, hypothesis.counts_per_free_hire
    )
    replayed = {company.company_id: company for company in companies}
    return [
        _beside(replayed.get(company_id), company_id, *given.get(company_id, (0, 0)))
        for company_id in sorted(replayed.keys() | given.keys())
    ]


def _beside(
    company: ReplayedCompany | None, company_id: uuid.UUID, given_counts: int, given_hires: int
) -> Replayed:
    return Replayed(
        company_id=company_id,
        counts=company.counts if company else 0,
        free_hires=company.free_hires if company else 0,
        remainder=company.remainder if company else 0,
        given_counts=given_counts,
        given_free_hires=given_hires,
    )


async def _history(read: ReadSession, actor: Actor) -> list[PastRegistration]:
    statement = (
        select(
            func.coalesce(CountedPerson.person_hash, Registration.email_hash).label("person_hash"),
            Registration.candidate_id,
            Registration.company_id,
            Registration.completed_at,
            Registration.count_status,
            Registration.not_counted_reason,
            RelayLink.usage,
        )
        .join(RelayLink, RelayLink.id == Registration.link_id)
        .outerjoin(CountedPerson, CountedPerson.registration_id == Registration.id)
        .where(
            Registration.consortium_id == actor.consortium_id,
            Registration.completed_at.is_not(None),
        )
        .order_by(Registration.completed_at, Registration.id)
        .limit(HISTORY_MAX_REGISTRATIONS + 1)
    )
    rows = (await read.execute(statement)).all()
    if len(rows) > HISTORY_MAX_REGISTRATIONS:
        raise InvalidInput(
            ja=f"登録が{HISTORY_MAX_REGISTRATIONS:,}件を超えるため再計算できません。",
            en=f"There are more than {HISTORY_MAX_REGISTRATIONS:,} registrations: too many.",
        )
    return list(_past(rows))


def _past(rows: Sequence[Any]) -> Iterator[PastRegistration]:
    # Of an erased person only what counted still has the hash of the address.
    hash_of = {row.candidate_id: row.person_hash for row in rows if row.person_hash}
    # A person whose count was reversed is never counted for that company again.
    taken_back: set[tuple[uuid.UUID, bytes]] = set()
    for row in rows:
        person = row.person_hash or hash_of.get(row.candidate_id) or row.candidate_id.bytes
        if row.count_status is CountStatus.REVERSED:
            taken_back.add((row.company_id, person))
        yield PastRegistration(
            person=person,
            company_id=row.company_id,
            at=row.completed_at,
            link_is_public=row.usage is LinkUsage.PUBLIC,
            stands=(row.company_id, person) not in taken_back
            and (
                row.count_status is CountStatus.COUNTED
                or row.not_counted_reason in REFUSED_BY_RULES
            ),
        )


async def _given(read: ReadSession, actor: Actor) -> dict[uuid.UUID, tuple[int, int]]:
    counted = await read.execute(
        select(Registration.company_id, func.count())
        .where(
            Registration.consortium_id == actor.consortium_id,
            Registration.count_status == CountStatus.COUNTED,
        )
        .group_by(Registration.company_id)
    )
    counts = {row[0]: row[1] for row in counted}
    earned = await read.execute(
        select(Account.company_id, func.sum(Entry.amount))
        .join(Entry, Entry.account_id == Account.id)
        .where(
            Account.consortium_id == actor.consortium_id,
            Account.unit == Unit.FREE_HIRE,
            Entry.kind.in_([EntryKind.EARNED, EntryKind.TAKEN_BACK]),
        )
        .group_by(Account.company_id)
    )
    hires = {row[0]: int(row[1]) for row in earned}
    return {
        company_id: (counts.get(company_id, 0), hires.get(company_id, 0))
        for company_id in counts.keys() | hires.keys()
    }
