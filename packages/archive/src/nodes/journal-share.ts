import type { Readable } from 'node:stream';

import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { Knex } from 'knex';

import type { ObjectReader } from '../journal/journal-reader.ts';
import { type JournalRequest, verifyJournalRequest } from './journal-request.ts';

/** What other nodes may read of this node's journal. */
export interface JournalShare {
  /**
   * The bytes that a signed query asks for. @throws AppError `forbidden`; `not-found` when the record is not the tenant's or
   * has moved; `unavailable` when too many read at once.
   */
  open(query: URLSearchParams): Promise<{ readonly length: number; readonly bytes: Readable }>;
}

const AT_ONCE = 64;

const isOfTenant = async (
  trx: Knex.Transaction,
  { key, offset, length }: JournalRequest,
): Promise<boolean> => {
  const { rows }: { rows: unknown[] } = await trx.raw(
    `select 1 from instance where store = 'journal' and key collate "C" = :key and "offset" = :offset and length = :length
      union all
     select 1 from instance_conflict
      where store = 'journal' and key collate "C" = :key and "offset" = :offset and length = :length
      limit 1`,
    { key, offset, length },
  );
  return rows.length > 0;
};

export const createJournalShare = (deps: {
  readonly withTenant: WithTenant;
  readonly reader: ObjectReader;
  readonly secret: Uint8Array;
}): JournalShare => {
  let reading = 0;
  return {
    open: async (query) => {
      const request = verifyJournalRequest(deps.secret, query);
      if (reading >= AT_ONCE)
        throw new AppError('unavailable', 'Too many reads of this journal at once. Ask again in a moment.');
      reading += 1;
      try {
        if (!(await deps.withTenant(request.tenantId, (trx) => isOfTenant(trx, request))))
          throw new AppError('not-found', 'The bytes have moved. Look their location up again.');
        const bytes = await deps.reader.get(request.key, { offset: request.from, length: request.count });
        bytes.once('close', () => (reading -= 1));
        return { length: request.count, bytes };
      } catch (error) {
        reading -= 1;
        throw error;
      }
    },
  };
};
