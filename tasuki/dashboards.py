"""The dashboards' files, as ``web/`` has built them."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent.parent / "web" / "dist"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOT_BUILT = "The dashboards are not built yet: run `make setup`."


def dashboard_routes() -> list[BaseRoute]:
    """One page for every path of the application, and its assets, which never change."""
    return [
        Mount("/app/assets", _Assets(directory=BUILT / "assets", check_dir=False)),
        Route("/app", _page),
        Route("/app/{path:path}", _page),
    ]


class _Assets(StaticFiles):
    """Their names hold a hash of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for a year."""
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


async def _page(_: Request) -> Response:
    index = BUILT / "index.html"
    if not index.exists():
        return PlainTextResponse(NOT_BUILT, 503)
    return FileResponse(
        index, headers={"content-security-policy": POLICY, "cache-control": "no-cache"}
    )


def graphiql_page() -> str | None:
    """GraphiQL with its assets served from here; none where it is not built."""
    page = BUILT / "graphiql.html"
    return page.read_text() if page.exists() else None
