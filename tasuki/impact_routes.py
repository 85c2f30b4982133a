"""``/reports/impact/YEAR.html``, ``.pdf`` and ``.csv``: the yearly report, to be published."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from models.access import Actor, Permission, require, require_signed_in
from models.errors import DomainError, NotFound
from models.reads.members import consortium_of, members_by_id
from models.reads.savings import company_figures
from models.rules.csv_files import write_csv
from models.session import Database
from models.vocabulary.text import Text
from network.impact import impact_window, told_impact
from tasuki.auth import Signing
from tasuki.graphql_run import locale_of
from tasuki.impact_report import ImpactFacts, impact_report
from tasuki.registers import OWN_SITES, STATUS_OF_CODE
from tasuki.report_html import write_html
from tasuki.report_pdf import write_pdf
from tasuki.reports import Report, plain_rows

FIRST_YEAR, LAST_YEAR = 2000, 2100
CSV_HEADER = Text("区分,行,列,値", "section,row,column,value")


def write_report_csv(report: Report) -> bytes:
    """Each cell in a line of its own, for programs."""
    return write_csv(CSV_HEADER.in_(report.locale).split(","), plain_rows(report))


WRITERS = {
    "html": ("text/html; charset=utf-8", write_html),
    "pdf": ("application/pdf", write_pdf),
    "csv": ("text/csv; charset=utf-8", write_report_csv),
}


class ImpactRoutes:
    """The download, with a session's cookie or an API token."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.signing = Signing(database)

    def routes(self) -> list[BaseRoute]:
        """The one."""
        return [Route("/reports/impact/{year}.{format}", self.download, methods=["GET"])]

    async def download(self, request: Request) -> Response:
        """The file, or why not. ``lang`` is ja or en."""
        asked = request.query_params.get("lang")
        locale = asked if asked in ("ja", "en") else locale_of(request)
        try:
            actor = require_signed_in((await self.signing.actor_of(request)).actor)
            if asked in ("ja", "en"):
                actor = replace(actor, locale=asked)
            locale = actor.locale
            return await self._file(request, actor)
        except DomainError as error:
            return PlainTextResponse(
                f"{error.message(locale)}\n",
                STATUS_OF_CODE[error.code],
                headers={"cache-control": "no-store"},
            )

    async def _file(self, request: Request, actor: Actor) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in OWN_SITES:
            raise NotFound(what="report")
        require(actor, Permission.READ_IMPACT)
        year, kind = _year(request), request.path_params["format"]
        if kind not in WRITERS:
            raise NotFound(what="report")
        media_type, write = WRITERS[kind]
        report = impact_report(await self._facts(actor, year), actor.locale)
        name = f"tasuki-impact-{year}.{kind}"
        shown_as = "inline" if kind == "html" else f'attachment; filename="{name}"'
        return Response(
            await asyncio.to_thread(write, report),
            headers={
                "content-type": media_type,
                "content-disposition": shown_as,
                "cache-control": "no-store",
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            },
        )

    async def _facts(self, actor: Actor, year: int) -> ImpactFacts:
        """All that the report tells, from one state of the database."""
        async with self.database.read() as read:
            consortium = await consortium_of(read, actor)
            days = impact_window(
                date(year, 1, 1), date(year, 12, 31), now=read.now, time_zone=consortium.time_zone
            )
            own_id, own = actor.organization_id, None
            name = Text(consortium.name, consortium.name)
            if own_id is not None:
                row = (await members_by_id(read, actor, [own_id]))[own_id].organization
                name = Text(row.name, row.name_en or row.name)
                own = await company_figures(
                    read, own_id, first=days.asked.first, last=days.asked.last, today=days.today
                )
            told = await told_impact(
                read, actor.consortium_id, days.asked, today=days.today, own_id=own_id
            )
        return ImpactFacts(year, days, name, consortium.name, told, own)


def _year(request: Request) -> int:
    text = request.path_params["year"]
    if not (text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR):
        raise NotFound(what="report")
    return int(text)
