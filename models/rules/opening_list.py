"""The list of openings that a company imports, or an agency for the companies it keeps them for."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

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
from models.rules.member_list import read_corporate_number
from models.rules.openings import (
    EXPERIENCE_YEARS_MAX,
    HEADCOUNT_MAX,
    SKILLS_MAX,
    TITLE_CHARS_MAX,
)
from models.vocabulary.job_categories import find_job_category
from models.vocabulary.prefectures import find_prefecture, prefecture_of
from models.vocabulary.skills import find_skill
from models.vocabulary.text import Text, vocabulary_key

OPENING_ROWS_MAX = 2_000
CELL_CHARS_MAX = 300

Cells = dict[str, str]

COLUMNS = (
    Column("title", ("求人名", "求人タイトル", "ポジション", "募集職種", "position"), True),
    Column("category", ("職種", "職種分類", "job category"), required=True),
    Column("skills", ("スキル", "必要スキル", "求めるスキル", "資格", "必要資格")),
    Column("prefecture", ("勤務地", "都道府県", "勤務場所", "place", "location")),
    Column(
        "experience_years_min",
        ("必要経験年数", "経験年数", "最低経験年数", "experience years", "years of experience"),
    ),
    Column("headcount", ("採用人数", "募集人数", "人数", "採用予定人数")),
    Column("open_until", ("募集期限", "募集終了日", "掲載終了日", "締切", "deadline")),
    Column("corporate_number", ("法人番号",)),
)
"""The columns of a list of openings, with their names in Japanese."""

_BETWEEN_SKILLS = re.compile(r"[、,，;；|\n]")
_NUMBER = re.compile(r"([0-9]{1,4})\s*(?:名|人|年)?(?:以上|程度)?|([0-9]{1,4}) ?(?:years?|\+)")
_ANYWHERE = frozenset(
    map(vocabulary_key, ("全国", "勤務地不問", "リモート", "フルリモート", "anywhere", "remote"))
)
_NO_EXPERIENCE = frozenset(map(vocabulary_key, ("不問", "経験不問", "未経験可", "none")))


class OpeningRow(NamedTuple):
    """One opening. Category, skills and prefecture are codes; what the file does not say is None.

    ``corporate_number`` is its company's, None where it is the importing company's own.
    """

    line: int
    corporate_number: str | None
    title: str
    category: str
    skills: tuple[str, ...]
    prefecture: str | None
    experience_years_min: int | None
    headcount: int
    open_until: date | None

    @property
    def same(self) -> tuple[str | None, str, str, str | None]:
        """What two rows of one opening have in common."""
        return self.corporate_number, self.title, self.category, self.prefecture


class OpeningList(NamedTuple):
    """The rows that can be imported and the reasons for those that cannot, one for each row."""

    rows: list[OpeningRow]
    refused: list[RefusedRow]
    unknown_columns: list[str]


def read_opening_list(data: bytes, today: date, *, names_companies: bool) -> OpeningList:
    """Read a CSV of openings; see `COLUMNS`. `today` is the consortium's local date.

    Where a list ``names_companies`` every row has a corporate number: an agency's has. Codes of
    refused rows, beside those of `read_csv`, `read_line` and `read_date`: UNKNOWN_CATEGORY,
    UNKNOWN_SKILL, TOO_MANY_SKILLS, UNKNOWN_PREFECTURE, NUMBER_INVALID, DATE_IN_PAST,
    CORPORATE_NUMBER_INVALID, DUPLICATE_OPENING.
    """
    table = read_csv(data, COLUMNS, OPENING_ROWS_MAX)
    rows, refused = read_rows(
        table,
        lambda line, cells: _read_opening(line, cells, today, names_companies=names_companies),
        same=lambda row: row.same,
        duplicate=_duplicate,
    )
    return OpeningList(rows, refused, table.unknown_columns)


def _duplicate(first_line: int) -> CellRefused:
    reason = Text(
        f"同じ求人が {first_line} 行目にもあります。人数は採用人数の列に書いてください。",
        f"The same opening is on line {first_line}. Say how many you seek in the headcount.",
    )
    return CellRefused("title", "DUPLICATE_OPENING", reason)


def company_unknown(line: int) -> RefusedRow:
    """The refusal of a row of a company that is no member: UNKNOWN_COMPANY."""
    reason = Text(
        "この法人番号の企業は参加していません。",
        "No company with this corporate number is a member.",
    )
    return RefusedRow(line, "corporate_number", "UNKNOWN_COMPANY", reason)


def company_not_own(line: int) -> RefusedRow:
    """The refusal of a company's row that names another company: NOT_OWN_COMPANY."""
    reason = Text(
        "自社の法人番号ではありません。", "This is not your own company's corporate number."
    )
    return RefusedRow(line, "corporate_number", "NOT_OWN_COMPANY", reason)


