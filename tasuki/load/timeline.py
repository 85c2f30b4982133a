"""Where time passes in order: the audit chain, the free hires, and the daily aggregates."""

from __future__ import annotations

import random
from bisect import insort
from collections import defaultdict
from functools import singledispatchmethod
from operator import attrgetter
from typing import Any
from uuid import UUID

from models.audit import FIRST_LINK, link
from models.vault import Vault
from tasuki.load.columns import as_instant
from tasuki.load.members import Company, Setting
from tasuki.load.moments import (
    Earned,
    FellThrough,
    FlowKey,
    Joined,
    JourneyKey,
    Made,
    Moment,
    Recorded,
    Wished,
)
from tasuki.load.people import as_json
from tasuki.load.plan import DAY_US
from tasuki.load.steps import local_day

FREE_HIRE_VALID_DAYS = 730

_at = attrgetter("at_us")
Reservation = tuple[int, bytes, int, int]
"""When it was earned, the free hire, its company's place, and when it was reserved."""


class Timeline:
    """Takes what chunks leave, in their order, and gives the rows of every day that is over."""

    def __init__(self, setting: Setting, vault: Vault, seed: int) -> None:
        self.setting, self.vault = setting, vault
        self.rng = random.Random(f"{seed}/timeline")
        self.consortium = UUID(bytes=setting.consortium_id)
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self.moments: dict[int, list[Moment]] = defaultdict(list)
        self.flows: dict[int, dict[FlowKey, int]] = {}
        self.journeys: dict[int, dict[JourneyKey, int]] = {}
        self.number, self.head = 0, FIRST_LINK
        self.available: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        self.reserved: dict[bytes, Reservation] = {}
        companies = len(setting.companies)
        self.free_hires, self.free_hire_entries = [0] * companies, [0] * companies

    def take(self, made: Made) -> None:
        """Keep what a chunk left until its day is over."""
        for moment in made.moments:
            self.moments[local_day(moment.at_us)].append(moment)
        _add(self.flows, made.flows)
        _add(self.journeys, made.journeys)

    def rows_before(self, day: int) -> dict[str, list[Any]]:
        """The rows of all days before ``day`` that were not given yet."""
        self.rows = defaultdict(list)
        for past in sorted(one for one in self.moments if one < day):
            for moment in sorted(self.moments.pop(past), key=_at):
                self._happen(moment)
        consortium_id = self.setting.consortium_id
        for past in sorted(one for one in self.flows if one < day):
            self.rows["flow_day"] += [
                (consortium_id, past, *key, many) for key, many in self.flows.pop(past).items()
            ]
        for past in sorted(one for one in self.journeys if one < day):
            self.rows["journey_day"] += [
                (consortium_id, past, *key, many) for key, many in self.journeys.pop(past).items()
            ]
        return self.rows

    def rows_at_end(self) -> dict[str, list[Any]]:
        """The free hires that are still available or reserved."""
        self.rows = defaultdict(list)
        for place, free_hires in self.available.items():
            for earned_us, free_hire_id in free_hires:
                self._free_hire(free_hire_id, place, earned_us, "AVAILABLE")
        for referral_id, (earned_us, free_hire_id, place, at) in self.reserved.items():
            self._free_hire(free_hire_id, place, earned_us, "RESERVED", (referral_id, at, None))
        return self.rows

    @singledispatchmethod
    def _happen(self, moment: Any) -> None:
        raise TypeError(type(moment))

    @_happen.register
    def _(self, moment: Recorded) -> None:
        self.number += 1
        actor_id = moment.actor_id
        record = {
            "consortium_id": self.consortium,
            "number": self.number,
            "at": as_instant(moment.at_us),
            "actor_kind": moment.actor_kind,
            "actor_id": UUID(bytes=actor_id) if actor_id else None,
            "action": moment.action,
            "subject": moment.subject,
            "subject_id": UUID(bytes=moment.subject_id),
            "details": moment.details,
        }
        self.head = link(self.vault, self.head, record)
        self.rows["audit_entry"].append(
            (
                self.setting.consortium_id,
                self.number,
                *moment[:-1],
                as_json(moment.details) if moment.details else "{}",
                self.head,
            )
        )

    @_happen.register
    def _(self, moment: Earned) -> None:
        company = self.setting.companies[moment.company]
        insort(self.available[moment.company], (moment.at_us, moment.free_hire_id))
        self._post(
            moment.company,
            company,
            moment.at_us,
            (1, "EARNED", moment.registration_id, moment.free_hire_id),
        )

    @_happen.register
    def _(self, moment: Wished) -> None:
        available = self.available[moment.company]
        if not available:
            return
        earned_us, free_hire_id = available.pop(0)
        self.reserved[moment.referral_id] = earned_us, free_hire_id, moment.company, moment.at_us
        self._record_use(
            moment.at_us, ("USER", moment.actor_id), "reserved", free_hire_id, moment.referral_id
        )

    @_happen.register
    def _(self, moment: FellThrough) -> None:
        reservation = self.reserved.pop(moment.referral_id, None)
        if reservation is None:
            return
        earned_us, free_hire_id, place, _ = reservation
        insort(self.available[place], (earned_us, free_hire_id))
        actor = (moment.actor_kind, moment.actor_id)
        self._record_use(moment.at_us, actor, "released", free_hire_id, moment.referral_id)

    @_happen.register
    def _(self, moment: Joined) -> None:
        at, fee_yen, free_hire_id = moment.at_us, moment.fee_yen, None
        reservation = self.reserved.pop(moment.referral_id, None)
        if reservation is not None:
            fee_yen, free_hire_id = 0, self._spend(moment, reservation)
        self.rows["hire"].append(
            (
                moment.hire_id,
                self.setting.consortium_id,
                moment.referral_id,
                moment.company_id,
                moment.introducer_id,
                local_day(at),
                fee_yen,
                self.setting.version_id,
                free_hire_id,
                "JOINED",
                at,  # the timers find out which milestones are due
                at,
            )
        )
        self._happen(
            Recorded(at, "USER", moment.actor_id, "hire.recorded", "hire", moment.hire_id, {})
        )

    def _spend(self, moment: Joined, reservation: Reservation) -> bytes:
        earned_us, free_hire_id, place, reserved_us = reservation
        used = (moment.referral_id, reserved_us, moment.at_us)
        self._free_hire(free_hire_id, place, earned_us, "SPENT", used)
        company = self.setting.companies[place]
        self._post(place, company, moment.at_us, (-1, "SPENT", None, free_hire_id))
        actor = ("USER", moment.actor_id)
        self._record_use(moment.at_us, actor, "spent", free_hire_id, moment.referral_id)
        return free_hire_id

    def _record_use(
        self,
        at: int,
        actor: tuple[str, bytes | None],
        verb: str,
        free_hire_id: bytes,
        referral_id: bytes,
    ) -> None:
        details = {"referral": referral_id.hex()}
        self._happen(Recorded(at, *actor, f"free_hire.{verb}", "free_hire", free_hire_id, details))

    def _post(
        self, place: int, company: Company, at: int, what: tuple[int, str, bytes | None, bytes]
    ) -> None:
        amount, kind, registration_id, free_hire_id = what
        self.free_hires[place] += amount
        self.free_hire_entries[place] += 1
        self.rows["entry"].append(
            (
                self._id(),
                company.free_hire_account,
                self.free_hire_entries[place],
                amount,
                kind,
                self._id(),
                at,
                local_day(at),
                self.setting.version_id,
                registration_id,
                free_hire_id,
            )
        )

    def _free_hire(
        self,
        free_hire_id: bytes,
        place: int,
        earned_us: int,
        status: str,
        used: tuple[bytes | None, int | None, int | None] = (None, None, None),
    ) -> None:
        self.rows["free_hire"].append(
            (
                free_hire_id,
                self.setting.consortium_id,
                self.setting.program_id,
                self.setting.companies[place].id,
                self.setting.version_id,
                status,
                earned_us,
                local_day(earned_us),
                earned_us + FREE_HIRE_VALID_DAYS * DAY_US,
                *used,
            )
        )

    def _id(self) -> bytes:
        return UUID(int=self.rng.getrandbits(128), version=4).bytes


def _add(kept: dict[int, dict[Any, int]], more: dict[int, dict[Any, int]]) -> None:
    for day, numbers in more.items():
        known = kept.get(day)
        if known is None:
            kept[day] = numbers
            continue
        for key, many in numbers.items():
            known[key] = known.get(key, 0) + many
