import { useMemo } from "react";
import { useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { drawing, path, type Given } from "./layout";
import { texts } from "./texts";

const NAMED = 12;
const WIDTH_MAX = 2.4;

/** The edges as lines between nodes on a circle; the tables beside it say the same in words. */
export function Drawing({ edges }: { edges: readonly Given[] }) {
  const say = useTexts(texts);
  const format = useFormat();
  const { nodes, strokes } = useMemo(() => drawing(edges), [edges]);
  const most = Math.max(1, ...strokes.map((stroke) => stroke.people));
  const busiest = Math.max(1, ...nodes.map((node) => node.given + node.taken));
  return (
    <svg
      className="network"
      viewBox="-12 -4 124 108"
      role="img"
      aria-label={say("pictureLabel", { n: format.number(nodes.length) })}
    >
      <g fill="none" stroke="currentColor" strokeLinecap="round" opacity="0.45">
        {strokes.map((stroke) => (
          <path key={stroke.cursor} d={path(stroke)} strokeWidth={0.2 + (WIDTH_MAX * stroke.people) / most}>
            <title>
              {say("fromTo", {
                from: stroke.from.name,
                to: stroke.to.name,
                n: format.number(stroke.people),
              })}
            </title>
          </path>
        ))}
      </g>
      {nodes.map((node, place) => (
        <g key={node.key}>
          <circle
            cx={node.x}
            cy={node.y}
            r={0.8 + 2.2 * Math.sqrt((node.given + node.taken) / busiest)}
            fill="currentColor"
          >
            <title>{node.name}</title>
          </circle>
          {place < NAMED && (
            <text
              x={node.x}
              y={node.y + (node.y < 50 ? -4 : 6)}
              fontSize="3"
              textAnchor="middle"
              fill="currentColor"
              aria-hidden="true"
            >
              {node.name.length > 14 ? `${node.name.slice(0, 13)}…` : node.name}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
