"""What every resolver is given: who asks, in which language, and the database."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from gql.batch import Batches
from models.access import Actor, Permission, require, require_signed_in
from models.outbox import Event
from models.session import Database
from network.answering import Analyses, DatabaseReader, ThreadRunner
from network.storing import Kept


def _no_cookies(_: str | None) -> None:
    """Where no browser listens, nothing is to be set."""


@dataclass(slots=True)
class Context:
    """One request's surroundings.

    ``events`` follows what is committed anywhere, for subscriptions. ``set_session`` sets the
    browser's session cookie, or clears it with None. ``again`` asks anew who is signed in, for
    streams that outlive a sign-in. ``shared_analyses`` are the process's answers about the
    network; without them a request keeps its own. ``kept_answers`` are those of jobs that it reads.
    """

    database: Database
    base_url: str
    actor: Actor | None = None
    language: str = "ja"
    session_token: str | None = None
    set_session: Callable[[str | None], None] = _no_cookies
    events: Callable[[], AsyncIterator[Event]] | None = None
    again: Callable[[], Awaitable[Actor | None]] | None = None
    batches: Batches = field(default_factory=Batches)
    shared_analyses: Analyses | None = None
    kept_answers: dict[uuid.UUID, asyncio.Future[Kept]] = field(default_factory=dict)

    @property
    def analyses(self) -> Analyses:
        """What answers questions about the network."""
        if self.shared_analyses is None:
            self.shared_analyses = Analyses(DatabaseReader(self.database), ThreadRunner())
        return self.shared_analyses

    @property
    def locale(self) -> str:
        """The language of messages: the actor's own, else the request's."""
        return self.actor.locale if self.actor else self.language

    def signed_in(self) -> Actor:
        """The actor. Raises `Unauthenticated` where nobody has signed in."""
        return require_signed_in(self.actor)

    def permitted(self, permission: Permission) -> Actor:
        """The actor, who may do this. Raises `Unauthenticated` or `Forbidden`."""
        actor = self.signed_in()
        require(actor, permission)
        return actor
