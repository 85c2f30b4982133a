"""uvicorn, which stops politely: what is under way is finished, what never ends is let go."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

GRACEFUL_STOP_S = 20


class Server(uvicorn.Server):
    """Ends open streams first: it would wait for them until its patience ends.

    Their clients hear no ``complete``, so that they come back to the next process.
    """

    def __init__(self, config: uvicorn.Config, app: Starlette) -> None:
        super().__init__(config)
        self.app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, finish what is under way."""
        self.app.state.stop_streams()
        await super().shutdown(sockets)
