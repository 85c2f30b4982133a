"""Flows from elsewhere: imported whole or not at all, as sources of their own."""

from __future__ import annotations

import csv
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sqlalchemy import func, select

from gql.node import encode_id
from models.access import Actor, Role
from models.errors import AlreadyExists, DomainError, Forbidden, InvalidInput, NotFound
from models.operations.flow_sources import (
    FlowFile,
    ImportedFlows,
    ImportFlows,
    import_flows,
    remove_flow_source,
)
from models.rules.flow_list import FLOW_ROWS_MAX, Period, read_flow_list
from models.rules.lifecycles import ReferralStatus
from models.tables.flow_sources import FlowImported, FlowSource
from models.tables.records import AuditEntry, OutboxEvent
from models.vault import default_keys_url
from network.edges import Window, data_version
from network.metrics.strength import strength
from network.sources import source_table
from network.table import EVENTS
from tasuki.cli import main
from tests.databases import SECRET_KEY, SqliteTemplates
from tests.test_gql_consortium import ask, execute
from tests.world import World, build_world

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data"
FLOWS, NODES = SHARED / "us_cs_hiring_flows.csv", SHARED / "us_cs_hiring_nodes.csv"
SPRINGRANK = SHARED / "us_cs_hiring_springrank.csv"
needs_shared = pytest.mark.skipif(not FLOWS.exists(), reason="../shared/data is not there")

TEN_YEARS = Window(date(2016, 1, 1), date(2025, 12, 31))
FILE = """source,target,date,year,count,outcome
Alpha,Beta,2024-03-05,,4,HIRED
Alpha,Beta,2024-03-20,,3,採用
Beta,Beta,,2024,2,
Gamma,Alpha,,,5,辞退
"""


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def imported(world: World, text: str = FILE, **how: Any) -> ImportedFlows:
    file = FlowFile.of(text.encode(), how.pop("nodes", None))
    command = ImportFlows(how.pop("label", "Before"), file, **how)
    async with world.database.transaction() as tx:
        return await import_flows(tx, admin(world), command)


async def refused(world: World, error: type[DomainError], text: str = FILE, **how: Any) -> None:
    with pytest.raises(error):
        await imported(world, text, **how)


async def counted(world: World, table: Any) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(table)) or 0


async def table_of(
    world: World, source_id: uuid.UUID | None, window: Window = TEN_YEARS
) -> list[tuple[Any, ...]]:
    assert source_id is not None
    async with world.database.read() as read:
        found = await source_table(read, world.consortium_id, source_id, window)
    return sorted(
        (
            found.nodes[found.source[row]],
            found.nodes[found.target[row]],
            f"{found.month[row] // 12}-{found.month[row] % 12 + 1:02d}",
            EVENTS[found.event[row]].value,
            int(found.referrals[row]),
        )
        for row in range(found.referrals.size)
    )


async def version(world: World, source_id: uuid.UUID | None) -> str:
    async with world.database.read() as read:
        return await data_version(read, world.consortium_id, source=source_id)


def test_a_file_is_read_by_month_year_or_no_time_at_all() -> None:
    found = read_flow_list(FILE.encode())
    march = Period(date(2024, 3, 1), date(2024, 3, 31))
    year = Period(date(2024, 1, 1), date(2024, 12, 31))
    assert [(row.period, row.outcome.value, row.people) for row in found.rows] == [
        (march, "HIRED", 4),
        (march, "HIRED", 3),
        (year, "ACCEPTED", 2),
        (None, "WITHDRAWN", 5),
    ]
    assert found.refused == []
    japanese = read_flow_list("送り出し元,受け入れ先,年,採用数\nA,B,2024年,１２\n".encode("cp932"))
    [row] = japanese.rows
    assert (row.source, row.period, row.outcome, row.people) == (
        "A",
        year,
        ReferralStatus.HIRED,
        12,
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",B,,,1,", "source", "CELL_MISSING"),
        (f"{'A' * 201},B,,,1,", "source", "CELL_TOO_LONG"),
        ("A,B,,,0,", "count", "COUNT_INVALID"),
        ("A,B,,,-3,", "count", "COUNT_INVALID"),
        ("A,B,,,2.5,", "count", "COUNT_INVALID"),
        ("A,B,,,9999999999,", "count", "COUNT_INVALID"),
        ("A,B,,,,", "count", "COUNT_MISSING"),
        ("A,B,yesterday,,1,", "date", "DATE_INVALID"),
        ("A,B,2024-13,,1,", "date", "DATE_INVALID"),
        ("A,B,,24,1,", "year", "YEAR_INVALID"),
        ("A,B,0001-01-01,,1,", "date", "YEAR_INVALID"),
        ("A,B,,,1,MAYBE", "outcome", "OUTCOME_UNKNOWN"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row: str, column: str, code: str) -> None:
    text = f"source,target,date,year,count,outcome\nX,Y,,,1,\n{row}\n"
    [refusal] = read_flow_list(text.encode()).refused
    assert (refusal.line, refusal.column, refusal.code) == (3, column, code)
    assert refusal.reason.ja
    assert refusal.reason.en


