"""What is told of a figure about others: a multiple of the smallest count, always the same.

Each cell goes up or down to a multiple by a keyed draw that depends on the cell alone, so that
asking again, or asking for a sum and its parts, reveals no more. Up is as likely as the remainder
is large: on average nothing is added or lost.

The parts of a cell are told by the one draw of the cell: where the parts before have brought the
sum is rounded, and each part is told as the step to the next rounded sum. So the parts add up to
what is told of the whole, and whatever the whole may be, parts that are told the same lead to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise

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
    return told_parts([number], smallest_count=smallest_count, cell=cell, draw=draw)[0]


def told_parts(
    numbers: Sequence[int], *, smallest_count: int, cell: str, draw: Draw
) -> tuple[int, ...]:
    r"""The figures that are told of a cell's parts, which are always given in one order.

    They add up to what is `told` of the whole.

    >>> fixed = lambda cell: b"\x00" * 8
    >>> told_parts([1, 1, 2], smallest_count=3, cell="2026-01", draw=fixed)
    (3, 0, 3)
    """
    if smallest_count < 1 or any(number < 0 for number in numbers):
        raise ValueError("a count is never negative, and a smallest count at least 1")
    offset = _offset(draw(cell), smallest_count)
    sums = accumulate(numbers, initial=offset)
    rounded = [whole - whole % smallest_count for whole in sums]
    return tuple(after - before for before, after in pairwise(rounded))


def _offset(drawn: bytes, smallest_count: int) -> int:
    """What is added before the multiple below is taken: 0 to one less than the smallest count."""
    number = int.from_bytes(drawn[:DRAW_BYTES], "big")
    return smallest_count - 1 - (number * smallest_count >> (8 * DRAW_BYTES))
