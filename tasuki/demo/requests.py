"""What the demo's candidates ask of the consortium, and who has been silent for two years."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from models.access import candidate
from models.operations.consortia import ChangeConsortium, change_consortium
from models.operations.inactivity import due_silences, end_silence
from models.operations.requests import (
    EndRequest,
    SendRequest,
    answer_request,
    refuse_request,
    send_request,
)
from models.reads.demo import latest_candidates
from models.rules.requests import RequestKind
from models.session import Database
from tasuki.demo.founding import Founded

RETENTION_MONTHS = 24
"""As long as can be: a history of two years keeps its people, and its first are near their end."""

LATE_DAYS = 20
WAITING = SendRequest(
    RequestKind.DISCLOSURE, "お預けしている情報の写しを、書面で郵送していただけますか。"
)
LATE = SendRequest(
    RequestKind.SHOWING, "先月、私の情報をどの企業が見たのか、理由とあわせて教えてください。"
)
ANSWERED = SendRequest(RequestKind.CORRECTION, "メールアドレスを変更したいです。")
ANSWER = (
    "新しいアドレスで、企業のリンクからもう一度ご登録ください。"
    "そのあと、これまでの登録はご自分のページで削除できます。"
)
REFUSED = SendRequest(RequestKind.STOP_OF_USE, "応募した企業の社内の記録も消してください。")
REFUSAL = (
    "応募先企業が自社で保管している記録は、このコンソーシアムでは削除できません。"
    "お手数ですが、企業に直接お申し出ください。"
)


async def keep_two_years(database: Database, founded: Founded) -> None:
    """Have the consortium keep records for as long as the history is."""
    admin = founded.staff_of(founded.consortium_id)
    async with database.transaction() as tx:
        await change_consortium(tx, admin, ChangeConsortium(retention_months=RETENTION_MONTHS))


async def requests_of_today(database: Database, founded: Founded) -> None:
    """One request waits, one waits for too long, one is answered and one refused."""
    admin = founded.staff_of(founded.consortium_id)
    async with database.read() as read:
        people = await latest_candidates(read, founded.consortium_id, 4)
    commands = (LATE, WAITING, ANSWERED, REFUSED)
    for person, command in zip(people, commands, strict=False):
        actor = candidate(founded.consortium_id, person, "ja")
        now = database.clock
        if command is LATE:
            database.clock = partial(_before, now())
        async with database.transaction() as tx:
            request_id = await send_request(tx, actor, command)
        database.clock = now
        if command is ANSWERED:
            async with database.transaction() as tx:
                await answer_request(tx, admin, EndRequest(request_id, ANSWER))
        if command is REFUSED:
            async with database.transaction() as tx:
                await refuse_request(tx, admin, EndRequest(request_id, REFUSAL))


def _before(now: datetime) -> datetime:
    return now - timedelta(days=LATE_DAYS)


async def notify_the_silent(database: Database) -> None:
    """Tell those who did nothing for two years, as the timer does."""
    async with database.read() as read:
        due, _ = await due_silences(read, None)
    for candidate_id in due:
        async with database.transaction() as tx:
            await end_silence(tx, candidate_id)
