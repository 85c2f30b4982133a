// Changes as they happen, over server-sent events. Each only says: look again.
import { useSubscription } from "urql";
import { graphql } from "./graphql";

const ReferralChanged = graphql(`
  subscription ReferralChanged {
    referralChanged {
      id
      status
    }
  }
`);

const FreeHireEarned = graphql(`
  subscription FreeHireEarned {
    freeHireEarned {
      id
      expiresOn
    }
  }
`);

const PartnershipChanged = graphql(`
  subscription PartnershipChanged {
    partnershipChanged {
      id
      status
    }
  }
`);

export function useReferralChanges(look: () => void): void {
  useSubscription({ query: ReferralChanged }, (_, changed) => {
    look();
    return changed;
  });
}

export function useFreeHiresEarned(look: () => void): void {
  useSubscription({ query: FreeHireEarned }, (_, earned) => {
    look();
    return earned;
  });
}

export function usePartnershipChanges(look: () => void): void {
  useSubscription({ query: PartnershipChanged }, (_, changed) => {
    look();
    return changed;
  });
}
