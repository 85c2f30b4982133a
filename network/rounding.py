"""What is told of a figure about others: a multiple of the smallest count, always the same.

Each cell goes up or down to a multiple by a keyed draw that depends on the cell alone, so that
asking again, or asking for a sum and its parts, reveals no more. Up is as likely as the remainder
is large: on average nothing is added or lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

Draw = Callable[[str], bytes]
"""A keyed hash of a cell's name: at least `DRAW_BYTES` bytes that nobody outside can compute."""

DRAW_BYTES = 8

Blind = Callable[[str, uuid.UUID, str], bytes]
"""The vault's keyed hash, by purpose, consortium and value."""


def draw_for(blind: Blind, consortium_id: uuid.UUID) -> Draw:
    """The draw of one consortium, under the installation's key."""
    return lambda cell: blind("flow-rounding", consortium_id, cell)


def told(number: int, *, smallest_count: int, cell: str, draw: Draw) -> int:
    r"""The figure that is told of a cell: the next multiple below or above.

    >>> fixed = lambda cell: b"\x00" * 8
    >>> told(4, smallest_count=3, cell="2026-01", draw=fixed)
    6
    >>> told(6, smallest_count=3, cell="2026-01", draw=fixed)
    6
    """
    if number < 0 or smallest_count < 1:
        raise ValueError("a count is never negative, and a smallest count at least 1")
    whole, rest = divmod(number, smallest_count)
    drawn = int.from_bytes(draw(cell)[:DRAW_BYTES], "big")
    is_up = drawn * smallest_count < rest << (8 * DRAW_BYTES)
    return (whole + is_up) * smallest_count
