"""``/meetings/ID.ics`` and ``/meetings/ID/pack.html`` and ``.pdf``: a meeting's files."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from gql.node import key_of
from models.access import Actor, Permission, require, require_signed_in
from models.errors import DomainError, NotFound
from models.reads.meeting_calendars import calendar_event
from models.reads.meetings import (
    SeenMeeting,
    decisions_by_meeting,
    figures_by_meeting,
    meetings_by_id,
)
from models.reads.members import consortium_of
from models.reads.partnerships import partnerships_by_id
from models.rules.calendar_files import calendar_file
from models.session import Database, ReadSession
from tasuki.auth import Signing
from tasuki.graphql_run import locale_of
from tasuki.pack_content import PackFacts, content_of
from tasuki.pack_page import POLICY, write_page
from tasuki.pack_pdf import write_pack_pdf
from tasuki.registers import OWN_SITES, STATUS_OF_CODE


class MeetingRoutes:
    """The downloads, with a session's cookie or an API token."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.signing = Signing(database)

    def routes(self) -> list[BaseRoute]:
        """The calendar file, and the pack in both forms."""
        return [
            Route("/meetings/{id}.ics", self.calendar, methods=["GET"]),
            Route("/meetings/{id}/pack.{format}", self.pack, methods=["GET"]),
        ]

    async def calendar(self, request: Request) -> Response:
        """The meeting as a calendar's event, or why not."""
        try:
            actor, key = await self._asked(request)
            async with self.database.read() as read:
                meeting = await _meeting(read, actor, key)
        except DomainError as error:
            return _refused(error, locale_of(request))
        return _file(
            Response(calendar_file(calendar_event(meeting.row)).encode()),
            "text/calendar; charset=utf-8",
            "attachment; filename=meeting.ics",
        )

    async def pack(self, request: Request) -> Response:
        """The frozen figures as a page or a PDF, or why not. ``lang`` is ja or en."""
        try:
            actor, key = await self._asked(request)
            form = request.path_params["format"]
            if form not in ("html", "pdf"):
                raise NotFound(what="meeting")
            async with self.database.read() as read:
                facts = await _facts(read, actor, key)
        except DomainError as error:
            return _refused(error, locale_of(request))
        content = content_of(facts, actor.locale)
        if form == "html":
            page = Response(write_page(content).encode())
            return _file(page, "text/html; charset=utf-8", "inline", POLICY)
        made = await asyncio.to_thread(write_pack_pdf, content)
        name = f"tasuki-meeting-{facts.figures.row.last_on}-{actor.locale}.pdf"
        return _file(Response(made), "application/pdf", f'attachment; filename="{name}"')

    async def _asked(self, request: Request) -> tuple[Actor, uuid.UUID]:
        actor = require_signed_in((await self.signing.actor_of(request)).actor)
        require(actor, Permission.READ_MEETINGS)
        key = key_of(request.path_params["id"], "Meeting")
        if key is None or request.headers.get("sec-fetch-site", "none") not in OWN_SITES:
            raise NotFound(what="meeting")
        asked_language = request.query_params.get("lang")
        if asked_language in ("ja", "en"):
            actor = replace(actor, locale=asked_language)
        return actor, key


async def _meeting(read: ReadSession, actor: Actor, key: uuid.UUID) -> SeenMeeting:
    found = (await meetings_by_id(read, actor, [key])).get(key)
    if found is None:
        raise NotFound(what="meeting")
    return found


async def _facts(read: ReadSession, actor: Actor, key: uuid.UUID) -> PackFacts:
    meeting = await _meeting(read, actor, key)
    figures = (await figures_by_meeting(read, actor, [key])).get(key)
    if figures is None:
        raise NotFound(what="meeting")
    of, row = None, meeting.row
    if row.partnership_id is not None:
        partnerships = await partnerships_by_id(read, actor, [row.partnership_id])
        of = partnerships[row.partnership_id].row.name
    earlier = {}
    if row.previous_id is not None:
        earlier = dict(await decisions_by_meeting(read, actor, [row.previous_id]))
    return PackFacts(
        meeting=meeting,
        of=of,
        figures=figures,
        earlier=earlier.get(row.previous_id, ()) if row.previous_id else (),
        reader_id=actor.organization_id,
        time_zone=(await consortium_of(read, actor)).time_zone,
    )


def _refused(error: DomainError, locale: str) -> Response:
    return PlainTextResponse(
        f"{error.message(locale)}\n",
        STATUS_OF_CODE[error.code],
        headers={"cache-control": "no-store"},
    )


def _file(
    response: Response,
    media_type: str,
    disposition: str,
    policy: str = "default-src 'none'; sandbox",
) -> Response:
    response.headers.update(
        {
            "content-type": media_type,
            "content-disposition": disposition,
            "cache-control": "no-store",
            "content-security-policy": policy,
        }
    )
    return response
