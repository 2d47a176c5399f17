import { readdirSync } from 'node:fs';
import { waitFor, type Archwire } from '@archwire/test-data/processes';
import { residentMegabytes } from '../measure/process-usage.ts';
import { DimseClient, VERIFICATION } from './dimse-client.ts';

const C_ECHO = 0x0030;
const AT_ONCE = 200;
const ALTOGETHER = 2000;
const LANES = 20;

export interface AssociationFigures {
  /** Until 200 were open and each had its C-ECHO answered. */
  readonly atOnceSeconds: number;
  readonly perSecond: number;
  readonly descriptors: readonly [before: number, after: number];
  readonly megabytes: readonly [before: number, open: number, after: number];
}

const descriptors = ({ pid }: Archwire): number => readdirSync(`/proc/${pid}/fd`).length;
const allClosed = (archwire: Archwire): Promise<number> =>
  waitFor('no association', async () => (await archwire.metric('archwire_dimse_associations_open')) === 0, {
    seconds: 60,
  });

const lane = async (archwire: Archwire, count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    const client = await DimseClient.open(archwire, VERIFICATION);
    await client.request(C_ECHO, null);
    await client.release();
  }
};

/** 200 associations open at once, then 2,000 opened and closed, and what they leave. */
export const measureAssociations = async (archwire: Archwire): Promise<AssociationFigures> => {
  // Whatever is made once is made now.
  await lane(archwire, 200);
  await allClosed(archwire);
  const before = { descriptors: descriptors(archwire), megabytes: residentMegabytes(archwire.pid) };

  let from = performance.now();
  const clients = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, n) => DimseClient.open(archwire, VERIFICATION, `BENCH${n % 10}`)),
  );
  await Promise.all(clients.map((client) => client.request(C_ECHO, null)));
  const atOnceSeconds = (performance.now() - from) / 1000;
  const open = residentMegabytes(archwire.pid);
  await Promise.all(clients.map((client) => client.release()));

  from = performance.now();
  await Promise.all(Array.from({ length: LANES }, () => lane(archwire, ALTOGETHER / LANES)));
  const perSecond = ALTOGETHER / ((performance.now() - from) / 1000);
  await allClosed(archwire);
  return {
    atOnceSeconds,
    perSecond,
    descriptors: [before.descriptors, descriptors(archwire)],
    megabytes: [before.megabytes, open, residentMegabytes(archwire.pid)],
  };
};
