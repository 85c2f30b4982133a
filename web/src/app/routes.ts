// Each page is a file of its own to the browser: what a person does not open is not loaded.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Permission } from "@/lib/viewer";

type PageOf = LazyExoticComponent<ComponentType<{ id: string }>>;
export type PageRoute = { path: string; page: PageOf; needs: Permission };

export const ROUTES: readonly PageRoute[] = [
  { path: "/links", page: lazy(() => import("@/features/links/LinksPage")), needs: "READ_LINKS" },
  { path: "/links/new", page: lazy(() => import("@/features/links/NewLinkPage")), needs: "MANAGE_LINKS" },
];
