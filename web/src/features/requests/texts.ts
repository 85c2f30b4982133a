import type { Tone } from "@/components/Status";
import type { graphql } from "@/lib/graphql";
import type { Text, Texts } from "@/lib/i18n";

export const texts = {
  title: ["候補者からの申出", "Requests of candidates"],
  lead: [
    "候補者ご自身ではできないことの申出です。どなたかは、本文に書かれている場合だけ分かります。回答は本人にメールで届き、本人のページにも残ります。",
    "What candidates cannot do themselves. Who asks is said only where the text says it. The answer is mailed to them, and stands on their page.",
  ],
  show: ["表示", "Show"],
  waiting: ["回答待ち", "Waiting"],
  all: ["回答済みも含む", "Answered ones too"],
  none: ["回答待ちの申出はありません", "No request waits"],
  request: ["申出", "Request"],
  answerColumn: ["回答・理由", "Answer or reason"],
  due: ["期限", "Due"],
  overdue: ["期限超過", "Overdue"],
  status: ["状態", "Status"],
  doing: ["対応", "Reply"],
  reply: ["回答する", "Reply"],
  from: ["候補者番号 {key}", "Candidate {key}"],
  gone: ["本文は読めません（削除済み）", "The text is gone: the person was erased"],
  how: ["対応", "What you do"],
  answer: ["回答する", "Answer it"],
  refuse: ["応じられない理由を伝える", "Refuse it, with a reason"],
  text: ["本人に届く文章", "What the candidate is told"],
  textHint: ["2,000文字まで。本人にメールで届きます。", "At most 2,000 characters. It is mailed to the candidate."],
  send: ["送信する", "Send it"],
  sent: ["回答を送信しました", "The reply is on its way"],
} as const satisfies Texts;

type RequestKind = ReturnType<typeof graphql.scalar<"RequestKind">>;
type RequestStatus = ReturnType<typeof graphql.scalar<"RequestStatus">>;

export const kindNames: Record<RequestKind, Text> = {
  DISCLOSURE: ["別の形での開示", "Disclosure in another form"],
  CORRECTION: ["訂正", "A correction"],
  STOP_OF_USE: ["利用・提供の停止", "To stop a use"],
  SHOWING: ["誰に見られたかの質問", "A question about a showing"],
  COMPLAINT: ["苦情・相談", "A complaint"],
};

export const statusNames: Record<RequestStatus, Text> = {
  OPEN: ["回答待ち", "Waiting"],
  ANSWERED: ["回答済み", "Answered"],
  REFUSED: ["応じられず", "Refused"],
};

export const statusTones: Record<RequestStatus, Tone> = { OPEN: "wait", ANSWERED: "good", REFUSED: "stop" };
