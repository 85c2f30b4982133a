// What is shown while data is on its way, and where it does not arrive.
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { sayError } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { Button } from "./Button";

const texts = {
  loading: ["読み込み中…", "Loading…"],
  failed: ["読み込めませんでした", "This could not be loaded"],
  offline: ["サーバーに接続できませんでした。", "The server could not be reached."],
  again: ["もう一度試す", "Try again"],
} as const;

type LoadedProps<Data> = {
  result: { data?: Data | undefined; fetching: boolean; error?: CombinedError | undefined };
  retry: () => void;
  children: (data: Data) => ReactNode;
};

export function Loaded<Data>({ result, retry, children }: LoadedProps<Data>) {
  const say = useTexts(texts);
  if (result.data != null) return children(result.data);
  if (result.error !== undefined) {
    return (
      <div className="error-summary" role="alert">
        <strong>{say("failed")}</strong>
        <p>{sayError(result.error, say("offline"))}</p>
        <Button onClick={retry}>{say("again")}</Button>
      </div>
    );
  }
  return <Loading />;
}

export function Loading() {
  const say = useTexts(texts);
  return (
    <p className="loading" role="status">
      {say("loading")}
    </p>
  );
}
