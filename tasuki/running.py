"""What every command shares: settings read, the database opened, refusals told plainly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from pydantic import ValidationError

from models.errors import DomainError
from models.migrate import is_migrated
from models.session import Database
from tasuki.settings import Settings

T = TypeVar("T")


def settings_or_exit() -> Settings:
    """The settings, or a plain message of what is wrong with them."""
    try:
        return Settings()
    except ValidationError as error:
        for one in error.errors():
            message = one["msg"].removeprefix("Value error, ")
            if one["loc"]:
                message = f"TASUKI_{str(one['loc'][0]).upper()}: {message}"
            click.echo(message, err=True)
        raise SystemExit(2) from None


def run(work: Callable[[Database], Awaitable[T]], *, migrated: bool = True) -> T:
    """Open the database, do the work, close it. A refusal becomes a message and exit code 1."""

    async def main() -> T:
        database = settings_or_exit().open_database()
        try:
            if migrated and not await is_migrated(database.reader):
                raise click.ClickException("the database is not migrated: run `tasuki migrate`")
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(main())
    except DomainError as error:
        raise click.ClickException(f"{error.code}: {error.message('en')}") from None
