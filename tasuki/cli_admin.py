"""The commands of those who run a consortium."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

import click

from models.access import Actor, ActorKind, Role
from models.audit import HASH_BYTES, verify_chain
from models.errors import NotFound
from models.operations.consortia import CreateConsortium, create_consortium
from models.operations.flow_sources import (
    SMALLEST_COUNT_MAX,
    FlowFile,
    ImportFlows,
    import_flows,
    report_of,
)
from models.operations.members import ImportMembers, ImportReport, import_members
from models.operations.users import CreateUser, create_user
from models.reads.every_consortium import every_consortium
from models.session import Database
from tasuki.running import run


@click.command("create-consortium")
@click.argument("slug")
@click.argument("name")
@click.option("--time-zone", default="Asia/Tokyo", show_default=True, help="Where its days begin.")
@click.option("--smallest-count", default=3, show_default=True, help="No smaller number is told.")
def create_consortium_command(slug: str, name: str, time_zone: str, smallest_count: int) -> None:
    """Create a consortium, for example: tasuki create-consortium kansai 関西採用連盟."""

    async def work(database: Database) -> None:
        async with database.transaction() as tx:
            await create_consortium(tx, CreateConsortium(slug, name, time_zone, smallest_count))

    run(work)
    click.echo(f"Created {slug}. Next: tasuki create-user {slug} ADDRESS NAME")


@click.command("create-user")
@click.argument("consortium")
@click.argument("email")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.CONSORTIUM_ADMIN.value,
    show_default=True,
    help="What they may do.",
)
@click.option("--corporate-number", help="Of the member they act for; none for the consortium.")
@click.password_option(help="Asked for where it is not given.")
@click.option("--locale", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
def create_user_command(
    consortium: str,
    email: str,
    name: str,
    role: str,
    corporate_number: str | None,
    password: str,
    locale: str,
) -> None:
    """Create someone who can sign in at once."""
    command = CreateUser(
        consortium=consortium,
        email=email,
        name=name,
        role=Role(role),
        password=password,
        corporate_number=corporate_number,
        locale=locale,
    )
    run(lambda database: create_user(database, command))
    click.echo(f"Created {email} ({role}).")


@click.group("import")
def import_group() -> None:
    """Import from files."""


@import_group.command("companies")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consortium", required=True, help="Its slug.")
@click.option("--keep-good-rows", is_flag=True, help="Import what can be, where rows are refused.")
def import_companies(file: Path, consortium: str, keep_good_rows: bool) -> None:  # noqa: FBT001
    """Import companies and agencies from a CSV, all or nothing."""
    data = file.read_bytes()

    async def work(database: Database) -> ImportReport:
        actor = await administrator_of(database, consortium)
        async with database.transaction() as tx:
            return await import_members(tx, actor, ImportMembers(data, keep_good_rows))

    _tell_report(run(work))


@import_group.command("flows")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--consortium", required=True, help="Its slug.")
@click.option("--label", required=True, help="What the source is called.")
@click.option(
    "--nodes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV with id and name, where the flows name nodes by id.",
)
@click.option(
    "--smallest-count",
    type=click.IntRange(1, SMALLEST_COUNT_MAX),
    help="Flows are told in multiples of it: 1 where they are public. Else the consortium's.",
)
@click.option("--replace", is_flag=True, help="Take the place of the source with this label.")
@click.option("--dry-run", is_flag=True, help="Only say what would be refused.")
def import_flows_command(
    file: Path,
    consortium: str,
    label: str,
    nodes: Path | None,
    smallest_count: int | None,
    replace: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
) -> None:
    """Import aggregated flows from a CSV as a source of its own, all or nothing."""
    read = FlowFile.of(file.read_bytes(), nodes.read_bytes() if nodes else None)
    command = ImportFlows(label, read, smallest_count, replace)

    async def work(database: Database) -> ImportReport:
        actor = await administrator_of(database, consortium)
        if dry_run:
            return report_of(command.file.found)
        async with database.transaction() as tx:
            return (await import_flows(tx, actor, command, _show_progress)).report

    _tell_report(run(work))
    if dry_run:
        click.echo("Nothing was written.")


def _show_progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} / {of:,} flows", err=True, nl=done == of)


def _tell_report(report: ImportReport) -> None:
    for row in report.refused:
        where = f", {row.column}" if row.column else ""
        click.echo(f"line {row.line}{where}: {row.code}: {row.reason.en}", err=True)
    for column in report.unknown_columns:
        click.echo(f"column not read: {column}", err=True)
    click.echo(f"{report.imported} imported, {len(report.refused)} refused.")
    if report.refused:
        raise SystemExit(1)


@click.group("audit")
def audit_group() -> None:
    """The audit log."""


@audit_group.command("verify")
@click.option("--head", help="NUMBER:HASH as published earlier: must still be in the chain.")
@click.option("--consortium", help="Its slug, where --head is given.")
def verify_audit(head: str | None, consortium: str | None) -> None:
    """Compute every link of every chain again."""
    if (head is None) != (consortium is None):
        raise click.UsageError("--head and --consortium go together")
    published = _published(head)
    broken = run(lambda database: _verify(database, published, consortium))
    if broken:
        raise SystemExit(1)


async def _verify(database: Database, head: tuple[int, bytes] | None, slug: str | None) -> int:
    broken = 0
    async with database.read() as read:
        for consortium in await every_consortium(read):
            published = head if consortium.slug == slug else None
            report = await verify_chain(read, consortium.id, published=published)
            if report.broken_at is None:
                click.echo(f"{consortium.slug}: {report.entries} links hold: {report.head.hex()}")
            else:
                broken += 1
                click.echo(f"{consortium.slug}: BROKEN at link {report.broken_at}", err=True)
    return broken


def _published(head: str | None) -> tuple[int, bytes] | None:
    if head is None:
        return None
    number, _, written = head.partition(":")
    try:
        found = int(number), bytes.fromhex(written)
    except ValueError:
        raise click.UsageError("--head is NUMBER:HASH, as in /metrics and the daily log") from None
    if len(found[1]) != HASH_BYTES:
        raise click.UsageError(
            f"the hash of --head is shortened or mistyped: it has {HASH_BYTES * 2} digits"
        )
    return found


async def administrator_of(database: Database, slug: str) -> Actor:
    """The command line acts as a consortium admin. Raises `NotFound` for an unknown slug."""
    async with database.read() as read:
        found: dict[str, uuid.UUID] = {one.slug: one.id for one in await every_consortium(read)}
    if slug not in found:
        raise NotFound(what=f"consortium {slug}")
    return Actor(
        kind=ActorKind.SYSTEM, consortium_id=found[slug], role=Role.CONSORTIUM_ADMIN, locale="en"
    )
