"""The timers: every minute, what has become due is done, by one worker at a time."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

import structlog

from models.errors import NotFound
from models.operations.erased_keys import destroy_erased_keys, replay_page
from models.operations.inactivity import ActiveAgain, due_silences, end_silence
from models.operations.timers import (
    KEYS_PER_SWEEP,
    STEPS,
    Changed,
    Step,
    audit_heads,
    may_run_timers,
    orphaned_keys,
)
from models.session import Database
from tasuki.workers.outbox import log_fault

PERIOD_S = 60.0
BATCHES_PER_STEP_MAX = 50
"""What is left after so many batches waits for the next minute, so that every step has its turn."""

log = structlog.get_logger(__name__)


class Timers:
    """Runs every step each minute, until it is stopped."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._stop = asyncio.Event()
        self._swept: UUID | None = None
        self._replayed: UUID | None = None
        self._silences: UUID | None = None
        self._heads_told_on: date | None = None

    async def run(self) -> None:
        """Work until `stop`."""
        while not self._stop.is_set():
            await self.run_once()
            try:
                async with asyncio.timeout(PERIOD_S):
                    await self._stop.wait()
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Begin no further batch."""
        self._stop.set()

    async def run_once(self) -> None:
        """Do what is due now. A step that fails is logged, and tried again a minute later."""
        for step in STEPS:
            try:
                await self._run_step(step)
            except Exception as fault:  # noqa: BLE001  (the others have their turn all the same)
                log_fault("timers.failed", fault, step=step.name)
        for rest in (
            self.end_silences,
            self.finish_erasures,
            self.sweep_keys,
            self.tell_audit_heads,
        ):
            try:
                await rest()
            except Exception as fault:  # noqa: BLE001  (the same)
                log_fault("timers.failed", fault, step=rest.__name__)

    async def _run_step(self, step: Step) -> None:
        for _ in range(BATCHES_PER_STEP_MAX):
            if self._stop.is_set():
                return
            changed = await self._run_batch(step)
            if changed is None:
                return
            if changed.keys:
                # After the commit: what was sealed under them is gone from the rows already.
                await self.database.vault.destroy(changed.keys)
            if changed.rows:
                log.info("timers.done", step=step.name, rows=changed.rows)
            if changed.rows < step.batch:
                return

    async def _run_batch(self, step: Step) -> Changed | None:
        async with self.database.transaction() as tx:
            return await step.run(tx) if await may_run_timers(tx) else None

    async def end_silences(self) -> None:
        """Notify or erase whose record is needed no more, among the next candidates.

        At their end it begins anew. What fails for one of them is logged, and the others go on.
        """
        async with self.database.read() as read:
            due, self._silences = await due_silences(read, self._silences)
        done = 0
        for candidate_id in due:
            try:
                async with self.database.transaction() as tx:
                    done += await end_silence(tx, candidate_id)
            except (ActiveAgain, NotFound):
                continue
            except Exception as fault:  # noqa: BLE001  (the others have their turn all the same)
                log_fault("timers.failed", fault, step="end_silence")
        if done:
            log.info("timers.silences_ended", candidates=done)

    async def finish_erasures(self) -> None:
        """Destroy what keys an erasure left, and erase again whom a restore brought back.

        The next tombstones of the key store are looked at; at its end it begins anew.
        """
        destroyed = await destroy_erased_keys(self.database)
        again, self._replayed = await replay_page(self.database, self._replayed)
        if destroyed or again:
            log.info("timers.erasures_finished", keys=destroyed, again=again)

    async def sweep_keys(self) -> None:
        """Destroy the orphans among the next keys of the store; at its end it begins anew."""
        ids = await self.database.vault.old_key_ids(after=self._swept, most=KEYS_PER_SWEEP)
        self._swept = ids[-1] if len(ids) == KEYS_PER_SWEEP else None
        if not ids:
            return
        async with self.database.read() as read:
            orphans = await orphaned_keys(read, ids)
        if orphans:
            await self.database.vault.destroy(orphans)
            log.info("timers.keys_swept", keys=len(orphans))

    async def tell_audit_heads(self) -> None:
        """Once a day, publish the heads of the audit chains, so that a cut-off end is noticed."""
        today = self.database.clock().date()
        if self._heads_told_on == today:
            return
        async with self.database.read() as read:
            heads = await audit_heads(read)
        for consortium_id, number, digest in heads:
            log.info(
                "audit.head", consortium_id=str(consortium_id), number=number, hash=digest.hex()
            )
        self._heads_told_on = today
