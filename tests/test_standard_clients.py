"""Standard clients, unchanged, against a running installation."""

from __future__ import annotations

import asyncio
import json
import subprocess
import uuid
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gql.node import encode_id
from models.operations.api_tokens import revoke_api_token
from models.tables.users import ApiToken
from tests.databases import SqliteTemplates
from tests.handovers import delivered
from tests.live import (
    AGENCY,
    COMPANY,
    METRICS_TOKEN,
    OTHER_COMPANY,
    STRANGER,
    Live,
    live,
)
from tests.served import Served, free_port
from tests.world import World, add_link

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / "tests" / "clients"
WITHIN_S = 60
PATIENCE_MS = "300000"
REFERRALS = "subscription { referralChanged { id status } }"
FREE_HIRES = "subscription { freeHireEarned { id status } }"
PROTOCOLS = ["ws", "sse"]


def node(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(CLIENTS / script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )


def test_every_audit_of_graphql_over_http_is_ok(
    sqlite_templates: SqliteTemplates, tmp_path: Path
) -> None:
    url = sqlite_templates.clone()
    with live(url, tmp_path) as running:
        done = node("audit.mjs", running.url, running.tokens[COMPANY])
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("ok ")] == ["61 of 61 ok"]
    assert len(lines) == 62
    assert done.returncode == 0


def test_the_schema_is_as_graphql_eslint_recommends() -> None:
    done = node("lint-schema.mjs", str(ROOT / "schema.graphql"))
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@dataclass
class Follower:
    """A client of a library, in a process of its own, that prints what it is told."""

    process: Process

    async def told(self) -> Any:
        """The next result."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            line = await self.process.stdout.readline()
        assert line, await self._complaint()
        return json.loads(line)["data"]

    async def ended(self) -> tuple[list[str], str]:
        """What it still printed before its stream ended, and what it said of that."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            rest = (await self.process.stdout.read()).decode().splitlines()
            return rest, await self._complaint()

    async def _complaint(self) -> str:
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()


@asynccontextmanager
async def following(
    running: Live, protocol: str, query: str, *people: str, at: str | None = None
) -> AsyncIterator[list[Follower]]:
    """A follower for each of these people; the server has them all when this begins."""
    url = at or running.served.url
    before = await followers(url)
    found = [
        Follower(
            await asyncio.create_subprocess_exec(
                *("node", str(CLIENTS / f"{protocol}-subscribe.mjs"), f"{url}/graphql"),
                *(running.tokens[who], query, "--count", "1000", "--timeout-ms", PATIENCE_MS),
                stdout=PIPE,
                stderr=PIPE,
            )
        )
        for who in people
    ]
    try:
        async with asyncio.timeout(WITHIN_S):
            while await followers(url) < before + len(people):  # noqa: ASYNC110 (another process)
                await asyncio.sleep(0.1)
        yield found
    finally:
        for one in found:
            if one.process.returncode is None:
                one.process.kill()
            await one.process.wait()


async def followers(url: str) -> int:
    """How many subscriptions a server process says are open."""
    async with httpx.AsyncClient(timeout=WITHIN_S) as http:
        answer = await http.get(
            f"{url}/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"}
        )
    [line] = [one for one in answer.text.splitlines() if one.startswith("tasuki_subscriptions ")]
    return int(float(line.split()[1]))


class Begun:
    """Introductions that wait to be accepted, and registrations that wait to be confirmed."""

    introduced: list[str]
    to_company: str
    strange: str
    tokens: list[str]
    other_tokens: list[str]

    async def begin(self, world: World, strange: World) -> None:
        """Through the operations, before the server runs. Two counts make a free hire here."""
        async with world.database.transaction() as tx:
            other_link = await add_link(tx, world.other_company)
        candidates = [(await world.register()).candidate_id for _ in range(2)]
        self.introduced = [referral(await delivered(world, one)) for one in candidates]
        theirs = (await world.register(other_link)).candidate_id
        self.to_company = referral(await delivered(world, theirs, world.company))
        strangers = (await strange.register(email="someone@strange.example.jp")).candidate_id
        self.strange = referral(await delivered(strange, strangers))
        self.tokens = [await world.start(world.form()) for _ in range(4)]
        self.other_tokens = [await world.start(world.form(), other_link)]


def referral(key: uuid.UUID) -> str:
    return encode_id("Referral", key)


@pytest.fixture
def begun() -> Begun:
    return Begun()


@pytest.fixture
def running(database_url: str, tmp_path: Path, begun: Begun) -> Iterator[Live]:
    with live(database_url, tmp_path, begun.begin, {"counts_per_free_hire": 2}) as running:
        yield running


async def step(running: Live, who: str, mutation: str, of: str) -> None:
    await running.do(who, mutation, "ReferralInput", "referral { id }", id=of)


