"""The words of the mails to one person about their own doings, in Japanese and English."""

from __future__ import annotations

from models.reads.candidate_mails import DeletionMail, RequestMail
from models.reads.outgoing_mails import (
    AgreementMail,
    ConfirmationMail,
    InvitationMail,
    MoveMail,
    Partner,
    PasswordResetMail,
    RejectionMail,
    SignInMail,
    WelcomeMail,
)
from models.reads.surveys import SurveyMail
from models.rules.mail_template import MailValues, RenderedMail, render
from models.rules.requests import KIND_NAMES
from models.rules.surveys import SurveyKind
from models.vocabulary.days import in_words
from models.vocabulary.text import Text
from tasuki.workers.letters import GREETING, Letter, local, rendered

_IGNORE = Text(
    "お心当たりがない場合は、このメールを破棄してください。何も起こりません。",
    "If you did not ask for this, simply ignore this mail. Nothing will happen.",
)


def invitation(mail: InvitationMail, base_url: str) -> RenderedMail:
    """A colleague is to choose a password."""
    locale = mail.locale
    until = local(mail.expires_at, mail.time_zone, locale)
    return rendered(
        Letter(
            locale=locale,
            subject=Text(
                f"「{mail.consortium}」へのご招待", f"Your invitation to {mail.consortium}"
            ).in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                Text(
                    f"{mail.organization}の担当者として、採用コンソーシアム「{mail.consortium}」に"
                    "招待されました。パスワードを決めると、すぐに使い始められます。",
                    f"You have been invited to act for {mail.organization} in {mail.consortium}. "
                    "Choose a password, and you can begin.",
                ).in_(locale),
            ],
            button=Text("パスワードを設定する", "Choose a password").in_(locale),
            url=f"{base_url}/invitation/{mail.token}",
            after=[
                Text(
                    f"この招待は {until} まで有効です。",
                    f"The invitation can be used until {until}.",
                ).in_(locale),
                _IGNORE.in_(locale),
            ],
        )
    )


def password_reset(mail: PasswordResetMail, base_url: str) -> RenderedMail:
    """A user who has forgotten the password is to choose another."""
    locale = mail.locale
    until = local(mail.expires_at, mail.time_zone, locale)
    return rendered(
        Letter(
            locale=locale,
            subject=Text("パスワードの再設定", "Choose a new password").in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                Text(
                    f"「{mail.consortium}」でお使いのパスワードについて、再設定の申し込みがありました。"
                    "次のページで新しいパスワードを決めてください。",
                    f"Someone, most likely you, asked for a new password for {mail.consortium}. "
                    "You can choose it on the next page.",
                ).in_(locale),
            ],
            button=Text("新しいパスワードを設定する", "Choose a new password").in_(locale),
            url=f"{base_url}/reset/{mail.token}",
            after=[
                Text(
                    f"リンクは {until} まで、一度だけ使えます。ほかの人に渡さないでください。",
                    f"The link works once, until {until}. Do not pass it on.",
                ).in_(locale),
                _IGNORE.in_(locale),
            ],
        )
    )


def confirmation(mail: ConfirmationMail, base_url: str) -> RenderedMail:
    """A registrant is to confirm the address. Who wrote the form is not known yet."""
    locale = mail.locale
    company = mail.company.in_(locale)
    until = local(mail.expires_at, mail.time_zone, locale)
    return rendered(
        Letter(
            locale=locale,
            subject=Text("ご登録の確認", "Please confirm your registration").in_(locale),
            before=[
                Text(
                    f"{company}の専用リンクから、このメールアドレスで登録の申し込みがありました。",
                    f"Someone, most likely you, registered this address through the link of "
                    f"{company}.",
                ).in_(locale),
                Text(
                    "次のページで確認すると登録が完了し、人材紹介会社があなたの担当になります。"
                    "確認されるまで、入力された内容は誰にも渡されません。",
                    "Once you confirm on the next page you are registered, and a recruitment "
                    "agency looks after you. Until then nobody is given what was entered.",
                ).in_(locale),
            ],
            button=Text("登録を確認する", "Confirm the registration").in_(locale),
            url=f"{base_url}/confirm/{mail.token}",
            after=[
                Text(
                    f"{until} までに確認されない場合、入力された内容は削除されます。",
                    f"What was entered is deleted unless you confirm by {until}.",
                ).in_(locale),
                _IGNORE.in_(locale),
            ],
        )
    )


