import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";

export const texts = {
  title: ["カウントの確認", "Counts to review"],
  lead: [
    "自動では判断できなかった登録です。候補者へのご案内は、判断を待たずに進んでいます。どなたかは表示されません。",
    "Registrations that could not be judged by rule. The people are served meanwhile; who they are is not shown.",
  ],
  show: ["表示", "Show"],
  held: ["確認待ち", "Waiting"],
  decided: ["判断済みも含む", "Decided ones too"],
  none: ["確認待ちはありません", "Nothing waits for review"],
  company: ["企業", "Company"],
  campaign: ["募集・用途", "Campaign"],
  day: ["登録日", "Day"],
  why: ["保留の理由", "Why it is held"],
  evidence: ["手がかり", "Evidence"],
  throughLink: ["10分以内の同じリンクからの登録：{n}件", "{n#registration|registrations} through the link within ten minutes"],
  fromDevice: ["1日以内の同じ端末からの登録：{n}件", "{n#registration|registrations} from the device within a day"],
  samePhone: ["同じ電話番号の登録：{n}件", "{n#registration|registrations} with the same telephone number"],
  domain: ["企業のメールドメイン：{domain}", "The company's mail domain: {domain}"],
  status: ["状態", "Status"],
  doing: ["判断", "Decision"],
  decide: ["判断する", "Decide"],
  count: ["カウントする", "Count it"],
  refuse: ["カウントしない", "Do not count it"],
  resolution: ["判断", "Decision"],
  reason: ["理由", "Reason"],
  reasonHint: ["記録に残ります。個人を特定する内容は書かないでください。", "It is kept. Do not write who the person is."],
  save: ["判断を記録", "Record the decision"],
  recorded: ["判断を記録しました", "The decision is recorded"],
} as const satisfies Texts;

type HoldReason = ReturnType<typeof graphql.scalar<"HoldReason">>;

export const holdReasonNames: Record<HoldReason, Text> = {
  COMPANY_DOMAIN: ["企業自身のメールドメインからの登録", "From the company's own mail domain"],
  LINK_SPEED: ["短い時間に登録が集中", "Many registrations in a short time"],
  MANY_FROM_ONE_DEVICE: ["1台の端末から多くの登録", "Many registrations from one device"],
  LIKELY_SAME_PERSON: ["同じ方の可能性", "Likely the same person"],
};
