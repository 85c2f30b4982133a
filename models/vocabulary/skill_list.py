"""The list of skills, by the job categories they hint at. `skills.py` reads it."""

# code, Japanese, English, synonyms
_SOFTWARE = (
    ("PYTHON", "Python", "Python", "パイソン|python3"),
    ("JAVA", "Java", "Java", "ジャバ"),
    ("JAVASCRIPT", "JavaScript", "JavaScript", "js|ジャバスクリプト|ecmascript"),
    ("TYPESCRIPT", "TypeScript", "TypeScript", "ts|タイプスクリプト"),
    ("GO", "Go言語", "Go", "golang"),
    ("RUST", "Rust", "Rust", "rust言語"),
    ("C", "C言語", "C", "c language"),
    ("CPP", "C++", "C++", "cpp|シープラスプラス"),
    ("CSHARP", "C#", "C#", "csharp|シーシャープ|.net"),
    ("RUBY", "Ruby", "Ruby", "ルビー"),
    ("RAILS", "Ruby on Rails", "Ruby on Rails", "rails"),
    ("PHP", "PHP", "PHP", "laravel"),
    ("KOTLIN", "Kotlin", "Kotlin", "コトリン"),
    ("SWIFT", "Swift", "Swift", "スウィフト"),
    ("SCALA", "Scala", "Scala", "スカラ"),
    ("COBOL", "COBOL", "COBOL", "コボル"),
    ("VBA", "VBA", "VBA", "excel vba|マクロ|vb"),
    ("SQL", "SQL", "SQL", "sql文"),
    ("HTML_CSS", "HTML・CSS", "HTML and CSS", "html|css|html/css|コーディング"),
    ("REACT", "React", "React", "react.js|reactjs"),
    ("VUE", "Vue.js", "Vue.js", "vue|vuejs|nuxt"),
    ("ANGULAR", "Angular", "Angular", "angularjs"),
    ("NODE_JS", "Node.js", "Node.js", "node|nodejs"),
    ("SPRING", "Spring", "Spring", "spring boot"),
    ("DJANGO", "Django", "Django", "ジャンゴ"),
    ("IOS", "iOSアプリ開発", "iOS development", "ios"),
    ("ANDROID", "Androidアプリ開発", "Android development", "android"),
    ("GRAPHQL", "GraphQL", "GraphQL", "グラフキューエル"),
    ("TEST_AUTOMATION", "テスト自動化", "Test automation", "自動テスト|selenium|playwright"),
    ("REQUIREMENTS_DEFINITION", "要件定義", "Requirements definition", "要求分析|基本設計"),
    ("AGILE", "アジャイル開発", "Agile development", "アジャイル|スクラム|scrum|agile"),
    ("UNITY", "Unity", "Unity", "unity3d|ユニティ"),
    ("SAP", "SAP", "SAP", "sap erp|s/4hana|abap"),
    ("SALESFORCE", "Salesforce", "Salesforce", "セールスフォース|sfdc|apex"),
)

_INFRASTRUCTURE = (
    ("LINUX", "Linux", "Linux", "リナックス|unix"),
    ("WINDOWS_SERVER", "Windows Server", "Windows Server", "ウィンドウズサーバー|active directory"),
    ("AWS", "AWS", "AWS", "amazon web services|アマゾンウェブサービス"),
    ("AZURE", "Microsoft Azure", "Microsoft Azure", "azure|アジュール"),
    ("GOOGLE_CLOUD", "Google Cloud", "Google Cloud", "gcp|google cloud platform"),
    ("DOCKER", "Docker", "Docker", "ドッカー|コンテナ"),
    ("KUBERNETES", "Kubernetes", "Kubernetes", "k8s|クバネティス"),
    ("TERRAFORM", "Terraform", "Terraform", "テラフォーム|infrastructure as code"),
    ("CI_CD", "CI/CD", "CI/CD", "ci|github actions|jenkins"),
    ("NETWORKING", "ネットワーク構築", "Networking", "ネットワーク|ccna|ccnp|cisco"),
    (
        "INFORMATION_SECURITY",
        "情報セキュリティ",
        "Information security",
        "セキュリティ|サイバーセキュリティ|cybersecurity",
    ),
    (
        "REGISTERED_SECURITY_SPECIALIST",
        "情報処理安全確保支援士",
        "Registered information security specialist",
        "登録セキスペ|cissp",
    ),
    ("ORACLE_DATABASE", "Oracle Database", "Oracle Database", "oracle|オラクル|oracle master"),
    ("POSTGRESQL", "PostgreSQL", "PostgreSQL", "postgres|ポスグレ"),
    ("MYSQL", "MySQL", "MySQL", "mariadb"),
    ("IT_PASSPORT", "ITパスポート", "IT passport", "iパス"),
    (
        "FUNDAMENTAL_IT_ENGINEER",
        "基本情報技術者",
        "Fundamental IT engineer",
        "基本情報|基本情報技術者試験|fe試験",
    ),
    ("APPLIED_IT_ENGINEER", "応用情報技術者", "Applied IT engineer", "応用情報|応用情報技術者試験"),
    ("IT_SERVICE_DESK", "ITヘルプデスク", "IT service desk", "itサポート|itil|テクニカルサポート"),
)

