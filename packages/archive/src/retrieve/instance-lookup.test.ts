import type { WithTenant } from '@archwire/database';
import { expect, test } from 'vitest';
import { createInstanceLookup } from './instance-lookup.ts';

const row = (sop: string) => ({
  tenant_id: 't',
  id: 1,
  study_uid: '1.2',
  series_uid: '1.2.1',
  sop_uid: sop,
  sop_class: '1.2.840.10008.5.1.4.1.1.2',
  transfer_syntax: '1.2.840.10008.1.2.1',
  frames: 1,
  sha256: 'aa',
  store: 'journal',
  key: 'k',
  offset: 0,
  length: 10,
});

/** A database of one series; only `raw` of the transaction is used by the look-up, and the test stands in for it. */
const oneSeries = () => {
  const queries: string[] = [];
  const series = {
    instances: Array.from({ length: 300 }, (_, at) => `1.2.1.${at}`),
    sha256: 'aa',
    revision: 1,
    rejected: false,
  };
  const withTenant: WithTenant = async (tenantId, work) => {
    const raw = async (sql: string, bindings: readonly string[]) => {
      const { instances, revision, rejected, sha256 } = series;
      if (tenantId !== 't') return { rows: [] };
      if (sql.includes('e.revision')) {
        queries.push('revision');
        return { rows: [{ revision, rejected }] };
      }
      queries.push(bindings.join(' '));
      const hidden = rejected && sql.includes("<> 'rejected'");
      const found = instances.filter((sop) => bindings[2] === undefined || sop === bindings[2]);
      return { rows: hidden ? [] : found.map((sop) => ({ ...row(sop), sha256 })) };
    };
    const trx: unknown = { raw };
    return await Reflect.apply(work, undefined, [trx]);
  };
  let at = 0;
  const lookup = createInstanceLookup({ withTenant, now: () => at });
  const find = async (instance: string, tenant = 't', seesRejected = false): Promise<readonly string[]> =>
    (await lookup.find(tenant, { study: '1.2', series: '1.2.1', instance }, seesRejected)).map(
      ({ SOPInstanceUID, sha256 }) => `${SOPInstanceUID} ${sha256}`,
    );
  return { series, queries, find, wait: (ms: number) => (at += ms) };
};

test('a viewer that walks through a series costs a look at its revision, shared by all that ask at once', async () => {
  const { series, queries, find, wait } = oneSeries();
  for (const sop of series.instances.slice(0, 3)) expect(await find(sop)).toEqual([`${sop} aa`]);
  expect(queries).toEqual(['1.2 1.2.1 1.2.1.0', 'revision', '1.2 1.2.1', 'revision']);
  queries.length = 0;
  const found = await Promise.all(series.instances.map((sop) => find(sop)));
  expect(found).toEqual(series.instances.map((sop) => [`${sop} aa`]));
  expect(queries).toEqual(['revision', 'revision']);

  expect(await find('1.2.1.0', 'u')).toEqual([]);
  expect(await find('1.2.1.999')).toEqual([]);
  series.instances.push('1.2.1.999');
  expect(await find('1.2.1.999')).toEqual(['1.2.1.999 aa']);
  wait(5_000);
  queries.length = 0;
  expect(await find('1.2.1.7')).toEqual(['1.2.1.7 aa']);
  expect(queries).toEqual(['1.2 1.2.1 1.2.1.7']);
});

test('what gave way to other bytes is never shown again', async () => {
  const { series, find } = oneSeries();
  for (const sop of series.instances.slice(0, 3)) await find(sop);
  Object.assign(series, { sha256: 'bb', revision: 2 });
  expect([await find('1.2.1.1'), await find('1.2.1.2'), await find('1.2.1.3')]).toEqual([
    ['1.2.1.1 bb'],
    ['1.2.1.2 bb'],
    ['1.2.1.3 bb'],
  ]);
});

test('a study that was rejected is gone at once, except for those who decide about it', async () => {
  const { series, find } = oneSeries();
  for (const sop of series.instances.slice(0, 3)) await find(sop);
  series.rejected = true;
  expect([await find('1.2.1.1'), await find('1.2.1.1', 't', true)]).toEqual([[], ['1.2.1.1 aa']]);
  const fresh = oneSeries();
  fresh.series.rejected = true;
  for (const sop of series.instances.slice(0, 3)) {
    expect([await fresh.find(sop, 't', true), await fresh.find(sop)]).toEqual([[`${sop} aa`], []]);
  }
});
