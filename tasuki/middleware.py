"""What happens to every request: an id, safe headers, a log line, a number in the metrics."""

from __future__ import annotations

import time
import uuid
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql.errors import FAULT, frames_of

log = structlog.get_logger(__name__)

SAFE_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class RequestMetrics:
    """Requests by route and status, and how long they took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "tasuki_requests", "Requests answered.", ["route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "tasuki_request_seconds", "Time to answer.", ["route"], registry=registry
        )


class RequestMiddleware:
    """Outermost: sees every request and every answer."""

    def __init__(self, app: ASGIApp, *, metrics: RequestMetrics, is_https: bool) -> None:
        self.app = app
        self.metrics = metrics
        self.headers = dict(SAFE_HEADERS)
        if is_https:
            self.headers["strict-transport-security"] = STRICT_TRANSPORT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, started = uuid.uuid4().hex, time.perf_counter()
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_safely)
        except Exception as error:  # noqa: BLE001 (told without what it says, and logged so)
            log.error(  # noqa: TRY400 (the traceback would end with what it says)
                "request_fault",
                request_id=request_id,
                kind=type(error).__name__,
                frames=frames_of(error),
            )
            if status == 0:
                await _apologize(request_id)(scope, receive, send_safely)
        finally:
            self._note(scope, status, time.perf_counter() - started, request_id)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        # The route, never the path: paths hold the secrets of links.
        route = _route_of(scope)
        self.metrics.requests.labels(route, str(status)).inc()
        self.metrics.seconds.labels(route).observe(seconds)
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
            request_id=request_id,
        )


def _apologize(request_id: str) -> PlainTextResponse:
    """The answer where there is none: neutral, in both languages."""
    text = f"{FAULT.ja}\n\n{FAULT.en}\n\nrequestId: {request_id}\n"
    return PlainTextResponse(text, 500, headers={"cache-control": "no-store"})


def _route_of(scope: Scope) -> str:
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "other"
