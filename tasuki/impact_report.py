"""The yearly report on what the network did: every number beside what it rests on.

A company's has its savings and its hires; the consortium's has sums over all companies alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.reads.savings import CompanyFigures
from models.rules.retention import Stayed
from models.rules.savings import ASSUMPTION_NAMES, HIRE_KIND_NAMES, Assumption, Assumptions, Savings
from models.rules.savings_words import needed_in_words, savings_in_words
from models.rules.surveys import KIND_NAMES, QUESTION_NAMES, QUESTIONS, SCORES
from models.tables.outcomes import CompanyBaseline
from models.vocabulary.text import Text
from network.impact import AskedDays, ToldImpact
from network.second_chances import SecondChances, second_chances_in_words, waited_in_words
from tasuki.impact_definitions import (
    CHANCES_NOTES,
    CONSORTIUM_NOTES,
    RETENTION_NOTES,
    ROUNDING_NOTES,
    SAVINGS_NOTES,
    VOICES_NOTES,
)
from tasuki.reports import Cell, Report, Section, Table

VERSIONS_PER_TABLE = 4
"""As many assumptions as stand beside each other on a page."""


@dataclass(frozen=True, slots=True)
class ImpactFacts:
    """What a report is made of. ``own`` is None for the consortium's."""

    year: int
    days: AskedDays
    organization: Text
    consortium: str
    told: ToldImpact
    own: CompanyFigures | None


def impact_report(facts: ImpactFacts, locale: str) -> Report:
    """The whole report in one language."""

    def say(text: Text) -> str:
        return text.in_(locale)

    sections = [_in_brief(facts, locale)]
    if facts.own is not None:
        sections += [
            _savings(facts.own.savings, locale),
            _assumptions(facts.own.savings, locale),
            _retention(facts.own, locale),
        ]
    sections += [_chances(facts, locale), _voices(facts, locale), _rounding(facts, locale)]
    return Report(
        locale=locale,
        title=say(
            Text(
                f"採用ネットワークの成果　{facts.year}年",
                f"Impact of hiring together, {facts.year}",
            )
        ),
        organization=say(facts.organization),
        about=_about(facts, locale),
        sections=sections,
        page=say(Text("{n} ページ", "page {n}")),
    )


def _about(facts: ImpactFacts, locale: str) -> list[str]:
    asked, today = facts.days.asked, facts.days.today
    lines = [
        Text(
            f"コンソーシアム：{facts.consortium}　対象期間：{asked.first} 〜 {asked.last}　"
            f"作成日：{today}",
            f"Consortium: {facts.consortium}. Period: {asked.first} to {asked.last}. "
            f"Written on {today}.",
        )
    ]
    months = facts.told.months
    lines.append(
        Text(
            "人に関する数字は、集計が確定した月がまだないため、ありません。",
            "Nothing about people is told yet: no month of the period is closed.",
        )
        if months is None
        else Text(
            f"人に関する数字は、集計が確定した月だけを対象にしています："
            f"{months.first} 〜 {months.last}",
            "What concerns people is of whole months that are closed: "
            f"{months.first} to {months.last}.",
        )
    )
    return [line.in_(locale) for line in lines]


def _in_brief(facts: ImpactFacts, locale: str) -> Section:
    words = []
    if facts.own is not None:
        words.append(savings_in_words(facts.own.savings))
    if facts.told.chances is not None:
        words.append(second_chances_in_words(facts.told.chances))
    if not words:
        words.append(Text("まだ伝えられることがありません。", "There is nothing to tell yet."))
    return Section(Text("まとめ", "In brief").in_(locale), words=[one.in_(locale) for one in words])


# Savings


def _savings(found: Savings, locale: str) -> Section:
    header = _each(
        locale,
        Text("採用の経路", "Hires"),
        Text("適用開始", "From"),
        Text("採用数", "People"),
        Text("早期退職", "Left early"),
        Text("1名の費用", "Cost of one outside"),
        Text("外なら", "Outside"),
        Text("支払い", "Paid"),
        Text("節約", "Saved"),
    )
    rows: list[list[Cell]] = [
        [
            HIRE_KIND_NAMES[line.kind].in_(locale),
            line.first,
            line.hires,
            line.early_exits,
            line.cost_per_hire_yen,
            line.replaced_yen,
            line.paid_yen,
            line.saved_yen,
        ]
        for line in found.lines
    ]
    tables = [Table(header, rows)] if rows else []
    words = [
        Text("以下の額はすべて円です。", "All amounts are in yen."),
    ]
    if found.needs:
        missing_ja = "、".join(needed_in_words(one).ja for one in found.needs)
        missing_en = "; ".join(needed_in_words(one).en for one in found.needs)
        words.append(
            Text(
                f"「–」の額は、次の前提が未入力のため計算していません：{missing_ja}。",
                f"Amounts shown as – are not worked out, since this is not stated: {missing_en}.",
            )
        )
    return Section(
        Text("節約", "Savings").in_(locale),
        words=[one.in_(locale) for one in words],
        tables=[*tables, _sum(found, locale)],
        notes=[note.in_(locale) for note in SAVINGS_NOTES],
    )


