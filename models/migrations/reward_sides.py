"""A trigger that refuses yen for a company, and for an agency a payment, on both databases.

Whom an account belongs to stands in another table than the entry, so that no check can see it. What
takes an earlier entry back names it, and goes the other way.
"""

from __future__ import annotations

from alembic import op

WRONG_SIDE = """
    SELECT 1 FROM account JOIN organization ON organization.id = account.company_id
    WHERE account.id = NEW.account_id AND account.unit = 'REWARD' AND NEW.reverses_id IS NULL
    AND (organization.kind = 'COMPANY') = (NEW.amount > 0)
"""


def create_trigger() -> None:
    """Refuse entries of yen on the wrong side."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""
            CREATE FUNCTION tasuki_reward_sides() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS ({WRONG_SIDE}) THEN
                    RAISE EXCEPTION 'yen go from companies to agencies only'
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END $$
            """
        )
        op.execute(
            "CREATE TRIGGER entry_reward_sides BEFORE INSERT ON entry "
            "FOR EACH ROW WHEN (NEW.kind IN ('REWARDED', 'REVERSED')) "
            "EXECUTE FUNCTION tasuki_reward_sides()"
        )
        return
    op.execute(
        f"CREATE TRIGGER entry_reward_sides BEFORE INSERT ON entry WHEN EXISTS ({WRONG_SIDE}) "  # noqa: S608
        "BEGIN SELECT RAISE(ABORT, 'yen go from companies to agencies only'); END"
    )
