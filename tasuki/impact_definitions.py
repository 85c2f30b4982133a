"""What the yearly report says of its own numbers."""

from __future__ import annotations

from models.vocabulary.text import Text

SAVINGS_NOTES = (
    Text(
        "1名の費用＝入力された額。内訳が入力されている場合は、（年間の広告費＋人材紹介会社経由の"
        "採用数×平均年収×手数料率）÷年間の採用数。",
        "The cost of one outside is as stated; where its parts are stated, (advertising + hires "
        "through agencies × yearly pay × fee percent) ÷ hires, all of a year.",
    ),
    Text(
        "「外なら」は、定着した採用数×1名の費用。「節約」は、そこから支払いを引いた額。「差し引きの"
        "節約額」は、さらに参加費用を引いた額。「減少」は、それを、すべてネットワーク外で採用した"
        "場合の費用で割った割合です。",
        "Outside = people × cost of one. Saved = outside less paid. Net saved = saved less what "
        "taking part cost. Reduction = net saved ÷ what all hires would have cost outside.",
    ),
    Text(
        "保証期間内に退職した方は採用数に含めません。その方への支払いのうち、返金の対象でない額は"
        "支払いに含めます。",
        "Who left within the guarantee is not among the people; what was paid for them and is not "
        "owed back is among what was paid.",
    ),
    Text(
        "年間の額は日割りです（その年の日数で割ります）。分数のまま計算し、最後に1円未満を四捨五入"
        "します。",
        "Yearly amounts count by days, over the days of their year. All is reckoned in fractions "
        "and rounded once, to whole yen.",
    ),
    Text(
        "業界平均などの仮の値は使いません。",
        "No average of an industry stands in for what is not stated.",
    ),
)
RETENTION_NOTES = (
    Text(
        "対象は、入社からその日数が過ぎた方です。退職した方も含みます。幅はウィルソンの95％信頼区間"
        "で、人数が少ないほど広くなります。",
        "Of those who joined long enough ago, also those who left since. The range is Wilson's 95% "
        "interval: the fewer people, the wider.",
    ),
    Text(
        "当社の基準は、ネットワーク外の採用について当社が入力した割合です。",
        "The baseline is what the company states of its hires outside the network.",
    ),
)
CHANCES_NOTES = (
    Text(
        "不採用の連絡に添えたリンクから登録した方の数です。2社のリンクから登録した方は、それぞれに"
        "1名です。",
        "People who registered by a link in a mail that turned them down; who came by two "
        "companies' links is one for each.",
    ),
    Text(
        "待った日数は、仕事が見つかった方だけの、登録から入社の記録までの日数です。まだ探している"
        "方は含まないため、実際より短く見えます。",
        "Waiting times are of those who found work, from registration until the job was recorded. "
        "Who still looks is not among them, so that these are on the short side.",
    ),
)
CONSORTIUM_NOTES = (
    Text(
        "コンソーシアム全体の合計だけで、企業ごとの節約額や採用の内訳は含みません。",
        "Sums over the consortium alone; no company's savings or hires are told.",
    ),
)
VOICES_NOTES = (
    Text(
        "登録の1週間後と、結果が出た2週間後に、メールでお尋ねしています。回答は任意で、自由記入は"
        "ありません。",
        "Asked by mail a week after registering and two weeks after an outcome. Answers are "
        "voluntary, and there is no free text.",
    ),
    Text(
        "回答は月ごとの人数としてだけ保存し、誰の回答かは記録していません。",
        "Answers are kept as numbers of a month alone; whose they were is not recorded.",
    ),
    Text(
        "「–」は、最小人数の方が回答したと、丸めた数字だけから確かに言えないため、表示しません。",
        "– is not told: the rounded numbers alone do not make it certain that as many as the "
        "smallest count answered.",
    ),
)
ROUNDING_NOTES = (
    Text(
        "人に関する数字は、月ごと、組織の組ごとに、最小人数（{smallest}）の倍数へ切り上げまたは"
        "切り下げています。どちらになるかは数字ごとに決まっていて変わりません。",
        "Numbers about people go up or down to a multiple of the smallest count ({smallest}), by "
        "month and pair of organizations. Which of the two is fixed for each number.",
    ),
    Text(
        "平均すると増減はありませんが、少ない月数の合計は粗くなります。たとえば{smallest}という"
        "数字は、1〜{highest}名のいずれかです。",
        "On average nothing is added or lost, but a sum of few months is rough: a figure of "
        "{smallest} stands for 1 to {highest} people.",
    ),
    Text(
        "企業自身の登録数、採用数、提携企業に紹介して採用された数、金額は、そのままの数字です。",
        "A company's own registrations, hires, hires of people it showed to partners, and amounts "
        "are exact.",
    ),
)
