"""What is told of a figure about others: a multiple of the smallest count, always the same.

Each cell goes up or down to a multiple by a keyed draw that depends on the cell alone, so that
asking again, or asking for a sum and its parts, reveals no more. Up is as likely as the remainder
is large: on average nothing is added or lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

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


def told_parts(numbers: Sequence[int], *, smallest_count: int, cell: str, draw: Draw) -> list[int]:
    r"""A cell's parts, which add up to exactly what `told` tells of the cell, by its one draw.

    With the draw's offset o and partial sums C of the parts, part k is told as the multiples
    between floor((C before it + o) / s) and floor((C with it + o) / s). It reveals no more than
    the total's own rounding, and on average adds nothing to a part and takes nothing away.

    >>> fixed = lambda cell: b"\x00" * 8
    >>> told_parts([1, 0, 3], smallest_count=3, cell="2026-01", draw=fixed)
    [3, 0, 3]
    >>> told(4, smallest_count=3, cell="2026-01", draw=fixed)
    6
    """
    # `told` goes up where the draw, as a share of 1, is below rest ÷ smallest count.
    drawn = int.from_bytes(draw(cell)[:DRAW_BYTES], "big")
    offset = smallest_count - 1 - (drawn * smallest_count >> (8 * DRAW_BYTES))
    found, so_far, told_so_far = [], offset, 0
    for number in numbers:
        so_far += number
        up_to_here = so_far // smallest_count * smallest_count
        found.append(up_to_here - told_so_far)
        told_so_far = up_to_here
    return found
