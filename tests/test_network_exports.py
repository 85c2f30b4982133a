"""The flow network as a file: who gets an address, what it opens, and when no more."""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from click.testing import CliRunner, Result
from sqlalchemy import select, update
from starlette.applications import Starlette

from gql.node import decode_id, encode_id
from models.access import Actor, ActorKind, Role, candidate
from models.errors import Forbidden
from models.operations.api_tokens import (
    CreateApiToken,
    create_api_token,
    revoke_api_token,
)
from models.operations.flow_sources import FlowFile, ImportFlows, import_flows, remove_flow_source
from models.operations.frozen import freeze_past
from models.operations.network_exports import sign_network_export
from models.reads.network_exports import TOKEN_CHARS_MAX
from models.reads.sign_ins import authenticate_session
from models.rules.flows import Level
from models.rules.lifecycles import Channel, MembershipStatus, ReferralStatus
from models.rules.network_exports import (
    ADDRESS_LASTS,
    FILE_KINDS,
    NetworkExport,
    NetworkFormat,
    as_text,
    from_text,
)
from models.session import utc_now
from models.tables.consortium import Organization
from models.tables.records import AuditEntry
from models.tables.users import User, UserStatus
from network.exports.contents import token
from network.exports.writers import WRITERS
from tasuki.cli import main
from tasuki.network_exports import NetworkExportRoutes
from tests.databases import SECRET_KEY
from tests.handovers import run
from tests.network import exported
from tests.people import add_person, enter, set_membership
from tests.test_edges import flow
from tests.test_gql_consortium import execute
from tests.test_statements import statements
from tests.world import Clock, World, build_world

BASE = "https://tasuki.example"
SHARED = Channel.PARTNER_SHARE
FIRST_QUARTER = {"firstDay": "2026-01-01", "lastDay": "2026-03-31"}
EXPORT = """
mutation ($input: ExportFlowNetworkInput!) {
  exportFlowNetwork(input: $input) { url expiresAt fileName errors { code message path } }
}
"""


