"""How a day is written for people."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def in_words(day: date, locale: str) -> str:
    """A day as people write it.

    >>> in_words(date(2026, 1, 5), "en")
    '5 January 2026'
    """
    if locale == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"