async def confirm(running: Live, token: str) -> None:
    async with httpx.AsyncClient(timeout=WITHIN_S) as http:
        answer = await http.post(f"{running.served.url}/confirm/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?done=registered")


def changed(of: str, status: str) -> Any:
    return {"referralChanged": {"id": of, "status": status}}


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_changes_of_referrals_are_told_to_those_who_see_them(
    running: Live, begun: Begun, protocol: str
) -> None:
    first, _ = begun.introduced
    people = (AGENCY, OTHER_COMPANY, COMPANY, STRANGER)
    async with following(running, protocol, REFERRALS, *people) as found:
        agency, other, company, stranger = found
        for mutation, status in (
            ("acceptReferral", "ACCEPTED"),
            ("startInterviews", "INTERVIEWING"),
        ):
            await step(running, OTHER_COMPANY, mutation, first)
            assert await agency.told() == changed(first, status)
            assert await other.told() == changed(first, status)
        await step(running, COMPANY, "acceptReferral", begun.to_company)
        assert await agency.told() == changed(begun.to_company, "ACCEPTED")
        # The first thing that each of the others is told is their own.
        assert await company.told() == changed(begun.to_company, "ACCEPTED")
        await step(running, STRANGER, "acceptReferral", begun.strange)
        assert await stranger.told() == changed(begun.strange, "ACCEPTED")
        await step(running, OTHER_COMPANY, "makeOffer", first)
        assert await other.told() == changed(first, "OFFERED")
        assert await agency.told() == changed(first, "OFFERED")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_registration_is_told_to_its_agency_and_the_free_hire_to_the_company(
    running: Live, begun: Begun, protocol: str
) -> None:
    async with (
        following(running, protocol, REFERRALS, AGENCY) as [agency],
        following(running, protocol, FREE_HIRES, COMPANY, OTHER_COMPANY) as [company, other],
    ):
        before, earned = await referrals(running), await free_hires(running, COMPANY)
        for token in begun.tokens[:2]:
            await confirm(running, token)
        [newest] = [one for one in await free_hires(running, COMPANY) if one not in earned]
        assert await company.told() == {"freeHireEarned": newest}
        await confirm(running, begun.other_tokens[0])
        [theirs] = await free_hires(running, OTHER_COMPANY)
        assert await other.told() == {"freeHireEarned": theirs}
        told = [(await agency.told())["referralChanged"] for _ in range(3)]
        made = {
            key: status for key, status in (await referrals(running)).items() if key not in before
        }
        assert {one["id"]: one["status"] for one in told} == made
        assert len(made) == 3


async def referrals(running: Live) -> dict[str, str]:
    """Every referral that the agency sees, and how it stands."""
    body = await running.ask(AGENCY, "{ referrals(first: 100) { nodes { id status } } }")
    return {one["id"]: one["status"] for one in body["data"]["referrals"]["nodes"]}


async def free_hires(running: Live, who: str) -> list[Any]:
    """The free hires of a company."""
    body = await running.ask(
        who,
        "{ viewer { organization { ... on Company { freeHires { nodes { id status } } } } } }",
    )
    found: list[Any] = body["data"]["viewer"]["organization"]["freeHires"]["nodes"]
    return found


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_the_stream_of_a_revoked_token_ends_before_the_next_event(
    running: Live, begun: Begun, protocol: str
) -> None:
    first, second = begun.introduced
    async with following(running, protocol, REFERRALS, AGENCY, OTHER_COMPANY) as [agency, other]:
        await step(running, OTHER_COMPANY, "acceptReferral", first)
        assert await agency.told() == changed(first, "ACCEPTED")
        assert await other.told() == changed(first, "ACCEPTED")
        async with running.database() as database, database.transaction() as tx:
            own = ApiToken.organization_id == running.world.agency.id
            token = (await tx.scalars(select(ApiToken.id).where(own))).one()
            await revoke_api_token(tx, running.people[AGENCY], token)
        await step(running, OTHER_COMPANY, "acceptReferral", second)
        assert await other.told() == changed(second, "ACCEPTED")
        assert await agency.ended() == (
            [],
            "connected\nthe stream ended after 1 of 1000 results\n",
        )


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_what_one_process_commits_is_told_by_another(
    running: Live, begun: Begun, protocol: str, tmp_path: Path
) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    second = Served(
        f"http://localhost:{free_port()}",
        running.served.environment,
        folder,
        running.served.inbox,
    )
    second.start()
    try:
        async with following(running, protocol, REFERRALS, AGENCY, STRANGER, at=second.url) as [
            agency,
            stranger,
        ]:
            await step(running, OTHER_COMPANY, "acceptReferral", begun.introduced[0])
            assert await agency.told() == changed(begun.introduced[0], "ACCEPTED")
            await step(running, STRANGER, "acceptReferral", begun.strange)
            assert await stranger.told() == changed(begun.strange, "ACCEPTED")
    finally:
        second.stop()