@pytest_asyncio.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody who has signed in, in April; there were flows in January and March."""
    app = Starlette(routes=NetworkExportRoutes(world.database).routes())
    await flow(world, date(2026, 1, 5), 4)
    await flow(world, date(2026, 1, 6), 3, event=ReferralStatus.HIRED)
    await flow(world, date(2026, 3, 5), 7, giver=world.other_company)
    world.clock.forward(days=90)
    await freeze_past(world.database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        yield client


async def analyst(world: World) -> Actor:
    return await add_person(world, None, Role.ANALYST, "analyst@staff.example")


async def ask(world: World, actor: Actor, kind: str = "CSV", **more: Any) -> Any:
    """The payload of the mutation."""
    given = {"where": more.pop("where", FIRST_QUARTER) | more, "format": kind}
    answer = await execute(world, actor, EXPORT, {"input": given})
    assert answer.errors is None, answer.errors
    return answer.data["exportFlowNetwork"]


async def address(world: World, actor: Actor, kind: str = "CSV", **more: Any) -> str:
    payload = await ask(world, actor, kind, **more)
    assert payload["errors"] == []
    url: str = payload["url"]
    return url


async def rows_of(http: httpx.AsyncClient, url: str) -> list[dict[str, str]]:
    answer = await http.get(url)
    assert answer.status_code == 200, answer.text
    return exported.csv_rows(answer.content)


async def audited(world: World) -> list[AuditEntry]:
    async with world.database.read() as read:
        found = await read.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.startswith("network."))
            .order_by(AuditEntry.number)
        )
        return list(found)


# What is in it


async def test_an_analyst_gets_multiples_and_a_company_its_own_exactly(
    http: httpx.AsyncClient, world: World
) -> None:
    rows = await rows_of(http, await address(world, await analyst(world)))
    assert rows != []
    assert {int(row["referrals"]) % 3 for row in rows} == {0}
    own = await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    rows = await rows_of(http, await address(world, own))
    exact = {
        (row["month"], row["event"]): int(row["referrals"])
        for row in rows
        if row["source_name"] == "Company 1"
    }
    assert exact["2026-01-01", "ACCEPTED"] == 4
    assert exact.get(("2026-01-01", "HIRED"), 3) == 3  # as others are told: a multiple
    others = [int(row["referrals"]) for row in rows if row["source_name"] == "Company 2"]
    assert [number % 3 for number in others] == [0]


async def test_ids_are_those_of_the_api_and_facts_go_along(
    http: httpx.AsyncClient, world: World
) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            update(Organization)
            .where(Organization.id == world.agency.id)
            .values(industry_division="R", prefecture="13", name_en="The Agency", name="代理店")
        )
    url = await address(world, await analyst(world), "GRAPHML")
    found = exported.graphml((await http.get(url)).content)
    agency = encode_id("Agency", world.agency.id)
    assert found.nodes[agency] == {
        "name": "代理店",
        "name_en": "The Agency",
        "kind": "AGENCY",
        "industry": "R",
        "industry_name": "Services, n.e.c.",
        "prefecture": "13",
        "prefecture_name": "Tokyo",
    }
    assert encode_id("Company", world.other_company.id) in found


async def test_channels_and_events_are_chosen(http: httpx.AsyncClient, world: World) -> None:
    actor = await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    where = FIRST_QUARTER | {"channels": ["RELAY_LINK"], "events": ["ACCEPTED"]}
    rows = await rows_of(http, await address(world, actor, where=where))
    assert {row["event"] for row in rows} == {"ACCEPTED"}
    where = FIRST_QUARTER | {"channels": []}
    assert await rows_of(http, await address(world, actor, where=where)) == []


@pytest.mark.parametrize(
    ("level", "name"), [("INDUSTRY_DIVISION", "industry"), ("PREFECTURE", "prefecture")]
)
async def test_nodes_can_be_groups(
    http: httpx.AsyncClient, world: World, level: str, name: str
) -> None:
    async with world.database.transaction() as tx:
        known = {"industry_division": "G", "prefecture": "13"}
        await tx.execute(
            update(Organization).where(Organization.id == world.agency.id).values(**known)
        )
    actor = await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    url = await address(world, actor, "NODE_LINK_JSON", level=level)
    found = exported.node_link((await http.get(url)).content)
    code = {"industry": "G", "prefecture": "13"}[name]
    assert set(found) == {"unknown", code}
    assert found.nodes["unknown"] == {"name": "不明", "name_en": "unknown"}
    assert list(found.edges) == [("unknown", code)]


@pytest.mark.parametrize("kind", list(NetworkFormat))
async def test_every_format_is_served_as_what_it_is(
    http: httpx.AsyncClient, world: World, kind: NetworkFormat
) -> None:
    payload = await ask(world, await analyst(world), kind.value)
    answer = await http.get(payload["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FILE_KINDS[kind].media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="{payload["fileName"]}"'
    assert payload["fileName"] == f"tasuki-network-2026-01-01-2026-03-31.{FILE_KINDS[kind].suffix}"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert set(WRITERS) == set(NetworkFormat)


# When it opens


async def test_it_opens_as_often_as_wanted_until_it_expires(
    http: httpx.AsyncClient, world: World
) -> None:
    payload = await ask(world, await analyst(world))
    assert payload["expiresAt"] == "2026-04-05T00:10:00Z"
    first, second = await http.get(payload["url"]), await http.get(payload["url"])
    assert (first.status_code, first.content) == (200, second.content)
    world.clock.forward(minutes=9, seconds=59)
    assert (await http.get(payload["url"])).status_code == 200
    world.clock.forward(seconds=1)
    late = await http.get(payload["url"], headers={"accept-language": "en"})
    assert (late.status_code, late.text) == (404, "No such export. Check its id.\n")


async def test_what_was_altered_opens_nothing(http: httpx.AsyncClient, world: World) -> None:
    url = await address(world, await analyst(world))
    prefix, _, token = url.rpartition("/")
    never = (await http.get(f"{prefix}/nothing")).text
    carried = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for place in (0, 15, 16, 47, 48, len(carried) // 2, len(carried) - 1):
        altered = bytearray(carried)
        altered[place] ^= 1
        changed = base64.urlsafe_b64encode(altered).rstrip(b"=").decode()
        answer = await http.get(f"{prefix}/{changed}")
        assert (answer.status_code, answer.text) == (404, never)
    for wrong in (
        token[:-1],
        token + "A",
        token + "=",
        token.swapcase(),
        "A" * (TOKEN_CHARS_MAX + 1),
        "%00",
        "é",
    ):
        answer = await http.get(f"{prefix}/{wrong}")
        assert (answer.status_code, answer.text) == (404, never)
    assert [entry.action for entry in await audited(world)] == ["network.export_signed"]


async def test_a_user_who_is_disabled_gets_nothing(http: httpx.AsyncClient, world: World) -> None:
    actor = await analyst(world)
    url = await address(world, actor)
    async with world.database.transaction() as tx:
        await tx.execute(update(User).where(User.id == actor.id).values(status=UserStatus.DISABLED))
    assert (await http.get(url)).status_code == 404


async def test_a_company_that_left_gets_nothing(http: httpx.AsyncClient, world: World) -> None:
    actor = await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    url = await address(world, actor)
    await set_membership(world, world.company, MembershipStatus.LEFT)
    assert (await http.get(url)).status_code == 404


async def test_a_token_that_is_revoked_gets_nothing(http: httpx.AsyncClient, world: World) -> None:
    maker = await add_person(world, world.company, Role.ADMIN, "maker@staff.example")
    made = await run(world, create_api_token, maker, CreateApiToken("export", Role.VIEWER))
    program = replace(maker, kind=ActorKind.TOKEN, id=made.id, role=Role.VIEWER)
    url = await address(world, program)
    assert (await http.get(url)).status_code == 200
    await run(world, revoke_api_token, maker, made.id)
    assert (await http.get(url)).status_code == 404


async def test_who_signed_in_gets_an_address(http: httpx.AsyncClient, world: World) -> None:
    """An actor as a database's driver reads it, and not as a test makes it."""
    await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    signed_in = await enter(world.database, "own@staff.example")
    async with world.database.read() as read:
        session = await authenticate_session(read, signed_in.token)
    assert session is not None
    assert len(await rows_of(http, await address(world, session.actor))) > 0
    source = encode_id("FlowSource", await history(world))
    url = await address(world, session.actor, where=LONG, sourceId=source)
    assert len(await rows_of(http, url)) == 2


