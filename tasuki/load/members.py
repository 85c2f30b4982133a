"""The invented consortium: its members, links, openings and rules, before anyone registers."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Table
from stdnum.jp import cn

from models.access import Role
from models.base import Base
from models.operations.links import LINK_PURPOSE
from models.rules.company_names import company_name_key
from models.rules.lifecycles import LinkStatus, MembershipStatus, OpeningStatus, OrganizationKind
from models.tables.consortium import (
    Consortium,
    Membership,
    Organization,
    Program,
    ProgramVersion,
)
from models.tables.links import RelayLink
from models.tables.openings import Opening
from models.tables.users import User, UserStatus
from models.tokens import token_of
from models.vault import Vault
from models.vocabulary.industries import MAJOR_GROUPS
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.rejection_stages import REJECTION_STAGES
from tasuki.load.columns import as_instant
from tasuki.load.people import words
from tasuki.load.plan import Size, Span

LINKS_MAX = 4
OPENINGS_MAX = 3
LICENCE_DAYS = 1_500

_STEMS = words(
    "青葉:Aoba 朝日野:Asahino 泉:Izumi 岩瀬:Iwase 大空:Ozora 沖:Oki 霞:Kasumi 風見:Kazami "
    "川辺:Kawabe 北野:Kitano 霧島谷:Kirishimadani 熊野台:Kumanodai 桜木:Sakuragi "
    "早瀬:Hayase 白鳥:Shiratori 杉山:Sugiyama 瀬川:Segawa 高嶺:Takane 滝沢:Takizawa "
    "月見:Tsukimi 常盤:Tokiwa 中洲:Nakasu 七瀬:Nanase 西浜:Nishihama 野分:Nowaki "
    "花園:Hanazono 東雲:Shinonome 日向野:Hinatano 藤波:Fujinami 星野:Hoshino "
    "牧原:Makihara 緑川:Midorikawa 港南:Konan 宮前:Miyamae 武蔵台:Musashidai "
    "森下:Morishita 八雲:Yakumo 山吹:Yamabuki 雪谷:Yukitani 若草:Wakakusa"
)
_MIDDLES = words(
    ": 中央:Chuo 東:Higashi 西:Nishi 南:Minami 北:Kita 新:Shin 第一:Daiichi 総合:Sogo "
    "日の出:Hinode 共栄:Kyoei 協和:Kyowa 大和田:Owada 三光:Sanko 丸善寺:Maruzenji "
    "明星:Myojo 栄:Sakae 旭:Asahi 豊:Yutaka 光:Hikari"
)
_TRADES = (
    ("09", "食品", "Foods"),
    ("06", "建設", "Construction"),
    ("15", "印刷", "Printing"),
    ("16", "化学", "Chemicals"),
    ("24", "金属", "Metals"),
    ("26", "機械", "Machinery"),
    ("28", "電子", "Electronics"),
    ("29", "電機", "Electric"),
    ("31", "自動車部品", "Auto Parts"),
    ("33", "エナジー", "Energy"),
    ("37", "通信", "Communications"),
    ("39", "システムズ", "Systems"),
    ("40", "ネットワークス", "Networks"),
    ("44", "運輸", "Transport"),
    ("47", "倉庫", "Warehousing"),
    ("52", "商事", "Trading"),
    ("58", "フーズマーケット", "Food Market"),
    ("60", "ドラッグ", "Drugs"),
    ("68", "不動産", "Real Estate"),
    ("72", "コンサルティング", "Consulting"),
    ("74", "設計", "Design"),
    ("75", "ホテルズ", "Hotels"),
    ("82", "教育", "Education"),
    ("83", "メディカル", "Medical"),
    ("85", "ケアサービス", "Care Service"),
)
_AGENCY_TRADE = ("91", "キャリア", "Career")


def seeded_id(rng: random.Random) -> uuid.UUID:
    """An id that the seed decides, of the form of a random one."""
    return uuid.UUID(int=rng.getrandbits(128), version=4)


@dataclass(frozen=True, slots=True)
class Company:
    """What the history has to know of a company. Ids are 16 bytes."""

    id: bytes
    recruiter_id: bytes
    links: list[tuple[bytes, bytes]]
    """The open links, each with the agency it names."""
    closed_link: tuple[bytes, bytes]
    openings: list[bytes]
    count_account: bytes
    debt_account: bytes
    free_hire_account: bytes


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a history takes place."""

    consortium_id: bytes
    program_id: bytes
    version_id: bytes
    admin_id: bytes
    companies: list[Company]
    agencies: list[tuple[bytes, bytes]]
    """Each with its recruiter."""


