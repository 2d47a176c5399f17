import { AppError } from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';
import type { Stores } from '../stores/create-stores.ts';
import { checkCommitment } from './check-commitment.ts';
import type { CommitmentReference } from '../commitment-request/commitment-requests.ts';
import { FAILURE_REASON, type CommitmentOutcome } from './commitment.ts';

export interface AskedCommitment {
  readonly tenantId: string;
  /** `null`: a peer of this very machine that is not registered. */
  readonly deviceId: string | null;
  readonly callingAe: string;
  readonly calledAe: string;
  readonly transactionUid: string;
  readonly references: readonly CommitmentReference[];
}

export interface CommitmentReport extends Pick<
  AskedCommitment,
  'deviceId' | 'callingAe' | 'calledAe' | 'transactionUid'
> {
  readonly result: CommitmentOutcome;
}

/** Storage commitment (PS3.4 annex J): what peers asked for, and what they are told. */
export interface Commitments {
  /**
   * Durable when it resolves, and announced as `commitment.requested`. The same Transaction UID of the same peer for the
   * same instances is the same request once more, and is reported once more; for other instances every one of them fails
   * as a duplicate transaction. Resolves to the id of the request.
   */
  request(request: AskedCommitment): Promise<string>;
  /**
   * What the peer is to be told, looked at now; `null` when it has been told.
   * @throws AppError `not-found`; `unavailable` when nothing can be said now.
   */
  check(tenantId: string, requestId: string): Promise<CommitmentReport | null>;
  /** The peer has taken the report. */
  reported(tenantId: string, requestId: string, result: CommitmentOutcome): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly device_id: string | null;
  readonly calling_ae: string;
  readonly called_ae: string;
  readonly transaction_uid: string;
  readonly instances: readonly (readonly [string, string])[];
  readonly duplicate: boolean;
  readonly received_at: Date;
  readonly reported_at: Date | null;
}

/** The index is some hundred milliseconds behind Success; a backlog takes longer. */
const PATIENCE_MS = 10_000;

export const createCommitments = (deps: {
  readonly withTenant: WithTenant;
  readonly stores: Stores;
  /** How long after the request the index may still learn of an instance. */
  readonly patienceMs?: number;
}): Commitments => {
  const { withTenant, stores, patienceMs = PATIENCE_MS } = deps;

  return {
    request: async ({ tenantId, deviceId, callingAe, calledAe, transactionUid, references }) =>
      await withTenant(tenantId, async (trx) => {
        const instances = JSON.stringify(
          references.map(({ SOPClassUID, SOPInstanceUID }) => [SOPClassUID, SOPInstanceUID]),
        );
        await trx.raw(`delete from received_commitment where received_at < now() - interval '90 days'`);
        const asked = [deviceId, callingAe, calledAe, transactionUid, instances];
        const known: { rows: { id: string }[] } = await trx.raw(
          `insert into received_commitment (tenant_id, device_id, calling_ae, called_ae, transaction_uid, instances)
             values (app_tenant(), ?, ?, ?, ?, ?)
           on conflict (tenant_id, calling_ae, transaction_uid) where not duplicate
             do update set reported_at = null, received_at = now(), device_id = excluded.device_id
              where received_commitment.instances = excluded.instances
           returning id`,
          asked,
        );
        const { rows }: { rows: { id: string }[] } =
          known.rows.length > 0
            ? known
            : await trx.raw(
                `insert into received_commitment
                   (tenant_id, device_id, calling_ae, called_ae, transaction_uid, instances, duplicate)
                   values (app_tenant(), ?, ?, ?, ?, ?, true) returning id`,
                asked,
              );
        const [row] = rows;
        if (row === undefined) throw new AppError('internal', 'The request was not kept.');
        await appendOutbox(trx, 'commitment.requested', { requestId: row.id });
        return row.id;
      }),

    check: async (tenantId, requestId) => {
      const row = await withTenant(
        tenantId,
        async (trx) => await trx<Row>('received_commitment').where({ id: requestId }).first(),
      );
      if (row === undefined)
        throw new AppError('not-found', 'This storage commitment request is no longer kept.');
      if (row.reported_at !== null) return null;
      const references = row.instances.map(([SOPClassUID, SOPInstanceUID]) => ({
        SOPClassUID,
        SOPInstanceUID,
      }));
      const FailureReason = FAILURE_REASON.duplicateTransactionUid;
      const result = row.duplicate
        ? { committed: [], failed: references.map((reference) => ({ ...reference, FailureReason })) }
        : await checkCommitment(
            { withTenant, stores },
            tenantId,
            references,
            row.received_at.getTime() + patienceMs,
          );
      return {
        deviceId: row.device_id,
        callingAe: row.calling_ae,
        calledAe: row.called_ae,
        transactionUid: row.transaction_uid,
        result,
      };
    },

    reported: async (tenantId, requestId, { committed, failed }) => {
      await withTenant(tenantId, async (trx) => {
        await trx('received_commitment').where({ id: requestId }).update({
          reported_at: trx.fn.now(),
          committed_count: committed.length,
          failed_count: failed.length,
        });
      });
    },
  };
};