def welcome(mail: WelcomeMail, base_url: str) -> RenderedMail:
    """A candidate is registered, and can see at any time what happens."""
    locale = mail.locale
    agency = (
        Text(
            f"担当は{mail.agency.ja}です。求人のご紹介などを、担当からご連絡します。",
            f"{mail.agency.en} looks after you and will be in touch.",
        ).in_(locale)
        if mail.agency
        else Text("担当が決まり次第、ご連絡します。", "We will tell you who looks after you.").in_(
            locale
        )
    )
    return rendered(
        Letter(
            locale=locale,
            subject=Text("ご登録が完了しました", "You are registered").in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                Text("ご登録ありがとうございます。", "Thank you for registering.").in_(locale)
                + ("" if locale != "en" else " ")
                + agency,
                Text(
                    "現在の状況、あなたの情報が誰に提供されたか、どの同意が有効かは、"
                    "専用ページでいつでも確認できます。同意の撤回や、見せたくない企業の指定もできます。",
                    "On your own page you can see at any time where things stand, to whom your "
                    "data was provided and what you agreed to. There you can also withdraw "
                    "a consent, or name companies that shall not see you.",
                ).in_(locale),
            ],
            button=Text("自分のページを開く", "Open your page").in_(locale),
            url=f"{base_url}/me",
            after=[
                Text(
                    "ページを開くと、サインイン用のリンクをこのメールアドレスにお送りします。",
                    "The page sends a link to sign in with to this address.",
                ).in_(locale)
            ],
        )
    )


def sign_in(mail: SignInMail, base_url: str) -> RenderedMail:
    """A candidate's way to their own pages."""
    locale = mail.locale
    return rendered(
        Letter(
            locale=locale,
            subject=Text("サインイン用のリンク", "Your link to sign in").in_(locale),
            before=[
                Text(
                    "次のリンクから、あなたのページにサインインできます。",
                    "With this link you can sign in to your page.",
                ).in_(locale)
            ],
            button=Text("サインインする", "Sign in").in_(locale),
            url=f"{base_url}/me/sign-in/{mail.token}" + (f"?to={mail.page}" if mail.page else ""),
            after=[
                Text(
                    "リンクは一度だけ、短い時間だけ使えます。ほかの人に渡さないでください。",
                    "The link works once and for a short time. Do not pass it on.",
                ).in_(locale),
                _IGNORE.in_(locale),
            ],
        )
    )


def _why_asked(mail: AgreementMail) -> str:
    agency, company = mail.agency.in_(mail.locale), mail.company.in_(mail.locale)
    opening = Text(
        f"{company}の求人「{mail.opening}」" if mail.opening else company,
        f"{company} for the position “{mail.opening}”" if mail.opening else company,
    ).in_(mail.locale)
    told = {
        None: Text(
            f"{agency}が、あなたを{opening}に紹介したいと考えています。"
            "紹介してよいか、あなたのページでお答えください。",
            f"{agency} would like to introduce you to {opening}. "
            "Please say on your page whether it may.",
        ),
        Partner.OFFERS: Text(
            f"{agency}が、採用で提携している{opening}に、あなたを紹介したいと考えています。"
            "紹介してよいか、あなたのページでお答えください。",
            f"{agency} would like to introduce you to its partner {opening}. "
            "Please say on your page whether it may.",
        ),
        Partner.ASKS: Text(
            f"{agency}と採用で提携している{opening}が、あなたを特定しない情報を見て、お話ししたいと"
            "考えています。お名前などを伝えてよいか、あなたのページでお答えください。",
            f"{opening}, a partner of {agency}, saw data that does not identify you and would like "
            "to get to know you. Please say on your page whether it may learn who you are.",
        ),
    }
    return told[mail.partner].in_(mail.locale)