def test_files_have_bounds() -> None:
    rows = "A,B,1\n" * (FLOW_ROWS_MAX + 1)
    [refusal] = read_flow_list(f"source,target,count\n{rows}".encode()).refused
    assert refusal.code == "TOO_MANY_ROWS"
    found = read_flow_list(b"source,target,count\nA,B,1000000000\nA,C,1\n")
    assert (found.rows, [refusal.code for refusal in found.refused]) == ([], ["TOO_MANY_PEOPLE"])
    twice = read_flow_list(b"source,target,count,hires\nA,B,1,1\n")
    assert [refusal.code for refusal in twice.refused] == ["COUNT_TWICE"]


def test_names_of_nodes_are_of_one_node_each() -> None:
    flows = b"source,target,count\n1,2,3\n2,9,1\n"
    found = read_flow_list(flows, b"id,name,region\n1,One,West\n2,Two,East\n")
    assert [(row.source, row.target) for row in found.rows] == [("One", "Two")]
    assert [(one.line, one.column, one.code) for one in found.refused] == [
        (3, "target", "NODE_UNKNOWN")
    ]
    for nodes, code in (
        (b"id,name\n1,A\n1,B\n", "DUPLICATE_NODE"),
        (b"id,name\n1,A\n2,A\n", "DUPLICATE_NAME"),
    ):
        [refusal] = read_flow_list(flows, nodes).refused
        assert (refusal.line, refusal.code) == (3, code)


@given(st.binary(max_size=300))
def test_no_file_makes_it_fall_over(data: bytes) -> None:
    found = read_flow_list(data, data)
    assert found.refused or not found.rows


async def test_a_source_is_told_by_its_own_smallest_count(world: World) -> None:
    done = await imported(world, smallest_count=1)
    assert (done.report.imported, done.report.refused) == (4, [])
    assert await table_of(world, done.source_id) == [
        ("Alpha", "Beta", "2024-03", "HIRED", 7),
        ("Beta", "Beta", "2024-01", "ACCEPTED", 2),
        ("Gamma", "Alpha", "2016-01", "WITHDRAWN", 5),
    ]
    rounded = await imported(world, label="Rounded")
    told = await table_of(world, rounded.source_id)
    assert told
    assert all(row[-1] % 3 == 0 for row in told)
    again = await imported(world, label="Rounded", replace=True)
    assert again.source_id == rounded.source_id
    assert await table_of(world, again.source_id) == told
    async with world.database.read() as read:
        [public] = await read.scalars(select(FlowSource).where(FlowSource.label == "Before"))
    assert (public.nodes, public.people) == (3, 14)
    assert (public.first_day, public.last_day) == (date(2024, 1, 1), date(2024, 12, 31))


async def test_a_window_has_the_periods_that_lie_whole_in_it(world: World) -> None:
    done = await imported(world, smallest_count=1)
    undated = ("Gamma", "Alpha", "2024-02", "WITHDRAWN", 5)
    spring = Window(date(2024, 2, 15), date(2024, 5, 1))
    assert await table_of(world, done.source_id, spring) == [
        ("Alpha", "Beta", "2024-03", "HIRED", 7),
        undated,
    ]
    short = Window(date(2024, 2, 15), date(2024, 3, 30))
    assert await table_of(world, done.source_id, short) == [undated]
    other = await build_world(world.database, slug="other")
    with pytest.raises(NotFound):
        await table_of(other, done.source_id)


async def test_a_file_with_a_bad_row_leaves_nothing(world: World) -> None:
    done = await imported(world, FILE + "Alpha,Beta,,,none,\n")
    assert done.source_id is None
    assert done.report.imported == 0
    [refusal] = done.report.refused
    assert (refusal.line, refusal.column, refusal.code) == (6, "count", "COUNT_INVALID")
    for table in (FlowSource, FlowImported, OutboxEvent, AuditEntry):
        assert await counted(world, table) == 0