_DATA = (
    ("MACHINE_LEARNING", "機械学習", "Machine learning", "ml|scikit-learn"),
    ("DEEP_LEARNING", "ディープラーニング", "Deep learning", "深層学習|pytorch|tensorflow"),
    ("GENERATIVE_AI", "生成AI", "Generative AI", "llm|大規模言語モデル|プロンプトエンジニアリング"),
    ("NATURAL_LANGUAGE_PROCESSING", "自然言語処理", "Natural language processing", "nlp"),
    ("STATISTICS", "統計解析", "Statistics", "統計|統計検定|多変量解析"),
    ("R", "R言語", "R", "r studio|rstudio"),
    ("DATA_ANALYSIS", "データ分析", "Data analysis", "データ解析|pandas"),
    ("BUSINESS_INTELLIGENCE", "BIツール", "Business intelligence", "bi|tableau|power bi|looker"),
    (
        "DATA_ENGINEERING",
        "データ基盤構築",
        "Data engineering",
        "etl|データウェアハウス|bigquery|snowflake|dbt",
    ),
)

_OFFICE = (
    ("EXCEL", "Excel", "Excel", "エクセル|microsoft excel|表計算|ピボットテーブル"),
    ("WORD", "Word", "Word", "ワード|microsoft word"),
    ("POWERPOINT", "PowerPoint", "PowerPoint", "パワーポイント|パワポ|microsoft powerpoint"),
    ("MOS", "MOS", "Microsoft Office Specialist", "マイクロソフトオフィススペシャリスト"),
    ("GOOGLE_WORKSPACE", "Google Workspace", "Google Workspace", "g suite|スプレッドシート"),
    ("BUSINESS_WRITING", "ビジネス文書作成", "Business writing", "文書作成|議事録作成"),
    ("SCHEDULING", "スケジュール管理", "Scheduling", "スケジュール調整|日程調整"),
    ("SECRETARIAL_WORK", "秘書検定", "Secretarial work", "秘書業務|秘書検定2級"),
    ("DATA_ENTRY", "データ入力", "Data entry", "タイピング|入力業務"),
    ("TELEPHONE_SERVICE", "電話応対", "Telephone service", "電話対応|テレフォンオペレーター"),
)

_ACCOUNTING = (
    ("BOOKKEEPING_1", "日商簿記1級", "Bookkeeping (Nissho grade 1)", "簿記1級|簿記一級"),
    ("BOOKKEEPING_2", "日商簿記2級", "Bookkeeping (Nissho grade 2)", "簿記2級|簿記二級"),
    (
        "BOOKKEEPING_3",
        "日商簿記3級",
        "Bookkeeping (Nissho grade 3)",
        "簿記3級|簿記三級|簿記|bookkeeping",
    ),
    ("MONTHLY_CLOSING", "月次決算", "Monthly closing", "月次締め|月次"),
    ("ANNUAL_CLOSING", "年次決算", "Annual closing", "決算|年次|決算業務"),
    ("CONSOLIDATED_ACCOUNTING", "連結決算", "Consolidated accounting", "連結会計"),
    ("IFRS", "IFRS", "IFRS", "国際会計基準"),
    ("TAX_FILING", "税務申告", "Tax filing", "税務|法人税|消費税申告"),
    ("CERTIFIED_PUBLIC_ACCOUNTANT", "公認会計士", "Certified public accountant", "cpa|uscpa"),
    ("TAX_ACCOUNTANT", "税理士", "Certified tax accountant", "税理士科目合格"),
    ("TREASURY", "資金管理", "Treasury", "資金繰り|資金調達"),
    ("MANAGEMENT_ACCOUNTING", "管理会計", "Management accounting", "原価計算|予実管理"),
    ("INTERNAL_AUDIT", "内部監査", "Internal audit", "内部統制|j-sox|監査"),
)