def already_open(line: int) -> RefusedRow:
    """The refusal of a row whose opening is listed already: ALREADY_EXISTS."""
    reason = Text(
        "同じ求人が既に公開されています。変更は求人の画面で行ってください。",
        "The same opening is listed already. Change the opening itself instead.",
    )
    return RefusedRow(line, "title", "ALREADY_EXISTS", reason)


def _read_opening(line: int, cells: Cells, today: date, *, names_companies: bool) -> OpeningRow:
    is_named = names_companies or bool(cells["corporate_number"])
    headcount = _read_number(cells, "headcount", 1, HEADCOUNT_MAX)
    return OpeningRow(
        line=line,
        corporate_number=read_corporate_number(cells) if is_named else None,
        title=read_required_line(cells, "title", TITLE_CHARS_MAX),
        category=_read_category(cells),
        skills=_read_skills(cells),
        prefecture=_read_place(cells),
        experience_years_min=_read_experience(cells),
        headcount=1 if headcount is None else headcount,
        open_until=_read_open_until(cells, today),
    )


def _read_category(cells: Cells) -> str:
    category = find_job_category(read_required_line(cells, "category", CELL_CHARS_MAX))
    if category is None:
        reason = Text(
            "職種が分かりません。職種の一覧にある名前を書いてください。",
            "The job category is not known. Use a name from the list.",
        )
        raise CellRefused("category", "UNKNOWN_CATEGORY", reason)
    return category


def _read_skills(cells: Cells) -> tuple[str, ...]:
    found: dict[str, None] = {}
    words = [word.strip() for word in _BETWEEN_SKILLS.split(cells["skills"])]
    for number, word in enumerate(filter(None, words), 1):
        code = find_skill(word)
        if code is None:
            reason = Text(
                f"{number}番目のスキルが分かりません。スキルの一覧にある名前を「、」で区切って書いてください。",
                f"Skill {number} is not known. Use names from the list, with commas between.",
            )
            raise CellRefused("skills", "UNKNOWN_SKILL", reason)
        found[code] = None
    if len(found) > SKILLS_MAX:
        reason = Text(f"スキルは{SKILLS_MAX}個までです。", f"Give at most {SKILLS_MAX} skills.")
        raise CellRefused("skills", "TOO_MANY_SKILLS", reason)
    return tuple(found)


def _read_place(cells: Cells) -> str | None:
    """The prefecture that a name, a number or an address stands for; None for anywhere."""
    place = read_line(cells, "prefecture", CELL_CHARS_MAX)
    if place is None or vocabulary_key(place) in _ANYWHERE:
        return None
    code = find_prefecture(place) or prefecture_of(place)
    if code is None:
        reason = Text(
            "勤務地は都道府県から書いてください。どこでもよければ「全国」か空にしてください。",
            "Begin the place with its prefecture. Leave it empty if it can be anywhere.",
        )
        raise CellRefused("prefecture", "UNKNOWN_PREFECTURE", reason)
    return code


def _read_experience(cells: Cells) -> int | None:
    if vocabulary_key(cells["experience_years_min"]) in _NO_EXPERIENCE:
        return 0
    return _read_number(cells, "experience_years_min", 0, EXPERIENCE_YEARS_MAX)


def _read_number(cells: Cells, column: str, lowest: int, highest: int) -> int | None:
    text = unicodedata.normalize("NFKC", cells[column]).strip().casefold()
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    number = int(found[1] or found[2]) if found else -1
    if not lowest <= number <= highest:
        reason = Text(
            f"{lowest}から{highest:,}までの整数を書いてください。",
            f"Give a whole number from {lowest} to {highest:,}.",
        )
        raise CellRefused(column, "NUMBER_INVALID", reason)
    return number


def _read_open_until(cells: Cells, today: date) -> date | None:
    open_until = read_date(cells, "open_until")
    if open_until is not None and open_until < today:
        reason = Text("募集期限が過ぎています。", "The last day is past.")
        raise CellRefused("open_until", "DATE_IN_PAST", reason)
    return open_until
