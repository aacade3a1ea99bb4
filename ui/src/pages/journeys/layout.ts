// Where the boxes and lines of the map stand: activities in ranks from the start of journeys downward.  Lines
// to the next rank run straight, the others round the side; each label stands where nothing else does.
import type { Activity, Pair } from '../../lib/journeys';

export interface Box {
  readonly name: string;
  readonly n: number;
  readonly x: number; // of its middle
  readonly y: number;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Line {
  readonly pair: Pair;
  readonly d: string; // of the path
  readonly back: boolean;
  readonly width: number;
  readonly label: Point | null; // null: there was no room
}
export interface Drawn {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export const BOX = { w: 148, h: 46 } as const;
const LABEL = { w: 104, h: 15 } as const;
const GAP = { x: 84, y: 78 } as const;
const MOST_IN_A_ROW = 4;

// The rank of each: one below the lowest of those it follows, by the strongest lines that close no circle.
function ranksOf(names: readonly string[], pairs: readonly Pair[]): Map<string, number> {
  const after = new Map<string, Set<string>>(names.map((n) => [n, new Set()]));
  const reaches = (from: string, to: string): boolean =>
    from === to || [...(after.get(from) ?? [])].some((next) => reaches(next, to));
  const net = (p: Pair): number => p.n * p.dependency;
  for (const p of [...pairs].filter((q) => q.from !== q.to && q.dependency > 0.1).sort((a, b) => net(b) - net(a)))
    if (!reaches(p.to, p.from)) after.get(p.from)?.add(p.to);
  const rank = new Map<string, number>(names.map((n) => [n, 0]));
  for (let turn = 0; turn < names.length; turn++)
    for (const [from, all] of after)
      for (const to of all) rank.set(to, Math.max(rank.get(to) ?? 0, (rank.get(from) ?? 0) + 1));
  return rank;
}

// Boxes of a rank in the order of the middle of what they hang together with, a few rounds up and down.
function orderRows(rows: string[][], pairs: readonly Pair[]): void {
  const at = new Map<string, number>();
  const keep = (): void => rows.forEach((row) => row.forEach((n, i) => at.set(n, (i + 0.5) / row.length)));
  keep();
  for (let turn = 0; turn < 6; turn++) {
    for (const row of rows) {
      const middle = (n: string): number => {
        const near = pairs.filter((p) => p.from !== p.to && (p.from === n || p.to === n));
        const sum = near.reduce((s, p) => s + p.n, 0);
        return sum ? near.reduce((s, p) => s + p.n * (at.get(p.from === n ? p.to : p.from) ?? 0.5), 0) / sum : 0.5;
      };
      const wanted = new Map(row.map((n) => [n, middle(n)]));
      row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    }
    keep();
  }
}

export function drawn(activities: readonly Activity[], all: readonly Pair[], most: number): Drawn {
  const pairs = all.slice(0, most);
  const seen = new Set(pairs.flatMap((p) => [p.from, p.to]));
  const named = activities.filter((a) => seen.has(a.name));
  const rank = ranksOf(named.map((a) => a.name), pairs);
  const rows: string[][] = [];
  for (let r = 0; r <= Math.max(0, ...rank.values()); r++) {
    const row = named.map((a) => a.name).filter((n) => rank.get(n) === r);
    for (let i = 0; i < row.length; i += MOST_IN_A_ROW) rows.push(row.slice(i, i + MOST_IN_A_ROW));
  }
  orderRows(rows, pairs);
  const boxes = rows.flatMap((row, r) =>
    row.map((name, i) => ({
      name,
      n: named.find((a) => a.name === name)?.n ?? 0,
      x: (i - (row.length - 1) / 2) * (BOX.w + GAP.x),
      y: 12 + BOX.h / 2 + r * (BOX.h + GAP.y),
    })),
  );
  const { lines, left, right } = linesOf(boxes, pairs);
  return { boxes, lines, left, width: right - left, height: 24 + rows.length * BOX.h + (rows.length - 1) * GAP.y + 12 };
}

type Bend = readonly [Point, Point, Point, Point]; // a cubic curve
const along = ([a, b, c, d]: Bend, t: number): Point => {
  const s = 1 - t;
  const mix = (k: 'x' | 'y'): number => s * s * s * a[k] + 3 * s * s * t * b[k] + 3 * s * t * t * c[k] + t * t * t * d[k];
  return { x: mix('x'), y: mix('y') };
};
const written = ([a, b, c, d]: Bend): string => `M${a.x} ${a.y}C${b.x} ${b.y} ${c.x} ${c.y} ${d.x} ${d.y}`;

interface Area extends Point {
  readonly w: number;
  readonly h: number;
}
const meet = (a: Area, b: Area): boolean => Math.abs(a.x - b.x) < (a.w + b.w) / 2 && Math.abs(a.y - b.y) < (a.h + b.h) / 2;

function linesOf(boxes: readonly Box[], pairs: readonly Pair[]): { lines: readonly Line[]; left: number; right: number } {
  const top = Math.max(1, ...pairs.map((p) => p.n));
  const taken: Area[] = boxes.map((b) => ({ x: b.x, y: b.y, w: BOX.w, h: BOX.h }));
  const way = ways(boxes);
  const edge = boxes.reduce((m, b) => Math.max(m, Math.abs(b.x) + BOX.w / 2), 0) + 16;
  let [left, right] = [-edge, edge];
  const lines = pairs.flatMap((pair): Line[] => {
    const a = boxes.find((b) => b.name === pair.from);
    const b = boxes.find((x) => x.name === pair.to);
    if (!a || !b) return [];
    const bend = way(a, b);
    for (const t of [0.25, 0.5, 0.75]) {
      left = Math.min(left, along(bend, t).x - 12);
      right = Math.max(right, along(bend, t).x + 12);
    }
    const places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map((t) => ({ ...along(bend, t), w: LABEL.w, h: LABEL.h }));
    const free = (a === b ? [{ ...along(bend, 0.5), x: along(bend, 0.5).x + LABEL.w / 2 + 2, w: LABEL.w, h: LABEL.h }, ...places.map((p) => ({ ...p, y: p.y + 26 }))] : places).find((p) => !taken.some((o) => meet(o, p)));
    if (free) {
      taken.push(free);
      left = Math.min(left, free.x - LABEL.w / 2);
      right = Math.max(right, free.x + LABEL.w / 2);
    }
    return [{ pair, width: 1.2 + 7 * Math.sqrt(pair.n / top) ** 1.4, d: written(bend), back: b.y < a.y || (b.y === a.y && b.x < a.x), label: free ?? null }];
  });
  return { lines, left, right };
}

// The curve from one box to another; lines that leave or reach the same side stand beside each other.
function ways(boxes: readonly Box[]): (a: Box, b: Box) => Bend {
  const taken = new Map<string, number>();
  const slot = (key: string, step: number): number => {
    const n = taken.get(key) ?? 0;
    taken.set(key, n + 1);
    return (n % 2 === 0 ? 1 : -1) * Math.ceil(n / 2) * step;
  };
  const half = { w: BOX.w / 2, h: BOX.h / 2 };
  let [leftRound, rightRound] = [0, 0];
  const itself = (a: Box): Bend => [
    { x: a.x + half.w, y: a.y - 10 },
    { x: a.x + half.w + 34, y: a.y - 26 },
    { x: a.x + half.w + 34, y: a.y + 26 },
    { x: a.x + half.w + 3, y: a.y + 10 },
  ];
  const round = (a: Box, b: Box): Bend => {
    const between = boxes.filter((o) => o.y >= Math.min(a.y, b.y) && o.y <= Math.max(a.y, b.y));
    const onLeft = a.x + b.x === 0 ? b.y < a.y : a.x + b.x < 0;
    const side = onLeft ? -1 : 1;
    const lane = 22 * (onLeft ? leftRound++ : rightRound++);
    const far = Math.max(...between.map((o) => side * o.x + half.w)) + 46 + lane;
    const x = side * (far + (far - half.w) * 0.33);
    return [
      { x: a.x + side * half.w, y: a.y + slot(`${a.name}\n${side}`, 8) },
      { x, y: a.y },
      { x, y: b.y },
      { x: b.x + side * (half.w + 4), y: b.y + slot(`${b.name}\n${side}`, 8) },
    ];
  };
  return (a, b) => {
    if (a === b) return itself(a);
    if (a.y === b.y && Math.abs(a.x - b.x) < BOX.w + GAP.x + 1) {
      const side = b.x > a.x ? 1 : -1;
      const y = a.y - side * 14;
      const [x1, x2] = [a.x + side * half.w, b.x - side * (half.w + 4)];
      return [{ x: x1, y }, { x: x1 + (x2 - x1) / 3, y }, { x: x2 - (x2 - x1) / 3, y }, { x: x2, y }];
    }
    if (Math.abs(a.y - b.y) > BOX.h + GAP.y + 1 || a.y === b.y) return round(a, b);
    const down = b.y > a.y ? 1 : -1;
    const [x1, x2] = [a.x + slot(`${a.name}\n${down > 0 ? 'foot' : 'head'}`, 26), b.x + slot(`${b.name}\n${down > 0 ? 'head' : 'foot'}`, 26)];
    const [y1, y2] = [a.y + down * half.h, b.y - down * (half.h + 4)];
    const pull = (y2 - y1) * 0.5;
    return [{ x: x1, y: y1 }, { x: x1, y: y1 + pull }, { x: x2, y: y2 - pull }, { x: x2, y: y2 }];
  };
}
