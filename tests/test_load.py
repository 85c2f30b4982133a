"""Filling a database in bulk: coherent, the same for a seed, and gone where it is broken off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from stdnum.jp import cn

from models.errors import AlreadyExists, InvalidInput
from models.migrate import differences
from models.rules.addresses import normalise_email, normalise_phone
from models.rules.ledger import Book, Unit
from models.rules.lifecycles import CountStatus, FreeHireStatus, ReferralStatus
from models.session import Database
from models.tables.candidates import Candidate, Disclosure
from models.tables.consortium import Consortium, Organization
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.referrals import Case, Hire, Referral, ReferralStep
from models.tables.registrations import CountedPerson, Registration
from models.verify import Violation, verify_consortium
from tasuki.cli import main
from tasuki.load import plan, run
from tasuki.load.people import email_of, phone_of
from tasuki.load.plan import Size
from tasuki.load.run import LoadReport, load
from tests.databases import SECRET_KEY
from tests.world import build_world

COMPANIES, REFERRALS, SEED = 6, 300, 7
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


def untold(what: str, done: int, of: int) -> None:
    """Nobody listens."""


async def filled(database: Database, *, seed: int = SEED, **changes: Any) -> LoadReport:
    database.clock = lambda: NOW
    asked: dict[str, Any] = {"companies": COMPANIES, "referrals": REFERRALS, "progress": untold}
    return await load(database, **{**asked, **changes}, seed=seed)


async def rows_of(database: Database, statement: Any) -> list[tuple[Any, ...]]:
    async with database.read() as read:
        return [tuple(row) for row in await read.execute(statement)]


async def number_of(database: Database, table: type, *where: Any) -> int:
    [(number,)] = await rows_of(database, select(func.count()).select_from(table).where(*where))
    return int(number)


async def test_a_load_is_what_was_asked_for_and_breaks_no_rule(database: Database) -> None:
    report = await filled(database)
    assert report.violations == []
    assert (report.companies, report.agencies, report.referrals) == (COMPANIES, 2, REFERRALS)
    assert await number_of(database, Referral) == REFERRALS == report.rows["referral"]
    for table in (Candidate, Case, Disclosure, Entry, FreeHire, Hire, ReferralStep, CountedPerson):
        assert await number_of(database, table) == report.rows[table.__tablename__] > 0
    assert await differences(database) == []


async def test_a_load_has_every_kind_of_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "HELD_SHARE", 0.5)
    await filled(database, referrals=1_500)
    found = {row[0] for row in await rows_of(database, select(Referral.status).distinct())}
    assert found >= {
        ReferralStatus.ACCEPTED,
        ReferralStatus.DECLINED,
        ReferralStatus.EXPIRED,
        ReferralStatus.HIRED,
        ReferralStatus.NO_SUITABLE_OPENING,
        ReferralStatus.WITHDRAWN,
    }
    counted = {row[0] for row in await rows_of(database, select(Registration.count_status))}
    assert counted == {CountStatus.COUNTED, CountStatus.NOT_COUNTED, CountStatus.HELD}
    used = {row[0] for row in await rows_of(database, select(FreeHire.status))}
    assert used >= {FreeHireStatus.AVAILABLE, FreeHireStatus.SPENT}
    assert await number_of(database, Hire, Hire.free_hire_id.is_not(None), Hire.fee_yen == 0) > 0


async def test_free_hires_are_counts_divided_by_ten(database: Database) -> None:
    await filled(database)
    counted = select(Registration.company_id, func.count()).where(
        Registration.count_status == CountStatus.COUNTED
    )
    earned = select(FreeHire.company_id, func.count()).group_by(FreeHire.company_id)
    held = select(Account.company_id, Account.balance).where(
        Account.unit == Unit.COUNT, Account.book == Book.BALANCE
    )
    counts = dict(await rows_of(database, counted.group_by(Registration.company_id)))
    free_hires = dict(await rows_of(database, earned))
    assert len(counts) == COMPANIES
    for company_id, balance in await rows_of(database, held):
        assert divmod(counts[company_id], 10) == (free_hires.get(company_id, 0), balance)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_same_seed_makes_the_same_history(
    database: Database, sqlite_templates: Any
) -> None:
    from tests.databases import open_database

    other = open_database(sqlite_templates.clone())
    told = select(
        Referral.id, Referral.from_id, Referral.to_id, Referral.status, Referral.created_at
    ).order_by(Referral.id)
    await filled(database)
    await filled(other)
    assert await rows_of(database, told) == await rows_of(other, told)
    await filled(other, seed=SEED + 1)
    assert await number_of(other, Referral) == 2 * REFERRALS
    await other.close()


async def test_processes_make_what_one_makes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two consortia of two seeds, of which only the ways they are made differ.
    monkeypatch.setattr(plan, "REGISTRATIONS_PER_CHUNK", 60)
    alone = await filled(database, progress=untold)
    monkeypatch.setattr(run, "CHUNKS_ALONE_MAX", 0)
    apart = await filled(database, seed=SEED + 1)
    assert alone.violations == apart.violations == []
    assert await number_of(database, Referral) == 2 * REFERRALS


async def test_people_can_be_read_with_their_keys(database: Database) -> None:
    await filled(database)
    async with database.read() as read:
        people = (await read.scalars(select(Candidate).limit(20))).all()
        keys = await read.vault.keys(person.key_id for person in people)
        for person in people:
            assert person.sealed is not None
            document = keys[person.key_id].unseal(person.sealed)
            assert document["name"].strip()
            known_by = read.vault.blind("email", person.consortium_id, document["email"])
            assert known_by == person.email_hash


async def test_members_have_names_and_numbers_of_their_own(database: Database) -> None:
    await filled(database, companies=120)
    members = await rows_of(
        database, select(Organization.name, Organization.corporate_number, Organization.name_en)
    )
    assert len({name for name, _, _ in members}) == len(members) == 120 + 3
    assert all(cn.is_valid(number) for _, number, _ in members)


async def test_a_load_stands_beside_what_was_there(database: Database) -> None:
    world = await build_world(database)
    await world.register()
    report = await filled(database)
    assert report.violations == []
    async with database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def test_a_seed_is_loaded_once(database: Database) -> None:
    await filled(database)
    with pytest.raises(AlreadyExists):
        await filled(database)
    assert await number_of(database, Referral) == REFERRALS


async def test_a_load_that_is_broken_off_leaves_nothing(database: Database) -> None:
    def break_off(what: str, done: int, of: int) -> None:
        if done:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await filled(database, progress=break_off)
    for table in (Consortium, Organization, Referral, Entry):
        assert await number_of(database, table) == 0
    assert await differences(database) == []
    report = await filled(database)
    assert report.violations == []


@pytest.mark.parametrize(
    ("companies", "referrals", "path"),
    [(1, 10, "companies"), (20_001, 10, "companies"), (2, 0, "referrals")],
)
async def test_sizes_out_of_bounds_are_refused(companies: int, referrals: int, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Size(companies, referrals, 1)
    assert refused.value.path == (path,)


@pytest.mark.parametrize("referrals", [1, 3, 7])
async def test_the_smallest_loads_hold_too(database: Database, referrals: int) -> None:
    report = await filled(database, companies=2, referrals=referrals)
    assert report.violations == []
    assert await number_of(database, Referral) == referrals


def test_addresses_are_written_as_they_are_compared() -> None:
    assert normalise_email(email_of(12)) == email_of(12)
    assert normalise_phone(phone_of(12)) == phone_of(12)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_loads_and_reports(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASUKI_DATABASE_URL", database_url)
    monkeypatch.setenv("TASUKI_SECRET_KEY", SECRET_KEY.decode())
    asked = ["demo", "--load", "--companies", "5", "--referrals", "100", "--seed", "3"]
    first = CliRunner().invoke(main, asked)
    assert first.exit_code == 0, first.output
    assert "5 companies, 2 agencies, 100 referrals" in first.stdout
    assert first.stdout.splitlines()[-1] == "0 violations of the invariants"
    assert "100 / 100 referrals" in first.stderr
    again = CliRunner().invoke(main, asked)
    assert again.exit_code == 1
    assert "ALREADY_EXISTS" in again.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_fails_where_a_rule_does_not_hold(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def finds_one(*_: Any) -> list[Violation]:
        return [Violation("A_RULE", "account", "x")]

    monkeypatch.setattr(run, "verify_consortium", finds_one)
    monkeypatch.setenv("TASUKI_DATABASE_URL", database_url)
    monkeypatch.setenv("TASUKI_SECRET_KEY", SECRET_KEY.decode())
    result = CliRunner().invoke(main, ["demo", "--load", "--companies", "2", "--referrals", "5"])
    assert result.exit_code == 1
    assert "VIOLATED A_RULE: account x" in result.stdout
