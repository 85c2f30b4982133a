// The sash: one woven length for each count, from the first to the free hire.
import { useId } from "react";

type SashProps = { label: string; done: number; of: number };

const WIDTH = 640;
const HEIGHT = 150;
const RIBBON = "M 24 112 C 150 150, 210 20, 340 46 S 520 132, 616 44";
const GAP = 0.07;

export function Sash({ label, done, of }: SashProps) {
  const weave = useId();
  const filled = Math.max(0, Math.min(done, of));
  return (
    <svg
      className="sash"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={filled}
    >
      <defs>
        <pattern id={weave} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(32)">
          <rect width="7" height="7" className="sash-cloth" />
          <path d="M0 3.5h7" className="sash-thread" />
        </pattern>
      </defs>
      <path d={RIBBON} pathLength={of} className="sash-rest" strokeDasharray={lengths(of)} />
      {filled > 0 && (
        <path
          d={RIBBON}
          pathLength={of}
          className="sash-done"
          stroke={`url(#${weave})`}
          strokeDasharray={`${lengths(filled)} 0 ${of}`}
        />
      )}
      <circle className={filled === of ? "sash-end reached" : "sash-end"} cx="616" cy="44" r="9" />
    </svg>
  );
}

function lengths(number: number): string {
  return Array.from({ length: number }, () => `${1 - GAP} ${GAP}`).join(" ");
}
