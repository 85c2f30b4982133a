import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["提携", "Partnerships"],
  lead: [
    "企業どうしが、見送った方を互いに紹介するための約束です。見えるのは、ご本人の同意と提携条件の両方が認める項目だけです。",
    "Agreements between companies to pass on candidates they turned down. What is shown is what both the candidate and the terms allow.",
  ],
  propose: ["提携を提案する", "Propose a partnership"],
  name: ["名称", "Name"],
  nameHint: ["参加する企業とコンソーシアム運営に見えます。80文字まで。", "Seen by its companies and consortium administrators; at most 80 characters."],
  companies: ["企業", "Companies"],
  since: ["提案日", "Proposed on"],
  status: ["状態", "Status"],
  all: ["すべて", "All"],
  none: ["提携はまだありません", "There are no partnerships yet"],
  noneLead: ["提案し、相手の企業がすべて承諾すると始まります。", "One begins when every company that was asked has said yes."],
  noneFiltered: ["該当する提携はありません", "No partnership is like that"],
  back: ["← 提携", "← Partnerships"],
  absent: ["提携が見つかりません", "There is no such partnership"],
  companySearch: ["企業名で探す", "Search a company"],
  search: ["探す", "Search"],
  companiesHint: ["一覧から選んで追加してください。自社を含めて2〜20社。", "Choose from the list to add: 2 to 20 companies, your own among them."],
  companiesHintAdmin: ["一覧から選んで追加してください。2〜20社。各社の承諾で始まります。", "Choose from the list to add: 2 to 20 companies. Each of them has to accept."],
  addCompany: ["企業を追加", "Add a company"],
  removeCompany: ["{name} を外す", "Remove {name}"],
  fields: ["見せる項目", "What is shown"],
  fieldsHint: ["候補者本人が同意した項目に限ります。", "Only as far as the candidate agreed as well."],
  identifying: ["本人を特定する項目（候補者の同意後だけ）", "What identifies a person: only after the candidate's yes"],
  open: ["本人を特定しない項目（プールでも見える）", "What identifies nobody: shown in the pool as well"],
  categories: ["対象の職種", "Job categories"],
  categoriesHint: ["選ばなければ、すべての職種が対象です。", "Choose none, and the terms are for all of them."],
  categoriesAllowedHint: ["コンソーシアムの方針で認める職種から選んでください。", "Choose of those that the consortium allows."],
  allCategories: ["すべての職種", "all"],
  sharedDays: ["見せる日数", "Days shown"],
  sharedDaysHint: ["提携が終わっても、同意された紹介の内容を読める日数。1〜{n}。", "So long what a candidate agreed to show can be read whatever becomes of the partnership: 1 to {n}."],
  noticeDays: ["脱退の予告日数", "Days of notice"],
  noticeDaysHint: ["脱退の何日前に伝えるか。{n}〜180。", "So many days before leaving a company says so: {n} to 180."],
  days: ["{n}日", "{n#day|days}"],
  rewards: ["報酬", "Rewards"],
  rewardsHint: [
    "企業どうしの紹介について約束する報酬です。指定した人材紹介会社の同意がそろうと条件が発効します。候補者への金銭や、企業への円の支払いはできません。",
    "What is promised for referrals between the companies. Each agency you name has to agree before the terms are in force. Nothing goes to candidates, and no yen to companies.",
  ],
  addReward: ["報酬を追加", "Add a reward"],
  removeReward: ["報酬{n}を外す", "Remove reward {n}"],
  rewardNumber: ["報酬{n}", "Reward {n}"],
  rewardEvent: ["いつ", "When"],
  rewardUnit: ["何を", "What"],
  rewardAmount: ["数・金額", "How much"],
  rewardAmountHint: ["カウントは1〜10、無料採用枠は1〜3、円は1〜10,000,000。", "1 to 10 counts, 1 to 3 free hires, or 1 to 10,000,000 yen."],
  rewardAgency: ["人材紹介会社", "Agency"],
  rewardAgencyHint: ["カウントと枠を負担する、または円を受け取る会社。", "The one that funds counts and free hires, or receives the yen."],
  noRewards: ["なし", "none"],
  rewardByAgency: ["（負担: {agency}）", "(funded by {agency})"],
  rewardToAgency: ["（受取: {agency}）", "(to {agency})"],
  fundingAsked: ["{agency}: 回答待ち", "{agency} has not answered"],
  fundingAccepted: ["{agency}: {day} に同意", "{agency} agreed on {day}"],
  fundingStopped: ["{agency}: {day} 以降に始まる紹介は対象外", "{agency} stopped on {day}, for referrals that begin later"],
  proposed: ["提案しました", "It is proposed"],
  parties: ["参加する企業", "The companies"],
  company: ["企業", "Company"],
  answered: ["回答日", "Answered on"],
  leaves: ["脱退日", "Leaves on"],
  about: ["この提携について", "This partnership"],
  proposer: ["提案者", "Proposed by"],
  consortium: ["コンソーシアム運営", "A consortium administrator"],
  changed: ["最終更新", "Last changed"],
  inForce: ["現在の条件（第{n}版）", "Terms in force (version {n})"],
  proposedTerms: ["提案中の条件（第{n}版）", "Proposed terms (version {n})"],
  inForceSince: ["発効", "In force since"],
  acceptedBy: ["承諾した企業", "Accepted by"],
  nobody: ["まだありません", "nobody yet"],
  noTerms: ["発効している条件はありません", "No terms are in force"],
  termsTitle: ["条件", "Terms"],
  acceptTerms: ["この条件を承諾する", "Accept these terms"],
  rejectTerms: ["この条件を断る", "Reject these terms"],
  takeTermsBack: ["この提案を取り下げる", "Take these terms back"],
  termsAccepted: ["条件を承諾しました", "You accepted the terms"],
  termsRejected: ["条件の提案を終えました", "The proposed terms are off the table"],
  otherTerms: ["別の条件を提案する", "Propose other terms"],
  decidedTermsLead: [
    "定例会の決定による変更です。発効すると、次の定例会でその効果を測ります。",
    "A meeting decided on this. Once it is in force, the next meeting measures what it changed.",
  ],
  meetings: ["定例会を設定する", "Schedule a meeting"],
  otherTermsLead: ["すべての企業が承諾するまで、現在の条件が続きます。", "Those in force stay until every company has said yes."],
  termsProposed: ["条件を提案しました", "The terms are proposed"],
  next: ["次にすること", "What you can do"],
  accept: ["承諾する", "Accept"],
  acceptLead: ["承諾すると、下の条件に同意したことになります。最後の企業の承諾で始まります。", "Accepting means accepting the terms below. The last company's yes begins it."],
  acceptAsk: [
    "「{name}」に参加し、その条件に同意します。始まると、条件が示す範囲で候補者の情報を互いに見せます。抜けるには脱退が必要です。",
    "Take part in “{name}” under its terms? Once it has begun, you show each other candidates as far as they say, and only leaving ends that.",
  ],
  acceptTermsAsk: [
    "この条件に同意します。すべての企業が同意すると、今の条件に代わって有効になります。",
    "Agree to these terms? They take the place of those in force once every company has agreed.",
  ],
  decline: ["断る", "Decline"],
  declineAsk: ["「{name}」の提案を断ります。提案はすべての企業について終わります。", "Decline “{name}”? The proposal then ends for all."],
  withdraw: ["提案を取り下げる", "Withdraw the proposal"],
  withdrawAsk: ["「{name}」の提案を取り下げます。", "Withdraw the proposal “{name}”?"],
  suspend: ["一時停止する", "Suspend"],
  suspendLead: ["新しい候補者は見えなくなります。候補者がまだ同意していない紹介は取り消されます。", "Nothing new is shown. What candidates have not agreed to is taken back."],
  resume: ["再開する", "Resume"],
  leave: ["脱退する", "Leave"],
  leaveAsk: [
    "「{name}」から脱退します。条件の予告期間は{n}日です。その日まで提携は続き、残る企業が2社以上なら、その後も続きます。取り消せません。",
    "Leave “{name}”? The terms ask for {n#day|days} of notice: until then it goes on, and after that for the others while they are two. It cannot be undone.",
  ],
  leaveAskNow: [
    "「{name}」から直ちに脱退します。予告期間はありません。残る企業が2社以上なら、提携は続きます。取り消せません。",
    "Leave “{name}” at once? The terms ask for no notice. It goes on for the others while they are two. It cannot be undone.",
  ],
  end: ["終了させる", "End it"],
  endLead: ["直ちに、すべての企業について終わります。候補者が同意した紹介は期限まで続きます。", "It ends at once, for all. What candidates agreed to runs on to its deadline."],
  reason: ["理由", "Reason"],
  reasonHint: ["参加する企業のすべてが読みます。500文字まで、1行で。", "All companies of the partnership read it: one line of at most 500 characters."],
  done: ["記録しました", "It is recorded"],
  history: ["これまでの経過", "History"],
  at: ["日時", "When"],
  deed: ["できごと", "What happened"],
  version: ["第{n}版", "version {n}"],
  byWhom: ["企業", "By"],
  find: ["提携先を探す", "Find partners"],
  findLead: [
    "貴社が見送った職種を募集している企業、貴社が募集する職種で見送りのある企業を、重なりの大きい順に並べます。既に提携中・提案中の企業は出ません。数は幅で伝え、他社の見送りは終わった月の分だけです。候補者の情報は使いません。",
    "Companies that seek what yours turns people down for, or turn people down for what yours seeks, by how much overlaps. Those you are in a partnership with, or have asked, are left out. Figures are told in bands, and whom others turned down only of months that are over. No candidate's data is used.",
  ],
  findFor: ["どの企業の提携先を探すか選んでください", "Choose the company to find partners for"],
  findNone: ["重なりのある企業はまだありません", "No company's needs overlap yet"],
  findNoneLead: [
    "職種のある不採用者リストのメール送信、求人の登録、理由つきの見送りが手がかりになります。他社の見送りは、月が終わると加わります。",
    "Mailings of rejections with job categories, openings, and people you declined for an opening are what it goes by. Whom others turned down is added once a month is over.",
  ],
  industry: ["業種", "Industry"],
  choose: ["選んでください", "Choose one"],
  theySeek: ["相手が募集（貴社は見送り）", "They seek, you turn down"],
  theyTurnDown: ["相手が見送り（貴社は募集）", "They turn down, you seek"],
  why: ["理由", "Why"],
  fit: ["重なり", "Overlap"],
  percent: ["{n}%", "{n}%"],
  proposeTo: ["{name} に提案", "Propose to {name}"],
  policy: ["提携の方針", "Policy on terms"],
  policyLead: [
    "提案や変更案に認める条件を決めます。既に発効している条件はそのまま続き、方針の外にあるものには印が付きます。",
    "Which terms can be proposed and accepted. Those in force remain, and are marked where they are outside.",
  ],
  policyNever: ["まだ決められていません。すべての条件を認めています。", "None was ever set: all terms are allowed."],
  policySince: ["{at} から", "Since {at}"],
  policyFields: ["見せてよい項目", "What may be shown"],
  policyCategories: ["認める職種", "Job categories that are allowed"],
  policyCategoriesHint: ["選ばなければ、すべての職種を認めます。", "Choose none, and all of them are allowed."],
  sharedDaysMax: ["見せる日数の上限", "Days shown, at most"],
  noticeDaysMin: ["脱退の予告日数の下限", "Days of notice, at least"],
  rewardsAllowed: ["報酬の条項を認める", "Terms may promise rewards"],
  companiesMayPropose: ["企業が自ら提携を提案できる", "Companies propose partnerships by themselves"],
  companiesMayProposeHint: [
    "外すと、提案は運営だけが行います。提携中の企業どうしの条件変更の提案は、いつでもできます。",
    "Else administrators of the consortium alone do. Partners propose other terms either way.",
  ],
  policySave: ["この方針にする", "Set this policy"],
  policySet: ["方針を決めました", "The policy is set"],
  proposalsByConsortium: [
    "このコンソーシアムでは、提携の提案は運営が行います。運営にご依頼ください。",
    "Here administrators of the consortium propose partnerships. Ask them to.",
  ],
  outside: ["コンソーシアムの方針の外", "Outside the policy"],
  searchLabel: ["提携・企業・法人番号で探す", "Search a partnership, company or corporate number"],
  waiting: ["回答", "Answers"],
  waitingSince: ["回答待ち", "Waiting since"],
  overdue: ["14日を超えています", "Longer than 14 days"],
} as const satisfies Texts;

