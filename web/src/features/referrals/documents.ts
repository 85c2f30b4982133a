import { CandidateParts } from "@/lib/candidate";
import { PageParts, Refusals } from "@/lib/fragments";
import { graphql, type ResultOf } from "@/lib/graphql";

export const Referrals = graphql(
  `
    query Referrals($where: ReferralFilter, $first: Int, $after: String, $last: Int, $before: String) {
      referrals(where: $where, first: $first, after: $after, last: $last, before: $before) {
        nodes {
          id
          reference
          channel
          createdOn
          status
          isFree
          giver {
            id
            name
            nameEn
          }
          receiver {
            id
            name
            nameEn
          }
          candidate {
            id
            name
          }
          opening {
            id
            title
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

export type ReferralRow = ResultOf<typeof Referrals>["referrals"]["nodes"][number];

export const ReferralById = graphql(
  `
    query ReferralById($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on Referral {
          reference
          channel
          createdOn
          status
          declineReason
          changedAt
          deliveredAt
          respondBy
          sharedUntil
          isAsked
          isFree
          rewards {
            id
            event
            unit
            amount
            withheld
            postedOn
            reversedOn
          }
          giver {
            id
            name
            nameEn
          }
          receiver {
            id
            name
            nameEn
          }
          opening {
            id
            title
          }
          candidate {
            ...CandidateParts
          }
          hire {
            id
            joinedOn
            feeYen
            isFree
            status
            leftOn
            refundYen
            guaranteeEndsOn
            milestones {
              days
              reachedOn
            }
            exit {
              reason
              recordedBy {
                id
                name
                nameEn
              }
            }
            freeHire {
              id
            }
          }
        }
      }
    }
  `,
  [CandidateParts],
);

export type Referral = Extract<
  NonNullable<ResultOf<typeof ReferralById>["node"]>,
  { __typename: "Referral" }
>;

export type Hire = NonNullable<Referral["hire"]>;

/** The free hires of the company that can be put on an introduction, and those that are. */
export const FreeHiresAtHand = graphql(`
  query FreeHiresAtHand {
    viewer {
      organization {
        __typename
        id
        ... on Company {
          freeHires(status: { in: [AVAILABLE, RESERVED] }, first: 100) {
            nodes {
              id
              status
              expiresOn
              referral {
                id
              }
            }
          }
        }
      }
    }
  }
`);

/** The partners in force, for whom a candidate can be offered to. */
export const PartnersInForce = graphql(`
  query PartnersInForce {
    partnerships(where: { status: { eq: ACTIVE } }, first: 100) {
      nodes {
        id
        parties {
          status
          company {
            id
            name
            nameEn
          }
        }
      }
    }
  }
`);

export const OfferCandidate = graphql(
  `
    mutation OfferCandidate($input: OfferCandidateInput!) {
      offerCandidate(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const AcceptReferral = graphql(
  `
    mutation AcceptReferral($input: ReferralInput!) {
      acceptReferral(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const StartInterviews = graphql(
  `
    mutation StartInterviews($input: ReferralInput!) {
      startInterviews(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const MakeOffer = graphql(
  `
    mutation MakeOffer($input: ReferralInput!) {
      makeOffer(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const WithdrawProposal = graphql(
  `
    mutation WithdrawProposal($input: ReferralInput!) {
      withdrawProposal(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const DeclineReferral = graphql(
  `
    mutation DeclineReferral($input: DeclineReferralInput!) {
      declineReferral(input: $input) {
        referral {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RecordHire = graphql(
  `
    mutation RecordHire($input: RecordHireInput!) {
      recordHire(input: $input) {
        hire {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RedeemFreeHire = graphql(
  `
    mutation RedeemFreeHire($input: RedeemFreeHireInput!) {
      redeemFreeHire(input: $input) {
        freeHire {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ReleaseFreeHire = graphql(
  `
    mutation ReleaseFreeHire($input: FreeHireInput!) {
      releaseFreeHire(input: $input) {
        freeHire {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const RecordExit = graphql(
  `
    mutation RecordExit($input: RecordExitInput!) {
      recordExit(input: $input) {
        hire {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ReverseExit = graphql(
  `
    mutation ReverseExit($input: ReverseExitInput!) {
      reverseExit(input: $input) {
        hire {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
