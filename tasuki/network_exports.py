"""``/exports/network/TOKEN``: the flow network as a file, by an address that the API signed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from gql.network_exports import PATH
from gql.node import encode_id
from models.errors import NotFound
from models.operations.network_exports import record_network_export
from models.reads.network_exports import AskedExport, export_asked
from models.rules.lifecycles import OrganizationKind
from models.rules.network_exports import FILE_KINDS, NetworkExport
from models.session import Database
from network.exports.reading import read_network
from network.exports.writers import WRITERS
from tasuki.graphql_run import locale_of


def id_of(kind: OrganizationKind, key: uuid.UUID) -> str:
    """An organization's id, as the API says it."""
    return encode_id(kind.value.title(), key)


class NetworkExportRoutes:
    """The download. The address is all it needs: programs fetch it without signing in."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def routes(self) -> list[BaseRoute]:
        """The one, for GET and HEAD."""
        return [Route(f"{PATH}/{{token}}", self.download, methods=["GET"])]

    async def download(self, request: Request) -> Response:
        """The file, streamed; ranges are not served. What does not open reads like no address."""
        try:
            asked = await self._asked(request.path_params["token"])
            headers = _headers(asked.export)
            if request.method == "HEAD":
                answer = Response(headers=headers)
                del answer.headers["content-length"]  # how long it becomes is not known before
                return answer
            return StreamingResponse(await self._file(asked), headers=headers)
        except NotFound:
            message = f"{NotFound(what='export').message(locale_of(request))}\n"
            return PlainTextResponse(message, 404, headers={"cache-control": "no-store"})

    async def _asked(self, token: str) -> AskedExport:
        async with self.database.read() as read:
            asked = await export_asked(read, token)
        if asked is None:
            raise NotFound(what="export")
        return asked

    async def _file(self, asked: AskedExport) -> Iterator[bytes]:
        async with self.database.read() as read:
            network = await read_network(read, asked.actor, asked.export, id_of=id_of)
        async with self.database.transaction() as tx:
            await record_network_export(tx, asked.actor, asked.export)
        # Starlette takes each chunk of an iterator in a thread, off the event loop.
        return WRITERS[asked.export.format](network)


def _headers(export: NetworkExport) -> dict[str, str]:
    return {
        "content-type": FILE_KINDS[export.format].media_type,
        "content-disposition": f'attachment; filename="{export.file_name}"',
        "cache-control": "no-store",
        "accept-ranges": "none",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; sandbox",
    }
