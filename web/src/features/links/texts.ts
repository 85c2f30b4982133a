import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["専用リンク", "Relay links"],
  lead: [
    "不採用のご連絡に添えるリンクです。ここから登録した方が、御社のカウントになります。1本のリンクで、ひとつの募集の全員に送れます。",
    "The link you put into rejection mails. People who register through it are counted for you. One link serves a whole campaign.",
  ],
  create: ["リンクを作る", "Make a link"],
  campaign: ["募集・用途", "Campaign"],
  campaignHint: [
    "候補者のページに表示されます。カウントが保留になると、コンソーシアム運営も読みます。例：2027年 新卒採用",
    "Candidates read it on the page they come to, and consortium administrators where a count is held. Such as “Graduates 2027”.",
  ],
  openingTitle: ["応募先の求人", "Opening"],
  openingTitleHint: ["候補者のページに表示されます。", "Shown to candidates on their page."],
  stage: ["選考段階", "Stage"],
  stageHint: ["例：一次面接", "Such as “first interview”."],
  usage: ["使う場所", "Where it is used"],
  expires: ["有効期限", "Counts until"],
  expiresHint: [
    "期限を過ぎても候補者は登録できますが、カウントされません。空欄なら期限なし。",
    "People can register after it, but are not counted. Leave it empty for no end.",
  ],
  noEnd: ["期限なし", "No end"],
  url: ["リンク", "Link"],
  status: ["状態", "Status"],
  registrations: ["登録", "Registered"],
  few: ["3名未満", "Fewer than 3"],
  about: ["約{n}名", "about {n}"],
  created: ["作成日", "Made on"],
  doing: ["操作", "Actions"],
  copy: ["コピー", "Copy"],
  qr: ["QRコード", "QR code"],
  qrLead: ["「{campaign}」の公開リンクです。印刷物や採用ページにお使いください。", "The public link of “{campaign}”, for a poster or a page."],
  download: ["SVGを保存", "Save as SVG"],
  pause: ["停止", "Pause"],
  resume: ["再開", "Resume"],
  revoke: ["失効", "Revoke"],
  reissue: ["再発行", "Reissue"],
  paused: ["停止しました。登録は受け付けますが、カウントされません。", "Paused. People can still register, uncounted."],
  resumed: ["再開しました", "In use again"],
  revoked: ["失効しました", "Revoked"],
  reissued: ["新しいリンクを発行し、古いリンクを失効しました", "A new link is made and the old one revoked"],
  made: ["リンクを作りました", "The link is made"],
  revokeAsk: [
    "「{campaign}」のリンクを失効します。元には戻せません。既に受け取った方は登録できますが、カウントされません。",
    "Revoke the link of “{campaign}”? This cannot be undone. People who have it can register, uncounted.",
  ],
  reissueAsk: [
    "「{campaign}」の新しいリンクを発行し、今のリンクを失効します。リンクが公開されてしまったときにお使いください。",
    "Make a new link for “{campaign}” and revoke this one? Do so when the link has leaked.",
  ],
  filter: ["状態で絞り込む", "Show"],
  all: ["すべて", "All"],
  none: ["まだリンクがありません", "There are no links yet"],
  noneLead: [
    "リンクを1本作って、不採用のご連絡に添えるところから始めましょう。",
    "Make a link and put it into your rejection mails: that is all a company has to set up.",
  ],
  noneFiltered: ["該当するリンクはありません", "No link is like that"],
  back: ["← 専用リンク", "← Relay links"],
} as const satisfies Texts;

type LinkStatus = ReturnType<typeof graphql.scalar<"LinkStatus">>;
type LinkUsage = ReturnType<typeof graphql.scalar<"LinkUsage">>;

export const statusNames: Record<LinkStatus, Text> = {
  ACTIVE: ["使用中", "In use"],
  PAUSED: ["停止中", "Paused"],
  EXPIRED: ["期限切れ", "Expired"],
  REVOKED: ["失効", "Revoked"],
};

export const statusTones: Record<LinkStatus, Tone> = {
  ACTIVE: "good",
  PAUSED: "wait",
  EXPIRED: "rest",
  REVOKED: "stop",
};

export const usageNames: Record<LinkUsage, Text> = {
  REJECTION_MAIL: ["不採用メール", "Rejection mails"],
  PUBLIC: ["公開（ページ・ポスター）", "Public: a page or a poster"],
};
