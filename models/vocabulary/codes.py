"""What states, channels, roles and permissions are called where a message names them."""

from __future__ import annotations

from collections.abc import Mapping

from models.vocabulary.text import Text

STATES: Mapping[str, Text] = {
    "ACCEPTED": Text("受け入れ済み", "taken up"),
    "ACTIVE": Text("有効", "in force"),
    "AGREED": Text("候補者が同意", "agreed to by the candidate"),
    "ANSWERED": Text("回答済み", "answered"),
    "AVAILABLE": Text("使える", "available"),
    "BOUNCED": Text("不達", "bounced"),
    "CANCELLED": Text("中止", "cancelled"),
    "CLOSED": Text("終了", "closed"),
    "COMPLETED": Text("完了", "completed"),
    "CONFIRMED": Text("確認済み", "confirmed"),
    "COUNTED": Text("カウント済み", "counted"),
    "DECIDED": Text("決定済み", "decided"),
    "DECLINED": Text("見送り", "declined"),
    "DELIVERED": Text("新着", "delivered"),
    "DONE": Text("完了", "done"),
    "DRAFT": Text("下書き", "a draft"),
    "DUPLICATE": Text("重複", "a duplicate"),
    "ENDED": Text("終了", "ended"),
    "EXPIRED": Text("期限切れ", "expired"),
    "FAILED": Text("失敗", "failed"),
    "FINISHED": Text("完了", "finished"),
    "HELD": Text("保留中", "held for review"),
    "HIRED": Text("入社", "hired"),
    "INTERVIEWING": Text("面接中", "in interviews"),
    "INVITED": Text("招待中", "invited"),
    "IN_FORCE": Text("有効", "in force"),
    "JOINED": Text("参加中", "taking part"),
    "LAPSED": Text("新しい同意により終了", "ended by a newer consent"),
    "LEFT": Text("離脱", "left"),
    "LEFT_EARLY": Text("保証期間内に退職", "left within the guarantee"),
    "NOT_COUNTED": Text("カウント対象外", "not counted"),
    "NO_SUITABLE_OPENING": Text("合う求人なし", "closed without a suitable opening"),
    "OFFERED": Text("内定", "offered"),
    "OPEN": Text("受付中", "open"),
    "PAUSED": Text("一時停止中", "paused"),
    "PENDING": Text("確認待ち", "waiting for confirmation"),
    "PREPARED": Text("準備済み", "prepared"),
    "PROPOSED": Text("提案中", "proposed"),
    "QUEUED": Text("送信待ち", "waiting to be sent"),
    "RECALLED": Text("取り消し", "recalled"),
    "REFUSED": Text("お断り済み", "refused"),
    "REJECTED": Text("却下", "rejected"),
    "REQUESTED": Text("依頼中", "requested"),
    "RESERVED": Text("予約済み", "reserved"),
    "REVERSED": Text("取り消し", "reversed"),
    "REVIEWED": Text("効果測定済み", "reviewed"),
    "REVOKED": Text("無効", "revoked"),
    "RUNNING": Text("送信中", "being sent"),
    "SCHEDULED": Text("予定", "scheduled"),
    "SENT": Text("送信済み", "sent"),
    "SPENT": Text("使用済み", "spent"),
    "STARTED": Text("確認待ち", "waiting for confirmation"),
    "SUPERSEDED": Text("新しいものに更新済み", "superseded"),
    "SUSPENDED": Text("停止中", "suspended"),
    "TAKEN_BACK": Text("取り消し", "taken back"),
    "WITHDRAWN": Text("取り下げ", "withdrawn"),
}
"""By the code of a state, whatever it is a state of."""

STATES_OF: Mapping[tuple[str, str], Text] = {
    ("analysis", "QUEUED"): Text("順番待ち", "waiting"),
    ("analysis", "RUNNING"): Text("計算中", "being computed"),
    ("case", "OPEN"): Text("支援中", "open"),
    ("consent", "WITHDRAWN"): Text("撤回済み", "withdrawn"),
    ("hire", "JOINED"): Text("在籍中", "employed"),
    ("hire", "LEFT"): Text("退職", "left"),
    ("introduction", "WITHDRAWN"): Text("辞退・取り下げ", "withdrawn"),
    ("meeting", "HELD"): Text("開催済み", "held"),
    ("membership", "ACTIVE"): Text("参加中", "active"),
    ("opening", "OPEN"): Text("募集中", "open"),
    ("partnership", "DECLINED"): Text("不成立（辞退あり）", "declined"),
    ("proposal", "WITHDRAWN"): Text("辞退・取り下げ", "withdrawn"),
    ("referral", "WITHDRAWN"): Text("辞退・取り下げ", "withdrawn"),
    ("request", "OPEN"): Text("回答待ち", "open"),
    ("support", "OPEN"): Text("支援中", "open"),
}
"""By what an error names and the code, where `STATES` would be the wrong word for it."""

