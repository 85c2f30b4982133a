import { PageParts } from "@/lib/fragments";
import { graphql } from "@/lib/graphql";

export const FlowEdges = graphql(
  `
    query FlowEdges($where: FlowWindow!, $first: Int, $after: String, $last: Int, $before: String) {
      flowEdges(where: $where, first: $first, after: $after, last: $last, before: $before) {
        edges {
          cursor
          channel
          event
          referrals
          from {
            id
            name
            nameEn
          }
          node {
            id
            name
            nameEn
          }
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [PageParts],
);
