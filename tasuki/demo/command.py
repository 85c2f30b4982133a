"""``tasuki demo``: make the history, start the server, tell how to sign in."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import orjson
import uvicorn
from starlette.applications import Starlette

from models.migrate import migrate
from models.operations.demo import leave_undone
from models.operations.frozen import SETTLED_AFTER, freeze_past
from models.rules.flows import local_day, month_of
from models.session import Database, utc_now
from tasuki.app import create_app
from tasuki.demo.founding import Founded, found
from tasuki.demo.history import TIME_ZONE, History
from tasuki.demo.impact import answers_of_a_year, state_what_hiring_costs
from tasuki.demo.mail_page import mail_routes
from tasuki.demo.meetings import FIRST_MEETING_AGO, meet_before
from tasuki.demo.partners import found_partnership
from tasuki.demo.requests import keep_two_years
from tasuki.demo.today import happen_today
from tasuki.logs import configure_logs
from tasuki.serving import Server
from tasuki.settings import Environment, Settings

FOLDER = Path("var/demo")
DAYS = 2 * 365


def serve_demo(*, port: int, seed: int) -> None:
    """Make the demo's database anew and serve it until stopped."""
    settings = demo_settings(port)
    configure_logs("warning")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, port, seed))


def demo_settings(port: int) -> Settings:
    """Settings of its own: whatever the environment says of a real database stays untouched."""
    for name in [name for name in os.environ if name.startswith("TASUKI_")]:
        del os.environ[name]
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        env=Environment.DEVELOPMENT,
        database_url=f"sqlite:///{FOLDER}/demo.db",
        mail_dir=FOLDER / "mail",
        base_url=f"http://localhost:{port}",
    )


async def _serve(settings: Settings, port: int, seed: int) -> None:
    database = settings.open_database(durable=False)
    founded = await make_history(database, seed, sys.stderr)
    await database.close()
    app = create_app(settings, more_routes=mail_routes(settings.mail_dir))
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False
    )
    await DemoServer(config, app, founded).serve()


class DemoServer(Server):
    """Tells how to sign in once it answers."""

    def __init__(self, config: uvicorn.Config, app: Starlette, founded: Founded) -> None:
        super().__init__(config, app)
        self.founded = founded

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            tell(self.founded, f"http://localhost:{self.config.port}", sys.stdout)


async def make_history(
    database: Database, seed: int, out: TextIO, *, days: int = DAYS, end: datetime | None = None
) -> Founded:
    """Migrate an empty database and fill it with a history of so many days that ends now."""
    await migrate(database)
    end = end or settled(utc_now().replace(second=0, microsecond=0))
    start = end - timedelta(days=days)
    database.clock = lambda: start
    founded = await found(database)
    await keep_two_years(database, founded)
    await state_what_hiring_costs(database, founded)
    await found_partnership(database, founded)
    history = History(database, founded, seed, start + timedelta(hours=9), end)
    told = -1

    def progress(share: float) -> None:
        nonlocal told
        if int(share * 20) > told:
            told = int(share * 20)
            out.write(f"\rMaking history … {told * 5:3d} %")
            out.flush()

    met_at = (end - FIRST_MEETING_AGO).replace(hour=3)
    history.put(met_at, meet_before, database, founded)
    await history.run(progress)
    async with database.transaction() as tx:
        await leave_undone(tx)
    await answers_of_a_year(database, founded, seed)
    await freeze_past(database)
    await happen_today(database, founded)
    database.clock = utc_now
    out.write(f"\r{history.candidates} registrations, {history.hires} hires.".ljust(48) + "\n")
    return founded


def settled(now: datetime) -> datetime:
    """Now, or an hour ago where a month ended since: before it is frozen no meeting is prepared.

    >>> settled(datetime(2026, 1, 31, 15, 30, tzinfo=UTC)).hour  # in Japan half past midnight
    14
    """
    earlier = now - SETTLED_AFTER
    months = {month_of(local_day(one, TIME_ZONE)) for one in (now, earlier)}
    return now if len(months) == 1 else earlier


def tell(founded: Founded, url: str, out: TextIO) -> None:
    """How to look around: for people, and as one JSON line for programs."""
    lines = [
        "",
        f"Tasuki's demo is running at {url} (all of it is invented). Stop it with Ctrl-C.",
        f"  dashboards {url}/app    mails {url}/demo/mail    candidates {url}/me/sign-in",
        f"  GraphQL {url}/graphql",
        "",
    ]
    lines += [f"  {one.kind:26} {one.email:34} {one.password}" for one in founded.sign_ins]
    lines.append("  candidates: candidate1@example.jp and so on; they sign in by a mailed link")
    out.write("\n".join(lines) + "\n")
    written = {
        "url": url,
        "made_at": datetime.now(UTC).isoformat(),
        "sign_ins": [
            {"kind": s.kind, "email": s.email, "password": s.password, "token": s.token}
            for s in founded.sign_ins
        ],
    }
    out.write(orjson.dumps(written).decode() + "\n")
    out.flush()
