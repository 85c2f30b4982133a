"""Industries: the divisions 大分類 and major groups 中分類 of the Japan Standard Industrial
Classification 日本標準産業分類 of the Ministry of Internal Affairs and Communications.
"""

from typing import NamedTuple

from models.vocabulary.text import Text, two_digit_key, vocabulary_key


class Industry(NamedTuple):
    """A division (`parent` is None) or a major group (`parent` is its division's letter)."""

    code: str
    parent: str | None
    name: Text


_DIVISIONS = (
    ("A", "農業、林業", "Agriculture and forestry"),
    ("B", "漁業", "Fisheries"),
    ("C", "鉱業、採石業、砂利採取業", "Mining and quarrying of stone and gravel"),
    ("D", "建設業", "Construction"),
    ("E", "製造業", "Manufacturing"),
    ("F", "電気・ガス・熱供給・水道業", "Electricity, gas, heat supply and water"),
    ("G", "情報通信業", "Information and communications"),
    ("H", "運輸業、郵便業", "Transport and postal services"),
    ("I", "卸売業、小売業", "Wholesale and retail trade"),
    ("J", "金融業、保険業", "Finance and insurance"),
    ("K", "不動産業、物品賃貸業", "Real estate and goods rental and leasing"),
    (
        "L",
        "学術研究、専門・技術サービス業",
        "Scientific research, professional and technical services",
    ),
    ("M", "宿泊業、飲食サービス業", "Accommodations, eating and drinking services"),
    (
        "N",
        "生活関連サービス業、娯楽業",
        "Living-related and personal services and amusement services",
    ),
    ("O", "教育、学習支援業", "Education, learning support"),
    ("P", "医療、福祉", "Medical, health care and welfare"),
    ("Q", "複合サービス事業", "Compound services"),
    ("R", "サービス業（他に分類されないもの）", "Services, n.e.c."),
    ("S", "公務（他に分類されるものを除く）", "Government, except elsewhere classified"),
    ("T", "分類不能の産業", "Industries unable to classify"),
)

