import type { Text, Texts } from "@/lib/i18n";

export const texts = {
  title: ["法定の帳簿", "Registers"],
  lead: [
    "法令で備え付けが求められる記録を、期間を指定して書き出します。書き出しは監査ログに残ります。",
    "The records that the law asks you to keep, for a period. Each export is noted in the audit log.",
  ],
  period: ["期間", "Period"],
  from: ["開始日", "From"],
  to: ["終了日", "Until"],
  periodHint: ["366日以内の期間を指定してください。", "A period has at most 366 days."],
  apply: ["期間を変更", "Set the period"],
  tooLong: ["開始日以降、366日以内の終了日を指定してください。", "End on or after the first day, within 366 days."],
  files: ["書き出し", "Files"],
  register: ["帳簿", "Register"],
  about: ["内容", "What is in it"],
  download: ["ダウンロード", "Download"],
  names: [
    "氏名は、現在閲覧できる場合だけ記載されます。削除された方の氏名は、法定の期間、封をして保存されています。必要な場合は、記録番号を添えて運営者にお尋ねください。空欄の列（住所、代表者、賃金など）は Tasuki が持たない項目です。",
    "A name is there only where you may read it now. Of who was erased it is kept sealed for as long as the law asks: where you need it, ask the operator, with the record's number. Columns that stay empty (addresses, representatives, wages) are what Tasuki does not hold.",
  ],
} as const satisfies Texts;

export type Register = { path: string; name: Text; about: Text; agencyOnly: boolean };

export const registers: readonly Register[] = [
  {
    path: "provision",
    name: ["第三者提供の記録", "Records of provision"],
    about: ["個人情報保護法 第29条：誰に何を提供したか", "APPI 29: what was given to whom"],
    agencyOnly: false,
  },
  {
    path: "receipt",
    name: ["第三者提供を受けた記録", "Records of receipt"],
    about: ["個人情報保護法 第30条：誰から何を受けたか", "APPI 30: what was received from whom"],
    agencyOnly: false,
  },
  {
    path: "openings",
    name: ["求人管理簿", "Register of openings"],
    about: ["職業安定法：受け付けた求人と紹介", "Employment Security Act: openings, and whom you introduced"],
    agencyOnly: true,
  },
  {
    path: "seekers",
    name: ["求職管理簿", "Register of seekers"],
    about: ["職業安定法：求職者と紹介", "Employment Security Act: seekers, and where you introduced them"],
    agencyOnly: true,
  },
  {
    path: "fees",
    name: ["手数料管理簿", "Register of fees"],
    about: ["職業安定法：採用と手数料、返戻金", "Employment Security Act: hires with fees and refunds"],
    agencyOnly: true,
  },
];
