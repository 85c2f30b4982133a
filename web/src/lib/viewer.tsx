// Who has signed in, and what they may do.
import { createContext, use } from "react";
import type { graphql } from "./graphql";

export type Role = ReturnType<typeof graphql.scalar<"Role">>;
export type Permission = ReturnType<typeof graphql.scalar<"Permission">>;

export type Viewer = {
  name: string;
  email: string;
  role: Role;
  organization: { id: string; name: string; nameEn: string | null; isCompany: boolean } | null;
  consortium: { name: string; timeZone: string };
  may: (permission: Permission) => boolean;
};

export const ViewerContext = createContext<Viewer | null>(null);

/** The signed-in person. Pages behind the gate always have one. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (viewer === null) throw new Error("used outside of the gate");
  return viewer;
}
