"""What a chunk leaves for the one place where time passes in order.

The audit chain, the free hires of a company and the daily aggregates depend on what came before,
in other chunks too. A moment says when something happened, and what of it they have to know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

FlowKey = tuple[bytes, bytes, str, str, str, int]
"""From, to, channel, event, state before, waiting-time bucket."""

JourneyKey = tuple[str, str, str]
"""Chain, channel and outcome."""


class Recorded(NamedTuple):
    """An entry of the audit chain."""

    at_us: int
    actor_kind: str
    actor_id: bytes | None
    action: str
    subject: str
    subject_id: bytes
    details: dict[str, Any]


class Earned(NamedTuple):
    """A registration's count reached the threshold."""

    at_us: int
    company: int
    free_hire_id: bytes
    registration_id: bytes


class Wished(NamedTuple):
    """A company wants a free hire on an introduction, if it has one by then."""

    at_us: int
    company: int
    referral_id: bytes
    actor_id: bytes


class FellThrough(NamedTuple):
    """An introduction ended; what was reserved for it is available again."""

    at_us: int
    referral_id: bytes
    actor_kind: str
    actor_id: bytes | None


class Joined(NamedTuple):
    """A person joined. The fee is due unless a free hire is reserved."""

    at_us: int
    hire_id: bytes
    referral_id: bytes
    company_id: bytes
    introducer_id: bytes
    fee_yen: int
    actor_id: bytes


Moment = Recorded | Earned | Wished | FellThrough | Joined


@dataclass(slots=True)
class Made:
    """One chunk, made: encoded rows by table, and what is left for the order of time."""

    payloads: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """By table: how many rows, and the rows as the store takes them."""
    moments: list[Moment] = field(default_factory=list)
    flows: dict[int, dict[FlowKey, int]] = field(default_factory=dict)
    """By local day."""
    journeys: dict[int, dict[JourneyKey, int]] = field(default_factory=dict)
    """By local day."""
