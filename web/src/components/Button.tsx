import type { ComponentProps } from "react";
import { Link } from "wouter";

type Kind = "primary" | "plain" | "quiet" | "danger";

type ButtonProps = ComponentProps<"button"> & { kind?: Kind; busy?: boolean };

/** A button. While busy it stays focusable, says so, and does nothing. */
export function Button({ kind = "plain", busy = false, onClick, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`button ${kind}`}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {children}
    </button>
  );
}

type LinkButtonProps = { href: string; kind?: Kind; children: React.ReactNode };

export function LinkButton({ href, kind = "plain", children }: LinkButtonProps) {
  return (
    <Link href={href} className={`button ${kind}`}>
      {children}
    </Link>
  );
}