_HUMAN_RESOURCES = (
    ("RECRUITING", "採用業務", "Recruiting", "新卒採用|中途採用|採用活動"),
    ("PAYROLL", "給与計算", "Payroll", "給与|年末調整"),
    ("SOCIAL_INSURANCE", "社会保険手続き", "Social insurance procedures", "社会保険|労働保険"),
    ("LABOUR_LAW", "労働法", "Labour law", "労働基準法|労務管理|labor law"),
    (
        "SOCIAL_INSURANCE_LABOUR_CONSULTANT",
        "社会保険労務士",
        "Labour and social security attorney",
        "社労士",
    ),
    (
        "CAREER_CONSULTANT",
        "キャリアコンサルタント",
        "Career consultant",
        "キャリアカウンセリング|キャリアアドバイザー",
    ),
    ("TRAINING", "人材育成", "Training and development", "研修|社員研修|研修企画"),
    ("PERSONNEL_SYSTEM_DESIGN", "人事制度設計", "Personnel system design", "人事評価|評価制度"),
)

_LEGAL = (
    ("CONTRACT_REVIEW", "契約書レビュー", "Contract review", "契約書作成|契約法務|契約審査"),
    ("LAWYER", "弁護士", "Lawyer", "attorney|bengoshi"),
    ("JUDICIAL_SCRIVENER", "司法書士", "Judicial scrivener", "shiho shoshi"),
    ("ADMINISTRATIVE_SCRIVENER", "行政書士", "Administrative scrivener", "gyosei shoshi"),
    ("PATENT_ATTORNEY", "弁理士", "Patent attorney", "特許出願|benrishi"),
    ("BUSINESS_LAW", "ビジネス実務法務検定", "Business law", "会社法|企業法務|商法"),
    (
        "PERSONAL_DATA_PROTECTION",
        "個人情報保護",
        "Personal data protection",
        "プライバシーマーク|gdpr|個人情報保護士",
    ),
)

_SALES = (
    (
        "NEW_BUSINESS_SALES",
        "新規開拓営業",
        "New business sales",
        "新規開拓|新規営業|テレアポ|飛び込み営業",
    ),
    ("ACCOUNT_MANAGEMENT", "既存顧客営業", "Account management", "既存営業|深耕営業|顧客管理"),
    ("SOLUTION_SALES", "提案営業", "Solution sales", "ソリューション営業|コンサルティング営業"),
    ("NEGOTIATION", "交渉力", "Negotiation", "交渉|折衝"),
    ("PRESENTATION", "プレゼンテーション", "Presentation", "プレゼン"),
    ("CRM", "CRM・SFA", "CRM and SFA", "crm|sfa|hubspot|顧客管理システム"),
    ("SALES_MANAGEMENT", "営業マネジメント", "Sales management", "営業管理|販売管理"),
)

_MARKETING = (
    (
        "DIGITAL_MARKETING",
        "デジタルマーケティング",
        "Digital marketing",
        "webマーケティング|ウェブマーケティング",
    ),
    ("SEO", "SEO", "SEO", "検索エンジン最適化|search engine optimization"),
    (
        "ONLINE_ADVERTISING",
        "Web広告運用",
        "Online advertising",
        "リスティング広告|広告運用|google広告",
    ),
    ("WEB_ANALYTICS", "アクセス解析", "Web analytics", "google analytics|ga4|googleアナリティクス"),
    ("SOCIAL_MEDIA", "SNS運用", "Social media", "sns|snsマーケティング"),
    ("MARKET_RESEARCH", "市場調査", "Market research", "マーケットリサーチ|市場分析"),
    ("PRESS_RELATIONS", "プレスリリース", "Press relations", "メディア対応|広報活動"),
    ("EVENT_PLANNING", "イベント企画", "Event planning", "イベント運営|展示会"),
    ("COPYWRITING", "コピーライティング", "Copywriting", "ライティング|文章作成|コピーライター"),
    ("E_COMMERCE", "EC運営", "E-commerce", "ec|ecサイト運営|ネットショップ|shopify"),
)

