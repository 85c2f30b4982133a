"""The server stopped politely, and killed: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.typing import Subprotocol

from gql.node import encode_id
from models.rules.lifecycles import CountStatus, FreeHireStatus
from models.tables.ledger import FreeHire
from models.tables.records import AuditHead, OutboxEvent
from models.tables.registrations import Registration
from models.verify import verify_consortium
from tests.handovers import offered
from tests.live import AGENCY, OTHER_COMPANY, Live, live
from tests.served import links_in
from tests.world import World, add_link

STOPS_WITHIN_S = 20
WITHIN_S = 60
IN_FLIGHT = 4
MAILS = 20
ROUNDS = 5
TO_CONFIRM = 50
TO_REDEEM = 6
TO_START = 20
AT_ONCE = 8
ANSWERS_BEFORE_KILL = 6


@dataclass
class Waiting:
    """What was begun before the server runs: tokens of mails, introductions with an offer."""

    tokens: list[str] = field(default_factory=list)
    referrals: list[str] = field(default_factory=list)

    async def for_stopping(self, world: World, _: World) -> None:
        """Mails to be sent, some of them answered."""
        self.tokens = [await world.start(world.form()) for _ in range(MAILS)]

    async def for_killing(self, world: World, _: World) -> None:
        """Registrations to confirm, and for each introduction a free hire to put on it."""
        async with world.database.transaction() as tx:
            other_link = await add_link(tx, world.other_company)
        for _number in range(TO_REDEEM):
            candidate_id = (await world.register()).candidate_id
            self.referrals.append(encode_id("Referral", await offered(world, candidate_id)))
            for _half in range(2):
                await world.register(other_link)
        self.tokens = [await world.start(world.form()) for _ in range(TO_CONFIRM)]


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def stopping(database_url: str, tmp_path: Path, waiting: Waiting) -> Iterator[Live]:
    with live(database_url, tmp_path, waiting.for_stopping) as running:
        yield running


@pytest.fixture
def killed(database_url: str, tmp_path: Path, waiting: Waiting) -> Iterator[Live]:
    rules = {"counts_per_free_hire": 2, "link_limit": 1_000}
    with live(database_url, tmp_path, waiting.for_killing, rules) as running:
        yield running


async def test_a_polite_stop_finishes_what_is_under_way(stopping: Live, waiting: Waiting) -> None:
    running = stopping
    process = running.served.process
    assert process is not None
    async with (
        httpx.AsyncClient(timeout=WITHIN_S, base_url=running.served.url) as http,
        stream(running) as events,
        socket(running) as following,
    ):
        await asyncio.gather(*(http.get("/healthz") for _ in range(IN_FLIGHT)))
        async with writers_held(running):
            sent = [
                asyncio.create_task(http.post(f"/confirm/{token}"))
                for token in waiting.tokens[:IN_FLIGHT]
            ]
            await seen_by_the_server(running)
            process.terminate()
            await not_listening(running)
            assert not any(one.done() for one in sent)
        answers = await asyncio.gather(*sent)
        rest = [line async for line in events.aiter_lines() if line and line != ":"]
        with pytest.raises(ConnectionClosedError) as closed:
            await following.recv()
    assert await asyncio.to_thread(process.wait, STOPS_WITHIN_S) in (0, -15)
    running.served.process = None
    assert [answer.headers["location"] for answer in answers] == ["/me?done=registered"] * IN_FLIGHT
    assert rest == []
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in (1001, 1012)
    running.served.start()
    await nothing_due(running)
    # Each was asked once: what was under way was finished, and the rest left to the next.
    links = Counter(link for mail in running.served.inbox.mails for link in links_in(mail))
    asked = {link: number for link, number in links.items() if "/confirm/" in link}
    assert asked == {f"{running.served.url}/confirm/{token}": 1 for token in waiting.tokens}


@asynccontextmanager
async def stream(running: Live) -> AsyncIterator[httpx.Response]:
    """Someone who follows by server-sent events."""
    query = {"query": "subscription { referralChanged { id } }"}
    headers = {"accept": "text/event-stream", **running.headers(AGENCY)}
    async with (
        httpx.AsyncClient(timeout=WITHIN_S) as http,
        http.stream("POST", running.url, json=query, headers=headers) as events,
    ):
        assert events.status_code == 200
        yield events


@asynccontextmanager
async def socket(running: Live) -> AsyncIterator[ClientConnection]:
    """Someone who follows by a WebSocket."""
    url = running.url.replace("http", "ws", 1)
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as found:
        await found.send(
            json.dumps({"type": "connection_init", "payload": running.headers(AGENCY)})
        )
        assert json.loads(await found.recv()) == {"type": "connection_ack"}
        query = {"query": "subscription { referralChanged { id } }"}
        await found.send(json.dumps({"id": "1", "type": "subscribe", "payload": query}))
        yield found


@asynccontextmanager
async def writers_held(running: Live) -> AsyncIterator[None]:
    """Nobody can commit meanwhile."""
    async with running.database() as database, database.transaction() as tx:
        await tx.execute(select(AuditHead.number).with_for_update())
        yield


async def seen_by_the_server(running: Live) -> None:
    """What was sent before this has been read: the server's loop has turned since."""
    async with httpx.AsyncClient(timeout=WITHIN_S) as http:
        for _ in range(3):
            assert (await http.get(f"{running.served.url}/healthz")).status_code == 200


async def not_listening(running: Live) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            try:
                async with httpx.AsyncClient(timeout=WITHIN_S) as http:
                    await http.get(f"{running.served.url}/healthz")
            except httpx.TransportError:
                return


async def nothing_due(running: Live) -> None:
    async with asyncio.timeout(WITHIN_S), running.database() as database:
        while True:
            async with database.read() as read:
                due = select(func.count()).where(OutboxEvent.due_at.is_not(None))
                if await read.scalar(due) == 0:
                    return
            await asyncio.sleep(0.2)


