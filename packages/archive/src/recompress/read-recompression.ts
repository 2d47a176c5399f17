import type { EndpointResponse } from '@archwire/contracts/api';
import type { recompressionApi } from '@archwire/contracts/api/recompression';
import type { Transaction } from '../query/transaction.ts';
import { readRecompressionPolicy } from './recompression-policy.ts';

type Sums = EndpointResponse<typeof recompressionApi.study>['sums'];

interface Row {
  readonly kind: string;
  readonly outcome: Sums[number]['outcome'];
  readonly instances: number;
  readonly received: number;
  readonly stored: number;
}

const present = (rows: readonly Row[]): Sums =>
  rows.map(({ kind, outcome, instances, received, stored }) => ({
    kind,
    outcome,
    instances,
    receivedBytes: received,
    storedBytes: stored,
  }));

const SUMS = `select r.kind, r.outcome, sum(r.instances)::int as instances, sum(r.received_bytes)::bigint as received,
         sum(r.stored_bytes)::bigint as stored from recompression r`;

/** What recompression did to all that the group has, by kind and outcome, the most bytes first. */
export const readRecompression = async (
  trx: Transaction,
): Promise<EndpointResponse<typeof recompressionApi.report>> => {
  const { rows }: { rows: Row[] } = await trx.raw(`${SUMS} group by 1, 2 order by received desc, 1, 2`);
  const { rows: waiting }: { rows: { count: number }[] } = await trx.raw(
    'select count(*)::int as count from series where repack is not null',
  );
  return {
    policy: await readRecompressionPolicy(trx),
    sums: present(rows),
    waiting: waiting[0]?.count ?? 0,
  };
};

/** The same of one study; nothing for a study that is not there. */
export const readStudyRecompression = async (
  trx: Transaction,
  studyId: string,
): Promise<EndpointResponse<typeof recompressionApi.study>> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `${SUMS} join series e on e.tenant_id = r.tenant_id and e.id = r.series_id
      where e.study_id = ? group by 1, 2 order by received desc, 1, 2`,
    [studyId],
  );
  const { rows: waiting }: { rows: { count: number }[] } = await trx.raw(
    'select count(*)::int as count from series where study_id = ? and repack is not null',
    [studyId],
  );
  return { sums: present(rows), waiting: waiting[0]?.count ?? 0 };
};
