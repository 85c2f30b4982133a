// Taking the flow network out as a file.
import { graphql } from "./graphql";
import type { Text } from "./i18n";

export type NetworkFormat = ReturnType<typeof graphql.scalar<"NetworkFormat">>;
export type FlowNetworkFilter = ReturnType<typeof graphql.scalar<"FlowNetworkFilter">>;

export const formatNames: Record<NetworkFormat, Text> = {
  GEXF: ["GEXF（Gephi。月ごとの数つき）", "GEXF (Gephi, with months)"],
  GRAPHML: ["GraphML（yEd など）", "GraphML (yEd and others)"],
  NODE_LINK_JSON: ["JSON（networkx）", "JSON (networkx)"],
  GRAPHOLOGY_JSON: ["JSON（graphology）", "JSON (graphology)"],
  CSV: ["CSV（表計算）", "CSV (spreadsheets)"],
  PARQUET: ["Parquet（pandas、DuckDB）", "Parquet (pandas, DuckDB)"],
};

export const ExportFlowNetwork = graphql(`
  mutation ExportFlowNetwork($input: ExportFlowNetworkInput!) {
    exportFlowNetwork(input: $input) {
      url
      expiresAt
      fileName
      errors {
        code
        message
        path
      }
    }
  }
`);
