import { useTexts } from "@/lib/i18n";
import type { PageInfo, Paging } from "@/lib/paging";
import { Button } from "./Button";

const texts = {
  pages: ["ページ送り", "Pages"],
  previous: ["前へ", "Previous"],
  next: ["次へ", "Next"],
  total: ["全{n}件", "{n#entry|entries} in all"],
} as const;

type PaginationProps = { paging: Paging; info: PageInfo; total?: number | null };

export function Pagination({ paging, info, total = null }: PaginationProps) {
  const say = useTexts(texts);
  if (!info.hasNextPage && !info.hasPreviousPage) return null;
  return (
    <nav className="pagination" aria-label={say("pages")}>
      {total !== null && <span className="total">{say("total", { n: total })}</span>}
      <Button
        disabled={!info.hasPreviousPage}
        onClick={() => {
          paging.previous(info);
        }}
      >
        ← {say("previous")}
      </Button>
      <Button
        disabled={!info.hasNextPage}
        onClick={() => {
          paging.next(info);
        }}
      >
        {say("next")} →
      </Button>
    </nav>
  );
}
