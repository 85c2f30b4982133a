import { useState } from "react";
import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { ErrorSummary } from "@/components/Form";
import { useToast } from "@/components/Toast";
import { idempotencyKey, useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { FreeHiresAtHand, RedeemFreeHire, ReleaseFreeHire, type Referral } from "./documents";
import { texts } from "./texts";

type FreeHirePartProps = { referral: Referral; onChanged: () => void };

/** Puts one of the company's free hires on the introduction, or takes it off. */
export function FreeHirePart({ referral, onChanged }: FreeHirePartProps) {
  const say = useTexts(texts);
  const toast = useToast();
  const [key, setKey] = useState(idempotencyKey);
  const [{ data }, refresh] = useQuery({ query: FreeHiresAtHand });
  const redeeming = useChange(RedeemFreeHire);
  const releasing = useChange(ReleaseFreeHire);
  const company = data?.viewer?.organization;
  const freeHires = company?.__typename === "Company" ? company.freeHires.nodes : [];
  const mine = freeHires.find((one) => one.referral?.id === referral.id);
  const available = freeHires.filter((one) => one.status === "AVAILABLE").length;
  const finish = (done: unknown, said: "redeemed" | "released") => {
    if (done === null) return;
    setKey(idempotencyKey());
    toast(say(said));
    refresh({ requestPolicy: "network-only" });
    onChanged();
  };
  const redeem = async () => {
    const input = { referralId: referral.id, idempotencyKey: key };
    finish(await redeeming.run({ input }), "redeemed");
  };
  if (mine === undefined && available === 0) return null;
  return (
    <div className="notice stack">
      <ErrorSummary errors={[...redeeming.errors, ...releasing.errors]} />
      <p>{mine === undefined ? say("redeemLead", { n: available }) : say("reserved")}</p>
      <div className="actions">
        {mine === undefined ? (
          <Button busy={redeeming.busy} onClick={redeem}>
            {say("redeem")}
          </Button>
        ) : (
          <Button
            busy={releasing.busy}
            onClick={async () => {
              finish(await releasing.run({ input: { id: mine.id } }), "released");
            }}
          >
            {say("release")}
          </Button>
        )}
      </div>
    </div>
  );
}