async def test_it_tells_what_its_asker_may_see_now(http: httpx.AsyncClient, world: World) -> None:
    """An address is bound to who asked: a company's own rows are nobody else's."""
    own = await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    other = await add_person(world, world.other_company, Role.VIEWER, "other@staff.example")
    of_own, of_other = await address(world, own), await address(world, other)
    assert of_own != of_other
    for url, exact in ((of_own, ("Company 1", 4)), (of_other, ("Company 2", 7))):
        rows = await rows_of(http, url)
        assert exact in {(row["source_name"], int(row["referrals"])) for row in rows}


async def test_another_consortium_has_its_own(http: httpx.AsyncClient, world: World) -> None:
    now = world.clock.now
    strange = await build_world(world.database, slug="strange", first_number=101)
    world.database.clock = Clock(now)
    actor = await add_person(strange, None, Role.ANALYST, "stranger@staff.example")
    assert await rows_of(http, await address(strange, actor)) == []


# How it is fetched


async def test_head_tells_the_headers_and_takes_nothing_out(
    http: httpx.AsyncClient, world: World
) -> None:
    url = await address(world, await analyst(world), "PARQUET")
    head, whole = await http.head(url), await http.get(url)
    assert (head.status_code, head.content) == (200, b"")
    assert "content-length" not in head.headers
    for name in ("content-type", "content-disposition", "cache-control"):
        assert head.headers[name] == whole.headers[name]
    assert [entry.action for entry in await audited(world)] == [
        "network.export_signed",
        "network.exported",
    ]


async def test_ranges_are_not_served(http: httpx.AsyncClient, world: World) -> None:
    url = await address(world, await analyst(world))
    part = await http.get(url, headers={"range": "bytes=0-9"})
    assert (part.status_code, part.headers["accept-ranges"]) == (200, "none")
    assert part.content == (await http.get(url)).content
    assert (await http.post(url)).status_code == 405


async def test_signing_and_taking_out_are_recorded(http: httpx.AsyncClient, world: World) -> None:
    actor = await analyst(world)
    await http.get(await address(world, actor, level="PREFECTURE"))
    signed, taken = await audited(world)
    assert (signed.action, taken.action) == ("network.export_signed", "network.exported")
    for entry in (signed, taken):
        assert (entry.actor_kind, entry.actor_id) == ("USER", actor.id)
        assert (entry.subject, entry.subject_id) == ("consortium", world.consortium_id)
        assert entry.details == {
            "format": "CSV",
            "first": "2026-01-01",
            "last": "2026-03-31",
            "level": "PREFECTURE",
        }


