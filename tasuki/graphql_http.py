"""GraphQL over HTTP, server-sent events and WebSockets, at one address.

`POST` takes JSON only and runs queries and mutations; with `Accept: text/event-stream` it runs
queries and subscriptions (graphql-sse, distinct connections). `GET` runs queries, or shows
GraphiQL where the app gives its page. WebSockets speak graphql-transport-ws (`graphql_ws`).

Usage::

    endpoint = GraphQLEndpoint(schema, get_context, base_url="https://tasuki.example")
    app = Starlette(routes=endpoint.routes("/graphql"))
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

import orjson
import strawberry
from graphql import GraphQLError
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.types.graphql import OperationType

from gql.errors import present
from tasuki.graphql_run import (
    Answer,
    GetContext,
    Operation,
    Runner,
    TransportLimits,
    locale_of,
    malformed,
    origin_of,
    own_origin,
    read_json,
    read_operation,
    request_id_of,
)
from tasuki.graphql_ws import GraphQLSocket

T = TypeVar("T")

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
EVENTS = "text/event-stream"
HTML = "text/html"
NEVER_STORED = {"cache-control": "no-store", "vary": "accept", "x-content-type-options": "nosniff"}
BY_POST = frozenset({OperationType.QUERY, OperationType.MUTATION})
BY_GET = frozenset({OperationType.QUERY})


class _Refusal(Exception):
    """A request refused by HTTP already."""

    def __init__(
        self, status: int, error: GraphQLError, headers: dict[str, str] | None = None
    ) -> None:
        self.status = status
        self.error = error
        self.headers = headers or {}
        super().__init__(error.message)


class GraphQLEndpoint:
    """An ASGI app for one path; see `routes`."""

    def __init__(
        self,
        schema: strawberry.Schema,
        get_context: GetContext,
        *,
        base_url: str,
        limits: TransportLimits | None = None,
        graphiql_html: str | None = None,
    ) -> None:
        self.runner = Runner(schema, get_context, limits or TransportLimits())
        self.origin = origin_of(base_url)
        self.graphiql_html = graphiql_html
        self._streams: set[asyncio.Future[None]] = set()

    def stop_streams(self) -> None:
        """End every stream of events, as if its client had gone; the server is stopping."""
        for gone in self._streams:
            gone.cancel()

    def routes(self, path: str) -> list[BaseRoute]:
        """The routes of the endpoint: one for HTTP, one for WebSockets."""
        return [Route(path, self), WebSocketRoute(path, self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":
            await GraphQLSocket(self.runner, WebSocket(scope, receive, send)).serve(self.origin)
            return
        request = Request(scope, receive, send)
        try:
            await self._serve(request)
        except _Refusal as refusal:
            await self._refuse(request, refusal)
        except ClientDisconnect:
            pass

    async def _serve(self, request: Request) -> None:
        if not own_origin(request, self.origin):
            raise _Refusal(
                403,
                GraphQLError(
                    "Requests from other origins are refused.",
                    extensions={"code": "FORBIDDEN_ORIGIN"},
                ),
            )
        if request.method == "POST":
            operation = _read(await self._body(request))
            if negotiate(request.headers) == EVENTS:
                await self._stream(request, operation)
                return
            answer = await self.runner.answer(operation, request, BY_POST)
        elif request.method == "GET":
            if self.graphiql_html is not None and _wants_page(request):
                await self._send(request, HTMLResponse(self.graphiql_html))
                return
            answer = await self.runner.answer(_read_query(request), request, BY_GET)
        else:
            raise _Refusal(405, malformed("Use POST."), {"allow": "GET, POST"})
        await self._answer(request, answer)

    async def _body(self, request: Request) -> Any:
        _require_json(request.headers)
        limit = self.runner.limits.body_bytes
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > limit:
                raise _Refusal(
                    413,
                    GraphQLError(
                        f"The body may have at most {limit} bytes.",
                        extensions={"code": "LIMIT_EXCEEDED"},
                    ),
                    {"connection": "close"},
                )
        return _or_400(lambda: read_json(bytes(raw)))

    async def _answer(self, request: Request, answer: Answer) -> None:
        media_type = negotiate(request.headers)
        media_type = JSON if media_type == EVENTS else media_type
        status = 200
        if answer.failed:
            status = 500
        elif not answer.executed and media_type == GRAPHQL:
            status = 400
        if not answer.executed and request.method == "GET" and _not_allowed(answer):
            status = 405
        await self._respond(request, status, answer.payload, media_type)

    async def _refuse(self, request: Request, refusal: _Refusal) -> None:
        told = present(
            [refusal.error], request_id=request_id_of(request), locale=locale_of(request)
        )
        media_type = negotiate(request.headers)
        media_type = GRAPHQL if media_type == GRAPHQL else JSON
        await self._respond(request, refusal.status, {"errors": told}, media_type, refusal.headers)

    async def _respond(
        self,
        request: Request,
        status: int,
        payload: dict[str, Any],
        media_type: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        try:
            body = orjson.dumps(payload)
        except TypeError as error:  # a resolver answered what JSON cannot say
            status, body = 500, orjson.dumps(self.runner.refusal(error, request).payload)
        response = Response(
            body,
            status,
            headers={**(headers or {}), "content-type": f"{media_type}; charset=utf-8"},
        )
        await self._send(request, response)

    async def _send(self, request: Request, response: Response) -> None:
        response.headers.update(NEVER_STORED)
        await response(request.scope, request.receive, request._send)  # noqa: SLF001

    async def _stream(self, request: Request, operation: Operation) -> None:
        """Answer with events; end, and close what feeds them, when the client goes."""
        send = request._send  # noqa: SLF001 (a Response would buffer nothing, but not tell us)
        headers = {**NEVER_STORED, "content-type": f"{EVENTS}; charset=utf-8"}
        headers["x-accel-buffering"] = "no"
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": Headers(headers).raw,
            }
        )
        gone = asyncio.ensure_future(_gone(request))
        self._streams.add(gone)
        events = self.runner.events(operation, request)
        try:
            keep_alive_seconds = self.runner.limits.keep_alive_seconds
            async with aclosing(_chunks(events, gone, keep_alive_seconds)) as chunks:
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            pass  # the client went while we wrote
        finally:
            self._streams.discard(gone)
            gone.cancel()
            await events.aclose()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _chunks(
    events: AsyncGenerator[Answer, None], gone: asyncio.Future[Any], keep_alive_seconds: float
) -> AsyncGenerator[bytes, None]:
    """Events as they come, and a comment where none came for a while."""
    following: asyncio.Future[Any] | None = None
    try:
        while not gone.done():
            following = following or asyncio.ensure_future(anext(events))
            await asyncio.wait(
                {following, gone},
                timeout=keep_alive_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not following.done():
                if not gone.done():
                    yield b":\n\n"
                continue
            try:
                answer = following.result()
            except StopAsyncIteration:
                yield b"event: complete\ndata:\n\n"
                return
            following = None
            yield b"event: next\ndata: " + orjson.dumps(answer.payload) + b"\n\n"
    finally:
        if following is not None and not following.done():
            following.cancel()
            await asyncio.wait({following})


def negotiate(headers: Headers) -> str:
    """The media type of the answer: what the client likes best among ours, JSON where unsaid."""
    ranges: list[tuple[float, str]] = []
    for part in headers.get("accept", "*/*").split(",")[:20]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        ranges.append((_quality(parameters), name))
    for quality, name in sorted(ranges, key=lambda pair: -pair[0]):
        if quality <= 0:
            break
        if name in (GRAPHQL, JSON, EVENTS):
            return name
        if name in ("*/*", "application/*"):
            return JSON
    return JSON


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _wants_page(request: Request) -> bool:
    return HTML in request.headers.get("accept", "") and "query" not in request.query_params


def _require_json(headers: Headers) -> None:
    media_type, *parameters = (
        p.strip().lower() for p in headers.get("content-type", "").split(";")
    )
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if media_type != JSON or charsets not in ([], ["utf-8"], ["utf8"]):
        raise _Refusal(415, malformed("Send application/json in UTF-8."))
    if headers.get("content-encoding", "identity") != "identity":
        raise _Refusal(415, malformed("Send the body without compression."))


def _read(body: object) -> Operation:
    return _or_400(lambda: read_operation(body))


def _read_query(request: Request) -> Operation:
    """A query in the address. With cookies, only from our own pages: no other site may make one."""
    if "cookie" in request.headers and request.headers.get("sec-fetch-site") != "same-origin":
        raise _Refusal(
            403, GraphQLError("With cookies, use POST.", extensions={"code": "FORBIDDEN_ORIGIN"})
        )
    body: dict[str, Any] = dict(request.query_params)
    for name in ("variables", "extensions"):
        if name in body:
            body[name] = _or_400(partial(read_json, body[name].encode(errors="replace")))
    return _read(body)


def _or_400(read: Callable[[], T]) -> T:
    try:
        return read()
    except GraphQLError as error:
        raise _Refusal(400, error) from None


def _not_allowed(answer: Answer) -> bool:
    errors = answer.payload.get("errors", [])
    return any(error["extensions"]["code"] == "OPERATION_NOT_ALLOWED" for error in errors)
