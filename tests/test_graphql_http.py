"""GraphQL over HTTP, server-sent events and WebSockets: what is served, and what is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from gql.batch import Batches, quicken
from gql.errors import RequestError, Schema
from gql.limits import request_limits
from models.errors import Unauthenticated
from tasuki.graphql_http import GraphQLEndpoint
from tasuki.graphql_run import TransportLimits

BASE_URL = "https://tasuki.example"
COST = {"cost": {"requested": 0, "limit": 10_000}}
FAULT = (
    "Something went wrong on our side. Try again in a moment; "
    "if it goes on, tell the administrator the requestId."
)
closed: list[str] = []


@dataclass
class Context:
    token: str | None
    locale: str = "en"
    batches: Batches = field(default_factory=Batches)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"hello {name}"

    @strawberry.field
    def fault(self) -> str | None:
        raise LookupError("the secret of taro@example.jp")

    @strawberry.field
    def mine(self) -> str:
        raise Unauthenticated

    @strawberry.field
    def bad(self) -> str:
        raise RequestError("BAD_USER_INPUT", "first: too many", argument="first")

    @strawberry.field
    async def forever(self) -> str:
        await asyncio.Event().wait()
        return ""

    @strawberry.field
    def token(self, info: strawberry.Info[Context, None]) -> str | None:
        return info.context.token


@strawberry.type
class Mutation:
    @strawberry.mutation
    def go(self) -> int:
        return 1


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 2) -> AsyncGenerator[int, None]:
        for n in range(to):
            yield n

    @strawberry.subscription
    async def silence(self, after: int = 0) -> AsyncGenerator[int, None]:
        try:
            for n in range(after):
                yield n
            await asyncio.Event().wait()
        finally:
            closed.append("silence")


async def get_context(connection: HTTPConnection, params: dict[str, Any] | None) -> Context:
    token = (params or {}).get("authorization") or connection.headers.get("authorization")
    if token == "Bearer wrong":
        raise RequestError("UNAUTHENTICATED", "This token is not valid.")
    if token == "Bearer broken":
        raise OSError("database away")
    return Context(token=token)


def _app(html: str | None = None, **limits: Any) -> Starlette:
    schema = Schema(Query, Mutation, Subscription, extensions=[request_limits()])
    quicken(schema)
    endpoint = GraphQLEndpoint(
        schema,
        get_context,
        base_url=BASE_URL,
        limits=TransportLimits(**limits),
        graphiql_html=html,
    )
    return Starlette(routes=endpoint.routes("/graphql"))


APP = _app()


class Wire:
    """One ASGI connection, driven by hand: nothing is buffered and nothing waits for a clock."""

    def __init__(self, app: Starlette, scope: dict[str, Any]) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        base: dict[str, Any] = {"asgi": {"version": "3.0"}, "path": "/graphql", "root_path": ""}
        base |= {"query_string": b"", "headers": [], "scheme": "https", "http_version": "1.1"}
        base["state"] = {"request_id": "r1"}
        self.task = asyncio.ensure_future(
            app({**base, **scope}, self.incoming.get, self.sent.put)  # type: ignore[arg-type]
        )

    def give(self, message: dict[str, Any]) -> None:
        self.incoming.put_nowait(message)


def _headers(pairs: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(k.lower().encode(), v.encode()) for k, v in pairs.items()]


async def _ask(
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    method: str = "POST",
    query_string: str = "",
    app: Starlette = APP,
) -> tuple[int, dict[str, str], bytes]:
    sent = {"content-type": "application/json", **(headers or {})}
    wire = Wire(
        app,
        {
            "type": "http",
            "method": method,
            "headers": _headers({k: v for k, v in sent.items() if v}),
            "query_string": query_string.encode(),
        },
    )
    wire.give({"type": "http.request", "body": body, "more_body": False})
    await wire.task
    start = wire.sent.get_nowait()
    content = b""
    while not wire.sent.empty():
        content += wire.sent.get_nowait().get("body", b"")
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, content


async def _post(
    query: str, headers: dict[str, str] | None = None, app: Starlette = APP, **rest: Any
) -> tuple[int, Any]:
    status, _, content = await _ask(json.dumps({"query": query, **rest}).encode(), headers, app=app)
    return status, json.loads(content)


def _error(code: str, message: str, **more: Any) -> dict[str, Any]:
    return {"errors": [{"message": message, **more, "extensions": {"code": code}}]}


@pytest.mark.asyncio
async def test_a_query_is_answered_and_never_stored() -> None:
    status, headers, content = await _ask(b'{"query": "{ hello }"}')
    assert status == 200
    assert json.loads(content) == {"data": {"hello": "hello you"}, "extensions": COST}
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["cache-control"] == "no-store"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        (
            "application/json;q=0.5, application/graphql-response+json",
            "application/graphql-response+json",
        ),
        ("application/graphql-response+json;q=0, application/json", "application/json"),
    ],
)
async def test_the_media_type_is_negotiated(accept: str, media_type: str) -> None:
    _, headers, _ = await _ask(b'{"query": "{ hello }"}', {"accept": accept})
    assert headers["content-type"] == f"{media_type}; charset=utf-8"


NOT_JSON = "The body is not valid JSON in UTF-8."
NOT_OBJECT = "The body must be a JSON object."


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b'{"query": "\xff"}', NOT_JSON),
        (b'{"query": "\\ud800"}', NOT_JSON),
        (b"[" * 100_000, NOT_JSON),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, NOT_JSON),
        (b'"x"', NOT_OBJECT),
        (b"null", NOT_OBJECT),
        (b"1", NOT_OBJECT),
        (b'[{"query": "{ hello }"}]', "Send one operation at a time: batching is off."),
        (b"{}", "query must be a non-empty string."),
        (b'{"query": 1}', "query must be a non-empty string."),
        (b'{"query": " "}', "query must be a non-empty string."),
        (b'{"query": "{ hello }", "variables": []}', "variables must be an object."),
        (b'{"query": "{ hello }", "variables": "x"}', "variables must be an object."),
        (b'{"query": "{ hello }", "operationName": 1}', "operationName must be a string."),
        (b'{"query": "{ hello }", "extensions": 1}', "extensions must be an object."),
    ],
    ids=range(17),
)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_a_malformed_body_is_refused(body: bytes, message: str, accept: str) -> None:
    status, headers, content = await _ask(body, {"accept": accept})
    assert (status, headers["content-type"]) == (400, f"{accept}; charset=utf-8")
    assert json.loads(content) == _error("BAD_REQUEST", message)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"content-type": ""}, 415, "BAD_REQUEST"),
        ({"content-type": "text/plain"}, 415, "BAD_REQUEST"),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, "BAD_REQUEST"),
        ({"content-type": "multipart/form-data; boundary=x"}, 415, "BAD_REQUEST"),
        ({"content-type": "application/json; charset=utf-16"}, 415, "BAD_REQUEST"),
        ({"content-encoding": "gzip"}, 415, "BAD_REQUEST"),
        ({"origin": "https://evil.example"}, 403, "FORBIDDEN_ORIGIN"),
        ({"origin": "null"}, 403, "FORBIDDEN_ORIGIN"),
        ({"origin": BASE_URL}, 200, None),
        ({"content-type": "application/json; charset=UTF-8"}, 200, None),
    ],
)
async def test_requests_refused_by_their_headers(
    headers: dict[str, str], status: int, code: str | None
) -> None:
    found, _, content = await _ask(b'{"query": "mutation { go }"}', headers)
    errors = json.loads(content).get("errors", [])
    assert (found, [e["extensions"]["code"] for e in errors]) == (status, [code] if code else [])


@pytest.mark.asyncio
async def test_a_body_too_large_is_refused() -> None:
    status, _, content = await _ask(b" " * 101, app=_app(body_bytes=100))
    assert status == 413
    assert json.loads(content) == _error("LIMIT_EXCEEDED", "The body may have at most 100 bytes.")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ helo }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello" + "{ a" * 3000 + "}" * 3001, "LIMIT_EXCEEDED"),
        ("query A { hello } query B { hello }", "OPERATION_NOT_ALLOWED"),
        ("subscription { count }", "OPERATION_NOT_ALLOWED"),
        ("query ($n: Int!) { hello }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: String!) { hello(name: $n) }", "BAD_USER_INPUT"),
    ],
)
async def test_requests_refused_before_they_run(query: str, code: str) -> None:
    name = "C" if "query A" in query else None
    for accept, expected in (
        ("application/graphql-response+json", 400),
        ("application/json", 200),
    ):
        status, answer = await _post(query, {"accept": accept}, operationName=name)
        assert (status, [e["extensions"]["code"] for e in answer["errors"]]) == (expected, [code])
        assert "data" not in answer
        assert "Did you mean" not in answer["errors"][0]["message"]


@pytest.mark.asyncio
async def test_errors_of_the_request_and_of_ours() -> None:
    status, answer = await _post("{ hello fault }", {"accept": "application/graphql-response+json"})
    assert status == 200
    assert answer["data"] == {"hello": "hello you", "fault": None}
    assert answer["errors"] == [
        {
            "message": FAULT,
            "path": ["fault"],
            "extensions": {"code": "INTERNAL", "requestId": "r1"},
        }
    ]
    assert "taro" not in json.dumps(answer)
    _, answer = await _post("{ mine }")
    assert answer["errors"][0]["message"] == "Sign in first."
    assert answer["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert answer["data"] is None
    _, answer = await _post("{ bad }")
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "first"}


@pytest.mark.asyncio
async def test_a_context_may_refuse_or_fail() -> None:
    refused = await _post("{ hello }", {"authorization": "Bearer wrong", "accept-language": "en"})
    assert refused == (200, _error("UNAUTHENTICATED", "This token is not valid."))
    status, answer = await _post(
        "{ hello }", {"authorization": "Bearer broken", "accept-language": "en"}
    )
    assert status == 500
    assert answer == {
        "errors": [{"message": FAULT, "extensions": {"code": "INTERNAL", "requestId": "r1"}}]
    }


@pytest.mark.asyncio
async def test_a_request_that_takes_too_long_is_stopped() -> None:
    status, answer = await _post("{ forever }", app=_app(request_seconds=0.01))
    assert status == 200
    assert [e["extensions"] for e in answer["errors"]] == [{"code": "TIMEOUT"}]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query_string", "headers", "status"),
    [
        ("query=%7Bhello%7D", {}, 200),
        ("query=%7Bhello%7D&variables=%7B%7D&operationName=", {}, 200),
        ("query=mutation%7Bgo%7D", {}, 405),
        ("query=subscription%7Bcount%7D", {}, 405),
        ("", {}, 400),
        ("query=%7Bhello%7D&variables=%7B", {}, 400),
        ("query=%7Bhello%7D", {"cookie": "session=1"}, 403),
        ("query=%7Bhello%7D", {"cookie": "session=1", "sec-fetch-site": "cross-site"}, 403),
        ("query=%7Bhello%7D", {"cookie": "session=1", "sec-fetch-site": "same-origin"}, 200),
    ],
)
async def test_get_runs_queries_only(
    query_string: str, headers: dict[str, str], status: int
) -> None:
    found, _, content = await _ask(
        headers={"content-type": "", **headers}, method="GET", query_string=query_string
    )
    assert found == status
    assert ("data" in json.loads(content)) is (status == 200)


@pytest.mark.asyncio
async def test_other_methods_are_refused() -> None:
    status, headers, _ = await _ask(method="PUT")
    assert (status, headers["allow"]) == (405, "GET, POST")


@pytest.mark.asyncio
async def test_graphiql_is_shown_only_where_the_app_gives_it() -> None:
    page = {"accept": "text/html", "content-type": ""}
    status, _, _ = await _ask(headers=page, method="GET")
    assert status == 400
    status, _, content = await _ask(headers=page, method="GET", app=_app(html="<p>G</p>"))
    assert (status, content) == (200, b"<p>G</p>")


def _events_wire(query: str, **limits: Any) -> Wire:
    headers = {"content-type": "application/json", "accept": "text/event-stream"}
    wire = Wire(_app(**limits), {"type": "http", "method": "POST", "headers": _headers(headers)})
    wire.give({"type": "http.request", "body": json.dumps({"query": query}).encode()})
    return wire


async def _chunks(wire: Wire) -> list[bytes]:
    await wire.task
    assert wire.sent.get_nowait()["status"] == 200
    return [wire.sent.get_nowait()["body"] for _ in range(wire.sent.qsize())]


def _next(payload: dict[str, Any]) -> bytes:
    return b"event: next\ndata: " + json.dumps(payload, separators=(",", ":")).encode() + b"\n\n"


COMPLETE = b"event: complete\ndata:\n\n"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "payloads"),
    [
        (
            "subscription { count }",
            [{"data": {"count": n}, "extensions": COST} for n in (0, 1)],
        ),
        ("{ hello }", [{"data": {"hello": "hello you"}, "extensions": COST}]),
        (
            "mutation { go }",
            [
                _error(
                    "OPERATION_NOT_ALLOWED",
                    "Mutations are accepted by POST with application/json only.",
                )
            ],
        ),
    ],
)
async def test_server_sent_events(query: str, payloads: list[dict[str, Any]]) -> None:
    chunks = await _chunks(_events_wire(query))
    assert chunks == [*map(_next, payloads), COMPLETE, b""]


@pytest.mark.asyncio
async def test_a_quiet_stream_is_kept_alive_and_closed_with_its_client() -> None:
    closed.clear()
    wire = _events_wire("subscription { silence(after: 1) }", keep_alive_seconds=0.001)
    assert (await wire.sent.get())["status"] == 200
    body = b""
    while b":\n\n" not in body:
        body += (await wire.sent.get())["body"]
    wire.give({"type": "http.disconnect"})
    await wire.task
    assert body.startswith(_next({"data": {"silence": 0}, "extensions": COST}))
    assert closed == ["silence"]


class Socket(Wire):
    """A WebSocket client."""

    def __init__(
        self, protocols: list[str] | None = None, origin: str = BASE_URL, **limits: Any
    ) -> None:
        super().__init__(
            _app(**limits),
            {
                "type": "websocket",
                "subprotocols": ["graphql-transport-ws"] if protocols is None else protocols,
                "headers": _headers({"origin": origin} if origin else {}),
            },
        )
        self.give({"type": "websocket.connect"})

    def say(self, message: Any) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        self.give({"type": "websocket.receive", "text": text})

    def subscribe(self, name: str, query: str) -> None:
        self.say({"id": name, "type": "subscribe", "payload": {"query": query}})

    async def hear(self) -> Any:
        message = await self.sent.get()
        if message["type"] == "websocket.send":
            return json.loads(message["text"])
        if message["type"] == "websocket.close":
            return message["code"]
        return message.get("subprotocol")

    async def open(self) -> None:
        self.say({"type": "connection_init"})
        assert await self.hear() == "graphql-transport-ws"
        assert await self.hear() == {"type": "connection_ack"}

    async def leave(self) -> None:
        self.give({"type": "websocket.disconnect", "code": 1000})
        await self.task


@pytest.mark.asyncio
async def test_a_socket_runs_queries_and_subscriptions() -> None:
    socket = Socket()
    await socket.open()
    socket.say({"type": "ping"})
    assert await socket.hear() == {"type": "pong"}
    socket.subscribe("1", "subscription { count }")
    payloads = [{"data": {"count": n}, "extensions": COST} for n in (0, 1)]
    assert [await socket.hear() for _ in range(3)] == [
        {"id": "1", "type": "next", "payload": payloads[0]},
        {"id": "1", "type": "next", "payload": payloads[1]},
        {"id": "1", "type": "complete"},
    ]
    socket.subscribe("1", "{ hello }")
    answer = {"data": {"hello": "hello you"}, "extensions": COST}
    assert await socket.hear() == {"id": "1", "type": "next", "payload": answer}
    assert await socket.hear() == {"id": "1", "type": "complete"}
    await socket.leave()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("mutation { go }", "OPERATION_NOT_ALLOWED"),
        ("{ helo }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { count count2: count }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_socket_refuses_an_operation_and_lives_on(query: str, code: str) -> None:
    socket = Socket()
    await socket.open()
    socket.subscribe("1", query)
    told = await socket.hear()
    assert (told["type"], [e["extensions"]["code"] for e in told["payload"]]) == ("error", [code])
    socket.say({"type": "ping"})
    assert await socket.hear() == {"type": "pong"}
    await socket.leave()


@pytest.mark.asyncio
async def test_a_socket_signs_in_with_its_first_message() -> None:
    socket = Socket()
    socket.say({"type": "connection_init", "payload": {"authorization": "Bearer t"}})
    assert await socket.hear() == "graphql-transport-ws"
    assert await socket.hear() == {"type": "connection_ack"}
    socket.subscribe("1", "{ token }")
    assert (await socket.hear())["payload"]["data"] == {"token": "Bearer t"}
    await socket.leave()


SUBSCRIBE = {"id": "1", "type": "subscribe", "payload": {"query": "subscription { silence }"}}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([SUBSCRIBE], 4401),
        (["{"], 4400),
        (["1"], 4400),
        (["{}"], 4400),
        (["[" * 100_000], 4400),
        ([{"type": "start"}], 4400),
        (["x" * 262_145], 1009),
        ([{"type": "connection_init", "payload": 1}], 4400),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer wrong"}}], 4403),
        ([{"type": "connection_init", "payload": {"authorization": "Bearer broken"}}], 4500),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init"}, SUBSCRIBE, SUBSCRIBE], 4409),
        ([{"type": "connection_init"}, {"id": 1, "type": "subscribe"}], 4400),
        ([{"type": "connection_init"}, {"id": "1", "type": "subscribe", "payload": 1}], 4400),
        ([{"type": "connection_init"}, {"type": "complete"}], 4400),
    ],
    ids=range(15),
)
async def test_a_socket_that_breaks_the_protocol_is_closed(messages: list[Any], code: int) -> None:
    socket = Socket()
    for message in messages:
        socket.say(message)
    await socket.task
    heard = [await socket.hear() for _ in range(socket.sent.qsize())]
    assert heard[-1] == code


@pytest.mark.asyncio
async def test_handshakes_refused() -> None:
    foreign = Socket(origin="https://evil.example")
    assert await foreign.hear() == 1008
    legacy = Socket(protocols=["graphql-ws"])
    assert [await legacy.hear(), await legacy.hear()] == [None, 4406]
    silent = Socket(socket_init_seconds=0.001)
    assert [await silent.hear(), await silent.hear()] == ["graphql-transport-ws", 4408]


@pytest.mark.asyncio
async def test_operations_of_a_socket_are_limited_and_end_with_it() -> None:
    closed.clear()
    socket = Socket(socket_operations=2)
    await socket.open()
    for name in ("1", "2"):
        socket.subscribe(name, "subscription { silence(after: 1) }")
        assert (await socket.hear())["payload"]["data"] == {"silence": 0}
    socket.subscribe("3", "{ hello }")
    told = await socket.hear()
    assert (told["id"], told["type"]) == ("3", "error")
    assert told["payload"][0]["extensions"] == {"code": "LIMIT_EXCEEDED"}
    socket.say({"id": "1", "type": "complete"})
    socket.subscribe("3", "{ hello }")
    assert (await socket.hear())["payload"]["data"] == {"hello": "hello you"}
    assert closed == ["silence"]
    await socket.leave()
    assert closed == ["silence", "silence"]
