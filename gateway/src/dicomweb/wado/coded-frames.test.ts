// Nothing real: the encoder is counted.
import type { OpenFrames, StoredInstance } from '@archwire/archive';
import { readInstanceHead } from '@archwire/dicom';
import { expect, it } from 'vitest';
import { sampleObject } from '../testing/sample-object.ts';
import { createCodedFrames } from './coded-frames.ts';

const object = sampleObject({ frames: 4 });
const head = readInstanceHead(object);
const opened: OpenFrames = {
  head,
  coded: null,
  source: {
    count: 4,
    encapsulated: false,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    frame: async () => Buffer.alloc(512),
    frameRanges: async () => null,
  },
};
const instance: StoredInstance = {
  tenantId: 't',
  id: 1,
  StudyInstanceUID: '1',
  SeriesInstanceUID: '2',
  SOPInstanceUID: '3',
  SOPClassUID: '4',
  TransferSyntaxUID: '1.2.840.10008.1.2.1',
  NumberOfFrames: 4,
  sha256: 'a',
  location: { store: 'archive', key: 'k', offset: 0, length: object.length },
  identity: null,
};

it('encodes a frame once for all who ask, keeps no more bytes than it may, and forgets what failed', async () => {
  let encoded = 0;
  let fails = false;
  const frames = createCodedFrames(
    {
      encode: async () => {
        encoded += 1;
        if (fails) throw new Error('The thread ended.');
        return new Uint8Array(100);
      },
    },
    250,
  );
  const get = async (frame: number, levels = 0) => await frames.get(instance, opened, frame, levels);
  const [first, again] = await Promise.all([get(1), get(1)]);
  expect([first === again, encoded]).toEqual([true, 1]);
  await get(1, 2);
  expect(encoded).toBe(2);
  // The third is one too many; the one asked for last stays.
  await get(1);
  await get(2);
  await get(1);
  expect(encoded).toBe(3);
  await get(1, 2);
  expect(encoded).toBe(4);

  fails = true;
  await expect(get(3)).rejects.toThrow('The thread ended.');
  fails = false;
  await expect(get(3)).resolves.toHaveLength(100);
});
