"""Nothing refers from one consortium into another: a check for every foreign key there is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Table, select

import models.tables
from models.base import Base
from models.checks.statements import Check, Statement

OWNERS = {
    "api_token": "consortium_id",
    "candidate_session": "candidate_id",
    "company_baseline": "company_id",
    "consent": "candidate_id",
    "consent_recipient": "consent_id",
    "counted_person": "program_id",
    "entry": "account_id",
    "excluded_name": "candidate_id",
    "exclusion": "candidate_id",
    "flow_imported": "source_id",
    "funding": "terms_id",
    "hire_exit": "hire_id",
    "hire_milestone": "hire_id",
    "hiring_assumptions": "company_id",
    "invitation": "user_id",
    "decision_effect": "decision_id",
    "match_record": "referral_id",
    "meeting_decision": "meeting_id",
    "meeting_pack": "meeting_id",
    "partnership_party": "partnership_id",
    "partnership_step": "partnership_id",
    "password_reset": "user_id",
    "program_version": "program_id",
    "referral_step": "referral_id",
    "register_name": "candidate_id",
    "rejection": "mailing_id",
    "reward": "referral_id",
    "reward_clause": "terms_id",
    "sign_in_link": "candidate_id",
    "survey_opt_out": "candidate_id",
    "terms": "partnership_id",
    "terms_acceptance": "terms_id",
    "user_session": "user_id",
}
"""The column that leads from a row without a consortium of its own to the row it is part of."""


def _foreign_key(table: Table, column: str) -> ForeignKey:
    [found] = table.c[column].foreign_keys
    return found


def _reach(source: Any, table: Table, alias: Any) -> tuple[Any, Any]:
    """The joins that lead from a row to its consortium, and the column that names it."""
    if "consortium_id" in alias.c:
        return source, alias.c.consortium_id
    owner = _foreign_key(table, OWNERS[table.name])
    target = owner.column.table
    assert isinstance(target, Table)
    part_of = target.alias()
    joined = source.join(part_of, alias.c[owner.parent.name] == part_of.c[owner.column.name])
    return _reach(joined, target, part_of)


def crossing(table: Table, foreign_key: ForeignKey, consortium_id: UUID) -> Statement:
    """The rows of a consortium that refer to a row of another by this foreign key."""
    target = foreign_key.column.table
    assert isinstance(target, Table)
    row, referred = table.alias(), target.alias()
    source, own = _reach(row, table, row)
    source = source.join(
        referred, row.c[foreign_key.parent.name] == referred.c[foreign_key.column.name]
    )
    source, other = _reach(source, target, referred)
    subject = next(iter(row.primary_key))
    return (
        select(subject.label("subject_id"))
        .select_from(source)
        .where(own == consortium_id, other != consortium_id)
    )


def _checks() -> Iterator[Check]:
    assert models.tables is not None  # every table is known
    for table in Base.metadata.sorted_tables:
        for foreign_key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            leads_home = foreign_key.parent.name == OWNERS.get(table.name, "consortium_id")
            if not leads_home and foreign_key.parent.name != "consortium_id":
                rule = f"{table.name}.{foreign_key.parent.name} STAYS_IN_CONSORTIUM"
                yield Check(rule, table.name, partial(crossing, table, foreign_key))


TENANCY_CHECKS = tuple(_checks())
