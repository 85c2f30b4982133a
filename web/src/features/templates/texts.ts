import type { Texts } from "@/lib/i18n";

export const texts = {
  title: ["メール文面", "Mail templates"],
  lead: ["不採用のご連絡の文面です。はじめから使える文面が入っています。御社の言葉に直してお使いください。", "The words of your rejection mails. There is one to begin with; put it into your own words."],
  create: ["文面を追加", "Add a template"],
  name: ["文面の名前", "Name"],
  nameHint: ["御社の中だけで使う名前です。", "Only your company sees it."],
  isDefault: ["標準の文面", "The standard one"],
  language: ["言語", "Language"],
  ja: ["日本語", "Japanese"],
  en: ["英語", "English"],
  subject: ["件名", "Subject"],
  body: ["本文", "Text"],
  bodyHint: ["{name} などの印は、送るときに置きかわります。専用リンクの印 {link} は必ず入れてください。", "Places such as {name} are filled in when a mail is sent. The place {link} is needed."],
  saved: ["最終保存", "Last saved"],
  provided: ["はじめから入っている文面", "as provided"],
  edit: ["編集", "Edit"],
  write: ["書く", "Write"],
  preview: ["プレビュー", "Preview"],
  previewLead: ["架空の応募者に届くメールです。", "The mail an invented person would get."],
  asHtml: ["HTML形式", "As HTML"],
  asText: ["テキスト形式", "As plain text"],
  faults: ["直すところ", "To be put right"],
  save: ["保存", "Save"],
  savedNow: ["文面を保存しました", "The template is saved"],
  remove: ["削除", "Delete"],
  restore: ["はじめの文面に戻す", "Go back to the one provided"],
  removeAsk: ["この文面を削除します。元には戻せません。", "Delete this template? This cannot be undone."],
  removed: ["削除しました", "Deleted"],
  back: ["← メール文面", "← Mail templates"],
} as const satisfies Texts;

export const DEFAULT_NAME = "default";
