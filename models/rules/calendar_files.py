"""Calendar files: one event as RFC 5545 has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LINE_OCTETS_MAX = 75
PRODUCT = "-//Tasuki//Feedback meetings//EN"


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What a calendar shows of a meeting."""

    uid: str
    title: str
    starts_at: datetime
    duration_minutes: int
    place: str | None
    url: str | None
    description: str | None
    revision: int
    changed_at: datetime
    is_cancelled: bool


def calendar_file(event: CalendarEvent) -> str:
    """The file: lines that end in CRLF, folded at 75 octets, times in UTC."""
    ends_at = event.starts_at + timedelta(minutes=event.duration_minutes)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if event.is_cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(ends_at)}",
        f"SEQUENCE:{event.revision}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(event.title)}",
        *([f"LOCATION:{_text(event.place)}"] if event.place else []),
        *([f"DESCRIPTION:{_text(event.description)}"] if event.description else []),
        # An address is a URI as it stands, not a text.
        *([f"URL:{event.url}"] if event.url else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    r"""The line in pieces of at most 75 octets; each but the first begins with a space.

    No letter is cut through.

    >>> fold("a" * 76).split("\r\n")[1]
    ' a'
    """
    pieces, piece, used = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if used + octets > LINE_OCTETS_MAX:
            pieces.append(piece)
            piece, used = " ", 1
        piece, used = piece + letter, used + octets
    return "\r\n".join([*pieces, piece])


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
