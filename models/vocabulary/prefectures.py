"""The 47 prefectures 都道府県 with their JIS X 0401 codes."""

import re
import unicodedata
from typing import NamedTuple

from models.vocabulary.text import Text, two_digit_key, vocabulary_key


class Prefecture(NamedTuple):
    """A prefecture by its JIS X 0401 code, "01" (Hokkaido) to "47" (Okinawa)."""

    code: str
    name: Text


_PREFECTURES = (
    ("01", "北海道", "Hokkaido"),
    ("02", "青森県", "Aomori"),
    ("03", "岩手県", "Iwate"),
    ("04", "宮城県", "Miyagi"),
    ("05", "秋田県", "Akita"),
    ("06", "山形県", "Yamagata"),
    ("07", "福島県", "Fukushima"),
    ("08", "茨城県", "Ibaraki"),
    ("09", "栃木県", "Tochigi"),
    ("10", "群馬県", "Gunma"),
    ("11", "埼玉県", "Saitama"),
    ("12", "千葉県", "Chiba"),
    ("13", "東京都", "Tokyo"),
    ("14", "神奈川県", "Kanagawa"),
    ("15", "新潟県", "Niigata"),
    ("16", "富山県", "Toyama"),
    ("17", "石川県", "Ishikawa"),
    ("18", "福井県", "Fukui"),
    ("19", "山梨県", "Yamanashi"),
    ("20", "長野県", "Nagano"),
    ("21", "岐阜県", "Gifu"),
    ("22", "静岡県", "Shizuoka"),
    ("23", "愛知県", "Aichi"),
    ("24", "三重県", "Mie"),
    ("25", "滋賀県", "Shiga"),
    ("26", "京都府", "Kyoto"),
    ("27", "大阪府", "Osaka"),
    ("28", "兵庫県", "Hyogo"),
    ("29", "奈良県", "Nara"),
    ("30", "和歌山県", "Wakayama"),
    ("31", "鳥取県", "Tottori"),
    ("32", "島根県", "Shimane"),
    ("33", "岡山県", "Okayama"),
    ("34", "広島県", "Hiroshima"),
    ("35", "山口県", "Yamaguchi"),
    ("36", "徳島県", "Tokushima"),
    ("37", "香川県", "Kagawa"),
    ("38", "愛媛県", "Ehime"),
    ("39", "高知県", "Kochi"),
    ("40", "福岡県", "Fukuoka"),
    ("41", "佐賀県", "Saga"),
    ("42", "長崎県", "Nagasaki"),
    ("43", "熊本県", "Kumamoto"),
    ("44", "大分県", "Oita"),
    ("45", "宮崎県", "Miyazaki"),
    ("46", "鹿児島県", "Kagoshima"),
    ("47", "沖縄県", "Okinawa"),
)

PREFECTURES = {code: Prefecture(code, Text(ja, en)) for code, ja, en in _PREFECTURES}
"""The prefectures by code, from north to south."""

_POSTAL_CODE = re.compile(r"^〒?\s*[0-9]{3}-?[0-9]{4}\s*")


def _codes_by_key() -> dict[str, str]:
    codes: dict[str, str] = {}
    for code, ja, en in _PREFECTURES:
        # 北海道 is never shortened; 東京都, 京都府, 青森県 are.
        short = ja if ja.endswith("道") else ja[:-1]
        for spelling in (code, ja, short, en):
            codes[vocabulary_key(spelling)] = code
    return codes


_CODE_BY_KEY = _codes_by_key()


def find_prefecture(text: str) -> str | None:
    """The code that a code or a name in either language stands for (東京, Tokyo), else None.

    A spreadsheet that dropped the leading zero is understood: "1" is "01".
    """
    return _CODE_BY_KEY.get(two_digit_key(text))


def prefecture_of(address: str) -> str | None:
    """The code of the prefecture whose full name the address starts with, else None.

    A postal code before it is passed over. An address that starts with a city or a ward names no
    prefecture, and none is guessed: 中央区 exists in many cities, 府中市 in two prefectures.
    """
    text = _POSTAL_CODE.sub("", unicodedata.normalize("NFKC", address).strip())
    for code, ja, _ in _PREFECTURES:
        if text.startswith(ja):
            return code
    return None
