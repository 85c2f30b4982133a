import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["候補者", "Candidates"],
  lead: ["リンクから登録し、お引き受けした方です。新しい方から並んでいます。", "People who registered through a link and are yours to look after, the newest first."],
  filter: ["状態", "Status"],
  all: ["すべて", "All"],
  none: ["まだ候補者はいません", "There are no candidates yet"],
  noneLead: ["企業のリンクから登録があると、すぐにここへ届きます。", "They arrive here as soon as someone registers through a company's link."],
  noneFiltered: ["該当する候補者はいません", "No candidate is like that"],
  name: ["氏名", "Name"],
  unnamed: ["氏名非公開", "Unnamed"],
  work: ["職種・お住まい", "Work and place"],
  years: ["経験{n}年", "{n#year|years} of experience"],
  from: ["紹介元の企業", "Through"],
  opened: ["引き受けた日時", "Taken on"],
  changed: ["最終更新", "Last changed"],
  introductions: ["紹介", "Introductions"],
  newOne: ["新着", "new"],
  status: ["状態", "Status"],
  back: ["← 候補者", "← Candidates"],
  absent: ["候補者が見つかりません", "There is no such candidate"],
  candidate: ["本人の情報", "What you may read"],
  about: ["引き受け", "The case"],
  closedAt: ["終了日時", "Closed"],
  note: ["メモ", "Note"],
  noteHint: ["御社の中だけで読めます。人種・信条・家族・健康など、配慮が必要なことは書かないでください。", "Only your agency reads it. Nothing about origin, creed, family or health."],
  saveNote: ["メモを保存", "Save the note"],
  noteSaved: ["メモを保存しました", "The note is saved"],
  introduce: ["企業に紹介する", "Introduce to a company"],
  introduceLead: ["本人に同意を確認してから、企業へ届きます。", "The candidate is asked first; the company learns of it once they agree."],
  companySearch: ["企業名で探す", "Search a company"],
  search: ["探す", "Search"],
  opening: ["求人", "Opening"],
  noOpening: ["求人を指定しない", "No particular opening"],
  ask: ["本人に確認する", "Ask the candidate"],
  asked: ["本人に確認のメールを送りました", "The candidate is being asked"],
  noIntroductions: ["まだ紹介していません", "Not introduced to anyone yet"],
  day: ["日付", "Day"],
  to: ["紹介先", "To"],
  free: ["無料採用枠", "Free hire"],
  fitting: ["合いそうな求人", "Openings that fit"],
  fittingLead: ["本人が御社に見せている情報だけで判定した目安です。企業には伝わりません。", "Advice, by what the candidate lets you see. No company learns of it."],
  noFitting: ["合いそうな求人はありません", "No opening fits"],
  close: ["終了する", "Close the case"],
  closeLead: ["終了すると、本人の情報は読めなくなります。元には戻せません。", "Afterwards you can read nothing more of the person. This cannot be undone."],
  outcome: ["結果", "Outcome"],
  closed: ["終了しました", "The case is closed"],
} as const satisfies Texts;

type CaseStatus = ReturnType<typeof graphql.scalar<"CaseStatus">>;
type CaseOutcome = ReturnType<typeof graphql.scalar<"CaseOutcome">>;

export const caseStatusNames: Record<CaseStatus, Text> = { OPEN: ["担当中", "Open"], CLOSED: ["終了", "Closed"] };
export const caseStatusTones: Record<CaseStatus, Tone> = { OPEN: "good", CLOSED: "rest" };

export const outcomeNames: Record<CaseOutcome, Text> = {
  NO_SUITABLE_OPENING: ["合う求人がなかった", "No suitable opening"],
  WITHDRAWN: ["本人が辞退した", "The candidate withdrew"],
};
