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

test('a viewer that walks through a series costs two queries in five seconds, and never another tenant’s answer', async () => {
  const queries: string[] = [];
  const series = Array.from({ length: 300 }, (_, at) => `1.2.1.${at}`);
  // Only `raw` of the transaction is used by the look-up; the test stands in for the database.
  const withTenant: WithTenant = async (tenantId, work) => {
    const raw = async (_sql: string, bindings: readonly string[]) => {
      queries.push(`${tenantId} ${bindings.join(' ')}`);
      const [, , instance] = bindings;
      return {
        rows:
          tenantId === 't' ? series.filter((sop) => instance === undefined || sop === instance).map(row) : [],
      };
    };
    const trx: unknown = { raw };
    return await Reflect.apply(work, undefined, [trx]);
  };
  let at = 0;
  const lookup = createInstanceLookup({ withTenant, now: () => at });
  const find = async (tenant: string, instance: string): Promise<readonly string[]> =>
    (await lookup.find(tenant, { study: '1.2', series: '1.2.1', instance })).map(
      ({ SOPInstanceUID }) => SOPInstanceUID,
    );

  for (const sop of series) expect(await find('t', sop)).toEqual([sop]);
  expect(queries).toEqual(['t 1.2 1.2.1 1.2.1.0', 't 1.2 1.2.1']);
  expect(await find('u', '1.2.1.0')).toEqual([]);
  expect(await find('t', '1.2.1.999')).toEqual([]);
  series.push('1.2.1.999');
  expect(await find('t', '1.2.1.999')).toEqual(['1.2.1.999']);
  at = 5_000;
  queries.length = 0;
  expect(await find('t', '1.2.1.7')).toEqual(['1.2.1.7']);
  expect(queries).toEqual(['t 1.2 1.2.1 1.2.1.7']);
});
