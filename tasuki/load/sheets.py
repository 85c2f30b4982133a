"""The tables a load fills, and the order of the values in its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table

import models.tables  # noqa: F401  (fills the metadata)
from models.base import Base
from tasuki.load.columns import Row, encode_copy, encode_tuples

KEYS = "person_key"
"""The table of the key store: it is written before, and apart."""

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "candidate": "id consortium_id key_id email_hash phone_hash sealed locale category "
        "experience_years prefecture desired_prefectures skills employment created_on created_at "
        "last_active_at",
        "registration": "id consortium_id company_id link_id token_hash key_id email_hash "
        "phone_hash purposes text_version locale status started_at expires_at completed_at "
        "completed_on candidate_id program_version_id count_status not_counted_reason hold_reason",
        "counted_person": "program_id company_id person_hash registration_id counted_at",
        "consent": "id candidate_id purpose fields text_version status given_at ended_at",
        "consent_recipient": "consent_id organization_id",
        "disclosure": "id consortium_id candidate_id provider_id recipient_id referral_id "
        "consent_id purpose fields acquired opened_at closed_at",
        "referral": "id consortium_id candidate_id channel from_id to_id status link_id opening_id "
        "previous_id decline_reason created_at created_on changed_at delivered_at respond_by",
        "referral_step": "referral_id status at by_id",
        "agency_case": "id consortium_id candidate_id agency_id referral_id status opened_at "
        "changed_at closed_at",
        "hire": "id consortium_id referral_id company_id introducer_id joined_on fee_yen "
        "program_version_id free_hire_id status next_milestone_at recorded_at",
        "entry": "id account_id number amount kind posting_id posted_at posted_on "
        "program_version_id registration_id free_hire_id",
        "free_hire": "id consortium_id program_id company_id program_version_id status earned_at "
        "earned_on expires_at referral_id reserved_at spent_at",
        "flow_day": "consortium_id day from_id to_id channel event before waited referrals",
        "journey_day": "consortium_id day chain channel outcome journeys",
        "audit_entry": "consortium_id number at actor_kind actor_id action subject subject_id "
        "details hash",
        KEYS: "id wrapped created_at",
    }.items()
}
BULK_TABLES = tuple(name for name in COLUMNS if name != KEYS)


def encode(name: str, rows: Iterable[Row], dialect: str, table: Table | None = None) -> Any:
    """Rows of a table as the store of a dialect takes them."""
    table = Base.metadata.tables[name] if table is None else table
    encoder = encode_copy if dialect == "postgresql" else encode_tuples
    return encoder(table, COLUMNS[name], rows)
