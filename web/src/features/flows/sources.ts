// Flows from before the consortium or from elsewhere: asking for them, importing, removing.
import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const FlowSources = graphql(
  `
    query FlowSources($first: Int, $after: String, $last: Int, $before: String) {
      flowSources(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          label
          smallestCount
          nodeCount
          people
          firstDay
          lastDay
          importedAt
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [PageParts],
);

export type Source = ResultOf<typeof FlowSources>["flowSources"]["nodes"][number];

export const ImportFlows = graphql(
  `
    mutation ImportFlows($input: ImportFlowsInput!) {
      importFlows(input: $input) {
        imported
        refusedCount
        refusedRows {
          line
          column
          code
          reason
        }
        unknownColumns
        flowSource {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RemoveFlowSource = graphql(
  `
    mutation RemoveFlowSource($input: RemoveFlowSourceInput!) {
      removeFlowSource(input: $input) {
        removedId
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const texts = {
  title: ["取り込んだ流れ", "Imported flows"],
  lead: [
    "コンソーシアムの開始前や、ほかの調査による人材の流れ。自社の流れとは分けて示します。",
    "Flows from before the consortium or from other studies, shown apart from its own.",
  ],
  back: ["人材の流れ", "Flows"],
  backToSources: ["取り込んだ流れ", "Imported flows"],
  upload: ["CSVを取り込む", "Import a CSV file"],
  none: ["まだありません", "There are none yet"],
  label: ["名称", "Label"],
  labelHint: ["100文字まで。分析で元データを選ぶときに使います。", "At most 100 characters: by it analyses choose the source."],
  nodes: ["組織の数", "Organizations"],
  people: ["人数", "People"],
  period: ["期間", "Period"],
  undated: ["日付なし", "undated"],
  smallest: ["丸めの単位", "Told in multiples of"],
  smallestHint: [
    "公開済みの数なら1。空欄ならコンソーシアムの設定に従います。",
    "1 where the numbers are public already; the consortium's setting where empty.",
  ],
  importedAt: ["取り込んだ日時", "Imported"],
  flowsFile: ["流れのCSVファイル", "CSV file of flows"],
  flowsHint: [
    "列: source（どこから）、target（どこへ）、date または year、count または hires（人数）、outcome（結果）。20万行まで。",
    "Columns: source, target, date or year, count or hires, outcome. At most 200,000 rows.",
  ],
  nodesFile: ["組織名のCSVファイル", "CSV file of names"],
  nodesHint: [
    "流れのファイルが番号だけのときに。列: id、name。",
    "Where the flows have only ids. Columns: id, name.",
  ],
  replace: ["同じ名称の元データを置き換える", "Take the place of the source with this label"],
  imported: ["取り込んだ行", "Rows taken in"],
  remove: ["削除", "Remove"],
  removeOf: ["「{label}」を削除", "Remove “{label}”"],
  removeAsk: ["この元データの流れをすべて削除します。元に戻せません。", "All flows of this source go. This cannot be undone."],
  removed: ["削除しました。", "Removed."],
} as const;
