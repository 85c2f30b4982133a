"""Setting up a consortium."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select

from models.access import Actor, Permission, require, system
from models.audit import FIRST_LINK, audit
from models.errors import AlreadyExists, InvalidInput
from models.rules.bounds import require_between, require_line
from models.rules.inactivity import RETENTION_MONTHS_MAX, RETENTION_MONTHS_MIN
from models.rules.requests import REQUEST_DAYS_MAX
from models.session import WriteSession
from models.tables.consortium import Consortium, Program
from models.tables.records import AuditHead
from models.upsert import insert_for
from models.visibility import visible_consortia

NAME_MAX_CHARS = 100
SLUG_MAX_CHARS = 40
SMALLEST_COUNT_MAX = 100
DEFAULT_TIME_ZONE = "Asia/Tokyo"
DEFAULT_SMALLEST_COUNT = 3

_SLUG = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{SLUG_MAX_CHARS - 2}}}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class CreateConsortium:
    """A tenant to be. Its days begin at midnight of ``time_zone``, which never changes."""

    slug: str
    name: str
    time_zone: str = DEFAULT_TIME_ZONE
    smallest_count: int = DEFAULT_SMALLEST_COUNT


async def create_consortium(tx: WriteSession, command: CreateConsortium) -> uuid.UUID:
    """Make a consortium with its program and the head of its audit chain.

    The installation's operator does this from the command line: before it there is nobody who
    could act. Raises `InvalidInput` and `AlreadyExists`.
    """
    _check_slug(command.slug)
    _check_time_zone(command.time_zone)
    consortium = Consortium(
        slug=command.slug,
        name=require_line("name", command.name, NAME_MAX_CHARS),
        time_zone=command.time_zone,
        smallest_count=_smallest_count(command.smallest_count),
        created_at=tx.now,
    )
    made: uuid.UUID | None = await tx.scalar(
        insert_for(tx, Consortium)
        .values(
            id=consortium.id,
            slug=consortium.slug,
            name=consortium.name,
            time_zone=consortium.time_zone,
            smallest_count=consortium.smallest_count,
            created_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["slug"])
        .returning(Consortium.id)
    )
    if made is None:
        raise AlreadyExists("slug", what="consortium")
    tx.add(AuditHead(consortium_id=made, number=0, hash=FIRST_LINK))
    tx.add(Program(consortium_id=made, created_at=tx.now))
    await tx.flush()
    audit(tx, system(made), "consortium.created", "consortium", made, slug=command.slug)
    return made


def _check_slug(slug: str) -> None:
    if _SLUG.fullmatch(slug) is None:
        raise InvalidInput(
            "slug",
            ja=f"半角の英小文字、数字、ハイフンで1〜{SLUG_MAX_CHARS}文字にしてください。",
            en=f"Use 1 to {SLUG_MAX_CHARS} small letters, digits and hyphens.",
        )


def _check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise InvalidInput(
            "timeZone",
            ja="タイムゾーンの名前が正しくありません。例: Asia/Tokyo",
            en="This is not the name of a time zone. Write it like Asia/Tokyo.",
        )


def _smallest_count(number: int) -> int:
    return require_between("smallestCount", number, 1, SMALLEST_COUNT_MAX)


@dataclass(frozen=True, slots=True)
class ChangeConsortium:
    """What is to be changed; None leaves a setting as it is."""

    name: str | None = None
    smallest_count: int | None = None
    retention_months: int | None = None
    request_days: int | None = None


async def change_consortium(tx: WriteSession, actor: Actor, command: ChangeConsortium) -> uuid.UUID:
    """Change the consortium's settings. Days that were recorded keep their time zone for good."""
    require(actor, Permission.MANAGE_PROGRAM)
    consortium = await tx.scalar(
        select(Consortium).where(visible_consortia(actor)).with_for_update(key_share=True)
    )
    assert consortium is not None  # an actor's consortium is never deleted
    if command.name is not None:
        consortium.name = require_line("name", command.name, NAME_MAX_CHARS)
    if command.smallest_count is not None:
        consortium.smallest_count = _smallest_count(command.smallest_count)
    if command.retention_months is not None:
        consortium.retention_months = require_between(
            "retentionMonths", command.retention_months, RETENTION_MONTHS_MIN, RETENTION_MONTHS_MAX
        )
    if command.request_days is not None:
        consortium.request_days = require_between(
            "requestDays", command.request_days, 1, REQUEST_DAYS_MAX
        )
    audit(
        tx,
        actor,
        "consortium.changed",
        "consortium",
        consortium.id,
        smallest_count=consortium.smallest_count,
        retention_months=consortium.retention_months,
        request_days=consortium.request_days,
    )
    return consortium.id
