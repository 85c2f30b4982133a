"""``tasuki demo --load``: fills the configured database, and says what came of it."""

from __future__ import annotations

import asyncio

import click

from models.errors import DomainError
from tasuki.load.run import LoadReport, ShownProgress, load
from tasuki.settings import Settings


def load_from_command(settings: Settings, *, companies: int, referrals: int, seed: int) -> None:
    """Load, verify and report. Exits with 1 where it is refused, or a rule does not hold."""

    async def main() -> LoadReport:
        database = settings.open_database()
        try:
            return await load(
                database,
                companies=companies,
                referrals=referrals,
                seed=seed,
                progress=ShownProgress(),
            )
        finally:
            await database.close()
            click.echo(err=True)

    try:
        report = asyncio.run(main())
    except DomainError as error:
        raise click.ClickException(f"{error.code}: {error.message('en')}") from None
    for line in told(report):
        click.echo(line)
    if report.violations:
        raise SystemExit(1)


def told(report: LoadReport) -> list[str]:
    """The report in words."""
    took = ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in report.took_s.items())
    rows, total_s = report.rows.total(), sum(report.took_s.values())
    members = f"{report.companies:,} companies, {report.agencies:,} agencies"
    return [
        f"{members}, {report.referrals:,} referrals in the consortium {report.consortium_id}",
        f"{rows:,} rows, {took}: {report.referrals / total_s:,.0f} referrals/s in all",
        *(f"VIOLATED {one.rule}: {one.subject} {one.subject_id}" for one in report.violations),
        f"{len(report.violations)} violations of the invariants",
    ]