_DESIGN = (
    (
        "UI_UX_DESIGN",
        "UI/UXデザイン",
        "UI/UX design",
        "ui|ux|uiデザイン|uxデザイン|ui design|ux design",
    ),
    ("WEB_DESIGN", "Webデザイン", "Web design", "ウェブデザイン"),
    (
        "GRAPHIC_DESIGN",
        "グラフィックデザイン",
        "Graphic design",
        "dtp|dtpデザイン|エディトリアルデザイン",
    ),
    ("PHOTOSHOP", "Photoshop", "Photoshop", "フォトショップ|adobe photoshop"),
    ("ILLUSTRATOR", "Illustrator", "Illustrator", "イラストレーター|adobe illustrator"),
    ("FIGMA", "Figma", "Figma", "フィグマ|adobe xd"),
    ("VIDEO_EDITING", "動画編集", "Video editing", "premiere pro|映像編集|after effects"),
    ("PHOTOGRAPHY", "写真撮影", "Photography", "撮影|カメラ"),
    ("THREE_D_MODELLING", "3Dモデリング", "3D modelling", "3dcg|blender|maya|3d modeling"),
)

_ENGINEERING = (
    ("CAD", "CAD", "CAD", "autocad|キャド|2d cad"),
    ("THREE_D_CAD", "3D CAD", "3D CAD", "catia|solidworks|3dcad|creo"),
    ("CIRCUIT_DESIGN", "電子回路設計", "Circuit design", "アナログ回路|デジタル回路|基板設計"),
    (
        "EMBEDDED_SOFTWARE",
        "組込みソフトウェア",
        "Embedded software",
        "組み込み|組込み|マイコン|rtos|embedded",
    ),
    ("FPGA", "FPGA", "FPGA", "verilog|vhdl"),
    ("PLC", "PLC", "PLC", "シーケンサ|シーケンス制御|ラダー"),
    ("ROBOTICS", "ロボット制御", "Robotics", "ロボット|ロボティクス|ros"),
    ("STRUCTURAL_ANALYSIS", "構造解析", "Structural analysis", "cae|有限要素法|fem"),
    ("SEMICONDUCTORS", "半導体プロセス", "Semiconductor processes", "半導体|semiconductor"),
    ("CHEMICAL_ANALYSIS", "化学分析", "Chemical analysis", "分析化学|機器分析|hplc"),
    ("BIOTECHNOLOGY", "バイオテクノロジー", "Biotechnology", "細胞培養|遺伝子工学|pcr"),
)

_PRODUCTION = (
    ("PRODUCTION_CONTROL", "生産管理", "Production control", "工程管理|生産計画"),
    ("KAIZEN", "改善活動", "Kaizen", "カイゼン|5s|トヨタ生産方式|リーン生産"),
    (
        "QUALITY_MANAGEMENT",
        "品質マネジメント",
        "Quality management",
        "iso9001|iso 9001|qc検定|品質改善",
    ),
    ("MACHINING", "機械加工", "Machining", "nc旋盤|マシニング|旋盤|フライス"),
    ("WELDING", "溶接技能", "Welding", "溶接|アーク溶接|ガス溶接"),
    (
        "EQUIPMENT_MAINTENANCE",
        "設備保全技能",
        "Equipment maintenance",
        "機械保全|機械保全技能士|設備メンテナンス",
    ),
    (
        "HAZARDOUS_MATERIALS",
        "危険物取扱者",
        "Hazardous materials handler",
        "危険物取扱者乙種4類|危険物乙4|乙4",
    ),
    ("BOILER_OPERATION", "ボイラー技士", "Boiler operation", "2級ボイラー技士|二級ボイラー技士"),
    ("HACCP", "HACCP", "HACCP", "ハサップ|食品安全管理"),
    ("FOOD_HYGIENE", "食品衛生責任者", "Food hygiene supervisor", "食品衛生|食品衛生管理者"),
)

