import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";

export const texts = {
  title: ["リレーのルール", "Relay program"],
  lead: ["ルールは版で管理します。過去の出来事は、そのとき有効だった版で判断されたままです。", "Rules come in versions. What has happened stays judged by the version of its day."],
  inForce: ["現在のルール", "In force now"],
  noVersion: ["まだルールがありません", "There are no rules yet"],
  noVersionLead: ["最初の版を公開すると、リレーを始められます。", "Publish the first version, and the relay can begin."],
  publish: ["新しい版を公開", "Publish a version"],
  replay: ["もしこのルールだったら", "Replay the history"],
  versions: ["これまでの版", "Versions"],
  number: ["版", "Version"],
  numberOf: ["第{n}版", "Version {n}"],
  from: ["適用開始", "In force from"],
  perFreeHire: ["無料採用枠1つに必要なカウント", "Counts per free hire"],
  people: ["{n}名", "{n#person|people}"],
  days: ["{n}日", "{n#day|days}"],
  rule: ["数え方", "Who is counted"],
  window: ["重複とみなす期間（日）", "Window (days)"],
  windowHint: ["「最初の企業だけ」のとき、この日数のうちは最初の企業だけが数えられます。", "With “the first company only”: how long others do not count the same person."],
  valid: ["無料採用枠の有効日数", "A free hire lasts (days)"],
  openLinks: ["カウントするリンク", "Links that count"],
  guarantee: ["早期退職の保証日数", "Guarantee (days)"],
  guaranteeHint: ["入社からこの日数のうちに退職した場合、無料採用枠を返すか、手数料の一部を返金します。", "Who leaves within so many days of joining gives the free hire back, or part of the fee."],
  refunds: ["返金表（日数と％）", "Refunds (days and percent)"],
  refundsHint: ["1行に1段階、「30 80」なら「在籍30日未満は80％」。最後の日数は保証日数と同じにします。保証なしなら空欄にします。", "One step a line: “30 80” is 80% for who stayed fewer than 30 days. The last days are those of the guarantee; empty without one."],
  refundStep: ["{n}日未満 {percent}％", "{percent}% below {n} days"],
  between: ["、", ", "],
  grace: ["退会後の猶予日数", "Grace period (days)"],
  linkLimit: ["1リンク・10分あたりの上限", "Limit for one link in ten minutes"],
  deviceLimit: ["1端末・1日あたりの上限", "Limit for one device in a day"],
  limitHint: ["これを超えた登録は、確認が済むまでカウントを保留します。", "Counts beyond it are held for review."],
  agency: ["標準の人材紹介会社", "Default agency"],
  agencyHint: ["リンクに指定がないとき、ここが候補者をお引き受けします。", "Takes candidates on where a link names no other."],
  startsNow: ["空欄なら、すぐに適用します。", "At once if left empty."],
  publishAsk: ["この版を公開します。公開した版は変更も取り消しもできません。", "Publish this version? It can be neither changed nor taken back."],
  published: ["第{n}版を公開しました", "Version {n} is published"],
  back: ["← リレーのルール", "← Relay program"],
  replayLead: ["これまでの登録を、別のルールでもう一度数えてみます。実際のカウントは変わりません。", "Counts the whole history once more by other rules. Nothing is changed."],
  hypothesis: ["試すルール", "The rules to try"],
  doReplay: ["数え直してみる", "Count again"],
  results: ["結果", "What they would have given"],
  company: ["企業", "Company"],
  counts: ["カウント", "Counts"],
  freeHires: ["無料採用枠", "Free hires"],
  remainder: ["残り", "Left over"],
  given: ["実際", "was given"],
  wouldBe: ["このルールなら", "would be"],
  difference: ["差", "Difference"],
  nothing: ["まだ登録がありません", "There is no history yet"],
} as const satisfies Texts;

type CountRule = ReturnType<typeof graphql.scalar<"CountRule">>;
type OpenLinks = ReturnType<typeof graphql.scalar<"OpenLinks">>;

export const ruleNames: Record<CountRule, Text> = {
  EACH_COMPANY: ["企業ごとに1回ずつ", "Each company counts a person once"],
  FIRST_WITHIN_WINDOW: ["期間内は最初の企業だけ", "Only the first company within the window"],
};

export const openLinksNames: Record<OpenLinks, Text> = {
  ALL: ["すべてのリンク", "All links"],
  REJECTION_MAIL_ONLY: ["不採用メールのリンクだけ", "Only those in rejection mails"],
  NONE: ["なし（カウントを止める）", "None: counting is stopped"],
};
