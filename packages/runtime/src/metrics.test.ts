import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

it('renders counters, gauges and histograms, and gives the same metric for the same name', async () => {
  const metrics = createMetrics();
  const stored = { name: 'archwire_stored_total', help: 'Stored instances', labels: ['via'] };
  metrics.counter(stored).inc({ via: 'dimse' });
  metrics.counter(stored).inc({ via: 'dimse' }, 2);
  metrics.gauge({ name: 'archwire_open', help: 'Open associations' }).set(3);
  metrics.gauge({ name: 'archwire_lag_ms', help: 'Lag', collect: () => 7 });
  metrics.histogram({ name: 'archwire_seconds', help: 'Seconds', buckets: [1] }).observe(0.5);
  const { body, contentType } = await metrics.render();
  expect(contentType).toContain('text/plain');
  expect(body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
    'archwire_stored_total{via="dimse"} 3',
    'archwire_open 3',
    'archwire_lag_ms 7',
    'archwire_seconds_bucket{le="1"} 1',
    'archwire_seconds_bucket{le="+Inf"} 1',
    'archwire_seconds_sum 0.5',
    'archwire_seconds_count 1',
  ]);
});
