"""The way of a new company from its first sign-in to the first person who registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import exists, or_, select

from models.access import Actor, Permission, require
from models.session import ReadSession
from models.tables.mailings import Mailing
from models.visibility import (
    visible_mail_templates,
    visible_mailings,
    visible_registrations,
    visible_relay_links,
)
from models.vocabulary.text import Text


class GettingStartedStepName(StrEnum):
    MAKE_LINK = "MAKE_LINK"
    LOOK_AT_TEMPLATE = "LOOK_AT_TEMPLATE"
    LOAD_PEOPLE = "LOAD_PEOPLE"
    SEND_MAILS = "SEND_MAILS"
    FIRST_REGISTRATION = "FIRST_REGISTRATION"


_S = GettingStartedStepName
TITLES = {
    _S.MAKE_LINK: Text("専用リンクを作る", "Make a relay link"),
    _S.LOOK_AT_TEMPLATE: Text("メールの文面を確認する", "Look at the mail's words"),
    _S.LOAD_PEOPLE: Text("送り先の CSV を読み込む", "Load the people from a CSV"),
    _S.SEND_MAILS: Text("メールを送る", "Send the mails"),
    _S.FIRST_REGISTRATION: Text("最初の登録を待つ", "Wait for the first registration"),
}
HINTS = {
    _S.MAKE_LINK: Text(
        "採用の募集ごとに一つ作ります。お祈りメールに入る URL です。",
        "One for each campaign. Its URL goes into the rejection mails.",
    ),
    _S.LOOK_AT_TEMPLATE: Text(
        "はじめから文面が入っています。自社の言葉に直して保存できます。",
        "There is one to begin with. Put it into your own words, and save it.",
    ),
    _S.LOAD_PEOPLE: Text(
        "氏名とメールアドレスの列があれば読み込めます。読めない行は理由が表示されます。",
        "A column of names and one of addresses are enough. Rows that cannot be read are listed.",
    ),
    _S.SEND_MAILS: Text(
        "一人に一通ずつ送られます。途中で取り消せます。",
        "Each person gets one mail. You can cancel what is not sent yet.",
    ),
    _S.FIRST_REGISTRATION: Text(
        "リンクから登録されると、カウントが増えます。",
        "Your count rises when someone registers through the link.",
    ),
}


@dataclass(frozen=True, slots=True)
class GettingStartedStep:
    """One step, whether it is done, and whether it is the one to do next."""

    name: GettingStartedStepName
    done: bool
    next: bool

    @property
    def title(self) -> Text:
        """What to do."""
        return TITLES[self.name]

    @property
    def hint(self) -> Text:
        """What helps in doing it."""
        return HINTS[self.name]


async def getting_started(read: ReadSession, actor: Actor) -> Sequence[GettingStartedStep]:
    """The steps in their order. The first that is not done is next."""
    require(actor, Permission.READ_MAILINGS)
    mailings = visible_mailings(actor)
    loaded = exists().where(mailings)
    row = (
        await read.execute(
            select(
                exists().where(visible_relay_links(actor)).label("link"),
                # Whoever loaded people has chosen a template.
                or_(exists().where(visible_mail_templates(actor)), loaded).label("template"),
                loaded.label("people"),
                exists().where(mailings, Mailing.started_at.is_not(None)).label("sent"),
                exists().where(visible_registrations(actor)).label("registered"),
            )
        )
    ).one()
    done = [bool(value) for value in row]
    waiting = done.index(False) if False in done else None
    return [
        GettingStartedStep(name, done=is_done, next=number == waiting)
        for number, (name, is_done) in enumerate(zip(GettingStartedStepName, done, strict=True))
    ]
