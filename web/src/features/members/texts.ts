import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["参加企業", "Members"],
  lead: ["同じルールでリレーに加わる企業と人材紹介会社です。", "The companies and agencies that run the relay under one set of rules."],
  add: ["1社を追加", "Add one"],
  upload: ["CSVで追加", "Add from a CSV"],
  name: ["名称", "Name"],
  nameEn: ["英語名", "Name in English"],
  kind: ["種別", "Kind"],
  company: ["企業", "Company"],
  agency: ["人材紹介会社", "Agency"],
  number: ["法人番号", "Corporate number"],
  numberHint: ["13桁。検査数字を確認します。", "13 digits; the check digit is verified."],
  industry: ["業種", "Industry"],
  industryHint: ["日本標準産業分類の大分類（A〜T）か中分類（01〜99）の符号。不明なら空欄。", "A division (A to T) or major group (01 to 99) of the Japan Standard Industrial Classification, if known."],
  prefecture: ["都道府県", "Prefecture"],
  prefectureHint: ["例：東京都。不明なら空欄。", "Such as 東京都, if known."],
  mailDomain: ["メールドメイン", "Mail domain"],
  mailDomainHint: ["この企業自身のドメインからの登録は、確認が済むまでカウントを保留します。", "Counts from the company's own domain are held for review."],
  licence: ["有料職業紹介の許可番号", "Licence number"],
  licenceHint: ["人材紹介会社のみ。例：13-ユ-123456", "Agencies only, as in 13-ユ-123456."],
  licenceExpires: ["許可の有効期限", "Licence valid until"],
  licenceValid: ["有効", "valid"],
  licenceInvalid: ["期限切れ", "not valid"],
  invite: ["招待だけを行い、参加は相手に任せる", "Only invite it; it joins when it accepts"],
  status: ["状態", "Status"],
  joined: ["参加日", "Joined on"],
  left: ["退会日", "Left on"],
  search: ["名称で探す", "Search by name"],
  doSearch: ["探す", "Search"],
  all: ["すべて", "All"],
  total: ["{n}社", "{n#organization|organizations}"],
  none: ["該当する組織がありません", "No organization is like that"],
  added: ["追加しました", "Added"],
  back: ["← 参加企業", "← Members"],
  fileHint: ["UTF-8 または Excel で保存した CSV。列：法人番号、名称、種別、業種、都道府県など。", "UTF-8, or as Excel writes it. Columns: corporate number, name, kind, industry, prefecture and so on."],
  imported: ["取り込んだ組織", "Taken in"],
  edit: ["情報を更新", "Update what is known"],
  update: ["更新する", "Update"],
  updated: ["更新しました", "Updated"],
  inviteAdmin: ["最初の管理者を招待", "Invite its first administrator"],
  inviteLead: ["招待メールを送ります。この方がメンバーを招待し、リンクを作れるようになります。", "They are sent a mail, and can then invite colleagues and make links."],
  person: ["氏名", "Name"],
  email: ["メールアドレス", "Mail address"],
  sendInvitation: ["招待メールを送る", "Send the invitation"],
  invited: ["招待メールを送りました", "The invitation is on its way"],
  accept: ["参加済みにする", "Mark as a member"],
  accepted: ["参加済みにしました", "It is a member now"],
  end: ["退会させる", "End the membership"],
  ended: ["退会の手続きをしました", "The membership is ended"],
  endAsk: [
    "「{name}」を退会させます。元には戻せません。企業ならリンクは失効し、残高は猶予期間のあとに失効します。人材紹介会社なら、そこへのリンクは停止します。",
    "End the membership of “{name}”? This cannot be undone. A company's links are revoked and its balance lapses after the grace period; links to an agency are paused.",
  ],
  facts: ["登録情報", "What is known"],
} as const satisfies Texts;

type MembershipStatus = ReturnType<typeof graphql.scalar<"MembershipStatus">>;

export const statusNames: Record<MembershipStatus, Text> = {
  INVITED: ["招待中", "Invited"],
  ACTIVE: ["参加中", "Member"],
  LEFT: ["退会", "Left"],
};

export const statusTones: Record<MembershipStatus, Tone> = { INVITED: "wait", ACTIVE: "good", LEFT: "rest" };
