// The roles that a person may give: those of their own side.
import { roleNames } from "@/lib/names";
import type { Option } from "@/components/Form";
import type { Text } from "@/lib/i18n";
import type { Role, Viewer } from "@/lib/viewer";

const OF_ORGANIZATIONS = ["RECRUITER", "VIEWER", "ADMIN"] as const satisfies Role[];
const OF_CONSORTIA = ["ANALYST", "CONSORTIUM_ADMIN"] as const satisfies Role[];

export function rolesGivenBy(viewer: Viewer): readonly Role[] {
  return viewer.organization === null ? OF_CONSORTIA : OF_ORGANIZATIONS;
}

export function roleOptions(viewer: Viewer, name: (text: Text) => string): Option[] {
  return rolesGivenBy(viewer).map((value) => ({ value, label: name(roleNames[value]) }));
}

export function roleIn(viewer: Viewer, chosen: string): Role {
  const [first, ...others] = rolesGivenBy(viewer);
  return others.find((role) => role === chosen) ?? first ?? viewer.role;
}
