import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["メール送信", "Mailings"],
  lead: ["CSV の方々に、不採用のご連絡と専用リンクを1通ずつ送ります。", "Sends each person of a CSV one rejection mail with your relay link."],
  create: ["CSVを読み込む", "Load a CSV"],
  none: ["まだ送信がありません", "There are no mailings yet"],
  noneLead: ["氏名とメールアドレスの列がある CSV を読み込むと、送る前に内容を確認できます。", "Load a CSV with names and addresses. Nothing is sent before you start it."],
  link: ["専用リンク", "Relay link"],
  linkHint: ["不採用メール用の、使用中のリンクから選びます。", "One in use, made for rejection mails."],
  chooseLink: ["リンクを選ぶ", "Choose a link"],
  template: ["文面", "Template"],
  standard: ["標準の文面", "The standard one"],
  file: ["CSVファイル", "CSV file"],
  fileHint: ["列：氏名、メールアドレス（必須）。求人、職種、段階、不採用日、言語も読み込めます。Excel で保存した CSV も使えます。", "Columns: name and mail address; also opening, category, stage, date and language. A CSV from Excel works."],
  keepGood: ["問題のない行だけを読み込む", "Load the good rows even if others are refused"],
  keepGoodHint: ["選ばない場合、1行でも問題があれば何も読み込みません。", "Otherwise nothing is loaded if any row is refused."],
  purge: ["宛先を保存する日数", "Keep the people for (days)"],
  purgeHint: ["送信を始めてからこの日数で、氏名とアドレスを消去します。1〜90日。", "Names and addresses are erased so many days after the start, 1 to 90."],
  doLoad: ["読み込む", "Load"],
  reading: ["ファイルを確認しています…", "Reading the file…"],
  needFile: ["ファイルを選んでください。", "Choose a file."],
  tooLarge: ["ファイルは5MBまでです。分けて読み込んでください。", "A file may have at most 5 MB. Split it."],
  noLinks: ["メール用のリンクがありません", "There is no link for mails"],
  makeLink: ["リンクを作る", "Make a link"],
  report: ["読み込めなかった行", "Rows that were refused"],
  reportNone: ["{n}行に問題があったため、読み込みを止めました。CSV を直すか、「問題のない行だけを読み込む」を選んでください。", "{n#row was|rows were} refused, so nothing was loaded. Correct the file, or load the good rows only."],
  reportSome: ["{n}行を除いて読み込みました。", "Loaded, but for {n#row|rows}."],
  refusedMore: ["先頭の{n}行を表示しています。", "The first {n} are shown."],
  unknownColumns: ["使わなかった列：{columns}", "Columns that were passed over: {columns}"],
  goOn: ["送信の確認へ進む", "Go on to the mailing"],
  loaded: ["読み込みました", "Loaded"],
  people: ["宛先", "People"],
  count: ["{n}名", "{n#person|people}"],
  status: ["状態", "Status"],
  created: ["読み込み日時", "Loaded"],
  started: ["送信開始", "Started"],
  ended: ["終了", "Ended"],
  purgeAfter: ["宛先の消去予定", "People are erased"],
  purged: ["宛先は{day}に消去しました。", "The people were erased on {day}."],
  start: ["送信を始める", "Start sending"],
  startAsk: ["{n}名に送信します。始めると、送信済みのメールは取り消せません。", "Send to {n#person|people}? Mails that have left cannot be called back."],
  startedNow: ["送信を始めました", "Sending has begun"],
  cancel: ["送信を止める", "Stop sending"],
  cancelAsk: ["まだ送っていない方への送信を止めます。再開はできません。", "Those not written to yet will not be. This cannot be undone."],
  discard: ["取り消す", "Discard it"],
  cancelled: ["止めました", "Stopped"],
  progress: ["{of}名のうち{done}名が完了", "{done} of {of} done"],
  sent: ["送信済み", "Sent"],
  queued: ["送信待ち", "Waiting"],
  bounced: ["不達", "Bounced"],
  failed: ["失敗", "Failed"],
  cancelledMails: ["取り消し", "Cancelled"],
  results: ["宛先ごとの結果", "Person by person"],
  line: ["行", "Line"],
  name: ["氏名", "Name"],
  erased: ["消去済み", "erased"],
  unnamed: ["氏名非公開", "Unnamed"],
  opening: ["求人", "Opening"],
  reason: ["応答", "Answer"],
  back: ["← メール送信", "← Mailings"],
  absent: ["送信が見つかりません", "There is no such mailing"],
} as const satisfies Texts;

type MailingStatus = ReturnType<typeof graphql.scalar<"MailingStatus">>;
type MailStatus = ReturnType<typeof graphql.scalar<"MailStatus">>;

export const mailingStatusNames: Record<MailingStatus, Text> = {
  DRAFT: ["送信前", "Not started"],
  RUNNING: ["送信中", "Sending"],
  FINISHED: ["完了", "Finished"],
  CANCELLED: ["中止", "Stopped"],
};

export const mailingStatusTones: Record<MailingStatus, Tone> = {
  DRAFT: "wait",
  RUNNING: "wait",
  FINISHED: "good",
  CANCELLED: "stop",
};

export const mailStatusNames: Record<MailStatus, Text> = {
  QUEUED: ["送信待ち", "Waiting"],
  SENT: ["送信済み", "Sent"],
  BOUNCED: ["不達", "Bounced"],
  FAILED: ["失敗", "Failed"],
  CANCELLED: ["取り消し", "Cancelled"],
};

export const mailStatusTones: Record<MailStatus, Tone> = {
  QUEUED: "wait",
  SENT: "good",
  BOUNCED: "stop",
  FAILED: "stop",
  CANCELLED: "rest",
};

export const DEFAULT_NAME = "default";
