"""What is told is frozen by month; flows know the state before, journeys what ended them

Which state a referral left was not kept until now. Where its lifecycle has one only, it is that
one; else the one that most leave: an introduction lapses or is withdrawn while the candidate is
asked, and is recalled or declined once it is delivered. Which journey led to a hire, and which
only ended with it, is read from the referrals.
"""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from models.base import UtcDateTime
from models.migrations.append_only import hold_append_only

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHANNELS = ("RELAY_LINK", "AGENCY_INTRODUCTION", "PARTNER_SHARE")
STATES = (
    "REQUESTED",
    "PROPOSED",
    "AGREED",
    "DELIVERED",
    "ACCEPTED",
    "INTERVIEWING",
    "OFFERED",
    "HIRED",
    "DECLINED",
    "WITHDRAWN",
    "RECALLED",
    "EXPIRED",
    "NO_SUITABLE_OPENING",
)
BEFORE = {
    "AGREED": "PROPOSED",
    "DELIVERED": "AGREED",
    "ACCEPTED": "DELIVERED",
    "INTERVIEWING": "ACCEPTED",
    "OFFERED": "INTERVIEWING",
    "HIRED": "OFFERED",
    "DECLINED": "DELIVERED",
    "WITHDRAWN": "PROPOSED",
    "RECALLED": "DELIVERED",
    "EXPIRED": "PROPOSED",
}
"""Of introductions and partners' referrals; what is not here began with the event."""

COUNT = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    _name_states_before()
    _name_what_ended_journeys()
    _create_frozen()
    _create_sources()


def _capitals(name: str, held_by: str, codes: tuple[str, ...]) -> sa.Column[str]:
    values = sa.Enum(*codes, name=held_by, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, values, nullable=False)


def _channel() -> sa.Column[str]:
    return _capitals("channel", "channel", CHANNELS)


def _state(name: str) -> sa.Column[str]:
    return _capitals(name, "before" if name == "before" else "referral_status", STATES)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _key(table: str, columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns.split(), name=op.f(f"pk_{table}"))


def _positive(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} > 0", name=op.f(f"ck_{table}_{column}"))


def _set_aside(table: str) -> str:
    """Out of the way of the table that is made anew; SQLite adds no column to a primary key."""
    aside = f"{table}_0012"
    op.rename_table(table, aside)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX pk_{table} RENAME TO pk_{aside}")
    return aside


def _name_states_before() -> None:
    aside = _set_aside("flow_day")
    op.create_table(
        "flow_day",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        _channel(),
        _state("event"),
        _state("before"),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("referrals", COUNT, nullable=False),
        _positive("flow_day", "referrals"),
        _refers("flow_day", "consortium_id", "consortium"),
        _refers("flow_day", "from_id", "organization"),
        _refers("flow_day", "to_id", "organization"),
        _key("flow_day", "consortium_id day from_id to_id channel event before waited"),
    )
    states = " ".join(f"WHEN event = '{event}' THEN '{left}'" for event, left in BEFORE.items())
    op.execute(
        # Names and codes of our own.
        'INSERT INTO flow_day (consortium_id, day, from_id, to_id, channel, event, "before", '  # noqa: S608
        "waited, referrals) SELECT consortium_id, day, from_id, to_id, channel, event, "
        f"CASE WHEN channel = 'RELAY_LINK' THEN 'ACCEPTED' {states} ELSE event END, "
        f"waited, referrals FROM {aside}"
    )
    op.drop_table(aside)
    for side in ("from_id", "to_id"):
        op.create_index(op.f(f"ix_flow_day_{side}_day"), "flow_day", [side, "day"])


def _name_what_ended_journeys() -> None:
    aside = _set_aside("journey_day")
    op.create_table(
        "journey_day",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        _channel(),
        _state("outcome"),
        sa.Column("journeys", COUNT, nullable=False),
        _positive("journey_day", "journeys"),
        _refers("journey_day", "consortium_id", "consortium"),
        _key("journey_day", "consortium_id day chain channel outcome"),
    )
    connection = op.get_bind()
    led = _led()
    old = sa.table(
        aside,
        sa.column("consortium_id", sa.Uuid()),
        sa.column("day", sa.Date()),
        sa.column("chain", sa.String()),
        sa.column("outcome", sa.String()),
        sa.column("journeys", sa.BigInteger()),
    )
    rows = []
    for row in connection.execute(sa.select(old)):
        place = (row.consortium_id, row.day, row.chain)
        by_channel = {
            channel: led[*place, channel] if row.outcome == "HIRED" else 0
            for channel in CHANNELS[1:]
        }
        by_channel["RELAY_LINK"] = row.journeys - sum(by_channel.values())
        rows += [
            {
                "consortium_id": row.consortium_id,
                "day": row.day,
                "chain": row.chain,
                "channel": channel,
                "outcome": row.outcome,
                "journeys": journeys,
            }
            for channel, journeys in by_channel.items()
            if journeys > 0
        ]
    if rows:
        new = sa.table(
            "journey_day",
            *(sa.column(column.name, column.type) for column in old.c if column.name != "journeys"),
            sa.column("channel", sa.String()),
            sa.column("journeys", sa.BigInteger()),
        )
        connection.execute(new.insert(), rows)
    op.drop_table(aside)


