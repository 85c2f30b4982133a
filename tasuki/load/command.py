"""``tasuki demo --load``: fill the configured database in bulk, and say what was found."""

from __future__ import annotations

import asyncio

import click

from models.errors import DomainError
from tasuki.load.run import LoadReport, ShownProgress, load
from tasuki.settings import Settings


def load_from_command(settings: Settings, *, companies: int, referrals: int, seed: int) -> None:
    """Load, verify and report. Exits with 1 where an invariant does not hold, 130 on Ctrl-C."""
    try:
        report = asyncio.run(_load(settings, companies, referrals, seed))
    except DomainError as error:
        raise click.ClickException(f"{error.code}: {error.message('en')}") from None
    except KeyboardInterrupt:
        click.echo("\nStopped; nothing was loaded.", err=True)
        raise SystemExit(130) from None
    _tell(report)
    if report.violations:
        raise SystemExit(1)


async def _load(settings: Settings, companies: int, referrals: int, seed: int) -> LoadReport:
    database = settings.open_database(durable=False)
    try:
        return await load(
            database, companies=companies, referrals=referrals, seed=seed, progress=ShownProgress()
        )
    finally:
        await database.close()


def _tell(report: LoadReport) -> None:
    click.echo(err=True)
    took = ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in report.took_s.items())
    click.echo(
        f"{report.companies:,} companies, {report.agencies:,} agencies, "
        f"{report.referrals:,} referrals ({took})."
    )
    for violation in report.violations:
        click.echo(f"VIOLATED {violation.rule}: {violation.subject} {violation.detail}", err=True)
    if not report.violations:
        click.echo("Every invariant holds.")