@dataclass
class Acknowledged:
    """What the server said is done, and what it has not said so of."""

    to_confirm: list[str]
    to_redeem: list[str]
    to_start: list[str]
    redeemed: dict[str, str] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    answers: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether everything was acknowledged."""
        return not (self.to_confirm or self.to_redeem or self.to_start)


async def test_a_killed_server_loses_nothing_and_doubles_nothing(
    killed: Live, waiting: Waiting
) -> None:
    running = killed
    addresses = [f"new{number}@example.jp" for number in range(TO_START)]
    said = Acknowledged(waiting.tokens[:], waiting.referrals[:], addresses[:])
    for _ in range(ROUNDS):
        await until_killed(running, said)
        assert not said.is_complete
        running.served.start()
    async with httpx.AsyncClient(timeout=WITHIN_S) as http:
        while not said.is_complete:
            await ask_once(running, http, said)
    assert len(said.redeemed) == TO_REDEEM
    assert sorted(said.started) == sorted(addresses)
    await check_books(running, said)


async def until_killed(running: Live, said: Acknowledged) -> None:
    """Ask side by side until the server is killed, after some answers, under the others."""
    process = running.served.process
    assert process is not None
    enough = said.answers + ANSWERS_BEFORE_KILL
    async with httpx.AsyncClient(timeout=WITHIN_S) as http, asyncio.TaskGroup() as group:
        for place in range(AT_ONCE):
            group.create_task(ask_on(running, http, said, place))
        async with asyncio.timeout(WITHIN_S):
            while said.answers < enough:  # noqa: ASYNC110 (until some answers came)
                await asyncio.sleep(0.001)
        process.kill()
    await asyncio.to_thread(process.wait)
    running.served.process = None


async def ask_on(running: Live, http: httpx.AsyncClient, said: Acknowledged, place: int) -> None:
    """One client: asks for what nobody asks for now, until nobody answers."""
    kinds: list[tuple[list[str], Any]] = [
        (said.to_confirm, confirm),
        (said.to_confirm, confirm),
        (said.to_redeem, redeem),
        (said.to_start, start),
    ]
    waiting, act = kinds[place % len(kinds)]
    while waiting:
        one = waiting.pop(0)
        try:
            await act(running, http, said, one)
        except httpx.TransportError:
            waiting.append(one)
            return
        said.answers += 1


async def ask_once(running: Live, http: httpx.AsyncClient, said: Acknowledged) -> None:
    """Ask for everything that is left."""
    for waiting, act in (
        (said.to_confirm, confirm),
        (said.to_redeem, redeem),
        (said.to_start, start),
    ):
        while waiting:
            await act(running, http, said, waiting.pop())


async def confirm(running: Live, http: httpx.AsyncClient, _: Acknowledged, token: str) -> None:
    answer = await http.post(f"{running.served.url}/confirm/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?done=registered")


async def redeem(running: Live, http: httpx.AsyncClient, said: Acknowledged, referral: str) -> None:
    query = (
        "mutation($input: RedeemFreeHireInput!) { redeemFreeHire(input: $input) "
        "{ freeHire { id } errors { code } } }"
    )
    given = {"referralId": referral, "idempotencyKey": f"once for {referral}"}
    answer = await http.post(
        running.url,
        json={"query": query, "variables": {"input": given}},
        headers=running.headers(OTHER_COMPANY),
    )
    payload = answer.json()["data"]["redeemFreeHire"]
    assert payload["errors"] == []
    said.redeemed[referral] = payload["freeHire"]["id"]


async def start(running: Live, http: httpx.AsyncClient, said: Acknowledged, address: str) -> None:
    path = f"/r/{running.world.link_token()}"
    fields = {"name": "佐藤", "email": address, "employment": "NONE", "consent": "AGENCY_SUPPORT"}
    answer = await http.post(f"{running.served.url}{path}", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/sent")
    said.started.append(address)


async def check_books(running: Live, said: Acknowledged) -> None:
    """What was acknowledged is there once, and the stored data holds to every invariant."""
    world = running.world
    counted = TO_CONFIRM + TO_REDEEM
    async with running.database() as database, database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []
        rows = await read.execute(
            select(Registration.company_id, func.count())
            .where(Registration.count_status == CountStatus.COUNTED)
            .where(Registration.consortium_id == world.consortium_id)
            .group_by(Registration.company_id)
        )
        assert {row[0]: row[1] for row in rows} == {
            world.company.id: counted,
            world.other_company.id: 2 * TO_REDEEM,
        }
        held = await read.execute(
            select(FreeHire.company_id, FreeHire.status, func.count())
            .where(FreeHire.consortium_id == world.consortium_id)
            .group_by(FreeHire.company_id, FreeHire.status)
        )
        assert {(company, status): number for company, status, number in held} == {
            (world.company.id, FreeHireStatus.AVAILABLE): counted // 2,
            (world.other_company.id, FreeHireStatus.RESERVED): TO_REDEEM,
        }
        used = await read.execute(
            select(FreeHire.referral_id, FreeHire.id).where(FreeHire.referral_id.is_not(None))
        )
        assert said.redeemed == {
            encode_id("Referral", referral): encode_id("FreeHire", free_hire)
            for referral, free_hire in used
            if referral is not None
        }
        refs = await read.scalars(select(OutboxEvent.refs))
        to_mail = {one.get("registration") for one in refs}
        for address in said.started:
            key = database.vault.blind("email", world.consortium_id, address)
            kept = await read.scalars(select(Registration.id).where(Registration.email_hash == key))
            assert {one.hex for one in kept} & to_mail, "it is kept, and so is its mail to send"
