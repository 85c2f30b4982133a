import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["メンバーとトークン", "People and tokens"],
  lead: ["サインインできる人と、Tasuki に接続するプログラムを管理します。", "Who can sign in, and which programs may connect."],
  people: ["メンバー", "People"],
  invite: ["招待する", "Invite someone"],
  name: ["氏名", "Name"],
  email: ["メールアドレス", "Mail address"],
  role: ["役割", "Role"],
  organization: ["所属", "Organization"],
  ownConsortium: ["コンソーシアム", "The consortium"],
  status: ["状態", "Status"],
  signedIn: ["最後のサインイン", "Last signed in"],
  doing: ["操作", "Actions"],
  send: ["招待メールを送る", "Send the invitation"],
  sent: ["招待メールを送りました", "The invitation is on its way"],
  disable: ["停止", "Disable"],
  enable: ["再開", "Enable"],
  disableAsk: ["「{name}」さんをすぐにサインアウトさせ、作成したトークンも止めます。", "Shut out “{name}” at once, together with the tokens they made?"],
  changed: ["変更しました", "Changed"],
  changeRole: ["役割を変える", "Change the role"],
  save: ["保存", "Save"],
  tokens: ["APIトークン", "API tokens"],
  tokensLead: ["プログラムから GraphQL を使うときの鍵です。", "The keys by which programs use the GraphQL API."],
  make: ["トークンを作る", "Make a token"],
  purpose: ["用途", "What it is for"],
  expires: ["有効期限", "Works until"],
  expiresHint: ["空欄なら、失効させるまで有効です。", "Until it is revoked, if left empty."],
  prefix: ["先頭の文字", "Begins with"],
  created: ["作成日", "Made on"],
  revoke: ["失効", "Revoke"],
  revoked: ["失効済み", "Revoked"],
  inUse: ["有効", "In use"],
  revokeAsk: ["「{name}」を失効します。使っているプログラムは接続できなくなります。", "Revoke “{name}”? Programs that use it stop working."],
  secret: ["トークンを控えてください", "Keep the token now"],
  secretLead: ["表示はこの一度だけです。安全な場所に保管してください。", "It is shown only this once. Keep it in a safe place."],
  copy: ["コピー", "Copy"],
  done: ["控えました", "I have kept it"],
  noTokens: ["まだトークンはありません", "There are no tokens yet"],
  until: ["{day}まで", "until {day}"],
} as const satisfies Texts;

type UserStatus = ReturnType<typeof graphql.scalar<"UserStatus">>;

export const userStatusNames: Record<UserStatus, Text> = {
  INVITED: ["招待中", "Invited"],
  ACTIVE: ["有効", "Active"],
  DISABLED: ["停止中", "Disabled"],
};

export const userStatusTones: Record<UserStatus, Tone> = { INVITED: "wait", ACTIVE: "good", DISABLED: "stop" };