def _sum(found: Savings, locale: str) -> Table:
    rows: list[tuple[Text, Cell]] = [
        (
            Text("ネットワーク外で採用した場合の費用", "What those hires would have cost outside"),
            found.replaced_yen,
        ),
        (
            Text("支払った手数料（返金の対象額を除く）", "Fees paid, less what is owed back"),
            found.paid_yen,
        ),
        (Text("節約額", "Saved"), found.saved_yen),
        (Text("参加費用", "What taking part cost"), found.participation_yen),
        (Text("差し引きの節約額", "Net saved"), found.net_saved_yen),
        (
            Text("ネットワーク外の採用の費用", "What hiring outside the network cost"),
            found.outside_yen,
        ),
        (
            Text(
                "すべてネットワーク外で採用した場合の費用", "What all hires would have cost outside"
            ),
            found.without_network_yen,
        ),
        (
            Text("採用費用の減少（％）", "Reduction of the cost of hiring (%)"),
            found.reduction_percent,
        ),
    ]
    header = _each(locale, Text("計算", "The sum"), Text("円", "Yen"))
    return Table(header, [[name.in_(locale), amount] for name, amount in rows])


def _assumptions(found: Savings, locale: str) -> Section:
    title = Text("前提", "Assumptions").in_(locale)
    if not found.assumptions:
        nothing = Text("前提は入力されていません。", "Nothing has been stated.")
        return Section(title, words=[nothing.in_(locale)])
    tables = [
        _stated_table(found.assumptions[at : at + VERSIONS_PER_TABLE], locale)
        for at in range(0, len(found.assumptions), VERSIONS_PER_TABLE)
    ]
    notes = [
        Text(f"{one.valid_from}からの前提の根拠：{one.note}", f"From {one.valid_from}: {one.note}")
        for one in found.assumptions
        if one.note
    ]
    return Section(
        title,
        words=[
            Text(
                "当社が入力したものです。「–」は入力されていません。",
                "As the company states them; – is not stated.",
            ).in_(locale)
        ],
        tables=tables,
        notes=[note.in_(locale) for note in notes],
    )


def _stated_table(versions: Sequence[Assumptions], locale: str) -> Table:
    days = [Text(f"{one.valid_from}から", f"From {one.valid_from}") for one in versions]
    return Table(
        _each(locale, Text("項目", "What"), *days),
        [
            [name.in_(locale), *(_stated(one, assumption) for one in versions)]
            for assumption, name in ASSUMPTION_NAMES.items()
        ],
    )


def _stated(one: Assumptions, assumption: Assumption) -> int | None:
    return {
        Assumption.COST_PER_HIRE: one.cost_per_hire_yen,
        Assumption.HIRES_A_YEAR: one.hires_a_year,
        Assumption.ADVERTISING_A_YEAR: one.advertising_yen_a_year,
        Assumption.AGENCY_HIRES_A_YEAR: one.agency_hires_a_year,
        Assumption.AGENCY_FEE_PERCENT: one.agency_fee_percent,
        Assumption.YEARLY_PAY: one.yearly_pay_yen,
        Assumption.PARTICIPATION_A_YEAR: one.participation_yen_a_year,
    }[assumption]


# Who stayed


def _retention(own: CompanyFigures, locale: str) -> Section:
    found = own.retention
    words = Text(
        f"期間中に{found.hires:,}名が入社し、そのうち{found.early_exits:,}名が保証期間内に退職しました。",
        f"Of {found.hires:,} who joined in the period, {found.early_exits:,} left within the "
        "guarantee.",
    )
    header = _each(
        locale,
        Text("在籍日数", "Days stayed"),
        Text("対象の人数", "Could have"),
        Text("在籍した人数", "Did"),
        Text("割合（％）", "Share (%)"),
        Text("95％の幅", "95% range (%)"),
        Text("当社の基準（％）", "Own baseline (%)"),
    )
    rows = [_stayed(one, own.baseline) for one in found.milestones]
    return Section(
        Text("定着", "Who stayed").in_(locale),
        words=[words.in_(locale)],
        tables=[Table(header, rows)],
        notes=[note.in_(locale) for note in RETENTION_NOTES],
    )


