"""Job categories 職種: what kind of work an opening is and a candidate looks for."""

from typing import NamedTuple

from models.vocabulary.text import Text, vocabulary_key


class JobCategory(NamedTuple):
    """A kind of work; `synonyms` are further words that mean it."""

    code: str
    name: Text
    synonyms: tuple[str, ...]


# code, Japanese, English, synonyms
_JOB_CATEGORIES = (
    (
        "SALES",
        "営業",
        "Sales",
        (
            "営業職|法人営業|個人営業|ルート営業|営業企画|セールス|インサイドセールス|"
            "account executive"
        ),
    ),
    (
        "OFFICE_WORK",
        "事務・総務",
        "Office work",
        (
            "事務|事務職|一般事務|営業事務|庶務|秘書|受付|clerk|administrative assistant|"
            "office administration|総務|general affairs|総務職|ファシリティ|facility management"
        ),
    ),
    (
        "ACCOUNTING",
        "経理・財務",
        "Accounting and finance",
        "経理|財務|会計|経理職|accounting|finance|accountant",
    ),
    (
        "HUMAN_RESOURCES",
        "人事・労務",
        "Human resources",
        "人事|労務|採用|採用担当|総務人事|hr|recruiter|people operations",
    ),
    (
        "LEGAL",
        "法務・知的財産",
        "Legal and intellectual property",
        "法務|知財|知的財産|コンプライアンス|特許|legal|compliance",
    ),
    (
        "PLANNING",
        "企画・経営",
        "Planning and management",
        (
            "経営企画職|企画|経営企画|事業企画|事業開発|新規事業|planning|corporate planning|"
            "business development|プロダクトマネジメント|product management|プロダクトマネージャー|"
            "プロダクト企画|product manager|pdm|経営・管理職|executive management|経営|役員|管理職|"
            "マネージャー|執行役員|executive|general manager|cxo"
        ),
    ),
    (
        "MARKETING",
        "マーケティング・広報",
        "Marketing and public relations",
        "マーケティング|広報|宣伝|広告|販促|pr|marketing|public relations",
    ),
    (
        "SOFTWARE_ENGINEERING",
        "ソフトウェアエンジニア",
        "Software engineering",
        (
            "エンジニア|itエンジニア|システムエンジニア|se|プログラマー|プログラマ|"
            "ソフトウェア開発|web開発|バックエンドエンジニア|フロントエンドエンジニア|engineer|"
            "software engineer|developer|programmer"
        ),
    ),
    (
        "IT_INFRASTRUCTURE",
        "インフラ・社内SE",
        "IT infrastructure and corporate IT",
        (
            "インフラエンジニア|ネットワークエンジニア|社内se|情報システム|情シス|sre|"
            "セキュリティエンジニア|infrastructure engineer|corporate it|security engineer"
        ),
    ),
    (
        "DATA_SCIENCE",
        "データサイエンス・AI",
        "Data science and AI",
        (
            "データサイエンティスト|データアナリスト|データエンジニア|機械学習エンジニア|"
            "aiエンジニア|data scientist|data analyst|data engineer|machine learning engineer"
        ),
    ),
    (
        "HARDWARE_ENGINEERING",
        "機械・電気設計",
        "Mechanical and electrical engineering",
        (
            "機械設計|電気設計|回路設計|機械エンジニア|電気エンジニア|組込みエンジニア|生産技術|"
            "mechanical engineer|electrical engineer|embedded engineer"
        ),
    ),
    (
        "RESEARCH_AND_DEVELOPMENT",
        "研究開発",
        "Research and development",
        "研究|研究職|開発|基礎研究|r&d|research|researcher|scientist",
    ),
    (
        "MANUFACTURING",
        "製造・生産",
        "Manufacturing and production",
        (
            "製造|生産|製造職|工場|組立|製造オペレーター|生産管理|manufacturing|production|"
            "factory work"
        ),
    ),
    (
        "QUALITY_CONTROL",
        "品質管理・品質保証",
        "Quality control and assurance",
        "品質管理|品質保証|検査|qa|qc|quality assurance|quality control",
    ),
    (
        "CONSTRUCTION_MANAGEMENT",
        "施工管理",
        "Construction management",
        "現場監督|建築施工管理|土木施工管理|電気工事施工管理|construction manager|site supervisor",
    ),
    (
        "ARCHITECTURE_AND_CIVIL_ENGINEERING",
        "建築・土木設計",
        "Architecture and civil engineering",
        "建築設計|土木設計|建築士|測量|積算|architect|civil engineer|surveyor",
    ),
    (
        "SKILLED_TRADES",
        "技能工・設備保全",
        "Skilled trades and maintenance",
        (
            "技能工|設備保全|保守|メンテナンス|整備士|電気工事|溶接|大工|maintenance technician|"
            "electrician|mechanic|welder"
        ),
    ),
    (
        "LOGISTICS",
        "物流・運転・購買",
        "Logistics, driving and procurement",
        (
            "物流|倉庫|在庫管理|貿易|貿易事務|logistics|warehouse|supply chain|ドライバー・運転|"
            "driving|ドライバー|運転手|配送|配達|トラック運転手|タクシー|driver|delivery|"
            "購買・調達|procurement|購買|調達|バイヤー|資材|buyer|purchasing"
        ),
    ),
    (
        "RETAIL",
        "販売・店舗",
        "Retail",
        "販売|店舗|店長|接客|販売職|ショップスタッフ|shop staff|store manager",
    ),
    (
        "FOOD_SERVICE",
        "飲食",
        "Food service",
        "飲食店|調理|調理師|シェフ|ホールスタッフ|キッチン|restaurant|cook|chef",
    ),
    (
        "HOSPITALITY",
        "宿泊・旅行・観光",
        "Hospitality and travel",
        "ホテル|旅館|フロント|旅行|観光|hotel|travel|tourism",
    ),
    (
        "BEAUTY_AND_WELLNESS",
        "美容・健康",
        "Beauty and wellness",
        "美容師|理容師|エステ|ネイリスト|トレーナー|hairdresser|fitness trainer",
    ),
    (
        "NURSING",
        "看護",
        "Nursing",
        "看護師|准看護師|保健師|助産師|ナース|nurse",
    ),
    (
        "CARE_WORK",
        "介護・福祉",
        "Care work and social welfare",
        (
            "介護|福祉|介護士|介護職|介護福祉士|ヘルパー|ケアマネジャー|ケアマネージャー|"
            "社会福祉士|care worker|caregiver|social worker"
        ),
    ),
    (
        "MEDICAL_PROFESSIONS",
        "医師・薬剤師・医療技術",
        "Medical professions",
        (
            "医師|薬剤師|医療技術|臨床検査技師|放射線技師|理学療法士|作業療法士|歯科衛生士|mr|"
            "doctor|pharmacist|physical therapist"
        ),
    ),
    (
        "EDUCATION",
        "教育・保育",
        "Education and childcare",
        "教育|教員|教師|講師|塾講師|保育|保育士|幼稚園教諭|teacher|instructor|childcare",
    ),
    (
        "DESIGN",
        "デザイン・編集・映像",
        "Design, editing and media",
        (
            "デザイン|design|デザイナー|webデザイナー|uiデザイナー|グラフィックデザイナー|dtp|"
            "designer|ui/ux design|編集・映像・メディア|editing and media|編集|編集者|ライター|"
            "記者|映像|動画制作|ディレクター|editor|writer|journalist|video production"
        ),
    ),
    (
        "CUSTOMER_SUPPORT",
        "カスタマーサポート",
        "Customer support",
        (
            "カスタマーサクセス|コールセンター|コールセンタースタッフ|ヘルプデスク|テレオペ|"
            "customer success|call center|help desk"
        ),
    ),
    (
        "CONSULTING",
        "コンサルタント",
        "Consulting",
        "コンサルティング|経営コンサルタント|itコンサルタント|戦略コンサルタント|consultant",
    ),
    (
        "FINANCE_PROFESSIONS",
        "金融専門職",
        "Financial professions",
        (
            "金融|証券|保険|ファンドマネージャー|アナリスト|投資銀行|与信|banking|insurance|"
            "investment|actuary"
        ),
    ),
    (
        "REAL_ESTATE",
        "不動産",
        "Real estate",
        "不動産営業|不動産管理|宅建|プロパティマネジメント|property management|real estate agent",
    ),
    (
        "SECURITY_AND_CLEANING",
        "警備・清掃・ビル管理",
        "Security, cleaning and building services",
        (
            "警備|警備員|清掃|ビル管理|ビルメンテナンス|設備管理|security guard|cleaning|"
            "building maintenance"
        ),
    ),
    (
        "OTHER",
        "その他",
        "Other",
        (
            "その他の職種|others|公務・団体職員|public service|公務員|団体職員|自治体|行政|"
            "civil servant|government|農林水産|agriculture, forestry and fisheries|農業|林業|漁業|"
            "畜産|farming|fishery|forestry"
        ),
    ),
)

JOB_CATEGORIES = {
    code: JobCategory(code, Text(ja, en), tuple(synonyms.split("|")))
    for code, ja, en, synonyms in _JOB_CATEGORIES
}
"""The job categories by code."""


def _codes_by_key() -> dict[str, str]:
    codes: dict[str, str] = {}
    for category in JOB_CATEGORIES.values():
        for spelling in (category.code, *category.name, *category.synonyms):
            codes[vocabulary_key(spelling)] = category.code
    return codes


_CODE_BY_KEY = _codes_by_key()


def find_job_category(text: str) -> str | None:
    """The code that a code, a name in either language or a usual word stands for, else None."""
    return _CODE_BY_KEY.get(vocabulary_key(text))
