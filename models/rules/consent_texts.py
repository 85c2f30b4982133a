"""The texts that a candidate reads before consenting. A change of meaning is a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.rules.ledger import Unit
from models.rules.rewards import RewardEvent
from models.rules.sharing import ALL_FIELDS, CONSENTED_FIELDS, CandidateField, Purpose
from models.vocabulary.text import Text

FIRST_TEXT_VERSION = "2026-11"
CONSENT_TEXT_VERSION = "2026-11-2"
"""The texts that are shown now. The second told of the choice not to be asked each time."""

FIELD_NAMES = {
    CandidateField.NAME: Text("お名前", "name"),
    CandidateField.EMAIL: Text("メールアドレス", "mail address"),
    CandidateField.PHONE: Text("電話番号", "telephone number"),
    CandidateField.WISHES: Text("希望条件", "wishes"),
    CandidateField.CATEGORY: Text("職種", "job category"),
    CandidateField.EXPERIENCE: Text("経験年数", "years of experience"),
    CandidateField.SKILLS: Text("スキル・資格", "skills and qualifications"),
    CandidateField.PREFECTURE: Text("お住まいの都道府県", "prefecture you live in"),
    CandidateField.DESIRED_PREFECTURES: Text("希望勤務地", "places you want to work"),
}

UNTIL_WITHDRAWN = Text(
    "あなたが撤回するまで。候補者ページでいつでも撤回でき、その時点から見られなくなります。",
    "Until you withdraw it: at any time, on your own page, and from that moment nobody can look.",
)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One consent in the reader's words: to what, for what, to whom, which fields, until when."""

    purpose: Purpose
    required: bool
    label: Text
    explanation: Text
    recipients: Text
    fields: Text
    until: Text = UNTIL_WITHDRAWN


def registration_consents(company: str, agency: str | None) -> tuple[ConsentText, ...]:
    """The consents asked for with the form, for one company's link."""
    return (
        _agency_support(company, agency),
        _named_to_referrer(company),
        SHARING_TEXTS[CONSENT_TEXT_VERSION],
    )


def introduction_consent(company: str, agency: str) -> ConsentText:
    """The consent given by agreeing to be introduced to one company."""
    return ConsentText(
        purpose=Purpose.INTRODUCTION,
        required=True,
        label=Text(
            f"{company}に私を紹介し、上記の情報を渡すことに同意します。",
            f"I agree to be introduced to {company}, and that it gets the data named above.",
        ),
        explanation=Text(
            f"{agency}があなたの情報を{company}に提供し、{company}は選考のためだけに使います。",
            f"{agency} gives your data to {company}, which uses it for this selection only.",
        ),
        recipients=Text(company, company),
        fields=field_list(Purpose.INTRODUCTION),
    )


