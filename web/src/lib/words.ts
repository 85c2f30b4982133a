// Words that mean the same on every page.
import type { Texts } from "./i18n";

export const words = {
  save: ["保存", "Save"],
  saved: ["保存しました", "Saved"],
  cancel: ["やめる", "Cancel"],
  back: ["戻る", "Back"],
  all: ["すべて", "All"],
  name: ["氏名", "Name"],
  email: ["メールアドレス", "Mail address"],
  status: ["状態", "Status"],
  date: ["日付", "Date"],
  reason: ["理由", "Reason"],
  actions: ["操作", "Actions"],
  unknown: ["不明", "unknown"],
  search: ["検索", "Search"],
  yes: ["はい", "Yes"],
  no: ["いいえ", "No"],
} as const satisfies Texts;
