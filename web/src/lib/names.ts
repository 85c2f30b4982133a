// How the values of the schema's enums are called by people.
import type { Tone } from "@/components/Status";
import type { graphql } from "./graphql";
import type { Text } from "./i18n";
import type { Role } from "./viewer";

export type ReferralStatus = ReturnType<typeof graphql.scalar<"ReferralStatus">>;
export type Channel = ReturnType<typeof graphql.scalar<"Channel">>;
export type FreeHireStatus = ReturnType<typeof graphql.scalar<"FreeHireStatus">>;
export type HireStatus = ReturnType<typeof graphql.scalar<"HireStatus">>;
export type CandidateField = ReturnType<typeof graphql.scalar<"CandidateField">>;
export type CountStatus = ReturnType<typeof graphql.scalar<"CountStatus">>;

export const roleNames: Record<Role, Text> = {
  ADMIN: ["管理者", "Administrator"],
  RECRUITER: ["採用担当", "Recruiter"],
  VIEWER: ["閲覧のみ", "Viewer"],
  CONSORTIUM_ADMIN: ["コンソーシアム運営", "Consortium administrator"],
  ANALYST: ["分析担当", "Analyst"],
};

export const referralStatusNames: Record<ReferralStatus, Text> = {
  REQUESTED: ["依頼中", "Requested"],
  PROPOSED: ["候補者の返答待ち", "Waiting for the candidate"],
  AGREED: ["候補者が同意", "Candidate agreed"],
  DELIVERED: ["新着の紹介", "New introduction"],
  ACCEPTED: ["受け入れ済み", "Taken up"],
  INTERVIEWING: ["面接中", "Interviewing"],
  OFFERED: ["内定", "Offered"],
  HIRED: ["採用", "Hired"],
  DECLINED: ["見送り", "Declined"],
  WITHDRAWN: ["辞退・取り下げ", "Withdrawn"],
  RECALLED: ["同意の終了", "Recalled"],
  EXPIRED: ["期限切れ", "Expired"],
  NO_SUITABLE_OPENING: ["該当求人なし", "No suitable opening"],
};

export const referralStatusTones: Record<ReferralStatus, Tone> = {
  REQUESTED: "wait",
  PROPOSED: "wait",
  AGREED: "wait",
  DELIVERED: "wait",
  ACCEPTED: "good",
  INTERVIEWING: "good",
  OFFERED: "good",
  HIRED: "good",
  DECLINED: "rest",
  WITHDRAWN: "rest",
  RECALLED: "stop",
  EXPIRED: "rest",
  NO_SUITABLE_OPENING: "rest",
};

export const channelNames: Record<Channel, Text> = {
  RELAY_LINK: ["専用リンクから登録", "Through a relay link"],
  AGENCY_INTRODUCTION: ["人材紹介会社の紹介", "Introduced by an agency"],
  PARTNER_SHARE: ["提携先の紹介", "Shared by a partner"],
};

export const freeHireStatusNames: Record<FreeHireStatus, Text> = {
  AVAILABLE: ["使えます", "Available"],
  RESERVED: ["紹介に使用予定", "On an introduction"],
  SPENT: ["使用済み", "Spent"],
  EXPIRED: ["期限切れ", "Expired"],
  TAKEN_BACK: ["取り消し", "Taken back"],
};

export const freeHireStatusTones: Record<FreeHireStatus, Tone> = {
  AVAILABLE: "good",
  RESERVED: "wait",
  SPENT: "rest",
  EXPIRED: "rest",
  TAKEN_BACK: "stop",
};

export const hireStatusNames: Record<HireStatus, Text> = {
  JOINED: ["在籍中", "Employed"],
  LEFT_EARLY: ["保証期間内に退職", "Left within the guarantee"],
  LEFT: ["退職", "Left"],
};

export const hireStatusTones: Record<HireStatus, Tone> = {
  JOINED: "good",
  LEFT_EARLY: "stop",
  LEFT: "rest",
};

export const countStatusNames: Record<CountStatus, Text> = {
  PENDING: ["メール確認待ち", "Address not confirmed"],
  COUNTED: ["カウント済み", "Counted"],
  HELD: ["確認待ち", "Waiting for review"],
  NOT_COUNTED: ["カウント対象外", "Not counted"],
  REVERSED: ["取り消し", "Taken back"],
};

export const countStatusTones: Record<CountStatus, Tone> = {
  PENDING: "rest",
  COUNTED: "good",
  HELD: "wait",
  NOT_COUNTED: "rest",
  REVERSED: "stop",
};

export const candidateFieldNames: Record<CandidateField, Text> = {
  NAME: ["氏名", "Name"],
  EMAIL: ["メールアドレス", "Mail address"],
  PHONE: ["電話番号", "Telephone"],
  WISHES: ["希望・自己紹介", "Wishes"],
  CATEGORY: ["職種", "Job category"],
  EXPERIENCE: ["経験年数", "Experience"],
  SKILLS: ["スキル", "Skills"],
  PREFECTURE: ["お住まい", "Lives in"],
  DESIRED_PREFECTURES: ["希望の勤務地", "Would work in"],
};

export const CANDIDATE_FIELDS = Object.keys(candidateFieldNames) as readonly CandidateField[];

/** Whether a field tells who a person is: no partner reads it before the candidate's yes. */
export function identifies(field: CandidateField): boolean {
  return field === "NAME" || field === "EMAIL" || field === "PHONE" || field === "WISHES";
}
