"""The commands that take something out as a file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.operations.network_exports import record_network_export
from models.reads.flow_sources import flow_source_labelled
from models.rules.flows import Level
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.network_exports import NetworkExport, NetworkFormat
from models.session import Database
from tasuki.cli_admin import administrator_of
from tasuki.running import run

if TYPE_CHECKING:
    from network.exports.contents import Network

BYTES_PER_NOTE = 10_000_000
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("export")
def export_group() -> None:
    """Export to files."""


@export_group.command("flows")
@click.option("--consortium", required=True, help="Its slug.")
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice([one.value for one in NetworkFormat], case_sensitive=False),
    help="Which file.",
)
@click.option("--from", "first", required=True, type=DAY, help="The first day.")
@click.option("--until", "last", required=True, type=DAY, help="The last day.")
@click.option(
    "--channel", "channels", multiple=True, type=click.Choice([one.value for one in Channel])
)
@click.option(
    "--event", "events", multiple=True, type=click.Choice([one.value for one in ReferralStatus])
)
@click.option(
    "--level",
    default=Level.ORGANIZATION.value,
    show_default=True,
    type=click.Choice([one.value for one in Level]),
    help="What a node is.",
)
@click.option(
    "--source", "label", help="The label of an imported source, instead of our own flows."
)
@click.option("--language", default="ja", show_default=True, type=click.Choice(["ja", "en"]))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; one that is there is replaced.",
)
def export_flows(
    consortium: str,
    kind: str,
    first: date,
    last: date,
    channels: tuple[str, ...],
    events: tuple[str, ...],
    level: str,
    label: str | None,
    language: str,
    out: Path,
) -> None:
    """Write the flow network to a file, rounded as analysts are told it."""
    from network.edges import Window  # noqa: PLC0415  (quick start of the other commands)

    export = NetworkExport(
        NetworkFormat(kind.upper()),
        date(first.year, first.month, first.day),
        date(last.year, last.month, last.day),
        channels=frozenset(map(Channel, channels)) or None,
        events=frozenset(map(ReferralStatus, events)) or None,
        level=Level(level),
    )
    if label is not None and export.level is not Level.ORGANIZATION:
        raise click.UsageError("--source has no --level: its nodes are names")
    try:
        Window(export.first, export.last)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    network = run(lambda database: _read(database, consortium, export, label, language))
    size = _write(network, export.format, out)
    click.echo(f"{len(network.nodes):,} nodes, {size:,} bytes: {out}")


async def _read(
    database: Database, slug: str, export: NetworkExport, label: str | None, language: str
) -> Network:
    from network.exports.reading import read_network  # noqa: PLC0415
    from tasuki.network_exports import id_of  # noqa: PLC0415

    actor = replace(await administrator_of(database, slug), locale=language)
    async with database.read() as read:
        if label is not None:
            source = await flow_source_labelled(read, actor, label)
            export = replace(export, source_id=source.id)
        network = await read_network(read, actor, export, id_of=id_of)
    async with database.transaction() as tx:
        await record_network_export(tx, actor, export)
    return network


def _write(network: Network, kind: NetworkFormat, out: Path) -> int:
    """Write beside the file and put it in its place once it is whole; answers its size."""
    from network.exports.writers import WRITERS  # noqa: PLC0415

    partly = out.with_name(f".{out.name}.partly")
    size = told = 0
    try:
        with partly.open("wb") as file:
            for chunk in WRITERS[kind](network):
                size += file.write(chunk)
                if size - told >= BYTES_PER_NOTE:
                    told = size
                    click.echo(f"{size:,} bytes", err=True)
        partly.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    finally:
        with suppress(FileNotFoundError):
            partly.unlink()
    return size
