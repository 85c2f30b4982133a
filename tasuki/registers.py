"""``/registers/NAME.csv`` and ``.pdf``: an organization takes out its own statutory registers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from models.access import Actor, require_signed_in
from models.errors import DomainError, InvalidInput, NotFound
from models.operations.registers import ExportRegister, export_register
from models.reads.members import consortium_of, members_by_id
from models.reads.registers import Cell, Position, RegisterAsked, register_page
from models.rules.csv_files import write_csv, write_csv_rows
from models.rules.registers import COLUMNS, TITLES, Period, Register, RegisterFormat
from models.session import Database
from models.vocabulary.text import Text
from tasuki.auth import Signing
from tasuki.graphql_run import locale_of
from tasuki.register_pdf import Sheet, write_pdf

PDF_ROWS_MAX = 3_000
"""A PDF is made whole, in memory; a CSV is sent as it is read, however long."""
MEDIA_TYPES = {RegisterFormat.CSV: "text/csv; charset=utf-8", RegisterFormat.PDF: "application/pdf"}
STATUS_OF_CODE = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "NOT_FOUND": 404, "INVALID_INPUT": 422}
OWN_SITES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Export:
    """What is asked for, by whom, and what their organization is called."""

    actor: Actor
    asked: RegisterAsked
    format: RegisterFormat
    organization: str

    @property
    def file_name(self) -> str:
        """ASCII, so that every browser keeps it."""
        period = self.asked.period
        name = self.asked.register.value.lower()
        return f"tasuki-{name}-{period.first}-{period.last}.{self.format.value.lower()}"

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [column.in_(self.asked.locale) for column in COLUMNS[self.asked.register]]


class RegisterRoutes:
    """The download, with a session's cookie or an API token."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.signing = Signing(database)

    def routes(self) -> list[BaseRoute]:
        """The one."""
        return [Route("/registers/{name}.{format}", self.download, methods=["GET"])]

    async def download(self, request: Request) -> Response:
        """The file, or why not. ``from`` and ``to`` are local days, ``lang`` is ja or en."""
        locale = _asked_language(request) or locale_of(request)
        try:
            export = await self._begin(request)
            locale = export.asked.locale
            if export.format is RegisterFormat.CSV:
                return _file(StreamingResponse(self._csv(export)), export)
            return _file(Response(await self._pdf(export)), export)
        except DomainError as error:
            return PlainTextResponse(
                f"{error.message(locale)}\n",
                STATUS_OF_CODE[error.code],
                headers={"cache-control": "no-store"},
            )

    async def _begin(self, request: Request) -> Export:
        """Who asks for what, once it is recorded. Nothing was read of any person before."""
        actor = require_signed_in((await self.signing.actor_of(request)).actor)
        if request.headers.get("sec-fetch-site", "none") not in OWN_SITES:
            raise NotFound(what="register")
        command = _command(request)
        async with self.database.transaction() as tx:
            await export_register(tx, actor, command)
        actor = replace(actor, locale=_asked_language(request) or actor.locale)
        assert actor.organization_id is not None
        async with self.database.read() as read:
            zone = (await consortium_of(read, actor)).time_zone
            members = await members_by_id(read, actor, [actor.organization_id])
        organization = members[actor.organization_id].organization
        period = Period(command.first, command.last)
        asked = RegisterAsked(command.register, period, zone, actor.locale)
        return Export(actor, asked, command.format, asked.name(organization))

    async def _pages(self, export: Export) -> AsyncIterator[list[list[Cell]]]:
        """Each page is a short look of its own, so that a long register holds nothing up."""
        after: Position | None = None
        while True:
            async with self.database.read() as read:
                page = await register_page(read, export.actor, export.asked, after)
            yield page.rows
            if page.next is None:
                return
            after = page.next

    async def _csv(self, export: Export) -> AsyncIterator[bytes]:
        yield write_csv(export.header, [])
        async for rows in self._pages(export):
            yield write_csv_rows([[_plain(cell) for cell in row] for row in rows])

    async def _pdf(self, export: Export) -> bytes:
        found: list[list[str]] = []
        async for rows in self._pages(export):
            found += [["" if cell is None else str(cell) for cell in row] for row in rows]
            if len(found) > PDF_ROWS_MAX:
                raise InvalidInput(
                    "to",
                    ja=f"PDFは{PDF_ROWS_MAX:,}行までです。期間を短くするか、CSVをお使いください。",
                    en=f"A PDF holds {PDF_ROWS_MAX:,} rows. Ask for a shorter period, or a CSV.",
                )
        return await asyncio.to_thread(write_pdf, _sheet(export), found)


def _asked_language(request: Request) -> str | None:
    """The language that is asked for, of the file and of what is said instead of it."""
    asked = request.query_params.get("lang")
    return asked if asked in ("ja", "en") else None


def _command(request: Request) -> ExportRegister:
    try:
        register = Register(request.path_params["name"].upper())
        kind = RegisterFormat(request.path_params["format"].upper())
    except ValueError:
        raise NotFound(what="register") from None
    return ExportRegister(register, kind, _day(request, "from"), _day(request, "to"))


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise InvalidInput(
            name,
            ja=f"{name} に日付を 2026-04-01 のように指定してください。",
            en=f"Give {name} as a day, like 2026-04-01.",
        ) from None


def _plain(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _sheet(export: Export) -> Sheet:
    period = export.asked.period
    title = TITLES[export.asked.register]
    words = Text(
        f"{export.organization}　{period.first} から {period.last} まで",
        f"{export.organization}, from {period.first} to {period.last}",
    )
    return Sheet(
        title=title.in_(export.asked.locale),
        subtitle=words.in_(export.asked.locale),
        author=export.organization,
        header=export.header,
        page=Text("{n} ページ", "page {n}").in_(export.asked.locale),
    )


def _file(response: Response, export: Export) -> Response:
    response.headers.update(
        {
            "content-type": MEDIA_TYPES[export.format],
            "content-disposition": f'attachment; filename="{export.file_name}"',
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; sandbox",
        }
    )
    return response
