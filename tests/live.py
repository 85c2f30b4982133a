"""A running installation with people in it: two companies, an agency, another consortium."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from models.access import Actor, Role
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.session import Database, utc_now
from models.tables.consortium import Organization
from tests.databases import SECRET_KEY, open_database
from tests.people import add_person
from tests.served import Served, prepared
from tests.world import World, build_world

COMPANY, OTHER_COMPANY, AGENCY = "company", "other company", "agency"
CONSORTIUM, STRANGER = "consortium", "stranger"

METRICS_TOKEN = "a token for the metrics"
ANSWER_WITHIN_S = 60


@dataclass
class Live:
    """What a test over HTTP begins with. ``tokens`` are the API tokens of administrators."""

    served: Served
    world: World
    strange: World
    tokens: dict[str, str]
    people: dict[str, Actor]

    @property
    def url(self) -> str:
        """Where GraphQL is asked."""
        return f"{self.served.url}/graphql"

    def headers(self, who: str | None) -> dict[str, str]:
        """Of a request by one of the administrators, or by nobody."""
        return {"authorization": f"Bearer {self.tokens[who]}"} if who else {}

    async def ask(self, who: str | None, query: str, **variables: Any) -> Any:
        """The whole answer of the API."""
        asked = {"query": query, "variables": variables}
        async with httpx.AsyncClient(timeout=ANSWER_WITHIN_S) as http:
            answer = await http.post(self.url, json=asked, headers=self.headers(who))
        return answer.json()

    async def do(self, who: str, mutation: str, kind: str, answer: str, **given: Any) -> Any:
        """The payload of a mutation that was not refused."""
        body = await self.ask(
            who,
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) "
            f"{{ {answer} errors {{ code path }} }} }}",
            input=given,
        )
        payload = body["data"][mutation]
        assert payload["errors"] == []
        return payload

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The same database, seen from the test's own process."""
        database = open_database(self.served.environment["TASUKI_DATABASE_URL"])
        try:
            yield database
        finally:
            await database.close()


More = Callable[[World, World], Awaitable[None]]


@contextmanager
def live(
    database_url: str,
    folder: Path,
    more: More | None = None,
    rules: dict[str, Any] | None = None,
    **settings: str,
) -> Iterator[Live]:
    """The installation, running. ``more`` adds to its two worlds first, as operations do."""
    world, strange, tokens, people = asyncio.run(_set_up(database_url, more, rules or {}))
    secrets = {"secret_key": SECRET_KEY.decode(), "metrics_token": METRICS_TOKEN}
    with prepared(database_url, folder, **(secrets | settings)) as served:
        served.start()
        yield Live(served, world, strange, tokens, people)


async def _set_up(
    database_url: str, more: More | None, rules: dict[str, Any]
) -> tuple[World, World, dict[str, str], dict[str, Actor]]:
    database = open_database(database_url)
    world = await build_world(database, **rules)
    strange = await build_world(database, slug="strange", first_number=101)
    # The worlds begin in the past; from here on it is now, as it is for the server.
    database.clock = utc_now
    world.clock.now = strange.clock.now = utc_now()
    tokens, people = {}, {}
    for who, at, organization, role in _cast(world, strange):
        address = f"{who.replace(' ', '-')}@staged.example.jp"
        actor = await add_person(at, organization, role, address)
        async with database.transaction() as tx:
            made = await create_api_token(tx, actor, CreateApiToken("test", role))
        tokens[who], people[who] = made.secret, actor
    if more is not None:
        await more(world, strange)
    await database.close()
    return world, strange, tokens, people


def _cast(world: World, strange: World) -> list[tuple[str, World, Organization | None, Role]]:
    return [
        (COMPANY, world, world.company, Role.ADMIN),
        (OTHER_COMPANY, world, world.other_company, Role.ADMIN),
        (AGENCY, world, world.agency, Role.ADMIN),
        (CONSORTIUM, world, None, Role.CONSORTIUM_ADMIN),
        (STRANGER, strange, strange.other_company, Role.ADMIN),
    ]
