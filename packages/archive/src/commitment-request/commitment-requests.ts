import { randomUUID } from 'node:crypto';
import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

/** One instance that a peer is asked to answer for. */
export interface CommitmentReference {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

/** What a peer reported about a transaction (PS3.4 J.3.3). */
export interface CommitmentResult {
  readonly TransactionUID: string;
  readonly committed: readonly string[];
  /** Failure Reason (0008,1197) by SOP Instance UID. */
  readonly failed: ReadonlyMap<string, number>;
}

/** How a request stands. */
export interface CommitmentState {
  readonly answered: boolean;
  readonly committed: number;
  readonly failed: readonly { readonly SOPInstanceUID: string; readonly failureReason: number }[];
  /** Asked for, and nothing was said about it. */
  readonly open: number;
}

/** Storage commitment as its user: what we asked of whom outlives this process, for the answer may come days later. */
export interface CommitmentRequests {
  /** Writes down what will be asked, before it is: the answer may be faster than we are. @returns the Transaction UID. */
  begin(tenantId: string, deviceId: string, references: readonly CommitmentReference[]): Promise<string>;
  /** The peer did not take the request: there will be no answer. */
  withdraw(tenantId: string, transactionUid: string): Promise<void>;
  /**
   * Keeps a result. The same again changes nothing, and what was not asked for is passed over.
   * @throws AppError `not-found` when this device was never asked that.
   */
  record(tenantId: string, deviceId: string, result: CommitmentResult): Promise<void>;
  /** @throws AppError `not-found`. */
  state(tenantId: string, transactionUid: string): Promise<CommitmentState>;
}

/** In place of a Failure Reason. */
const COMMITTED = -1;

/** A UID from a UUID (PS3.5 B.2). */
const newUid = (): string => `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;

const unknown = (): AppError =>
  new AppError(
    'not-found',
    'No such storage commitment was asked for. Ask again with a new Transaction UID.',
  );

interface StateRow {
  readonly answered: boolean;
  readonly committed: number;
  readonly open: number;
  readonly failed: { readonly SOPInstanceUID: string; readonly failureReason: number }[];
}

export const createCommitmentRequests = ({
  withTenant,
}: {
  readonly withTenant: WithTenant;
}): CommitmentRequests => ({
  begin: async (tenantId, deviceId, references) => {
    const transactionUid = newUid();
    await withTenant(tenantId, async (trx) => {
      await trx.raw(
        `with request as (
           insert into commitment_request (tenant_id, device_id, transaction_uid) values (?, ?, ?) returning id)
         insert into commitment_request_instance (tenant_id, request_id, sop_uid, sop_class_uid)
         select ?, request.id, k.sop_uid, k.sop_class_uid
           from request, unnest(?::text[], ?::text[]) as k(sop_uid, sop_class_uid)
         on conflict do nothing`,
        [
          tenantId,
          deviceId,
          transactionUid,
          tenantId,
          references.map(({ SOPInstanceUID }) => SOPInstanceUID),
          references.map(({ SOPClassUID }) => SOPClassUID),
        ],
      );
    });
    return transactionUid;
  },

  withdraw: async (tenantId, transactionUid) => {
    await withTenant(tenantId, async (trx) => {
      await trx.raw('delete from commitment_request where transaction_uid = ? and answered_at is null', [
        transactionUid,
      ]);
    });
  },

  record: async (tenantId, deviceId, { TransactionUID, committed, failed }) => {
    await withTenant(tenantId, async (trx) => {
      const { rows }: { rows: { id: string }[] } = await trx.raw(
        `update commitment_request set answered_at = coalesce(answered_at, now())
          where transaction_uid = ? and device_id = ? returning id`,
        [TransactionUID, deviceId],
      );
      const request = rows[0];
      if (request === undefined) throw unknown();
      await trx.raw(
        `update commitment_request_instance i
            set committed_at = case when k.reason is null then coalesce(i.committed_at, now()) end,
                failure_reason = k.reason
           from (select k.sop_uid, nullif(k.reason, -1) as reason
                   from unnest(?::text[], ?::int[]) as k(sop_uid, reason)) k
          where i.request_id = ? and i.sop_uid = k.sop_uid`,
        [
          [...committed, ...failed.keys()],
          [...committed.map(() => COMMITTED), ...failed.values()],
          request.id,
        ],
      );
    });
  },

  state: async (tenantId, transactionUid) =>
    await withTenant(tenantId, async (trx) => {
      const { rows }: { rows: StateRow[] } = await trx.raw(
        `select r.answered_at is not null as answered,
                count(i.committed_at)::int as committed,
                count(*) filter (where i.committed_at is null and i.failure_reason is null)::int as open,
                coalesce(jsonb_agg(jsonb_build_object('SOPInstanceUID', i.sop_uid, 'failureReason', i.failure_reason)
                  order by i.sop_uid) filter (where i.failure_reason is not null), '[]') as failed
           from commitment_request r
           join commitment_request_instance i on i.tenant_id = r.tenant_id and i.request_id = r.id
          where r.transaction_uid = ?
          group by r.answered_at`,
        [transactionUid],
      );
      const state = rows[0];
      if (state === undefined) throw unknown();
      return state;
    }),
});
