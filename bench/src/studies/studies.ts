import { type Archwire, startArchwire } from '@archwire/test-data/processes';
import { markdownTable, percentile } from '../measure/table.ts';
import { type Facts, type Shape, SHAPES } from './searches.ts';
import { seededFolder } from './seeded-folder.ts';

const ROUNDS = 60;
const WARM_UP = 10;
const TARGET_MS = 100;

const post = async (server: Archwire, path: string, body: unknown): Promise<unknown> => {
  const answer = await server.fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return await answer.json();
};

interface Page {
  readonly studies: readonly { readonly patientName: string | null }[];
  readonly next: string | null;
}
const isPage = (value: unknown): value is Page =>
  typeof value === 'object' && value !== null && 'studies' in value && Array.isArray(value.studies);
const search = async (server: Archwire, body: unknown): Promise<Page> => {
  const page = await post(server, '/studies/search', body);
  if (!isPage(page)) throw new Error('The list is not one.');
  return page;
};

const readFacts = async (server: Archwire): Promise<Facts> => {
  const answer: unknown = await (await server.fetch('/api/v1/studies/facets')).json();
  const ids = (name: 'locations' | 'devices'): readonly string[] => {
    const list: unknown =
      typeof answer === 'object' && answer !== null ? new Map(Object.entries(answer)).get(name) : [];
    return Array.isArray(list) ? list.map(({ id }: { id: string }) => id) : [];
  };
  const names = new Set<string>();
  for (let ago = 0; ago < 40; ago += 1) {
    const to = new Date(Date.now() - ago * 80 * 86_400_000).toISOString().slice(0, 10);
    for (const { patientName } of (await search(server, { to })).studies)
      names.add((patientName ?? '').replaceAll('^', ', '));
  }
  return {
    names: [...names],
    locationIds: ids('locations'),
    deviceIds: ids('devices'),
    today: new Date().toISOString().slice(0, 10),
  };
};

interface Figures {
  readonly shape: string;
  readonly rows: number;
  readonly p50: number;
  readonly p95: number;
  readonly countP50: number;
  readonly countP95: number;
}

const measure = async (server: Archwire, shape: Shape, facts: Facts): Promise<Figures> => {
  const took: number[] = [];
  const counted: number[] = [];
  let rows = 0;
  let after: string | null = null;
  for (let n = 0; n < ROUNDS + WARM_UP; n += 1) {
    const body = shape.body(n, facts);
    const from = performance.now();
    const page: Page = await search(server, { ...body, ...(after === null ? {} : { after }) });
    const ms = performance.now() - from;
    if (shape.pages === true) after = page.next;
    if (n < WARM_UP) continue;
    took.push(ms);
    rows += page.studies.length;
    if (n % 4 !== 0) continue;
    const { sort: _, ...filter } = body;
    const countFrom = performance.now();
    await post(server, '/studies/count', filter);
    counted.push(performance.now() - countFrom);
  }
  return {
    shape: shape.name,
    rows: rows / ROUNDS,
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
    countP50: percentile(counted, 0.5),
    countP95: percentile(counted, 0.95),
  };
};

/** Searches of a million studies at the API, one after the other, as one person makes them. */
export const studies = async (): Promise<{ readonly table: string; readonly figures: unknown }> => {
  const dataDir = await seededFolder();
  const server = await startArchwire({ dataDir });
  try {
    const facts = await readFacts(server);
    const figures: Figures[] = [];
    for (const shape of SHAPES) figures.push(await measure(server, shape, facts));
    const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
    const table = markdownTable(
      ['search', 'rows', 'p50 ms', 'p95 ms', `p95 ≤ ${TARGET_MS} ms`, 'count p50 ms', 'count p95 ms'],
      figures.map((each) => [
        each.shape,
        each.rows.toFixed(0),
        ms(each.p50),
        ms(each.p95),
        each.p95 <= TARGET_MS ? 'yes' : 'no',
        ms(each.countP50),
        ms(each.countP95),
      ]),
    );
    return { table, figures };
  } finally {
    await server.stop();
  }
};
