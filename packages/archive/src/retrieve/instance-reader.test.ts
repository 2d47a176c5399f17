import { AppError, type InstanceLocation } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { expect, test } from 'vitest';
import { createInstanceReader } from './instance-reader.ts';
import type { StoredInstance } from './stored-instance.ts';
import { storeReader, type Stores } from '../stores/create-stores.ts';

const instance: StoredInstance = {
  tenantId: 't',
  id: 7,
  StudyInstanceUID: '1.2',
  SeriesInstanceUID: '1.2.1',
  SOPInstanceUID: '1.2.1.1',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  TransferSyntaxUID: '1.2.840.10008.1.2.1',
  NumberOfFrames: 1,
  sha256: 'aa',
  location: { store: 'journal', key: 'segment', offset: 100, length: 10 },
  identity: null,
};

const object = Buffer.from('....0123456789....');

/** A journal that has given its segment back, an archive that holds the bytes, an index that says where. */
const moved = (to: InstanceLocation | undefined, sha256 = 'aa') => {
  const lookUps: unknown[] = [];
  const gone = async (): Promise<never> => {
    throw new AppError('not-found', 'The bytes have moved.');
  };
  const archive = storeReader({
    read: async (_key, range) => object.subarray(range?.offset, (range?.offset ?? 0) + (range?.length ?? 0)),
    get: gone,
  });
  const journal: unknown = { read: gone, open: gone };
  const stores: unknown = new Map([
    ['journal', journal],
    ['archive', archive],
  ]);
  const isStores = (value: unknown): value is Stores => value instanceof Map;
  const withTenant: WithTenant = async (_tenantId, work) => {
    const raw = async (_sql: string, bindings: unknown) => {
      lookUps.push(bindings);
      return { rows: to === undefined ? [] : [{ id: 7, sha256, ...to }] };
    };
    const trx: unknown = { raw };
    return await Reflect.apply(work, undefined, [trx]);
  };
  if (!isStores(stores)) throw new Error('unreachable');
  return { reader: createInstanceReader({ stores, withTenant }), lookUps };
};

test('bytes that moved after the look-up are found again, once for many reads', async () => {
  const { reader, lookUps } = moved({ store: 'archive', key: 'pack', offset: 4, length: 10 });
  const stored = reader.stored(instance);
  expect([(await stored.read(0, 4)).toString(), (await stored.read(8, 2)).toString()]).toEqual([
    '0123',
    '89',
  ]);
  expect(lookUps).toEqual([[['7']]]);
});

test('bytes that are gone or gave way to others say so, and a read never leaves its instance', async () => {
  const { reader } = moved(undefined);
  await expect(reader.stored(instance).read(0, 1)).rejects.toMatchObject({ kind: 'not-found' });
  const found = moved({ store: 'archive', key: 'pack', offset: 4, length: 10 }).reader;
  await expect(found.stored(instance).read(8, 3)).rejects.toMatchObject({ kind: 'range-not-satisfiable' });
  const other = moved({ store: 'archive', key: 'pack', offset: 4, length: 10 }, 'bb').reader;
  await expect(other.stored(instance).read(0, 1)).rejects.toMatchObject({ kind: 'unavailable' });
});