def agreement(mail: AgreementMail, base_url: str) -> RenderedMail:
    """A candidate is asked whether they may be introduced to a company."""
    locale = mail.locale
    after = [
        Text(
            "同意されるまで、企業にあなたの情報は渡りません。断っても不利益はありません。",
            "The company is told nothing about you unless you agree. "
            "You lose nothing if you decline.",
        ).in_(locale)
    ]
    if mail.respond_by is not None:
        until = local(mail.respond_by, mail.time_zone, locale)
        after.append(
            Text(
                f"{until} までにお返事がない場合、このご紹介は取りやめになります。",
                f"Without an answer by {until} the introduction is dropped.",
            ).in_(locale)
        )
    return rendered(
        Letter(
            locale=locale,
            subject=Text("ご紹介についてのお伺い", "May we introduce you?").in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                _why_asked(mail),
            ],
            button=Text("内容を見て答える", "See and answer").in_(locale),
            url=f"{base_url}{mail.page}",
            after=after,
        )
    )


def delivered_at_once(mail: AgreementMail, base_url: str) -> RenderedMail:
    """A candidate is told that a partner knows them now, by their standing consent."""
    locale = mail.locale
    agency, company = mail.agency.in_(locale), mail.company.in_(locale)
    return rendered(
        Letter(
            locale=locale,
            subject=Text("提携企業に紹介しました", "You were introduced to a partner").in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                Text(
                    f"{agency}と採用で提携している{company}に、あなたの情報をお渡ししました。"
                    "そのつど確認しないことを選んでいただいているため、お尋ねはしていません。",
                    f"{company}, a partner of {agency}, was given your data. You chose not to be "
                    "asked each time, so nobody asked you.",
                ).in_(locale),
            ],
            button=Text("内容を見る、取りやめる", "See it, or take it back").in_(locale),
            url=f"{base_url}{mail.page}",
            after=[
                Text(
                    "この企業への紹介は、紹介のページで取りやめられます。これからは確認してほしい場合は、"
                    "「同意」のページで変更できます。",
                    "On the page of the introduction you can step back from it. On the page "
                    "Consents you can have yourself asked again from now on.",
                ).in_(locale)
            ],
        )
    )


def move(mail: MoveMail, base_url: str) -> RenderedMail:
    """A candidate's agency may go on no more: they are asked to move to another."""
    locale = mail.locale
    agency = mail.agency.in_(locale)
    return rendered(
        Letter(
            locale=locale,
            subject=Text(
                "担当の人材紹介会社についてのお願い", "Please choose about your agency"
            ).in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                Text(
                    f"あなたを担当している{agency}は、現在、人材紹介を続けることができません。"
                    "企業がまだご存じない紹介は取り下げられ、新しい紹介は行われません。",
                    f"{agency}, which looks after you, can no longer introduce people. "
                    "Introductions that no company knows of yet are taken back, and there will "
                    "be no new ones.",
                ).in_(locale),
                Text(
                    "別の人材紹介会社に担当を変更するかどうかを、あなたのページでお選びください。",
                    "Please say on your page whether another agency shall look after you.",
                ).in_(locale),
            ],
            button=Text("自分のページを開く", "Open your page").in_(locale),
            url=f"{base_url}/me",
            after=[
                Text(
                    "あなたが同意されるまで、別の会社に情報が渡ることはありません。",
                    "No other agency is given your data unless you agree.",
                ).in_(locale)
            ],
        )
    )


def deletion_notice(mail: DeletionMail, base_url: str) -> RenderedMail:
    """A candidate's record goes on a day, unless they keep it."""
    locale, day = mail.locale, in_words(mail.goes_on, mail.locale)
    return rendered(
        Letter(
            locale=locale,
            subject=Text(
                f"{day}に登録を削除します", f"Your registration will be erased on {day}"
            ).in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                Text(
                    f"「{mail.consortium}」へのご登録について、しばらく操作がありません。"
                    f"必要のなくなった情報を残さないため、{day}にすべて削除します。",
                    f"Nothing has happened for some time with your registration at "
                    f"{mail.consortium}. So that nothing is kept that is needed no more, all of "
                    f"it is erased on {day}.",
                ).in_(locale),
                Text(
                    "登録を続ける場合だけ、次のページでボタンを押してください。サインインは要りません。",
                    "Only if you want to stay registered, press the button on the next page. "
                    "You need not sign in.",
                ).in_(locale),
            ],
            button=Text("登録を残す", "Keep my registration").in_(locale),
            url=f"{base_url}/keep/{mail.token}",
            after=[
                Text(
                    "何もしなければ削除されます。ご自身で今すぐ削除することも、あなたのページからできます。",
                    "If you do nothing it is erased. You can also erase it yourself at once, on "
                    "your own page.",
                ).in_(locale)
            ],
        )
    )


