import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf, type ResultOf } from "@/lib/graphql";

export const Meetings = graphql(
  `
    query Meetings($where: MeetingFilter, $first: Int, $after: String, $last: Int, $before: String) {
      meetings(where: $where, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes {
          id
          title
          status
          startsAt
          partnership {
            id
            name
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

export type MeetingRow = ResultOf<typeof Meetings>["meetings"]["nodes"][number];

export const Party = graphql(`
  fragment Party on Organization @_unmask {
    id
    name
    nameEn
  }
`);

export const PackParts = graphql(
  `
    fragment PackParts on MeetingPack @_unmask {
      firstDay
      lastDay
      preparedAt
      words
      exchanges {
        giver {
          ...Party
        }
        receiver {
          ...Party
        }
        offered
        asked
        handedOver
        takenUp
        hired
        bonusCounts
        freeHires
        rewardYen
      }
      flows {
        channel
        event
        referrals
      }
      changes {
        figure
        verdict
        words
      }
      suggestions {
        score
        reasons
        company {
          ...Party
        }
        partner {
          ...Party
        }
      }
    }
  `,
  [Party],
);

export type Pack = FragmentOf<typeof PackParts>;

export const DecisionParts = graphql(
  `
    fragment DecisionParts on MeetingDecision @_unmask {
      id
      number
      text
      ownerName
      dueOn
      figure
      owner {
        ...Party
      }
      terms {
        id
        number
        status
      }
      effect {
        firstDayBefore
        lastDayAfter
        comparison {
          verdict
          words
        }
      }
    }
  `,
  [Party],
);

export type Decision = FragmentOf<typeof DecisionParts>;

export const MeetingById = graphql(
  `
    query MeetingById($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Meeting {
          title
          status
          isOfConsortium
          startsAt
          durationMinutes
          place
          url
          agenda
          minutes
          previous {
            id
            title
            status
          }
          partnership {
            id
            name
            status
            parties {
              status
              company {
                ...Party
              }
            }
          }
          pack {
            ...PackParts
          }
          decisions {
            ...DecisionParts
          }
        }
      }
    }
  `,
  [Party, PackParts, DecisionParts],
);

export type Meeting = Extract<NonNullable<ResultOf<typeof MeetingById>["node"]>, { __typename: "Meeting" }>;

/** The partnerships that a meeting can be set for. */
export const MeetingPartnerships = graphql(`
  query MeetingPartnerships {
    partnerships(where: { status: { in: [ACTIVE, SUSPENDED] } }, first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);

export const ScheduleMeeting = graphql(
  `
    mutation ScheduleMeeting($input: ScheduleMeetingInput!) {
      scheduleMeeting(input: $input) {
        meeting {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RescheduleMeeting = graphql(
  `
    mutation RescheduleMeeting($input: RescheduleMeetingInput!) {
      rescheduleMeeting(input: $input) {
        meeting {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const CancelMeeting = graphql(
  `
    mutation CancelMeeting($input: MeetingInput!) {
      cancelMeeting(input: $input) {
        meeting {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const PrepareMeeting = graphql(
  `
    mutation PrepareMeeting($input: MeetingInput!) {
      prepareMeeting(input: $input) {
        meeting {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const HoldMeeting = graphql(
  `
    mutation HoldMeeting($input: MeetingMinutesInput!) {
      holdMeeting(input: $input) {
        meeting {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const AmendMinutes = graphql(
  `
    mutation AmendMinutes($input: MeetingMinutesInput!) {
      amendMinutes(input: $input) {
        meeting {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const DecideMeeting = graphql(
  `
    mutation DecideMeeting($input: DecideMeetingInput!) {
      decideMeeting(input: $input) {
        meeting {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ReviewMeeting = graphql(
  `
    mutation ReviewMeeting($input: MeetingInput!) {
      reviewMeeting(input: $input) {
        meeting {
          id
          status
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
