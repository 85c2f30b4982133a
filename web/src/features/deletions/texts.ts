import type { Tone } from "@/components/Status";
import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";

export const texts = {
  title: ["削除の依頼", "Requests to delete"],
  lead: [
    "候補者が同意を撤回した、または情報を削除したため、受け取った情報を自社の記録からも消していただく依頼です。消したら、期限までに確認を記録してください。法律で保存が定められた記録は残せます。",
    "What you were given of a candidate is to be deleted from your own files too: they no longer allow it, or are erased. Confirm it by the day it is due. Records that the law has you keep may stay.",
  ],
  leadConsortium: [
    "候補者が許さなくなった情報の削除を、受け取った各社に依頼したものです。確認がまだの会社と、期限を過ぎたものが分かります。どなたかは表示されません。",
    "What candidates no longer allow is to be deleted by those who were given it. You see who has not confirmed and what is late, not who the candidates are.",
  ],
  show: ["表示", "Show"],
  open: ["確認がまだのもの", "Not confirmed yet"],
  all: ["すべて", "All of them"],
  none: ["確認がまだの依頼はありません", "Nothing waits to be confirmed"],
  noneAtAll: ["削除の依頼はありません", "There are no requests to delete"],
  recipient: ["依頼先", "Asked of"],
  referral: ["対象", "About"],
  referralLink: ["紹介 {reference}", "Introduction {reference}"],
  referralNone: ["紹介の記録はありません", "No introduction"],
  fields: ["消す項目", "What to delete"],
  due: ["期限", "Due"],
  asked: ["依頼 {day}", "asked {day}"],
  status: ["状態", "Status"],
  doing: ["確認", "Confirm"],
  confirm: ["消したことを確認する", "Confirm the deletion"],
  question: [
    "受け取った情報を、メール、ファイル、採用管理システムなど、自社のすべての記録から消しましたか。確認した方と日時が記録され、候補者にも確認済みと表示されます。",
    "Has your organization deleted what it was given from all of its files: mails, documents, its applicant tracking? Who confirms and when is kept, and the candidate sees that it was confirmed.",
  ],
  confirmed: ["確認を記録しました", "The confirmation is recorded"],
  by: ["{name}が確認", "by {name}"],
  overdue: ["期限切れ", "Late"],
} as const satisfies Texts;

type Status = ReturnType<typeof graphql.scalar<"DeletionStatus">>;
type Reason = ReturnType<typeof graphql.scalar<"DeletionReason">>;

export const statusNames: Record<Status, Text> = {
  OPEN: ["確認待ち", "Not confirmed yet"],
  CONFIRMED: ["確認済み", "Confirmed"],
  LAPSED: ["新しい同意により終了", "Allowed anew"],
};

export const statusTones: Record<Status, Tone> = { OPEN: "wait", CONFIRMED: "good", LAPSED: "rest" };

export const reasonNames: Record<Reason, Text> = {
  NO_LONGER_ALLOWED: ["同意の終了", "No longer allowed"],
  ERASED: ["候補者による削除", "The candidate is erased"],
};