_MAJOR_GROUPS = (
    ("01", "A", "農業", "Agriculture"),
    ("02", "A", "林業", "Forestry"),
    ("03", "B", "漁業（水産養殖業を除く）", "Fisheries, except aquaculture"),
    ("04", "B", "水産養殖業", "Aquaculture"),
    ("05", "C", "鉱業、採石業、砂利採取業", "Mining and quarrying of stone and gravel"),
    (
        "06",
        "D",
        "総合工事業",
        "Construction work, general including public and private construction work",
    ),
    (
        "07",
        "D",
        "職別工事業（設備工事業を除く）",
        "Construction work by specialist contractor, except equipment installation work",
    ),
    ("08", "D", "設備工事業", "Equipment installation work"),
    ("09", "E", "食料品製造業", "Manufacture of food"),
    ("10", "E", "飲料・たばこ・飼料製造業", "Manufacture of beverages, tobacco and feed"),
    ("11", "E", "繊維工業", "Manufacture of textile products"),
    (
        "12",
        "E",
        "木材・木製品製造業（家具を除く）",
        "Manufacture of lumber and wood products, except furniture",
    ),
    ("13", "E", "家具・装備品製造業", "Manufacture of furniture and fixtures"),
    ("14", "E", "パルプ・紙・紙加工品製造業", "Manufacture of pulp, paper and paper products"),
    ("15", "E", "印刷・同関連業", "Printing and allied industries"),
    ("16", "E", "化学工業", "Manufacture of chemical and allied products"),
    ("17", "E", "石油製品・石炭製品製造業", "Manufacture of petroleum and coal products"),
    (
        "18",
        "E",
        "プラスチック製品製造業（別掲を除く）",
        "Manufacture of plastic products, except otherwise classified",
    ),
    ("19", "E", "ゴム製品製造業", "Manufacture of rubber products"),
    (
        "20",
        "E",
        "なめし革・同製品・毛皮製造業",
        "Manufacture of leather tanning, leather products and fur skins",
    ),
    ("21", "E", "窯業・土石製品製造業", "Manufacture of ceramic, stone and clay products"),
    ("22", "E", "鉄鋼業", "Manufacture of iron and steel"),
    ("23", "E", "非鉄金属製造業", "Manufacture of non-ferrous metals and products"),
    ("24", "E", "金属製品製造業", "Manufacture of fabricated metal products"),
    ("25", "E", "はん用機械器具製造業", "Manufacture of general-purpose machinery"),
    ("26", "E", "生産用機械器具製造業", "Manufacture of production machinery"),
    ("27", "E", "業務用機械器具製造業", "Manufacture of business oriented machinery"),
    (
        "28",
        "E",
        "電子部品・デバイス・電子回路製造業",
        "Electronic parts, devices and electronic circuits",
    ),
    (
        "29",
        "E",
        "電気機械器具製造業",
        "Manufacture of electrical machinery, equipment and supplies",
    ),
    (
        "30",
        "E",
        "情報通信機械器具製造業",
        "Manufacture of information and communication electronics equipment",
    ),
    ("31", "E", "輸送用機械器具製造業", "Manufacture of transportation equipment"),
    ("32", "E", "その他の製造業", "Other manufacturing industries"),
    ("33", "F", "電気業", "Production, transmission and distribution of electricity"),
    ("34", "F", "ガス業", "Production and distribution of gas"),
    ("35", "F", "熱供給業", "Heat supply"),
    (
        "36",
        "F",
        "水道業",
        (
            "Collection, purification and distribution of water, "
            "and sewage collection, processing and disposal"
        ),
    ),
    ("37", "G", "通信業", "Communications"),
    ("38", "G", "放送業", "Broadcasting"),
    ("39", "G", "情報サービス業", "Information services"),
    ("40", "G", "インターネット附随サービス業", "Services incidental to internet"),
    (
        "41",
        "G",
        "映像・音声・文字情報制作業",
        (
            "Video picture information, sound information, "
            "character information production and distribution"
        ),
    ),
    ("42", "H", "鉄道業", "Railway transport"),
    ("43", "H", "道路旅客運送業", "Road passenger transport"),
    ("44", "H", "道路貨物運送業", "Road freight transport"),
    ("45", "H", "水運業", "Water transport"),
    ("46", "H", "航空運輸業", "Air transport"),
    ("47", "H", "倉庫業", "Warehousing"),
    ("48", "H", "運輸に附帯するサービス業", "Services incidental to transport"),
    ("49", "H", "郵便業（信書便事業を含む）", "Postal services, including mail delivery"),
    ("50", "I", "各種商品卸売業", "Wholesale trade, general merchandise"),
    ("51", "I", "繊維・衣服等卸売業", "Wholesale trade (textile and apparel)"),
    ("52", "I", "飲食料品卸売業", "Wholesale trade (food and beverages)"),
    (
        "53",
        "I",
        "建築材料、鉱物・金属材料等卸売業",
        "Wholesale trade (building materials, minerals and metals, etc.)",
    ),
    ("54", "I", "機械器具卸売業", "Wholesale trade (machinery and equipment)"),
    ("55", "I", "その他の卸売業", "Other wholesale trade"),
    ("56", "I", "各種商品小売業", "Retail trade, general merchandise"),
    (
        "57",
        "I",
        "織物・衣服・身の回り品小売業",
        "Retail trade (woven fabrics, apparel, apparel accessories and notions)",
    ),
    ("58", "I", "飲食料品小売業", "Retail trade (food and beverage)"),
    ("59", "I", "機械器具小売業", "Retail trade (machinery and equipment)"),
    ("60", "I", "その他の小売業", "Other retail trade"),
    ("61", "I", "無店舗小売業", "Nonstore retailers"),
    ("62", "J", "銀行業", "Banking"),
    ("63", "J", "協同組織金融業", "Financial institutions for cooperative organizations"),
    (
        "64",
        "J",
        "貸金業、クレジットカード業等非預金信用機関",
        "Non-deposit money corporations, including lending and credit card business",
    ),
    (
        "65",
        "J",
        "金融商品取引業、商品先物取引業",
        "Financial products transaction dealers and futures commodity transaction dealers",
    ),
    ("66", "J", "補助的金融業等", "Financial auxiliaries"),
    (
        "67",
        "J",
        "保険業（保険媒介代理業、保険サービス業を含む）",
        "Insurance institutions, including insurance agents, brokers and services",
    ),
    ("68", "K", "不動産取引業", "Real estate agencies"),
    ("69", "K", "不動産賃貸業・管理業", "Real estate lessors and managers"),
    ("70", "K", "物品賃貸業", "Goods rental and leasing"),
    ("71", "L", "学術・開発研究機関", "Scientific and development research institutes"),
    ("72", "L", "専門サービス業（他に分類されないもの）", "Professional services, n.e.c."),
    ("73", "L", "広告業", "Advertising"),
    ("74", "L", "技術サービス業（他に分類されないもの）", "Technical services, n.e.c."),
    ("75", "M", "宿泊業", "Accommodations"),
    ("76", "M", "飲食店", "Eating and drinking places"),
    ("77", "M", "持ち帰り・配達飲食サービス業", "Food take out and delivery services"),
    ("78", "N", "洗濯・理容・美容・浴場業", "Laundry, beauty and bath services"),
    ("79", "N", "その他の生活関連サービス業", "Other living-related and personal services"),
    ("80", "N", "娯楽業", "Services for amusement and recreation"),
    ("81", "O", "学校教育", "School education"),
    ("82", "O", "その他の教育、学習支援業", "Other education, learning support"),
    ("83", "P", "医療業", "Medical and other health services"),
    ("84", "P", "保健衛生", "Public health and hygiene"),
    (
        "85",
        "P",
        "社会保険・社会福祉・介護事業",
        "Social insurance, social welfare and care services",
    ),
    ("86", "Q", "郵便局", "Postal services"),
    ("87", "Q", "協同組合（他に分類されないもの）", "Cooperative associations, n.e.c."),
    ("88", "R", "廃棄物処理業", "Waste disposal business"),
    ("89", "R", "自動車整備業", "Automobile maintenance services"),
    (
        "90",
        "R",
        "機械等修理業（別掲を除く）",
        "Machine, etc. repair services, except otherwise classified",
    ),
    ("91", "R", "職業紹介・労働者派遣業", "Employment and worker dispatching services"),
    ("92", "R", "その他の事業サービス業", "Other business services"),
    ("93", "R", "政治・経済・文化団体", "Political, business and cultural organizations"),
    ("94", "R", "宗教", "Religion"),
    ("95", "R", "その他のサービス業", "Other services"),
    ("96", "R", "外国公務", "Foreign governments and international agencies in Japan"),
    ("97", "S", "国家公務", "National government services"),
    ("98", "S", "地方公務", "Local government services"),
    ("99", "T", "分類不能の産業", "Industries unable to classify"),
)

DIVISIONS = {code: Industry(code, None, Text(ja, en)) for code, ja, en in _DIVISIONS}
"""The 20 divisions by letter, A to T."""

MAJOR_GROUPS = {
    code: Industry(code, parent, Text(ja, en)) for code, parent, ja, en in _MAJOR_GROUPS
}
"""The 99 major groups by code, 01 to 99."""

INDUSTRIES = DIVISIONS | MAJOR_GROUPS


def _codes_by_key() -> dict[str, str]:
    """A name that a division shares with its only major group means the division."""
    codes: dict[str, str] = {}
    for industry in INDUSTRIES.values():
        for spelling in (industry.code, industry.name.ja, industry.name.en):
            codes.setdefault(vocabulary_key(spelling), industry.code)
    return codes


_CODE_BY_KEY = _codes_by_key()


def find_industry(text: str) -> str | None:
    """The code a division letter, a major group code or an exact name stands for, else None.

    A spreadsheet that dropped the leading zero is understood: "9" is "09".
    """
    return _CODE_BY_KEY.get(two_digit_key(text))


def division_of(code: str) -> str:
    """The division's letter for the code of a division or major group; KeyError if unknown."""
    return INDUSTRIES[code].parent or code
