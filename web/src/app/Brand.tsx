import { Link } from "wouter";

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="6" fill="#1f3d63" />
      <path d="M-4 24 24 -4h9L-4 33z" fill="#c23b22" />
      <path d="M-2 28.5 28.5 -2" stroke="#faf7f1" strokeWidth="1" opacity=".7" />
    </svg>
  );
}

export function Brand() {
  return (
    <Link href="/" className="brand">
      <Mark />
      Tasuki
    </Link>
  );
}
