import type { ResultOf, VariablesOf } from "gql.tada";
import { graphql } from "@/lib/graphql";

export const NetworkPicture = graphql(`
  query NetworkPicture($where: FlowNetworkFilter!) {
    flowNetwork(where: $where) {
      dataVersion
      toldFrom
      toldUntil
      edges(first: 60) {
        totalCount
        edges {
          cursor
          people
          from {
            key
            name
          }
          to {
            key
            name
          }
        }
      }
      strength {
        inWords
        rows(first: 50) {
          totalCount
          edges {
            cursor
            given
            taken
            net
            of {
              key
              name
            }
          }
        }
      }
    }
  }
`);

export const NetworkWords = graphql(`
  query NetworkWords($where: FlowNetworkFilter!) {
    flowNetwork(where: $where) {
      reciprocity {
        inWords
      }
      circulation {
        inWords
      }
      equity {
        inWords
      }
      hierarchy {
        inWords
      }
      reach {
        inWords
      }
      brokerage {
        inWords
      }
      fragility {
        inWords
      }
      communities {
        inWords
      }
      cohesion {
        inWords
      }
      backbone {
        inWords
      }
      surprise {
        inWords
      }
    }
  }
`);

export const NetworkOutcomes = graphql(`
  query NetworkOutcomes($where: FlowNetworkFilter!) {
    flowNetwork(where: $where) {
      conversion {
        inWords
      }
      waiting {
        inWords
      }
      months {
        inWords
        months {
          month
          handedPeople
          hiredPeople
        }
      }
    }
  }
`);

export const NetworkChange = graphql(`
  query NetworkChange($where: FlowNetworkFilter!, $sinceFirstDay: Date!, $sinceLastDay: Date!) {
    flowNetwork(where: $where) {
      change(sinceFirstDay: $sinceFirstDay, sinceLastDay: $sinceLastDay) {
        inWords
        significantCount
        rows(first: 20) {
          edges {
            cursor
            beforePeople
            afterPeople
            moved
            isSignificant
            from {
              name
            }
            to {
              name
            }
          }
        }
      }
    }
  }
`);

export const Sources = graphql(`
  query NetworkSources {
    flowSources(first: 100) {
      nodes {
        id
        label
      }
    }
  }
`);

export const Partners = graphql(`
  query PartnersToConsider($where: FlowNetworkFilter!) {
    partnersToConsider(where: $where, first: 20) {
      score
      sharedNeighbours
      reasons
      one {
        id
        name
        nameEn
      }
      other {
        id
        name
        nameEn
      }
    }
  }
`);

export const WhatIf = graphql(`
  query WhatIf($input: SimulateInput!) {
    simulate(input: $input) {
      aheadMonths
      assumptions
      hiredPeople {
        now {
          mean
        }
        then {
          mean
        }
        difference {
          mean
          low
          high
        }
      }
      freeHires {
        now {
          mean
        }
        then {
          mean
        }
        difference {
          mean
          low
          high
        }
      }
    }
  }
`);

export const Jobs = graphql(`
  query AnalysisJobs {
    analysisJobs(first: 20) {
      nodes {
        id
        status
        firstDay
        lastDay
        metrics
        stepsDone
        stepsTotal
        createdAt
        failure {
          message
        }
      }
    }
  }
`);

export const JobAnswer = graphql(`
  query AnalysisJobAnswer($id: ID!) {
    node(id: $id) {
      ... on AnalysisJob {
        id
        status
        network {
          dataVersion
          strength {
            inWords
          }
          reach {
            inWords
          }
          brokerage {
            inWords
          }
          communities {
            inWords
          }
          fragility {
            inWords
          }
        }
      }
    }
  }
`);

export const StartAnalysis = graphql(`
  mutation StartAnalysis($input: StartAnalysisInput!) {
    startAnalysis(input: $input) {
      job {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const CancelAnalysis = graphql(`
  mutation CancelAnalysis($input: AnalysisJobInput!) {
    cancelAnalysis(input: $input) {
      job {
        id
        status
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const NetworkChanged = graphql(`
  subscription NetworkChanged {
    networkChanged {
      dataVersion
    }
  }
`);

export type Where = VariablesOf<typeof NetworkPicture>["where"];
export type Picture = ResultOf<typeof NetworkPicture>["flowNetwork"];
export type Month = ResultOf<typeof NetworkOutcomes>["flowNetwork"]["months"]["months"][number];
export type Pair = ResultOf<typeof Partners>["partnersToConsider"][number];
export type Effect = ResultOf<typeof WhatIf>["simulate"]["hiredPeople"];
export type Job = ResultOf<typeof Jobs>["analysisJobs"]["nodes"][number];
export type Changed = ResultOf<typeof NetworkChange>["flowNetwork"]["change"]["rows"]["edges"][number];
