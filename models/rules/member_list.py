"""The list of companies and agencies that a consortium admin imports."""

import re
import unicodedata
from datetime import date
from typing import Literal, NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.jp import cn

from models.rules.addresses import is_free_mail_domain, normalise_domain
from models.rules.csv_files import (
    CELL_MAX_CHARS,
    CellRefused,
    Column,
    RefusedRow,
    read_csv,
    read_date,
    read_line,
    read_required_line,
    read_rows,
    too_long,
)
from models.vocabulary.industries import division_of, find_industry
from models.vocabulary.prefectures import PREFECTURES, find_prefecture, prefecture_of
from models.vocabulary.text import Text, vocabulary_key

MEMBER_ROWS_MAX = 20_000
ORGANIZATION_NAME_MAX_CHARS = 200
ADDRESS_MAX_CHARS = 300

OrganizationKind = Literal["COMPANY", "AGENCY"]

Cells = dict[str, str]

COLUMNS = (
    Column("corporate_number", ("法人番号",), required=True),
    Column("name", ("名称", "商号", "企業名", "会社名", "法人名", "商号又は名称"), required=True),
    Column("name_en", ("英語名", "英文名", "商号（英字）", "English name")),
    Column("kind", ("種別", "区分")),
    Column("industry", ("産業分類", "日本標準産業分類", "JSIC")),
    Column("prefecture", ("都道府県",)),
    Column("address", ("所在地", "住所")),
    Column("mail_domain", ("メールドメイン", "ドメイン", "domain")),
    Column("licence_number", ("許可番号", "有料職業紹介事業許可番号", "license number")),
    Column("licence_expires_on", ("許可の有効期限", "許可有効期限", "license expires on")),
    # Accepted, so that nobody is told of them as unknown; neither is a JSIC industry.
    Column("tse_industry", ("33業種区分", "業種", "提出者業種")),
    Column("securities_code", ("証券コード",)),
)
"""The columns of a member list, with their names in Japanese."""

_KINDS: dict[str, OrganizationKind] = {
    "": "COMPANY",
    "company": "COMPANY",
    "企業": "COMPANY",
    "会社": "COMPANY",
    "agency": "AGENCY",
    "人材紹介会社": "AGENCY",
    "紹介会社": "AGENCY",
    "エージェント": "AGENCY",
}

_LICENCE_NUMBER = re.compile(r"([0-9]{2})-?(ユ|ム|特)-?([0-9]{6})")


class MemberRow(NamedTuple):
    """One organization of the list. Industry, prefecture and mail domain may be unknown (None).

    `industry_division` is a JSIC letter, `industry_group` a JSIC major group of that division,
    `prefecture` a JIS code. An agency has both licence fields, a company has neither.
    """

    line: int
    corporate_number: str
    name: str
    name_en: str | None
    kind: OrganizationKind
    industry_division: str | None
    industry_group: str | None
    prefecture: str | None
    mail_domain: str | None
    licence_number: str | None
    licence_expires_on: date | None


class MemberList(NamedTuple):
    """The rows that can be imported and the reasons for those that cannot, one for each row."""

    rows: list[MemberRow]
    refused: list[RefusedRow]
    unknown_columns: list[str]


def read_member_list(data: bytes) -> MemberList:
    """Read a CSV of organizations; see `COLUMNS`.

    Codes of refused rows, beside those of `read_csv`, `read_line` and `read_date`:
    CORPORATE_NUMBER_INVALID, DUPLICATE_CORPORATE_NUMBER, UNKNOWN_KIND, UNKNOWN_INDUSTRY,
    UNKNOWN_PREFECTURE, MAIL_DOMAIN_INVALID, FREE_MAIL_DOMAIN, LICENCE_NUMBER_INVALID.
    """
    table = read_csv(data, COLUMNS, MEMBER_ROWS_MAX)
    rows, refused = read_rows(
        table, _read_member, same=lambda row: row.corporate_number, duplicate=_duplicate
    )
    return MemberList(rows, refused, table.unknown_columns)


def read_one_member(cells: Cells) -> MemberRow:
    """One organization that was typed in, by the names of `COLUMNS`; absent ones are empty.

    Raises `CellRefused` with the codes of `read_member_list`.
    """
    plain = {column.name: cells.get(column.name, "").strip() for column in COLUMNS}
    for name, cell in plain.items():
        if len(cell) > CELL_MAX_CHARS:
            raise CellRefused(name, "CELL_TOO_LONG", too_long(CELL_MAX_CHARS))
    return _read_member(0, plain)


def _duplicate(first_line: int) -> CellRefused:
    reason = Text(
        f"同じ法人番号が {first_line} 行目にもあります。",
        f"The same corporate number is on line {first_line}.",
    )
    return CellRefused("corporate_number", "DUPLICATE_CORPORATE_NUMBER", reason)


def already_a_member(line: int) -> RefusedRow:
    """The refusal of a row whose organization is, or once was, a member: ALREADY_EXISTS."""
    reason = Text(
        "この法人番号は既に登録されています。変更は会員の編集画面で行ってください。",
        "This corporate number is registered already. Change the member itself instead.",
    )
    return RefusedRow(line, "corporate_number", "ALREADY_EXISTS", reason)


