"""The commands about erased persons: after a restore, and when a name must be told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

import click

from models.audit import audit
from models.operations.erased_keys import replay_erasures
from models.reads.erasures import KeptName, every_tombstone, kept_names
from models.session import Database
from models.vault import Tombstone
from tasuki.cli_admin import administrator_of
from tasuki.running import run


@click.group("erasures")
def erasures_group() -> None:
    """Erased persons."""


@erasures_group.command("replay")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list that `tasuki erasures export` wrote.",
)
def replay_command(file: Path | None) -> None:
    """Erase again whoever a restored backup brought back. May be run at any time."""
    more = _read_list(file.read_text()) if file else []
    again = run(lambda database: replay_erasures(database, more))
    click.echo(f"{again} erased again.")


@erasures_group.command("export")
def export_command() -> None:
    """List the tombstones, to be kept apart: key, candidate, when. They name nobody."""

    async def work(database: Database) -> list[Tombstone]:
        return [one async for one in every_tombstone(database)]

    for one in run(work):
        click.echo(f"{one.key_id} {one.candidate_id} {one.erased_at.isoformat()}")


@erasures_group.command("names")
@click.argument("consortium")
@click.option("--record", type=click.UUID, help="Only of this record, as registers number them.")
def names_command(consortium: str, record: uuid.UUID | None) -> None:
    """Print the names that the statutory registers keep of erased persons. It is audited."""

    async def work(database: Database) -> list[KeptName]:
        actor = await administrator_of(database, consortium)
        async with database.transaction() as tx:
            about = {"record": record.hex} if record else {}
            audit(tx, actor, "register.named", "consortium", actor.consortium_id, **about)
        async with database.read() as read:
            return await kept_names(read, actor.consortium_id, record)

    for one in run(work):
        click.echo(f"{one.candidate_id} {one.keep_until.date()} {one.name}")


def _read_list(text: str) -> list[Tombstone]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            key_id, candidate_id, erased_at = line.split()
            at = datetime.fromisoformat(erased_at)
            if at.tzinfo is None:
                raise ValueError(erased_at)
            found.append(Tombstone(uuid.UUID(key_id), uuid.UUID(candidate_id), at.astimezone(UTC)))
        except ValueError:
            raise click.ClickException(f"line {number} is no tombstone: {line[:100]}") from None
    return found
