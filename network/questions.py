"""What can be asked of the flow network: the parameters that every question has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from models.rules.flows import Level
from models.rules.lifecycles import Channel, ReferralStatus
from network.edges import Window


class View(StrEnum):
    """What an edge is: one hand-over, or a journey from its first company to where it was hired."""

    HAND_OVERS = "HAND_OVERS"
    RELAYS = "RELAYS"


@dataclass(frozen=True, slots=True)
class Scope:
    """What has to be read for a question.

    ``own_id`` is the organization that is told its own rows exactly; ``source_id`` an imported
    history that is asked instead of the consortium's own.
    """

    consortium_id: uuid.UUID
    own_id: uuid.UUID | None
    window: Window
    source_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Which part of the network, and how it is looked at.

    ``channels`` None are all. ``events`` None are those by which someone is handed over; of
    relays, the journeys that ended with a hire.
    """

    scope: Scope
    view: View = View.HAND_OVERS
    level: Level = Level.ORGANIZATION
    channels: frozenset[Channel] | None = None
    events: frozenset[ReferralStatus] | None = None
