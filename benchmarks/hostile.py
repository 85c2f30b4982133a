"""What a refusal of a hostile request costs, in ordinary small queries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from benchmarks.places import Places, durable
from benchmarks.ratios import Ratio, median_ms
from gql.context import Context
from gql.schema import build_schema
from models.access import Role
from tasuki.graphql_http import GraphQLEndpoint
from tests.world import World, build_world

BASE_URL = "https://tasuki.example"
SMALL = "{ consortium { name } }"


def _doubling(levels: int) -> str:
    spreads = "".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)
    )
    return f"{{ ...F0 }} {spreads} fragment F{levels} on Query {{ consortium {{ name }} }}"


def _asking(query: str) -> bytes:
    return orjson.dumps({"query": query})


HOSTILE = {
    "a string": b'"x"',
    "null": b"null",
    "a number": b"1",
    "invalid UTF-8": b'{"query": "\xff\xfe"}',
    "100,000 brackets": b"[" * 100_000,
    "100,000 nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "doubling fragments": _asking(_doubling(24)),
    "deep": _asking("{ consortium {" + "itself {" * 150 + "name" + "}" * 152),
    "wide": _asking("{" + "consortium " * 300 + "}"),
    "aliased": _asking("{" + "".join(f"a{n}: consortium {{ name }} " for n in range(51)) + "}"),
    "many tokens": _asking("{" + " a" * 20_000 + "}"),
    "dear": _asking(
        "{ consortium { members(first: 100) { nodes { ... on Company { referrals(first: 100) "
        "{ nodes { candidate { id } receiver { id } } } } } } } }"
    ),
}


def application(world: World) -> Starlette:
    """The endpoint over the whole schema, where a recruiter is signed in."""
    actor = world.actor(world.company, Role.RECRUITER)

    async def context(_: HTTPConnection, __: dict[str, Any] | None) -> Context:
        return Context(world.database, BASE_URL, actor)

    endpoint = GraphQLEndpoint(build_schema(), context, base_url=BASE_URL)
    return Starlette(routes=endpoint.routes("/graphql"))


async def ask(app: Starlette, body: bytes) -> tuple[int, dict[str, Any]]:
    """One request, answered with a status and a document."""
    sent: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = [{"type": "http.request", "body": body}]

    async def receive() -> dict[str, Any]:
        if not given:
            await asyncio.Event().wait()
        return given.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"accept", b"application/json")]
    await app(
        {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https",
            "path": "/graphql",
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "state": {"request_id": "benchmark"},
        },
        receive,
        send,
    )
    return sent[0]["status"], orjson.loads(b"".join(one.get("body", b"") for one in sent[1:]))


def asking(app: Starlette, body: bytes) -> Callable[[], Awaitable[Any]]:
    """The request as a job."""
    return lambda: ask(app, body)


async def measure(url: str, repeats: int) -> list[Ratio]:
    """Each hostile request beside the small query."""
    world = await build_world(durable(url))
    app = application(world)
    status, answer = await ask(app, _asking(SMALL))
    assert (status, answer.get("errors")) == (200, None), answer
    small_ms = await median_ms(asking(app, _asking(SMALL)), repeats * 5)
    ratios = []
    for name, body in HOSTILE.items():
        status, answer = await ask(app, body)
        assert status < 500, (name, status)
        assert answer["errors"], name
        took_ms = await median_ms(asking(app, body), repeats)
        ratios.append(
            Ratio(
                f"refusal of {name} (a small query; at most 25)",
                f"{took_ms:.2f} ms",
                f"{small_ms:.2f} ms",
                took_ms / small_ms,
            )
        )
    await world.database.close()
    return ratios


def run(places: Places, *, repeats: int) -> list[Ratio]:
    """On SQLite: the database has no part in a refusal."""
    with places.database("sqlite") as url:
        return asyncio.run(measure(url, repeats))
