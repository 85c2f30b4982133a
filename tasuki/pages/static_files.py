"""The few files that pages load: kept in memory, named by their content, cached for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
HASH_CHARS = 12


@dataclass(frozen=True)
class StaticFiles:
    """Files by the name in their address, and the address of each by its own name."""

    contents: Mapping[str, tuple[bytes, str]]
    addresses: Mapping[str, str]

    def url(self, name: str) -> str:
        """The address of a file, which changes with its content."""
        return self.addresses[name]

    async def serve(self, request: Request) -> Response:
        """One file. An address of older content is gone."""
        found = self.contents.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("not found", 404, {"cache-control": "no-store"})
        content, media_type = found
        headers = {
            "cache-control": "public, max-age=31536000, immutable",
            "content-type": media_type,
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'",
        }
        return Response(content, headers=headers)


def load_static_files() -> StaticFiles:
    """Read every file once."""
    contents: dict[str, tuple[bytes, str]] = {}
    addresses: dict[str, str] = {}
    for path in sorted(FOLDER.iterdir()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:HASH_CHARS]
        name = f"{path.stem}.{digest}{path.suffix}"
        contents[name] = content, TYPES[path.suffix]
        addresses[path.name] = f"/static/{name}"
    return StaticFiles(contents, addresses)