_CONSTRUCTION = (
    ("ARCHITECT_1", "一級建築士", "First-class architect", "1級建築士"),
    ("ARCHITECT_2", "二級建築士", "Second-class architect", "2級建築士"),
    (
        "CONSTRUCTION_MANAGER_1",
        "1級建築施工管理技士",
        "First-class building construction manager",
        "一級建築施工管理技士",
    ),
    (
        "CONSTRUCTION_MANAGER_2",
        "2級建築施工管理技士",
        "Second-class building construction manager",
        "二級建築施工管理技士",
    ),
    (
        "CIVIL_ENGINEERING_MANAGER_1",
        "1級土木施工管理技士",
        "First-class civil engineering works manager",
        "一級土木施工管理技士",
    ),
    (
        "CIVIL_ENGINEERING_MANAGER_2",
        "2級土木施工管理技士",
        "Second-class civil engineering works manager",
        "二級土木施工管理技士",
    ),
    ("ELECTRICIAN_1", "第一種電気工事士", "First-class electrician", "1種電気工事士"),
    ("ELECTRICIAN_2", "第二種電気工事士", "Second-class electrician", "2種電気工事士|電気工事士"),
    (
        "CHIEF_ELECTRICAL_ENGINEER",
        "電気主任技術者",
        "Chief electrical engineer",
        "電験三種|電験3種|電験",
    ),
    ("SURVEYING", "測量士", "Surveying", "測量士補|測量技術"),
    ("COST_ESTIMATION", "積算業務", "Cost estimation", "建築積算士|見積"),
    ("SAFETY_MANAGEMENT", "安全管理", "Safety management", "安全衛生管理|衛生管理者|安全管理者"),
    ("BIM", "BIM", "BIM", "revit|archicad"),
)

_LOGISTICS = (
    (
        "DRIVING_LICENCE",
        "普通自動車免許",
        "Driving licence",
        "普通自動車第一種運転免許|普通免許|運転免許|自動車免許|driver's license|driving license",
    ),
    ("MEDIUM_TRUCK_LICENCE", "中型自動車免許", "Medium truck licence", "中型免許|準中型免許"),
    ("LARGE_TRUCK_LICENCE", "大型自動車免許", "Large truck licence", "大型免許"),
    ("PASSENGER_LICENCE", "第二種運転免許", "Passenger vehicle licence", "二種免許|大型二種"),
    ("FORKLIFT", "フォークリフト", "Forklift", "フォークリフト運転技能講習|リーチリフト"),
    ("OPERATION_MANAGER", "運行管理者", "Transport operation manager", "運行管理"),
    ("INVENTORY_CONTROL", "在庫管理技能", "Inventory control", "棚卸|入出庫管理"),
    ("TRADE_PRACTICE", "貿易実務", "Trade practice", "通関|輸出入|貿易実務検定"),
    ("CUSTOMS_SPECIALIST", "通関士", "Customs specialist", "customs broker"),
    ("PURCHASING", "購買業務", "Purchasing practice", "仕入れ|サプライヤー管理|sourcing"),
)

_SERVICE = (
    ("CUSTOMER_SERVICE", "接客スキル", "Customer service", "接客|接遇|接客マナー"),
    ("STORE_MANAGEMENT", "店舗運営", "Store management", "店舗管理|店長経験"),
    ("MERCHANDISING", "マーチャンダイジング", "Merchandising", "md|商品企画|vmd"),
    ("REGISTERED_SALES_CLERK", "登録販売者", "Registered drug seller", "医薬品登録販売者"),
    ("COOKING", "調理師免許", "Cook's licence", "調理師|調理|料理"),
    ("CONFECTIONERY", "製菓", "Confectionery", "製菓衛生師|パティシエ|製パン"),
    ("SOMMELIER", "ソムリエ", "Sommelier", "ワインエキスパート"),
    ("HOTEL_OPERATION", "ホテル業務", "Hotel operation", "フロント業務|ホテルフロント"),
    (
        "TRAVEL_SUPERVISOR",
        "旅行業務取扱管理者",
        "Travel supervisor",
        "国内旅行業務取扱管理者|総合旅行業務取扱管理者",
    ),
    ("COMPLAINT_HANDLING", "クレーム対応", "Complaint handling", "クレーム処理"),
    ("HAIRDRESSING", "美容師免許", "Hairdresser's licence", "美容師|理容師免許"),
)

