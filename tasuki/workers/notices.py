"""The words of the mails that tell an organization's people to look. They name no candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gql.node import encode_id
from models.reads.notices import NoticeMail
from models.rules.calendar_files import calendar_file
from models.rules.mail_template import RenderedMail
from models.rules.notices import NoticeKind
from models.vocabulary.text import Text
from tasuki.workers.letters import GREETING, Letter, local, rendered

_PATHS = {"Partnership": "partnerships", "Referral": "referrals", "Meeting": "meetings"}
_LISTS = {"DeletionRequest": "deletions", "Funding": "fundings"}


@dataclass(frozen=True, slots=True)
class _Words:
    subject: Text
    what: Text
    button: Text


_DELETE = Text("削除の依頼を開く", "See the request")
_MEETING = Text("定例会を開く", "See the meeting")
_PARTNERSHIP = Text("提携を開く", "See the partnership")
_WORDS: Mapping[NoticeKind, _Words] = {
    NoticeKind.PARTNERSHIP_PROPOSED: _Words(
        Text("提携の提案が届きました", "A partnership is proposed to you"),
        Text(
            "{proposer}が、提携「{partnership}」を貴社に提案しました。条件を確認し、参加するかどうかを"
            "お答えください。",
            "{proposer} proposes the partnership “{partnership}” to your company. Please look at "
            "its terms and answer.",
        ),
        Text("提案を見て答える", "See and answer"),
    ),
    NoticeKind.PARTNERSHIP_BEGAN: _Words(
        Text("提携が始まりました", "A partnership has begun"),
        Text(
            "全社が同意し、提携「{partnership}」が始まりました。条件が許し、候補者が同意している範囲で、"
            "互いの候補者が表示されます。",
            "Everyone has said yes: the partnership “{partnership}” has begun. You now see each "
            "other’s candidates, as far as the terms and each candidate allow.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.PARTNERSHIP_DECLINED: _Words(
        Text("提携の提案が辞退されました", "A proposed partnership was declined"),
        Text(
            "提携「{partnership}」の提案は、辞退した企業があるため成立しませんでした。どの企業かは、提携のページに"
            "あります。",
            "The proposed partnership “{partnership}” will not begin: a company declined it. Its "
            "page says which.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.PARTNERSHIP_WITHDRAWN: _Words(
        Text("提携の提案が取り下げられました", "A proposed partnership was taken back"),
        Text(
            "提携「{partnership}」の提案は、提案した側が取り下げました。お答えいただく必要はありません。",
            "Who proposed the partnership “{partnership}” has taken it back. There is nothing for "
            "you to answer.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.TERMS_PROPOSED: _Words(
        Text("提携条件の変更案が届きました", "Other terms are proposed"),
        Text(
            "提携「{partnership}」の条件の変更が提案されました。全社が同意するまで、今の条件が続きます。"
            "内容を確認し、お答えください。",
            "Other terms are proposed for the partnership “{partnership}”. Those in force stay "
            "until every company has said yes. Please look at them and answer.",
        ),
        Text("変更案を見て答える", "See and answer"),
    ),
    NoticeKind.FUNDING_ASKED: _Words(
        Text("提携の報酬についてのお伺い", "You are asked to take part in rewards"),
        Text(
            "提携「{partnership}」の条件案に、貴社が関わる報酬があります。貴社が同意するまで、その条件は"
            "有効になりません。内容を確認し、お答えください。",
            "Terms proposed for the partnership “{partnership}” hold rewards that name your "
            "agency. They are not in force before you agree. Please look at them and answer.",
        ),
        Text("報酬を見て答える", "See and answer"),
    ),
    NoticeKind.PARTNERSHIP_SUSPENDED: _Words(
        Text("提携が停止されました", "A partnership is suspended"),
        Text(
            "提携「{partnership}」が停止されました。新しい候補者は表示されません。理由は提携のページに"
            "あります。",
            "The partnership “{partnership}” is suspended: nobody new is shown. Its page says why.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.PARTNERSHIP_RESUMED: _Words(
        Text("提携が再開されました", "A partnership goes on"),
        Text(
            "停止されていた提携「{partnership}」が再開されました。候補者が再び表示されます。",
            "The partnership “{partnership}”, which was suspended, goes on. Candidates are shown "
            "again.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.PARTNERSHIP_ENDED: _Words(
        Text("提携が終了しました", "A partnership has ended"),
        Text(
            "提携「{partnership}」が終了しました。候補者が同意済みの紹介は、その期限まで続きます。",
            "The partnership “{partnership}” has ended. What candidates agreed to runs on to its "
            "deadline.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.PARTNER_LEAVES: _Words(
        Text("提携先から離脱の通知がありました", "A partner has given notice"),
        Text(
            "提携「{partnership}」の参加企業が、離脱を通知しました。どの企業がいつ離脱するかは、提携のページに"
            "あります。",
            "A company has given notice to leave the partnership “{partnership}”. Its page says "
            "which, and when.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.PARTNER_LEFT: _Words(
        Text("提携先が離脱しました", "A partner has left"),
        Text(
            "提携「{partnership}」から参加企業が離脱しました。提携は残りの企業で続きます。",
            "A company has left the partnership “{partnership}”. The others go on.",
        ),
        _PARTNERSHIP,
    ),
    NoticeKind.CANDIDATE_DELIVERED: _Words(
        Text("候補者の紹介が届きました", "A candidate is introduced to you"),
        Text(
            "貴社への紹介に候補者が同意しました。どなたかは、紹介のページでご覧ください。",
            "A candidate agreed to be introduced to your company. The page of the introduction "
            "says who it is.",
        ),
        Text("紹介を開く", "See the introduction"),
    ),
    NoticeKind.DELETION_ASKED: _Words(
        Text("候補者の情報の削除をお願いします", "Please delete a candidate’s data"),
        Text(
            "候補者が許さなくなったため、受け取った情報を貴社の記録から消してください。{day}までに消し、"
            "確認を記録してください。",
            "A candidate no longer allows what your organization was given of them. Please "
            "delete it from your own files, and confirm it by {day}.",
        ),
        _DELETE,
    ),
    NoticeKind.DELETION_DUE: _Words(
        Text("削除の依頼の期限が近づいています", "A request to delete is due soon"),
        Text(
            "候補者の情報の削除が、まだ確認されていません。期限は{day}です。",
            "The deletion of a candidate’s data is not confirmed yet. It is due by {day}.",
        ),
        _DELETE,
    ),
    NoticeKind.DELETION_OVERDUE: _Words(
        Text("削除の依頼の期限が過ぎています", "A request to delete is late"),
        Text(
            "{day}までにお願いした候補者の情報の削除が、まだ確認されていません。すぐに消し、確認を記録して"
            "ください。",
            "The deletion of a candidate’s data was due by {day} and is not confirmed yet. Please "
            "delete it now and confirm it.",
        ),
        _DELETE,
    ),
    NoticeKind.EXIT_RECORDED: _Words(
        Text("退職が記録されました", "An exit is recorded"),
        Text(
            "紹介を通じて入社した方の退職を、相手方が記録しました。保証期間内であれば、返金の額または"
            "無料採用枠の返却が紹介のページに表示されます。",
            "The other side recorded that a person who joined through an introduction has left. "
            "Within the guarantee, the page of the introduction says what is owed back, or that a "
            "free hire came back.",
        ),
        Text("紹介を開く", "See the introduction"),
    ),
    NoticeKind.MEETING_SCHEDULED: _Words(
        Text("定例会のご案内：{meeting}", "A meeting is scheduled: {meeting}"),
        Text(
            "定例会「{meeting}」を{day}から行います。添付のファイルを開くと、予定表に入ります。",
            "The meeting “{meeting}” begins at {day}. Open the attached file to put it into your "
            "calendar.",
        ),
        _MEETING,
    ),
    NoticeKind.MEETING_CHANGED: _Words(
        Text("定例会の変更：{meeting}", "A meeting has changed: {meeting}"),
        Text(
            "定例会「{meeting}」の予定が変わりました。{day}から行います。添付のファイルで、予定表も"
            "書き換わります。",
            "The plan of the meeting “{meeting}” has changed. It begins at {day}. The attached "
            "file brings your calendar in line.",
        ),
        _MEETING,
    ),
    NoticeKind.MEETING_CANCELLED: _Words(
        Text("定例会の中止：{meeting}", "A meeting is called off: {meeting}"),
        Text(
            "{day}からの定例会「{meeting}」は中止になりました。添付のファイルで、予定表からも消えます。",
            "The meeting “{meeting}” at {day} is called off. The attached file takes it out of "
            "your calendar.",
        ),
        _MEETING,
    ),
    NoticeKind.MEETING_PREPARED: _Words(
        Text("定例会の資料ができました：{meeting}", "The figures are ready: {meeting}"),
        Text(
            "{day}からの定例会「{meeting}」の資料が用意できました。数字はこの時点で固定され、後から"
            "変わりません。",
            "The figures of the meeting “{meeting}” at {day} are ready. They are frozen as they "
            "are now.",
        ),
        _MEETING,
    ),
}
_OVERDUE_SOMEWHERE = Text(
    "ある組織で、{day}までにお願いした候補者の情報の削除が、まだ確認されていません。どの組織かは、"
    "一覧でご覧ください。",
    "An organization has not confirmed a deletion of a candidate’s data that was due by {day}. The "
    "list says which.",
)
_TAKES_PART = Text(
    "このメールは、定例会に参加する組織の方にお送りしています。",
    "You get this mail because your organization takes part in the meeting.",
)
_AN_ADMIN = Text("コンソーシアムの管理者", "An admin of the consortium")
_COMPANIES = Text("参加企業: {companies}", "Companies: {companies}")
_REFERENCE = Text("紹介の番号: {reference}", "Reference of the introduction: {reference}")
_KEEP_IT = Text(
    "自社の記録にこの番号を書いておくと、のちに削除をお願いするときも、どなたの記録か分かります。",
    "Note it in your own files: a later request to delete names it, and not the person.",
)
_ROLE = Text(
    "このメールは、この件を扱う役割の方にお送りしています。",
    "You get this mail because your role handles it.",
)


def notice(mail: NoticeMail, base_url: str) -> RenderedMail:
    """One of an organization's people is to look, or to answer."""
    locale, words = mail.locale, _WORDS[mail.kind]
    is_overdue = mail.kind is NoticeKind.DELETION_OVERDUE
    what = _OVERDUE_SOMEWHERE if mail.for_consortium and is_overdue else words.what
    proposer = mail.proposer or _AN_ADMIN
    at = mail.meeting.starts_at if mail.meeting else mail.due_at
    day = local(at, mail.time_zone, locale) if at else ""
    meeting = mail.meeting.title if mail.meeting else ""
    letter = rendered(
        Letter(
            locale=locale,
            subject=words.subject.in_(locale).format(meeting=meeting),
            before=[
                GREETING.in_(locale).format(name=mail.name),
                what.in_(locale).format(
                    partnership=mail.partnership,
                    day=day,
                    meeting=meeting,
                    proposer=proposer.in_(locale),
                ),
                *_which(mail),
            ],
            button=words.button.in_(locale),
            url=f"{base_url}/app/{_path(mail)}",
            after=[(_TAKES_PART if mail.meeting else _ROLE).in_(locale)],
        )
    )
    if mail.meeting is None:
        return letter
    return letter._replace(calendar=calendar_file(mail.meeting))


def _which(mail: NoticeMail) -> list[str]:
    """Between which companies; or by what a hand-over is found in the reader's own files."""
    if mail.companies:
        companies = (
            Text("、", ", ").in_(mail.locale).join(one.in_(mail.locale) for one in mail.companies)
        )
        return [_COMPANIES.in_(mail.locale).format(companies=companies)]
    if mail.reference is None:
        return []
    told = [_REFERENCE.in_(mail.locale).format(reference=mail.reference)]
    if mail.kind is NoticeKind.CANDIDATE_DELIVERED:
        told.append(_KEEP_IT.in_(mail.locale))
    return told


def _path(mail: NoticeMail) -> str:
    kind, key = mail.thing
    return f"{_PATHS[kind]}/{encode_id(kind, key)}" if kind in _PATHS else _LISTS[kind]
