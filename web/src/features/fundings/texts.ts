import type { graphql } from "@/lib/graphql";
import type { Text, Texts } from "@/lib/i18n";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["提携の報酬", "Rewards of partnerships"],
  lead: [
    "企業どうしの提携条件で、貴社が指定された報酬です。貴社が同意するまで、その条件は発効しません。",
    "Rewards in which the terms of companies’ partnerships name your agency. Those terms are in force only once you agree.",
  ],
  views: ["表示の切り替え", "Views"],
  terms: ["同意する条件", "Terms to answer"],
  account: ["受け取った金額", "Yen received"],
  partnership: ["提携", "Partnership"],
  companies: ["企業", "Companies"],
  promised: ["報酬", "Rewards"],
  status: ["状態", "Status"],
  all: ["すべて", "All"],
  answer: ["回答", "Your answer"],
  version: ["{name}（第{n}版）", "{name} (version {n})"],
  none: ["貴社が指定された提携条件はありません", "No terms name your agency"],
  noneFiltered: ["該当する条件はありません", "No terms are like that"],
  accept: ["同意する", "Agree"],
  decline: ["断る", "Decline"],
  stop: ["今後の負担をやめる", "Stop for later referrals"],
  acceptAsk: [
    "「{name}」の報酬を、貴社の負担で引き受けます。条件が有効になった後に始まる紹介に約束したものは、後から取り消せません。",
    "Fund the rewards of “{name}”? What is promised for a referral that begins under these terms cannot be taken back.",
  ],
  declineAsk: [
    "「{name}」の条件への参加を断ります。提案された条件は却下され、まだ始まっていない提携は不成立になります。",
    "Decline your part in “{name}”? The proposed terms are rejected, and a partnership that has not begun is off.",
  ],
  stopAsk: [
    "「{name}」の報酬を、これから始まる紹介については負担しません。すでに始まった紹介の報酬は、約束どおり記帳されます。",
    "Stop your part in “{name}” for referrals that begin from now on? Those that have begun earn what they were promised.",
  ],
  done: ["記録しました", "It is recorded"],
  agreed: ["{day} に同意", "agreed on {day}"],
  stopped: ["{day} に停止", "stopped on {day}"],
  waiting: ["回答待ち", "waiting for you"],
  balance: ["合計", "In all"],
  number: ["番号", "No."],
  day: ["日付", "Day"],
  what: ["内容", "What"],
  amount: ["金額", "Amount"],
  takenBack: ["{n}番の取り消し", "takes back no. {n}"],
  noEntries: ["まだ記入はありません", "There are no entries yet"],
  notAgency: ["人材紹介会社のページです", "This page is for agencies"],
} as const satisfies Texts;

type Status = ReturnType<typeof graphql.scalar<"TermsStatus">>;

export const termsStatusNames: Record<Status, Text> = {
  PROPOSED: ["回答待ち", "Waiting for answers"],
  IN_FORCE: ["発効中", "In force"],
  SUPERSEDED: ["次の版に交代", "Superseded"],
  REJECTED: ["却下", "Rejected"],
};

export const termsStatusTones: Record<Status, Tone> = {
  PROPOSED: "wait",
  IN_FORCE: "good",
  SUPERSEDED: "rest",
  REJECTED: "rest",
};
