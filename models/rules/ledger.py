"""What is posted for a count, a reversal, a free hire. Amounts only; the caller writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Unit(StrEnum):
    COUNT = "COUNT"
    FREE_HIRE = "FREE_HIRE"
    REWARD = "REWARD"


class Book(StrEnum):
    """What a company has, or owes: a reversal that found nothing to take is kept as a debt."""

    BALANCE = "BALANCE"
    DEBT = "DEBT"


class EntryKind(StrEnum):
    COUNTED = "COUNTED"
    CONVERTED = "CONVERTED"
    EARNED = "EARNED"
    SPENT = "SPENT"
    EXPIRED = "EXPIRED"
    RETURNED = "RETURNED"
    REVERSED = "REVERSED"
    TAKEN_BACK = "TAKEN_BACK"
    OWED = "OWED"
    DEBT_FILLED = "DEBT_FILLED"
    LAPSED = "LAPSED"
    BONUS = "BONUS"
    """A count that a partnership's terms promised: it is no person's."""
    GRANTED = "GRANTED"
    """A free hire that a partnership's terms promised."""
    REWARDED = "REWARDED"
    """Yen that a partnership's terms promised: taken from a company, and given to an agency."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry to be: how much of what, in which book, and why."""

    unit: Unit
    amount: int
    kind: EntryKind
    book: Book = Book.BALANCE


@dataclass(frozen=True, slots=True)
class Holding:
    """What a company holds when a count or a reversal comes."""

    counts: int
    debt: int = 0


def post_count(
    holding: Holding, counts_per_free_hire: int, kind: EntryKind = EntryKind.COUNTED
) -> list[Posting]:
    """One count: it fills a debt first; a count that reaches the threshold earns.

    A bonus is a count of another ``kind``. A new version may find more than one threshold reached
    at its first count.
    """
    postings = [Posting(Unit.COUNT, 1, kind)]
    if holding.debt:
        return [
            *postings,
            Posting(Unit.COUNT, -1, EntryKind.DEBT_FILLED),
            Posting(Unit.COUNT, -1, EntryKind.DEBT_FILLED, Book.DEBT),
        ]
    for _ in range((holding.counts + 1) // counts_per_free_hire):
        postings.append(Posting(Unit.COUNT, -counts_per_free_hire, EntryKind.CONVERTED))
        postings.append(Posting(Unit.FREE_HIRE, 1, EntryKind.EARNED))
    return postings


def post_reversal(holding: Holding, available_cost: int | None) -> list[Posting]:
    """Take one count back: from the remainder, else from an available free hire, else as a debt.

    ``available_cost`` is how many counts the free hire to be taken back had cost; none where no
    free hire is available. The posting of a kind in `REVERSING` names the reversed entry.
    """
    if holding.counts:
        return [Posting(Unit.COUNT, -1, EntryKind.REVERSED)]
    if available_cost is not None:
        return [
            Posting(Unit.COUNT, available_cost, EntryKind.TAKEN_BACK),
            Posting(Unit.FREE_HIRE, -1, EntryKind.TAKEN_BACK),
            Posting(Unit.COUNT, -1, EntryKind.REVERSED),
        ]
    return [Posting(Unit.COUNT, 1, EntryKind.OWED, Book.DEBT)]


def post_grant_reversal(*, is_available: bool, cost: int) -> list[Posting]:
    """Take a granted free hire back: from one that is available, else as a debt of counts.

    ``cost`` is how many counts such a free hire had cost when it was granted.
    """
    if is_available:
        return [Posting(Unit.FREE_HIRE, -1, EntryKind.REVERSED)]
    return [Posting(Unit.COUNT, cost, EntryKind.OWED, Book.DEBT)]


def held_after(holding: Holding, postings: list[Posting]) -> Holding:
    """What is held once the postings are made."""
    counts, debt = holding.counts, holding.debt
    for posting in postings:
        if posting.unit is Unit.COUNT:
            if posting.book is Book.DEBT:
                debt += posting.amount
            else:
                counts += posting.amount
    return replace(holding, counts=counts, debt=debt)


REVERSING = frozenset({EntryKind.REVERSED, EntryKind.OWED})
"""The kinds whose entry names the count, or the reward, that it reverses."""

REWARDING = frozenset({EntryKind.BONUS, EntryKind.GRANTED, EntryKind.REWARDED})
"""The kinds by which a reward of a partnership's terms is posted."""

LINKED = REVERSING | {EntryKind.RETURNED, EntryKind.SPENT}
"""The kinds whose entry may name another: a return names the spending, and a spending the return
that was recorded by mistake.
"""
