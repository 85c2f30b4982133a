// Whether the window is narrow: lists are then written as cards rather than tables.
import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 47.9375rem)");

function subscribe(changed: () => void): () => void {
  narrow.addEventListener("change", changed);
  return () => {
    narrow.removeEventListener("change", changed);
  };
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}