CHANNELS: Mapping[str, Text] = {
    "RELAY_LINK": Text("専用リンクによる登録", "a registration through a relay link"),
    "AGENCY_INTRODUCTION": Text("人材紹介会社からの紹介", "an introduction by an agency"),
    "PARTNER_SHARE": Text("提携先からの紹介", "an introduction between partners"),
}

ROLES: Mapping[str, Text] = {
    "ADMIN": Text("管理者", "administrator"),
    "RECRUITER": Text("採用担当", "recruiter"),
    "VIEWER": Text("閲覧のみ", "viewer"),
    "CONSORTIUM_ADMIN": Text("コンソーシアム運営", "consortium administrator"),
    "ANALYST": Text("分析担当", "analyst"),
}

PERMISSIONS: Mapping[str, Text] = {
    "READ_CONSORTIUM": Text("コンソーシアムの閲覧", "see the consortium"),
    "MANAGE_PROGRAM": Text("プログラムの管理", "manage the program"),
    "MANAGE_MEMBERS": Text("会員の管理", "manage members"),
    "REVIEW_COUNTS": Text("カウントの審査", "review counts"),
    "READ_AUDIT": Text("監査記録の閲覧", "read the audit log"),
    "MANAGE_USERS": Text("利用者の管理", "manage users"),
    "MANAGE_TOKENS": Text("APIトークンの管理", "manage API tokens"),
    "READ_LINKS": Text("専用リンクの閲覧", "see relay links"),
    "MANAGE_LINKS": Text("専用リンクの管理", "manage relay links"),
    "READ_MAILINGS": Text("メール配信の閲覧", "see mailings"),
    "MANAGE_MAILINGS": Text("メール配信の管理", "manage mailings"),
    "READ_LEDGER": Text("カウントと無料採用枠の閲覧", "see counts and free hires"),
    "SPEND_FREE_HIRES": Text("無料採用枠の使用", "use free hires"),
    "READ_REFERRALS": Text("紹介の閲覧", "see referrals"),
    "HANDLE_REFERRALS": Text("紹介への対応", "handle referrals"),
    "READ_CASES": Text("支援の閲覧", "see cases"),
    "HANDLE_CASES": Text("支援の担当", "handle cases"),
    "READ_OPENINGS": Text("求人の閲覧", "see openings"),
    "MANAGE_OPENINGS": Text("求人の管理", "manage openings"),
    "READ_FLOWS": Text("紹介の流れの閲覧", "see the flows"),
    "READ_PARTNERSHIPS": Text("提携の閲覧", "see partnerships"),
    "MANAGE_PARTNERSHIPS": Text("提携の管理", "manage partnerships"),
    "READ_POOL": Text("共有プールの閲覧", "see the pool"),
    "SHARE_CANDIDATES": Text("候補者の紹介と依頼", "offer candidates and ask for them"),
    "STATE_BASELINE": Text("自社の実績の入力", "state the baseline"),
    "READ_REWARDS": Text("報酬の閲覧", "see rewards"),
    "FUND_REWARDS": Text("報酬の負担への同意", "agree to fund rewards"),
    "EXPORT_REGISTERS": Text("帳簿の出力", "export registers"),
    "ANSWER_REQUESTS": Text("申出への回答", "answer candidates' requests"),
    "READ_DELETIONS": Text("削除の依頼の閲覧", "see requests to delete"),
    "IMPORT_FLOWS": Text("紹介の流れの取り込み", "import flows"),
    "READ_MEETINGS": Text("定例会の閲覧", "see meetings"),
    "MANAGE_MEETINGS": Text("定例会の管理", "manage meetings"),
    "READ_IMPACT": Text("効果の閲覧", "see the impact"),
    "STATE_ASSUMPTIONS": Text("前提の入力", "state assumptions"),
}


def code_in_words(code: str, of: str | None) -> Text:
    """A code as people call it; the code itself where it has no word."""
    for known in (STATES, CHANNELS, ROLES, PERMISSIONS):
        if code in known:
            return STATES_OF.get((of or "", code), known[code])
    return Text(code, code)


def codes_in_words(codes: str, of: str | None, locale: str) -> str:
    """Codes with commas between them, as people call them.

    >>> codes_in_words("OFFERED, DECLINED", "referral", "en")
    'offered, declined'
    """
    words = (code_in_words(code, of).in_(locale) for code in codes.split(", "))
    return Text("、", ", ").in_(locale).join(words)