def request_ended(mail: RequestMail, base_url: str) -> RenderedMail:
    """A candidate's request has its answer, or the reason why it is refused."""
    locale = mail.locale
    kind = KIND_NAMES[mail.kind].in_(locale)
    told = (
        Text(
            f"お申し出（{kind}）には応じられませんでした。理由は次のとおりです。",
            f"{mail.consortium} could not do what you asked ({kind}). This is the reason:",
        )
        if mail.is_refused
        else Text(
            f"お申し出（{kind}）に「{mail.consortium}」の運営者が回答しました。",
            f"{mail.consortium} has answered what you asked ({kind}):",
        )
    )
    return rendered(
        Letter(
            locale=locale,
            subject=Text("お申し出への回答", "An answer to your request").in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                told.in_(locale),
                *(line for line in mail.answer.splitlines() if line.strip()),
            ],
            button=Text("自分のページで見る", "See it on your page").in_(locale),
            url=f"{base_url}/me/requests",
            after=[
                Text(
                    "ご納得いただけない場合は、あなたのページからもう一度お申し出ください。",
                    "If this does not settle it, send another request from your page.",
                ).in_(locale)
            ],
        )
    )


def rejection(mail: RejectionMail, base_url: str) -> RenderedMail:
    """The company's own words, with the relay link in them."""
    values = MailValues(
        name=mail.name,
        opening=mail.opening,
        company=mail.company.in_(mail.locale),
        link=f"{base_url}/r/{mail.link_token}",
    )
    return render(mail.template, values, mail.locale)


def survey(mail: SurveyMail, base_url: str) -> RenderedMail:
    """A candidate is asked two questions, once. Nobody can tell afterwards who answered what."""
    locale, company = mail.locale, mail.company.in_(mail.locale)
    until = local(mail.expires_at, mail.time_zone, locale)
    why = {
        SurveyKind.REGISTRATION: Text(
            f"先日は、{company}からのご案内でご登録いただき、ありがとうございました。",
            f"You registered a little while ago, by a link that {company} had sent you.",
        ),
        SurveyKind.OUTCOME: Text(
            f"{company}からのご案内でご登録いただいた件について、結果が出たと伺いました。",
            f"You had registered by a link of {company}, and it has come to an end since.",
        ),
    }
    return rendered(
        Letter(
            locale=locale,
            subject=Text("2つの質問にお答えください", "Two questions for you").in_(locale),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                why[mail.kind].in_(locale),
                Text(
                    "2つの質問に5段階でお答えいただけますか。1分もかかりません。お答えにならなくても、"
                    "何も変わりません。",
                    "Would you answer two questions, on a scale of five? It takes less than a "
                    "minute. Nothing changes for you if you do not.",
                ).in_(locale),
            ],
            button=Text("質問に答える", "Answer two questions").in_(locale),
            url=f"{base_url}/survey/{mail.token}",
            after=[
                Text(
                    "回答は、月ごとの人数に加えるだけで、誰の回答かは記録しません。"
                    "企業には、人数がまとまってから、丸めた数字だけをお見せします。",
                    "Your answer is only added to a month's numbers; whose it was is not kept. "
                    "The company is told rounded numbers, once enough people have answered.",
                ).in_(locale),
                Text(
                    f"リンクは {until} まで、一度だけ使えます。"
                    "今後この質問が要らない場合は、同じページで停止できます。",
                    f"The link works once, until {until}. If you want no more of these questions, "
                    "you can say so on the same page.",
                ).in_(locale),
            ],
        )
    )