def _read_member(line: int, cells: Cells) -> MemberRow:
    corporate_number = read_corporate_number(cells)
    name = read_required_line(cells, "name", ORGANIZATION_NAME_MAX_CHARS)
    kind = _read_kind(cells)
    division, group = _read_industry(cells)
    is_agency = kind == "AGENCY"
    return MemberRow(
        line=line,
        corporate_number=corporate_number,
        name=name,
        name_en=read_line(cells, "name_en", ORGANIZATION_NAME_MAX_CHARS),
        kind=kind,
        industry_division=division,
        industry_group=group,
        prefecture=_read_prefecture(cells),
        mail_domain=_read_mail_domain(cells),
        licence_number=_read_licence_number(cells) if is_agency else None,
        licence_expires_on=_read_licence_expiry(cells) if is_agency else None,
    )


def normalise_corporate_number(text: str) -> str | None:
    """The 13 digits of a corporate number 法人番号 whose check digit is right, else None."""
    try:
        return cn.validate(unicodedata.normalize("NFKC", text))
    except ValidationError:
        return None


def read_corporate_number(cells: Cells) -> str:
    """The corporate number column's. Raises `CellRefused` (CORPORATE_NUMBER_INVALID)."""
    number = normalise_corporate_number(read_required_line(cells, "corporate_number", 40))
    if number is None:
        reason = Text(
            "法人番号が正しくありません。13桁の数字で、先頭は検査用数字です。"
            "Excel で 1.01E+12 のように丸められていないか確かめてください。",
            "This is not a corporate number: 13 digits, the first a check digit. "
            "See whether Excel has rounded it to something like 1.01E+12.",
        )
        raise CellRefused("corporate_number", "CORPORATE_NUMBER_INVALID", reason)
    return number


def _read_kind(cells: Cells) -> OrganizationKind:
    kind = _KINDS.get(vocabulary_key(cells["kind"]))
    if kind is None:
        reason = Text("種別は「企業」か「人材紹介会社」です。", "The kind is COMPANY or AGENCY.")
        raise CellRefused("kind", "UNKNOWN_KIND", reason)
    return kind


def _read_industry(cells: Cells) -> tuple[str | None, str | None]:
    if not cells["industry"]:
        return None, None
    code = find_industry(cells["industry"])
    if code is None:
        reason = Text(
            "日本標準産業分類の大分類（A〜T）か中分類（01〜99）を書いてください。",
            "Give a division (A to T) or a major group (01 to 99) of the Japan Standard "
            "Industrial Classification.",
        )
        raise CellRefused("industry", "UNKNOWN_INDUSTRY", reason)
    division = division_of(code)
    return division, None if code == division else code


def _read_prefecture(cells: Cells) -> str | None:
    """The prefecture column's, else the one the address names; an address that names none is ok."""
    if not cells["prefecture"]:
        address = read_line(cells, "address", ADDRESS_MAX_CHARS)
        return prefecture_of(address) if address else None
    code = find_prefecture(cells["prefecture"])
    if code is None:
        reason = Text(
            f"都道府県の名前か番号（01〜{len(PREFECTURES)}）を書いてください。",
            f"Give a prefecture's name or its number (01 to {len(PREFECTURES)}).",
        )
        raise CellRefused("prefecture", "UNKNOWN_PREFECTURE", reason)
    return code


def _read_mail_domain(cells: Cells) -> str | None:
    if not cells["mail_domain"]:
        return None
    domain = normalise_domain(cells["mail_domain"])
    if domain is None:
        reason = Text(
            "メールのドメインが正しくありません。例: example.co.jp",
            "This is not a mail domain. Write it like example.co.jp.",
        )
        raise CellRefused("mail_domain", "MAIL_DOMAIN_INVALID", reason)
    if is_free_mail_domain(domain):
        reason = Text(
            "だれでも使えるメールのドメインは、会社のドメインにできません。",
            "A mail domain that anyone can use cannot be a company's own.",
        )
        raise CellRefused("mail_domain", "FREE_MAIL_DOMAIN", reason)
    return domain


def normalise_licence_number(text: str) -> str | None:
    """A placement licence 職業紹介事業許可番号 as "13-ユ-123456", else None.

    Two digits of the prefecture, ユ (for a fee), ム (free of charge) or 特, and six digits.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[\s‐-―−ーｰ－]", "-", plain)
    found = _LICENCE_NUMBER.fullmatch(re.sub(r"-+", "-", plain))
    if found is None or found[1] not in PREFECTURES:
        return None
    return "-".join(found.groups())


def _read_licence_number(cells: Cells) -> str:
    number = normalise_licence_number(read_required_line(cells, "licence_number", 40))
    if number is None:
        reason = Text(
            "許可番号が正しくありません。例: 13-ユ-123456",
            "This is not a placement licence number. Write it like 13-ユ-123456.",
        )
        raise CellRefused("licence_number", "LICENCE_NUMBER_INVALID", reason)
    return number


def _read_licence_expiry(cells: Cells) -> date:
    read_required_line(cells, "licence_expires_on", 40)
    expires_on = read_date(cells, "licence_expires_on")
    assert expires_on is not None  # the cell is not empty
    return expires_on