type Status = ReturnType<typeof graphql.scalar<"PartnershipStatus">>;
type PartyStatus = ReturnType<typeof graphql.scalar<"PartyStatus">>;
type Deed = ReturnType<typeof graphql.scalar<"PartnershipDeed">>;

export const statusNames: Record<Status, Text> = {
  PROPOSED: ["回答待ち", "Waiting for answers"],
  ACTIVE: ["提携中", "Active"],
  SUSPENDED: ["停止中", "Suspended"],
  ENDED: ["終了", "Ended"],
  DECLINED: ["不成立", "Declined"],
  WITHDRAWN: ["取り下げ", "Withdrawn"],
};

export const statusTones: Record<Status, Tone> = {
  PROPOSED: "wait",
  ACTIVE: "good",
  SUSPENDED: "stop",
  ENDED: "rest",
  DECLINED: "rest",
  WITHDRAWN: "rest",
};

export const partyNames: Record<PartyStatus, Text> = {
  INVITED: ["回答待ち", "Has not answered"],
  JOINED: ["参加中", "Takes part"],
  DECLINED: ["断った", "Said no"],
  LEFT: ["脱退", "Left"],
};

export const partyTones: Record<PartyStatus, Tone> = {
  INVITED: "wait",
  JOINED: "good",
  DECLINED: "rest",
  LEFT: "rest",
};

