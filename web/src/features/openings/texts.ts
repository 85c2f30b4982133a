import type { Text, Texts } from "@/lib/i18n";
import type { graphql } from "@/lib/graphql";
import type { Tone } from "@/components/Status";

export const texts = {
  title: ["求人", "Openings"],
  lead: ["募集中の仕事です。人材紹介会社が、合う候補者を紹介します。", "Positions to fill. Agencies introduce candidates who fit."],
  upload: ["CSVで追加", "Add from a CSV"],
  fileHint: ["UTF-8 または Excel で保存した CSV。列：求人名、職種、必要スキル、勤務地、必要経験年数、採用人数、募集期限。人材紹介会社は法人番号も。", "UTF-8, or as Excel writes it. Columns: title, category, skills, place, years of experience, headcount, open until; for agencies also the corporate number."],
  imported: ["取り込んだ求人", "Openings taken in"],
  create: ["求人を出す", "Add an opening"],
  name: ["求人名", "Title"],
  nameHint: ["例：法人営業（大阪）", "Such as “Sales, Osaka”."],
  category: ["職種", "Job category"],
  prefecture: ["勤務地", "Place"],
  anywhere: ["指定なし", "Anywhere"],
  skills: ["求めるスキル", "Skills"],
  skillsHint: ["一覧から選んで追加してください。20個まで。", "Choose from the list to add; at most 20."],
  addSkill: ["スキルを追加", "Add a skill"],
  removeSkill: ["{name} を外す", "Remove {name}"],
  experience: ["必要な経験年数", "Years of experience"],
  experienceHint: ["0〜50年。問わないときは空のまま。", "0 to 50; leave it empty if you do not ask for any."],
  years: ["{n}年以上", "{n} or more"],
  notAsked: ["不問", "Not asked for"],
  fitting: ["合いそうな候補者", "Candidates who fit"],
  fittingLead: ["御社が担当している方から、本人が見せている情報だけで判定した目安です。企業には伝わりません。", "Advice, from those in your care, by what they let you see. No company learns of it."],
  noFitting: ["合いそうな候補者はいません", "No candidate fits"],
  candidate: ["候補者", "Candidate"],
  unnamed: ["氏名非公開", "Unnamed"],
  headcount: ["募集人数", "Headcount"],
  people: ["{n}名", "{n#person|people}"],
  until: ["募集期限", "Open until"],
  noEnd: ["期限なし", "No end"],
  company: ["企業", "Company"],
  companySearch: ["企業名で探す", "Search a company"],
  search: ["探す", "Search"],
  keeper: ["管理", "Kept by"],
  status: ["状態", "Status"],
  filter: ["状態", "Status"],
  all: ["すべて", "All"],
  none: ["求人がありません", "There are no openings"],
  noneLead: ["求人を出すと、人材紹介会社が候補者を紹介できるようになります。", "Add one, and agencies can introduce candidates for it."],
  created: ["求人を出しました", "The opening is added"],
  save: ["保存", "Save"],
  saved: ["保存しました", "Saved"],
  close: ["募集を終える", "Close it"],
  closeAsk: ["「{title}」の募集を終えます。進行中の紹介はそのまま続きます。", "Close “{title}”? Introductions under way go on."],
  closed: ["募集を終えました", "The opening is closed"],
  back: ["← 求人", "← Openings"],
  absent: ["求人が見つかりません", "There is no such opening"],
  edit: ["内容", "What it says"],
} as const satisfies Texts;

type OpeningStatus = ReturnType<typeof graphql.scalar<"OpeningStatus">>;

export const statusNames: Record<OpeningStatus, Text> = { OPEN: ["募集中", "Open"], CLOSED: ["終了", "Closed"] };
export const statusTones: Record<OpeningStatus, Tone> = { OPEN: "good", CLOSED: "rest" };