def _led() -> Counter[tuple[object, ...]]:
    """The hires by consortium, day, chain and channel."""
    referral = sa.table(
        "referral",
        *(sa.column(name, sa.Uuid()) for name in ("id", "consortium_id", "from_id", "to_id")),
        sa.column("previous_id", sa.Uuid()),
        sa.column("channel", sa.String()),
    )
    before = referral.alias("before")
    step = sa.table(
        "referral_step",
        sa.column("referral_id", sa.Uuid()),
        sa.column("status", sa.String()),
        sa.column("at", UtcDateTime()),
    )
    consortium = sa.table(
        "consortium", sa.column("id", sa.Uuid()), sa.column("time_zone", sa.String())
    )
    rows = op.get_bind().execute(
        sa.select(
            referral.c.consortium_id,
            referral.c.from_id,
            referral.c.to_id,
            referral.c.channel,
            before.c.from_id.label("first_id"),
            step.c.at,
            consortium.c.time_zone,
        )
        .join(step, sa.and_(step.c.referral_id == referral.c.id, step.c.status == "HIRED"))
        .join(consortium, consortium.c.id == referral.c.consortium_id)
        .outerjoin(before, before.c.id == referral.c.previous_id)
        .where(referral.c.channel != "RELAY_LINK")
    )
    led: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        chain = [row.from_id, row.to_id]
        if row.first_id is not None and row.first_id != row.from_id:
            chain.insert(0, row.first_id)
        day = row.at.astimezone(ZoneInfo(row.time_zone)).date()
        led[row.consortium_id, day, ">".join(one.hex for one in chain), row.channel] += 1
    return led


def _create_frozen() -> None:
    op.create_table(
        "frozen_month",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("smallest_count", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        _positive("frozen_month", "smallest_count"),
        _refers("frozen_month", "consortium_id", "consortium"),
        _key("frozen_month", "consortium_id month"),
    )
    op.create_table(
        "flow_told",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        _channel(),
        _state("event"),
        _state("before"),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("told", COUNT, nullable=False),
        _positive("flow_told", "told"),
        _refers("flow_told", "consortium_id", "consortium"),
        _refers("flow_told", "from_id", "organization"),
        _refers("flow_told", "to_id", "organization"),
        _key("flow_told", "consortium_id month from_id to_id channel event before waited"),
    )
    op.create_table(
        "journey_told",
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        _channel(),
        _state("outcome"),
        sa.Column("told", COUNT, nullable=False),
        _positive("journey_told", "told"),
        _refers("journey_told", "consortium_id", "consortium"),
        _key("journey_told", "consortium_id month chain channel outcome"),
    )
    hold_append_only(("frozen_month", "flow_told", "journey_told"))


def _create_sources() -> None:
    op.create_table(
        "flow_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("smallest_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("people", COUNT, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "smallest_count BETWEEN 1 AND 100", name=op.f("ck_flow_source_smallest_count")
        ),
        _positive("flow_source", "version"),
        _refers("flow_source", "consortium_id", "consortium"),
        _key("flow_source", "id"),
        sa.UniqueConstraint(
            "consortium_id", "label", name=op.f("uq_flow_source_consortium_id_label")
        ),
    )
    op.create_table(
        "flow_imported",
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_node", sa.String(), nullable=False),
        sa.Column("to_node", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        _state("outcome"),
        sa.Column("told", COUNT, nullable=False),
        _positive("flow_imported", "told"),
        sa.CheckConstraint(
            "(first_day IS NULL) = (last_day IS NULL)", name=op.f("ck_flow_imported_period")
        ),
        _refers("flow_imported", "source_id", "flow_source"),
        _key("flow_imported", "source_id number"),
    )
