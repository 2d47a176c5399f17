/** One kind of search, as a person makes it. */
export interface Shape {
  readonly name: string;
  /** The body of the `n`-th search of this kind; `after` is where the page before it ended. */
  readonly body: (n: number, facts: Facts) => Readonly<Record<string, unknown>>;
  /** Goes on from page to page instead of beginning anew. */
  readonly pages?: boolean;
}

/** What the seeded group has. */
export interface Facts {
  readonly names: readonly string[];
  readonly locationIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly today: string;
}

const day = (today: string, ago: number): string =>
  new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10);
const pick = <T>(values: readonly T[], n: number): T | undefined => values[(n * 7919) % values.length];
const word = ({ names }: Facts, n: number, part: number): string =>
  (pick(names, n) ?? '').split(', ')[part]?.split(' ')[0]?.toLowerCase() ?? '';

export const SHAPES: readonly Shape[] = [
  { name: 'newest 50, no filter', body: () => ({}) },
  { name: 'the next pages, one after the other', body: () => ({}), pages: true },
  { name: 'received last', body: () => ({ sort: 'received' }) },
  { name: 'last 7 days', body: (_n, { today }) => ({ from: day(today, 6), to: today }) },
  {
    name: 'last 30 days, one modality',
    body: (n, { today }) => ({ from: day(today, 29), modalities: [n % 2 === 0 ? 'PX' : 'CT'] }),
  },
  { name: 'one location', body: (n, { locationIds }) => ({ locationIds: [pick(locationIds, n)] }) },
  { name: 'one device', body: (n, { deviceIds }) => ({ deviceIds: [pick(deviceIds, n)] }) },
  { name: 'quarantine', body: () => ({ states: ['quarantined'] }) },
  { name: 'family name', body: (n, facts) => ({ text: word(facts, n, 0) }) },
  {
    name: 'family and given name',
    body: (n, facts) => ({ text: `${word(facts, n, 0)} ${word(facts, n, 1)}` }),
  },
  { name: 'first 4 letters', body: (n, facts) => ({ text: word(facts, n, 0).slice(0, 4) }) },
  { name: 'first 2 letters', body: (n, facts) => ({ text: word(facts, n, 0).slice(0, 2) }) },
  { name: 'first letter', body: (n, facts) => ({ text: word(facts, n, 0).slice(0, 1) }) },
  {
    name: '3 letters, one modality, one year',
    body: (n, facts) => ({
      text: word(facts, n, 0).slice(0, 3),
      modalities: ['CT'],
      from: day(facts.today, 365),
    }),
  },
  { name: 'Patient ID', body: (n) => ({ text: `P${String(1 + ((n * 7919) % 50_000)).padStart(7, '0')}` }) },
  { name: 'beginning of a Patient ID', body: (n) => ({ text: `P00${String(n % 50).padStart(3, '0')}` }) },
  { name: 'accession number', body: (n) => ({ text: `acc${1 + ((n * 7919) % 1_000_000)}` }) },
  {
    name: 'record number',
    body: (n) => ({ text: `mrn-${String(1 + ((n * 7919) % 50_000)).padStart(6, '0')}` }),
  },
  { name: 'nothing like it', body: (n) => ({ text: `xqz${n}` }) },
];