_HEALTH_AND_CARE = (
    ("REGISTERED_NURSE", "看護師免許", "Registered nurse", "正看護師|看護師|看護師資格|nurse"),
    ("ASSISTANT_NURSE", "准看護師免許", "Assistant nurse", "准看護師"),
    ("PUBLIC_HEALTH_NURSE", "保健師免許", "Public health nurse", "保健師"),
    ("CERTIFIED_CARE_WORKER", "介護福祉士", "Certified care worker", "介護福祉士資格"),
    (
        "CARE_WORKER_TRAINING",
        "介護職員初任者研修",
        "Care worker initial training",
        "初任者研修|ホームヘルパー2級|ヘルパー2級",
    ),
    (
        "CARE_WORKER_PRACTICAL_TRAINING",
        "介護福祉士実務者研修",
        "Care worker practical training",
        "実務者研修",
    ),
    ("CARE_MANAGER", "介護支援専門員", "Care manager", "ケアマネジャー|ケアマネ|ケアマネージャー"),
    ("SOCIAL_WORKER", "社会福祉士", "Certified social worker", "社会福祉士資格"),
    ("MENTAL_HEALTH_SOCIAL_WORKER", "精神保健福祉士", "Psychiatric social worker", "psw"),
    ("PHARMACIST", "薬剤師", "Pharmacist", "薬剤師免許"),
    ("PHYSICAL_THERAPIST", "理学療法士", "Physical therapist", "pt"),
    ("OCCUPATIONAL_THERAPIST", "作業療法士", "Occupational therapist", "ot"),
    ("DENTAL_HYGIENIST", "歯科衛生士", "Dental hygienist", "歯科衛生士免許"),
    (
        "MEDICAL_OFFICE_WORK",
        "医療事務",
        "Medical office work",
        "レセプト|医療事務資格|診療報酬請求",
    ),
    ("DIETITIAN", "管理栄養士", "Registered dietitian", "栄養士"),
)

_EDUCATION = (
    ("NURSERY_TEACHER", "保育士", "Nursery teacher", "保育士資格"),
    ("KINDERGARTEN_TEACHER", "幼稚園教諭免許", "Kindergarten teacher", "幼稚園教諭"),
    ("TEACHING_LICENCE", "教員免許", "Teaching licence", "教員|教職|高校教員免許|中学教員免許"),
    ("TUTORING", "学習指導", "Tutoring", "塾講師|家庭教師|個別指導"),
    ("JAPANESE_TEACHING", "日本語教育", "Teaching Japanese", "日本語教師|日本語教員"),
    ("CURRICULUM_DESIGN", "教材作成", "Curriculum design", "カリキュラム作成|教材開発"),
)

_CONSULTING_AND_FINANCE = (
    (
        "PROJECT_MANAGEMENT",
        "プロジェクトマネジメント",
        "Project management",
        "プロジェクト管理|pm|pmp|pmo",
    ),
    ("BUSINESS_IMPROVEMENT", "業務改善", "Business process improvement", "bpr|業務効率化"),
    ("STRATEGY", "戦略立案", "Strategy", "経営戦略|事業戦略|事業計画"),
    (
        "MERGERS_AND_ACQUISITIONS",
        "M&A",
        "Mergers and acquisitions",
        "企業買収|デューデリジェンス|ma",
    ),
    ("SME_CONSULTANT", "中小企業診断士", "Small and medium enterprise consultant", "診断士"),
    (
        "FINANCIAL_PLANNER",
        "ファイナンシャルプランナー",
        "Financial planner",
        "fp|fp2級|fp3級|afp|cfp",
    ),
    ("SECURITIES_SALES", "証券外務員", "Securities sales representative", "一種外務員|外務員"),
    ("SECURITIES_ANALYST", "証券アナリスト", "Securities analyst", "cma|cfa"),
    ("ACTUARY", "アクチュアリー", "Actuary", "保険数理"),
    (
        "REAL_ESTATE_NOTARY",
        "宅地建物取引士",
        "Real estate transaction specialist",
        "宅建|宅建士|宅地建物取引主任者",
    ),
    (
        "CONDOMINIUM_MANAGER",
        "管理業務主任者",
        "Condominium management supervisor",
        "マンション管理士",
    ),
    (
        "SUSTAINABILITY",
        "サステナビリティ",
        "Sustainability",
        "esg|環境マネジメント|iso14001|脱炭素",
    ),
)

