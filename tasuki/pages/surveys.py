"""The two questions behind a mailed link, and the choice not to be asked.

The pages read no cookie of the candidate's and change nothing of the candidate: what is sent is
added to counters, and its link goes.
"""

from __future__ import annotations

from starlette.responses import Response

from models.errors import InvalidInput, LinkUnknown
from models.operations.surveys import (
    AnswerSurvey,
    accept_surveys,
    answer_survey,
    decline_surveys,
    decline_surveys_by_link,
)
from models.reads.surveys import read_survey_link
from models.rules.surveys import QUESTIONS, SCORES, SurveyQuestion
from models.vocabulary.text import Text
from tasuki.pages.web import BAD_FORM, Refused, Visit

USED = Refused(
    404,
    Text("このリンクは使えません", "This link works no more"),
    Text(
        "すでに回答されたか、期限が過ぎたか、途中で切れています。リンクは一度だけ使えます。",
        "It was used already, its time is over, or it was cut off. Each link works once.",
    ),
)


async def survey(visit: Visit) -> Response:
    """The questions. Looking at them changes nothing; sending them uses the link up."""
    token = visit.token()
    if not visit.is_post:
        return await _show(visit, token)
    try:
        async with visit.site.database.transaction() as tx:
            await answer_survey(tx, AnswerSurvey(token, _scores(visit)))
    except InvalidInput as error:
        return await _show(visit, token, Text(error.message("ja"), error.message("en")))
    except LinkUnknown:
        raise USED from None
    return visit.go("/survey-done")


def _scores(visit: Visit) -> dict[SurveyQuestion, int]:
    given = {question: visit.form.text(question.value.lower()) for question in SurveyQuestion}
    codes = {str(score): score for score in SCORES}
    if not {text for text in given.values() if text} <= codes.keys():
        raise BAD_FORM
    return {question: codes[text] for question, text in given.items() if text}


async def _show(visit: Visit, token: str, problem: Text | None = None) -> Response:
    async with visit.site.database.read() as read:
        company = await read_survey_link(read, token)
    if company is None:
        raise USED
    return visit.render(
        "survey.html",
        422 if problem else 200,
        company=company,
        questions=QUESTIONS,
        scores=SCORES,
        values=visit.form,
        problem=problem,
    )


async def no_more(visit: Visit) -> Response:
    """No more of these mails, by the link of one: its reader need not sign in."""
    try:
        async with visit.site.database.transaction() as tx:
            await decline_surveys_by_link(tx, visit.token(), visit.locale)
    except LinkUnknown:
        raise USED from None
    return visit.go("/survey-done?done=no-surveys")


async def done(visit: Visit) -> Response:
    """Thanks: an address of its own, so that going back does not send anything again."""
    return visit.render("survey_done.html")


async def choose(visit: Visit) -> Response:
    """On one's own page: to be asked, or not."""
    choice = visit.form.text("surveys")
    operations = {"yes": accept_surveys, "no": decline_surveys}
    if choice not in operations:
        raise BAD_FORM
    async with visit.site.database.transaction() as tx:
        await operations[choice](tx, visit.me)
    return visit.go("/me/data?done=" + ("surveys" if choice == "yes" else "no-surveys"))
