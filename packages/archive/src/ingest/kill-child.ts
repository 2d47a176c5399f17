import { createJournal } from '../journal/journal.ts';
import { createIngest } from './create-ingest.ts';
import { testObject } from './test-object.ts';

// Started by kill.test.ts and killed in the middle: receives as fast as it can, prints the UID of every Success.
const [folder = '', commit = 'sync', run = '0'] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const journal = await createJournal({
  folder,
  log,
  segmentSize: 2 << 20,
  spares: 1,
  headroom: 0,
  commit: commit === 'group' ? 'group' : 'sync',
});
const ingest = createIngest({
  journal,
  indexer: {
    enqueue: () => new Promise(() => undefined),
    backlog: () => ({ rows: 0, oldestMs: 0 }),
    stop: () => Promise.resolve(),
  },
});
const source = {
  tenantId: '11111111-1111-7111-8111-111111111111',
  locationId: '22222222-2222-7222-8222-222222222222',
  deviceId: null,
  via: 'dimse',
  callingAe: 'SENSOR',
  calledAe: 'ARCHWIRE',
  address: null,
  issuer: 'HERE',
  receivedAt: '2026-01-05T10:12:00.000Z',
} as const;

const send = async (sender: number): Promise<void> => {
  for (let n = 0; ; n += 1) {
    const pixels = n % 10 === 9 ? 1_500_000 : 40_000;
    const object = testObject({ uid: `1.2.${run}.${sender}.${n}`, pixels });
    const sink = ingest.begin(source, object.command);
    for (let at = 0; at < object.dataSet.length; at += 30_000) {
      if (!sink.write(object.dataSet.subarray(at, at + 30_000))) await sink.drained();
    }
    await sink.finish();
    process.stdout.write(`${object.command.SOPInstanceUID} ${pixels}\n`);
    await new Promise(setImmediate);
  }
};
await Promise.all([1, 2, 3, 4].map(send));