async def test_a_download_takes_a_fixed_number_of_statements(
    http: httpx.AsyncClient, world: World
) -> None:
    own = await add_person(world, world.company, Role.VIEWER, "own@staff.example")
    url = await address(world, own)
    with statements(world.database) as few:
        assert len(await rows_of(http, url)) == 3
    for number in range(1, 30):
        event = list(ReferralStatus)[number % 5]
        await flow(world, date(2026, 1, number), number, event=event, channel=SHARED)
    with statements(world.database) as many:
        assert len(await rows_of(http, url)) == 8
    assert few == many


# Who is refused


@pytest.mark.parametrize(
    "where",
    [
        {"firstDay": "2026-03-31", "lastDay": "2026-01-01"},
        {"firstDay": "2000-01-01", "lastDay": "2026-01-01"},
    ],
)
async def test_a_window_out_of_bounds_is_refused_and_nothing_is_recorded(
    http: httpx.AsyncClient, world: World, where: dict[str, str]
) -> None:
    payload = await ask(world, await analyst(world), where=where)
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "where"])
    assert (payload["url"], payload["expiresAt"], payload["fileName"]) == (None, None, None)
    assert await audited(world) == []


async def test_a_candidate_is_refused(world: World) -> None:
    person = candidate(world.consortium_id, uuid.uuid4(), "en")
    day = date(2026, 1, 1)
    with pytest.raises(Forbidden):
        await run(world, sign_network_export, person, NetworkExport(NetworkFormat.CSV, day, day))
    assert await audited(world) == []


def test_a_question_comes_back_as_it_was_asked() -> None:
    asked = NetworkExport(
        NetworkFormat.PARQUET,
        date(2026, 1, 1),
        date(2026, 12, 31),
        channels=frozenset(Channel),
        events=frozenset({ReferralStatus.HIRED}),
        level=Level.PREFECTURE,
        source_id=uuid.uuid4(),
    )
    assert from_text(as_text(asked)) == asked
    assert ADDRESS_LASTS.total_seconds() <= 600


# Imported sources

HISTORY = """source,target,year,count
MIT,Stanford University,2024,3
MIT,MIT,,2
"""


async def history(world: World, text: str = HISTORY, label: str = "Before us") -> uuid.UUID:
    command = ImportFlows(label, FlowFile.of(text.encode()), smallest_count=1)
    done = await run(world, import_flows, world.actor(None, Role.CONSORTIUM_ADMIN), command)
    source_id: uuid.UUID = done.source_id
    return source_id


LONG = {"firstDay": "2024-01-01", "lastDay": "2024-12-31"}


async def test_an_imported_source_is_taken_out_by_its_own_names(
    http: httpx.AsyncClient, world: World
) -> None:
    source = encode_id("FlowSource", await history(world))
    url = await address(world, await analyst(world), "GEXF", where=LONG, sourceId=source)
    found = exported.gexf((await http.get(url)).content)
    assert {data["name"] for _, data in found.nodes(data=True)} == {"MIT", "Stanford University"}
    stanford = token("Stanford University")
    assert found.edges["MIT", stanford]["weight"] == 3
    assert found.edges["MIT", stanford]["spells"] == [("2024-01-01", "2024-01-31")]
    assert found.edges["MIT", "MIT"]["weight"] == 2
    [_, taken] = await audited(world)
    assert taken.details["source"] == str(decode_id(source)[1])  # type: ignore[index]


async def test_what_a_source_does_not_date_is_in_no_month(
    http: httpx.AsyncClient, world: World
) -> None:
    source = encode_id("FlowSource", await history(world, "source,target,count\nA,B,4\n"))
    url = await address(world, await analyst(world), where=LONG, sourceId=source)
    [row] = await rows_of(http, url)
    assert (row["month"], row["source_name"], row["referrals"]) == ("", "A", "4")


async def test_a_source_that_was_removed_reads_like_no_address(
    http: httpx.AsyncClient, world: World
) -> None:
    source_id = await history(world)
    source = encode_id("FlowSource", source_id)
    url = await address(world, await analyst(world), where=LONG, sourceId=source)
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await run(world, remove_flow_source, admin, source_id)
    answer = await http.get(url)
    assert (answer.status_code, answer.text) == (404, (await http.get(f"{url}A")).text)
    assert [entry.action for entry in await audited(world)] == ["network.export_signed"]


