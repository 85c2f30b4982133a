// Which page of a connection the address names, so that a reload shows the same one.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

export const PAGE_SIZE = 20;

export type PageVariables = {
  first: number | null;
  after: string | null;
  last: number | null;
  before: string | null;
};

export type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};

export type Paging = {
  variables: PageVariables;
  next: (info: PageInfo) => void;
  previous: (info: PageInfo) => void;
};

export function usePaging(size = PAGE_SIZE): Paging {
  const [search, setSearch] = useSearchParams();
  const after = search.get("after");
  const before = search.get("before");
  const variables = useMemo(
    () =>
      before === null
        ? { first: size, after, last: null, before: null }
        : { first: null, after: null, last: size, before },
    [after, before, size],
  );
  const move = useCallback(
    (to: "after" | "before", cursor: string | null) => {
      setSearch((current) => {
        const changed = withoutCursors(current);
        if (cursor !== null) changed.set(to, cursor);
        return changed;
      });
    },
    [setSearch],
  );
  return {
    variables,
    next: (info) => {
      move("after", info.endCursor);
    },
    previous: (info) => {
      move("before", info.startCursor);
    },
  };
}

/** A value kept in the address. Changing it begins at the first page again. */
export function useSearchValue(name: string): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (value: string) => {
      setSearch(
        (current) => {
          const changed = withoutCursors(current);
          if (value === "") changed.delete(name);
          else changed.set(name, value);
          return changed;
        },
        { replace: true },
      );
    },
    [name, setSearch],
  );
  return [search.get(name) ?? "", change];
}

function withoutCursors(search: URLSearchParams): URLSearchParams {
  const changed = new URLSearchParams(search);
  changed.delete("after");
  changed.delete("before");
  return changed;
}
