import { createLogger } from '@archwire/runtime';
import { expect, it } from 'vitest';
import { publishEvent } from './publish-event.ts';

const tenantId = '0190c0de-0000-7000-8000-000000000001';
const seriesId = '0190c0de-0000-7000-8000-000000000002';

const publish = async (topic: string, payload: Record<string, unknown>) => {
  const jobs: unknown[] = [];
  const removed: unknown[] = [];
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
  await publishEvent({
    enqueue: async (...job) => void jobs.push(job),
    removeDerivatives: async (...asked) => void removed.push(asked),
    log,
  })({
    id: 7,
    tenantId,
    topic,
    payload,
    attempt: 1,
  });
  return { jobs, removed, logged: lines.length };
};

it('makes jobs of at most fifty instances, with ids that repeat when the event does', async () => {
  const instanceIds = Array.from({ length: 120 }, (_, n) => String(n));
  const job = (from: number, to: number) => [
    'derive-instances',
    { tenantId, seriesId, instanceIds: instanceIds.slice(from, to) },
    { jobId: `derive-7-${from}` },
  ];
  expect(await publish('instances.stored', { studyId: 'x', seriesId, instanceIds })).toEqual({
    jobs: [job(0, 50), job(50, 100), job(100, 120)],
    removed: [],
    logged: 0,
  });
});

it('tells of a conflict and of an event that is not what its topic says, and leaves the rest alone', async () => {
  expect(await publish('instance.conflict', { sopUid: '1.2' })).toEqual({ jobs: [], removed: [], logged: 1 });
  expect(await publish('instances.stored', { seriesId: 'x' })).toEqual({ jobs: [], removed: [], logged: 1 });
  expect(await publish('study.reconciled', {})).toEqual({ jobs: [], removed: [], logged: 0 });
  expect(await publish('derivatives.obsolete', { objects: [] })).toEqual({
    jobs: [],
    removed: [],
    logged: 1,
  });
  const payload = { instanceId: '7', objects: [{ store: 'archive', key: 'k' }] };
  expect(await publish('derivatives.obsolete', payload)).toEqual({
    jobs: [],
    removed: [[tenantId, payload]],
    logged: 0,
  });
});

it('leaves a storage commitment to whoever received it first, and tells of a settled study at once', async () => {
  const requestId = seriesId;
  expect(await publish('commitment.requested', { requestId })).toMatchObject({
    jobs: [['report-commitment', { tenantId, requestId }, { jobId: 'commitment-7', delayMs: 30_000 }]],
  });
  const study = { studyId: seriesId, deviceId: tenantId };
  expect(await publish('study.available', study)).toMatchObject({
    jobs: [['notify-availability', { tenantId, ...study }, { jobId: 'availability-7' }]],
  });
  expect(await publish('study.available', { studyId: seriesId })).toMatchObject({ jobs: [], logged: 1 });
});
