"""One GraphQL operation, whatever carried it here: read, run in time, answered.

HTTP, server-sent events and WebSockets share this, so that no limit can be passed by another door.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from collections.abc import Set as AbstractSet
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
import strawberry
from graphql import GraphQLError
from starlette.requests import HTTPConnection
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from gql.errors import RequestError, fault, present, timed_out
from models.errors import DomainError

MAX_OPERATION_NAME_CHARACTERS = 256

GetContext: TypeAlias = Callable[[HTTPConnection, dict[str, Any] | None], Awaitable[Any]]
"""`async (connection, connection_params) -> context`, made anew for every operation.

`connection_params` is the payload of a WebSocket's connection_init, None over HTTP. It raises a
`RequestError` or a `DomainError` to refuse (a bad token); nobody signed in is not a refusal.
"""


@dataclass(frozen=True, kw_only=True)
class TransportLimits:
    """What a connection may do; the unit is last in each name."""

    body_bytes: int = 1_048_576
    request_seconds: float = 30.0
    keep_alive_seconds: float = 12.0
    socket_init_seconds: float = 10.0
    socket_message_bytes: int = 262_144
    socket_operations: int = 20


@dataclass(frozen=True)
class Operation:
    """What was asked."""

    query: str
    variables: dict[str, Any] | None
    name: str | None


@dataclass(frozen=True)
class Answer:
    """A GraphQL response. `executed` is false where the request was refused before it ran."""

    payload: dict[str, Any]
    executed: bool = True
    failed: bool = False
    """Whether the fault is ours and outside the execution."""


def malformed(message: str) -> RequestError:
    """A request that is no GraphQL request."""
    return RequestError("BAD_REQUEST", message)


def read_json(raw: bytes) -> Any:
    """The value of a JSON text; deep nesting and invalid UTF-8 are refused like bad syntax."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise malformed("The body is not valid JSON in UTF-8.") from None


def read_operation(body: object) -> Operation:
    """Check the parameters of a request. Raises BAD_REQUEST."""
    if isinstance(body, list):
        raise malformed("Send one operation at a time: batching is off.")
    if not isinstance(body, dict):
        raise malformed("The body must be a JSON object.")
    query, name = body.get("query"), body.get("operationName")
    variables = body.get("variables")
    if not isinstance(query, str) or not query.strip():
        raise malformed("query must be a non-empty string.")
    if not (name is None or isinstance(name, str)):
        raise malformed("operationName must be a string.")
    if name is not None and len(name) > MAX_OPERATION_NAME_CHARACTERS:
        raise malformed(f"operationName must have at most {MAX_OPERATION_NAME_CHARACTERS} letters.")
    if not (variables is None or isinstance(variables, dict)):
        raise malformed("variables must be an object.")
    if not (body.get("extensions") is None or isinstance(body["extensions"], dict)):
        raise malformed("extensions must be an object.")
    return Operation(query, variables, name or None)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as a browser writes an Origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def own_origin(connection: HTTPConnection, origin: str) -> bool:
    """Whether the request comes from our own pages, or from no browser at all."""
    found = connection.headers.getlist("origin")
    return not found or (len(found) == 1 and found[0].lower() == origin)


def request_id_of(connection: HTTPConnection) -> str:
    """The id the app gave this request, or a new one."""
    found = connection.scope.get("state", {}).get("request_id")
    return found if isinstance(found, str) else uuid4().hex


def locale_of(connection: HTTPConnection, context: object = None) -> str:
    """Which of "en" and "ja" to answer in: as the context says, or else the browser."""
    chosen = getattr(context, "locale", None)
    if isinstance(chosen, str):
        return chosen
    asked = connection.headers.get("accept-language", "").strip().lower()
    return "en" if asked.startswith("en") else "ja"