async def test_sources_are_imported_replaced_and_removed(world: World) -> None:
    first = await imported(world, smallest_count=1)
    assert await version(world, first.source_id) == f"{first.source_id.hex}.1"  # type: ignore[union-attr]
    await refused(world, AlreadyExists)
    assert await counted(world, FlowImported) == 3
    second = await imported(world, "source,target,count\nA,B,9\n", smallest_count=1, replace=True)
    assert second.source_id == first.source_id
    assert await version(world, first.source_id) == f"{first.source_id.hex}.2"  # type: ignore[union-attr]
    assert await table_of(world, second.source_id) == [("A", "B", "2016-01", "ACCEPTED", 9)]
    assert second.source_id is not None
    other = await build_world(world.database, slug="other")
    with pytest.raises(NotFound):
        async with world.database.transaction() as tx:
            await remove_flow_source(tx, admin(other), second.source_id)
    assert await counted(world, FlowImported) == 1
    async with world.database.transaction() as tx:
        await remove_flow_source(tx, admin(world), second.source_id)
    assert await counted(world, FlowImported) == await counted(world, FlowSource) == 0
    assert await version(world, second.source_id) == f"{second.source_id.hex}.0"
    async with world.database.read() as read:
        events = (await read.scalars(select(OutboxEvent.type))).all()
        actions = (await read.scalars(select(AuditEntry.action).order_by(AuditEntry.number))).all()
    assert events == ["network.changed"] * 3
    assert actions == ["flows.imported", "flows.imported", "flows.removed"]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"label": " "}, InvalidInput),
        ({"label": "x" * 101}, InvalidInput),
        ({"smallest_count": 0}, InvalidInput),
        ({"smallest_count": 101}, InvalidInput),
    ],
)
async def test_what_is_out_of_bounds_is_refused(
    world: World, how: dict[str, Any], error: type[DomainError]
) -> None:
    await refused(world, error, **how)
    assert await counted(world, FlowSource) == 0


async def test_only_consortium_admins_import(world: World) -> None:
    for actor in (
        world.actor(None, Role.ANALYST),
        world.actor(world.company, Role.ADMIN),
        world.actor(world.agency, Role.ADMIN),
    ):
        with pytest.raises(Forbidden):
            async with world.database.transaction() as tx:
                await import_flows(tx, actor, ImportFlows("Before", FlowFile.of(FILE.encode())))
        with pytest.raises(Forbidden):
            async with world.database.transaction() as tx:
                await remove_flow_source(tx, actor, uuid.uuid4())
    assert await counted(world, FlowSource) == 0


IMPORT = """
  mutation Import($input: ImportFlowsInput!) {
    importFlows(input: $input) {
      flowSource { id label smallestCount nodeCount people firstDay lastDay }
      imported refusedCount refusedRows { line column code reason } unknownColumns
      errors { code message path }
    }
  }
"""
LIST = "{ flowSources { totalCount nodes { id label people } } }"


async def test_the_api_imports_once_for_a_key_and_lists(world: World) -> None:
    wanted = {"label": "Before", "csv": FILE, "smallestCount": 1, "idempotencyKey": "one"}
    first = (await ask(world, admin(world), IMPORT, input=wanted))["importFlows"]
    assert first["flowSource"] == {
        "id": first["flowSource"]["id"],
        "label": "Before",
        "smallestCount": 1,
        "nodeCount": 3,
        "people": 14,
        "firstDay": "2024-01-01",
        "lastDay": "2024-12-31",
    }
    assert (first["imported"], first["refusedCount"], first["errors"]) == (4, 0, [])
    analyst = world.actor(None, Role.ANALYST)
    found = (await ask(world, analyst, LIST))["flowSources"]
    assert found["totalCount"] == 1
    assert [one["label"] for one in found["nodes"]] == ["Before"]
    other = await build_world(world.database, slug="other")
    assert (await ask(other, admin(other), LIST))["flowSources"]["totalCount"] == 0


