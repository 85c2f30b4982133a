import type { Texts } from "@/lib/i18n";

export const texts = {
  signIn: ["サインイン", "Sign in"],
  email: ["メールアドレス", "Mail address"],
  password: ["パスワード", "Password"],
  consortium: ["コンソーシアムの識別名", "Short name of your consortium"],
  consortiumHint: [
    "同じメールアドレスで複数のコンソーシアムに参加している場合だけ入力してください。",
    "Only needed if your address is known to several consortia.",
  ],
  several: ["複数のコンソーシアムに参加している方", "If you belong to several consortia"],
  forgotten: ["パスワードをお忘れですか", "Forgotten your password?"],
  candidate: [
    "候補者の方は、届いたメールのリンクからお進みください。",
    "If you are a candidate, use the link in the mail you were sent.",
  ],
  invitation: ["招待を受ける", "Accept your invitation"],
  invitationLead: [
    "これから使うパスワードを決めると、参加が完了します。",
    "Choose a password, and you are in.",
  ],
  newPassword: ["新しいパスワード", "New password"],
  passwordHint: ["12文字以上。短い文をつなげると覚えやすく、安全です。", "At least 12 characters. A few words in a row are easy to keep and hard to guess."],
  repeat: ["もう一度入力", "Once more"],
  mismatch: ["2回の入力が一致しません。", "The two entries differ."],
  join: ["参加する", "Join"],
  settings: ["個人設定", "Your settings"],
  you: ["あなたについて", "About you"],
  name: ["氏名", "Name"],
  role: ["役割", "Role"],
  organization: ["所属", "Organization"],
  language: ["表示言語", "Language"],
  languageHint: ["画面と、Tasuki からのメールの言語です。", "The language of these pages and of the mails Tasuki sends you."],
  save: ["保存", "Save"],
  saved: ["保存しました", "Saved"],
  changePassword: ["パスワードを変える", "Change your password"],
  currentPassword: ["今のパスワード", "Current password"],
  passwordChanged: [
    "パスワードを変更しました。ほかの端末はサインアウトされます。",
    "Your password is changed. Other devices are signed out.",
  ],
} as const satisfies Texts;
