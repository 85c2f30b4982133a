import { Refusals } from "@/lib/fragments";
import { graphql, type FragmentOf, type ResultOf } from "@/lib/graphql";

export const AssumptionParts = graphql(`
  fragment AssumptionParts on HiringAssumptions @_unmask {
    validFrom
    costPerHireYen
    hiresAYear
    advertisingYenAYear
    agencyHiresAYear
    agencyFeePercent
    yearlyPayYen
    participationYenAYear
    note
  }
`);

export type Assumptions = FragmentOf<typeof AssumptionParts>;

export const SavingsParts = graphql(
  `
    fragment SavingsParts on Savings @_unmask {
      hires
      replacedYen
      paidYen
      savedYen
      participationYen
      netSavedYen
      outsideYen
      withoutNetworkYen
      reductionPercent
      inWords
      lines {
        firstDay
        lastDay
        kind
        hires
        earlyExits
        costPerHireYen
        replacedYen
        paidYen
        savedYen
      }
      needs {
        assumption
        firstDay
        inWords
      }
    }
  `,
);

export type Savings = FragmentOf<typeof SavingsParts>;
export type SavingsLine = Savings["lines"][number];

export const ChancesParts = graphql(`
  fragment ChancesParts on SecondChances @_unmask {
    registrations
    foundWork
    endedWithout
    throughPartners
    hires
    inWords
    quartiles {
      inWords
    }
  }
`);

export type Chances = FragmentOf<typeof ChancesParts>;

export const VoicesParts = graphql(`
  fragment VoicesParts on SurveyAnswers @_unmask {
    kind
    question
    answers
    mean
    agreeingPercent
    inWords
    scores {
      score
      people
    }
  }
`);

export type Voices = FragmentOf<typeof VoicesParts>;

export const ImpactOfPeriod = graphql(
  `
    query ImpactOfPeriod($period: ImpactPeriod!) {
      impact(period: $period) {
        firstDay
        lastDay
        toldFirstDay
        toldLastDay
        smallestCount
        savings {
          ...SavingsParts
        }
        secondChances {
          ...ChancesParts
        }
        surveys {
          ...VoicesParts
        }
        retention {
          hires
          earlyExits
          milestones {
            days
            could
            did
            percent
            lowestPercent
            highestPercent
          }
        }
        baseline {
          stayed30Percent
          stayed90Percent
          stayed180Percent
        }
      }
      hiringAssumptions {
        ...AssumptionParts
      }
    }
  `,
  [SavingsParts, ChancesParts, VoicesParts, AssumptionParts],
);

export type Impact = ResultOf<typeof ImpactOfPeriod>["impact"];

export const StateAssumptions = graphql(
  `
    mutation StateAssumptions($input: StateAssumptionsInput!) {
      stateAssumptions(input: $input) {
        company {
          id
        }
        ...Refusals
      }
    }
  `,
  [Refusals],
);
