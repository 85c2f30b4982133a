"""Other values in the places that somebody may not see, and back again."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.rules.lifecycles import ReferralStatus
from models.rules.sharing import CandidateField
from models.tables.candidates import Candidate
from models.tables.referrals import Case, Referral
from tests.leaks import oracle
from tests.leaks.looks import Look, is_there, not_of_own_link, not_told_to_the_asked
from tests.leaks.scenes import SCENES, Viewer
from tests.leaks.stage import Stage

F = CandidateField
SEALED = {F.NAME: "name", F.EMAIL: "email", F.PHONE: "phone", F.WISHES: "wishes"}
OTHERS: Mapping[CandidateField, Any] = {
    F.NAME: "another name",
    F.EMAIL: "another@people.example",
    F.PHONE: "080-9999-9999",
    F.WISHES: "another wish",
    F.EXPERIENCE: 40,
    F.SKILLS: ["RUBY"],
    F.PREFECTURE: "27",
    F.DESIRED_PREFECTURES: ["27"],
}
COLUMNS = {
    F.CATEGORY: "category",
    F.EXPERIENCE: "experience_years",
    F.SKILLS: "skills",
    F.PREFECTURE: "prefecture",
    F.DESIRED_PREFECTURES: "desired_prefectures",
}
CATEGORIES = {"SALES": "MARKETING", "IT_INFRASTRUCTURE": "DATA_SCIENCE"}
"""Each becomes another that the same terms cover, or do not: what is listed stays so."""


def hidden_fields(viewer: Viewer) -> dict[str, set[CandidateField]]:
    """Of each scene, what is not shown to someone."""
    return {
        name: {one for one in CandidateField if not oracle.sees(viewer, scene, one)}
        for name, scene in SCENES.items()
    }


@asynccontextmanager
async def changed(
    stage: Stage, viewer: Viewer, fields: Collection[CandidateField]
) -> AsyncIterator[int]:
    """Everything that is hidden from someone has another value, for a while: so many values."""
    before: dict[uuid.UUID, dict[str, Any]] = {}
    number = 0
    async with stage.world.database.transaction() as tx:
        for name, hidden in hidden_fields(viewer).items():
            row = await tx.get_one(Candidate, stage.candidates[name])
            if row.sealed is None:
                continue  # everything is gone already
            before[row.id] = {
                "sealed": row.sealed,
                **{column: getattr(row, column) for column in COLUMNS.values()},
            }
            wanted = hidden & set(fields)
            number += len(wanted)
            for field in wanted & set(COLUMNS):
                other = CATEGORIES[row.category or ""] if field is F.CATEGORY else OTHERS[field]
                setattr(row, COLUMNS[field], other)
            key = await tx.vault.key(row.key_id)
            told = {SEALED[field]: OTHERS[field] for field in wanted & set(SEALED)}
            row.sealed = key.seal(key.unseal(row.sealed) | told)
    yield number
    async with stage.world.database.transaction() as tx:
        for key_of_row, values in before.items():
            row = await tx.get_one(Candidate, key_of_row)
            for column, value in values.items():
                setattr(row, column, value)


@asynccontextmanager
async def moved(stage: Stage, viewer: Viewer) -> AsyncIterator[int]:
    """What became of referrals and cases, where someone may not know, is otherwise for a while."""
    before: list[tuple[type[Any], uuid.UUID, dict[str, Any]]] = []
    async with stage.world.database.transaction() as tx:
        for row in (await tx.scalars(select(Referral))).all():
            if row.id not in stage.referrals:
                continue
            look = Look(stage, viewer, "Referral", row.id)
            if not is_there(look) or not not_of_own_link(look):
                before.append((Referral, row.id, _values(row, ("status", "changed_at"))))
                is_open = row.status is ReferralStatus.ACCEPTED
                row.status = ReferralStatus.WITHDRAWN if is_open else row.status
                row.changed_at += timedelta(hours=1)
            elif not not_told_to_the_asked(look):
                before.append((Referral, row.id, _values(row, ("changed_at", "respond_by"))))
                row.changed_at += timedelta(hours=1)
        for case in (await tx.scalars(select(Case))).all():
            if case.id in stage.cases and not is_there(Look(stage, viewer, "Case", case.id)):
                before.append((Case, case.id, _values(case, ("changed_at", "note"))))
                case.changed_at, case.note = case.changed_at + timedelta(hours=1), None
    yield len(before)
    async with stage.world.database.transaction() as tx:
        for table, key, values in before:
            row = await tx.get_one(table, key)
            for column, value in values.items():
                setattr(row, column, value)


def _values(row: Any, columns: Collection[str]) -> dict[str, Any]:
    return {column: getattr(row, column) for column in columns}
