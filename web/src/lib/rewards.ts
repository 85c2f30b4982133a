// How rewards of partnerships are called by people.
import { useCallback } from "react";
import { useFormat } from "./format";
import type { graphql } from "./graphql";
import { useTexts, type Text } from "./i18n";

export type RewardEvent = ReturnType<typeof graphql.scalar<"RewardEvent">>;
export type Unit = ReturnType<typeof graphql.scalar<"Unit">>;
type RewardWithheld = ReturnType<typeof graphql.scalar<"RewardWithheld">>;

export const rewardEventNames: Record<RewardEvent, Text> = {
  REFERRAL: ["紹介が受け入れられたとき", "When a referral is taken up"],
  HIRE: ["入社したとき", "When the person joins"],
  STAYED_90: ["90日在籍したとき", "When the person has stayed 90 days"],
};

export const rewardUnitNames: Record<Unit, Text> = {
  COUNT: ["ボーナスカウント（紹介元の企業へ）", "Bonus counts, for the company that gave the person on"],
  FREE_HIRE: ["無料採用枠（紹介元の企業へ）", "Free hires, for the company that gave the person on"],
  REWARD: ["円（受け入れた企業から人材紹介会社へ）", "Yen, from the receiving company to the agency"],
};

export const withheldNames: Record<RewardWithheld, Text> = {
  LICENCE_LAPSED: ["人材紹介会社の許可が切れていたため見送り", "Withheld: the agency’s licence had lapsed"],
  AGENCY_LEFT: ["人材紹介会社が退会していたため見送り", "Withheld: the agency had left"],
  COMPANY_LEFT: ["企業が退会していたため見送り", "Withheld: the company had left"],
};

const texts = {
  COUNT: ["カウント {n}", "{n#count|counts}"],
  FREE_HIRE: ["無料採用枠 {n}", "{n#free hire|free hires}"],
} as const;

/** An amount with its unit. */
export function useAmount(): (of: { unit: Unit; amount: number }) => string {
  const say = useTexts(texts);
  const format = useFormat();
  return useCallback(
    ({ unit, amount }) => (unit === "REWARD" ? format.yen(amount) : say(unit, { n: amount })),
    [say, format],
  );
}
