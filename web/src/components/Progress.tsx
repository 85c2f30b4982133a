type ProgressProps = { label: string; done: number; of: number };

/** How far long work has come. */
export function Progress({ label, done, of }: ProgressProps) {
  const share = of === 0 ? 0 : Math.min(1, done / of);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={Math.min(done, of)}
    >
      <div className="progress-done" style={{ inlineSize: `${share * 100}%` }} />
    </div>
  );
}
