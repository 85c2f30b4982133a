"""What happens apart from requests: mails and timers, inside `serve` or by `tasuki worker`."""

from __future__ import annotations

import asyncio

from models.session import Database
from tasuki.analyses import analyses_of
from tasuki.settings import Settings
from tasuki.workers.analyses import AnalysisWorker
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import Mailer, Sender, mailer_for
from tasuki.workers.outbox import OutboxWorker
from tasuki.workers.timers import Timers

DEVELOPMENT_BASE_URL = "http://localhost:8000"


class Workers:
    """The outbox relay, the timers and the analyses of one process; any number may run them."""

    def __init__(
        self, database: Database, settings: Settings, *, mailer: Mailer | None = None
    ) -> None:
        self.mailer = mailer or mailer_for(settings.smtp_url, settings.mail_dir)
        post = Post(
            database=database,
            base_url=settings.base_url or DEVELOPMENT_BASE_URL,
            sender=Sender.parse(settings.mail_from),
            mailer=self.mailer,
        )
        self.outbox = OutboxWorker(database, handlers(post))
        self.timers = Timers(database)
        # Apart from the server's own, so that no request waits for a job.
        self.analyses = AnalysisWorker(database, analyses_of(database, 1))
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to work."""
        self._tasks = [
            asyncio.create_task(self.outbox.run()),
            asyncio.create_task(self.timers.run()),
            asyncio.create_task(self.analyses.run()),
        ]

    async def stop(self) -> None:
        """Finish what is under way, and begin nothing more."""
        self.outbox.stop()
        self.timers.stop()
        self.analyses.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.mailer.close()
