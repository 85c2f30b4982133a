import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["定例会", "Meetings"],
  lead: [
    "提携やコンソーシアムの成果を見て、方針を決める場です。資料の数字は用意した時点で固定され、次の会で決定の効果を測ります。",
    "Where partners look at results and decide. The figures are frozen when they are prepared, and the next meeting measures what the decisions changed.",
  ],
  schedule: ["定例会を設定する", "Schedule a meeting"],
  scheduled: ["設定しました。参加者にメールでお知らせします", "It is scheduled. Everybody who takes part is mailed"],
  reschedule: ["予定を変える", "Change the plan"],
  rescheduled: ["予定を変えました", "The plan is changed"],
  cancel: ["中止する", "Call it off"],
  cancelAsk: ["「{title}」を中止します。参加者にメールでお知らせします。", "Call “{title}” off? Everybody who takes part is mailed."],
  prepare: ["資料を用意する", "Prepare the figures"],
  prepareLead: [
    "昨日までの数字を固定します。後から変えることはできません。",
    "The figures up to yesterday are frozen. They cannot be changed later.",
  ],
  hold: ["議事録を書いて実施済みにする", "Write the minutes: it took place"],
  amend: ["議事録を直す", "Amend the minutes"],
  decide: ["決定を記録する", "Record the decisions"],
  decideLead: [
    "記録すると、議事録と決定は変えられません。決定がなければ、空のまま記録してください。",
    "Once recorded, minutes and decisions stand. Where nothing was decided, record none.",
  ],
  review: ["決定の効果を測る", "Measure the effects"],
  reviewLead: [
    "次の定例会の資料を用意してから、その日までの変化を測ります。",
    "Once the figures of the next meeting are prepared, what changed until then is measured.",
  ],
  done: ["記録しました", "It is recorded"],
  next: ["次にできること", "What comes next"],
  name: ["名称", "Name"],
  partnership: ["提携", "Partnership"],
  ofConsortium: ["コンソーシアム全体", "The whole consortium"],
  choosePartnership: ["選んでください", "Choose one"],
  day: ["日", "Day"],
  time: ["開始時刻", "Begins at"],
  timeHint: ["コンソーシアムの時間帯（{zone}）で入力してください。", "In the consortium's time zone, {zone}."],
  duration: ["所要時間（分）", "Minutes"],
  place: ["場所", "Place"],
  url: ["オンラインの場所（URL）", "Where on the web (URL)"],
  agenda: ["議題", "Agenda"],
  noNames: ["候補者の氏名は書かないでください。参加する組織の全員が読みます。", "Name no candidate: everybody who takes part reads it."],
  status: ["状態", "Status"],
  all: ["すべて", "All"],
  starts: ["日時", "When"],
  none: ["定例会はまだありません", "There are no meetings yet"],
  noneFiltered: ["該当する定例会はありません", "No meeting is like that"],
  absent: ["定例会が見つかりません", "There is no such meeting"],
  back: ["← 定例会", "← Meetings"],
  about: ["予定", "Plan"],
  minutesOf: ["議事録", "Minutes"],
  calendar: ["予定表に入れる", "Put into your calendar"],
  previous: ["前回", "The meeting before"],
  pack: ["資料", "Figures"],
  packNote: ["{first} から {last} まで。{at} に固定しました。", "From {first} to {last}, frozen at {at}."],
  html: ["印刷用のページ", "A page to print"],
  exchanges: ["渡した数と受け取った数", "Given and taken"],
  between: ["紹介元 → 紹介先", "From → to"],
  offered: ["打診", "Offered"],
  asked: ["依頼", "Asked for"],
  handedOver: ["引き渡し", "Handed over"],
  takenUp: ["選考へ", "Taken up"],
  hired: ["採用", "Hired"],
  rewards: ["報酬", "Rewards"],
  counts: ["ボーナスカウント{n}", "{n#bonus count|bonus counts}"],
  freeHires: ["無料採用枠{n}", "{n#free hire|free hires}"],
  flows: ["経路ごとの流れ", "Flows by channel"],
  channel: ["経路", "Channel"],
  event: ["状態", "State"],
  number: ["件数", "Number"],
  changes: ["前回からの変化", "What changed since the last meeting"],
  suggestions: ["検討したい提携先", "Partners to consider"],
  company: ["企業（理由の「貴社」）", "Company (“your company” in the reasons)"],
  partner: ["候補", "Could be a partner"],
  why: ["理由", "Why"],
  decisions: ["決定", "Decisions"],
  noDecisions: ["決定はありません。", "Nothing was decided."],
  decision: ["決定 {n}", "Decision {n}"],
  decisionText: ["内容", "What was decided"],
  owner: ["担当する組織", "Organization that sees to it"],
  ownerName: ["担当者", "Person there"],
  dueOn: ["期日", "By when"],
  figure: ["測る指標", "Figure to measure"],
  figureHint: ["次の会で、決定の前後を同じ日数で比べます。", "The next meeting compares as many days before as after."],
  noFigure: ["測らない", "Nothing to measure"],
  noOwner: ["指定しない", "None named"],
  giver: ["紹介元", "From"],
  receiver: ["紹介先", "To"],
  anyParty: ["すべての参加企業", "All parties"],
  addDecision: ["決定を追加", "Add a decision"],
  removeDecision: ["決定 {n} を外す", "Remove decision {n}"],
  effect: ["効果", "Effect"],
  notMeasured: ["まだ測っていません", "Not measured yet"],
  terms: ["条件の変更", "Amended terms"],
  termsVersion: ["第{n}版", "version {n}"],
  proposeTerms: ["条件の変更を提案", "Propose other terms"],
  minutesHint: ["20,000文字まで。", "At most 20,000 characters."],
} as const satisfies Texts;

type Status = ReturnType<typeof graphql.scalar<"MeetingStatus">>;
type Figure = ReturnType<typeof graphql.scalar<"Figure">>;
type Verdict = ReturnType<typeof graphql.scalar<"Verdict">>;

export const statusNames: Record<Status, Text> = {
  SCHEDULED: ["予定", "Scheduled"],
  PREPARED: ["資料あり", "Figures ready"],
  HELD: ["実施済み", "Held"],
  DECIDED: ["決定済み", "Decided"],
  REVIEWED: ["効果を確認済み", "Reviewed"],
  CANCELLED: ["中止", "Called off"],
};

export const statusTones: Record<Status, Tone> = {
  SCHEDULED: "wait",
  PREPARED: "wait",
  HELD: "good",
  DECIDED: "good",
  REVIEWED: "rest",
  CANCELLED: "rest",
};

export const figureNames: Record<Figure, Text> = {
  HANDED_OVER: ["引き渡しの数", "How many are handed over"],
  HIRES: ["採用の数", "How many are hired"],
  TAKEN_UP: ["選考に進んだ割合", "Share taken up"],
  ANSWERED_IN_TIME: ["14日以内に回答した割合", "Share answered within 14 days"],
  HIRED_OF_HANDED_OVER: ["採用に至った割合", "Share hired"],
};

export const verdictTones: Record<Verdict, Tone> = {
  ROSE: "good",
  FELL: "stop",
  NOT_TOLD_APART: "rest",
  NOT_MEASURED: "rest",
};

export const verdictNames: Record<Verdict, Text> = {
  ROSE: ["増加", "Rose"],
  FELL: ["減少", "Fell"],
  NOT_TOLD_APART: ["差は不明", "Not told apart"],
  NOT_MEASURED: ["未測定", "Not measured"],
};
