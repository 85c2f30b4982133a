"""Keys are destroyed, restores bring nobody back, and a planted mark is found nowhere."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from click.testing import CliRunner
from sqlalchemy import Connection, delete, insert, inspect, select, text
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from models.access import Role
from models.errors import ConfirmationExpired
from models.operations.erased_keys import replay_erasures
from models.operations.erasures import erase_own_data
from models.reads.candidates import shown
from models.reads.erasures import every_tombstone
from models.reads.registers import RegisterAsked, register_page
from models.rules.registers import REGISTERS_OF, Period
from models.rules.sharing import VisibilityReason
from models.session import Database
from models.tables.candidates import Candidate, Disclosure
from models.tables.erasures import Erasure
from models.vault import KEY_TABLE, TOMBSTONE_TABLE, KeyDestroyed, Tombstone, default_keys_url
from tasuki.cli import main
from tasuki.workers.timers import Timers
from tests.databases import SECRET_KEY, SqliteTemplates, open_database
from tests.erasures import (
    MARK,
    MARKS,
    PLANTED,
    actor_of,
    erase,
    marked,
    rows_of,
    verified,
)
from tests.handovers import ZONE, recruiter
from tests.world import World, build_world

# The keys, and restores


async def test_a_crash_before_the_key_is_destroyed_is_made_up_for(world: World) -> None:
    me = actor_of(world, (await world.register()).candidate_id)
    async with world.database.transaction() as tx:
        await erase_own_data(tx, me)
    [(key_id, destroyed_at)] = await rows_of(world, Erasure.key_id, Erasure.key_destroyed_at)
    assert destroyed_at is None
    assert (await world.database.vault.key(key_id)).id == key_id
    world.clock.forward(minutes=1)
    await Timers(world.database).run_once()
    with pytest.raises(KeyDestroyed):
        await world.database.vault.key(key_id)
    assert await rows_of(world, Erasure.key_destroyed_at) == [(world.clock.now,)]
    [tombstone] = [one async for one in every_tombstone(world.database)]
    erased_at = world.clock.now - timedelta(minutes=1)
    assert tombstone == Tombstone(key_id, me.id or uuid.UUID(int=0), erased_at)


Restore = Callable[[], Awaitable[Database]]


@pytest_asyncio.fixture
async def backup(
    world: World, database_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[Callable[[], Awaitable[Restore]]]:
    """Takes a backup of the data as it is, which can be restored beside the key store."""
    kind = make_url(database_url).get_backend_name()
    templates = request.getfixturevalue(f"{kind}_templates")
    opened: list[Database] = []

    async def take() -> Restore:
        await disconnect(world.database)
        url = await asyncio.to_thread(templates.copy, database_url)

        async def restore() -> Database:
            restored = Database(url, world.database.vault, clock=world.clock, durable=False)
            opened.append(restored)
            return restored

        return restore

    yield take
    for database in opened:
        await disconnect(database)
        await asyncio.to_thread(templates.drop, database.url)


async def disconnect(database: Database) -> None:
    for engine in (database.writer, database.reader, database.vault.store):
        await engine.dispose()


async def test_a_restored_backup_brings_nobody_back(
    world: World, backup: Callable[[], Awaitable[Restore]]
) -> None:
    me, other = await marked(world), (await world.register()).candidate_id
    pending = await world.start(world.form(email=f"{MARK}@example.jp"))
    restore = await backup()
    world.clock.forward(days=1)
    await erase(world, me)
    erased_at = world.clock.now
    world.clock.forward(days=1)
    restored = await restore()
    # Even before anything else is done, nothing sealed can be read.
    async with restored.read() as read:
        person = await read.get_one(Candidate, me.id)
        assert person.sealed is not None
        with pytest.raises(KeyDestroyed):
            await read.vault.key(person.key_id)
        [seen] = (await shown(read, recruiter(world, world.agency), [person.id])).values()
    assert {reason for _, _, reason in seen.visibility} == {VisibilityReason.ERASED}
    assert await replay_erasures(restored) == 1
    assert await replay_erasures(restored) == 0
    async with restored.read() as read:
        person = await read.get_one(Candidate, me.id, populate_existing=True)
        assert (person.erased_at, person.sealed, person.email_hash, person.category) == (
            *(erased_at, None, None, None),
        )
        assert (await read.get_one(Candidate, other)).erased_at is None
    world.database = restored
    with pytest.raises(ConfirmationExpired):
        await world.confirm(pending)
    assert await hits(restored) == []
    if restored.dialect == "sqlite":
        assert hits_in_files(restored.url, MARKS) == []
    assert await verified(restored, world.consortium_id) == []


async def test_the_timers_erase_again_too(
    world: World, backup: Callable[[], Awaitable[Restore]]
) -> None:
    me = actor_of(world, (await world.register()).candidate_id)
    restore = await backup()
    await erase(world, me)
    restored = await restore()
    await Timers(restored).run_once()
    async with restored.read() as read:
        assert (await read.get_one(Candidate, me.id)).erased_at == world.clock.now
    assert await verified(restored, world.consortium_id) == []


async def test_a_restored_key_store_opens_nothing(world: World) -> None:
    me = actor_of(world, (await world.register()).candidate_id)
    vault = world.database.vault
    async with world.database.read() as read:
        key = await vault.key((await read.get_one(Candidate, me.id)).key_id)
    await erase(world, me)
    async with vault.store.begin() as connection:
        await connection.execute(delete(TOMBSTONE_TABLE))
        row = {"id": key.id, "wrapped": vault.wrap(key), "created_at": world.clock.now}
        await connection.execute(insert(KEY_TABLE), row)
    [found] = await verified(world.database, world.consortium_id)
    assert (found.rule, found.subject_id) == ("ERASED_KEY_IS_DESTROYED", me.id)
    assert await replay_erasures(world.database) == 0
    assert [one.candidate_id async for one in every_tombstone(world.database)] == [me.id]
    assert await verified(world.database, world.consortium_id) == []


async def test_a_list_kept_elsewhere_erases_where_both_stores_are_old(world: World) -> None:
    me = actor_of(world, (await world.register()).candidate_id)
    async with world.database.read() as read:
        key_id = (await read.get_one(Candidate, me.id)).key_id
    kept = Tombstone(key_id, me.id or uuid.UUID(int=0), world.clock.now)
    unknown = Tombstone(uuid.uuid4(), uuid.uuid4(), world.clock.now)
    assert await replay_erasures(world.database, [kept, unknown]) == 1
    with pytest.raises(KeyDestroyed):
        await world.database.vault.key(key_id)
    assert await verified(world.database, world.consortium_id) == []


# A planted mark


async def test_a_planted_mark_is_found_nowhere(world: World, database_url: str) -> None:
    with capture_logs() as logs:
        me = await marked(world)
        wrapped = await wrapped_keys(world)
        await Timers(world.database).run_once()
        assert MARK in await exported(world)
        await erase(world, me)
        await Timers(world.database).run_once()
    assert await hits(world.database) == []
    assert MARK not in await exported(world)
    assert [line for line in map(repr, logs) if MARK in line] == []
    if world.database.dialect == "sqlite":
        assert hits_in_files(database_url, MARKS) == []
        gone = wrapped - await wrapped_keys(world)
        assert len(gone) == 2
        assert hits_in_files(database_url, gone) == []


async def exported(world: World) -> str:
    """All that the agency and the company it came from can take out of their registers."""
    found = []
    days = Period(world.clock.now.date() - timedelta(days=30), world.clock.now.date())
    async with world.database.read() as read:
        for organization in (world.agency, world.company):
            for register in REGISTERS_OF[organization.kind]:
                asked = RegisterAsked(register, days, ZONE, "en")
                actor = world.actor(organization, Role.ADMIN)
                page = await register_page(read, actor, asked, None)
                found += [str(cell) for row in page.rows for cell in row]
    return "\n".join(found)


async def wrapped_keys(world: World) -> set[bytes]:
    async with world.database.vault.store.connect() as connection:
        return set((await connection.execute(select(KEY_TABLE.c.wrapped))).scalars())


async def test_the_search_finds_what_is_there(world: World) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(text("UPDATE consortium SET name = :mark").bindparams(mark=f"a {PLANTED}"))
    assert await hits(world.database, (PLANTED.encode(),)) == ["consortium.name"]


async def hits(database: Database, marks: Collection[bytes] = MARKS) -> list[str]:
    """The columns of the data and of the key store in which a mark can be read."""
    found = []
    for engine, schema in ((database.reader, None), (database.vault.store, key_schema(database))):
        async with engine.connect() as connection:
            tables = await connection.run_sync(_table_names, schema)
            for name in tables:
                table = f"{schema}.{name}" if schema else name
                rows = await connection.exec_driver_sql(f"SELECT * FROM {table}")
                found += [
                    f"{name}.{column}"
                    for row in rows.mappings()
                    for column, value in row.items()
                    if any(mark in as_bytes(value) for mark in marks)
                ]
    return found


def _table_names(connection: Connection, schema: str | None) -> list[str]:
    return inspect(connection).get_table_names(schema=schema)


def key_schema(database: Database) -> str | None:
    return "tasuki_keys" if database.dialect == "postgresql" else None


def as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def hits_in_files(url: str, marks: Collection[bytes]) -> list[str]:
    """The files of a SQLite database and its key store, logs included, that hold a mark."""
    path = Path(make_url(url).database or "")
    keys = Path(make_url(default_keys_url(url)).database or "")
    files = [one for stem in (path, keys) for one in path.parent.glob(f"{stem.stem}*")]
    assert path in files
    return [one.name for one in files if any(mark in one.read_bytes() for mark in marks)]


# The command line


def test_the_commands_list_replay_and_name(sqlite_templates: SqliteTemplates) -> None:
    url = sqlite_templates.clone()
    environment = {
        "TASUKI_DATABASE_URL": url,
        "TASUKI_KEYS_URL": default_keys_url(url),
        "TASUKI_SECRET_KEY": SECRET_KEY.decode(),
    }

    def command(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["erasures", *arguments], env=environment)
        return done.exit_code, done.output

    candidate_id, key_id = asyncio.run(_erase_someone(url))
    code, listed = command("export")
    assert (code, listed) == (0, f"{key_id} {candidate_id} 2026-01-05T00:00:00+00:00\n")
    assert command("names", "test") == (0, f"{candidate_id} 2029-01-07 佐藤 花子\n")
    named = asyncio.run(_record_of(url, candidate_id))
    assert command("names", "test", "--record", str(named))[1].endswith("佐藤 花子\n")
    assert command("names", "test", "--record", str(uuid.uuid4())) == (0, "")
    assert command("replay") == (0, "0 erased again.\n")
    kept = Path(make_url(url).database or "").with_suffix(".list")
    kept.write_text(listed)
    assert command("replay", "--from", str(kept)) == (0, "0 erased again.\n")
    kept.write_text(f"{listed}{uuid.uuid4()} nobody 2026-01-05T00:00:00+00:00\n")
    code, told = command("replay", "--from", str(kept))
    assert (code, "line 2 is no tombstone" in told) == (1, True)
    sqlite_templates.drop(url)


async def _record_of(url: str, candidate_id: uuid.UUID) -> uuid.UUID:
    database = open_database(url)
    async with database.read() as read:
        found = await read.scalar(
            select(Disclosure.id).where(Disclosure.candidate_id == candidate_id)
        )
    await database.close()
    assert found is not None
    return found


async def _erase_someone(url: str) -> tuple[uuid.UUID, uuid.UUID]:
    database = open_database(url)
    world = await build_world(database)
    candidate_id = (await world.register()).candidate_id
    await erase(world, actor_of(world, candidate_id))
    [(key_id,)] = await rows_of(world, Erasure.key_id)
    await database.close()
    return candidate_id, key_id
