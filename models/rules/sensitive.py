"""Screening of free text for what must not be asked or passed on when people are hired.

A hit is a warning to the person who writes, never a refusal: words have other meanings too, and
whoever wants to say something may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from models.vocabulary.text import Text


class SensitiveKind(StrEnum):
    """What the law sets apart (Employment Security Act 5-5 and its guideline, APPI 2-3)."""

    RACE = "RACE"
    CREED = "CREED"
    ORIGIN = "ORIGIN"
    FAMILY = "FAMILY"
    UNION = "UNION"
    HEALTH = "HEALTH"
    CRIME = "CRIME"


SENSITIVE_NAMES: Mapping[SensitiveKind, Text] = {
    SensitiveKind.RACE: Text("人種・民族", "race or ethnic origin"),
    SensitiveKind.CREED: Text("宗教・信条・支持政党", "religion, creed or politics"),
    SensitiveKind.ORIGIN: Text("本籍・出身・社会的身分", "family register, birthplace or origin"),
    SensitiveKind.FAMILY: Text("家族", "family"),
    SensitiveKind.UNION: Text("労働組合", "trade union"),
    SensitiveKind.HEALTH: Text("健康・病歴・障害", "health, illness or disability"),
    SensitiveKind.CRIME: Text("犯罪歴", "criminal record"),
}

_JAPANESE: Mapping[SensitiveKind, str] = {
    SensitiveKind.RACE: "人種|民族|アイヌ|在日(?:韓国|朝鮮|外国)|ハーフです|肌の色",
    SensitiveKind.CREED: (
        "宗教|信仰|信条|信者|クリスチャン|キリスト教|仏教徒|イスラム|ムスリム|ヒンドゥー|ユダヤ教|"
        "創価|新興宗教|支持政党|党員|思想|政治活動|礼拝"
    ),
    SensitiveKind.ORIGIN: "本籍|出生地|出身地|生まれは|部落|同和|門地|社会的身分|戸籍|国籍|帰化",
    SensitiveKind.FAMILY: (
        "家族|両親|父親|母親|父は|母は|父が|母が|配偶者|夫が|夫の|妻が|妻の|既婚|未婚|独身|離婚|"
        "結婚|子供|子ども|子育て|育児|出産|妊娠|介護中|親の介護|母子家庭|父子家庭|シングルマザー"
    ),
    SensitiveKind.UNION: "労働組合|組合員|労組|ユニオンに|ストライキ",
    SensitiveKind.HEALTH: (
        "病気|病歴|持病|既往|通院|入院|治療|服薬|投薬|うつ|鬱|統合失調|発達障|アスペルガー|"
        "適応障|パニック障|精神疾患|障害者|障がい|身体障害|障害があ|障害年金|障害等級|手帳を|"
        "癌|がんの|糖尿|てんかん|HIV|健康状態|健康診断|難病"
    ),
    SensitiveKind.CRIME: "前科|前歴|犯罪歴|逮捕|服役|執行猶予|刑務所",
}
_ENGLISH: Mapping[SensitiveKind, str] = {
    SensitiveKind.RACE: r"race|racial|ethnic\w*|skin colou?r|indigenous|ainu",
    SensitiveKind.CREED: (
        r"religio\w*|faith|church|mosque|christian\w*|catholic|muslim|islam\w*|jewish|judaism|"
        r"buddhis\w*|hindu\w*|atheis\w*|political party|party member|pray(?:er|ing)?"
    ),
    SensitiveKind.ORIGIN: (
        r"birthplace|place of birth|born in|nationality|citizenship|family register|caste|"
        r"social origin|burakumin"
    ),
    SensitiveKind.FAMILY: (
        r"famil(?:y|ies)|husband|wife|spouse|married|unmarried|divorced?|marriage|children|"
        r"child|kids?|sons?|daughters?|mother|father|parents?|pregnan\w*|maternity|childcare"
    ),
    SensitiveKind.UNION: r"trade union|labou?r union|union member\w*|unioni[sz]ed",
    SensitiveKind.HEALTH: (
        r"health|illness|ill|disease|disabilit(?:y|ies)|disabled|depress\w*|cancer|diabet\w*|"
        r"epilep\w*|hiv|autis\w*|adhd|bipolar|schizophreni\w*|medication|surgery|hospital\w*|"
        r"chronic|wheelchair|therapy"
    ),
    SensitiveKind.CRIME: r"criminal record|convict\w*|arrest\w*|prison|felony|probation",
}
_PATTERNS = {
    kind: re.compile(f"{_JAPANESE[kind]}|\\b(?:{_ENGLISH[kind]})\\b", re.IGNORECASE)
    for kind in SensitiveKind
}
_HARMLESS = re.compile(
    # Work in these fields, and wishes about them, say nothing about the writer.
    r"障害(?:対応|復旧|調査|切り分け)|システム障害|健康食品|健康経営|健康保険組合|入院患者|"
    r"(?:結婚|宗教)(?:式場|学)|子ども服|子供服|healthcare|health care|race condition|"
    r"hospital (?:it|systems?)|product famil(?:y|ies)",
    re.IGNORECASE,
)


def sensitive_kinds(text: str) -> tuple[SensitiveKind, ...]:
    """The kinds of sensitive items that a text seems to touch, each once.

    >>> sensitive_kinds("駅に近く、残業の少ない職場")
    ()
    >>> sensitive_kinds("持病があり通院しています")
    (<SensitiveKind.HEALTH: 'HEALTH'>,)
    """
    folded = _HARMLESS.sub(" ", unicodedata.normalize("NFKC", text))
    return tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(folded))
