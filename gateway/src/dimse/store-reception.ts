import type { Ingest } from '@archwire/archive';
import { isUidLenient } from '@archwire/contracts';
import type { Logger } from '@archwire/runtime';
import type { ReceivedCommand } from './command-codec.ts';
import { deviceOf, type DeviceActivity } from './device-activity.ts';
import type { DimseMetrics } from './dimse-metrics.ts';
import type { AssociationSource } from './dimse-service.ts';
import { INVALID_SOP_INSTANCE, SOP_CLASS_NOT_SUPPORTED, type DimseStatus } from './dimse-status.ts';
import type { NegotiatedContext } from './negotiate-contexts.ts';
import type { PresentationPolicy } from './presentation-policy.ts';
import { StoreOperation } from './store-operation.ts';

export interface StoreReceptionDeps {
  readonly ingest: Ingest;
  readonly source: AssociationSource;
  readonly policy: Pick<PresentationPolicy, 'isStorage'>;
  readonly metrics: DimseMetrics;
  readonly activity: DeviceActivity;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** The C-STOREs of one association: what each may be, what became of it, and how many there were. */
export class StoreReception {
  readonly #deps: StoreReceptionDeps;
  objectCount = 0;
  byteCount = 0;
  failureCount = 0;

  constructor(deps: StoreReceptionDeps) {
    this.#deps = deps;
  }

  begin(context: NegotiatedContext, { SOPClassUID, SOPInstanceUID }: ReceivedCommand): StoreOperation {
    const { ingest, policy, source } = this.#deps;
    // The affected class may differ from the context's: Related General SOP Classes (PS3.4 B.3.1.4) and careless senders.
    const isStorage = policy.isStorage(context.abstractSyntax) && policy.isStorage(SOPClassUID);
    const refusal = !isStorage
      ? SOP_CLASS_NOT_SUPPORTED
      : isUidLenient(SOPInstanceUID)
        ? null
        : INVALID_SOP_INSTANCE;
    return new StoreOperation(
      ingest,
      { ...source, receivedAt: new Date().toISOString() },
      { SOPClassUID, SOPInstanceUID, TransferSyntaxUID: context.transferSyntax },
      refusal,
    );
  }

  /** Makes the object durable, or not. Never rejects. */
  async finish(store: StoreOperation, { SOPInstanceUID: uid }: ReceivedCommand): Promise<DimseStatus> {
    const { activity, log, metrics, source } = this.#deps;
    const device = deviceOf(source);
    const { status, receipt, error } = await store.finish();
    if (receipt) {
      this.objectCount++;
      this.byteCount += store.byteCount;
      metrics.stored(store.byteCount);
      if (device !== null) activity.stored(device, store.byteCount);
      receipt.indexed.catch((err: unknown) => log.error({ err, uid }, 'instance kept but not indexed'));
      return status;
    }
    this.failureCount++;
    metrics.notStored(status.code);
    if (device !== null) activity.failed(device);
    const { callingAe, calledAe, address } = source;
    const shownUid = isUidLenient(uid) ? uid : null;
    log.warn(
      { callingAe, calledAe, address, uid: shownUid, status: status.code, err: error },
      'instance not stored',
    );
    return status;
  }
}
