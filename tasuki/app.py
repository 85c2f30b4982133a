"""The application: pages, dashboards and the API around one database."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Gauge
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gql.context import Context
from gql.limits import Limits
from gql.schema import build_schema
from models.operations.erased_keys import replay_erasures
from models.session import Database
from network.answering import Analyses
from tasuki.analyses import analyses_of
from tasuki.auth import Signing, clear_session_cookie, set_session_cookie
from tasuki.dashboards import dashboard_routes, graphiql_page
from tasuki.events import EventHub
from tasuki.graphql_http import GraphQLEndpoint
from tasuki.graphql_run import TransportLimits, locale_of
from tasuki.impact_routes import ImpactRoutes
from tasuki.logs import configure_logs
from tasuki.meeting_files import MeetingRoutes
from tasuki.middleware import RequestMetrics, RequestMiddleware
from tasuki.network_exports import NetworkExportRoutes
from tasuki.operations_pages import OperationsPages
from tasuki.pages.routes import routes
from tasuki.registers import RegisterRoutes
from tasuki.settings import Settings, WorkerPlace
from tasuki.workers import Workers

BODY_BYTES_MAX = 8 * 1024 * 1024
"""A member list of some thousand companies travels as text inside a mutation."""

log = structlog.get_logger(__name__)


def from_environment() -> Starlette:
    """What uvicorn's factory calls."""
    settings = Settings()
    configure_logs(settings.log_level)
    return create_app(settings)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    more_routes: Sequence[BaseRoute] = (),
) -> Starlette:
    """The whole application. ``more_routes`` come first; the demo adds its own so."""
    database = database or settings.open_database()
    hub = EventHub(database)
    analyses = analyses_of(database, settings.analysis_processes)
    workers = Workers(database, settings) if settings.worker is WorkerPlace.INSIDE else None
    registry = CollectorRegistry()
    base_url = settings.base_url or "http://localhost:8000"
    operations = OperationsPages(database, registry, settings.metrics_token)
    Gauge("tasuki_subscriptions", "Subscriptions that are open.", registry=registry).set_function(
        lambda: hub.followers
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        hub.start()
        if workers:
            await workers.start()
        yield
        if workers:
            await workers.stop()
        await hub.stop()
        await analyses.close()
        await database.close()

    endpoint = _graphql_endpoint(settings, database, hub, analyses, base_url)
    app = Starlette(
        routes=[
            *more_routes,
            *operations.routes(),
            *(_with_cookie(route) for route in endpoint.routes("/graphql")),
            *routes(database, base_url=base_url, contact=settings.contact_address),
            *RegisterRoutes(database).routes(),
            *NetworkExportRoutes(database).routes(),
            *MeetingRoutes(database).routes(),
            *ImpactRoutes(database).routes(),
            *dashboard_routes(),
            Route("/", _to_dashboards),
            Route("/invitation/{token}", _to_invitation),
            Route("/reset/{token}", _to_reset),
        ],
        middleware=[
            Middleware(
                RequestMiddleware,
                metrics=RequestMetrics(registry),
                is_https=base_url.startswith("https://"),
            )
        ],
        lifespan=lifespan,
    )
    app.state.stop_streams = endpoint.stop_streams
    app.state.analyses = analyses
    return app


async def _to_dashboards(_: Request) -> Response:
    return RedirectResponse("/app", 302)


async def _to_invitation(request: Request) -> Response:
    return RedirectResponse(f"/app/invitation/{request.path_params['token']}", 302)


async def _to_reset(request: Request) -> Response:
    return RedirectResponse(f"/app/reset/{request.path_params['token']}", 302)


def _graphql_endpoint(
    settings: Settings, database: Database, hub: EventHub, analyses: Analyses, base_url: str
) -> GraphQLEndpoint:
    signing = Signing(database)

    async def get_context(connection: HTTPConnection, params: dict[str, Any] | None) -> Context:
        signed = await signing.actor_of(connection, params)

        def set_session(token: str | None) -> None:
            connection.scope["state"]["session"] = token

        return Context(
            database=database,
            base_url=base_url,
            actor=signed.actor,
            language=locale_of(connection),
            session_token=signed.session_token,
            set_session=set_session,
            events=hub.follow,
            shared_analyses=analyses,
            again=lambda: signing.still_signed_in(connection, params),
        )

    return GraphQLEndpoint(
        build_schema(Limits(introspection=settings.allows_introspection)),
        get_context,
        base_url=base_url,
        limits=TransportLimits(body_bytes=BODY_BYTES_MAX),
        graphiql_html=graphiql_page() if settings.is_development else None,
    )


def _with_cookie(route: Any) -> Any:
    """Let a mutation that signs in or out set the browser's cookie."""
    route.app = SessionCookie(route.app)
    return route


class SessionCookie:
    """Sends what a context's ``set_session`` was told."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_cookie(message: Message) -> None:
            state = scope.get("state", {})
            if message["type"] == "http.response.start" and "session" in state:
                token = state["session"]
                header = set_session_cookie(token) if token else clear_session_cookie()
                message["headers"] = [*message["headers"], (b"set-cookie", header.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


async def run_workers(settings: Settings, database: Database) -> None:
    """Work until told to stop."""
    await replay_erasures(database)
    workers, stopped = Workers(database, settings), asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopped.set)
    await workers.start()
    log.info("worker.started")
    await stopped.wait()
    await workers.stop()
    log.info("worker.stopped")