async def test_the_same_key_answers_the_same(world: World) -> None:
    actor = admin(world)
    wanted = {"label": "Before", "csv": FILE, "smallestCount": 1, "idempotencyKey": "one"}
    first = await ask(world, actor, IMPORT, input=wanted)
    assert await ask(world, actor, IMPORT, input=wanted) == first
    changed = wanted | {"csv": FILE + "A,B,,,1,\n"}
    answer = (await ask(world, actor, IMPORT, input=changed))["importFlows"]
    assert [error["code"] for error in answer["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert await counted(world, FlowSource) == 1
    assert await counted(world, FlowImported) == 3


async def test_a_file_is_read_once_and_in_no_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    transaction, read = type(world.database).transaction, FlowFile.of

    def beginning(database: Any) -> Any:
        begun.append("transaction")
        return transaction(database)

    def reading(data: bytes, nodes: bytes | None = None) -> Any:
        begun.append("read")
        return read(data, nodes)

    monkeypatch.setattr(type(world.database), "transaction", beginning)
    monkeypatch.setattr(FlowFile, "of", reading)
    wanted = {"label": "Before", "csv": FILE, "smallestCount": 1, "idempotencyKey": "one"}
    await ask(world, admin(world), IMPORT, input=wanted)
    assert begun == ["read", "transaction"]
    begun.clear()
    company = world.actor(world.company, Role.ADMIN)
    answer = (await ask(world, company, IMPORT, input=wanted))["importFlows"]
    assert [error["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert begun == []


async def test_refused_rows_are_told_in_the_callers_language(world: World) -> None:
    wanted = {"label": "Before", "csv": "source,target,count\nA,B,x\n", "idempotencyKey": "one"}
    answer = (await ask(world, admin(world), IMPORT, input=wanted))["importFlows"]
    assert answer["flowSource"] is None
    assert (answer["imported"], answer["refusedCount"], answer["errors"]) == (0, 1, [])
    [row] = answer["refusedRows"]
    assert (row["line"], row["column"], row["code"]) == (2, "count", "COUNT_INVALID")
    assert row["reason"] == "Write a whole number from 1 to 1,000,000,000."
    # The key is free for the file that is put right.
    again = wanted | {"csv": "source,target,count\nA,B,9\n"}
    answer = (await ask(world, admin(world), IMPORT, input=again))["importFlows"]
    assert answer["flowSource"]["label"] == "Before"


async def test_the_api_removes(world: World) -> None:
    done = await imported(world)
    assert done.source_id is not None
    remove = """
      mutation Remove($id: ID!) {
        removeFlowSource(input: {id: $id}) { removedId errors { code path } }
      }
    """
    global_id = encode_id("FlowSource", done.source_id)
    company = world.actor(world.company, Role.ADMIN)
    answer = await ask(world, company, remove, id=global_id)
    assert answer["removeFlowSource"]["errors"] == [{"code": "FORBIDDEN", "path": []}]
    assert await counted(world, FlowSource) == 1
    answer = await ask(world, admin(world), remove, id=global_id)
    assert answer["removeFlowSource"] == {"removedId": global_id, "errors": []}
    assert await counted(world, FlowSource) == 0
    answer = await ask(world, admin(world), remove, id=global_id)
    assert answer["removeFlowSource"]["errors"] == [{"code": "NOT_FOUND", "path": ["input", "id"]}]
    assert (await execute(world, company, "{ flowSources { totalCount } }", {})).errors is None


@needs_shared
async def test_the_published_hiring_flows_load(world: World) -> None:
    done = await imported(
        world, FLOWS.read_text(), nodes=NODES.read_bytes(), smallest_count=1, label="US CS"
    )
    assert done.report.refused == []
    async with world.database.read() as read:
        assert done.source_id is not None
        table = await source_table(read, world.consortium_id, done.source_id, TEN_YEARS)
    hires = list(csv.DictReader(FLOWS.read_text().splitlines()))
    names = {row["id"]: row["name"] for row in csv.DictReader(NODES.read_text().splitlines())}
    assert len(table.nodes) == 205
    assert table.referrals.sum() == sum(int(row["hires"]) for row in hires) == 4_388
    loops = sum(int(row["hires"]) for row in hires if row["source"] == row["target"])
    assert table.referrals[table.source == table.target].sum() == loops > 0
    # Who gives more than it takes stands high in the published order.
    ranks = {
        names[row["id"]]: float(row["springrank"])
        for row in csv.DictReader(SPRINGRANK.read_text().splitlines())
    }
    found = strength(table.graph())
    order = spearmanr(found.net, [ranks[str(node)] for node in found.nodes])
    assert order.statistic > 0.5


@needs_shared
def test_the_command_line_imports(sqlite_templates: SqliteTemplates, tmp_path: Path) -> None:
    url = sqlite_templates.clone()
    environment = {
        "TASUKI_DATABASE_URL": url,
        "TASUKI_KEYS_URL": default_keys_url(url),
        "TASUKI_SECRET_KEY": SECRET_KEY.decode(),
    }
    runner = CliRunner(env=environment)
    assert runner.invoke(main, ["create-consortium", "us", "US"]).exit_code == 0
    command = ["import", "flows", str(FLOWS), "--consortium", "us", "--label", "CS hiring"]
    more = ["--nodes", str(NODES), "--smallest-count", "1"]
    tried = runner.invoke(main, [*command, *more, "--dry-run"])
    assert (tried.exit_code, tried.output.splitlines()[-1]) == (0, "Nothing was written.")
    for _ in range(2):
        done = runner.invoke(main, [*command, *more, "--replace"])
        assert done.exit_code == 0, done.output
    bad = tmp_path / "bad.csv"
    bad.write_text("source,target,count\nA,B,x\n")
    refusal = runner.invoke(
        main, ["import", "flows", str(bad), "--consortium", "us", "--label", "Bad"]
    )
    assert refusal.exit_code == 1
    assert "line 2, count: COUNT_INVALID" in refusal.output
