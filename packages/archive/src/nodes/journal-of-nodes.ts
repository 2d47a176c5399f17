import { AppError } from '@archwire/contracts';
import { resolveRange } from '@archwire/storage-adapters';

import type { LocatedReader } from '../stores/create-stores.ts';
import type { ObjectReader } from '../journal/journal-reader.ts';
import type { JournalRequest } from './journal-request.ts';
import type { RemoteJournal } from './remote-journal.ts';

/** The node that a key of the journal store names; `null` for keys of the time before names. */
export const nodeOfKey = (key: string): string | null => {
  const [first = ''] = key.split('/', 1);
  return first === 'segments' || first === 'large' ? null : first;
};

/** The `journal` store of an installation: what lies here is read from the disk, the rest from the node that has it. */
export const journalOfNodes = (deps: {
  /** `null`: this process has no journal of its own. */
  readonly own: { readonly name: string; readonly reader: ObjectReader } | null;
  /** `null`: there are no other nodes. */
  readonly remote: RemoteJournal | null;
}): LocatedReader => {
  const { own, remote } = deps;
  const elsewhere = (
    { key, offset, length }: { key: string; offset: number; length: number },
    range: { offset: number; length: number } | undefined,
    tenantId: string | undefined,
  ): { node: string; remote: RemoteJournal; request: JournalRequest } => {
    const node = nodeOfKey(key);
    if (node === null || remote === null || tenantId === undefined) {
      throw new AppError(
        'unavailable',
        'These bytes lie in the journal of another node, which cannot be read from here. Check that its node is running.',
        { details: { node } },
      );
    }
    const inner = resolveRange(length, range);
    return {
      node,
      remote,
      request: { tenantId, key, offset, length, from: offset + inner.offset, count: inner.length },
    };
  };
  const isOwn = (key: string): boolean => {
    const node = nodeOfKey(key);
    return own !== null && (node === null || node === own.name);
  };
  return {
    read: async (location, range, tenantId, into) => {
      if (own !== null && isOwn(location.key)) {
        const inner = resolveRange(location.length, range);
        return await own.reader.read(
          location.key,
          { offset: location.offset + inner.offset, length: inner.length },
          into,
        );
      }
      const { node, remote: other, request } = elsewhere(location, range, tenantId);
      return await other.read(node, request);
    },
    open: async (location, range, tenantId) => {
      if (own !== null && isOwn(location.key)) {
        const inner = resolveRange(location.length, range);
        return await own.reader.get(location.key, {
          offset: location.offset + inner.offset,
          length: inner.length,
        });
      }
      const { node, remote: other, request } = elsewhere(location, range, tenantId);
      return await other.open(node, request);
    },
  };
};