_LANGUAGES_AND_GENERAL = (
    (
        "JAPANESE_BUSINESS",
        "日本語（ビジネス）",
        "Business Japanese",
        "日本語|japanese|ビジネス日本語|jlpt n1|jlpt|bjt",
    ),
    (
        "ENGLISH_BUSINESS",
        "英語（ビジネス）",
        "Business English",
        "英語|english|ビジネス英語|toeic|toefl|英検|英会話",
    ),
    ("CHINESE_BUSINESS", "中国語（ビジネス）", "Business Chinese", "中国語|chinese|hsk|mandarin"),
    ("KOREAN_BUSINESS", "韓国語（ビジネス）", "Business Korean", "韓国語|korean|topik"),
    (
        "VIETNAMESE_BUSINESS",
        "ベトナム語（ビジネス）",
        "Business Vietnamese",
        "ベトナム語|vietnamese",
    ),
    ("FRENCH_BUSINESS", "フランス語（ビジネス）", "Business French", "フランス語|french"),
    ("GERMAN_BUSINESS", "ドイツ語（ビジネス）", "Business German", "ドイツ語|german"),
    ("SPANISH_BUSINESS", "スペイン語（ビジネス）", "Business Spanish", "スペイン語|spanish"),
    (
        "TRANSLATION",
        "通訳・翻訳",
        "Interpreting and translation",
        "翻訳|通訳|translation|interpreting",
    ),
    (
        "TEAM_MANAGEMENT",
        "チームマネジメント",
        "Team management",
        "マネジメント|リーダーシップ|管理職経験|people management|leadership",
    ),
    ("PROBLEM_SOLVING", "課題解決", "Problem solving", "問題解決|論理的思考"),
    ("COMMUNICATION", "コミュニケーション", "Communication", "対人スキル|コミュニケーション能力"),
)

SKILL_GROUPS = (
    (("SOFTWARE_ENGINEERING",), _SOFTWARE),
    (("IT_INFRASTRUCTURE", "SOFTWARE_ENGINEERING"), _INFRASTRUCTURE),
    (("DATA_SCIENCE",), _DATA),
    (("OFFICE_WORK",), _OFFICE),
    (("ACCOUNTING",), _ACCOUNTING),
    (("HUMAN_RESOURCES",), _HUMAN_RESOURCES),
    (("LEGAL",), _LEGAL),
    (("SALES",), _SALES),
    (("MARKETING",), _MARKETING),
    (("DESIGN",), _DESIGN),
    (("HARDWARE_ENGINEERING", "RESEARCH_AND_DEVELOPMENT"), _ENGINEERING),
    (("MANUFACTURING", "QUALITY_CONTROL"), _PRODUCTION),
    (("CONSTRUCTION_MANAGEMENT", "ARCHITECTURE_AND_CIVIL_ENGINEERING"), _CONSTRUCTION),
    (("LOGISTICS",), _LOGISTICS),
    (("RETAIL", "FOOD_SERVICE", "HOSPITALITY"), _SERVICE),
    (("NURSING", "CARE_WORK", "MEDICAL_PROFESSIONS"), _HEALTH_AND_CARE),
    (("EDUCATION",), _EDUCATION),
    (("CONSULTING", "FINANCE_PROFESSIONS", "REAL_ESTATE"), _CONSULTING_AND_FINANCE),
    ((), _LANGUAGES_AND_GENERAL),
)
