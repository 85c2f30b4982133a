"""The command line."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

import gql
import tasuki
from models.migrate import differences, migrate
from models.operations.erased_keys import replay_erasures
from tasuki import cli_admin, cli_erasures, cli_exports
from tasuki.running import run, settings_or_exit
from tasuki.settings import Settings, WorkerPlace

SCHEMA_FILE = Path("schema.graphql")
SOCKET_MESSAGE_BYTES_MAX = 262_144


@click.group()
@click.version_option(package_name="tasuki")
def main() -> None:
    """Tasuki: companies hire together."""
    # The client package of the same name on PyPI must not stand in for ours.
    if Path(gql.__file__ or "").parent.parent != Path(tasuki.__file__ or "").parent.parent:
        raise click.ClickException(f"another package named gql shadows ours: {gql.__file__}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--reload", is_flag=True, help="Restart when a file changes (development).")
def serve(host: str, port: int, reload: bool) -> None:  # noqa: FBT001  (click's way)
    """Serve the pages, the dashboards and the API."""
    import os  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415  (quick start of the other commands)

    settings = settings_or_exit()
    if settings.base_url is None:
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104
        os.environ["TASUKI_BASE_URL"] = f"http://{shown}:{port}"
    # Before anyone can look: a restored backup may have brought erased persons back.
    run(replay_erasures)
    how: dict[str, Any] = {
        "host": host,
        "port": port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "ws_max_size": SOCKET_MESSAGE_BYTES_MAX,
    }
    if reload:
        factory = "tasuki.app:from_environment"
        uvicorn.run(factory, factory=True, reload=True, timeout_graceful_shutdown=1, **how)
        return
    _serve(how)


def _serve(how: dict[str, Any]) -> None:
    import uvicorn  # noqa: PLC0415

    from tasuki.app import from_environment  # noqa: PLC0415
    from tasuki.serving import GRACEFUL_STOP_S, Server  # noqa: PLC0415

    app = from_environment()
    server = Server(uvicorn.Config(app, timeout_graceful_shutdown=GRACEFUL_STOP_S, **how), app)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)


@main.command()
def worker() -> None:
    """Send mails and run the timers, apart from the server."""
    from tasuki.app import run_workers  # noqa: PLC0415
    from tasuki.logs import configure_logs  # noqa: PLC0415

    settings = settings_or_exit().model_copy(update={"worker": WorkerPlace.APART})
    configure_logs(settings.log_level)
    run(lambda database: run_workers(settings, database))


@main.command("migrate")
@click.option("--check", is_flag=True, help="Only tell whether tables and migrations agree.")
def migrate_command(check: bool) -> None:  # noqa: FBT001  (click's way)
    """Create or upgrade the database and the key store."""
    if check:
        _check_migrations()
        return
    run(migrate, migrated=False)
    click.echo("The database is up to date.")


def _check_migrations() -> None:
    import tempfile  # noqa: PLC0415

    async def compare() -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(
                database_url=f"sqlite:///{folder}/check.db", secret_key="x" * 32, keys_url=None
            )
            database = settings.open_database(durable=False)
            await migrate(database)
            found = await differences(database)
            await database.close()
            return found

    found = asyncio.run(compare())
    for difference in found:
        click.echo(difference, err=True)
    if found:
        raise click.ClickException("the tables differ from what the migrations make")
    click.echo("The migrations make exactly the tables.")


@main.command()
@click.option("--check", is_flag=True, help=f"Compare with {SCHEMA_FILE} instead of printing.")
def schema(check: bool) -> None:  # noqa: FBT001  (click's way)
    """Print the GraphQL schema."""
    from gql.schema import build_schema  # noqa: PLC0415

    text = build_schema().as_str().rstrip() + "\n"
    if not check:
        sys.stdout.write(text)
    elif not SCHEMA_FILE.exists() or SCHEMA_FILE.read_text() != text:
        raise click.ClickException(f"{SCHEMA_FILE} is not up to date: make schema")


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port to serve the demo on.")
@click.option("--load", is_flag=True, help="Fill the configured database in bulk, serve nothing.")
@click.option("--companies", default=100, show_default=True, help="With --load.")
@click.option("--referrals", default=10_000, show_default=True, help="With --load.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same data.")
def demo(port: int, load: bool, companies: int, referrals: int, seed: int) -> None:  # noqa: FBT001
    """Serve an invented consortium with two years of history."""
    if load:
        from tasuki.load.command import load_from_command  # noqa: PLC0415

        load_from_command(settings_or_exit(), companies=companies, referrals=referrals, seed=seed)
        return
    from tasuki.demo import serve_demo  # noqa: PLC0415

    serve_demo(port=port, seed=seed)


for command in (
    cli_admin.create_consortium_command,
    cli_admin.create_user_command,
    cli_admin.import_group,
    cli_admin.audit_group,
    cli_erasures.erasures_group,
    cli_exports.export_group,
):
    main.add_command(command)
