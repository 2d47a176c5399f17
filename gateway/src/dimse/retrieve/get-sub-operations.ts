import type { Logger } from '@archwire/runtime';
import { CommandField } from '../command-field.ts';
import type { DimseRequest } from '../dimse-service.ts';
import { prepareStore, type PreparedStore } from '../scu/prepare-store.ts';
import type { SendableInstance, Transcode } from '../scu/sendable-instance.ts';
import { statusClass } from '../status-class.ts';
import type { SubOperation } from './sub-operations.ts';
import { tellFailures } from './tell-failures.ts';

/** The contexts on which the peer offered to be SCP of storage, in the shape of an association that we had opened. */
const storeContexts = (contexts: DimseRequest['contexts']): Parameters<typeof prepareStore>[1] => {
  const all = [...contexts.values()];
  // Roles are answered once for each class, with its first accepted context.
  const taken = new Set(all.filter(({ roles }) => roles?.scp === true).map((it) => it.abstractSyntax));
  const usable = all.filter(({ abstractSyntax }) => taken.has(abstractSyntax));
  return {
    proposed: usable.map(({ id, abstractSyntax, transferSyntax }) => ({
      id,
      abstractSyntax,
      transferSyntaxes: [transferSyntax],
    })),
    accepted: new Map(usable.map(({ id, transferSyntax }) => [id, transferSyntax])),
  };
};

const drop = async (prepared: Promise<PreparedStore> | null): Promise<void> => {
  const kept = await prepared;
  if (kept !== null && 'chunks' in kept) await kept.chunks.return();
};

/**
 * C-STORE sub-operations on the association of a C-GET (PS3.4 C.4.3.3), one after the other; while one is on the wire the
 * first bytes of the next are read. @throws AppError `unavailable` when the association ends.
 */
export async function* getSubOperations(
  instances: readonly SendableInstance[],
  {
    command,
    contexts,
    invoke,
    signal,
    source,
  }: Pick<DimseRequest, 'command' | 'contexts' | 'invoke' | 'signal' | 'source'>,
  { transcode, log }: { readonly transcode: Transcode; readonly log: Pick<Logger, 'warn'> },
): AsyncGenerator<SubOperation, void, undefined> {
  const association = storeContexts(contexts);
  const { callingAe, address } = source;
  const tell = tellFailures(log, { callingAe, address });
  const prepare = (at: number): Promise<PreparedStore> | null => {
    const instance = instances[at];
    return instance === undefined ? null : prepareStore(instance, association, transcode);
  };
  let next = prepare(0);
  try {
    for (const [at, { SOPClassUID, SOPInstanceUID }] of instances.entries()) {
      const prepared = await next;
      next = prepare(at + 1);
      if (prepared === null || 'failure' in prepared) {
        if (prepared !== null) tell(SOPInstanceUID, prepared.failure);
        yield { SOPInstanceUID, outcome: 'failed' };
        continue;
      }
      const sent = invoke({
        contextId: prepared.context.id,
        command: {
          CommandField: CommandField.CStore,
          AffectedSOPClassUID: SOPClassUID,
          AffectedSOPInstanceUID: SOPInstanceUID,
          Priority: command.Priority ?? 0,
        },
        dataSet: prepared.chunks,
      });
      const status = await sent.then(
        (response) => response.Status,
        (error: unknown) => {
          if (signal.aborted) throw error;
          tell(SOPInstanceUID, { at: 'unreadable', error });
          return null;
        },
      );
      const kind = statusClass(status);
      if (kind === 'failure' && status !== null) tell(SOPInstanceUID, { at: 'refused', status });
      const outcome = kind === 'success' ? 'completed' : kind === 'warning' ? 'warning' : 'failed';
      yield { SOPInstanceUID, outcome };
    }
  } finally {
    await drop(next);
  }
}
