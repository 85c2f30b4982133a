// Mutations: run one, and say at which field what was refused.
import { useCallback, useState } from "react";
import {
  useClient,
  type AnyVariables,
  type CombinedError,
  type OperationResult,
  type TypedDocumentNode,
} from "urql";
import { inLanguage, useLanguage, useTexts, type Language } from "./i18n";
import { malformedIn } from "./malformed";

export type UserError = { code: string; message: string; path: readonly string[] };

type Payload = { errors: readonly { code: unknown; message: string; path: readonly string[] }[] };
type PayloadOf<Data> = NonNullable<Data[keyof Data]>;

export type Change<Data, Variables> = {
  /**
   * The payload where it was done, null where it was refused; `errors` then says why.
   *
   * It is busy from the call on, also while variables, such as a file, are still being read.
   */
  run: (variables: Variables | Promise<Variables>) => Promise<PayloadOf<Data> | null>;
  errors: readonly UserError[];
  busy: boolean;
  clear: () => void;
};

const texts = {
  offline: [
    "サーバーに接続できませんでした。通信をご確認のうえ、もう一度お試しください。",
    "The server could not be reached. Check your connection and try again.",
  ],
} as const;

export function useChange<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Change<Data, Variables> {
  const client = useClient();
  const say = useTexts(texts);
  const language = useLanguage();
  const [errors, setErrors] = useState<readonly UserError[]>([]);
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (variables: Variables | Promise<Variables>) => {
      setBusy(true);
      try {
        const result = await client.mutation(document, await variables).toPromise();
        const found = errorsOf(result, say("offline"), language);
        setErrors(found);
        return found.length > 0 ? null : payloadOf(result.data);
      } finally {
        setBusy(false);
      }
    },
    [client, document, say, language],
  );
  const clear = useCallback(() => {
    setErrors([]);
  }, []);
  return { run, errors, busy, clear };
}

function payloadOf<Data>(data: Data | undefined): PayloadOf<Data> | null {
  if (data == null) return null;
  return (Object.values(data)[0] ?? null) as PayloadOf<Data> | null;
}

function errorsOf<Data, Variables extends AnyVariables>(
  result: OperationResult<Data, Variables>,
  offline: string,
  language: Language,
): UserError[] {
  if (result.error) return [whole(result.error, offline, language)];
  const payload = payloadOf(result.data) as Payload | null;
  return (payload?.errors ?? []).map((error) => ({
    code: String(error.code),
    message: error.message,
    path: error.path.filter((part) => part !== "input"),
  }));
}

function whole(error: CombinedError, offline: string, language: Language): UserError {
  const malformed = malformedIn(error.graphQLErrors[0]?.message ?? "");
  const code = codeOf(error);
  if (malformed === null) return { code, message: sayError(error, offline), path: [] };
  return { code, message: inLanguage(malformed.hint, language), path: malformed.path };
}

export function sayError(error: CombinedError, offline: string): string {
  return error.graphQLErrors[0]?.message ?? offline;
}

export function codeOf(error: CombinedError): string {
  const code = error.graphQLErrors[0]?.extensions["code"];
  return typeof code === "string" ? code : "NETWORK";
}

/** A key with which a repeated request is answered like the first. */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}