def partner_consent(
    company: str, giver: str, fields: Sequence[CandidateField], days: int
) -> ConsentText:
    """The consent given by agreeing that a partner company may know who one is."""
    return ConsentText(
        purpose=Purpose.INTRODUCTION,
        required=True,
        label=Text(
            f"{company}に上記の情報を渡すことに同意します。",
            f"I agree that {company} gets the data named above.",
        ),
        explanation=Text(
            f"{giver}と{company}は、採用で提携しています。{company}はあなたの情報を選考のためだけに"
            "使います。同意されても、応募を約束したことにはなりません。",
            f"{giver} and {company} hire as partners. {company} uses your data for its selection "
            "only. Agreeing does not bind you to apply.",
        ),
        recipients=Text(company, company),
        fields=_names_of(fields),
        until=Text(
            f"選考の間。提携が終わった場合は、同意の日から{days}日まで。いつでも撤回でき、"
            "その時点から見られなくなります。",
            f"During the selection; should the partnership end, until {days} days after you agreed."
            " You can withdraw it at any time, and from that moment nobody can look.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Promise:
    """What the terms of two partners promise at an event of a referral."""

    event: RewardEvent
    unit: Unit
    amount: int


def promised(promise: Promise, *, company: str, giver: str) -> Text:
    """A reward of the terms, as the candidate reads it: when, and who gets what from whom."""
    when, amount = _EVENTS[promise.event], promise.amount
    what = {
        Unit.COUNT: Text(
            f"{giver}に、手数料なしの採用に向けたカウントが{amount}つ加わります（人材紹介会社の負担）。",
            f"{giver} is given {amount} {'count' if amount == 1 else 'counts'} towards a hire "
            "without a fee, funded by an agency.",
        ),
        Unit.FREE_HIRE: Text(
            f"{giver}に、手数料なしで採用できる枠が{amount}つ加わります（人材紹介会社の負担）。",
            f"{giver} is given {amount} {'hire' if amount == 1 else 'hires'} without a fee, "
            "funded by an agency.",
        ),
        Unit.REWARD: Text(
            f"{company}が、人材紹介会社に{amount:,}円を支払います。",
            f"{company} pays an agency ¥{amount:,}.",
        ),
    }[promise.unit]
    return Text(f"{when.ja}: {what.ja}", f"{when.en}: {what.en}")


def learned_by_promises(promises: Sequence[Promise], giver: str) -> Text:
    """What the giver learns of the person by what is posted to it, and what is taken back."""
    events = {one.event for one in promises}
    told = [_LEARNED[event] for event in RewardEvent if event in events]
    if events & {RewardEvent.HIRE, RewardEvent.STAYED_90}:
        told.append(Text("早期に退職したこと", "that you left early"))
    ja, en = "、".join(one.ja for one in told), ", ".join(one.en for one in told)
    return Text(
        f"これにより、次のことが{giver}に伝わります: {ja}。", f"By that {giver} learns: {en}."
    )


_EVENTS: Mapping[RewardEvent, Text] = {
    RewardEvent.REFERRAL: Text("選考に進んだとき", "When you are taken up"),
    RewardEvent.HIRE: Text("入社したとき", "When you join"),
    RewardEvent.STAYED_90: Text("90日在籍したとき", "When you have stayed 90 days"),
}
_LEARNED: Mapping[RewardEvent, Text] = {
    RewardEvent.REFERRAL: Text("選考に進んだこと", "that you were taken up"),
    RewardEvent.HIRE: Text("入社したこと", "that you joined"),
    RewardEvent.STAYED_90: Text("90日在籍したこと", "that you stayed 90 days"),
}


def move_consent(agency: str) -> ConsentText:
    """The consent given by moving to another agency."""
    return ConsentText(
        purpose=Purpose.AGENCY_SUPPORT,
        required=True,
        label=Text(
            f"{agency}が転職支援のために私の情報を利用することに同意します。",
            f"I agree that {agency} uses my data to help me find work.",
        ),
        explanation=Text(
            f"{agency}（職業紹介事業者）が、あなたに合う求人を探し、ご連絡し、相談にのるために使い"
            "ます。求人企業への紹介は、そのつどあなたの同意を得てから行います。変更により企業の登録"
            "人数が増えることはありません。",
            f"{agency}, a licensed placement agency, uses it to look for openings that suit you, "
            "to write to you and to advise you. Before you are introduced to any company you are "
            "asked. Moving raises no company's count of registrations.",
        ),
        recipients=Text(agency, agency),
        fields=field_list(Purpose.AGENCY_SUPPORT),
    )


def field_list(purpose: Purpose) -> Text:
    """The fields that a consent covers, in words."""
    return _names_of(CONSENTED_FIELDS[purpose])


def _names_of(fields: Sequence[CandidateField]) -> Text:
    names = [FIELD_NAMES[field] for field in fields]
    return Text("、".join(name.ja for name in names), ", ".join(name.en for name in names))


def _agency_support(company: str, agency: str | None) -> ConsentText:
    ja, en = agency or "担当する人材紹介会社", agency or "the agency that takes you on"
    return ConsentText(
        purpose=Purpose.AGENCY_SUPPORT,
        required=True,
        label=Text(
            f"{ja}が転職支援のために私の情報を利用することに同意します。",
            f"I agree that {en} uses my data to help me find work.",
        ),
        explanation=Text(
            f"{ja}（職業紹介事業者）が、あなたに合う求人を探し、ご連絡し、相談にのるために使います。"
            "求人企業への紹介は、そのつどあなたの同意を得てから行います。"
            f"このリンクからの登録により、{company}の登録人数が1人増えることがあります"
            "（企業は一定の人数ごとに、手数料なしで採用できる枠を得ます）。"
            "人数にあなたのお名前は含まれず、その後の選考結果で人数が変わることもありません。",
            f"{en}, a licensed placement agency, uses it to look for openings that suit you, to "
            "write to you and to advise you. Before you are introduced to any company you are "
            f"asked. Registering through this link can raise {company}'s count of registrations "
            "by one (a certain number of them earns the company one hire without a fee). The "
            "count does not hold your name, and what becomes of you never changes it.",
        ),
        recipients=Text(ja, en),
        fields=field_list(Purpose.AGENCY_SUPPORT),
    )


def _named_to_referrer(company: str) -> ConsentText:
    return ConsentText(
        purpose=Purpose.NAMED_TO_REFERRER,
        required=False,
        label=Text(
            f"私が登録したことを{company}に知らせることに同意します。",
            f"I agree that {company} learns that I registered.",
        ),
        explanation=Text(
            f"{company}が、このリンクから登録した方としてあなたのお名前を見ることができます。"
            "同意しない場合、企業に伝わるのは登録人数だけで、お名前は伝わりません。",
            f"{company} can see your name among those who registered through its link. Without "
            "this consent it learns only how many registered, not who.",
        ),
        recipients=Text(company, company),
        fields=field_list(Purpose.NAMED_TO_REFERRER),
    )


def _partner_sharing(if_interested: Text) -> ConsentText:
    return ConsentText(
        purpose=Purpose.PARTNER_SHARING,
        required=False,
        label=Text(
            "提携企業が、私を特定しない情報を見ることに同意します。",
            "I agree that partner companies see data of mine that does not identify me.",
        ),
        explanation=Text(
            "採用で提携する企業が、募集に合う方を探すときに見ます。お名前や連絡先は表示されません。"
            + if_interested.ja,
            "Companies that hire as partners look at it when they seek people for an opening. Your "
            "name and contacts are not shown. " + if_interested.en,
        ),
        recipients=_MEMBERS_TODAY,
        fields=field_list(Purpose.PARTNER_SHARING),
    )


_MEMBERS_TODAY = Text(
    "現在このコンソーシアムに参加している企業（後から参加する企業には、改めて同意を"
    "いただくまで見せません。知らせたくない企業と現在の勤務先は除きます）",
    "the companies that are members of this consortium today (later ones only after asking "
    "you again; never those you exclude, nor your present employer)",
)

SHARING_TEXTS: Mapping[str, ConsentText] = {
    FIRST_TEXT_VERSION: _partner_sharing(
        Text(
            "企業が関心を持った場合は、あなたに確認してから紹介します。",
            "If one is interested, you are asked first.",
        )
    ),
    CONSENT_TEXT_VERSION: _partner_sharing(
        Text(
            "企業が関心を持った場合は、あなたに確認してから紹介します。"
            "そのつどの確認が要らない場合だけ、次の項目にもチェックしてください。",
            "If one is interested, you are asked first, unless you tick the next box as well.",
        )
    ),
}
"""What was read before agreeing to be seen by partners, by version: those who gave it see it."""

STANDING_TEXT = ConsentText(
    purpose=Purpose.PARTNER_SHARING,
    required=False,
    label=Text(
        "提携企業が関心を持ったとき、そのつど確認せずに、お名前と連絡先を含む情報を渡すことに"
        "同意します。",
        "I agree that a partner that is interested gets data of mine with my name and contacts, "
        "without asking me each time.",
    ),
    explanation=Text(
        "提携する企業があなたの紹介を望んだときや、ご案内した企業があなたを提携先に紹介するとき、"
        "すぐに情報を渡します。渡すたびにメールでお知らせします。その企業だけを取りやめることも、"
        "今後は確認するように戻すことも、候補者ページでいつでもできます。",
        "When a partner would like to get to know you, or the company that invited you offers you "
        "to a partner, it gets your data at once. A mail tells you each time. On your page you can "
        "take it back for that company, or have yourself asked again from then on, at any time.",
    ),
    recipients=_MEMBERS_TODAY,
    fields=_names_of(ALL_FIELDS),
)
"""The further choice beside `SHARING_TEXTS`: of each, only what a partnership's terms show."""
