"""The graphql-transport-ws protocol: queries and subscriptions over one socket.

Mutations are refused here; they go by POST. The older `graphql-ws` protocol is not spoken.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from gql.errors import RequestError, log_fault
from tasuki.graphql_run import Answer, Operation, Runner, own_origin, read_operation, request_id_of

PROTOCOL = "graphql-transport-ws"
MAX_ID_CHARACTERS = 128
MAX_REASON_BYTES = 120


class _Closing(Exception):
    """The socket is to be closed with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
        super().__init__(reason)


class GraphQLSocket:
    """One connection, from the handshake to the last of its operations."""

    def __init__(self, runner: Runner, websocket: WebSocket) -> None:
        self.runner = runner
        self.websocket = websocket
        self.limits = runner.limits
        self.params: dict[str, Any] | None = None
        self.acknowledged = False
        self.operations: dict[str, asyncio.Task[None]] = {}

    async def serve(self, origin: str) -> None:
        """Speak the protocol until either side ends it; every operation is stopped then."""
        if not own_origin(self.websocket, origin):
            await self.websocket.close(1008)  # before accepting: the handshake is answered 403
            return
        if PROTOCOL not in self.websocket.scope.get("subprotocols", []):
            await self.websocket.accept()
            await self.websocket.close(4406, "Subprotocol not acceptable")
            return
        await self.websocket.accept(PROTOCOL)
        try:
            await self._converse()
        except _Closing as closing:
            await self._close(closing)
        except WebSocketDisconnect:
            pass
        finally:
            await self._stop()

    async def _converse(self) -> None:
        try:
            async with asyncio.timeout(self.limits.socket_init_seconds):
                while not self.acknowledged:
                    await self._handle(await self._receive())
        except TimeoutError:
            raise _Closing(4408, "Connection initialisation timeout") from None
        while True:
            await self._handle(await self._receive())

    async def _receive(self) -> dict[str, Any]:
        message = await self.websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code") or 1005)
        text = message.get("text")
        if text is None:
            raise _Closing(4400, "Messages must be text")
        if len(text.encode()) > self.limits.socket_message_bytes:
            raise _Closing(1009, "Message too big")
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise _Closing(4400, "Messages must be JSON") from None
        if not isinstance(found, dict):
            raise _Closing(4400, "Messages must be JSON objects")
        return found

    async def _handle(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._init(message.get("payload"))
            case "ping":
                await self._send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                task = self.operations.pop(_id_of(message), None)
                if task is not None:
                    task.cancel()
            case _:
                raise _Closing(4400, "Unknown message type")

    async def _init(self, payload: object) -> None:
        if self.acknowledged:
            raise _Closing(4429, "Too many initialisation requests")
        if payload is not None and not isinstance(payload, dict):
            raise _Closing(4400, "The payload of connection_init must be an object")
        self.params = payload or {}
        refused = await self.runner.context(self.websocket, self.params)
        if isinstance(refused, Answer):
            raise (
                _Closing(4500, "Internal error") if refused.failed else _Closing(4403, "Forbidden")
            )
        self.acknowledged = True
        await self._send({"type": "connection_ack"})

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if not self.acknowledged:
            raise _Closing(4401, "Unauthorized")
        name = _id_of(message)
        if name in self.operations:
            raise _Closing(4409, f"Subscriber for {name} already exists")
        try:
            operation = read_operation(message.get("payload"))
        except RequestError as error:
            raise _Closing(4400, error.message) from None
        if len(self.operations) >= self.limits.socket_operations:
            await self._send(_too_many(name, self.limits.socket_operations))
            return
        task = asyncio.ensure_future(self._run(name, operation))
        self.operations[name] = task
        task.add_done_callback(self._finished)

    async def _run(self, name: str, operation: Operation) -> None:
        async with aclosing(self.runner.events(operation, self.websocket, self.params)) as events:
            async for answer in events:
                if not answer.executed:
                    errors = answer.payload["errors"]
                    self.operations.pop(name, None)
                    await self._send({"id": name, "type": "error", "payload": errors})
                    return
                await self._send({"id": name, "type": "next", "payload": answer.payload})
        self.operations.pop(name, None)
        await self._send({"id": name, "type": "complete"})

    def _finished(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect):
            log_fault(error, request_id=request_id_of(self.websocket), path=None)

    async def _send(self, message: dict[str, Any]) -> None:
        if self.websocket.application_state is WebSocketState.CONNECTED:
            await self.websocket.send_text(orjson.dumps(message).decode())

    async def _close(self, closing: _Closing) -> None:
        if self.websocket.application_state is WebSocketState.CONNECTED:
            await self.websocket.close(closing.code, closing.reason)

    async def _stop(self) -> None:
        tasks = list(self.operations.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


def _id_of(message: dict[str, Any]) -> str:
    found = message.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= MAX_ID_CHARACTERS:
        raise _Closing(4400, f"id must be a string of 1 to {MAX_ID_CHARACTERS} characters")
    return found


def _too_many(name: str, limit: int) -> dict[str, Any]:
    error = {
        "message": f"At most {limit} operations at once on one socket.",
        "extensions": {"code": "LIMIT_EXCEEDED"},
    }
    return {"id": name, "type": "error", "payload": [error]}