def _stayed(one: Stayed, baseline: CompanyBaseline | None) -> list[Cell]:
    span: Cell = None
    if one.lowest is not None and one.highest is not None:
        span = f"{100 * one.lowest:.1f}–{100 * one.highest:.1f}"
    outside = None if baseline is None else getattr(baseline, f"stayed_{one.days}_percent")
    share = None if one.share is None else round(100 * one.share, 1)
    return [one.days, one.could, one.did, share, span, outside]


# Second chances and voices


def _chances(facts: ImpactFacts, locale: str) -> Section:
    title = Text("もう一度の機会", "Second chances").in_(locale)
    found = facts.told.chances
    if found is None:
        return Section(title, words=[_not_yet(locale)])
    notes = CHANCES_NOTES if facts.own is not None else (*CHANCES_NOTES, *CONSORTIUM_NOTES)
    return Section(
        title,
        tables=_chances_tables(found, locale),
        notes=[note.in_(locale) for note in notes],
    )


def _chances_tables(found: SecondChances, locale: str) -> list[Table]:
    rows: list[tuple[Text, Cell]] = [
        (Text("リンクからの登録", "Registrations through links"), found.registrations),
        (Text("仕事が見つかった", "Found work"), found.found_work),
        (Text("仕事が見つからずに終わった", "Ended without work"), found.ended_without),
        (
            Text("提携企業に紹介して採用された", "Hired by a partner they were shown to"),
            found.through_partners,
        ),
    ]
    if found.hires is not None:
        rows.append((Text("ネットワークでの採用", "Hires in the network"), found.hires))
    names = (
        Text("4分の1の方", "A quarter within"),
        Text("半数の方", "Half within"),
        Text("4分の3の方", "Three quarters within"),
    )
    for name, waited in zip(names, found.quartiles or (), strict=False):
        rows.append((name, waited_in_words(waited).in_(locale)))
    header = _each(locale, Text("内容", "What"), Text("人数、日数", "People, or days"))
    return [Table(header, [[name.in_(locale), cell] for name, cell in rows])]


def _voices(facts: ImpactFacts, locale: str) -> Section:
    title = Text("候補者の声", "Candidates’ voices").in_(locale)
    if not facts.told.voices:
        return Section(title, words=[_not_yet(locale)])
    header = _each(
        locale,
        Text("質問", "Question"),
        Text("時期", "When"),
        Text("回答数", "Answers"),
        *(Text(f"{score}", f"{score}") for score in sorted(SCORES, reverse=True)),
        Text("平均", "Mean"),
        Text("4と5（％）", "4 or 5 (%)"),
    )
    rows: list[list[Cell]] = [
        [
            QUESTION_NAMES[one.question].in_(locale),
            KIND_NAMES[one.kind].in_(locale),
            one.answers,
            *(None if one.scores is None else one.scores[n - 1] for n in (5, 4, 3, 2, 1)),
            one.mean,
            one.agreeing_percent,
        ]
        for one in facts.told.voices
    ]
    scale = Text(
        "5段階：" + "、".join(f"{n} {text.ja}" for n, text in SCORES.items()),
        "The scale: " + ", ".join(f"{n} {text.en.lower()}" for n, text in SCORES.items()),
    )
    company = Text("その企業", "the company")
    asked = [
        Text(text.ja.format(company=company.ja), text.en.format(company=company.en))
        for text in QUESTIONS.values()
    ]
    notes: Sequence[Text] = (*asked, scale, *VOICES_NOTES)
    return Section(title, tables=[Table(header, rows)], notes=[note.in_(locale) for note in notes])


def _rounding(facts: ImpactFacts, locale: str) -> Section:
    smallest = facts.told.smallest_count
    return Section(
        Text("数字の丸めと定義", "Rounding and definitions").in_(locale),
        notes=[
            Text(
                note.ja.format(smallest=smallest, highest=2 * smallest - 1),
                note.en.format(smallest=smallest, highest=2 * smallest - 1),
            ).in_(locale)
            for note in ROUNDING_NOTES
        ],
    )


def _not_yet(locale: str) -> str:
    return Text(
        "集計が確定した月がまだないため、お伝えできる数字はありません。",
        "No month of the period is closed, so that nothing is told yet.",
    ).in_(locale)


def _each(locale: str, *texts: Text) -> list[str]:
    return [text.in_(locale) for text in texts]
