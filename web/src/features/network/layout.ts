// Where nodes stand in a drawing: by the same rules each time, so that a reload shows the same.

export type Drawn = { key: string; name: string; given: number; taken: number; x: number; y: number };
export type Stroke = { cursor: string; from: Drawn; to: Drawn; people: number };
export type Given = {
  cursor: string;
  people: number;
  from: { key: string; name: string };
  to: { key: string; name: string };
};

const RADIUS = 40;

/** Nodes on a circle, those with most people first, from the top and to the right. */
export function drawing(edges: readonly Given[]): { nodes: Drawn[]; strokes: Stroke[] } {
  const found = new Map<string, Drawn>();
  const node = ({ key, name }: Given["from"]) => {
    const known = found.get(key) ?? { key, name, given: 0, taken: 0, x: 0, y: 0 };
    found.set(key, known);
    return known;
  };
  const strokes = edges.map(({ cursor, people, from, to }) => {
    const stroke = { cursor, people, from: node(from), to: node(to) };
    stroke.from.given += people;
    stroke.to.taken += people;
    return stroke;
  });
  const nodes = [...found.values()].sort(
    (a, b) => b.given + b.taken - a.given - a.taken || (a.key < b.key ? -1 : 1),
  );
  nodes.forEach((one, place) => {
    const angle = (2 * Math.PI * place) / nodes.length - Math.PI / 2;
    one.x = 50 + RADIUS * Math.cos(angle);
    one.y = 50 + RADIUS * Math.sin(angle);
  });
  return { nodes, strokes };
}

/** A line bent to the left, so that what goes and what comes back are two; a loop for oneself. */
export function path({ from, to }: Stroke): string {
  if (from === to) {
    return `M ${from.x} ${from.y} c -6 -9, 6 -9, 0 0`;
  }
  const [middleX, middleY] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const bentX = middleX + (to.y - from.y) * 0.15 + (50 - middleX) * 0.3;
  const bentY = middleY - (to.x - from.x) * 0.15 + (50 - middleY) * 0.3;
  return `M ${from.x} ${from.y} Q ${bentX} ${bentY} ${to.x} ${to.y}`;
}
