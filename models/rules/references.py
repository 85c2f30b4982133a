"""What a hand-over is called in files outside: short enough to be written down by hand."""

from __future__ import annotations

import hashlib
import uuid

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is mistaken for another: 0 and O, 1, I and L, U and V."""
LETTERS_PER_HALF = 4


def reference_of(referral_id: uuid.UUID) -> str:
    """A referral's reference, always the same: it tells nothing, and leads back to no id.

    >>> reference_of(uuid.UUID(int=7))
    'N9TM-2W7J'
    """
    digest = hashlib.sha256(b"referral reference\0" + referral_id.bytes).digest()
    number, letters = int.from_bytes(digest[:8]), []
    for _ in range(2 * LETTERS_PER_HALF):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters[:LETTERS_PER_HALF]) + "-" + "".join(letters[LETTERS_PER_HALF:])