@dataclass(frozen=True)
class Runner:
    """Runs operations of one schema."""

    schema: strawberry.Schema
    get_context: GetContext
    limits: TransportLimits = field(default_factory=TransportLimits)

    async def context(
        self, connection: HTTPConnection, params: dict[str, Any] | None
    ) -> Any | Answer:
        """The context of an operation, or the answer that refuses it."""
        try:
            async with asyncio.timeout(self.limits.request_seconds):
                return await self.get_context(connection, params)
        except TimeoutError:
            return Answer({"errors": [timed_out(locale_of(connection))]}, executed=False)
        except Exception as error:  # noqa: BLE001 (told below, masked where it is ours)
            return self.refusal(error, connection)

    def refusal(
        self, error: Exception, connection: HTTPConnection, context: object = None
    ) -> Answer:
        """An answer without data for what was raised."""
        request_id, locale = request_id_of(connection), locale_of(connection, context)
        if isinstance(error, GraphQLError):
            told = present([error], request_id=request_id, locale=locale)
        elif isinstance(error, (DomainError, CannotGetOperationTypeError, MissingQueryError)):
            wrapped = GraphQLError(_said(error), original_error=error)
            told = present([wrapped], request_id=request_id, locale=locale)
        elif isinstance(error, InvalidOperationTypeError):
            told = [_not_allowed(error.operation_type)]
        else:
            told = [fault(error, request_id=request_id, locale=locale)]
            return Answer({"errors": told}, executed=False, failed=True)
        return Answer({"errors": told}, executed=False)

    async def answer(
        self, operation: Operation, connection: HTTPConnection, allowed: AbstractSet[OperationType]
    ) -> Answer:
        """Run a query or a mutation within the time limit."""
        context = await self.context(connection, None)
        if isinstance(context, Answer):
            return context
        try:
            return await self._execute(operation, connection, context, allowed)
        except Exception as error:  # noqa: BLE001 (told below, masked where it is ours)
            return self.refusal(error, connection, context)

    async def events(
        self,
        operation: Operation,
        connection: HTTPConnection,
        params: dict[str, Any] | None = None,
    ) -> AsyncGenerator[Answer, None]:
        """The answers to a subscription, or the one answer to a query. Mutations are refused."""
        context = await self.context(connection, params)
        if isinstance(context, Answer):
            yield context
            return
        try:
            async with aclosing(self._events(operation, connection, context)) as answers:
                async for answer in answers:
                    yield answer
        except Exception as error:  # noqa: BLE001 (told below, masked where it is ours)
            yield self.refusal(error, connection, context)

    async def _events(
        self, operation: Operation, connection: HTTPConnection, context: Any
    ) -> AsyncGenerator[Answer, None]:
        try:
            answer = await self._execute(operation, connection, context, {OperationType.QUERY})
        except InvalidOperationTypeError as error:
            if error.operation_type is not OperationType.SUBSCRIPTION:
                raise
        else:
            yield answer
            return
        stream = await self.schema.stream(
            operation.query,
            variable_values=operation.variables,
            context_value=context,
            operation_name=operation.name,
            allowed_operation_types={OperationType.SUBSCRIPTION},
        )
        async with aclosing(stream):
            async for result in stream:
                yield self._answer_of(result, connection, context)

    async def _execute(
        self,
        operation: Operation,
        connection: HTTPConnection,
        context: Any,
        allowed: AbstractSet[OperationType],
    ) -> Answer:
        try:
            async with asyncio.timeout(self.limits.request_seconds):
                result = await self.schema.execute(
                    operation.query,
                    variable_values=operation.variables,
                    context_value=context,
                    operation_name=operation.name,
                    allowed_operation_types=allowed,
                )
        except TimeoutError:
            return Answer({"errors": [timed_out(locale_of(connection, context))]}, executed=False)
        return self._answer_of(result, connection, context)

    def _answer_of(self, result: Any, connection: HTTPConnection, context: Any) -> Answer:
        payload: dict[str, Any] = {}
        errors = result.errors or []
        if errors:
            payload["errors"] = present(
                errors,
                request_id=request_id_of(connection),
                locale=locale_of(connection, context),
            )
        # Values of variables are refused without a path, before anything ran.
        executed = not isinstance(result, PreExecutionError) and (
            result.data is not None or any(error.path is not None for error in errors)
        )
        if executed:
            payload["data"] = result.data
        if result.extensions:
            payload["extensions"] = result.extensions
        return Answer(payload, executed=executed)


def _said(error: Exception) -> str:
    if isinstance(error, CannotGetOperationTypeError):
        return (
            "Say by operationName which operation to run."
            if error.operation_name is None
            else "The document has no operation named as operationName says."
        )
    return str(error)


def _not_allowed(kind: OperationType) -> dict[str, Any]:
    message = {
        OperationType.QUERY: "Queries cannot be sent this way.",
        OperationType.MUTATION: "Mutations are accepted by POST with application/json only.",
        OperationType.SUBSCRIPTION: "Subscribe over a WebSocket (graphql-transport-ws) "
        "or with Accept: text/event-stream.",
    }[kind]
    return {"message": message, "extensions": {"code": "OPERATION_NOT_ALLOWED"}}
