import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startArchwire, temporaryFolder } from '@archwire/test-data/processes';
import { startStorescp } from './peers/storescp.ts';
import { LOADS } from './ingest/throughput.ts';
import { send } from './ingest/send.ts';
import { cpuSeconds, peakResidentMegabytes } from './measure/process-usage.ts';
import { readFileSync } from 'node:fs';
const folder = await temporaryFolder();
const own = (pid: number) => {
  const s = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const f = s.slice(s.lastIndexOf(')') + 2).split(' ');
  return (Number(f[11]) + Number(f[12])) / 100;
};
try {
  const s = await startStorescp(folder);
  const a = await startArchwire({
    dataDir: join(folder, 'archwire'),
    env: {
      ARCHWIRE_SETTLE_IDLE_SECONDS: '2',
      ...(process.env.SVC ? { ARCHWIRE_SERVICES: process.env.SVC } : {}),
      ...(process.env.PROF ? { NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/me/prof' } : {}),
    },
  });
  console.log('ready', a.secondsToReady);
  try {
    for (const i of (process.env.LOADS ?? '0,2').split(',').map(Number)) {
      const l = LOADS[i]!;
      const g = await l.make(join(folder, 'in'), 'x' + i);
      const t0 = await send(s, g);
      const c0 = cpuSeconds(a.pid),
        m0 = own(a.pid);
      const t = await send(a, g);
      const c1 = cpuSeconds(a.pid),
        m1 = own(a.pid);
      const w = performance.now();
      while (
        (await a.metric('archwire_ingest_unindexed_instances')) ||
        (await a.metric('archwire_archive_unsettled_instances'))
      ) {
        if (performance.now() - w > 60000) break;
        await new Promise((r) => setTimeout(r, 200));
      }
      console.log(
        l.name,
        l.senders,
        'MB/s',
        (l.megabytes / t).toFixed(0),
        'storescp',
        (l.megabytes / t0).toFixed(0),
        'cpu during',
        (c1 - c0).toFixed(2),
        'main',
        (m1 - m0).toFixed(2),
        'after',
        (cpuSeconds(a.pid) - c1).toFixed(2),
        'main',
        (own(a.pid) - m1).toFixed(2),
        'quiet after',
        ((performance.now() - w) / 1000).toFixed(1),
        'rss',
        peakResidentMegabytes(a.pid) | 0,
      );
    }
    for (const b of ['0.01', '0.025', '0.05', '0.1', '0.25', '1'])
      console.log('lag', b, await a.metric(`archwire_ingest_index_lag_seconds_bucket{le="${b}"}`));
    console.log(await a.metric('archwire_ingest_index_lag_seconds_count'));
  } finally {
    await a.stop();
    await s.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
