"""The form of a check: a statement whose every row is a violation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Statement = Any
"""A select of the violating rows; the first column, ``subject_id``, says which."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule about the rows of one kind."""

    rule: str
    subject: str
    violating: Callable[[UUID], Statement]
    """The violating rows of a consortium."""
