import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";

export const texts = {
  title: ["台帳", "Ledger"],
  lead: ["カウントと無料採用枠の、すべての動きです。記入は書き換えられず、訂正は新しい記入として残ります。", "Every movement of counts and free hires. Entries are never changed: a correction is a new one."],
  counts: ["カウント", "Counts"],
  freeHires: ["無料採用枠", "Free hires"],
  yen: ["提携の支払い", "Yen of partnerships"],
  paid: ["提携で支払った報酬", "Paid under partnerships"],
  registrations: ["登録ごとの理由", "Registration by registration"],
  views: ["台帳の見方", "Views of the ledger"],
  balance: ["いまのカウント", "Counts now"],
  missing: ["あと", "Missing"],
  available: ["使える無料採用枠", "Free hires available"],
  reserved: ["予約中", "Reserved"],
  debt: ["埋め戻し中", "Debt"],
  number: ["番号", "No."],
  day: ["日付", "Day"],
  kind: ["内容", "What"],
  amount: ["増減", "Amount"],
  why: ["理由", "Why"],
  version: ["第{n}版のルール", "rules, version {n}"],
  reverses: ["{n}番の取り消し", "takes back no. {n}"],
  expires: ["期限 {day}", "runs out {day}"],
  status: ["カウント", "Count"],
  all: ["すべて", "All"],
  none: ["まだ記入はありません", "There are no entries yet"],
  noneLead: ["専用リンクから最初の登録があると、ここに記入されます。", "The first registration through a link makes the first entry."],
  noRegistrations: ["該当する登録はありません", "No registration is like that"],
  notCompany: ["企業の台帳です", "Companies have a ledger"],
} as const satisfies Texts;

type EntryKind = ReturnType<typeof graphql.scalar<"EntryKind">>;

export const entryKindNames: Record<EntryKind, Text> = {
  COUNTED: ["登録をカウント", "A registration counted"],
  CONVERTED: ["無料採用枠に交換", "Turned into a free hire"],
  EARNED: ["無料採用枠を獲得", "A free hire earned"],
  SPENT: ["入社で使用", "Spent on a hire"],
  EXPIRED: ["期限切れ", "Run out"],
  RETURNED: ["早期退職により返却", "Given back after an early exit"],
  REVERSED: ["取り消し", "Taken back"],
  TAKEN_BACK: ["無料採用枠の取り消し", "A free hire taken back"],
  OWED: ["埋め戻しとして記録", "Kept as a debt"],
  DEBT_FILLED: ["埋め戻しに充当", "Filled a debt"],
  LAPSED: ["退会により失効", "Lapsed after leaving"],
  BONUS: ["提携の報酬（ボーナスカウント）", "A bonus count of a partnership"],
  GRANTED: ["提携の報酬（無料採用枠）", "A free hire of a partnership"],
  REWARDED: ["提携の報酬（円）", "Yen of a partnership"],
};
