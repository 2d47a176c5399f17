// Real: the registry, the processors, the workers. The queue and the use cases are stand-ins that record what they are asked.
import { JOBS, type JobName, type JobPayload } from '@archwire/contracts';
import type { JobContext, JobProcessor } from '@archwire/runtime';
import { describe, expect, it } from 'vitest';
import { createRegistry } from './registry.ts';
import { createWorkers } from './create-workers.ts';

const tenantId = '0198a5a2-0000-7000-8000-000000000001';
const seriesId = '0198a5a2-0000-7000-8000-000000000002';

function parts() {
  const asked: unknown[] = [];
  const registry = createRegistry({
    deriver: {
      derive: async (job, context) => {
        asked.push({ derive: job, ...context });
        return { made: 1, placeholders: 0 };
      },
    },
    settler: {
      settleSeries: async (...job) => {
        asked.push({ settle: job });
        return { settled: 0, bytes: 0 };
      },
    },
    letters: {
      send: async (job) => {
        asked.push({ mail: job });
      },
    },
    opener: {
      open: async (job, context) => {
        asked.push({ open: job, ...context });
      },
    },
    rules: {
      apply: async (job) => {
        asked.push({ apply: job });
      },
    },
    reportCommitment: async (job) => {
      asked.push({ report: job });
    },
    notifyAvailability: async (job) => {
      asked.push({ notify: job });
    },
    exports: {
      build: async (job, context) => {
        asked.push({ build: job, ...context });
      },
    },
  });
  return { asked, registry };
}

describe('workers', () => {
  it('give every job name exactly one processor', () => {
    expect(Object.keys(parts().registry).sort()).toEqual(Object.keys(JOBS).sort());
  });

  it('take every job name from the queue with the policy of its processor, and stop them all', async () => {
    const { registry } = parts();
    const log: string[] = [];
    const stop = await createWorkers({
      registry,
      queues: {
        work: async (name, _processor, policy) => {
          log.push(`work ${name} ${JSON.stringify(policy)}`);
          return async () => {
            log.push(`stop ${name}`);
          };
        },
      },
    }).start();
    await stop();
    expect(log).toEqual([
      'work derive-instances {"concurrency":2,"attempts":8,"backoffMs":2000}',
      'work settle-series {"concurrency":2,"attempts":10,"backoffMs":2000}',
      'work send-mail {"concurrency":2,"attempts":8,"backoffMs":5000}',
      'work open-import {"concurrency":1,"attempts":8,"backoffMs":2000}',
      'work report-commitment {"concurrency":4,"attempts":12,"backoffMs":15000}',
      'work notify-availability {"concurrency":4,"attempts":12,"backoffMs":15000}',
      'work apply-view-rules {"concurrency":1,"attempts":10,"backoffMs":5000}',
      'work build-export {"concurrency":1,"attempts":4,"backoffMs":5000}',
      'stop derive-instances',
      'stop settle-series',
      'stop send-mail',
      'stop open-import',
      'stop report-commitment',
      'stop notify-availability',
      'stop apply-view-rules',
      'stop build-export',
    ]);
  });

  it('hand the payload to the use case, and say which attempt is the last', async () => {
    const { asked, registry } = parts();
    const context: JobContext = { jobId: '1', attempt: 8, lastAttempt: true };
    const run = async <N extends JobName>(process: JobProcessor<N>, payload: JobPayload<N>) =>
      process(payload, context);
    await run<'derive-instances'>(registry['derive-instances'].process, {
      tenantId,
      seriesId,
      instanceIds: ['7'],
    });
    await run<'settle-series'>(registry['settle-series'].process, { tenantId, seriesId });
    const mail = { tenantId, letter: 'link', id: seriesId } as const;
    await run<'send-mail'>(registry['send-mail'].process, mail);
    const open = { tenantId, importId: seriesId, fileId: tenantId };
    await run<'open-import'>(registry['open-import'].process, open);
    const report = { tenantId, requestId: seriesId };
    await run<'report-commitment'>(registry['report-commitment'].process, report);
    const notify = { tenantId, studyId: seriesId, deviceId: tenantId };
    await run<'notify-availability'>(registry['notify-availability'].process, notify);
    const apply = { tenantId, runId: seriesId };
    await run<'apply-view-rules'>(registry['apply-view-rules'].process, apply);
    const build = { tenantId, exportId: seriesId };
    await run<'build-export'>(registry['build-export'].process, build);
    expect(asked).toEqual([
      { derive: { tenantId, seriesId, instanceIds: ['7'] }, lastAttempt: true },
      { settle: [tenantId, seriesId] },
      { mail },
      { open, lastAttempt: true },
      { report },
      { notify },
      { apply },
      { build, lastAttempt: true },
    ]);
  });
});