Rows = dict[Table, list[dict[str, Any]]]


class Founding:
    """Makes the setting, and collects the rows that are written before the history."""

    def __init__(self, size: Size, span: Span, vault: Vault) -> None:
        self.size, self.vault = size, vault
        self.rng = random.Random(f"{size.seed}/members")
        self.at = as_instant(span.start_us) - timedelta(days=1)
        self.expires_on = (as_instant(span.end_us) + timedelta(days=LICENCE_DAYS)).date()
        self.rows: Rows = {}
        self.consortium_id = seeded_id(self.rng)

    def table(self, kind: type[Base]) -> list[dict[str, Any]]:
        """The rows of a table so far."""
        return self.rows.setdefault(Base.metadata.tables[kind.__tablename__], [])

    def found(self) -> Setting:
        """Everything that is there before the first registration."""
        self.table(Consortium).append(
            {
                "id": self.consortium_id,
                "slug": f"load-{self.size.seed}",
                "name": f"襷コンソーシアム {self.size.seed}",
                "time_zone": "Asia/Tokyo",
                "smallest_count": 3,
                "created_at": self.at,
            }
        )
        names = self.rng.sample(range(len(_STEMS) * len(_MIDDLES) * len(_TRADES)), k=20_000)
        agencies = [
            self._member(OrganizationKind.AGENCY, place, names[place])
            for place in range(self.size.agencies)
        ]
        program_id, version_id = self._program(agencies[0][0])
        admin_id = self._user(None, Role.CONSORTIUM_ADMIN, 0)
        companies = [
            self._company(self.size.agencies + place, names[-1 - place], agencies)
            for place in range(self.size.companies)
        ]
        return Setting(
            self.consortium_id.bytes,
            program_id.bytes,
            version_id.bytes,
            admin_id.bytes,
            companies,
            [(agency.bytes, recruiter.bytes) for agency, recruiter in agencies],
        )

    def _program(self, default_agency_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
        program_id, version_id = seeded_id(self.rng), seeded_id(self.rng)
        self.table(Program).append(
            {"id": program_id, "consortium_id": self.consortium_id, "created_at": self.at}
        )
        self.table(ProgramVersion).append(
            {
                "id": version_id,
                "program_id": program_id,
                "number": 1,
                "effective_from": self.at,
                "default_agency_id": default_agency_id,
                "created_at": self.at,
            }
        )
        return program_id, version_id

    def _member(self, kind: OrganizationKind, place: int, name: int) -> tuple[uuid.UUID, uuid.UUID]:
        is_agency = kind is OrganizationKind.AGENCY
        ja, en, group = _named(name, is_agency=is_agency)
        organization_id, body = seeded_id(self.rng), f"9{place:011d}"
        self.table(Organization).append(
            {
                "id": organization_id,
                "consortium_id": self.consortium_id,
                "kind": kind,
                "corporate_number": cn.calc_check_digit(body) + body,
                "name": ja,
                "name_key": company_name_key(ja),
                "name_en": en,
                "industry_division": MAJOR_GROUPS[group].parent,
                "industry_group": group,
                "prefecture": self.rng.choice(tuple(PREFECTURES)),
                "mail_domain": f"member{place}.example",
                "licence_number": f"13-ユ-{300_000 + place:06d}" if is_agency else None,
                "licence_expires_on": self.expires_on if is_agency else None,
                "created_at": self.at,
            }
        )
        self.table(Membership).append(
            {
                "organization_id": organization_id,
                "consortium_id": self.consortium_id,
                "status": MembershipStatus.ACTIVE,
                "invited_at": self.at,
                "joined_at": self.at,
            }
        )
        return organization_id, self._user(organization_id, Role.RECRUITER, place)

    def _user(self, organization_id: uuid.UUID | None, role: Role, place: int) -> uuid.UUID:
        user_id = seeded_id(self.rng)
        email = f"{role.value.lower()}{place}@member{place}.example"
        self.table(User).append(
            {
                "id": user_id,
                "consortium_id": self.consortium_id,
                "organization_id": organization_id,
                "role": role,
                "name": f"担当者 {place}",
                "email": email,
                "email_key": email,
                "locale": "ja",
                "status": UserStatus.ACTIVE,
                "created_at": self.at,
            }
        )
        return user_id

    def _company(
        self, place: int, name: int, agencies: list[tuple[uuid.UUID, uuid.UUID]]
    ) -> Company:
        company_id, recruiter_id = self._member(OrganizationKind.COMPANY, place, name)
        open_links = [
            self._link(company_id, number, agencies, LinkStatus.ACTIVE)
            for number in range(self.rng.randint(1, LINKS_MAX))
        ]
        return Company(
            id=company_id.bytes,
            recruiter_id=recruiter_id.bytes,
            links=open_links,
            closed_link=self._link(company_id, LINKS_MAX, agencies, LinkStatus.REVOKED),
            openings=[self._opening(company_id) for _ in range(self.rng.randint(0, OPENINGS_MAX))],
            count_account=seeded_id(self.rng).bytes,
            debt_account=seeded_id(self.rng).bytes,
            free_hire_account=seeded_id(self.rng).bytes,
        )

    def _link(
        self,
        company_id: uuid.UUID,
        number: int,
        agencies: list[tuple[uuid.UUID, uuid.UUID]],
        status: LinkStatus,
    ) -> tuple[bytes, bytes]:
        link_id, (agency_id, _) = seeded_id(self.rng), self.rng.choice(agencies)
        token = token_of(self.vault, LINK_PURPOSE, link_id)
        self.table(RelayLink).append(
            {
                "id": link_id,
                "consortium_id": self.consortium_id,
                "company_id": company_id,
                "token_hash": self.vault.token_hash(token),
                "campaign": f"第{number + 1}期 採用",
                "stage": self.rng.choice(tuple(REJECTION_STAGES)),
                "agency_id": agency_id,
                "status": status,
                "created_at": self.at,
            }
        )
        # A link that is closed serves through the default agency, the first.
        named = agency_id if status is LinkStatus.ACTIVE else agencies[0][0]
        return link_id.bytes, named.bytes

    def _opening(self, company_id: uuid.UUID) -> bytes:
        opening_id, category = seeded_id(self.rng), self.rng.choice(tuple(JOB_CATEGORIES))
        self.table(Opening).append(
            {
                "id": opening_id,
                "consortium_id": self.consortium_id,
                "company_id": company_id,
                "keeper_id": company_id,
                "title": JOB_CATEGORIES[category].name.ja,
                "category": category,
                "prefecture": self.rng.choice(tuple(PREFECTURES)),
                "skills": [],
                "headcount": self.rng.randint(1, 5),
                "status": OpeningStatus.OPEN,
                "created_at": self.at,
                "changed_at": self.at,
            }
        )
        return opening_id.bytes


def _named(number: int, *, is_agency: bool) -> tuple[str, str, str]:
    """A name in Japanese and English, and the industry's major group it tells of."""
    stems, trade_number = divmod(number, len(_TRADES))
    middle_number, stem_number = divmod(stems, len(_STEMS))
    stem, stem_en = _STEMS[stem_number].split(":")
    middle, middle_en = _MIDDLES[middle_number].split(":")
    group, trade, trade_en = _AGENCY_TRADE if is_agency else _TRADES[trade_number]
    english = " ".join(filter(None, (middle_en, stem_en, trade_en)))
    return f"株式会社{middle}{stem}{trade}", f"{english} Co., Ltd.", group
