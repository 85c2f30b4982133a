"""What came of jobs, as requests look at it: read when something of it is selected, and once.

An answer may have megabytes, so that a request looks at one, and it is taken apart in a thread.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from functools import partial

from gql.context import Context
from models.access import Permission
from models.errors import DomainError, NotFound
from models.reads.analysis_jobs import result_of
from models.vocabulary.text import Text
from network.storing import Kept


class OneAnswerAtATime(DomainError):
    """The answers of several jobs in one request."""

    code = "ONE_ANSWER_AT_A_TIME"
    text = Text(
        ja="分析の結果は、1回のリクエストで1件だけ取得できます。結果ごとに分けてください。",
        en="A request looks at the answer of one analysis. Ask for each in a request of its own.",
    )


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer of one job, not read yet."""

    job_id: uuid.UUID

    async def read(self, ctx: Context) -> Kept:
        """All of it. Raises `OneAnswerAtATime`, and `NotFound` where it has gone meanwhile."""
        under_way = ctx.kept_answers
        if self.job_id not in under_way:
            if under_way:
                raise OneAnswerAtATime
            under_way[self.job_id] = asyncio.ensure_future(self._read(ctx))
        return await under_way[self.job_id]

    async def _read(self, ctx: Context) -> Kept:
        actor = ctx.permitted(Permission.READ_FLOWS)
        async with ctx.database.read() as look:
            text = await result_of(look, actor, self.job_id)
        if text is None:
            raise NotFound(what="analysis")
        return await ctx.analyses.in_thread(partial(Kept.of, text))
