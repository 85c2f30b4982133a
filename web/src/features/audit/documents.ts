import { PageParts } from "@/lib/fragments";
import { graphql } from "@/lib/graphql";

export const AuditEntries = graphql(
  `
    query AuditEntries($where: AuditEntryFilter, $first: Int, $after: String, $last: Int, $before: String) {
      auditHead {
        number
        hash
      }
      auditEntries(where: $where, first: $first, after: $after, last: $last, before: $before) {
        nodes {
          number
          at
          actorKind
          action
          subject
          details
          hash
        }
        pageInfo {
          ...PageParts
        }
      }
    }
  `,
  [PageParts],
);
