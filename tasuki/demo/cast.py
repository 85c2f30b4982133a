"""The invented companies, agencies and people of the demo. None of them exists."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.jp import cn

from models.rules.lifecycles import OrganizationKind

SLUG = "demo"
NAME = "襷デモ採用コンソーシアム"
PASSWORD = "relay-sash-demo"


def corporate_number(serial: int) -> str:
    """An invented number with a true check digit."""
    body = f"{990_000_000_000 + serial:012d}"
    return f"{cn.calc_check_digit(body)}{body}"


@dataclass(frozen=True, slots=True)
class Member:
    """One organization: what it is, where, and what it looks for."""

    key: str
    kind: OrganizationKind
    name: str
    name_en: str
    industry: str | None
    prefecture: str
    seeks: tuple[str, ...] = ()
    candidates_a_month: float = 0.0

    @property
    def domain(self) -> str:
        """Its invented mail domain."""
        return f"{self.key}.example.jp"


_C, _A = OrganizationKind.COMPANY, OrganizationKind.AGENCY
MEMBERS = (
    Member(
        "minato",
        _C,
        "株式会社ミナト精機",
        "Minato Seiki",
        "26",
        "14",
        ("HARDWARE_ENGINEERING", "MANUFACTURING", "QUALITY_CONTROL"),
        2.4,
    ),
    Member(
        "kumano",
        _C,
        "熊野電子株式会社",
        "Kumano Electronics",
        "28",
        "24",
        ("HARDWARE_ENGINEERING", "SOFTWARE_ENGINEERING"),
        1.8,
    ),
    Member(
        "asagiri",
        _C,
        "あさぎり部品工業株式会社",
        "Asagiri Parts",
        "31",
        "22",
        ("MANUFACTURING", "HARDWARE_ENGINEERING"),
        1.5,
    ),
    Member(
        "shiori",
        _C,
        "株式会社しおりソフト",
        "Shiori Soft",
        "39",
        "13",
        ("SOFTWARE_ENGINEERING", "DESIGN", "CUSTOMER_SUPPORT"),
        2.9,
    ),
    Member(
        "tobira",
        _C,
        "トビラネット株式会社",
        "Tobira Net",
        "40",
        "13",
        ("SOFTWARE_ENGINEERING", "MARKETING"),
        2.1,
    ),
    Member(
        "hibiki",
        _C,
        "ひびきデータ株式会社",
        "Hibiki Data",
        "39",
        "27",
        ("DATA_SCIENCE", "SOFTWARE_ENGINEERING"),
        1.3,
    ),
    Member(
        "wakaba",
        _C,
        "わかば食品株式会社",
        "Wakaba Foods",
        "09",
        "40",
        ("PLANNING", "QUALITY_CONTROL", "SALES"),
        1.3,
    ),
    Member(
        "hanamaru",
        _C,
        "株式会社はなまるストア",
        "Hanamaru Store",
        "56",
        "27",
        ("RETAIL", "SALES"),
        1.7,
    ),
    Member(
        "kazaguruma",
        _C,
        "かざぐるま運輸株式会社",
        "Kazaguruma Transport",
        "44",
        "23",
        ("LOGISTICS", "OFFICE_WORK"),
        1.0,
    ),
    Member(
        "nozomi",
        _C,
        "医療法人社団のぞみ会",
        "Nozomi Medical",
        "83",
        "28",
        ("NURSING", "CARE_WORK", "OFFICE_WORK"),
        1.1,
    ),
    Member(
        "ishizue",
        _C,
        "いしずえ建設株式会社",
        "Ishizue Construction",
        "06",
        "34",
        ("CONSTRUCTION_MANAGEMENT", "SALES"),
        0.8,
    ),
    Member(
        "akari",
        _C,
        "あかり銀行株式会社",
        "Akari Bank",
        "62",
        "13",
        ("FINANCE_PROFESSIONS", "SALES", "LEGAL"),
        1.5,
    ),
    Member("tsunagu", _A, "つなぐキャリア株式会社", "Tsunagu Career", "91", "13"),
    Member("hashi", _A, "はし人材株式会社", "Hashi Staffing", "91", "27"),
)

FAMILY_NAMES = (
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
    "山崎",
    "森",
    "池田",
    "橋本",
)
GIVEN_NAMES = (
    "翔太",
    "美咲",
    "大輔",
    "さくら",
    "健太",
    "彩",
    "拓海",
    "結衣",
    "直樹",
    "真由美",
    "亮",
    "陽菜",
    "和也",
    "恵",
    "悠斗",
    "葵",
    "誠",
    "千尋",
    "隆",
    "奈々",
    "蓮",
    "香織",
    "涼",
    "琴音",
)
WISHES = (
    "家族の近くで、長く働ける職場を希望しています。",
    "少人数のチームで新しいことに挑戦したいです。",
    "リモート勤務ができると助かります。",
    None,
    None,
)
CAMPAIGNS = ("新卒採用", "中途採用 春", "中途採用 秋", "キャリア採用")
