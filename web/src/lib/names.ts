// How the values of the schema's enums are called by people.
import type { Text } from "./i18n";
import type { Role } from "./viewer";

export const roleNames: Record<Role, Text> = {
  ADMIN: ["管理者", "Administrator"],
  RECRUITER: ["採用担当", "Recruiter"],
  VIEWER: ["閲覧のみ", "Viewer"],
  CONSORTIUM_ADMIN: ["コンソーシアム運営", "Consortium administrator"],
  ANALYST: ["分析担当", "Analyst"],
};