async def test_a_source_of_nobody_or_by_groups_is_refused(
    http: httpx.AsyncClient, world: World
) -> None:
    source_id = await history(world)
    actor = await analyst(world)
    strange = await build_world(world.database, slug="strange", first_number=101)
    stranger = strange.actor(None, Role.ANALYST)
    for who, source in (
        (actor, encode_id("FlowSource", uuid.uuid4())),
        (actor, encode_id("Company", source_id)),
        (stranger, encode_id("FlowSource", source_id)),
    ):
        payload = await ask(world, who, where=LONG, sourceId=source)
        [error] = payload["errors"]
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "where", "sourceId"])
        assert payload["url"] is None
    source = encode_id("FlowSource", source_id)
    payload = await ask(world, actor, where=LONG, sourceId=source, level="PREFECTURE")
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "where"])
    assert await audited(world) == []


async def test_relays_are_not_exported(world: World) -> None:
    payload = await ask(world, await analyst(world), view="RELAYS")
    [error] = payload["errors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "where", "view"])
    assert payload["url"] is None
    assert await audited(world) == []


# At the console


@pytest.fixture
def console(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command line works on the test's database; a folder for its files."""
    monkeypatch.setenv("TASUKI_DATABASE_URL", database_url)
    monkeypatch.setenv("TASUKI_SECRET_KEY", SECRET_KEY.decode())
    return tmp_path


async def export(*more: str, last: str = "2026-03-31", slug: str = "test") -> Result:
    asked = ["export", "flows", "--consortium", slug, "--from", "2026-01-01", "--until", last]
    return await asyncio.to_thread(CliRunner().invoke, main, [*asked, *more])


def files_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


@pytest.mark.parametrize("kind", list(NetworkFormat))
async def test_the_command_writes_what_an_analyst_gets(
    http: httpx.AsyncClient, world: World, console: Path, kind: NetworkFormat
) -> None:
    # The command's clock is the real one: by it these months are long over too.
    world.database.clock = utc_now
    told = await http.get(
        await address(world, replace(await analyst(world), locale="en"), kind.value)
    )
    out = console / "network"
    done = await export("--format", kind.value.lower(), "--language", "en", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith(f" bytes: {out}\n")
    assert out.read_bytes() == told.content
    assert files_in(console) == ["network"]
    [entry] = [one for one in await audited(world) if one.actor_kind == "SYSTEM"]
    assert (entry.action, entry.details["format"]) == ("network.exported", kind.value)


async def test_the_command_chooses_channels_events_and_level(
    http: httpx.AsyncClient, world: World, console: Path
) -> None:
    out = console / "flows.csv"
    chosen = ("--event", "HIRED", "--event", "OFFERED", "--channel", "RELAY_LINK")
    done = await export("--format", "CSV", *chosen, "--level", "PREFECTURE", "--out", str(out))
    assert done.exit_code == 0, done.output
    [row] = exported.csv_rows(out.read_bytes())
    assert (row["event"], row["source_id"], row["source_name"]) == ("HIRED", "unknown", "不明")


async def test_the_command_takes_out_a_source(
    http: httpx.AsyncClient, world: World, console: Path
) -> None:
    await history(world, "source,target,count\nA,B,4\n")
    out = console / "source.csv"
    asked = ("--format", "CSV", "--source", "Before us", "--out", str(out))
    done = await export(*asked)
    assert done.exit_code == 0, done.output
    [row] = exported.csv_rows(out.read_bytes())
    assert (row["source_name"], row["target_name"], row["referrals"]) == ("A", "B", "4")
    grouped = await export(*asked, "--level", "PREFECTURE")
    assert (grouped.exit_code, "its nodes are names" in grouped.stderr) == (2, True)
    unknown = await export(*asked[:3], "nothing", *asked[4:])
    assert (unknown.exit_code, "No such flow source" in unknown.stderr) == (1, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"slug": "nobody"}, "NOT_FOUND: No such consortium nobody."),
        ({"last": "2025-12-31"}, "a window has 1 to 3660 days, in order"),
        ({"last": "yesterday"}, "'yesterday' does not match the format"),
    ],
)
async def test_the_command_refuses_in_words_and_writes_nothing(
    http: httpx.AsyncClient, world: World, console: Path, more: dict[str, str], said: str
) -> None:
    done = await export("--format", "CSV", "--out", str(console / "x.csv"), **more)
    assert done.exit_code != 0
    assert said in done.stderr
    assert files_in(console) == []
    assert await audited(world) == []


async def test_a_file_that_cannot_be_written_is_said(
    http: httpx.AsyncClient, world: World, console: Path
) -> None:
    done = await export("--format", "CSV", "--out", str(console / "absent" / "x.csv"))
    assert (done.exit_code, "No such file or directory" in done.stderr) == (1, True)
