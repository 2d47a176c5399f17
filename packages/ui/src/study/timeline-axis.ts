const DAY = 86_400_000;

export interface AxisPoint {
  readonly id: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

export interface AxisTick {
  /** 0 to 1. */
  readonly at: number;
  /** First day of a year or a month. */
  readonly date: string;
  readonly kind: 'year' | 'month';
}

export interface Axis {
  /** 0 to 1, by the id of the point. */
  readonly positions: ReadonlyMap<string, number>;
  readonly ticks: readonly AxisTick[];
}

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY;
const isoDay = (year: number, month: number): string =>
  new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);

/** Closer than this, two marks would hide one another. */
const APART = 0.012;
/** Months between two ticks, the least that leaves few enough. */
const STEPS = [1, 2, 3, 6, 12, 24, 60, 120] as const;

/** Pushes neighbours apart and keeps all within 0 to 1; the order stays. */
const spread = (sorted: readonly number[]): readonly number[] => {
  const gap = sorted.length < 2 ? 0 : Math.min(APART, 1 / (sorted.length - 1));
  const forward: number[] = [];
  for (const [at, value] of sorted.entries())
    forward.push(at === 0 ? value : Math.max(value, (forward[at - 1] ?? 0) + gap));
  const back: number[] = [];
  for (let at = forward.length - 1; at >= 0; at -= 1)
    back[at] = Math.min(forward[at] ?? 0, at === forward.length - 1 ? 1 : (back[at + 1] ?? 1) - gap);
  return back;
};

/**
 * Places points on a line true to time, marks that would hide one another a little apart, with ticks at months or years.
 * Points whose date is no date stand at the end.
 */
export const timelineAxis = (points: readonly AxisPoint[], mostTicks = 8): Axis => {
  const days = points.map(({ date }) => dayOf(date)).filter((day) => !Number.isNaN(day));
  const first = Math.min(...days);
  const last = Math.max(...days);
  if (days.length === 0 || first === last) {
    const middle = points.length < 2 ? [0.5] : points.map((_, at) => at / (points.length - 1));
    return { positions: new Map(points.map(({ id }, at) => [id, middle[at] ?? 0.5])), ticks: [] };
  }
  const place = (day: number): number => (Number.isNaN(day) ? 1 : (day - first) / (last - first));
  const sorted = points
    .map(({ id, date }) => ({ id, at: place(dayOf(date)) }))
    .toSorted((a, b) => a.at - b.at);
  const apart = spread(sorted.map(({ at }) => at));
  const start = new Date(first * DAY);
  const months = (last - first) / 30.44;
  const step = STEPS.find((each) => months / each <= mostTicks) ?? Math.ceil(months / mostTicks / 120) * 120;
  const ticks: AxisTick[] = [];
  const from = start.getUTCFullYear() * 12 + start.getUTCMonth();
  for (let month = Math.ceil(from / step) * step; ; month += step) {
    const date = isoDay(Math.floor(month / 12), month % 12);
    const at = place(dayOf(date));
    if (!(at <= 1)) break;
    if (at >= 0) ticks.push({ at, date, kind: month % 12 === 0 ? 'year' : 'month' });
  }
  return { positions: new Map(sorted.map(({ id }, at) => [id, apart[at] ?? 0])), ticks };
};
