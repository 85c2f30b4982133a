import { createContext, use, useCallback, useEffect, useState, type ReactNode } from "react";

const SHOWN_MILLISECONDS = 6000;

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Says shortly that something was done; screen readers read it where they are. */
export function useToast(): (text: string) => void {
  return use(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState({ text: "", number: 0 });
  const show = useCallback((text: string) => {
    setShown((before) => ({ text, number: before.number + 1 }));
  }, []);
  useEffect(() => {
    if (shown.text === "") return;
    const timer = setTimeout(() => {
      setShown((now) => ({ ...now, text: "" }));
    }, SHOWN_MILLISECONDS);
    return () => {
      clearTimeout(timer);
    };
  }, [shown.text, shown.number]);
  return (
    <ToastContext value={show}>
      {children}
      <div className="toast" role="status">
        {shown.text !== "" && <p key={shown.number}>{shown.text}</p>}
      </div>
    </ToastContext>
  );
}
