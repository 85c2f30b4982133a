import { Refusals } from "@/lib/fragments";
import { graphql } from "@/lib/graphql";
import type { Texts } from "@/lib/i18n";

export const RequestPasswordReset = graphql(
  `
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
      requestPasswordReset(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const ResetPassword = graphql(
  `
    mutation ResetPassword($input: ResetPasswordInput!) {
      resetPassword(input: $input) {
        ...Refusals
      }
    }
  `,
  [Refusals],
);

export const texts = {
  forgotten: ["パスワードをお忘れですか", "Forgotten your password?"],
  forgottenLead: [
    "サインインに使うメールアドレスに、再設定用のリンクをお送りします。",
    "We mail a link to the address you sign in with. By it you choose a new password.",
  ],
  email: ["メールアドレス", "Mail address"],
  send: ["リンクを送る", "Mail the link"],
  sent: ["メールをご確認ください", "Look into your mail"],
  sentLead: [
    "このアドレスでサインインできる方がいれば、リンクをお送りしました。リンクは1時間、一度だけ使えます。",
    "If someone signs in with this address, the link is on its way. It works once, for one hour.",
  ],
  nothingCame: [
    "届かない場合は、迷惑メールのフォルダーとアドレスの綴りをご確認ください。招待をまだ受けていない方には届きません。",
    "Nothing came? Look into the spam folder and check the address. Who has not accepted an invitation yet gets no link.",
  ],
  toSignIn: ["サインインへ戻る", "Back to signing in"],
  reset: ["新しいパスワード", "A new password"],
  resetLead: [
    "新しいパスワードを決めるとサインインします。ほかの端末はサインアウトされます。",
    "Choose a new password, and you are signed in. Other devices are signed out.",
  ],
  mismatch: ["2回の入力が一致しません。", "The two entries differ."],
  take: ["設定してサインイン", "Set it and sign in"],
  askAgain: ["リンクをもう一度送る", "Mail another link"],
} as const satisfies Texts;
