import type { Metrics } from '@archwire/runtime';
import type { RefusalReason } from './admission.ts';

/** How an association ended: by the peer's release, by an abort or a lost connection, or by ours. */
export type AssociationOutcome =
  'released' | 'aborted-by-peer' | 'connection-lost' | 'aborted-here' | 'timed-out' | 'stopped';

export interface DimseMetrics {
  opened(): void;
  ended(outcome: AssociationOutcome): void;
  refused(reason: RefusalReason): void;
  stored(bytes: number): void;
  notStored(status: number): void;
}

/** The listener's metrics; `open` is asked for when the page of `/metrics` is read. */
export const createDimseMetrics = (
  metrics: Pick<Metrics, 'counter' | 'gauge'>,
  open: () => number,
): DimseMetrics => {
  const opened = metrics.counter({
    name: 'archwire_dimse_associations_total',
    help: 'Associations accepted',
  });
  const ended = metrics.counter({
    name: 'archwire_dimse_associations_ended_total',
    help: 'Associations ended',
    labels: ['outcome'],
  });
  const refused = metrics.counter({
    name: 'archwire_dimse_refusals_total',
    help: 'Associations refused',
    labels: ['reason'],
  });
  const objects = metrics.counter({
    name: 'archwire_dimse_stored_objects_total',
    help: 'Objects answered with Success',
  });
  const bytes = metrics.counter({
    name: 'archwire_dimse_stored_bytes_total',
    help: 'Data set bytes of objects answered with Success',
  });
  const failures = metrics.counter({
    name: 'archwire_dimse_store_failures_total',
    help: 'C-STORE requests answered with a failure',
    labels: ['status'],
  });
  metrics.gauge({ name: 'archwire_dimse_associations_open', help: 'Associations open now', collect: open });
  return {
    opened: () => opened.inc(),
    ended: (outcome) => ended.inc({ outcome }),
    refused: (reason) => refused.inc({ reason }),
    stored(length) {
      objects.inc();
      bytes.inc({}, length);
    },
    notStored: (status) => failures.inc({ status: status.toString(16).padStart(4, '0').toUpperCase() }),
  };
};
