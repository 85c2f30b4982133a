"""For those who run the server: is it alive, is it ready, how does it do."""

from __future__ import annotations

import hmac

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from models.migrate import is_migrated
from models.reads.health import health
from models.session import Database

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class OperationsPages:
    """``/healthz``, ``/readyz`` and ``/metrics``."""

    def __init__(
        self, database: Database, registry: CollectorRegistry, metrics_token: str | None
    ) -> None:
        self.database = database
        self.registry = registry
        self.metrics_token = metrics_token
        self.due = Gauge("tasuki_outbox_due", "Events that wait for a worker.", registry=registry)
        self.oldest = Gauge(
            "tasuki_outbox_oldest_seconds", "Age of the oldest of them.", registry=registry
        )
        self.heads = Gauge(
            "tasuki_audit_head",
            "Number of the last link of each audit chain, with its hash.",
            ["consortium", "hash"],
            registry=registry,
        )

    def routes(self) -> list[BaseRoute]:
        """The three."""
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, _: Request) -> Response:
        """The process answers."""
        return PlainTextResponse("ok")

    async def ready(self, _: Request) -> Response:
        """The database answers, and stands at this version's schema."""
        try:
            migrated = await is_migrated(self.database.reader)
        except (OSError, SQLAlchemyError):
            return PlainTextResponse("the database does not answer", 503)
        if not migrated:
            return PlainTextResponse("the database is not migrated: tasuki migrate", 503)
        return PlainTextResponse("ready")

    async def metrics(self, request: Request) -> Response:
        """For whoever carries the metrics' token. Without one set, there is nothing here."""
        said = request.headers.get("authorization", "")
        if self.metrics_token is None or not hmac.compare_digest(
            said.encode(), f"Bearer {self.metrics_token}".encode()
        ):
            return PlainTextResponse("not found", 404)
        async with self.database.read() as read:
            found = await health(read)
            age = read.now - found.outbox_oldest_at if found.outbox_oldest_at else None
        self.due.set(found.outbox_due)
        self.oldest.set(age.total_seconds() if age else 0)
        self.heads.clear()
        for chain in found.chains:
            self.heads.labels(chain.consortium, chain.hash.hex()).set(chain.number)
        return Response(generate_latest(self.registry), media_type=METRICS_TYPE)
