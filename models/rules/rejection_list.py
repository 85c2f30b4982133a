"""The list of people a company turned down, which it loads to have the rejection mails sent."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from models.rules.addresses import AddressRefused, check_email, normalise_email
from models.rules.csv_files import (
    CellRefused,
    Column,
    RefusedRow,
    read_csv,
    read_date,
    read_line,
    read_required_line,
    read_rows,
)
from models.vocabulary.job_categories import find_job_category
from models.vocabulary.rejection_stages import find_rejection_stage
from models.vocabulary.text import Text, vocabulary_key

REJECTION_ROWS_MAX = 5_000
PERSON_NAME_MAX_CHARS = 100
OPENING_TITLE_MAX_CHARS = 200
REJECTED_AT_MOST_DAYS_AGO = 366

Language = Literal["ja", "en"]

Cells = dict[str, str]

COLUMNS = (
    Column("name", ("氏名", "名前", "お名前", "応募者名", "full name"), required=True),
    Column("email", ("メールアドレス", "メール", "mail", "mail address", "email address"), True),
    Column("opening", ("応募職種", "募集職種", "求人", "求人名", "ポジション", "position")),
    Column("stage", ("選考段階", "選考ステップ", "不採用段階", "ステータス", "rejection stage")),
    Column("rejected_on", ("不採用日", "見送り日", "結果通知日", "date")),
    Column("language", ("言語", "locale")),
    Column("category", ("職種", "職種分類", "job category")),
)
"""The columns of a rejection list, with their names in Japanese."""

_LANGUAGES: dict[str, Language] = {
    "": "ja",
    "ja": "ja",
    "jp": "ja",
    "日本語": "ja",
    "japanese": "ja",
    "en": "en",
    "英語": "en",
    "english": "en",
}


class RejectionRow(NamedTuple):
    """One person to write to.

    `email` is the address to send to, `normal_email` the form to match by. `stage` is a code of
    `REJECTION_STAGES`, `category` one of `JOB_CATEGORIES`; what the file does not say is None.
    """

    line: int
    name: str
    email: str
    normal_email: str
    opening: str | None
    stage: str | None
    rejected_on: date | None
    language: Language
    category: str | None


class RejectionList(NamedTuple):
    """The rows that can be written to and the reasons for those that cannot, one for each row."""

    rows: list[RejectionRow]
    refused: list[RefusedRow]
    unknown_columns: list[str]


def read_rejection_list(data: bytes, today: date) -> RejectionList:
    """Read a CSV of people turned down; see `COLUMNS`. `today` is the consortium's local date.

    Codes of refused rows, beside those of `read_csv`, `read_line` and `read_date`: EMAIL_INVALID,
    EMAIL_TOO_LONG, DUPLICATE_EMAIL, UNKNOWN_STAGE, DATE_IN_FUTURE, DATE_TOO_OLD,
    UNKNOWN_LANGUAGE, UNKNOWN_CATEGORY.
    """
    table = read_csv(data, COLUMNS, REJECTION_ROWS_MAX)
    rows, refused = read_rows(
        table,
        lambda line, cells: _read_rejection(line, cells, today),
        same=lambda row: row.normal_email,
        duplicate=_duplicate,
    )
    return RejectionList(rows, refused, table.unknown_columns)


def _duplicate(first_line: int) -> CellRefused:
    reason = Text(
        f"同じメールアドレスが {first_line} 行目にもあります。",
        f"The same mail address is on line {first_line}.",
    )
    return CellRefused("email", "DUPLICATE_EMAIL", reason)


def _read_rejection(line: int, cells: Cells, today: date) -> RejectionRow:
    name = read_required_line(cells, "name", PERSON_NAME_MAX_CHARS)
    email = _read_email(cells)
    return RejectionRow(
        line=line,
        name=name,
        email=email,
        normal_email=normalise_email(email),
        opening=read_line(cells, "opening", OPENING_TITLE_MAX_CHARS),
        stage=_read_stage(cells),
        rejected_on=_read_rejected_on(cells, today),
        language=_read_language(cells),
        category=_read_category(cells),
    )


def _read_email(cells: Cells) -> str:
    if not cells["email"]:
        raise CellRefused(
            "email", "CELL_MISSING", Text("値がありません。", "The value is missing.")
        )
    try:
        return check_email(cells["email"])
    except AddressRefused as refused:
        raise CellRefused("email", refused.code, refused.reason) from None


def _read_stage(cells: Cells) -> str | None:
    if not cells["stage"]:
        return None
    stage = find_rejection_stage(cells["stage"])
    if stage is None:
        reason = Text(
            "選考段階は「書類選考」「一次面接」「二次面接」「最終面接」「その他」のように書いてください。",
            "Give the stage as document screening, first interview, second interview, "
            "final interview or other.",
        )
        raise CellRefused("stage", "UNKNOWN_STAGE", reason)
    return stage


def _read_rejected_on(cells: Cells, today: date) -> date | None:
    rejected_on = read_date(cells, "rejected_on")
    if rejected_on is None:
        return None
    if rejected_on > today:
        reason = Text("不採用日が未来の日付です。", "The date is in the future.")
        raise CellRefused("rejected_on", "DATE_IN_FUTURE", reason)
    if rejected_on < today - timedelta(days=REJECTED_AT_MOST_DAYS_AGO):
        reason = Text(
            f"不採用日が古すぎます。{REJECTED_AT_MOST_DAYS_AGO}日前までです。",
            f"The date is too long ago: at most {REJECTED_AT_MOST_DAYS_AGO} days.",
        )
        raise CellRefused("rejected_on", "DATE_TOO_OLD", reason)
    return rejected_on


def _read_language(cells: Cells) -> Language:
    language = _LANGUAGES.get(vocabulary_key(cells["language"]))
    if language is None:
        reason = Text("言語は ja か en です。", "The language is ja or en.")
        raise CellRefused("language", "UNKNOWN_LANGUAGE", reason)
    return language


def _read_category(cells: Cells) -> str | None:
    if not cells["category"]:
        return None
    category = find_job_category(cells["category"])
    if category is None:
        reason = Text(
            "職種が分かりません。職種の一覧にある名前を書くか、空にしてください。",
            "The job category is not known. Use a name from the list, or leave it empty.",
        )
        raise CellRefused("category", "UNKNOWN_CATEGORY", reason)
    return category
