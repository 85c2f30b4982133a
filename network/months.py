"""The months of a window, counted as `network.table.month_number` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MONTHS_MAX = 121
"""The months that a window of the most days can touch."""


@dataclass(frozen=True, slots=True)
class Months:
    """The months from ``first`` to ``last``, both included.

    >>> len(Months(24_312, 24_314)), list(Months(24_312, 24_313))
    (3, [24312, 24313])
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.last - self.first < MONTHS_MAX:
            raise ValueError(f"there are 1 to {MONTHS_MAX} months, in order")

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))


def month_name(number: int) -> str:
    """A month as people write it.

    >>> month_name(2026 * 12)
    '2026-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