export const deedNames: Record<Deed, Text> = {
  PROPOSED: ["提案", "Proposed"],
  ACCEPTED: ["承諾", "Accepted"],
  DECLINED: ["辞退", "Declined"],
  WITHDRAWN: ["提案の取り下げ", "Withdrawn"],
  BEGAN: ["開始", "Began"],
  SUSPENDED: ["一時停止", "Suspended"],
  RESUMED: ["再開", "Resumed"],
  GAVE_NOTICE: ["脱退の予告", "Gave notice"],
  LEFT: ["脱退", "Left"],
  ENDED: ["終了", "Ended"],
  TERMS_PROPOSED: ["条件の提案", "Terms proposed"],
  TERMS_ACCEPTED: ["条件の承諾", "Terms accepted"],
  TERMS_REJECTED: ["条件の却下", "Terms rejected"],
  TERMS_IN_FORCE: ["条件の発効", "Terms in force"],
  FUNDING_ACCEPTED: ["人材紹介会社の同意", "Agency agreed"],
  FUNDING_DECLINED: ["人材紹介会社の辞退", "Agency declined"],
  FUNDING_STOPPED: ["人材紹介会社の負担の停止", "Agency stopped"],
};

type Industry = ReturnType<typeof graphql.scalar<"IndustryChoice">>;
type Band = ReturnType<typeof graphql.scalar<"NeedBand">>;
type Breach = ReturnType<typeof graphql.scalar<"PolicyBreach">>;

export const industryNames: Record<Industry, Text> = {
  SAME: ["同じ業種", "The same industry"],
  OTHER: ["異業種", "Other industries"],
};

export const bandNames: Record<Band, Text> = {
  FEW: ["10未満", "fewer than 10"],
  SOME: ["10〜29", "10 to 29"],
  MANY: ["30以上", "30 or more"],
};

export const breachNames: Record<Breach, Text> = {
  FIELDS: ["見せる項目", "what is shown"],
  CATEGORIES: ["職種", "job categories"],
  SHARED_DAYS: ["見せる日数", "days shown"],
  NOTICE_DAYS: ["予告日数", "days of notice"],
  REWARDS: ["報酬", "rewards"],
};

export const waitingNames = {
  WAITING: ["待っているもの（長い順）", "Waited for, the longest first"],
  OVERDUE: ["期限を過ぎたもの", "Overdue"],
} as const satisfies Record<string, Text>;
