// Nothing but this code is involved: clients are recorders. Timers are node's own.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type Permission } from '@archwire/contracts';
import { afterEach, expect, it } from 'vitest';
import { createLiveHub, type LiveClient, type LiveHub } from './live-hub.ts';

const A = '0198a5a2-0000-7000-8000-00000000000a';
const B = '0198a5a2-0000-7000-8000-00000000000b';
const STUDY = '0198a5a2-0000-7000-8000-000000000001';
const studyChanged = { kind: 'study.changed', studyId: STUDY } as const;
const hubs: LiveHub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.close();
});
const openHub = (): LiveHub => {
  const hub = createLiveHub();
  hubs.push(hub);
  return hub;
};

interface Recorder {
  readonly client: LiveClient;
  readonly chunks: string[];
  /** What `data:` lines of unnamed events hold. */
  readonly events: () => unknown[];
  readonly lastId: () => string;
  ended: boolean;
}
const recorder = (change: Partial<LiveClient> = {}): Recorder => {
  const chunks: string[] = [];
  const self: Recorder = {
    chunks,
    ended: false,
    events: () =>
      chunks
        .join('')
        .split('\n\n')
        .filter((block) => block !== '' && !block.includes('event:') && block.includes('data:'))
        .map((block) => JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') as unknown),
    lastId: () => [...chunks.join('').matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '',
    client: {
      tenantId: A,
      owner: 'session',
      userId: null,
      permissions: new Set<Permission>(['imaging.study.read']),
      write: (chunk) => {
        chunks.push(chunk);
        return true;
      },
      end: () => {
        self.ended = true;
      },
      check: async () => {},
      ...change,
    },
  };
  return self;
};
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(5);
};

it('tells each tenant its own, and each client what it may see', async () => {
  const hub = openHub();
  const mine = recorder();
  const others = recorder({ tenantId: B });
  const blind = recorder({ permissions: new Set<Permission>(['devices.device.read']) });
  for (const { client } of [mine, others, blind]) hub.join(client, null);
  hub.publish(A, studyChanged);
  hub.publish(A, { kind: 'device.refused' });
  await until(() => mine.events().length > 0 && blind.events().length > 0);
  expect([mine.events(), others.events(), blind.events()]).toEqual([
    [studyChanged],
    [],
    [{ kind: 'device.refused' }],
  ]);
});

it('tells the same thing at once, then a few times a second, and once more when it has come to rest', async () => {
  const hub = openHub();
  const { client, chunks, events } = recorder();
  hub.join(client, null);
  const started = performance.now();
  let published = 0;
  while (performance.now() - started < 1000) {
    for (let n = 0; n < 100; n += 1) hub.publish(A, studyChanged);
    published += 100;
    await sleep(1);
  }
  const told = events().length;
  expect(published).toBeGreaterThan(1000);
  expect(told).toBeGreaterThanOrEqual(2);
  expect(told).toBeLessThanOrEqual(4);
  await until(() => events().length > told);
  expect(chunks.length).toBeLessThanOrEqual(6);
});

it('turns thousands of different things into one that names none', async () => {
  const hub = openHub();
  const { client, events } = recorder();
  hub.join(client, null);
  for (let n = 0; n < 10_000; n += 1)
    hub.publish(A, {
      kind: 'study.changed',
      studyId: `0198a5a2-0000-7000-8000-${String(n).padStart(12, '0')}`,
    });
  await until(() => events().length > 0);
  expect(events()).toHaveLength(2001);
  expect(events()).toContainEqual({ kind: 'study.changed' });
});

it('goes on where a stream broke off, or says that it cannot', async () => {
  const hub = openHub();
  const first = recorder();
  const leave = hub.join(first.client, null);
  hub.publish(A, studyChanged);
  await until(() => first.events().length === 1);
  leave();
  const id = first.lastId();
  hub.publish(A, { kind: 'patient.changed' });
  hub.publish(B, { kind: 'patient.changed' });
  const again = recorder();
  await sleep(100);
  hub.join(again.client, id);
  expect(again.events()).toEqual([{ kind: 'patient.changed' }]);
  for (const unknown of ['other.1', 'nonsense', `${id.split('.')[0]}.999`]) {
    const stranger = recorder();
    hub.join(stranger.client, unknown);
    expect(stranger.chunks.join('')).toContain('event: resync');
  }
  hub.gap();
  expect(again.chunks.at(-1)).toContain('event: resync');
  const late = recorder();
  hub.join(late.client, id);
  expect(late.chunks.join('')).toContain('event: resync');
});

it('drops who does not take what it is sent, and keeps the others', async () => {
  const hub = openHub();
  const slow = recorder({ write: () => false, owner: 'slow' });
  const quick = recorder();
  hub.join(slow.client, null);
  hub.join(quick.client, null);
  hub.publish(A, studyChanged);
  await until(() => quick.events().length === 1);
  expect([slow.ended, quick.ended, hub.count()]).toEqual([true, false, 1]);
});

it('ends what a session, or all sessions of a person, had open, and says that it is over', () => {
  const hub = openHub();
  const [one, two, other] = [
    recorder({ owner: 's1', userId: 'u' }),
    recorder({ owner: 's2', userId: 'u' }),
    recorder({ owner: 's3', userId: 'v' }),
  ];
  for (const { client } of [one, two, other]) hub.join(client, null);
  hub.endOwner(A, { sessionId: 's1' });
  expect([one.ended, two.ended, other.ended]).toEqual([true, false, false]);
  hub.endOwner(B, { userId: 'u' });
  hub.endOwner(A, { userId: 'u' });
  expect([one.ended, two.ended, other.ended]).toEqual([true, true, false]);
  expect(two.chunks.at(-1)).toContain('event: end');
});

it('bounds how many streams one session has, and takes none when closed', () => {
  const hub = openHub();
  const recorders = Array.from({ length: 25 }, () => recorder());
  for (const { client } of recorders) hub.join(client, null);
  expect(hub.count()).toBe(20);
  expect(recorders.map(({ ended }) => ended).indexOf(false)).toBe(5);
  hub.close();
  expect([hub.count(), recorders.every(({ ended }) => ended)]).toEqual([0, true]);
  expect(() => hub.join(recorder().client, null)).toThrow(AppError);
});
