"""What the steps of a history do to the rows of a chunk, as the operations do to the database."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.flows import WAITING_DAYS
from models.rules.sharing import CONSENTED_FIELDS, Purpose
from models.vault import Vault
from tasuki.load.members import Setting
from tasuki.load.moments import Recorded
from tasuki.load.people import as_json
from tasuki.load.plan import DAY_US, SECOND_US, Chunk, Span

LOCAL_OFFSET_US = 9 * 3600 * SECOND_US
"""Asia/Tokyo has had no summer time since 1951."""

_ID_MASK = ~((0xF000 << 64) | (0xC000 << 48)) & ((1 << 128) - 1)
_ID_VERSION = (4 << 76) | (0x8000 << 48)
_FIELDS = {
    purpose: as_json([one.value for one in fields]) for purpose, fields in CONSENTED_FIELDS.items()
}

# Where the mutable values of rows are.
STATUS, REASON, CHANGED, DELIVERED, RESPOND = 6, 10, 13, 14, 15
CONSENT_STATUS, CONSENT_ENDED = 5, 7
DISCLOSURE_CLOSED = 11
CASE_STATUS, CASE_CHANGED, CASE_CLOSED = 5, 7, 8


def local_day(us: int) -> int:
    """The day in Tokyo, counted from 1970."""
    return (us + LOCAL_OFFSET_US) // DAY_US


_WAITING_US = [days * DAY_US for days in WAITING_DAYS]


def _waited(us: int) -> int:
    return WAITING_DAYS[bisect_right(_WAITING_US, us) - 1]


class Person:
    """A candidate of this chunk, and the rows of theirs that later events change."""

    __slots__ = (
        "agency_id",
        "agency_recruiter_id",
        "case",
        "companies",
        "email_hash",
        "id",
        "last_us",
        "partner_consent",
        "phone_hash",
        "relays",
        "support_consent",
        "support_disclosure",
    )

    id: bytes
    email_hash: bytes
    phone_hash: bytes | None
    agency_id: bytes
    agency_recruiter_id: bytes
    companies: list[int]
    last_us: int
    relays: list[list[Any]]
    support_consent: list[Any] | None
    support_disclosure: list[Any] | None
    partner_consent: list[Any] | None
    case: list[Any]


class Steps:
    """The rows of one chunk, and what happens to them."""

    def __init__(
        self, setting: Setting, span: Span, vault: Vault, seed: int, cumulative: list[float]
    ) -> None:
        self.setting, self.span, self.vault, self.seed = setting, span, vault, seed
        self.cumulative = cumulative
        self.recruiters = dict(setting.agencies)
        self.consortium = UUID(bytes=setting.consortium_id)

    def _begin(self, chunk: Chunk) -> None:
        self.rng = random.Random(f"{self.seed}/chunk/{chunk.number}")
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self.moments: list[Any] = []
        self.flows: dict[int, Counter[Any]] = defaultdict(Counter)
        self.journeys: dict[int, Counter[Any]] = defaultdict(Counter)
        self.people: list[Person] = []
        self.candidate_rows: list[list[Any]] = []

    def _id(self) -> bytes:
        return (self.rng.getrandbits(128) & _ID_MASK | _ID_VERSION).to_bytes(16, "big")

    def _consent(
        self, person: Person, purpose: Purpose, recipient: bytes | None, at: int
    ) -> list[Any]:
        consent = [
            self._id(),
            person.id,
            purpose.value,
            _FIELDS[purpose],
            CONSENT_TEXT_VERSION,
            "ACTIVE",
            at,
            None,
        ]
        self.rows["consent"].append(consent)
        if recipient is not None:
            self.rows["consent_recipient"].append((consent[0], recipient))
        return consent

    @staticmethod
    def _end(consent: list[Any], status: str, at: int) -> None:
        consent[CONSENT_STATUS], consent[CONSENT_ENDED] = status, at

    def _disclose(
        self,
        person: Person,
        consent: list[Any],
        provider: bytes | None,
        recipient: bytes,
        referral_id: bytes,
        at: int,
    ) -> list[Any]:
        disclosure = [
            self._id(),
            self.setting.consortium_id,
            person.id,
            provider,
            recipient,
            referral_id,
            consent[0],
            consent[2],
            consent[3],
            "AGENCY_CASE" if provider else "REGISTRATION_FORM",
            at,
            None,
        ]
        self.rows["disclosure"].append(disclosure)
        return disclosure

    def _hand_over(
        self, person: Person, what: tuple[str, bytes, bytes, str], at: int, by_id: bytes | None
    ) -> list[Any]:
        channel, from_id, to_id, status = what
        referral = [
            self._id(),
            self.setting.consortium_id,
            person.id,
            channel,
            from_id,
            to_id,
            status,
            None,
            None,
            None,
            None,
            at,
            local_day(at),
            at,
            None,
            None,
        ]
        self.rows["referral"].append(referral)
        self.rows["referral_step"].append((referral[0], status, at, by_id))
        self.flows[local_day(at)][from_id, to_id, channel, status, status, 0] += 1
        return referral

    def _move(self, referral: list[Any], to: str, at: int, actor: tuple[str, bytes | None]) -> None:
        before, waited = referral[STATUS], _waited(at - referral[CHANGED])
        referral[STATUS], referral[CHANGED], referral[RESPOND] = to, at, None
        self.rows["referral_step"].append((referral[0], to, at, actor[1]))
        flow = (referral[4], referral[5], referral[3], to, before, waited)
        self.flows[local_day(at)][flow] += 1
        self.moments.append(
            Recorded(at, *actor, f"referral.{to.lower()}", "referral", referral[0], {})
        )

    def _end_case(self, person: Person, at: int, actor: tuple[str, bytes]) -> None:
        person.case[CASE_STATUS] = "CLOSED"
        person.case[CASE_CHANGED] = person.case[CASE_CLOSED] = at
        self.moments.append(Recorded(at, *actor, "case.closed", "case", person.case[0], {}))

    def _end_journey(self, chain: list[bytes], ended_by: list[Any], outcome: str, at: int) -> None:
        text = ">".join(organization.hex() for organization in chain)
        self.journeys[local_day(at)][text, ended_by[3], outcome] += 1

    def _days(self, least: float, most: float) -> int:
        return int(self.rng.uniform(least, most) * DAY_US)
