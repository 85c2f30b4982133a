"""What calendars show of meetings."""

from __future__ import annotations

from models.rules.calendar_files import CalendarEvent
from models.rules.lifecycles import MeetingStatus
from models.tables.meetings import Meeting


def calendar_event(meeting: Meeting) -> CalendarEvent:
    """The one event of a meeting: the same whatever is changed of it, in its next revision."""
    return CalendarEvent(
        uid=f"{meeting.id}@tasuki",
        title=meeting.title,
        starts_at=meeting.starts_at,
        duration_minutes=meeting.duration_minutes,
        place=meeting.place,
        url=meeting.url,
        description=meeting.agenda,
        revision=meeting.revision,
        changed_at=meeting.changed_at,
        is_cancelled=meeting.status is MeetingStatus.CANCELLED,
    )
